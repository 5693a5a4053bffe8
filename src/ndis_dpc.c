// SPDX-License-Identifier: GPL-2.0-only
/*
 * NDIS 6 ISRs and the DPCs they ask for.
 *
 * A DPC is keyed by (message, CPU), so that one message can have a DPC pending
 * on every CPU.
 */
#include "ndis_dpc.h"

#include <linux/export.h>
#include <linux/minmax.h>
#include <linux/percpu.h>

#include "dpc.h"
#include "dpc_slot.h"
#include "interrupt.h"
#include "ndis_handle.h"
#include "ndis_throttle.h"
#include "processor.h"
#include "verifier.h"

/* Who held it as the device woke may have come too late to see it released. */
static bool hold(struct minirq_ndis_interrupt *ni,
		 struct minirq_dpc_slot __percpu *slots, unsigned int cpu,
		 PVOID context)
{
	bool held = minirq_dpc_slot_hold(slots, cpu, context);

	if (READ_ONCE(ni->state) == MINIRQ_NDIS_LIVE)
		minirq_dpc_slot_release(slots, cpu);
	return held;
}

/* A DPC that is asked for while its device sleeps waits until that wakes. */
static bool queue_on(struct minirq_ndis_interrupt *ni, unsigned int id,
		     unsigned int cpu, PVOID context)
{
	struct minirq_dpc_slot __percpu *slots = ni->intr->each[id].slots;

	if (READ_ONCE(ni->state) == MINIRQ_NDIS_ASLEEP)
		return hold(ni, slots, cpu, context);
	return minirq_dpc_slot_insert(slots, cpu, context);
}

/*
 * Queue a DPC on each CPU of @mask, a mask within @group, and return those on
 * which it was not pending already.
 */
static KAFFINITY queue_mask(struct minirq_ndis_interrupt *ni, unsigned int id,
			    USHORT group, KAFFINITY mask, PVOID context,
			    void *caller)
{
	KAFFINITY queued = 0;
	unsigned int bit;

	for (bit = 0; bit < 64 && mask >> bit; bit++) {
		unsigned int cpu = group * 64 + bit;

		if (!(mask >> bit & 1))
			continue;
		if (!minirq_processor_valid(cpu))
			minirq_violation(MINIRQ_RULE_NDIS_DPC_TARGET, caller,
					 "DPC for CPU %u, which is not there",
					 cpu);
		else if (queue_on(ni, id, cpu, context))
			queued |= 1ULL << bit;
	}
	return queued;
}

/**
 * struct request - what an ISR asks for
 * @targets:	CPUs it wants DPCs on
 * @here:	it wants a DPC on its CPU
 */
struct request {
	ULONG targets;
	BOOLEAN here;
};

/* Of the ISR that runs on a CPU, and no other does meanwhile. */
static DEFINE_PER_CPU(struct request, requests);

/* An ISR need not write what it does not ask for. */
static __always_inline struct request *clear_request(void)
{
	struct request *request = this_cpu_ptr(&requests);

	request->here = FALSE;
	request->targets = 0;
	return request;
}

static noinline void queue_targets(struct _KINTERRUPT *ki, ULONG targets)
{
	struct minirq_ndis_interrupt *ni = ki->context;

	queue_mask(ni, ki->id, 0, targets, NULL,
		   ni->intr->message ?
			(void *)ni->chars.MessageInterruptHandler :
			(void *)ni->line_isr);
}

/* What an ISR asked for. The CPU is pinned: this is the ISR's. */
static __always_inline void queue_requested(struct _KINTERRUPT *ki)
{
	ULONG targets;

	if (this_cpu_read(requests.here)) {
		minirq_dpc_slot_insert_isr(ki->slots);
		return;
	}
	targets = this_cpu_read(requests.targets);
	if (targets)
		queue_targets(ki, targets);
}

static __always_inline bool line_service(struct _KINTERRUPT *ki)
{
	struct minirq_ndis_interrupt *ni = ki->context;
	struct request *request = clear_request();

	return ni->chars.InterruptHandler(ni->isr_context, &request->here,
					  &request->targets);
}

static noinline void report_disclaimed(struct _KINTERRUPT *ki)
{
	struct minirq_ndis_interrupt *ni = ki->context;

	minirq_violation(MINIRQ_RULE_NDIS_ISR,
			 ni->chars.MessageInterruptHandler,
			 "returned FALSE for message %u", ki->id);
}

