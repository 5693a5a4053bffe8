// SPDX-License-Identifier: GPL-2.0-only
/*
 * What Wine tests of DPCs, on Windows too, in dlls/ntoskrnl.exe/tests/driver.c:
 * a DPC on every CPU, its barrier and its count. Written anew.
 */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/irqflags.h>
#include <linux/preempt.h>

#include <kunit/test.h>

#include "../src/dpc_call.h"
#include "../src/verifier.h"
#include "cpu.h"

#define CPUS	4
#define ROUNDS	100

/**
 * struct calls - what the routines saw
 * @ran:	by CPU, how often
 * @irql:	by CPU, at what level
 * @executing:	by CPU, what KeIsExecutingDpc() said
 * @left:	by CPU, the count of SystemArgument1 before anybody was done
 * @arrived:	by round, how many have reached its barrier
 * @early:	somebody left a barrier before all had reached it
 * @first:	by round, how many were told TRUE
 */
struct calls {
	atomic_t ran[CPUS];
	KIRQL irql[CPUS];
	ULONG executing[CPUS];
	LONG left[CPUS];
	atomic_t arrived[ROUNDS];
	atomic_t early;
	atomic_t first[ROUNDS];
};

static int all_ran(struct calls *c)
{
	unsigned int cpu;
	int sum = 0;

	for (cpu = 0; cpu < CPUS; cpu++)
		sum += atomic_read(&c->ran[cpu]);
	return sum;
}

static VOID count_cpu(PRKDPC dpc, PVOID context, PVOID done, PVOID barrier)
{
	struct calls *c = context;
	unsigned int cpu = KeGetCurrentProcessorNumber();

	atomic_inc(&c->ran[cpu]);
	c->irql[cpu] = KeGetCurrentIrql();
	c->executing[cpu] = KeIsExecutingDpc();
	KeSignalCallDpcDone(done);
}

static void dpc_wine_runs_once_on_each_cpu(struct kunit *test)
{
	struct calls c = {};
	unsigned int cpu;

	KeGenericCallDpc(count_cpu, &c);
	for (cpu = 0; cpu < CPUS; cpu++) {
		KUNIT_EXPECT_EQ(test, atomic_read(&c.ran[cpu]), 1);
		KUNIT_EXPECT_EQ(test, c.irql[cpu], DISPATCH_LEVEL);
		KUNIT_EXPECT_NE(test, c.executing[cpu], 0);
	}
	KUNIT_EXPECT_EQ(test, KeIsExecutingDpc(), 0);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID meet_often(PRKDPC dpc, PVOID context, PVOID done, PVOID barrier)
{
	struct calls *c = context;
	unsigned int i;

	c->left[KeGetCurrentProcessorNumber()] = READ_ONCE(*(LONG *)done);
	for (i = 0; i < ROUNDS; i++) {
		atomic_inc(&c->arrived[i]);
		if (KeSignalCallDpcSynchronize(barrier))
			atomic_inc(&c->first[i]);
		if (atomic_read(&c->arrived[i]) != CPUS)
			atomic_set(&c->early, 1);
	}
	KeSignalCallDpcDone(done);
}

/* Nobody leaves a round early, and one CPU is told that it is the one. */
static void dpc_wine_barrier_has_one_winner_per_round(struct kunit *test)
{
	struct calls *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KeGenericCallDpc(meet_often, c);
	for (i = 0; i < ROUNDS; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&c->first[i]), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&c->early), 0);
}

/* Nobody is done before all have met, so all see the same. */
static void dpc_wine_count_starts_at_the_number_of_cpus(struct kunit *test)
{
	struct calls *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KeGenericCallDpc(meet_often, c);
	for (cpu = 0; cpu < CPUS; cpu++)
		KUNIT_EXPECT_EQ(test, c->left[cpu], CPUS);
}

static bool others_ran(void *arg)
{
	return all_ran(arg) == CPUS - 1;
}

static VOID be_last_on_1(PRKDPC dpc, PVOID context, PVOID done, PVOID barrier)
{
	struct calls *c = context;
	unsigned int cpu = KeGetCurrentProcessorNumber();

	if (cpu == 1)
		spin_until(others_ran, c);
	atomic_inc(&c->ran[cpu]);
	KeSignalCallDpcDone(done);
}

static void dpc_wine_call_waits_for_every_cpu(struct kunit *test)
{
	struct calls c = {};

	KeGenericCallDpc(be_last_on_1, &c);
	KUNIT_EXPECT_EQ(test, all_ran(&c), CPUS);
}

/* Barriers are slow where CPUs outnumber those of the host. */
#define CALLS	4

static void call_often(void *arg)
{
	unsigned int i;

	for (i = 0; i < CALLS; i++)
		KeGenericCallDpc(meet_often, arg);
}

