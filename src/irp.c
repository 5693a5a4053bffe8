// SPDX-License-Identifier: GPL-2.0-only
/*
 * I/O requests: from a device object down its stack, and back.
 *
 * An IRP is followed by one location for each device of the stack, the lowest
 * device's first. A call goes one location down, a completion goes all the way
 * up, through the completion routines that were left in the location below the
 * one of the driver that left them.
 */
#include "irp.h"

#include <linux/export.h>
#include <linux/slab.h>

#include "event.h"
#include "memory.h"
#include "verifier.h"

/* IO_TYPE_IRP of Windows, and how an IRP came to be */
#define TYPE_IRP	6
#define SYSTEM_OWNED	0x80

static PIO_STACK_LOCATION locations(PIRP irp)
{
	return (PIO_STACK_LOCATION)(irp + 1);
}

/**
 * IoInitializeIrp() - make an IRP of memory
 * @Irp:	the memory
 * @PacketSize:	its size, IoSizeOfIrp(@StackSize)
 * @StackSize:	devices it can pass
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-ioinitializeirp
 */
VOID IoInitializeIrp(PIRP Irp, USHORT PacketSize, CCHAR StackSize)
{
	memset(Irp, 0, PacketSize);
	Irp->Type = TYPE_IRP;
	Irp->Size = PacketSize;
	Irp->StackCount = StackSize;
	Irp->CurrentLocation = StackSize + 1;
	Irp->Tail.Overlay.CurrentStackLocation = locations(Irp) + StackSize;
	InitializeListHead(&Irp->ThreadListEntry);
}
EXPORT_SYMBOL_GPL(IoInitializeIrp);

/**
 * IoAllocateIrp() - make an IRP
 * @StackSize:		devices it can pass: StackSize of the device it is sent to
 * @ChargeQuota:	not used
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-ioallocateirp
 * Return: the IRP, or NULL for want of memory or a size below one.
 */
PIRP IoAllocateIrp(CCHAR StackSize, BOOLEAN ChargeQuota)
{
	PIRP irp;

	if (StackSize < 1)
		return NULL;
	irp = minirq_memory_alloc(IoSizeOfIrp(StackSize), GFP_ATOMIC);
	if (irp)
		IoInitializeIrp(irp, IoSizeOfIrp(StackSize), StackSize);
	return irp;
}
EXPORT_SYMBOL_GPL(IoAllocateIrp);

/**
 * IoFreeIrp() - free what IoAllocateIrp() returned
 * @Irp:	the IRP
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-iofreeirp
 */
VOID IoFreeIrp(PIRP Irp)
{
	minirq_memory_free(Irp);
}
EXPORT_SYMBOL_GPL(IoFreeIrp);

/**
 * IoReuseIrp() - make an IRP as it was when it was allocated
 * @Irp:	of the caller's, from IoAllocateIrp()
 * @Iostatus:	what its status begins with
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-ioreuseirp
 */
VOID IoReuseIrp(PIRP Irp, NTSTATUS Iostatus)
{
	IoInitializeIrp(Irp, Irp->Size, Irp->StackCount);
	Irp->IoStatus.Status = Iostatus;
}
EXPORT_SYMBOL_GPL(IoReuseIrp);

/**
 * IoBuildSynchronousFsdRequest() - make an IRP whose end an event tells
 * @MajorFunction:	IRP_MJ_PNP, IRP_MJ_FLUSH_BUFFERS or IRP_MJ_SHUTDOWN
 * @DeviceObject:	where it will be sent
 * @Buffer:		of reads and writes: not supported
 * @Length:		of reads and writes
 * @StartingOffset:	of reads and writes
 * @Event:		set when the request is complete
 * @IoStatusBlock:	where its status is stored
 *
 * The IRP is the system's: it is freed when it is complete.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-iobuildsynchronousfsdrequest
 * Return: the IRP; NULL for want of memory, or for reads and writes.
 */
PIRP IoBuildSynchronousFsdRequest(ULONG MajorFunction,
				  PDEVICE_OBJECT DeviceObject, PVOID Buffer,
				  ULONG Length, PLARGE_INTEGER StartingOffset,
				  PKEVENT Event,
				  PIO_STATUS_BLOCK IoStatusBlock)
{
	PIRP irp;

	if (MajorFunction == IRP_MJ_READ || MajorFunction == IRP_MJ_WRITE)
		return NULL;
	irp = IoAllocateIrp(DeviceObject->StackSize, FALSE);
	if (!irp)
		return NULL;
	irp->AllocationFlags = SYSTEM_OWNED;
	irp->UserEvent = Event;
	irp->UserIosb = IoStatusBlock;
	IoGetNextIrpStackLocation(irp)->MajorFunction = MajorFunction;
	return irp;
}
EXPORT_SYMBOL_GPL(IoBuildSynchronousFsdRequest);

