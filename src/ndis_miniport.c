// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of an NDIS miniport: DriverEntry registers it, each device that is
 * bound becomes an adapter that is initialised and, at the end, halted.
 */
#include "ndis_miniport.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "driver.h"
#include "msix_table.h"
#include "ndis_pnp.h"
#include "ndis_throttle.h"
#include "ndis_work.h"
#include "pci.h"
#include "requirements.h"
#include "resources.h"
#include "verifier.h"

static struct minirq_ndis_miniport *miniport_of(NDIS_HANDLE handle)
{
	return container_of((struct minirq_ndis_adapter *)handle,
			    struct minirq_ndis_miniport, adapter);
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

	return driver->chars.InitializeHandlerEx(&miniport->adapter,
						 driver->context, &parameters);
}

/* The driver's last call for this adapter has returned: what is left is ours. */
static void end_adapter(struct minirq_ndis_adapter *adapter, const char *when)
{
	minirq_ndis_owner_release(&adapter->owner, when);
	minirq_ndis_work_flush();
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
		adapter->phase = MINIRQ_NDIS_RUNNING;
		return status;
	}
	adapter->phase = MINIRQ_NDIS_HALTED;
	end_left_over(adapter, MINIRQ_RULE_NDIS_REGISTER,
		      miniport->driver->chars.InitializeHandlerEx,
		      "a failed MiniportInitializeEx");
	end_adapter(adapter, "a failed MiniportInitializeEx");
	drop_msix(adapter);
	return status;
}

/**
 * minirq_ndis_miniport_halt() - call MiniportHaltEx
 * @miniport:	an initialised adapter
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
	adapter->phase = MINIRQ_NDIS_HALTED;
	end_left_over(adapter, MINIRQ_RULE_NDIS_DEREGISTER,
		      miniport->driver->chars.HaltHandlerEx, "MiniportHaltEx");
	end_adapter(adapter, "MiniportHaltEx");
	drop_msix(adapter);
}

/* Free an adapter that is not initialised. */
void minirq_ndis_miniport_destroy(struct minirq_ndis_miniport *miniport)
{
	minirq_ndis_throttle_remove(&miniport->adapter);
	drop_msix(&miniport->adapter);
	minirq_ndis_adapter_release(&miniport->adapter);
	kfree(miniport);
}

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
	if (minirq_ndis_miniport_initialize(miniport) != NDIS_STATUS_SUCCESS)
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

	minirq_ndis_miniport_halt(dev->adapter, action);
	minirq_ndis_pnp_remove(dev->adapter);
	minirq_ndis_miniport_destroy(dev->adapter);
}

static void unload(struct minirq_driver *driver)
{
	struct minirq_ndis_driver *ndis = driver->data;

	if (ndis->chars.UnloadHandler)
		ndis->chars.UnloadHandler(&driver->object);
	/* it may have forgotten to deregister */
	if (driver->data)
		minirq_ndis_owner_release(&ndis->owner, "MiniportDriverUnload");
	minirq_ndis_work_flush();
}

static const struct minirq_driver_ops ops = {
	.start = start,
	.stop = stop,
	.unload = unload,
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
 * * NDIS_STATUS_FAILURE - the driver has registered already
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
 * when it fails later on.
 * Page: nf-ndis-ndismderegisterminiportdriver
 */
VOID NdisMDeregisterMiniportDriver(NDIS_HANDLE NdisMiniportDriverHandle)
{
	struct minirq_ndis_driver *driver = NdisMiniportDriverHandle;

	if (!minirq_ndis_owner_of(driver, __func__, MINIRQ_CALLER))
		return;
	minirq_ndis_owner_release(&driver->owner, __func__);
	minirq_driver_unregister(driver->object);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterMiniportDriver);

static NDIS_STATUS set_add_device(struct minirq_ndis_miniport *miniport,
				  PNDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes)
{
	PNDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES add =
		&attributes->AddDeviceRegistrationAttributes;

	if (miniport->adapter.phase != MINIRQ_NDIS_ADDED)
		return NDIS_STATUS_FAILURE;
	if (add->Header.Size <
	    NDIS_SIZEOF_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1)
		return NDIS_STATUS_BAD_VERSION;
	miniport->add_context = add->MiniportAddDeviceContext;
	return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS set_registration(struct minirq_ndis_miniport *miniport,
				    PNDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes)
{
	const NDIS_OBJECT_HEADER *header = &attributes->Header;

	if (header->Revision <
	    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1 ||
	    header->Size <
	    NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1)
		return NDIS_STATUS_BAD_VERSION;
	miniport->adapter.context =
		attributes->RegistrationAttributes.MiniportAdapterContext;
	miniport->adapter.attributes = true;
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisMSetMiniportAttributes() - tell NDIS about an adapter
 * @NdisMiniportHandle:		the adapter
 * @MiniportAttributes:		registration attributes, before anything else;
 *				general attributes are taken and not used, they
 *				do not concern interrupts; add-device attributes
 *				from MiniportAddDevice
 *
 * Context: IRQL = PASSIVE_LEVEL, from MiniportInitializeEx.
 * Page: nf-ndis-ndismsetminiportattributes
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_INVALID_PARAMETER - a NULL handle or pointer
 * * NDIS_STATUS_BAD_VERSION - a header that is too old or too small
 * * NDIS_STATUS_FAILURE - called outside MiniportInitializeEx, or general
 *   attributes before the registration attributes
 * * NDIS_STATUS_NOT_SUPPORTED - attributes of another kind
 */
NDIS_STATUS
NdisMSetMiniportAttributes(NDIS_HANDLE NdisMiniportHandle,
			   PNDIS_MINIPORT_ADAPTER_ATTRIBUTES MiniportAttributes)
{
	struct minirq_ndis_miniport *miniport;

	if (!NdisMiniportHandle || !MiniportAttributes)
		return NDIS_STATUS_INVALID_PARAMETER;
	miniport = miniport_of(NdisMiniportHandle);
	if (MiniportAttributes->Header.Type ==
	    NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES)
		return set_add_device(miniport, MiniportAttributes);
	if (miniport->adapter.phase != MINIRQ_NDIS_INITIALIZING)
		return NDIS_STATUS_FAILURE;

	switch (MiniportAttributes->Header.Type) {
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES:
		return set_registration(miniport, MiniportAttributes);
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES:
		return miniport->adapter.attributes ? NDIS_STATUS_SUCCESS :
						      NDIS_STATUS_FAILURE;
	default:
		return NDIS_STATUS_NOT_SUPPORTED;
	}
}
EXPORT_SYMBOL_GPL(NdisMSetMiniportAttributes);