/* Two at once, each with barriers: one comes after the other. */
static void dpc_wine_calls_do_not_mix(struct kunit *test)
{
	struct calls *c = kunit_kcalloc(test, 2, sizeof(*c), GFP_KERNEL);
	struct task_struct *task[2];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, c);
	task[0] = start_on_cpu(1, call_often, &c[0]);
	task[1] = start_on_cpu(2, call_often, &c[1]);
	join(task[0]);
	join(task[1]);
	for (i = 0; i < ROUNDS; i++) {
		KUNIT_EXPECT_EQ(test, atomic_read(&c[0].first[i]), CALLS);
		KUNIT_EXPECT_EQ(test, atomic_read(&c[1].first[i]), CALLS);
	}
}

/**
 * struct dispute - what one CPU holds and another wants, as a lock is
 * @held:	CPU 1 has it, with interrupts on
 * @wanted:	CPU 2 waits for it, with interrupts off
 * @got:	it has come to that
 */
struct dispute {
	atomic_t held;
	atomic_t wanted;
	bool got;
};

static void hold_for_a_while(void *arg)
{
	struct dispute *d = arg;
	atomic_t never = ATOMIC_INIT(0);

	preempt_disable();
	atomic_set(&d->held, 1);
	spin_for(&d->wanted);
	stays_clear(&never);
	atomic_set(&d->held, 0);
	preempt_enable();
}

static bool is_free(void *arg)
{
	struct dispute *d = arg;

	return !atomic_read(&d->held);
}

static void want(void *arg)
{
	struct dispute *d = arg;

	spin_for(&d->held);
	local_irq_disable();
	atomic_set(&d->wanted, 1);
	d->got = spin_until(is_free, d);
	local_irq_enable();
}

static VOID meet_and_leave(PRKDPC dpc, PVOID context, PVOID done, PVOID barrier)
{
	KeSignalCallDpcSynchronize(barrier);
	KeSignalCallDpcDone(done);
}

/* Routines that wait for each other keep nobody from a lock that a third waits for. */
static void dpc_wine_call_lets_locks_go(struct kunit *test)
{
	struct dispute d = { .got = false };
	struct task_struct *task[2];

	task[0] = start_on_cpu(1, hold_for_a_while, &d);
	task[1] = start_on_cpu(2, want, &d);
	KUNIT_EXPECT_TRUE(test, wait_for(&d.wanted));
	KeGenericCallDpc(meet_and_leave, NULL);
	join(task[0]);
	join(task[1]);
	KUNIT_EXPECT_TRUE(test, d.got);
}

static VOID meet_once(PRKDPC dpc, PVOID context, PVOID done, PVOID barrier)
{
	struct calls *c = context;
	unsigned int cpu = KeGetCurrentProcessorNumber();

	KeSignalCallDpcSynchronize(barrier);
	count_cpu(dpc, &c[cpu], done, barrier);
}

static void dpc_wine_offline_cpu_is_not_called(struct kunit *test)
{
	struct calls *c = kunit_kcalloc(test, CPUS, sizeof(*c), GFP_KERNEL);
	unsigned int cpu;

	KUNIT_ASSERT_NOT_NULL(test, c);
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	KeGenericCallDpc(meet_once, c);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	for (cpu = 0; cpu < CPUS; cpu++)
		KUNIT_EXPECT_EQ(test, atomic_read(&c[cpu].ran[cpu]), cpu != 3);
}

/* Nothing may wait there. */
static void dpc_wine_call_at_apc_level_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_DPC_CALL);
	struct calls c = {};
	KIRQL old;

	KeRaiseIrql(APC_LEVEL, &old);
	KeGenericCallDpc(count_cpu, &c);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_DPC_CALL), before + 1);
	KUNIT_EXPECT_EQ(test, all_ran(&c), 0);
}

static VOID return_raised(PRKDPC dpc, PVOID context, PVOID done, PVOID barrier)
{
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL, &old);
	KeSignalCallDpcDone(done);
}

static void dpc_wine_routine_returning_raised_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN);
	struct calls c = {};

	minirq_verifier_enable(true);
	KeGenericCallDpc(return_raised, NULL);
	minirq_verifier_enable(false);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN), before + CPUS);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KeGenericCallDpc(count_cpu, &c);
	KUNIT_EXPECT_EQ(test, all_ran(&c), CPUS);
}

static int dpc_wine_init(struct kunit *test)
{
	need_cpus(test, CPUS);
	return 0;
}

static struct kunit_case dpc_wine_cases[] = {
	KUNIT_CASE(dpc_wine_runs_once_on_each_cpu),
	KUNIT_CASE(dpc_wine_barrier_has_one_winner_per_round),
	KUNIT_CASE(dpc_wine_count_starts_at_the_number_of_cpus),
	KUNIT_CASE(dpc_wine_call_waits_for_every_cpu),
	KUNIT_CASE(dpc_wine_calls_do_not_mix),
	KUNIT_CASE(dpc_wine_call_lets_locks_go),
	KUNIT_CASE(dpc_wine_offline_cpu_is_not_called),
	KUNIT_CASE(dpc_wine_call_at_apc_level_is_reported),
	KUNIT_CASE(dpc_wine_routine_returning_raised_is_reported),
	{}
};

static struct kunit_suite dpc_wine_suite = {
	.name = "minirq_dpc_wine",
	.init = dpc_wine_init,
	.test_cases = dpc_wine_cases,
};

kunit_test_suite(dpc_wine_suite);
