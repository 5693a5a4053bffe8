// SPDX-License-Identifier: GPL-2.0-only
/* Timers: when they expire, what they queue, and who may stop them. */
#include <linux/cpu.h>
#include <linux/delay.h>
#include <linux/ftrace.h>
#include <linux/irqflags.h>
#include <linux/ktime.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/timekeeping.h>

#include <kunit/test.h>

#include "../src/dpc.h"
#include "../src/irql.h"
#include "../src/timer.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "dpc_fixture.h"

#define UNITS_PER_USEC	10
#define UNITS_PER_MSEC	10000LL
#define UNIX_EPOCH	116444736000000000LL

/* Later than any case lasts. */
static const LARGE_INTEGER never = { .QuadPart = -3600 * 1000 * UNITS_PER_MSEC };
/* The year 1601. */
static const LARGE_INTEGER long_ago;

static LARGE_INTEGER from_now(unsigned int msec)
{
	return (LARGE_INTEGER){ .QuadPart = -UNITS_PER_MSEC * msec };
}

static LARGE_INTEGER wall_clock_in(int msec)
{
	s64 now = ktime_divns(ktime_get_real(), 100);

	return (LARGE_INTEGER){ .QuadPart = UNIX_EPOCH + now + UNITS_PER_MSEC * msec };
}

static void timer_expires_once(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;

	KeInitializeTimer(&timer);
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), FALSE);
	KUNIT_EXPECT_EQ(test, KeSetTimer(&timer, from_now(1), &p->dpc), FALSE);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), TRUE);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), FALSE);
	KUNIT_EXPECT_PTR_EQ(test, p->self, &p->dpc);
	KUNIT_EXPECT_EQ(test, p->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_NE(test, p->executing, 0);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
}

/* Times that nobody lives to see, and one that has long been */
static void timer_at_the_ends_of_time(struct kunit *test)
{
	const LARGE_INTEGER farthest[] = {
		{ .QuadPart = LLONG_MIN }, { .QuadPart = LLONG_MIN + 1 }, { .QuadPart = LLONG_MAX },
	};
	KTIMER timer;
	int i;

	KeInitializeTimer(&timer);
	for (i = 0; i < ARRAY_SIZE(farthest); i++) {
		KeSetTimer(&timer, farthest[i], NULL);
		usleep_range(100, 200);
		KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), FALSE);
		KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), TRUE);
	}
	/* a negative period is none */
	KeSetTimerEx(&timer, long_ago, -1, NULL);
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), TRUE);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), FALSE);
}

static VOID note_time(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct dpc_probe *p = context;

	p->arg1 = (PVOID)ktime_get();
	atomic_inc(&p->runs);
}

/* Relative or absolute, never before its time. */
static void timer_does_not_expire_early(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	ktime_t earliest[2];
	KTIMER timer;

	KeInitializeTimer(&timer);
	KeInitializeDpc(&p->dpc, note_time, p);
	earliest[0] = ktime_add_ms(ktime_get(), 20);
	KeSetTimer(&timer, from_now(20), &p->dpc);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_GE(test, (ktime_t)p->arg1, earliest[0]);
	earliest[1] = ktime_add_ms(ktime_get(), 20);
	KeSetTimer(&timer, wall_clock_in(21), &p->dpc);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_GE(test, (ktime_t)p->arg1, earliest[1]);
}

/**
 * struct setting - a call of KeSetTimerEx() for another CPU to make
 * @timer:	the timer
 * @due:	when
 * @period:	how often
 * @dpc:	what then
 * @was_set:	what the call said
 */
struct setting {
	KTIMER *timer;
	LARGE_INTEGER due;
	LONG period;
	PKDPC dpc;
	BOOLEAN was_set;
};

static void set_timer(void *arg)
{
	struct setting *s = arg;

	s->was_set = KeSetTimerEx(s->timer, s->due, s->period, s->dpc);
}

