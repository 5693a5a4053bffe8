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

/* How many DPCs run before other softirqs have their turn. */
#define ROUND	64

static_assert(sizeof(LIST_ENTRY) == sizeof(struct hlist_node));

/**
 * struct dpc_queue - the DPCs of one CPU
 * @lock:	protects the rest, and the list entry and arguments of each
 *		KDPC in here
 * @list:	what waits, next to run first
 * @tail:	where the next one is linked: @list, or the last entry
 * @overtakes:	how many went to the head since one from the tail has run
 * @tasklet:	drains @list; while there is something in it, the tasklet is
 *		scheduled, is being scheduled or is running
 * @kick:	asks the CPU of this queue to schedule @tasklet
 */
struct dpc_queue {
	arch_spinlock_t lock;
	struct hlist_head list;
	struct hlist_node **tail;
	unsigned int overtakes;
	struct tasklet_struct tasklet;
	call_single_data_t kick;
};

static DEFINE_PER_CPU_ALIGNED(struct dpc_queue, queues);

/*
 * The lock is a leaf, and only taken with interrupts off: it needs neither the
 * preemption count nor lockdep, and an interrupt path has it inline.
 */
static __always_inline unsigned long lock_queue(struct dpc_queue *q)
{
	unsigned long flags;

	local_irq_save(flags);
	arch_spin_lock(&q->lock);
	return flags;
}

static __always_inline void unlock_queue(struct dpc_queue *q,
					 unsigned long flags)
{
	arch_spin_unlock(&q->lock);
	local_irq_restore(flags);
}

static struct hlist_node *entry_of(PRKDPC dpc)
{
	return (struct hlist_node *)&dpc->DpcListEntry;
}

static PRKDPC dpc_of(struct hlist_node *entry)
{
	return container_of((LIST_ENTRY *)entry, KDPC, DpcListEntry);
}

/*
 * The head is for HighImportance, but not for ever: a DPC that queues itself
 * with it must not keep a flush from its end.
 */
static __always_inline bool to_head(struct dpc_queue *q, PRKDPC dpc)
{
	if (likely(dpc->Importance != HighImportance))
		return false;
	if (hlist_empty(&q->list))
		q->overtakes = 0;
	return q->overtakes++ < ROUND;
}

static __always_inline void add_head(struct dpc_queue *q, struct hlist_node *entry)
{
	if (hlist_empty(&q->list))
		q->tail = &entry->next;
	hlist_add_head(entry, &q->list);
}

static __always_inline void add_tail(struct dpc_queue *q,
				     struct hlist_node *entry)
{
	entry->next = NULL;
	entry->pprev = q->tail;
	*q->tail = entry;
	q->tail = &entry->next;
}

static __always_inline void unlink(struct dpc_queue *q,
				   struct hlist_node *entry)
{
	if (q->tail == &entry->next)
		q->tail = entry->pprev;
	__hlist_del(entry);
}

static void kicked(void *queue)
{
	tasklet_schedule(&((struct dpc_queue *)queue)->tasklet);
}

/*
 * Make another CPU drain its queue. The queue's lock serialises the senders of
 * its kick; one still under way (-EBUSY) will find this DPC too. A CPU that just
 * went offline can no longer be kicked, so its queue is drained here.
 */
static noinline void wake_remote(struct dpc_queue *q, unsigned int cpu)
{
	int err = smp_call_function_single_async(cpu, &q->kick);

	if (err && err != -EBUSY)
		tasklet_schedule(&q->tasklet);
}

static __always_inline bool claim(PRKDPC dpc, struct dpc_queue *q)
{
	return !cmpxchg(&dpc->DpcData, NULL, (PVOID)q);
}

static __always_inline void enqueue(struct dpc_queue *q, PRKDPC dpc,
				    PVOID arg1, PVOID arg2)
{
	dpc->SystemArgument1 = arg1;
	dpc->SystemArgument2 = arg2;
	if (to_head(q, dpc))
		add_head(q, entry_of(dpc));
	else
		add_tail(q, entry_of(dpc));
}

