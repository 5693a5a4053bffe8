/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the Windows side of the grants miniport and its Linux side have in common,
 * in types that both of them know.
 */
#ifndef GRANTS_H
#define GRANTS_H

/* Causes of the device, each with a queue of its own */
#define GRANTS_CAUSES	5
/* What arrives in a queue at once, in packets */
#define GRANTS_PACKETS	40
/* What the driver's configuration is to say; 40 packets then take three calls */
#define GRANTS_BUDGET	16

/* What the driver was granted, and what it counted since it was initialised */
typedef struct _GRANTS {
	int MessageBased;
	unsigned int Messages;		/* 1 with a line */
	int Interrupts;
	int Dpcs;			/* calls of the handler that indicates packets */
	int Recalls;			/* of them, asked for by MoreNblsPending */
	int Moved;			/* DPCs queued by NdisMQueueDpcEx */
	int Packets[GRANTS_CAUSES];
	int Bad;			/* what was not as promised */
} GRANTS;

extern GRANTS Grants;

struct _GRANTS_ADAPTER;

/* A part of NDIS that MiniportInitializeEx made use of, and whether it worked */
typedef struct _GRANTS_PART {
	const char *Name;
	unsigned char (*Try)(struct _GRANTS_ADAPTER *Adapter);
	int Works;
} GRANTS_PART;

extern GRANTS_PART GrantsParts[];
extern const unsigned int GrantsPartCount;

/*
 * Let packets arrive in each queue, one queue after the other, so often. How many
 * arrivals the driver has dealt with.
 */
int GrantsRun(unsigned int Rounds);

/*
 * Queue DPCs of the first message, or of the line, on these processors of a group,
 * and wait for them: the mask of those that were queued, and in Ran of those that
 * ran there.
 */
unsigned long long GrantsQueue(unsigned int Group, unsigned long long Mask,
			       unsigned long long *Ran);

/* Synchronise with the interrupt, both ways. 1 when each was as promised. */
int GrantsSynchronize(void);

/* Let packets arrive in all queues at once. 1 when the driver has dealt with them. */
int GrantsBurst(void);

#endif
