/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What a test asks of trial_life.c, and what that saw; each number is a module
 * parameter of the same name, without the capitals.
 */
#ifndef TRIAL_LIFE_H
#define TRIAL_LIFE_H

typedef struct _LIFE {
	int Edu;		/* the device is edu; otherwise an 82574L */
	int Sleeps;		/* the driver takes OID_PNP_SET_POWER */
	int Hangs;		/* it says once that its device hangs */
	char Story[256];	/* which of its routines were called */
	unsigned int Action;	/* HaltAction of the latest halt */
	unsigned int Raised;	/* how often its device was told to interrupt */
	unsigned int Interrupts;
	unsigned int Dpcs;
	unsigned int Edges;	/* ISRs for what was raised around a registration */
	unsigned int EdgeDpcs;
	unsigned int Lost;	/* steps without an interrupt or a DPC */
	unsigned int Late;	/* ISRs and DPCs after deregistration */
	unsigned int Disables;	/* calls of handlers that disable an interrupt */
	unsigned int Enables;	/* and of those that enable it */
	unsigned int BadTable;	/* messages that moved unsaid */
} LIFE;

extern LIFE Life;

/* The device interrupts; 0 without a device */
int LifeFire(void);

/* An entry of its message table; 0 when there is none */
int LifeQueryEntry(unsigned int Id, unsigned long long *Address, unsigned int *Data);

#endif
