// SPDX-License-Identifier: GPL-2.0-only
/* The current IRQL: raising, lowering, and what each level keeps out. */
#include <linux/irqflags.h>
#include <linux/preempt.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "../src/irql.h"
#include "../src/verifier.h"
#include "cpu.h"

static unsigned int reports(enum minirq_rule rule)
{
	return minirq_verifier_count(rule);
}

/* A1 */
static void irql_thread_is_passive(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A2 */
static void irql_raise_returns_old_level(struct kunit *test)
{
	KIRQL old = HIGH_LEVEL, raised;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	raised = KeGetCurrentIrql();
	KeLowerIrql(PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, raised, DISPATCH_LEVEL);
}

/* A3 */
static void irql_raise_to_same_level_is_legal(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	KIRQL outer, inner = HIGH_LEVEL, raised;

	KeRaiseIrql(DISPATCH_LEVEL, &outer);
	KeRaiseIrql(DISPATCH_LEVEL, &inner);
	raised = KeGetCurrentIrql();
	KeLowerIrql(inner);
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, inner, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, raised, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

/* A4 */
static void irql_raise_downwards_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RAISE_IRQL);
	KIRQL outer, inner, level;

	KeRaiseIrql(DISPATCH_LEVEL, &outer);
	KeRaiseIrql(PASSIVE_LEVEL, &inner);
	level = KeGetCurrentIrql();
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RAISE_IRQL), before + 1);
	KUNIT_EXPECT_EQ(test, level, DISPATCH_LEVEL);
}

static void irql_raise_above_high_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RAISE_IRQL);
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL + 1, &old);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RAISE_IRQL), before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A5 */
static void irql_raise_to_dpc_level(struct kunit *test)
{
	KIRQL old = KeRaiseIrqlToDpcLevel(), raised = KeGetCurrentIrql();

	KeLowerIrql(PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, raised, DISPATCH_LEVEL);
}

/* A6 */
static void irql_lower_restores_level(struct kunit *test)
{
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	KeLowerIrql(PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

/* A7 */
static void irql_lower_upwards_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_LOWER_IRQL);

	KeLowerIrql(DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_LOWER_IRQL), before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A8 */
static void irql_lower_to_unreturned_level_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_LOWER_IRQL), legal;
	KIRQL outer, inner;

	KeRaiseIrql(DISPATCH_LEVEL, &outer);
	KeRaiseIrql(MINIRQ_DIRQL, &inner);
	KeLowerIrql(CMCI_LEVEL);
	KeLowerIrql(APC_LEVEL);
	legal = reports(MINIRQ_RULE_LOWER_IRQL);
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, legal, before + 2);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_LOWER_IRQL), before + 2);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void irql_nested_raises_unwind(struct kunit *test)
{
	static const KIRQL level[] = { APC_LEVEL, DISPATCH_LEVEL, MINIRQ_DIRQL, HIGH_LEVEL };
	unsigned int before = minirq_verifier_total();
	KIRQL old[ARRAY_SIZE(level)], down[ARRAY_SIZE(level)];
	int i;

	for (i = 0; i < ARRAY_SIZE(level); i++)
		KeRaiseIrql(level[i], &old[i]);
	while (i--) {
		KeLowerIrql(old[i]);
		down[i] = KeGetCurrentIrql();
	}
	for (i = 0; i < ARRAY_SIZE(level); i++)
		KUNIT_EXPECT_EQ(test, down[i], i ? level[i - 1] : PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

/**
 * struct holder - a thread that keeps its CPU at DISPATCH_LEVEL
 * @there:	it is there
 * @release:	let it go
 */
struct holder {
	atomic_t there;
	atomic_t release;
};

static void hold_dispatch(void *arg)
{
	struct holder *holder = arg;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	atomic_set(&holder->there, 1);
	spin_for(&holder->release);
	KeLowerIrql(old);
}

static void read_irql(void *irql)
{
	*(KIRQL *)irql = KeGetCurrentIrql();
}

/* A9 */
static void irql_is_per_cpu(struct kunit *test)
{
	struct holder holder = {};
	struct task_struct *task = start_on_cpu(1, hold_dispatch, &holder);
	KIRQL other = HIGH_LEVEL;

	KUNIT_EXPECT_TRUE(test, wait_for(&holder.there));
	on_cpu(2, read_irql, &other);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, other, PASSIVE_LEVEL);
	atomic_set(&holder.release, 1);
	join(task);
}

static VOID store_irql(PRKDPC dpc, PVOID irql, PVOID arg1, PVOID arg2)
{
	*(KIRQL *)irql = KeGetCurrentIrql();
}

/* A10 */
static void irql_dpc_is_dispatch(struct kunit *test)
{
	KIRQL irql = HIGH_LEVEL;
	KDPC dpc;

	KeInitializeDpc(&dpc, store_irql, &irql);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID lower_to_passive(PRKDPC dpc, PVOID irql, PVOID arg1, PVOID arg2)
{
	KeLowerIrql(PASSIVE_LEVEL);
	*(KIRQL *)irql = KeGetCurrentIrql();
}

/* The kernel holds that level; giving it away would let the DPC sleep. */
static void irql_lower_below_dpc_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_LOWER_IRQL);
	KIRQL irql = HIGH_LEVEL;
	KDPC dpc;

	KeInitializeDpc(&dpc, lower_to_passive, &irql);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_LOWER_IRQL), before + 1);
	KUNIT_EXPECT_EQ(test, irql, DISPATCH_LEVEL);
}

