// SPDX-License-Identifier: GPL-2.0-only
/*
 * An NDIS miniport with every routine that NDIS calls in the life of an adapter.
 * Whichever is called, its device interrupts, and it waits for ISR and DPC.
 */
#include <ndis.h>

#include "trial_life.h"

#define EDU_STATUS	0x24
#define EDU_RAISE	0x60
#define EDU_ACKNOWLEDGE	0x64

#define E1000_ICR	0xC0
#define E1000_ICS	0xC8
#define E1000_IMS	0xD0
#define E1000_IMC	0xD8
#define E1000_IVAR	0xE4
#define E1000_CAUSE	0x100000U
#define E1000_ROUTE	0x88U

/* What a step raises, and what is raised while registrations begin and end. */
#define LIFE_STEP	1U
#define LIFE_EDGE	2U

#define REGISTERS_SIZE	0x1000

/* How long a step waits for what must come, in milliseconds. */
#define LIFE_PATIENCE	2000

/*
 * How long for what must not come. QEMU also stops when an 82574L loses its
 * messages while it still holds one back, as it does for a while after each.
 */
#define LIFE_PAUSE	200

typedef struct _LIFE_ADAPTER {
	NDIS_HANDLE Handle;
	NDIS_HANDLE Interrupt;
	NDIS_HANDLE WorkItem;
	PUCHAR Registers;
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Characteristics;
	BOOLEAN Gone;
	BOOLEAN Deregistered;
	LONG Edging;		/* LifeEdge is to go on */
	LONG Pending;		/* what ISRs have left to the DPC */
	BOOLEAN HeldBack;
	unsigned int Interrupts, Dpcs;	/* when a message was held back */
} LIFE_ADAPTER, *PLIFE_ADAPTER;

LIFE Life;

DRIVER_INITIALIZE DriverEntry;

static NDIS_HANDLE LifeDriver;
static NDIS_SPIN_LOCK LifeLock;
static PLIFE_ADAPTER LifeAdapter;

static VOID LifeTell(const char *Word)
{
	ULONG Length = 0;

	while (Life.Story[Length])
		Length++;
	if (Length)
		Life.Story[Length++] = ' ';
	while (*Word && Length < sizeof(Life.Story) - 1)
		Life.Story[Length++] = *Word++;
	Life.Story[Length] = 0;
}

static ULONG LifeRead(PLIFE_ADAPTER Adapter, ULONG Register)
{
	ULONG Value;

	NdisReadRegisterUlong(Adapter->Registers + Register, &Value);
	return Value;
}

static VOID LifeWrite(PLIFE_ADAPTER Adapter, ULONG Register, ULONG Value)
{
	NdisWriteRegisterUlong(Adapter->Registers + Register, Value);
}

/* Both devices have a register of causes, in which these bits are next to each other. */
static ULONG LifeCause(ULONG What)
{
	return Life.Edu ? What : What * E1000_CAUSE;
}

static VOID LifeRaiseCause(PLIFE_ADAPTER Adapter, ULONG What)
{
	LifeWrite(Adapter, Life.Edu ? EDU_RAISE : E1000_ICS, LifeCause(What));
}

static VOID LifeClearCause(PLIFE_ADAPTER Adapter, ULONG What)
{
	LifeWrite(Adapter, Life.Edu ? EDU_ACKNOWLEDGE : E1000_ICR, LifeCause(What));
}

static VOID LifeRaise(PLIFE_ADAPTER Adapter)
{
	Life.Raised++;
	LifeRaiseCause(Adapter, LIFE_STEP);
}

/*
 * What does this device interrupt for? It does so no more. One that is gone reads
 * as ones.
 */
static ULONG LifeAcknowledge(PLIFE_ADAPTER Adapter)
{
	ULONG Causes = LifeRead(Adapter, Life.Edu ? EDU_STATUS : E1000_ICR);

	if (Causes == ~0U)
		return 0;
	Causes /= LifeCause(1);
	Causes &= LIFE_STEP | LIFE_EDGE;
	LifeClearCause(Adapter, Causes);
	return Causes;
}

/* edu has no such register. */
static VOID LifeEnable(PLIFE_ADAPTER Adapter, BOOLEAN Enable)
{
	if (!Life.Edu)
		LifeWrite(Adapter, Enable ? E1000_IMS : E1000_IMC,
			  LifeCause(LIFE_STEP | LIFE_EDGE));
}

