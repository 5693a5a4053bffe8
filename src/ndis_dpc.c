// SPDX-License-Identifier: GPL-2.0-only
/*
 * NDIS 6 ISRs and the DPCs they ask for.
 *
 * A DPC is keyed by (message, CPU), so that one message can have a DPC pending
 * on every CPU.
 */
#include "ndis_dpc.h"

#include <linux/export.h>
#include <linux/slab.h>

#include "dpc.h"
#include "interrupt.h"
#include "ndis_handle.h"
#include "ndis_throttle.h"
#include "processor.h"
#include "verifier.h"

static KDPC *dpc_for(struct minirq_ndis_interrupt *ni, unsigned int id,
		     unsigned int cpu)
{
	return &ni->dpcs[id * nr_cpu_ids + cpu];
}

static bool queue_on(struct minirq_ndis_interrupt *ni, unsigned int id,
		     unsigned int cpu, PVOID context)
{
	return minirq_dpc_insert_on(dpc_for(ni, id, cpu), cpu, context,
				    ULongToPtr(id));
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

/* An ISR need not write what it does not ask for. */
static __always_inline void clear_request(struct _KINTERRUPT *ki)
{
	ki->queue_default = FALSE;
	ki->targets = 0;
}

static __always_inline void queue_here(struct _KINTERRUPT *ki)
{
	unsigned int cpu = smp_processor_id();
	PRKDPC dpc = &ki->dpcs[cpu];

	if (!minirq_dpc_insert_isr(dpc, NULL, ULongToPtr(ki->id), false, NULL))
		minirq_dpc_insert_on(dpc, cpu, NULL, ULongToPtr(ki->id));
}

static noinline void queue_targets(struct _KINTERRUPT *ki)
{
	struct minirq_ndis_interrupt *ni = ki->context;

	queue_mask(ni, ki->id, 0, ki->targets, NULL,
		   ki->message ? (void *)ni->chars.MessageInterruptHandler :
				 (void *)ni->chars.InterruptHandler);
}

/* What an ISR asked for. The CPU is pinned: this is the ISR's. */
static __always_inline void queue_requested(struct _KINTERRUPT *ki)
{
	if (ki->queue_default)
		queue_here(ki);
	else if (ki->targets)
		queue_targets(ki);
}

static __always_inline bool line_service(struct _KINTERRUPT *ki)
{
	struct minirq_ndis_interrupt *ni = ki->context;

	clear_request(ki);
	return ni->chars.InterruptHandler(ni->context, &ki->queue_default,
					  &ki->targets);
}

/* A message is not shared, so its ISR has no reason to disclaim it. */
static __always_inline bool message_service(struct _KINTERRUPT *ki)
{
	struct minirq_ndis_interrupt *ni = ki->context;
	BOOLEAN claimed;

	clear_request(ki);
	claimed = ni->chars.MessageInterruptHandler(ni->context, ki->id,
						    &ki->queue_default,
						    &ki->targets);
	if (minirq_verifying() && !claimed)
		minirq_violation(MINIRQ_RULE_NDIS_ISR,
				 ni->chars.MessageInterruptHandler,
				 "returned FALSE for message %u", ki->id);
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

/* For a report: whose DPC it is. */
static void *handler_of(const struct minirq_ndis_interrupt *ni)
{
	return ni->intr->message ? (void *)ni->chars.MessageInterruptDpcHandler :
				   (void *)ni->chars.InterruptDpcHandler;
}

/*
 * The driver left packets behind and wants to be called again, with what it was
 * called with; if its DPC has been queued since, it will be. The DPC goes behind
 * those that are queued on this CPU already, of whichever adapter.
 */
static noinline void recall(PRKDPC dpc)
{
	struct minirq_ndis_interrupt *ni = dpc->DeferredContext;

	minirq_ndis_throttle_recalled(ni->adapter, handler_of(ni));
	if (READ_ONCE(ni->state) == MINIRQ_NDIS_LIVE)
		minirq_dpc_insert_on(dpc, smp_processor_id(),
				     dpc->SystemArgument1,
				     dpc->SystemArgument2);
}

static __always_inline PNDIS_RECEIVE_THROTTLE_PARAMETERS
begin_dpc(struct minirq_ndis_interrupt *ni, ULONG id)
{
	PNDIS_RECEIVE_THROTTLE_PARAMETERS limits = this_cpu_ptr(&throttle);

	limits->MaxNblsToIndicate = READ_ONCE(ni->adapter->budget);
	limits->MoreNblsPending = 0;
	this_cpu_inc(*(ni->counters + id));
	return limits;
}

static VOID message_dpc(PRKDPC dpc, PVOID handle, PVOID context, PVOID message)
{
	struct minirq_ndis_interrupt *ni = handle;
	ULONG id = PtrToUlong(message);
	PNDIS_RECEIVE_THROTTLE_PARAMETERS limits = begin_dpc(ni, id);

	ni->chars.MessageInterruptDpcHandler(ni->context, id, context, limits,
					     NULL);
	if (unlikely(this_cpu_ptr(&throttle)->MoreNblsPending))
		recall(dpc);
}

static VOID line_dpc(PRKDPC dpc, PVOID handle, PVOID context, PVOID message)
{
	struct minirq_ndis_interrupt *ni = handle;
	PNDIS_RECEIVE_THROTTLE_PARAMETERS limits = begin_dpc(ni, 0);

	ni->chars.InterruptDpcHandler(ni->context, context, limits, NULL);
	if (unlikely(this_cpu_ptr(&throttle)->MoreNblsPending))
		recall(dpc);
}

/**
 * minirq_ndis_dpc_create() - make a DPC for each message and CPU
 * @ni:		the interrupt, whose interrupt object has been created
 *
 * Return: 0 or -ENOMEM.
 */
int minirq_ndis_dpc_create(struct minirq_ndis_interrupt *ni)
{
	PKDEFERRED_ROUTINE routine = ni->intr->message ? message_dpc : line_dpc;
	unsigned int i, count = ni->intr->count;

	ni->dpcs = kvcalloc(count, nr_cpu_ids * sizeof(*ni->dpcs), GFP_KERNEL);
	if (!ni->dpcs)
		return -ENOMEM;
	for (i = 0; i < count * nr_cpu_ids; i++)
		KeInitializeDpc(&ni->dpcs[i], routine, ni);
	for (i = 0; i < count; i++)
		ni->intr->each[i].dpcs = dpc_for(ni, i, 0);
	ni->counters = ni->intr->dpcs;
	return 0;
}

static KAFFINITY queue_dpcs(NDIS_HANDLE handle, ULONG id, USHORT group,
			    KAFFINITY mask, PVOID context, void *caller)
{
	struct minirq_ndis_interrupt *ni =
		minirq_ndis_handle_live(handle, "NdisMQueueDpc(Ex)", caller);

	if (!ni || READ_ONCE(ni->state) != MINIRQ_NDIS_LIVE)
		return 0;
	if (!minirq_ndis_handle_message(ni, &id, caller))
		return 0;
	return queue_mask(ni, id, group, mask, context, caller);
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
