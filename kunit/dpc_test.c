// SPDX-License-Identifier: GPL-2.0-only
/* Deferred procedure calls: queues, arguments, targets, and every race. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "../src/interrupt.h"
#include "../src/irql.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "fake_irq.h"

#define ARG1	((PVOID)0x1111)
#define ARG2	((PVOID)0x2222)
#define OTHER1	((PVOID)0x3333)
#define OTHER2	((PVOID)0x4444)

/**
 * struct probe - a DPC and what its routine saw
 * @dpc:	the DPC; its context is the probe
 * @gated:	run n stays inside until @gate reaches n
 * @gate:	how many runs may leave
 * @entered:	how often the routine began
 * @runs:	how often it ended
 * @inside:	how many are between the two
 * @overlap:	two were at once
 * @order:	shared by several probes, counts their runs
 * @place:	in that order
 * @cpu:	where it ran
 * @irql:	at what level
 * @executing:	what KeIsExecutingDpc() said
 * @self:	first argument
 * @arg1:	third
 * @arg2:	fourth
 */
struct probe {
	KDPC dpc;
	bool gated;
	atomic_t gate;
	atomic_t entered;
	atomic_t runs;
	atomic_t inside;
	atomic_t overlap;
	atomic_t *order;
	int place;
	unsigned int cpu;
	KIRQL irql;
	ULONG executing;
	PRKDPC self;
	PVOID arg1, arg2;
};

#define PROBES	4

/**
 * struct fixture - what each case has
 * @probe:	DPCs
 * @order:	in which they ran
 */
struct fixture {
	struct probe probe[PROBES];
	atomic_t order;
};

static void record(struct probe *p, PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	p->place = atomic_inc_return(p->order);
	p->cpu = raw_smp_processor_id();
	p->irql = KeGetCurrentIrql();
	p->executing = KeIsExecutingDpc();
	p->self = dpc;
	p->arg1 = arg1;
	p->arg2 = arg2;
}

static VOID probed(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct probe *p = context;

	if (atomic_inc_return(&p->inside) > 1)
		atomic_set(&p->overlap, 1);
	record(p, dpc, arg1, arg2);
	if (p->gated)
		spin_for_count(&p->gate, atomic_inc_return(&p->entered));
	else
		atomic_inc(&p->entered);
	atomic_dec(&p->inside);
	atomic_inc(&p->runs);
}

static void probe_init(struct probe *p, atomic_t *order)
{
	memset(p, 0, sizeof(*p));
	p->order = order;
	KeInitializeDpc(&p->dpc, probed, p);
}

static struct probe *probes(struct kunit *test)
{
	return ((struct fixture *)test->priv)->probe;
}

static int runs(struct probe *p)
{
	return atomic_read(&p->runs);
}

static void open_gate(struct probe *p, int count)
{
	atomic_set(&p->gate, count);
}

/* A125 A130 */
static void dpc_runs_once_with_its_arguments(struct kunit *test)
{
	struct probe *p = probes(test);

	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, ARG1, ARG2), TRUE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, runs(p), 1);
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
	struct probe *p = probes(test);
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
	KeInitializeDpc(&dpc, probed, test);
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
	struct probe *p = probes(test);
	int i;

	for (i = 1; i <= 5; i++) {
		KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), TRUE);
		KUNIT_EXPECT_EQ(test, runs(p), i);
	}
}

/* Linux code may hold interrupts off without any IRQL saying so. */
static void dpc_inserted_with_interrupts_off_runs_later(struct kunit *test)
{
	struct probe *p = probes(test);
	BOOLEAN inserted;
	int early;

	local_irq_disable();
	inserted = KeInsertQueueDpc(&p->dpc, NULL, NULL);
	early = runs(p);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, early, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
}

/* A126 A127 */
static void dpc_first_arguments_win(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN first = KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	BOOLEAN second = KeInsertQueueDpc(&p->dpc, OTHER1, OTHER2);

	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, first, TRUE);
	KUNIT_EXPECT_EQ(test, second, FALSE);
	KUNIT_EXPECT_EQ(test, runs(p), 1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg2, ARG2);
}

