// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: SRBs on their way through a StorPort miniport.
 *
 * Requests of an adapter lie in one array, so that an SRB which a driver hands
 * in can be recognised without looking at what it points to.
 */
#include "storport_request.h"

#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "dpc_flush.h"
#include "spinlock.h"
#include "storport.h"
#include "storport_deliver.h"
#include "storport_gate.h"
#include "storport_reset.h"
#include "storport_state.h"
#include "verifier.h"

static void free_requests(struct minirq_stor_requests *requests)
{
	unsigned int tag;

	for (tag = 0; tag < requests->depth; tag++)
		kfree(requests->request[tag].srb.SrbExtension);
	kvfree(requests->channel);
	minirq_stor_deliverers_destroy(requests->deliverers);
	kvfree(requests);
}

static int init_request(struct minirq_stor_request *request, ULONG size)
{
	request->srb.Length = sizeof(request->srb);
	if (!size)
		return 0;
	request->srb.SrbExtension = kzalloc(size, GFP_KERNEL);
	return request->srb.SrbExtension ? 0 : -ENOMEM;
}

static int init_requests(struct minirq_stor_requests *requests,
			 unsigned int depth, ULONG extension)
{
	unsigned int cpu, tag;

	requests->deliverers = minirq_stor_deliverers_create();
	requests->channel = kvcalloc(nr_cpu_ids, sizeof(KSPIN_LOCK),
				     GFP_KERNEL);
	if (!requests->deliverers || !requests->channel)
		return -ENOMEM;
	minirq_spinlock_init(&requests->channels);
	for_each_possible_cpu(cpu)
		minirq_spinlock_init(&requests->channel[cpu]);
	for (tag = 0; tag < depth; tag++) {
		int err = init_request(&requests->request[tag], extension);

		if (err)
			return err;
	}
	return 0;
}

/**
 * minirq_stor_requests_create() - give a started adapter requests to serve
 * @adapter:	the adapter
 * @depth:	how many may be under way at a time
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY when it has some; -ENOMEM.
 */
int minirq_stor_requests_create(struct minirq_stor_adapter *adapter,
				unsigned int depth)
{
	struct minirq_stor_requests *requests;

	if (adapter->requests)
		return -EBUSY;
	requests = kvzalloc(struct_size(requests, request, depth), GFP_KERNEL);
	if (!requests)
		return -ENOMEM;
	requests->depth = depth;
	if (init_requests(requests, depth, adapter->srb_extension)) {
		free_requests(requests);
		return -ENOMEM;
	}
	requests->open = true;
	adapter->requests = requests;
	return 0;
}

/**
 * minirq_stor_requests_close() - let no request start any more
 * @adapter:	the adapter, with requests or without
 *
 * A start runs at DISPATCH_LEVEL, where softirqs are off, so one that found the
 * door open is over after a grace period.
 *
 * Context: process context, may sleep.
 */
void minirq_stor_requests_close(struct minirq_stor_adapter *adapter)
{
	if (!adapter->requests)
		return;
	WRITE_ONCE(adapter->requests->open, false);
	synchronize_rcu();
}

/**
 * minirq_stor_request_end() - the port completes a request itself
 * @adapter:	its adapter
 * @request:	the request
 * @state:	the state that it was found in
 * @status:	SrbStatus
 *
 * One that has come further is left alone.
 *
 * Context: IRQL <= DIRQL.
 */
void minirq_stor_request_end(struct minirq_stor_adapter *adapter,
			     struct minirq_stor_request *request, s64 state,
			     UCHAR status)
{
	if (!minirq_stor_step(request, state,
			      minirq_stor_state(state, MINIRQ_STOR_COMPLETED)))
		return;
	request->srb.SrbStatus = status;
	minirq_stor_deliver(adapter, request);
}

/*
 * What is inside HwStorBuildIo or HwStorStartIo is completed by whoever called
 * them; if they have just returned, as any other.
 */
static void end_started(struct minirq_stor_adapter *adapter,
			struct minirq_stor_request *request, s64 state,
			UCHAR status)
{
	s64 ending = minirq_stor_state(state, MINIRQ_STOR_ENDING) |
		     status << MINIRQ_STOR_STATUS;
	s64 started = minirq_stor_state(state, MINIRQ_STOR_STARTED);

	if (minirq_stor_phase(state) == MINIRQ_STOR_STARTING &&
	    minirq_stor_step(request, state, ending))
		return;
	minirq_stor_request_end(adapter, request, started, status);
}

/* Undo minirq_stor_requests_close(). */
void minirq_stor_requests_open(struct minirq_stor_adapter *adapter)
{
	if (adapter->requests)
		WRITE_ONCE(adapter->requests->open, true);
}

/**
 * minirq_stor_requests_flush() - complete what a stopped miniport has not
 * @adapter:	a stopped adapter, with requests or without
 * @status:	SrbStatus
 *
 * Context: process context, may sleep.
 */
