// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort timers: the one that RequestTimerCall sets, and those that a miniport
 * makes. Each is a KTIMER and the KDPC that it queues; the routine runs under the
 * StartIo lock.
 *
 * A handle is the timer's address. It is looked up before it is used, so that
 * one that has been freed is refused. Its routine may be running when a timer is
 * freed, and softirqs are off there: the memory goes after a grace period.
 *
 * While its DPC waits for the StartIo lock, a timer may be cancelled, set anew
 * or freed by whoever holds it. So what is due is decided after that lock.
 */
#include "storport_timer.h"

#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "dpc_flush.h"
#include "irql.h"
#include "memory.h"
#include "spinlock.h"
#include "storport.h"
#include "storport_lock.h"
#include "timer.h"
#include "verifier.h"

/* Windows' units of 100 ns in a microsecond */
#define UNITS	10

/**
 * struct callback - what a timer calls
 * @once:	the routine of RequestTimerCall, or NULL
 * @routine:	of a timer that the driver has made
 * @context:	its second argument
 */
struct callback {
	PHW_TIMER once;
	PHW_TIMER_EX routine;
	PVOID context;
};

/**
 * struct minirq_stor_timer - a timer
 * @list:	in &struct minirq_stor_timers
 * @adapter:	whose
 * @timer:	queues @dpc
 * @dpc:	makes the call
 * @set:	@callback is to be called
 * @microseconds: how long after it was set
 * @callback:	the routine
 * @rcu:	frees it
 */
struct minirq_stor_timer {
	struct list_head list;
	struct minirq_stor_adapter *adapter;
	KTIMER timer;
	KDPC dpc;
	bool set;
	ULONGLONG microseconds;
	struct callback callback;
	struct rcu_head rcu;
};

/*
 * Take what is due now, if anything is. From here on the timer may be set again,
 * also by its routine. One that is set for later has not expired since.
 */
static bool take(struct minirq_stor_timer *timer, struct callback *due)
{
	struct minirq_stor_timers *timers = &timer->adapter->timers;
	unsigned long flags;
	bool taken;

	raw_spin_lock_irqsave(&timers->lock, flags);
	taken = timer->set && !timers->held && KeReadStateTimer(&timer->timer);
	if (taken) {
		*due = timer->callback;
		timer->set = false;
	}
	raw_spin_unlock_irqrestore(&timers->lock, flags);
	return taken;
}

static void call_routine(struct minirq_stor_timer *timer)
{
	struct minirq_stor_adapter *adapter = timer->adapter;
	struct minirq_stor_call call;
	struct callback due;

	if (!take(timer, &due))
		return;
	minirq_storport_call_enter(&call, adapter, MINIRQ_STOR_ROUTINE_TIMER,
				   due.once ? (void *)due.once :
					      (void *)due.routine);
	if (due.once)
		due.once(adapter->extension);
	else
		due.routine(adapter->extension, due.context);
	minirq_storport_call_leave(&call);
}

static VOID expire(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct minirq_stor_timer *timer = context;
	struct minirq_stor_adapter *adapter = timer->adapter;
	KIRQL old = DISPATCH_LEVEL;

	minirq_spinlock_acquire(&adapter->start_io);
	if (adapter->half_duplex)
		old = minirq_storport_lock_interrupt(adapter);
	call_routine(timer);
	if (adapter->half_duplex)
		minirq_storport_unlock_interrupt(adapter, old);
	minirq_spinlock_release(&adapter->start_io);
}

static struct minirq_stor_timer *make(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_timer *timer =
		minirq_memory_alloc(sizeof(*timer), GFP_ATOMIC);

	if (!timer)
		return NULL;
	timer->adapter = adapter;
	KeInitializeTimer(&timer->timer);
	KeInitializeDpc(&timer->dpc, expire, timer);
	return timer;
}

static void arm(struct minirq_stor_timer *timer)
{
	u64 units = min_t(u64, timer->microseconds, S64_MAX / UNITS) * UNITS;
	LARGE_INTEGER due = { .QuadPart = -(LONGLONG)units };

	minirq_timer_set(&timer->timer, due, 0, &timer->dpc);
}

/* Under the lock, as all that follows. */
static void set(struct minirq_stor_timer *timer, ULONGLONG microseconds)
{
	timer->set = true;
	timer->microseconds = microseconds;
	if (!timer->adapter->timers.held)
		arm(timer);
}

