// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort spin locks: the DPC lock of a STOR_DPC, the StartIo lock of an
 * adapter, and the interrupt lock, which is the lock of every message.
 */
#include "storport_lock.h"

#include <linux/export.h>

#include "held.h"
#include "interrupt.h"
#include "interrupt_lock.h"
#include "storport.h"
#include "storport_call.h"
#include "storport_rules.h"
#include "verifier.h"

/**
 * minirq_storport_lock_interrupt() - keep every ISR of an adapter out
 * @adapter:	the adapter; one that is not connected has none
 *
 * Return: the previous level.
 */
KIRQL minirq_storport_lock_interrupt(struct minirq_stor_adapter *adapter)
{
	KIRQL old = minirq_irql_current();

	minirq_irql_raise(old, MINIRQ_DIRQL);
	if (adapter->intr)
		minirq_interrupt_lock_all(adapter->intr);
	return old;
}

/* Undo minirq_storport_lock_interrupt(). */
void minirq_storport_unlock_interrupt(struct minirq_stor_adapter *adapter,
				      KIRQL old)
{
	if (adapter->intr)
		minirq_interrupt_unlock_all(adapter->intr);
	minirq_irql_lower(MINIRQ_DIRQL, old);
}

/*
 * A driver may scribble on Context.OldIrql, so the level is kept in the part of
 * the handle that no driver has a name for, mixed with the handle's address:
 * what has never been acquired then shows no level that exists.
 */
static void set_old_irql(PSTOR_LOCK_HANDLE handle, KIRQL irql)
{
	handle->Context.LockQueue.Next = (PVOID)((ULONG_PTR)handle ^ irql);
}

static ULONG_PTR old_irql(PSTOR_LOCK_HANDLE handle)
{
	return (ULONG_PTR)handle ^ (ULONG_PTR)handle->Context.LockQueue.Next;
}

/* The level has been checked. That of a DPC is on every driver's path. */
static __always_inline KIRQL lock(struct minirq_stor_adapter *adapter,
				  STOR_SPINLOCK kind, PKSPIN_LOCK lock,
				  void *caller)
{
	KIRQL old;

	if (unlikely(kind == InterruptLock))
		return minirq_storport_lock_interrupt(adapter);
	old = minirq_irql_current();
	minirq_irql_raise(old, DISPATCH_LEVEL);
	minirq_spinlock_take_known(lock, caller);
	return old;
}

static __always_inline void unlock(struct minirq_stor_adapter *adapter,
				   STOR_SPINLOCK kind, PKSPIN_LOCK lock,
				   KIRQL old, void *caller)
{
	if (unlikely(kind == InterruptLock))
		return minirq_storport_unlock_interrupt(adapter, old);
	minirq_spinlock_drop_known(lock, caller);
	minirq_spinlock_restore(old, caller);
}

/* A routine has returned with a lock. */
static void left(const struct minirq_held *held, void *routine)
{
	struct minirq_stor_adapter *adapter = held->owner;

	minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, routine,
			 "%s: routine returned with lock %d", adapter->name,
			 held->kind);
	unlock(adapter, held->kind, held->lock, held->old, routine);
}

static noinline void note(struct minirq_stor_adapter *adapter,
			  STOR_SPINLOCK kind, PKSPIN_LOCK lock, KIRQL old,
			  PSTOR_LOCK_HANDLE handle)
{
	struct minirq_held held = {
		.key = handle,
		.left = left,
		.owner = adapter,
		.kind = kind,
		.lock = lock,
		.old = old,
	};

	minirq_held_note(&held);
}

