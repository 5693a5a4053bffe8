// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the tests of usersim, which runs drivers as programs with real threads,
 * look at in DPCs. Written anew from those facts.
 */
#include <kunit/test.h>

#include <wdm.h>

#include "cpu.h"

#define ROUNDS	500

/**
 * struct probe - a DPC that counts
 * @dpc:	its context is this
 * @runs:	how often the routine ran
 * @sum:	of its third arguments
 */
struct probe {
	KDPC dpc;
	atomic_t runs;
	atomic_t sum;
};

static VOID probed(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct probe *p = context;

	atomic_add((ULONG_PTR)arg1, &p->sum);
	atomic_inc(&p->runs);
}

static int runs(struct probe *p)
{
	return atomic_read(&p->runs);
}

static void usersim_dpc_insert_and_remove(struct kunit *test)
{
	struct probe *p = test->priv;
	BOOLEAN removed[3], inserted;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	removed[0] = KeRemoveQueueDpc(&p->dpc);
	inserted = KeInsertQueueDpc(&p->dpc, NULL, NULL);
	removed[1] = KeRemoveQueueDpc(&p->dpc);
	removed[2] = KeRemoveQueueDpc(&p->dpc);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, removed[0], FALSE);
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, removed[1], TRUE);
	KUNIT_EXPECT_EQ(test, removed[2], FALSE);
	KUNIT_EXPECT_EQ(test, runs(p), 0);
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

/* Whoever wins, remove or run, the other one has lost. Here removal wins, */
static void usersim_dpc_removed_does_not_run(struct kunit *test)
{
	struct probe *p = test->priv;
	struct holder holder = {};
	struct task_struct *task = start_on_cpu(1, hold_dispatch, &holder);
	BOOLEAN inserted, removed;

	KUNIT_EXPECT_TRUE(test, wait_for(&holder.there));
	KeSetTargetProcessorDpc(&p->dpc, 1);
	KeSetImportanceDpc(&p->dpc, HighImportance);
	inserted = KeInsertQueueDpc(&p->dpc, NULL, NULL);
	removed = KeRemoveQueueDpc(&p->dpc);
	atomic_set(&holder.release, 1);
	join(task);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, removed, TRUE);
	KUNIT_EXPECT_EQ(test, runs(p), 0);
}

/* here the run, */
static void usersim_dpc_that_ran_is_not_removed(struct kunit *test)
{
	struct probe *p = test->priv;

	KeSetTargetProcessorDpc(&p->dpc, 1);
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), TRUE);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
}

/* and here either. */
static void usersim_dpc_remove_or_run(struct kunit *test)
{
	struct probe *p = test->priv;
	int i, expected = 0;
	BOOLEAN inserted;

	KeSetTargetProcessorDpc(&p->dpc, 1);
	KeSetImportanceDpc(&p->dpc, HighImportance);
	for (i = 0; i < ROUNDS; i++) {
		inserted = KeInsertQueueDpc(&p->dpc, NULL, NULL);
		expected += !KeRemoveQueueDpc(&p->dpc);
		KeFlushQueuedDpcs();
		KUNIT_ASSERT_EQ(test, inserted, TRUE);
		KUNIT_ASSERT_EQ(test, runs(p), expected);
	}
}

/**
 * struct inserters - two CPUs that insert one DPC
 * @probe:	the DPC
 * @meeting:	they begin each round together
 * @accepted:	how many inserts were accepted
 * @sum:	of the arguments of those
 */
struct inserters {
	struct probe *probe;
	struct meeting meeting;
	atomic_t accepted;
	atomic_t sum;
};

static void insert_rounds(void *arg)
{
	struct inserters *both = arg;
	ULONG_PTR mark = raw_smp_processor_id() * ROUNDS;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		meet(&both->meeting);
		if (KeInsertQueueDpc(&both->probe->dpc, (PVOID)(mark + i), NULL)) {
			atomic_inc(&both->accepted);
			atomic_add(mark + i, &both->sum);
		}
		KeFlushQueuedDpcs();
	}
}

/* Each accepted insert is one run with its arguments, a refused one is nothing. */
static void usersim_dpc_only_accepted_arguments_are_seen(struct kunit *test)
{
	struct inserters both = { .probe = test->priv, .meeting.parties = 2 };
	struct task_struct *task[2];

	KeSetTargetProcessorDpc(&both.probe->dpc, 3);
	KeSetImportanceDpc(&both.probe->dpc, HighImportance);
	task[0] = start_on_cpu(1, insert_rounds, &both);
	task[1] = start_on_cpu(2, insert_rounds, &both);
	join(task[0]);
	join(task[1]);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_GE(test, atomic_read(&both.accepted), ROUNDS);
	KUNIT_EXPECT_EQ(test, runs(both.probe), atomic_read(&both.accepted));
	KUNIT_EXPECT_EQ(test, atomic_read(&both.probe->sum), atomic_read(&both.sum));
}

static void usersim_dpc_flush_twice(struct kunit *test)
{
	struct probe *p = test->priv;

	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, runs(p), 1);
}

static void usersim_dpc_waits_for_its_cpu(struct kunit *test)
{
	struct task_struct *task;
	struct probe *p = test->priv;
	struct holder holder = {};
	bool waited;

	task = start_on_cpu(1, hold_dispatch, &holder);
	KUNIT_EXPECT_TRUE(test, wait_for(&holder.there));
	KeSetTargetProcessorDpc(&p->dpc, 1);
	KeSetImportanceDpc(&p->dpc, HighImportance);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	waited = stays_clear(&p->runs);
	atomic_set(&holder.release, 1);
	join(task);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_TRUE(test, waited);
	KUNIT_EXPECT_EQ(test, runs(p), 1);
}

static void usersim_dpc_preempts_who_inserts_it(struct kunit *test)
{
	struct probe *p = test->priv;
	int i, late = 0;

	for (i = 1; i <= 10; i++) {
		KeInsertQueueDpc(&p->dpc, NULL, NULL);
		late += runs(p) != i;
	}
	KUNIT_EXPECT_EQ(test, late, 0);
	KUNIT_EXPECT_EQ(test, runs(p), 10);
}

static int usersim_dpc_init(struct kunit *test)
{
	struct probe *p = kunit_kzalloc(test, sizeof(*p), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, p);
	need_cpus(test, 4);
	KeInitializeDpc(&p->dpc, probed, p);
	test->priv = p;
	return 0;
}

static void usersim_dpc_exit(struct kunit *test)
{
	KeFlushQueuedDpcs();
}

static struct kunit_case usersim_dpc_cases[] = {
	KUNIT_CASE(usersim_dpc_insert_and_remove),
	KUNIT_CASE(usersim_dpc_removed_does_not_run),
	KUNIT_CASE(usersim_dpc_that_ran_is_not_removed),
	KUNIT_CASE(usersim_dpc_remove_or_run),
	KUNIT_CASE(usersim_dpc_only_accepted_arguments_are_seen),
	KUNIT_CASE(usersim_dpc_flush_twice),
	KUNIT_CASE(usersim_dpc_waits_for_its_cpu),
	KUNIT_CASE(usersim_dpc_preempts_who_inserts_it),
	{}
};

static struct kunit_suite usersim_dpc_suite = {
	.name = "minirq_usersim_dpc",
	.init = usersim_dpc_init,
	.exit = usersim_dpc_exit,
	.test_cases = usersim_dpc_cases,
};

kunit_test_suite(usersim_dpc_suite);
