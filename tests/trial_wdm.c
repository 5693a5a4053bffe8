// SPDX-License-Identifier: GPL-2.0-only
/*
 * A WDM driver that connects its interrupts in the way a test asks for, writes
 * down what happens to it, and does one thing wrong when that is asked for.
 */
/* descriptors with a group, which connecting by group takes */
#define NT_PROCESSOR_GROUPS	1
#include <wdm.h>

#include "../samples/sample.h"
#include "trial_usb.h"
#include "trial_wdm.h"

#define TRIAL_MESSAGES		16
#define TRIAL_DEVICES		4

/* The 82574L: causes, and where they are routed to */
#define E1000_ICR		0xC0
#define E1000_ICS		0xC8
#define E1000_IMS		0xD0
#define E1000_IMC		0xD8
#define E1000_IVAR		0xE4
#define E1000_CAUSE(n)		(1U << (20 + (n)))
#define E1000_ALL_CAUSES	0x1F00000U
#define E1000_ROUTES		0x000CBA98U
/* every cause raises the first message */
#define E1000_ONE_ROUTE		0x00088888U

#define EDU_STATUS		0x24
#define EDU_RAISE		0x60
#define EDU_ACKNOWLEDGE		0x64

/* as much of them as an xHCI uses */
#define REGISTERS_SIZE		0x2000

struct _TRIAL_DEVICE;

typedef struct _TRIAL_MESSAGE {
	struct _TRIAL_DEVICE *Device;
	ULONG Id;
	KDPC Dpc;
	LONG Interrupts;
	LONG Dpcs;
	/* of a message that was connected singly */
	IO_DISCONNECT_INTERRUPT_PARAMETERS Interrupt;
} TRIAL_MESSAGE, *PTRIAL_MESSAGE;

typedef struct _TRIAL_DEVICE {
	PDEVICE_OBJECT Pdo;
	PDEVICE_OBJECT Lower;
	PUCHAR Registers;
	PTRIAL_USB Usb;			/* of an xHCI */
	ULONG Count;			/* messages, 1 for a line */
	BOOLEAN Connected;
	IO_DISCONNECT_INTERRUPT_PARAMETERS Interrupt;
	TRIAL_MESSAGE Messages[TRIAL_MESSAGES];
} TRIAL_DEVICE, *PTRIAL_DEVICE;

TRIAL_WDM Trial;

DRIVER_INITIALIZE DriverEntry;

static PTRIAL_DEVICE TrialDevices[TRIAL_DEVICES];
static KSPIN_LOCK TrialLock;

static VOID TrialTell(const char *Word)
{
	while (*Word && Trial.Length < sizeof(Trial.Story) - 2)
		Trial.Story[Trial.Length++] = *Word++;
	Trial.Story[Trial.Length++] = ' ';
}

static ULONG TrialRead(PTRIAL_DEVICE Device, ULONG Register)
{
	return READ_REGISTER_ULONG((PULONG)(Device->Registers + Register));
}

static VOID TrialWrite(PTRIAL_DEVICE Device, ULONG Register, ULONG Value)
{
	WRITE_REGISTER_ULONG((PULONG)(Device->Registers + Register), Value);
}

static ULONG TrialCauses(PTRIAL_DEVICE Device, ULONG Id)
{
	return Device->Count > 1 ? E1000_CAUSE(Id) : E1000_ALL_CAUSES;
}

/* The device lets go of its line or message; 0 when it was another device. */
static ULONG TrialDismiss(PTRIAL_DEVICE Device, ULONG Id, BOOLEAN Message)
{
	ULONG Status;

	if (Trial.Network && Message) {
		Status = TrialCauses(Device, Id);
		TrialWrite(Device, E1000_ICR, Status);
		return Status;
	}
	if (Trial.Network)
		return TrialRead(Device, E1000_ICR) & E1000_ALL_CAUSES;
	Status = TrialRead(Device, EDU_STATUS);
	if (Status)
		TrialWrite(Device, EDU_ACKNOWLEDGE, Status);
	return Status;
}

