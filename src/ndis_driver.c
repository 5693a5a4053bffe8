// SPDX-License-Identifier: GPL-2.0-only
/*
 * An NDIS miniport driver, and the functions it is bound to: each becomes an
 * adapter.
 */
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "driver.h"
#include "ndis_miniport.h"
#include "ndis_pnp.h"
#include "ndis_work.h"
#include "pci.h"
#include "requirements.h"
#include "verifier.h"

/* A driver that wants other interrupts than its device was granted gets them. */
static int filter(struct minirq_device *dev,
		  struct minirq_ndis_miniport *miniport)
{
	struct minirq_request *offer, *request;
	int err;

	offer = minirq_pci_offer(dev->pdev, &dev->driver->miniport->policy);
	if (!offer)
		return -ENOMEM;
	request = minirq_ndis_pnp_filter(miniport, offer);
	kfree(offer);
	if (!request)
		return 0;
	err = minirq_driver_regrant(dev, request);
	kfree(request);
	miniport->adapter.irqs = dev->irqs;
	return err;
}

static int start(struct minirq_device *dev)
{
	struct minirq_ndis_miniport *miniport;
	int err = -ENODEV;

	miniport = minirq_ndis_miniport_create(dev->driver->data, dev->name,
					       dev->pdev, dev->irqs);
	if (!miniport)
		return -ENOMEM;
	miniport->adapter.owner.config = &dev->driver->miniport->config;
	dev->adapter = miniport;
	if (minirq_ndis_pnp_add(miniport) != NDIS_STATUS_SUCCESS)
		goto destroy;
	err = filter(dev, miniport);
	if (err)
		goto remove;
	err = -ENODEV;
	if (minirq_ndis_miniport_start(miniport) != NDIS_STATUS_SUCCESS)
		goto remove;
	return 0;

remove:
	minirq_ndis_pnp_remove(miniport);
destroy:
	minirq_ndis_miniport_destroy(miniport);
	return err;
}

/* A function that is no longer on the bus was pulled out, not unbound. */
static void stop(struct minirq_device *dev)
{
	NDIS_HALT_ACTION action = pci_device_is_present(dev->pdev) ?
		NdisHaltDeviceDisabled : NdisHaltDeviceSurpriseRemoved;

	minirq_ndis_miniport_stop(dev->adapter, action);
	minirq_ndis_pnp_remove(dev->adapter);
	minirq_ndis_miniport_destroy(dev->adapter);
}

static int suspend(struct minirq_device *dev)
{
	minirq_ndis_miniport_suspend(dev->adapter);
	return 0;
}

static int resume(struct minirq_device *dev)
{
	return minirq_ndis_miniport_resume(dev->adapter);
}

static int pause(struct minirq_device *dev)
{
	minirq_ndis_miniport_stop(dev->adapter, NdisHaltDeviceStopped);
	return 0;
}

static int restart(struct minirq_device *dev)
{
	struct minirq_ndis_miniport *miniport = dev->adapter;
	int err;

	miniport->adapter.irqs = dev->irqs;
	err = filter(dev, miniport);
	if (err)
		return err;
	return minirq_ndis_miniport_start(miniport) == NDIS_STATUS_SUCCESS ?
		       0 : -ENODEV;
}

static void shutdown(struct minirq_device *dev)
{
	minirq_ndis_miniport_shutdown(dev->adapter);
}

static void unload(struct minirq_driver *driver)
{
	struct minirq_ndis_driver *ndis = driver->data;

	if (ndis->chars.UnloadHandler)
		ndis->chars.UnloadHandler(&driver->object);
	minirq_ndis_work_flush();
}

/* It has forgotten to deregister, or its DriverEntry failed later on. */
static void end(struct minirq_driver *driver)
{
	struct minirq_ndis_driver *ndis = driver->data;

	minirq_ndis_owner_release(&ndis->owner, "its last routine");
	minirq_ndis_work_flush();
}

static const struct minirq_driver_ops ops = {
	.start = start,
	.stop = stop,
	.suspend = suspend,
	.resume = resume,
	.pause = pause,
	.restart = restart,
	.shutdown = shutdown,
	.unload = unload,
	.end = end,
};

static bool header_valid(const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *chars)
{
	const NDIS_OBJECT_HEADER *header = &chars->Header;

	return header->Type ==
		       NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS &&
	       header->Revision >=
		       NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1 &&
	       header->Size >=
		       NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1 &&
	       chars->MajorNdisVersion == 6;
}

