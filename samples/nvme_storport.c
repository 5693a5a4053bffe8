// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort miniport for an NVMe drive: the admin queue on message 0, an I/O
 * queue pair on each other message. On a line, or with one message, there is
 * one I/O queue pair, which shares it with the admin queue.
 *
 *	HwStorFindAdapter	map the registers, get memory for the queues
 *	HwStorInitialize	reset, enable; DIRQL: no waiting for interrupts
 *	passive routine		DPCs, queues and the first commands
 *	ISR			issue the DPC of its message
 *	DPC			take the completions
 *	ScsiStopAdapter		silence the drive
 */
#include "nvme_storport.h"

sp_DRIVER_INITIALIZE DriverEntry;
static HW_FIND_ADAPTER NvmeFindAdapter;
static HW_INITIALIZE NvmeInitialize;
static HW_PASSIVE_INITIALIZE_ROUTINE NvmePassiveInitialize;
static HW_INTERRUPT NvmeInterrupt;
static HW_MESSAGE_SIGNALED_INTERRUPT_ROUTINE NvmeMessageInterrupt;
static HW_DPC_ROUTINE NvmeDpc;
static HW_ADAPTER_CONTROL NvmeAdapterControl;
static HW_STARTIO NvmeStartIo;
static HW_RESET_BUS NvmeResetBus;

static ULONG64 NvmeBusAddress(PNVME_EXTENSION Extension, PVOID Memory)
{
	ULONG Length;

	return StorPortGetPhysicalAddress(Extension, NULL, Memory,
					  &Length).QuadPart;
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

BOOLEAN NvmeSubmit(PNVME_EXTENSION Extension, ULONG Id, PNVME_COMMAND Command)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];

	if (InterlockedCompareExchange(&Queue->Busy, 1, 0))
		return FALSE;
	Queue->Memory->Commands[Queue->Tail] = *Command;
	Queue->Tail = (Queue->Tail + 1) % NVME_ENTRIES;
	NvmeRing(Extension, Id, 0, Queue->Tail);
	return TRUE;
}

/* The drive flips the phase on each round through the queue. */
static BOOLEAN NvmePending(PNVME_QUEUE Queue)
{
	PNVME_COMPLETION Completion = &Queue->Memory->Completions[Queue->Head];

	KeMemoryBarrier();
	return (Completion->Status & 1) == Queue->Phase;
}

static VOID NvmeTakeCompletions(PNVME_EXTENSION Extension, ULONG Id)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];
	PNVME_COMPLETION Completions = Queue->Memory->Completions;

	while (NvmePending(Queue)) {
		Queue->Status = Completions[Queue->Head].Status >> 1;
		Queue->Head = (Queue->Head + 1) % NVME_ENTRIES;
		if (Queue->Head == 0)
			Queue->Phase ^= 1;
		NvmeRing(Extension, Id, 1, Queue->Head);
		InterlockedExchange(&Queue->Busy, 0);
	}
}

/* A message is nobody else's: what it has to tell is found in the DPC. */
static BOOLEAN NvmeMessageInterrupt(PVOID DeviceExtension, ULONG MessageId)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	PNVME_MESSAGE Message = &Extension->Messages[MessageId];

	if (MessageId >= NVME_MAX_QUEUES || !Extension->DpcReady)
		return FALSE;
	Message->Interrupts++;
	StorPortIssueDpc(Extension, &Message->Dpc, ULongToPtr(MessageId), NULL);
	return TRUE;
}

/* The line may be shared. It stays asserted until the DPC, hence the mask. */
static BOOLEAN NvmeInterrupt(PVOID DeviceExtension)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	PNVME_REGISTERS Registers = Extension->Registers;
	BOOLEAN Ours = FALSE;
	ULONG Id;

	for (Id = 0; Id < Extension->QueueCount; Id++)
		Ours |= NvmePending(&Extension->Queues[Id]);
	if (!Ours)
		return FALSE;
	StorPortWriteRegisterUlong(Extension, &Registers->MaskSet, 1);
	return NvmeMessageInterrupt(Extension, 0);
}