void minirq_stor_requests_flush(struct minirq_stor_adapter *adapter,
				UCHAR status)
{
	unsigned int tag;

	minirq_stor_reset_stop(adapter);
	minirq_stor_gate_open(adapter->gate);
	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++) {
		struct minirq_stor_request *request =
			minirq_stor_request(adapter, tag);
		s64 state = atomic64_read(&request->state);

		if (minirq_stor_state_started(state))
			end_started(adapter, request, state, status);
		else if (minirq_stor_phase(state) == MINIRQ_STOR_HELD)
			minirq_stor_request_end(adapter, request, state,
						status);
	}
	minirq_dpc_flush();
}

/* Free the requests of a closed and flushed adapter. */
void minirq_stor_requests_destroy(struct minirq_stor_adapter *adapter)
{
	if (!adapter->requests)
		return;
	free_requests(adapter->requests);
	adapter->requests = NULL;
}

/* The request with a tag, below the depth that was asked for. */
struct minirq_stor_request *
minirq_stor_request(struct minirq_stor_adapter *adapter, unsigned int tag)
{
	return &adapter->requests->request[tag];
}

/* How many requests the adapter has, below which the tags are. */
unsigned int minirq_stor_requests_depth(struct minirq_stor_adapter *adapter)
{
	return adapter->requests ? adapter->requests->depth : 0;
}

/* Does the miniport have this request? */
bool minirq_stor_request_started(struct minirq_stor_request *request)
{
	return minirq_stor_state_started(atomic64_read(&request->state));
}

/* How many requests does the miniport have? */
unsigned int minirq_stor_requests_started(struct minirq_stor_adapter *adapter)
{
	unsigned int tag, started = 0;

	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++)
		if (minirq_stor_request_started(minirq_stor_request(adapter,
								    tag)))
			started++;
	return started;
}

/* The request that an SRB belongs to; NULL when it is none of the adapter's. */
struct minirq_stor_request *
minirq_stor_request_of(struct minirq_stor_adapter *adapter,
		       PSCSI_REQUEST_BLOCK srb)
{
	struct minirq_stor_requests *requests = adapter->requests;
	size_t offset;

	if (!requests)
		return NULL;
	offset = (char *)srb - (char *)&requests->request[0].srb;
	if (offset % sizeof(requests->request[0]) ||
	    offset / sizeof(requests->request[0]) >= requests->depth)
		return NULL;
	return container_of(srb, struct minirq_stor_request, srb);
}

/* From the miniport, which may be told meanwhile to start it, or to end it. */
static bool take(struct minirq_stor_request *request)
{
	s64 state = atomic64_read(&request->state), next;

	do {
		if (!minirq_stor_state_started(state))
			return false;
		next = minirq_stor_state(state, MINIRQ_STOR_COMPLETED);
	} while (!atomic64_try_cmpxchg(&request->state, &state, next));
	return true;
}

/**
 * minirq_stor_request_complete() - a miniport is done with a request
 * @adapter:	its adapter
 * @srb:	the request
 * @caller:	place in the driver
 *
 * What is not under way is reported, and nothing happens to it. So is a request
 * without a status, which completes with SRB_STATUS_ERROR.
 *
 * Context: IRQL <= DIRQL.
 */
void minirq_stor_request_complete(struct minirq_stor_adapter *adapter,
				  PSCSI_REQUEST_BLOCK srb, void *caller)
{
	struct minirq_stor_request *request =
		minirq_stor_request_of(adapter, srb);

	if (!request || !take(request)) {
		minirq_violation(MINIRQ_RULE_STOR_REQUEST, caller,
				 "%s: completes SRB %p, which is not under way",
				 adapter->name, srb);
		return;
	}
	if (SRB_STATUS(srb->SrbStatus) == SRB_STATUS_PENDING) {
		minirq_violation(MINIRQ_RULE_STOR_PENDING, caller,
				 "%s: completes SRB %p as pending",
				 adapter->name, srb);
		srb->SrbStatus = SRB_STATUS_ERROR;
	}
	minirq_stor_deliver(adapter, request);
}

/* SP_UNTAGGED stands for all of them. */
static bool matches(UCHAR wanted, UCHAR id)
{
	return wanted == SP_UNTAGGED || wanted == id;
}

/**
 * StorPortCompleteRequest() - the port completes what a miniport has
 * @HwDeviceExtension:	the adapter
 * @PathId:		of the units, or SP_UNTAGGED for all
 * @TargetId:		of the units, or SP_UNTAGGED
 * @Lun:		of the units, or SP_UNTAGGED
 * @SrbStatus:		of the requests
 *
 * Requests that are held back are not the miniport's, and stay. One that is just
 * being started is completed when HwStorStartIo has returned, and before it is
 * called if that is still to come. It is reported when the miniport completes one
 * of them after that.
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportcompleterequest
 */
VOID StorPortCompleteRequest(PVOID HwDeviceExtension, UCHAR PathId,
			     UCHAR TargetId, UCHAR Lun, UCHAR SrbStatus)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	unsigned int tag;

	if (!adapter)
		return;
	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++) {
		struct minirq_stor_request *request =
			minirq_stor_request(adapter, tag);
		s64 state = atomic64_read(&request->state);

		if (minirq_stor_state_started(state) &&
		    matches(PathId, request->srb.PathId) &&
		    matches(TargetId, request->srb.TargetId) &&
		    matches(Lun, request->srb.Lun))
			end_started(adapter, request, state, SrbStatus);
	}
}
EXPORT_SYMBOL_GPL(StorPortCompleteRequest);
