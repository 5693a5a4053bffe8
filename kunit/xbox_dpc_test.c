// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the Xbox kernel test suite looks at in DPCs, whose expectations were
 * taken on the console: its kernel is Windows' next of kin. Written anew from
 * those facts. What is a flag there, "inserted", is DpcData here.
 */
#include <kunit/test.h>

#include <wdm.h>

#include "cpu.h"

#define ARG1	((PVOID)0x11)
#define ARG2	((PVOID)0x22)
#define OTHER	((PVOID)0x33)

/**
 * struct probe - a DPC that counts, and may insert another one
 * @dpc:	its context is this
 * @runs:	how often the routine ran
 * @arg1:	its third argument
 * @executing:	what KeIsExecutingDpc() said in it
 * @other:	what it inserts, or NULL
 * @inserted:	what came of that, twice
 * @other_runs:	how often @other had run by the end
 */
struct probe {
	KDPC dpc;
	atomic_t runs;
	PVOID arg1;
	ULONG executing;
	struct probe *other;
	BOOLEAN inserted[2];
	int other_runs;
};

static int runs(struct probe *p)
{
	return atomic_read(&p->runs);
}

static VOID probed(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct probe *p = context;

	p->arg1 = arg1;
	p->executing = KeIsExecutingDpc();
	if (p->other) {
		p->inserted[0] = KeInsertQueueDpc(&p->other->dpc, ARG1, ARG2);
		p->inserted[1] = KeInsertQueueDpc(&p->other->dpc, OTHER, OTHER);
		p->other_runs = runs(p->other);
	}
	atomic_inc(&p->runs);
}

static struct probe *probe(struct kunit *test, int i)
{
	return (struct probe *)test->priv + i;
}

static void xbox_dpc_init_leaves_arguments(struct kunit *test)
{
	KDPC dpc, filled;

	memset(&filled, 0xa5, sizeof(filled));
	dpc = filled;
	KeInitializeDpc(&dpc, probed, test);
	KUNIT_EXPECT_EQ(test, dpc.Type, 0x13);
	KUNIT_EXPECT_NULL(test, dpc.DpcData);
	KUNIT_EXPECT_TRUE(test, dpc.DeferredRoutine == probed);
	KUNIT_EXPECT_PTR_EQ(test, dpc.DeferredContext, (PVOID)test);
	KUNIT_EXPECT_PTR_EQ(test, dpc.SystemArgument1, filled.SystemArgument1);
	KUNIT_EXPECT_PTR_EQ(test, dpc.SystemArgument2, filled.SystemArgument2);
	KUNIT_EXPECT_PTR_EQ(test, dpc.DpcListEntry.Flink, filled.DpcListEntry.Flink);
	KUNIT_EXPECT_PTR_EQ(test, dpc.DpcListEntry.Blink, filled.DpcListEntry.Blink);
}

static void xbox_dpc_insert_returns_after_the_run(struct kunit *test)
{
	struct probe *p = probe(test, 0);

	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, ARG1, ARG2), TRUE);
	KUNIT_EXPECT_EQ(test, runs(p), 1);
	KUNIT_EXPECT_NULL(test, p->dpc.DpcData);
	KUNIT_EXPECT_PTR_EQ(test, p->dpc.SystemArgument1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, p->dpc.SystemArgument2, ARG2);
}

static void xbox_dpc_inserted_one_is_left_alone(struct kunit *test)
{
	struct probe *p = probe(test, 0);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	PVOID arg1, arg2, data;
	BOOLEAN again;

	KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	again = KeInsertQueueDpc(&p->dpc, OTHER, OTHER);
	arg1 = p->dpc.SystemArgument1;
	arg2 = p->dpc.SystemArgument2;
	data = p->dpc.DpcData;
	KeRemoveQueueDpc(&p->dpc);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, again, FALSE);
	KUNIT_EXPECT_PTR_EQ(test, arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, arg2, ARG2);
	KUNIT_EXPECT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, runs(p), 0);
}

static void xbox_dpc_inserted_by_a_dpc_runs_after_it(struct kunit *test)
{
	struct probe *p = probe(test, 0), *other = probe(test, 1);

	p->other = other;
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, p->inserted[0], TRUE);
	KUNIT_EXPECT_EQ(test, p->inserted[1], FALSE);
	KUNIT_EXPECT_EQ(test, p->other_runs, 0);
	KUNIT_EXPECT_EQ(test, runs(other), 1);
	KUNIT_EXPECT_PTR_EQ(test, other->arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, other->dpc.SystemArgument1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, other->dpc.SystemArgument2, ARG2);
}

/* A148 */
static void xbox_dpc_executing_only_inside(struct kunit *test)
{
	struct probe *p = probe(test, 0);
	ULONG passive = KeIsExecutingDpc(), raised;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	raised = KeIsExecutingDpc();
	KeLowerIrql(old);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, passive, 0);
	KUNIT_EXPECT_EQ(test, raised, 0);
	KUNIT_EXPECT_EQ(test, runs(p), 1);
	KUNIT_EXPECT_NE(test, p->executing, 0);
}

static void xbox_dpc_removed_is_never_called(struct kunit *test)
{
	struct probe *p = probe(test, 0);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN removed[2];

	KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	removed[0] = KeRemoveQueueDpc(&p->dpc);
	removed[1] = KeRemoveQueueDpc(&p->dpc);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, removed[0], TRUE);
	KUNIT_EXPECT_EQ(test, removed[1], FALSE);
	KUNIT_EXPECT_EQ(test, runs(p), 0);
}

static int xbox_dpc_init(struct kunit *test)
{
	struct probe *p = kunit_kcalloc(test, 2, sizeof(*p), GFP_KERNEL);
	int i;

	KUNIT_ASSERT_NOT_NULL(test, p);
	need_cpus(test, 1);
	for (i = 0; i < 2; i++)
		KeInitializeDpc(&p[i].dpc, probed, &p[i]);
	test->priv = p;
	return 0;
}

static void xbox_dpc_exit(struct kunit *test)
{
	KeFlushQueuedDpcs();
}

static struct kunit_case xbox_dpc_cases[] = {
	KUNIT_CASE(xbox_dpc_init_leaves_arguments),
	KUNIT_CASE(xbox_dpc_insert_returns_after_the_run),
	KUNIT_CASE(xbox_dpc_inserted_one_is_left_alone),
	KUNIT_CASE(xbox_dpc_inserted_by_a_dpc_runs_after_it),
	KUNIT_CASE(xbox_dpc_executing_only_inside),
	KUNIT_CASE(xbox_dpc_removed_is_never_called),
	{}
};

static struct kunit_suite xbox_dpc_suite = {
	.name = "minirq_xbox_dpc",
	.init = xbox_dpc_init,
	.exit = xbox_dpc_exit,
	.test_cases = xbox_dpc_cases,
};

kunit_test_suite(xbox_dpc_suite);
