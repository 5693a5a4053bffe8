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
#include <linux/irqflags.h>

#include "held.h"
#include "irql.h"
#include "verifier.h"

/* How many DPCs run before other softirqs have their turn. */
#define ROUND	64

DEFINE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_queues);
DEFINE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_threaded_queues);

/* This CPU runs a tasklet that drains a queue, its own or an offline CPU's. */
static DEFINE_PER_CPU(bool, draining);

static struct minirq_dpc_queue *queue_of(PRKDPC dpc, unsigned int cpu)
{
	if (dpc->Type == MINIRQ_DPC_THREADED)
		return per_cpu_ptr(&minirq_dpc_threaded_queues, cpu);
	return per_cpu_ptr(&minirq_dpc_queues, cpu);
}

static __always_inline unsigned long lock_queue(struct minirq_dpc_queue *q)
{
	unsigned long flags;

	local_irq_save(flags);
	minirq_dpc_lock(q);
	return flags;
}

static __always_inline void unlock_queue(struct minirq_dpc_queue *q,
					 unsigned long flags)
{
	minirq_dpc_unlock(q);
	local_irq_restore(flags);
}

static void add_head(struct minirq_dpc_queue *q, PRKDPC dpc)
{
	dpc->DpcListEntry.Flink = q->first;
	if (!q->first)
		q->tail = &dpc->DpcListEntry.Flink;
	q->first = &dpc->DpcListEntry;
}

/* Queues are short, and removals rare: what stands before it is looked for. */
static void unlink(struct minirq_dpc_queue *q, PRKDPC dpc)
{
	PLIST_ENTRY *at = &q->first;

	while (*at != &dpc->DpcListEntry)
		at = &(*at)->Flink;
	*at = dpc->DpcListEntry.Flink;
	if (!*at)
		q->tail = at;
}

/*
 * The head is for HighImportance, but not for ever: a DPC that queues itself
 * with it must not keep a flush from its end.
 */
static bool to_head(struct minirq_dpc_queue *q, PRKDPC dpc)
{
	if (dpc->Importance != HighImportance)
		return false;
	if (!q->first)
		q->overtakes = 0;
	return q->overtakes++ < ROUND;
}

static void enqueue(struct minirq_dpc_queue *q, PRKDPC dpc, PVOID arg1,
		    PVOID arg2)
{
	dpc->SystemArgument1 = arg1;
	dpc->SystemArgument2 = arg2;
	if (to_head(q, dpc))
		add_head(q, dpc);
	else
		minirq_dpc_add_tail(q, dpc);
}

/* Have a queue drained: by its worker, on its CPU, or by the tasklet, on this one. */
static void wake_drain(struct minirq_dpc_queue *q)
{
	struct task_struct *worker = READ_ONCE(q->worker);

	if (worker)
		wake_up_process(worker);
	else
		tasklet_schedule(&q->tasklet);
}

static void relayed(struct irq_work *relay)
{
	wake_drain(container_of(relay, struct minirq_dpc_queue, relay));
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
		wake_drain(q);
}

/*
 * Make a CPU drain its queue. The queue's lock serialises the senders of its
 * kick; one still under way (-EBUSY) will find this DPC too. A CPU that just went
 * offline can no longer be kicked, so its queue is drained here.
 */
static void wake(struct minirq_dpc_queue *q)
{
	int err = -EHOSTDOWN;

	if (q->cpu != smp_processor_id() && !q->worker)
		err = smp_call_function_single_async(q->cpu, &q->kick);
	if (err && err != -EBUSY)
		wake_drain(q);
}

/* Interrupts are off; a queue that was not empty has been woken. */
static __always_inline bool insert_locked(struct minirq_dpc_queue *q,
					  PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	bool serialized = dpc->Type == MINIRQ_DPC_SERIALIZED;
	bool empty = !q->first;

	if (!minirq_dpc_claim(dpc, q, serialized))
		return false;
	enqueue(q, dpc, arg1, arg2);
	if (empty)
		wake(q);
	return true;
}

