/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * What nvme_storport.c offers to its Linux side. All of it must be called with
 * interrupts off: an adapter that is stopped waits until the calls have ended.
 */
#ifndef NVME_H
#define NVME_H

#include "sample.h"

/* One more than a string of 40 characters */
#define NVME_TEXT_SIZE	41

int NvmeFire(unsigned int Adapter, unsigned int MessageId);
int NvmeQuery(unsigned int Adapter, unsigned int MessageId,
	      SAMPLE_MESSAGE *Message);

/* The drive's model, and the beginning of its block 0; 0 without a drive */
int NvmeDescribe(char *Model, char *Block);

#endif
