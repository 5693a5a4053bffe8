// SPDX-License-Identifier: GPL-2.0-only
/* CPUs that go away, and what they leave behind. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/delay.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "../src/dpc_threaded.h"
#include "cpu.h"
#include "dpc_fixture.h"

/* There is always a run of it on its way, so also when the CPU goes away. */
static void expect_survival(struct kunit *test, struct dpc_endless *e)
{
	int there, away, back;

	minirq_dpc_insert_on(&e->dpc, 3, NULL, NULL);
	there = wait_for_count(&e->runs, 10);
	KUNIT_EXPECT_EQ(test, remove_cpu(3), 0);
	away = wait_for_count(&e->runs, atomic_read(&e->runs) + 10);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	back = wait_for_count(&e->runs, atomic_read(&e->runs) + 10);
	dpc_endless_stop(e);
	KUNIT_EXPECT_TRUE(test, there);
	KUNIT_EXPECT_TRUE(test, away);
	KUNIT_EXPECT_TRUE(test, back);
	KUNIT_EXPECT_NULL(test, e->dpc.DpcData);
}

static void dpc_survives_its_cpu(struct kunit *test)
{
	struct dpc_endless e;

	dpc_endless_init(&e, 3, INT_MAX);
	expect_survival(test, &e);
}

/* A worker comes before every other thread, and those take the CPU away. */
static VOID requeue_and_rest(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct dpc_endless *e = context;

	if (atomic_inc_return(&e->runs) >= atomic_read(&e->limit))
		return;
	minirq_dpc_insert_on(dpc, e->cpu, NULL, NULL);
	if (KeGetCurrentIrql() == PASSIVE_LEVEL)
		usleep_range(100, 200);
}

/* The worker hands on a queue with something in it. */
static void dpc_threaded_survives_its_worker(struct kunit *test)
{
	struct dpc_endless e;

	dpc_endless_init(&e, 3, INT_MAX);
	minirq_dpc_init_threaded(&e.dpc, requeue_and_rest, &e);
	expect_survival(test, &e);
}

static void dpc_target_gone_offline_is_none(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	BOOLEAN inserted;
	int ran;

	KeSetTargetProcessorDpc(&p->dpc, 3);
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	inserted = KeInsertQueueDpc(&p->dpc, NULL, NULL);
	ran = dpc_runs(p);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, ran, 1);
	KUNIT_EXPECT_EQ(test, p->cpu, 0);
}

/* Both are due on this CPU now, its own queue first. */
static void insert_on_own_and_on_3(void *arg)
{
	struct dpc_probe *p = arg;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	minirq_dpc_insert_on(&p[0].dpc, 3, NULL, NULL);
	KeLowerIrql(old);
}

/* A148 */
/* What a CPU leaves behind another one drains; it was queued all the same. */
static void dpc_flush_waits_for_the_queue_of_an_offline_cpu(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	struct dpc_flusher f = { .probe = p, .count = 1 };
	struct task_struct *task;

	p[0].gated = true;
	p[1].gated = true;
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	task = start_on_cpu(2, insert_on_own_and_on_3, p);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].entered));
	f.task = start_on_cpu(1, dpc_flusher_run, &f);
	KUNIT_EXPECT_TRUE(test, wait_until(dpc_flusher_settled, &f));
	dpc_open_gate(&p[1], 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].entered));
	KUNIT_EXPECT_TRUE(test, wait_until(dpc_flusher_settled, &f));
	dpc_open_gate(&p[0], 1);
	join(f.task);
	join(task);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_EQ(test, p[0].cpu, 2);
	KUNIT_EXPECT_NE(test, p[0].executing, 0);
	KUNIT_EXPECT_EQ(test, f.runs, 1);
}

#define DPCS	8

/**
 * struct churn - a thread that inserts and removes DPCs aimed at CPU 3
 * @dpc:	the DPCs
 * @runs:	of each, how often it ran
 * @accepted:	of each, how often it was inserted
 * @removed:	of each, how often it was taken back
 * @rounds:	how often the thread has dealt with all of them
 * @stop:	the thread shall end
 */
