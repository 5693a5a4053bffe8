// SPDX-License-Identifier: GPL-2.0-only
/*
 * An NDIS miniport for the 82574L that works the same whatever interrupts it is
 * granted: five messages, fewer, one, or a line.
 *
 * Each cause of the device has a queue. Packets that arrive in one are a number
 * that is added to it, and the device raises the cause. The ISR masks; its DPC
 * indicates no more than it may, is called again until the queues of its message
 * are empty, and then has another CPU unmask.
 */
#include "grants_ndis.h"

#define E1000_CTRL_EXT_PBA	0x80000000U
#define E1000_IVAR_VALID	0x8U
#define E1000_CAUSE(n)		(1U << (20 + (n)))
#define E1000_ALL_CAUSES	0x1F00000U

/* So long a wait fails a test. */
#define GRANTS_PATIENCE		5000

DRIVER_INITIALIZE DriverEntry;
static MINIPORT_INITIALIZE GrantsInitialize;
static MINIPORT_HALT GrantsHalt;
static MINIPORT_UNLOAD GrantsUnload;
static MINIPORT_ISR GrantsInterrupt;
static MINIPORT_INTERRUPT_DPC GrantsDpc;
static MINIPORT_DISABLE_INTERRUPT GrantsDisable;
static MINIPORT_ENABLE_INTERRUPT GrantsEnable;
static MINIPORT_MESSAGE_INTERRUPT GrantsMessageInterrupt;
static MINIPORT_MESSAGE_INTERRUPT_DPC GrantsMessageDpc;
static MINIPORT_DISABLE_MESSAGE_INTERRUPT GrantsDisableMessage;
static MINIPORT_ENABLE_MESSAGE_INTERRUPT GrantsEnableMessage;
static MINIPORT_SYNCHRONIZE_INTERRUPT GrantsUnmask;
static MINIPORT_SYNCHRONIZE_INTERRUPT GrantsReply;

GRANTS Grants;

static NDIS_HANDLE GrantsDriver;
static PGRANTS_ADAPTER GrantsAdapter;

static VOID GrantsExpect(BOOLEAN Condition)
{
	if (!Condition)
		InterlockedIncrement((LONG *)&Grants.Bad);
}

static VOID GrantsDisableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	PGRANTS_ADAPTER Adapter = Context;

	GrantsWrite(Adapter, E1000_IMC, Adapter->Messages[MessageId].Causes);
}

static VOID GrantsEnableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	PGRANTS_ADAPTER Adapter = Context;

	GrantsWrite(Adapter, E1000_IMS, Adapter->Messages[MessageId].Causes);
}

static VOID GrantsDisable(NDIS_HANDLE Context)
{
	GrantsDisableMessage(Context, 0);
}

static VOID GrantsEnable(NDIS_HANDLE Context)
{
	GrantsEnableMessage(Context, 0);
}

/* What an ISR of either kind does when the interrupt is its own. */
static VOID GrantsNoteInterrupt(PGRANTS_MESSAGE Message, PBOOLEAN QueueDefaultDpc)
{
	GrantsExpect(KeGetCurrentIrql() > DISPATCH_LEVEL);
	InterlockedIncrement((LONG *)&Grants.Interrupts);
	Message->Processor = KeGetCurrentProcessorNumberEx(NULL);
	*QueueDefaultDpc = TRUE;
}

/* Reading the causes also clears them, and lets go of the line. */
static BOOLEAN GrantsInterrupt(NDIS_HANDLE Context, PBOOLEAN QueueDefaultDpc,
			       PULONG TargetProcessors)
{
	PGRANTS_ADAPTER Adapter = Context;

	*TargetProcessors = 0;
	*QueueDefaultDpc = FALSE;
	if (!(GrantsRead(Adapter, E1000_ICR) & E1000_ALL_CAUSES))
		return FALSE;
	GrantsDisable(Adapter);
	GrantsNoteInterrupt(&Adapter->Messages[0], QueueDefaultDpc);
	return TRUE;
}

