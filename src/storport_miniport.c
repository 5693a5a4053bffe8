// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a StorPort miniport: DriverEntry registers it, each device that
 * is bound becomes an adapter:
 *
 *	HwStorFindAdapter			PASSIVE
 *	the interrupt is connected
 *	HwStorInitialize			DIRQL, under the interrupt lock
 *	HwStorPassiveInitializeRoutine		PASSIVE, when asked for
 *	HwStorAdapterControl(ScsiStopAdapter)	DIRQL, under the interrupt lock
 *	the interrupt is disconnected
 *
 * A suspended adapter is stopped and stays connected.
 */
#include "storport_miniport.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "dpc_flush.h"
#include "driver.h"
#include "interrupt.h"
#include "pci.h"
#include "resources.h"
#include "storport_control.h"
#include "storport_lock.h"
#include "storport_memory.h"
#include "storport_request.h"
#include "verifier.h"

/* Size of HW_INITIALIZATION_DATA before Windows 8, all that is needed of it. */
#define OLDEST_DATA_SIZE	offsetof(HW_INITIALIZATION_DATA, HwFreeAdapterResources)

static struct minirq_stor_miniport *miniport_of(void *extension)
{
	return container_of(minirq_stor_adapter_of(extension),
			    struct minirq_stor_miniport, adapter);
}

/**
 * minirq_stor_miniport_create() - make an adapter for a device
 * @driver:	the driver
 * @dev:	the device, must outlive the adapter
 *
 * Return: the adapter, or NULL for want of memory.
 */
struct minirq_stor_miniport *
minirq_stor_miniport_create(const struct minirq_stor_driver *driver,
			    struct minirq_device *dev)
{
	struct minirq_stor_miniport *miniport =
		kzalloc(sizeof(*miniport), GFP_KERNEL);

	if (!miniport)
		return NULL;
	if (minirq_stor_adapter_init(&miniport->adapter, dev->name,
				     driver->data.DeviceExtensionSize)) {
		kfree(miniport);
		return NULL;
	}
	miniport->driver = driver;
	miniport->dev = dev;
	miniport->adapter.irqs = dev->irqs;
	miniport->adapter.line_isr = driver->data.HwInterrupt;
	miniport->adapter.build_routine = driver->data.HwBuildIo;
	miniport->adapter.start_routine = driver->data.HwStartIo;
	minirq_stor_registry_init(&miniport->adapter.registry, dev);
	minirq_stor_memory_init(&miniport->memory, dev->pdev);
	miniport->adapter.memory = &miniport->memory;
	return miniport;
}

static void fill_ranges(struct minirq_stor_miniport *miniport)
{
	struct pci_dev *pdev = miniport->dev->pdev;
	unsigned int bar;

	for (bar = 0; pdev && bar < PCI_STD_NUM_BARS; bar++) {
		ACCESS_RANGE *range = &miniport->ranges[bar];

		range->RangeStart.QuadPart = pci_resource_start(pdev, bar);
		range->RangeLength = pci_resource_len(pdev, bar);
		range->RangeInMemory =
			!(pci_resource_flags(pdev, bar) & IORESOURCE_IO);
	}
}

static void fill_config(struct minirq_stor_miniport *miniport)
{
	const struct minirq_stor_driver *driver = miniport->driver;
	struct pci_dev *pdev = miniport->dev->pdev;
	bool message = miniport->adapter.irqs->message;

	fill_ranges(miniport);
	miniport->config = (PORT_CONFIGURATION_INFORMATION) {
		.Length = sizeof(PORT_CONFIGURATION_INFORMATION),
		.SystemIoBusNumber = pdev ? pdev->bus->number : 0,
		.SlotNumber = pdev ? minirq_resources_slot(pdev) : 0,
		.AdapterInterfaceType = PCIBus,
		.InterruptMode = message ? Latched : LevelSensitive,
		.MaximumTransferLength = SP_UNINITIALIZED_VALUE,
		.NumberOfPhysicalBreaks = SP_UNINITIALIZED_VALUE,
		.NumberOfAccessRanges = PCI_STD_NUM_BARS,
		.AccessRanges = &miniport->ranges,
		.NumberOfBuses = 1,
		.Master = TRUE,
		.Dma64BitAddresses = SCSI_DMA64_SYSTEM_SUPPORTED,
		.DeviceExtensionSize = driver->data.DeviceExtensionSize,
		.SrbExtensionSize = driver->data.SrbExtensionSize,
		.SpecificLuExtensionSize = driver->data.SpecificLuExtensionSize,
	};
}

/* What HwStorFindAdapter did wrong. */
static void report(struct minirq_stor_miniport *miniport, enum minirq_rule rule,
		   const char *what)
{
	minirq_violation(rule, miniport->driver->data.HwFindAdapter,
			 "%s: HwStorFindAdapter %s", miniport->adapter.name,
			 what);
}

/* Fields that are the port's: a driver that wrote to them has them back. */
static void restore_config(PORT_CONFIGURATION_INFORMATION *config,
			   const PORT_CONFIGURATION_INFORMATION *before,
			   struct minirq_stor_miniport *miniport)
{
	bool same = config->BusInterruptLevel == before->BusInterruptLevel &&
		    config->BusInterruptVector == before->BusInterruptVector &&
		    config->InterruptMode == before->InterruptMode &&
		    config->BusInterruptLevel2 == before->BusInterruptLevel2 &&
		    config->BusInterruptVector2 ==
			    before->BusInterruptVector2 &&
		    config->InterruptMode2 == before->InterruptMode2;

	if (same)
		return;
	report(miniport, MINIRQ_RULE_STOR_CONFIG,
	       "wrote to the interrupt fields of its configuration");
	config->BusInterruptLevel = before->BusInterruptLevel;
	config->BusInterruptVector = before->BusInterruptVector;
	config->InterruptMode = before->InterruptMode;
	config->BusInterruptLevel2 = before->BusInterruptLevel2;
	config->BusInterruptVector2 = before->BusInterruptVector2;
	config->InterruptMode2 = before->InterruptMode2;
}

static void check_config(struct minirq_stor_miniport *miniport)
{
	const PORT_CONFIGURATION_INFORMATION *config = &miniport->config;

	if (config->MaximumTransferLength == SP_UNINITIALIZED_VALUE ||
	    config->NumberOfPhysicalBreaks == SP_UNINITIALIZED_VALUE)
		report(miniport, MINIRQ_RULE_STOR_FIND_ADAPTER,
		       "left MaximumTransferLength or NumberOfPhysicalBreaks");
	if (config->SynchronizationModel != StorSynchronizeFullDuplex)
		report(miniport, MINIRQ_RULE_STOR_DUPLEX,
		       "did not choose full duplex");
}

static int result_of(ULONG found, struct minirq_stor_miniport *miniport)
{
	if (found == SP_RETURN_FOUND)
		return 0;
	if (found > SP_RETURN_BAD_CONFIG)
		minirq_violation(MINIRQ_RULE_STOR_RETURN_VALUE,
				 miniport->driver->data.HwFindAdapter,
				 "%s: HwStorFindAdapter returned %u",
				 miniport->adapter.name, found);
	return -ENODEV;
}

static int find_adapter(struct minirq_stor_miniport *miniport)
{
	const struct minirq_stor_driver *driver = miniport->driver;
	PORT_CONFIGURATION_INFORMATION before;
	struct minirq_stor_call call;
	BOOLEAN again = FALSE;
	ULONG found;

	fill_config(miniport);
	before = miniport->config;
	miniport->adapter.phase = MINIRQ_STOR_FIND_ADAPTER;
	minirq_storport_call_enter(&call, &miniport->adapter,
				   MINIRQ_STOR_ROUTINE_FIND_ADAPTER,
				   driver->data.HwFindAdapter);
	found = driver->data.HwFindAdapter(miniport->adapter.extension,
					   driver->context, NULL, "",
					   &miniport->config, &again);
	minirq_storport_call_leave(&call);
	restore_config(&miniport->config, &before, miniport);
	if (found == SP_RETURN_FOUND)
		check_config(miniport);
	return result_of(found, miniport);
}

