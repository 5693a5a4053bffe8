// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferred procedure calls.
 *
 * A tasklet cannot be aimed at a CPU, withdrawn without sleeping, or ordered
 * among others, so a KDPC is not a tasklet: it stands in its CPU's queue, and
 * the one tasklet of that CPU drains the queue.
 *
 * A KDPC belongs to the queue that its DpcData names. NULL means idle; the
 * claim is the exchange from NULL to a queue, made under that queue's lock, so
 * two CPUs that insert the same KDPC agree on one winner and only the winner's
 * arguments are written. From DpcData = NULL on, the memory is the driver's.
 */
#include "dpc.h"

#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/interrupt.h>
#include <linux/list.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

#include "irql.h"
#include "trace.h"
#include "verifier.h"

/*
 * Type of a KDPC. The first is Windows' own; a serialized one never runs on two
 * CPUs at once, which StorPort promises for its STOR_DPC. Its _Spare holds 1 +
 * the CPU that runs it.
 */
enum {
	DPC_ORDINARY = 0x13,
	DPC_SERIALIZED = 0x80,
};

static_assert(sizeof(LIST_ENTRY) == sizeof(struct list_head));

/**
 * struct dpc_queue - the DPCs of one CPU
 * @lock:	protects the rest, and the list entry and arguments of each
 *		KDPC in here
 * @list:	what waits, next to run first
 * @depth:	length of @list
 * @tasklet:	drains @list; not empty means scheduled or running
 * @kick:	asks the CPU of this queue to schedule @tasklet
 */
struct dpc_queue {
	raw_spinlock_t lock;
	struct list_head list;
	unsigned int depth;
	struct tasklet_struct tasklet;
	call_single_data_t kick;
};

static DEFINE_PER_CPU_ALIGNED(struct dpc_queue, queues);

/* Is this CPU inside a DPC routine? */
static DEFINE_PER_CPU(bool, executing);

/* What a routine is called with, copied so that it may free its KDPC. */
struct dpc_call {
	PRKDPC dpc;
	PKDEFERRED_ROUTINE routine;
	PVOID context, arg1, arg2;
	bool serialized;
};

static struct list_head *entry_of(PRKDPC dpc)
{
	return (struct list_head *)&dpc->DpcListEntry;
}

static PRKDPC dpc_of(struct list_head *entry)
{
	return container_of((LIST_ENTRY *)entry, KDPC, DpcListEntry);
}

static void kicked(void *queue)
{
	tasklet_schedule(&((struct dpc_queue *)queue)->tasklet);
}

/*
 * Make the CPU of @q drain it. The queue's lock serialises the senders of its
 * kick; one still under way (-EBUSY) will find this DPC too. A CPU that just
 * went offline can no longer be kicked, so its queue is drained here.
 */
static void wake(struct dpc_queue *q, unsigned int cpu)
{
	int err;

	lockdep_assert_held(&q->lock);
	if (cpu == smp_processor_id()) {
		tasklet_schedule(&q->tasklet);
		return;
	}
	err = smp_call_function_single_async(cpu, &q->kick);
	if (err && err != -EBUSY)
		tasklet_schedule(&q->tasklet);
}

static bool claim(PRKDPC dpc, struct dpc_queue *q)
{
	return !cmpxchg(&dpc->DpcData, NULL, (PVOID)q);
}

static void enqueue(struct dpc_queue *q, PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	dpc->SystemArgument1 = arg1;
	dpc->SystemArgument2 = arg2;
	if (dpc->Importance == HighImportance)
		list_add(entry_of(dpc), &q->list);
	else
		list_add_tail(entry_of(dpc), &q->list);
	q->depth++;
}

/* From here on the KDPC can be queued again, even by its own routine. */
static void dequeue(struct dpc_queue *q, PRKDPC dpc)
{
	list_del(entry_of(dpc));
	q->depth--;
	/* everything read from it comes before it can be queued anew */
	smp_store_release(&dpc->DpcData, NULL);
}

