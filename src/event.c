// SPDX-License-Identifier: GPL-2.0-only
/*
 * Events, and waiting for what begins with a DISPATCHER_HEADER: for them, and for
 * timers.
 *
 * A header is a state and a list of those who wait, and has no room for a lock:
 * one lock serves all of them, as events are set rarely and held for an instant.
 */
#include "event.h"

#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/sched.h>
#include <linux/spinlock.h>
#include <linux/timekeeping.h>

#include "dpc_queue.h"
#include "irql.h"
#include "verifier.h"

/* Windows counts in 100 ns, and absolute times from the year 1601. */
#define UNIT_NS		100
#define EPOCH_SECONDS	11644473600LL

static DEFINE_RAW_SPINLOCK(dispatcher_lock);

/**
 * struct waiter - a thread in KeWaitForSingleObject(), on its stack
 * @link:	in the object's list
 * @task:	the thread
 * @satisfied:	it has what it waited for
 */
struct waiter {
	LIST_ENTRY link;
	struct task_struct *task;
	bool satisfied;
};

/* Its signal is for one waiter, who takes it away; otherwise it is for all. */
static bool lets_one_pass(const DISPATCHER_HEADER *header)
{
	return header->Type == SynchronizationEvent;
}

/* The waiter's stack is its own again when the lock is dropped. */
static void satisfy_first(PDISPATCHER_HEADER header)
{
	struct waiter *waiter = CONTAINING_RECORD(RemoveHeadList(&header->WaitListHead),
						  struct waiter, link);

	waiter->satisfied = true;
	wake_up_process(waiter->task);
}

/**
 * minirq_event_init() - make the head of an object that can be waited for
 * @header:	storage for it
 * @type:	how many waiters a signal lets pass
 * @state:	signalled or not
 *
 * Context: IRQL: any.
 */
void minirq_event_init(PDISPATCHER_HEADER header, EVENT_TYPE type, bool state)
{
	*header = (DISPATCHER_HEADER) {
		.Type = type,
		.Size = sizeof(KEVENT) / sizeof(ULONG),
		.SignalState = state,
	};
	InitializeListHead(&header->WaitListHead);
}

/**
 * minirq_event_signal() - put an object into the signalled state
 * @header:	of the object; whoever waited for it may free it at once
 *
 * Context: IRQL: any.
 * Return: the previous state.
 */
LONG minirq_event_signal(PDISPATCHER_HEADER header)
{
	unsigned long flags;
	LONG old;

	raw_spin_lock_irqsave(&dispatcher_lock, flags);
	old = header->SignalState;
	if (lets_one_pass(header) && !IsListEmpty(&header->WaitListHead)) {
		satisfy_first(header);
	} else {
		WRITE_ONCE(header->SignalState, 1);
		while (!IsListEmpty(&header->WaitListHead))
			satisfy_first(header);
	}
	raw_spin_unlock_irqrestore(&dispatcher_lock, flags);
	return old;
}

/**
 * minirq_event_clear() - take the signal of an object away
 * @header:	of the object
 *
 * Context: IRQL: any.
 * Return: the previous state.
 */
LONG minirq_event_clear(PDISPATCHER_HEADER header)
{
	unsigned long flags;
	LONG old;

	raw_spin_lock_irqsave(&dispatcher_lock, flags);
	old = header->SignalState;
	WRITE_ONCE(header->SignalState, 0);
	raw_spin_unlock_irqrestore(&dispatcher_lock, flags);
	return old;
}

/**
 * KeInitializeEvent() - make an event
 * @Event:	storage for it
 * @Type:	a NotificationEvent stays signalled, a SynchronizationEvent lets
 *		one waiter pass
 * @State:	signalled or not
 *
 * Context: IRQL: any.
 * Page: nf-wdm-keinitializeevent
 */
VOID KeInitializeEvent(PRKEVENT Event, EVENT_TYPE Type, BOOLEAN State)
{
	minirq_event_init(&Event->Header, Type, State);
}
EXPORT_SYMBOL_GPL(KeInitializeEvent);

/**
 * KeSetEvent() - signal an event
 * @Event:	the event
 * @Increment:	not used: Linux' scheduler has its own idea of priorities
 * @Wait:	not used: a wait that follows is a call like any other
 *
 * Differs from Windows: @Wait does not keep the IRQL raised until the wait.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-kesetevent
 * Return: the previous state, not zero when it was signalled.
 */
LONG KeSetEvent(PRKEVENT Event, KPRIORITY Increment, BOOLEAN Wait)
{
	return minirq_event_signal(&Event->Header);
}
EXPORT_SYMBOL_GPL(KeSetEvent);

/**
 * KeResetEvent() - take the signal of an event away
 * @Event:	the event
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keresetevent
 * Return: the previous state, not zero when it was signalled.
 */
LONG KeResetEvent(PRKEVENT Event)
{
	return minirq_event_clear(&Event->Header);
}
EXPORT_SYMBOL_GPL(KeResetEvent);

/**
 * KeClearEvent() - take the signal of an event away
 * @Event:	the event
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keclearevent
 */
VOID KeClearEvent(PRKEVENT Event)
{
	KeResetEvent(Event);
}
EXPORT_SYMBOL_GPL(KeClearEvent);

/**
 * KeReadStateEvent() - is an event signalled?
 * @Event:	the event
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-kereadstateevent
 * Return: not zero when it is.
 */