/*
 * The device may hold a message back for a while, and send it again later on; so
 * its causes are looked at, in the register whose reading clears nothing.
 */
static BOOLEAN GrantsMessageInterrupt(NDIS_HANDLE Context, ULONG MessageId,
				      PBOOLEAN QueueDefaultDpc, PULONG TargetProcessors)
{
	PGRANTS_ADAPTER Adapter = Context;
	PGRANTS_MESSAGE Message = &Adapter->Messages[MessageId];

	*TargetProcessors = 0;
	*QueueDefaultDpc = FALSE;
	if (!(GrantsRead(Adapter, E1000_ICS) & Message->Causes))
		return TRUE;
	GrantsDisableMessage(Adapter, MessageId);
	GrantsWrite(Adapter, E1000_ICR, Message->Causes);
	GrantsNoteInterrupt(Message, QueueDefaultDpc);
	return TRUE;
}

/* Indicate what a queue has, but not more than that; what it has left. */
static LONG GrantsIndicate(PGRANTS_MESSAGE Message, ULONG Cause, PULONG Budget)
{
	PLONG Queue = &Message->Adapter->Queues[Cause];
	LONG Count = InterlockedExchangeAdd(Queue, 0);
	LONG Left;

	if (!Count)
		return 0;
	if ((ULONG)Count > *Budget)
		Count = *Budget;
	*Budget -= Count;
	InterlockedExchangeAdd((LONG *)&Grants.Packets[Cause], Count);
	Left = InterlockedExchangeAdd(Queue, -Count) - Count;
	if (Count && !Left)
		InterlockedIncrement(&Message->Emptied);
	return Left;
}

static BOOLEAN GrantsIndicateAll(PGRANTS_MESSAGE Message, ULONG Budget)
{
	LONG Left = 0;
	ULONG n;

	for (n = 0; n < GRANTS_CAUSES; n++)
		if (Message->Causes & E1000_CAUSE(n))
			Left += GrantsIndicate(Message, n, &Budget);
	return Left == 0;
}

/* In place of the ISR, so that it does not run between. */
static BOOLEAN GrantsUnmask(NDIS_HANDLE Context)
{
	PGRANTS_MESSAGE Message = Context;

	GrantsExpect(KeGetCurrentIrql() > DISPATCH_LEVEL);
	GrantsEnableMessage(Message->Adapter, Message->Id);
	return TRUE;
}

/* The last DPC of an interrupt, on the CPU that the first one chose. */
static VOID GrantsMovedDpc(PGRANTS_MESSAGE Message)
{
	PGRANTS_ADAPTER Adapter = Message->Adapter;
	LONG Emptied = InterlockedExchange(&Message->Emptied, 0);

	GrantsExpect(KeGetCurrentProcessorNumberEx(NULL) == Message->Target);
	InterlockedIncrement((LONG *)&Grants.Moved);
	GrantsExpect(NdisMSynchronizeWithInterruptEx(Adapter->Interrupt, Message->Id,
						     GrantsUnmask, Message));
	if (Emptied && InterlockedExchangeAdd(&Adapter->Left, -Emptied) == Emptied)
		NdisSetEvent(&Adapter->Empty);
}

/* The next CPU; where there is one, the same. */
static VOID GrantsMoveOn(PGRANTS_MESSAGE Message)
{
	GROUP_AFFINITY Affinity = { 0 };
	PROCESSOR_NUMBER Number;

	Message->Target = (NdisCurrentProcessorIndex() + 1) % NdisSystemProcessorCount();
	NdisProcessorIndexToNumber(Message->Target, &Number);
	Affinity.Group = Number.Group;
	Affinity.Mask = (KAFFINITY)1 << Number.Number;
	GrantsExpect(NdisMQueueDpcEx(Message->Adapter->Interrupt, Message->Id, &Affinity,
				     Message) == Affinity.Mask);
}

