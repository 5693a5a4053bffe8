// SPDX-License-Identifier: GPL-2.0-only
/* What a driver allocates belongs to an adapter or to the driver. */
#include <linux/debug_locks.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/irql.h"
#include "../src/ndis_miniport.h"
#include "../src/verifier.h"

/**
 * struct leaky - a miniport that forgets what it allocates
 * @driver:	the driver
 * @miniport:	its adapter
 * @handle:	what MiniportInitializeEx was given
 * @memory:	what that allocated
 * @frees:	MiniportHaltEx frees it
 * @result:	what MiniportInitializeEx returns
 */
struct leaky {
	struct minirq_ndis_driver driver;
	struct minirq_ndis_miniport *miniport;
	NDIS_HANDLE handle;
	PVOID memory;
	bool frees;
	NDIS_STATUS result;
};

static NDIS_STATUS initialize_ex(NDIS_HANDLE handle, NDIS_HANDLE context,
				 PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes = {
		.RegistrationAttributes = {
			.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
			.Header.Revision = NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
			.Header.Size =
				NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
			.MiniportAdapterContext = context,
		},
	};
	struct leaky *leaky = context;

	leaky->handle = handle;
	leaky->memory = NdisAllocateMemoryWithTagPriority(handle, 100, 0x4c65616b,
							  NormalPoolPriority);
	NdisMSetMiniportAttributes(handle, &attributes);
	return leaky->result;
}

static VOID halt_ex(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
	struct leaky *leaky = context;

	if (leaky->frees)
		NdisFreeMemory(leaky->memory, 0, 0);
}

static unsigned int leaks(void)
{
	return minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK);
}

static unsigned int bad_handles(void)
{
	return minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT);
}

static struct leaky *initialize(struct kunit *test, NDIS_STATUS result)
{
	struct leaky *leaky = test->priv;

	leaky->result = result;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(leaky->miniport), result);
	KUNIT_ASSERT_NOT_NULL(test, leaky->memory);
	return leaky;
}

static void halt_leaky(struct leaky *leaky)
{
	minirq_ndis_miniport_halt(leaky->miniport, NdisHaltDeviceDisabled);
}

static void ndis_owner_memory_freed_is_no_leak(struct kunit *test)
{
	struct leaky *leaky = initialize(test, NDIS_STATUS_SUCCESS);
	unsigned int before = leaks();

	leaky->frees = true;
	halt_leaky(leaky);
	KUNIT_EXPECT_EQ(test, leaks(), before);
}

static void ndis_owner_memory_left_after_halt_is_reported(struct kunit *test)
{
	struct leaky *leaky = initialize(test, NDIS_STATUS_SUCCESS);
	unsigned int before = leaks(), bad = bad_handles();

	halt_leaky(leaky);
	KUNIT_EXPECT_EQ(test, leaks(), before + 1);
	/* and gone: it cannot be freed once more */
	NdisFreeMemory(leaky->memory, 0, 0);
	KUNIT_EXPECT_EQ(test, bad_handles(), bad + 1);
}

static void ndis_owner_memory_left_after_failed_init_is_reported(struct kunit *test)
{
	unsigned int before = leaks();

	initialize(test, NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, leaks(), before + 1);
}

static void ndis_owner_memory_is_zeroed(struct kunit *test)
{
	struct leaky *leaky = initialize(test, NDIS_STATUS_SUCCESS);

	KUNIT_EXPECT_NULL(test, memchr_inv(leaky->memory, 0, 100));
	leaky->frees = true;
	halt_leaky(leaky);
}

/* As from Windows' pool, a page begins on a page. */
static void ndis_owner_memory_of_a_page_is_aligned(struct kunit *test)
{
	struct leaky *leaky = test->priv;
	PVOID memory = NdisAllocateMemoryWithTagPriority(&leaky->driver, PAGE_SIZE, 0x50616765,
							 NormalPoolPriority);

	KUNIT_ASSERT_NOT_NULL(test, memory);
	KUNIT_EXPECT_TRUE(test, PAGE_ALIGNED(memory));
	NdisFreeMemoryWithTagPriority(&leaky->driver, memory, 0x50616765);
}

#define BLOCKS	64

/* The kernel's allocator takes locks of its own when it has no block at hand. */
static void ndis_owner_memory_under_a_spin_lock(struct kunit *test)
{
	struct leaky *leaky = test->priv;
	static PVOID memory[BLOCKS];
	unsigned int i, got = 0;
	NDIS_SPIN_LOCK lock;

	NdisAllocateSpinLock(&lock);
	NdisAcquireSpinLock(&lock);
	for (i = 0; i < BLOCKS; i++)
		memory[i] = NdisAllocateMemoryWithTagPriority(&leaky->driver, 700, 0x4c6f636b,
							      NormalPoolPriority);
	for (i = 0; i < BLOCKS; i++)
		got += !!memory[i];
	for (i = 0; i < BLOCKS; i++)
		if (memory[i])
			NdisFreeMemory(memory[i], 0, 0);
	NdisReleaseSpinLock(&lock);
	NdisFreeSpinLock(&lock);
	KUNIT_EXPECT_EQ(test, got, BLOCKS);
	KUNIT_EXPECT_TRUE(test, !IS_ENABLED(CONFIG_LOCKDEP) || debug_locks);
}

