// SPDX-License-Identifier: GPL-2.0-only
/* Deferred procedure calls: arguments, levels, insert and remove. */
#include <linux/irqflags.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "../src/interrupt.h"
#include "../src/irql.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "dpc_fixture.h"
#include "fake_irq.h"

/* A125 A130 */
static void dpc_runs_once_with_its_arguments(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, ARG1, ARG2), TRUE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_PTR_EQ(test, p->self, &p->dpc);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg2, ARG2);
}

static VOID store_context(PRKDPC dpc, PVOID context, PVOID where, PVOID arg2)
{
	*(PVOID *)where = context;
}

/* A131 */
static void dpc_every_run_has_the_context(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	PVOID cookie = (PVOID)0xfedcba9876543210, seen[3] = {};
	unsigned int i;

	KeInitializeDpc(&p->dpc, store_context, cookie);
	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		KeInsertQueueDpc(&p->dpc, &seen[i], NULL);
		KeFlushQueuedDpcs();
		KUNIT_EXPECT_PTR_EQ(test, seen[i], cookie);
	}
}

static void dpc_initialised_is_idle_and_medium(struct kunit *test)
{
	KDPC dpc, filled;

	memset(&dpc, 0x5a, sizeof(dpc));
	filled = dpc;
	KeInitializeDpc(&dpc, dpc_probed, test);
	KUNIT_EXPECT_EQ(test, dpc.Type, 0x13);
	KUNIT_EXPECT_EQ(test, dpc.Importance, MediumImportance);
	KUNIT_EXPECT_EQ(test, dpc.Number, 0);
	KUNIT_EXPECT_NULL(test, dpc.DpcData);
	KUNIT_EXPECT_PTR_EQ(test, dpc.DpcListEntry.Flink, filled.DpcListEntry.Flink);
	KUNIT_EXPECT_PTR_EQ(test, dpc.SystemArgument1, filled.SystemArgument1);
	KUNIT_EXPECT_PTR_EQ(test, dpc.SystemArgument2, filled.SystemArgument2);
}

static void dpc_inserted_at_passive_has_run(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	int i;

	for (i = 1; i <= 5; i++) {
		KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), TRUE);
		KUNIT_EXPECT_EQ(test, dpc_runs(p), i);
	}
}

/* Linux code may hold interrupts off without any IRQL saying so. */
static void dpc_inserted_with_interrupts_off_runs_later(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	BOOLEAN inserted;
	int early;

	local_irq_disable();
	inserted = KeInsertQueueDpc(&p->dpc, NULL, NULL);
	early = dpc_runs(p);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, early, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
}

/* A126 A127 */
static void dpc_first_arguments_win(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN first = KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	BOOLEAN second = KeInsertQueueDpc(&p->dpc, OTHER1, OTHER2);

	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, first, TRUE);
	KUNIT_EXPECT_EQ(test, second, FALSE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg2, ARG2);
}

/* A128 */
static void dpc_many_inserts_run_once(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	unsigned int i, accepted = 0;

	for (i = 0; i < 1000; i++)
		accepted += KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, accepted, 1);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
}

/* Neither at DISPATCH_LEVEL, nor above, nor back at it, but below it. */
static void dpc_waits_for_level_below_dispatch(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old[3];
	int at_high, at_dispatch, at_apc;
	BOOLEAN inserted;

	KeRaiseIrql(APC_LEVEL, &old[0]);
	KeRaiseIrql(DISPATCH_LEVEL, &old[1]);
	KeRaiseIrql(HIGH_LEVEL, &old[2]);
	inserted = KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	at_high = dpc_runs(p);
	KeLowerIrql(old[2]);
	at_dispatch = dpc_runs(p);
	KeLowerIrql(old[1]);
	at_apc = dpc_runs(p);
	KeLowerIrql(old[0]);
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, at_high, 0);
	KUNIT_EXPECT_EQ(test, at_dispatch, 0);
	KUNIT_EXPECT_EQ(test, at_apc, 1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
}

static void dpc_removed_at_high_level(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	BOOLEAN removed;
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL, &old);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	removed = KeRemoveQueueDpc(&p->dpc);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, removed, TRUE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 0);
}

static VOID insert_itself_once(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct dpc_probe *p = context;

	if (atomic_inc_return(&p->runs) == 1)
		p->arg1 = (PVOID)(ULONG_PTR)KeInsertQueueDpc(dpc, NULL, NULL);
}

/* A129 */
static void dpc_inserted_by_its_routine_runs_again(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KeInitializeDpc(&p->dpc, insert_itself_once, p);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, (PVOID)TRUE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 2);
}

static VOID insert_other(PRKDPC dpc, PVOID context, PVOID result, PVOID early)
{
	struct dpc_probe *other = context;

	((BOOLEAN *)result)[0] = KeInsertQueueDpc(&other->dpc, ARG1, ARG2);
	((BOOLEAN *)result)[1] = KeInsertQueueDpc(&other->dpc, OTHER1, OTHER2);
	*(int *)early = dpc_runs(other);
}

