// SPDX-License-Identifier: GPL-2.0-only
/*
 * An NDIS miniport that writes down what it is told, and does one thing wrong
 * when a test asks for that.
 */
#include <ndis.h>

#include "trial.h"
#include "trial_filter.h"

#define E1000_ICR		0xC0
#define E1000_ICS		0xC8
#define E1000_IMS		0xD0
#define E1000_IMC		0xD8
#define E1000_IVAR		0xE4
#define E1000_REGISTERS_SIZE	0x1000

#define E1000_CAUSE		0x100000U
/* The first cause raises entry 0 of the table, or another that is added. */
#define E1000_ROUTE		0x8U

typedef struct _TRIAL_ADAPTER {
	NDIS_HANDLE Handle;
	NDIS_HANDLE Interrupt;
	PUCHAR Registers;
	BOOLEAN Registered;
	ULONG Processor;
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS Characteristics;
} TRIAL_ADAPTER, *PTRIAL_ADAPTER;

TRIAL Trial;

DRIVER_INITIALIZE DriverEntry;

static NDIS_HANDLE TrialDriver;
static NDIS_SPIN_LOCK TrialLock;
static PTRIAL_ADAPTER TrialAdapter;

static VOID TrialWrite(PTRIAL_ADAPTER Adapter, ULONG Register, ULONG Value)
{
	if (Trial.Causes)
		NdisWriteRegisterUlong(Adapter->Registers + Register, Value);
}

/* An ISR that comes early must find all that registration gives. */
static VOID TrialCountInterrupt(PTRIAL_ADAPTER Adapter, BOOLEAN Message)
{
	PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS c = &Adapter->Characteristics;
	NDIS_INTERRUPT_TYPE Type = Message ? NDIS_CONNECT_MESSAGE_BASED :
					     NDIS_CONNECT_LINE_BASED;

	Trial.Interrupts++;
	if (KeGetCurrentIrql() <= DISPATCH_LEVEL)
		Trial.BadInterrupts++;
	Adapter->Processor = KeGetCurrentProcessorNumberEx(NULL);
	Trial.Processor = Adapter->Processor;
	if (Adapter->Registered)
		return;
	Trial.Early++;
	if (!Adapter->Interrupt || c->InterruptType != Type ||
	    Message != !!c->MessageInfoTable)
		Trial.Unready++;
}

static BOOLEAN TrialInterrupt(NDIS_HANDLE Context, PBOOLEAN QueueDefaultDpc,
			      PULONG TargetProcessors)
{
	PTRIAL_ADAPTER Adapter = Context;
	ULONG Causes;

	NdisReadRegisterUlong(Adapter->Registers + E1000_ICR, &Causes);
	*TargetProcessors = 0;
	*QueueDefaultDpc = (Causes & E1000_CAUSE) != 0;
	if (*QueueDefaultDpc)
		TrialCountInterrupt(Adapter, FALSE);
	return *QueueDefaultDpc;
}

static BOOLEAN TrialMessageInterrupt(NDIS_HANDLE Context, ULONG MessageId,
				     PBOOLEAN QueueDefaultDpc,
				     PULONG TargetProcessors)
{
	PTRIAL_ADAPTER Adapter = Context;

	TrialWrite(Adapter, E1000_ICR, E1000_CAUSE);
	Trial.MessageId = MessageId;
	TrialCountInterrupt(Adapter, TRUE);
	*TargetProcessors = 0;
	*QueueDefaultDpc = TRUE;
	return TRUE;
}

static VOID TrialDpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle,
		     PVOID Reserved)
{
	PTRIAL_ADAPTER Adapter = Context;

	Trial.Dpcs++;
	if (KeGetCurrentIrql() != DISPATCH_LEVEL || DpcContext || !Throttle ||
	    KeGetCurrentProcessorNumberEx(NULL) != Adapter->Processor)
		Trial.BadDpcs++;
}

static VOID TrialMessageDpc(NDIS_HANDLE Context, ULONG MessageId,
			    PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
	TrialDpc(Context, DpcContext, Throttle, Reserved);
}

