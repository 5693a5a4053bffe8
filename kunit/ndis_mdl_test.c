// SPDX-License-Identifier: GPL-2.0-only
/* Descriptions of memory. */
#include <linux/mm.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/ndis_owner.h"
#include "../src/verifier.h"
#include "no_memory.h"

#define OFFSET	24
#define LENGTH	5000

/**
 * struct described - an owner, and memory of its own
 * @owner:	the owner
 * @memory:	two pages
 */
struct described {
	struct minirq_ndis_owner owner;
	u8 *memory;
};

static unsigned int bad_handles(void)
{
	return minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT);
}

static PMDL describe(struct kunit *test)
{
	struct described *described = test->priv;
	PMDL mdl = NdisAllocateMdl(&described->owner, described->memory + OFFSET, LENGTH);

	KUNIT_ASSERT_NOT_NULL(test, mdl);
	return mdl;
}

static void ndis_mdl_describes(struct kunit *test)
{
	struct described *described = test->priv;
	PMDL mdl = describe(test);

	KUNIT_EXPECT_NULL(test, NDIS_MDL_LINKAGE(mdl));
	KUNIT_EXPECT_EQ(test, MmGetMdlByteCount(mdl), LENGTH);
	KUNIT_EXPECT_EQ(test, MmGetMdlByteOffset(mdl), OFFSET);
	KUNIT_EXPECT_PTR_EQ(test, mdl->StartVa, (PVOID)described->memory);
	KUNIT_EXPECT_PTR_EQ(test, MmGetMdlVirtualAddress(mdl),
			    (PVOID)(described->memory + OFFSET));
	KUNIT_EXPECT_PTR_EQ(test, MmGetSystemAddressForMdlSafe(mdl, NormalPagePriority),
			    (PVOID)(described->memory + OFFSET));
	KeFlushIoBuffers(mdl, FALSE, TRUE);
	NdisFlushBuffer(mdl, TRUE);
	NdisFreeMdl(mdl);
	KUNIT_EXPECT_TRUE(test, list_empty(&described->owner.objects));
}

/* Memory that is not mapped has no address. */
static void ndis_mdl_unmapped_has_no_address(struct kunit *test)
{
	MDL mdl = { .MappedSystemVa = test, .ByteCount = 8 };
	PVOID address = test;
	UINT length;

	NdisQueryMdl(&mdl, &address, &length, NormalPagePriority);
	KUNIT_EXPECT_NULL(test, address);
	KUNIT_EXPECT_EQ(test, length, 8);
	mdl.MdlFlags = MDL_MAPPED_TO_SYSTEM_VA;
	NdisQueryMdl(&mdl, &address, &length, NormalPagePriority);
	KUNIT_EXPECT_PTR_EQ(test, address, (PVOID)test);
	NdisQueryMdl(&mdl, NULL, &length, NormalPagePriority);
}

static void ndis_mdl_of_a_chain(struct kunit *test)
{
	PMDL first = describe(test), second = describe(test), next = NULL;
	UINT length;

	NDIS_MDL_LINKAGE(first) = second;
	NdisGetNextMdl(first, &next);
	KUNIT_EXPECT_PTR_EQ(test, next, second);
	NdisAdjustMdlLength(second, 60);
	NdisQueryMdl(second, NULL, &length, LowPagePriority);
	KUNIT_EXPECT_EQ(test, length, 60);
	NdisFreeMdl(first);
	NdisFreeMdl(second);
}

static void ndis_mdl_at_dispatch(struct kunit *test)
{
	struct described *described = test->priv;
	KIRQL old;
	PMDL mdl;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	mdl = NdisAllocateMdl(&described->owner, described->memory, 1);
	if (mdl)
		NdisFreeMdl(mdl);
	KeLowerIrql(old);
	KUNIT_EXPECT_NOT_NULL(test, mdl);
}

static void ndis_mdl_at_dirql_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MISC);
	struct described *described = test->priv;
	PMDL mdl = describe(test), other;
	KIRQL old;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
	other = NdisAllocateMdl(&described->owner, described->memory, 1);
	NdisFreeMdl(mdl);
	KeLowerIrql(old);
	KUNIT_EXPECT_NULL(test, other);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MISC), before + 2);
	NdisFreeMdl(mdl);
	KUNIT_EXPECT_TRUE(test, list_empty(&described->owner.objects));
}

static void ndis_mdl_unknown_is_reported(struct kunit *test)
{
	struct described *described = test->priv;
	struct {
		struct minirq_ndis_object object;
		MDL mdl;
	} foreign = {};
	unsigned int before = bad_handles();

	KUNIT_EXPECT_NULL(test, NdisAllocateMdl(NULL, described->memory, 1));
	NdisFreeMdl(NULL);
	NdisFreeMdl(&foreign.mdl);
	KUNIT_EXPECT_EQ(test, bad_handles(), before + 3);
}

static void ndis_mdl_without_memory(struct kunit *test)
{
	struct described *described = test->priv;
	PMDL mdl;

	need_failures(test);
	fail_allocation(1);
	mdl = NdisAllocateMdl(&described->owner, described->memory, 1);
	KUNIT_EXPECT_TRUE(test, allocation_failed());
	KUNIT_EXPECT_NULL(test, mdl);
	KUNIT_EXPECT_TRUE(test, list_empty(&described->owner.objects));
}

static void ndis_mdl_left_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK);
	struct described *described = test->priv;

	describe(test);
	minirq_ndis_owner_release(&described->owner, "this test");
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK), before + 1);
}

static int ndis_mdl_init(struct kunit *test)
{
	struct described *described = kunit_kzalloc(test, sizeof(*described), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, described);
	described->memory = (u8 *)__get_free_pages(GFP_KERNEL, 1);
	KUNIT_ASSERT_NOT_NULL(test, described->memory);
	minirq_ndis_owner_init(&described->owner, "described");
	test->priv = described;
	return 0;
}

static void ndis_mdl_exit(struct kunit *test)
{
	struct described *described = test->priv;

	free_pages((unsigned long)described->memory, 1);
}

static struct kunit_case ndis_mdl_cases[] = {
	KUNIT_CASE(ndis_mdl_describes),
	KUNIT_CASE(ndis_mdl_unmapped_has_no_address),
	KUNIT_CASE(ndis_mdl_of_a_chain),
	KUNIT_CASE(ndis_mdl_at_dispatch),
	KUNIT_CASE(ndis_mdl_at_dirql_is_reported),
	KUNIT_CASE(ndis_mdl_unknown_is_reported),
	KUNIT_CASE(ndis_mdl_without_memory),
	KUNIT_CASE(ndis_mdl_left_is_reported),
	{}
};

static struct kunit_suite ndis_mdl_suite = {
	.name = "minirq_ndis_mdl",
	.init = ndis_mdl_init,
	.exit = ndis_mdl_exit,
	.test_cases = ndis_mdl_cases,
};

kunit_test_suite(ndis_mdl_suite);
