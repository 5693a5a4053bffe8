// SPDX-License-Identifier: GPL-2.0-only
/* The same work as a StorPort miniport. */
#include "bench.h"

#include <linux/minirq.h>

#include <storport.h>

/**
 * struct adapter - a device, as HwDeviceExtension
 * @dev:	as the core knows it
 * @dpcs:	what its ISR issues
 * @others:	the DPCs of other devices
 * @found:	when its HwStorFindAdapter returned
 */
struct adapter {
	struct bench_device *dev;
	STOR_DPC dpcs[BENCH_DPCS];
	STOR_DPC others[BENCH_DPCS];
	u64 found;
};

/* An adapter with messages, for the operations that need one. */
static struct adapter *op_adapter;
static unsigned int op_connected;

static VOID dpc_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
	bench_dpc();
}

static VOID other_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
}

static void queue_others(void *context, unsigned int count)
{
	struct adapter *adapter = context;
	unsigned int i;

	for (i = 0; i < count; i++)
		StorPortIssueDpc(adapter, &adapter->others[i], NULL, NULL);
}

static __always_inline void issue_dpcs(struct adapter *adapter)
{
	unsigned int i, count = adapter->dev->dpcs;

	if (likely(count == 1)) {
		StorPortIssueDpc(adapter, &adapter->dpcs[0], NULL, NULL);
		return;
	}
	for (i = 0; i < count; i++)
		StorPortIssueDpc(adapter, &adapter->dpcs[i], NULL, NULL);
}

static BOOLEAN line_isr(PVOID extension)
{
	struct adapter *adapter = extension;

	if (!bench_isr(adapter->dev))
		return FALSE;
	issue_dpcs(adapter);
	return TRUE;
}

static BOOLEAN message_isr(PVOID extension, ULONG id)
{
	struct adapter *adapter = extension;

	bench_isr(adapter->dev);
	issue_dpcs(adapter);
	return TRUE;
}

static ULONG find_adapter(PVOID extension, PVOID context, PVOID bus, PCHAR argument,
			  PPORT_CONFIGURATION_INFORMATION config, PBOOLEAN again)
{
	struct adapter *adapter = extension;
	unsigned int i;

	adapter->dev = bench_attach("storport", (*config->AccessRanges)[0].RangeStart.QuadPart);
	if (!adapter->dev)
		return SP_RETURN_NOT_FOUND;
	/* minirq keeps 16 bytes of its own before the extension */
	bench_memory_own(sizeof(*adapter) + 16);
	adapter->dev->queue_others = queue_others;
	adapter->dev->context = adapter;
	for (i = 0; i < BENCH_DPCS; i++) {
		StorPortInitializeDpc(adapter, &adapter->dpcs[i], dpc_routine);
		StorPortInitializeDpc(adapter, &adapter->others[i], other_routine);
	}
	config->MaximumTransferLength = PAGE_SIZE;
	config->NumberOfPhysicalBreaks = 1;
	config->HwMSInterruptRoutine = message_isr;
	config->InterruptSynchronizationMode = InterruptSynchronizePerMessage;
	adapter->found = bench_now();
	return SP_RETURN_FOUND;
}

static BOOLEAN passive_initialize(PVOID extension)
{
	struct adapter *adapter = extension;

	if (strcmp(adapter->dev->kind, "line") && !op_connected) {
		op_adapter = adapter;
		op_connected = 1;
	}
	bench_start(adapter->dev);
	return TRUE;
}

/* Between the two calls StorPort connects the messages. */
static BOOLEAN initialize(PVOID extension)
{
	struct adapter *adapter = extension;

	bench_times.registered = bench_now() - adapter->found;
	return StorPortEnablePassiveInitialization(extension, passive_initialize);
}

