// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests are handed to a StorPort miniport: HwStorBuildIo and HwStorStartIo.
 *
 * Until both have returned nobody but the driver completes the request, as it often
 * does in there: what StorPortCompleteRequest() says meanwhile of all the requests
 * of a unit is noted, and its data stay where they are.
 */
#include "storport_start.h"

#include <linux/cpumask.h>
#include <linux/minmax.h>
#include <linux/smp.h>

#include "irql.h"
#include "spinlock.h"
#include "storport.h"
#include "storport_deliver.h"
#include "storport_gate.h"
#include "storport_lock.h"
#include "storport_reset.h"
#include "storport_state.h"

/* Requests of one channel, or of all of them, start one after the other. */
static PKSPIN_LOCK lock_of(struct minirq_stor_adapter *adapter,
			   struct minirq_stor_request *request)
{
	return adapter->perf.channels > 1 ?
		       &adapter->requests->channel[request->channel] :
		       &adapter->start_io;
}

static BOOLEAN call_start_io(struct minirq_stor_adapter *adapter,
			     struct minirq_stor_request *request,
			     struct minirq_stor_call *call)
{
	PHW_STARTIO start_io = adapter->start_routine;
	BOOLEAN started;

	minirq_storport_call_enter(call, adapter, MINIRQ_STOR_ROUTINE_START_IO,
				   start_io);
	started = start_io(adapter->extension, &request->srb);
	minirq_storport_call_leave(call);
	return started;
}

/* The miniport has it now, unless the port was told to end it. */
static void started(struct minirq_stor_adapter *adapter,
		    struct minirq_stor_request *request, s64 state)
{
	s64 now = minirq_stor_state(state, MINIRQ_STOR_STARTED);

	if (minirq_stor_step(request, state, now))
		return;
	now = atomic64_read(&request->state);
	if (minirq_stor_state(now, MINIRQ_STOR_STARTING) == state &&
	    minirq_stor_phase(now) == MINIRQ_STOR_ENDING)
		minirq_stor_request_end(adapter, request, now,
					now >> MINIRQ_STOR_STATUS);
}

/* Its initiator is to try again, unless the port was told to end it. */
static void refused(struct minirq_stor_adapter *adapter,
		    struct minirq_stor_request *request, s64 state)
{
	minirq_stor_request_end(adapter, request, state, SRB_STATUS_BUSY);
	started(adapter, request, state);
}

/*
 * In full duplex ISRs may run meanwhile. A request that somebody has ended before
 * is not started; where the lock was waited for, that may have been a reset. Under
 * the lock a request is started, or HwStorStartIo has yet to be called for it. A
 * driver that returns FALSE has not taken it.
 */
static void start_io(struct minirq_stor_adapter *adapter,
		     struct minirq_stor_request *request, s64 state)
{
	PKSPIN_LOCK lock = lock_of(adapter, request);
	struct minirq_stor_call call = {};
	KIRQL old = DISPATCH_LEVEL;
	BOOLEAN taken = TRUE;

	minirq_spinlock_acquire(lock);
	if (adapter->half_duplex)
		old = minirq_storport_lock_interrupt(adapter);
	if (atomic64_read(&request->state) == state)
		taken = call_start_io(adapter, request, &call);
	if (taken)
		started(adapter, request, state);
	if (adapter->half_duplex)
		minirq_storport_unlock_interrupt(adapter, old);
	minirq_spinlock_release(lock);
	minirq_stor_deliver_batch(adapter, llist_del_all(&call.completed));
	if (!taken)
		refused(adapter, request, state);
}

/* FALSE: the driver has completed the request already, or will. */
static BOOLEAN build_io(struct minirq_stor_adapter *adapter,
			struct minirq_stor_request *request)
{
	PHW_BUILDIO build_io = adapter->build_routine;
	struct minirq_stor_call call;
	BOOLEAN built;

	if (!build_io)
		return TRUE;
	minirq_storport_call_enter(&call, adapter, MINIRQ_STOR_ROUTINE_BUILD_IO,
				   build_io);
	built = build_io(adapter->extension, &request->srb);
	minirq_storport_call_leave(&call);
	return built;
}

/* The gate lets a held request go. */
static void start(struct minirq_stor_adapter *adapter,
		  struct minirq_stor_request *request)
{
	unsigned int channels = adapter->perf.channels;
	s64 state;