static void dpc_inserted_by_another_is_not_nested(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	BOOLEAN result[2];
	int early = -1;

	KeInitializeDpc(&p[0].dpc, insert_other, &p[1]);
	KeInsertQueueDpc(&p[0].dpc, result, &early);
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, result[0], TRUE);
	KUNIT_EXPECT_EQ(test, result[1], FALSE);
	KUNIT_EXPECT_EQ(test, early, 0);
	KUNIT_EXPECT_EQ(test, dpc_runs(&p[1]), 1);
	KUNIT_EXPECT_PTR_EQ(test, p[1].arg1, ARG1);
}

/* A132 */
static void dpc_removed_never_runs(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN removed, again;

	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	removed = KeRemoveQueueDpc(&p->dpc);
	again = KeRemoveQueueDpc(&p->dpc);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, removed, TRUE);
	KUNIT_EXPECT_EQ(test, again, FALSE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 0);
}

/* A133 */
static void dpc_remove_of_idle_is_false(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
}

/* A134 */
static void dpc_remove_of_running_is_false(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 0);
	dpc_open_gate(p, 1);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
}

/* A135 */
static void dpc_removed_can_be_inserted_again(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN inserted;

	KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	KeRemoveQueueDpc(&p->dpc);
	inserted = KeInsertQueueDpc(&p->dpc, OTHER1, OTHER2);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, OTHER1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg2, OTHER2);
}

/**
 * struct isr - an ISR that inserts a DPC
 * @dpc:	the DPC
 * @irql:	level in the ISR
 * @runs_within:	runs of the DPC before the ISR ended
 * @left:	the ISR has returned
 * @left_before: it had when the DPC ran
 * @probe:	what the DPC saw
 */
struct isr {
	KDPC dpc;
	KIRQL irql;
	int runs_within;
	atomic_t left;
	int left_before;
	struct dpc_probe *probe;
};

static VOID after_isr(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct isr *isr = context;

	isr->left_before = atomic_read(&isr->left);
	dpc_probed(dpc, isr->probe, arg1, arg2);
}

static bool insert_in_isr(struct _KINTERRUPT *ki)
{
	struct isr *isr = ki->context;

	isr->irql = KeGetCurrentIrql();
	KeInsertQueueDpc(&isr->dpc, NULL, NULL);
	isr->runs_within = dpc_runs(isr->probe);
	return true;
}

static irqreturn_t isr_handler(int irq, void *dev)
{
	struct isr *isr = ((struct _KINTERRUPT *)dev)->context;
	irqreturn_t ret = minirq_interrupt_deliver(dev, true, insert_in_isr, NULL);

	atomic_set(&isr->left, 1);
	return ret;
}

/* A136 */
static void dpc_inserted_by_isr_runs_after_it(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	struct isr *isr = kunit_kzalloc(test, sizeof(*isr), GFP_KERNEL);
	struct minirq_interrupt_config config = {
		.irqs = fake_irq_messages(test, 1), .name = "dpc_test",
		.handler = isr_handler, .context = isr,
	};
	struct minirq_interrupt *intr = minirq_interrupt_create(&config);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, intr);
	isr->probe = p;
	KeInitializeDpc(&isr->dpc, after_isr, isr);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_connect(intr), 0);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_enable(intr), 0);
	fake_irq_fire_on(config.irqs, 0, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	minirq_interrupt_disconnect(intr);
	minirq_interrupt_destroy(intr);

	KUNIT_EXPECT_EQ(test, isr->irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, isr->runs_within, 0);
	KUNIT_EXPECT_EQ(test, isr->left_before, 1);
	KUNIT_EXPECT_EQ(test, p->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/* A127 */
/* On the queue of another CPU, whose DPC keeps it busy. */
static void dpc_remote_insert_keeps_first_arguments(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	int first, second;

	p[0].gated = true;
	minirq_dpc_insert_on(&p[0].dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].entered));
	first = minirq_dpc_insert_on(&p[1].dpc, 1, (PVOID)1, (PVOID)2);
	second = minirq_dpc_insert_on(&p[1].dpc, 1, (PVOID)3, (PVOID)4);
	dpc_open_gate(&p[0], 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].runs));
	KUNIT_EXPECT_TRUE(test, first);
	KUNIT_EXPECT_FALSE(test, second);
	KUNIT_EXPECT_PTR_EQ(test, p[1].arg1, (PVOID)1);
	KUNIT_EXPECT_PTR_EQ(test, p[1].arg2, (PVOID)2);
}

/* And with interrupts off, where the insert cannot be followed by a run. */
static void dpc_irqs_off_insert_keeps_first_arguments(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	int first, second;

	local_irq_disable();
	first = KeInsertQueueDpc(&p[0].dpc, (PVOID)1, (PVOID)2);
	second = KeInsertQueueDpc(&p[0].dpc, (PVOID)3, (PVOID)4);
	local_irq_enable();
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].runs));
	KUNIT_EXPECT_TRUE(test, first);
	KUNIT_EXPECT_FALSE(test, second);
	KUNIT_EXPECT_PTR_EQ(test, p[0].arg1, (PVOID)1);
	KUNIT_EXPECT_PTR_EQ(test, p[0].arg2, (PVOID)2);
}

