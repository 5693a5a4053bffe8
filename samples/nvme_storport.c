// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort miniport for an NVMe drive: the admin queue on message 0, and for each
 * processor an I/O queue pair with a message that interrupts it. On a line, or
 * with one message, there is one I/O queue pair, which shares it with the admin
 * queue.
 *
 *	filter requirements	no more messages than processors, each on its own
 *	HwStorFindAdapter	map the registers, get memory for the queues
 *	HwStorInitialize	options, reset; DIRQL: no waiting for interrupts
 *	passive routine		DPCs, queues and the first commands
 *	HwStorBuildIo		from SCSI to NVMe, in the SRB extension
 *	HwStorStartIo		into the queue whose message interrupts this CPU
 *	ISR			issue the DPC of its message
 *	DPC			take the completions, complete the SRBs
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
static HW_BUILDIO NvmeBuildIo;
static HW_STARTIO NvmeStartIo;
static HW_RESET_BUS NvmeResetBus;

/* A message is nobody else's: what it has to tell is found in the DPC. */
static BOOLEAN NvmeMessageInterrupt(PVOID DeviceExtension, ULONG MessageId)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	PNVME_MESSAGE Message = &Extension->Messages[MessageId];

	if (MessageId >= Extension->QueueLimit || !Extension->DpcReady)
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
	STOR_LOCK_HANDLE Lock;
	ULONG Id;

	StorPortAcquireSpinLock(Extension, DpcLock, Dpc, &Lock);
	for (Id = 0; Id < Extension->QueueCount; Id++)
		if (Extension->Queues[Id].MessageId == MessageId)
			NvmeTakeCompletions(Extension, Id);
	StorPortReleaseSpinLock(Extension, &Lock);
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

/* Those of the first group: a driver for more would ask for each group. */
static KAFFINITY NvmeProcessors(PNVME_EXTENSION Extension)
{
	KAFFINITY Processors = 0;

	StorPortGetGroupAffinity(Extension, 0, &Processors);
	return Processors;
}

static BOOLEAN NvmeIsMessage(PIO_RESOURCE_DESCRIPTOR Descriptor)
{
	return Descriptor->Type == CmResourceTypeInterrupt &&
	       (Descriptor->Flags & CM_RESOURCE_INTERRUPT_MESSAGE);
}

/*
 * Message 0 may go anywhere, each other one to a processor of its own. Those that
 * are left over are given up.
 */
static VOID NvmeFilterMessages(PIO_RESOURCE_LIST List, KAFFINITY Processors)
{
	PIO_RESOURCE_DESCRIPTOR Kept = List->Descriptors;
	BOOLEAN First = TRUE;
	ULONG Index;

	for (Index = 0; Index < List->Count; Index++) {
		*Kept = List->Descriptors[Index];
		if (NvmeIsMessage(Kept) && !First) {
			if (!Processors)
				continue;
			Kept->Flags |= CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
			Kept->u.Interrupt.AffinityPolicy =
				IrqPolicySpecifiedProcessors;
			Kept->u.Interrupt.TargetedProcessors =
				Processors & (~Processors + 1);
			Processors &= Processors - 1;
		}
		First &= !NvmeIsMessage(Kept);
		Kept++;
	}
	List->Count = (ULONG)(Kept - List->Descriptors);
}

static ULONG NvmeCount(KAFFINITY Processors)
{
	ULONG Count = 0;

	for (; Processors; Processors &= Processors - 1)
		Count++;
	return Count;
}

/*
 * Memory for the admin queue, and for one on each processor. An adapter that is
 * found again keeps what it has.
 */
