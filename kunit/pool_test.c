// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory that a driver asks for while it has a spin lock. The kernel's allocator takes
 * locks of its own when it has no block at hand, as happens with so many.
 */
#include <linux/debug_locks.h>
#include <linux/string.h>

#include <kunit/test.h>

#include <ntddk.h>

#define BLOCKS	300
#define SIZE	700

/**
 * struct source - where memory is from
 * @name:	its name in the results
 * @alloc:	allocates some
 * @free:	frees it
 */
struct source {
	const char *name;
	void *(*alloc)(void);
	void (*free)(void *memory);
};

static NPAGED_LOOKASIDE_LIST list;

static PVOID from_pool(void)
{
	return ExAllocatePoolWithTag(NonPagedPool, SIZE, 0);
}

static PVOID from_list(void)
{
	return ExAllocateFromNPagedLookasideList(&list);
}

static VOID to_list(PVOID memory)
{
	ExFreeToNPagedLookasideList(&list, memory);
}

static PVOID new_irp(void)
{
	return IoAllocateIrp(2, FALSE);
}

static VOID free_irp(PVOID irp)
{
	IoFreeIrp(irp);
}

static const struct source sources[] = {
	{ "pool", from_pool, ExFreePool },
	{ "lookaside list", from_list, to_list },
	{ "irp", new_irp, free_irp },
};

static void describe(const struct source *source, char *text)
{
	strscpy(text, source->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(source, sources, describe);

static bool locks_are_in_order(void)
{
	return !IS_ENABLED(CONFIG_LOCKDEP) || debug_locks;
}

static void pool_under_a_spin_lock(struct kunit *test)
{
	const struct source *source = test->param_value;
	static void *memory[BLOCKS];
	unsigned int i, got = 0;
	KSPIN_LOCK lock;
	KIRQL old;

	ExInitializeNPagedLookasideList(&list, NULL, NULL, 0, SIZE, 0, 0);
	KeInitializeSpinLock(&lock);
	KeAcquireSpinLock(&lock, &old);
	for (i = 0; i < BLOCKS; i++)
		memory[i] = source->alloc();
	for (i = 0; i < BLOCKS; i++)
		got += !!memory[i];
	for (i = 0; i < BLOCKS; i++)
		if (memory[i])
			source->free(memory[i]);
	KeReleaseSpinLock(&lock, old);
	ExDeleteNPagedLookasideList(&list);
	KUNIT_EXPECT_EQ(test, got, BLOCKS);
	KUNIT_EXPECT_TRUE(test, locks_are_in_order());
}

/* Preemption is off there, so nothing may sleep. */
static void pool_at_apc_level(struct kunit *test)
{
	void *memory;
	KIRQL old;

	KeRaiseIrql(APC_LEVEL, &old);
	memory = from_pool();
	ExFreePool(memory);
	KeLowerIrql(old);
	KUNIT_EXPECT_NOT_NULL(test, memory);
}

static struct kunit_case pool_cases[] = {
	KUNIT_CASE_PARAM(pool_under_a_spin_lock, source_gen_params),
	KUNIT_CASE(pool_at_apc_level),
	{}
};

static struct kunit_suite pool_suite = {
	.name = "minirq_pool",
	.test_cases = pool_cases,
};

kunit_test_suite(pool_suite);
