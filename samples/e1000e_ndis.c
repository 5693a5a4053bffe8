// SPDX-License-Identifier: GPL-2.0-only
/*
 * NDIS 6 miniport for the Intel 82574L (QEMU's "e1000e") and its five MSI-X
 * messages, one for each cause. With fewer messages, or a line, causes share.
 *
 * Different messages interrupt at the same time on different CPUs, so what an
 * ISR and a DPC touch is kept per message. The ISR masks, the DPC unmasks.
 */
#include "sample_ndis.h"

#define E1000_TAG		0x30303145	/* 'E100' */
#define E1000_CTRL_EXT		0x18
#define E1000_ICR		0xC0	/* causes; a 1 written clears */
#define E1000_ICS		0xC8	/* raise */
#define E1000_IMS		0xD0	/* unmask */
#define E1000_IMC		0xD8	/* mask */
#define E1000_IVAR		0xE4	/* from cause to message */
#define E1000_REGISTERS_SIZE	0x1000

#define E1000_CTRL_EXT_PBA	0x80000000U
#define E1000_IVAR_VALID	0x8

/* Receive queues 0 and 1, transmit queues 0 and 1, others */
#define E1000_CAUSES		5
#define E1000_CAUSE(n)		(1U << (20 + (n)))
#define E1000_ALL_CAUSES	0x1F00000U

typedef struct _E1000_MESSAGE {
	ULONG Causes;
	ULONG Interrupts;
	ULONG Dpcs;
} E1000_MESSAGE, *PE1000_MESSAGE;

typedef struct _E1000_ADAPTER {
	LIST_ENTRY Link;
	NDIS_HANDLE Handle;
	NDIS_HANDLE Interrupt;
	PIO_INTERRUPT_MESSAGE_INFO Table;	/* NULL with a line */
	PUCHAR Registers;
	ULONG MessageCount;			/* 1 with a line */
	E1000_MESSAGE Messages[E1000_CAUSES];
} E1000_ADAPTER, *PE1000_ADAPTER;

DRIVER_INITIALIZE DriverEntry;
static MINIPORT_INITIALIZE E1000Initialize;
static MINIPORT_HALT E1000Halt;
static MINIPORT_UNLOAD E1000Unload;
static MINIPORT_ISR E1000Interrupt;
static MINIPORT_INTERRUPT_DPC E1000Dpc;
static MINIPORT_DISABLE_INTERRUPT E1000Disable;
static MINIPORT_ENABLE_INTERRUPT E1000Enable;
static MINIPORT_MESSAGE_INTERRUPT E1000MessageInterrupt;
static MINIPORT_MESSAGE_INTERRUPT_DPC E1000MessageDpc;
static MINIPORT_DISABLE_MESSAGE_INTERRUPT E1000DisableMessage;
static MINIPORT_ENABLE_MESSAGE_INTERRUPT E1000EnableMessage;

static NDIS_HANDLE E1000Driver;
static NDIS_SPIN_LOCK E1000Lock;
static LIST_ENTRY E1000Adapters;

static ULONG E1000Read(PE1000_ADAPTER Adapter, ULONG Register)
{
	ULONG Value;

	NdisReadRegisterUlong(Adapter->Registers + Register, &Value);
	return Value;
}

static VOID E1000Write(PE1000_ADAPTER Adapter, ULONG Register, ULONG Value)
{
	NdisWriteRegisterUlong(Adapter->Registers + Register, Value);
}

static VOID E1000DisableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	PE1000_ADAPTER Adapter = Context;

	E1000Write(Adapter, E1000_IMC, Adapter->Messages[MessageId].Causes);
}

static VOID E1000EnableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	PE1000_ADAPTER Adapter = Context;

	E1000Write(Adapter, E1000_IMS, Adapter->Messages[MessageId].Causes);
}

static VOID E1000Disable(NDIS_HANDLE Context)
{
	E1000DisableMessage(Context, 0);
}

static VOID E1000Enable(NDIS_HANDLE Context)
{
	E1000EnableMessage(Context, 0);
}

/* Reading the causes also clears them, and lets go of the line. */
static BOOLEAN E1000Interrupt(NDIS_HANDLE Context, PBOOLEAN QueueDefaultDpc,
			      PULONG TargetProcessors)
{
	PE1000_ADAPTER Adapter = Context;
	ULONG Causes = E1000Read(Adapter, E1000_ICR);

	*TargetProcessors = 0;
	*QueueDefaultDpc = (Causes & Adapter->Messages[0].Causes) != 0;
	if (*QueueDefaultDpc) {
		E1000Disable(Adapter);
		Adapter->Messages[0].Interrupts++;
	}
	return *QueueDefaultDpc;
}