static __always_inline bool insert_in(struct minirq_dpc_queue *q, PRKDPC dpc,
				      PVOID arg1, PVOID arg2)
{
	unsigned long flags = lock_queue(q);
	bool inserted = insert_locked(q, dpc, arg1, arg2);

	unlock_queue(q, flags);
	return inserted;
}

/* A routine that returns at another level is reported, and put right. */
static noinline void check_return(PKDEFERRED_ROUTINE routine, KIRQL level)
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

static __always_inline void unlock(struct minirq_dpc_queue *q)
{
	minirq_dpc_unlock(q);
	local_irq_enable();
}

/* What a routine is called with is read before it may free its KDPC. */
static __always_inline void run_next(struct minirq_dpc_queue *q, KIRQL level)
{
	PVOID context, arg1, arg2;
	PKDEFERRED_ROUTINE routine;
	PLIST_ENTRY entry;
	PRKDPC dpc;

	local_irq_disable();
	minirq_dpc_lock(q);
	entry = q->first;
	if (unlikely(!entry))
		return unlock(q);
	q->first = entry->Flink;
	if (!q->first)
		q->tail = &q->first;
	dpc = CONTAINING_RECORD(entry, KDPC, DpcListEntry);
	if (dpc->Type == MINIRQ_DPC_SERIALIZED) {
		WRITE_ONCE(dpc->_Spare, smp_processor_id() + 1);
		q->running = dpc;
	}
	routine = dpc->DeferredRoutine;
	context = dpc->DeferredContext;
	arg1 = dpc->SystemArgument1;
	arg2 = dpc->SystemArgument2;
	/* from now on it can be queued again */
	smp_store_release(&dpc->DpcData, NULL);
	unlock(q);

	if (level == PASSIVE_LEVEL || minirq_watched())
		watch(routine, dpc, context, arg1, arg2, level);
	else
		routine(dpc, context, arg1, arg2);
	if (!q->running)
		return;
	/* its next run, on any CPU, sees what this one wrote */
	smp_store_release(&q->running->_Spare, 0);
	q->running = NULL;
}

/* A round; the next one is for what it leaves behind. */
static __always_inline void drain_round(struct minirq_dpc_queue *q, KIRQL level)
{
	q->left = ROUND;
	do {
		run_next(q, level);
		if (likely(!q->first))
			return;
	} while (--q->left);
	wake_drain(q);
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
	init(dpc, MINIRQ_DPC_SERIALIZED, routine, context);
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
	init(Dpc, MINIRQ_DPC_ORDINARY, DeferredRoutine, DeferredContext);
}
EXPORT_SYMBOL_GPL(KeInitializeDpc);

/*
 * Number holds 1 + the target, 0 for none; a target gone offline is no target.
 * A serialized DPC follows the CPU that runs it, where it is next anyhow.
 */
static unsigned int target_of(PRKDPC dpc)
{
	unsigned int number = READ_ONCE(dpc->Number);

	if (dpc->Type == MINIRQ_DPC_SERIALIZED && READ_ONCE(dpc->_Spare))
		number = READ_ONCE(dpc->_Spare);
	if (number && cpu_online(number - 1))
		return number - 1;
	return raw_smp_processor_id();
}

/*
 * At DISPATCH_LEVEL or above, so this CPU is pinned. A serialized DPC that is not
 * queued, and cannot be where it was aimed, has begun to run elsewhere since: it
 * is aimed anew.
 */
static __always_inline bool insert_pinned(PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	struct minirq_dpc_queue *q;
	bool inserted;

	if (trace_minirq_dpc_queue_enabled())
		trace_minirq_dpc_queue(dpc, dpc->DeferredRoutine);
	do {
		q = queue_of(dpc, target_of(dpc));
		inserted = insert_in(q, dpc, arg1, arg2);
	} while (!inserted && !READ_ONCE(dpc->DpcData));
	return inserted;
}

