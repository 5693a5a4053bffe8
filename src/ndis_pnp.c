// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an NDIS driver may do to a device before it is an adapter: attach a context
 * to it, and change which interrupts it is to have.
 */
#include "ndis_pnp.h"

#include <linux/export.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "ndis_memory.h"
#include "ndis_miniport.h"
#include "requirements.h"
#include "verifier.h"

/**
 * minirq_ndis_pnp_set_options() - call MiniportSetOptions
 * @driver:	a registered driver
 *
 * Context: process context, may sleep.
 * Return: what the driver returned; NDIS_STATUS_SUCCESS without a handler.
 */
NDIS_STATUS minirq_ndis_pnp_set_options(struct minirq_ndis_driver *driver)
{
	NDIS_STATUS status;

	if (!driver->chars.SetOptionsHandler)
		return NDIS_STATUS_SUCCESS;
	driver->setting_options = true;
	status = driver->chars.SetOptionsHandler(driver, driver->context);
	driver->setting_options = false;
	return status;
}

static NDIS_STATUS set_pnp(struct minirq_ndis_driver *driver,
			   const NDIS_MINIPORT_PNP_CHARACTERISTICS *chars)
{
	if (chars->Header.Revision < NDIS_MINIPORT_PNP_CHARACTERISTICS_REVISION_1 ||
	    chars->Header.Size < NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1)
		return NDIS_STATUS_BAD_VERSION;
	if (!chars->MiniportAddDeviceHandler ||
	    !chars->MiniportRemoveDeviceHandler)
		return NDIS_STATUS_BAD_CHARACTERISTICS;
	memcpy(&driver->pnp, chars,
	       NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1);
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisSetOptionalHandlers() - name handlers that not every driver has
 * @NdisHandle:		the driver
 * @OptionalHandlers:	NDIS_MINIPORT_PNP_CHARACTERISTICS; copied
 *
 * MiniportStartDevice is taken and not called: what a filter has added needs not
 * be removed, as it was granted.
 *
 * Context: IRQL = PASSIVE_LEVEL, from MiniportSetOptions; elsewhere the call is
 * reported and fails.
 * Page: nf-ndis-ndissetoptionalhandlers
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_INVALID_PARAMETER - a NULL pointer, or not a driver's handle
 * * NDIS_STATUS_BAD_VERSION - a header that is too old or too small
 * * NDIS_STATUS_BAD_CHARACTERISTICS - MiniportAddDevice or MiniportRemoveDevice
 *   is missing
 * * NDIS_STATUS_NOT_SUPPORTED - handlers of another kind
 * * NDIS_STATUS_FAILURE - called in the wrong place, or above PASSIVE_LEVEL, which
 *   is reported too
 */
NDIS_STATUS
NdisSetOptionalHandlers(NDIS_HANDLE NdisHandle,
			PNDIS_DRIVER_OPTIONAL_HANDLERS OptionalHandlers)
{
	struct minirq_ndis_driver *driver;

	if (!minirq_ndis_level(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
			       __func__, MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	if (!OptionalHandlers)
		return NDIS_STATUS_INVALID_PARAMETER;
	driver = minirq_ndis_driver_of(NdisHandle, __func__, MINIRQ_CALLER);
	if (!driver)
		return NDIS_STATUS_INVALID_PARAMETER;
	if (!driver->setting_options) {
		minirq_violation(MINIRQ_RULE_NDIS_CALL, MINIRQ_CALLER,
				 "%s outside MiniportSetOptions", __func__);
		return NDIS_STATUS_FAILURE;
	}
	if (OptionalHandlers->Header.Type !=
	    NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS)
		return NDIS_STATUS_NOT_SUPPORTED;
	return set_pnp(driver, (PVOID)OptionalHandlers);
}
EXPORT_SYMBOL_GPL(NdisSetOptionalHandlers);

/**
 * minirq_ndis_pnp_add() - call MiniportAddDevice
 * @miniport:	a new adapter
 *
 * Context: process context, may sleep.
 * Return: what the driver returned; NDIS_STATUS_SUCCESS without a handler.
 */
NDIS_STATUS minirq_ndis_pnp_add(struct minirq_ndis_miniport *miniport)
{
	const struct minirq_ndis_driver *driver = miniport->driver;
	NDIS_STATUS status;

	if (!driver->pnp.MiniportAddDeviceHandler)
		return NDIS_STATUS_SUCCESS;
	status = driver->pnp.MiniportAddDeviceHandler(&miniport->adapter,
						      driver->context);
	miniport->added = status == NDIS_STATUS_SUCCESS;
	return status;
}

/**
 * minirq_ndis_pnp_remove() - call MiniportRemoveDevice
 * @miniport:	an adapter, whether it was added or not
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_pnp_remove(struct minirq_ndis_miniport *miniport)
{
	const struct minirq_ndis_driver *driver = miniport->driver;

	if (!miniport->added)
		return;
	miniport->added = false;
	driver->pnp.MiniportRemoveDeviceHandler(miniport->add_context);
}

/* The request as it is when every other driver of the stack has seen it. */
static PIRP filter_irp(PIO_RESOURCE_REQUIREMENTS_LIST list)
{
	PIRP irp = IoAllocateIrp(1, FALSE);
	PIO_STACK_LOCATION location;

	if (!irp)
		return NULL;
	IoSetNextIrpStackLocation(irp);
	location = IoGetCurrentIrpStackLocation(irp);
	location->MajorFunction = IRP_MJ_PNP;
	location->MinorFunction = IRP_MN_FILTER_RESOURCE_REQUIREMENTS;
	location->Parameters.FilterResourceRequirements
		.IoResourceRequirementList = list;
	irp->IoStatus.Status = STATUS_SUCCESS;
	irp->IoStatus.Information = (ULONG_PTR)list;
	return irp;
}

/*
 * The driver may change the list, or free it and leave one of its own in its
 * place. Of a driver that fails, the list is of no use.
 */
static struct minirq_request *
filter_list(struct minirq_ndis_miniport *miniport,
	    PIO_RESOURCE_REQUIREMENTS_LIST *list,
	    const struct minirq_request *offer)
{
	MINIPORT_FILTER_RESOURCE_REQUIREMENTS_HANDLER filter =
		miniport->driver->pnp.MiniportFilterResourceRequirementsHandler;
	struct minirq_request *request = NULL;
	PIRP irp = filter_irp(*list);
	NDIS_STATUS status;

	if (!irp)
		return NULL;
	status = filter(miniport->add_context, irp);
	*list = (PIO_RESOURCE_REQUIREMENTS_LIST)irp->IoStatus.Information;
	if (status == NDIS_STATUS_SUCCESS && *list)
		request = minirq_requirements_read(*list, offer);
	IoFreeIrp(irp);
	return request;
}

/**
 * minirq_ndis_pnp_filter() - call MiniportFilterResourceRequirements
 * @miniport:	an added adapter
 * @offer:	which interrupts its device could have
 *
 * Context: process context, may sleep.
 * Return: which it is to have, to be freed with kfree(); NULL when the driver has
 * no such handler, or failed, or for want of memory: it is to have the offer.
 */
struct minirq_request *
minirq_ndis_pnp_filter(struct minirq_ndis_miniport *miniport,
		       const struct minirq_request *offer)
{
	const struct minirq_ndis_driver *driver = miniport->driver;
	PIO_RESOURCE_REQUIREMENTS_LIST list;
	struct minirq_request *request;

	if (!driver->pnp.MiniportFilterResourceRequirementsHandler)
		return NULL;
	list = minirq_requirements_create(miniport->pdev, offer);
	if (!list)
		return NULL;
	request = filter_list(miniport, &list, offer);
	minirq_ndis_memory_free(list);
	return request;
}
