// SPDX-License-Identifier: GPL-2.0-only
/* Queues of the NVMe sample: commands go in, completions come out. */
#include "nvme_storport.h"

ULONG64 NvmeBusAddress(PNVME_EXTENSION Extension, PVOID Memory)
{
	ULONG Length;

	return StorPortGetPhysicalAddress(Extension, NULL, Memory,
					  &Length).QuadPart;
}

/* Empty, as it is again after a reset of the drive */
VOID NvmeResetQueue(PNVME_QUEUE Queue, ULONG MessageId)
{
	Queue->MessageId = MessageId;
	Queue->Tail = 0;
	Queue->Head = 0;
	Queue->Phase = 1;
	Queue->Used = 0;
	RtlZeroMemory(Queue->Memory->Completions,
		      sizeof(Queue->Memory->Completions));
}

/* A queue pair has two doorbells: 0 for its commands, 1 for completions. */
static VOID NvmeRing(PNVME_EXTENSION Extension, ULONG Id, ULONG Which,
		     ULONG Value)
{
	ULONG Doorbell = (2 * Id + Which) * Extension->Stride;

	StorPortWriteRegisterUlong(Extension,
				   &Extension->Registers->Doorbells[Doorbell],
				   Value);
}

/*
 * Put a command into a queue; under its lock, or before others use it. One entry
 * of a queue is always free, or it would look empty when it is full.
 */
static BOOLEAN NvmeEnter(PNVME_EXTENSION Extension, ULONG Id,
			 PNVME_COMMAND Command, PSCSI_REQUEST_BLOCK Srb)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];
	PNVME_COMMAND Entry = &Queue->Memory->Commands[Queue->Tail];
	ULONG CommandId = 0;

	while (Queue->Used & (1U << CommandId))
		CommandId++;
	if (CommandId == NVME_LAST_ENTRY)
		return FALSE;
	Queue->Used |= 1U << CommandId;
	Queue->Srbs[CommandId] = Srb;
	*Entry = *Command;
	Entry->Opcode |= CommandId << 16;
	Queue->Tail = (Queue->Tail + 1) % NVME_ENTRIES;
	NvmeRing(Extension, Id, 0, Queue->Tail);
	return TRUE;
}

BOOLEAN NvmeSubmit(PNVME_EXTENSION Extension, ULONG Id, PNVME_COMMAND Command,
		   PSCSI_REQUEST_BLOCK Srb)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];
	STOR_LOCK_HANDLE Lock;
	BOOLEAN Entered;

	StorPortAcquireSpinLock(Extension, DpcLock,
				&Extension->Messages[Queue->MessageId].Dpc,
				&Lock);
	Entered = NvmeEnter(Extension, Id, Command, Srb);
	StorPortReleaseSpinLock(Extension, &Lock);
	return Entered;
}

/* The drive flips the phase on each round through the queue. */
BOOLEAN NvmePending(PNVME_QUEUE Queue)
{
	PNVME_COMPLETION Completion = &Queue->Memory->Completions[Queue->Head];

	KeMemoryBarrier();
	return (Completion->Status & 1) == Queue->Phase;
}

/* The drive has written the id: what it was not given, it cannot complete. */
static VOID NvmeComplete(PNVME_EXTENSION Extension, PNVME_QUEUE Queue,
			 PNVME_COMPLETION Completion)
{
	USHORT CommandId = Completion->CommandId;
	USHORT Status = Completion->Status >> 1;
	PSCSI_REQUEST_BLOCK Srb;

	if (CommandId >= NVME_ENTRIES || !(Queue->Used & (1U << CommandId)))
		return;
	Queue->Used &= ~(1U << CommandId);
	Srb = Queue->Srbs[CommandId];
	if (Srb) {
		Srb->SrbStatus = Status ? SRB_STATUS_ERROR : SRB_STATUS_SUCCESS;
		StorPortNotification(RequestComplete, Extension, Srb);
		return;
	}
	Queue->Status = Status;
	Queue->Result = Completion->Result[0];
	InterlockedExchange(&Queue->Pending, 0);
}

/* In the DPC, under its lock */
VOID NvmeTakeCompletions(PNVME_EXTENSION Extension, ULONG Id)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];
	PNVME_COMPLETION Completions = Queue->Memory->Completions;

	while (NvmePending(Queue)) {
		NvmeComplete(Extension, Queue, &Completions[Queue->Head]);
		Queue->Head = (Queue->Head + 1) % NVME_ENTRIES;
		if (Queue->Head == 0)
			Queue->Phase ^= 1;
		NvmeRing(Extension, Id, 1, Queue->Head);
	}
}

