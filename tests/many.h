/* SPDX-License-Identifier: GPL-2.0-only */
/* What many_storport.c saw of its messages. */
#ifndef MANY_H
#define MANY_H

#define MANY_MAX	2048

typedef struct _MANY {
	unsigned int Count;	/* calls of StorPortGetMSIInfo that succeeded */
	unsigned int Wrong;	/* of them, with another id or another mode */
	unsigned int Line;	/* interrupts of the line */
	unsigned int Interrupts[MANY_MAX];
} MANY;

extern MANY Many;

/* Of the adapter with the most messages; 0 when it has no such message */
int ManyMessage(unsigned int MessageId, unsigned long long *Address,
		unsigned int *Data);

#endif
