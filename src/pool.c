// SPDX-License-Identifier: GPL-2.0-only
/* Pool memory: what drivers allocate for themselves, and hand to the system. */
#include <linux/export.h>
#include <linux/string.h>

#include <wdm.h>

#include "memory.h"

/**
 * ExAllocatePoolWithTag() - allocate memory
 * @PoolType:		not used: all of the kernel's memory is resident
 * @NumberOfBytes:	how much
 * @Tag:		not used
 *
 * Differs from Windows: the memory is zeroed.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-exallocatepoolwithtag
 * Return: the memory, or NULL when there is none.
 */
PVOID ExAllocatePoolWithTag(POOL_TYPE PoolType, SIZE_T NumberOfBytes, ULONG Tag)
{
	return minirq_memory_alloc(NumberOfBytes, minirq_memory_gfp());
}
EXPORT_SYMBOL_GPL(ExAllocatePoolWithTag);

/**
 * ExFreePoolWithTag() - free what ExAllocatePoolWithTag() returned
 * @P:		the memory
 * @Tag:	not used
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-exfreepoolwithtag
 */
VOID ExFreePoolWithTag(PVOID P, ULONG Tag)
{
	minirq_memory_free(P);
}
EXPORT_SYMBOL_GPL(ExFreePoolWithTag);

/**
 * ExFreePool() - free what ExAllocatePoolWithTag() returned
 * @P:	the memory
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ntddk-exfreepool
 */
VOID ExFreePool(PVOID P)
{
	minirq_memory_free(P);
}
EXPORT_SYMBOL_GPL(ExFreePool);

/**
 * ExInitializeNPagedLookasideList() - make a lookaside list
 * @Lookaside:	resident storage of the driver
 * @Allocate:	allocates an entry, or NULL for memory of the pool
 * @Free:	frees an entry, or NULL for memory of the pool
 * @Flags:	not used
 * @Size:	of an entry
 * @Tag:	handed to @Allocate
 * @Depth:	not used
 *
 * Differs from Windows: no free entries are kept. Linux' allocator keeps those of
 * each size itself, for each CPU; so @Allocate and @Free are called every time.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-exinitializenpagedlookasidelist
 */
VOID ExInitializeNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside,
				     PALLOCATE_FUNCTION Allocate,
				     PFREE_FUNCTION Free, ULONG Flags,
				     SIZE_T Size, ULONG Tag, USHORT Depth)
{
	PGENERAL_LOOKASIDE list = &Lookaside->L;

	memset(list, 0, sizeof(*list));
	InitializeSListHead(&list->ListHead);
	list->Allocate = Allocate ?: ExAllocatePoolWithTag;
	list->Free = Free ?: ExFreePool;
	list->Type = NonPagedPool;
	list->Tag = Tag;
	list->Size = Size;
}
EXPORT_SYMBOL_GPL(ExInitializeNPagedLookasideList);

/**
 * ExDeleteNPagedLookasideList() - the end of a lookaside list
 * @Lookaside:	the list; it has no entries, so there is nothing to free
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-exdeletenpagedlookasidelist
 */
VOID ExDeleteNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	memset(&Lookaside->L, 0, sizeof(Lookaside->L));
}
EXPORT_SYMBOL_GPL(ExDeleteNPagedLookasideList);

/**
 * ExAllocateFromNPagedLookasideList() - get an entry
 * @Lookaside:	the list
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-exallocatefromnpagedlookasidelist
 * Return: the entry, or NULL when there is no memory.
 */
PVOID ExAllocateFromNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside)
{
	PGENERAL_LOOKASIDE list = &Lookaside->L;

	return list->Allocate(list->Type, list->Size, list->Tag);
}
EXPORT_SYMBOL_GPL(ExAllocateFromNPagedLookasideList);

/**
 * ExFreeToNPagedLookasideList() - give an entry back
 * @Lookaside:	the list it is from
 * @Entry:	the entry
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-exfreetonpagedlookasidelist
 */
VOID ExFreeToNPagedLookasideList(PNPAGED_LOOKASIDE_LIST Lookaside, PVOID Entry)
{
	Lookaside->L.Free(Entry);
}
EXPORT_SYMBOL_GPL(ExFreeToNPagedLookasideList);
