// SPDX-License-Identifier: GPL-2.0-only
/* The same work as an NDIS miniport. */
#include "bench.h"

#include <linux/minirq.h>
#include <linux/slab.h>

#include <ndis.h>

/**
 * struct adapter - a device
 * @dev:	as the core knows it
 * @interrupt:	its registration
 * @dpcs:	DPCs beyond the one that NDIS keeps for each message
 * @others:	the DPCs of other devices
 */
struct adapter {
	struct bench_device *dev;
	NDIS_HANDLE interrupt;
	KDPC dpcs[BENCH_DPCS];
	KDPC others[BENCH_DPCS];
};

static NDIS_HANDLE driver_handle;

/* A message that stays connected, for the operations that need one. */
static NDIS_HANDLE op_handle;
static unsigned int op_connected;

static VOID extra_dpc(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	bench_dpc();
}

static VOID other_dpc(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
}

static void queue_others(void *context, unsigned int count)
{
	struct adapter *adapter = context;
	unsigned int i;

	for (i = 0; i < count; i++)
		KeInsertQueueDpc(&adapter->others[i], NULL, NULL);
}

/* One DPC is NDIS' own; several are the driver's. */
static __always_inline void queue_dpcs(struct adapter *adapter, PBOOLEAN queue_default)
{
	unsigned int i, count = adapter->dev->dpcs;

	if (likely(count == 1)) {
		*queue_default = TRUE;
		return;
	}
	for (i = 0; i < count; i++)
		KeInsertQueueDpc(&adapter->dpcs[i], NULL, NULL);
}

static BOOLEAN line_isr(NDIS_HANDLE context, PBOOLEAN queue_default, PULONG targets)
{
	struct adapter *adapter = context;

	if (!bench_isr(adapter->dev))
		return FALSE;
	queue_dpcs(adapter, queue_default);
	return TRUE;
}

static BOOLEAN message_isr(NDIS_HANDLE context, ULONG id, PBOOLEAN queue_default, PULONG targets)
{
	struct adapter *adapter = context;

	bench_isr(adapter->dev);
	queue_dpcs(adapter, queue_default);
	return TRUE;
}

static VOID line_dpc(NDIS_HANDLE context, PVOID dpc_context, PVOID throttle, PVOID reserved)
{
	bench_dpc();
}

static VOID message_dpc(NDIS_HANDLE context, ULONG id, PVOID dpc_context, PVOID throttle,
			PVOID reserved)
{
	bench_dpc();
}

static VOID disable(NDIS_HANDLE context)
{
}

static VOID disable_message(NDIS_HANDLE context, ULONG id)
{
}

static NDIS_STATUS register_interrupt(NDIS_HANDLE handle, struct adapter *adapter)
{
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS chars = {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
		.Header.Revision = NDIS_MINIPORT_INTERRUPT_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1,
		.InterruptHandler = line_isr,
		.InterruptDpcHandler = line_dpc,
		.DisableInterruptHandler = disable,
		.EnableInterruptHandler = disable,
		.MsiSupported = TRUE,
		.MessageInterruptHandler = message_isr,
		.MessageInterruptDpcHandler = message_dpc,
		.DisableMessageInterruptHandler = disable_message,
		.EnableMessageInterruptHandler = disable_message,
	};
	u64 start = bench_now();
	NDIS_STATUS status = NdisMRegisterInterruptEx(handle, adapter, &chars,
						      &adapter->interrupt);

	bench_times.registered = bench_now() - start;
	if (status == NDIS_STATUS_SUCCESS && chars.MessageInfoTable && !op_connected) {
		op_connected = 1;
		op_handle = adapter->interrupt;
	}
	return status;
}

static u64 first_bar(PNDIS_RESOURCE_LIST list)
{
	ULONG i;

	for (i = 0; i < list->Count; i++)
		if (list->PartialDescriptors[i].Type == CmResourceTypeMemory)
			return list->PartialDescriptors[i].u.Memory.Start.QuadPart;
	return 0;
}

