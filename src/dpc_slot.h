/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Slots: DPCs of minirq's own that have a place on one CPU for good.
 *
 * NDIS promises a DPC for each message on every CPU. They are many, and none is
 * ever removed or sent elsewhere, so a slot has three words where a KDPC has
 * eight: what is the same for all slots of an owner is in the block they are in.
 */
#ifndef MINIRQ_DPC_SLOT_H
#define MINIRQ_DPC_SLOT_H

#include "dpc_queue.h"
#include "trace.h"

/* More in one block, and the per-CPU allocator would have to look for it. */
#define MINIRQ_DPC_BLOCK	256

/**
 * struct minirq_dpc_slot - a DPC of one CPU
 * @node:	in the queue of that CPU
 * @context:	of the insert that queued it
 */
struct minirq_dpc_slot {
	struct minirq_dpc_node node;
	PVOID context;
};

/* What a slot is there for, at DISPATCH_LEVEL. */
typedef void minirq_dpc_run(struct minirq_dpc_slot *slot, void *owner,
			    PVOID context);

/**
 * struct minirq_dpc_block - the slots that one owner has on one CPU
 * @run:	what each of them runs
 * @owner:	second argument of @run
 * @code:	the driver's routine, for those who look on
 * @slot:	by message id, modulo MINIRQ_DPC_BLOCK
 */
struct minirq_dpc_block {
	minirq_dpc_run *run;
	void *owner;
	void *code;
	struct minirq_dpc_slot slot[];
};

struct minirq_dpc_block __percpu *
minirq_dpc_block_create(const struct minirq_dpc_block *like, unsigned int first,
			unsigned int count);

bool minirq_dpc_slot_insert(struct minirq_dpc_slot __percpu *slots,
			    unsigned int cpu, PVOID context);
bool minirq_dpc_slot_hold(struct minirq_dpc_slot __percpu *slots,
			  unsigned int cpu, PVOID context);
void minirq_dpc_slot_release(struct minirq_dpc_slot __percpu *slots,
			     unsigned int cpu);
u64 minirq_dpc_slot_runs(struct minirq_dpc_slot __percpu *slots);

static __always_inline struct minirq_dpc_block *
minirq_dpc_block_of(struct minirq_dpc_slot *slot)
{
	return container_of(slot - slot->node.id % MINIRQ_DPC_BLOCK,
			    struct minirq_dpc_block, slot[0]);
}

/*
 * Queue it, unless it is queued; its queue is locked. Returns whether somebody has
 * to wake the queue.
 */
static __always_inline bool minirq_dpc_slot_add(struct minirq_dpc_queue *q,
						struct minirq_dpc_slot *slot,
						PVOID context)
{
	if (slot->node.queued)
		return false;
	slot->node.queued = true;
	slot->context = context;
	return minirq_dpc_add_tail(q, &slot->node);
}

/**
 * minirq_dpc_slot_insert_isr() - queue the slot of this CPU, in an ISR
 * @slots:	one on each CPU
 *
 * What nearly every interrupt of NDIS does: interrupts are off, and the CPU
 * stays. The context is NULL.
 *
 * Context: IRQL > DISPATCH_LEVEL.
 */
static __always_inline void
minirq_dpc_slot_insert_isr(struct minirq_dpc_slot __percpu *slots)
{
	struct minirq_dpc_queue *q = this_cpu_ptr(&minirq_dpc_queues);

	if (trace_minirq_dpc_queue_enabled()) {
		minirq_dpc_slot_insert(slots, smp_processor_id(), NULL);
		return;
	}
	minirq_dpc_lock(q);
	if (unlikely(!minirq_dpc_slot_add(q, this_cpu_ptr(slots), NULL))) {
		minirq_dpc_unlock(q);
		return;
	}
	minirq_dpc_unlock(q);
	tasklet_schedule(&q->tasklet);
}

#endif /* MINIRQ_DPC_SLOT_H */