/* A message is not shared, so its ISR has no reason to disclaim it. */
static __always_inline bool message_service(struct _KINTERRUPT *ki)
{
	struct minirq_ndis_interrupt *ni = ki->context;
	struct request *request = clear_request();
	BOOLEAN claimed;

	claimed = ni->chars.MessageInterruptHandler(ni->context, ki->id,
						    &request->here,
						    &request->targets);
	if (minirq_verifying() && !claimed)
		report_disclaimed(ki);
	return claimed;
}

static irqreturn_t line_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, false, line_service,
					queue_requested);
}

static irqreturn_t message_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, true, message_service,
					queue_requested);
}

/* What the irqs of an adapter are requested with. */
irq_handler_t minirq_ndis_dpc_handler(bool message)
{
	return message ? message_irq : line_irq;
}

/* What the handler that runs on a CPU is given; DPCs do not nest. */
static DEFINE_PER_CPU(NDIS_RECEIVE_THROTTLE_PARAMETERS, throttle);

/*
 * The driver left packets behind and wants to be called again, with what it was
 * called with; if its DPC has been queued since, it will be. The DPC goes behind
 * those that are queued on this CPU already, of whichever adapter. A deregistration
 * is not kept from its end.
 */
static noinline void recall(struct minirq_dpc_slot *slot)
{
	struct minirq_dpc_block *block = minirq_dpc_block_of(slot);
	struct minirq_ndis_interrupt *ni = block->owner;

	minirq_ndis_throttle_recalled(ni->adapter, block->code);
	if (READ_ONCE(ni->state) != MINIRQ_NDIS_CLOSING)
		queue_on(ni, slot->node.id, smp_processor_id(), slot->context);
}

static __always_inline PNDIS_RECEIVE_THROTTLE_PARAMETERS
begin_dpc(struct minirq_ndis_interrupt *ni)
{
	PNDIS_RECEIVE_THROTTLE_PARAMETERS limits = this_cpu_ptr(&throttle);

	limits->MaxNblsToIndicate = READ_ONCE(ni->adapter->budget);
	limits->MoreNblsPending = 0;
	return limits;
}

static void message_dpc(struct minirq_dpc_slot *slot, void *owner, PVOID context)
{
	struct minirq_ndis_interrupt *ni = owner;
	PNDIS_RECEIVE_THROTTLE_PARAMETERS limits = begin_dpc(ni);

	ni->chars.MessageInterruptDpcHandler(ni->context, slot->node.id,
					     context, limits, NULL);
	if (unlikely(limits->MoreNblsPending))
		recall(slot);
}

static void line_dpc(struct minirq_dpc_slot *slot, void *owner, PVOID context)
{
	struct minirq_ndis_interrupt *ni = owner;
	PNDIS_RECEIVE_THROTTLE_PARAMETERS limits = begin_dpc(ni);

	ni->chars.InterruptDpcHandler(ni->context, context, limits, NULL);
	if (unlikely(limits->MoreNblsPending))
		recall(slot);
}

/* For those who look on, and for reports. */
static void *handler_of(const struct minirq_ndis_interrupt *ni)
{
	return ni->intr->message ? (void *)ni->chars.MessageInterruptDpcHandler :
				   (void *)ni->chars.InterruptDpcHandler;
}

static int create_block(struct minirq_ndis_interrupt *ni, unsigned int first)
{
	struct minirq_dpc_block like = {
		.run = ni->intr->message ? message_dpc : line_dpc,
		.owner = ni,
		.code = handler_of(ni),
	};
	unsigned int i, count = min_t(unsigned int, ni->intr->count - first,
				      MINIRQ_DPC_BLOCK);
	struct minirq_dpc_block __percpu *blocks =
		minirq_dpc_block_create(&like, first, count);

	if (!blocks)
		return -ENOMEM;
	ni->blocks[first / MINIRQ_DPC_BLOCK] = blocks;
	for (i = 0; i < count; i++)
		ni->intr->each[first + i].slots = &blocks->slot[i];
	return 0;
}

/**
 * minirq_ndis_dpc_create() - make a DPC for each message and CPU
 * @ni:		the interrupt, whose interrupt object has been created
 *
 * Return: 0 or -ENOMEM, with what there is to be destroyed.
 */
