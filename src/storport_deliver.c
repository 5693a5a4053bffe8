// SPDX-License-Identifier: GPL-2.0-only
/*
 * Completed StorPort requests go back to their initiators: each CPU has a list of
 * them, and a DPC that delivers it.
 */
#include "storport_deliver.h"

#include <linux/cpumask.h>
#include <linux/percpu.h>

#include "dpc.h"
#include "irql.h"
#include "memory.h"
#include "storport.h"
#include "storport_gate.h"
#include "storport_state.h"

/* A completed request goes back to its initiator, who may start it again. */
static void deliver(struct minirq_stor_deliverer *deliverer,
		    struct llist_node *list)
{
	struct minirq_stor_request *request, *next;

	deliverer->busy = true;
	list = llist_reverse_order(list);
	llist_for_each_entry_safe(request, next, list, node) {
		minirq_memory_free(request->sg);
		request->sg = NULL;
		minirq_stor_move_idle(request);
		request->done(request);
	}
	deliverer->busy = false;
}

static VOID deliver_dpc(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct minirq_stor_deliverer *deliverer = context;

	deliver(deliverer, llist_del_all(&deliverer->list));
}

/* A deliverer for each CPU; NULL for want of memory. */
struct minirq_stor_deliverer __percpu *minirq_stor_deliverers_create(void)
{
	struct minirq_stor_deliverer __percpu *each =
		alloc_percpu(struct minirq_stor_deliverer);
	unsigned int cpu;

	if (!each)
		return NULL;
	for_each_possible_cpu(cpu) {
		struct minirq_stor_deliverer *deliverer = per_cpu_ptr(each, cpu);

		init_llist_head(&deliverer->list);
		KeInitializeDpc(&deliverer->dpc, deliver_dpc, deliverer);
	}
	return each;
}

/* Free deliverers that have nothing left to do. */
void minirq_stor_deliverers_destroy(struct minirq_stor_deliverer __percpu *each)
{
	free_percpu(each);
}

static void post(struct minirq_stor_deliverer *deliverer, unsigned int cpu,
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

/**
 * minirq_stor_deliver() - send a completed request home
 * @adapter:	its adapter
 * @request:	the request
 *
 * To the CPU that the performance options say; from within HwStorStartIo, if
 * that is what the driver asked for, as soon as it has returned.
 *
 * Context: IRQL <= DIRQL.
 */
void minirq_stor_deliver(struct minirq_stor_adapter *adapter,
			 struct minirq_stor_request *request)
{
	KIRQL old = minirq_irql_current();
	struct minirq_stor_deliverer *deliverer;
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

/**
 * minirq_stor_deliver_batch() - deliver what HwStorStartIo has completed
 * @adapter:	the adapter
 * @first:	the requests, latest first, or NULL
 *
 * It may be started again by whoever is told, and be completed at once again:
 * that is for a DPC, or it would never end.
 *
 * Context: IRQL = DISPATCH_LEVEL, with no lock.
 */
void minirq_stor_deliver_batch(struct minirq_stor_adapter *adapter,
			       struct llist_node *first)
{
	struct minirq_stor_deliverer *deliverer =
		this_cpu_ptr(adapter->requests->deliverers);
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
