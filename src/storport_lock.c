// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort spin locks: the DPC lock of a STOR_DPC, the StartIo lock of an
 * adapter, and the interrupt lock, which is the lock of every message.
 */
#include "storport_lock.h"

#include <linux/export.h>
#include <linux/string.h>

#include "interrupt.h"
#include "storport.h"
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

/* Would taking the interrupt lock wait for this very CPU? */
static bool holds_interrupt_lock(struct minirq_stor_adapter *adapter)
{
	unsigned int id;

	if (minirq_storport_in_isr(adapter))
		return true;
	if (!minirq_verifying() || !adapter->intr)
		return false;
	for (id = 0; id < adapter->intr->count; id++)
		if (minirq_spinlock_owned(adapter->intr->each[id].lock))
			return true;
	return false;
}

/* The rules of the hierarchy: DPC or StartIo lock first, interrupt lock last. */
static bool acquire_allowed(struct minirq_stor_adapter *adapter,
			    STOR_SPINLOCK kind, void *context, void *caller)
{
	bool interrupt_held = holds_interrupt_lock(adapter);

	switch (kind) {
	case DpcLock:
	case StartIoLock:
		if (interrupt_held || minirq_irql_current() > DISPATCH_LEVEL) {
			minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK3, caller,
					 "%s: lock %d after the interrupt lock",
					 adapter->name, kind);
			return false;
		}
		if (kind == DpcLock && !context)
			minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
					 "%s: DpcLock without a STOR_DPC",
					 adapter->name);
		return kind == StartIoLock || context;
	case InterruptLock:
		if (interrupt_held)
			minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
					 "%s: the interrupt lock is held",
					 adapter->name);
		return !interrupt_held;
	default:
		minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
				 "%s: there is no lock %d", adapter->name,
				 kind);
		return false;
	}
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

static void acquire(struct minirq_stor_adapter *adapter, STOR_SPINLOCK kind,
		    PKSPIN_LOCK lock, PSTOR_LOCK_HANDLE handle)
{
	KIRQL old;

	if (kind == InterruptLock)
		old = minirq_storport_lock_interrupt(adapter);
	else
		old = KeAcquireSpinLockRaiseToDpc(lock);
	handle->Lock = kind;
	handle->Context.LockQueue.Lock = lock;
	set_old_irql(handle, old);
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
	PKSPIN_LOCK lock = NULL;

	if (!LockHandle)
		return;
	memset(LockHandle, 0, sizeof(*LockHandle));
	if (!adapter ||
	    !acquire_allowed(adapter, SpinLock, LockContext, MINIRQ_CALLER))
		return;
	if (SpinLock == DpcLock)
		lock = &((PSTOR_DPC)LockContext)->Lock;
	else if (SpinLock == StartIoLock)
		lock = &adapter->start_io;
	acquire(adapter, SpinLock, lock, LockHandle);
}
EXPORT_SYMBOL_GPL(StorPortAcquireSpinLock);

/**
 * StorPortReleaseSpinLock() - release what StorPortAcquireSpinLock() took
 * @DeviceExtension:	the adapter
 * @LockHandle:		the handle of that acquisition
 *
 * Context: IRQL: as the acquisition left it. A handle that holds nothing is
 * reported.
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
	LockHandle->Lock = 0;
	if (!adapter || !kind || old > HIGH_LEVEL)
		minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK4, MINIRQ_CALLER,
				 "release of a handle that holds no lock");
	else if (kind == InterruptLock)
		minirq_storport_unlock_interrupt(adapter, old);
	else
		KeReleaseSpinLock(LockHandle->Context.LockQueue.Lock, old);
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
	BOOLEAN result;
	KIRQL old;

	if (!adapter ||
	    !acquire_allowed(adapter, InterruptLock, NULL, MINIRQ_CALLER))
		return FALSE;
	old = minirq_storport_lock_interrupt(adapter);
	result = SynchronizedAccessRoutine(HwDeviceExtension, Context);
	minirq_storport_unlock_interrupt(adapter, old);
	return result;
}
EXPORT_SYMBOL_GPL(StorPortSynchronizeAccess);
