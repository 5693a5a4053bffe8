// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts that are to stop for a while, and to come back. */
#include "ndis_switch.h"

#include "dpc_flush.h"
#include "interrupt.h"
#include "interrupt_lock.h"
#include "message.h"
#include "ndis_dpc.h"
#include "ndis_handle.h"

static void switch_message(struct minirq_ndis_interrupt *ni, ULONG id,
			   bool enabled)
{
	if (enabled)
		ni->chars.EnableMessageInterruptHandler(ni->context, id);
	else
		ni->chars.DisableMessageInterruptHandler(ni->context, id);
}

static void switch_line(struct minirq_ndis_interrupt *ni, bool enabled)
{
	if (enabled)
		ni->chars.EnableInterruptHandler(ni->context);
	else
		ni->chars.DisableInterruptHandler(ni->context);
}

/* Call the handler by which a driver enables or disables an interrupt. */
void minirq_ndis_switch_device(struct _KINTERRUPT *ki, bool enabled)
{
	if (ki->owner->message)
		switch_message(ki->context, ki->id, enabled);
	else
		switch_line(ki->context, enabled);
}

/**
 * minirq_ndis_switch_devices() - call these handlers for every message
 * @ni:		the interrupt
 * @enabled:	those that enable; not for a message that somebody who looks for
 *		trouble has had disabled
 *
 * Context: process context.
 */
void minirq_ndis_switch_devices(struct minirq_ndis_interrupt *ni, bool enabled)
{
	unsigned int id;

	for (id = 0; id < ni->intr->count; id++)
		if (!enabled || !READ_ONCE(ni->intr->each[id].disabled))
			minirq_interrupt_set_enabled(&ni->intr->each[id],
						     enabled);
}

/*
 * A DPC that is still to end may have its device interrupt again. Until the last
 * one has, the driver is asked, as nobody else could silence its device. If it
 * leaves that to a DPC, which is to wait, the line would stay as it is: so it is
 * told to disable what it has claimed.
 */
static BOOLEAN draining_isr(NDIS_HANDLE context, PBOOLEAN queue, PULONG targets)
{
	struct minirq_ndis_interrupt *ni = context;
	BOOLEAN claimed = ni->line_isr(ni->context, queue, targets);

	if (claimed)
		switch_line(ni, false);
	minirq_ndis_dpc_request(ni, *queue, *targets);
	*queue = FALSE;
	*targets = 0;
	return claimed;
}

/* The driver of a device that sleeps must not be asked: it would look there. */
static BOOLEAN asleep_isr(NDIS_HANDLE context, PBOOLEAN queue, PULONG targets)
{
	return FALSE;
}

/*
 * Others may be on a line, so it stays open. Its ISR is exchanged, not asked
 * whether the device sleeps: that would cost every interrupt of a line.
 */
static void exchange_line_isr(struct minirq_ndis_interrupt *ni,
			      MINIPORT_ISR_HANDLER isr, NDIS_HANDLE context)
{
	KIRQL old = KeAcquireInterruptSpinLock(&ni->intr->each[0]);

	ni->chars.InterruptHandler = isr;
	ni->isr_context = context;
	KeReleaseInterruptSpinLock(&ni->intr->each[0], old);
}

static void wait_for_isrs(struct minirq_interrupt *intr)
{
	unsigned int id;

	for (id = 0; id < intr->irqs; id++)
		synchronize_irq(intr->each[id].irq);
}

/*
 * Let what has begun come to its end: ISRs, and the DPCs that were queued. What is
 * asked for from now on waits. The second flush finds what one DPC has queued on a
 * CPU that the first had been to.
 */
static void drain(struct minirq_ndis_interrupt *ni)
{
	minirq_interrupt_mask(ni->intr);
	wait_for_isrs(ni->intr);
	WRITE_ONCE(ni->state, MINIRQ_NDIS_ASLEEP);
	exchange_line_isr(ni, draining_isr, ni);
	minirq_dpc_flush();
	minirq_dpc_flush();
}

/**
 * minirq_ndis_switch_sleep() - call no ISR and no DPC for a while
 * @ni:		a live interrupt
 *
 * A message that comes meanwhile waits, and so does a DPC that is asked for. The
 * device is told to be silent last, when no DPC is left that could have it
 * interrupt again; that of a line also whenever it does so before.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_switch_sleep(struct minirq_ndis_interrupt *ni)
{
	drain(ni);
	minirq_ndis_switch_devices(ni, false);
	exchange_line_isr(ni, asleep_isr, NULL);
}

/**
 * minirq_ndis_switch_end() - call nothing of the driver any more
 * @ni:		a live interrupt
 *
 * As minirq_ndis_switch_sleep(), but the driver is not told in the end, as its
 * device has been shut down.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_switch_end(struct minirq_ndis_interrupt *ni)
{
	drain(ni);
	exchange_line_isr(ni, asleep_isr, NULL);
}

/**
 * minirq_ndis_switch_wake() - undo minirq_ndis_switch_sleep(), but for the device
 * @ni:		the interrupt
 *
 * Messages that came meanwhile are delivered now, and DPCs queued. CPUs that went
 * offline for the sleep have had their vectors moved, so the table is read again
 * first.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_switch_wake(struct minirq_ndis_interrupt *ni)
{
	if (ni->table)
		minirq_message_table_refresh(ni->table);
	WRITE_ONCE(ni->state, MINIRQ_NDIS_LIVE);
	exchange_line_isr(ni, ni->line_isr, ni->context);
	minirq_interrupt_unmask(ni->intr);
	minirq_ndis_dpc_release(ni);
}