/* Messages were granted, but the driver has no routine for them. */
static int use_line(struct minirq_stor_miniport *miniport)
{
	struct minirq_device *dev = miniport->dev;

	if (!dev->pdev)
		return -ENODEV;
	minirq_pci_release(dev->pdev, dev->irqs);
	dev->irqs = minirq_pci_grant_line(dev->pdev);
	if (IS_ERR(dev->irqs)) {
		dev->irqs = NULL;
		return -ENOMEM;
	}
	miniport->adapter.irqs = dev->irqs;
	return 0;
}

/* Which routine, under which locks: what HwStorFindAdapter has answered. */
static int choose_interrupt(struct minirq_stor_miniport *miniport)
{
	struct minirq_stor_adapter *adapter = &miniport->adapter;
	int err = 0;

	adapter->message_isr = miniport->config.HwMSInterruptRoutine;
	adapter->srb_extension = miniport->config.SrbExtensionSize;
	adapter->mode = miniport->config.InterruptSynchronizationMode;
	adapter->half_duplex = miniport->config.SynchronizationModel !=
			       StorSynchronizeFullDuplex;
	if (adapter->irqs->message && !adapter->message_isr)
		err = use_line(miniport);
	if (err)
		return err;
	if (!adapter->irqs->message)
		return adapter->line_isr || !adapter->irqs->count ? 0 : -EINVAL;
	if (adapter->mode == InterruptSupportNone) {
		report(miniport, MINIRQ_RULE_STOR_SYNC_MODE,
		       "chose no mode for its HwMSInterruptRoutine");
		adapter->mode = InterruptSynchronizeAll;
	}
	return 0;
}

/* The interrupt is enabled, so the ISR may be waiting on another CPU. */
static int initialize(struct minirq_stor_miniport *miniport)
{
	struct minirq_stor_adapter *adapter = &miniport->adapter;
	KIRQL old = minirq_storport_lock_interrupt(adapter);
	PHW_INITIALIZE initialize = miniport->driver->data.HwInitialize;
	struct minirq_stor_call call;
	BOOLEAN done;

	adapter->phase = MINIRQ_STOR_INITIALIZE;
	minirq_storport_call_enter(&call, adapter,
				   MINIRQ_STOR_ROUTINE_INITIALIZE, initialize);
	done = initialize(adapter->extension);
	minirq_storport_call_leave(&call);
	adapter->phase = MINIRQ_STOR_PASSIVE_INITIALIZE;
	minirq_storport_unlock_interrupt(adapter, old);
	return done ? 0 : -EIO;
}

static int passive_initialize(struct minirq_stor_miniport *miniport)
{
	struct minirq_stor_call call;
	BOOLEAN done;

	if (!miniport->passive)
		return 0;
	minirq_storport_call_enter(&call, &miniport->adapter,
				   MINIRQ_STOR_ROUTINE_PASSIVE_INITIALIZE,
				   miniport->passive);
	done = miniport->passive(miniport->adapter.extension);
	minirq_storport_call_leave(&call);
	return done ? 0 : -EIO;
}

static int connect_and_initialize(struct minirq_stor_miniport *miniport)
{
	int err = minirq_storport_connect(&miniport->adapter);

	if (!err)
		err = minirq_storport_enable(&miniport->adapter);
	if (!err)
		err = initialize(miniport);
	if (!err)
		err = passive_initialize(miniport);
	return err;
}

/**
 * minirq_stor_miniport_start() - find and initialise an adapter
 * @miniport:	a new adapter
 *
 * After a failure nothing is connected, and nothing of the driver runs.
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno.
 */
