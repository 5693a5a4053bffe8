// SPDX-License-Identifier: GPL-2.0-only
/* Who may take which StorPort lock: the table of the documents as data. */
#include "storport_rules.h"

#include <linux/bits.h>

#include "held.h"
#include "interrupt.h"
#include "interrupt_lock.h"
#include "irql.h"
#include "storport.h"
#include "verifier.h"

#define DPC_LOCK	BIT(DpcLock)
#define START_IO_LOCK	BIT(StartIoLock)
#define INTERRUPT_LOCK	BIT(InterruptLock)
#define EVERY_LOCK	(DPC_LOCK | START_IO_LOCK | INTERRUPT_LOCK)

/**
 * struct entitlement - what a routine has, and may have
 * @held:	locks that the port holds around it
 * @may:	locks that it may take
 * @half_duplex: in half duplex the port holds the interrupt lock too, and the
 *		routine may take none
 */
struct entitlement {
	u8 held;
	u8 may;
	bool half_duplex;
};

/* The order among them is DPC or StartIo lock first, interrupt lock last. */
static const struct entitlement entitlements[] = {
	[MINIRQ_STOR_ROUTINE_OTHER] = { 0, EVERY_LOCK },
	[MINIRQ_STOR_ROUTINE_FIND_ADAPTER] = { 0, 0 },
	[MINIRQ_STOR_ROUTINE_INITIALIZE] = { INTERRUPT_LOCK, 0 },
	[MINIRQ_STOR_ROUTINE_PASSIVE_INITIALIZE] = { 0, 0 },
	[MINIRQ_STOR_ROUTINE_ISR] = { INTERRUPT_LOCK, 0 },
	[MINIRQ_STOR_ROUTINE_BUILD_IO] = { 0, EVERY_LOCK },
	[MINIRQ_STOR_ROUTINE_START_IO] = { START_IO_LOCK,
					   DPC_LOCK | INTERRUPT_LOCK, true },
	[MINIRQ_STOR_ROUTINE_TIMER] = { START_IO_LOCK, INTERRUPT_LOCK, true },
	[MINIRQ_STOR_ROUTINE_RESET_BUS] = { START_IO_LOCK, INTERRUPT_LOCK,
					    true },
	[MINIRQ_STOR_ROUTINE_CONTROL] = { 0, EVERY_LOCK },
	[MINIRQ_STOR_ROUTINE_CONTROL_LOCKED] = { INTERRUPT_LOCK, 0 },
	[MINIRQ_STOR_ROUTINE_SYNCHRONIZED] = { INTERRUPT_LOCK, 0 },
};

static_assert(ARRAY_SIZE(entitlements) == MINIRQ_STOR_ROUTINE_COUNT);

/* The row of a routine, as the adapter's duplex and channels change it. */
static struct entitlement entitlement_of(struct minirq_stor_adapter *adapter,
					 enum minirq_stor_routine routine)
{
	struct entitlement row = entitlements[routine];

	if (row.half_duplex && adapter->half_duplex) {
		row.held |= INTERRUPT_LOCK;
		row.may = 0;
	} else if (routine == MINIRQ_STOR_ROUTINE_START_IO &&
		   adapter->perf.channels > 1) {
		row.held = 0;
		row.may = EVERY_LOCK;
	}
	return row;
}

/* Would taking the interrupt lock wait for this very CPU? */
static bool holds_interrupt_lock(struct minirq_stor_adapter *adapter)
{
	struct minirq_interrupt *intr = adapter->intr;
	unsigned int id;

	if (!intr)
		return false;
	if (minirq_spinlock_owned(&intr->all) ||
	    minirq_spinlock_owned(intr->each[0].lock))
		return true;
	for (id = 1; id < intr->count; id++)
		if (minirq_spinlock_owned(intr->each[id].lock))
			return true;
	return false;
}

static bool kind_exists(STOR_SPINLOCK kind, bool ex)
{
	return kind >= DpcLock && kind <= (ex ? DpcLevelLock : InterruptLock);
}

static bool needs_context(STOR_SPINLOCK kind)
{
	return kind == DpcLock || kind == ThreadedDpcLock ||
	       kind == DpcLevelLock;
}

static bool irql_suits(STOR_SPINLOCK kind, KIRQL irql)
{
	if (kind == InterruptLock)
		return true;
	return kind == DpcLevelLock ? irql == DISPATCH_LEVEL :
				      irql <= DISPATCH_LEVEL;
}

