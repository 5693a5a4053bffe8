// SPDX-License-Identifier: GPL-2.0-only
/*
 * Read/write locks of NDIS.
 *
 * The kernel's own sleep on PREEMPT_RT, or make a reader that holds the lock
 * already wait behind a writer; these spin, and a CPU may read as often as it
 * likes.
 *
 * The newer kind counts readers by CPU, so that readers share no cache line: a
 * reader shows itself and then looks for a writer, a writer shows itself and
 * then looks for readers. The older kind lives in the driver's memory, which
 * has no room for that, and is one counter.
 */
#include <linux/cache.h>
#include <linux/export.h>
#include <linux/overflow.h>
#include <linux/smp.h>

#include "held.h"
#include "irql.h"
#include "memory.h"
#include "ndis_owner.h"
#include "spinlock.h"
#include "verifier.h"

/* What a CPU reads, in a line of its own. */
struct readers {
	unsigned int count;
} ____cacheline_aligned;

/**
 * struct _NDIS_RW_LOCK_EX - a lock that many read and few write
 * @object:	its owner's; first, as the lock is the handle
 * @writer:	held by the one that writes
 * @writing:	somebody writes, or waits for readers to be gone
 * @readers:	how often each CPU reads
 */
struct _NDIS_RW_LOCK_EX {
	struct minirq_ndis_object object;
	KSPIN_LOCK writer;
	bool writing;
	struct readers readers[];
};

/* LOCK_STATE_EX.LockState and LOCK_STATE.LockState: what the release ends */
enum {
	STATE_READ = 1,
	STATE_WRITE,
	STATE_REFUSED,
};

static void free_lock(struct minirq_ndis_object *object)
{
	minirq_memory_free(container_of(object, NDIS_RW_LOCK_EX, object));
}

static const struct minirq_ndis_kind lock_kind = {
	.name = "read/write lock",
	.free = free_lock,
};

static bool level_allows(const char *function, void *caller)
{
	return minirq_ndis_level(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_SYNCH,
				 function, caller);
}

/* For what leaves the level alone. */
static bool at_dispatch(const char *function, void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql == DISPATCH_LEVEL)
		return true;
	minirq_violation(MINIRQ_RULE_NDIS_IRQL_SYNCH, caller,
			 "%s at IRQL %u, wants DISPATCH_LEVEL", function, irql);
	return false;
}

static KIRQL raise_to_dispatch(void)
{
	KIRQL old = minirq_irql_current();

	minirq_irql_raise(old, DISPATCH_LEVEL);
	return old;
}

static void lower_to(KIRQL old)
{
	minirq_irql_lower(DISPATCH_LEVEL, old);
}

/**
 * NdisAllocateRWLock() - allocate a read/write lock
 * @NdisHandle:	the adapter or driver that owns it
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisallocaterwlock
 * Return: the lock, free; or NULL.
 */
PNDIS_RW_LOCK_EX NdisAllocateRWLock(NDIS_HANDLE NdisHandle)
{
	struct minirq_ndis_owner *owner;
	PNDIS_RW_LOCK_EX lock;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return NULL;
	owner = minirq_ndis_owner_of(NdisHandle, __func__, MINIRQ_CALLER);
	if (!owner)
		return NULL;
	lock = minirq_memory_alloc(struct_size(lock, readers, nr_cpu_ids),
				   minirq_memory_gfp());
	if (!lock)
		return NULL;
	minirq_spinlock_init(&lock->writer);
	minirq_ndis_object_add(&lock->object, owner, &lock_kind, MINIRQ_CALLER);
	return lock;
}
EXPORT_SYMBOL_GPL(NdisAllocateRWLock);

/**
 * NdisFreeRWLock() - free a read/write lock
 * @Lock:	a lock that nobody holds
 *
 * Context: IRQL <= DISPATCH_LEVEL; above it the call is reported, and ignored.
 * Page: nf-ndis-ndisfreerwlock
 */
VOID NdisFreeRWLock(PNDIS_RW_LOCK_EX Lock)
{
	struct minirq_ndis_object *object;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_of(Lock, &lock_kind, __func__,
				       MINIRQ_CALLER);
	if (object && minirq_ndis_object_remove(object))
		free_lock(object);
}
EXPORT_SYMBOL_GPL(NdisFreeRWLock);

static bool somebody_writes(PNDIS_RW_LOCK_EX lock)
{
	/* pairs with end_write() */
	return smp_load_acquire(&lock->writing);
}

/* A CPU that reads already may: the writer waits for it. */
static void begin_read(PNDIS_RW_LOCK_EX lock, struct readers *mine)
{
	if (mine->count) {
		mine->count++;
		return;
	}
	for (;;) {
		WRITE_ONCE(mine->count, 1);
		/* pairs with the barrier in begin_write() */
		smp_mb();
		if (!somebody_writes(lock))
			return;
		WRITE_ONCE(mine->count, 0);
		while (somebody_writes(lock))
			cpu_relax();
	}
}

