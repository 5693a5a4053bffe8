// SPDX-License-Identifier: GPL-2.0-only
/*
 * Requests: SRBs on their way through a StorPort miniport.
 *
 *	idle		the initiator's, who fills in the SRB
 *	held		the port's, until the miniport may have it
 *	started		the miniport's: HwStorBuildIo, HwStorStartIo, its device
 *	completed	the port's, on the way to the CPU where it is delivered
 *	idle		again, when its initiator is told
 *
 * Each step is one exchange, so whoever completes a request a second time finds
 * it taken, is reported, and changes nothing.
 *
 * Requests of an adapter lie in one array, so that an SRB which a driver hands
 * in can be recognised without looking at what it points to.
 */
#include "storport_request.h"

#include <linux/export.h>
#include <linux/percpu.h>
#include <linux/rcupdate.h>
#include <linux/slab.h>

#include "dpc.h"
#include "dpc_flush.h"
#include "irql.h"
#include "spinlock.h"
#include "storport.h"
#include "storport_gate.h"
#include "storport_lock.h"
#include "verifier.h"

/* The lower bits of the state; the upper ones count how often it came to idle. */
enum { IDLE, HELD, STARTED, COMPLETED, STATES };

static int phase(int state)
{
	return (unsigned int)state % STATES;
}

/**
 * struct deliverer - delivers completions on one CPU
 * @dpc:	runs while there are some
 * @list:	the requests, latest first
 * @busy:	it delivers
 */
struct deliverer {
	KDPC dpc;
	struct llist_head list;
	bool busy;
};

/**
 * struct minirq_stor_requests - the requests of an adapter
 * @open:	requests may be started
 * @deliverers:	one for each CPU
 * @channel:	with several channels, the lock of each
 * @depth:	length of @request
 * @request:	by tag
 */
struct minirq_stor_requests {
	bool open;
	struct deliverer __percpu *deliverers;
	PKSPIN_LOCK channel;
	unsigned int depth;
	struct minirq_stor_request request[];
};

/* A completed request goes back to its initiator, who may start it again. */
static void deliver(struct deliverer *deliverer, struct llist_node *list)
{
	struct minirq_stor_request *request, *next;

	deliverer->busy = true;
	list = llist_reverse_order(list);
	llist_for_each_entry_safe(request, next, list, node) {
		kfree(request->sg);
		request->sg = NULL;
		atomic_add_return_release(STATES - COMPLETED, &request->state);
		request->done(request);
	}
	deliverer->busy = false;
}

static VOID deliver_dpc(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct deliverer *deliverer = context;

	deliver(deliverer, llist_del_all(&deliverer->list));
}

static void free_requests(struct minirq_stor_requests *requests)
{
	unsigned int tag;

	for (tag = 0; tag < requests->depth; tag++)
		kfree(requests->request[tag].srb.SrbExtension);
	kvfree(requests->channel);
	free_percpu(requests->deliverers);
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

	requests->deliverers = alloc_percpu(struct deliverer);
	requests->channel = kvcalloc(nr_cpu_ids, sizeof(KSPIN_LOCK),
				     GFP_KERNEL);
	if (!requests->deliverers || !requests->channel)
		return -ENOMEM;
	for_each_possible_cpu(cpu) {
		struct deliverer *deliverer =
			per_cpu_ptr(requests->deliverers, cpu);

		init_llist_head(&deliverer->list);
		KeInitializeDpc(&deliverer->dpc, deliver_dpc, deliverer);
		minirq_spinlock_init(&requests->channel[cpu]);
	}
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

static void post(struct deliverer *deliverer, unsigned int cpu,
		 struct llist_node *first, struct llist_node *last)
{
	llist_add_batch(first, last, &deliverer->list);
	minirq_dpc_insert_on(&deliverer->dpc, cpu, NULL, NULL);
}

static bool batched(struct minirq_stor_adapter *adapter)
{
	return adapter->perf.flags &
	       STOR_PERF_OPTIMIZE_FOR_COMPLETION_DURING_STARTIO;
}

/*
 * To the CPU that the performance options say; from within HwStorStartIo, if
 * that is what the driver asked for, as soon as it has returned.
 */
static void queue(struct minirq_stor_adapter *adapter,
		  struct minirq_stor_request *request)
{
	KIRQL old = minirq_irql_current();
	struct deliverer *deliverer;
	unsigned int cpu;

	minirq_stor_gate_leave(adapter->gate, request);
	if (batched(adapter) && minirq_storport_batch(adapter, &request->node))
		return;
	if (old < DISPATCH_LEVEL)
		minirq_irql_raise(old, DISPATCH_LEVEL);
	cpu = minirq_storport_completion_cpu(adapter, request->cpu,
					     request->message);
	deliverer = per_cpu_ptr(adapter->requests->deliverers, cpu);
	post(deliverer, cpu, &request->node, &request->node);
	if (old < DISPATCH_LEVEL)
		minirq_irql_lower(DISPATCH_LEVEL, old);
}

/* From one state to the next; false when somebody else was first. */
static bool step(struct minirq_stor_request *request, int state, int from)
{
	return phase(state) == from &&
	       atomic_cmpxchg(&request->state, state, state + 1) == state;
}

/* The port completes a request itself, if the driver has not. */
static void finish(struct minirq_stor_adapter *adapter,
		   struct minirq_stor_request *request, int state,
		   UCHAR status)
{
	if (step(request, state, HELD))
		state++;
	if (!step(request, state, STARTED))
		return;
	request->srb.SrbStatus = status;
	queue(adapter, request);
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

	minirq_stor_gate_open(adapter->gate);
	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++) {
		struct minirq_stor_request *request =
			minirq_stor_request(adapter, tag);

		finish(adapter, request, atomic_read(&request->state), status);
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
	return phase(atomic_read(&request->state)) == STARTED;
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

/* Requests of one channel, or of all of them, start one after the other. */
static PKSPIN_LOCK start_lock(struct minirq_stor_adapter *adapter,
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

/*
 * What HwStorStartIo has completed. It may be started again by whoever is told,
 * and be completed at once again: that is for a DPC, or it would never end.
 */
static void deliver_batch(struct minirq_stor_adapter *adapter,
			  struct llist_node *first)
{
	struct deliverer *deliverer = this_cpu_ptr(adapter->requests->deliverers);
	struct llist_node *last = first;

	if (!first)
		return;
	if (!deliverer->busy) {
		deliver(deliverer, first);
		return;
	}
	while (last->next)
		last = last->next;
	post(deliverer, smp_processor_id(), first, last);
}

/*
 * In full duplex ISRs may run meanwhile. A driver that returns FALSE has not
 * taken the request, so its initiator is told to try again.
 */
static void start_io(struct minirq_stor_adapter *adapter,
		     struct minirq_stor_request *request, int state)
{
	PKSPIN_LOCK lock = start_lock(adapter, request);
	struct minirq_stor_call call = {};
	KIRQL old = DISPATCH_LEVEL;
	BOOLEAN started;

	minirq_spinlock_acquire(lock);
	if (adapter->half_duplex)
		old = minirq_storport_lock_interrupt(adapter);
	started = call_start_io(adapter, request, &call);
	if (adapter->half_duplex)
		minirq_storport_unlock_interrupt(adapter, old);
	minirq_spinlock_release(lock);
	deliver_batch(adapter, llist_del_all(&call.completed));
	if (!started)
		finish(adapter, request, state, SRB_STATUS_BUSY);
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
	int state = atomic_read(&request->state);

	request->message = minirq_storport_message_for(adapter, request->cpu);
	request->channel = channels > 1 ? request->cpu % channels : 0;
	request->srb.SrbStatus = SRB_STATUS_PENDING;
	if (step(request, state, HELD) && build_io(adapter, request))
		start_io(adapter, request, state + 1);
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
	int state = atomic_read(&request->state);
	int err = 0;

	minirq_irql_raise(old, DISPATCH_LEVEL);
	if (!READ_ONCE(adapter->requests->open)) {
		err = -ENODEV;
	} else if (!step(request, state, IDLE)) {
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

	if (!request ||
	    !step(request, atomic_read(&request->state), STARTED)) {
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
	queue(adapter, request);
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
 * Requests that are held back are not the miniport's, and stay. It is reported
 * when the miniport completes one of the others after this.
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
		int state = atomic_read(&request->state);

		if (phase(state) == STARTED &&
		    matches(PathId, request->srb.PathId) &&
		    matches(TargetId, request->srb.TargetId) &&
		    matches(Lun, request->srb.Lun))
			finish(adapter, request, state, SrbStatus);
	}
}
EXPORT_SYMBOL_GPL(StorPortCompleteRequest);
