// SPDX-License-Identifier: GPL-2.0-only
/* Two CPUs and one DPC. */
#include <linux/irqflags.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "cpu.h"
#include "dpc_fixture.h"

#define ROUNDS	1000

/**
 * struct contest - two CPUs that insert one DPC, each on its own queue
 * @dpc:	the DPC
 * @step:	where they meet
 * @accepted:	by contestant and round, what its insert returned
 * @seen:	by round, 1 + the contestant whose arguments ran
 * @runs:	by round, how often it ran
 */
struct contest {
	KDPC dpc;
	struct meeting step;
	BOOLEAN accepted[2][ROUNDS];
	unsigned int seen[ROUNDS];
	atomic_t runs[ROUNDS];
};

/**
 * struct contestant - one of the two
 * @contest:	what they share
 * @id:		0 or 1
 */
struct contestant {
	struct contest *contest;
	unsigned int id;
};

static VOID decide(PRKDPC dpc, PVOID context, PVOID round, PVOID id)
{
	struct contest *c = context;

	c->seen[(ULONG_PTR)round] = 1 + (ULONG_PTR)id;
	atomic_inc(&c->runs[(ULONG_PTR)round]);
}

/* Nobody lowers before both have inserted, so the DPC cannot run in between. */
static void contend(void *arg)
{
	struct contestant *me = arg;
	struct contest *c = me->contest;
	ULONG_PTR round, id = me->id;
	KIRQL old;

	for (round = 0; round < ROUNDS; round++) {
		old = KeRaiseIrqlToDpcLevel();
		meet(&c->step);
		c->accepted[id][round] = KeInsertQueueDpc(&c->dpc, (PVOID)round, (PVOID)id);
		meet(&c->step);
		KeLowerIrql(old);
		spin_for(&c->runs[round]);
	}
}

/* One of two inserts is accepted, and only its arguments are ever seen. */
static void dpc_two_cpus_agree_on_one_insert(struct kunit *test)
{
	struct contest *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct contestant one = { .contest = c, .id = 0 }, two = { .contest = c, .id = 1 };
	struct task_struct *task[2];
	unsigned int round;

	KUNIT_ASSERT_NOT_NULL(test, c);
	c->step.parties = 2;
	KeInitializeDpc(&c->dpc, decide, c);
	task[0] = start_on_cpu(1, contend, &one);
	task[1] = start_on_cpu(2, contend, &two);
	join(task[0]);
	join(task[1]);
	KeFlushQueuedDpcs();
	for (round = 0; round < ROUNDS; round++) {
		KUNIT_EXPECT_EQ(test, c->accepted[0][round] + c->accepted[1][round], 1);
		KUNIT_EXPECT_EQ(test, c->seen[round], c->accepted[0][round] ? 1 : 2);
		KUNIT_EXPECT_EQ(test, atomic_read(&c->runs[round]), 1);
	}
}

/* Who begins a round of a duel; the other one waits, unless both begin. */
enum first { REMOVER, ROUTINE, BOTH, KINDS };

/**
 * struct duel - one CPU lets a DPC run while another removes it
 * @dpc:	allocated for each round; the remover frees it when it got it
 * @step:	where they meet
 * @tried:	by round, the remover has done what it could
 * @ran:	by round, the routine got it
 * @removed:	by round, the remover got it
 */
struct duel {
	KDPC *dpc;
	struct meeting step;
	atomic_t tried[ROUNDS];
	atomic_t ran[ROUNDS];
	BOOLEAN removed[ROUNDS];
};

static VOID count_run(PRKDPC dpc, PVOID context, PVOID round, PVOID arg2)
{
	struct duel *d = context;

	atomic_inc(&d->ran[(ULONG_PTR)round]);
}

static void insert_and_lower(void *arg)
{
	struct duel *d = arg;
	ULONG_PTR round;
	KIRQL old;

	for (round = 0; round < ROUNDS; round++) {
		d->dpc = kzalloc(sizeof(*d->dpc), GFP_KERNEL | __GFP_NOFAIL);
		KeInitializeDpc(d->dpc, count_run, d);
		old = KeRaiseIrqlToDpcLevel();
		KeInsertQueueDpc(d->dpc, (PVOID)round, NULL);
		meet(&d->step);
		if (round % KINDS == REMOVER)
			spin_for(&d->tried[round]);
		KeLowerIrql(old);
		meet(&d->step);
		if (!d->removed[round])
			kfree(d->dpc);
	}
}

