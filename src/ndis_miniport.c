// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an adapter. It is initialised, and paused; it is restarted, and
 * runs; it is paused and put to sleep, or halted. Which of the driver's routines
 * are called, and in which order, is here.
 */
#include "ndis_miniport.h"

#include <linux/errno.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "irql.h"
#include "msix_table.h"
#include "ndis_flow.h"
#include "ndis_power.h"
#include "ndis_reset.h"
#include "ndis_switch.h"
#include "ndis_throttle.h"
#include "ndis_work.h"
#include "resources.h"
#include "verifier.h"

/* The driver that a handle stands for; what is none is reported. */
struct minirq_ndis_driver *minirq_ndis_driver_of(NDIS_HANDLE handle,
						 const char *function,
						 void *caller)
{
	struct minirq_ndis_owner *owner =
		minirq_ndis_owner_of(handle, function, caller);

	if (!owner)
		return NULL;
	if (!owner->adapter)
		return container_of(owner, struct minirq_ndis_driver, owner);
	minirq_violation(MINIRQ_RULE_NDIS_OBJECT, caller,
			 "%s: the handle of %s is an adapter's", function,
			 owner->name);
	return NULL;
}

/* The adapter that a handle stands for; what is none is reported. */
struct minirq_ndis_miniport *minirq_ndis_miniport_of(NDIS_HANDLE handle,
						     const char *function,
						     void *caller)
{
	struct minirq_ndis_adapter *adapter =
		minirq_ndis_adapter_of(handle, function, caller);

	if (!adapter)
		return NULL;
	return container_of(adapter, struct minirq_ndis_miniport, adapter);
}

/**
 * minirq_ndis_miniport_create() - make an adapter for a device
 * @driver:	the driver
 * @name:	shown in /proc/interrupts, must outlive the adapter
 * @pdev:	its function, or NULL
 * @irqs:	what it was granted, must outlive the adapter
 *
 * Return: the adapter, or NULL for want of memory.
 */
struct minirq_ndis_miniport *
minirq_ndis_miniport_create(const struct minirq_ndis_driver *driver,
			    const char *name, struct pci_dev *pdev,
			    const struct minirq_irqs *irqs)
{
	struct minirq_ndis_miniport *miniport =
		kzalloc(sizeof(*miniport), GFP_KERNEL);

	if (!miniport)
		return NULL;
	minirq_ndis_adapter_init(&miniport->adapter, name, irqs);
	miniport->adapter.owner.dev = pdev ? &pdev->dev : NULL;
	miniport->adapter.owner.minor = driver->chars.MinorNdisVersion;
	miniport->driver = driver;
	miniport->pdev = pdev;
	minirq_ndis_throttle_add(&miniport->adapter);
	minirq_ndis_pending_init(&miniport->restarting);
	minirq_ndis_pending_init(&miniport->pausing);
	minirq_ndis_pending_init(&miniport->requesting);
	minirq_ndis_reset_init(miniport);
	return miniport;
}

/* A registration that should be gone: report it, and end it for the driver. */
static void end_left_over(struct minirq_ndis_adapter *adapter,
			  enum minirq_rule rule, void *handler,
			  const char *when)
{
	if (!adapter->interrupt)
		return;
	minirq_violation(rule, handler,
			 "%s: interrupt still registered after %s",
			 adapter->name, when);
	NdisMDeregisterInterruptEx(adapter->interrupt);
}

static void drop_msix(struct minirq_ndis_adapter *adapter)
{
	minirq_msix_table_destroy(adapter->msix);
	adapter->msix = NULL;
}

/* Both routines are to return as they were called. */
static void check_level(struct minirq_ndis_adapter *adapter, void *routine)
{
	KIRQL irql = minirq_irql_current();

	if (irql == PASSIVE_LEVEL)
		return;
	minirq_violation(MINIRQ_RULE_IRQL_RETURN, routine,
			 "%s: routine returned at IRQL %u", adapter->name, irql);
	minirq_irql_lower(irql, PASSIVE_LEVEL);
}