static VOID TrialDisable(NDIS_HANDLE Context)
{
	TrialWrite(Context, E1000_IMC, E1000_CAUSE);
}

static VOID TrialEnable(NDIS_HANDLE Context)
{
	TrialWrite(Context, E1000_IMS, E1000_CAUSE);
}

static VOID TrialCountSwitch(ULONG MessageId, unsigned int *Count)
{
	(*Count)++;
	Trial.SwitchedId = MessageId;
	if (KeGetCurrentIrql() <= DISPATCH_LEVEL)
		Trial.BadSwitches++;
}

/* Only the first cause is used, so all messages are the first one's. */
static VOID TrialDisableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	TrialCountSwitch(MessageId, &Trial.Disables);
	TrialDisable(Context);
}

static VOID TrialEnableMessage(NDIS_HANDLE Context, ULONG MessageId)
{
	TrialCountSwitch(MessageId, &Trial.Enables);
	TrialEnable(Context);
}

static VOID TrialDisableLine(NDIS_HANDLE Context)
{
	TrialDisableMessage(Context, 0);
}

static VOID TrialEnableLine(NDIS_HANDLE Context)
{
	TrialEnableMessage(Context, 0);
}

static NDIS_STATUS TrialSetAttributes(PTRIAL_ADAPTER Adapter)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES Attributes = {
		.RegistrationAttributes = {
			.Header = {
				NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
				NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
				NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
			},
			.MiniportAdapterContext = Adapter,
			.InterfaceType = NdisInterfacePci,
		},
	};

	return NdisMSetMiniportAttributes(Adapter->Handle, &Attributes);
}

static NDIS_STATUS TrialUseResources(PTRIAL_ADAPTER Adapter,
				     PNDIS_RESOURCE_LIST Resources)
{
	NDIS_STATUS Status = NDIS_STATUS_RESOURCE_CONFLICT;
	PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource;
	ULONG i;

	for (i = 0; i < Resources->Count; i++) {
		Resource = &Resources->PartialDescriptors[i];
		if (Resource->Type == CmResourceTypeMemory && !Adapter->Registers) {
			Status = NdisMMapIoSpace((PVOID *)&Adapter->Registers,
						 Adapter->Handle,
						 Resource->u.Memory.Start,
						 E1000_REGISTERS_SIZE);
		} else if (Resource->Type == CmResourceTypeInterrupt) {
			if (Trial.Resources < TRIAL_RESOURCES)
				Trial.Affinity[Trial.Resources] =
					Resource->u.Interrupt.Affinity;
			Trial.Resources++;
			Trial.ResourceFlags = Resource->Flags;
			Trial.ResourceShare = Resource->ShareDisposition;
		}
	}
	return Status;
}

static BOOLEAN TrialSynchronized(PVOID Context)
{
	return KeGetCurrentIrql() > DISPATCH_LEVEL;
}

static BOOLEAN TrialSame(PIO_INTERRUPT_MESSAGE_INFO_ENTRY a,
			 PIO_INTERRUPT_MESSAGE_INFO_ENTRY b)
{
	return a->MessageAddress.QuadPart == b->MessageAddress.QuadPart &&
	       a->MessageData == b->MessageData;
}

static BOOLEAN TrialGoodEntry(PIO_INTERRUPT_MESSAGE_INFO Table, ULONG Id)
{
	PIO_INTERRUPT_MESSAGE_INFO_ENTRY Entry = &Table->MessageInfo[Id];
	KAFFINITY Processors = (1ULL << KeQueryActiveProcessorCountEx(0)) - 1;
	ULONG Other;

	for (Other = 0; Other < Id; Other++)
		if (TrialSame(Entry, &Table->MessageInfo[Other]))
			return FALSE;
	return Entry->Mode == Latched && Entry->Polarity <= 4 &&
	       Entry->Irql > DISPATCH_LEVEL &&
	       Entry->Irql <= Table->UnifiedIrql &&
	       Entry->TargetProcessorSet &&
	       !(Entry->TargetProcessorSet & ~Processors) &&
	       Entry->InterruptObject &&
	       KeSynchronizeExecution(Entry->InterruptObject, TrialSynchronized,
				      NULL);
}