static SCSI_ADAPTER_CONTROL_STATUS adapter_control(PVOID extension, SCSI_ADAPTER_CONTROL_TYPE type,
						   PVOID parameters)
{
	PSCSI_SUPPORTED_CONTROL_TYPE_LIST list = parameters;
	struct adapter *adapter = extension;

	if (type == ScsiQuerySupportedControlTypes) {
		list->SupportedTypeList[ScsiStopAdapter] = TRUE;
	} else if (type == ScsiStopAdapter) {
		if (op_adapter == adapter)
			op_connected = 0;
		bench_stop(adapter->dev);
		bench_detach(adapter->dev);
	}
	return ScsiAdapterControlSuccess;
}

static BOOLEAN start_io(PVOID extension, PSCSI_REQUEST_BLOCK srb)
{
	return FALSE;
}

static BOOLEAN reset_bus(PVOID extension, ULONG path)
{
	return TRUE;
}

int DriverEntry(void *driver, void *path)
{
	HW_INITIALIZATION_DATA data = {
		.HwInitializationDataSize = sizeof(data),
		.AdapterInterfaceType = PCIBus,
		.HwInitialize = initialize,
		.HwStartIo = start_io,
		.HwInterrupt = line_isr,
		.HwFindAdapter = find_adapter,
		.HwResetBus = reset_bus,
		.HwAdapterControl = adapter_control,
		.DeviceExtensionSize = sizeof(struct adapter),
		.NumberOfAccessRanges = 1,
	};

	return StorPortInitialize(driver, path, &data, NULL);
}

BENCH_OP(message_info, MESSAGE_INTERRUPT_INFORMATION info,
	 StorPortGetMSIInfo(op_adapter, 0, &info), BENCH_NOTHING)
BENCH_OP(dpc_lock, STOR_LOCK_HANDLE handle,
	 StorPortAcquireSpinLock(op_adapter, DpcLock, &op_adapter->dpcs[0], &handle);
	 StorPortReleaseSpinLock(op_adapter, &handle), BENCH_NOTHING)
BENCH_OP(message_lock, ULONG old,
	 StorPortAcquireMSISpinLock(op_adapter, 0, &old);
	 StorPortReleaseMSISpinLock(op_adapter, 0, old), BENCH_NOTHING)

static struct bench_op storport_ops[] = {
	{ .row = "e.msi_info", .side = "storport", .round = message_info,
	  .needs = &op_connected },
	{ .row = "e.lock", .side = "storport", .round = dpc_lock,
	  .needs = &op_connected },
	{ .row = "e.synchronize", .side = "storport", .round = message_lock,
	  .needs = &op_connected },
};

/* Devices are given to a driver by their driver_override. */
static const struct pci_device_id no_ids[] = { { } };

static struct minirq_miniport miniports[] = {
	{
		.name = "bench_storport",
		.owner = THIS_MODULE,
		.ids = no_ids,
		.entry = DriverEntry,
		.policy.msi = true,
	}, {
		.name = "bench_storport_line",
		.owner = THIS_MODULE,
		.ids = no_ids,
		.entry = DriverEntry,
	},
};

static int __init storport_init(void)
{
	int err = minirq_miniport_load(&miniports[0]);

	if (err)
		return err;
	err = minirq_miniport_load(&miniports[1]);
	if (err) {
		minirq_miniport_unload(&miniports[0]);
		return err;
	}
	bench_add_limit(&miniports[0].policy.message_limit);
	bench_add_ops(storport_ops, ARRAY_SIZE(storport_ops));
	return 0;
}
module_init(storport_init);

static void __exit storport_exit(void)
{
	bench_remove_ops(storport_ops, ARRAY_SIZE(storport_ops));
	minirq_miniport_unload(&miniports[1]);
	minirq_miniport_unload(&miniports[0]);
}
module_exit(storport_exit);

MODULE_DESCRIPTION("minirq benchmark: interrupts served by a StorPort miniport");
MODULE_LICENSE("GPL");
MODULE_INFO(import_ns, "MINIRQ");