static BOOLEAN E1000MessageInterrupt(NDIS_HANDLE Context, ULONG MessageId,
				     PBOOLEAN QueueDefaultDpc,
				     PULONG TargetProcessors)
{
	PE1000_ADAPTER Adapter = Context;
	PE1000_MESSAGE Message = &Adapter->Messages[MessageId];

	E1000DisableMessage(Adapter, MessageId);
	E1000Write(Adapter, E1000_ICR, Message->Causes);
	Message->Interrupts++;
	*TargetProcessors = 0;
	*QueueDefaultDpc = TRUE;
	return TRUE;
}

/* A NIC would now look at the queue that the message stands for. */
static VOID E1000MessageDpc(NDIS_HANDLE Context, ULONG MessageId,
			    PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
	PE1000_ADAPTER Adapter = Context;

	Adapter->Messages[MessageId].Dpcs++;
	E1000EnableMessage(Adapter, MessageId);
}

static VOID E1000Dpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle,
		     PVOID Reserved)
{
	E1000MessageDpc(Context, 0, DpcContext, Throttle, Reserved);
}

static NDIS_STATUS E1000SetAttributes(PE1000_ADAPTER Adapter)
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

/* The registers are in the first memory; each message is a resource. */
static NDIS_STATUS E1000UseResources(PE1000_ADAPTER Adapter,
				     PNDIS_RESOURCE_LIST Resources)
{
	NDIS_STATUS Status = NDIS_STATUS_RESOURCE_CONFLICT;
	PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource;
	ULONG Messages = 0;
	ULONG i;

	for (i = 0; i < Resources->Count; i++) {
		Resource = &Resources->PartialDescriptors[i];
		if (Resource->Type == CmResourceTypeMemory && !Adapter->Registers)
			Status = NdisMMapIoSpace((PVOID *)&Adapter->Registers,
						 Adapter->Handle,
						 Resource->u.Memory.Start,
						 E1000_REGISTERS_SIZE);
		else if (Resource->Type == CmResourceTypeInterrupt &&
			 Resource->Flags & CM_RESOURCE_INTERRUPT_MESSAGE)
			Messages++;
	}
	Adapter->MessageCount = Messages ? Messages : 1;
	return Status;
}

static VOID E1000Route(PE1000_ADAPTER Adapter)
{
	ULONG Ivar = 0;
	ULONG Id, n;

	E1000Write(Adapter, E1000_IMC, ~0U);
	E1000Write(Adapter, E1000_ICR, ~0U);
	for (n = 0; n < E1000_CAUSES; n++) {
		Id = n % Adapter->MessageCount;
		Adapter->Messages[Id].Causes |= E1000_CAUSE(n);
		Ivar |= (E1000_IVAR_VALID | Id) << (4 * n);
	}
	E1000Write(Adapter, E1000_IVAR, Ivar);
	E1000Write(Adapter, E1000_CTRL_EXT,
		   E1000Read(Adapter, E1000_CTRL_EXT) | E1000_CTRL_EXT_PBA);
}

/* Handlers of both kinds: which are called is known only afterwards. */
static NDIS_STATUS E1000RegisterInterrupt(PE1000_ADAPTER Adapter)
{
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Interrupt = {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
		.Header.Revision = NDIS_MINIPORT_INTERRUPT_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1,
		.InterruptHandler = E1000Interrupt,
		.InterruptDpcHandler = E1000Dpc,
		.DisableInterruptHandler = E1000Disable,
		.EnableInterruptHandler = E1000Enable,
		.MsiSupported = TRUE,
		.MessageInterruptHandler = E1000MessageInterrupt,
		.MessageInterruptDpcHandler = E1000MessageDpc,
		.DisableMessageInterruptHandler = E1000DisableMessage,
		.EnableMessageInterruptHandler = E1000EnableMessage,
	};
	NDIS_STATUS Status;

	Status = NdisMRegisterInterruptEx(Adapter->Handle, Adapter, &Interrupt,
					  &Adapter->Interrupt);
	if (Status == NDIS_STATUS_SUCCESS &&
	    Interrupt.InterruptType == NDIS_CONNECT_MESSAGE_BASED)
		Adapter->Table = Interrupt.MessageInfoTable;
	return Status;
}