static VOID GrantsAskedDpc(PGRANTS_ASKED Asked)
{
	PROCESSOR_NUMBER Number;

	KeGetCurrentProcessorNumberEx(&Number);
	GrantsExpect(Number.Group == Asked->Group);
	InterlockedOr64(&Asked->Ran, (LONG64)1 << Number.Number);
}

static VOID GrantsMessageDpc(NDIS_HANDLE Context, ULONG MessageId, PVOID DpcContext,
			     PVOID ReceiveThrottleParameters, PVOID NdisReserved2)
{
	PNDIS_RECEIVE_THROTTLE_PARAMETERS Throttle = ReceiveThrottleParameters;
	PGRANTS_ADAPTER Adapter = Context;
	PGRANTS_MESSAGE Message = &Adapter->Messages[MessageId];

	GrantsExpect(KeGetCurrentIrql() == DISPATCH_LEVEL);
	GrantsExpect(Throttle->MaxNblsToIndicate == GRANTS_BUDGET &&
		     !Throttle->MoreNblsPending);
	if (DpcContext == &Adapter->Asked) {
		GrantsAskedDpc(DpcContext);
		return;
	}
	if (DpcContext) {
		GrantsExpect(DpcContext == Message);
		GrantsMovedDpc(Message);
		return;
	}
	GrantsExpect(KeGetCurrentProcessorNumberEx(NULL) == Message->Processor);
	InterlockedIncrement((LONG *)&Grants.Dpcs);
	if (Message->Recall)
		InterlockedIncrement((LONG *)&Grants.Recalls);
	Message->Recall = !GrantsIndicateAll(Message, Throttle->MaxNblsToIndicate);
	if (Message->Recall)
		Throttle->MoreNblsPending = 1;
	else
		GrantsMoveOn(Message);
}

static VOID GrantsDpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID ReceiveThrottleParameters,
		      PVOID NdisReserved2)
{
	GrantsMessageDpc(Context, 0, DpcContext, ReceiveThrottleParameters, NdisReserved2);
}

static NDIS_STATUS GrantsSetAttributes(PGRANTS_ADAPTER Adapter)
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

static NDIS_STATUS GrantsUseResources(PGRANTS_ADAPTER Adapter, PNDIS_RESOURCE_LIST Resources)
{
	NDIS_STATUS Status = NDIS_STATUS_RESOURCE_CONFLICT;
	PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource;
	ULONG Messages = 0;
	ULONG i;

	for (i = 0; i < Resources->Count; i++) {
		Resource = &Resources->PartialDescriptors[i];
		if (Resource->Type == CmResourceTypeMemory && !Adapter->Registers) {
			Status = NdisMMapIoSpace((PVOID *)&Adapter->Registers, Adapter->Handle,
						 Resource->u.Memory.Start, E1000_REGISTERS_SIZE);
		} else if (Resource->Type == CmResourceTypePort) {
			Adapter->FirstPort = Resource->u.Port.Start.LowPart;
			Adapter->PortCount = Resource->u.Port.Length;
		} else if (Resource->Type == CmResourceTypeInterrupt &&
			   Resource->Flags & CM_RESOURCE_INTERRUPT_MESSAGE) {
			Messages++;
		}
	}
	Adapter->MessageCount = Messages ? Messages : 1;
	return Status;
}

/* From each cause to a message; with fewer of these, causes share. */
static VOID GrantsRoute(PGRANTS_ADAPTER Adapter)
{
	ULONG Ivar = 0;
	ULONG Id, n;

	for (n = 0; n < GRANTS_CAUSES; n++) {
		Id = n % Adapter->MessageCount;
		Adapter->Messages[Id].Adapter = Adapter;
		Adapter->Messages[Id].Id = Id;
		Adapter->Messages[Id].Causes |= E1000_CAUSE(n);
		Ivar |= (E1000_IVAR_VALID | Id) << (4 * n);
	}
	GrantsWrite(Adapter, E1000_IVAR, Ivar);
	GrantsWrite(Adapter, E1000_CTRL_EXT,
		    GrantsRead(Adapter, E1000_CTRL_EXT) | E1000_CTRL_EXT_PBA);
}