static VOID TrialSilence(PTRIAL_DEVICE Device)
{
	if (Trial.Network)
		TrialWrite(Device, E1000_IMC, 0xFFFFFFFFU);
	if (Trial.Network || Trial.Edu)
		TrialDismiss(Device, 0, FALSE);
	if (Device->Usb)
		TrialUsbSilence(Device->Usb);
}

static VOID TrialPrepare(PTRIAL_DEVICE Device)
{
	if (Device->Usb)
		TrialUsbPrepare(Device->Usb, Device->Count);
	if (!Trial.Network)
		return;
	TrialWrite(Device, E1000_IVAR, Device->Count > 1 ? E1000_ROUTES : E1000_ONE_ROUTE);
	TrialWrite(Device, E1000_IMS, E1000_ALL_CAUSES);
}

static VOID TrialDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	PTRIAL_MESSAGE Message = Context;

	if (KeGetCurrentIrql() != DISPATCH_LEVEL || Argument1 != Message->Device)
		Trial.BadDpcs++;
	InterlockedIncrement(&Message->Dpcs);
}

static BOOLEAN TrialServe(PTRIAL_DEVICE Device, ULONG Id, BOOLEAN Message)
{
	/* stopped, and the line is somebody else's too */
	if (!Device->Registers)
		return FALSE;
	if (KeGetCurrentIrql() <= DISPATCH_LEVEL || Id >= Device->Count)
		Trial.BadInterrupts++;
	if (!Device->Connected)
		Trial.Late++;
	if ((Trial.Network || Trial.Edu) && !TrialDismiss(Device, Id, Message) && !Message)
		return FALSE;
	InterlockedIncrement(&Device->Messages[Id].Interrupts);
	KeInsertQueueDpc(&Device->Messages[Id].Dpc, Device, NULL);
	return TRUE;
}

static BOOLEAN TrialLine(PKINTERRUPT Interrupt, PVOID Context)
{
	return TrialServe(Context, 0, FALSE);
}

/* The routine of one vector does not learn its message id: its context has it. */
static BOOLEAN TrialSingle(PKINTERRUPT Interrupt, PVOID Context)
{
	PTRIAL_MESSAGE Message = Context;

	return TrialServe(Message->Device, Message->Id, TRUE);
}

static BOOLEAN TrialMessage(PKINTERRUPT Interrupt, PVOID Context, ULONG MessageId)
{
	return TrialServe(Context, MessageId, TRUE);
}

static BOOLEAN TrialLook(PVOID Context)
{
	*(PKIRQL)Context = KeGetCurrentIrql();
	return TRUE;
}

static BOOLEAN TrialGoodAffinity(const IO_INTERRUPT_MESSAGE_INFO_ENTRY *Entry)
{
	GROUP_AFFINITY Affinity;

	if (IoGetAffinityInterrupt(Entry->InterruptObject, &Affinity) != STATUS_SUCCESS)
		return FALSE;
	return Entry->TargetProcessorSet && Affinity.Mask && !Affinity.Reserved[0] &&
	       !(Entry->TargetProcessorSet & ~KeQueryActiveProcessors());
}

static VOID TrialCheckTable(PIO_INTERRUPT_MESSAGE_INFO Table)
{
	ULONG i;

	for (i = 0; i < Table->MessageCount; i++) {
		PIO_INTERRUPT_MESSAGE_INFO_ENTRY Entry = &Table->MessageInfo[i];
		KIRQL Irql = PASSIVE_LEVEL;

		if (!KeSynchronizeExecution(Entry->InterruptObject, TrialLook, &Irql) ||
		    Irql != Entry->Irql || KeGetCurrentIrql() != PASSIVE_LEVEL)
			Trial.BadEntries++;
		if (Entry->Irql <= DISPATCH_LEVEL || Entry->Irql > Table->UnifiedIrql ||
		    Entry->Mode != Latched || (ULONG)Entry->Polarity > 4)
			Trial.BadEntries++;
		if (!TrialGoodAffinity(Entry))
			Trial.BadEntries++;
	}
}

