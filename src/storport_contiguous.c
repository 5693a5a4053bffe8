// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that is contiguous for the device, on a node of the driver's choice.
 * It is aligned to its size, rounded up to a power of two, so it crosses no
 * multiple of anything larger.
 */
#include <linux/dma-mapping.h>
#include <linux/export.h>
#include <linux/gfp.h>
#include <linux/mm.h>
#include <linux/nodemask.h>
#include <linux/string.h>

#include <storport.h>

#include "irql.h"
#include "memory.h"
#include "storport.h"
#include "storport_call.h"
#include "storport_memory.h"

/* What the page allocator of any kernel gives at once: 4 MiB */
#define ORDER_MAX	10

/* Of how many blocks, and how many pages in all, one is chosen: 64 MiB */
#define TRIES		64U
#define SPARE		16384U

/**
 * struct block - memory that a driver has
 * @list:	in &struct minirq_stor_memory
 * @data:	the memory
 * @size:	its size, as the driver wanted it
 */
struct block {
	struct list_head list;
	void *data;
	SIZE_T size;
};

/**
 * struct limits - where it has to be
 * @lowest:	its first byte, at the earliest
 * @highest:	its last one
 * @boundary:	it crosses no multiple of this; 0 for none
 */
struct limits {
	u64 lowest;
	u64 highest;
	u64 boundary;
};

static struct limits limits_of(PHYSICAL_ADDRESS lowest, PHYSICAL_ADDRESS highest,
			       PHYSICAL_ADDRESS boundary)
{
	return (struct limits) {
		.lowest = lowest.QuadPart,
		.highest = highest.QuadPart,
		.boundary = boundary.QuadPart,
	};
}

static int node_of(NODE_REQUIREMENT preferred)
{
	return preferred < MAX_NUMNODES && node_online(preferred) ?
		       preferred : NUMA_NO_NODE;
}

static bool within(const struct limits *limits, const void *data, SIZE_T size)
{
	u64 first = virt_to_phys((void *)data), last = first + size - 1;

	return first >= limits->lowest && last <= limits->highest &&
	       (!limits->boundary ||
		first / limits->boundary == last / limits->boundary);
}

/* Is there a place that such a block could have? */
static bool possible(const struct limits *limits, SIZE_T size)
{
	return limits->lowest <= limits->highest &&
	       size - 1 <= limits->highest - limits->lowest &&
	       (!limits->boundary || size <= limits->boundary);
}

/* What is searched for and given back is not to come from the last reserves. */
static gfp_t search_gfp(void)
{
	return __GFP_NOWARN | (gfpflags_allow_blocking(minirq_memory_gfp()) ?
			       GFP_KERNEL | __GFP_RETRY_MAYFAIL : GFP_NOWAIT);
}

/*
 * The kernel has no allocator with limits, so what it gives is kept until a
 * block lies within them, up to as much as anybody can spare.
 */
static struct page *search_zone(const struct limits *limits, SIZE_T size,
				int node, gfp_t zone)
{
	gfp_t flags = search_gfp() | zone;
	unsigned int order = get_order(size);
	unsigned int tries = min(TRIES, SPARE >> order);
	struct page *page, *next, *found = NULL;
	LIST_HEAD(unfit);

	minirq_memory_enter(flags);
	while (!found && tries--) {
		page = alloc_pages_node(node, flags, order);
		if (!page)
			break;
		if (within(limits, page_address(page), size))
			found = page;
		else
			list_add(&page->lru, &unfit);
	}
	list_for_each_entry_safe(page, next, &unfit, lru)
		__free_pages(page, order);
	minirq_memory_leave(flags);
	return found;
}

/* From where there is most on; a zone below a lower limit has nothing. */
static struct page *search(const struct limits *limits, SIZE_T size, int node)
{
	static const struct {
		gfp_t flag;
		u64 last;
	} zones[] = {
		{ 0, U64_MAX },
		{ GFP_DMA32, DMA_BIT_MASK(32) },
		{ GFP_DMA, DMA_BIT_MASK(24) },
	};
	struct page *page = NULL;
	unsigned int i;

	for (i = 0; !page && i < ARRAY_SIZE(zones); i++) {
		bool lower = i + 1 < ARRAY_SIZE(zones) &&
			     limits->highest <= zones[i + 1].last;

		if (!lower && limits->lowest <= zones[i].last)
			page = search_zone(limits, size, node, zones[i].flag);
	}
	return page;
}

