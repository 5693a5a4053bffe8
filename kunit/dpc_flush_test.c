// SPDX-License-Identifier: GPL-2.0-only
/* What a flush waits for, and what it does not. */
#include <kunit/test.h>

#include "../src/dpc.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "dpc_fixture.h"

/* A145 */
static void dpc_low_importance_runs_and_is_flushed(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KeSetImportanceDpc(&p->dpc, LowImportance);
	KeSetTargetProcessorDpc(&p->dpc, 2);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 2);
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/*
 * The probe of each CPU stays inside until the flush waits; that of the
 * flusher's own CPU has to be over before the flusher can begin.
 */
/* A146 */
static void dpc_flush_waits_for_all_cpus(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	struct dpc_flusher f = { .probe = p, .count = 4 };
	unsigned int cpu;
	KIRQL old;

	minirq_dpc_insert_on(&p[3].dpc, 3, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[3].runs));
	for (cpu = 1; cpu <= 2; cpu++) {
		p[cpu].gated = true;
		minirq_dpc_insert_on(&p[cpu].dpc, cpu, NULL, NULL);
		KUNIT_EXPECT_TRUE(test, wait_for(&p[cpu].entered));
	}
	f.task = start_on_cpu(3, dpc_flusher_run, &f);
	KUNIT_EXPECT_TRUE(test, wait_until(dpc_flusher_settled, &f));
	old = KeRaiseIrqlToDpcLevel();
	KeInsertQueueDpc(&p[0].dpc, NULL, NULL);
	KeLowerIrql(old);
	for (cpu = 1; cpu <= 2; cpu++) {
		KUNIT_EXPECT_TRUE(test, wait_until(dpc_flusher_settled, &f));
		KUNIT_EXPECT_EQ(test, atomic_read(&f.flushed), 0);
		dpc_open_gate(&p[cpu], 1);
		KUNIT_EXPECT_TRUE(test, wait_for(&p[cpu].runs));
	}
	join(f.task);
	KUNIT_EXPECT_EQ(test, f.runs, 4);
}

static void dpc_flush_twice_is_fine(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL);
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
}

/* A147 */
static void dpc_flush_at_dispatch_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_DPC_FLUSH);
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeFlushQueuedDpcs();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_DPC_FLUSH), before + 1);
}

static void dpc_endless_one_does_not_stop_a_flush(struct kunit *test)
{
	struct dpc_endless e;
	int after;

	dpc_endless_init(&e, 1, DPC_ENDLESS);
	minirq_dpc_insert_on(&e.dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&e.runs, 2));
	KeFlushQueuedDpcs();
	after = atomic_read(&e.runs);
	dpc_endless_stop(&e);
	KUNIT_EXPECT_LT(test, after, DPC_ENDLESS);
}

/* Head of the queue or not. */
static void dpc_endless_high_one_does_not_stop_a_flush(struct kunit *test)
{
	struct dpc_endless e;
	int after;

	dpc_endless_init(&e, 1, DPC_ENDLESS);
	KeSetImportanceDpc(&e.dpc, HighImportance);
	minirq_dpc_insert_on(&e.dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&e.runs, 2));
	KeFlushQueuedDpcs();
	after = atomic_read(&e.runs);
	dpc_endless_stop(&e);
	KUNIT_EXPECT_LT(test, after, DPC_ENDLESS);
}

static void dpc_endless_one_lets_its_inserter_go(struct kunit *test)
{
	struct dpc_endless e;
	int after;

	dpc_endless_init(&e, 0, DPC_ENDLESS);
	minirq_dpc_insert_on(&e.dpc, 0, NULL, NULL);
	after = atomic_read(&e.runs);
	dpc_endless_stop(&e);
	KUNIT_EXPECT_LT(test, after, DPC_ENDLESS);
}

static struct kunit_case dpc_flush_cases[] = {
	KUNIT_CASE(dpc_low_importance_runs_and_is_flushed),
	KUNIT_CASE(dpc_flush_waits_for_all_cpus),
	KUNIT_CASE(dpc_flush_twice_is_fine),
	KUNIT_CASE(dpc_flush_at_dispatch_is_reported),
	KUNIT_CASE(dpc_endless_one_does_not_stop_a_flush),
	KUNIT_CASE(dpc_endless_high_one_does_not_stop_a_flush),
	KUNIT_CASE(dpc_endless_one_lets_its_inserter_go),
	{}
};

static struct kunit_suite dpc_flush_suite = {
	.name = "minirq_dpc_flush",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = dpc_flush_cases,
};

kunit_test_suite(dpc_flush_suite);