static VOID NvmeDpc(PSTOR_DPC Dpc, PVOID DeviceExtension, PVOID Argument1,
		    PVOID Argument2)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	ULONG MessageId = PtrToUlong(Argument1);
	ULONG Id;

	for (Id = 0; Id < Extension->QueueCount; Id++)
		if (Extension->Queues[Id].MessageId == MessageId)
			NvmeTakeCompletions(Extension, Id);
	Extension->Messages[MessageId].Dpcs++;
	if (Extension->MessageCount == 0)
		StorPortWriteRegisterUlong(Extension,
					   &Extension->Registers->MaskClear, 1);
}

static BOOLEAN NvmeEnable(PNVME_EXTENSION Extension, BOOLEAN Enable)
{
	PNVME_REGISTERS Registers = Extension->Registers;
	ULONG Tries = 10000;
	ULONG Status;

	StorPortWriteRegisterUlong(Extension, &Registers->Configuration,
				   Enable ? NVME_CC_ENABLE : 0);
	do {
		Status = StorPortReadRegisterUlong(Extension,
						   &Registers->Status);
		if ((Status & NVME_CSTS_READY) == Enable)
			return TRUE;
		StorPortStallExecution(100);
	} while (--Tries && Status != ~0U);
	return FALSE;
}

static ULONG NvmeFindAdapter(PVOID DeviceExtension, PVOID HwContext,
			     PVOID BusInformation, PCHAR ArgumentString,
			     PPORT_CONFIGURATION_INFORMATION Config,
			     PBOOLEAN Again)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	ACCESS_RANGE *Range = &(*Config->AccessRanges)[0];
	PNVME_MEMORY Memory;
	ULONG Id;

	Extension->Registers =
		StorPortGetDeviceBase(Extension, Config->AdapterInterfaceType,
				      Config->SystemIoBusNumber,
				      Range->RangeStart, Range->RangeLength,
				      !Range->RangeInMemory);
	Memory = StorPortGetUncachedExtension(Extension, Config,
					      NVME_MEMORY_SIZE);
	if (!Extension->Registers || !Memory)
		return SP_RETURN_ERROR;
	for (Id = 0; Id < NVME_MAX_QUEUES; Id++)
		Extension->Queues[Id].Memory = &Memory[Id];

	Config->MaximumTransferLength = NVME_PAGE;
	Config->NumberOfPhysicalBreaks = 1;
	Config->SynchronizationModel = StorSynchronizeFullDuplex;
	Config->HwMSInterruptRoutine = NvmeMessageInterrupt;
	Config->InterruptSynchronizationMode = InterruptSynchronizePerMessage;
	*Again = FALSE;
	return SP_RETURN_FOUND;
}

/* Which queue interrupts by which message. */
static VOID NvmeAssignMessages(PNVME_EXTENSION Extension)
{
	MESSAGE_INTERRUPT_INFORMATION Information;
	ULONG Count = 0;
	ULONG Id;

	while (StorPortGetMSIInfo(Extension, Count, &Information) ==
	       STOR_STATUS_SUCCESS)
		Count++;
	Extension->MessageCount = Count;
	Extension->QueueCount = Count > 2 ? Count : 2;
	if (Extension->QueueCount > NVME_MAX_QUEUES)
		Extension->QueueCount = NVME_MAX_QUEUES;
	for (Id = 0; Id < Extension->QueueCount; Id++) {
		Extension->Queues[Id].MessageId = Id < Count ? Id : 0;
		Extension->Queues[Id].Phase = 1;
	}
}

static BOOLEAN NvmeInitialize(PVOID DeviceExtension)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	PNVME_REGISTERS Registers = Extension->Registers;
	PNVME_MEMORY Memory = Extension->Queues[0].Memory;
	ULONG64 Submission = NvmeBusAddress(Extension, Memory->Commands);
	ULONG64 Completion = NvmeBusAddress(Extension, Memory->Completions);
	ULONG64 Capabilities;

	Capabilities = StorPortReadRegisterUlong64(Extension,
						   &Registers->Capabilities);
	Extension->Stride = 1 << ((Capabilities >> 32) & 0xf);
	NvmeAssignMessages(Extension);
	if (!NvmeEnable(Extension, FALSE))
		return FALSE;
	StorPortWriteRegisterUlong(Extension, &Registers->AdminAttributes,
				   NVME_LAST_ENTRY << 16 | NVME_LAST_ENTRY);
	StorPortWriteRegisterUlong64(Extension, &Registers->AdminSubmission,
				     Submission);
	StorPortWriteRegisterUlong64(Extension, &Registers->AdminCompletion,
				     Completion);
	return NvmeEnable(Extension, TRUE) &&
	       StorPortEnablePassiveInitialization(Extension,
						   NvmePassiveInitialize);
}