static void irql_apc_forbids_preemption(struct kunit *test)
{
	bool preemptible, softirqs;
	KIRQL old;

	KeRaiseIrql(APC_LEVEL, &old);
	preemptible = preemptible();
	softirqs = !softirq_count();
	KeLowerIrql(old);
	KUNIT_EXPECT_FALSE(test, preemptible);
	KUNIT_EXPECT_TRUE(test, softirqs);
	KUNIT_EXPECT_TRUE(test, preemptible());
}

static void irql_dispatch_forbids_softirqs(struct kunit *test)
{
	bool preemptible, softirqs, interrupts;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	preemptible = preemptible();
	softirqs = !softirq_count();
	interrupts = !irqs_disabled();
	KeLowerIrql(old);
	KUNIT_EXPECT_FALSE(test, preemptible);
	KUNIT_EXPECT_FALSE(test, softirqs);
	KUNIT_EXPECT_TRUE(test, interrupts);
	KUNIT_EXPECT_EQ(test, softirq_count(), 0);
}

static void irql_device_levels_forbid_interrupts(struct kunit *test)
{
	unsigned int level, let_in = 0;
	KIRQL old;

	for (level = DISPATCH_LEVEL + 1; level <= HIGH_LEVEL; level++) {
		KeRaiseIrql(level, &old);
		let_in += !irqs_disabled();
		KeLowerIrql(old);
		KUNIT_EXPECT_FALSE(test, irqs_disabled());
	}
	KUNIT_EXPECT_EQ(test, let_in, 0);
}

/* SYNCH_LEVEL has no name in Windows' headers. */
static void irql_raise_to_synch_level(struct kunit *test)
{
	KIRQL outer = KeRaiseIrqlToDpcLevel(), old, raised;
	bool interrupts;

	old = KeRaiseIrqlToSynchLevel();
	raised = KeGetCurrentIrql();
	interrupts = !irqs_disabled();
	KeLowerIrql(old);
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, old, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, raised, 12);
	KUNIT_EXPECT_FALSE(test, interrupts);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* From above, both raises to a fixed level go downwards. */
static void irql_raise_to_fixed_level_from_above_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RAISE_IRQL);
	KIRQL outer, old[2], level;

	KeRaiseIrql(HIGH_LEVEL, &outer);
	old[0] = KeRaiseIrqlToDpcLevel();
	old[1] = KeRaiseIrqlToSynchLevel();
	level = KeGetCurrentIrql();
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RAISE_IRQL), before + 2);
	KUNIT_EXPECT_EQ(test, old[0], HIGH_LEVEL);
	KUNIT_EXPECT_EQ(test, old[1], HIGH_LEVEL);
	KUNIT_EXPECT_EQ(test, level, HIGH_LEVEL);
}

/* The names of other architectures. */
static void irql_fast_names(struct kunit *test)
{
	KIRQL old = KfRaiseIrql(DISPATCH_LEVEL), raised = KeGetCurrentIrql();

	KfLowerIrql(old);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, raised, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void check_round_trip(struct kunit *test, KIRQL from, KIRQL to)
{
	int count[3];
	KIRQL outer, old;

	KeRaiseIrql(from, &outer);
	count[0] = preempt_count();
	KeRaiseIrql(to, &old);
	count[1] = preempt_count();
	KeLowerIrql(old);
	count[2] = preempt_count();
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, count[0], count[2]);
	KUNIT_EXPECT_TRUE(test, count[1] || to == PASSIVE_LEVEL);
}