static NDIS_STATUS call_initialize(struct minirq_ndis_miniport *miniport,
				   PCM_RESOURCE_LIST list)
{
	const struct minirq_ndis_driver *driver = miniport->driver;
	NDIS_MINIPORT_INIT_PARAMETERS parameters = {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INIT_PARAMETERS,
		.Header.Revision = NDIS_MINIPORT_INIT_PARAMETERS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MINIPORT_INIT_PARAMETERS_REVISION_1,
		.AllocatedResources = &list->List[0].PartialResourceList,
		.MiniportAddDeviceContext = miniport->add_context,
	};

	NDIS_STATUS status;

	if (miniport->pdev)
		pci_set_master(miniport->pdev);
	miniport->adapter.owner.stage = MINIRQ_NDIS_STARTED;
	status = driver->chars.InitializeHandlerEx(&miniport->adapter,
						   driver->context,
						   &parameters);
	check_level(&miniport->adapter, driver->chars.InitializeHandlerEx);
	return status;
}

/*
 * A halted adapter: what is left of what it had while it was initialised is ours.
 * Its device may not have been told to leave that memory alone.
 */
static void end_adapter(struct minirq_ndis_miniport *miniport, const char *when)
{
	struct minirq_ndis_owner *owner = &miniport->adapter.owner;

	if (miniport->pdev)
		pci_clear_master(miniport->pdev);
	minirq_ndis_owner_end(owner, MINIRQ_NDIS_STARTED, when);
	minirq_ndis_work_flush();
	owner->stage = MINIRQ_NDIS_WHOLE;
}

/**
 * minirq_ndis_miniport_initialize() - call MiniportInitializeEx
 * @miniport:	a new or a halted adapter
 *
 * After a failure nothing is left: what the driver forgot to deregister is
 * deregistered, and reported.
 *
 * Context: process context, may sleep.
 * Return: what the driver returned; NDIS_STATUS_RESOURCES for want of memory.
 */
NDIS_STATUS
minirq_ndis_miniport_initialize(struct minirq_ndis_miniport *miniport)
{
	struct minirq_ndis_adapter *adapter = &miniport->adapter;
	PCM_RESOURCE_LIST list =
		minirq_resources_create(miniport->pdev, adapter->irqs);
	NDIS_STATUS status;

	adapter->msix = minirq_msix_table_create(adapter->irqs);
	if (!list || !adapter->msix) {
		kvfree(list);
		drop_msix(adapter);
		return NDIS_STATUS_RESOURCES;
	}
	minirq_ndis_throttle_configure(adapter);
	adapter->phase = MINIRQ_NDIS_INITIALIZING;
	adapter->attributes = false;
	status = call_initialize(miniport, list);
	kvfree(list);
	if (status == NDIS_STATUS_SUCCESS) {
		adapter->phase = MINIRQ_NDIS_PAUSED;
		return status;
	}
	adapter->phase = MINIRQ_NDIS_HALTED;
	end_left_over(adapter, MINIRQ_RULE_NDIS_REGISTER,
		      miniport->driver->chars.InitializeHandlerEx,
		      "a failed MiniportInitializeEx");
	end_adapter(miniport, "a failed MiniportInitializeEx");
	drop_msix(adapter);
	return status;
}

/**
 * minirq_ndis_miniport_halt() - call MiniportHaltEx
 * @miniport:	an adapter that is paused
 * @action:	why
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_miniport_halt(struct minirq_ndis_miniport *miniport,
			       NDIS_HALT_ACTION action)
{
	struct minirq_ndis_adapter *adapter = &miniport->adapter;

	adapter->phase = MINIRQ_NDIS_HALTING;
	miniport->driver->chars.HaltHandlerEx(adapter->context, action);
	check_level(adapter, miniport->driver->chars.HaltHandlerEx);
	adapter->phase = MINIRQ_NDIS_HALTED;
	end_left_over(adapter, MINIRQ_RULE_NDIS_DEREGISTER,
		      miniport->driver->chars.HaltHandlerEx, "MiniportHaltEx");
	end_adapter(miniport, "MiniportHaltEx");
	drop_msix(adapter);
}

/**
 * minirq_ndis_miniport_start() - initialise an adapter, and let it run
 * @miniport:	a new or a halted adapter
 *
 * Context: process context, may sleep.
 * Return: what the driver said; after a failure the adapter is halted.
 */