static NDIS_STATUS set_attributes(NDIS_HANDLE handle, struct adapter *adapter)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes = {
		.RegistrationAttributes = {
			.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
			.Header.Revision = NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
			.Header.Size =
				NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
			.MiniportAdapterContext = adapter,
			.AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE |
					  NDIS_MINIPORT_ATTRIBUTES_BUS_MASTER,
			.InterfaceType = NdisInterfacePci,
		},
	};

	return NdisMSetMiniportAttributes(handle, &attributes);
}

static NDIS_STATUS initialize_adapter(NDIS_HANDLE handle, NDIS_HANDLE context,
				      PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
	struct adapter *adapter = kzalloc(sizeof(*adapter), GFP_KERNEL);
	NDIS_STATUS status;
	unsigned int i;

	if (!adapter)
		return NDIS_STATUS_RESOURCES;
	bench_memory_own(sizeof(*adapter));
	for (i = 0; i < BENCH_DPCS; i++) {
		KeInitializeDpc(&adapter->dpcs[i], extra_dpc, adapter);
		KeInitializeDpc(&adapter->others[i], other_dpc, adapter);
	}
	adapter->dev = bench_attach("ndis", first_bar(parameters->AllocatedResources));
	if (adapter->dev) {
		adapter->dev->queue_others = queue_others;
		adapter->dev->context = adapter;
	}
	status = adapter->dev ? set_attributes(handle, adapter) : NDIS_STATUS_FAILURE;
	if (status == NDIS_STATUS_SUCCESS)
		status = register_interrupt(handle, adapter);
	if (status == NDIS_STATUS_SUCCESS) {
		bench_start(adapter->dev);
		return status;
	}
	if (adapter->dev)
		bench_detach(adapter->dev);
	kfree(adapter);
	return status;
}

static VOID halt_adapter(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
	struct adapter *adapter = context;

	bench_stop(adapter->dev);
	if (op_handle == adapter->interrupt)
		op_connected = 0;
	NdisMDeregisterInterruptEx(adapter->interrupt);
	bench_detach(adapter->dev);
	kfree(adapter);
}

static VOID unload(PDRIVER_OBJECT driver)
{
	NdisMDeregisterMiniportDriver(driver);
}

int DriverEntry(void *driver, void *path)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars = {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
		.Header.Revision = NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1,
		.MajorNdisVersion = 6,
		.InitializeHandlerEx = initialize_adapter,
		.HaltHandlerEx = halt_adapter,
		.UnloadHandler = unload,
	};

	return NdisMRegisterMiniportDriver(driver, path, NULL, &chars, &driver_handle);
}

static BOOLEAN op_synchronized(PVOID context)
{
	return TRUE;
}

BENCH_OP(ndis_synchronize, BENCH_NOTHING,
	 NdisMSynchronizeWithInterruptEx(op_handle, 0, op_synchronized, NULL), BENCH_NOTHING)

static struct bench_op ndis_ops[] = {
	{ .row = "e.synchronize", .side = "ndis", .round = ndis_synchronize,
	  .needs = &op_connected },
};

/* Devices are given to a driver by their driver_override. */
static const struct pci_device_id no_ids[] = { { } };

static struct minirq_miniport miniports[] = {
	{
		.name = "bench_ndis",
		.owner = THIS_MODULE,
		.ids = no_ids,
		.entry = DriverEntry,
		.policy.msi = true,
	}, {
		.name = "bench_ndis_line",
		.owner = THIS_MODULE,
		.ids = no_ids,
		.entry = DriverEntry,
	},
};

static int __init ndis_init(void)
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
	bench_add_ops(ndis_ops, ARRAY_SIZE(ndis_ops));
	return 0;
}
module_init(ndis_init);

static void __exit ndis_exit(void)
{
	bench_remove_ops(ndis_ops, ARRAY_SIZE(ndis_ops));
	minirq_miniport_unload(&miniports[1]);
	minirq_miniport_unload(&miniports[0]);
}
module_exit(ndis_exit);

MODULE_DESCRIPTION("minirq benchmark: interrupts served by an NDIS miniport");
MODULE_LICENSE("GPL");
MODULE_INFO(import_ns, "MINIRQ");