static bool insert(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2)
{
	struct dpc_queue *q = per_cpu_ptr(&queues, cpu);
	unsigned long flags;
	bool inserted;

	raw_spin_lock_irqsave(&q->lock, flags);
	inserted = claim(dpc, q);
	if (inserted) {
		enqueue(q, dpc, arg1, arg2);
		trace_minirq_dpc_queue(dpc, dpc->DeferredRoutine, cpu);
		wake(q, cpu);
	}
	raw_spin_unlock_irqrestore(&q->lock, flags);
	return inserted;
}

/*
 * Below DISPATCH_LEVEL an inserted DPC runs before the insert returns: raising
 * the level holds softirqs back, lowering it lets them in. With interrupts off
 * by Linux' own doing there is no lowering; the DPC then runs as soon as the
 * kernel gets to its softirqs.
 */
static KIRQL hold_softirqs(void)
{
	KIRQL old = minirq_irql_current();

	if (old < DISPATCH_LEVEL && !irqs_disabled())
		minirq_irql_raise(old, DISPATCH_LEVEL);
	return old;
}

static void let_softirqs_in(KIRQL old)
{
	if (minirq_irql_current() != old)
		minirq_irql_lower(DISPATCH_LEVEL, old);
}

/**
 * minirq_dpc_insert_on() - queue a DPC on a CPU
 * @dpc:	an initialised DPC
 * @cpu:	an online CPU
 * @arg1:	first argument of the routine
 * @arg2:	second argument of the routine
 *
 * Context: IRQL: any.
 * Return: true when this call queued it, false when it was queued already.
 */
bool minirq_dpc_insert_on(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2)
{
	KIRQL old = hold_softirqs();
	bool inserted = insert(dpc, cpu, arg1, arg2);

	let_softirqs_in(old);
	return inserted;
}

static bool run_allowed(PRKDPC dpc)
{
	return dpc->Type != DPC_SERIALIZED || !READ_ONCE(dpc->_Spare);
}

/*
 * Take the next DPC out of the queue. A serialized one that still runs on
 * another CPU keeps its place, and those behind it wait a moment: nothing may
 * overtake it, or a flush would miss it.
 */
static bool pop(struct dpc_queue *q, struct dpc_call *call)
{
	bool found = false;
	PRKDPC dpc;

	raw_spin_lock_irq(&q->lock);
	if (list_empty(&q->list))
		goto unlock;
	dpc = dpc_of(q->list.next);
	if (!run_allowed(dpc))
		goto unlock;
	*call = (struct dpc_call) {
		.dpc = dpc,
		.routine = dpc->DeferredRoutine,
		.context = dpc->DeferredContext,
		.arg1 = dpc->SystemArgument1,
		.arg2 = dpc->SystemArgument2,
		.serialized = dpc->Type == DPC_SERIALIZED,
	};
	if (call->serialized)
		WRITE_ONCE(dpc->_Spare, smp_processor_id() + 1);
	dequeue(q, dpc);
	found = true;
unlock:
	raw_spin_unlock_irq(&q->lock);
	return found;
}

/* A routine that returns at another level is reported, and put right. */
static void check_return(struct dpc_call *call)
{
	KIRQL irql = minirq_irql_current();

	if (likely(irql == DISPATCH_LEVEL))
		return;
	minirq_violation(MINIRQ_RULE_IRQL_RETURN, call->routine,
			 "DPC routine returned at IRQL %u", irql);
	if (irql > DISPATCH_LEVEL)
		minirq_irql_lower(irql, DISPATCH_LEVEL);
}

static void run(struct dpc_call *call)
{
	trace_minirq_dpc_entry(call->dpc, call->routine);
	call->routine(call->dpc, call->context, call->arg1, call->arg2);
	check_return(call);
	trace_minirq_dpc_exit(call->dpc, call->routine);
	if (call->serialized)
		/* its next run, on any CPU, sees what this one wrote */
		smp_store_release(&call->dpc->_Spare, 0);
}

