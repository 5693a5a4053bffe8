// SPDX-License-Identifier: GPL-2.0-only
/*
 * Executive spin locks: KSPIN_LOCK over raw_spinlock_t.
 *
 * The kernel's own lock serves both the ordinary and the in-stack queued forms:
 * it is a queued, first come first served lock already.
 */
#include "spinlock.h"

#include <linux/export.h>
#include <linux/lockdep.h>

static_assert(sizeof(struct __minirq_lock_key) >=
	      sizeof(struct lock_class_key));

/**
 * __minirq_init_spin_lock() - what the KeInitializeSpinLock() macro calls
 * @SpinLock:	the lock
 * @Key:	static storage at the place of the call, a lockdep class of its own
 * @Name:	what lockdep prints
 *
 * Context: IRQL: any.
 */
VOID __minirq_init_spin_lock(PKSPIN_LOCK SpinLock,
			     struct __minirq_lock_key *Key, PCSTR Name)
{
	struct minirq_spinlock *lock = minirq_spinlock(SpinLock);

	raw_spin_lock_init(&lock->raw);
	lockdep_set_class_and_name(&lock->raw, (struct lock_class_key *)Key,
				   Name);
	lock->watched = 0;
}
EXPORT_SYMBOL_GPL(__minirq_init_spin_lock);

#undef KeInitializeSpinLock
/**
 * KeInitializeSpinLock() - make a spin lock free
 * @SpinLock:	resident storage of the driver
 *
 * Calls by name reach a macro that gives each place its own lockdep class;
 * this function serves those who take its address.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-keinitializespinlock
 */
VOID KeInitializeSpinLock(PKSPIN_LOCK SpinLock)
{
	minirq_spinlock_init(SpinLock);
}
EXPORT_SYMBOL_GPL(KeInitializeSpinLock);

/* An ISR or a DPC has returned with a lock; who called it restores the level. */
static void left(const struct minirq_held *held, void *routine)
{
	minirq_violation(MINIRQ_RULE_SPIN_LOCK, routine,
			 "routine returned with spin lock %p", held->key);
	minirq_spinlock_release(held->key);
}

/* Only what its release finds: the verifier may have been switched on since. */
static void note(PKSPIN_LOCK lock)
{
	struct minirq_held held = { .key = lock, .left = left };

	if (minirq_spinlock_owned(lock))
		minirq_held_note(&held);
}

/*
 * What a driver's acquisition comes to while the verifier is on. A lock that
 * this CPU holds already would spin for ever, so that is made a no-op, and its
 * release too.
 */
noinline void minirq_spinlock_take_checked(PKSPIN_LOCK lock, void *caller)
{
	if (!minirq_spinlock_owned(lock)) {
		minirq_spinlock_acquire(lock);
		note(lock);
		return;
	}
	minirq_violation(MINIRQ_RULE_SPIN_LOCK, caller,
			 "spin lock %p is already held by this CPU", lock);
	minirq_spinlock(lock)->refused++;
}

/* It may have been taken before the verifier was switched on. */
static bool held_by_unknown(PKSPIN_LOCK lock)
{
	return !READ_ONCE(minirq_spinlock(lock)->owner) &&
	       raw_spin_is_locked(&minirq_spinlock(lock)->raw);
}

static void report_not_held(PKSPIN_LOCK lock, void *caller)
{
	minirq_violation(MINIRQ_RULE_SPIN_LOCK_RELEASE, caller,
			 "spin lock %p is not held by this CPU", lock);
}

static void drop_noted(PKSPIN_LOCK lock)
{
	minirq_held_forget(lock);
	minirq_spinlock_release(lock);
}

/*
 * What a driver's release comes to while the verifier is on, or was when the
 * lock was taken.
 */
noinline void minirq_spinlock_drop_checked(PKSPIN_LOCK lock, void *caller)
{
	if (held_by_unknown(lock))
		minirq_spinlock_release(lock);
	else if (!minirq_spinlock_owned(lock))
		report_not_held(lock, caller);
	else if (minirq_spinlock(lock)->refused)
		minirq_spinlock(lock)->refused--;
	else
		drop_noted(lock);
}

