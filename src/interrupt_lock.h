/* SPDX-License-Identifier: GPL-2.0-only */
/* Keeping service routines out. */
#ifndef MINIRQ_INTERRUPT_LOCK_H
#define MINIRQ_INTERRUPT_LOCK_H

#include <wdm.h>

struct minirq_interrupt;

void minirq_interrupt_lock_all(struct minirq_interrupt *intr);
void minirq_interrupt_unlock_all(struct minirq_interrupt *intr);

bool minirq_interrupt_lock_passive(struct _KINTERRUPT *ki, void *caller);
void minirq_interrupt_unlock_passive(struct _KINTERRUPT *ki);
bool minirq_interrupt_in_passive(struct minirq_interrupt *intr);

bool minirq_interrupt_set_enabled(struct _KINTERRUPT *ki, bool enabled);

#endif /* MINIRQ_INTERRUPT_LOCK_H */