/* Every lock of a driver's own, of a DPC or not, has the place of DpcLock. */
static u8 place_of(STOR_SPINLOCK kind)
{
	return kind == StartIoLock || kind == InterruptLock ? BIT(kind) :
							      DPC_LOCK;
}

/* Does this CPU hold that very lock? Who takes one here is always known. */
static bool holds(struct minirq_stor_adapter *adapter, STOR_SPINLOCK kind,
		  void *context)
{
	return kind != InterruptLock &&
	       minirq_spinlock_owned(minirq_storport_lock_of(adapter, kind,
							     context));
}

/* This acquisition would wait for ever: it is refused, and reported. */
static bool would_hang(struct minirq_stor_adapter *adapter, STOR_SPINLOCK kind,
		       u8 held, void *caller)
{
	if (!(held & place_of(kind)))
		return false;
	minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
			 "%s: lock %d is held", adapter->name, kind);
	return true;
}

/* It breaks a rule, but nobody waits for it now: it is only reported. */
static void check_order(struct minirq_stor_adapter *adapter,
			STOR_SPINLOCK kind, u8 may, void *caller)
{
	if (!(may & place_of(kind)))
		minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
				 "%s: lock %d is not for this routine",
				 adapter->name, kind);
	else if (kind == StartIoLock &&
		 (minirq_held_any(adapter, DpcLock) ||
		  minirq_held_any(adapter, ThreadedDpcLock)))
		minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK3, caller,
				 "%s: StartIoLock after DpcLock",
				 adapter->name);
}

/**
 * minirq_storport_check_acquire() - may a driver take this lock here?
 * @adapter:	the adapter
 * @kind:	which lock
 * @ex:		by the call that knows every kind
 * @context:	what belongs to the lock
 * @caller:	place in the driver
 *
 * What breaks a rule is reported.
 *
 * Return: STOR_STATUS_SUCCESS when it may be taken without waiting for ever, and
 * otherwise what StorPortAcquireSpinLockEx() returns.
 */
ULONG minirq_storport_check_acquire(struct minirq_stor_adapter *adapter,
				    STOR_SPINLOCK kind, bool ex, void *context,
				    void *caller)
{
	struct entitlement row;

	if (!kind_exists(kind, ex) || (needs_context(kind) && !context)) {
		minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
				 "%s: there is no lock %d%s", adapter->name,
				 kind, context ? "" : " without a context");
		return STOR_STATUS_INVALID_PARAMETER;
	}
	row = entitlement_of(adapter, minirq_storport_routine(adapter));
	if (holds_interrupt_lock(adapter))
		row.held |= INTERRUPT_LOCK;
	if (kind != InterruptLock && (row.held & INTERRUPT_LOCK ||
				      minirq_irql_current() > DISPATCH_LEVEL)) {
		minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK3, caller,
				 "%s: lock %d after the interrupt lock",
				 adapter->name, kind);
		return STOR_STATUS_INVALID_IRQL;
	}
	if (!irql_suits(kind, minirq_irql_current()))
		return STOR_STATUS_INVALID_IRQL;
	if (holds(adapter, kind, context))
		row.held |= place_of(kind);
	if (would_hang(adapter, kind, row.held, caller))
		return STOR_STATUS_INVALID_DEVICE_REQUEST;
	if (minirq_verifying())
		check_order(adapter, kind, row.may, caller);
	return STOR_STATUS_SUCCESS;
}

/* In a routine around which the port holds the interrupt lock, that is the port's. */
static bool driver_has_interrupt_lock(struct minirq_stor_adapter *adapter)
{
	struct entitlement row =
		entitlement_of(adapter, minirq_storport_routine(adapter));

	if (row.held & INTERRUPT_LOCK)
		return false;
	return !adapter->intr || minirq_interrupt_locked_all(adapter->intr);
}

/**
 * minirq_storport_check_release() - may a driver release the interrupt lock here?
 * @adapter:	the adapter
 * @caller:	place in the driver
 *
 * A handle tells that somebody has acquired it. That may have been on another CPU,
 * and the port releases what a routine has left.
 *
 * Return: true; false when it is not the caller's, which is reported.
 */
bool minirq_storport_check_release(struct minirq_stor_adapter *adapter,
				   void *caller)
{
	if (driver_has_interrupt_lock(adapter))
		return true;
	minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
			 "%s: the interrupt lock is not held by this CPU",
			 adapter->name);
	return false;
}