NDIS_STATUS minirq_ndis_miniport_start(struct minirq_ndis_miniport *miniport)
{
	NDIS_STATUS status = minirq_ndis_miniport_initialize(miniport);

	if (status != NDIS_STATUS_SUCCESS)
		return status;
	status = minirq_ndis_flow_restart(miniport);
	if (status != NDIS_STATUS_SUCCESS) {
		minirq_ndis_miniport_halt(miniport,
					  NdisHaltDeviceInitializationFailed);
		return status;
	}
	minirq_ndis_power_profile(miniport);
	minirq_ndis_reset_watch(miniport);
	return NDIS_STATUS_SUCCESS;
}

/* A halted adapter has nothing more to be called for, nor has a machine's end. */
static bool is_alive(struct minirq_ndis_miniport *miniport)
{
	enum minirq_ndis_phase phase = miniport->adapter.phase;

	return phase == MINIRQ_NDIS_PAUSED || phase == MINIRQ_NDIS_RUNNING;
}

/* One that goes after MiniportShutdownEx cannot be asked to clean up. */
static void abandon(struct minirq_ndis_miniport *miniport)
{
	struct minirq_ndis_adapter *adapter = &miniport->adapter;

	adapter->phase = MINIRQ_NDIS_HALTED;
	if (adapter->interrupt)
		NdisMDeregisterInterruptEx(adapter->interrupt);
	end_adapter(miniport, "MiniportShutdownEx");
	drop_msix(adapter);
}

/* Interrupts come again, and DPCs that were asked for meanwhile. */
static void end_sleep(struct minirq_ndis_miniport *miniport)
{
	miniport->asleep = false;
	if (miniport->adapter.interrupt)
		minirq_ndis_switch_wake(miniport->adapter.interrupt);
}

/**
 * minirq_ndis_miniport_stop() - pause and halt an adapter
 * @miniport:	any adapter; one that is not initialised is left alone
 * @action:	why
 *
 * A driver is told first when its device has been pulled out. One whose device did
 * not wake may wait for its DPCs in MiniportHaltEx, so they are called again. After
 * MiniportShutdownEx it is told nothing, and what it has is taken from it.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_miniport_stop(struct minirq_ndis_miniport *miniport,
			       NDIS_HALT_ACTION action)
{
	bool again = action == NdisHaltDeviceStopped ||
		     action == NdisHaltDevicePoweredDown;

	if (miniport->adapter.phase == MINIRQ_NDIS_SHUT_DOWN)
		abandon(miniport);
	if (!is_alive(miniport))
		return;
	minirq_ndis_reset_unwatch(miniport);
	if (action == NdisHaltDeviceSurpriseRemoved)
		minirq_ndis_power_gone(miniport);
	if (miniport->asleep)
		end_sleep(miniport);
	minirq_ndis_flow_pause(miniport,
			       again ? NDIS_PAUSE_NDIS_INTERNAL :
				       NDIS_PAUSE_MINIPORT_DEVICE_REMOVE);
	minirq_ndis_miniport_halt(miniport, action);
}

/* Drivers since NDIS 6.30 may have what is under way go on after sleep. */
static bool pauses_for_sleep(struct minirq_ndis_miniport *miniport)
{
	return miniport->adapter.owner.minor < 30 ||
	       !(miniport->flags & NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND);
}

/* May a driver that takes no power requests stay while its device sleeps? */
static bool stays(struct minirq_ndis_miniport *miniport, NDIS_STATUS status)
{
	return status == NDIS_STATUS_SUCCESS ||
	       miniport->flags & NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND;
}

static void fall_asleep(struct minirq_ndis_miniport *miniport)
{
	miniport->asleep = true;
	if (miniport->adapter.interrupt)
		minirq_ndis_switch_sleep(miniport->adapter.interrupt);
}

