// SPDX-License-Identifier: GPL-2.0-only
/*
 * Remove locks: requests under way are counted, so that a device's removal can
 * wait for them and keep new ones out.
 *
 * The count is one while the device is there: who takes that one away, and waits
 * for zero, is its removal.
 */
#include <linux/atomic.h>
#include <linux/export.h>

#include <wdm.h>

#include "verifier.h"

/* Windows gives the count as a plain number. */
static atomic_t *count_of(PIO_REMOVE_LOCK lock)
{
	BUILD_BUG_ON(sizeof(atomic_t) != sizeof(lock->Common.IoCount));
	return (atomic_t *)&lock->Common.IoCount;
}

/**
 * IoInitializeRemoveLockEx() - make a remove lock
 * @Lock:		storage for it
 * @AllocateTag:	not used
 * @MaxLockedMinutes:	not used
 * @HighWatermark:	not used
 * @RemlockSize:	not used
 *
 * What IoInitializeRemoveLock() is a macro for.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-ioinitializeremovelock
 */
VOID IoInitializeRemoveLockEx(PIO_REMOVE_LOCK Lock, ULONG AllocateTag,
			      ULONG MaxLockedMinutes, ULONG HighWatermark,
			      ULONG RemlockSize)
{
	Lock->Common.Removed = FALSE;
	atomic_set(count_of(Lock), 1);
	KeInitializeEvent(&Lock->Common.RemoveEvent, SynchronizationEvent,
			  FALSE);
}
EXPORT_SYMBOL_GPL(IoInitializeRemoveLockEx);

static void release(PIO_REMOVE_LOCK lock, void *caller)
{
	int left = atomic_dec_return(count_of(lock));

	if (left == 0)
		KeSetEvent(&lock->Common.RemoveEvent, IO_NO_INCREMENT, FALSE);
	if (left < 0)
		minirq_violation(MINIRQ_RULE_REMOVE_LOCK, caller,
				 "remove lock released more often than acquired");
}

/**
 * IoAcquireRemoveLockEx() - a request begins
 * @RemoveLock:		the lock of its device
 * @Tag:		not used
 * @File:		not used
 * @Line:		not used
 * @RemlockSize:	not used
 *
 * What IoAcquireRemoveLock() is a macro for.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-ioacquireremovelock
 * Return: STATUS_SUCCESS; STATUS_DELETE_PENDING when the device is being
 * removed, and the lock is not held.
 */
NTSTATUS IoAcquireRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag, PCSTR File,
			       ULONG Line, ULONG RemlockSize)
{
	atomic_inc(count_of(RemoveLock));
	/* pairs with the one in IoReleaseRemoveLockAndWaitEx() */
	smp_mb__after_atomic();
	if (!READ_ONCE(RemoveLock->Common.Removed))
		return STATUS_SUCCESS;
	release(RemoveLock, MINIRQ_CALLER);
	return STATUS_DELETE_PENDING;
}
EXPORT_SYMBOL_GPL(IoAcquireRemoveLockEx);

/**
 * IoReleaseRemoveLockEx() - a request ends
 * @RemoveLock:		the lock of its device
 * @Tag:		not used
 * @RemlockSize:	not used
 *
 * What IoReleaseRemoveLock() is a macro for. A release too many is reported.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-ioreleaseremovelock
 */
VOID IoReleaseRemoveLockEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag,
			   ULONG RemlockSize)
{
	release(RemoveLock, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(IoReleaseRemoveLockEx);

/**
 * IoReleaseRemoveLockAndWaitEx() - let no request begin, wait for all to end
 * @RemoveLock:		the lock, held by the caller
 * @Tag:		not used
 * @RemlockSize:	not used
 *
 * What IoReleaseRemoveLockAndWait() is a macro for.
 *
 * Context: IRQL = PASSIVE_LEVEL, from IRP_MN_REMOVE_DEVICE.
 * Page: nf-wdm-ioreleaseremovelockandwait
 */
VOID IoReleaseRemoveLockAndWaitEx(PIO_REMOVE_LOCK RemoveLock, PVOID Tag,
				  ULONG RemlockSize)
{
	WRITE_ONCE(RemoveLock->Common.Removed, TRUE);
	/* whoever does not see that is counted */
	smp_mb();
	release(RemoveLock, MINIRQ_CALLER);
	if (atomic_dec_and_test(count_of(RemoveLock)))
		return;
	KeWaitForSingleObject(&RemoveLock->Common.RemoveEvent, Executive,
			      KernelMode, FALSE, NULL);
}
EXPORT_SYMBOL_GPL(IoReleaseRemoveLockAndWaitEx);