/* A128 */
static void dpc_many_inserts_run_once(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	unsigned int i, accepted = 0;

	for (i = 0; i < 1000; i++)
		accepted += KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, accepted, 1);
	KUNIT_EXPECT_EQ(test, runs(p), 1);
}

/* Neither at DISPATCH_LEVEL, nor above, nor back at it, but below it. */
static void dpc_waits_for_level_below_dispatch(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old[3];
	int at_high, at_dispatch, at_apc;
	BOOLEAN inserted;

	KeRaiseIrql(APC_LEVEL, &old[0]);
	KeRaiseIrql(DISPATCH_LEVEL, &old[1]);
	KeRaiseIrql(HIGH_LEVEL, &old[2]);
	inserted = KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	at_high = runs(p);
	KeLowerIrql(old[2]);
	at_dispatch = runs(p);
	KeLowerIrql(old[1]);
	at_apc = runs(p);
	KeLowerIrql(old[0]);
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, at_high, 0);
	KUNIT_EXPECT_EQ(test, at_dispatch, 0);
	KUNIT_EXPECT_EQ(test, at_apc, 1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
}

static void dpc_removed_at_high_level(struct kunit *test)
{
	struct probe *p = probes(test);
	BOOLEAN removed;
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL, &old);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	removed = KeRemoveQueueDpc(&p->dpc);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, removed, TRUE);
	KUNIT_EXPECT_EQ(test, runs(p), 0);
}

static VOID insert_itself_once(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct probe *p = context;

	if (atomic_inc_return(&p->runs) == 1)
		p->arg1 = (PVOID)(ULONG_PTR)KeInsertQueueDpc(dpc, NULL, NULL);
}

/* A129 */
static void dpc_inserted_by_its_routine_runs_again(struct kunit *test)
{
	struct probe *p = probes(test);

	KeInitializeDpc(&p->dpc, insert_itself_once, p);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, (PVOID)TRUE);
	KUNIT_EXPECT_EQ(test, runs(p), 2);
}

static VOID insert_other(PRKDPC dpc, PVOID context, PVOID result, PVOID early)
{
	struct probe *other = context;

	((BOOLEAN *)result)[0] = KeInsertQueueDpc(&other->dpc, ARG1, ARG2);
	((BOOLEAN *)result)[1] = KeInsertQueueDpc(&other->dpc, OTHER1, OTHER2);
	*(int *)early = runs(other);
}

static void dpc_inserted_by_another_is_not_nested(struct kunit *test)
{
	struct probe *p = probes(test);
	BOOLEAN result[2];
	int early = -1;

	KeInitializeDpc(&p[0].dpc, insert_other, &p[1]);
	KeInsertQueueDpc(&p[0].dpc, result, &early);
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, result[0], TRUE);
	KUNIT_EXPECT_EQ(test, result[1], FALSE);
	KUNIT_EXPECT_EQ(test, early, 0);
	KUNIT_EXPECT_EQ(test, runs(&p[1]), 1);
	KUNIT_EXPECT_PTR_EQ(test, p[1].arg1, ARG1);
}

/* A132 */
static void dpc_removed_never_runs(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN removed, again;

	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	removed = KeRemoveQueueDpc(&p->dpc);
	again = KeRemoveQueueDpc(&p->dpc);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, removed, TRUE);
	KUNIT_EXPECT_EQ(test, again, FALSE);
	KUNIT_EXPECT_EQ(test, runs(p), 0);
}

/* A133 */
static void dpc_remove_of_idle_is_false(struct kunit *test)
{
	struct probe *p = probes(test);

	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	KUNIT_EXPECT_EQ(test, runs(p), 1);
}

/* A134 */
static void dpc_remove_of_running_is_false(struct kunit *test)
{
	struct probe *p = probes(test);

	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_EQ(test, KeRemoveQueueDpc(&p->dpc), FALSE);
	KUNIT_EXPECT_EQ(test, runs(p), 0);
	open_gate(p, 1);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, runs(p), 1);
}

