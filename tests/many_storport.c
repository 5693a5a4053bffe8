// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort miniport that counts its messages, and what they interrupt. It leaves
 * its device alone. Of several devices it watches the one with most messages.
 */
#include <storport.h>

#include "many.h"

MANY Many;

static PVOID Watched;

/* Where each message of the watched adapter is bound for */
static GROUP_AFFINITY Targets[MANY_MAX];

static BOOLEAN ManyLineInterrupt(PVOID DeviceExtension)
{
	Many.Line++;
	return FALSE;
}

/* Each message has a lock of its own, and a counter of its own. */
static BOOLEAN ManyInterrupt(PVOID DeviceExtension, ULONG MessageId)
{
	if (DeviceExtension != Watched)
		return FALSE;
	Many.Interrupts[MessageId]++;
	return TRUE;
}

static ULONG ManyFindAdapter(PVOID DeviceExtension, PVOID HwContext,
			     PVOID BusInformation, PCHAR ArgumentString,
			     PPORT_CONFIGURATION_INFORMATION Config,
			     PBOOLEAN Again)
{
	Config->MaximumTransferLength = 4096;
	Config->NumberOfPhysicalBreaks = 1;
	Config->SynchronizationModel = StorSynchronizeFullDuplex;
	Config->HwMSInterruptRoutine = ManyInterrupt;
	Config->InterruptSynchronizationMode = InterruptSynchronizePerMessage;
	*Again = FALSE;
	return SP_RETURN_FOUND;
}

/* What there is, then all of that which is about messages */
static VOID ManyChoosePerfOpts(PVOID DeviceExtension)
{
	PERF_CONFIGURATION_DATA Data = {
		.Version = STOR_PERF_VERSION,
		.Size = sizeof(Data),
		.LastRedirectionMessageNumber = Many.Count - 1,
		.DeviceNode = ~0U,
		.MessageTargets = Targets,
	};

	StorPortInitializePerfOpts(DeviceExtension, TRUE, &Data);
	Many.Flags = Data.Flags;
	Data.Flags = STOR_PERF_DPC_REDIRECTION |
		     STOR_PERF_INTERRUPT_MESSAGE_RANGES |
		     STOR_PERF_ADV_CONFIG_LOCALITY;
	if (StorPortInitializePerfOpts(DeviceExtension, FALSE, &Data) ==
	    STOR_STATUS_SUCCESS)
		Many.Chosen = Data.Flags;
	Many.Node = Data.DeviceNode;
}

static BOOLEAN ManyInitialize(PVOID DeviceExtension)
{
	MESSAGE_INTERRUPT_INFORMATION Information;
	ULONG Wrong = 0;
	ULONG Count = 0;

	while (StorPortGetMSIInfo(DeviceExtension, Count, &Information) ==
	       STOR_STATUS_SUCCESS) {
		Wrong += Information.MessageId != Count ||
			 Information.InterruptMode != Latched;
		Count++;
	}
	if (Watched && Count <= Many.Count)
		return TRUE;
	Many.Count = Count;
	Many.Wrong = Wrong;
	Watched = DeviceExtension;
	if (Count && Count <= MANY_MAX)
		ManyChoosePerfOpts(DeviceExtension);
	return TRUE;
}

int ManyMessage(unsigned int MessageId, unsigned long long *Address,
		unsigned int *Data)
{
	MESSAGE_INTERRUPT_INFORMATION Information;

	if (!Watched || StorPortGetMSIInfo(Watched, MessageId, &Information) !=
				STOR_STATUS_SUCCESS)
		return 0;
	*Address = Information.MessageAddress.QuadPart;
	*Data = Information.MessageData;
	return 1;
}

int ManyTarget(unsigned int MessageId, unsigned int *Group,
	       unsigned long long *Mask)
{
	if (!Many.Chosen || MessageId >= Many.Count)
		return 0;
	*Group = Targets[MessageId].Group;
	*Mask = Targets[MessageId].Mask;
	return 1;
}

int ManyMessageOf(unsigned int Processor, unsigned int *MessageId)
{
	ULONG Id;

	if (!Watched ||
	    StorPortGetMessageInterruptIDFromProcessorIndex(Watched, Processor,
							    &Id) !=
		    STOR_STATUS_SUCCESS)
		return 0;
	*MessageId = Id;
	return 1;
}

static BOOLEAN ManyStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	return FALSE;
}

static BOOLEAN ManyResetBus(PVOID DeviceExtension, ULONG PathId)
{
	return FALSE;
}

ULONG DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
	HW_INITIALIZATION_DATA Data = {
		.HwInitializationDataSize = sizeof(Data),
		.AdapterInterfaceType = PCIBus,
		.HwInitialize = ManyInitialize,
		.HwStartIo = ManyStartIo,
		.HwInterrupt = ManyLineInterrupt,
		.HwFindAdapter = ManyFindAdapter,
		.HwResetBus = ManyResetBus,
		.DeviceExtensionSize = sizeof(ULONG),
	};

	return StorPortInitialize(DriverObject, RegistryPath, &Data, NULL);
}