static void ndis_owner_driver_owns_too(struct kunit *test)
{
	struct leaky *leaky = test->priv;
	unsigned int before = leaks();

	KUNIT_EXPECT_NOT_NULL(test,
			      NdisAllocateMemoryWithTagPriority(&leaky->driver, 8, 0x44726976,
								NormalPoolPriority));
	minirq_ndis_owner_release(&leaky->driver.owner, "this test");
	KUNIT_EXPECT_EQ(test, leaks(), before + 1);
}

static void ndis_owner_unknown_handle_is_refused(struct kunit *test)
{
	unsigned int before = bad_handles();
	unsigned long nothing[4] = {};

	KUNIT_EXPECT_NULL(test, NdisAllocateMemoryWithTagPriority(NULL, 8, 0x4e756c6c,
								  NormalPoolPriority));
	KUNIT_EXPECT_NULL(test, NdisAllocateMemoryWithTagPriority(nothing, 8, 0x4e756c6c,
								  NormalPoolPriority));
	KUNIT_EXPECT_EQ(test, bad_handles(), before + 2);
}

static void ndis_owner_memory_twice_freed_is_reported(struct kunit *test)
{
	struct leaky *leaky = test->priv;
	unsigned int before = bad_handles();
	PVOID memory = NdisAllocateMemoryWithTagPriority(&leaky->driver, 8, 0x54776963,
							 NormalPoolPriority);

	NdisFreeMemory(memory, 0, 0);
	NdisFreeMemory(memory, 0, 0);
	KUNIT_EXPECT_EQ(test, bad_handles(), before + 1);
}

static void ndis_owner_memory_size_refused(struct kunit *test)
{
	struct leaky *leaky = test->priv;

	KUNIT_EXPECT_NULL(test, NdisAllocateMemoryWithTagPriority(&leaky->driver, 0, 0x5a65726f,
								  NormalPoolPriority));
	KUNIT_EXPECT_NULL(test, NdisAllocateMemoryWithTagPriority(&leaky->driver, ~0U, 0x4d756368,
								  NormalPoolPriority));
}

static void ndis_owner_memory_by_level(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MISC);
	struct leaky *leaky = test->priv;
	PVOID dispatch, dirql;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	dispatch = NdisAllocateMemoryWithTagPriority(&leaky->driver, 8, 0x4c657665,
						     NormalPoolPriority);
	NdisFreeMemory(dispatch, 0, 0);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MISC), before);

	KeRaiseIrql(MINIRQ_DIRQL, &old);
	dirql = NdisAllocateMemoryWithTagPriority(&leaky->driver, 8, 0x4c657665,
						  NormalPoolPriority);
	KeLowerIrql(old);
	KUNIT_EXPECT_NOT_NULL(test, dispatch);
	KUNIT_EXPECT_NULL(test, dirql);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MISC), before + 1);
}

static int ndis_owner_init(struct kunit *test)
{
	static const struct minirq_irqs no_irqs;
	struct leaky *leaky = kunit_kzalloc(test, sizeof(*leaky), GFP_KERNEL);

	if (!leaky)
		return -ENOMEM;
	test->priv = leaky;
	leaky->driver.chars.InitializeHandlerEx = initialize_ex;
	leaky->driver.chars.HaltHandlerEx = halt_ex;
	leaky->driver.context = leaky;
	minirq_ndis_owner_init(&leaky->driver.owner, "leaky driver");
	leaky->miniport = minirq_ndis_miniport_create(&leaky->driver, "leaky", NULL, &no_irqs);
	return leaky->miniport ? 0 : -ENOMEM;
}

static void ndis_owner_exit(struct kunit *test)
{
	struct leaky *leaky = test->priv;

	minirq_ndis_miniport_destroy(leaky->miniport);
}

static struct kunit_case ndis_owner_cases[] = {
	KUNIT_CASE(ndis_owner_memory_freed_is_no_leak),
	KUNIT_CASE(ndis_owner_memory_left_after_halt_is_reported),
	KUNIT_CASE(ndis_owner_memory_left_after_failed_init_is_reported),
	KUNIT_CASE(ndis_owner_memory_is_zeroed),
	KUNIT_CASE(ndis_owner_memory_of_a_page_is_aligned),
	KUNIT_CASE(ndis_owner_memory_under_a_spin_lock),
	KUNIT_CASE(ndis_owner_driver_owns_too),
	KUNIT_CASE(ndis_owner_unknown_handle_is_refused),
	KUNIT_CASE(ndis_owner_memory_twice_freed_is_reported),
	KUNIT_CASE(ndis_owner_memory_size_refused),
	KUNIT_CASE(ndis_owner_memory_by_level),
	{}
};

static struct kunit_suite ndis_owner_suite = {
	.name = "minirq_ndis_owner",
	.init = ndis_owner_init,
	.exit = ndis_owner_exit,
	.test_cases = ndis_owner_cases,
};

kunit_test_suite(ndis_owner_suite);