/**
 * minirq_ndis_miniport_suspend() - the device of an adapter loses power
 * @miniport:	any adapter; one that is not initialised is left alone, and so is
 *		one that still sleeps, as its device was gone when it should wake
 *
 * A driver that does not take OID_PNP_SET_POWER is halted, unless its adapter has
 * NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND. Otherwise its interrupts are
 * disabled after it has done that itself, and after the last DPC, which is when
 * nothing can enable them again. No ISR and no DPC runs when this returns.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_miniport_suspend(struct minirq_ndis_miniport *miniport)
{
	NDIS_STATUS status;

	if (!is_alive(miniport) || miniport->asleep)
		return;
	minirq_ndis_reset_unwatch(miniport);
	if (pauses_for_sleep(miniport))
		minirq_ndis_flow_pause(miniport, NDIS_PAUSE_LOW_POWER);
	status = minirq_ndis_power_set(miniport, NdisDeviceStateD3);
	miniport->halted = !stays(miniport, status);
	if (miniport->halted)
		minirq_ndis_miniport_stop(miniport, NdisHaltDevicePoweredDown);
	else
		fall_asleep(miniport);
}

/*
 * Interrupts may come before the driver has set its device up: it may need them. It
 * may also have deregistered them meanwhile.
 */
static NDIS_STATUS awake(struct minirq_ndis_miniport *miniport)
{
	struct minirq_ndis_adapter *adapter = &miniport->adapter;
	NDIS_STATUS status;

	end_sleep(miniport);
	status = minirq_ndis_power_set(miniport, NdisDeviceStateD0);
	if (!stays(miniport, status))
		return status;
	if (adapter->interrupt)
		minirq_ndis_switch_devices(adapter->interrupt, true);
	return minirq_ndis_flow_restart(miniport);
}

static int start_again(struct minirq_ndis_miniport *miniport)
{
	miniport->halted = false;
	return minirq_ndis_miniport_start(miniport) == NDIS_STATUS_SUCCESS ?
		       0 : -EIO;
}

static bool is_gone(struct minirq_ndis_miniport *miniport)
{
	return miniport->pdev && !pci_device_is_present(miniport->pdev);
}

/**
 * minirq_ndis_miniport_resume() - the device of an adapter has power again
 * @miniport:	any adapter; one that does not sleep is left alone
 *
 * Context: process context, may sleep.
 * Return: 0; -ENODEV when the device has been pulled out, of which its driver is
 * told when it is unbound; -EIO when the driver failed, and has been halted.
 */
int minirq_ndis_miniport_resume(struct minirq_ndis_miniport *miniport)
{
	if (!miniport->asleep && !miniport->halted)
		return 0;
	if (is_gone(miniport))
		return -ENODEV;
	if (miniport->halted)
		return start_again(miniport);
	if (awake(miniport) != NDIS_STATUS_SUCCESS) {
		minirq_ndis_miniport_stop(miniport, NdisHaltDeviceFailed);
		return -EIO;
	}
	minirq_ndis_power_profile(miniport);
	minirq_ndis_reset_watch(miniport);
	return 0;
}

/**
 * minirq_ndis_miniport_shutdown() - the machine is switched off, or restarted
 * @miniport:	any adapter; one that is not initialised is left alone
 *
 * After MiniportShutdownEx a driver is called for nothing any more.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_miniport_shutdown(struct minirq_ndis_miniport *miniport)
{
	MINIPORT_SHUTDOWN_HANDLER shutdown =
		miniport->driver->chars.ShutdownHandlerEx;

	if (!is_alive(miniport))
		return;
	minirq_ndis_reset_unwatch(miniport);
	miniport->adapter.phase = MINIRQ_NDIS_SHUT_DOWN;
	if (shutdown)
		shutdown(miniport->adapter.context, NdisShutdownPowerOff);
	if (miniport->adapter.interrupt && !miniport->asleep)
		minirq_ndis_switch_end(miniport->adapter.interrupt);
}

/* Free an adapter that is not initialised, and what MiniportAddDevice has left. */
void minirq_ndis_miniport_destroy(struct minirq_ndis_miniport *miniport)
{
	minirq_ndis_owner_release(&miniport->adapter.owner,
				  "the end of its adapter");
	minirq_ndis_work_flush();
	minirq_ndis_throttle_remove(&miniport->adapter);
	drop_msix(&miniport->adapter);
	minirq_ndis_adapter_release(&miniport->adapter);
	kfree(miniport);
}
