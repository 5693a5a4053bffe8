// SPDX-License-Identifier: GPL-2.0-only
/* The same work as a WDM driver, and what WDM drivers do besides. */
#include "bench.h"

#include <linux/minirq.h>

#include <wdm.h>

/**
 * struct extension - of a device object
 * @dev:	as the core knows it
 * @lower:	the next lower device
 * @pdo:	the lowest
 * @disconnect:	what connecting has left for disconnecting
 * @dpcs:	what the ISR queues, the first for one DPC
 * @others:	the DPCs of other devices
 */
struct extension {
	struct bench_device *dev;
	PDEVICE_OBJECT lower;
	PDEVICE_OBJECT pdo;
	IO_DISCONNECT_INTERRUPT_PARAMETERS disconnect;
	KDPC dpcs[BENCH_DPCS];
	KDPC others[BENCH_DPCS];
};

/* A message that stays connected, for the operations that need one. */
static PKINTERRUPT op_interrupt;
static struct extension *op_device;
static unsigned int op_connected;

static VOID device_dpc(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	bench_dpc();
}

static VOID other_dpc(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
}

static void queue_others(void *context, unsigned int count)
{
	struct extension *extension = context;
	unsigned int i;

	for (i = 0; i < count; i++)
		KeInsertQueueDpc(&extension->others[i], NULL, NULL);
}

static __always_inline BOOLEAN serve(struct extension *extension)
{
	unsigned int i, count = extension->dev->dpcs;

	if (!bench_isr(extension->dev))
		return FALSE;
	if (likely(count == 1)) {
		KeInsertQueueDpc(&extension->dpcs[0], NULL, NULL);
		return TRUE;
	}
	for (i = 0; i < count; i++)
		KeInsertQueueDpc(&extension->dpcs[i], NULL, NULL);
	return TRUE;
}

static BOOLEAN line_isr(PKINTERRUPT interrupt, PVOID context)
{
	return serve(context);
}

static BOOLEAN message_isr(PKINTERRUPT interrupt, PVOID context, ULONG id)
{
	return serve(context);
}

/* The first device with messages serves the operations too. */
static void offer(struct extension *extension)
{
	const IO_DISCONNECT_INTERRUPT_PARAMETERS *connected = &extension->disconnect;

	if (op_connected || connected->Version != CONNECT_MESSAGE_BASED)
		return;
	op_connected = 1;
	op_device = extension;
	op_interrupt = connected->ConnectionContext.InterruptMessageTable->MessageInfo[0]
		.InterruptObject;
}

static NTSTATUS connect_interrupt(struct extension *extension)
{
	IO_CONNECT_INTERRUPT_PARAMETERS parameters = {
		.Version = CONNECT_MESSAGE_BASED,
		.MessageBased.PhysicalDeviceObject = extension->pdo,
		.MessageBased.ConnectionContext.Generic =
			&extension->disconnect.ConnectionContext.Generic,
		.MessageBased.MessageServiceRoutine = message_isr,
		.MessageBased.ServiceContext = extension,
		.MessageBased.FallBackServiceRoutine = line_isr,
	};
	u64 start = bench_now();
	NTSTATUS status = IoConnectInterruptEx(&parameters);

	bench_times.registered = bench_now() - start;
	extension->disconnect.Version = parameters.Version;
	if (NT_SUCCESS(status))
		offer(extension);
	return status;
}

static u64 first_bar(PCM_RESOURCE_LIST resources)
{
	PCM_PARTIAL_RESOURCE_LIST list = &resources->List[0].PartialResourceList;
	ULONG i;

	for (i = 0; i < list->Count; i++)
		if (list->PartialDescriptors[i].Type == CmResourceTypeMemory)
			return list->PartialDescriptors[i].u.Memory.Start.QuadPart;
	return 0;
}

static NTSTATUS start_device(struct extension *extension, PCM_RESOURCE_LIST resources)
{
	NTSTATUS status;

	extension->dev = bench_attach("wdm", first_bar(resources));
	if (!extension->dev)
		return STATUS_UNSUCCESSFUL;
	extension->dev->queue_others = queue_others;
	extension->dev->context = extension;
	status = connect_interrupt(extension);
	if (NT_SUCCESS(status)) {
		bench_start(extension->dev);
		return status;
	}
	bench_detach(extension->dev);
	extension->dev = NULL;
	return status;
}

