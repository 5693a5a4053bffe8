// SPDX-License-Identifier: GPL-2.0-only
/*
 * The current IRQL of each CPU.
 *
 * Linux has no such number, so each CPU keeps one. It is exact because a
 * raised level pins its thread:
 *
 *	APC_LEVEL		preemption off
 *	DISPATCH_LEVEL		and softirqs off
 *	above			and interrupts off
 *
 * An ISR or a DPC finds its level already enforced by the kernel and only
 * notes it (minirq_irql_enter()), so what it interrupted is restored whole.
 */
#include "irql.h"

#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/time64.h>

#include "verifier.h"

DEFINE_PER_CPU(KIRQL, minirq_irql);

/*
 * One slot is enough: between the raise above DISPATCH_LEVEL and its lowering
 * this CPU takes no interrupt, so nothing else on it can cross that border.
 */
DEFINE_PER_CPU(unsigned long, minirq_irql_flags);

/* Levels that raises on this CPU still have to be lowered to; verifier only. */
static DEFINE_PER_CPU(unsigned long, raised_from);

/* The level that the kernel itself holds: no driver may go below it. */
static KIRQL context_floor(void)
{
	if (in_hardirq())
		return DISPATCH_LEVEL + 1;
	return in_serving_softirq() ? DISPATCH_LEVEL : PASSIVE_LEVEL;
}

static void note_raise(KIRQL old)
{
	this_cpu_or(raised_from, BIT(old));
}

static void check_lower(KIRQL new, void *caller)
{
	unsigned long pending = this_cpu_read(raised_from);

	if (!(pending & BIT(new)))
		minirq_violation(MINIRQ_RULE_LOWER_IRQL, caller,
				 "no raise returned IRQL %u", new);
	this_cpu_write(raised_from, pending & (BIT(new) - 1));
}

/**
 * KeGetCurrentIrql() - the IRQL of the calling CPU
 *
 * Differs from Windows: the level is what the last raise, lock, ISR or DPC set;
 * Linux' own critical sections do not show.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kegetcurrentirql
 * Return: the current level.
 */
KIRQL KeGetCurrentIrql(void)
{
	return minirq_irql_current();
}
EXPORT_SYMBOL_GPL(KeGetCurrentIrql);

/**
 * KeRaiseIrql() - raise the IRQL of the calling CPU
 * @NewIrql:	level to reach
 * @OldIrql:	where the previous level is stored
 *
 * Differs from Windows: APC_LEVEL forbids preemption, and going below the
 * current level is reported and ignored instead of stopping the machine.
 *
 * Context: IRQL <= @NewIrql.
 * Page: nf-wdm-keraiseirql
 */
VOID KeRaiseIrql(KIRQL NewIrql, PKIRQL OldIrql)
{
	KIRQL old = minirq_irql_current();

	*OldIrql = old;
	if (NewIrql < old || NewIrql > HIGH_LEVEL) {
		minirq_violation(MINIRQ_RULE_RAISE_IRQL, MINIRQ_CALLER,
				 "%s(%u) at IRQL %u", __func__, NewIrql, old);
		return;
	}
	minirq_irql_raise(old, NewIrql);
	if (minirq_verifying())
		note_raise(old);
}
EXPORT_SYMBOL_GPL(KeRaiseIrql);

/**
 * KeRaiseIrqlToDpcLevel() - raise the IRQL of the calling CPU to DISPATCH_LEVEL
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keraiseirqltodpclevel
 * Return: the previous level.
 */
KIRQL KeRaiseIrqlToDpcLevel(void)
{
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	return old;
}
EXPORT_SYMBOL_GPL(KeRaiseIrqlToDpcLevel);

/**
 * KeLowerIrql() - restore the IRQL that a raise returned
 * @NewIrql:	the level that the matching raise returned
 *
 * Differs from Windows: a level above the current one, or below that of the
 * ISR or DPC which calls, is reported and ignored.
 *
 * Context: IRQL >= @NewIrql.
 * Page: nf-wdm-kelowerirql
 */
VOID KeLowerIrql(KIRQL NewIrql)
{
	KIRQL old = minirq_irql_current();

	if (NewIrql > old || NewIrql < context_floor()) {
		minirq_violation(MINIRQ_RULE_LOWER_IRQL, MINIRQ_CALLER,
				 "%s(%u) at IRQL %u", __func__, NewIrql, old);
		return;
	}
	if (minirq_verifying())
		check_lower(NewIrql, MINIRQ_CALLER);
	minirq_irql_lower(old, NewIrql);
}
EXPORT_SYMBOL_GPL(KeLowerIrql);

/**
 * KeStallExecutionProcessor() - wait without giving up the CPU
 * @MicroSeconds:	how long; keep it under 50
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kestallexecutionprocessor
 */
VOID KeStallExecutionProcessor(ULONG MicroSeconds)
{
	/* udelay() is exact only for short waits */
	mdelay(MicroSeconds / USEC_PER_MSEC);
	udelay(MicroSeconds % USEC_PER_MSEC);
}
EXPORT_SYMBOL_GPL(KeStallExecutionProcessor);
