/* SPDX-License-Identifier: GPL-2.0-only */
/* What edu_ndis.c offers to its Linux side beyond what every sample does. */
#ifndef EDU_H
#define EDU_H

/* Commands: none, memory to the device's buffer, the buffer to memory */
#define EDU_DMA_NONE		0x0
#define EDU_DMA_RUN		0x1
#define EDU_DMA_TO_MEMORY	0x2

/*
 * Start a transfer of 4 bytes by the first adapter: Data into its buffer, or
 * what is there to Address. Returns 0 when there is no adapter, or it is busy.
 */
int EduDma(unsigned int Command, unsigned long long Address, unsigned int Data);

#endif