static __always_inline ULONG
acquire(struct minirq_stor_adapter *adapter, STOR_SPINLOCK kind, bool ex,
	PVOID context, PSTOR_LOCK_HANDLE handle, void *caller)
{
	PKSPIN_LOCK of_kind;
	ULONG status;
	KIRQL old;

	handle->Lock = InvalidLock;
	if (unlikely(!minirq_storport_plain_lock(kind, context))) {
		status = minirq_storport_check_acquire(adapter, kind, ex,
						       context, caller);
		if (status != STOR_STATUS_SUCCESS)
			return status;
	}
	of_kind = minirq_storport_lock_of(adapter, kind, context);
	old = lock(adapter, kind, of_kind, caller);
	handle->Lock = kind;
	handle->Context.LockQueue.Lock = of_kind;
	set_old_irql(handle, old);
	if (minirq_verifying())
		note(adapter, kind, of_kind, old, handle);
	return STOR_STATUS_SUCCESS;
}

/**
 * StorPortAcquireSpinLock() - take the DPC, StartIo or interrupt lock
 * @DeviceExtension:	the adapter
 * @SpinLock:		which kind
 * @LockContext:	the STOR_DPC for DpcLock
 * @LockHandle:		storage for this one acquisition
 *
 * InterruptLock keeps every ISR of the adapter out, taking the lock of each
 * message by ascending id under InterruptSynchronizePerMessage.
 *
 * Context: IRQL <= DISPATCH_LEVEL for DpcLock and StartIoLock, <= DIRQL for
 * InterruptLock. The wrong order, an interrupt lock that is held already, and
 * other kinds are reported; the handle is then empty and nothing is held.
 * Page: nf-storport-storportacquirespinlock
 */
VOID StorPortAcquireSpinLock(PVOID DeviceExtension, STOR_SPINLOCK SpinLock,
			     PVOID LockContext, PSTOR_LOCK_HANDLE LockHandle)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(DeviceExtension);

	if (!LockHandle)
		return;
	if (adapter)
		acquire(adapter, SpinLock, false, LockContext, LockHandle,
			MINIRQ_CALLER);
	else
		LockHandle->Lock = InvalidLock;
}
EXPORT_SYMBOL_GPL(StorPortAcquireSpinLock);

/**
 * StorPortAcquireSpinLockEx() - take a lock of any kind
 * @DeviceExtension:	the adapter
 * @SpinLock:		which kind
 * @LockContext:	the STOR_DPC for DpcLock and ThreadedDpcLock, the
 *			STOR_KSPIN_LOCK for DpcLevelLock
 * @LockHandle:		storage for this one acquisition; empty after an error
 *
 * Context: as StorPortAcquireSpinLock(); DpcLevelLock at DISPATCH_LEVEL.
 * Page: nf-storport-storportacquirespinlockex
 * Return:
 * * STOR_STATUS_SUCCESS
 * * STOR_STATUS_INVALID_PARAMETER - a NULL pointer, or no such lock
 * * STOR_STATUS_INVALID_IRQL - not at this level, for one because the
 *   interrupt lock is held, which is reported
 * * STOR_STATUS_INVALID_DEVICE_REQUEST - the lock is held already, which is
 *   reported
 */