static BOOLEAN LifeArrived(unsigned int Interrupts, unsigned int Dpcs)
{
	ULONG Waited;

	for (Waited = 0; Waited < LIFE_PATIENCE; Waited++) {
		if (Life.Interrupts > Interrupts && Life.Dpcs > Dpcs)
			return TRUE;
		NdisMSleep(1000);
	}
	return FALSE;
}

/* A message is where the table says that it is. */
static VOID LifeCheckTable(PLIFE_ADAPTER Adapter)
{
	PIO_INTERRUPT_MESSAGE_INFO Table = Adapter->Characteristics.MessageInfoTable;
	ULONG Id;

	for (Id = 0; Table && Id < Table->MessageCount; Id++)
		if (!Table->MessageInfo[Id].MessageData ||
		    !Table->MessageInfo[Id].TargetProcessorSet)
			Life.BadTable++;
}

/* Until it has arrived, another one would be the same as this. */
static VOID LifeAwaitHeldBack(PLIFE_ADAPTER Adapter)
{
	if (Adapter->HeldBack && !LifeArrived(Adapter->Interrupts, Adapter->Dpcs))
		Life.Lost++;
	Adapter->HeldBack = FALSE;
}

static VOID LifeStep(PLIFE_ADAPTER Adapter, const char *Word)
{
	unsigned int Interrupts, Dpcs;

	LifeAwaitHeldBack(Adapter);
	Interrupts = Life.Interrupts;
	Dpcs = Life.Dpcs;
	LifeTell(Word);
	LifeCheckTable(Adapter);
	if (Adapter->Gone)
		return;
	LifeRaise(Adapter);
	if (!LifeArrived(Interrupts, Dpcs))
		Life.Lost++;
}

/* Count what came, and leave it to the DPC. FALSE when it was nothing. */
static BOOLEAN LifeServe(PLIFE_ADAPTER Adapter)
{
	ULONG Causes = LifeAcknowledge(Adapter);

	if (Causes & LIFE_STEP)
		Life.Interrupts++;
	if (Causes & LIFE_EDGE)
		Life.Edges++;
	if (Causes && Adapter->Deregistered)
		Life.Late++;
	InterlockedOr(&Adapter->Pending, Causes);
	return Causes != 0;
}

static BOOLEAN LifeInterrupt(NDIS_HANDLE Context, PBOOLEAN QueueDefaultDpc,
			     PULONG TargetProcessors)
{
	*QueueDefaultDpc = LifeServe(Context);
	*TargetProcessors = 0;
	return *QueueDefaultDpc;
}

static BOOLEAN LifeMessageInterrupt(NDIS_HANDLE Context, ULONG MessageId,
				    PBOOLEAN QueueDefaultDpc, PULONG TargetProcessors)
{
	*QueueDefaultDpc = LifeServe(Context);
	*TargetProcessors = 0;
	return TRUE;
}

static VOID LifeDpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
	PLIFE_ADAPTER Adapter = Context;
	ULONG Causes = InterlockedExchange(&Adapter->Pending, 0);

	if (Causes & LIFE_STEP)
		Life.Dpcs++;
	if (Causes & LIFE_EDGE)
		Life.EdgeDpcs++;
	if (Adapter->Deregistered)
		Life.Late++;
}

static VOID LifeMessageDpc(NDIS_HANDLE Context, ULONG MessageId, PVOID DpcContext,
			   PVOID Throttle, PVOID Reserved)
{
	LifeDpc(Context, DpcContext, Throttle, Reserved);
}

/*
 * A message that is on its way while interrupts are disabled has to arrive once
 * they are enabled again; of a line, nothing is kept. An 82574L would merge it with
 * the next one.
 */
static VOID LifeDisableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	PLIFE_ADAPTER Adapter = Context;

	if (!Life.Disables++ && Life.Edu) {
		Adapter->HeldBack = TRUE;
		Adapter->Interrupts = Life.Interrupts;
		Adapter->Dpcs = Life.Dpcs;
		LifeRaise(Adapter);
	}
	LifeEnable(Adapter, FALSE);
}

static VOID LifeEnableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	Life.Enables++;
	LifeEnable(Context, TRUE);
}

static VOID LifeDisableLine(NDIS_HANDLE Context)
{
	Life.Disables++;
	LifeEnable(Context, FALSE);
}

static VOID LifeEnableLine(NDIS_HANDLE Context)
{
	LifeEnableMessage(Context, 0);
}

