// SPDX-License-Identifier: GPL-2.0-only
/*
 * WDM driver for QEMU's "edu" device, which interrupts by message or line.
 *
 *	AddDevice		create a device object, attach it
 *	IRP_MN_START_DEVICE	the bus first; then map registers, silence the
 *				device, prepare what the ISR needs, connect
 *	ISR			ours? acknowledge, remember, queue the message's DPC
 *	DPC			the work
 *	IRP_MN_STOP_DEVICE	silence the device, disconnect, only then unmap
 *	IRP_MN_REMOVE_DEVICE	the same, the bus, then detach and delete
 */
#include <wdm.h>

#include "sample.h"

typedef struct _EDU_REGISTERS {
	ULONG Reserved1[9];
	ULONG InterruptStatus;
	ULONG Reserved2[14];
	ULONG InterruptRaise;
	ULONG InterruptAcknowledge;
} EDU_REGISTERS, *PEDU_REGISTERS;

C_ASSERT(FIELD_OFFSET(EDU_REGISTERS, InterruptAcknowledge) == 0x64);

/* The device offers one message; an INF would not let it have more than these */
#define EDU_MESSAGES		8

typedef struct _EDU_MESSAGE {
	KDPC Dpc;
	LONG Interrupts;
	LONG Dpcs;
} EDU_MESSAGE, *PEDU_MESSAGE;

typedef struct _EDU_DEVICE {
	LIST_ENTRY Link;
	PDEVICE_OBJECT Pdo;
	PDEVICE_OBJECT Lower;
	PEDU_REGISTERS Registers;
	IO_DISCONNECT_INTERRUPT_PARAMETERS Interrupt;	/* as it was connected */
	LONG Status;					/* from ISR to DPC */
	EDU_MESSAGE Messages[EDU_MESSAGES];
} EDU_DEVICE, *PEDU_DEVICE;

DRIVER_INITIALIZE DriverEntry;
static DRIVER_ADD_DEVICE EduAddDevice;
static DRIVER_UNLOAD EduUnload;
static DRIVER_DISPATCH EduPnp;
static DRIVER_DISPATCH EduPower;
static KSERVICE_ROUTINE EduInterrupt;
static KMESSAGE_SERVICE_ROUTINE EduMessageInterrupt;
static KDEFERRED_ROUTINE EduDpc;

static KSPIN_LOCK EduLock;
static LIST_ENTRY EduDevices;

/* What the device asserted, and no longer does; 0 when it was another one. */
static ULONG EduAcknowledge(PEDU_DEVICE Device)
{
	PEDU_REGISTERS Registers = Device->Registers;
	ULONG Status = READ_REGISTER_ULONG(&Registers->InterruptStatus);

	if (Status)
		WRITE_REGISTER_ULONG(&Registers->InterruptAcknowledge, Status);
	return Status;
}

/* The DPC may run on another CPU before this returns, so it is queued last. */
static VOID EduServe(PEDU_DEVICE Device, PEDU_MESSAGE Message, ULONG Status)
{
	InterlockedOr(&Device->Status, Status);
	InterlockedIncrement(&Message->Interrupts);
	KeInsertQueueDpc(&Message->Dpc, Message, NULL);
}

/* The line is shared: what is not ours is left to the others, at once. */
static BOOLEAN EduInterrupt(PKINTERRUPT Interrupt, PVOID Context)
{
	PEDU_DEVICE Device = Context;
	ULONG Status = EduAcknowledge(Device);

	if (Status == 0)
		return FALSE;
	EduServe(Device, &Device->Messages[0], Status);
	return TRUE;
}

/* A message is nobody else's, whatever the status register says. */
static BOOLEAN EduMessageInterrupt(PKINTERRUPT Interrupt, PVOID Context, ULONG MessageId)
{
	PEDU_DEVICE Device = Context;

	EduServe(Device, &Device->Messages[MessageId], EduAcknowledge(Device));
	return TRUE;
}

static VOID EduDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	PEDU_DEVICE Device = Context;
	PEDU_MESSAGE Message = Argument1;

	/* What the ISRs saw since the last DPC; a driver would now act on it. */
	InterlockedExchange(&Device->Status, 0);
	InterlockedIncrement(&Message->Dpcs);
}

/* The registers are in the first memory resource. */
static NTSTATUS EduMap(PEDU_DEVICE Device, PCM_PARTIAL_RESOURCE_LIST Resources)
{
	ULONG i;

	for (i = 0; i < Resources->Count; i++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR Resource;

		Resource = &Resources->PartialDescriptors[i];
		if (Resource->Type != CmResourceTypeMemory)
			continue;
		Device->Registers = MmMapIoSpace(Resource->u.Memory.Start,
						 sizeof(EDU_REGISTERS), MmNonCached);
		return Device->Registers ? STATUS_SUCCESS : STATUS_INSUFFICIENT_RESOURCES;
	}
	return STATUS_DEVICE_CONFIGURATION_ERROR;
}