static bool level_allows(const char *function, void *caller)
{
	return minirq_ndis_level(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
				 function, caller);
}

/* The Linux side of a driver is there but in a test. */
static void init_owner(struct minirq_ndis_owner *owner, PDRIVER_OBJECT object)
{
	const struct minirq_miniport *miniport =
		minirq_driver_of(object)->miniport;

	minirq_ndis_owner_init(owner, miniport ? miniport->name : "driver");
	owner->config = miniport ? &miniport->config : NULL;
}

/**
 * NdisMRegisterMiniportDriver() - register a miniport driver
 * @DriverObject:			what DriverEntry was given
 * @RegistryPath:			what DriverEntry was given; not used
 * @MiniportDriverContext:		handed to MiniportInitializeEx
 * @MiniportDriverCharacteristics:	the driver's handlers; copied
 * @NdisMiniportDriverHandle:		where the handle is stored
 *
 * Devices are initialised after DriverEntry has returned. Of the handlers
 * MiniportInitializeEx and MiniportHaltEx are demanded.
 *
 * Context: IRQL = PASSIVE_LEVEL, from DriverEntry.
 * Page: nf-ndis-ndismregisterminiportdriver
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_INVALID_PARAMETER - a NULL pointer
 * * NDIS_STATUS_BAD_VERSION - not an NDIS 6 header of this structure
 * * NDIS_STATUS_BAD_CHARACTERISTICS - a mandatory handler is missing
 * * NDIS_STATUS_RESOURCES - out of memory
 * * NDIS_STATUS_FAILURE - the driver has registered already; or called above
 *   PASSIVE_LEVEL, which is reported
 * * what MiniportSetOptions returned, when it failed
 */
NDIS_STATUS
NdisMRegisterMiniportDriver(PDRIVER_OBJECT DriverObject,
			    PUNICODE_STRING RegistryPath,
			    NDIS_HANDLE MiniportDriverContext,
			    PNDIS_MINIPORT_DRIVER_CHARACTERISTICS
				MiniportDriverCharacteristics,
			    PNDIS_HANDLE NdisMiniportDriverHandle)
{
	PNDIS_MINIPORT_DRIVER_CHARACTERISTICS chars =
		MiniportDriverCharacteristics;
	struct minirq_ndis_driver *driver;
	NDIS_STATUS status;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	if (!DriverObject || !chars || !NdisMiniportDriverHandle)
		return NDIS_STATUS_INVALID_PARAMETER;
	if (!header_valid(chars))
		return NDIS_STATUS_BAD_VERSION;
	if (!chars->InitializeHandlerEx || !chars->HaltHandlerEx)
		return NDIS_STATUS_BAD_CHARACTERISTICS;

	driver = kzalloc(sizeof(*driver), GFP_KERNEL);
	if (!driver)
		return NDIS_STATUS_RESOURCES;
	memcpy(&driver->chars, chars,
	       min_t(size_t, chars->Header.Size, sizeof(driver->chars)));
	init_owner(&driver->owner, DriverObject);
	driver->owner.minor = chars->MinorNdisVersion;
	driver->object = DriverObject;
	driver->context = MiniportDriverContext;
	if (minirq_driver_register(DriverObject, &ops, driver)) {
		kfree(driver);
		return NDIS_STATUS_FAILURE;
	}
	*NdisMiniportDriverHandle = driver;
	status = minirq_ndis_pnp_set_options(driver);
	if (status != NDIS_STATUS_SUCCESS)
		NdisMDeregisterMiniportDriver(driver);
	return status;
}
EXPORT_SYMBOL_GPL(NdisMRegisterMiniportDriver);

/**
 * NdisMDeregisterMiniportDriver() - undo NdisMRegisterMiniportDriver()
 * @NdisMiniportDriverHandle:	the handle
 *
 * Context: IRQL = PASSIVE_LEVEL, from MiniportDriverUnload, or from DriverEntry
 * when it fails later on; above it the call is reported, and ignored.
 * Page: nf-ndis-ndismderegisterminiportdriver
 */
VOID NdisMDeregisterMiniportDriver(NDIS_HANDLE NdisMiniportDriverHandle)
{
	struct minirq_ndis_driver *driver;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return;
	driver = minirq_ndis_driver_of(NdisMiniportDriverHandle, __func__,
				       MINIRQ_CALLER);
	if (!driver)
		return;
	minirq_ndis_owner_release(&driver->owner, __func__);
	/* also for an item that has freed itself, and still runs */
	minirq_ndis_work_flush();
	minirq_driver_unregister(driver->object);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterMiniportDriver);
