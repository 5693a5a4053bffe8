// SPDX-License-Identifier: GPL-2.0-only
/*
 * Deferred procedure calls.
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

static struct minirq_dpc_queue *queue_of(PRKDPC dpc, unsigned int cpu)
{
	if (dpc->Type & MINIRQ_DPC_IN_THREAD)
		return per_cpu_ptr(&minirq_dpc_threaded_queues, cpu);
	return per_cpu_ptr(&minirq_dpc_queues, cpu);
}

static bool enqueue(struct minirq_dpc_queue *q, PRKDPC dpc)
{
	if (dpc->Importance == HighImportance)
		return minirq_dpc_add_head(q, minirq_dpc_node(dpc));
	return minirq_dpc_add_tail(q, minirq_dpc_node(dpc));
}

/* Interrupts are off; a queue that was not empty has been woken. */
static __always_inline bool insert_locked(struct minirq_dpc_queue *q,
					  PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	bool serialized = dpc->Type & MINIRQ_DPC_SERIALIZED;

	if (!minirq_dpc_claim(dpc, q, serialized))
		return false;
	dpc->SystemArgument1 = arg1;
	dpc->SystemArgument2 = arg2;
	if (enqueue(q, dpc))
		minirq_dpc_wake(q);
	return true;
}

static __always_inline bool insert_in(struct minirq_dpc_queue *q, PRKDPC dpc,
				      PVOID arg1, PVOID arg2)
{
	unsigned long flags = minirq_dpc_lock_irqsave(q);
	bool inserted = insert_locked(q, dpc, arg1, arg2);

	minirq_dpc_unlock_irqrestore(q, flags);
	return inserted;
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
 * minirq_dpc_serialize() - see to it that a DPC never overlaps itself
 * @dpc:	a DPC that has only been inserted after this call; the routine must
 *		not free it
 *
 * Whoever inserts it calls this first, so it does not matter who changes it.
 *
 * Context: IRQL: any.
 */
void minirq_dpc_serialize(PRKDPC dpc)
{
	UCHAR type = READ_ONCE(dpc->Type);

	if (type == MINIRQ_DPC_THREADED)
		WRITE_ONCE(dpc->Type, MINIRQ_DPC_SERIALIZED_THREADED);
	else if (type == MINIRQ_DPC_ORDINARY)
		WRITE_ONCE(dpc->Type, MINIRQ_DPC_SERIALIZED);
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

	if (dpc->Type & MINIRQ_DPC_SERIALIZED && READ_ONCE(dpc->_Spare))
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

static noinline bool insert_low(PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	KIRQL old = minirq_dpc_raise();
	bool inserted = insert_pinned(dpc, arg1, arg2);

	minirq_dpc_lower(old);
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
	KIRQL old = minirq_dpc_raise();
	bool inserted;

	if (trace_minirq_dpc_queue_enabled())
		trace_minirq_dpc_queue(dpc, dpc->DeferredRoutine);
	inserted = insert_in(queue_of(dpc, cpu), dpc, arg1, arg2);
	minirq_dpc_lower(old);
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

/* It stands in a queue already, or did: minirq_dpc_insert() has the answer. */
static noinline bool not_claimed(PRKDPC dpc, PVOID arg1, PVOID arg2,
				 struct minirq_dpc_queue *q, unsigned long flags)
{
	minirq_dpc_unlock_irqrestore(q, flags);
	return minirq_dpc_insert(dpc, arg1, arg2);
}

/*
 * What a driver does that spreads its work, by a DPC that is ordinary and goes to
 * the tail: minirq_dpc_insert(), with nothing in it that such a DPC does not need.
 */
static noinline BOOLEAN insert_aimed(PRKDPC dpc, PVOID arg1, PVOID arg2,
				     unsigned long cpu)
{
	struct minirq_dpc_queue *q = per_cpu_ptr(&minirq_dpc_queues, cpu);
	unsigned long flags;

	if (trace_minirq_dpc_queue_enabled())
		return minirq_dpc_insert(dpc, arg1, arg2);
	flags = minirq_dpc_lock_irqsave(q);
	if (unlikely(!minirq_dpc_claim(dpc, q, false)))
		return not_claimed(dpc, arg1, arg2, q, flags);
	dpc->SystemArgument1 = arg1;
	dpc->SystemArgument2 = arg2;
	if (minirq_dpc_add_tail(q, minirq_dpc_node(dpc)))
		minirq_dpc_kick(q);
	minirq_dpc_unlock_irqrestore(q, flags);
	return TRUE;
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
	KIRQL noted = minirq_irql_noted();
	unsigned int target;

	if (likely(noted > DISPATCH_LEVEL)) {
		if (likely(minirq_dpc_plain(Dpc, MINIRQ_DPC_ORDINARY)) &&
		    minirq_dpc_insert_isr(Dpc, SystemArgument1, SystemArgument2,
					  false, NULL))
			return TRUE;
	} else if (noted < DISPATCH_LEVEL) {
		return minirq_dpc_insert(Dpc, SystemArgument1, SystemArgument2);
	}
	target = minirq_dpc_aimed(Dpc);
	if (target && cpu_online(target - 1))
		return insert_aimed(Dpc, SystemArgument1, SystemArgument2,
				    target - 1);
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
	flags = minirq_dpc_lock_irqsave(q);
	removed = Dpc->DpcData == q;
	if (removed) {
		minirq_dpc_unlink(q, minirq_dpc_node(Dpc));
		/* from now on it can be queued again */
		smp_store_release(&Dpc->DpcData, NULL);
	}
	minirq_dpc_unlock_irqrestore(q, flags);
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