/*
 * All messages at once or, when the device has none, its line. Version tells
 * afterwards which it is, and is what disconnecting needs.
 */
static NTSTATUS EduConnect(PEDU_DEVICE Device)
{
	IO_CONNECT_INTERRUPT_PARAMETERS Parameters = {
		.Version = CONNECT_MESSAGE_BASED,
		.MessageBased = {
			.PhysicalDeviceObject = Device->Pdo,
			.ConnectionContext.Generic =
				&Device->Interrupt.ConnectionContext.Generic,
			.MessageServiceRoutine = EduMessageInterrupt,
			.ServiceContext = Device,
			.FallBackServiceRoutine = EduInterrupt,
		},
	};
	NTSTATUS Status = IoConnectInterruptEx(&Parameters);

	if (NT_SUCCESS(Status))
		Device->Interrupt.Version = Parameters.Version;
	return Status;
}

static VOID EduUnmap(PEDU_DEVICE Device)
{
	if (Device->Registers)
		MmUnmapIoSpace(Device->Registers, sizeof(EDU_REGISTERS));
	Device->Registers = NULL;
}

static NTSTATUS EduStart(PEDU_DEVICE Device, PCM_RESOURCE_LIST Resources)
{
	NTSTATUS Status;
	KIRQL OldIrql;

	Status = EduMap(Device, &Resources->List[0].PartialResourceList);
	if (NT_SUCCESS(Status)) {
		EduAcknowledge(Device);
		Status = EduConnect(Device);
	}
	if (!NT_SUCCESS(Status)) {
		EduUnmap(Device);
		return Status;
	}
	KeAcquireSpinLock(&EduLock, &OldIrql);
	InsertTailList(&EduDevices, &Device->Link);
	KeReleaseSpinLock(&EduLock, OldIrql);
	return STATUS_SUCCESS;
}

/* A device that has gone is stopped, and then removed: the second does nothing. */
static VOID EduStop(PEDU_DEVICE Device)
{
	KIRQL OldIrql;

	if (!Device->Registers)
		return;
	KeAcquireSpinLock(&EduLock, &OldIrql);
	RemoveEntryList(&Device->Link);
	KeReleaseSpinLock(&EduLock, OldIrql);

	EduAcknowledge(Device);
	IoDisconnectInterruptEx(&Device->Interrupt);
	KeFlushQueuedDpcs();
	EduUnmap(Device);
}

static NTSTATUS EduPassDown(PEDU_DEVICE Device, PIRP Irp)
{
	IoSkipCurrentIrpStackLocation(Irp);
	return IoCallDriver(Device->Lower, Irp);
}

static NTSTATUS EduHandleStart(PEDU_DEVICE Device, PIRP Irp)
{
	PIO_STACK_LOCATION Stack = IoGetCurrentIrpStackLocation(Irp);
	PCM_RESOURCE_LIST Resources;
	NTSTATUS Status = STATUS_UNSUCCESSFUL;

	Resources = Stack->Parameters.StartDevice.AllocatedResourcesTranslated;
	if (IoForwardIrpSynchronously(Device->Lower, Irp))
		Status = Irp->IoStatus.Status;
	if (NT_SUCCESS(Status))
		Status = EduStart(Device, Resources);
	Irp->IoStatus.Status = Status;
	IoCompleteRequest(Irp, IO_NO_INCREMENT);
	return Status;
}

static NTSTATUS EduHandleRemove(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PEDU_DEVICE Device = DeviceObject->DeviceExtension;
	NTSTATUS Status;

	EduStop(Device);
	Irp->IoStatus.Status = STATUS_SUCCESS;
	Status = EduPassDown(Device, Irp);
	IoDetachDevice(Device->Lower);
	IoDeleteDevice(DeviceObject);
	return Status;
}

static NTSTATUS EduPnp(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PEDU_DEVICE Device = DeviceObject->DeviceExtension;

	switch (IoGetCurrentIrpStackLocation(Irp)->MinorFunction) {
	case IRP_MN_START_DEVICE:
		return EduHandleStart(Device, Irp);
	case IRP_MN_REMOVE_DEVICE:
		return EduHandleRemove(DeviceObject, Irp);
	case IRP_MN_STOP_DEVICE:
	case IRP_MN_SURPRISE_REMOVAL:
		EduStop(Device);
		Irp->IoStatus.Status = STATUS_SUCCESS;
		return EduPassDown(Device, Irp);
	case IRP_MN_QUERY_STOP_DEVICE:
	case IRP_MN_CANCEL_STOP_DEVICE:
	case IRP_MN_QUERY_REMOVE_DEVICE:
	case IRP_MN_CANCEL_REMOVE_DEVICE:
		Irp->IoStatus.Status = STATUS_SUCCESS;
		return EduPassDown(Device, Irp);
	default:
		return EduPassDown(Device, Irp);
	}
}