/* Submit, and wait at PASSIVE_LEVEL until the DPC has seen the end. */
static BOOLEAN NvmeExecute(PNVME_EXTENSION Extension, ULONG Id,
			   PNVME_COMMAND Command)
{
	PNVME_QUEUE Queue = &Extension->Queues[Id];
	ULONG Tries = 10000;

	if (!NvmeSubmit(Extension, Id, Command))
		return FALSE;
	while (InterlockedCompareExchange(&Queue->Busy, 0, 0) && --Tries)
		StorPortStallExecution(100);
	return Tries && Queue->Status == 0;
}

static BOOLEAN NvmeCreateQueue(PNVME_EXTENSION Extension, ULONG Id)
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

static BOOLEAN NvmePassiveInitialize(PVOID DeviceExtension)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	BOOLEAN Good = TRUE;
	NVME_COMMAND Command;
	ULONG Id;

	for (Id = 0; Id < NVME_MAX_QUEUES; Id++)
		StorPortInitializeDpc(Extension, &Extension->Messages[Id].Dpc,
				      NvmeDpc);
	Extension->DpcReady = TRUE;
	for (Id = 1; Good && Id < Extension->QueueCount; Id++)
		Good = NvmeCreateQueue(Extension, Id);
	for (Id = 0; Good && Id < 2; Id++) {
		Command = NvmeCommand(Extension, Id);
		Good = NvmeExecute(Extension, Id, &Command);
	}
	if (!Good) {
		NvmeEnable(Extension, FALSE);
		return FALSE;
	}
	StorPortCopyMemory(Extension->Model, Extension->Queues[0].Memory->Data +
			   NVME_IDENTIFY_MODEL, NVME_TEXT_SIZE - 1);
	StorPortCopyMemory(Extension->Block, Extension->Queues[1].Memory->Data,
			   NVME_TEXT_SIZE - 1);
	NvmePublish(Extension);
	return TRUE;
}

static SCSI_ADAPTER_CONTROL_STATUS
NvmeAdapterControl(PVOID DeviceExtension, SCSI_ADAPTER_CONTROL_TYPE Type,
		   PVOID Parameters)
{
	PSCSI_SUPPORTED_CONTROL_TYPE_LIST List = Parameters;

	switch (Type) {
	case ScsiQuerySupportedControlTypes:
		List->SupportedTypeList[ScsiQuerySupportedControlTypes] = TRUE;
		List->SupportedTypeList[ScsiStopAdapter] = TRUE;
		return ScsiAdapterControlSuccess;
	case ScsiStopAdapter:
		NvmeRetire();
		NvmeEnable(DeviceExtension, FALSE);
		return ScsiAdapterControlSuccess;
	default:
		return ScsiAdapterControlUnsuccessful;
	}
}

/* No request comes this way: the sample talks to its drive itself. */
static BOOLEAN NvmeStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	return FALSE;
}

static BOOLEAN NvmeResetBus(PVOID DeviceExtension, ULONG PathId)
{
	return FALSE;
}

ULONG DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
	HW_INITIALIZATION_DATA Data = {
		.HwInitializationDataSize = sizeof(Data),
		.AdapterInterfaceType = PCIBus,
		.HwInitialize = NvmeInitialize,
		.HwStartIo = NvmeStartIo,
		.HwInterrupt = NvmeInterrupt,
		.HwFindAdapter = NvmeFindAdapter,
		.HwResetBus = NvmeResetBus,
		.HwAdapterControl = NvmeAdapterControl,
		.DeviceExtensionSize = sizeof(NVME_EXTENSION),
		.NumberOfAccessRanges = 1,
		.MapBuffers = STOR_MAP_NON_READ_WRITE_BUFFERS,
		.NeedPhysicalAddresses = TRUE,
		.TaggedQueuing = TRUE,
		.MultipleRequestPerLu = TRUE,
	};

	return StorPortInitialize(DriverObject, RegistryPath, &Data, NULL);
}
