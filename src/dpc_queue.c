// SPDX-License-Identifier: GPL-2.0-only
/*
 * The queues of deferred procedure calls, and how they are drained.
 *
 * A tasklet cannot be aimed at a CPU, withdrawn without sleeping, or ordered
 * among others, so a DPC is not a tasklet: it stands in its CPU's queue, and
 * the one tasklet of that CPU drains the queue.
 */
#include "dpc_queue.h"

#include <linux/cpumask.h>
#include <linux/export.h>

#include "dpc_slot.h"
#include "held.h"
#include "irql.h"
#include "trace.h"
#include "verifier.h"

/* How many DPCs run before other softirqs have their turn. */
#define ROUND	64

DEFINE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_queues);
DEFINE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_threaded_queues);

/* This CPU runs a tasklet that drains a queue, its own or an offline CPU's. */
static DEFINE_PER_CPU(bool, draining);

/*
 * The head is for HighImportance, but not for ever: a DPC that queues itself
 * with it must not keep a flush from its end.
 */
bool minirq_dpc_add_head(struct minirq_dpc_queue *q,
			 struct minirq_dpc_node *node)
{
	if (!q->first)
		q->overtakes = 0;
	if (q->overtakes++ >= ROUND || !q->first)
		return minirq_dpc_add_tail(q, node);
	node->next = q->first;
	q->first = node;
	return false;
}

/* Queues are short, and removals rare: what stands before it is looked for. */
void minirq_dpc_unlink(struct minirq_dpc_queue *q,
		       struct minirq_dpc_node *node)
{
	struct minirq_dpc_node **at = &q->first;

	while (*at != node)
		at = &(*at)->next;
	*at = node->next;
	if (!*at)
		q->tail = at;
}

/* Have a queue drained: by its worker, on its CPU, or by the tasklet, on this one. */
void minirq_dpc_wake_drain(struct minirq_dpc_queue *q)
{
	struct task_struct *worker = READ_ONCE(q->worker);

	if (worker)
		wake_up_process(worker);
	else
		tasklet_schedule(&q->tasklet);
}

/*
 * A kick that is still under way (-EBUSY) will find every DPC that is queued by
 * now. A CPU that just went offline can no longer be kicked: its queue is drained
 * here.
 */
void minirq_dpc_not_kicked(struct minirq_dpc_queue *q, int err)
{
	if (err != -EBUSY)
		minirq_dpc_wake_drain(q);
}

/* Make a CPU drain its queue, in the way that costs least. */
void minirq_dpc_wake(struct minirq_dpc_queue *q)
{
	if (q->cpu == smp_processor_id() || q->worker)
		minirq_dpc_wake_drain(q);
	else
		minirq_dpc_kick(q);
}

static void relayed(struct irq_work *relay)
{
	minirq_dpc_wake_drain(container_of(relay, struct minirq_dpc_queue, relay));
}

/*
 * A CPU that polls while it is idle finds the kick without an interrupt. On
 * PREEMPT_RT it may not raise a softirq there, so it interrupts itself.
 */
static void kicked(void *queue)
{
	struct minirq_dpc_queue *q = queue;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		irq_work_queue(&q->relay);
	else
		tasklet_schedule(&q->tasklet);
}

/* Only kicked where its worker was away, which may have come back meanwhile. */
static void kicked_threaded(void *queue)
{
	struct minirq_dpc_queue *q = queue;

	irq_work_queue(&q->relay);
}

/* A routine that returns at another level is reported, and put right. */
static noinline void check_return(void *routine, KIRQL level)
{
	KIRQL irql = minirq_irql_current();

	if (irql == level)
		return;
	minirq_violation(MINIRQ_RULE_IRQL_RETURN, routine,
			 "DPC routine returned at IRQL %u", irql);
	if (irql > level)
		minirq_irql_lower(irql, level);
}

/*
 * Run a routine while somebody looks on: a tracer, or the verifier. It always does
 * in a thread, which must not stay raised.
 */
static noinline void watch(PKDEFERRED_ROUTINE routine, PRKDPC dpc,
			   PVOID context, PVOID arg1, PVOID arg2, KIRQL level)
{
	unsigned int held = minirq_held_count();

	trace_minirq_dpc_entry(dpc, routine);
	routine(dpc, context, arg1, arg2);
	trace_minirq_dpc_exit(dpc, routine);
	minirq_held_end(held, routine);
	if (level == PASSIVE_LEVEL || minirq_verifying())
		check_return(routine, level);
}

static noinline void watch_slot(struct minirq_dpc_slot *slot, PVOID context)
{
	struct minirq_dpc_block *block = minirq_dpc_block_of(slot);
	unsigned int held = minirq_held_count();

	trace_minirq_dpc_entry(slot, block->code);
	block->run(slot, block->owner, context);
	trace_minirq_dpc_exit(slot, block->code);
	minirq_held_end(held, block->code);
	if (minirq_verifying())
		check_return(block->code, DISPATCH_LEVEL);
}

static __always_inline void unlock(struct minirq_dpc_queue *q)
{
	minirq_dpc_unlock(q);
	local_irq_enable();
}

/* What a routine is called with is read before it may free its KDPC. */
static __always_inline void run(struct minirq_dpc_queue *q, PRKDPC dpc,
				KIRQL level)
{
	PKDEFERRED_ROUTINE routine = dpc->DeferredRoutine;
	PVOID context = dpc->DeferredContext;
	PVOID arg1 = dpc->SystemArgument1;
	PVOID arg2 = dpc->SystemArgument2;

	/* from now on it can be queued again */
	smp_store_release(&dpc->DpcData, NULL);
	unlock(q);

	if (level == PASSIVE_LEVEL || minirq_watched())
		watch(routine, dpc, context, arg1, arg2, level);
	else
		routine(dpc, context, arg1, arg2);
}

/* A serialized one is there when its routine has returned. */
static __always_inline void run_serialized(struct minirq_dpc_queue *q,
					   PRKDPC dpc, KIRQL level)
{
	WRITE_ONCE(dpc->_Spare, smp_processor_id() + 1);
	run(q, dpc, level);
	/* its next run, on any CPU, sees what this one wrote */
	smp_store_release(&dpc->_Spare, 0);
}

static __always_inline void run_slot(struct minirq_dpc_queue *q,
				     struct minirq_dpc_slot *slot)
{
	struct minirq_dpc_block *block = minirq_dpc_block_of(slot);
	minirq_dpc_run *run = block->run;
	void *owner = block->owner;
	PVOID context = slot->context;

	slot->node.runs++;
	slot->node.queued = false;
	unlock(q);

	if (minirq_watched())
		watch_slot(slot, context);
	else
		run(slot, owner, context);
}

static __always_inline void run_next(struct minirq_dpc_queue *q, KIRQL level)
{
	struct minirq_dpc_node *node;

	local_irq_disable();
	minirq_dpc_lock(q);
	node = q->first;
	if (unlikely(!node))
		return unlock(q);
	q->first = node->next;

	if (node->type & MINIRQ_DPC_WINDOWS)
		run(q, (PRKDPC)node, level);
	else if (node->type & MINIRQ_DPC_SERIALIZED)
		run_serialized(q, (PRKDPC)node, level);
	else
		run_slot(q, container_of(node, struct minirq_dpc_slot, node));
}

/* The rest of a round; the next one is for what it leaves behind. */
static noinline void drain_more(struct minirq_dpc_queue *q, KIRQL level)
{
	unsigned int left = ROUND;

	while (--left) {
		run_next(q, level);
		if (!q->first)
			return;
	}
	minirq_dpc_wake_drain(q);
}

/* A round, which most often is one DPC. */
static __always_inline void drain_round(struct minirq_dpc_queue *q, KIRQL level)
{
	run_next(q, level);
	if (unlikely(q->first))
		drain_more(q, level);
}

/* What a worker does while there is something in its queue. */
void minirq_dpc_drain_passive(struct minirq_dpc_queue *q)
{
	drain_round(q, PASSIVE_LEVEL);
}

/*
 * A round is bounded, so a DPC that queues itself for ever shares the CPU with
 * other softirqs. On PREEMPT_RT a softirq can be preempted, a DPC must not be.
 */
static void drain(struct tasklet_struct *tasklet)
{
	struct minirq_dpc_queue *q = from_tasklet(q, tasklet, tasklet);

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
	this_cpu_write(draining, true);
	drain_round(q, DISPATCH_LEVEL);
	this_cpu_write(draining, false);
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();
}

/**
 * minirq_dpc_call() - call the routine of a DPC that stands in no queue
 * @dpc:	an initialised DPC
 * @arg1:	third argument of the routine
 * @arg2:	its fourth
 *
 * Context: IRQL = DISPATCH_LEVEL; no DPC runs on this CPU.
 */
void minirq_dpc_call(PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	PKDEFERRED_ROUTINE routine = dpc->DeferredRoutine;

	this_cpu_write(draining, true);
	if (minirq_watched())
		watch(routine, dpc, dpc->DeferredContext, arg1, arg2,
		      DISPATCH_LEVEL);
	else
		routine(dpc, dpc->DeferredContext, arg1, arg2);
	this_cpu_write(draining, false);
}

/* Is this in a threaded DPC? A worker does nothing but run them. */
bool minirq_dpc_in_worker(void)
{
	return raw_cpu_read(minirq_dpc_threaded_queues.worker) == current;
}

/**
 * KeIsExecutingDpc() - is this CPU inside a DPC routine?
 *
 * A threaded DPC is a DPC as any other, also at PASSIVE_LEVEL, where no document
 * says what is to be returned.
 *
 * Context: IRQL = DISPATCH_LEVEL, or in a threaded DPC.
 * Page: nf-wdm-keisexecutingdpc
 * Return: non-zero when it is.
 */
ULONG KeIsExecutingDpc(void)
{
	return raw_cpu_read(draining) || minirq_dpc_in_worker();
}
EXPORT_SYMBOL_GPL(KeIsExecutingDpc);

static void init_queue(struct minirq_dpc_queue *q, unsigned int cpu,
		       smp_call_func_t when_kicked)
{
	q->cpu = cpu;
	tasklet_setup(&q->tasklet, drain);
	INIT_CSD(&q->kick, when_kicked, q);
	q->relay = IRQ_WORK_INIT_HARD(relayed);
}

/* Make the queues ready; before any export can be called. */
void minirq_dpc_start(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		init_queue(per_cpu_ptr(&minirq_dpc_queues, cpu), cpu, kicked);
		init_queue(per_cpu_ptr(&minirq_dpc_threaded_queues, cpu), cpu,
			   kicked_threaded);
	}
}

static void stop_queue(struct minirq_dpc_queue *q)
{
	irq_work_sync(&q->relay);
	tasklet_kill(&q->tasklet);
}

/*
 * The module goes away: no driver that links to it is left, nothing inserts any
 * more, and the queues have been flushed. The tasklets have to come to rest.
 */
void minirq_dpc_stop(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		stop_queue(per_cpu_ptr(&minirq_dpc_queues, cpu));
		stop_queue(per_cpu_ptr(&minirq_dpc_threaded_queues, cpu));
	}
}