/* The device has no state that it could lose. */
static NTSTATUS EduPower(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	PEDU_DEVICE Device = DeviceObject->DeviceExtension;

	PoStartNextPowerIrp(Irp);
	IoSkipCurrentIrpStackLocation(Irp);
	return PoCallDriver(Device->Lower, Irp);
}

static NTSTATUS EduAddDevice(PDRIVER_OBJECT DriverObject, PDEVICE_OBJECT Pdo)
{
	PDEVICE_OBJECT DeviceObject;
	PEDU_DEVICE Device;
	NTSTATUS Status;
	ULONG i;

	Status = IoCreateDevice(DriverObject, sizeof(*Device), NULL, FILE_DEVICE_UNKNOWN,
				FILE_DEVICE_SECURE_OPEN, FALSE, &DeviceObject);
	if (!NT_SUCCESS(Status))
		return Status;
	Device = DeviceObject->DeviceExtension;
	Device->Pdo = Pdo;
	for (i = 0; i < EDU_MESSAGES; i++)
		KeInitializeDpc(&Device->Messages[i].Dpc, EduDpc, Device);
	Device->Lower = IoAttachDeviceToDeviceStack(DeviceObject, Pdo);
	if (!Device->Lower) {
		IoDeleteDevice(DeviceObject);
		return STATUS_NO_SUCH_DEVICE;
	}
	DeviceObject->Flags &= ~DO_DEVICE_INITIALIZING;
	return STATUS_SUCCESS;
}

static VOID EduUnload(PDRIVER_OBJECT DriverObject)
{
}

NTSTATUS DriverEntry(PDRIVER_OBJECT DriverObject, PUNICODE_STRING RegistryPath)
{
	KeInitializeSpinLock(&EduLock);
	InitializeListHead(&EduDevices);
	DriverObject->DriverExtension->AddDevice = EduAddDevice;
	DriverObject->DriverUnload = EduUnload;
	DriverObject->MajorFunction[IRP_MJ_PNP] = EduPnp;
	DriverObject->MajorFunction[IRP_MJ_POWER] = EduPower;
	return STATUS_SUCCESS;
}

/* A started device by its number, with the lock that keeps it; or NULL. */
static PEDU_DEVICE EduAcquireDevice(ULONG Number, PKIRQL OldIrql)
{
	PLIST_ENTRY Link;

	KeAcquireSpinLock(&EduLock, OldIrql);
	for (Link = EduDevices.Flink; Link != &EduDevices; Link = Link->Flink)
		if (Number-- == 0)
			return CONTAINING_RECORD(Link, EDU_DEVICE, Link);
	KeReleaseSpinLock(&EduLock, *OldIrql);
	return NULL;
}

int SampleFire(unsigned int Number, unsigned int MessageId)
{
	KIRQL OldIrql;
	PEDU_DEVICE Device = MessageId ? NULL : EduAcquireDevice(Number, &OldIrql);

	if (!Device)
		return 0;
	WRITE_REGISTER_ULONG(&Device->Registers->InterruptRaise, 1);
	KeReleaseSpinLock(&EduLock, OldIrql);
	return 1;
}

int SampleQuery(unsigned int Number, unsigned int MessageId, SAMPLE_MESSAGE *Message)
{
	KIRQL OldIrql;
	PEDU_DEVICE Device = MessageId ? NULL : EduAcquireDevice(Number, &OldIrql);

	if (!Device)
		return 0;
	RtlZeroMemory(Message, sizeof(*Message));
	Message->MessageBased = Device->Interrupt.Version == CONNECT_MESSAGE_BASED;
	if (Message->MessageBased) {
		PIO_INTERRUPT_MESSAGE_INFO Table;

		Table = Device->Interrupt.ConnectionContext.InterruptMessageTable;
		Message->Address = Table->MessageInfo[0].MessageAddress.QuadPart;
		Message->Data = Table->MessageInfo[0].MessageData;
	}
	Message->Interrupts = Device->Messages[0].Interrupts;
	Message->Dpcs = Device->Messages[0].Dpcs;
	KeReleaseSpinLock(&EduLock, OldIrql);
	return 1;
}