static BOOLEAN NvmeAllocate(PNVME_EXTENSION Extension,
			    PPORT_CONFIGURATION_INFORMATION Config)
{
	ULONG Limit = 1 + NvmeCount(NvmeProcessors(Extension));
	PNVME_MEMORY Memory;
	ULONG Id;

	if (Extension->QueueLimit)
		return TRUE;
	Memory = StorPortGetUncachedExtension(Extension, Config,
					      Limit * sizeof(*Memory));
	if (!Memory)
		return FALSE;
	for (Id = 0; Id < Limit; Id++)
		Extension->Queues[Id].Memory = &Memory[Id];
	Extension->QueueLimit = Limit;
	return TRUE;
}

/* The same goes for its registers. */
static BOOLEAN NvmeMap(PNVME_EXTENSION Extension,
		       PPORT_CONFIGURATION_INFORMATION Config)
{
	ACCESS_RANGE *Range = &(*Config->AccessRanges)[0];

	if (!Extension->Registers)
		Extension->Registers =
			StorPortGetDeviceBase(Extension,
					      Config->AdapterInterfaceType,
					      Config->SystemIoBusNumber,
					      Range->RangeStart,
					      Range->RangeLength,
					      !Range->RangeInMemory);
	return !!Extension->Registers;
}

static ULONG NvmeFindAdapter(PVOID DeviceExtension, PVOID HwContext,
			     PVOID BusInformation, PCHAR ArgumentString,
			     PPORT_CONFIGURATION_INFORMATION Config,
			     PBOOLEAN Again)
{
	PNVME_EXTENSION Extension = DeviceExtension;

	if (!NvmeMap(Extension, Config) || !NvmeAllocate(Extension, Config))
		return SP_RETURN_ERROR;
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
	if (Extension->QueueCount > Extension->QueueLimit)
		Extension->QueueCount = Extension->QueueLimit;
	for (Id = 0; Id < Extension->QueueCount; Id++)
		NvmeResetQueue(&Extension->Queues[Id], Id < Count ? Id : 0);
}

/*
 * Each I/O queue takes requests of its own, and completes them where they came
 * from. A port that cannot do that has less to offer, and is good enough.
 */
static VOID NvmeChoosePerfOpts(PNVME_EXTENSION Extension)
{
	PERF_CONFIGURATION_DATA Data = {
		.Version = STOR_PERF_VERSION,
		.Size = sizeof(Data),
		.ConcurrentChannels = Extension->QueueCount - 1,
		.FirstRedirectionMessageNumber = 1,
		.LastRedirectionMessageNumber = Extension->QueueCount - 1,
		.MessageTargets = Extension->Targets,
	};

	if (StorPortInitializePerfOpts(Extension, TRUE, &Data) !=
	    STOR_STATUS_SUCCESS)
		return;
	Data.Flags &= STOR_PERF_DPC_REDIRECTION | STOR_PERF_CONCURRENT_CHANNELS |
		      STOR_PERF_INTERRUPT_MESSAGE_RANGES |
		      STOR_PERF_ADV_CONFIG_LOCALITY;
	if (Extension->MessageCount < 2)
		Data.Flags &= STOR_PERF_DPC_REDIRECTION;
	StorPortInitializePerfOpts(Extension, FALSE, &Data);
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
	NvmeChoosePerfOpts(Extension);
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

/* A drive that has fewer queues is used on fewer messages. */
static BOOLEAN NvmeLimitQueues(PNVME_EXTENSION Extension)
{
	ULONG Count = Extension->QueueCount - 1;

	if (!NvmeAskForQueues(Extension, &Count))
		return FALSE;
	if (Count == Extension->QueueCount - 1)
		return TRUE;
	Extension->QueueCount = Count + 1;
	NvmeChoosePerfOpts(Extension);
	return TRUE;
}

static BOOLEAN NvmePassiveInitialize(PVOID DeviceExtension)
{
	PNVME_EXTENSION Extension = DeviceExtension;
	NVME_COMMAND Command;
	BOOLEAN Good;
	ULONG Id;

	for (Id = 0; Id < Extension->QueueLimit; Id++)
		StorPortInitializeDpc(Extension, &Extension->Messages[Id].Dpc,
				      NvmeDpc);
	Extension->DpcReady = TRUE;
	Good = NvmeLimitQueues(Extension);
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
	PSTOR_FILTER_RESOURCE_REQUIREMENTS Filter = Parameters;
	PSCSI_SUPPORTED_CONTROL_TYPE_LIST List = Parameters;

	switch (Type) {
	case ScsiQuerySupportedControlTypes:
		List->SupportedTypeList[ScsiQuerySupportedControlTypes] = TRUE;
		List->SupportedTypeList[ScsiStopAdapter] = TRUE;
		List->SupportedTypeList[ScsiAdapterFilterResourceRequirements] =
			TRUE;
		return ScsiAdapterControlSuccess;
	case ScsiAdapterFilterResourceRequirements:
		NvmeFilterMessages(&Filter->IoResourceRequirementsList->List[0],
				   NvmeProcessors(DeviceExtension));
		return ScsiAdapterControlSuccess;
	case ScsiStopAdapter:
		NvmeRetire();
		NvmeEnable(DeviceExtension, FALSE);
		return ScsiAdapterControlSuccess;
	default:
		return ScsiAdapterControlUnsuccessful;
	}
}

static VOID NvmeFinish(PNVME_EXTENSION Extension, PSCSI_REQUEST_BLOCK Srb,
		       UCHAR Status)
{
	Srb->SrbStatus = Status;
	StorPortNotification(RequestComplete, Extension, Srb);
}

/* No lock is held: what needs none is done here. */
static BOOLEAN NvmeBuildIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	if (Srb->Function == SRB_FUNCTION_EXECUTE_SCSI &&
	    NvmeTranslate(DeviceExtension, Srb, Srb->SrbExtension))
		return TRUE;
	NvmeFinish(DeviceExtension, Srb, SRB_STATUS_INVALID_REQUEST);
	return FALSE;
}