/*
 * One round runs as many DPCs as were waiting when it began, so a DPC that
 * queues itself for ever shares the CPU with other softirqs. On PREEMPT_RT a
 * softirq can be preempted, a DPC must not be.
 */
static void drain(struct tasklet_struct *tasklet)
{
	struct dpc_queue *q = from_tasklet(q, tasklet, tasklet);
	unsigned int round = READ_ONCE(q->depth);
	struct dpc_call call;
	KIRQL old;

	preempt_disable();
	old = minirq_irql_enter(DISPATCH_LEVEL);
	this_cpu_write(executing, true);
	while (round-- && pop(q, &call))
		run(&call);
	this_cpu_write(executing, false);
	minirq_irql_leave(old);
	preempt_enable();

	if (READ_ONCE(q->depth))
		tasklet_schedule(tasklet);
}

static void init(PRKDPC dpc, UCHAR type, PKDEFERRED_ROUTINE routine,
		 PVOID context)
{
	dpc->Type = type;
	dpc->Importance = MediumImportance;
	dpc->Number = 0;
	dpc->_Spare = 0;
	dpc->DeferredRoutine = routine;
	dpc->DeferredContext = context;
	dpc->DpcData = NULL;
}

/**
 * minirq_dpc_init_serialized() - initialise a DPC that never overlaps itself
 * @dpc:	storage; the routine must not free it
 * @routine:	the routine
 * @context:	second argument of @routine
 *
 * Context: IRQL: any.
 */
void minirq_dpc_init_serialized(PRKDPC dpc, PKDEFERRED_ROUTINE routine,
				PVOID context)
{
	init(dpc, DPC_SERIALIZED, routine, context);
}

/**
 * KeInitializeDpc() - initialise a DPC
 * @Dpc:		resident storage of the driver
 * @DeferredRoutine:	the routine
 * @DeferredContext:	its second argument
 *
 * The list entry and the arguments are left as they are.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-keinitializedpc
 */
VOID KeInitializeDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine,
		     PVOID DeferredContext)
{
	init(Dpc, DPC_ORDINARY, DeferredRoutine, DeferredContext);
}
EXPORT_SYMBOL_GPL(KeInitializeDpc);

/*
 * Number holds 1 + the target, 0 for none; a target gone offline is no target.
 * A serialized DPC follows the CPU that runs it, where it is next anyhow.
 */
static unsigned int target_of(PRKDPC dpc)
{
	unsigned int number = READ_ONCE(dpc->Number);

	if (dpc->Type == DPC_SERIALIZED && READ_ONCE(dpc->_Spare))
		number = READ_ONCE(dpc->_Spare);
	if (number && cpu_online(number - 1))
		return number - 1;
	return raw_smp_processor_id();
}

/**
 * KeInsertQueueDpc() - queue a DPC
 * @Dpc:		an initialised DPC
 * @SystemArgument1:	third argument of the routine
 * @SystemArgument2:	fourth argument of the routine
 *
 * Inserted below DISPATCH_LEVEL for this CPU, it has run when the call
 * returns, unless the kernel is deferring its softirqs.
 *
 * Differs from Windows: a remote CPU is woken at once for every importance.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-keinsertqueuedpc
 * Return: TRUE when this call queued it; FALSE when it was queued already, and
 * the arguments of this call are dropped.
 */
BOOLEAN KeInsertQueueDpc(PRKDPC Dpc, PVOID SystemArgument1,
			 PVOID SystemArgument2)
{
	KIRQL old = hold_softirqs();
	bool inserted =
		insert(Dpc, target_of(Dpc), SystemArgument1, SystemArgument2);

	let_softirqs_in(old);
	return inserted;
}
EXPORT_SYMBOL_GPL(KeInsertQueueDpc);