/* When this returns its routine will not be called, unless it runs already. */
static void cancel(struct minirq_stor_timer *timer)
{
	timer->set = false;
	minirq_timer_cancel(&timer->timer);
	KeRemoveQueueDpc(&timer->dpc);
}

static void arm_again(struct minirq_stor_timer *timer)
{
	if (timer->set)
		arm(timer);
}

static void for_each(struct minirq_stor_timers *timers,
		     void (*fn)(struct minirq_stor_timer *timer))
{
	struct minirq_stor_timer *timer;

	lockdep_assert_held(&timers->lock);
	fn(timers->request);
	list_for_each_entry(timer, &timers->objects, list)
		fn(timer);
}

/* An adapter with the timer that every adapter has. */
int minirq_stor_timers_init(struct minirq_stor_adapter *adapter)
{
	raw_spin_lock_init(&adapter->timers.lock);
	INIT_LIST_HEAD(&adapter->timers.objects);
	adapter->timers.request = make(adapter);
	return adapter->timers.request ? 0 : -ENOMEM;
}

/*
 * The adapter is stopping: what is set expires no more, and nothing is set any
 * more, as its phase says. A flush of DPCs follows.
 */
void minirq_stor_timers_stop(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_timers *timers = &adapter->timers;
	unsigned long flags;

	raw_spin_lock_irqsave(&timers->lock, flags);
	for_each(timers, cancel);
	raw_spin_unlock_irqrestore(&timers->lock, flags);
}

/*
 * An adapter about to stop: what is set stays set, and waits. A routine that is being
 * called has the StartIo lock; when this returns it has come to its end.
 */
void minirq_stor_timers_hold(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_timers *timers = &adapter->timers;
	unsigned long flags;
	KIRQL old;

	raw_spin_lock_irqsave(&timers->lock, flags);
	timers->held = true;
	raw_spin_unlock_irqrestore(&timers->lock, flags);
	KeAcquireSpinLock(&adapter->start_io, &old);
	KeReleaseSpinLock(&adapter->start_io, old);
}

/* Undo minirq_stor_timers_hold(): what is set takes its whole time anew. */
void minirq_stor_timers_go(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_timers *timers = &adapter->timers;
	unsigned long flags;

	raw_spin_lock_irqsave(&timers->lock, flags);
	timers->held = false;
	for_each(timers, arm_again);
	raw_spin_unlock_irqrestore(&timers->lock, flags);
}

/* The adapter is gone: free its timers, and whatever was set as it stopped. */
void minirq_stor_timers_release(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_timer *timer, *next;

	minirq_stor_timers_stop(adapter);
	minirq_dpc_flush();
	kfree(adapter->timers.request);
	list_for_each_entry_safe(timer, next, &adapter->timers.objects, list)
		kfree(timer);
}

/**
 * minirq_storport_request_timer() - set the timer that every adapter has
 * @adapter:		the adapter
 * @routine:		HwStorTimer
 * @microseconds:	when; 0 to cancel
 * @caller:		place in the driver
 *
 * The last call counts.
 *
 * Context: IRQL <= DIRQL.
 */
void minirq_storport_request_timer(struct minirq_stor_adapter *adapter,
				   PHW_TIMER routine, ULONG microseconds,
				   void *caller)
{
	struct minirq_stor_timers *timers = &adapter->timers;
	unsigned long flags;

	if (!routine && microseconds) {
		minirq_violation(MINIRQ_RULE_STOR_TIMER, caller,
				 "%s: a timer without HwStorTimer",
				 adapter->name);
		return;
	}
	raw_spin_lock_irqsave(&timers->lock, flags);
	cancel(timers->request);
	timers->request->callback.once = routine;
	if (microseconds && READ_ONCE(adapter->phase) != MINIRQ_STOR_STOPPING)
		set(timers->request, microseconds);
	raw_spin_unlock_irqrestore(&timers->lock, flags);
}

/* Under the lock: the timer of a handle, NULL when it is none. */
static struct minirq_stor_timer *timer_of(struct minirq_stor_adapter *adapter,
					  PVOID handle)
{
	struct minirq_stor_timer *timer;

	list_for_each_entry(timer, &adapter->timers.objects, list)
		if (timer == handle)
			return timer;
	return NULL;
}