static void timer_runs_where_it_was_set(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;
	struct setting s = { .timer = &timer, .due = from_now(1), .dpc = &p->dpc };
	unsigned int cpu;

	KeInitializeTimer(&timer);
	for (cpu = 0; cpu < 4; cpu++) {
		on_cpu(cpu, set_timer, &s);
		KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, cpu + 1));
		KUNIT_EXPECT_EQ(test, p->cpu, cpu);
		KUNIT_EXPECT_EQ(test, s.was_set, FALSE);
	}
}

static void timer_respects_the_target_of_its_dpc(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;

	KeInitializeTimer(&timer);
	KeSetTargetProcessorDpc(&p->dpc, 2);
	KeSetTimer(&timer, from_now(1), &p->dpc);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, p->cpu, 2);
}

static void timer_of_the_past_expires_at_once(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;
	KIRQL old;
	int early;

	KeInitializeTimer(&timer);
	KeSetTimer(&timer, long_ago, &p->dpc);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
	old = KeRaiseIrqlToDpcLevel();
	KeSetTimer(&timer, from_now(0), &p->dpc);
	early = dpc_runs(p);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, early, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 2));
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), TRUE);
}

static bool has_expired(void *timer)
{
	return KeReadStateTimer(timer);
}

/* Both kinds, and setting one again takes the signal back. */
static void timer_without_dpc_is_signaled(struct kunit *test)
{
	TIMER_TYPE type;
	KTIMER timer;

	for (type = NotificationTimer; type <= SynchronizationTimer; type++) {
		KeInitializeTimerEx(&timer, type);
		KeSetTimer(&timer, from_now(1), NULL);
		KUNIT_EXPECT_TRUE(test, wait_until(has_expired, &timer));
		KeSetTimer(&timer, never, NULL);
		KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), FALSE);
		KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), TRUE);
		KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), FALSE);
	}
}

static LARGE_INTEGER no_time;

static NTSTATUS look(PKTIMER timer)
{
	return KeWaitForSingleObject(timer, Executive, KernelMode, FALSE, &no_time);
}

static NTSTATUS wait_for_timer(PKTIMER timer)
{
	return KeWaitForSingleObject(timer, Executive, KernelMode, FALSE, NULL);
}

/* Nor has it to wait for another one that is due, and has not expired yet. */
static void timer_of_the_past_expires_before_others(struct kunit *test)
{
	KTIMER due, past;
	BOOLEAN expired;

	KeInitializeTimer(&due);
	KeInitializeTimer(&past);
	local_irq_disable();
	KeSetTimer(&due, wall_clock_in(1), NULL);
	KeStallExecutionProcessor(2000);
	KeSetTimer(&past, long_ago, NULL);
	expired = KeReadStateTimer(&past);
	local_irq_enable();
	KUNIT_EXPECT_EQ(test, expired, TRUE);
	KUNIT_EXPECT_EQ(test, wait_for_timer(&due), STATUS_SUCCESS);
}

/* It stays signalled until it is set again. */
static void timer_can_be_waited_for(struct kunit *test)
{
	KTIMER timer;

	KeInitializeTimer(&timer);
	KUNIT_EXPECT_EQ(test, look(&timer), STATUS_TIMEOUT);
	KeSetTimer(&timer, from_now(1), NULL);
	KUNIT_EXPECT_EQ(test, wait_for_timer(&timer), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, look(&timer), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), TRUE);
	KeSetTimer(&timer, never, NULL);
	KUNIT_EXPECT_EQ(test, look(&timer), STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), TRUE);
}

/**
 * struct wait - a thread waits for a timer
 * @timer:	the timer
 * @passed:	how many threads have got it
 */
struct wait {
	KTIMER timer;
	atomic_t passed;
};

static void wait_and_count(void *arg)
{
	struct wait *w = arg;

	if (wait_for_timer(&w->timer) == STATUS_SUCCESS)
		atomic_inc(&w->passed);
}

static bool sleeps(void *task)
{
	return is_asleep(task);
}

/* One of two threads for each time that it expires. */
static void timer_of_synchronization_lets_one_pass(struct kunit *test)
{
	struct wait w = {};
	struct task_struct *task[2];
	unsigned int i;

	KeInitializeTimerEx(&w.timer, SynchronizationTimer);
	for (i = 0; i < ARRAY_SIZE(task); i++) {
		task[i] = start_on_cpu(1 + i, wait_and_count, &w);
		KUNIT_EXPECT_TRUE(test, wait_until(sleeps, task[i]));
	}
	KeSetTimer(&w.timer, long_ago, NULL);
	join(task[0]);
	KUNIT_EXPECT_EQ(test, atomic_read(&w.passed), 1);
	KUNIT_EXPECT_TRUE(test, is_asleep(task[1]));
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&w.timer), FALSE);
	KeSetTimer(&w.timer, from_now(1), NULL);
	join(task[1]);
	KUNIT_EXPECT_EQ(test, atomic_read(&w.passed), 2);
	KUNIT_EXPECT_EQ(test, look(&w.timer), STATUS_TIMEOUT);
}

/* To an earlier time and to a later one, to another DPC, CPU and clock. */
static void timer_that_is_set_moves(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;
	struct setting s = { .timer = &timer, .due = never, .dpc = &p[0].dpc };

	KeInitializeTimer(&timer);
	KUNIT_EXPECT_EQ(test, KeSetTimer(&timer, never, &p[0].dpc), FALSE);
	KUNIT_EXPECT_EQ(test, KeSetTimer(&timer, wall_clock_in(3600 * 1000), &p[0].dpc), TRUE);
	on_cpu(2, set_timer, &s);
	KUNIT_EXPECT_EQ(test, s.was_set, TRUE);
	KUNIT_EXPECT_EQ(test, KeSetTimer(&timer, from_now(1), &p[1].dpc), TRUE);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].runs));
	KUNIT_EXPECT_EQ(test, p[1].cpu, 0);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), FALSE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, dpc_runs(&p[0]), 0);
}

static void timer_cancelled_never_expires(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	BOOLEAN cancelled;
	KTIMER timer;
	KIRQL old;

	KeInitializeTimer(&timer);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), FALSE);
	old = KeRaiseIrqlToDpcLevel();
	KeSetTimer(&timer, never, &p->dpc);
	cancelled = KeCancelTimer(&timer);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, cancelled, TRUE);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), FALSE);
	KUNIT_EXPECT_TRUE(test, stays_clear(&p->runs));
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), FALSE);
}

static void timer_periodic_expires_until_cancelled(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;

	KeInitializeTimer(&timer);
	KeSetTimerEx(&timer, from_now(1), 1, &p->dpc);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 5));
	KUNIT_EXPECT_EQ(test, KeReadStateTimer(&timer), TRUE);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), TRUE);
	KeFlushQueuedDpcs();
	atomic_set(&p->runs, 0);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), FALSE);
	KUNIT_EXPECT_TRUE(test, stays_clear(&p->runs));
}

/* Every period after its call, whenever its first time would have been. */
static void timer_of_the_past_is_periodic_from_now_on(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer, later;
	int hour = 3600 * 1000;

	KeInitializeTimer(&timer);
	KeInitializeTimer(&later);
	KeSetTimerEx(&timer, wall_clock_in(5 - hour), hour, &p[0].dpc);
	KUNIT_EXPECT_EQ(test, dpc_runs(&p[0]), 1);
	KeSetTimer(&later, wall_clock_in(10), &p[1].dpc);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].runs));
	KUNIT_EXPECT_EQ(test, dpc_runs(&p[0]), 1);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), TRUE);
}

/* In milliseconds: a timer's period, and how long its CPU takes no interrupt. */
#define PERIOD		100
#define HOLD		151

/**
 * struct late - a periodic timer that expires late
 * @timer:	the timer
 * @drifted:	when it would come next, if its period began with its expiry
 * @next:	its next expiry came before that
 */
struct late {
	KTIMER timer;
	ktime_t drifted;
	bool next;
};

static void stall_until(ktime_t then)
{
	while (ktime_before(ktime_get(), then))
		cpu_relax();
}

static bool expired_or_drifted(void *arg)
{
	struct late *l = arg;

	bool expired = look(&l->timer) == STATUS_SUCCESS;
	bool in_time = ktime_before(ktime_get(), l->drifted);

	l->next = expired && in_time;
	return expired || !in_time;
}

/* Due after 1 ms; one time is missed, and the next is half a period away. */
static void expire_late(void *arg)
{
	struct late *l = arg;

	KeInitializeTimerEx(&l->timer, SynchronizationTimer);
	local_irq_disable();
	KeSetTimerEx(&l->timer, from_now(1), PERIOD, NULL);
	stall_until(ktime_add_ms(ktime_get(), HOLD));
	l->drifted = ktime_add_ms(ktime_get(), PERIOD);
	local_irq_enable();
	wait_for_timer(&l->timer);
	wait_until(expired_or_drifted, l);
	KeCancelTimer(&l->timer);
}

/* A host may be too slow to tell; it is not so each time. */
static void timer_periodic_does_not_drift(struct kunit *test)
{
	struct late l = {};
	unsigned int i;

	for (i = 0; i < 20 && !l.next; i++)
		on_cpu(1, expire_late, &l);
	KUNIT_EXPECT_TRUE(test, l.next);
}

static void timer_coalescable_is_periodic_too(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;

	KeInitializeTimer(&timer);
	KUNIT_EXPECT_EQ(test, KeSetCoalescableTimer(&timer, wall_clock_in(1), 1, 5, &p->dpc),
			FALSE);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p->runs, 3));
	KUNIT_EXPECT_EQ(test, KeSetCoalescableTimer(&timer, never, 0, 5, &p->dpc), TRUE);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer), TRUE);
}

/* With interrupts off none expires before both are set. */
static void timer_order_is_that_of_time(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer[3];
	unsigned int i;

	local_irq_disable();
	for (i = 0; i < ARRAY_SIZE(timer); i++) {
		KeInitializeTimer(&timer[i]);
		KeSetTimer(&timer[i], from_now(9 - 3 * i), &p[i].dpc);
	}
	local_irq_enable();
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].runs));
	for (i = 0; i < ARRAY_SIZE(timer); i++)
		KUNIT_EXPECT_EQ(test, p[i].place, 3 - i);
}

/**
 * struct rerun - a DPC that sets its timer itself
 * @timer:	the timer
 * @dpc:	the DPC
 * @runs:	how often it ran
 * @limit:	after which run it no longer does
 * @was_set:	what the last call about the timer said
 */
struct rerun {
	KTIMER timer;
	KDPC dpc;
	atomic_t runs;
	int limit;
	BOOLEAN was_set;
};

static VOID set_again(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct rerun *r = context;

	if (atomic_read(&r->runs) + 1 < r->limit)
		r->was_set |= KeSetTimer(&r->timer, from_now(1), dpc);
	atomic_inc(&r->runs);
}

/* What most drivers do instead of giving a period. */
static void timer_may_be_set_by_its_dpc(struct kunit *test)
{
	struct rerun r = { .limit = 4 };

	KeInitializeTimer(&r.timer);
	KeInitializeDpc(&r.dpc, set_again, &r);
	KeSetTimer(&r.timer, from_now(1), &r.dpc);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&r.runs, 4));
	KUNIT_EXPECT_EQ(test, r.was_set, FALSE);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&r.timer), FALSE);
	KeFlushQueuedDpcs();
}

static VOID cancel_itself(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct rerun *r = context;

	r->was_set = KeCancelTimer(&r->timer);
	atomic_inc(&r->runs);
}

