// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ReactOS' kernel test of DPCs looks at, which its authors checked on
 * Windows. Written anew from those facts.
 */
#include <kunit/test.h>

#include <wdm.h>

#include "cpu.h"

#define ARG1	((PVOID)0xabc123)
#define ARG2	((PVOID)0x5678)
#define OTHER	((PVOID)0x9999)

/**
 * struct seen - a DPC and what its routine saw
 * @dpc:	its context is this
 * @runs:	how often the routine ran
 * @irql:	at what level
 * @self:	first argument
 * @arg1:	third
 * @arg2:	fourth
 * @data:	DpcData meanwhile
 * @active:	was this CPU said to be in a DPC?
 */
struct seen {
	KDPC dpc;
	atomic_t runs;
	KIRQL irql;
	PRKDPC self;
	PVOID arg1, arg2, data;
	bool active;
};

static VOID look(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct seen *seen = context;

	seen->irql = KeGetCurrentIrql();
	seen->self = dpc;
	seen->arg1 = arg1;
	seen->arg2 = arg2;
	seen->data = READ_ONCE(dpc->DpcData);
	seen->active = KeIsExecutingDpc();
	atomic_inc(&seen->runs);
}

static int runs(struct seen *seen)
{
	return atomic_read(&seen->runs);
}

static void ros_dpc_initial_values(struct kunit *test)
{
	PVOID junk = (PVOID)0x5555555555555555;
	KDPC dpc;

	memset(&dpc, 0x55, sizeof(dpc));
	KeInitializeDpc(&dpc, look, test);
	KUNIT_EXPECT_EQ(test, dpc.Type, 0x13);
	KUNIT_EXPECT_EQ(test, dpc.Importance, MediumImportance);
	KUNIT_EXPECT_EQ(test, dpc.Number, 0);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)dpc.DpcListEntry.Flink, junk);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)dpc.DpcListEntry.Blink, junk);
	KUNIT_EXPECT_TRUE(test, dpc.DeferredRoutine == look);
	KUNIT_EXPECT_PTR_EQ(test, dpc.DeferredContext, (PVOID)test);
	KUNIT_EXPECT_PTR_EQ(test, dpc.SystemArgument1, junk);
	KUNIT_EXPECT_PTR_EQ(test, dpc.SystemArgument2, junk);
	KUNIT_EXPECT_NULL(test, dpc.DpcData);
}

static void ros_dpc_runs_inside_insert(struct kunit *test)
{
	struct seen *seen = test->priv;
	BOOLEAN inserted;
	int i;

	for (i = 1; i <= 5; i++) {
		inserted = KeInsertQueueDpc(&seen->dpc, ARG1, ARG2);
		KUNIT_EXPECT_EQ(test, inserted, TRUE);
		KUNIT_EXPECT_EQ(test, runs(seen), i);
	}
}

static void ros_dpc_waits_for_the_level_to_fall(struct kunit *test)
{
	struct seen *seen = test->priv;
	KIRQL start, dispatch, high;
	BOOLEAN first, second;
	int early[2], late;

	KeRaiseIrql(APC_LEVEL, &start);
	KeRaiseIrql(DISPATCH_LEVEL, &dispatch);
	first = KeInsertQueueDpc(&seen->dpc, ARG1, ARG2);
	second = KeInsertQueueDpc(&seen->dpc, OTHER, OTHER);
	early[0] = runs(seen);
	KeRaiseIrql(HIGH_LEVEL, &high);
	KeLowerIrql(high);
	early[1] = runs(seen);
	KeLowerIrql(dispatch);
	late = runs(seen);
	KeLowerIrql(start);

	KUNIT_EXPECT_EQ(test, first, TRUE);
	KUNIT_EXPECT_EQ(test, second, FALSE);
	KUNIT_EXPECT_EQ(test, early[0], 0);
	KUNIT_EXPECT_EQ(test, early[1], 0);
	KUNIT_EXPECT_EQ(test, late, 1);
	KUNIT_EXPECT_PTR_EQ(test, seen->arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, seen->arg2, ARG2);
	KUNIT_EXPECT_EQ(test, runs(seen), 1);
}

static void ros_dpc_remove(struct kunit *test)
{
	struct seen *seen = test->priv;
	BOOLEAN idle = KeRemoveQueueDpc(&seen->dpc), queued, again;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeInsertQueueDpc(&seen->dpc, ARG1, ARG2);
	queued = KeRemoveQueueDpc(&seen->dpc);
	again = KeRemoveQueueDpc(&seen->dpc);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, idle, FALSE);
	KUNIT_EXPECT_EQ(test, queued, TRUE);
	KUNIT_EXPECT_EQ(test, again, FALSE);
	KUNIT_EXPECT_EQ(test, runs(seen), 0);
}

static void ros_dpc_inside(struct kunit *test)
{
	struct seen *seen = test->priv;

	KeInsertQueueDpc(&seen->dpc, ARG1, ARG2);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, runs(seen), 1);
	KUNIT_EXPECT_EQ(test, seen->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_PTR_EQ(test, seen->self, (PRKDPC)&seen->dpc);
	KUNIT_EXPECT_PTR_EQ(test, seen->arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, seen->arg2, ARG2);
	KUNIT_EXPECT_NULL(test, seen->data);
	KUNIT_EXPECT_TRUE(test, seen->active);
}

static void ros_dpc_without_routine_can_be_initialised(struct kunit *test)
{
	KDPC dpc;

	KeInitializeDpc(&dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, !dpc.DeferredRoutine);
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&dpc), FALSE);
}

static void ros_dpc_insert_and_remove_at_high_level(struct kunit *test)
{
	struct seen *seen = test->priv;
	BOOLEAN inserted[2], removed[2];
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL, &old);
	inserted[0] = KeInsertQueueDpc(&seen->dpc, ARG1, ARG2);
	removed[0] = KeRemoveQueueDpc(&seen->dpc);
	removed[1] = KeRemoveQueueDpc(&seen->dpc);
	inserted[1] = KeInsertQueueDpc(&seen->dpc, ARG1, ARG2);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, inserted[0], TRUE);
	KUNIT_EXPECT_EQ(test, removed[0], TRUE);
	KUNIT_EXPECT_EQ(test, removed[1], FALSE);
	KUNIT_EXPECT_EQ(test, inserted[1], TRUE);
	KUNIT_EXPECT_EQ(test, runs(seen), 1);
}

static int ros_dpc_init(struct kunit *test)
{
	struct seen *seen = kunit_kzalloc(test, sizeof(*seen), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, seen);
	need_cpus(test, 1);
	KeInitializeDpc(&seen->dpc, look, seen);
	test->priv = seen;
	return 0;
}

static void ros_dpc_exit(struct kunit *test)
{
	KeFlushQueuedDpcs();
}

static struct kunit_case ros_dpc_cases[] = {
	KUNIT_CASE(ros_dpc_initial_values),
	KUNIT_CASE(ros_dpc_runs_inside_insert),
	KUNIT_CASE(ros_dpc_waits_for_the_level_to_fall),
	KUNIT_CASE(ros_dpc_remove),
	KUNIT_CASE(ros_dpc_inside),
	KUNIT_CASE(ros_dpc_without_routine_can_be_initialised),
	KUNIT_CASE(ros_dpc_insert_and_remove_at_high_level),
	{}
};

static struct kunit_suite ros_dpc_suite = {
	.name = "minirq_ros_dpc",
	.init = ros_dpc_init,
	.exit = ros_dpc_exit,
	.test_cases = ros_dpc_cases,
};

kunit_test_suite(ros_dpc_suite);