static NDIS_STATUS LifeSetAttributes(PLIFE_ADAPTER Adapter)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES Attributes = {
		.RegistrationAttributes = {
			.Header = {
				NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
				NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
				NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
			},
			.MiniportAdapterContext = Adapter,
			.CheckForHangTimeInSeconds = 1,
			.InterfaceType = NdisInterfacePci,
		},
	};

	return NdisMSetMiniportAttributes(Adapter->Handle, &Attributes);
}

static NDIS_STATUS LifeMap(PLIFE_ADAPTER Adapter, PNDIS_RESOURCE_LIST Resources)
{
	ULONG i;

	for (i = 0; i < Resources->Count; i++)
		if (Resources->PartialDescriptors[i].Type == CmResourceTypeMemory)
			return NdisMMapIoSpace((PVOID *)&Adapter->Registers, Adapter->Handle,
					       Resources->PartialDescriptors[i].u.Memory.Start,
					       REGISTERS_SIZE);
	return NDIS_STATUS_RESOURCE_CONFLICT;
}

static VOID LifeQuiet(PLIFE_ADAPTER Adapter)
{
	LifeEnable(Adapter, FALSE);
	LifeAcknowledge(Adapter);
	if (!Life.Edu)
		LifeWrite(Adapter, E1000_IVAR, E1000_ROUTE);
}

static NDIS_STATUS LifeRegister(PLIFE_ADAPTER Adapter)
{
	Adapter->Characteristics = (NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS) {
		.Header = {
			NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
			NDIS_MINIPORT_INTERRUPT_REVISION_1,
			NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1,
		},
		.InterruptHandler = LifeInterrupt,
		.InterruptDpcHandler = LifeDpc,
		.DisableInterruptHandler = LifeDisableLine,
		.EnableInterruptHandler = LifeEnableLine,
		.MsiSupported = TRUE,
		.MessageInterruptHandler = LifeMessageInterrupt,
		.MessageInterruptDpcHandler = LifeMessageDpc,
		.DisableMessageInterruptHandler = LifeDisableMessage,
		.EnableMessageInterruptHandler = LifeEnableMessage,
	};
	return NdisMRegisterInterruptEx(Adapter->Handle, Adapter, &Adapter->Characteristics,
					&Adapter->Interrupt);
}

/*
 * The device goes on interrupting. Were it to do so without a pause, a processor
 * would have time for nothing else. It stops each time before it does so again, as
 * QEMU takes no notice of a line that was asserted before somebody is connected.
 */
static VOID LifeEdge(PVOID Context, NDIS_HANDLE WorkItem)
{
	PLIFE_ADAPTER Adapter = Context;

	while (InterlockedOr(&Adapter->Edging, 0)) {
		LifeClearCause(Adapter, LIFE_EDGE);
		LifeRaiseCause(Adapter, LIFE_EDGE);
		NdisMSleep(500);
	}
	InterlockedOr(&Adapter->Edging, 2);
}

static VOID LifeBeginEdge(PLIFE_ADAPTER Adapter)
{
	InterlockedExchange(&Adapter->Edging, 1);
	LifeRaiseCause(Adapter, LIFE_EDGE);
	NdisQueueIoWorkItem(Adapter->WorkItem, LifeEdge, Adapter);
}

static VOID LifeEndEdge(PLIFE_ADAPTER Adapter)
{
	InterlockedExchange(&Adapter->Edging, 0);
	while (InterlockedOr(&Adapter->Edging, 0) != 2)
		NdisMSleep(100);
}

static BOOLEAN LifeEdgeArrived(unsigned int Edges, unsigned int Dpcs)
{
	ULONG Waited;

	for (Waited = 0; Waited < LIFE_PATIENCE; Waited++) {
		if (Life.Edges > Edges && Life.EdgeDpcs > Dpcs)
			return TRUE;
		NdisMSleep(1000);
	}
	return FALSE;
}

/* Registered while the device interrupts; one interrupt at least has to arrive. */
static NDIS_STATUS LifeRegisterAtEdge(PLIFE_ADAPTER Adapter)
{
	unsigned int Edges = Life.Edges, Dpcs = Life.EdgeDpcs;
	NDIS_STATUS Status;

	LifeEnable(Adapter, TRUE);
	LifeBeginEdge(Adapter);
	Status = LifeRegister(Adapter);
	if (Status == NDIS_STATUS_SUCCESS && !LifeEdgeArrived(Edges, Dpcs))
		Life.Lost++;
	LifeEndEdge(Adapter);
	return Status;
}