static void stop_device(struct extension *extension)
{
	if (!extension->dev)
		return;
	bench_stop(extension->dev);
	if (op_device == extension) {
		op_connected = 0;
		op_device = NULL;
	}
	IoDisconnectInterruptEx(&extension->disconnect);
	KeFlushQueuedDpcs();
	bench_detach(extension->dev);
	extension->dev = NULL;
}

static NTSTATUS handle_start(struct extension *extension, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
	PCM_RESOURCE_LIST resources = location->Parameters.StartDevice.AllocatedResourcesTranslated;
	NTSTATUS status = STATUS_UNSUCCESSFUL;

	if (IoForwardIrpSynchronously(extension->lower, irp))
		status = start_device(extension, resources);
	irp->IoStatus.Status = status;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

static NTSTATUS handle_remove(PDEVICE_OBJECT device, PIRP irp)
{
	struct extension *extension = device->DeviceExtension;
	PDEVICE_OBJECT lower = extension->lower;
	NTSTATUS status;

	stop_device(extension);
	irp->IoStatus.Status = STATUS_SUCCESS;
	IoSkipCurrentIrpStackLocation(irp);
	status = IoCallDriver(lower, irp);
	IoDetachDevice(lower);
	IoDeleteDevice(device);
	return status;
}

static NTSTATUS dispatch_pnp(PDEVICE_OBJECT device, PIRP irp)
{
	struct extension *extension = device->DeviceExtension;

	switch (IoGetCurrentIrpStackLocation(irp)->MinorFunction) {
	case IRP_MN_START_DEVICE:
		return handle_start(extension, irp);
	case IRP_MN_REMOVE_DEVICE:
		return handle_remove(device, irp);
	default:
		IoSkipCurrentIrpStackLocation(irp);
		return IoCallDriver(extension->lower, irp);
	}
}

static NTSTATUS dispatch_power(PDEVICE_OBJECT device, PIRP irp)
{
	struct extension *extension = device->DeviceExtension;

	IoSkipCurrentIrpStackLocation(irp);
	return PoCallDriver(extension->lower, irp);
}

static NTSTATUS add_device(PDRIVER_OBJECT driver, PDEVICE_OBJECT pdo)
{
	struct extension *extension;
	PDEVICE_OBJECT device;
	NTSTATUS status;
	unsigned int i;

	status = IoCreateDevice(driver, sizeof(*extension), NULL, FILE_DEVICE_UNKNOWN,
				FILE_DEVICE_SECURE_OPEN, FALSE, &device);
	if (!NT_SUCCESS(status))
		return status;
	bench_memory_own(sizeof(*extension));
	extension = device->DeviceExtension;
	extension->pdo = pdo;
	for (i = 0; i < BENCH_DPCS; i++) {
		KeInitializeDpc(&extension->dpcs[i], device_dpc, extension);
		KeInitializeDpc(&extension->others[i], other_dpc, extension);
	}
	extension->lower = IoAttachDeviceToDeviceStack(device, pdo);
	device->Flags &= ~DO_DEVICE_INITIALIZING;
	return STATUS_SUCCESS;
}

int DriverEntry(void *object, void *path)
{
	PDRIVER_OBJECT driver = object;

	driver->DriverExtension->AddDevice = add_device;
	driver->MajorFunction[IRP_MJ_PNP] = dispatch_pnp;
	driver->MajorFunction[IRP_MJ_POWER] = dispatch_power;
	return STATUS_SUCCESS;
}

static KDPC op_dpc;
static KSPIN_LOCK op_lock;
static KIRQL op_irql;

static VOID op_routine(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
}

static BOOLEAN op_synchronized(PVOID context)
{
	return TRUE;
}

BENCH_OP(insert, KeRaiseIrql(DISPATCH_LEVEL, &op_irql), KeInsertQueueDpc(&op_dpc, NULL, NULL),
	 KeLowerIrql(op_irql))
BENCH_OP(insert_again,
	 KeRaiseIrql(DISPATCH_LEVEL, &op_irql); KeInsertQueueDpc(&op_dpc, NULL, NULL),
	 KeInsertQueueDpc(&op_dpc, NULL, NULL), KeLowerIrql(op_irql))
BENCH_OP(remove_queued,
	 KeRaiseIrql(DISPATCH_LEVEL, &op_irql); KeInsertQueueDpc(&op_dpc, NULL, NULL),
	 KeRemoveQueueDpc(&op_dpc), KeLowerIrql(op_irql))
BENCH_OP(lock_at_dpc, KeRaiseIrql(DISPATCH_LEVEL, &op_irql),
	 KeAcquireSpinLockAtDpcLevel(&op_lock); KeReleaseSpinLockFromDpcLevel(&op_lock),
	 KeLowerIrql(op_irql))
BENCH_OP(lock_raise, KIRQL old,
	 KeAcquireSpinLock(&op_lock, &old); KeReleaseSpinLock(&op_lock, old),
	 BENCH_NOTHING)
BENCH_OP(raise_dispatch, KIRQL old, KeRaiseIrql(DISPATCH_LEVEL, &old); KeLowerIrql(old),
	 BENCH_NOTHING)
BENCH_OP(raise_dirql, KIRQL old, KeRaiseIrql(12, &old); KeLowerIrql(old), BENCH_NOTHING)
BENCH_OP(synchronize, BENCH_NOTHING,
	 KeSynchronizeExecution(op_interrupt, op_synchronized, NULL), BENCH_NOTHING)

static KDPC remote;

static VOID remote_routine(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	bench_dpc();
}

static __always_inline void send(void)
{
	KeInsertQueueDpc(&remote, NULL, NULL);
}

BENCH_OP(remote_send, bench_remote_begin(); KeRaiseIrql(DISPATCH_LEVEL, &op_irql), send(),
	 KeLowerIrql(op_irql); bench_remote_wait())
BENCH_OP(remote_dpc, bench_remote_begin(); KeRaiseIrql(DISPATCH_LEVEL, &op_irql), send(),
	 *took = bench_remote_wait() - start; KeLowerIrql(op_irql))

static struct bench_op wdm_ops[] = {
	{ .row = "e.insert", .side = "wdm", .round = insert },
	{ .row = "e.insert_coalesced", .side = "wdm", .round = insert_again },
	{ .row = "e.remove", .side = "wdm", .round = remove_queued },
	{ .row = "e.lock_at_dpc", .side = "wdm", .round = lock_at_dpc },
	{ .row = "e.lock", .side = "wdm", .round = lock_raise },
	{ .row = "e.raise_dispatch", .side = "wdm", .round = raise_dispatch },
	{ .row = "e.raise_dirql", .side = "wdm", .round = raise_dirql },
	{ .row = "e.synchronize", .side = "wdm", .round = synchronize,
	  .needs = &op_connected },
	{ .row = "d.send", .side = "wdm", .round = remote_send },
	{ .row = "d.dpc", .side = "wdm", .round = remote_dpc },
};

/* Devices are given to a driver by their driver_override. */
static const struct pci_device_id no_ids[] = { { } };

static struct minirq_miniport miniports[] = {
	{
		.name = "bench_wdm",
		.owner = THIS_MODULE,
		.ids = no_ids,
		.entry = DriverEntry,
		.policy.msi = true,
	}, {
		.name = "bench_wdm_line",
		.owner = THIS_MODULE,
		.ids = no_ids,
		.entry = DriverEntry,
	},
};

static int __init wdm_init(void)
{
	int err = minirq_miniport_load(&miniports[0]);

	if (err)
		return err;
	err = minirq_miniport_load(&miniports[1]);
	if (err) {
		minirq_miniport_unload(&miniports[0]);
		return err;
	}
	KeInitializeDpc(&op_dpc, op_routine, NULL);
	KeInitializeDpc(&remote, remote_routine, NULL);
	KeSetTargetProcessorDpc(&remote, BENCH_REMOTE_CPU);
	KeInitializeSpinLock(&op_lock);
	bench_add_limit(&miniports[0].policy.message_limit);
	bench_add_ops(wdm_ops, ARRAY_SIZE(wdm_ops));
	return 0;
}
module_init(wdm_init);

static void __exit wdm_exit(void)
{
	bench_remove_ops(wdm_ops, ARRAY_SIZE(wdm_ops));
	minirq_miniport_unload(&miniports[1]);
	minirq_miniport_unload(&miniports[0]);
}
module_exit(wdm_exit);

MODULE_DESCRIPTION("minirq benchmark: interrupts served by a WDM driver");
MODULE_LICENSE("GPL");
MODULE_INFO(import_ns, "MINIRQ");