int minirq_stor_miniport_start(struct minirq_stor_miniport *miniport)
{
	int err = find_adapter(miniport);

	if (!err)
		err = choose_interrupt(miniport);
	if (!err)
		err = connect_and_initialize(miniport);
	if (err)
		minirq_storport_disconnect(&miniport->adapter);
	else
		miniport->adapter.phase = MINIRQ_STOR_RUNNING;
	return err;
}

/* What a device that has lost power must be told anew. */
static int initialize_again(struct minirq_stor_miniport *miniport)
{
	int err;

	if (minirq_storport_restart_adapter(miniport))
		return 0;
	miniport->passive = NULL;
	err = find_adapter(miniport);
	if (!err)
		err = initialize(miniport);
	return err ?: passive_initialize(miniport);
}

/**
 * minirq_stor_miniport_suspend() - stop an adapter that stays connected
 * @miniport:	a running adapter
 *
 * What is under way ends as SRB_STATUS_BUSY, to be started again. Timers wait,
 * and work items are frozen with the threads of the system.
 *
 * Context: process context, may sleep.
 */
void minirq_stor_miniport_suspend(struct minirq_stor_miniport *miniport)
{
	minirq_stor_requests_close(&miniport->adapter);
	minirq_storport_stop_adapter(miniport);
	minirq_dpc_flush();
	minirq_stor_requests_flush(&miniport->adapter, SRB_STATUS_BUSY);
	minirq_stor_timers_hold(&miniport->adapter);
	minirq_dpc_flush();
	minirq_storport_power(miniport, StorPowerDeviceD3);
}

/**
 * minirq_stor_miniport_resume() - undo minirq_stor_miniport_suspend()
 * @miniport:	a suspended adapter
 *
 * A driver that cannot restart its adapter finds and initialises it again, with
 * the interrupts that it has.
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno; the adapter then takes no requests.
 */
int minirq_stor_miniport_resume(struct minirq_stor_miniport *miniport)
{
	int err;

	minirq_storport_power(miniport, StorPowerDeviceD0);
	err = initialize_again(miniport);
	if (err)
		return err;
	miniport->adapter.phase = MINIRQ_STOR_RUNNING;
	minirq_stor_timers_go(&miniport->adapter);
	minirq_stor_requests_open(&miniport->adapter);
	return 0;
}

/**
 * minirq_stor_miniport_stop() - stop an adapter, and disconnect it
 * @miniport:	a started adapter
 *
 * Context: process context, may sleep.
 */
void minirq_stor_miniport_stop(struct minirq_stor_miniport *miniport)
{
	struct minirq_stor_adapter *adapter = &miniport->adapter;

	minirq_stor_requests_close(adapter);
	if (miniport->dev->pdev && !pci_device_is_present(miniport->dev->pdev))
		minirq_storport_surprise(miniport);
	minirq_storport_stop_adapter(miniport);
	minirq_storport_disconnect(adapter);
	minirq_stor_requests_flush(adapter, SRB_STATUS_NO_HBA);
}

/*
 * Free an adapter that is not started, and what its driver has left mapped. Its
 * device may not have been told to leave that memory alone.
 */
void minirq_stor_miniport_destroy(struct minirq_stor_miniport *miniport)
{
	if (miniport->dev->pdev)
		pci_clear_master(miniport->dev->pdev);
	minirq_stor_requests_destroy(&miniport->adapter);
	minirq_stor_memory_release(&miniport->memory);
	minirq_stor_registry_release(&miniport->adapter.registry);
	minirq_stor_adapter_release(&miniport->adapter);
	kfree(miniport);
}

static int start(struct minirq_device *dev)
{
	struct minirq_stor_miniport *miniport =
		minirq_stor_miniport_create(dev->driver->data, dev);
	int err;

	if (!miniport)
		return -ENOMEM;
	err = minirq_stor_miniport_start(miniport);
	if (err) {
		minirq_stor_miniport_destroy(miniport);
		return err;
	}
	dev->adapter = miniport;
	return 0;
}