static NTSTATUS call(PDEVICE_OBJECT device, PIRP irp, void *caller)
{
	PIO_STACK_LOCATION location;

	if (irp->CurrentLocation <= 1) {
		minirq_violation(MINIRQ_RULE_CALL_DRIVER, caller,
				 "IRP has no location left for another driver");
		irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
		IofCompleteRequest(irp, IO_NO_INCREMENT);
		return STATUS_INVALID_DEVICE_REQUEST;
	}
	IoSetNextIrpStackLocation(irp);
	location = IoGetCurrentIrpStackLocation(irp);
	location->DeviceObject = device;
	return device->DriverObject->MajorFunction[location->MajorFunction]
		(device, irp);
}

/**
 * IofCallDriver() - hand an IRP to a device
 * @DeviceObject:	the device, most often the next lower one
 * @Irp:		with its next location filled in
 *
 * What IoCallDriver() is a macro for. A request for which the IRP has no
 * location left is reported, and completed with STATUS_INVALID_DEVICE_REQUEST.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-iofcalldriver
 * Return: what the driver's dispatch routine returned.
 */
NTSTATUS IofCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	return call(DeviceObject, Irp, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(IofCallDriver);

/**
 * PoCallDriver() - hand a power IRP to a device
 * @DeviceObject:	the next lower device
 * @Irp:		with its next location filled in
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ntifs-pocalldriver
 * Return: what the driver's dispatch routine returned.
 */
NTSTATUS PoCallDriver(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	return call(DeviceObject, Irp, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(PoCallDriver);

/**
 * PoStartNextPowerIrp() - say that the next power IRP may come
 * @Irp:	the power IRP that is being handled
 *
 * Nothing to do, as on Windows since Vista: the next one waits for the end of
 * this one anyway.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ntifs-postartnextpowerirp
 */
VOID PoStartNextPowerIrp(PIRP Irp)
{
}
EXPORT_SYMBOL_GPL(PoStartNextPowerIrp);

/* Did whoever set the routine ask for it with this status? */
static bool wants_completion(PIRP irp, UCHAR control)
{
	if (irp->Cancel && (control & SL_INVOKE_ON_CANCEL))
		return true;
	return control & (NT_SUCCESS(irp->IoStatus.Status) ?
				  SL_INVOKE_ON_SUCCESS : SL_INVOKE_ON_ERROR);
}

/* The device of the driver that the IRP has come back to; NULL for its maker. */
static PDEVICE_OBJECT returned_to(PIRP irp)
{
	if (irp->CurrentLocation > irp->StackCount)
		return NULL;
	return IoGetCurrentIrpStackLocation(irp)->DeviceObject;
}

/* One location up. False when its routine keeps the IRP. */
static bool go_up(PIRP irp)
{
	PIO_STACK_LOCATION done = IoGetCurrentIrpStackLocation(irp);
	PIO_COMPLETION_ROUTINE routine = done->CompletionRoutine;
	UCHAR control = done->Control;

	irp->PendingReturned = !!(control & SL_PENDING_RETURNED);
	IoSkipCurrentIrpStackLocation(irp);
	if (routine && wants_completion(irp, control)) {
		done->CompletionRoutine = NULL;
		return routine(returned_to(irp), irp, done->Context) !=
		       STATUS_MORE_PROCESSING_REQUIRED;
	}
	if (irp->PendingReturned && irp->CurrentLocation <= irp->StackCount)
		IoMarkIrpPending(irp);
	return true;
}

/* Nobody kept it. */
static void end(PIRP irp)
{
	PKEVENT event = irp->UserEvent;

	if (!(irp->AllocationFlags & SYSTEM_OWNED))
		return;
	if (irp->UserIosb)
		*irp->UserIosb = irp->IoStatus;
	IoFreeIrp(irp);
	if (event)
		KeSetEvent(event, IO_NO_INCREMENT, FALSE);
}

/**
 * IofCompleteRequest() - a request is done
 * @Irp:		with its IoStatus set
 * @PriorityBoost:	not used
 *
 * What IoCompleteRequest() is a macro for. Calls the completion routines, from
 * this driver upwards, until one keeps the IRP. Completing an IRP again, or with
 * STATUS_PENDING, is reported.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-iofcompleterequest
 */
VOID IofCompleteRequest(PIRP Irp, CCHAR PriorityBoost)
{
	if (Irp->CurrentLocation > Irp->StackCount) {
		minirq_violation(MINIRQ_RULE_COMPLETE, MINIRQ_CALLER,
				 "IRP completed twice");
		return;
	}
	if (Irp->IoStatus.Status == STATUS_PENDING)
		minirq_violation(MINIRQ_RULE_COMPLETE, MINIRQ_CALLER,
				 "IRP completed with STATUS_PENDING");
	while (Irp->CurrentLocation <= Irp->StackCount)
		if (!go_up(Irp))
			return;
	end(Irp);
}
EXPORT_SYMBOL_GPL(IofCompleteRequest);

static NTSTATUS came_back(PDEVICE_OBJECT device, PIRP irp, PVOID event)
{
	KeSetEvent(event, IO_NO_INCREMENT, FALSE);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS call_and_wait(PDEVICE_OBJECT device, PIRP irp)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	IoSetCompletionRoutine(irp, came_back, &event, TRUE, TRUE, TRUE);
	IofCallDriver(device, irp);
	KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
	return irp->IoStatus.Status;
}

/**
 * IoForwardIrpSynchronously() - have the lower devices handle an IRP first
 * @DeviceObject:	the next lower device
 * @Irp:		the caller's; its status is in IoStatus afterwards
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-ioforwardirpsynchronously
 * Return: TRUE; FALSE when the IRP has no location left.
 */
BOOLEAN IoForwardIrpSynchronously(PDEVICE_OBJECT DeviceObject, PIRP Irp)
{
	if (Irp->CurrentLocation <= 1)
		return FALSE;
	IoCopyCurrentIrpStackLocationToNext(Irp);
	call_and_wait(DeviceObject, Irp);
	return TRUE;
}
EXPORT_SYMBOL_GPL(IoForwardIrpSynchronously);

/**
 * IoSetCompletionRoutineEx() - IoSetCompletionRoutine() that may outlive a driver
 * @DeviceObject:	the caller's device
 * @Irp:		the IRP
 * @CompletionRoutine:	called when the lower devices are done
 * @Context:		its last argument
 * @InvokeOnSuccess:	call it after success
 * @InvokeOnError:	call it after a failure
 * @InvokeOnCancel:	call it after a cancellation
 *
 * Differs from Windows: the driver is not held in memory; a module is unloaded
 * only after all of its devices have been removed, and their IRPs completed.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-iosetcompletionroutineex
 * Return: STATUS_SUCCESS.
 */
NTSTATUS IoSetCompletionRoutineEx(PDEVICE_OBJECT DeviceObject, PIRP Irp,
				  PIO_COMPLETION_ROUTINE CompletionRoutine,
				  PVOID Context, BOOLEAN InvokeOnSuccess,
				  BOOLEAN InvokeOnError, BOOLEAN InvokeOnCancel)
{
	IoSetCompletionRoutine(Irp, CompletionRoutine, Context, InvokeOnSuccess,
			       InvokeOnError, InvokeOnCancel);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(IoSetCompletionRoutineEx);

/* There is memory for it: a driver that is not told to stop goes on without a device. */
static void send(PDEVICE_OBJECT top, const struct _IO_STACK_LOCATION *request,
		 PIO_STATUS_BLOCK io)
{
	USHORT size = IoSizeOfIrp(top->StackSize);
	PIRP irp = kzalloc(size, GFP_KERNEL | __GFP_NOFAIL);

	IoInitializeIrp(irp, size, top->StackSize);
	irp->IoStatus = *io;
	*IoGetNextIrpStackLocation(irp) = *request;
	call_and_wait(top, irp);
	*io = irp->IoStatus;
	IoFreeIrp(irp);
}

/**
 * minirq_irp_send_io() - send a request whose status carries something
 * @object:	any device of the stack; the request goes to the topmost
 * @request:	the request and its parameters
 * @io:		its status to begin with, and in the end
 *
 * Context: process context, may sleep.
 */
void minirq_irp_send_io(PDEVICE_OBJECT object,
			const struct _IO_STACK_LOCATION *request,
			PIO_STATUS_BLOCK io)
{
	PDEVICE_OBJECT top = IoGetAttachedDeviceReference(object);

	send(top, request, io);
	ObDereferenceObject(top);
}

/**
 * minirq_irp_send() - send a request to a stack, and wait for its end
 * @object:	any device of the stack; the request goes to the topmost
 * @request:	the request and its parameters
 *
 * A request begins as not supported, so that one which no driver knows, and all
 * pass down, ends as that.
 *
 * Context: process context, may sleep.
 * Return: its status.
 */
NTSTATUS minirq_irp_send(PDEVICE_OBJECT object,
			 const struct _IO_STACK_LOCATION *request)
{
	IO_STATUS_BLOCK io = { .Status = STATUS_NOT_SUPPORTED };

	minirq_irp_send_io(object, request, &io);
	return io.Status;
}
