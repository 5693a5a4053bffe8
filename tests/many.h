/* SPDX-License-Identifier: GPL-2.0-only */
/* What many_storport.c saw of its messages. */
#ifndef MANY_H
#define MANY_H

#define MANY_MAX	2048

typedef struct _MANY {
	unsigned int Count;	/* calls of StorPortGetMSIInfo that succeeded */
	unsigned int Wrong;	/* of them, with another id or another mode */
	unsigned int Line;	/* interrupts of the line */
	unsigned int Flags;	/* performance options there are */
	unsigned int Chosen;	/* those that were applied */
	unsigned int Node;	/* that of the device, as they tell it */
	unsigned int Interrupts[MANY_MAX];
} MANY;

extern MANY Many;

/* Of the adapter with the most messages; 0 when it has no such message */
int ManyMessage(unsigned int MessageId, unsigned long long *Address,
		unsigned int *Data);

/* Which processors of which group it interrupts, by the performance options */
int ManyTarget(unsigned int MessageId, unsigned int *Group,
	       unsigned long long *Mask);

/* Which message interrupts a processor; 0 when nobody knows */
int ManyMessageOf(unsigned int Processor, unsigned int *MessageId);

#endif
