// SPDX-License-Identifier: GPL-2.0-only
/* What drivers of every kind call besides. */
#include <linux/io.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include <ntddk.h>

/* Of each byte in a page, not of the page. */
static void library_physical_address_is_the_kernels(struct kunit *test)
{
	u8 *memory = kunit_kzalloc(test, PAGE_SIZE, GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, memory);
	for (i = 0; i < PAGE_SIZE; i += 511)
		KUNIT_EXPECT_PTR_EQ(test, phys_to_virt(MmGetPhysicalAddress(memory + i).QuadPart),
				    (void *)(memory + i));
}

static void library_debug_print_succeeds(struct kunit *test)
{
	KIRQL old;
	ULONG status;

	KUNIT_EXPECT_EQ(test, DbgPrint("%s\n", "text"), STATUS_SUCCESS);
	KeRaiseIrql(HIGH_LEVEL, &old);
	status = DbgPrint("at level %d\n", HIGH_LEVEL);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, STATUS_SUCCESS);
}

static struct kunit_case library_cases[] = {
	KUNIT_CASE(library_physical_address_is_the_kernels),
	KUNIT_CASE(library_debug_print_succeeds),
	{}
};

static struct kunit_suite library_suite = {
	.name = "minirq_library",
	.test_cases = library_cases,
};

kunit_test_suite(library_suite);
