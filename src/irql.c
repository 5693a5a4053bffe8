// SPDX-License-Identifier: GPL-2.0-only
/*
 * The current IRQL of each CPU.
 *
 * Linux has no such number, so each CPU keeps one. It is exact because a
 * raised level pins its thread:
 *
 *	APC_LEVEL		preemption off, unless the thread waits
 *	DISPATCH_LEVEL		softirqs off, and preemption with them
 *	above			and interrupts off
 *
 * An ISR finds its level already enforced by the kernel and only notes it, see
 * minirq_irql_enter(). A DPC need not even do that: where it runs the kernel's
 * own count says that a softirq is being served, and what the CPU noted last is
 * the level of the thread that was interrupted.
 */
#include "irql.h"

#include <linux/bottom_half.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/irqflags.h>
#include <linux/time64.h>

#include "verifier.h"

DEFINE_PER_CPU(KIRQL, minirq_irql);

/*
 * One slot is enough: between the raise above DISPATCH_LEVEL and its lowering
 * this CPU takes no interrupt, so nothing else on it can cross that border.
 */
DEFINE_PER_CPU(unsigned long, minirq_irql_flags);

DEFINE_PER_CPU(KIRQL, minirq_irql_softirq);

/**
 * struct raises - what the verifier knows of this CPU
 * @from:	levels that raises still have to be lowered to, a bit for each
 * @epoch:	when it was noted, see minirq_verifier_epoch
 */
struct raises {
	unsigned long from;
	unsigned int epoch;
};

static DEFINE_PER_CPU(struct raises, raises);

/* Windows' name for the level that its scheduler runs at; not for drivers. */
#define SYNCH_LEVEL	12

/*
 * The levels that the raises before may have come from. While the verifier was
 * off nobody noted them, so it can have been any below this one.
 */
static unsigned long raised_from(KIRQL irql)
{
	unsigned int epoch = READ_ONCE(minirq_verifier_epoch);

	if (this_cpu_read(raises.epoch) != epoch) {
		this_cpu_write(raises.epoch, epoch);
		this_cpu_write(raises.from, BIT(irql) - 1);
	}
	return this_cpu_read(raises.from);
}

/* A raise to the level the CPU is at does nothing, and nor does its lowering. */
static noinline void note_raise(KIRQL old, KIRQL new)
{
	if (old != new)
		this_cpu_write(raises.from, raised_from(old) | BIT(old));
}

static noinline void lower_checked(KIRQL old, KIRQL new, void *caller)
{
	unsigned long pending;

	if (old == new)
		return;
	pending = raised_from(old);
	if (!(pending & BIT(new)))
		minirq_violation(MINIRQ_RULE_LOWER_IRQL, caller,
				 "no raise returned IRQL %u", new);
	this_cpu_write(raises.from, pending & (BIT(new) - 1));
	minirq_irql_lower(old, new);
}

static noinline __cold KIRQL raise_refused(KIRQL old, KIRQL new, void *caller)
{
	minirq_violation(MINIRQ_RULE_RAISE_IRQL, caller,
			 "raise to IRQL %u at IRQL %u", new, old);
	return old;
}

static noinline __cold void lower_refused(KIRQL old, KIRQL new, void *caller)
{
	minirq_violation(MINIRQ_RULE_LOWER_IRQL, caller,
			 "lowered to IRQL %u at IRQL %u", new, old);
}

static __always_inline KIRQL raise(KIRQL new, void *caller)
{
	KIRQL old = minirq_irql_current();

	if (unlikely(new < old || new > HIGH_LEVEL))
		return raise_refused(old, new, caller);
	minirq_irql_raise(old, new);
	if (minirq_verifying())
		note_raise(old, new);
	return old;
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
 * KfRaiseIrql() - raise the IRQL of the calling CPU
 * @NewIrql:	level to reach
 *
 * KeRaiseIrql() is a macro over this.
 *
 * Differs from Windows: APC_LEVEL forbids preemption, and going below the
 * current level is reported and ignored instead of stopping the machine.
 *
 * Context: IRQL <= @NewIrql.
 * Page: nf-wdm-keraiseirql
 * Return: the previous level.
 */
KIRQL KfRaiseIrql(KIRQL NewIrql)
{
	return raise(NewIrql, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KfRaiseIrql);

/**
 * KeRaiseIrqlToDpcLevel() - raise the IRQL of the calling CPU to DISPATCH_LEVEL
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keraiseirqltodpclevel
 * Return: the previous level.
 */
KIRQL KeRaiseIrqlToDpcLevel(void)
{
	return raise(DISPATCH_LEVEL, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeRaiseIrqlToDpcLevel);

/**
 * KeRaiseIrqlToSynchLevel() - raise the IRQL of the calling CPU to SYNCH_LEVEL
 *
 * Differs from Windows: SYNCH_LEVEL is the level of the devices, so it keeps
 * interrupts off.
 *
 * Context: IRQL <= SYNCH_LEVEL, which is 12.
 * Page: none; drivers know it from the headers.
 * Return: the previous level.
 */
KIRQL KeRaiseIrqlToSynchLevel(void)
{
	return raise(SYNCH_LEVEL, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeRaiseIrqlToSynchLevel);

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

	if (unlikely(NewIrql > old || NewIrql < minirq_irql_floor()))
		lower_refused(old, NewIrql, MINIRQ_CALLER);
	else if (minirq_verifying())
		lower_checked(old, NewIrql, MINIRQ_CALLER);
	else
		minirq_irql_lower(old, NewIrql);
}
EXPORT_SYMBOL_GPL(KeLowerIrql);

/**
 * minirq_irql_sleep() - let a thread sleep that may be at APC_LEVEL
 *
 * That level goes with the thread, wherever it wakes. Its CPU is left to others,
 * at PASSIVE_LEVEL.
 *
 * Context: IRQL <= APC_LEVEL.
 * Return: what to hand to minirq_irql_wake().
 */
KIRQL minirq_irql_sleep(void)
{
	KIRQL old = minirq_irql_current();

	if (old == PASSIVE_LEVEL)
		return old;
	if (minirq_verifying())
		this_cpu_write(raises.from, 0);
	minirq_irql_lower(old, PASSIVE_LEVEL);
	return old;
}

/* The thread is at its level again, on whichever CPU it is now. */
void minirq_irql_wake(KIRQL old)
{
	raise(old, MINIRQ_CALLER);
}

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
