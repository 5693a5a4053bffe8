/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What the Windows side of a sample offers to its Linux side, in types that
 * both of them know. A real miniport has no need of this: its requests come
 * from the network or the disk.
 */
#ifndef SAMPLE_H
#define SAMPLE_H

/* One message, or the line: as the driver was told, and what it counted */
typedef struct _SAMPLE_MESSAGE {
	int MessageBased;
	unsigned long long Address;
	unsigned int Data;
	unsigned int Interrupts;
	unsigned int Dpcs;
} SAMPLE_MESSAGE;

/* Make the device raise a message, or its line; 0 if there is none */
int SampleFire(unsigned int Adapter, unsigned int MessageId);

/* Describe a message, or the line; 0 if there is none */
int SampleQuery(unsigned int Adapter, unsigned int MessageId,
		SAMPLE_MESSAGE *Message);

#endif
