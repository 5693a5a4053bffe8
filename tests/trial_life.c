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
#define E1000_ROUTE	0x8U

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

static VOID LifeRaise(PLIFE_ADAPTER Adapter)
{
	Life.Raised++;
	LifeWrite(Adapter, Life.Edu ? EDU_RAISE : E1000_ICS, Life.Edu ? 1 : E1000_CAUSE);
}

/* Is it this device that interrupts? Then no more. */
static BOOLEAN LifeAcknowledge(PLIFE_ADAPTER Adapter)
{
	ULONG Causes;

	if (Life.Edu) {
		Causes = LifeRead(Adapter, EDU_STATUS);
		LifeWrite(Adapter, EDU_ACKNOWLEDGE, Causes);
		return Causes != 0;
	}
	Causes = LifeRead(Adapter, E1000_ICR);
	LifeWrite(Adapter, E1000_ICR, E1000_CAUSE);
	return (Causes & E1000_CAUSE) != 0;
}

/* edu has no such register. */
static VOID LifeEnable(PLIFE_ADAPTER Adapter, BOOLEAN Enable)
{
	if (!Life.Edu)
		LifeWrite(Adapter, Enable ? E1000_IMS : E1000_IMC, E1000_CAUSE);
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
	LifeRaise(Adapter);
	if (!LifeArrived(Interrupts, Dpcs))
		Life.Lost++;
}

static BOOLEAN LifeInterrupt(NDIS_HANDLE Context, PBOOLEAN QueueDefaultDpc,
			     PULONG TargetProcessors)
{
	*QueueDefaultDpc = LifeAcknowledge(Context);
	*TargetProcessors = 0;
	if (*QueueDefaultDpc)
		Life.Interrupts++;
	return *QueueDefaultDpc;
}

static BOOLEAN LifeMessageInterrupt(NDIS_HANDLE Context, ULONG MessageId,
				    PBOOLEAN QueueDefaultDpc, PULONG TargetProcessors)
{
	LifeAcknowledge(Context);
	*QueueDefaultDpc = TRUE;
	*TargetProcessors = 0;
	Life.Interrupts++;
	return TRUE;
}

static VOID LifeDpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
	Life.Dpcs++;
}

static VOID LifeMessageDpc(NDIS_HANDLE Context, ULONG MessageId, PVOID DpcContext,
			   PVOID Throttle, PVOID Reserved)
{
	Life.Dpcs++;
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

/* An interrupt before registration waits for it. */
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
	Status = LifeRegister(Adapter);
	if (Status == NDIS_STATUS_SUCCESS) {
		LifeEnable(Adapter, TRUE);
		LifeStep(Adapter, "init");
	}
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

static VOID LifeEvent(NDIS_HANDLE Context, PNET_DEVICE_PNP_EVENT Event)
{
	if (Event->DevicePnPEvent == NdisDevicePnPEventPowerProfileChanged)
		LifeStep(Context, "power");
	if (Event->DevicePnPEvent == NdisDevicePnPEventSurpriseRemoved)
		LifeTell("gone");
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
	unsigned int Before = Life.Interrupts + Life.Dpcs;

	LifeEnable(Adapter, TRUE);
	LifeWrite(Adapter, Life.Edu ? EDU_RAISE : E1000_ICS, Life.Edu ? 1 : E1000_CAUSE);
	NdisMSleep(LIFE_PAUSE * 1000);
	LifeQuiet(Adapter);
	Life.Late += Life.Interrupts + Life.Dpcs - Before;
}

static VOID LifeHalt(NDIS_HANDLE Context, NDIS_HALT_ACTION Action)
{
	PLIFE_ADAPTER Adapter = Context;

	LifePublish(NULL);
	Life.Action = Action;
	if (Action == NdisHaltDeviceSurpriseRemoved)
		LifeTell("halt");
	else
		LifeStep(Adapter, "halt");
	NdisMSleep(LIFE_PAUSE * 1000);
	LifeEnable(Adapter, FALSE);
	NdisMDeregisterInterruptEx(Adapter->Interrupt);
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
