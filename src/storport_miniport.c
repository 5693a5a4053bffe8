// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a StorPort miniport: DriverEntry registers it, each device that
 * is bound becomes an adapter:
 *
 *	HwStorAdapterControl(ScsiAdapterFilterResourceRequirements)
 *						PASSIVE, when asked for
 *	the interrupts are granted
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
#include "storport_control.h"
#include "storport_find.h"
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
	miniport->adapter.reset_routine = driver->data.HwResetBus;
	minirq_stor_registry_init(&miniport->adapter.registry, dev);
	minirq_stor_memory_init(&miniport->memory, dev->pdev);
	miniport->adapter.memory = &miniport->memory;
	return miniport;
}

/* What a device was granted has been released; this is what it has instead. */
static int set_irqs(struct minirq_stor_miniport *miniport,
		    struct minirq_irqs *irqs)
{
	miniport->dev->irqs = IS_ERR(irqs) ? NULL : irqs;
	miniport->adapter.irqs = miniport->dev->irqs;
	return IS_ERR(irqs) ? -ENOMEM : 0;
}

/* Messages were granted, but the driver has no routine for them. */
static int use_line(struct minirq_stor_miniport *miniport)
{
	struct minirq_device *dev = miniport->dev;

	if (!dev->pdev)
		return -ENODEV;
	minirq_pci_release(dev->pdev, dev->irqs);
	return set_irqs(miniport, minirq_pci_grant_line(dev->pdev));
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
		minirq_violation(MINIRQ_RULE_STOR_SYNC_MODE,
				 miniport->driver->data.HwFindAdapter,
				 "%s: HwStorFindAdapter chose no mode for its HwMSInterruptRoutine",
				 adapter->name);
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
	int err = minirq_storport_find(miniport);

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
	err = minirq_storport_find(miniport);
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
	minirq_stor_timers_hold(&miniport->adapter);
	minirq_storport_stop_adapter(miniport);
	minirq_dpc_flush();
	minirq_stor_requests_flush(&miniport->adapter, SRB_STATUS_BUSY);
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
	minirq_stor_timers_hold(adapter);
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

/* A driver that wants other interrupts than its device was granted gets them. */
static int filter(struct minirq_stor_miniport *miniport)
{
	struct minirq_device *dev = miniport->dev;
	struct minirq_request *offer, *request;
	int err;

	offer = minirq_pci_offer(dev->pdev, &dev->driver->miniport->policy);
	if (!offer)
		return -ENOMEM;
	request = minirq_storport_filter(miniport, offer);
	kfree(offer);
	if (!request)
		return 0;
	minirq_pci_release(dev->pdev, dev->irqs);
	err = set_irqs(miniport, minirq_pci_grant_request(dev->pdev, request));
	kfree(request);
	return err;
}

static int start(struct minirq_device *dev)
{
	struct minirq_stor_miniport *miniport =
		minirq_stor_miniport_create(dev->driver->data, dev);
	int err;

	if (!miniport)
		return -ENOMEM;
	err = filter(miniport);
	if (!err)
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

static void end(struct minirq_driver *driver)
{
	minirq_verifier_storport(driver->pci.driver.owner, false);
}

static const struct minirq_driver_ops ops = {
	.start = start,
	.stop = stop,
	.suspend = suspend,
	.resume = resume,
	.end = end,
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

/* A driver may call its own HwStorInitialize when it is told to restart. */
static void report_passive(struct minirq_stor_adapter *adapter,
			   enum minirq_stor_routine routine, void *caller)
{
	bool control = routine == MINIRQ_STOR_ROUTINE_CONTROL ||
		       routine == MINIRQ_STOR_ROUTINE_CONTROL_LOCKED;

	minirq_violation(control ? MINIRQ_RULE_STOR_PASSIVE_FROM_INIT :
				   MINIRQ_RULE_STOR_PASSIVE,
			 caller, "%s: the port has not called HwStorInitialize",
			 adapter->name);
}

/**
 * StorPortEnablePassiveInitialization() - ask for a call at PASSIVE_LEVEL
 * @DeviceExtension:			the adapter
 * @HwPassiveInitializeRoutine:		what to call after HwStorInitialize
 *
 * Context: from HwStorInitialize that the port has called; elsewhere the call is
 * reported.
 * Page: nf-storport-storportenablepassiveinitialization
 * Return: TRUE when the routine will be called.
 */
BOOLEAN StorPortEnablePassiveInitialization(PVOID DeviceExtension,
					    PHW_PASSIVE_INITIALIZE_ROUTINE
						HwPassiveInitializeRoutine)
{
	struct minirq_stor_miniport *miniport;
	enum minirq_stor_routine routine;

	if (!DeviceExtension || !HwPassiveInitializeRoutine)
		return FALSE;
	miniport = miniport_of(DeviceExtension);
	routine = minirq_storport_routine(&miniport->adapter);
	if (routine != MINIRQ_STOR_ROUTINE_INITIALIZE) {
		report_passive(&miniport->adapter, routine, MINIRQ_CALLER);
		return FALSE;
	}
	miniport->passive = HwPassiveInitializeRoutine;
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortEnablePassiveInitialization);