/* A135 */
static void dpc_removed_can_be_inserted_again(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN inserted;

	KeInsertQueueDpc(&p->dpc, ARG1, ARG2);
	KeRemoveQueueDpc(&p->dpc);
	inserted = KeInsertQueueDpc(&p->dpc, OTHER1, OTHER2);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, runs(p), 1);
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
	struct probe *probe;
};

static VOID after_isr(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct isr *isr = context;

	isr->left_before = atomic_read(&isr->left);
	probed(dpc, isr->probe, arg1, arg2);
}

static bool insert_in_isr(struct _KINTERRUPT *ki)
{
	struct isr *isr = ki->context;

	isr->irql = KeGetCurrentIrql();
	KeInsertQueueDpc(&isr->dpc, NULL, NULL);
	isr->runs_within = runs(isr->probe);
	return true;
}

static irqreturn_t isr_handler(int irq, void *dev)
{
	struct isr *isr = ((struct _KINTERRUPT *)dev)->context;
	irqreturn_t ret = minirq_interrupt_deliver(dev, insert_in_isr);

	atomic_set(&isr->left, 1);
	return ret;
}

/* A136 */
static void dpc_inserted_by_isr_runs_after_it(struct kunit *test)
{
	struct probe *p = probes(test);
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

static void insert_probe(void *arg)
{
	struct probe *p = arg;

	KeInsertQueueDpc(&p->dpc, NULL, NULL);
}

/* A137 */
static void dpc_without_target_runs_where_inserted(struct kunit *test)
{
	struct probe *p = probes(test);
	unsigned int cpu;

	for (cpu = 0; cpu < 4; cpu++) {
		on_cpu(cpu, insert_probe, p);
		KeFlushQueuedDpcs();
		KUNIT_EXPECT_EQ(test, runs(p), cpu + 1);
		KUNIT_EXPECT_EQ(test, p->cpu, cpu);
	}
}

/* A138 */
static void dpc_runs_on_its_target(struct kunit *test)
{
	struct probe *p = probes(test);
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
	struct probe *p = probes(test);
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
	struct probe *p = probes(test);

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
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	unsigned int first;

	KeSetTargetProcessorDpc(&p->dpc, 0);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeSetTargetProcessorDpc(&p->dpc, 2);
	KeLowerIrql(old);
	first = p->cpu;
	KUNIT_EXPECT_EQ(test, runs(p), 1);
	KUNIT_EXPECT_EQ(test, first, 0);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/* A142 */
static void dpc_queue_is_first_in_first_out(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	int i;

	for (i = 0; i < PROBES; i++)
		KeInsertQueueDpc(&p[i].dpc, NULL, NULL);
	KeLowerIrql(old);
	for (i = 0; i < PROBES; i++)
		KUNIT_EXPECT_EQ(test, p[i].place, i + 1);
}

/* A143 */
static void dpc_high_importance_goes_first(struct kunit *test)
{
	struct probe *p = probes(test);
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
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	int i;

	KeSetImportanceDpc(&p[1].dpc, LowImportance);
	KeSetImportanceDpc(&p[2].dpc, MediumHighImportance);
	for (i = 0; i < PROBES; i++)
		KeInsertQueueDpc(&p[i].dpc, NULL, NULL);
	KeLowerIrql(old);
	for (i = 0; i < PROBES; i++)
		KUNIT_EXPECT_EQ(test, p[i].place, i + 1);
}

/* A144 */
static void dpc_new_importance_does_not_move_a_queued_one(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeInsertQueueDpc(&p[0].dpc, NULL, NULL);
	KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	KeSetImportanceDpc(&p[1].dpc, HighImportance);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, p[0].place, 1);
	KUNIT_EXPECT_EQ(test, p[1].place, 2);
}

/* A145 */
static void dpc_low_importance_runs_and_is_flushed(struct kunit *test)
{
	struct probe *p = probes(test);

	KeSetImportanceDpc(&p->dpc, LowImportance);
	KeSetTargetProcessorDpc(&p->dpc, 2);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, runs(p), 2);
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/* A127 */
/* On the queue of another CPU, whose DPC keeps it busy. */
static void dpc_remote_insert_keeps_first_arguments(struct kunit *test)
{
	struct probe *p = ((struct fixture *)test->priv)->probe;
	int first, second;

	p[0].gated = true;
	minirq_dpc_insert_on(&p[0].dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].entered));
	first = minirq_dpc_insert_on(&p[1].dpc, 1, (PVOID)1, (PVOID)2);
	second = minirq_dpc_insert_on(&p[1].dpc, 1, (PVOID)3, (PVOID)4);
	open_gate(&p[0], 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].runs));
	KUNIT_EXPECT_TRUE(test, first);
	KUNIT_EXPECT_FALSE(test, second);
	KUNIT_EXPECT_PTR_EQ(test, p[1].arg1, (PVOID)1);
	KUNIT_EXPECT_PTR_EQ(test, p[1].arg2, (PVOID)2);
}