ULONG StorPortAcquireSpinLockEx(PVOID DeviceExtension, STOR_SPINLOCK SpinLock,
				PVOID LockContext, PSTOR_LOCK_HANDLE LockHandle)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(DeviceExtension);

	if (!adapter || !LockHandle)
		return STOR_STATUS_INVALID_PARAMETER;
	return acquire(adapter, SpinLock, true, LockContext, LockHandle,
		       MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(StorPortAcquireSpinLockEx);

/**
 * StorPortReleaseSpinLock() - release what StorPortAcquireSpinLock() took
 * @DeviceExtension:	the adapter
 * @LockHandle:		the handle of that acquisition
 *
 * Context: IRQL: as the acquisition left it. A handle that holds nothing is
 * reported, and so is InterruptLock when this CPU does not hold it; that one stays
 * with whoever does, and so does the handle.
 * Page: nf-storport-storportreleasespinlock
 */
VOID StorPortReleaseSpinLock(PVOID DeviceExtension,
			     PSTOR_LOCK_HANDLE LockHandle)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(DeviceExtension);
	STOR_SPINLOCK kind;
	ULONG_PTR old;

	if (!LockHandle)
		return;
	kind = LockHandle->Lock;
	old = old_irql(LockHandle);
	if (!adapter || !kind || old > HIGH_LEVEL) {
		LockHandle->Lock = InvalidLock;
		minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK4, MINIRQ_CALLER,
				 "release of a handle that holds no lock");
		return;
	}
	if (unlikely(kind == InterruptLock) &&
	    !minirq_storport_check_release(adapter, MINIRQ_CALLER))
		return;
	LockHandle->Lock = InvalidLock;
	if (unlikely(minirq_held_count()))
		minirq_held_forget(LockHandle);
	unlock(adapter, kind, LockHandle->Context.LockQueue.Lock, old,
	       MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(StorPortReleaseSpinLock);

/**
 * StorPortSynchronizeAccess() - run a routine that every ISR excludes
 * @HwDeviceExtension:			the adapter
 * @SynchronizedAccessRoutine:		what to run
 * @Context:				its second argument
 *
 * Context: IRQL <= DIRQL, not from an ISR, which is reported.
 * Page: nf-storport-storportsynchronizeaccess
 * Return: what the routine returned; FALSE when it was not called.
 */
BOOLEAN
StorPortSynchronizeAccess(PVOID HwDeviceExtension,
			  PSTOR_SYNCHRONIZED_ACCESS SynchronizedAccessRoutine,
			  PVOID Context)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct minirq_stor_call call;
	BOOLEAN result;
	KIRQL old;

	if (!adapter ||
	    minirq_storport_check_acquire(adapter, InterruptLock, false, NULL, MINIRQ_CALLER))
		return FALSE;
	old = minirq_storport_lock_interrupt(adapter);
	minirq_storport_call_enter(&call, adapter,
				   MINIRQ_STOR_ROUTINE_SYNCHRONIZED,
				   SynchronizedAccessRoutine);
	result = SynchronizedAccessRoutine(HwDeviceExtension, Context);
	minirq_storport_call_leave(&call);
	minirq_storport_unlock_interrupt(adapter, old);
	return result;
}
EXPORT_SYMBOL_GPL(StorPortSynchronizeAccess);

/**
 * __minirq_storport_initialize_spinlock() - what the StorPortInitializeSpinlock() macro calls
 * @DeviceExtension:	the adapter
 * @Lock:		resident storage of the driver
 * @Key:		static storage at the place of the call, a lockdep class
 * @Name:		what lockdep prints
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportinitializespinlock
 * Return: as StorPortInitializeSpinlock().
 */
ULONG __minirq_storport_initialize_spinlock(PVOID DeviceExtension,
					    PSTOR_KSPIN_LOCK Lock,
					    struct __minirq_lock_key *Key,
					    PCSTR Name)
{
	if (!DeviceExtension || !Lock)
		return STOR_STATUS_INVALID_PARAMETER;
	__minirq_init_spin_lock(Lock, Key, Name);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(__minirq_storport_initialize_spinlock);

#undef StorPortInitializeSpinlock
/**
 * StorPortInitializeSpinlock() - make a lock for DpcLevelLock free
 * @DeviceExtension:	the adapter
 * @Lock:		resident storage of the driver
 *
 * Calls by name reach a macro that gives each place its own lockdep class;
 * this function serves those who take its address.
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportinitializespinlock
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortInitializeSpinlock(PVOID DeviceExtension, PSTOR_KSPIN_LOCK Lock)
{
	static struct __minirq_lock_key key;

	return __minirq_storport_initialize_spinlock(DeviceExtension, Lock,
						     &key, "STOR_KSPIN_LOCK");
}
EXPORT_SYMBOL_GPL(StorPortInitializeSpinlock);
