/* SPDX-License-Identifier: GPL-2.0-only */
/* The current IRQL of each CPU. */
#ifndef MINIRQ_IRQL_H
#define MINIRQ_IRQL_H

#include <linux/bottom_half.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/percpu.h>
#include <linux/preempt.h>

#include <wdm.h>

/*
 * Linux masks every device interrupt on a CPU while one of them runs, so one
 * device level is all there is.
 */
#define MINIRQ_DIRQL	12

DECLARE_PER_CPU(KIRQL, minirq_irql);

DECLARE_PER_CPU(unsigned long, minirq_irql_flags);

/* What a raise in a softirq found noted, to be put back by its lowering. */
DECLARE_PER_CPU(KIRQL, minirq_irql_softirq);

/* A softirq is at DISPATCH_LEVEL without anybody noting it. */
static __always_inline KIRQL minirq_irql_current(void)
{
	KIRQL irql = this_cpu_read(minirq_irql);

	if (in_serving_softirq() && irql < DISPATCH_LEVEL)
		return DISPATCH_LEVEL;
	return irql;
}

/*
 * What was noted last, which is below the level of a softirq. From DISPATCH_LEVEL
 * on this CPU is pinned, and above it interrupts are off.
 */
static __always_inline KIRQL minirq_irql_noted(void)
{
	return this_cpu_read(minirq_irql);
}

static __always_inline bool minirq_irql_above_dispatch(void)
{
	return minirq_irql_noted() > DISPATCH_LEVEL;
}

/**
 * minirq_irql_enter() - note the IRQL of a hard interrupt
 * @irql:	its level
 *
 * Return: what to hand to minirq_irql_leave().
 */
static __always_inline KIRQL minirq_irql_enter(KIRQL irql)
{
	KIRQL old = this_cpu_read(minirq_irql);

	this_cpu_write(minirq_irql, irql);
	return old;
}

static __always_inline void minirq_irql_leave(KIRQL old)
{
	this_cpu_write(minirq_irql, old);
}

/* Softirqs that are off hold preemption off too, but not on PREEMPT_RT. */
static __always_inline bool minirq_irql_pins(KIRQL irql)
{
	if (IS_ENABLED(CONFIG_PREEMPT_RT))
		return irql >= APC_LEVEL;
	return irql == APC_LEVEL;
}

/**
 * minirq_irql_raise() - raise this CPU from one level to another
 * @old:	current level
 * @new:	level to reach, not below @old
 *
 * Softirqs are stopped before preemption because on PREEMPT_RT stopping them
 * may sleep.
 */
static __always_inline void minirq_irql_raise(KIRQL old, KIRQL new)
{
	unsigned long flags;

	if (old < DISPATCH_LEVEL && new >= DISPATCH_LEVEL)
		local_bh_disable();
	if (!minirq_irql_pins(old) && minirq_irql_pins(new))
		preempt_disable();
	if (minirq_irql_pins(old) && !minirq_irql_pins(new))
		preempt_enable();
	if (old <= DISPATCH_LEVEL && new > DISPATCH_LEVEL) {
		local_irq_save(flags);
		this_cpu_write(minirq_irql_flags, flags);
		this_cpu_write(minirq_irql_softirq,
			       this_cpu_read(minirq_irql));
	}
	if (new != old)
		this_cpu_write(minirq_irql, new);
}

/**
 * minirq_irql_lower() - undo minirq_irql_raise()
 * @old:	current level
 * @new:	level to return to, not above @old
 *
 * The level is written while the thread is still pinned. DPCs that became due
 * meanwhile run in here, when softirqs are let in again.
 */
static __always_inline void minirq_irql_lower(KIRQL old, KIRQL new)
{
	if (old > DISPATCH_LEVEL && new == DISPATCH_LEVEL &&
	    in_serving_softirq())
		this_cpu_write(minirq_irql, this_cpu_read(minirq_irql_softirq));
	else if (new != old)
		this_cpu_write(minirq_irql, new);
	if (old > DISPATCH_LEVEL && new <= DISPATCH_LEVEL)
		local_irq_restore(this_cpu_read(minirq_irql_flags));
	if (!minirq_irql_pins(old) && minirq_irql_pins(new))
		preempt_disable();
	if (minirq_irql_pins(old) && !minirq_irql_pins(new))
		preempt_enable();
	if (old >= DISPATCH_LEVEL && new < DISPATCH_LEVEL)
		local_bh_enable();
}

KIRQL minirq_irql_sleep(void);
void minirq_irql_wake(KIRQL old);

/* The level that the kernel itself holds: no driver may go below it. */
static __always_inline KIRQL minirq_irql_floor(void)
{
	if (in_hardirq())
		return DISPATCH_LEVEL + 1;
	return in_serving_softirq() ? DISPATCH_LEVEL : PASSIVE_LEVEL;
}

#endif /* MINIRQ_IRQL_H */
