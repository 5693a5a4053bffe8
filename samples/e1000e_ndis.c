// SPDX-License-Identifier: GPL-2.0-only
/*
 * NDIS 6 miniport for the Intel 82574L (QEMU's "e1000e") and its five MSI-X
 * messages, one for each cause. With fewer messages, or a line, causes share.
 *
 * Different messages interrupt at the same time on different CPUs, so what an
 * ISR and a DPC touch is kept per message. The ISR masks, the last DPC unmasks.
 *
 * Each cause has a queue of packets, and each queue a processor, as with receive-side
 * scaling. A DPC indicates no more packets than it may, and is called again for the
 * rest; what belongs to another processor it leaves to a DPC that it queues there.
 */
#include "e1000e.h"
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
#define E1000_GONE		0xFFFFFFFFU	/* every register of one that is */

typedef struct _E1000_MESSAGE {
	ULONG Causes;
	ULONG Interrupts;
	ULONG Dpcs;
} E1000_MESSAGE, *PE1000_MESSAGE;

/* What a real one has in memory is a number here. */
typedef struct _E1000_QUEUE {
	ULONG Processor;
	LONG Arrived;
	ULONG Packets;
	ULONG Recalls;
	ULONG Moves;
} E1000_QUEUE, *PE1000_QUEUE;

