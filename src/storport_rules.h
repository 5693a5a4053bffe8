/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may take which StorPort lock. */
#ifndef MINIRQ_STORPORT_RULES_H
#define MINIRQ_STORPORT_RULES_H

#include <storport.h>

struct minirq_stor_adapter;

/**
 * struct minirq_stor_held - a lock that a driver has taken
 * @adapter:	whose
 * @kind:	which
 * @lock:	NULL for the interrupt lock
 * @old:	the level before
 * @handle:	the driver's
 */
struct minirq_stor_held {
	struct minirq_stor_adapter *adapter;
	STOR_SPINLOCK kind;
	PKSPIN_LOCK lock;
	KIRQL old;
	PSTOR_LOCK_HANDLE handle;
};

PKSPIN_LOCK minirq_storport_lock_of(struct minirq_stor_adapter *adapter,
				    STOR_SPINLOCK kind, void *context);
ULONG minirq_storport_check_acquire(struct minirq_stor_adapter *adapter,
				    STOR_SPINLOCK kind, bool ex, void *context,
				    void *caller);
unsigned int minirq_storport_locks_held(void);
void minirq_storport_note_lock(const struct minirq_stor_held *held);
void minirq_storport_forget_lock(PSTOR_LOCK_HANDLE handle);
struct minirq_stor_held minirq_storport_last_lock(void);

#endif /* MINIRQ_STORPORT_RULES_H */