/* From here on the KDPC can be queued again, even by its own routine. */
static __always_inline void dequeue(struct dpc_queue *q, PRKDPC dpc)
{
	if (unlikely(q->overtakes) && dpc->Importance != HighImportance)
		q->overtakes = 0;
	unlink(q, entry_of(dpc));
	/* everything read from it comes before it can be queued anew */
	smp_store_release(&dpc->DpcData, NULL);
}

/* Queue a DPC on another CPU; a queue that was not empty has been woken. */
static bool insert_remote(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2)
{
	struct dpc_queue *q = per_cpu_ptr(&queues, cpu);
	unsigned long flags = lock_queue(q);
	bool empty = hlist_empty(&q->list);
	bool inserted = claim(dpc, q);

	if (inserted)
		enqueue(q, dpc, arg1, arg2);
	if (inserted && empty)
		wake_remote(q, cpu);
	unlock_queue(q, flags);
	return inserted;
}

/* Queue a DPC on this CPU, which is pinned. */
static bool insert_local(PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	struct dpc_queue *q = this_cpu_ptr(&queues);
	unsigned long flags = lock_queue(q);
	bool inserted = claim(dpc, q);

	if (inserted)
		enqueue(q, dpc, arg1, arg2);
	unlock_queue(q, flags);
	if (inserted)
		tasklet_schedule(&q->tasklet);
	return inserted;
}

/*
 * Any CPU, any level. Below DISPATCH_LEVEL an inserted DPC runs before the
 * insert returns: raising the level holds softirqs back, lowering it lets them
 * in. With interrupts off by Linux' own doing there is no lowering; the DPC then
 * runs as soon as the kernel gets to its softirqs.
 */
static noinline bool insert(PRKDPC dpc, unsigned int cpu, PVOID arg1,
			    PVOID arg2)
{
	KIRQL old = minirq_irql_current();
	bool raise = old < DISPATCH_LEVEL && !irqs_disabled();
	bool inserted;

	if (raise)
		minirq_irql_raise(old, DISPATCH_LEVEL);
	if (trace_minirq_dpc_queue_enabled())
		trace_minirq_dpc_queue(dpc, dpc->DeferredRoutine);
	if (cpu == smp_processor_id())
		inserted = insert_local(dpc, arg1, arg2);
	else
		inserted = insert_remote(dpc, cpu, arg1, arg2);
	if (raise)
		minirq_irql_lower(DISPATCH_LEVEL, old);
	return inserted;
}

static noinline bool schedule_queue(struct dpc_queue *q)
{
	tasklet_schedule(&q->tasklet);
	return true;
}

/**
 * minirq_dpc_insert_on() - queue a DPC on a CPU
 * @dpc:	an initialised DPC
 * @cpu:	an online CPU
 * @arg1:	first argument of the routine
 * @arg2:	second argument of the routine
 *
 * What an ISR or a DPC does, for its own CPU, is done here without a call in
 * between; everything else is for insert().
 *
 * Context: IRQL: any.
 * Return: true when this call queued it, false when it was queued already.
 */
bool minirq_dpc_insert_on(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2)
{
	struct dpc_queue *q;
	unsigned long flags;
	bool empty;

	if (minirq_irql_current() < DISPATCH_LEVEL ||
	    cpu != raw_smp_processor_id() || trace_minirq_dpc_queue_enabled())
		return insert(dpc, cpu, arg1, arg2);

	q = this_cpu_ptr(&queues);
	local_irq_save(flags);
	if (unlikely(!arch_spin_trylock(&q->lock))) {
		local_irq_restore(flags);
		return insert(dpc, cpu, arg1, arg2);
	}
	if (!claim(dpc, q)) {
		unlock_queue(q, flags);
		return false;
	}
	empty = hlist_empty(&q->list);
	enqueue(q, dpc, arg1, arg2);
	unlock_queue(q, flags);
	return empty ? schedule_queue(q) : true;
}

static bool run_allowed(PRKDPC dpc)
{
	return dpc->Type != DPC_SERIALIZED || !READ_ONCE(dpc->_Spare);
}