/* And with interrupts off, where the insert cannot be followed by a run. */
static void dpc_irqs_off_insert_keeps_first_arguments(struct kunit *test)
{
	struct probe *p = ((struct fixture *)test->priv)->probe;
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

/* However many had the head of an empty queue before. */
static void dpc_high_importance_does_not_wear_off(struct kunit *test)
{
	struct probe *p = ((struct fixture *)test->priv)->probe;
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

/**
 * struct flusher - a thread that flushes
 * @probe:	probes that were queued before
 * @count:	how many
 * @begun:	it is about to
 * @flushed:	it has
 * @runs:	of all probes when the flush returned
 * @task:	the thread
 */
struct flusher {
	struct probe *probe;
	unsigned int count;
	atomic_t begun;
	atomic_t flushed;
	int runs;
	struct task_struct *task;
};

static void flush(void *arg)
{
	struct flusher *f = arg;
	unsigned int i;
	int sum = 0;

	atomic_set(&f->begun, 1);
	KeFlushQueuedDpcs();
	for (i = 0; i < f->count; i++)
		sum += runs(&f->probe[i]);
	f->runs = sum;
	atomic_set(&f->flushed, 1);
}

/* The flusher waits for a DPC, or does not wait at all. */
static bool flusher_settled(void *arg)
{
	struct flusher *f = arg;

	return atomic_read(&f->flushed) || (atomic_read(&f->begun) && is_asleep(f->task));
}

/*
 * The probe of each CPU stays inside until the flush waits; that of the
 * flusher's own CPU has to be over before the flusher can begin.
 */
/* A146 */
static void dpc_flush_waits_for_all_cpus(struct kunit *test)
{
	struct probe *p = probes(test);
	struct flusher f = { .probe = p, .count = 4 };
	unsigned int cpu;
	KIRQL old;

	minirq_dpc_insert_on(&p[3].dpc, 3, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[3].runs));
	for (cpu = 1; cpu <= 2; cpu++) {
		p[cpu].gated = true;
		minirq_dpc_insert_on(&p[cpu].dpc, cpu, NULL, NULL);
		KUNIT_EXPECT_TRUE(test, wait_for(&p[cpu].entered));
	}
	f.task = start_on_cpu(3, flush, &f);
	KUNIT_EXPECT_TRUE(test, wait_until(flusher_settled, &f));
	old = KeRaiseIrqlToDpcLevel();
	KeInsertQueueDpc(&p[0].dpc, NULL, NULL);
	KeLowerIrql(old);
	for (cpu = 1; cpu <= 2; cpu++) {
		KUNIT_EXPECT_TRUE(test, wait_until(flusher_settled, &f));
		KUNIT_EXPECT_EQ(test, atomic_read(&f.flushed), 0);
		open_gate(&p[cpu], 1);
		KUNIT_EXPECT_TRUE(test, wait_for(&p[cpu].runs));
	}
	join(f.task);
	KUNIT_EXPECT_EQ(test, f.runs, 4);
}

static void dpc_flush_twice_is_fine(struct kunit *test)
{
	struct probe *p = probes(test);

	minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL);
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, runs(p), 1);
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

/* A148 */
static void dpc_executing_only_inside_a_dpc(struct kunit *test)
{
	struct probe *p = probes(test);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	ULONG at_dispatch = KeIsExecutingDpc();

	KeLowerIrql(old);
	KeInsertQueueDpc(&p->dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, at_dispatch, 0);
	KUNIT_EXPECT_NE(test, p->executing, 0);
}

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

/**
 * struct duel - one CPU lets a DPC run while another removes it
 * @dpc:	allocated for each round; the remover frees it when it got it
 * @step:	where they meet
 * @ran:	by round, the routine got it
 * @removed:	by round, the remover got it
 */
struct duel {
	KDPC *dpc;
	struct meeting step;
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
		d->removed[round] = KeRemoveQueueDpc(dpc);
		if (d->removed[round])
			kfree(dpc);
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
	for (round = 0; round < ROUNDS; round++)
		KUNIT_EXPECT_EQ(test, atomic_read(&d->ran[round]) + d->removed[round], 1);
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

static void dpc_ordinary_may_overlap_itself(struct kunit *test)
{
	struct probe *p = probes(test);

	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_TRUE(test, minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL));
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->entered, 2));
	KUNIT_EXPECT_EQ(test, runs(p), 0);
	open_gate(p, 2);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, runs(p), 2);
}

static void nothing(void *unused)
{
}

/* A thread gets a CPU only when the DPCs that were due there had their turn. */
static void let_look(unsigned int cpu)
{
	on_cpu(cpu, nothing, NULL);
}

static void dpc_serialized_never_overlaps_itself(struct kunit *test)
{
	struct probe *p = probes(test);

	minirq_dpc_init_serialized(&p->dpc, probed, p);
	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_TRUE(test, minirq_dpc_insert_on(&p->dpc, 1, ARG1, ARG2));
	let_look(1);
	KUNIT_EXPECT_EQ(test, atomic_read(&p->entered), 1);
	open_gate(p, 2);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&p->overlap), 0);
	KUNIT_EXPECT_EQ(test, p->cpu, 1);
	KUNIT_EXPECT_PTR_EQ(test, p->arg1, ARG1);
}

/* The second run waits on CPU 1 for the first; the flush passes CPU 1 first. */
static void dpc_flush_waits_for_a_serialized_one(struct kunit *test)
{
	struct probe *p = probes(test);
	struct flusher f = { .probe = p, .count = 1 };

	minirq_dpc_init_serialized(&p->dpc, probed, p);
	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	minirq_dpc_insert_on(&p->dpc, 1, NULL, NULL);
	f.task = start_on_cpu(3, flush, &f);
	KUNIT_EXPECT_TRUE(test, wait_until(flusher_settled, &f));
	let_look(1);
	open_gate(p, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->entered, 2));
	KUNIT_EXPECT_TRUE(test, wait_until(flusher_settled, &f));
	open_gate(p, 2);
	join(f.task);
	KUNIT_EXPECT_EQ(test, f.runs, 2);
}

/* Inserted while it runs, without a target, it goes where it is next anyhow. */
static void dpc_serialized_follows_its_cpu(struct kunit *test)
{
	struct probe *p = probes(test);

	minirq_dpc_init_serialized(&p->dpc, probed, p);
	p->gated = true;
	minirq_dpc_insert_on(&p->dpc, 2, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->entered));
	KUNIT_EXPECT_EQ(test, KeInsertQueueDpc(&p->dpc, NULL, NULL), TRUE);
	open_gate(p, 2);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

/**
 * struct endless - a DPC that queues itself again and again
 * @dpc:	the DPC
 * @cpu:	on whose queue
 * @runs:	how often it ran
 * @limit:	when it gives up, so that a broken flush returns at all
 */
struct endless {
	KDPC dpc;
	unsigned int cpu;
	atomic_t runs;
	atomic_t limit;
};

#define ENDLESS	200000

static VOID requeue(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct endless *e = context;

	if (atomic_inc_return(&e->runs) < atomic_read(&e->limit))
		minirq_dpc_insert_on(dpc, e->cpu, NULL, NULL);
}

static void endless_init(struct endless *e, unsigned int cpu, int limit)
{
	memset(e, 0, sizeof(*e));
	e->cpu = cpu;
	atomic_set(&e->limit, limit);
	KeInitializeDpc(&e->dpc, requeue, e);
}

static void endless_stop(struct endless *e)
{
	atomic_set(&e->limit, 0);
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
}

static void dpc_endless_one_does_not_stop_a_flush(struct kunit *test)
{
	struct endless e;
	int after;

	endless_init(&e, 1, ENDLESS);
	minirq_dpc_insert_on(&e.dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&e.runs, 2));
	KeFlushQueuedDpcs();
	after = atomic_read(&e.runs);
	endless_stop(&e);
	KUNIT_EXPECT_LT(test, after, ENDLESS);
}

/* Head of the queue or not. */
static void dpc_endless_high_one_does_not_stop_a_flush(struct kunit *test)
{
	struct endless e;
	int after;

	endless_init(&e, 1, ENDLESS);
	KeSetImportanceDpc(&e.dpc, HighImportance);
	minirq_dpc_insert_on(&e.dpc, 1, NULL, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&e.runs, 2));
	KeFlushQueuedDpcs();
	after = atomic_read(&e.runs);
	endless_stop(&e);
	KUNIT_EXPECT_LT(test, after, ENDLESS);
}

static void dpc_endless_one_lets_its_inserter_go(struct kunit *test)
{
	struct endless e;
	int after;

	endless_init(&e, 0, ENDLESS);
	minirq_dpc_insert_on(&e.dpc, 0, NULL, NULL);
	after = atomic_read(&e.runs);
	endless_stop(&e);
	KUNIT_EXPECT_LT(test, after, ENDLESS);
}

/* There is always a run of it on its way, so also when the CPU goes away. */
static void dpc_survives_its_cpu(struct kunit *test)
{
	struct endless e;
	int there, away, back;

	endless_init(&e, 3, INT_MAX);
	minirq_dpc_insert_on(&e.dpc, 3, NULL, NULL);
	there = wait_for_count(&e.runs, 10);
	KUNIT_EXPECT_EQ(test, remove_cpu(3), 0);
	away = wait_for_count(&e.runs, atomic_read(&e.runs) + 10);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	back = wait_for_count(&e.runs, atomic_read(&e.runs) + 10);
	endless_stop(&e);
	KUNIT_EXPECT_TRUE(test, there);
	KUNIT_EXPECT_TRUE(test, away);
	KUNIT_EXPECT_TRUE(test, back);
	KUNIT_EXPECT_NULL(test, e.dpc.DpcData);
}

static void dpc_target_gone_offline_is_none(struct kunit *test)
{
	struct probe *p = probes(test);
	BOOLEAN inserted;
	int ran;

	KeSetTargetProcessorDpc(&p->dpc, 3);
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	inserted = KeInsertQueueDpc(&p->dpc, NULL, NULL);
	ran = runs(p);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_EQ(test, inserted, TRUE);
	KUNIT_EXPECT_EQ(test, ran, 1);
	KUNIT_EXPECT_EQ(test, p->cpu, 0);
}

/* Both are due on this CPU now, its own queue first. */
static void insert_on_own_and_on_3(void *arg)
{
	struct probe *p = arg;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeInsertQueueDpc(&p[1].dpc, NULL, NULL);
	minirq_dpc_insert_on(&p[0].dpc, 3, NULL, NULL);
	KeLowerIrql(old);
}

