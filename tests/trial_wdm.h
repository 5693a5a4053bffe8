/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What trial_wdm.c shares with its Linux side, in types that both of them know.
 */
#ifndef TRIAL_WDM_H
#define TRIAL_WDM_H

/* What to do wrong, or otherwise */
enum {
	TRIAL_PLAIN,		/* nothing */
	TRIAL_FAIL_ADD,		/* attach, and fail AddDevice */
	TRIAL_FAIL_START,	/* connect, and fail the start */
	TRIAL_FORGET,		/* remove without disconnecting or detaching */
	TRIAL_REFUSE,		/* do not want to be stopped or removed */
	TRIAL_FILTER		/* nothing, with three messages on processor 2 */
};

typedef struct _TRIAL_WDM {
	int Mode;
	int Connect;		/* Version for IoConnectInterruptEx() */
	int Network;		/* the device is an 82574L, an edu, an xHCI, or unknown */
	int Edu;
	int Usb;

	/* What was granted and connected, of the latest device */
	unsigned int Raw;	/* interrupt descriptors in the raw list */
	unsigned int RawMessages;	/* and what they count */
	unsigned int Translated;	/* the same in the translated list */
	unsigned int Status;
	unsigned int Version;	/* as it was given back */

	/* What went wrong in a routine */
	unsigned int BadInterrupts;	/* wrong level, object or context */
	unsigned int BadDpcs;
	unsigned int BadEntries;	/* of message tables */
	unsigned int Late;	/* ISRs after disconnecting */

	/* A word for each thing that happened */
	unsigned int Length;
	char Story[512];
} TRIAL_WDM;

extern TRIAL_WDM Trial;

/* Tell the system that no device is to interrupt, or that all may again */
void TrialSetInactive(int Inactive);

#endif