/**
 * StorPortInitializeTimer() - make a timer
 * @HwDeviceExtension:	the adapter
 * @TimerHandle:	where its handle is stored
 *
 * What is left when the adapter is removed is freed then.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportinitializetimer
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer;
 * STOR_STATUS_INVALID_IRQL; STOR_STATUS_INSUFFICIENT_RESOURCES.
 */
ULONG StorPortInitializeTimer(PVOID HwDeviceExtension, PVOID *TimerHandle)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct minirq_stor_timer *timer;
	unsigned long flags;

	if (!adapter || !TimerHandle)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	timer = make(adapter);
	if (!timer)
		return STOR_STATUS_INSUFFICIENT_RESOURCES;
	raw_spin_lock_irqsave(&adapter->timers.lock, flags);
	list_add(&timer->list, &adapter->timers.objects);
	raw_spin_unlock_irqrestore(&adapter->timers.lock, flags);
	*TimerHandle = timer;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortInitializeTimer);

/* Under the lock. */
static ULONG request(struct minirq_stor_adapter *adapter, PVOID handle,
		     PHW_TIMER_EX routine, PVOID context,
		     ULONGLONG microseconds)
{
	struct minirq_stor_timer *timer = timer_of(adapter, handle);

	if (!timer || (microseconds && !routine))
		return STOR_STATUS_INVALID_PARAMETER;
	if (!microseconds) {
		cancel(timer);
		return STOR_STATUS_SUCCESS;
	}
	if (READ_ONCE(adapter->phase) == MINIRQ_STOR_STOPPING)
		return STOR_STATUS_INVALID_DEVICE_STATE;
	if (timer->set)
		return STOR_STATUS_BUSY;
	timer->callback.routine = routine;
	timer->callback.context = context;
	set(timer, microseconds);
	return STOR_STATUS_SUCCESS;
}

/**
 * StorPortRequestTimer() - set a timer, or cancel it
 * @HwDeviceExtension:	the adapter
 * @TimerHandle:	a timer
 * @TimerCallback:	called at DISPATCH_LEVEL under the StartIo lock
 * @CallbackContext:	its second argument
 * @TimerValue:		when, in microseconds; 0 to cancel
 * @TolerableDelay:	how much later is good enough; not used
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportrequesttimer
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or no such timer; STOR_STATUS_BUSY when it is set already;
 * STOR_STATUS_INVALID_DEVICE_STATE while the adapter is being stopped.
 */
ULONG StorPortRequestTimer(PVOID HwDeviceExtension, PVOID TimerHandle,
			   PHW_TIMER_EX TimerCallback, PVOID CallbackContext,
			   ULONGLONG TimerValue, ULONGLONG TolerableDelay)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	unsigned long flags;
	ULONG status;

	if (!adapter || !TimerHandle)
		return STOR_STATUS_INVALID_PARAMETER;
	raw_spin_lock_irqsave(&adapter->timers.lock, flags);
	status = request(adapter, TimerHandle, TimerCallback, CallbackContext,
			 TimerValue);
	raw_spin_unlock_irqrestore(&adapter->timers.lock, flags);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortRequestTimer);

/**
 * StorPortFreeTimer() - cancel a timer, and free it
 * @HwDeviceExtension:	the adapter
 * @TimerHandle:	a timer; its own routine may free it
 *
 * Context: IRQL <= DISPATCH_LEVEL. A routine that runs is not waited for.
 * Page: nf-storport-storportfreetimer
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or no such timer; STOR_STATUS_INVALID_IRQL.
 */
ULONG StorPortFreeTimer(PVOID HwDeviceExtension, PVOID TimerHandle)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct minirq_stor_timer *timer;
	unsigned long flags;

	if (!adapter || !TimerHandle)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	raw_spin_lock_irqsave(&adapter->timers.lock, flags);
	timer = timer_of(adapter, TimerHandle);
	if (timer) {
		list_del(&timer->list);
		cancel(timer);
	}
	raw_spin_unlock_irqrestore(&adapter->timers.lock, flags);
	if (!timer)
		return STOR_STATUS_INVALID_PARAMETER;
	kfree_rcu(timer, rcu);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortFreeTimer);