/* What a level keeps out depends on the level, not on the way to it. */
static void irql_every_round_trip_is_exact(struct kunit *test)
{
	KIRQL from, to;

	for (from = PASSIVE_LEVEL; from <= HIGH_LEVEL; from++)
		for (to = from; to <= HIGH_LEVEL; to++)
			check_round_trip(test, from, to);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/**
 * struct stay - a CPU that stays raised for a while
 * @raised:	it is
 * @gate:	until this is set
 */
struct stay {
	atomic_t raised;
	atomic_t gate;
};

static void stay_raised(void *arg)
{
	struct stay *stay = arg;
	KIRQL outer, inner;

	KeRaiseIrql(APC_LEVEL, &outer);
	KeRaiseIrql(DISPATCH_LEVEL, &inner);
	atomic_set(&stay->raised, 1);
	spin_for(&stay->gate);
	KeLowerIrql(inner);
	KeLowerIrql(outer);
}

/* Raised while the verifier is @before, lowered while it is not. */
static void stay_raised_on_1(struct kunit *test, bool before)
{
	struct stay stay = {};
	struct task_struct *task;

	minirq_verifier_enable(before);
	task = start_on_cpu(1, stay_raised, &stay);
	KUNIT_EXPECT_TRUE(test, wait_for(&stay.raised));
	minirq_verifier_enable(!before);
	atomic_set(&stay.gate, 1);
	join(task);
}

static void irql_raised_unseen_may_be_lowered(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_LOWER_IRQL);

	stay_raised_on_1(test, false);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_LOWER_IRQL), before);
}

static void lower_to_unreturned(void *unused)
{
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	KeLowerIrql(APC_LEVEL);
	KeLowerIrql(old);
}

/* Lowered to a level that only a raise of long ago returned */
static void irql_lowered_unseen_is_forgotten(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_LOWER_IRQL);

	stay_raised_on_1(test, true);
	minirq_verifier_enable(true);
	on_cpu(1, lower_to_unreturned, NULL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_LOWER_IRQL), before + 1);
}

static int irql_init(struct kunit *test)
{
	need_cpus(test, 3);
	minirq_verifier_enable(true);
	return 0;
}

static void irql_exit(struct kunit *test)
{
	minirq_verifier_enable(false);
}

static struct kunit_case irql_cases[] = {
	KUNIT_CASE(irql_thread_is_passive),
	KUNIT_CASE(irql_raise_returns_old_level),
	KUNIT_CASE(irql_raise_to_same_level_is_legal),
	KUNIT_CASE(irql_raise_downwards_is_reported),
	KUNIT_CASE(irql_raise_above_high_is_reported),
	KUNIT_CASE(irql_raise_to_dpc_level),
	KUNIT_CASE(irql_raise_to_synch_level),
	KUNIT_CASE(irql_raise_to_fixed_level_from_above_is_reported),
	KUNIT_CASE(irql_fast_names),
	KUNIT_CASE(irql_every_round_trip_is_exact),
	KUNIT_CASE(irql_lower_restores_level),
	KUNIT_CASE(irql_lower_upwards_is_reported),
	KUNIT_CASE(irql_lower_to_unreturned_level_is_reported),
	KUNIT_CASE(irql_nested_raises_unwind),
	KUNIT_CASE(irql_is_per_cpu),
	KUNIT_CASE(irql_dpc_is_dispatch),
	KUNIT_CASE(irql_lower_below_dpc_is_reported),
	KUNIT_CASE(irql_apc_forbids_preemption),
	KUNIT_CASE(irql_dispatch_forbids_softirqs),
	KUNIT_CASE(irql_device_levels_forbid_interrupts),
	KUNIT_CASE(irql_raised_unseen_may_be_lowered),
	KUNIT_CASE(irql_lowered_unseen_is_forgotten),
	{}
};

static struct kunit_suite irql_suite = {
	.name = "minirq_irql",
	.init = irql_init,
	.exit = irql_exit,
	.test_cases = irql_cases,
};

kunit_test_suite(irql_suite);