	request->message = minirq_storport_message_for(adapter, request->cpu);
	request->channel = channels > 1 ? request->cpu % channels : 0;
	request->srb.SrbStatus = SRB_STATUS_PENDING;
	minirq_stor_reset_due(request);
	state = minirq_stor_state(atomic64_read(&request->state),
				  MINIRQ_STOR_STARTING);
	if (!minirq_stor_move(request, MINIRQ_STOR_HELD, MINIRQ_STOR_STARTING))
		return;
	minirq_stor_reset_watch(adapter, request);
	if (build_io(adapter, request))
		start_io(adapter, request, state);
	else
		started(adapter, request, state);
}

/**
 * minirq_stor_request_start() - hand a request to the miniport
 * @adapter:	the adapter
 * @request:	an idle request, whose SRB and @done are filled in
 *
 * Context: IRQL <= DISPATCH_LEVEL; not from HwStorBuildIo or HwStorStartIo.
 * Return: 0, and @done will be called once, perhaps before this returns; -EBUSY
 * when the request is under way; -ENODEV when the adapter takes no requests.
 */
int minirq_stor_request_start(struct minirq_stor_adapter *adapter,
			      struct minirq_stor_request *request)
{
	KIRQL old = minirq_irql_current();
	int err = 0;

	minirq_irql_raise(old, DISPATCH_LEVEL);
	if (!READ_ONCE(adapter->requests->open)) {
		err = -ENODEV;
	} else if (!minirq_stor_move(request, MINIRQ_STOR_IDLE,
				     MINIRQ_STOR_HELD)) {
		err = -EBUSY;
	} else {
		request->cpu = smp_processor_id();
		if (minirq_stor_gate_pass(adapter->gate, request))
			start(adapter, request);
	}
	minirq_irql_lower(DISPATCH_LEVEL, old);
	return err;
}

/**
 * minirq_stor_request_continue() - hand over a request that was held back
 * @adapter:	the adapter; one that takes no requests leaves it as it is
 * @request:	a request that the gate has let go
 *
 * Context: IRQL = DISPATCH_LEVEL.
 */
void minirq_stor_request_continue(struct minirq_stor_adapter *adapter,
				  struct minirq_stor_request *request)
{
	if (READ_ONCE(adapter->requests->open))
		start(adapter, request);
}

/* A driver may ask for more than there are CPUs: the rest is never used. */
static unsigned int channels_used(struct minirq_stor_adapter *adapter)
{
	return min_t(unsigned int, adapter->perf.channels, nr_cpu_ids);
}

/* Channels come before the StartIo lock: HwStorStartIo may take that on one. */
static void lock_channels(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_requests *requests = adapter->requests;
	unsigned int channel, count = channels_used(adapter);

	minirq_spinlock_acquire(&requests->channels);
	for (channel = 0; channel < count; channel++)
		minirq_spinlock_acquire_inner(&requests->channel[channel],
					      &requests->channels);
}

static void unlock_channels(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_requests *requests = adapter->requests;
	unsigned int channel = channels_used(adapter);

	while (channel--)
		minirq_spinlock_release_inner(&requests->channel[channel]);
	minirq_spinlock_release(&requests->channels);
}

static bool has_channels(struct minirq_stor_adapter *adapter)
{
	return adapter->perf.channels > 1 && adapter->requests;
}

/**
 * minirq_stor_start_lock() - keep HwStorStartIo out, on every channel
 * @adapter:	the adapter
 *
 * At DISPATCH_LEVEL from here on, in half duplex at DIRQL with every ISR out.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Return: the previous level.
 */
KIRQL minirq_stor_start_lock(struct minirq_stor_adapter *adapter)
{
	KIRQL old = minirq_irql_current();

	minirq_irql_raise(old, DISPATCH_LEVEL);
	if (has_channels(adapter))
		lock_channels(adapter);
	minirq_spinlock_acquire(&adapter->start_io);
	if (adapter->half_duplex)
		minirq_storport_lock_interrupt(adapter);
	return old;
}

/* Undo minirq_stor_start_lock(). */
void minirq_stor_start_unlock(struct minirq_stor_adapter *adapter, KIRQL old)
{
	if (adapter->half_duplex)
		minirq_storport_unlock_interrupt(adapter, DISPATCH_LEVEL);
	minirq_spinlock_release(&adapter->start_io);
	if (has_channels(adapter))
		unlock_channels(adapter);
	minirq_irql_lower(DISPATCH_LEVEL, old);
}