static NTSTATUS TrialConnectSet(PTRIAL_DEVICE Device)
{
	IO_CONNECT_INTERRUPT_PARAMETERS Parameters = {
		.Version = CONNECT_MESSAGE_BASED,
		.MessageBased = {
			.PhysicalDeviceObject = Device->Pdo,
			.ConnectionContext.Generic = &Device->Interrupt.ConnectionContext.Generic,
			.MessageServiceRoutine = TrialMessage,
			.ServiceContext = Device,
			.FallBackServiceRoutine = TrialLine,
		},
	};
	NTSTATUS Status = IoConnectInterruptEx(&Parameters);

	Device->Interrupt.Version = Parameters.Version;
	if (NT_SUCCESS(Status) && Parameters.Version == CONNECT_MESSAGE_BASED)
		TrialCheckTable(Device->Interrupt.ConnectionContext.InterruptMessageTable);
	return Status;
}

static NTSTATUS TrialConnectLine(PTRIAL_DEVICE Device)
{
	IO_CONNECT_INTERRUPT_PARAMETERS Parameters = {
		.Version = CONNECT_LINE_BASED,
		.LineBased = {
			.PhysicalDeviceObject = Device->Pdo,
			.InterruptObject = &Device->Interrupt.ConnectionContext.InterruptObject,
			.ServiceRoutine = TrialLine,
			.ServiceContext = Device,
		},
	};
	NTSTATUS Status = IoConnectInterruptEx(&Parameters);

	Device->Interrupt.Version = Parameters.Version;
	return Status;
}

/*
 * What a translated descriptor says is what connecting one vector takes. Those of
 * MSI are one descriptor: the messages follow its vector.
 */
static NTSTATUS TrialConnectOne(PTRIAL_DEVICE Device, PTRIAL_MESSAGE Message,
				PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource, ULONG Index)
{
	BOOLEAN IsMessage = !!(Resource->Flags & CM_RESOURCE_INTERRUPT_MESSAGE);
	IO_CONNECT_INTERRUPT_PARAMETERS Parameters = {
		.Version = Trial.Connect,
		.FullySpecified = {
			.PhysicalDeviceObject = Device->Pdo,
			.InterruptObject = &Message->Interrupt.ConnectionContext.InterruptObject,
			.ServiceRoutine = IsMessage ? TrialSingle : TrialLine,
			.ServiceContext = IsMessage ? (PVOID)Message : (PVOID)Device,
			.SynchronizeIrql = (KIRQL)Resource->u.Interrupt.Level,
			.ShareVector = TRUE,
			.Vector = Resource->u.Interrupt.Vector + Index,
			.Irql = (KIRQL)Resource->u.Interrupt.Level,
			.InterruptMode = IsMessage ? Latched : LevelSensitive,
			.ProcessorEnableMask = Resource->u.Interrupt.Affinity,
			.Group = Resource->u.Interrupt.Group,
		},
	};
	NTSTATUS Status = IoConnectInterruptEx(&Parameters);

	Message->Interrupt.Version = NT_SUCCESS(Status) ? Parameters.Version : 0;
	Device->Interrupt.Version = Parameters.Version;
	return Status;
}

static VOID TrialDisconnect(PTRIAL_DEVICE Device)
{
	ULONG i;

	if (Device->Interrupt.ConnectionContext.Generic)
		IoDisconnectInterruptEx(&Device->Interrupt);
	Device->Interrupt.ConnectionContext.Generic = NULL;
	for (i = 0; i < TRIAL_MESSAGES; i++) {
		if (Device->Messages[i].Interrupt.Version)
			IoDisconnectInterruptEx(&Device->Messages[i].Interrupt);
		Device->Messages[i].Interrupt.Version = 0;
	}
	Device->Connected = FALSE;
}

/* How many messages, or lines, a raw descriptor stands for. */
static ULONG TrialMessages(PCM_PARTIAL_RESOURCE_DESCRIPTOR Raw)
{
	if (Raw->Type != CmResourceTypeInterrupt)
		return 0;
	if (!(Raw->Flags & CM_RESOURCE_INTERRUPT_MESSAGE))
		return 1;
	return Raw->u.MessageInterrupt.Raw.MessageCount;
}