LONG KeReadStateEvent(PRKEVENT Event)
{
	return READ_ONCE(Event->Header.SignalState);
}
EXPORT_SYMBOL_GPL(KeReadStateEvent);

/*
 * When a wait ends, on the monotonic clock. An absolute time is converted once: a
 * clock that is set meanwhile does not move it.
 */
static ktime_t deadline(const LARGE_INTEGER *timeout)
{
	s64 units = timeout->QuadPart;
	ktime_t now = ktime_get();

	if (units > 0)
		units = ktime_divns(ktime_get_real(), UNIT_NS) +
			EPOCH_SECONDS * (NSEC_PER_SEC / UNIT_NS) - units;
	if (units >= 0)
		return now;
	if (units < -(KTIME_MAX - now) / UNIT_NS)
		return KTIME_MAX;
	return now - units * UNIT_NS;
}

/* With the lock held; it is dropped while the thread sleeps. */
static void sleep_until(struct waiter *waiter, ktime_t *expires,
			unsigned long flags)
{
	bool late = false;

	for (;;) {
		set_current_state(TASK_UNINTERRUPTIBLE);
		if (waiter->satisfied || late)
			break;
		raw_spin_unlock_irqrestore(&dispatcher_lock, flags);
		late = !schedule_hrtimeout(expires, HRTIMER_MODE_ABS);
		raw_spin_lock_irqsave(&dispatcher_lock, flags);
	}
	__set_current_state(TASK_RUNNING);
}

/* With the lock held: a signal that is there already, or one to come. */
static bool take(PDISPATCHER_HEADER header, ktime_t *expires, bool poll,
		 unsigned long flags)
{
	struct waiter waiter = { .task = current };

	if (header->SignalState > 0) {
		if (lets_one_pass(header))
			header->SignalState = 0;
		return true;
	}
	if (poll)
		return false;
	InsertTailList(&header->WaitListHead, &waiter.link);
	sleep_until(&waiter, expires, flags);
	if (!waiter.satisfied)
		RemoveEntryList(&waiter.link);
	return waiter.satisfied;
}

static bool look(PDISPATCHER_HEADER header)
{
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&dispatcher_lock, flags);
	taken = take(header, NULL, true, flags);
	raw_spin_unlock_irqrestore(&dispatcher_lock, flags);
	return taken;
}

static bool wait(PDISPATCHER_HEADER header, const LARGE_INTEGER *timeout)
{
	ktime_t expires = timeout ? deadline(timeout) : 0;
	KIRQL irql = minirq_irql_sleep();
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&dispatcher_lock, flags);
	taken = take(header, timeout ? &expires : NULL, false, flags);
	raw_spin_unlock_irqrestore(&dispatcher_lock, flags);
	minirq_irql_wake(irql);
	return taken;
}

/* May this thread wait? Above APC_LEVEL, and in a DPC, it can only look. */
static bool may_wait(void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql < DISPATCH_LEVEL && !minirq_dpc_in_worker())
		return true;
	minirq_violation(MINIRQ_RULE_WAIT, caller, "wait at IRQL %u, or in a DPC",
			 irql);
	return false;
}

/**
 * KeWaitForSingleObject() - wait until an event is signalled or a timer expires
 * @Object:	a KEVENT or a KTIMER
 * @WaitReason:	not used
 * @WaitMode:	not used: nothing but the object or the time ends a wait
 * @Alertable:	not used: there are no APCs
 * @Timeout:	in 100 ns, negative from now, positive from the year 1601; zero
 *		to look only; NULL to wait for ever
 *
 * Differs from Windows: an absolute time does not follow when the clock is set.
 *
 * Context: IRQL <= APC_LEVEL; up to DISPATCH_LEVEL with a zero timeout. A wait
 * above, and one in a threaded DPC, is reported, and only looks.
 * Page: nf-wdm-kewaitforsingleobject
 * Return: STATUS_SUCCESS; STATUS_TIMEOUT when the time was over first.
 */
NTSTATUS KeWaitForSingleObject(PVOID Object, KWAIT_REASON WaitReason,
			       KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
			       PLARGE_INTEGER Timeout)
{
	bool poll = Timeout && !Timeout->QuadPart;
	bool taken;

	if (poll || !may_wait(MINIRQ_CALLER))
		taken = look(Object);
	else
		taken = wait(Object, Timeout);
	return taken ? STATUS_SUCCESS : STATUS_TIMEOUT;
}
EXPORT_SYMBOL_GPL(KeWaitForSingleObject);

/**
 * KeDelayExecutionThread() - sleep
 * @WaitMode:	not used
 * @Alertable:	not used: there are no APCs
 * @Interval:	in 100 ns, negative from now, positive from the year 1601
 *
 * Context: IRQL <= APC_LEVEL. A call above, and one in a threaded DPC, is
 * reported, and does not sleep.
 * Page: nf-wdm-kedelayexecutionthread
 * Return: STATUS_SUCCESS.
 */
NTSTATUS KeDelayExecutionThread(KPROCESSOR_MODE WaitMode, BOOLEAN Alertable,
				PLARGE_INTEGER Interval)
{
	KEVENT never;

	KeInitializeEvent(&never, NotificationEvent, FALSE);
	if (may_wait(MINIRQ_CALLER))
		KeWaitForSingleObject(&never, DelayExecution, WaitMode,
				      Alertable, Interval);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(KeDelayExecutionThread);