/* The same where the holder is always known: nobody may hold it unknown. */
noinline void minirq_spinlock_drop_known_checked(PKSPIN_LOCK lock, void *caller)
{
	if (minirq_spinlock_known(lock))
		minirq_spinlock_drop_checked(lock, caller);
	else
		report_not_held(lock, caller);
}

static noinline void take_raised_checked(PKSPIN_LOCK lock, KIRQL old,
					 void *caller)
{
	minirq_spinlock_take_checked(lock, caller);
	if (!minirq_spinlock(lock)->refused)
		minirq_spinlock(lock)->from = old + 1;
}

/*
 * A level that another acquisition has returned is reported, and restored: who
 * goes from lock to lock hand over hand may mean it.
 */
static noinline void drop_raised_checked(PKSPIN_LOCK lock, KIRQL irql,
					 void *caller)
{
	u8 from = READ_ONCE(minirq_spinlock(lock)->from);
	bool legal = irql <= DISPATCH_LEVEL && irql >= minirq_irql_floor();

	if (from && legal && irql != from - 1 && minirq_spinlock_owned(lock) &&
	    !minirq_spinlock(lock)->refused)
		minirq_violation(MINIRQ_RULE_RELEASE_SPIN_LOCK, caller,
				 "IRQL %u restored, the acquisition returned %u",
				 irql, from - 1);
	minirq_spinlock_drop_checked(lock, caller);
}

/* What raised the level is released by restoring it, and the verifier compares. */
static __always_inline void take_raised(PKSPIN_LOCK lock, KIRQL old,
					void *caller)
{
	if (minirq_verifying())
		take_raised_checked(lock, old, caller);
	else
		minirq_spinlock_take_unwatched(lock);
}

static __always_inline void drop_raised(PKSPIN_LOCK lock, KIRQL irql,
					void *caller)
{
	if (minirq_spinlock_watched(lock))
		drop_raised_checked(lock, irql, caller);
	else
		minirq_spinlock_drop_unwatched(lock);
}

static noinline __cold void raise_refused(KIRQL old, void *caller)
{
	minirq_violation(MINIRQ_RULE_IRQL_DISPATCH_LTE, caller,
			 "spin lock acquired at IRQL %u", old);
}

static __always_inline KIRQL raise_to_dispatch(void *caller)
{
	KIRQL old = minirq_irql_current();

	if (unlikely(old > DISPATCH_LEVEL))
		raise_refused(old, caller);
	else
		minirq_irql_raise(old, DISPATCH_LEVEL);
	return old;
}

/* Such a level is not restored. */
noinline __cold void minirq_spinlock_restore_refused(KIRQL old, KIRQL irql,
						     void *caller)
{
	if (old != DISPATCH_LEVEL)
		minirq_violation(MINIRQ_RULE_RELEASE_SPIN_LOCK, caller,
				 "spin lock released at IRQL %u", old);
	else
		minirq_violation(MINIRQ_RULE_RELEASE_SPIN_LOCK, caller,
				 "IRQL %u is not what the acquisition returned",
				 irql);
}

static noinline void check_dispatch(void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql != DISPATCH_LEVEL)
		minirq_violation(MINIRQ_RULE_IRQL_DISPATCH, caller,
				 "called at IRQL %u, wants DISPATCH_LEVEL",
				 irql);
}

static __always_inline void check_at_dpc_level(void *caller)
{
	if (minirq_verifying())
		check_dispatch(caller);
}

/* The queued forms are allowed above, too. */
static noinline void check_least_dispatch(void *caller)
{
	if (minirq_irql_current() < DISPATCH_LEVEL)
		check_dispatch(caller);
}

/**
 * KeAcquireSpinLockRaiseToDpc() - raise to DISPATCH_LEVEL and take a lock
 * @SpinLock:	an initialised lock
 *
 * KeAcquireSpinLock() and KfAcquireSpinLock() are macros over this.
 *
 * Differs from Windows: above DISPATCH_LEVEL the call is reported and leaves
 * the level alone; taking a lock this CPU holds is reported, and ignored, when
 * the verifier is on.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keacquirespinlockraisetodpc
 * Return: the previous level.
 */
KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
{
	KIRQL old = raise_to_dispatch(MINIRQ_CALLER);

	take_raised(SpinLock, old, MINIRQ_CALLER);
	return old;
}
EXPORT_SYMBOL_GPL(KeAcquireSpinLockRaiseToDpc);