/* What comes afterwards comes late. */
static VOID LifeDeregisterAtEdge(PLIFE_ADAPTER Adapter)
{
	if (!Adapter->Gone)
		LifeBeginEdge(Adapter);
	NdisMDeregisterInterruptEx(Adapter->Interrupt);
	Adapter->Deregistered = TRUE;
	if (!Adapter->Gone)
		LifeEndEdge(Adapter);
}

static VOID LifePublish(PLIFE_ADAPTER Adapter)
{
	NdisAcquireSpinLock(&LifeLock);
	LifeAdapter = Adapter;
	NdisReleaseSpinLock(&LifeLock);
}

static VOID LifeFree(PLIFE_ADAPTER Adapter)
{
	if (Adapter->WorkItem)
		NdisFreeIoWorkItem(Adapter->WorkItem);
	if (Adapter->Registers)
		NdisMUnmapIoSpace(Adapter->Handle, Adapter->Registers, REGISTERS_SIZE);
	NdisFreeMemory(Adapter, sizeof(*Adapter), 0);
}

static NDIS_STATUS LifeStart(PLIFE_ADAPTER Adapter, PNDIS_RESOURCE_LIST Resources)
{
	NDIS_STATUS Status = LifeSetAttributes(Adapter);

	if (Status == NDIS_STATUS_SUCCESS)
		Status = LifeMap(Adapter, Resources);
	if (Status != NDIS_STATUS_SUCCESS)
		return Status;
	Adapter->WorkItem = NdisAllocateIoWorkItem(Adapter->Handle);
	if (!Adapter->WorkItem)
		return NDIS_STATUS_RESOURCES;
	LifeQuiet(Adapter);
	Status = LifeRegisterAtEdge(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		LifeStep(Adapter, "init");
	return Status;
}

static NDIS_STATUS LifeInitialize(NDIS_HANDLE Handle, NDIS_HANDLE Context,
				  PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
	PLIFE_ADAPTER Adapter;
	NDIS_STATUS Status;

	Adapter = NdisAllocateMemoryWithTagPriority(Handle, sizeof(*Adapter), 0,
						    NormalPoolPriority);
	if (!Adapter)
		return NDIS_STATUS_RESOURCES;
	NdisZeroMemory(Adapter, sizeof(*Adapter));
	Adapter->Handle = Handle;
	Status = LifeStart(Adapter, Parameters->AllocatedResources);
	if (Status == NDIS_STATUS_SUCCESS)
		LifePublish(Adapter);
	else
		LifeFree(Adapter);
	return Status;
}

static VOID LifePaused(PVOID Context, NDIS_HANDLE WorkItem)
{
	PLIFE_ADAPTER Adapter = Context;

	LifeStep(Adapter, "paused");
	NdisMPauseComplete(Adapter->Handle);
}

static NDIS_STATUS LifePause(NDIS_HANDLE Context, PNDIS_MINIPORT_PAUSE_PARAMETERS Parameters)
{
	PLIFE_ADAPTER Adapter = Context;

	LifeStep(Adapter, "pause");
	NdisQueueIoWorkItem(Adapter->WorkItem, LifePaused, Adapter);
	return NDIS_STATUS_PENDING;
}

static VOID LifeRestarted(PVOID Context, NDIS_HANDLE WorkItem)
{
	PLIFE_ADAPTER Adapter = Context;

	LifeStep(Adapter, "restarted");
	NdisMRestartComplete(Adapter->Handle, NDIS_STATUS_SUCCESS);
}

static NDIS_STATUS LifeRestart(NDIS_HANDLE Context, PNDIS_MINIPORT_RESTART_PARAMETERS Parameters)
{
	PLIFE_ADAPTER Adapter = Context;

	LifeStep(Adapter, "restart");
	NdisQueueIoWorkItem(Adapter->WorkItem, LifeRestarted, Adapter);
	return NDIS_STATUS_PENDING;
}

static NDIS_STATUS LifeOidRequest(NDIS_HANDLE Context, PNDIS_OID_REQUEST Request)
{
	PNDIS_DEVICE_POWER_STATE State = Request->DATA.SET_INFORMATION.InformationBuffer;

	if (!Life.Sleeps || Request->DATA.SET_INFORMATION.Oid != OID_PNP_SET_POWER)
		return NDIS_STATUS_NOT_SUPPORTED;
	if (*State == NdisDeviceStateD0)
		LifeEnable(Context, TRUE);
	LifeStep(Context, *State == NdisDeviceStateD0 ? "d0" : "d3");
	if (*State != NdisDeviceStateD0)
		LifeEnable(Context, FALSE);
	return NDIS_STATUS_SUCCESS;
}

/* Nothing that is on its way from it will arrive. */
static VOID LifeGone(PLIFE_ADAPTER Adapter)
{
	Adapter->Gone = TRUE;
	Adapter->HeldBack = FALSE;
	LifeTell("gone");
}

static VOID LifeEvent(NDIS_HANDLE Context, PNET_DEVICE_PNP_EVENT Event)
{
	if (Event->DevicePnPEvent == NdisDevicePnPEventPowerProfileChanged)
		LifeStep(Context, "power");
	if (Event->DevicePnPEvent == NdisDevicePnPEventSurpriseRemoved)
		LifeGone(Context);
}

static BOOLEAN LifeCheckForHang(NDIS_HANDLE Context)
{
	BOOLEAN Hangs = Life.Hangs != 0;

	Life.Hangs = 0;
	return Hangs;
}

static NDIS_STATUS LifeReset(NDIS_HANDLE Context, PBOOLEAN AddressingReset)
{
	LifeStep(Context, "reset");
	*AddressingReset = TRUE;
	return NDIS_STATUS_SUCCESS;
}

static VOID LifeShutdown(NDIS_HANDLE Context, NDIS_SHUTDOWN_ACTION Action)
{
	LifeStep(Context, Action == NdisShutdownPowerOff ? "off" : "crash");
}

/* Interrupts that have nobody to go to. */
static VOID LifeInterruptLate(PLIFE_ADAPTER Adapter)
{
	LifeEnable(Adapter, TRUE);
	LifeRaiseCause(Adapter, LIFE_EDGE);
	NdisMSleep(LIFE_PAUSE * 1000);
	LifeQuiet(Adapter);
}

static VOID LifeHalt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
	PLIFE_ADAPTER Adapter = Context;

	LifePublish(NULL);
	Life.Action = Action;
	LifeStep(Adapter, "halt");
	NdisMSleep(LIFE_PAUSE * 1000);
	LifeDeregisterAtEdge(Adapter);
	LifeInterruptLate(Adapter);
	LifeFree(Adapter);
}