/**
 * KeRemoveQueueDpc() - take a DPC back
 * @Dpc:	an initialised DPC
 *
 * Context: IRQL: any; never waits.
 * Page: nf-wdm-keremovequeuedpc
 * Return: TRUE when it was queued and will not run; FALSE when it was idle, is
 * running or has run.
 */
BOOLEAN KeRemoveQueueDpc(PRKDPC Dpc)
{
	struct dpc_queue *q = READ_ONCE(Dpc->DpcData);
	unsigned long flags;
	bool removed;

	if (!q)
		return FALSE;
	raw_spin_lock_irqsave(&q->lock, flags);
	removed = Dpc->DpcData == q;
	if (removed)
		dequeue(q, Dpc);
	raw_spin_unlock_irqrestore(&q->lock, flags);
	return removed;
}
EXPORT_SYMBOL_GPL(KeRemoveQueueDpc);

/**
 * KeSetImportanceDpc() - say where in the queue later inserts go
 * @Dpc:	an initialised DPC
 * @Importance:	HighImportance for the head, any other for the tail
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kesetimportancedpc
 */
VOID KeSetImportanceDpc(PRKDPC Dpc, KDPC_IMPORTANCE Importance)
{
	Dpc->Importance = Importance;
}
EXPORT_SYMBOL_GPL(KeSetImportanceDpc);

static bool set_target(PRKDPC dpc, unsigned int cpu)
{
	if (cpu >= nr_cpu_ids || !cpu_online(cpu))
		return false;
	WRITE_ONCE(dpc->Number, cpu + 1);
	return true;
}

/**
 * KeSetTargetProcessorDpc() - say on which CPU of group 0 a DPC runs
 * @Dpc:	an initialised DPC
 * @Number:	the CPU; one that does not exist leaves the target unchanged
 *
 * Does not move a DPC that is queued.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kesettargetprocessordpc
 */
VOID KeSetTargetProcessorDpc(PRKDPC Dpc, CCHAR Number)
{
	if (Number >= 0)
		set_target(Dpc, Number);
}
EXPORT_SYMBOL_GPL(KeSetTargetProcessorDpc);

/**
 * KeSetTargetProcessorDpcEx() - say on which CPU a DPC runs
 * @Dpc:	an initialised DPC
 * @ProcNumber:	the CPU, with its group
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kesettargetprocessordpcex
 * Return: STATUS_SUCCESS, or STATUS_INVALID_PARAMETER for a CPU that does not
 * exist; the target is then unchanged.
 */
NTSTATUS KeSetTargetProcessorDpcEx(PKDPC Dpc, PPROCESSOR_NUMBER ProcNumber)
{
	ULONG cpu = KeGetProcessorIndexFromNumber(ProcNumber);

	return set_target(Dpc, cpu) ? STATUS_SUCCESS : STATUS_INVALID_PARAMETER;
}
EXPORT_SYMBOL_GPL(KeSetTargetProcessorDpcEx);

/**
 * KeIsExecutingDpc() - is this CPU inside a DPC routine?
 *
 * Context: IRQL = DISPATCH_LEVEL.
 * Page: nf-wdm-keisexecutingdpc
 * Return: non-zero when it is.
 */
ULONG KeIsExecutingDpc(void)
{
	return this_cpu_read(executing);
}
EXPORT_SYMBOL_GPL(KeIsExecutingDpc);

/* Make the queues ready; before any export can be called. */
void minirq_dpc_start(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct dpc_queue *q = per_cpu_ptr(&queues, cpu);

		raw_spin_lock_init(&q->lock);
		INIT_LIST_HEAD(&q->list);
		tasklet_setup(&q->tasklet, drain);
		INIT_CSD(&q->kick, kicked, q);
	}
}

/*
 * The module goes away: no driver that links to it is left, nothing inserts any
 * more, and the queues have been flushed. The tasklets have to come to rest.
 */
void minirq_dpc_stop(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu)
		tasklet_kill(&per_cpu_ptr(&queues, cpu)->tasklet);
}