/**
 * KeReleaseSpinLock() - release a lock and restore the level
 * @SpinLock:	a lock that this CPU holds
 * @NewIrql:	what the acquisition returned; another level is reported when the
 *		verifier is on
 *
 * Context: IRQL = DISPATCH_LEVEL.
 * Page: nf-wdm-kereleasespinlock
 */
VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
	drop_raised(SpinLock, NewIrql, MINIRQ_CALLER);
	minirq_spinlock_restore(NewIrql, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseSpinLock);

/**
 * KeAcquireSpinLockAtDpcLevel() - take a lock, the level is high enough
 * @SpinLock:	an initialised lock
 *
 * Context: IRQL = DISPATCH_LEVEL; above it works and is reported.
 * Page: nf-wdm-keacquirespinlockatdpclevel
 */
VOID KeAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_at_dpc_level(MINIRQ_CALLER);
	minirq_spinlock_take(SpinLock, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeAcquireSpinLockAtDpcLevel);

/**
 * KeReleaseSpinLockFromDpcLevel() - release a lock, the level stays
 * @SpinLock:	a lock taken at DISPATCH_LEVEL
 *
 * Context: IRQL = DISPATCH_LEVEL; above it works and is reported.
 * Page: nf-wdm-kereleasespinlockfromdpclevel
 */
VOID KeReleaseSpinLockFromDpcLevel(PKSPIN_LOCK SpinLock)
{
	check_at_dpc_level(MINIRQ_CALLER);
	minirq_spinlock_drop(SpinLock, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseSpinLockFromDpcLevel);

/**
 * KeTryToAcquireSpinLockAtDpcLevel() - take a lock if it is free
 * @SpinLock:	an initialised lock
 *
 * Either release function may end it.
 *
 * Context: IRQL = DISPATCH_LEVEL.
 * Page: nf-wdm-ketrytoacquirespinlockatdpclevel
 * Return: TRUE when the lock is now held, FALSE when somebody else holds it.
 */
BOOLEAN KeTryToAcquireSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock)
{
	bool taken;

	check_at_dpc_level(MINIRQ_CALLER);
	taken = minirq_spinlock_try(SpinLock);
	if (taken && minirq_verifying())
		note(SpinLock);
	return taken;
}
EXPORT_SYMBOL_GPL(KeTryToAcquireSpinLockAtDpcLevel);

/**
 * KeTestSpinLock() - is a lock free?
 * @SpinLock:	an initialised lock
 *
 * Context: IRQL: any.
 * Page: nf-wdm-ketestspinlock
 * Return: TRUE when it was free; a hint only.
 */
BOOLEAN KeTestSpinLock(PKSPIN_LOCK SpinLock)
{
	return !raw_spin_is_locked(&minirq_spinlock(SpinLock)->raw);
}
EXPORT_SYMBOL_GPL(KeTestSpinLock);

/**
 * KeAcquireSpinLockForDpc() - take a lock in an ordinary or a threaded DPC
 * @SpinLock:	an initialised lock
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keacquirespinlockfordpc
 * Return: the previous level; it changes only in a threaded DPC.
 */
KIRQL KeAcquireSpinLockForDpc(PKSPIN_LOCK SpinLock)
{
	KIRQL old = raise_to_dispatch(MINIRQ_CALLER);

	minirq_spinlock_take(SpinLock, MINIRQ_CALLER);
	return old;
}
EXPORT_SYMBOL_GPL(KeAcquireSpinLockForDpc);

/**
 * KeReleaseSpinLockForDpc() - undo KeAcquireSpinLockForDpc()
 * @SpinLock:	a lock that this CPU holds
 * @OldIrql:	what the acquisition returned
 *
 * Context: IRQL = DISPATCH_LEVEL.
 * Page: nf-wdm-kereleasespinlockfordpc
 */
