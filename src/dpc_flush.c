// SPDX-License-Identifier: GPL-2.0-only
/* Waiting for deferred procedure calls. */
#include "dpc_flush.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/export.h>

#include "dpc.h"
#include "irql.h"
#include "verifier.h"

static VOID flush_marker(PRKDPC dpc, PVOID done, PVOID arg1, PVOID arg2)
{
	complete(done);
}

/* The type of the marker says which queue of the CPU it goes to. */
static void flush_queue(unsigned int cpu, UCHAR type)
{
	DECLARE_COMPLETION_ONSTACK(done);
	KDPC marker;

	KeInitializeDpc(&marker, flush_marker, &done);
	marker.Type = type;
	minirq_dpc_insert_on(&marker, cpu, NULL, NULL);
	wait_for_completion(&done);
}

/**
 * minirq_dpc_flush() - wait for every DPC queued before the call
 *
 * A marker at the tail of each queue: when it runs, what stood before it has
 * returned, because one tasklet, or one thread, runs a queue's DPCs one after
 * the other. A CPU that went offline may have left a queue behind, so every
 * queue gets one.
 *
 * Context: process context, may sleep.
 */
void minirq_dpc_flush(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		flush_queue(cpu, MINIRQ_DPC_ORDINARY);
		flush_queue(cpu, MINIRQ_DPC_THREADED);
	}
}

/**
 * KeFlushQueuedDpcs() - wait for every DPC queued before the call, on any CPU
 *
 * Context: IRQL = PASSIVE_LEVEL; above it, and in a threaded DPC, the call is
 * reported and returns.
 * Page: nf-wdm-keflushqueueddpcs
 */
VOID KeFlushQueuedDpcs(void)
{
	KIRQL irql = minirq_irql_current();

	minirq_not_for_storport(MINIRQ_CALLER, __func__);
	if (irql != PASSIVE_LEVEL || minirq_dpc_in_worker()) {
		minirq_violation(MINIRQ_RULE_DPC_FLUSH, MINIRQ_CALLER,
				 "%s at IRQL %u, or in a DPC", __func__, irql);
		return;
	}
	minirq_dpc_flush();
}
EXPORT_SYMBOL_GPL(KeFlushQueuedDpcs);