/* A routine that returns at another level is reported, and put right. */
static noinline void wrong_return(PKDEFERRED_ROUTINE routine, KIRQL irql)
{
	minirq_violation(MINIRQ_RULE_IRQL_RETURN, routine,
			 "DPC routine returned at IRQL %u", irql);
	if (irql > DISPATCH_LEVEL)
		minirq_irql_lower(irql, DISPATCH_LEVEL);
}

static __always_inline void run(PKDEFERRED_ROUTINE routine, PRKDPC dpc,
				PVOID context, PVOID arg1, PVOID arg2)
{
	if (trace_minirq_dpc_entry_enabled())
		trace_minirq_dpc_entry(dpc, routine);
	routine(dpc, context, arg1, arg2);
	if (unlikely(minirq_irql_current() != DISPATCH_LEVEL))
		wrong_return(routine, minirq_irql_current());
	if (trace_minirq_dpc_exit_enabled())
		trace_minirq_dpc_exit(dpc, routine);
}

/*
 * Take the next DPC out of the queue, if there is one that may run. A serialized
 * one that still runs on another CPU keeps its place, and those behind it wait a
 * moment: nothing may overtake it, or a flush would miss it.
 */
static __always_inline PRKDPC next(struct dpc_queue *q)
{
	PRKDPC dpc;

	if (hlist_empty(&q->list))
		return NULL;
	dpc = dpc_of(q->list.first);
	return run_allowed(dpc) ? dpc : NULL;
}

/* What the routine is called with is copied, for it may free its KDPC. */
static __always_inline bool run_next(struct dpc_queue *q)
{
	PVOID context, arg1, arg2;
	PKDEFERRED_ROUTINE routine;
	bool serialized;
	PRKDPC dpc;

	local_irq_disable();
	arch_spin_lock(&q->lock);
	dpc = next(q);
	if (!dpc) {
		arch_spin_unlock(&q->lock);
		local_irq_enable();
		return false;
	}
	serialized = dpc->Type == DPC_SERIALIZED;
	if (serialized)
		WRITE_ONCE(dpc->_Spare, smp_processor_id() + 1);
	routine = dpc->DeferredRoutine;
	context = dpc->DeferredContext;
	arg1 = dpc->SystemArgument1;
	arg2 = dpc->SystemArgument2;
	dequeue(q, dpc);
	arch_spin_unlock(&q->lock);
	local_irq_enable();

	run(routine, dpc, context, arg1, arg2);
	if (serialized)
		/* its next run, on any CPU, sees what this one wrote */
		smp_store_release(&dpc->_Spare, 0);
	return true;
}

/*
 * A round is bounded, so a DPC that queues itself for ever shares the CPU with
 * other softirqs. On PREEMPT_RT a softirq can be preempted, a DPC must not be.
 */
static void drain(struct tasklet_struct *tasklet)
{
	struct dpc_queue *q = from_tasklet(q, tasklet, tasklet);
	unsigned int left = ROUND;
	KIRQL old;

	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_disable();
	old = minirq_irql_enter(DISPATCH_LEVEL);
	while (!hlist_empty(&q->list) && left-- && run_next(q))
		;
	minirq_irql_leave(old);
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		preempt_enable();

	if (!hlist_empty(&q->list))
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
	bool inserted;

	if (likely(minirq_irql_current() >= DISPATCH_LEVEL))
		return minirq_dpc_insert_on(Dpc, target_of(Dpc),
					    SystemArgument1, SystemArgument2);
	migrate_disable();
	inserted = minirq_dpc_insert_on(Dpc, target_of(Dpc), SystemArgument1,
					SystemArgument2);
	migrate_enable();
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
	flags = lock_queue(q);
	removed = Dpc->DpcData == q;
	if (removed)
		dequeue(q, Dpc);
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
	return in_serving_softirq() &&
	       minirq_irql_current() == DISPATCH_LEVEL;
}
EXPORT_SYMBOL_GPL(KeIsExecutingDpc);

/* Make the queues ready; before any export can be called. */
void minirq_dpc_start(void)
{
	unsigned int cpu;

	for_each_possible_cpu(cpu) {
		struct dpc_queue *q = per_cpu_ptr(&queues, cpu);

		q->lock = (arch_spinlock_t)__ARCH_SPIN_LOCK_UNLOCKED;
		q->tail = &q->list.first;
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