static void end_write(PNDIS_RW_LOCK_EX lock, void *caller)
{
	/* a reader that sees this sees what was written */
	smp_store_release(&lock->writing, false);
	minirq_spinlock_drop(&lock->writer, caller);
}

/* A routine has returned with it; who called that restores the level. */
static void left(const struct minirq_held *held, void *routine)
{
	minirq_violation(MINIRQ_RULE_SPIN_LOCK, routine,
			 "routine returned with read/write lock %p",
			 held->owner);
	end_write(held->owner, routine);
}

/* Under the key of the writers' lock, by whose release it is forgotten. */
static noinline void note(PNDIS_RW_LOCK_EX lock)
{
	struct minirq_held held = {
		.key = &lock->writer,
		.left = left,
		.owner = lock,
	};

	if (minirq_spinlock_owned(&lock->writer))
		minirq_held_note(&held);
}

static void begin_write(PNDIS_RW_LOCK_EX lock)
{
	unsigned int cpu;

	minirq_spinlock_acquire(&lock->writer);
	if (minirq_verifying())
		note(lock);
	WRITE_ONCE(lock->writing, true);
	/* pairs with the barrier in begin_read() */
	smp_mb();
	for_each_possible_cpu(cpu)
		/* what a reader did is over; pairs with end_read() */
		while (smp_load_acquire(&lock->readers[cpu].count))
			cpu_relax();
}

/* This CPU would wait for itself. */
static bool held_here(PNDIS_RW_LOCK_EX lock, struct readers *mine, bool write)
{
	if (minirq_spinlock_owned(&lock->writer))
		return true;
	return write && mine->count;
}

static void refuse(PVOID lock, PLOCK_STATE_EX state, void *caller)
{
	minirq_violation(MINIRQ_RULE_SPIN_LOCK, caller,
			 "read/write lock %p is already held by this CPU",
			 lock);
	state->LockState = STATE_REFUSED;
}

static void acquire(PNDIS_RW_LOCK_EX lock, PLOCK_STATE_EX state, bool write,
		    void *caller)
{
	struct readers *mine;

	state->LockState = 0;
	if (!level_allows("NdisAcquireRWLock", caller))
		return;
	state->OldIrql = raise_to_dispatch();
	mine = &lock->readers[smp_processor_id()];
	if (minirq_verifying() && held_here(lock, mine, write)) {
		refuse(lock, state, caller);
		return;
	}
	if (write)
		begin_write(lock);
	else
		begin_read(lock, mine);
	state->LockState = write ? STATE_WRITE : STATE_READ;
}

/**
 * NdisAcquireRWLockRead() - take a lock for reading
 * @Lock:	the lock
 * @LockState:	of this one acquisition
 * @Flags:	NDIS_RWL_AT_DISPATCH_LEVEL or 0; the level is looked at anyway
 *
 * A CPU that reads may take the lock for reading again. Taking a lock that this
 * CPU holds for writing is reported, and ignored, when the verifier is on.
 *
 * Context: IRQL <= DISPATCH_LEVEL; returns at DISPATCH_LEVEL.
 * Page: nf-ndis-ndisacquirerwlockread
 */
