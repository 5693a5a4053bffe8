/* SPDX-License-Identifier: GPL-2.0-only */
/* NVMe as far as the sample needs it, and what it keeps. */
#ifndef NVME_STORPORT_H
#define NVME_STORPORT_H

#include <storport.h>

#include "nvme.h"

/* One for the admin queue, one for each processor of a group */
#define NVME_MAX_QUEUES		65
#define NVME_ENTRIES		16
#define NVME_LAST_ENTRY		(NVME_ENTRIES - 1)
#define NVME_PAGE		4096

#define NVME_CC_ENABLE		0x00460001U	/* entries of 64, 16 bytes */
#define NVME_CSTS_READY		0x1U

#define NVME_ADMIN_CREATE_SQ	0x01
#define NVME_ADMIN_GET_LOG	0x02
#define NVME_ADMIN_CREATE_CQ	0x05
#define NVME_ADMIN_IDENTIFY	0x06
#define NVME_ADMIN_SET_FEATURES	0x09
#define NVME_WRITE		0x01
#define NVME_READ		0x02

/* The health log of the drive, of which a SCSI host asks by LOG SENSE */
#define NVME_LOG_HEALTH		0x02
#define NVME_EVERY_NAMESPACE	0xffffffffU

#define SCSI_READ10		0x28
#define SCSI_WRITE10		0x2a
#define SCSI_LOG_SENSE		0x4d
#define NVME_BLOCK		512

/* How many I/O queues of either kind the drive is to have; all count from 0 */
#define NVME_FEATURE_QUEUES	0x07

#define NVME_QUEUE_CONTIGUOUS	0x1
#define NVME_QUEUE_INTERRUPTS	0x2

#define NVME_IDENTIFY_CONTROLLER	1
#define NVME_IDENTIFY_MODEL	24		/* 40 characters */

typedef struct _NVME_REGISTERS {
	ULONG64 Capabilities;
	ULONG Version;
	ULONG MaskSet;
	ULONG MaskClear;
	ULONG Configuration;
	ULONG Reserved1;
	ULONG Status;
	ULONG Reserved2;
	ULONG AdminAttributes;
	ULONG64 AdminSubmission;
	ULONG64 AdminCompletion;
	ULONG Reserved3[1010];
	ULONG Doorbells[2 * NVME_MAX_QUEUES];
} NVME_REGISTERS, *PNVME_REGISTERS;

C_ASSERT(FIELD_OFFSET(NVME_REGISTERS, Doorbells) == 0x1000);

typedef struct _NVME_COMMAND {
	ULONG Opcode;
	ULONG Namespace;
	ULONG64 Reserved;
	ULONG64 Metadata;
	ULONG64 Data[2];
	ULONG Dword10;
	ULONG Dword11;
	ULONG Dword12;
	ULONG Dword13[3];
} NVME_COMMAND, *PNVME_COMMAND;

typedef struct _NVME_COMPLETION {
	ULONG Result[2];
	USHORT SubmissionHead;
	USHORT SubmissionId;
	USHORT CommandId;
	USHORT Status;				/* bit 0 is the phase */
} NVME_COMPLETION, *PNVME_COMPLETION;

C_ASSERT(sizeof(NVME_COMMAND) == 64 && sizeof(NVME_COMPLETION) == 16);

/* What the drive reads and writes, a page each */
typedef struct _NVME_MEMORY {
	NVME_COMMAND Commands[NVME_PAGE / sizeof(NVME_COMMAND)];
	NVME_COMPLETION Completions[NVME_PAGE / sizeof(NVME_COMPLETION)];
	UCHAR Data[NVME_PAGE];
} NVME_MEMORY, *PNVME_MEMORY;

/*
 * The lock is that of the DPC that takes the completions. A command that no SRB
 * stands behind leaves its status.
 */
typedef struct _NVME_QUEUE {
	PNVME_MEMORY Memory;
	ULONG MessageId;
	ULONG Tail;
	ULONG Head;
	USHORT Phase;
	USHORT Status;				/* of the driver's own command */
	ULONG Result;
	LONG Pending;
	ULONG Used;				/* command ids, a bit each */
	PSCSI_REQUEST_BLOCK Srbs[NVME_ENTRIES];
} NVME_QUEUE, *PNVME_QUEUE;

typedef struct _NVME_MESSAGE {
	STOR_DPC Dpc;
	LONG Interrupts;
	LONG Dpcs;
} NVME_MESSAGE, *PNVME_MESSAGE;

typedef struct _NVME_EXTENSION {
	PNVME_REGISTERS Registers;
	ULONG QueueLimit;			/* that there is memory for */
	ULONG MessageCount;			/* 0 with a line */
	ULONG QueueCount;
	ULONG Stride;				/* between doorbells */
	NVME_QUEUE Queues[NVME_MAX_QUEUES];
	NVME_MESSAGE Messages[NVME_MAX_QUEUES];
	GROUP_AFFINITY Targets[NVME_MAX_QUEUES];	/* of I/O messages */
	BOOLEAN DpcReady;
	CHAR Model[NVME_TEXT_SIZE];
	CHAR Block[NVME_TEXT_SIZE];
} NVME_EXTENSION, *PNVME_EXTENSION;

/* nvme_queue.c */
VOID NvmeResetQueue(PNVME_QUEUE Queue, ULONG MessageId);
ULONG64 NvmeBusAddress(PNVME_EXTENSION Extension, PVOID Memory);
BOOLEAN NvmePending(PNVME_QUEUE Queue);
VOID NvmeTakeCompletions(PNVME_EXTENSION Extension, ULONG Id);
BOOLEAN NvmeSubmit(PNVME_EXTENSION Extension, ULONG Id, PNVME_COMMAND Command,
		   PSCSI_REQUEST_BLOCK Srb);
BOOLEAN NvmeExecute(PNVME_EXTENSION Extension, ULONG Id, PNVME_COMMAND Command);
BOOLEAN NvmeAskForQueues(PNVME_EXTENSION Extension, PULONG Count);
BOOLEAN NvmeCreateQueue(PNVME_EXTENSION Extension, ULONG Id);
NVME_COMMAND NvmeCommand(PNVME_EXTENSION Extension, ULONG Id);
BOOLEAN NvmeTranslate(PNVME_EXTENSION Extension, PSCSI_REQUEST_BLOCK Srb,
		      PNVME_COMMAND Command);

/* nvme_sample.c: from now on, and no longer, may others use the adapter */
VOID NvmePublish(PNVME_EXTENSION Extension);
VOID NvmeRetire(void);

#endif
