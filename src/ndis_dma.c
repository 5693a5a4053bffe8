// SPDX-License-Identifier: GPL-2.0-only
/* Memory that an NDIS adapter shares with its device. */
#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "irql.h"
#include "memory.h"
#include "ndis_handle.h"
#include "ndis_owner.h"
#include "ndis_work.h"
#include "verifier.h"

/**
 * struct shared - memory shared with a device; its key is its address
 * @object:	its owner's
 * @dev:	the device
 * @dma:	where the device finds it
 * @size:	its size
 * @work:	frees it where that may not be done at once
 */
struct shared {
	struct minirq_ndis_object object;
	struct device *dev;
	dma_addr_t dma;
	size_t size;
	struct work_struct work;
};

/**
 * struct channel - what NdisMiniportDmaHandle points to
 * @object:	its owner's; first, as the driver holds a pointer to it
 * @complete:	the driver's SharedMemAllocateCompleteHandler
 */
struct channel {
	struct minirq_ndis_object object;
	MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER complete;
};

/**
 * struct request - memory that is allocated later
 * @object:	its owner's
 * @complete:	whom to tell
 * @size:	how much
 * @context:	the driver's own
 * @caller:	who asked for it
 * @work:	does it
 */
struct request {
	struct minirq_ndis_object object;
	MINIPORT_ALLOCATE_SHARED_MEM_COMPLETE_HANDLER complete;
	size_t size;
	PVOID context;
	void *caller;
	struct work_struct work;
};

static bool level_allows(KIRQL limit, enum minirq_rule rule,
			 const char *function, void *caller)
{
	return minirq_ndis_level(limit, rule, function, caller);
}

static void free_shared(struct minirq_ndis_object *object)
{
	struct shared *shared = container_of(object, struct shared, object);

	dma_free_coherent(shared->dev, shared->size, object->key, shared->dma);
	kfree(shared);
}

static const struct minirq_ndis_kind shared_kind = {
	.name = "shared memory",
	.free = free_shared,
};

static void free_later(struct work_struct *work)
{
	free_shared(&container_of(work, struct shared, work)->object);
}

static struct shared *alloc_shared(struct minirq_ndis_owner *owner, size_t size,
				   void *caller)
{
	struct shared *shared;

	if (!owner->dev || !size)
		return NULL;
	shared = kzalloc(sizeof(*shared), GFP_KERNEL);
	if (!shared)
		return NULL;
	shared->dev = owner->dev;
	shared->size = size;
	INIT_WORK(&shared->work, free_later);
	shared->object.key = dma_alloc_coherent(owner->dev, size, &shared->dma,
						GFP_KERNEL | __GFP_NOWARN);
	if (!shared->object.key) {
		kfree(shared);
		return NULL;
	}
	minirq_ndis_object_add(&shared->object, owner, &shared_kind, caller);
	return shared;
}

/**
 * NdisMAllocateSharedMemory() - allocate memory that the device can reach
 * @MiniportAdapterHandle:	the adapter
 * @Length:			how many bytes
 * @Cached:			not used
 * @VirtualAddress:		where its address is stored, NULL for none
 * @PhysicalAddress:		where the address that the device uses is stored
 *
 * What is not freed when the adapter halts is reported, and freed.
 *
 * Differs from Windows: the memory is zeroed, and a DMA channel need not have
 * been registered.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndismallocatesharedmemory
 */
VOID NdisMAllocateSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			       BOOLEAN Cached, PVOID *VirtualAddress,
			       PNDIS_PHYSICAL_ADDRESS PhysicalAddress)
{
	struct minirq_ndis_owner *owner;
	struct shared *shared;

	*VirtualAddress = NULL;
	PhysicalAddress->QuadPart = 0;
	if (!level_allows(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
			  __func__, MINIRQ_CALLER))
		return;
	owner = minirq_ndis_owner_of(MiniportAdapterHandle, __func__,
				     MINIRQ_CALLER);
	shared = owner ? alloc_shared(owner, Length, MINIRQ_CALLER) : NULL;
	if (!shared)
		return;
	*VirtualAddress = shared->object.key;
	PhysicalAddress->QuadPart = shared->dma;
}
EXPORT_SYMBOL_GPL(NdisMAllocateSharedMemory);

/**
 * NdisMFreeSharedMemory() - free shared memory
 * @MiniportAdapterHandle:	the adapter
 * @Length:			not used
 * @Cached:			not used
 * @VirtualAddress:		the memory; reported when it is not the adapter's
 * @PhysicalAddress:		not used
 *
 * Above PASSIVE_LEVEL the device can reach the memory for a moment longer.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndismfreesharedmemory
 */