static void *get_pages(const struct limits *limits, SIZE_T size, int node)
{
	struct page *page = NULL;

	if (possible(limits, size))
		page = search(limits, size, node);
	if (!page)
		return NULL;
	return memset(page_address(page), 0, PAGE_SIZE << get_order(size));
}

static void free_block(struct block *block)
{
	minirq_memory_enter(GFP_ATOMIC);
	free_pages((unsigned long)block->data, get_order(block->size));
	minirq_memory_leave(GFP_ATOMIC);
	minirq_memory_free(block);
}

static struct block *new_block(const struct limits *limits, SIZE_T size, int node)
{
	struct block *block = minirq_memory_alloc(sizeof(*block), minirq_memory_gfp());

	if (!block)
		return NULL;
	block->size = size;
	block->data = get_pages(limits, size, node);
	if (block->data)
		return block;
	minirq_memory_free(block);
	return NULL;
}

/* The adapter is gone: free what its driver has left. */
void minirq_stor_contiguous_release(struct minirq_stor_memory *memory)
{
	struct block *block, *next;

	list_for_each_entry_safe(block, next, &memory->blocks, list)
		free_block(block);
}

static ULONG allocate(struct minirq_stor_adapter *adapter,
		      const struct limits *limits, SIZE_T size,
		      NODE_REQUIREMENT preferred, PVOID *data)
{
	struct minirq_stor_memory *memory;
	struct block *block = NULL;
	unsigned long flags;

	if (!adapter || !data)
		return STOR_STATUS_INVALID_PARAMETER;
	*data = NULL;
	if (!size)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	if (get_order(size) <= ORDER_MAX)
		block = new_block(limits, size, node_of(preferred));
	if (!block)
		return STOR_STATUS_INSUFFICIENT_RESOURCES;
	memory = adapter->memory;
	raw_spin_lock_irqsave(&memory->lock, flags);
	list_add(&block->list, &memory->blocks);
	raw_spin_unlock_irqrestore(&memory->lock, flags);
	*data = block->data;
	return STOR_STATUS_SUCCESS;
}

/**
 * StorPortAllocateContiguousMemorySpecifyCacheNode() - allocate contiguous memory
 * @HwDeviceExtension:		the adapter
 * @NumberOfBytes:		how much
 * @LowestAcceptableAddress:	of its first byte
 * @HighestAcceptableAddress:	of its last one
 * @BoundaryAddressMultiple:	it crosses no multiple of this; 0 for none
 * @CacheType:			not used
 * @PreferredNode:		a NUMA node, or MM_ANY_NODE_OK
 * @BufferPointer:		where its address is stored, NULL on an error
 *
 * What is left when the adapter is removed is freed then.
 *
 * Differs from Windows: memory is cached, whatever @CacheType says; devices see
 * what CPUs have written.
 *
 * Context: IRQL <= DISPATCH_LEVEL; reported when called from HwStorStartIo.
 * Page: nf-storport-storportallocatecontiguousmemoryspecifycachenode
 * Return: STOR_STATUS_SUCCESS, and the memory is zeroed and aligned to a page;
 * STOR_STATUS_INVALID_PARAMETER for a NULL pointer or no bytes;
 * STOR_STATUS_INVALID_IRQL; STOR_STATUS_INSUFFICIENT_RESOURCES when there is none
 * such.
 */
ULONG
StorPortAllocateContiguousMemorySpecifyCacheNode(PVOID HwDeviceExtension,
						 SIZE_T NumberOfBytes,
						 PHYSICAL_ADDRESS
						 LowestAcceptableAddress,
						 PHYSICAL_ADDRESS
						 HighestAcceptableAddress,
						 PHYSICAL_ADDRESS
						 BoundaryAddressMultiple,
						 MEMORY_CACHING_TYPE CacheType,
						 NODE_REQUIREMENT PreferredNode,
						 PVOID *BufferPointer)
{
	struct limits limits = limits_of(LowestAcceptableAddress,
					 HighestAcceptableAddress,
					 BoundaryAddressMultiple);

	minirq_storport_takes_long(MINIRQ_CALLER, __func__);
	return allocate(minirq_stor_adapter_of(HwDeviceExtension), &limits,
			NumberOfBytes, PreferredNode, BufferPointer);
}
EXPORT_SYMBOL_GPL(StorPortAllocateContiguousMemorySpecifyCacheNode);

