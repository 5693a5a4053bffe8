// SPDX-License-Identifier: GPL-2.0-only
/* Pool memory: what drivers allocate for themselves, and hand to the system. */
#include <linux/export.h>
#include <linux/slab.h>

#include <wdm.h>

#include "irql.h"

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
	bool sleeps = minirq_irql_current() < DISPATCH_LEVEL;

	return kzalloc(NumberOfBytes, sleeps ? GFP_KERNEL : GFP_ATOMIC);
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
	kfree(P);
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
	kfree(P);
}
EXPORT_SYMBOL_GPL(ExFreePool);