static VOID E1000Free(PE1000_ADAPTER Adapter)
{
	if (Adapter->Registers)
		NdisMUnmapIoSpace(Adapter->Handle, Adapter->Registers,
				  E1000_REGISTERS_SIZE);
	NdisFreeMemory(Adapter, sizeof(*Adapter), 0);
}

static NDIS_STATUS E1000Initialize(NDIS_HANDLE Handle, NDIS_HANDLE Context,
				   PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
	PE1000_ADAPTER Adapter;
	NDIS_STATUS Status;

	Adapter = NdisAllocateMemoryWithTagPriority(Handle, sizeof(*Adapter),
						    E1000_TAG, NormalPoolPriority);
	if (!Adapter)
		return NDIS_STATUS_RESOURCES;
	NdisZeroMemory(Adapter, sizeof(*Adapter));
	Adapter->Handle = Handle;

	Status = E1000SetAttributes(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = E1000UseResources(Adapter,
					   Parameters->AllocatedResources);
	if (Status == NDIS_STATUS_SUCCESS) {
		E1000Route(Adapter);
		Status = E1000RegisterInterrupt(Adapter);
	}
	if (Status != NDIS_STATUS_SUCCESS) {
		E1000Free(Adapter);
		return Status;
	}
	E1000Write(Adapter, E1000_IMS, E1000_ALL_CAUSES);
	NdisAcquireSpinLock(&E1000Lock);
	InsertTailList(&E1000Adapters, &Adapter->Link);
	NdisReleaseSpinLock(&E1000Lock);
	return NDIS_STATUS_SUCCESS;
}

static VOID E1000Halt(NDIS_HANDLE AdapterContext, NDIS_HALT_ACTION Action)
{
	PE1000_ADAPTER Adapter = AdapterContext;

	NdisAcquireSpinLock(&E1000Lock);
	RemoveEntryList(&Adapter->Link);
	NdisReleaseSpinLock(&E1000Lock);

	E1000Write(Adapter, E1000_IMC, ~0U);
	NdisMDeregisterInterruptEx(Adapter->Interrupt);
	E1000Free(Adapter);
}

static VOID E1000Unload(PDRIVER_OBJECT DriverObject)
{
	NdisMDeregisterMiniportDriver(E1000Driver);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS Driver = {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
		.Header.Revision = NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
		.Header.Size = NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
		.MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
		.MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
		.InitializeHandlerEx = E1000Initialize,
		.HaltHandlerEx = E1000Halt,
		.UnloadHandler = E1000Unload,
	};

	NdisAllocateSpinLock(&E1000Lock);
	InitializeListHead(&E1000Adapters);
	return NdisMRegisterMiniportDriver(DriverObject, RegistryPath, NULL,
					   &Driver, &E1000Driver);
}

/* An adapter that has this message, with the lock that keeps it; or NULL. */
static PE1000_ADAPTER E1000AcquireAdapter(ULONG Number, ULONG MessageId)
{
	PE1000_ADAPTER Adapter;
	PLIST_ENTRY Link;

	NdisAcquireSpinLock(&E1000Lock);
	for (Link = E1000Adapters.Flink; Link != &E1000Adapters; Link = Link->Flink) {
		Adapter = CONTAINING_RECORD(Link, E1000_ADAPTER, Link);
		if (Number-- == 0 && MessageId < Adapter->MessageCount)
			return Adapter;
	}
	NdisReleaseSpinLock(&E1000Lock);
	return NULL;
}

/* One cause is enough: several of them might interrupt several times. */
int SampleFire(unsigned int Number, unsigned int MessageId)
{
	PE1000_ADAPTER Adapter = E1000AcquireAdapter(Number, MessageId);

	if (!Adapter)
		return 0;
	E1000Write(Adapter, E1000_ICS, E1000_CAUSE(MessageId));
	NdisReleaseSpinLock(&E1000Lock);
	return 1;
}

int SampleQuery(unsigned int Number, unsigned int MessageId,
		SAMPLE_MESSAGE *Message)
{
	PE1000_ADAPTER Adapter = E1000AcquireAdapter(Number, MessageId);

	if (!Adapter)
		return 0;
	SampleDescribe(Message, Adapter->Table, MessageId);
	Message->Interrupts = Adapter->Messages[MessageId].Interrupts;
	Message->Dpcs = Adapter->Messages[MessageId].Dpcs;
	NdisReleaseSpinLock(&E1000Lock);
	return 1;
}
