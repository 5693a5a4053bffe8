// SPDX-License-Identifier: GPL-2.0-only
/* Threaded DPCs: at what level, in which thread, and all that ordinary ones do. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "../src/dpc_call.h"
#include "../src/dpc_threaded.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "dpc_fixture.h"

static VOID note_thread(PRKDPC dpc, PVOID context, PVOID policy, PVOID preemptible)
{
	*(unsigned int *)policy = current->policy;
	*(bool *)preemptible = preemptible();
	dpc_probed(dpc, context, policy, preemptible);
}

/* A151 */
static void dpc_threaded_runs_at_passive_level(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	unsigned int policy = SCHED_NORMAL;
	bool preemptible = false;

	KeInitializeThreadedDpc(&p->dpc, note_thread, p);
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, &policy, &preemptible), TRUE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_EQ(test, p->irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_NE(test, p->executing, 0);
	KUNIT_EXPECT_EQ(test, policy, SCHED_FIFO);
	KUNIT_EXPECT_TRUE(test, preemptible);
}

/* A151 */
static void dpc_threaded_switched_off_is_ordinary(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	minirq_dpc_threaded_enabled = false;
	KeInitializeThreadedDpc(&p->dpc, dpc_probed, p);
	minirq_dpc_threaded_enabled = true;
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_EQ(test, p->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_NE(test, p->executing, 0);
}

/**
 * struct lock_use - what a routine found when it used a lock
 * @lock:	the lock
 * @returned:	what the acquisition returned
 * @held:	level while it was held
 * @after:	level after the release
 */
struct lock_use {
	KSPIN_LOCK lock;
	KIRQL returned, held, after;
};

static VOID use_lock(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct lock_use *use = context;

	use->returned = KeAcquireSpinLockForDpc(&use->lock);
	use->held = KeGetCurrentIrql();
	KeReleaseSpinLockForDpc(&use->lock, use->returned);
	use->after = KeGetCurrentIrql();
}

/* A26 */
static void dpc_threaded_lock_raises_and_restores(struct kunit *test)
{
	struct lock_use use = { .returned = HIGH_LEVEL, .after = HIGH_LEVEL };
	KDPC dpc;

	KeInitializeSpinLock(&use.lock);
	KeInitializeThreadedDpc(&dpc, use_lock, &use);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, use.returned, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, use.held, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, use.after, PASSIVE_LEVEL);
}

/* Nothing runs before the level is lowered: the worker is of this CPU. */
/* A152 */
static void dpc_threaded_is_inserted_and_removed(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	BOOLEAN inserted[2], removed[2];
	KIRQL old;

	KeInitializeThreadedDpc(&p->dpc, dpc_probed, p);
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	old = KeRaiseIrqlToDpcLevel();
	KeInsertQueueDpc(&p->dpc, OTHER1, OTHER2);
	removed[0] = KeRemoveQueueDpc(&p->dpc);
	removed[1] = KeRemoveQueueDpc(&p->dpc);
	inserted[0] = KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	inserted[1] = KeInsertQueueDpc(&p->dpc, OTHER1, OTHER2);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, removed[0], TRUE);
	KUNIT_EXPECT_EQ(test, removed[1], FALSE);
	KUNIT_EXPECT_EQ(test, inserted[0], TRUE);
	KUNIT_EXPECT_EQ(test, inserted[1], FALSE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_PTR_EQ(test, p->self, &p->dpc);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg2, ARG2);
}

/* A152 */
static void dpc_threaded_remove_of_running_is_false(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KeInitializeThreadedDpc(&p->dpc, dpc_probed, p);
	KeSetTargetProcessorDpc(&p->dpc, 2);
	p->gated = true;
	KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, OTHER1, OTHER2), TRUE);
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), FALSE);
	dpc_open_gate(p, 2);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 2);
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, OTHER1);
}

static void dpc_threaded_importance_is_a_place(struct kunit *test)
{
	static const KDPC_IMPORTANCE importance[DPC_PROBES] = {
		MediumImportance, LowImportance, MediumHighImportance, HighImportance,
	};
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	unsigned int i;

	for (i = 0; i < DPC_PROBES; i++) {
		KeInitializeThreadedDpc(&p[i].dpc, dpc_probed, &p[i]);
		KeSetImportanceDpc(&p[i].dpc, importance[i]);
		KeInsertQueueDpc(&p[i].dpc, NULL, NULL);
	}
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, p[3].place, 1);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, p[i].place, 2 + i);
}

/* One that stays inside does not keep an ordinary one from the CPU. */
static void dpc_threaded_is_preempted_by_an_ordinary_one(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KeInitializeThreadedDpc(&p[0].dpc, dpc_probed, &p[0]);
	KeSetTargetProcessorDpc(&p[0].dpc, 2);
	KeSetTargetProcessorDpc(&p[1].dpc, 2);
	p[0].gated = true;
	KeInsertQueueDpc(&p[0].dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].entered));
	KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].runs));
	KUNIT_EXPECT_EQ(test, dpc_runs(&p[0]), 0);
	KUNIT_EXPECT_EQ(test, p[1].cpu, 2);
	dpc_open_gate(&p[0], 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].runs));
}

static void dpc_threaded_flush_waits(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	struct dpc_flusher f = { .probe = p, .count = 1 };

	KeInitializeThreadedDpc(&p->dpc, dpc_probed, p);
	KeSetTargetProcessorDpc(&p->dpc, 2);
	p->gated = true;
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	f.task = start_on_cpu(1, dpc_flusher_run, &f);
	KUNIT_EXPECT_TRUE(test, wait_until(dpc_flusher_settled, &f));
	KUNIT_EXPECT_EQ(test, atomic_read(&f.flushed), 0);
	dpc_open_gate(p, 1);
	join(f.task);
	KUNIT_EXPECT_EQ(test, f.runs, 1);
}

static void dpc_threaded_endless_one_does_not_stop_a_flush(struct kunit *test)
{
	struct dpc_endless e;
	int after;

	dpc_endless_init(&e, 1, DPC_ENDLESS);
	minirq_dpc_init_threaded(&e.dpc, e.dpc.DeferredRoutine, &e);
	KeSetImportanceDpc(&e.dpc, HighImportance);
	minirq_dpc_insert_on(&e.dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&e.runs, 2));
	KeFlushQueuedDpcs();
	after = atomic_read(&e.runs);
	dpc_endless_stop(&e);
	KUNIT_EXPECT_LT(test, after, DPC_ENDLESS);
}

static VOID free_itself(PRKDPC dpc, PVOID freed, PVOID arg1, PVOID arg2)
{
	memset(dpc, 0x5a, sizeof(*dpc));
	kfree(dpc);
	atomic_inc(freed);
}

static void dpc_threaded_routine_may_free_its_dpc(struct kunit *test)
{
	KDPC *dpc = kmalloc(sizeof(*dpc), GFP_KERNEL);
	atomic_t freed = ATOMIC_INIT(0);

	KUNIT_ASSERT_NOT_NULL(test, dpc);
	KeInitializeThreadedDpc(dpc, free_itself, &freed);
	KeInsertQueueDpc(dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&freed), 1);
}

static VOID return_raised(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	KeRaiseIrqlToDpcLevel();
}

static VOID note_level(PRKDPC dpc, PVOID level, PVOID arg1, PVOID arg2)
{
	*(KIRQL *)level = KeGetCurrentIrql();
}

/* And put right: what runs next is at PASSIVE_LEVEL again. */
static void dpc_threaded_returning_raised_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN);
	KIRQL next = HIGH_LEVEL;
	KDPC dpc[2];
	KIRQL old;

	KeInitializeThreadedDpc(&dpc[0], return_raised, NULL);
	KeInitializeThreadedDpc(&dpc[1], note_level, &next);
	old = KeRaiseIrqlToDpcLevel();
	KeInsertQueueDpc(&dpc[0], NULL, NULL);
	KeInsertQueueDpc(&dpc[1], NULL, NULL);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN), before + 1);
	KUNIT_EXPECT_EQ(test, next, PASSIVE_LEVEL);
}

static void insert_on_3_and_flush(struct kunit *test, struct dpc_probe *p)
{
	KUNIT_EXPECT_TRUE(test, minirq_dpc_insert_on(&p->dpc, 3, NULL, NULL));
	KeFlushQueuedDpcs();
}

/* A worker that is parked leaves its queue to the tasklet, and takes it back. */
static void dpc_threaded_survives_its_cpu(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	unsigned int i;

	for (i = 0; i < 3; i++)
		minirq_dpc_init_threaded(&p[i].dpc, dpc_probed, &p[i]);
	insert_on_3_and_flush(test, &p[0]);
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	insert_on_3_and_flush(test, &p[1]);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	insert_on_3_and_flush(test, &p[2]);
	for (i = 0; i < 3; i++)
		KUNIT_EXPECT_EQ(test, dpc_runs(&p[i]), 1);
	KUNIT_EXPECT_EQ(test, p[0].irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, p[1].irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, p[2].irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, p[0].cpu, 3);
	KUNIT_EXPECT_EQ(test, p[1].cpu, 0);
	KUNIT_EXPECT_EQ(test, p[2].cpu, 3);
}

/* So it is on a CPU that is about to go: online still, its worker parked. */
static void dpc_threaded_without_a_worker_runs_where_it_is_aimed(struct kunit *test)
{
	struct minirq_dpc_queue *q = per_cpu_ptr(&minirq_dpc_threaded_queues, 3);
	struct dpc_probe *p = dpc_probes(test);
	struct task_struct *worker = xchg(&q->worker, NULL);

	minirq_dpc_init_threaded(&p->dpc, dpc_probed, p);
	insert_on_3_and_flush(test, p);
	WRITE_ONCE(q->worker, worker);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_EQ(test, p->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, p->cpu, 3);
}

static void dpc_threaded_target_gone_offline_is_none(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KeInitializeThreadedDpc(&p->dpc, dpc_probed, p);
	KeSetTargetProcessorDpc(&p->dpc, 3);
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), TRUE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_EQ(test, p->cpu, 0);
	KUNIT_EXPECT_EQ(test, p->irql, PASSIVE_LEVEL);
}

static VOID flush(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	KeFlushQueuedDpcs();
}

static VOID call_all(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	KeGenericCallDpc(flush, NULL);
}

/* It would wait for itself. */
static void dpc_threaded_flushing_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_DPC_FLUSH);
	KDPC dpc;

	KeInitializeThreadedDpc(&dpc, flush, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_DPC_FLUSH), before + 1);
}

/* It would wait for a CPU that goes offline and waits for it. */
static void dpc_threaded_calling_every_cpu_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_DPC_CALL);
	KDPC dpc;

	KeInitializeThreadedDpc(&dpc, call_all, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_DPC_CALL), before + 1);
}

static VOID disconnect(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	IoDisconnectInterruptEx(NULL);
}

/* The same: it takes what a CPU that goes offline holds. */
static void dpc_threaded_disconnecting_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IO_DISCONNECT_IRQL);
	KDPC dpc;

	KeInitializeThreadedDpc(&dpc, disconnect, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IO_DISCONNECT_IRQL), before + 1);
}

static struct kunit_case dpc_threaded_cases[] = {
	KUNIT_CASE(dpc_threaded_runs_at_passive_level),
	KUNIT_CASE(dpc_threaded_switched_off_is_ordinary),
	KUNIT_CASE(dpc_threaded_lock_raises_and_restores),
	KUNIT_CASE(dpc_threaded_is_inserted_and_removed),
	KUNIT_CASE(dpc_threaded_remove_of_running_is_false),
	KUNIT_CASE(dpc_threaded_importance_is_a_place),
	KUNIT_CASE(dpc_threaded_is_preempted_by_an_ordinary_one),
	KUNIT_CASE(dpc_threaded_flush_waits),
	KUNIT_CASE(dpc_threaded_endless_one_does_not_stop_a_flush),
	KUNIT_CASE(dpc_threaded_routine_may_free_its_dpc),
	KUNIT_CASE(dpc_threaded_returning_raised_is_reported),
	KUNIT_CASE(dpc_threaded_flushing_is_reported),
	KUNIT_CASE(dpc_threaded_calling_every_cpu_is_reported),
	KUNIT_CASE(dpc_threaded_disconnecting_is_reported),
	KUNIT_CASE(dpc_threaded_survives_its_cpu),
	KUNIT_CASE(dpc_threaded_without_a_worker_runs_where_it_is_aimed),
	KUNIT_CASE(dpc_threaded_target_gone_offline_is_none),
	{}
};

static struct kunit_suite dpc_threaded_suite = {
	.name = "minirq_dpc_threaded",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = dpc_threaded_cases,
};

kunit_test_suite(dpc_threaded_suite);
