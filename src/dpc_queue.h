/* SPDX-License-Identifier: GPL-2.0-only */
/* The queues that deferred procedure calls stand in: one of each kind per CPU. */
#ifndef MINIRQ_DPC_QUEUE_H
#define MINIRQ_DPC_QUEUE_H

#include <linux/bitops.h>
#include <linux/build_bug.h>
#include <linux/interrupt.h>
#include <linux/irq_work.h>
#include <linux/percpu.h>
#include <linux/smp.h>
#include <linux/stddef.h>

#include <wdm.h>

/*
 * What a DPC is. Those with the bit of Windows have its own types of a KDPC. A
 * serialized one never runs on two CPUs at once, which StorPort promises for its
 * STOR_DPC; its _Spare holds 1 + the CPU that runs it. What runs in a thread has a
 * bit for that, too. A slot is no KDPC; see dpc_slot.h.
 */
enum {
	MINIRQ_DPC_IN_THREAD = 0x08,
	MINIRQ_DPC_WINDOWS = 0x10,
	MINIRQ_DPC_ORDINARY = 0x13,
	MINIRQ_DPC_THREADED = 0x18,
	MINIRQ_DPC_SLOT = 0x40,
	MINIRQ_DPC_SERIALIZED = 0x80,
	MINIRQ_DPC_SERIALIZED_THREADED = 0x88,
};

/**
 * struct minirq_dpc_node - what stands in a queue: a slot begins with it, and a
 * KDPC has these two where it does
 * @type:	which of them it is
 * @queued:	of a slot: it stands in its queue, or is held
 * @id:		of a slot: message id
 * @runs:	of a slot: how often it has run; it wraps as in /proc/interrupts
 * @next:	what runs after it; itself, of a slot that is held
 */
struct minirq_dpc_node {
	UCHAR type;
	bool queued;
	u16 id;
	u32 runs;
	struct minirq_dpc_node *next;
};

static_assert(offsetof(struct minirq_dpc_node, type) == offsetof(KDPC, Type));
static_assert(offsetof(struct minirq_dpc_node, next) ==
	      offsetof(KDPC, DpcListEntry.Flink));

/**
 * struct minirq_dpc_queue - the DPCs of one CPU
 * @tasklet:	drains the queue; while there is something in it, the tasklet is
 *		scheduled, is being scheduled or is running. It is first, so that
 *		it and the queue have one address
 * @lock:	bit 0 protects what follows, and what is written into a DPC when
 *		it is queued; only taken with interrupts off, and a leaf
 * @first:	what runs next; NULL when there is nothing
 * @tail:	where the next one is linked: next of the last one, if there is one
 * @cpu:	that CPU
 * @overtakes:	how many went to the head since the queue was empty
 * @kick:	asks the CPU of this queue to schedule @tasklet
 * @relay:	does so in its stead on PREEMPT_RT, and for threaded DPCs
 * @worker:	the thread that drains the queue instead of @tasklet, or NULL
 */
struct minirq_dpc_queue {
	struct tasklet_struct tasklet;
	unsigned long lock;
	struct minirq_dpc_node *first;
	struct minirq_dpc_node **tail;
	unsigned int cpu;
	unsigned int overtakes;
	call_single_data_t kick;
	struct irq_work relay;
	struct task_struct *worker;
};

DECLARE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_queues);
DECLARE_PER_CPU_ALIGNED(struct minirq_dpc_queue, minirq_dpc_threaded_queues);

void minirq_dpc_start(void);
void minirq_dpc_stop(void);

bool minirq_dpc_add_head(struct minirq_dpc_queue *q,
			 struct minirq_dpc_node *node);
void minirq_dpc_unlink(struct minirq_dpc_queue *q,
		       struct minirq_dpc_node *node);
void minirq_dpc_wake(struct minirq_dpc_queue *q);
void minirq_dpc_wake_drain(struct minirq_dpc_queue *q);
void minirq_dpc_not_kicked(struct minirq_dpc_queue *q, int err);
void minirq_dpc_drain_passive(struct minirq_dpc_queue *q);
void minirq_dpc_call(PRKDPC dpc, PVOID arg1, PVOID arg2);
bool minirq_dpc_in_worker(void);

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

static __always_inline unsigned long
minirq_dpc_lock_irqsave(struct minirq_dpc_queue *q)
{
	unsigned long flags;

	local_irq_save(flags);
	minirq_dpc_lock(q);
	return flags;
}

static __always_inline void
minirq_dpc_unlock_irqrestore(struct minirq_dpc_queue *q, unsigned long flags)
{
	minirq_dpc_unlock(q);
	local_irq_restore(flags);
}

/* Returns whether the queue was empty: then somebody has to wake it. */
static __always_inline bool minirq_dpc_add_tail(struct minirq_dpc_queue *q,
						struct minirq_dpc_node *node)
{
	bool empty;

	node->next = NULL;
	empty = !q->first;
	if (empty)
		q->first = node;
	else
		*q->tail = node;
	q->tail = &node->next;
	return empty;
}

/*
 * Make a CPU, which may be this one, drain a queue that has no worker. The queue's
 * lock serialises the senders of its kick.
 */
static __always_inline void minirq_dpc_kick(struct minirq_dpc_queue *q)
{
	int err = smp_call_function_single_async(q->cpu, &q->kick);

	if (unlikely(err))
		minirq_dpc_not_kicked(q, err);
}

#endif /* MINIRQ_DPC_QUEUE_H */
