/* SPDX-License-Identifier: GPL-2.0-only */
/* The current IRQL of each CPU. */
#ifndef MINIRQ_IRQL_H
#define MINIRQ_IRQL_H

#include <linux/percpu.h>
#include <linux/preempt.h>

#include <wdm.h>

/*
 * Linux masks every device interrupt on a CPU while one of them runs, so one
 * device level is all there is.
 */
#define MINIRQ_DIRQL	12

DECLARE_PER_CPU(KIRQL, minirq_irql);

void minirq_irql_raise(KIRQL old, KIRQL new);
void minirq_irql_lower(KIRQL old, KIRQL new);

static __always_inline KIRQL minirq_irql_current(void)
{
	return this_cpu_read(minirq_irql);
}

/**
 * minirq_irql_enter() - note the IRQL of a context that the kernel has raised
 * @irql:	DIRQL in a hard interrupt, DISPATCH_LEVEL in a softirq
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

#endif /* MINIRQ_IRQL_H */