VOID NdisAcquireRWLockRead(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState,
			   UCHAR Flags)
{
	acquire(Lock, LockState, false, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisAcquireRWLockRead);

/**
 * NdisAcquireRWLockWrite() - take a lock for writing
 * @Lock:	the lock
 * @LockState:	of this one acquisition
 * @Flags:	NDIS_RWL_AT_DISPATCH_LEVEL or 0; the level is looked at anyway
 *
 * Taking a lock that this CPU holds is reported, and ignored, when the verifier
 * is on.
 *
 * Context: IRQL <= DISPATCH_LEVEL; returns at DISPATCH_LEVEL.
 * Page: nf-ndis-ndisacquirerwlockwrite
 */
VOID NdisAcquireRWLockWrite(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState,
			    UCHAR Flags)
{
	acquire(Lock, LockState, true, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisAcquireRWLockWrite);

static void end_read(struct readers *mine)
{
	/* pairs with begin_write() */
	smp_store_release(&mine->count, mine->count - 1);
}

/**
 * NdisReleaseRWLock() - release a read/write lock
 * @Lock:	the lock
 * @LockState:	what the acquisition filled; reported when it did not
 *
 * Context: IRQL = DISPATCH_LEVEL, on the CPU that took the lock; returns at the
 * level of the acquisition.
 * Page: nf-ndis-ndisreleaserwlock
 */
VOID NdisReleaseRWLock(PNDIS_RW_LOCK_EX Lock, PLOCK_STATE_EX LockState)
{
	UCHAR state = LockState->LockState;

	LockState->LockState = 0;
	if (state == STATE_READ)
		end_read(&Lock->readers[smp_processor_id()]);
	else if (state == STATE_WRITE)
		end_write(Lock, MINIRQ_CALLER);
	if (state)
		lower_to(LockState->OldIrql);
	else
		minirq_violation(MINIRQ_RULE_SPIN_LOCK_RELEASE, MINIRQ_CALLER,
				 "read/write lock %p is not held", Lock);
}
EXPORT_SYMBOL_GPL(NdisReleaseRWLock);

/*
 * The older kind: RefCount is how many read, or -1 while one writes. Writers
 * have no precedence, so a reader may read again.
 */
#define WRITTEN		-1

/**
 * NdisInitializeReadWriteLock() - make an older read/write lock free
 * @Lock:	resident storage of the driver
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisinitializereadwritelock
 */
VOID NdisInitializeReadWriteLock(PNDIS_RW_LOCK Lock)
{
	*Lock = (NDIS_RW_LOCK) {};
}
EXPORT_SYMBOL_GPL(NdisInitializeReadWriteLock);

static bool try_old(PNDIS_RW_LOCK lock, bool write)
{
	int old = READ_ONCE(lock->RefCount);

	if (write)
		return !old && cmpxchg(&lock->RefCount, 0, WRITTEN) == 0;
	return old >= 0 && cmpxchg(&lock->RefCount, old, old + 1) == old;
}

static void acquire_old(PNDIS_RW_LOCK lock, bool write, PLOCK_STATE state)
{
	while (!try_old(lock, write))
		cpu_relax();
	state->LockState = write ? STATE_WRITE : STATE_READ;
}

/* Returns whether it was held. */
static bool release_old(PNDIS_RW_LOCK lock, PLOCK_STATE state, void *caller)
{
	switch (state->LockState) {
	case STATE_WRITE:
		/* whoever takes the lock next sees what was written */
		smp_store_release(&lock->RefCount, 0);
		break;
	case STATE_READ:
		InterlockedDecrement(&lock->RefCount);
		break;
	default:
		minirq_violation(MINIRQ_RULE_SPIN_LOCK_RELEASE, caller,
				 "read/write lock %p is not held", lock);
		return false;
	}
	state->LockState = 0;
	return true;
}

/**
 * NdisAcquireReadWriteLock() - take an older read/write lock
 * @Lock:	the lock
 * @fWrite:	for writing
 * @LockState:	of this one acquisition
 *
 * Context: IRQL <= DISPATCH_LEVEL; returns at DISPATCH_LEVEL.
 * Page: nf-ndis-ndisacquirereadwritelock
 */
VOID NdisAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite,
			      PLOCK_STATE LockState)
{
	LockState->LockState = 0;
	if (!level_allows(__func__, MINIRQ_CALLER))
		return;
	LockState->OldIrql = raise_to_dispatch();
	acquire_old(Lock, fWrite, LockState);
}
EXPORT_SYMBOL_GPL(NdisAcquireReadWriteLock);

/**
 * NdisReleaseReadWriteLock() - release an older read/write lock
 * @Lock:	the lock
 * @LockState:	what the acquisition filled
 *
 * Context: IRQL = DISPATCH_LEVEL; returns at the level of the acquisition.
 * Page: nf-ndis-ndisreleasereadwritelock
 */
VOID NdisReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState)
{
	if (release_old(Lock, LockState, MINIRQ_CALLER))
		lower_to(LockState->OldIrql);
}
EXPORT_SYMBOL_GPL(NdisReleaseReadWriteLock);

/**
 * NdisDprAcquireReadWriteLock() - take an older read/write lock, the level stays
 * @Lock:	the lock
 * @fWrite:	for writing
 * @LockState:	of this one acquisition
 *
 * Context: IRQL = DISPATCH_LEVEL; elsewhere the call is reported, and the lock
 * is not taken.
 * Page: nf-ndis-ndisdpracquirereadwritelock
 */
VOID NdisDprAcquireReadWriteLock(PNDIS_RW_LOCK Lock, BOOLEAN fWrite,
				 PLOCK_STATE LockState)
{
	LockState->LockState = 0;
	if (at_dispatch(__func__, MINIRQ_CALLER))
		acquire_old(Lock, fWrite, LockState);
}
EXPORT_SYMBOL_GPL(NdisDprAcquireReadWriteLock);

/**
 * NdisDprReleaseReadWriteLock() - release an older read/write lock, the level stays
 * @Lock:	the lock
 * @LockState:	what the acquisition filled
 *
 * Context: IRQL = DISPATCH_LEVEL; elsewhere the call is reported, and works.
 * Page: nf-ndis-ndisdprreleasereadwritelock
 */
VOID NdisDprReleaseReadWriteLock(PNDIS_RW_LOCK Lock, PLOCK_STATE LockState)
{
	at_dispatch(__func__, MINIRQ_CALLER);
	release_old(Lock, LockState, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisDprReleaseReadWriteLock);
