// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timers.
 *
 * A cancelled KTIMER is the driver's memory again at once, at DISPATCH_LEVEL
 * too, where nobody can wait for a callback to end. So a KTIMER is not an
 * hrtimer: it stands in a queue of its CPU, ordered by time, and each queue has
 * one hrtimer, the alarm, for the first of them. What a timer does when it
 * expires is done under the lock of its queue, so whoever cancels it comes
 * before that or after it.
 *
 * A relative time runs on the monotonic clock, an absolute one on the wall
 * clock, and follows when that is set. Hence two queues for each CPU.
 *
 * When a CPU goes offline the kernel moves its alarms to another one; the
 * queues stay as they are. When it returns, its alarms are fetched home.
 *
 * Lock order: the queues by address, then that of waiting threads, and those of
 * DPCs.
 */
#include "timer.h"

#include <linux/cpuhotplug.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/minmax.h>
#include <linux/percpu.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>
#include <linux/timerqueue.h>

#include "event.h"
#include "irql.h"
#include "verifier.h"

/* Windows counts time in units of 100 ns, from 1601 on. */
#define UNIT_NSEC	100
#define UNIX_EPOCH	116444736000000000ULL

enum clock { RELATIVE, ABSOLUTE, CLOCKS };

/**
 * struct timer_queue - the timers of one CPU and clock
 * @lock:	protects the rest, and each timer in here
 * @timers:	those that are set, by time
 * @alarm:	expires when the first of @timers does, or earlier
 * @now:	reads the clock
 */
struct timer_queue {
	raw_spinlock_t lock;
	struct timerqueue_head timers;
	struct hrtimer alarm;
	ktime_t (*now)(void);
};

static DEFINE_PER_CPU_ALIGNED(struct timer_queue, timer_queues[CLOCKS]);

/* What the CPU hotplug calls are removed by. */
static int hotplug_state;

/**
 * struct timer - what is in a KTIMER
 * @header:	signalled when it has expired since it was set; threads wait for it
 * @queue:	the queue that it is in, or was in last; changes under the lock
 *		of the old one
 * @node:	its place there
 * @dpc:	queued when it expires, or NULL
 * @period:	in milliseconds, or 0
 */
struct timer {
	DISPATCHER_HEADER header;
	struct timer_queue *queue;
	struct timerqueue_node node;
	PKDPC dpc;
	ULONG period;
};

static_assert(sizeof(struct timer) <= sizeof(KTIMER));

static struct timer *timer_in(PKTIMER storage)
{
	return (struct timer *)storage;
}

static bool is_set(const struct timer *timer)
{
	return !RB_EMPTY_NODE(&timer->node.node);
}

/* Sparse cannot follow a lock that is taken on a condition. */
static void lock_pair(struct timer_queue *a, struct timer_queue *b)
{
	if (a > b)
		swap(a, b);
	raw_spin_lock(&a->lock);
	__release(&a->lock);
	if (a == b)
		return;
	raw_spin_lock_nested(&b->lock, SINGLE_DEPTH_NESTING);
	__release(&b->lock);
}

static void unlock_pair(struct timer_queue *a, struct timer_queue *b)
{
	__acquire(&a->lock);
	raw_spin_unlock(&a->lock);
	if (a == b)
		return;
	__acquire(&b->lock);
	raw_spin_unlock(&b->lock);
}

/* Lock the queue of a timer, and the one that it is to move to; NULL for none. */
static struct timer_queue *lock_timer(struct timer *timer,
				      struct timer_queue *to)
{
	struct timer_queue *q;

	for (;;) {
		q = READ_ONCE(timer->queue);
		lock_pair(q, to ?: q);
		if (likely(q == timer->queue))
			return q;
		unlock_pair(q, to ?: q);
	}
}

/* Take a timer out of its queue. An alarm too early does no harm. */
static bool dequeue(struct timer *timer)
{
	if (!is_set(timer))
		return false;
	timerqueue_del(&timer->queue->timers, &timer->node);
	return true;
}

/* Runs that were missed are left out; the others do not drift. */
static ktime_t next_run(struct timer *timer, ktime_t now)
{
	u64 period = (u64)timer->period * NSEC_PER_MSEC;
	u64 late = ktime_sub(now, timer->node.expires);

	return ktime_add(now, period - late % period);
}

/*
 * The signal and the DPC come last: a thread that has waited, or the routine, may
 * free the timer.
 */
static void expire(struct timer_queue *q, struct timer *timer, ktime_t now)
{
	PKDPC dpc = timer->dpc;

	dequeue(timer);
	if (timer->period) {
		timer->node.expires = next_run(timer, now);
		timerqueue_add(&q->timers, &timer->node);
	}
	minirq_event_signal(&timer->header);
	if (dpc)
		KeInsertQueueDpc(dpc, NULL, NULL);
}

/* Let all that is due expire, and set the alarm for the next. */
static void advance(struct timer_queue *q)
{
	ktime_t now = q->now();
	struct timerqueue_node *first;

	while ((first = timerqueue_getnext(&q->timers)) && first->expires <= now)
		expire(q, container_of(first, struct timer, node), now);
	if (first)
		hrtimer_start(&q->alarm, first->expires,
			      HRTIMER_MODE_ABS_PINNED_HARD);
}

static enum hrtimer_restart ring(struct hrtimer *alarm)
{
	struct timer_queue *q = container_of(alarm, struct timer_queue, alarm);
	KIRQL old = minirq_irql_enter(CLOCK_LEVEL);
	unsigned long flags;

	raw_spin_lock_irqsave(&q->lock, flags);
	advance(q);
	raw_spin_unlock_irqrestore(&q->lock, flags);
	minirq_irql_leave(old);
	/* advance() restarts it, as whoever sets a timer meanwhile does */
	return HRTIMER_NORESTART;
}

static ktime_t nsec_of(u64 units)
{
	return min_t(u64, units, KTIME_MAX / UNIT_NSEC) * UNIT_NSEC;
}

/* A due time before 1970 is one long ago. */
static ktime_t expiry_of(LARGE_INTEGER due)
{
	u64 units = due.QuadPart;

	if (due.QuadPart < 0)
		return ktime_add_safe(ktime_get(), nsec_of(-units));
	return units < UNIX_EPOCH ? 0 : nsec_of(units - UNIX_EPOCH);
}

/*
 * Move a timer to the queue of this CPU; when it is due, it expires in here. The
 * period of one whose time has passed begins now.
 */
static bool set(struct timer *timer, LARGE_INTEGER due, ULONG period,
		PKDPC dpc)
{
	enum clock clock = due.QuadPart < 0 ? RELATIVE : ABSOLUTE;
	ktime_t expires = expiry_of(due);
	struct timer_queue *to = this_cpu_ptr(&timer_queues[clock]);
	struct timer_queue *from = lock_timer(timer, to);
	bool was_set = dequeue(timer);
	ktime_t now = to->now();
	bool is_due = expires <= now;

	WRITE_ONCE(timer->queue, to);
	minirq_event_clear(&timer->header);
	timer->node.expires = is_due ? now : expires;
	timer->period = period;
	timer->dpc = dpc;
	if (timerqueue_add(&to->timers, &timer->node) || is_due)
		advance(to);
	unlock_pair(from, to);
	return was_set;
}

/**
 * minirq_timer_set() - set a timer
 * @timer:	an initialised timer; one that is set already is moved
 * @due:	when: in 100 ns, since 1601, or from now on when negative
 * @period:	after that every @period milliseconds; 0 for once
 * @dpc:	queued each time, or NULL
 *
 * The DPC of a time that has passed is queued at once and runs, below
 * DISPATCH_LEVEL, before this returns, as after KeInsertQueueDpc().
 *
 * Context: IRQL: any.
 * Return: true when the timer was set before.
 */
bool minirq_timer_set(PKTIMER timer, LARGE_INTEGER due, ULONG period, PKDPC dpc)
{
	KIRQL old = minirq_irql_current();
	bool raise = old < DISPATCH_LEVEL && !irqs_disabled();
	unsigned long flags;
	bool was_set;

	if (raise)
		minirq_irql_raise(old, DISPATCH_LEVEL);
	local_irq_save(flags);
	was_set = set(timer_in(timer), due, period, dpc);
	local_irq_restore(flags);
	if (raise)
		minirq_irql_lower(DISPATCH_LEVEL, old);
	return was_set;
}

/**
 * minirq_timer_cancel() - stop a timer
 * @timer:	an initialised timer
 *
 * Context: IRQL: any; never waits.
 * Return: true when the timer was set. In either case it does not queue its DPC
 * any more; what it queued before may still run.
 */
bool minirq_timer_cancel(PKTIMER timer)
{
	struct timer_queue *q;
	unsigned long flags;
	bool was_set;

	local_irq_save(flags);
	q = lock_timer(timer_in(timer), NULL);
	was_set = dequeue(timer_in(timer));
	unlock_pair(q, q);
	local_irq_restore(flags);
	return was_set;
}

static void check_irql(const char *function, void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql > DISPATCH_LEVEL)
		minirq_violation(MINIRQ_RULE_IRQL_DISPATCH_LTE, caller,
				 "%s at IRQL %u", function, irql);
}

/**
 * KeInitializeTimerEx() - initialise a timer of either kind
 * @Timer:	resident storage of the driver
 * @Type:	a NotificationTimer stays signalled until it is set again, a
 *		SynchronizationTimer lets one waiting thread pass
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keinitializetimerex
 */
VOID KeInitializeTimerEx(PKTIMER Timer, TIMER_TYPE Type)
{
	struct timer *timer = timer_in(Timer);

	/* the two kinds of timer are those of events */
	minirq_event_init(&timer->header, (EVENT_TYPE)Type, false);
	timer->queue = raw_cpu_ptr(&timer_queues[RELATIVE]);
	timerqueue_init(&timer->node);
}
EXPORT_SYMBOL_GPL(KeInitializeTimerEx);

/**
 * KeInitializeTimer() - initialise a notification timer
 * @Timer:	resident storage of the driver
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keinitializetimer
 */
VOID KeInitializeTimer(PKTIMER Timer)
{
	KeInitializeTimerEx(Timer, NotificationTimer);
}
EXPORT_SYMBOL_GPL(KeInitializeTimer);

/**
 * KeSetTimerEx() - set a timer, once or again and again
 * @Timer:	an initialised timer; one that is set already is moved
 * @DueTime:	when: in 100 ns, since 1601, or from now on when negative
 * @Period:	after that every @Period milliseconds; 0 for once
 * @Dpc:	queued each time, or NULL
 *
 * A DPC without a target runs on the CPU that set the timer.
 *
 * Differs from Windows: the period of an absolute timer, too, follows when the
 * wall clock is set. Above DISPATCH_LEVEL the call is reported, and works.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-kesettimerex
 * Return: TRUE when the timer was set before.
 */
BOOLEAN KeSetTimerEx(PKTIMER Timer, LARGE_INTEGER DueTime, LONG Period,
		     PKDPC Dpc)
{
	check_irql(__func__, MINIRQ_CALLER);
	return minirq_timer_set(Timer, DueTime, max(Period, 0), Dpc);
}
EXPORT_SYMBOL_GPL(KeSetTimerEx);

/**
 * KeSetTimer() - set a timer, once
 * @Timer:	an initialised timer; one that is set already is moved
 * @DueTime:	when: in 100 ns, since 1601, or from now on when negative
 * @Dpc:	queued then, or NULL
 *
 * Differs from Windows: above DISPATCH_LEVEL the call is reported, and works.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-kesettimer
 * Return: TRUE when the timer was set before.
 */
BOOLEAN KeSetTimer(PKTIMER Timer, LARGE_INTEGER DueTime, PKDPC Dpc)
{
	check_irql(__func__, MINIRQ_CALLER);
	return minirq_timer_set(Timer, DueTime, 0, Dpc);
}
EXPORT_SYMBOL_GPL(KeSetTimer);

/**
 * KeSetCoalescableTimer() - set a timer that may be late
 * @Timer:	an initialised timer; one that is set already is moved
 * @DueTime:	when: in 100 ns, since 1601, or from now on when negative
 * @Period:	after that every @Period milliseconds; 0 for once
 * @TolerableDelay:	by how many milliseconds; it is not made use of
 * @Dpc:	queued each time, or NULL
 *
 * Differs from Windows: above DISPATCH_LEVEL the call is reported, and works.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-kesetcoalescabletimer
 * Return: TRUE when the timer was set before.
 */
BOOLEAN KeSetCoalescableTimer(PKTIMER Timer, LARGE_INTEGER DueTime,
			      ULONG Period, ULONG TolerableDelay, PKDPC Dpc)
{
	check_irql(__func__, MINIRQ_CALLER);
	return minirq_timer_set(Timer, DueTime, Period, Dpc);
}
EXPORT_SYMBOL_GPL(KeSetCoalescableTimer);

/**
 * KeCancelTimer() - stop a timer
 * @Timer:	an initialised timer
 *
 * A DPC that the timer has queued may still run: KeRemoveQueueDpc() takes it
 * back, KeFlushQueuedDpcs() waits for it.
 *
 * Differs from Windows: above DISPATCH_LEVEL the call is reported, and works.
 *
 * Context: IRQL <= DISPATCH_LEVEL; never waits.
 * Page: nf-wdm-kecanceltimer
 * Return: TRUE when it was set, which a periodic timer always is; FALSE when it
 * has expired or was never set. It does not queue its DPC any more.
 */
BOOLEAN KeCancelTimer(PKTIMER Timer)
{
	check_irql(__func__, MINIRQ_CALLER);
	return minirq_timer_cancel(Timer);
}
EXPORT_SYMBOL_GPL(KeCancelTimer);

/**
 * KeReadStateTimer() - has a timer expired?
 * @Timer:	an initialised timer
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-kereadstatetimer
 * Return: TRUE when it has, since it was set; FALSE again when a thread has
 * waited for a SynchronizationTimer.
 */
BOOLEAN KeReadStateTimer(PKTIMER Timer)
{
	return READ_ONCE(timer_in(Timer)->header.SignalState) != 0;
}
EXPORT_SYMBOL_GPL(KeReadStateTimer);

static ktime_t wall_clock(void)
{
	return ktime_get_real();
}

static void init_queue(struct timer_queue *q, clockid_t clock,
		       ktime_t (*now)(void))
{
	raw_spin_lock_init(&q->lock);
	timerqueue_init_head(&q->timers);
	hrtimer_setup(&q->alarm, ring, clock, HRTIMER_MODE_ABS_PINNED_HARD);
	q->now = now;
}

/*
 * An alarm goes off where it was set, and what goes off sets it again, so it would
 * stay where the kernel has moved it. From the end of the cancellation on only
 * this CPU sets it.
 */
static void fetch_home(struct timer_queue *q)
{
	hrtimer_cancel(&q->alarm);
	raw_spin_lock_irq(&q->lock);
	advance(q);
	raw_spin_unlock_irq(&q->lock);
}

/* Called on the CPU that has come online. */
static int come_online(unsigned int cpu)
{
	fetch_home(per_cpu_ptr(&timer_queues[RELATIVE], cpu));
	fetch_home(per_cpu_ptr(&timer_queues[ABSOLUTE], cpu));
	return 0;
}

/* Make the queues ready; before any export can be called. */
int minirq_timer_start(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		init_queue(per_cpu_ptr(&timer_queues[RELATIVE], cpu),
			   CLOCK_MONOTONIC, ktime_get);
		init_queue(per_cpu_ptr(&timer_queues[ABSOLUTE], cpu),
			   CLOCK_REALTIME, wall_clock);
	}
	hotplug_state = cpuhp_setup_state_nocalls(CPUHP_AP_ONLINE_DYN,
						  "minirq/timer:online",
						  come_online, NULL);
	return min(hotplug_state, 0);
}

/* The module goes away: nobody sets a timer any more. */
void minirq_timer_stop(void)
{
	unsigned int cpu;

	cpuhp_remove_state_nocalls(hotplug_state);
	for_each_possible_cpu(cpu) {
		hrtimer_cancel(per_cpu_ptr(&timer_queues[RELATIVE].alarm, cpu));
		hrtimer_cancel(per_cpu_ptr(&timer_queues[ABSOLUTE].alarm, cpu));
	}
}