/* Which queue: that whose message interrupts the CPU of the request. */
static ULONG NvmeQueueOf(PNVME_EXTENSION Extension, PSCSI_REQUEST_BLOCK Srb)
{
	STARTIO_PERFORMANCE_PARAMETERS Parameters = {
		.Size = sizeof(Parameters),
	};

	if (Srb->Cdb[0] == SCSI_LOG_SENSE)
		return 0;
	if (Extension->MessageCount < 2 ||
	    StorPortGetStartIoPerfParams(Extension, Srb, &Parameters) !=
		    STOR_STATUS_SUCCESS ||
	    Parameters.MessageNumber == 0 ||
	    Parameters.MessageNumber >= Extension->QueueCount)
		return 1;
	return Parameters.MessageNumber;
}

static BOOLEAN NvmeStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	ULONG Id = NvmeQueueOf(DeviceExtension, Srb);

	if (!NvmeSubmit(DeviceExtension, Id, Srb->SrbExtension, Srb))
		NvmeFinish(DeviceExtension, Srb, SRB_STATUS_BUSY);
	return TRUE;
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
		.HwBuildIo = NvmeBuildIo,
		.HwFindAdapter = NvmeFindAdapter,
		.HwResetBus = NvmeResetBus,
		.HwAdapterControl = NvmeAdapterControl,
		.DeviceExtensionSize = sizeof(NVME_EXTENSION),
		.SrbExtensionSize = sizeof(NVME_COMMAND),
		.NumberOfAccessRanges = 1,
		.MapBuffers = STOR_MAP_NON_READ_WRITE_BUFFERS,
		.NeedPhysicalAddresses = TRUE,
		.TaggedQueuing = TRUE,
		.MultipleRequestPerLu = TRUE,
		.FeatureSupport = STOR_FEATURE_ADAPTER_CONTROL_PRE_FINDADAPTER,
	};

	return StorPortInitialize(DriverObject, RegistryPath, &Data, NULL);
}
