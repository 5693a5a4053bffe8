// SPDX-License-Identifier: GPL-2.0-only
/*
 * Scatter-gather lists: where the device finds data that need not be contiguous.
 * Memory is the kernel's, so nothing has to be locked or mapped first; addresses
 * are those of StorPortGetPhysicalAddress().
 */
#include <linux/export.h>
#include <linux/mm.h>
#include <linux/overflow.h>
#include <linux/slab.h>

#include <storport.h>

#include "irql.h"
#include "memory.h"
#include "storport.h"
#include "storport_request.h"

static ULONG pages_of(const void *data, ULONG length)
{
	return PFN_UP(offset_in_page(data) + length);
}

static size_t size_for(ULONG elements)
{
	PSTOR_SCATTER_GATHER_LIST list;

	return struct_size(list, List, elements);
}

static phys_addr_t address_of(const void *data)
{
	if (is_vmalloc_addr(data))
		return page_to_phys(vmalloc_to_page(data)) +
		       offset_in_page(data);
	return virt_to_phys((void *)data);
}

/* One more piece, within a page; one that follows the last one joins it. */
static void add(PSTOR_SCATTER_GATHER_LIST list, phys_addr_t address,
		ULONG length)
{
	PSTOR_SCATTER_GATHER_ELEMENT next = &list->List[list->NumberOfElements];

	if (list->NumberOfElements &&
	    next[-1].PhysicalAddress.QuadPart + next[-1].Length == address) {
		next[-1].Length += length;
		return;
	}
	*next = (STOR_SCATTER_GATHER_ELEMENT) {
		.PhysicalAddress.QuadPart = address, .Length = length,
	};
	list->NumberOfElements++;
}

/* There is room for an element for each page. */
static void fill(PSTOR_SCATTER_GATHER_LIST list, const void *data, ULONG length)
{
	list->NumberOfElements = 0;
	list->Reserved = 0;
	while (length) {
		ULONG piece = min_t(ULONG, length,
				    PAGE_SIZE - offset_in_page(data));

		add(list, address_of(data), piece);
		data += piece;
		length -= piece;
	}
}

/* The list of a request, made when it is first asked for. */
static PSTOR_SCATTER_GATHER_LIST list_of(struct minirq_stor_request *request)
{
	const void *data = request->srb.DataBuffer;
	ULONG length = request->srb.DataTransferLength;

	if (request->sg || !data || !length)
		return request->sg;
	request->sg = minirq_memory_alloc(size_for(pages_of(data, length)),
					  GFP_ATOMIC);
	if (request->sg)
		fill(request->sg, data, length);
	return request->sg;
}

/**
 * StorPortGetScatterGatherList() - where are the data of a request?
 * @HwDeviceExtension:	the adapter
 * @Srb:		a request that the miniport has
 *
 * Limit: as StorPortGetPhysicalAddress().
 *
 * Context: IRQL <= DIRQL, meant for HwStorBuildIo and HwStorStartIo.
 * Page: nf-storport-storportgetscattergatherlist
 * Return: a list that is there until the request is complete; NULL for a request
 * without data, or one that is not the adapter's, and for want of memory.
 */
PSTOR_SCATTER_GATHER_LIST
StorPortGetScatterGatherList(PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct minirq_stor_request *request;

	request = adapter ? minirq_stor_request_of(adapter, Srb) : NULL;
	return request ? list_of(request) : NULL;
}
EXPORT_SYMBOL_GPL(StorPortGetScatterGatherList);

/**
 * StorPortGetSystemAddress() - where does the CPU find the data of a request?
 * @HwDeviceExtension:	the adapter
 * @Srb:		the request
 * @SystemAddress:	where the address is stored
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportgetsystemaddress
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or a request without data; STOR_STATUS_INVALID_IRQL.
 */
ULONG StorPortGetSystemAddress(PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb,
			       PVOID *SystemAddress)
{
	if (!HwDeviceExtension || !Srb || !SystemAddress || !Srb->DataBuffer)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	*SystemAddress = Srb->DataBuffer;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetSystemAddress);

static void execute(PPOST_SCATTER_GATHER_EXECUTE routine,
		    PSTOR_SCATTER_GATHER_LIST list, void *context)
{
	KIRQL old = minirq_irql_current();

	minirq_irql_raise(old, DISPATCH_LEVEL);
	routine(NULL, NULL, list, context);
	minirq_irql_lower(DISPATCH_LEVEL, old);
}

/**
 * StorPortBuildScatterGatherList() - where are these data?
 * @HwDeviceExtension:	the adapter
 * @Mdl:		describes the data; not used
 * @CurrentVa:		the data
 * @Length:		how many bytes
 * @ExecutionRoutine:	called at DISPATCH_LEVEL with the list, before this
 *			returns
 * @Context:		its last argument
 * @WriteToDevice:	the direction; not used
 * @ScatterGatherBuffer: where the list is made
 * @ScatterGatherBufferLength: how many bytes there are
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportbuildscattergatherlist
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer;
 * STOR_STATUS_INVALID_IRQL; STOR_STATUS_BUFFER_TOO_SMALL when there is no room
 * for an element for each page.
 */
ULONG StorPortBuildScatterGatherList(PVOID HwDeviceExtension, PVOID Mdl,
				     PVOID CurrentVa, ULONG Length,
				     PPOST_SCATTER_GATHER_EXECUTE
					ExecutionRoutine,
				     PVOID Context, BOOLEAN WriteToDevice,
				     PVOID ScatterGatherBuffer,
				     ULONG ScatterGatherBufferLength)
{
	PSTOR_SCATTER_GATHER_LIST list = ScatterGatherBuffer;

	if (!HwDeviceExtension || !CurrentVa || !ExecutionRoutine || !list)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	if (ScatterGatherBufferLength < size_for(pages_of(CurrentVa, Length)))
		return STOR_STATUS_BUFFER_TOO_SMALL;
	fill(list, CurrentVa, Length);
	execute(ExecutionRoutine, list, Context);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortBuildScatterGatherList);

/**
 * StorPortPutScatterGatherList() - undo StorPortBuildScatterGatherList()
 * @HwDeviceExtension:	the adapter
 * @ScatterGatherList:	the list, whose memory is the driver's
 * @WriteToDevice:	as it was built
 *
 * There is nothing to do: the device and the CPU see the same memory.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportputscattergatherlist
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer;
 * STOR_STATUS_INVALID_IRQL.
 */
ULONG StorPortPutScatterGatherList(PVOID HwDeviceExtension,
				   PSTOR_SCATTER_GATHER_LIST ScatterGatherList,
				   BOOLEAN WriteToDevice)
{
	if (!HwDeviceExtension || !ScatterGatherList)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortPutScatterGatherList);
