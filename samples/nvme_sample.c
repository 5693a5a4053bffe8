// SPDX-License-Identifier: GPL-2.0-only
/* What nvme_storport.c offers to its Linux side, besides serving requests. */
#include "nvme_storport.h"

/* The adapter that others may use, and how many are using it. */
static PNVME_EXTENSION NvmeAdapter;
static LONG NvmeUsers;

VOID NvmePublish(PNVME_EXTENSION Extension)
{
	InterlockedExchangePointer((PVOID *)&NvmeAdapter, Extension);
}

/* Whoever still uses the adapter is on another CPU, and soon done. */
VOID NvmeRetire(VOID)
{
	InterlockedExchangePointer((PVOID *)&NvmeAdapter, NULL);
	while (InterlockedCompareExchange(&NvmeUsers, 0, 0))
		YieldProcessor();
}

/*
 * The adapter, kept until it is released; or NULL. A user stays on its CPU, at
 * DISPATCH_LEVEL, for NvmeRetire() waits for it.
 */
static PNVME_EXTENSION NvmeAcquire(ULONG Number, ULONG MessageId, PKIRQL Irql)
{
	PNVME_EXTENSION Extension;

	KeRaiseIrql(DISPATCH_LEVEL, Irql);
	InterlockedIncrement(&NvmeUsers);
	Extension = NvmeAdapter;
	if (Extension && Number == 0 &&
	    (MessageId == 0 || (MessageId < Extension->QueueCount &&
				MessageId < Extension->MessageCount)))
		return Extension;
	InterlockedDecrement(&NvmeUsers);
	KeLowerIrql(*Irql);
	return NULL;
}

static VOID NvmeRelease(KIRQL Irql)
{
	InterlockedDecrement(&NvmeUsers);
	KeLowerIrql(Irql);
}

int NvmeFire(unsigned int Number, unsigned int MessageId)
{
	KIRQL Irql;
	PNVME_EXTENSION Extension = NvmeAcquire(Number, MessageId, &Irql);
	NVME_COMMAND Command;
	int Started;

	if (!Extension)
		return 0;
	Command = NvmeCommand(Extension, MessageId);
	Started = NvmeSubmit(Extension, MessageId, &Command, NULL);
	NvmeRelease(Irql);
	return Started;
}

int NvmeQuery(unsigned int Number, unsigned int MessageId,
	      SAMPLE_MESSAGE *Message)
{
	KIRQL Irql;
	PNVME_EXTENSION Extension = NvmeAcquire(Number, MessageId, &Irql);
	MESSAGE_INTERRUPT_INFORMATION Information = { 0 };

	if (!Extension)
		return 0;
	Message->MessageBased = Extension->MessageCount != 0;
	if (Message->MessageBased)
		StorPortGetMSIInfo(Extension, MessageId, &Information);
	Message->Address = Information.MessageAddress.QuadPart;
	Message->Data = Information.MessageData;
	Message->Interrupts = Extension->Messages[MessageId].Interrupts;
	Message->Dpcs = Extension->Messages[MessageId].Dpcs;
	NvmeRelease(Irql);
	return 1;
}

int NvmeDescribe(char *Model, char *Block)
{
	KIRQL Irql;
	PNVME_EXTENSION Extension = NvmeAcquire(0, 0, &Irql);

	if (!Extension)
		return 0;
	StorPortCopyMemory(Model, Extension->Model, NVME_TEXT_SIZE);
	StorPortCopyMemory(Block, Extension->Block, NVME_TEXT_SIZE);
	NvmeRelease(Irql);
	return 1;
}