struct churn {
	KDPC dpc[DPCS];
	atomic_t runs[DPCS];
	int accepted[DPCS];
	int removed[DPCS];
	atomic_t rounds;
	atomic_t stop;
};

static VOID count_run(PRKDPC dpc, PVOID runs, PVOID arg1, PVOID arg2)
{
	atomic_inc(runs);
}

typedef VOID dpc_init(PRKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context);

static void churn_init(struct churn *c, dpc_init *init)
{
	unsigned int i;

	for (i = 0; i < DPCS; i++) {
		init(&c->dpc[i], count_run, &c->runs[i]);
		KeSetTargetProcessorDpc(&c->dpc[i], 3);
		KeSetImportanceDpc(&c->dpc[i], i % 2 ? HighImportance : LowImportance);
	}
}

static void churn(void *arg)
{
	struct churn *c = arg;
	unsigned int i;

	while (!atomic_read(&c->stop)) {
		for (i = 0; i < DPCS; i++) {
			c->accepted[i] += KeInsertQueueDpc(&c->dpc[i], NULL, NULL);
			if (i % 3 == 0)
				c->removed[i] += KeRemoveQueueDpc(&c->dpc[i]);
		}
		atomic_inc(&c->rounds);
		cond_resched();
	}
}

/* A flush, and inserts going on before and after it. */
static void let_churn(struct kunit *test, struct churn *c)
{
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_TRUE(test, wait_for_count(&c->rounds, atomic_read(&c->rounds) + 2));
}

static void churn_check(struct kunit *test, struct churn *c)
{
	unsigned int i;

	for (i = 0; i < DPCS; i++) {
		KUNIT_EXPECT_EQ(test, atomic_read(&c->runs[i]) + c->removed[i], c->accepted[i]);
		KUNIT_EXPECT_NULL(test, c->dpc[i].DpcData);
	}
}

static void come_and_go(struct kunit *test, struct churn *c)
{
	unsigned int i;

	for (i = 0; i < 3; i++) {
		let_churn(test, c);
		KUNIT_EXPECT_EQ(test, remove_cpu(3), 0);
		let_churn(test, c);
		KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	}
}

/* Nothing is lost, and nothing runs twice. */
static void check_churn(struct kunit *test, dpc_init *init)
{
	struct churn *c = kunit_kcalloc(test, 2, sizeof(*c), GFP_KERNEL);
	struct task_struct *task[2];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, c);
	for (i = 0; i < 2; i++) {
		churn_init(&c[i], init);
		task[i] = start_on_cpu(1 + i, churn, &c[i]);
	}
	come_and_go(test, &c[0]);
	for (i = 0; i < 2; i++) {
		atomic_set(&c[i].stop, 1);
		join(task[i]);
	}
	KeFlushQueuedDpcs();
	churn_check(test, &c[0]);
	churn_check(test, &c[1]);
}

static void dpc_queued_while_its_target_comes_and_goes(struct kunit *test)
{
	check_churn(test, KeInitializeDpc);
}

static void dpc_threaded_while_its_target_comes_and_goes(struct kunit *test)
{
	check_churn(test, KeInitializeThreadedDpc);
}

static struct kunit_case dpc_offline_cases[] = {
	KUNIT_CASE(dpc_survives_its_cpu),
	KUNIT_CASE(dpc_threaded_survives_its_worker),
	KUNIT_CASE(dpc_target_gone_offline_is_none),
	KUNIT_CASE(dpc_flush_waits_for_the_queue_of_an_offline_cpu),
	KUNIT_CASE(dpc_queued_while_its_target_comes_and_goes),
	KUNIT_CASE(dpc_threaded_while_its_target_comes_and_goes),
	{}
};

static struct kunit_suite dpc_offline_suite = {
	.name = "minirq_dpc_offline",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = dpc_offline_cases,
};

kunit_test_suite(dpc_offline_suite);