VOID KeReleaseSpinLockForDpc(PKSPIN_LOCK SpinLock, KIRQL OldIrql)
{
	minirq_spinlock_drop(SpinLock, MINIRQ_CALLER);
	minirq_spinlock_restore(OldIrql, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseSpinLockForDpc);

/**
 * KeAcquireInStackQueuedSpinLock() - raise to DISPATCH_LEVEL and queue for a lock
 * @SpinLock:	an initialised lock
 * @LockHandle:	storage for this one acquisition
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keacquireinstackqueuedspinlock
 */
VOID KeAcquireInStackQueuedSpinLock(PKSPIN_LOCK SpinLock,
				    PKLOCK_QUEUE_HANDLE LockHandle)
{
	LockHandle->LockQueue.Lock = SpinLock;
	LockHandle->OldIrql = raise_to_dispatch(MINIRQ_CALLER);
	minirq_spinlock_take(SpinLock, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeAcquireInStackQueuedSpinLock);

/**
 * KeReleaseInStackQueuedSpinLock() - release a queued lock and restore the level
 * @LockHandle:	what the acquisition filled
 *
 * Context: IRQL = DISPATCH_LEVEL.
 * Page: nf-wdm-kereleaseinstackqueuedspinlock
 */
VOID KeReleaseInStackQueuedSpinLock(PKLOCK_QUEUE_HANDLE LockHandle)
{
	minirq_spinlock_drop(LockHandle->LockQueue.Lock, MINIRQ_CALLER);
	minirq_spinlock_restore(LockHandle->OldIrql, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseInStackQueuedSpinLock);

/**
 * KeAcquireInStackQueuedSpinLockAtDpcLevel() - queue for a lock, the level stays
 * @SpinLock:	an initialised lock
 * @LockHandle:	storage for this one acquisition
 *
 * Context: IRQL >= DISPATCH_LEVEL.
 * Page: nf-wdm-keacquireinstackqueuedspinlockatdpclevel
 */
VOID KeAcquireInStackQueuedSpinLockAtDpcLevel(PKSPIN_LOCK SpinLock,
					      PKLOCK_QUEUE_HANDLE LockHandle)
{
	if (minirq_verifying())
		check_least_dispatch(MINIRQ_CALLER);
	LockHandle->LockQueue.Lock = SpinLock;
	minirq_spinlock_take(SpinLock, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeAcquireInStackQueuedSpinLockAtDpcLevel);

/**
 * KeReleaseInStackQueuedSpinLockFromDpcLevel() - release a queued lock, the level stays
 * @LockHandle:	what the acquisition filled
 *
 * Context: IRQL: as the acquisition left it.
 * Page: nf-wdm-kereleaseinstackqueuedspinlockfromdpclevel
 */
VOID KeReleaseInStackQueuedSpinLockFromDpcLevel(PKLOCK_QUEUE_HANDLE LockHandle)
{
	if (minirq_verifying())
		check_least_dispatch(MINIRQ_CALLER);
	minirq_spinlock_drop(LockHandle->LockQueue.Lock, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseInStackQueuedSpinLockFromDpcLevel);

/**
 * KeAcquireInStackQueuedSpinLockForDpc() - queue for a lock in any kind of DPC
 * @SpinLock:	an initialised lock
 * @LockHandle:	storage for this one acquisition
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-keacquireinstackqueuedspinlockfordpc
 */
VOID KeAcquireInStackQueuedSpinLockForDpc(PKSPIN_LOCK SpinLock,
					  PKLOCK_QUEUE_HANDLE LockHandle)
{
	LockHandle->LockQueue.Lock = SpinLock;
	LockHandle->OldIrql = raise_to_dispatch(MINIRQ_CALLER);
	minirq_spinlock_take(SpinLock, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeAcquireInStackQueuedSpinLockForDpc);

/**
 * KeReleaseInStackQueuedSpinLockForDpc() - undo KeAcquireInStackQueuedSpinLockForDpc()
 * @LockHandle:	what the acquisition filled
 *
 * Context: IRQL = DISPATCH_LEVEL.
 * Page: nf-wdm-kereleaseinstackqueuedspinlockfordpc
 */
VOID KeReleaseInStackQueuedSpinLockForDpc(PKLOCK_QUEUE_HANDLE LockHandle)
{
	minirq_spinlock_drop(LockHandle->LockQueue.Lock, MINIRQ_CALLER);
	minirq_spinlock_restore(LockHandle->OldIrql, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseInStackQueuedSpinLockForDpc);
