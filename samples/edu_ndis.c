// SPDX-License-Identifier: GPL-2.0-only
/*
 * NDIS 6 miniport for QEMU's "edu" device, which interrupts by message or line.
 *
 *	MiniportInitializeEx	map registers, silence the device, prepare what
 *				the ISR needs, and only then register
 *	ISR			ours? acknowledge, remember, ask for a DPC
 *	DPC			the work
 *	MiniportHaltEx		silence the device, deregister, only then free
 */
#include <ndis.h>

#include "edu.h"
#include "sample_ndis.h"

#define EDU_TAG			0x20756465	/* 'edu ' */

typedef struct _EDU_REGISTERS {
	ULONG Reserved1[9];
	ULONG InterruptStatus;
	ULONG Reserved2[14];
	ULONG InterruptRaise;
	ULONG InterruptAcknowledge;
	ULONG Reserved3[6];
	ULONG64 DmaSource;
	ULONG64 DmaDestination;
	ULONG64 DmaCount;
	ULONG64 DmaCommand;
} EDU_REGISTERS, *PEDU_REGISTERS;

C_ASSERT(FIELD_OFFSET(EDU_REGISTERS, DmaCommand) == 0x98);

/* Where the device sees its own buffer */
#define EDU_BUFFER		0x40000

typedef struct _EDU_ADAPTER {
	LIST_ENTRY Link;
	NDIS_HANDLE Handle;
	NDIS_HANDLE Interrupt;
	PIO_INTERRUPT_MESSAGE_INFO Messages;	/* NULL with a line */
	PEDU_REGISTERS Registers;
	LONG Status;				/* from ISR to DPC */
	LONG Interrupts;
	LONG Dpcs;
	ULONG DmaData;				/* the device reads it */
} EDU_ADAPTER, *PEDU_ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static MINIPORT_INITIALIZE EduInitialize;
static MINIPORT_HALT EduHalt;
static MINIPORT_UNLOAD EduUnload;
static MINIPORT_ISR EduInterrupt;
static MINIPORT_INTERRUPT_DPC EduDpc;
static MINIPORT_DISABLE_INTERRUPT EduDisable;
static MINIPORT_ENABLE_INTERRUPT EduEnable;
static MINIPORT_MESSAGE_INTERRUPT EduMessageInterrupt;
static MINIPORT_MESSAGE_INTERRUPT_DPC EduMessageDpc;
static MINIPORT_DISABLE_MESSAGE_INTERRUPT EduDisableMessage;
static MINIPORT_ENABLE_MESSAGE_INTERRUPT EduEnableMessage;

static NDIS_HANDLE EduDriver;
static NDIS_SPIN_LOCK EduLock;
static LIST_ENTRY EduAdapters;

/* What the device asserted, and no longer does; 0 when it was another one. */
static ULONG EduAcknowledge(PEDU_ADAPTER Adapter)
{
	PEDU_REGISTERS Registers = Adapter->Registers;
	ULONG Status;

	NdisReadRegisterUlong(&Registers->InterruptStatus, &Status);
	if (Status)
		NdisWriteRegisterUlong(&Registers->InterruptAcknowledge, Status);
	return Status;
}

/* The line is shared: what is not ours is left to the others, at once. */
static BOOLEAN EduInterrupt(NDIS_HANDLE Context, PBOOLEAN QueueDefaultDpc,
			    PULONG TargetProcessors)
{
	PEDU_ADAPTER Adapter = Context;
	ULONG Status = EduAcknowledge(Adapter);

	*TargetProcessors = 0;
	*QueueDefaultDpc = Status != 0;
	if (Status == 0)
		return FALSE;

	InterlockedOr(&Adapter->Status, Status);
	InterlockedIncrement(&Adapter->Interrupts);
	return TRUE;
}

/* A message is nobody else's, whatever the status register says. */
static BOOLEAN EduMessageInterrupt(NDIS_HANDLE Context, ULONG MessageId,
				   PBOOLEAN QueueDefaultDpc,
				   PULONG TargetProcessors)
{
	PEDU_ADAPTER Adapter = Context;

	InterlockedOr(&Adapter->Status, EduAcknowledge(Adapter));
	InterlockedIncrement(&Adapter->Interrupts);
	*TargetProcessors = 0;
	*QueueDefaultDpc = TRUE;
	return TRUE;
}

static VOID EduDpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle,
		   PVOID Reserved)
{
	PEDU_ADAPTER Adapter = Context;

	/* What the ISRs saw since the last DPC; a NIC would now act on it. */
	InterlockedExchange(&Adapter->Status, 0);
	InterlockedIncrement(&Adapter->Dpcs);
}

static VOID EduMessageDpc(NDIS_HANDLE Context, ULONG MessageId,
			  PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
	EduDpc(Context, DpcContext, Throttle, Reserved);
}

/* The device has no mask. Acknowledged, it lets go of its line. */
static VOID EduDisable(NDIS_HANDLE Context)
{
	EduAcknowledge(Context);
}

static VOID EduEnable(NDIS_HANDLE Context)
{
	UNREFERENCED_PARAMETER(Context);
}

static VOID EduDisableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	EduDisable(Context);
}

static VOID EduEnableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	EduEnable(Context);
}

static NDIS_STATUS EduSetAttributes(PEDU_ADAPTER Adapter)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES Attributes = {
		.RegistrationAttributes = {
			.Header = {
				NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
				NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
				NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
			},
			.MiniportAdapterContext = Adapter,
			.AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE |
					  NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER,
			.InterfaceType = NdisInterfacePci,
		},
	};

	return NdisMSetMiniportAttributes(Adapter->Handle, &Attributes);
}

/* The registers are in the first memory resource. */
static NDIS_STATUS EduMap(PEDU_ADAPTER Adapter, PNDIS_RESOURCE_LIST Resources)
{
	ULONG i;

	for (i = 0; i < Resources->Count; i++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource;

		Resource = &Resources->PartialDescriptors[i];
		if (Resource->Type == CmResourceTypeMemory)
			return NdisMMapIoSpace((PVOID *)&Adapter->Registers,
					       Adapter->Handle,
					       Resource->u.Memory.Start,
					       sizeof(EDU_REGISTERS));
	}
	return NDIS_STATUS_RESOURCE_CONFLICT;
}

/* Handlers of both kinds: which are called is known only afterwards. */
static NDIS_STATUS EduRegisterInterrupt(PEDU_ADAPTER Adapter)
{
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Interrupt = {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
		.Header.Revision = NDIS_MINIPORT_INTERRUPT_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1,
		.InterruptHandler = EduInterrupt,
		.InterruptDpcHandler = EduDpc,
		.DisableInterruptHandler = EduDisable,
		.EnableInterruptHandler = EduEnable,
		.MsiSupported = TRUE,
		.MessageInterruptHandler = EduMessageInterrupt,
		.MessageInterruptDpcHandler = EduMessageDpc,
		.DisableMessageInterruptHandler = EduDisableMessage,
		.EnableMessageInterruptHandler = EduEnableMessage,
	};
	NDIS_STATUS Status;

	Status = NdisMRegisterInterruptEx(Adapter->Handle, Adapter, &Interrupt,
					  &Adapter->Interrupt);
	if (Status == NDIS_STATUS_SUCCESS &&
	    Interrupt.InterruptType == NDIS_CONNECT_MESSAGE_BASED)
		Adapter->Messages = Interrupt.MessageInfoTable;
	return Status;
}

static VOID EduFree(PEDU_ADAPTER Adapter)
{
	if (Adapter->Registers)
		NdisMUnmapIoSpace(Adapter->Handle, Adapter->Registers,
				  sizeof(EDU_REGISTERS));
	NdisFreeMemory(Adapter, sizeof(*Adapter), 0);
}

