/* SPDX-License-Identifier: GPL-2.0-only */
/* What own_probe.c shares with its Linux side. */
#ifndef OWN_PROBE_H
#define OWN_PROBE_H

struct _DEVICE_OBJECT;

typedef struct _OWN_PROBE {
	unsigned int Version;		/* how it was connected */
	unsigned int Messages;
	int Interrupts;
	unsigned int LastMessage;
	int Table;			/* status of asking for the MSI-X table */
	int Masked;			/* of masking message 3 and unmasking it */
} OWN_PROBE;

extern OWN_PROBE OwnProbe;

int OwnProbeConnect(struct _DEVICE_OBJECT *Pdo, void *Registers);
void OwnProbeFire(unsigned int Message);
void OwnProbeDisconnect(void);

#endif
