// SPDX-License-Identifier: GPL-2.0-only
/* Where a thread may run. */
#include <linux/cpumask.h>
#include <linux/sched.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/verifier.h"
#include "cpu.h"

/* Each case begins on CPU 0, and that is what its user chose. */
static bool at_home(void)
{
	return cpumask_equal(current->cpus_ptr, cpumask_of(0)) && !raw_smp_processor_id();
}

static void affinity_moves_the_thread(struct kunit *test)
{
	KAFFINITY old = KeSetSystemAffinityThreadEx(1 << 2);
	ULONG where = KeGetCurrentProcessorNumber();

	KeRevertToUserAffinityThreadEx(old);
	KUNIT_EXPECT_EQ(test, old, 0);
	KUNIT_EXPECT_EQ(test, where, 2);
	KUNIT_EXPECT_TRUE(test, at_home());
}

static void affinity_calls_without_result(struct kunit *test)
{
	ULONG where[2];

	KeSetSystemAffinityThread(1 << 1);
	where[0] = KeGetCurrentProcessorNumber();
	KeSetSystemAffinityThread(1 << 2);
	where[1] = KeGetCurrentProcessorNumber();
	KeRevertToUserAffinityThread();
	KUNIT_EXPECT_EQ(test, where[0], 1);
	KUNIT_EXPECT_EQ(test, where[1], 2);
	KUNIT_EXPECT_TRUE(test, at_home());
}

/* The inner pair goes back to the outer one, not to the user. */
static void affinity_nests(struct kunit *test)
{
	KAFFINITY outer = KeSetSystemAffinityThreadEx(1 << 1);
	KAFFINITY inner = KeSetSystemAffinityThreadEx(1 << 2);
	ULONG between;

	KeRevertToUserAffinityThreadEx(inner);
	between = KeGetCurrentProcessorNumber();
	KeRevertToUserAffinityThreadEx(outer);
	KUNIT_EXPECT_EQ(test, inner, 1 << 1);
	KUNIT_EXPECT_EQ(test, between, 1);
	KUNIT_EXPECT_TRUE(test, at_home());
}

static void affinity_with_group(struct kunit *test)
{
	GROUP_AFFINITY to = { .Mask = 1 << 2 }, other = { .Mask = 1 << 1 }, old, inner;
	ULONG where[2];

	KeSetSystemGroupAffinityThread(&to, &old);
	where[0] = KeGetCurrentProcessorNumber();
	KeSetSystemGroupAffinityThread(&other, &inner);
	KeRevertToUserGroupAffinityThread(&inner);
	where[1] = KeGetCurrentProcessorNumber();
	KeRevertToUserGroupAffinityThread(&old);
	KUNIT_EXPECT_EQ(test, where[0], 2);
	KUNIT_EXPECT_EQ(test, where[1], 2);
	KUNIT_EXPECT_EQ(test, old.Mask, 0);
	KUNIT_EXPECT_EQ(test, inner.Mask, 1 << 2);
	KUNIT_EXPECT_TRUE(test, at_home());
}

static void affinity_without_an_active_cpu_changes_nothing(struct kunit *test)
{
	GROUP_AFFINITY nowhere = { .Mask = 1, .Group = 7 }, old = { .Mask = 1 };

	KUNIT_EXPECT_EQ(test, KeSetSystemAffinityThreadEx(1ULL << 63), 0);
	KeSetSystemGroupAffinityThread(&nowhere, &old);
	KUNIT_EXPECT_EQ(test, old.Mask, 0);
	KeSetSystemGroupAffinityThread(&nowhere, NULL);
	KUNIT_EXPECT_TRUE(test, at_home());
}

static void affinity_revert_without_set(struct kunit *test)
{
	KeRevertToUserAffinityThread();
	KUNIT_EXPECT_TRUE(test, at_home());
}

static void affinity_at_dispatch_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_AFFINITY);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	KAFFINITY last = KeSetSystemAffinityThreadEx(1 << 1);

	KeRevertToUserAffinityThreadEx(0);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_AFFINITY), before + 2);
	KUNIT_EXPECT_EQ(test, last, 0);
	KUNIT_EXPECT_TRUE(test, at_home());
}

static int affinity_init(struct kunit *test)
{
	need_cpus(test, 3);
	return 0;
}

static struct kunit_case affinity_cases[] = {
	KUNIT_CASE(affinity_moves_the_thread),
	KUNIT_CASE(affinity_calls_without_result),
	KUNIT_CASE(affinity_nests),
	KUNIT_CASE(affinity_with_group),
	KUNIT_CASE(affinity_without_an_active_cpu_changes_nothing),
	KUNIT_CASE(affinity_revert_without_set),
	KUNIT_CASE(affinity_at_dispatch_is_reported),
	{}
};

static struct kunit_suite affinity_suite = {
	.name = "minirq_affinity",
	.init = affinity_init,
	.test_cases = affinity_cases,
};

kunit_test_suite(affinity_suite);
