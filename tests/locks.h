/* SPDX-License-Identifier: GPL-2.0-only */
/* What locks_storport.c saw of its DPCs and locks. */
#ifndef LOCKS_H
#define LOCKS_H

typedef struct _LOCKS {
	unsigned int Issued;	/* results of two issues of one DPC */
	unsigned int IssuedAgain;
	unsigned int First;	/* the arguments that its routine has seen */
	unsigned int Second;
	unsigned int Runs;	/* how often it has run */
	unsigned int Irql;	/* at which level */
	unsigned int Held;	/* and at which under the interrupt lock, */
	unsigned int Released;	/* and after it */
	unsigned int Removed;	/* results of two cancellations of another */
	unsigned int RemovedAgain;
	unsigned int Cancelled;	/* how often that one has run */
	unsigned int Refused;	/* calls that found a parameter invalid */
	unsigned int Status;	/* of making a spin lock */
	unsigned int Level;	/* status of DpcLevelLock at PASSIVE_LEVEL */
	unsigned int Empty;	/* handles that hold nothing after a refusal */
} LOCKS;

extern LOCKS Locks;

/* Break the rules; at PASSIVE_LEVEL */
void LocksBreak(void);

#endif