static NDIS_STATUS GrantsRegisterInterrupt(PGRANTS_ADAPTER Adapter)
{
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Interrupt = {
		.Header = {
			NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
			NDIS_MINIPORT_INTERRUPT_REVISION_1,
			NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1,
		},
		.InterruptHandler = GrantsInterrupt,
		.InterruptDpcHandler = GrantsDpc,
		.DisableInterruptHandler = GrantsDisable,
		.EnableInterruptHandler = GrantsEnable,
		.MsiSupported = TRUE,
		.MessageInterruptHandler = GrantsMessageInterrupt,
		.MessageInterruptDpcHandler = GrantsMessageDpc,
		.DisableMessageInterruptHandler = GrantsDisableMessage,
		.EnableMessageInterruptHandler = GrantsEnableMessage,
	};
	NDIS_STATUS Status = NdisMRegisterInterruptEx(Adapter->Handle, Adapter, &Interrupt,
						      &Adapter->Interrupt);

	Grants.MessageBased = Interrupt.InterruptType == NDIS_CONNECT_MESSAGE_BASED;
	Grants.Messages = Adapter->MessageCount;
	if (Status == NDIS_STATUS_SUCCESS && Grants.MessageBased)
		GrantsExpect(Interrupt.MessageInfoTable->MessageCount == Adapter->MessageCount);
	return Status;
}

static VOID GrantsSilence(PGRANTS_ADAPTER Adapter)
{
	GrantsWrite(Adapter, E1000_IMC, ~0U);
	GrantsWrite(Adapter, E1000_ICR, ~0U);
}

static VOID GrantsFree(PGRANTS_ADAPTER Adapter)
{
	if (Adapter->Registers)
		NdisMUnmapIoSpace(Adapter->Handle, Adapter->Registers, E1000_REGISTERS_SIZE);
	NdisFreeMemory(Adapter, sizeof(*Adapter), 0);
}

