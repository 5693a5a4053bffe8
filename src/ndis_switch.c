// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts that are to stop for a while, and to come back. */
#include "ndis_switch.h"

#include "dpc_flush.h"
#include "interrupt.h"
#include "interrupt_lock.h"
#include "message.h"
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
			      MINIPORT_ISR_HANDLER isr)
{
	KIRQL old = KeAcquireInterruptSpinLock(&ni->intr->each[0]);

	ni->chars.InterruptHandler = isr;
	KeReleaseInterruptSpinLock(&ni->intr->each[0], old);
}

static void wait_for_isrs(struct minirq_interrupt *intr)
{
	unsigned int id;

	for (id = 0; id < intr->irqs; id++)
		synchronize_irq(intr->each[id].irq);
}

/**
 * minirq_ndis_switch_sleep() - call no ISR and no DPC for a while
 * @ni:		a live interrupt
 *
 * A message that comes meanwhile waits. DPCs that were queued have run when this
 * returns; the second flush finds what one has queued on a CPU that the first had
 * been to.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_switch_sleep(struct minirq_ndis_interrupt *ni)
{
	minirq_interrupt_mask(ni->intr);
	ni->line_isr = ni->chars.InterruptHandler;
	exchange_line_isr(ni, asleep_isr);
	wait_for_isrs(ni->intr);
	WRITE_ONCE(ni->state, MINIRQ_NDIS_ASLEEP);
	minirq_dpc_flush();
	minirq_dpc_flush();
}

/**
 * minirq_ndis_switch_wake() - undo minirq_ndis_switch_sleep()
 * @ni:		the interrupt
 *
 * Messages that came meanwhile are delivered now. CPUs that went offline for the
 * sleep have had their vectors moved, so the table is read again first.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_switch_wake(struct minirq_ndis_interrupt *ni)
{
	if (ni->table)
		minirq_message_table_refresh(ni->table);
	WRITE_ONCE(ni->state, MINIRQ_NDIS_LIVE);
	exchange_line_isr(ni, ni->line_isr);
	minirq_interrupt_unmask(ni->intr);
}