/* A148 */
static void dpc_executing_only_inside_a_dpc(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	ULONG at_dispatch = KeIsExecutingDpc();

	KeLowerIrql(old);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, at_dispatch, 0);
	KUNIT_EXPECT_NE(test, p->executing, 0);
}

static VOID free_itself(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	memset(dpc, 0x5a, sizeof(*dpc));
	kfree(dpc);
	atomic_inc(context);
}

static void dpc_routine_may_free_its_dpc(struct kunit *test)
{
	KDPC *dpc = kmalloc(sizeof(*dpc), GFP_KERNEL);
	atomic_t freed = ATOMIC_INIT(0);

	KUNIT_ASSERT_NOT_NULL(test, dpc);
	KeInitializeDpc(dpc, free_itself, &freed);
	KeInsertQueueDpc(dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&freed), 1);
}

static VOID return_raised(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	KIRQL old;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
}

static void dpc_returning_raised_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN);
	KDPC dpc;

	minirq_verifier_enable(true);
	KeInitializeDpc(&dpc, return_raised, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	minirq_verifier_enable(false);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN), before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static VOID return_with_locks(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	KSPIN_LOCK *locks = context;
	KIRQL old;

	KeAcquireSpinLock(&locks[0], &old);
	KeTryToAcquireSpinLockAtDpcLevel(&locks[1]);
	KeAcquireSpinLockAtDpcLevel(&locks[2]);
	KeReleaseSpinLockFromDpcLevel(&locks[2]);
}

/* It has to let go what it took, and is made to. */
static void dpc_returning_with_a_lock_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK);
	KSPIN_LOCK locks[3];
	KDPC dpc;

	KeInitializeSpinLock(&locks[0]);
	KeInitializeSpinLock(&locks[1]);
	KeInitializeSpinLock(&locks[2]);
	minirq_verifier_enable(true);
	KeInitializeDpc(&dpc, return_with_locks, locks);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeInitializeThreadedDpc(&dpc, return_with_locks, locks);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	minirq_verifier_enable(false);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), before + 4);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(&locks[0]), TRUE);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(&locks[1]), TRUE);
}

#define MANY	12

static VOID return_with_many(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	KSPIN_LOCK *locks = context;
	unsigned int i;

	for (i = 0; i < MANY; i++)
		KeTryToAcquireSpinLockAtDpcLevel(&locks[i]);
}

static void dpc_returning_with_many_locks_loses_all(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), i;
	KSPIN_LOCK locks[MANY];
	KDPC dpc;

	for (i = 0; i < MANY; i++)
		KeInitializeSpinLock(&locks[i]);
	minirq_verifier_enable(true);
	KeInitializeDpc(&dpc, return_with_many, locks);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	minirq_verifier_enable(false);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), before + MANY);
	for (i = 0; i < MANY; i++)
		KUNIT_EXPECT_EQ(test, KeTestSpinLock(&locks[i]), TRUE);
}

static struct kunit_case dpc_cases[] = {
	KUNIT_CASE(dpc_runs_once_with_its_arguments),
	KUNIT_CASE(dpc_every_run_has_the_context),
	KUNIT_CASE(dpc_initialised_is_idle_and_medium),
	KUNIT_CASE(dpc_inserted_at_passive_has_run),
	KUNIT_CASE(dpc_inserted_with_interrupts_off_runs_later),
	KUNIT_CASE(dpc_first_arguments_win),
	KUNIT_CASE(dpc_many_inserts_run_once),
	KUNIT_CASE(dpc_waits_for_level_below_dispatch),
	KUNIT_CASE(dpc_removed_at_high_level),
	KUNIT_CASE(dpc_inserted_by_its_routine_runs_again),
	KUNIT_CASE(dpc_inserted_by_another_is_not_nested),
	KUNIT_CASE(dpc_removed_never_runs),
	KUNIT_CASE(dpc_remove_of_idle_is_false),
	KUNIT_CASE(dpc_remove_of_running_is_false),
	KUNIT_CASE(dpc_removed_can_be_inserted_again),
	KUNIT_CASE(dpc_inserted_by_isr_runs_after_it),
	KUNIT_CASE(dpc_remote_insert_keeps_first_arguments),
	KUNIT_CASE(dpc_irqs_off_insert_keeps_first_arguments),
	KUNIT_CASE(dpc_executing_only_inside_a_dpc),
	KUNIT_CASE(dpc_routine_may_free_its_dpc),
	KUNIT_CASE(dpc_returning_raised_is_reported),
	KUNIT_CASE(dpc_returning_with_a_lock_is_reported),
	KUNIT_CASE(dpc_returning_with_many_locks_loses_all),
	{}
};

static struct kunit_suite dpc_suite = {
	.name = "minirq_dpc",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = dpc_cases,
};

kunit_test_suite(dpc_suite);