VOID NdisMFreeSharedMemory(NDIS_HANDLE MiniportAdapterHandle, ULONG Length,
			   BOOLEAN Cached, PVOID VirtualAddress,
			   NDIS_PHYSICAL_ADDRESS PhysicalAddress)
{
	struct minirq_ndis_object *object;

	if (!level_allows(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
			  __func__, MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_take(MiniportAdapterHandle, &shared_kind,
					 VirtualAddress, __func__,
					 MINIRQ_CALLER);
	if (!object)
		return;
	if (minirq_memory_gfp() == GFP_KERNEL)
		free_shared(object);
	else
		minirq_ndis_work_queue(&container_of(object, struct shared,
						     object)->work);
}
EXPORT_SYMBOL_GPL(NdisMFreeSharedMemory);

static void free_channel(struct minirq_ndis_object *object)
{
	kfree(container_of(object, struct channel, object));
}

static const struct minirq_ndis_kind channel_kind = {
	.name = "DMA channel",
	.free = free_channel,
};

static bool header_valid(const NDIS_OBJECT_HEADER *header)
{
	return header->Type == NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION &&
	       header->Revision >= NDIS_SG_DMA_DESCRIPTION_REVISION_1 &&
	       header->Size >= NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1;
}

/* A list has an element for each page that a transfer may touch. */
static ULONG list_size(ULONG transfer)
{
	size_t pages = DIV_ROUND_UP((size_t)transfer, PAGE_SIZE) + 1;

	return sizeof(SCATTER_GATHER_LIST) +
	       pages * sizeof(SCATTER_GATHER_ELEMENT);
}

static NDIS_STATUS open_channel(struct minirq_ndis_owner *owner,
				PNDIS_SG_DMA_DESCRIPTION description,
				PNDIS_HANDLE handle, void *caller)
{
	bool wide = description->Flags & NDIS_SG_DMA_64_BIT_ADDRESS;
	struct channel *channel;

	if (!owner->dev)
		return NDIS_STATUS_NOT_SUPPORTED;
	if (dma_set_mask_and_coherent(owner->dev, DMA_BIT_MASK(wide ? 64 : 32)))
		return NDIS_STATUS_RESOURCES;
	channel = kzalloc(sizeof(*channel), GFP_KERNEL);
	if (!channel)
		return NDIS_STATUS_RESOURCES;
	channel->complete = description->SharedMemAllocateCompleteHandler;
	description->ScatterGatherListSize =
		list_size(description->MaximumPhysicalMapping);
	minirq_ndis_object_add(&channel->object, owner, &channel_kind, caller);
	*handle = channel;
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisMRegisterScatterGatherDma() - say how a device does DMA
 * @MiniportAdapterHandle:	the adapter
 * @DmaDescription:		whether it reaches 64 bits, and whom to tell of
 *				memory allocated later; ScatterGatherListSize is
 *				filled in
 * @NdisMiniportDmaHandle:	where the handle is stored
 *
 * Differs from Windows: scatter/gather lists are not made.
 *
 * Context: IRQL = PASSIVE_LEVEL, from MiniportInitializeEx.
 * Page: nf-ndis-ndismregisterscattergatherdma
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_BAD_VERSION - not the header of this structure
 * * NDIS_STATUS_NOT_SUPPORTED - the adapter has no device, or is none; called
 *   above PASSIVE_LEVEL
 * * NDIS_STATUS_RESOURCES - out of memory, or the device cannot reach any
 */
NDIS_STATUS
NdisMRegisterScatterGatherDma(NDIS_HANDLE MiniportAdapterHandle,
			      PNDIS_SG_DMA_DESCRIPTION DmaDescription,
			      PNDIS_HANDLE NdisMiniportDmaHandle)
{
	struct minirq_ndis_owner *owner;

	if (!level_allows(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_DMA, __func__,
			  MINIRQ_CALLER))
		return NDIS_STATUS_NOT_SUPPORTED;
	owner = minirq_ndis_owner_of(MiniportAdapterHandle, __func__,
				     MINIRQ_CALLER);
	if (!owner)
		return NDIS_STATUS_NOT_SUPPORTED;
	if (!header_valid(&DmaDescription->Header))
		return NDIS_STATUS_BAD_VERSION;
	return open_channel(owner, DmaDescription, NdisMiniportDmaHandle,
			    MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMRegisterScatterGatherDma);

/**
 * NdisMDeregisterScatterGatherDma() - undo NdisMRegisterScatterGatherDma()
 * @NdisMiniportDmaHandle:	the handle
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndismderegisterscattergatherdma
 */
VOID NdisMDeregisterScatterGatherDma(NDIS_HANDLE NdisMiniportDmaHandle)
{
	struct minirq_ndis_object *object;

	if (!level_allows(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_DMA, __func__,
			  MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_of(NdisMiniportDmaHandle, &channel_kind,
				       __func__, MINIRQ_CALLER);
	if (object && minirq_ndis_object_remove(object))
		free_channel(object);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterScatterGatherDma);

static void stop_request(struct minirq_ndis_object *object)
{
	cancel_work_sync(&container_of(object, struct request, object)->work);
}

static void free_request(struct minirq_ndis_object *object)
{
	minirq_memory_free(container_of(object, struct request, object));
}

static const struct minirq_ndis_kind request_kind = {
	.name = "request for shared memory",
	.stop = stop_request,
	.free = free_request,
};

/*
 * Once the request is no longer in the owner's list the driver knows that it
 * has been answered, so the answer comes first.
 */
static void serve(struct work_struct *work)
{
	struct request *request = container_of(work, struct request, work);
	struct minirq_ndis_owner *owner = request->object.owner;
	NDIS_HANDLE context =
		container_of(owner, struct minirq_ndis_adapter, owner)->context;
	struct shared *shared =
		alloc_shared(owner, request->size, request->caller);
	NDIS_PHYSICAL_ADDRESS address = {
		.QuadPart = shared ? shared->dma : 0,
	};

	request->complete(context, shared ? shared->object.key : NULL,
			  shared ? &address : NULL, request->size,
			  request->context);
	if (minirq_ndis_object_remove(&request->object))
		free_request(&request->object);
}

static struct request *new_request(struct channel *channel, ULONG size,
				   PVOID context, void *caller)
{
	struct request *request =
		minirq_memory_alloc(sizeof(*request), minirq_memory_gfp());

	if (!request)
		return NULL;
	request->complete = channel->complete;
	request->size = size;
	request->context = context;
	request->caller = caller;
	INIT_WORK(&request->work, serve);
	minirq_ndis_object_add(&request->object, channel->object.owner,
			       &request_kind, caller);
	return request;
}

/**
 * NdisMAllocateSharedMemoryAsyncEx() - allocate shared memory later
 * @MiniportDmaHandle:	of NdisMRegisterScatterGatherDma(), with a
 *			SharedMemAllocateCompleteHandler
 * @Length:		how many bytes
 * @Cached:		not used
 * @Context:		handed to the handler
 *
 * The handler is called at PASSIVE_LEVEL, with NULL when there is no memory. It
 * is not called after MiniportHaltEx; a request that is left then is reported.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndismallocatesharedmemoryasyncex
 * Return: NDIS_STATUS_PENDING; NDIS_STATUS_FAILURE when the handler will not be
 * called.
 */
NDIS_STATUS NdisMAllocateSharedMemoryAsyncEx(NDIS_HANDLE MiniportDmaHandle,
					     ULONG Length, BOOLEAN Cached,
					     PVOID Context)
{
	struct minirq_ndis_object *object;
	struct channel *channel;
	struct request *request;

	if (!level_allows(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
			  "NdisMAllocateSharedMemoryAsyncEx", MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	object = minirq_ndis_object_of(MiniportDmaHandle, &channel_kind,
				       __func__, MINIRQ_CALLER);
	if (!object)
		return NDIS_STATUS_FAILURE;
	channel = container_of(object, struct channel, object);
	if (!channel->complete)
		return NDIS_STATUS_FAILURE;
	request = new_request(channel, Length, Context, MINIRQ_CALLER);
	if (!request)
		return NDIS_STATUS_FAILURE;
	minirq_ndis_work_queue(&request->work);
	return NDIS_STATUS_PENDING;
}
EXPORT_SYMBOL_GPL(NdisMAllocateSharedMemoryAsyncEx);

/**
 * NdisMGetDmaAlignment() - what buffers for DMA must be aligned to
 * @MiniportAdapterHandle:	the adapter
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndismgetdmaalignment
 * Return: the alignment in bytes, a power of two.
 */
ULONG NdisMGetDmaAlignment(NDIS_HANDLE MiniportAdapterHandle)
{
	return dma_get_cache_alignment();
}
EXPORT_SYMBOL_GPL(NdisMGetDmaAlignment);

/**
 * NdisGetSharedDataAlignment() - what data that CPUs share must be aligned to
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisgetshareddataalignment
 * Return: the alignment in bytes, a power of two.
 */
ULONG NdisGetSharedDataAlignment(void)
{
	return SMP_CACHE_BYTES;
}
EXPORT_SYMBOL_GPL(NdisGetSharedDataAlignment);
