// SPDX-License-Identifier: GPL-2.0-only
/* What WDM drivers change about the interrupts their device is to have. */
#include "pnp_filter.h"

#include <linux/slab.h>

#include "irp.h"
#include "requirements.h"

/* Send the list down and up; what comes back is another one, or none. */
static NTSTATUS send_list(PDEVICE_OBJECT pdo,
			  PIO_RESOURCE_REQUIREMENTS_LIST *list)
{
	PIO_RESOURCE_REQUIREMENTS_LIST shown = *list;
	const IO_STACK_LOCATION request = {
		.MajorFunction = IRP_MJ_PNP,
		.MinorFunction = IRP_MN_FILTER_RESOURCE_REQUIREMENTS,
		.Parameters.FilterResourceRequirements
			.IoResourceRequirementList = shown,
	};
	IO_STATUS_BLOCK io = {
		.Status = STATUS_NOT_SUPPORTED,
		.Information = (ULONG_PTR)shown,
	};

	minirq_irp_send_io(pdo, &request, &io);
	*list = (PIO_RESOURCE_REQUIREMENTS_LIST)io.Information;
	return io.Status;
}

/**
 * minirq_pnp_filter() - send IRP_MN_FILTER_RESOURCE_REQUIREMENTS
 * @pdo:	the bottom of the device's stack
 * @pdev:	its function, or NULL
 * @offer:	which interrupts the device could have
 *
 * A driver may change the list, or free it and leave one of its own in its place.
 * Of a driver that fails, the list is of no use.
 *
 * Context: process context, may sleep.
 * Return: which it is to have, to be freed with kfree(); NULL when no driver of
 * the stack cared, or one failed, or for want of memory: it is to have the offer.
 */
struct minirq_request *minirq_pnp_filter(PDEVICE_OBJECT pdo,
					 struct pci_dev *pdev,
					 const struct minirq_request *offer)
{
	PIO_RESOURCE_REQUIREMENTS_LIST list =
		minirq_requirements_create(pdev, offer);
	struct minirq_request *request = NULL;

	if (!list)
		return NULL;
	if (NT_SUCCESS(send_list(pdo, &list)) && list)
		request = minirq_requirements_read(list, offer);
	kfree(list);
	return request;
}