static VOID LifeUnload(PDRIVER_OBJECT DriverObject)
{
	NdisMDeregisterMiniportDriver(LifeDriver);
}

static NDIS_STATUS LifeSetOptions(NDIS_HANDLE Driver, NDIS_HANDLE Context)
{
	LifeTell("options");
	return NDIS_STATUS_SUCCESS;
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
		.SetOptionsHandler = LifeSetOptions,
		.InitializeHandlerEx = LifeInitialize,
		.HaltHandlerEx = LifeHalt,
		.UnloadHandler = LifeUnload,
		.PauseHandler = LifePause,
		.RestartHandler = LifeRestart,
		.OidRequestHandler = LifeOidRequest,
		.CheckForHangHandlerEx = LifeCheckForHang,
		.ResetHandlerEx = LifeReset,
		.DevicePnPEventNotifyHandler = LifeEvent,
		.ShutdownHandlerEx = LifeShutdown,
	};

	NdisAllocateSpinLock(&LifeLock);
	return NdisMRegisterMiniportDriver(DriverObject, RegistryPath, NULL, &Driver,
					   &LifeDriver);
}

int LifeFire(void)
{
	int Found;

	NdisAcquireSpinLock(&LifeLock);
	Found = !!LifeAdapter;
	if (Found)
		LifeRaise(LifeAdapter);
	NdisReleaseSpinLock(&LifeLock);
	return Found;
}

int LifeQueryEntry(unsigned int Id, unsigned long long *Address, unsigned int *Data)
{
	PIO_INTERRUPT_MESSAGE_INFO Table = NULL;
	int Found;

	NdisAcquireSpinLock(&LifeLock);
	if (LifeAdapter)
		Table = LifeAdapter->Characteristics.MessageInfoTable;
	Found = Table && Id < Table->MessageCount;
	if (Found) {
		*Address = Table->MessageInfo[Id].MessageAddress.QuadPart;
		*Data = Table->MessageInfo[Id].MessageData;
	}
	NdisReleaseSpinLock(&LifeLock);
	return Found;
}
