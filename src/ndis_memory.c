// SPDX-License-Identifier: GPL-2.0-only
/*
 * Non-paged memory of NDIS drivers.
 *
 * A driver frees memory by its address alone, and Windows' pool gives a page
 * or more on a page boundary, so no header may stand before it: what is known
 * of each block is found by its address.
 */
#include "ndis_memory.h"

#include <linux/export.h>
#include <linux/xarray.h>

#include "memory.h"
#include "ndis_owner.h"
#include "verifier.h"

/**
 * struct block - memory that a driver has allocated
 * @object:	its owner's
 * @memory:	the memory
 */
struct block {
	struct minirq_ndis_object object;
	void *memory;
};

static DEFINE_XARRAY_FLAGS(blocks, XA_FLAGS_LOCK_BH);

static void free_block(struct minirq_ndis_object *object)
{
	struct block *block = container_of(object, struct block, object);

	minirq_memory_free(block->memory);
	minirq_memory_free(block);
}

static int remember(struct block *block, gfp_t gfp)
{
	int err;

	minirq_memory_enter(gfp);
	err = xa_err(xa_store_bh(&blocks, (unsigned long)block->memory, block,
				 gfp));
	minirq_memory_leave(gfp);
	return err;
}

static struct block *forget(void *memory)
{
	struct block *block;

	minirq_memory_enter(GFP_ATOMIC);
	block = xa_erase_bh(&blocks, (unsigned long)memory);
	minirq_memory_leave(GFP_ATOMIC);
	return block;
}

static void free_left_over(struct minirq_ndis_object *object)
{
	struct block *block = container_of(object, struct block, object);

	forget(block->memory);
	free_block(object);
}

static const struct minirq_ndis_kind memory_kind = {
	.name = "memory",
	.free = free_left_over,
};

static struct block *alloc_block(size_t size)
{
	gfp_t gfp = minirq_memory_gfp() | __GFP_NOWARN;
	struct block *block = minirq_memory_alloc(sizeof(*block), gfp);

	if (!block)
		return NULL;
	/* drivers give the physical address of such memory to their devices */
	block->memory = minirq_memory_alloc(size, gfp);
	if (!block->memory)
		goto free_block;
	if (remember(block, gfp))
		goto free_memory;
	return block;

free_memory:
	minirq_memory_free(block->memory);
free_block:
	minirq_memory_free(block);
	return NULL;
}

/**
 * NdisAllocateMemoryWithTagPriority() - allocate non-paged memory
 * @NdisHandle:	the adapter or driver that owns it
 * @Length:	size
 * @Tag:	not used
 * @Priority:	not used
 *
 * Differs from Windows: the memory is zeroed and physically contiguous. What is
 * not freed when its owner goes is reported, and freed.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisallocatememorywithtagpriority
 * Return: the memory, or NULL, also for a size of 0.
 */
PVOID NdisAllocateMemoryWithTagPriority(NDIS_HANDLE NdisHandle, UINT Length,
					ULONG Tag, EX_POOL_PRIORITY Priority)
{
	struct minirq_ndis_owner *owner;
	struct block *block;

	if (!minirq_ndis_level(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MISC,
			       "NdisAllocateMemoryWithTagPriority",
			       MINIRQ_CALLER))
		return NULL;
	owner = minirq_ndis_owner_of(NdisHandle, __func__, MINIRQ_CALLER);
	if (!owner || !Length)
		return NULL;
	block = alloc_block(Length);
	if (!block)
		return NULL;
	minirq_ndis_object_add(&block->object, owner, &memory_kind,
			       MINIRQ_CALLER);
	return block->memory;
}
EXPORT_SYMBOL_GPL(NdisAllocateMemoryWithTagPriority);

/* Free memory that a driver gave away: NDIS', or the pool's. */
void minirq_ndis_memory_free(void *address)
{
	struct block *block = forget(address);

	if (!block)
		minirq_memory_free(address);
	else if (minirq_ndis_object_remove(&block->object))
		free_block(&block->object);
}

static void free_memory(void *address, const char *function, void *caller)
{
	struct block *block;

	if (!minirq_ndis_level(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MISC,
			       function, caller))
		return;
	block = forget(address);
	if (!block) {
		minirq_violation(MINIRQ_RULE_NDIS_OBJECT, caller,
				 "%s: %p is no memory of NDIS", function,
				 address);
		return;
	}
	if (minirq_ndis_object_remove(&block->object))
		free_block(&block->object);
}

/**
 * NdisFreeMemory() - free what NdisAllocateMemoryWithTagPriority() returned
 * @VirtualAddress:	the memory
 * @Length:		not used
 * @MemoryFlags:	not used
 *
 * Context: IRQL <= DISPATCH_LEVEL. Another level, or an address that was not
 * allocated or has been freed, is reported and nothing happens.
 * Page: nf-ndis-ndisfreememory
 */
VOID NdisFreeMemory(PVOID VirtualAddress, UINT Length, UINT MemoryFlags)
{
	free_memory(VirtualAddress, __func__, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisFreeMemory);

/**
 * NdisFreeMemoryWithTagPriority() - free what NdisAllocateMemoryWithTagPriority() returned
 * @NdisHandle:		not used
 * @VirtualAddress:	the memory
 * @Tag:		not used
 *
 * Context: IRQL <= DISPATCH_LEVEL, as NdisFreeMemory().
 * Page: nf-ndis-ndisfreememorywithtagpriority
 */
VOID NdisFreeMemoryWithTagPriority(NDIS_HANDLE NdisHandle, PVOID VirtualAddress,
				   ULONG Tag)
{
	free_memory(VirtualAddress, __func__, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisFreeMemoryWithTagPriority);
