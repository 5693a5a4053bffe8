// SPDX-License-Identifier: GPL-2.0-only
/*
 * The calls that StorPort makes into a miniport.
 *
 * What a routine may do depends on what the port holds around it, so each call
 * is noted: at a raised level with the CPU, which it cannot leave; at
 * PASSIVE_LEVEL with the adapter, which makes one such call at a time. ISRs, DPCs
 * and work items are not noted here: an ISR is known by the message that is being
 * served, and around the others the port holds nothing.
 */
#include "storport_call.h"

#include <linux/percpu.h>
#include <linux/preempt.h>
#include <linux/sched.h>

#include "held.h"
#include "irql.h"
#include "storport.h"
#include "verifier.h"

/* The innermost call at a raised level that this CPU is in, or NULL. */
static DEFINE_PER_CPU(struct minirq_stor_call *, raised);

/**
 * minirq_storport_call_enter() - a routine is about to be called
 * @call:	storage until the routine has returned
 * @adapter:	whose routine
 * @routine:	which
 * @code:	the driver's function
 */
void minirq_storport_call_enter(struct minirq_stor_call *call,
				struct minirq_stor_adapter *adapter,
				enum minirq_stor_routine routine, void *code)
{
	*call = (struct minirq_stor_call) {
		.adapter = adapter,
		.routine = routine,
		.code = code,
		.irql = minirq_irql_current(),
		.locks = minirq_held_count(),
	};
	if (call->irql >= DISPATCH_LEVEL) {
		call->outer = this_cpu_read(raised);
		this_cpu_write(raised, call);
		return;
	}
	adapter->passive_routine = routine;
	WRITE_ONCE(adapter->passive_task, current);
}

/* A routine that returns at another level is reported, and put right. */
static void check_irql(struct minirq_stor_adapter *adapter, void *code,
		       KIRQL entered)
{
	KIRQL irql = minirq_irql_current();

	if (likely(irql == entered))
		return;
	minirq_violation(MINIRQ_RULE_STOR_CHANGE_IRQL, code,
			 "%s: routine entered at IRQL %u returned at %u",
			 adapter->name, entered, irql);
	if (irql > entered)
		minirq_irql_lower(irql, entered);
	else
		minirq_irql_raise(irql, entered);
}

/**
 * minirq_storport_call_end() - put right what a routine has left
 * @adapter:	whose routine
 * @code:	the driver's function
 * @irql:	the level it was entered at
 * @locks:	how many locks of drivers were noted on entry
 *
 * Locks and levels that the routine has left are reported.
 */
void minirq_storport_call_end(struct minirq_stor_adapter *adapter, void *code,
			      KIRQL irql, unsigned int locks)
{
	if (unlikely(minirq_held_count() > locks))
		minirq_held_end(locks, code);
	check_irql(adapter, code, irql);
}

/**
 * minirq_storport_call_leave() - the routine has returned
 * @call:	what minirq_storport_call_enter() was given
 */
void minirq_storport_call_leave(struct minirq_stor_call *call)
{
	minirq_storport_call_end(call->adapter, call->code, call->irql,
				 call->locks);
	if (call->irql < DISPATCH_LEVEL)
		WRITE_ONCE(call->adapter->passive_task, NULL);
	else
		this_cpu_write(raised, call->outer);
}

/* Another thread may be in it meanwhile, and a DPC may have interrupted it. */
static bool in_passive_routine(struct minirq_stor_adapter *adapter)
{
	return in_task() && READ_ONCE(adapter->passive_task) == current;
}

/**
 * minirq_storport_routine() - which routine of a miniport is this?
 * @adapter:	the adapter
 *
 * Context: any.
 * Return: the routine this CPU, or this thread, is in.
 */
enum minirq_stor_routine
minirq_storport_routine(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_call *call = this_cpu_read(raised);

	if (minirq_storport_in_isr(adapter))
		return MINIRQ_STOR_ROUTINE_ISR;
	if (call && call->adapter == adapter)
		return call->routine;
	if (in_passive_routine(adapter))
		return adapter->passive_routine;
	return MINIRQ_STOR_ROUTINE_OTHER;
}

/* Report a call from HwStorStartIo, if this is one; the call goes on. */
void minirq_storport_check_start_io(void *caller, const char *function)
{
	struct minirq_stor_call *call = this_cpu_read(raised);

	while (call && call->routine != MINIRQ_STOR_ROUTINE_START_IO)
		call = call->outer;
	/* an ISR may have interrupted it */
	if (call && !this_cpu_read(minirq_stor_serving))
		minirq_violation(MINIRQ_RULE_STOR_START_IO, caller,
				 "%s: %s from HwStorStartIo",
				 call->adapter->name, function);
}

/**
 * minirq_storport_batch() - keep a completion until HwStorStartIo has returned
 * @adapter:	the adapter
 * @node:	what is kept
 *
 * Return: false when this is not its HwStorStartIo.
 */
bool minirq_storport_batch(struct minirq_stor_adapter *adapter,
			   struct llist_node *node)
{
	if (minirq_storport_routine(adapter) != MINIRQ_STOR_ROUTINE_START_IO)
		return false;
	llist_add(node, &this_cpu_read(raised)->completed);
	return true;
}