static void stop(struct minirq_device *dev)
{
	minirq_stor_miniport_stop(dev->adapter);
	minirq_stor_miniport_destroy(dev->adapter);
}

static int suspend(struct minirq_device *dev)
{
	minirq_stor_miniport_suspend(dev->adapter);
	return 0;
}

static int resume(struct minirq_device *dev)
{
	return minirq_stor_miniport_resume(dev->adapter);
}

static void unload(struct minirq_driver *driver)
{
	minirq_verifier_storport(driver->pci.driver.owner, false);
}

static const struct minirq_driver_ops ops = {
	.start = start,
	.stop = stop,
	.suspend = suspend,
	.resume = resume,
	.unload = unload,
};

/* What StorPort demands of a physical miniport. */
static bool data_valid(const HW_INITIALIZATION_DATA *data)
{
	return data->HwInitializationDataSize >= OLDEST_DATA_SIZE &&
	       data->HwInitialize && data->HwStartIo && data->HwFindAdapter &&
	       data->HwResetBus;
}

/**
 * StorPortInitialize() - register a miniport driver
 * @Argument1:			what DriverEntry was given
 * @Argument2:			what DriverEntry was given; not used
 * @HwInitializationData:	the driver's entry points; copied
 * @HwContext:			handed to HwStorFindAdapter
 *
 * Adapters are found after DriverEntry has returned.
 *
 * Context: IRQL = PASSIVE_LEVEL, from DriverEntry.
 * Page: nf-storport-storportinitialize
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a NULL pointer, a size
 * that is too small or a missing entry point; STATUS_INSUFFICIENT_RESOURCES;
 * STATUS_UNSUCCESSFUL when the driver has registered already.
 */
ULONG StorPortInitialize(PVOID Argument1, PVOID Argument2,
			 PHW_INITIALIZATION_DATA HwInitializationData,
			 PVOID HwContext)
{
	struct minirq_stor_driver *driver;

	if (!Argument1 || !HwInitializationData ||
	    !data_valid(HwInitializationData))
		return STATUS_INVALID_PARAMETER;
	driver = kzalloc(sizeof(*driver), GFP_KERNEL);
	if (!driver)
		return STATUS_INSUFFICIENT_RESOURCES;
	memcpy(&driver->data, HwInitializationData,
	       min_t(size_t, HwInitializationData->HwInitializationDataSize,
		     sizeof(driver->data)));
	driver->context = HwContext;
	if (minirq_driver_register(Argument1, &ops, driver)) {
		kfree(driver);
		return STATUS_UNSUCCESSFUL;
	}
	minirq_verifier_storport(minirq_driver_of(Argument1)->pci.driver.owner,
				 true);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortInitialize);

/**
 * StorPortEnablePassiveInitialization() - ask for a call at PASSIVE_LEVEL
 * @DeviceExtension:			the adapter
 * @HwPassiveInitializeRoutine:		what to call after HwStorInitialize
 *
 * Context: from HwStorInitialize; elsewhere the call is reported.
 * Page: nf-storport-storportenablepassiveinitialization
 * Return: TRUE when the routine will be called.
 */
BOOLEAN StorPortEnablePassiveInitialization(PVOID DeviceExtension,
					    PHW_PASSIVE_INITIALIZE_ROUTINE
						HwPassiveInitializeRoutine)
{
	struct minirq_stor_miniport *miniport;

	if (!DeviceExtension || !HwPassiveInitializeRoutine)
		return FALSE;
	miniport = miniport_of(DeviceExtension);
	if (minirq_storport_routine(&miniport->adapter) !=
	    MINIRQ_STOR_ROUTINE_INITIALIZE) {
		minirq_violation(MINIRQ_RULE_STOR_PASSIVE, MINIRQ_CALLER,
				 "%s: called outside HwStorInitialize",
				 miniport->adapter.name);
		return FALSE;
	}
	miniport->passive = HwPassiveInitializeRoutine;
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortEnablePassiveInitialization);
