// SPDX-License-Identifier: GPL-2.0-only
/* WDM interrupts that are connected: active or not, and on which CPUs. */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/irq.h>

#include <wdm.h>

#include "interrupt.h"
#include "processor.h"
#include "verifier.h"
#include "wdm_connection.h"

static void report(PIO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS params,
		   bool inactive, void *caller)
{
	PVOID object = params ? params->ConnectionContext.Generic : NULL;
	ULONG version;

	if (minirq_irql_current() > DISPATCH_LEVEL)
		minirq_violation(MINIRQ_RULE_IO_ACTIVE, caller,
				 "called at IRQL %u", minirq_irql_current());
	if (!minirq_wdm_connection_set_inactive(object, inactive, &version)) {
		minirq_violation(MINIRQ_RULE_IO_ACTIVE, caller,
				 "%p is not connected", object);
		return;
	}
	minirq_wdm_connection_check(version, params->Version,
				    MINIRQ_RULE_IO_ACTIVE, caller);
}

/**
 * IoReportInterruptActive() - a device may interrupt again
 * @Parameters:	as for IoDisconnectInterruptEx()
 *
 * A connection begins active. Saying what is so already does nothing.
 *
 * Context: IRQL <= DISPATCH_LEVEL; above it the call is reported. What is not
 * connected is reported and nothing happens.
 * Page: nf-wdm-ioreportinterruptactive
 */
VOID
IoReportInterruptActive(PIO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS Parameters)
{
	report(Parameters, false, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(IoReportInterruptActive);

/**
 * IoReportInterruptInactive() - a device does not interrupt for now
 * @Parameters:	as for IoDisconnectInterruptEx()
 *
 * Messages are masked. A line stays open for the other devices on it, and this
 * device's service routine is not called.
 *
 * Context: IRQL <= DISPATCH_LEVEL; above it the call is reported. What is not
 * connected is reported and nothing happens. A service routine that runs
 * elsewhere is not waited for.
 * Page: nf-wdm-ioreportinterruptinactive
 */
VOID
IoReportInterruptInactive(PIO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS Parameters)
{
	report(Parameters, true, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(IoReportInterruptInactive);

/**
 * IoGetAffinityInterrupt() - which CPUs may an interrupt object interrupt?
 * @InterruptObject:	the object, of any front end
 * @GroupAffinity:	where they are stored
 *
 * Context: IRQL: any.
 * Page: nf-iointex-wdmlibiogetaffinityinterrupt
 * Return: STATUS_SUCCESS, or STATUS_INVALID_PARAMETER for what is not an
 * interrupt object, or nowhere to store.
 */
NTSTATUS IoGetAffinityInterrupt(PKINTERRUPT InterruptObject,
				PGROUP_AFFINITY GroupAffinity)
{
	unsigned int irq = minirq_interrupt_irq(InterruptObject);
	const struct cpumask *cpus;

	if (!irq || !GroupAffinity)
		return STATUS_INVALID_PARAMETER;
	cpus = irq_get_affinity_mask(irq) ?: cpu_online_mask;
	*GroupAffinity = (GROUP_AFFINITY) {};
	GroupAffinity->Mask =
		minirq_processor_affinity(cpus, &GroupAffinity->Group);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(IoGetAffinityInterrupt);