static struct block *remove(struct minirq_stor_memory *memory, void *data)
{
	struct block *block, *found = NULL;
	unsigned long flags;

	raw_spin_lock_irqsave(&memory->lock, flags);
	list_for_each_entry(block, &memory->blocks, list) {
		if (block->data != data)
			continue;
		list_del(&block->list);
		found = block;
		break;
	}
	raw_spin_unlock_irqrestore(&memory->lock, flags);
	return found;
}

/**
 * StorPortFreeContiguousMemorySpecifyCache() - free contiguous memory
 * @HwDeviceExtension:	the adapter
 * @BaseAddress:	what was allocated
 * @NumberOfBytes:	how much; not used
 * @CacheType:		as it was allocated; not used
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportfreecontiguousmemoryspecifycache
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or memory that the adapter does not have; STOR_STATUS_INVALID_IRQL.
 */
ULONG StorPortFreeContiguousMemorySpecifyCache(PVOID HwDeviceExtension,
					       PVOID BaseAddress,
					       SIZE_T NumberOfBytes,
					       MEMORY_CACHING_TYPE CacheType)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct block *block;

	if (!adapter || !BaseAddress)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	block = remove(adapter->memory, BaseAddress);
	if (!block)
		return STOR_STATUS_INVALID_PARAMETER;
	free_block(block);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortFreeContiguousMemorySpecifyCache);

/**
 * StorPortAllocateDmaMemory() - allocate contiguous memory, and say where it is
 * @HwDeviceExtension:		the adapter
 * @NumberOfBytes:		how much
 * @LowestAcceptableAddress:	of its first byte
 * @HighestAcceptableAddress:	of its last one
 * @BoundaryAddressMultiple:	it crosses no multiple of this; 0 for none
 * @CacheType:			not used
 * @PreferredNode:		a NUMA node, or MM_ANY_NODE_OK
 * @BufferPointer:		where its address is stored, NULL on an error
 * @PhysicalAddress:		where its address for the device is stored
 *
 * Context: IRQL <= DISPATCH_LEVEL; reported when called from HwStorStartIo.
 * Page: nf-storport-storportallocatedmamemory
 * Return: as StorPortAllocateContiguousMemorySpecifyCacheNode().
 */
ULONG StorPortAllocateDmaMemory(PVOID HwDeviceExtension, SIZE_T NumberOfBytes,
				PHYSICAL_ADDRESS LowestAcceptableAddress,
				PHYSICAL_ADDRESS HighestAcceptableAddress,
				PHYSICAL_ADDRESS BoundaryAddressMultiple,
				MEMORY_CACHING_TYPE CacheType,
				NODE_REQUIREMENT PreferredNode,
				PVOID *BufferPointer,
				PPHYSICAL_ADDRESS PhysicalAddress)
{
	struct limits limits = limits_of(LowestAcceptableAddress,
					 HighestAcceptableAddress,
					 BoundaryAddressMultiple);
	ULONG status;

	if (!PhysicalAddress)
		return STOR_STATUS_INVALID_PARAMETER;
	minirq_storport_takes_long(MINIRQ_CALLER, __func__);
	status = allocate(minirq_stor_adapter_of(HwDeviceExtension), &limits,
			  NumberOfBytes, PreferredNode, BufferPointer);
	if (status == STOR_STATUS_SUCCESS)
		PhysicalAddress->QuadPart = virt_to_phys(*BufferPointer);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortAllocateDmaMemory);

/**
 * StorPortFreeDmaMemory() - free what StorPortAllocateDmaMemory() returned
 * @HwDeviceExtension:	the adapter
 * @BaseAddress:	what was allocated
 * @NumberOfBytes:	how much; not used
 * @CacheType:		as it was allocated; not used
 * @PhysicalAddress:	its address for the device; not used
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportfreedmamemory
 * Return: as StorPortFreeContiguousMemorySpecifyCache().
 */
ULONG StorPortFreeDmaMemory(PVOID HwDeviceExtension, PVOID BaseAddress,
			    SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType,
			    PHYSICAL_ADDRESS PhysicalAddress)
{
	return StorPortFreeContiguousMemorySpecifyCache(HwDeviceExtension,
							BaseAddress,
							NumberOfBytes,
							CacheType);
}
EXPORT_SYMBOL_GPL(StorPortFreeDmaMemory);
