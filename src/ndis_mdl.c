// SPDX-License-Identifier: GPL-2.0-only
/* What NDIS drivers describe memory with. */
#include <linux/export.h>
#include <linux/mm.h>

#include "memory.h"
#include "ndis_owner.h"
#include "verifier.h"

/**
 * struct description - an MDL, and who owns it
 * @object:	its owner's
 * @mdl:	what the driver has a pointer to
 */
struct description {
	struct minirq_ndis_object object;
	MDL mdl;
};

static void free_description(struct minirq_ndis_object *object)
{
	minirq_memory_free(container_of(object, struct description, object));
}

static const struct minirq_ndis_kind mdl_kind = {
	.name = "MDL",
	.free = free_description,
};

static bool level_allows(const char *function, void *caller)
{
	return minirq_ndis_level(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MISC,
				 function, caller);
}

static void describe(PMDL mdl, void *address, ULONG length)
{
	*mdl = (MDL) {
		.Size = sizeof(*mdl),
		.MdlFlags = MDL_SOURCE_IS_NONPAGED_POOL,
		.MappedSystemVa = address,
		.StartVa = (void *)((unsigned long)address & PAGE_MASK),
		.ByteCount = length,
		.ByteOffset = offset_in_page(address),
	};
}

/**
 * NdisAllocateMdl() - describe non-paged memory
 * @NdisHandle:		the adapter or driver that owns the description
 * @VirtualAddress:	the memory
 * @Length:		its size
 *
 * Differs from Windows: no page numbers follow the MDL. One that is not freed when
 * its owner goes is reported, and freed.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisallocatemdl
 * Return: the MDL; NULL without memory, at another level, or for a handle that is
 * no adapter and no driver, both of which are reported.
 */
PMDL NdisAllocateMdl(NDIS_HANDLE NdisHandle, PVOID VirtualAddress, UINT Length)
{
	struct minirq_ndis_owner *owner;
	struct description *description;

	if (!level_allows("NdisAllocateMdl", MINIRQ_CALLER))
		return NULL;
	owner = minirq_ndis_owner_of(NdisHandle, __func__, MINIRQ_CALLER);
	if (!owner)
		return NULL;
	description = minirq_memory_alloc(sizeof(*description),
					  minirq_memory_gfp());
	if (!description)
		return NULL;
	describe(&description->mdl, VirtualAddress, Length);
	minirq_ndis_object_add(&description->object, owner, &mdl_kind,
			       MINIRQ_CALLER);
	return &description->mdl;
}
EXPORT_SYMBOL_GPL(NdisAllocateMdl);

/**
 * NdisFreeMdl() - free what NdisAllocateMdl() returned
 * @Mdl:	the MDL; the memory it describes stays
 *
 * Context: IRQL <= DISPATCH_LEVEL. Another level, NULL, or an MDL of somebody else
 * is reported and nothing happens.
 * Page: nf-ndis-ndisfreemdl
 */
VOID NdisFreeMdl(PMDL Mdl)
{
	struct description *description =
		container_of(Mdl, struct description, mdl);
	struct minirq_ndis_object *object;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_of(Mdl ? &description->object : NULL,
				       &mdl_kind, __func__, MINIRQ_CALLER);
	if (object && minirq_ndis_object_remove(object))
		free_description(object);
}
EXPORT_SYMBOL_GPL(NdisFreeMdl);