static void remove_and_free(void *arg)
{
	struct duel *d = arg;
	unsigned int round;

	for (round = 0; round < ROUNDS; round++) {
		KDPC *dpc;

		meet(&d->step);
		dpc = d->dpc;
		if (round % KINDS == ROUTINE)
			spin_for(&d->ran[round]);
		d->removed[round] = KeRemoveQueueDpc(dpc);
		if (d->removed[round])
			kfree(dpc);
		atomic_set(&d->tried[round], 1);
		meet(&d->step);
	}
}

/* Either it runs or it is removed; then its memory is the remover's at once. */
static void dpc_remove_races_with_run(struct kunit *test)
{
	struct duel *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	struct task_struct *task[2];
	unsigned int round;

	KUNIT_ASSERT_NOT_NULL(test, d);
	d->step.parties = 2;
	task[0] = start_on_cpu(1, insert_and_lower, d);
	task[1] = start_on_cpu(2, remove_and_free, d);
	join(task[0]);
	join(task[1]);
	KeFlushQueuedDpcs();
	for (round = 0; round < ROUNDS; round++) {
		KUNIT_EXPECT_EQ(test, atomic_read(&d->ran[round]) + d->removed[round], 1);
		if (round % KINDS != BOTH)
			KUNIT_EXPECT_EQ(test, d->removed[round], round % KINDS == REMOVER);
	}
}

static void dpc_ordinary_may_overlap_itself(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_TRUE(test, minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL));
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->entered, 2));
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 0);
	dpc_open_gate(p, 2);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 2);
}

/* What an insert finds that was aimed before the DPC began to run elsewhere */
static void dpc_serialized_is_not_queued_elsewhere(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	minirq_dpc_init_serialized(&p->dpc, dpc_probed, p);
	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_FALSE(test, minirq_dpc_insert_on(&p->dpc, 1, NULL, NULL));
	KUNIT_EXPECT_NULL(test, p->dpc.DpcData);
	KUNIT_EXPECT_TRUE(test, minirq_dpc_insert(&p->dpc, ARG1, ARG2));
	dpc_open_gate(p, 2);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&p->overlap), 0);
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
}

/* Inserted while it runs, without a target, it goes where it is next anyhow. */
static void dpc_serialized_follows_its_cpu(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	minirq_dpc_init_serialized(&p->dpc, dpc_probed, p);
	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), TRUE);
	dpc_open_gate(p, 2);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/**
 * struct deaf - a CPU that takes no interrupt
 * @there:	it does not
 * @release:	it may
 */
struct deaf {
	atomic_t there;
	atomic_t release;
};

static void stay_deaf(void *arg)
{
	struct deaf *deaf = arg;

	local_irq_disable();
	atomic_set(&deaf->there, 1);
	spin_for(&deaf->release);
	local_irq_enable();
}

/* The CPU has been called for a DPC that was taken back; it will find this one. */
static void dpc_waits_for_a_cpu_that_has_been_called(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	struct deaf deaf = {};
	struct task_struct *task = start_on_cpu(1, stay_deaf, &deaf);

	KUNIT_EXPECT_TRUE(test, wait_for(&deaf.there));
	minirq_dpc_insert_on(&p[0].dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, KeRemoveQueueDpc(&p[0].dpc));
	minirq_dpc_insert_on(&p[1].dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, stays_clear(&p[1].runs));
	atomic_set(&deaf.release, 1);
	join(task);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].runs));
	KUNIT_EXPECT_EQ(test, p[1].cpu, 1);
}

static struct kunit_case dpc_race_cases[] = {
	KUNIT_CASE(dpc_two_cpus_agree_on_one_insert),
	KUNIT_CASE(dpc_remove_races_with_run),
	KUNIT_CASE(dpc_waits_for_a_cpu_that_has_been_called),
	KUNIT_CASE(dpc_ordinary_may_overlap_itself),
	KUNIT_CASE(dpc_serialized_is_not_queued_elsewhere),
	KUNIT_CASE(dpc_serialized_follows_its_cpu),
	{}
};

static struct kunit_suite dpc_race_suite = {
	.name = "minirq_dpc_race",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = dpc_race_cases,
};

kunit_test_suite(dpc_race_suite);
