/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may take which StorPort lock. */
#ifndef MINIRQ_STORPORT_RULES_H
#define MINIRQ_STORPORT_RULES_H

#include <storport.h>

struct minirq_stor_adapter;

PKSPIN_LOCK minirq_storport_lock_of(struct minirq_stor_adapter *adapter,
				    STOR_SPINLOCK kind, void *context);
ULONG minirq_storport_check_acquire(struct minirq_stor_adapter *adapter,
				    STOR_SPINLOCK kind, bool ex, void *context,
				    void *caller);

#endif /* MINIRQ_STORPORT_RULES_H */