typedef struct _E1000_ADAPTER {
	LIST_ENTRY Link;
	NDIS_HANDLE Handle;
	NDIS_HANDLE Interrupt;
	PIO_INTERRUPT_MESSAGE_INFO Table;	/* NULL with a line */
	PUCHAR Registers;
	ULONG MessageCount;			/* 1 with a line */
	E1000_MESSAGE Messages[E1000_CAUSES];
	E1000_QUEUE Queues[E1000_CAUSES];
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

/*
 * Reading the causes also clears them, and lets go of the line. A device that has
 * been pulled out has none.
 */
static BOOLEAN E1000Interrupt(NDIS_HANDLE Context, PBOOLEAN QueueDefaultDpc,
			      PULONG TargetProcessors)
{
	PE1000_ADAPTER Adapter = Context;
	ULONG Causes = E1000Read(Adapter, E1000_ICR);

	*TargetProcessors = 0;
	*QueueDefaultDpc = Causes != E1000_GONE &&
			   (Causes & Adapter->Messages[0].Causes) != 0;
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

/* A processor that has gone offline leaves its queue to whoever comes by. */
static BOOLEAN E1000IsHere(PE1000_QUEUE Queue)
{
	PROCESSOR_NUMBER Number;

	return Queue->Processor == NdisCurrentProcessorIndex() ||
	       NdisProcessorIndexToNumber(Queue->Processor, &Number) != NDIS_STATUS_SUCCESS;
}

/*
 * Indicate what has arrived. TRUE when the budget was too small for that. What
 * arrives meanwhile interrupts, once it may.
 */
static BOOLEAN E1000Indicate(PE1000_QUEUE Queue, PULONG Budget)
{
	LONG Arrived = InterlockedExchangeAdd(&Queue->Arrived, 0);
	LONG Count = (ULONG)Arrived > *Budget ? (LONG)*Budget : Arrived;

	*Budget -= Count;
	Queue->Packets += Count;
	InterlockedExchangeAdd(&Queue->Arrived, -Count);
	if (Count == Arrived)
		return FALSE;
	Queue->Recalls++;
	return TRUE;
}

/* The queues of a message that belong to this processor. */
static BOOLEAN E1000IndicateHere(PE1000_ADAPTER Adapter, PE1000_MESSAGE Message,
				 ULONG Budget)
{
	BOOLEAN More = FALSE;
	ULONG n;

	for (n = 0; n < E1000_CAUSES; n++)
		if (Message->Causes & E1000_CAUSE(n) && Adapter->Queues[n].Arrived &&
		    E1000IsHere(&Adapter->Queues[n]))
			More |= E1000Indicate(&Adapter->Queues[n], &Budget);
	return More;
}

/* Where the DPC of a queue runs: here, when its processor has gone offline. */
static VOID E1000Locate(PE1000_QUEUE Queue, PGROUP_AFFINITY Affinity)
{
	PROCESSOR_NUMBER Number;

	if (NdisProcessorIndexToNumber(Queue->Processor, &Number) != NDIS_STATUS_SUCCESS)
		NdisProcessorIndexToNumber(NdisCurrentProcessorIndex(), &Number);
	NdisZeroMemory(Affinity, sizeof(*Affinity));
	Affinity->Group = Number.Group;
	Affinity->Mask = (KAFFINITY)1 << Number.Number;
}

/*
 * Not queued is a DPC that is pending there already, or whose processor has gone
 * offline just now: then it is to be here.
 */
static VOID E1000MoveTo(PE1000_ADAPTER Adapter, ULONG MessageId, PE1000_QUEUE Queue)
{
	GROUP_AFFINITY Affinity;

	Queue->Moves++;
	E1000Locate(Queue, &Affinity);
	if (NdisMQueueDpcEx(Adapter->Interrupt, MessageId, &Affinity, NULL))
		return;
	E1000Locate(Queue, &Affinity);
	NdisMQueueDpcEx(Adapter->Interrupt, MessageId, &Affinity, NULL);
}

/*
 * To the processor of a queue that has packets; FALSE when there is none but this
 * one, where what has just arrived is about to interrupt.
 */
static BOOLEAN E1000MoveOn(PE1000_ADAPTER Adapter, ULONG MessageId)
{
	PE1000_MESSAGE Message = &Adapter->Messages[MessageId];
	ULONG n;

	for (n = 0; n < E1000_CAUSES; n++) {
		if (Message->Causes & E1000_CAUSE(n) && Adapter->Queues[n].Arrived &&
		    !E1000IsHere(&Adapter->Queues[n])) {
			E1000MoveTo(Adapter, MessageId, &Adapter->Queues[n]);
			return TRUE;
		}
	}
	return FALSE;
}

static VOID E1000MessageDpc(NDIS_HANDLE Context, ULONG MessageId,
			    PVOID DpcContext, PVOID ReceiveThrottleParameters,
			    PVOID Reserved)
{
	PNDIS_RECEIVE_THROTTLE_PARAMETERS Throttle = ReceiveThrottleParameters;
	PE1000_ADAPTER Adapter = Context;
	PE1000_MESSAGE Message = &Adapter->Messages[MessageId];

	Message->Dpcs++;
	if (E1000IndicateHere(Adapter, Message, Throttle->MaxNblsToIndicate))
		Throttle->MoreNblsPending = 1;
	else if (!E1000MoveOn(Adapter, MessageId))
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

/* Each cause to a message, each queue to a processor; with fewer of them, they share. */
static VOID E1000Route(PE1000_ADAPTER Adapter)
{
	ULONG Processors = NdisSystemProcessorCount();
	ULONG Ivar = 0;
	ULONG Id, n;

	E1000Write(Adapter, E1000_IMC, ~0U);
	E1000Write(Adapter, E1000_ICR, ~0U);
	for (n = 0; n < E1000_CAUSES; n++) {
		Id = n % Adapter->MessageCount;
		Adapter->Messages[Id].Causes |= E1000_CAUSE(n);
		Adapter->Queues[n].Processor = n % Processors;
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

/* Until deregistration has ended a DPC may unmask, so the device is masked twice. */
static VOID E1000Halt(NDIS_HANDLE AdapterContext, NDIS_HALT_ACTION Action)
{
	PE1000_ADAPTER Adapter = AdapterContext;

	NdisAcquireSpinLock(&E1000Lock);
	RemoveEntryList(&Adapter->Link);
	NdisReleaseSpinLock(&E1000Lock);

	E1000Write(Adapter, E1000_IMC, ~0U);
	NdisMDeregisterInterruptEx(Adapter->Interrupt);
	E1000Write(Adapter, E1000_IMC, ~0U);
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

int E1000Receive(unsigned int Queue, unsigned int Count)
{
	PE1000_ADAPTER Adapter = E1000AcquireAdapter(0, 0);

	if (!Adapter)
		return 0;
	if (Queue < E1000_CAUSES) {
		InterlockedExchangeAdd(&Adapter->Queues[Queue].Arrived, Count);
		E1000Write(Adapter, E1000_ICS, E1000_CAUSE(Queue));
	}
	NdisReleaseSpinLock(&E1000Lock);
	return Queue < E1000_CAUSES;
}

int E1000QueryQueue(unsigned int Queue, E1000_QUEUE_STATE *State)
{
	PE1000_ADAPTER Adapter = E1000AcquireAdapter(0, 0);

	if (!Adapter)
		return 0;
	if (Queue < E1000_CAUSES) {
		State->Processor = Adapter->Queues[Queue].Processor;
		State->Packets = Adapter->Queues[Queue].Packets;
		State->Recalls = Adapter->Queues[Queue].Recalls;
		State->Moves = Adapter->Queues[Queue].Moves;
	}
	NdisReleaseSpinLock(&E1000Lock);
	return Queue < E1000_CAUSES;
}