int minirq_ndis_dpc_create(struct minirq_ndis_interrupt *ni)
{
	unsigned int first;
	int err = 0;

	for (first = 0; !err && first < ni->intr->count;
	     first += MINIRQ_DPC_BLOCK)
		err = create_block(ni, first);
	return err;
}

/**
 * minirq_ndis_dpc_destroy() - undo minirq_ndis_dpc_create()
 * @ni:		the interrupt, none of whose DPCs is queued
 */
void minirq_ndis_dpc_destroy(struct minirq_ndis_interrupt *ni)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(ni->blocks); i++) {
		free_percpu(ni->blocks[i]);
		ni->blocks[i] = NULL;
	}
}

/**
 * minirq_ndis_dpc_request() - queue what the ISR of a line has asked for
 * @ni:		the interrupt
 * @here:	a DPC on this CPU
 * @targets:	otherwise on each of these
 *
 * Context: at DIRQL.
 */
void minirq_ndis_dpc_request(struct minirq_ndis_interrupt *ni, bool here,
			     ULONG targets)
{
	if (here)
		queue_on(ni, 0, smp_processor_id(), NULL);
	else if (targets)
		queue_targets(&ni->intr->each[0], targets);
}

/**
 * minirq_ndis_dpc_release() - queue what was asked for while a device slept
 * @ni:		the interrupt, which is live again
 *
 * Context: process context.
 */
void minirq_ndis_dpc_release(struct minirq_ndis_interrupt *ni)
{
	unsigned int id, cpu;

	for (id = 0; id < ni->intr->count; id++)
		for_each_possible_cpu(cpu)
			minirq_dpc_slot_release(ni->intr->each[id].slots, cpu);
}

static KAFFINITY queue_live(NDIS_HANDLE handle, ULONG id, USHORT group,
			    KAFFINITY mask, PVOID context, void *caller)
{
	struct minirq_ndis_interrupt *ni =
		minirq_ndis_handle_live(handle, "NdisMQueueDpc(Ex)", caller);

	if (!ni || READ_ONCE(ni->state) == MINIRQ_NDIS_CLOSING)
		return 0;
	if (!minirq_ndis_handle_message(ni, &id, caller))
		return 0;
	return queue_mask(ni, id, group, mask, context, caller);
}

/* A deregistration waits for those who found the handle live at DISPATCH_LEVEL. */
static KAFFINITY queue_dpcs(NDIS_HANDLE handle, ULONG id, USHORT group,
			    KAFFINITY mask, PVOID context, void *caller)
{
	KIRQL old = minirq_dpc_raise();
	KAFFINITY queued = queue_live(handle, id, group, mask, context, caller);

	minirq_dpc_lower(old);
	return queued;
}

/**
 * NdisMQueueDpc() - queue DPCs on the first 32 CPUs
 * @NdisInterruptHandle:	the handle
 * @MessageId:			the message; ignored for a line
 * @TargetProcessors:		a bit for each CPU of group 0
 * @MiniportDpcContext:		handed to the DPC handler
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndismqueuedpc
 * Return: the CPUs on which this call queued a DPC; a missing bit means one was
 * pending there, with its own context, or the CPU does not exist. 0 also while
 * the interrupt is being deregistered.
 *
 * While the device of the adapter sleeps the DPC is pending, and runs when that
 * wakes, or before the adapter is halted; a deregistration before then forgets it.
 */
ULONG NdisMQueueDpc(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId,
		    ULONG TargetProcessors, PVOID MiniportDpcContext)
{
	return queue_dpcs(NdisInterruptHandle, MessageId, 0, TargetProcessors,
			  MiniportDpcContext, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMQueueDpc);

/**
 * NdisMQueueDpcEx() - queue DPCs on CPUs of one group
 * @NdisInterruptHandle:	the handle
 * @MessageId:			the message; ignored for a line
 * @TargetProcessors:		the group and its CPUs
 * @MiniportDpcContext:		handed to the DPC handler
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndismqueuedpcex
 * Return: as NdisMQueueDpc(), for that group.
 */
KAFFINITY NdisMQueueDpcEx(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId,
			  PGROUP_AFFINITY TargetProcessors,
			  PVOID MiniportDpcContext)
{
	if (!TargetProcessors)
		return 0;
	return queue_dpcs(NdisInterruptHandle, MessageId,
			  TargetProcessors->Group, TargetProcessors->Mask,
			  MiniportDpcContext, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMQueueDpcEx);
