/* SPDX-License-Identifier: GPL-2.0-only */
/* Who may take which StorPort lock. */
#ifndef MINIRQ_STORPORT_RULES_H
#define MINIRQ_STORPORT_RULES_H

#include <storport.h>

#include "irql.h"
#include "spinlock.h"
#include "storport.h"
#include "verifier.h"

/**
 * minirq_storport_lock_of() - which lock is meant
 * @adapter:	the adapter
 * @kind:	a kind that there is
 * @context:	what belongs to it
 *
 * Return: the lock; NULL for the interrupt lock, which is many.
 */
static __always_inline PKSPIN_LOCK
minirq_storport_lock_of(struct minirq_stor_adapter *adapter, STOR_SPINLOCK kind,
			void *context)
{
	if (likely(kind == DpcLock || kind == ThreadedDpcLock))
		return &((PSTOR_DPC)context)->Lock;
	if (kind == StartIoLock)
		return &adapter->start_io;
	return kind == DpcLevelLock ? context : NULL;
}

/*
 * The port itself never holds the lock of a DPC, and above DISPATCH_LEVEL is
 * whoever has the interrupt lock: where nobody verifies, and no driver is known to
 * hold it either, that is all to check.
 */
static __always_inline bool minirq_storport_plain_lock(STOR_SPINLOCK kind,
						       void *context)
{
	return !minirq_verifying() && kind == DpcLock && context &&
	       !minirq_irql_above_dispatch() &&
	       !minirq_spinlock_known(&((PSTOR_DPC)context)->Lock);
}

ULONG minirq_storport_check_acquire(struct minirq_stor_adapter *adapter,
				    STOR_SPINLOCK kind, bool ex, void *context,
				    void *caller);
bool minirq_storport_check_release(struct minirq_stor_adapter *adapter,
				   void *caller);

#endif /* MINIRQ_STORPORT_RULES_H */
