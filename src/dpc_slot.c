// SPDX-License-Identifier: GPL-2.0-only
/* Slots: DPCs of minirq's own that have a place on one CPU for good. */
#include "dpc_slot.h"

#include <linux/cpumask.h>
#include <linux/overflow.h>

#include "dpc.h"

static void init_block(struct minirq_dpc_block *block,
		       const struct minirq_dpc_block *like, unsigned int first,
		       unsigned int count)
{
	unsigned int i;

	*block = *like;
	for (i = 0; i < count; i++) {
		block->slot[i].node.type = MINIRQ_DPC_SLOT;
		block->slot[i].node.id = first + i;
	}
}

/**
 * minirq_dpc_block_create() - make the slots of some messages on every CPU
 * @like:	what the blocks are to say
 * @first:	message id of the first slot, a multiple of MINIRQ_DPC_BLOCK
 * @count:	how many, at most MINIRQ_DPC_BLOCK
 *
 * Context: process context, may sleep.
 * Return: a block for each CPU, to be freed with free_percpu(), or NULL for want of
 * memory.
 */
struct minirq_dpc_block __percpu *
minirq_dpc_block_create(const struct minirq_dpc_block *like, unsigned int first,
			unsigned int count)
{
	struct minirq_dpc_block __percpu *blocks;
	unsigned int cpu;

	blocks = __alloc_percpu(struct_size(like, slot, count), sizeof(u64));
	if (!blocks)
		return NULL;
	for_each_possible_cpu(cpu)
		init_block(per_cpu_ptr(blocks, cpu), like, first, count);
	return blocks;
}

/**
 * minirq_dpc_slot_insert() - queue a slot
 * @slots:	one on each CPU
 * @cpu:	which; it is online
 * @context:	handed to the block's @run
 *
 * Context: IRQL: any.
 * Return: true when this call queued it, false when it was queued already.
 */
bool minirq_dpc_slot_insert(struct minirq_dpc_slot __percpu *slots,
			    unsigned int cpu, PVOID context)
{
	struct minirq_dpc_queue *q = per_cpu_ptr(&minirq_dpc_queues, cpu);
	struct minirq_dpc_slot *slot = per_cpu_ptr(slots, cpu);
	KIRQL old = minirq_dpc_raise();
	unsigned long flags;
	bool added;

	if (trace_minirq_dpc_queue_enabled())
		trace_minirq_dpc_queue(slot, minirq_dpc_block_of(slot)->code);
	flags = minirq_dpc_lock_irqsave(q);
	added = !slot->node.queued;
	if (minirq_dpc_slot_add(q, slot, context))
		minirq_dpc_wake(q);
	minirq_dpc_unlock_irqrestore(q, flags);
	minirq_dpc_lower(old);
	return added;
}

/**
 * minirq_dpc_slot_hold() - queue a slot for later
 * @slots:	one on each CPU
 * @cpu:	which
 * @context:	handed to the block's @run
 *
 * From now on it counts as queued, but it stands in its queue, and runs, only when
 * it has been released. One that is not may be freed.
 *
 * Context: IRQL: any.
 * Return: true when this call holds it, false when it was queued or held already.
 */
bool minirq_dpc_slot_hold(struct minirq_dpc_slot __percpu *slots,
			  unsigned int cpu, PVOID context)
{
	struct minirq_dpc_queue *q = per_cpu_ptr(&minirq_dpc_queues, cpu);
	struct minirq_dpc_slot *slot = per_cpu_ptr(slots, cpu);
	unsigned long flags = minirq_dpc_lock_irqsave(q);
	bool idle = !slot->node.queued;

	if (idle) {
		slot->node.queued = true;
		slot->node.next = &slot->node;
		slot->context = context;
	}
	minirq_dpc_unlock_irqrestore(q, flags);
	return idle;
}

static bool is_held(const struct minirq_dpc_slot *slot)
{
	return slot->node.queued && slot->node.next == &slot->node;
}

/**
 * minirq_dpc_slot_release() - let a slot run that was held
 * @slots:	one on each CPU
 * @cpu:	which; one that is not held is left alone
 *
 * Context: IRQL: any.
 */
void minirq_dpc_slot_release(struct minirq_dpc_slot __percpu *slots,
			     unsigned int cpu)
{
	struct minirq_dpc_queue *q = per_cpu_ptr(&minirq_dpc_queues, cpu);
	struct minirq_dpc_slot *slot = per_cpu_ptr(slots, cpu);
	KIRQL old = minirq_dpc_raise();
	unsigned long flags = minirq_dpc_lock_irqsave(q);

	if (is_held(slot) && minirq_dpc_add_tail(q, &slot->node))
		minirq_dpc_wake(q);
	minirq_dpc_unlock_irqrestore(q, flags);
	minirq_dpc_lower(old);
}

/* How often the slots of a message have run, on all CPUs together. */
u64 minirq_dpc_slot_runs(struct minirq_dpc_slot __percpu *slots)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += READ_ONCE(per_cpu_ptr(slots, cpu)->node.runs);
	return sum;
}
