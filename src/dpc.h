/* SPDX-License-Identifier: GPL-2.0-only */
/* Deferred procedure calls: per-CPU queues, each drained by one tasklet or thread. */
#ifndef MINIRQ_DPC_H
#define MINIRQ_DPC_H

#include <linux/bitops.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/smp.h>

#include <wdm.h>

#include "trace.h"

/*
 * Type of a KDPC. The first two are Windows' own; a serialized one never runs on two
 * CPUs at once, which StorPort promises for its STOR_DPC. Its _Spare holds 1 +
 * the CPU that runs it.
 */
enum {
	MINIRQ_DPC_ORDINARY = 0x13,
	MINIRQ_DPC_THREADED = 0x18,
	MINIRQ_DPC_SERIALIZED = 0x80,
};

/**
 * struct minirq_dpc_queue - the DPCs of one CPU
 * @lock:	bit 0 protects what follows, and the list entry and arguments of
 *		each KDPC in here; only taken with interrupts off, and a leaf
 * @first:	what runs next, linked by Flink; NULL when there is nothing
 * @tail:	where the next one is linked: @first, or Flink of the last entry
 * @tasklet:	drains the queue; while there is something in it, the tasklet is
 *		scheduled, is being scheduled or is running
 * @cpu:	that CPU
 * @running:	the serialized DPC whose routine runs, of this CPU alone
 * @left:	DPCs that may still run in this round, of this CPU alone
 * @overtakes:	how many went to the head since the queue was empty
 * @kick:	asks the CPU of this queue to schedule @tasklet
 * @relay:	on PREEMPT_RT, does so in its stead
 * @worker:	the thread that drains the queue instead of @tasklet, or NULL
 */
struct minirq_dpc_queue {
	unsigned long lock;
	PLIST_ENTRY first;
	PLIST_ENTRY *tail;
	struct tasklet_struct tasklet;
	unsigned int cpu;
	PRKDPC running;
	unsigned int left;
	unsigned int overtakes;
	call_single_data_t kick;
	struct irq_work relay;
	struct task_struct *worker;
};

DECLARE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_queues);
DECLARE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_threaded_queues);

void minirq_dpc_start(void);
void minirq_dpc_stop(void);

void minirq_dpc_init_serialized(PRKDPC dpc, PKDEFERRED_ROUTINE routine,
				PVOID context);
bool minirq_dpc_insert(PRKDPC dpc, PVOID arg1, PVOID arg2);
bool minirq_dpc_insert_on(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2);
void minirq_dpc_drain_passive(struct minirq_dpc_queue *q);

/*
 * What bit_spin_lock() does, less the preemption count: interrupts are off, and
 * a lock on every interrupt's path has to be small.
 */
static __always_inline void minirq_dpc_lock(struct minirq_dpc_queue *q)
{
	while (unlikely(test_and_set_bit_lock(0, &q->lock)))
		cpu_relax();
}

static __always_inline void minirq_dpc_unlock(struct minirq_dpc_queue *q)
{
	clear_bit_unlock(0, &q->lock);
}

static __always_inline void minirq_dpc_add_tail(struct minirq_dpc_queue *q,
						PRKDPC dpc)
{
	dpc->DpcListEntry.Flink = NULL;
	*q->tail = &dpc->DpcListEntry;
	q->tail = &dpc->DpcListEntry.Flink;
}

/* Of this type, of an importance that goes to the tail, and without a target? */
static __always_inline bool minirq_dpc_plain(PRKDPC dpc, UCHAR type)
{
	return dpc->TargetInfoAsUlong == (type | MediumImportance << 8);
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
 * interrupts are off, and the CPU stays.
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
	minirq_dpc_add_tail(q, dpc);
	minirq_dpc_unlock(q);
	if (serialized)
		this_cpu_inc(*counter);
	tasklet_schedule(&q->tasklet);
	return true;
}

#endif /* MINIRQ_DPC_H */
