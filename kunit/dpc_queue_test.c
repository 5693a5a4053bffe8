// SPDX-License-Identifier: GPL-2.0-only
/* Where a DPC runs, and in which order: targets and importance. */
#include <linux/cpumask.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "cpu.h"
#include "dpc_fixture.h"

static void insert_probe(void *arg)
{
	struct dpc_probe *p = arg;

	KeInsertQueueDpc(&p->dpc, NULL, NULL);
}

/* A137 */
static void dpc_without_target_runs_where_inserted(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	unsigned int cpu;

	for (cpu = 0; cpu < 4; cpu++) {
		on_cpu(cpu, insert_probe, p);
		KeFlushQueuedDpcs();
		KUNIT_EXPECT_EQ(test, dpc_runs(p), cpu + 1);
		KUNIT_EXPECT_EQ(test, p->cpu, cpu);
	}
}

/* A138 */
static void dpc_runs_on_its_target(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	PROCESSOR_NUMBER number = { .Number = 2 };

	KUNIT_EXPECT_EQ(test, KeSetTargetProcessorDpcEx(&p->dpc, &number), STATUS_SUCCESS);
	KeSetImportanceDpc(&p->dpc, MediumHighImportance);
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), TRUE);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
	KUNIT_EXPECT_EQ(test, p->irql, DISPATCH_LEVEL);
}

/* A139 */
static void dpc_bad_processor_number_is_refused(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	PROCESSOR_NUMBER good = { .Number = 2 };
	PROCESSOR_NUMBER bad[] = {
		{ .Group = 0xffff }, { .Number = num_online_cpus() }, { .Number = 64 },
	};
	unsigned int i;

	KeSetTargetProcessorDpcEx(&p->dpc, &good);
	for (i = 0; i < ARRAY_SIZE(bad); i++)
		KUNIT_EXPECT_EQ(test, KeSetTargetProcessorDpcEx(&p->dpc, &bad[i]),
				STATUS_INVALID_PARAMETER);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/* A140 */
static void dpc_bad_target_changes_nothing(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);

	KeSetTargetProcessorDpc(&p->dpc, 2);
	KeSetTargetProcessorDpc(&p->dpc, num_online_cpus());
	KeSetTargetProcessorDpc(&p->dpc, 127);
	KeSetTargetProcessorDpc(&p->dpc, -1);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/* A141 */
static void dpc_new_target_does_not_move_a_queued_one(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	unsigned int first;

	KeSetTargetProcessorDpc(&p->dpc, 0);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeSetTargetProcessorDpc(&p->dpc, 2);
	KeLowerIrql(old);
	first = p->cpu;
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	KUNIT_EXPECT_EQ(test, first, 0);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/* A142 */
static void dpc_queue_is_first_in_first_out(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	int i;

	for (i = 0; i < DPC_PROBES; i++)
		KeInsertQueueDpc(&p[i].dpc, NULL, NULL);
	KeLowerIrql(old);
	for (i = 0; i < DPC_PROBES; i++)
		KUNIT_EXPECT_EQ(test, p[i].place, i + 1);
}

/* A143 */
static void dpc_high_importance_goes_first(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeSetImportanceDpc(&p[1].dpc, HighImportance);
	KeInsertQueueDpc(&p[0].dpc, NULL, NULL);
	KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, p[1].place, 1);
	KUNIT_EXPECT_EQ(test, p[0].place, 2);
}

static void dpc_other_importances_go_last(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	int i;

	KeSetImportanceDpc(&p[1].dpc, LowImportance);
	KeSetImportanceDpc(&p[2].dpc, MediumHighImportance);
	for (i = 0; i < DPC_PROBES; i++)
		KeInsertQueueDpc(&p[i].dpc, NULL, NULL);
	KeLowerIrql(old);
	for (i = 0; i < DPC_PROBES; i++)
		KUNIT_EXPECT_EQ(test, p[i].place, i + 1);
}

/* A144 */
static void dpc_new_importance_does_not_move_a_queued_one(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeInsertQueueDpc(&p[0].dpc, NULL, NULL);
	KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	KeSetImportanceDpc(&p[1].dpc, HighImportance);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, p[0].place, 1);
	KUNIT_EXPECT_EQ(test, p[1].place, 2);
}

/* However many had the head of an empty queue before. */
static void dpc_high_importance_does_not_wear_off(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	unsigned int i;
	KIRQL old;

	KeSetImportanceDpc(&p[1].dpc, HighImportance);
	for (i = 0; i < 100; i++)
		KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	KeInsertQueueDpc(&p[0].dpc, NULL, NULL);
	KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].runs));
	KUNIT_EXPECT_LT(test, p[1].place, p[0].place);
}

static struct kunit_case dpc_queue_cases[] = {
	KUNIT_CASE(dpc_without_target_runs_where_inserted),
	KUNIT_CASE(dpc_runs_on_its_target),
	KUNIT_CASE(dpc_bad_processor_number_is_refused),
	KUNIT_CASE(dpc_bad_target_changes_nothing),
	KUNIT_CASE(dpc_new_target_does_not_move_a_queued_one),
	KUNIT_CASE(dpc_queue_is_first_in_first_out),
	KUNIT_CASE(dpc_high_importance_goes_first),
	KUNIT_CASE(dpc_other_importances_go_last),
	KUNIT_CASE(dpc_new_importance_does_not_move_a_queued_one),
	KUNIT_CASE(dpc_high_importance_does_not_wear_off),
	{}
};

static struct kunit_suite dpc_queue_suite = {
	.name = "minirq_dpc_queue",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = dpc_queue_cases,
};

kunit_test_suite(dpc_queue_suite);
