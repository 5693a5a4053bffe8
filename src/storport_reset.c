// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort requests that take too long, and the reset of a bus.
 *
 * An SRB says how many seconds it may take, from when the miniport is given it.
 * While there are such requests a DPC looks at them once a second; when one is
 * overdue it has the miniport reset the bus. What the miniport does not complete
 * in there, it will not any more: the port does. A miniport that says it could
 * not reset the bus keeps what it has, and is asked again a second later.
 *
 *	the DPC				a request with a limit
 *	forgets that it is set		is started
 *	(full barrier)			(full barrier)
 *	looks at who is started		sees to it that the timer is set
 *
 * One of the two sets the timer again.
 */
#include "storport_reset.h"

#include <linux/printk.h>
#include <linux/timekeeping.h>

#include "dpc.h"
#include "storport.h"
#include "storport_start.h"
#include "storport_state.h"
#include "timer.h"

/* Windows' units of 100 ns in a second */
#define UNITS	10000000LL

/* Later than any limit */
#define NEVER	U64_MAX

static bool has_limit(struct minirq_stor_request *request)
{
	return minirq_stor_request_started(request) &&
	       READ_ONCE(request->due) != NEVER;
}

/* The time of another use is read at worst, which is later, as is its start. */
static bool overdue(struct minirq_stor_request *request, u64 now)
{
	s64 state = atomic64_read_acquire(&request->state);

	return minirq_stor_phase(state) == MINIRQ_STOR_STARTED &&
	       now > READ_ONCE(request->due);
}

/* Among the first requests */
static bool any_overdue(struct minirq_stor_adapter *adapter,
			unsigned int count, ULONG path, u64 now)
{
	unsigned int tag;

	for (tag = 0; tag < count; tag++) {
		struct minirq_stor_request *request =
			minirq_stor_request(adapter, tag);

		if (request->srb.PathId == path && overdue(request, now))
			return true;
	}
	return false;
}

static bool call_reset_bus(struct minirq_stor_adapter *adapter, ULONG path)
{
	PHW_RESET_BUS reset = adapter->reset_routine;
	struct minirq_stor_call call;
	bool done;

	minirq_storport_call_enter(&call, adapter,
				   MINIRQ_STOR_ROUTINE_RESET_BUS, reset);
	done = reset(adapter->extension, path);
	minirq_storport_call_leave(&call);
	return done;
}

/* What HwStorStartIo was called for, and is not complete, ends here. */
static void end_rest(struct minirq_stor_adapter *adapter, ULONG path, u64 now)
{
	unsigned int tag;

	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++) {
		struct minirq_stor_request *request =
			minirq_stor_request(adapter, tag);
		s64 state = atomic64_read(&request->state);

		if (minirq_stor_phase(state) == MINIRQ_STOR_STARTED &&
		    request->srb.PathId == path)
			minirq_stor_request_end(adapter, request, state,
						overdue(request, now) ?
							SRB_STATUS_TIMEOUT :
							SRB_STATUS_BUS_RESET);
	}
}

/**
 * minirq_stor_reset_bus() - have a miniport reset one of its buses
 * @adapter:	a running adapter
 * @path:	which bus
 *
 * HwStorStartIo is not called meanwhile, on any channel. After FALSE the device
 * may still write into what it was given, which stays the miniport's.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Return: what HwStorResetBus returned.
 */
bool minirq_stor_reset_bus(struct minirq_stor_adapter *adapter, ULONG path)
{
	KIRQL old = minirq_stor_start_lock(adapter);
	bool done = call_reset_bus(adapter, path);

	if (done)
		end_rest(adapter, path, 0);
	minirq_stor_start_unlock(adapter, old);
	return done;
}

static void reset_overdue(struct minirq_stor_adapter *adapter, ULONG path,
			  u64 now)
{
	KIRQL old = minirq_stor_start_lock(adapter);
	bool late = any_overdue(adapter, minirq_stor_requests_depth(adapter),
				path, now);
	bool done = late && call_reset_bus(adapter, path);

	if (done)
		end_rest(adapter, path, now);
	minirq_stor_start_unlock(adapter, old);
	if (late)
		pr_warn_ratelimited("minirq: %s: reset bus %u%s, a request took too long\n",
				    adapter->name, path,
				    done ? "" : " in vain");
}

/**
 * minirq_stor_reset_look() - reset what does not answer
 * @adapter:	an adapter with requests
 * @now:	in seconds
 *
 * A bus is reset once, for the first of its requests that is overdue.
 *
 * An adapter that is being stopped completes its requests without this. Whoever
 * closes it waits for the DPC; from then on its interrupt, and with that the
 * interrupt lock, may go away.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 */
void minirq_stor_reset_look(struct minirq_stor_adapter *adapter, u64 now)
{
	unsigned int tag;

	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++) {
		struct minirq_stor_request *request =
			minirq_stor_request(adapter, tag);
		ULONG path = request->srb.PathId;

		if (overdue(request, now) &&
		    !any_overdue(adapter, tag, path, now) &&
		    READ_ONCE(adapter->requests->open))
			reset_overdue(adapter, path, now);
	}
}

static bool any_limit(struct minirq_stor_adapter *adapter)
{
	unsigned int tag;

	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++)
		if (has_limit(minirq_stor_request(adapter, tag)))
			return true;
	return false;
}

static void set(struct minirq_stor_reset *reset)
{
	LARGE_INTEGER due = { .QuadPart = -UNITS };

	if (!atomic_read(&reset->set) && !atomic_xchg(&reset->set, 1))
		minirq_timer_set(&reset->timer, due, 0, &reset->tick);
}

static VOID tick(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct minirq_stor_adapter *adapter = context;

	minirq_stor_reset_look(adapter, ktime_get_seconds());
	atomic_xchg(&adapter->reset.set, 0);
	if (READ_ONCE(adapter->requests->open) && any_limit(adapter))
		set(&adapter->reset);
}

/* Make the watch of a new adapter. */
void minirq_stor_reset_init(struct minirq_stor_adapter *adapter)
{
	KeInitializeTimer(&adapter->reset.timer);
	KeInitializeDpc(&adapter->reset.tick, tick, adapter);
}

/* The adapter takes no requests any more; a DPC may be left in its queue. */
void minirq_stor_reset_stop(struct minirq_stor_adapter *adapter)
{
	minirq_timer_cancel(&adapter->reset.timer);
	atomic_set(&adapter->reset.set, 0);
}

/* A request is held, and about to be started: when is it overdue? */
void minirq_stor_reset_due(struct minirq_stor_request *request)
{
	ULONG seconds = request->srb.TimeOutValue;

	WRITE_ONCE(request->due,
		   seconds ? ktime_get_seconds() + seconds : NEVER);
}

/* A request has just been started. */
void minirq_stor_reset_watch(struct minirq_stor_adapter *adapter,
			     struct minirq_stor_request *request)
{
	if (request->due != NEVER)
		set(&adapter->reset);
}