/* Submit, and wait at PASSIVE_LEVEL until the DPC has seen the end. */
BOOLEAN NvmeExecute(PNVME_EXTENSION Extension, ULONG Id, PNVME_COMMAND Command)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];
	ULONG Tries = 10000;

	InterlockedExchange(&Queue->Pending, 1);
	if (!NvmeEnter(Extension, Id, Command, NULL))
		return FALSE;
	while (InterlockedCompareExchange(&Queue->Pending, 0, 0) && --Tries)
		StorPortStallExecution(100);
	return Tries && Queue->Status == 0;
}

/* The drive answers how many it has, which may be fewer, or more. */
BOOLEAN NvmeAskForQueues(PNVME_EXTENSION Extension, PULONG Count)
{
	ULONG Wanted = *Count - 1;
	NVME_COMMAND Command = {
		.Opcode = NVME_ADMIN_SET_FEATURES,
		.Dword10 = NVME_FEATURE_QUEUES,
		.Dword11 = Wanted << 16 | Wanted,
	};
	ULONG Submission, Completion;

	if (!NvmeExecute(Extension, 0, &Command))
		return FALSE;
	Submission = (Extension->Queues[0].Result & 0xffff) + 1;
	Completion = (Extension->Queues[0].Result >> 16) + 1;
	if (*Count > Submission)
		*Count = Submission;
	if (*Count > Completion)
		*Count = Completion;
	return TRUE;
}

BOOLEAN NvmeCreateQueue(PNVME_EXTENSION Extension, ULONG Id)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];
	PNVME_MEMORY Memory = Queue->Memory;
	NVME_COMMAND Command = {
		.Opcode = NVME_ADMIN_CREATE_CQ,
		.Data = { NvmeBusAddress(Extension, Memory->Completions) },
		.Dword10 = NVME_LAST_ENTRY << 16 | Id,
		.Dword11 = Queue->MessageId << 16 | NVME_QUEUE_INTERRUPTS |
			   NVME_QUEUE_CONTIGUOUS,
	};

	if (!NvmeExecute(Extension, 0, &Command))
		return FALSE;
	Command.Opcode = NVME_ADMIN_CREATE_SQ;
	Command.Data[0] = NvmeBusAddress(Extension, Memory->Commands);
	Command.Dword11 = Id << 16 | NVME_QUEUE_CONTIGUOUS;
	return NvmeExecute(Extension, 0, &Command);
}

/* What a queue is for: the admin queue identifies, the others read block 0. */
NVME_COMMAND NvmeCommand(PNVME_EXTENSION Extension, ULONG Id)
{
	PVOID Data = Extension->Queues[Id].Memory->Data;

	return (NVME_COMMAND) {
		.Opcode = Id ? NVME_READ : NVME_ADMIN_IDENTIFY,
		.Namespace = Id ? 1 : 0,
		.Data = { NvmeBusAddress(Extension, Data) },
		.Dword10 = Id ? 0 : NVME_IDENTIFY_CONTROLLER,
	};
}

/* READ(10) and WRITE(10) hold address and length in the order of networks. */
static BOOLEAN NvmeTranslateBlocks(PSCSI_REQUEST_BLOCK Srb,
				   PNVME_COMMAND Command)
{
	ULONG Blocks = Srb->Cdb[7] << 8 | Srb->Cdb[8];

	Command->Opcode = Srb->Cdb[0] == SCSI_READ10 ? NVME_READ : NVME_WRITE;
	Command->Namespace = 1;
	Command->Dword10 = (ULONG)Srb->Cdb[2] << 24 | Srb->Cdb[3] << 16 |
			   Srb->Cdb[4] << 8 | Srb->Cdb[5];
	Command->Dword12 = Blocks - 1;
	return Blocks && Blocks * NVME_BLOCK == Srb->DataTransferLength;
}

/* From SCSI to NVMe. The buffer is one range of the bus, within a page. */
BOOLEAN NvmeTranslate(PNVME_EXTENSION Extension, PSCSI_REQUEST_BLOCK Srb,
		      PNVME_COMMAND Command)
{
	ULONG Length;

	StorPortCopyMemory(Command, &(NVME_COMMAND){ 0 }, sizeof(*Command));
	Command->Data[0] = StorPortGetPhysicalAddress(Extension, Srb,
						      Srb->DataBuffer,
						      &Length).QuadPart;
	if (Length < Srb->DataTransferLength)
		return FALSE;
	switch (Srb->Cdb[0]) {
	case SCSI_READ10:
	case SCSI_WRITE10:
		return NvmeTranslateBlocks(Srb, Command);
	case SCSI_LOG_SENSE:
		Command->Opcode = NVME_ADMIN_GET_LOG;
		Command->Namespace = NVME_EVERY_NAMESPACE;
		Command->Dword10 = (Srb->DataTransferLength / 4 - 1) << 16 |
				   NVME_LOG_HEALTH;
		return TRUE;
	default:
		return FALSE;
	}
}
