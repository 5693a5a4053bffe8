// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ReactOS' kernel test of KeRaiseIrql() and its relatives looks at, which
 * its authors checked on Windows. Written anew from those facts.
 */
#include <kunit/test.h>

#include <wdm.h>

#include "../src/verifier.h"

static void ros_irql_raise_to_each_level_and_back(struct kunit *test)
{
	KIRQL level, old, raised, lowered;

	for (level = PASSIVE_LEVEL; level <= HIGH_LEVEL; level++) {
		old = 0xff;
		KeRaiseIrql(level, &old);
		raised = KeGetCurrentIrql();
		KeLowerIrql(old);
		lowered = KeGetCurrentIrql();
		KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
		KUNIT_EXPECT_EQ(test, raised, level);
		KUNIT_EXPECT_EQ(test, lowered, PASSIVE_LEVEL);
	}
}

/* Raising and lowering to where the CPU is does nothing, at each level. */
static void ros_irql_same_level_does_nothing(struct kunit *test)
{
	KIRQL level, outer, inner, raised, lowered;

	for (level = PASSIVE_LEVEL; level <= HIGH_LEVEL; level++) {
		KeRaiseIrql(level, &outer);
		KeRaiseIrql(level, &inner);
		raised = KeGetCurrentIrql();
		KeLowerIrql(inner);
		lowered = KeGetCurrentIrql();
		KeLowerIrql(outer);
		KUNIT_EXPECT_EQ(test, inner, level);
		KUNIT_EXPECT_EQ(test, raised, level);
		KUNIT_EXPECT_EQ(test, lowered, level);
	}
}

static void ros_irql_raise_to_dpc_tells_old_level(struct kunit *test)
{
	KIRQL level, outer, old, raised;

	for (level = PASSIVE_LEVEL; level <= DISPATCH_LEVEL; level++) {
		KeRaiseIrql(level, &outer);
		old = KeRaiseIrqlToDpcLevel();
		raised = KeGetCurrentIrql();
		KeLowerIrql(old);
		KeLowerIrql(outer);
		KUNIT_EXPECT_EQ(test, old, level);
		KUNIT_EXPECT_EQ(test, raised, DISPATCH_LEVEL);
	}
}

static void ros_irql_raise_to_dpc_again_does_nothing(struct kunit *test)
{
	KIRQL first = KeRaiseIrqlToDpcLevel(), second = KeRaiseIrqlToDpcLevel();
	KIRQL raised = KeGetCurrentIrql();

	KeLowerIrql(first);
	KUNIT_EXPECT_EQ(test, first, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, second, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, raised, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void ros_irql_lower_passes_levels_on_its_way(struct kunit *test)
{
	KIRQL outer, inner, lowered;

	KeRaiseIrql(APC_LEVEL, &outer);
	KeRaiseIrql(HIGH_LEVEL, &inner);
	KeLowerIrql(outer);
	lowered = KeGetCurrentIrql();
	KUNIT_EXPECT_EQ(test, inner, APC_LEVEL);
	KUNIT_EXPECT_EQ(test, lowered, PASSIVE_LEVEL);
}

static int ros_irql_init(struct kunit *test)
{
	minirq_verifier_enable(true);
	test->priv = (void *)(unsigned long)minirq_verifier_total();
	return 0;
}

/* All of it is legal. */
static void ros_irql_exit(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, (unsigned long)minirq_verifier_total(), (unsigned long)test->priv);
	minirq_verifier_enable(false);
}

static struct kunit_case ros_irql_cases[] = {
	KUNIT_CASE(ros_irql_raise_to_each_level_and_back),
	KUNIT_CASE(ros_irql_same_level_does_nothing),
	KUNIT_CASE(ros_irql_raise_to_dpc_tells_old_level),
	KUNIT_CASE(ros_irql_raise_to_dpc_again_does_nothing),
	KUNIT_CASE(ros_irql_lower_passes_levels_on_its_way),
	{}
};

static struct kunit_suite ros_irql_suite = {
	.name = "minirq_ros_irql",
	.init = ros_irql_init,
	.exit = ros_irql_exit,
	.test_cases = ros_irql_cases,
};

kunit_test_suite(ros_irql_suite);
