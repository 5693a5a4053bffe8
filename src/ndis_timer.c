// SPDX-License-Identifier: GPL-2.0-only
/*
 * Timer objects of NDIS: each is a KTIMER and the KDPC that it queues.
 *
 * A timer may be freed while its routine runs. What the DPC reads of it, it reads
 * with softirqs off, so the memory goes after a grace period.
 */
#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "dpc_flush.h"
#include "memory.h"
#include "ndis_owner.h"
#include "timer.h"
#include "verifier.h"

/**
 * struct timer_object - what a handle of a timer points to
 * @object:	its owner's; first, as the driver holds a pointer to it
 * @timer:	queues @dpc
 * @dpc:	calls @function
 * @function:	the driver's
 * @first:	its context, unless the timer is set with another one
 * @context:	its context
 * @periodic:	it was last set with a period
 * @rcu:	frees it
 */
struct timer_object {
	struct minirq_ndis_object object;
	KTIMER timer;
	KDPC dpc;
	PNDIS_TIMER_FUNCTION function;
	PVOID first;
	PVOID context;
	bool periodic;
	struct rcu_head rcu;
};

static struct timer_object *timer_in(struct minirq_ndis_object *object)
{
	return container_of(object, struct timer_object, object);
}

static VOID expired(PRKDPC dpc, PVOID timer_object, PVOID arg1, PVOID arg2)
{
	struct timer_object *timer = timer_object;
	PNDIS_TIMER_FUNCTION function = timer->function;

	function(dpc, READ_ONCE(timer->context), arg1, arg2);
}

/*
 * The owner goes, so nobody sets the timer any more: but its routine may, if it
 * got past the check of that before. Then it is set again after the first flush,
 * and not after the second.
 */
static void stop_timer(struct minirq_ndis_object *object)
{
	PKTIMER timer = &timer_in(object)->timer;

	minirq_timer_cancel(timer);
	minirq_dpc_flush();
	minirq_timer_cancel(timer);
	minirq_dpc_flush();
}

/* Returns whether it was set. */
static bool end_timer(struct timer_object *timer)
{
	bool was_set = minirq_timer_cancel(&timer->timer);

	KeRemoveQueueDpc(&timer->dpc);
	kfree_rcu(timer, rcu);
	return was_set;
}

static void free_timer(struct minirq_ndis_object *object)
{
	end_timer(timer_in(object));
}

static const struct minirq_ndis_kind timer_kind = {
	.name = "timer",
	.stop = stop_timer,
	.free = free_timer,
};

static bool level_allows(KIRQL limit, const char *function, void *caller)
{
	return minirq_ndis_level(limit, MINIRQ_RULE_NDIS_IRQL_TIMER, function,
				 caller);
}

static struct timer_object *timer_of(NDIS_HANDLE handle, const char *function,
				     void *caller)
{
	struct minirq_ndis_object *object;

	if (!level_allows(DISPATCH_LEVEL, function, caller))
		return NULL;
	object = minirq_ndis_object_of(handle, &timer_kind, function, caller);
	return object ? timer_in(object) : NULL;
}

static bool valid(const NDIS_TIMER_CHARACTERISTICS *chars)
{
	return chars->Header.Type == NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS &&
	       chars->Header.Revision >= NDIS_TIMER_CHARACTERISTICS_REVISION_1 &&
	       chars->Header.Size >=
		       NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1 &&
	       chars->TimerFunction;
}

/**
 * NdisAllocateTimerObject() - make a timer
 * @NdisHandle:			the adapter or driver that owns it
 * @TimerCharacteristics:	its routine, and a context for that
 * @TimerObject:		where the handle is stored
 *
 * What is not freed when its owner goes is stopped, reported and freed.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisallocatetimerobject
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_BAD_CHARACTERISTICS - not a header of this structure, or no
 *   routine
 * * NDIS_STATUS_RESOURCES - out of memory
 * * NDIS_STATUS_FAILURE - a NULL pointer, a handle that is neither an adapter nor
 *   a driver, or another level
 */
NDIS_STATUS
NdisAllocateTimerObject(NDIS_HANDLE NdisHandle,
			PNDIS_TIMER_CHARACTERISTICS TimerCharacteristics,
			PNDIS_HANDLE TimerObject)
{
	struct minirq_ndis_owner *owner;
	struct timer_object *timer;

	if (!TimerCharacteristics || !TimerObject ||
	    !level_allows(DISPATCH_LEVEL, "NdisAllocateTimerObject",
			  MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	owner = minirq_ndis_owner_of(NdisHandle, __func__, MINIRQ_CALLER);
	if (!owner)
		return NDIS_STATUS_FAILURE;
	if (!valid(TimerCharacteristics))
		return NDIS_STATUS_BAD_CHARACTERISTICS;
	timer = minirq_memory_alloc(sizeof(*timer), minirq_memory_gfp());
	if (!timer)
		return NDIS_STATUS_RESOURCES;
	KeInitializeTimer(&timer->timer);
	KeInitializeDpc(&timer->dpc, expired, timer);
	timer->function = TimerCharacteristics->TimerFunction;
	timer->first = TimerCharacteristics->FunctionContext;
	minirq_ndis_object_add(&timer->object, owner, &timer_kind,
			       MINIRQ_CALLER);
	*TimerObject = timer;
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisAllocateTimerObject);

static BOOLEAN set_timer(NDIS_HANDLE handle, LARGE_INTEGER due, ULONG period,
			 PVOID context, const char *function, void *caller)
{
	struct timer_object *timer = timer_of(handle, function, caller);

	if (!timer || READ_ONCE(timer->object.left))
		return FALSE;
	WRITE_ONCE(timer->context, context ?: timer->first);
	WRITE_ONCE(timer->periodic, period);
	return minirq_timer_set(&timer->timer, due, period, &timer->dpc);
}

/**
 * NdisSetTimerObject() - set a timer, once or again and again
 * @TimerObject:	the timer; one that is set already is moved
 * @DueTime:		when: in 100 ns, since 1601, or from now on when negative
 * @MillisecondsPeriod:	after that every so many milliseconds; 0 for once
 * @FunctionContext:	for its routine; NULL for the one it was made with
 *
 * The routine runs at DISPATCH_LEVEL, on the CPU that set the timer.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndissettimerobject
 * Return: TRUE when the timer was set before.
 */
BOOLEAN NdisSetTimerObject(NDIS_HANDLE TimerObject, LARGE_INTEGER DueTime,
			   ULONG MillisecondsPeriod, PVOID FunctionContext)
{
	return set_timer(TimerObject, DueTime, MillisecondsPeriod,
			 FunctionContext, __func__, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisSetTimerObject);

/**
 * NdisSetCoalescableTimerObject() - set a timer that may be late
 * @TimerObject:	the timer; one that is set already is moved
 * @DueTime:		when: in 100 ns, since 1601, or from now on when negative
 * @MillisecondsPeriod:	after that every so many milliseconds; 0 for once
 * @FunctionContext:	for its routine; NULL for the one it was made with
 * @Tolerance:		by how many milliseconds; it is not made use of
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndissetcoalescabletimerobject
 * Return: TRUE when the timer was set before.
 */
BOOLEAN NdisSetCoalescableTimerObject(NDIS_HANDLE TimerObject,
				      LARGE_INTEGER DueTime,
				      ULONG MillisecondsPeriod,
				      PVOID FunctionContext, ULONG Tolerance)
{
	return set_timer(TimerObject, DueTime, MillisecondsPeriod,
			 FunctionContext, __func__, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisSetCoalescableTimerObject);

/**
 * NdisCancelTimerObject() - stop a timer
 * @TimerObject:	the timer
 *
 * The routine of a periodic timer is not running when this returns. That of a
 * timer that was set for once may be; KeFlushQueuedDpcs() waits for it.
 *
 * Context: IRQL <= DISPATCH_LEVEL; PASSIVE_LEVEL for a periodic timer, which
 * above is reported, stopped, and not waited for.
 * Page: nf-ndis-ndiscanceltimerobject
 * Return: TRUE when it was set, which a periodic timer always is; FALSE when it
 * has expired or was never set.
 */
BOOLEAN NdisCancelTimerObject(NDIS_HANDLE TimerObject)
{
	struct timer_object *timer =
		timer_of(TimerObject, __func__, MINIRQ_CALLER);
	bool was_set;

	if (!timer)
		return FALSE;
	was_set = minirq_timer_cancel(&timer->timer);
	if (READ_ONCE(timer->periodic) &&
	    level_allows(PASSIVE_LEVEL, __func__, MINIRQ_CALLER))
		minirq_dpc_flush();
	return was_set;
}
EXPORT_SYMBOL_GPL(NdisCancelTimerObject);

/**
 * NdisFreeTimerObject() - free a timer
 * @TimerObject:	a timer that is not set; its routine may free it
 *
 * A timer that is set is reported, and its routine not called any more.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisfreetimerobject
 */
VOID NdisFreeTimerObject(NDIS_HANDLE TimerObject)
{
	struct timer_object *timer =
		timer_of(TimerObject, __func__, MINIRQ_CALLER);

	if (!timer || !minirq_ndis_object_remove(&timer->object))
		return;
	if (end_timer(timer))
		minirq_violation(MINIRQ_RULE_NDIS_OBJECT, MINIRQ_CALLER,
				 "%s: timer was set", __func__);
}
EXPORT_SYMBOL_GPL(NdisFreeTimerObject);