/* What a CPU leaves behind another one drains; it was queued all the same. */
static void dpc_flush_waits_for_the_queue_of_an_offline_cpu(struct kunit *test)
{
	struct probe *p = probes(test);
	struct flusher f = { .probe = p, .count = 1 };
	struct task_struct *task;

	p[0].gated = true;
	p[1].gated = true;
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	task = start_on_cpu(2, insert_on_own_and_on_3, p);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].entered));
	f.task = start_on_cpu(1, flush, &f);
	KUNIT_EXPECT_TRUE(test, wait_until(flusher_settled, &f));
	open_gate(&p[1], 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].entered));
	KUNIT_EXPECT_TRUE(test, wait_until(flusher_settled, &f));
	open_gate(&p[0], 1);
	join(f.task);
	join(task);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_EQ(test, p[0].cpu, 2);
	KUNIT_EXPECT_EQ(test, f.runs, 1);
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

	KeInitializeDpc(&dpc, return_raised, NULL);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN), before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static int dpc_init(struct kunit *test)
{
	struct fixture *f;
	unsigned int i;

	need_cpus(test, 4);
	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < PROBES; i++)
		probe_init(&f->probe[i], &f->order);
	test->priv = f;
	return 0;
}

/* No DPC may outlive the memory of its case. */
static void dpc_exit(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	for (i = 0; f && i < PROBES; i++)
		open_gate(&f->probe[i], INT_MAX);
	KeFlushQueuedDpcs();
	if (f && !cpu_online(3))
		add_cpu(3);
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
	KUNIT_CASE(dpc_without_target_runs_where_inserted),
	KUNIT_CASE(dpc_runs_on_its_target),
	KUNIT_CASE(dpc_bad_processor_number_is_refused),
	KUNIT_CASE(dpc_bad_target_changes_nothing),
	KUNIT_CASE(dpc_new_target_does_not_move_a_queued_one),
	KUNIT_CASE(dpc_queue_is_first_in_first_out),
	KUNIT_CASE(dpc_high_importance_goes_first),
	KUNIT_CASE(dpc_other_importances_go_last),
	KUNIT_CASE(dpc_new_importance_does_not_move_a_queued_one),
	KUNIT_CASE(dpc_low_importance_runs_and_is_flushed),
	KUNIT_CASE(dpc_remote_insert_keeps_first_arguments),
	KUNIT_CASE(dpc_irqs_off_insert_keeps_first_arguments),
	KUNIT_CASE(dpc_high_importance_does_not_wear_off),
	KUNIT_CASE(dpc_flush_waits_for_all_cpus),
	KUNIT_CASE(dpc_flush_twice_is_fine),
	KUNIT_CASE(dpc_flush_at_dispatch_is_reported),
	KUNIT_CASE(dpc_executing_only_inside_a_dpc),
	KUNIT_CASE(dpc_two_cpus_agree_on_one_insert),
	KUNIT_CASE(dpc_remove_races_with_run),
	KUNIT_CASE(dpc_routine_may_free_its_dpc),
	KUNIT_CASE(dpc_ordinary_may_overlap_itself),
	KUNIT_CASE(dpc_serialized_never_overlaps_itself),
	KUNIT_CASE(dpc_flush_waits_for_a_serialized_one),
	KUNIT_CASE(dpc_serialized_follows_its_cpu),
	KUNIT_CASE(dpc_endless_one_does_not_stop_a_flush),
	KUNIT_CASE(dpc_endless_high_one_does_not_stop_a_flush),
	KUNIT_CASE(dpc_endless_one_lets_its_inserter_go),
	KUNIT_CASE(dpc_survives_its_cpu),
	KUNIT_CASE(dpc_target_gone_offline_is_none),
	KUNIT_CASE(dpc_flush_waits_for_the_queue_of_an_offline_cpu),
	KUNIT_CASE(dpc_returning_raised_is_reported),
	{}
};

static struct kunit_suite dpc_suite = {
	.name = "minirq_dpc",
	.init = dpc_init,
	.exit = dpc_exit,
	.test_cases = dpc_cases,
};

kunit_test_suite(dpc_suite);