static VOID TrialNote(PTRIAL_ADAPTER Adapter)
{
	PIO_INTERRUPT_MESSAGE_INFO Table = Adapter->Characteristics.MessageInfoTable;
	ULONG Id;

	Trial.Type = Adapter->Characteristics.InterruptType;
	Trial.Handle = !!Adapter->Interrupt;
	Trial.Table = !!Table;
	Trial.Messages = Table ? Table->MessageCount : 0;
	for (Id = 0; Id < Trial.Messages; Id++)
		Trial.BadEntries += !TrialGoodEntry(Table, Id);
}

static VOID TrialRegister(PTRIAL_ADAPTER Adapter)
{
	NDIS_HANDLE Second = NULL;

	Adapter->Characteristics = (NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS) {
		.Header = {
			NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
			NDIS_MINIPORT_INTERRUPT_REVISION_1,
			NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1,
		},
		.InterruptHandler = TrialInterrupt,
		.InterruptDpcHandler = TrialDpc,
		.DisableInterruptHandler = TrialDisableLine,
		.EnableInterruptHandler = TrialEnableLine,
	};
	if (Trial.Mode != TRIAL_LINE_ONLY) {
		Adapter->Characteristics.MsiSupported = TRUE;
		Adapter->Characteristics.MessageInterruptHandler = TrialMessageInterrupt;
		Adapter->Characteristics.MessageInterruptDpcHandler = TrialMessageDpc;
		Adapter->Characteristics.DisableMessageInterruptHandler = TrialDisableMessage;
		Adapter->Characteristics.EnableMessageInterruptHandler = TrialEnableMessage;
	}
	Trial.Status = NdisMRegisterInterruptEx(Adapter->Handle, Adapter,
						&Adapter->Characteristics,
						&Adapter->Interrupt);
	Adapter->Registered = TRUE;
	if (Trial.Status != NDIS_STATUS_SUCCESS) {
		Adapter->Interrupt = NULL;
		return;
	}
	TrialNote(Adapter);
	Trial.Second = NdisMRegisterInterruptEx(Adapter->Handle, Adapter,
						&Adapter->Characteristics,
						&Second);
}

static VOID TrialDeregister(PTRIAL_ADAPTER Adapter)
{
	if (!Adapter->Interrupt)
		return;
	TrialDisable(Adapter);
	NdisMDeregisterInterruptEx(Adapter->Interrupt);
}

/*
 * An interrupt that has nobody to go to. The pause is as long as it is because
 * QEMU stops when a device loses its messages while it still holds one back,
 * as this one does for a while after each.
 */
static VOID TrialInterruptLate(PTRIAL_ADAPTER Adapter)
{
	ULONG Before = Trial.Interrupts + Trial.Dpcs;
	ULONG i;

	TrialEnable(Adapter);
	TrialWrite(Adapter, E1000_ICS, E1000_CAUSE);
	for (i = 0; i < 4000; i++)
		NdisStallExecution(50);
	TrialDisable(Adapter);
	TrialWrite(Adapter, E1000_ICR, ~0U);
	Trial.Late = Trial.Interrupts + Trial.Dpcs - Before;
}

static VOID TrialFree(PTRIAL_ADAPTER Adapter)
{
	if (Adapter->Registers)
		NdisMUnmapIoSpace(Adapter->Handle, Adapter->Registers,
				  E1000_REGISTERS_SIZE);
	NdisFreeMemory(Adapter, sizeof(*Adapter), 0);
}

