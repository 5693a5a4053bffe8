/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test asks of trial_ndis.c, and what that saw; each number is a module
 * parameter of the same name, without the capitals.
 */
#ifndef TRIAL_H
#define TRIAL_H

enum {
	TRIAL_PLAIN,		/* do everything right */
	TRIAL_LINE_ONLY,	/* register without message handlers */
	TRIAL_PENDING,		/* the device interrupts before registration */
	TRIAL_FAIL,		/* register, deregister, fail to initialise */
	TRIAL_FAIL_REGISTERED,	/* register, and fail to initialise */
	TRIAL_FORGET,		/* halt without deregistering */
	TRIAL_QUIET,		/* plain, but nothing is pending when it goes */
	TRIAL_FILTER		/* quiet, with three messages on processor 2 */
};

#define TRIAL_RESOURCES	16

typedef struct _TRIAL {
	int Mode;
	int Causes;		/* the device is an 82574L, and can interrupt */
	unsigned int Entry;	/* of its MSI-X table, which its cause raises */

	/* The resource list: its interrupts, and how the last of them reads */
	unsigned int Resources;
	unsigned int ResourceFlags;
	unsigned int ResourceShare;
	unsigned long long Affinity[TRIAL_RESOURCES];

	/* What registration said */
	unsigned int Status;
	unsigned int Second;	/* of a second registration */
	unsigned int Type;
	unsigned int Messages;
	unsigned int Handle;	/* not NULL */
	unsigned int Table;	/* not NULL */
	unsigned int BadEntries;

	/* What the routines saw */
	unsigned int Interrupts;
	unsigned int Dpcs;
	unsigned int MessageId;	/* of the last ISR */
	unsigned int Processor;	/* where it ran */
	unsigned int Early;	/* ISRs before registration returned */
	unsigned int Unready;	/* of them, without handle, type or table */
	unsigned int BadInterrupts;	/* at the wrong IRQL */
	unsigned int BadDpcs;	/* wrong IRQL, CPU or context */
	unsigned int Disables;	/* calls of handlers that disable an interrupt */
	unsigned int Enables;	/* and of those that enable it */
	unsigned int SwitchedId;	/* for which message, the last of them */
	unsigned int BadSwitches;	/* at the wrong IRQL */
	unsigned int Late;	/* ISRs and DPCs after deregistration */
} TRIAL;

extern TRIAL Trial;

/* The device raises its first cause; 0 without a device */
int TrialFire(void);

/* Change an entry of the MSI-X table; the status, or 1 without a device */
int TrialConfigure(int Operation, unsigned int Entry, unsigned int Message);

#endif