/* A raw descriptor and its translation are in the same place. */
static NTSTATUS TrialConnectEach(PTRIAL_DEVICE Device, PCM_PARTIAL_RESOURCE_LIST Raw,
				 PCM_PARTIAL_RESOURCE_LIST List)
{
	NTSTATUS Status = STATUS_NOT_FOUND;
	ULONG i, Index, Id = 0;

	for (i = 0; i < List->Count; i++) {
		ULONG Count = TrialMessages(&Raw->PartialDescriptors[i]);

		for (Index = 0; Index < Count && Id < TRIAL_MESSAGES; Index++) {
			Status = TrialConnectOne(Device, &Device->Messages[Id++],
						 &List->PartialDescriptors[i], Index);
			if (!NT_SUCCESS(Status))
				return Status;
		}
	}
	return Status;
}

static NTSTATUS TrialConnect(PTRIAL_DEVICE Device, PCM_PARTIAL_RESOURCE_LIST Raw,
			     PCM_PARTIAL_RESOURCE_LIST List)
{
	switch (Trial.Connect) {
	case CONNECT_LINE_BASED:
		return TrialConnectLine(Device);
	case CONNECT_MESSAGE_BASED:
		return TrialConnectSet(Device);
	default:
		return TrialConnectEach(Device, Raw, List);
	}
}

static PCM_PARTIAL_RESOURCE_LIST TrialList(PCM_RESOURCE_LIST Resources)
{
	return &Resources->List[0].PartialResourceList;
}

static PUCHAR TrialMap(PCM_PARTIAL_RESOURCE_LIST List)
{
	ULONG i;

	for (i = 0; i < List->Count; i++)
		if (List->PartialDescriptors[i].Type == CmResourceTypeMemory)
			return MmMapIoSpace(List->PartialDescriptors[i].u.Memory.Start,
					    REGISTERS_SIZE, MmNonCached);
	return NULL;
}

static VOID TrialClose(PTRIAL_DEVICE Device)
{
	if (Device->Usb)
		TrialUsbDestroy(Device->Usb);
	Device->Usb = NULL;
	MmUnmapIoSpace(Device->Registers, REGISTERS_SIZE);
	Device->Registers = NULL;
}

static NTSTATUS TrialOpen(PTRIAL_DEVICE Device, PCM_PARTIAL_RESOURCE_LIST List)
{
	Device->Registers = TrialMap(List);
	if (!Device->Registers)
		return STATUS_INSUFFICIENT_RESOURCES;
	if (!Trial.Usb)
		return STATUS_SUCCESS;
	Device->Usb = TrialUsbCreate(Device->Registers);
	if (Device->Usb)
		return STATUS_SUCCESS;
	TrialClose(Device);
	return STATUS_INSUFFICIENT_RESOURCES;
}

/* How many interrupt descriptors, and messages that the raw ones count. */
static ULONG TrialCount(PCM_PARTIAL_RESOURCE_LIST List, PULONG Messages)
{
	ULONG i, Count = 0;

	*Messages = 0;
	for (i = 0; i < List->Count; i++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource = &List->PartialDescriptors[i];

		if (Resource->Type != CmResourceTypeInterrupt)
			continue;
		Count++;
		if (Resource->Flags & CM_RESOURCE_INTERRUPT_MESSAGE)
			*Messages += Resource->u.MessageInterrupt.Raw.MessageCount;
	}
	return Count;
}

static VOID TrialEnter(PTRIAL_DEVICE Device, PTRIAL_DEVICE Old)
{
	KIRQL OldIrql;
	ULONG i;

	KeAcquireSpinLock(&TrialLock, &OldIrql);
	for (i = 0; i < TRIAL_DEVICES; i++) {
		if (TrialDevices[i] == Old) {
			TrialDevices[i] = Device;
			break;
		}
	}
	KeReleaseSpinLock(&TrialLock, OldIrql);
}

static NTSTATUS TrialStart(PTRIAL_DEVICE Device, PIO_STACK_LOCATION Stack)
{
	PCM_PARTIAL_RESOURCE_LIST Raw, List;
	NTSTATUS Status;
	ULONG Ignored;

	TrialTell("start");
	Raw = TrialList(Stack->Parameters.StartDevice.AllocatedResources);
	List = TrialList(Stack->Parameters.StartDevice.AllocatedResourcesTranslated);
	Trial.Raw = TrialCount(Raw, &Trial.RawMessages);
	Trial.Translated = TrialCount(List, &Ignored);
	Device->Count = Trial.RawMessages ? Trial.RawMessages : 1;
	if (Device->Count > TRIAL_MESSAGES)
		Device->Count = TRIAL_MESSAGES;
	Status = TrialOpen(Device, List);
	if (!NT_SUCCESS(Status))
		return Status;
	TrialSilence(Device);
	Device->Connected = TRUE;
	Status = TrialConnect(Device, Raw, List);
	Trial.Status = Status;
	Trial.Version = Device->Interrupt.Version;
	if (NT_SUCCESS(Status) && Trial.Mode == TRIAL_FAIL_START)
		return STATUS_UNSUCCESSFUL;
	if (!NT_SUCCESS(Status)) {
		TrialDisconnect(Device);
		return Status;
	}
	TrialPrepare(Device);
	TrialEnter(Device, NULL);
	return STATUS_SUCCESS;
}

static VOID TrialStop(PTRIAL_DEVICE Device)
{
	if (!Device->Registers)
		return;
	TrialEnter(NULL, Device);
	TrialSilence(Device);
	if (Trial.Mode != TRIAL_FORGET && Trial.Mode != TRIAL_FAIL_START)
		TrialDisconnect(Device);
	KeFlushQueuedDpcs();
	TrialClose(Device);
}

static NTSTATUS TrialComplete(PIRP Irp, NTSTATUS Status)
{
	Irp->IoStatus.Status = Status;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
	return Status;
}

static NTSTATUS TrialPass(PTRIAL_DEVICE Device, PIRP Irp)
{
	Irp->IoStatus.Status = STATUS_SUCCESS;
	IoSkipCurrentIrpStackLocation(Irp);
	return IoCallDriver(Device->Lower, Irp);
}

/* The bus starts first: the completion routine keeps the request. */
static NTSTATUS TrialStarted(PDEVICE_OBJECT DeviceObject, PIRP Irp, PVOID Context)
{
	KeSetEvent(Context, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS TrialHandleStart(PTRIAL_DEVICE Device, PIRP Irp)
{
	NTSTATUS Status;
	KEVENT Event;

	KeInitializeEvent(&Event, NotificationEvent, FALSE);
	IoCopyCurrentIrpStackLocationToNext(Irp);
	IoSetCompletionRoutine(Irp, TrialStarted, &Event, TRUE, TRUE, TRUE);
	Status = IoCallDriver(Device->Lower, Irp);
	if (Status == STATUS_PENDING) {
		KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
		Status = Irp->IoStatus.Status;
	}
	if (NT_SUCCESS(Status))
		Status = TrialStart(Device, IoGetCurrentIrpStackLocation(Irp));
	return TrialComplete(Irp, Status);
}

static NTSTATUS TrialHandleRemove(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PTRIAL_DEVICE Device = DeviceObject->DeviceExtension;
	PDEVICE_OBJECT Lower = Device->Lower;
	NTSTATUS Status;

	TrialTell("remove");
	TrialStop(Device);
	Status = TrialPass(Device, Irp);
	if (Trial.Mode != TRIAL_FORGET) {
		IoDetachDevice(Lower);
		IoDeleteDevice(DeviceObject);
	}
	return Status;
}

static NTSTATUS TrialQuery(PTRIAL_DEVICE Device, PIRP Irp)
{
	if (Trial.Mode != TRIAL_REFUSE)
		return TrialPass(Device, Irp);
	TrialTell("refuse");
	return TrialComplete(Irp, STATUS_UNSUCCESSFUL);
}

static VOID TrialRetarget(PIO_RESOURCE_LIST List)
{
	ULONG i, Kept = 0, Messages = 0;

	for (i = 0; i < List->Count; i++) {
		PIO_RESOURCE_DESCRIPTOR Descriptor = &List->Descriptors[i];

		if (Descriptor->Type == CmResourceTypeInterrupt) {
			if (++Messages > 3)
				continue;
			Descriptor->Flags |= CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
			Descriptor->u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
			Descriptor->u.Interrupt.TargetedProcessors = 1 << 2;
		}
		List->Descriptors[Kept++] = *Descriptor;
	}
	List->Count = Kept;
}

/* On the way up, when the lower devices have seen the list. */
static NTSTATUS TrialFilter(PTRIAL_DEVICE Device, PIRP Irp)
{
	PIO_RESOURCE_REQUIREMENTS_LIST List;

	if (Trial.Mode != TRIAL_FILTER || !IoForwardIrpSynchronously(Device->Lower, Irp)) {
		IoSkipCurrentIrpStackLocation(Irp);
		return IoCallDriver(Device->Lower, Irp);
	}
	TrialTell("filter");
	List = (PIO_RESOURCE_REQUIREMENTS_LIST)Irp->IoStatus.Information;
	TrialRetarget(&List->List[0]);
	return TrialComplete(Irp, STATUS_SUCCESS);
}

static NTSTATUS TrialPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PTRIAL_DEVICE Device = DeviceObject->DeviceExtension;

	switch (IoGetCurrentIrpStackLocation(Irp)->MinorFunction) {
	case IRP_MN_START_DEVICE:
		return TrialHandleStart(Device, Irp);
	case IRP_MN_REMOVE_DEVICE:
		return TrialHandleRemove(DeviceObject, Irp);
	case IRP_MN_SURPRISE_REMOVAL:
		TrialTell("surprise");
		TrialStop(Device);
		return TrialPass(Device, Irp);
	case IRP_MN_STOP_DEVICE:
		TrialTell("stop");
		TrialStop(Device);
		return TrialPass(Device, Irp);
	case IRP_MN_QUERY_STOP_DEVICE:
	case IRP_MN_QUERY_REMOVE_DEVICE:
		return TrialQuery(Device, Irp);
	case IRP_MN_CANCEL_STOP_DEVICE:
		TrialTell("cancel");
		return TrialPass(Device, Irp);
	case IRP_MN_FILTER_RESOURCE_REQUIREMENTS:
		return TrialFilter(Device, Irp);
	default:
		IoSkipCurrentIrpStackLocation(Irp);
		return IoCallDriver(Device->Lower, Irp);
	}
}

static VOID TrialSetPower(PTRIAL_DEVICE Device, DEVICE_POWER_STATE State)
{
	TrialTell(State == PowerDeviceD0 ? "d0" : "d3");
	if (State == PowerDeviceD0)
		TrialPrepare(Device);
	else
		TrialSilence(Device);
}

static NTSTATUS TrialPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
	PTRIAL_DEVICE Device = DeviceObject->DeviceExtension;

	if (Stack->MinorFunction == IRP_MN_SET_POWER &&
	    Stack->Parameters.Power.Type == DevicePowerState && Device->Registers)
		TrialSetPower(Device, Stack->Parameters.Power.State.DeviceState);
	PoStartNextPowerIrp(Irp);
	IoSkipCurrentIrpStackLocation(Irp);
	return PoCallDriver(Device->Lower, Irp);
}

static NTSTATUS TrialAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT Pdo)
{
	PDEVICE_OBJECT DeviceObject;
	PTRIAL_DEVICE Device;
	NTSTATUS Status;
	ULONG i;

	TrialTell("add");
	Status = IoCreateDevice(DriverObject, sizeof(*Device), NULL, FILE_DEVICE_UNKNOWN,
				FILE_DEVICE_SECURE_OPEN, FALSE, &DeviceObject);
	if (!NT_SUCCESS(Status))
		return Status;
	Device = DeviceObject->DeviceExtension;
	Device->Pdo = Pdo;
	for (i = 0; i < TRIAL_MESSAGES; i++) {
		Device->Messages[i].Device = Device;
		Device->Messages[i].Id = i;
		KeInitializeDpc(&Device->Messages[i].Dpc, TrialDpc, &Device->Messages[i]);
	}
	Device->Lower = IoAttachDeviceToDeviceStack(DeviceObject, Pdo);
	DeviceObject->Flags &= ~DO_DEVICE_INITIALIZING;
	return Trial.Mode == TRIAL_FAIL_ADD ? STATUS_UNSUCCESSFUL : STATUS_SUCCESS;
}