/* The one who forgets to deregister forgets to free, too: an ISR may run. */
static NDIS_STATUS TrialStart(PTRIAL_ADAPTER Adapter,
			      PNDIS_RESOURCE_LIST Resources)
{
	NDIS_STATUS Status = TrialUseResources(Adapter, Resources);

	if (Status != NDIS_STATUS_SUCCESS)
		return Status;
	TrialDisable(Adapter);
	TrialWrite(Adapter, E1000_ICR, ~0U);
	TrialWrite(Adapter, E1000_IVAR, E1000_ROUTE | Trial.Entry);
	if (Trial.Mode == TRIAL_PENDING) {
		TrialEnable(Adapter);
		TrialWrite(Adapter, E1000_ICS, E1000_CAUSE);
	}
	TrialRegister(Adapter);
	if (Trial.Mode == TRIAL_FAIL)
		TrialDeregister(Adapter);
	if (Trial.Mode == TRIAL_FAIL || Trial.Mode == TRIAL_FAIL_REGISTERED)
		return NDIS_STATUS_FAILURE;
	if (Trial.Status == NDIS_STATUS_SUCCESS)
		TrialEnable(Adapter);
	return Trial.Resources ? Trial.Status : NDIS_STATUS_SUCCESS;
}

static VOID TrialPublish(PTRIAL_ADAPTER Adapter)
{
	NdisAcquireSpinLock(&TrialLock);
	TrialAdapter = Adapter;
	NdisReleaseSpinLock(&TrialLock);
}

static NDIS_STATUS TrialInitialize(NDIS_HANDLE Handle, NDIS_HANDLE Context,
				   PNDIS_MINIPORT_INIT_PARAMETERS Parameters)
{
	PTRIAL_ADAPTER Adapter;
	NDIS_STATUS Status;

	Adapter = NdisAllocateMemoryWithTagPriority(Handle, sizeof(*Adapter), 0,
						    NormalPoolPriority);
	if (!Adapter)
		return NDIS_STATUS_RESOURCES;
	Adapter->Handle = Handle;
	Status = TrialSetAttributes(Adapter);
	if (Status == NDIS_STATUS_SUCCESS)
		Status = TrialStart(Adapter, Parameters->AllocatedResources);
	if (Status == NDIS_STATUS_SUCCESS)
		TrialPublish(Adapter);
	else if (Trial.Mode != TRIAL_FAIL_REGISTERED)
		TrialFree(Adapter);
	return Status;
}

static VOID TrialHalt(NDIS_HANDLE AdapterContext, NDIS_HALT_ACTION Action)
{
	PTRIAL_ADAPTER Adapter = AdapterContext;

	TrialPublish(NULL);
	if (Trial.Mode == TRIAL_FORGET)
		return;
	TrialDeregister(Adapter);
	if (Trial.Mode == TRIAL_PLAIN)
		TrialInterruptLate(Adapter);
	TrialFree(Adapter);
}

static VOID TrialUnload(PDRIVER_OBJECT DriverObject)
{
	NdisMDeregisterMiniportDriver(TrialDriver);
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
		.SetOptionsHandler = TrialSetOptions,
		.InitializeHandlerEx = TrialInitialize,
		.HaltHandlerEx = TrialHalt,
		.UnloadHandler = TrialUnload,
	};

	NdisAllocateSpinLock(&TrialLock);
	return NdisMRegisterMiniportDriver(DriverObject, RegistryPath, NULL,
					   &Driver, &TrialDriver);
}

int TrialFire(void)
{
	int Found;

	NdisAcquireSpinLock(&TrialLock);
	Found = !!TrialAdapter;
	if (Found)
		TrialWrite(TrialAdapter, E1000_ICS, E1000_CAUSE);
	NdisReleaseSpinLock(&TrialLock);
	return Found;
}

int TrialConfigure(int Operation, unsigned int Entry, unsigned int Message)
{
	NDIS_MSIX_CONFIG_PARAMETERS Parameters = {
		.Header = {
			NDIS_OBJECT_TYPE_DEFAULT,
			NDIS_MSIX_CONFIG_PARAMETERS_REVISION_1,
			NDIS_SIZEOF_MSIX_CONFIG_PARAMETERS_REVISION_1,
		},
		.ConfigOperation = Operation,
		.TableEntry = Entry,
		.MessageNumber = Message,
	};
	int Status = 1;

	NdisAcquireSpinLock(&TrialLock);
	if (TrialAdapter)
		Status = NdisMConfigMSIXTableEntry(TrialAdapter->Handle, &Parameters);
	NdisReleaseSpinLock(&TrialLock);
	return Status;
}