/*
 * Below DISPATCH_LEVEL a DPC for this CPU runs before its insert returns: raising
 * the level holds softirqs back, lowering it lets them in. With interrupts off by
 * Linux' own doing there is no lowering; the DPC then runs as soon as the kernel
 * gets to its softirqs.
 */
static bool raise(KIRQL old)
{
	if (old >= DISPATCH_LEVEL || irqs_disabled())
		return false;
	minirq_irql_raise(old, DISPATCH_LEVEL);
	return true;
}

static noinline bool insert_low(PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	KIRQL old = minirq_irql_current();
	bool raised = raise(old);
	bool inserted = insert_pinned(dpc, arg1, arg2);

	if (raised)
		minirq_irql_lower(DISPATCH_LEVEL, old);
	return inserted;
}

/**
 * minirq_dpc_insert_on() - queue a DPC on a CPU
 * @dpc:	an initialised DPC
 * @cpu:	an online CPU
 * @arg1:	first argument of the routine
 * @arg2:	second argument of the routine
 *
 * Context: IRQL: any.
 * Return: true when this call queued it, false when it was queued already, or
 * when it is serialized and runs on another CPU.
 */
bool minirq_dpc_insert_on(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2)
{
	KIRQL old = minirq_irql_current();
	bool raised = raise(old);
	bool inserted;

	if (trace_minirq_dpc_queue_enabled())
		trace_minirq_dpc_queue(dpc, dpc->DeferredRoutine);
	inserted = insert_in(queue_of(dpc, cpu), dpc, arg1, arg2);
	if (raised)
		minirq_irql_lower(DISPATCH_LEVEL, old);
	return inserted;
}

/**
 * minirq_dpc_insert() - queue a DPC where it wants to be
 * @dpc:	an initialised DPC
 * @arg1:	first argument of the routine
 * @arg2:	second argument of the routine
 *
 * Context: IRQL: any.
 * Return: true when this call queued it, false when it was queued already.
 */
bool minirq_dpc_insert(PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	if (likely(minirq_irql_current() >= DISPATCH_LEVEL))
		return insert_pinned(dpc, arg1, arg2);
	return insert_low(dpc, arg1, arg2);
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
	if (likely(minirq_irql_above_dispatch() &&
		   minirq_dpc_plain(Dpc, MINIRQ_DPC_ORDINARY)) &&
	    minirq_dpc_insert_isr(Dpc, SystemArgument1, SystemArgument2, false,
				  NULL))
		return TRUE;
	return minirq_dpc_insert(Dpc, SystemArgument1, SystemArgument2);
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
	struct minirq_dpc_queue *q = READ_ONCE(Dpc->DpcData);
	unsigned long flags;
	bool removed;

	if (!q)
		return FALSE;
	flags = lock_queue(q);
	removed = Dpc->DpcData == q;
	if (removed) {
		unlink(q, Dpc);
		/* from now on it can be queued again */
		smp_store_release(&Dpc->DpcData, NULL);
	}
	unlock_queue(q, flags);
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
	PROCESSOR_NUMBER number = { .Number = Number };

	KeSetTargetProcessorDpcEx(Dpc, &number);
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

/* A worker does nothing but run threaded DPCs. */
static bool is_worker(void)
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
	return raw_cpu_read(draining) || is_worker();
}
EXPORT_SYMBOL_GPL(KeIsExecutingDpc);

static void init_queue(struct minirq_dpc_queue *q, unsigned int cpu)
{
	q->cpu = cpu;
	q->tail = &q->first;
	tasklet_setup(&q->tasklet, drain);
	INIT_CSD(&q->kick, kicked, q);
	q->relay = IRQ_WORK_INIT_HARD(relayed);
}

/* Make the queues ready; before any export can be called. */
void minirq_dpc_start(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		init_queue(per_cpu_ptr(&minirq_dpc_queues, cpu), cpu);
		init_queue(per_cpu_ptr(&minirq_dpc_threaded_queues, cpu), cpu);
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
