/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeping service routines out. */
#ifndef MINIRQ_INTERRUPT_LOCK_H
#define MINIRQ_INTERRUPT_LOCK_H

#include <wdm.h>

#include "interrupt.h"
#include "irql.h"

void minirq_interrupt_lock_all(struct minirq_interrupt *intr);
void minirq_interrupt_unlock_all(struct minirq_interrupt *intr);
bool minirq_interrupt_locked_all(struct minirq_interrupt *intr);

bool minirq_interrupt_lock_passive(struct _KINTERRUPT *ki, void *caller);
void minirq_interrupt_unlock_passive(struct _KINTERRUPT *ki);
bool minirq_interrupt_in_passive(struct minirq_interrupt *intr);

void minirq_interrupt_raise_refused(struct _KINTERRUPT *ki, KIRQL old,
				    void *caller);
void minirq_interrupt_lower_refused(KIRQL old, void *caller);

/* To the level of a service routine, below which its lock is not taken. */
static __always_inline KIRQL minirq_interrupt_raise(struct _KINTERRUPT *ki,
						    void *caller)
{
	KIRQL old = minirq_irql_current();

	if (likely(old <= ki->irql))
		minirq_irql_raise(old, ki->irql);
	else
		minirq_interrupt_raise_refused(ki, old, caller);
	return old;
}

/*
 * A level that the acquisition cannot have returned is reported, and the CPU
 * stays where it is.
 */
static __always_inline void minirq_interrupt_lower(KIRQL old, void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (unlikely(old > irql || old < minirq_irql_floor()))
		minirq_interrupt_lower_refused(old, caller);
	else
		minirq_irql_lower(irql, old);
}

bool minirq_interrupt_set_enabled(struct _KINTERRUPT *ki, bool enabled);

#endif /* MINIRQ_INTERRUPT_LOCK_H */