static VOID TrialUnload(PDRIVER_OBJECT DriverObject)
{
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	KeInitializeSpinLock(&TrialLock);
	DriverObject->DriverExtension->AddDevice = TrialAddDevice;
	DriverObject->DriverUnload = TrialUnload;
	DriverObject->MajorFunction[IRP_MJ_PNP] = TrialPnp;
	DriverObject->MajorFunction[IRP_MJ_POWER] = TrialPower;
	return STATUS_SUCCESS;
}

static VOID TrialRaise(PTRIAL_DEVICE Device, ULONG MessageId)
{
	if (Trial.Network)
		TrialWrite(Device, E1000_ICS, E1000_CAUSE(MessageId));
	if (Trial.Edu)
		TrialWrite(Device, EDU_RAISE, 1);
	if (Device->Usb)
		TrialUsbRaise(Device->Usb, MessageId);
}

int SampleFire(unsigned int Number, unsigned int MessageId)
{
	PTRIAL_DEVICE Device;
	KIRQL OldIrql;
	int Found;

	KeAcquireSpinLock(&TrialLock, &OldIrql);
	Device = Number < TRIAL_DEVICES ? TrialDevices[Number] : NULL;
	Found = Device && MessageId < Device->Count;
	if (Found)
		TrialRaise(Device, MessageId);
	KeReleaseSpinLock(&TrialLock, OldIrql);
	return Found;
}

static VOID TrialReportOne(PIO_DISCONNECT_INTERRUPT_PARAMETERS Interrupt, int Inactive)
{
	IO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS Parameters = {
		.Version = Interrupt->Version,
		.ConnectionContext.Generic = Interrupt->ConnectionContext.Generic,
	};

	if (!Interrupt->Version || !Interrupt->ConnectionContext.Generic)
		return;
	if (Inactive)
		IoReportInterruptInactive(&Parameters);
	else
		IoReportInterruptActive(&Parameters);
}

/* All of its messages together, or those that were connected singly. */
static VOID TrialReport(PTRIAL_DEVICE Device, int Inactive)
{
	ULONG i;

	TrialReportOne(&Device->Interrupt, Inactive);
	for (i = 0; i < TRIAL_MESSAGES; i++)
		TrialReportOne(&Device->Messages[i].Interrupt, Inactive);
}

void TrialSetInactive(int Inactive)
{
	KIRQL OldIrql;
	ULONG i;

	KeAcquireSpinLock(&TrialLock, &OldIrql);
	for (i = 0; i < TRIAL_DEVICES; i++)
		if (TrialDevices[i])
			TrialReport(TrialDevices[i], Inactive);
	KeReleaseSpinLock(&TrialLock, OldIrql);
}

static VOID TrialDescribe(PTRIAL_DEVICE Device, ULONG MessageId, SAMPLE_MESSAGE *Message)
{
	PIO_INTERRUPT_MESSAGE_INFO Table;

	RtlZeroMemory(Message, sizeof(*Message));
	Message->Interrupts = Device->Messages[MessageId].Interrupts;
	Message->Dpcs = Device->Messages[MessageId].Dpcs;
	if (Device->Interrupt.Version != CONNECT_MESSAGE_BASED)
		return;
	Table = Device->Interrupt.ConnectionContext.InterruptMessageTable;
	Message->MessageBased = 1;
	Message->Address = Table->MessageInfo[MessageId].MessageAddress.QuadPart;
	Message->Data = Table->MessageInfo[MessageId].MessageData;
}

int SampleQuery(unsigned int Number, unsigned int MessageId, SAMPLE_MESSAGE *Message)
{
	PTRIAL_DEVICE Device;
	KIRQL OldIrql;
	int Found;

	KeAcquireSpinLock(&TrialLock, &OldIrql);
	Device = Number < TRIAL_DEVICES ? TrialDevices[Number] : NULL;
	Found = Device && MessageId < Device->Count;
	if (Found)
		TrialDescribe(Device, MessageId, Message);
	KeReleaseSpinLock(&TrialLock, OldIrql);
	return Found;
}
