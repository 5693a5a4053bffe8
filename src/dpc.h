/* SPDX-License-Identifier: GPL-2.0-only */
/* Deferred procedure calls: KDPCs, and how they are queued. */
#ifndef MINIRQ_DPC_H
#define MINIRQ_DPC_H

#include "dpc_queue.h"
#include "irql.h"
#include "trace.h"

void minirq_dpc_init_serialized(PRKDPC dpc, PKDEFERRED_ROUTINE routine,
				PVOID context);
void minirq_dpc_serialize(PRKDPC dpc);
bool minirq_dpc_insert(PRKDPC dpc, PVOID arg1, PVOID arg2);
bool minirq_dpc_insert_on(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2);

/*
 * Below DISPATCH_LEVEL a DPC for this CPU runs before its insert returns: raising
 * the level holds softirqs back, lowering it lets them in. With interrupts off by
 * Linux' own doing there is no lowering; the DPC then runs as soon as the kernel
 * gets to its softirqs.
 *
 * Returns what minirq_dpc_lower() is to return to.
 */
static inline KIRQL minirq_dpc_raise(void)
{
	KIRQL old = minirq_irql_current();

	if (old >= DISPATCH_LEVEL || irqs_disabled())
		return DISPATCH_LEVEL;
	minirq_irql_raise(old, DISPATCH_LEVEL);
	return old;
}

static inline void minirq_dpc_lower(KIRQL old)
{
	if (old < DISPATCH_LEVEL)
		minirq_irql_lower(DISPATCH_LEVEL, old);
}

static __always_inline struct minirq_dpc_node *minirq_dpc_node(PRKDPC dpc)
{
	return (struct minirq_dpc_node *)dpc;
}

/* Of this type, of an importance that goes to the tail, and without a target? */
static __always_inline bool minirq_dpc_plain(PRKDPC dpc, UCHAR type)
{
	return dpc->TargetInfoAsUlong == (type | MediumImportance << 8);
}

/* 1 + the target of an ordinary one that is plain but for it; 0 for any other. */
static __always_inline unsigned int minirq_dpc_aimed(PRKDPC dpc)
{
	ULONG info = READ_ONCE(dpc->TargetInfoAsUlong);

	if ((USHORT)info != (MINIRQ_DPC_ORDINARY | MediumImportance << 8))
		return 0;
	return info >> 16;
}

/*
 * From here on the KDPC belongs to this queue, unless it did to one before. A
 * serialized one that runs on another CPU must not: it would run on two. Whether
 * it does is certain only after the claim, since nothing claimed begins to run.
 */
static __always_inline bool minirq_dpc_claim(PRKDPC dpc,
					     struct minirq_dpc_queue *q,
					     bool serialized)
{
	PVOID idle = NULL;
	ULONG runs_on;

	if (!try_cmpxchg(&dpc->DpcData, &idle, (PVOID)q))
		return false;
	if (!serialized)
		return true;
	runs_on = READ_ONCE(dpc->_Spare);
	if (likely(!runs_on || runs_on == q->cpu + 1))
		return true;
	WRITE_ONCE(dpc->DpcData, NULL);
	return false;
}

/**
 * minirq_dpc_insert_isr() - try to queue a plain DPC on this CPU, in an ISR
 * @dpc:	a DPC for which minirq_dpc_plain() holds
 * @arg1:	first argument of the routine
 * @arg2:	second argument of the routine
 * @serialized:	it is of that type
 * @counter:	of a serialized one: counts it when this call queues it
 *
 * What nearly every interrupt does, with nothing in it that an ISR need not do:
 * interrupts are off, and the CPU stays. Its tasklet is scheduled by who finds the
 * queue empty.
 *
 * Context: IRQL > DISPATCH_LEVEL.
 * Return: true when this call queued it. When not, minirq_dpc_insert() has the
 * answer.
 */
static __always_inline bool minirq_dpc_insert_isr(PRKDPC dpc, PVOID arg1,
						  PVOID arg2, bool serialized,
						  u64 __percpu *counter)
{
	struct minirq_dpc_queue *q = this_cpu_ptr(&minirq_dpc_queues);

	if (trace_minirq_dpc_queue_enabled())
		return false;
	minirq_dpc_lock(q);
	if (unlikely(!minirq_dpc_claim(dpc, q, serialized))) {
		minirq_dpc_unlock(q);
		return false;
	}
	dpc->SystemArgument1 = arg1;
	dpc->SystemArgument2 = arg2;
	if (serialized)
		this_cpu_inc(*counter);
	if (!minirq_dpc_add_tail(q, minirq_dpc_node(dpc))) {
		minirq_dpc_unlock(q);
		return true;
	}
	minirq_dpc_unlock(q);
	tasklet_schedule(&q->tasklet);
	return true;
}

#endif /* MINIRQ_DPC_H */