static NDIS_STATUS GrantsStart(PGRANTS_ADAPTER Adapter, PNDIS_RESOURCE_LIST Resources)
{
	NDIS_STATUS Status = GrantsUseResources(Adapter, Resources);

	if (Status != NDIS_STATUS_SUCCESS)
		return Status;
	GrantsSilence(Adapter);
	GrantsTryParts(Adapter);
	GrantsSilence(Adapter);
	GrantsRoute(Adapter);
	Status = GrantsRegisterInterrupt(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		GrantsWrite(Adapter, E1000_IMS, E1000_ALL_CAUSES);
	return Status;
}

static NDIS_STATUS GrantsInitialize(NDIS_HANDLE Handle, NDIS_HANDLE Context,
				    PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
	PGRANTS_ADAPTER Adapter;
	NDIS_STATUS Status;

	NdisZeroMemory(&Grants, sizeof(Grants));
	Adapter = NdisAllocateMemoryWithTagPriority(Handle, sizeof(*Adapter), 0,
						    NormalPoolPriority);
	if (!Adapter)
		return NDIS_STATUS_RESOURCES;
	NdisZeroMemory(Adapter, sizeof(*Adapter));
	Adapter->Handle = Handle;
	NdisInitializeEvent(&Adapter->Empty);
	Status = GrantsSetAttributes(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = GrantsStart(Adapter, Parameters->AllocatedResources);
	if (Status == NDIS_STATUS_SUCCESS)
		GrantsAdapter = Adapter;
	else
		GrantsFree(Adapter);
	return Status;
}

/*
 * QEMU stops when a device loses its messages while it still holds one back, as
 * this one does for a while after each; hence the nap.
 */
static VOID GrantsHalt(NDIS_HANDLE AdapterContext, NDIS_HALT_ACTION Action)
{
	PGRANTS_ADAPTER Adapter = AdapterContext;

	GrantsAdapter = NULL;
	GrantsSilence(Adapter);
	NdisMSleep(200000);
	NdisMDeregisterInterruptEx(Adapter->Interrupt);
	GrantsFree(Adapter);
}

static VOID GrantsUnload(PDRIVER_OBJECT DriverObject)
{
	NdisMDeregisterMiniportDriver(GrantsDriver);
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS Driver = {
		.Header = {
			NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
			NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
			NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_2,
		},
		.MajorNdisVersion = NDIS_MINIPORT_MAJOR_VERSION,
		.MinorNdisVersion = NDIS_MINIPORT_MINOR_VERSION,
		.InitializeHandlerEx = GrantsInitialize,
		.HaltHandlerEx = GrantsHalt,
		.UnloadHandler = GrantsUnload,
	};

	return NdisMRegisterMiniportDriver(DriverObject, RegistryPath, NULL, &Driver,
					   &GrantsDriver);
}

/* Packets arrive, and are dealt with. */
static BOOLEAN GrantsArrive(PGRANTS_ADAPTER Adapter, ULONG Causes)
{
	LONG Count = 0;
	ULONG n;

	NdisResetEvent(&Adapter->Empty);
	for (n = 0; n < GRANTS_CAUSES; n++)
		Count += (Causes & E1000_CAUSE(n)) != 0;
	InterlockedExchange(&Adapter->Left, Count);
	for (n = 0; n < GRANTS_CAUSES; n++)
		if (Causes & E1000_CAUSE(n))
			InterlockedExchangeAdd(&Adapter->Queues[n], GRANTS_PACKETS);
	GrantsWrite(Adapter, E1000_ICS, Causes);
	return NdisWaitEvent(&Adapter->Empty, GRANTS_PATIENCE);
}

int GrantsRun(unsigned int Rounds)
{
	int Done = 0;
	ULONG n;

	if (!GrantsAdapter)
		return 0;
	while (Rounds--) {
		for (n = 0; n < GRANTS_CAUSES; n++) {
			if (!GrantsArrive(GrantsAdapter, E1000_CAUSE(n)))
				return Done;
			Done++;
		}
	}
	return Done;
}

int GrantsBurst(void)
{
	return GrantsAdapter && GrantsArrive(GrantsAdapter, E1000_ALL_CAUSES);
}

unsigned long long GrantsQueue(unsigned int Group, unsigned long long Mask,
			       unsigned long long *Ran)
{
	GROUP_AFFINITY Affinity = { 0 };
	KAFFINITY Queued;

	*Ran = 0;
	if (!GrantsAdapter)
		return 0;
	Affinity.Group = Group;
	Affinity.Mask = Mask;
	GrantsAdapter->Asked.Group = Group;
	GrantsAdapter->Asked.Ran = 0;
	Queued = NdisMQueueDpcEx(GrantsAdapter->Interrupt, 0, &Affinity, &GrantsAdapter->Asked);
	KeFlushQueuedDpcs();
	*Ran = GrantsAdapter->Asked.Ran;
	return Queued;
}

typedef struct _GRANTS_REPLY {
	BOOLEAN Reply;
	KIRQL Irql;
} GRANTS_REPLY, *PGRANTS_REPLY;

static BOOLEAN GrantsReply(NDIS_HANDLE Context)
{
	PGRANTS_REPLY Reply = Context;

	Reply->Irql = KeGetCurrentIrql();
	return Reply->Reply;
}

static BOOLEAN GrantsRepliesWith(BOOLEAN Value)
{
	GRANTS_REPLY Reply = { Value, PASSIVE_LEVEL };

	return NdisMSynchronizeWithInterruptEx(GrantsAdapter->Interrupt, 0, GrantsReply,
					       &Reply) == Value &&
	       Reply.Irql > DISPATCH_LEVEL && KeGetCurrentIrql() == PASSIVE_LEVEL;
}

int GrantsSynchronize(void)
{
	return GrantsAdapter && GrantsRepliesWith(TRUE) && GrantsRepliesWith(FALSE);
}