static NDIS_STATUS EduInitialize(NDIS_HANDLE Handle, NDIS_HANDLE DriverContext,
				 PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
	PEDU_ADAPTER Adapter;
	NDIS_STATUS Status;

	Adapter = NdisAllocateMemoryWithTagPriority(Handle, sizeof(*Adapter),
						    EDU_TAG, NormalPoolPriority);
	if (!Adapter)
		return NDIS_STATUS_RESOURCES;
	NdisZeroMemory(Adapter, sizeof(*Adapter));
	Adapter->Handle = Handle;

	Status = EduSetAttributes(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = EduMap(Adapter, Parameters->AllocatedResources);
	if (Status == NDIS_STATUS_SUCCESS) {
		EduAcknowledge(Adapter);
		Status = EduRegisterInterrupt(Adapter);
	}
	if (Status != NDIS_STATUS_SUCCESS) {
		EduFree(Adapter);
		return Status;
	}
	NdisAcquireSpinLock(&EduLock);
	InsertTailList(&EduAdapters, &Adapter->Link);
	NdisReleaseSpinLock(&EduLock);
	return NDIS_STATUS_SUCCESS;
}

static VOID EduHalt(NDIS_HANDLE AdapterContext, NDIS_HALT_ACTION Action)
{
	PEDU_ADAPTER Adapter = AdapterContext;

	NdisAcquireSpinLock(&EduLock);
	RemoveEntryList(&Adapter->Link);
	NdisReleaseSpinLock(&EduLock);

	EduDisable(Adapter);
	NdisMDeregisterInterruptEx(Adapter->Interrupt);
	EduFree(Adapter);
}

static VOID EduUnload(PDRIVER_OBJECT DriverObject)
{
	NdisMDeregisterMiniportDriver(EduDriver);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS Driver = {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
		.Header.Revision = NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
		.Header.Size = NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
		.MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
		.MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
		.InitializeHandlerEx = EduInitialize,
		.HaltHandlerEx = EduHalt,
		.UnloadHandler = EduUnload,
	};

	NdisAllocateSpinLock(&EduLock);
	InitializeListHead(&EduAdapters);
	return NdisMRegisterMiniportDriver(DriverObject, RegistryPath, NULL,
					   &Driver, &EduDriver);
}

/* An adapter by its number, with the lock that keeps it; or NULL. */
static PEDU_ADAPTER EduAcquireAdapter(ULONG Number)
{
	PLIST_ENTRY Link;

	NdisAcquireSpinLock(&EduLock);
	for (Link = EduAdapters.Flink; Link != &EduAdapters; Link = Link->Flink)
		if (Number-- == 0)
			return CONTAINING_RECORD(Link, EDU_ADAPTER, Link);
	NdisReleaseSpinLock(&EduLock);
	return NULL;
}

int SampleFire(unsigned int Number, unsigned int MessageId)
{
	PEDU_ADAPTER Adapter = MessageId ? NULL : EduAcquireAdapter(Number);

	if (!Adapter)
		return 0;
	NdisWriteRegisterUlong(&Adapter->Registers->InterruptRaise, 1);
	NdisReleaseSpinLock(&EduLock);
	return 1;
}

int SampleQuery(unsigned int Number, unsigned int MessageId,
		SAMPLE_MESSAGE *Message)
{
	PEDU_ADAPTER Adapter = MessageId ? NULL : EduAcquireAdapter(Number);

	if (!Adapter)
		return 0;
	SampleDescribe(Message, Adapter->Messages, MessageId);
	Message->Interrupts = Adapter->Interrupts;
	Message->Dpcs = Adapter->Dpcs;
	NdisReleaseSpinLock(&EduLock);
	return 1;
}

/*
 * No interrupt is asked for at the end, so that the one which the transfer
 * itself may be raising stays alone.
 */
int EduDma(unsigned int Command, unsigned long long Address, unsigned int Data)
{
	PEDU_ADAPTER Adapter = EduAcquireAdapter(0);
	PEDU_REGISTERS Registers;
	ULONG64 Source = EDU_BUFFER;
	BOOLEAN Idle;

	if (!Adapter)
		return 0;
	Registers = Adapter->Registers;
	Idle = !(READ_REGISTER_ULONG64(&Registers->DmaCommand) & EDU_DMA_RUN);
	if (Idle && !(Command & EDU_DMA_TO_MEMORY)) {
		Adapter->DmaData = Data;
		Source = MmGetPhysicalAddress(&Adapter->DmaData).QuadPart;
		Address = EDU_BUFFER;
	}
	if (Idle && Command) {
		WRITE_REGISTER_ULONG64(&Registers->DmaSource, Source);
		WRITE_REGISTER_ULONG64(&Registers->DmaDestination, Address);
		WRITE_REGISTER_ULONG64(&Registers->DmaCount, sizeof(Data));
		WRITE_REGISTER_ULONG64(&Registers->DmaCommand, Command);
	}
	NdisReleaseSpinLock(&EduLock);
	return Idle;
}