/* A periodic timer is set while its DPC runs; the period is never over. */
static void timer_may_be_cancelled_by_its_dpc(struct kunit *test)
{
	struct rerun r = {};

	KeInitializeTimer(&r.timer);
	KeInitializeDpc(&r.dpc, cancel_itself, &r);
	KeSetTimerEx(&r.timer, from_now(1), 3600 * 1000, &r.dpc);
	KUNIT_EXPECT_TRUE(test, wait_for(&r.runs));
	KUNIT_EXPECT_EQ(test, r.was_set, TRUE);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&r.timer), FALSE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&r.runs), 1);
}

/* Reported, and done nevertheless. */
static void timer_above_dispatch_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IRQL_DISPATCH_LTE);
	struct dpc_probe *p = dpc_probes(test);
	BOOLEAN cancelled;
	KTIMER timer;
	KIRQL old;

	KeInitializeTimer(&timer);
	KeRaiseIrql(MINIRQ_DIRQL, &old);
	KeSetTimer(&timer, never, &p->dpc);
	cancelled = KeCancelTimer(&timer);
	KeSetTimerEx(&timer, long_ago, 0, &p->dpc);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, cancelled, TRUE);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_DISPATCH_LTE), before + 3);
}

/* Port drivers set theirs in an ISR; that is no violation. */
static void timer_of_a_port_driver_takes_any_level(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct dpc_probe *p = dpc_probes(test);
	bool cancelled;
	KTIMER timer;
	KIRQL old;

	KeInitializeTimer(&timer);
	KeRaiseIrql(HIGH_LEVEL, &old);
	minirq_timer_set(&timer, never, 0, &p->dpc);
	cancelled = minirq_timer_cancel(&timer);
	minirq_timer_set(&timer, long_ago, 0, &p->dpc);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, cancelled);
	KUNIT_EXPECT_TRUE(test, wait_for(&p->runs));
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

#define ROUNDS	500

/**
 * struct one_shot - a timer and its DPC, in memory of their own
 * @timer:	the timer
 * @dpc:	the DPC
 */
struct one_shot {
	KTIMER timer;
	KDPC dpc;
};

/**
 * struct duel - a timer expires on one CPU while another cancels it
 * @shot:	allocated for each round; the canceller frees it
 * @step:	where they meet
 * @expired:	by round, how often the DPC ran
 * @cancelled:	by round, the canceller was in time
 */
struct duel {
	struct one_shot *shot;
	struct meeting step;
	atomic_t expired[ROUNDS];
	BOOLEAN cancelled[ROUNDS];
};

static VOID count_expiry(PRKDPC dpc, PVOID count, PVOID arg1, PVOID arg2)
{
	atomic_inc(count);
}

/* The timer is due when they meet, and expires as interrupts are let in. */
static void let_expire(void *arg)
{
	LARGE_INTEGER due = { .QuadPart = -20 * UNITS_PER_USEC };
	struct duel *d = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		d->shot = kzalloc(sizeof(*d->shot), GFP_KERNEL | __GFP_NOFAIL);
		KeInitializeTimer(&d->shot->timer);
		KeInitializeDpc(&d->shot->dpc, count_expiry, &d->expired[i]);
		local_irq_disable();
		KeSetTimer(&d->shot->timer, due, &d->shot->dpc);
		KeStallExecutionProcessor(20);
		meet(&d->step);
		local_irq_enable();
		meet(&d->step);
	}
}

/* In time, and the memory is free at once; otherwise after a flush. */
static void cancel_and_free(void *arg)
{
	struct duel *d = arg;
	struct one_shot *shot;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		meet(&d->step);
		shot = d->shot;
		udelay(i % 4);
		d->cancelled[i] = KeCancelTimer(&shot->timer);
		if (!d->cancelled[i])
			KeFlushQueuedDpcs();
		kfree(shot);
		meet(&d->step);
	}
}

/* Either it is cancelled or its DPC runs, and has run after a flush. */
static void timer_cancel_races_with_expiry(struct kunit *test)
{
	struct duel *d = kunit_kzalloc(test, sizeof(*d), GFP_KERNEL);
	struct task_struct *task[2];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, d);
	d->step.parties = 2;
	task[0] = start_on_cpu(1, let_expire, d);
	task[1] = start_on_cpu(2, cancel_and_free, d);
	join(task[0]);
	join(task[1]);
	for (i = 0; i < ROUNDS; i++)
		KUNIT_EXPECT_EQ(test, atomic_read(&d->expired[i]) + d->cancelled[i], 1);
}

/**
 * struct contest - several CPUs set one timer and cancel it
 * @timer:	the timer
 * @dpc:	its DPC
 * @step:	where they meet
 * @set:	calls that found it not set
 * @stopped:	cancellations that were in time
 * @expired:	how often the DPC ran
 */
struct contest {
	KTIMER timer;
	KDPC dpc;
	struct meeting step;
	atomic_t set;
	atomic_t stopped;
	atomic_t expired;
};

/* Also far away, so that it has to be moved, and on both clocks. */
static void contend(void *arg)
{
	struct contest *c = arg;
	unsigned int i;

	for (i = 0; i < ROUNDS; i++) {
		LARGE_INTEGER due = i % 3 ? from_now(0) : wall_clock_in(3600 * 1000);

		meet(&c->step);
		due.QuadPart -= i % 50 * UNITS_PER_USEC;
		if (!KeSetTimer(&c->timer, due, &c->dpc))
			atomic_inc(&c->set);
		if (KeCancelTimer(&c->timer))
			atomic_inc(&c->stopped);
	}
}

/* What was set was cancelled or has expired, each time once. */
static void timer_many_cpus_agree(struct kunit *test)
{
	struct contest *c = kunit_kzalloc(test, sizeof(*c), GFP_KERNEL);
	struct task_struct *task[3];
	unsigned int i;

	KUNIT_ASSERT_NOT_NULL(test, c);
	c->step.parties = ARRAY_SIZE(task);
	KeInitializeTimer(&c->timer);
	KeInitializeDpc(&c->dpc, count_expiry, &c->expired);
	for (i = 0; i < ARRAY_SIZE(task); i++)
		task[i] = start_on_cpu(1 + i, contend, c);
	for (i = 0; i < ARRAY_SIZE(task); i++)
		join(task[i]);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&c->timer), FALSE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_LE(test, atomic_read(&c->expired),
			atomic_read(&c->set) - atomic_read(&c->stopped));
	KUNIT_EXPECT_EQ(test, atomic_read(&c->expired) > 0,
			atomic_read(&c->set) > atomic_read(&c->stopped));
}

static void do_nothing(void *arg)
{
}

static VOID free_both(PRKDPC dpc, PVOID freed, PVOID arg1, PVOID arg2)
{
	kfree(container_of(dpc, struct one_shot, dpc));
	atomic_inc(freed);
}

/* Even on another CPU than the one where the timer expires. */
static void timer_may_be_freed_by_its_dpc(struct kunit *test)
{
	atomic_t freed = ATOMIC_INIT(0);
	struct one_shot *shot;
	int i;

	for (i = 0; i < ROUNDS; i++) {
		shot = kzalloc(sizeof(*shot), GFP_KERNEL);
		KUNIT_ASSERT_NOT_NULL(test, shot);
		KeInitializeTimer(&shot->timer);
		KeInitializeDpc(&shot->dpc, free_both, &freed);
		KeSetTargetProcessorDpc(&shot->dpc, i % 4);
		KeSetTimer(&shot->timer, i % 2 ? long_ago : from_now(0), &shot->dpc);
		KUNIT_EXPECT_TRUE(test, wait_for_count(&freed, i + 1));
	}
}

/**
 * struct detour - a timer's call of KeInsertQueueDpc(), which a case steps into
 * @dpc:	the call is about this DPC
 * @before:	how far it may get: to the insert
 * @after:	and from there back
 * @arrived:	it has been made
 * @inserted:	the DPC is queued
 */
struct detour {
	PKDPC dpc;
	atomic_t before;
	atomic_t after;
	atomic_t arrived;
	atomic_t inserted;
};

static struct detour detour;

static BOOLEAN insert_by_detour(PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	bool inserted;

	if (dpc != detour.dpc)
		return minirq_dpc_insert(dpc, arg1, arg2);
	atomic_inc(&detour.arrived);
	spin_for(&detour.before);
	inserted = minirq_dpc_insert(dpc, arg1, arg2);
	atomic_inc(&detour.inserted);
	spin_for(&detour.after);
	return inserted;
}

static void notrace divert(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			   struct ftrace_regs *regs)
{
	ftrace_regs_set_instruction_pointer(regs, (unsigned long)insert_by_detour);
}

static struct ftrace_ops detour_ops = {
	.func = divert,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY,
};

static void begin_detour(struct kunit *test, PKDPC dpc)
{
	unsigned long ip = (unsigned long)KeInsertQueueDpc;

	detour = (struct detour) { .dpc = dpc };
	KUNIT_ASSERT_EQ(test, ftrace_set_filter_ip(&detour_ops, ip, 0, 0), 0);
	KUNIT_ASSERT_EQ(test, register_ftrace_function(&detour_ops), 0);
}

static void end_detour(void)
{
	unregister_ftrace_function(&detour_ops);
	ftrace_set_filter_ip(&detour_ops, (unsigned long)KeInsertQueueDpc, 1, 0);
}

/**
 * struct canceller - a thread that cancels a timer
 * @timer:	the timer
 * @was_set:	what the call said
 * @returned:	it has
 */
struct canceller {
	KTIMER *timer;
	BOOLEAN was_set;
	atomic_t returned;
};

static void cancel_timer(void *arg)
{
	struct canceller *c = arg;

	c->was_set = KeCancelTimer(c->timer);
	atomic_set(&c->returned, 1);
}

/* Not before what is under way is queued, or a flush would miss it. */
static void timer_cancel_waits_for_an_expiry(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer;
	struct setting s = { .timer = &timer, .due = from_now(1), .dpc = &p->dpc };
	struct canceller c = { .timer = &timer };
	struct task_struct *setter, *task;

	KeInitializeTimer(&timer);
	begin_detour(test, &p->dpc);
	atomic_set(&detour.after, 1);
	setter = start_on_cpu(1, set_timer, &s);
	KUNIT_EXPECT_TRUE(test, wait_for(&detour.arrived));
	task = start_on_cpu(2, cancel_timer, &c);
	KUNIT_EXPECT_TRUE(test, stays_clear(&c.returned));
	atomic_set(&detour.before, 1);
	join(task);
	join(setter);
	end_detour();
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, c.was_set, FALSE);
	KUNIT_EXPECT_EQ(test, dpc_runs(p), 1);
}

#define POISON	0x5a

static VOID poison(PRKDPC dpc, PVOID ran, PVOID arg1, PVOID arg2)
{
	struct one_shot *shot = container_of(dpc, struct one_shot, dpc);

	memset(shot, POISON, sizeof(*shot));
	atomic_inc(ran);
}

/* It is the driver's again when its DPC runs, while it still expires elsewhere. */
static void timer_is_not_touched_after_its_dpc(struct kunit *test)
{
	struct one_shot *shot = kunit_kzalloc(test, sizeof(*shot), GFP_KERNEL);
	struct setting s = { .due = from_now(1) };
	atomic_t ran = ATOMIC_INIT(0);
	struct task_struct *setter;

	KUNIT_ASSERT_NOT_NULL(test, shot);
	s.timer = &shot->timer;
	s.dpc = &shot->dpc;
	KeInitializeTimer(&shot->timer);
	KeInitializeDpc(&shot->dpc, poison, &ran);
	KeSetTargetProcessorDpc(&shot->dpc, 2);
	begin_detour(test, &shot->dpc);
	atomic_set(&detour.before, 1);
	setter = start_on_cpu(1, set_timer, &s);
	KUNIT_EXPECT_TRUE(test, wait_for(&detour.inserted));
	KUNIT_EXPECT_TRUE(test, wait_for(&ran));
	atomic_set(&detour.after, 1);
	join(setter);
	/* a CPU that can be called has left the expiry */
	on_cpu(1, do_nothing, NULL);
	end_detour();
	KUNIT_EXPECT_NULL(test, memchr_inv(shot, POISON, sizeof(*shot)));
}

/*
 * A CPU leaves timers behind: one to expire, one to cancel, one to set again. When
 * it returns they expire on it.
 */
static void timer_survives_its_cpu(struct kunit *test)
{
	struct dpc_probe *p = dpc_probes(test);
	KTIMER timer[3];
	struct setting s[3];
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(timer); i++) {
		KeInitializeTimer(&timer[i]);
		s[i] = (struct setting){ &timer[i], never, 0, &p[i].dpc };
	}
	s[0].due = from_now(1);
	s[0].period = 1;
	for (i = 0; i < ARRAY_SIZE(timer); i++)
		on_cpu(3, set_timer, &s[i]);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[0].runs));
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p[0].runs, dpc_runs(&p[0]) + 2));
	KUNIT_EXPECT_NE(test, p[0].cpu, 3);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer[1]), TRUE);
	KUNIT_EXPECT_EQ(test, KeSetTimer(&timer[2], from_now(1), &p[2].dpc), TRUE);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[2].runs));
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&p[0].runs, dpc_runs(&p[0]) + 2));
	KUNIT_EXPECT_EQ(test, p[0].cpu, 3);
	s[1].due = from_now(1);
	on_cpu(3, set_timer, &s[1]);
	KUNIT_EXPECT_TRUE(test, wait_for(&p[1].runs));
	KUNIT_EXPECT_EQ(test, p[1].cpu, 3);
	KUNIT_EXPECT_EQ(test, KeCancelTimer(&timer[0]), TRUE);
}

static struct kunit_case timer_cases[] = {
	KUNIT_CASE(timer_expires_once),
	KUNIT_CASE(timer_at_the_ends_of_time),
	KUNIT_CASE(timer_does_not_expire_early),
	KUNIT_CASE(timer_runs_where_it_was_set),
	KUNIT_CASE(timer_respects_the_target_of_its_dpc),
	KUNIT_CASE(timer_of_the_past_expires_at_once),
	KUNIT_CASE(timer_of_the_past_expires_before_others),
	KUNIT_CASE(timer_without_dpc_is_signaled),
	KUNIT_CASE(timer_can_be_waited_for),
	KUNIT_CASE(timer_of_synchronization_lets_one_pass),
	KUNIT_CASE(timer_that_is_set_moves),
	KUNIT_CASE(timer_cancelled_never_expires),
	KUNIT_CASE(timer_periodic_expires_until_cancelled),
	KUNIT_CASE(timer_of_the_past_is_periodic_from_now_on),
	KUNIT_CASE(timer_periodic_does_not_drift),
	KUNIT_CASE(timer_coalescable_is_periodic_too),
	KUNIT_CASE(timer_order_is_that_of_time),
	KUNIT_CASE(timer_may_be_set_by_its_dpc),
	KUNIT_CASE(timer_may_be_cancelled_by_its_dpc),
	KUNIT_CASE(timer_above_dispatch_is_reported),
	KUNIT_CASE(timer_of_a_port_driver_takes_any_level),
	KUNIT_CASE(timer_cancel_races_with_expiry),
	KUNIT_CASE(timer_many_cpus_agree),
	KUNIT_CASE(timer_may_be_freed_by_its_dpc),
	KUNIT_CASE(timer_cancel_waits_for_an_expiry),
	KUNIT_CASE(timer_is_not_touched_after_its_dpc),
	KUNIT_CASE(timer_survives_its_cpu),
	{}
};

static struct kunit_suite timer_suite = {
	.name = "minirq_timer",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = timer_cases,
};

kunit_test_suite(timer_suite);
