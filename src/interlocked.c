// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interlocked lists and sums: what a driver shares between its threads, its DPCs
 * and its ISR without raising the level itself.
 *
 * Operations on single words are the compiler's, and are in include/intrin.h.
 */
#include <linux/bit_spinlock.h>
#include <linux/export.h>
#include <linux/irqflags.h>

#include "spinlock.h"
#include "verifier.h"

/* An ISR may want the same lock, so interrupts are off while it is held. */
static __always_inline unsigned long lock_out(PKSPIN_LOCK lock)
{
	unsigned long flags;

	local_irq_save(flags);
	minirq_spinlock_acquire(lock);
	return flags;
}

static __always_inline void let_in(PKSPIN_LOCK lock, unsigned long flags)
{
	minirq_spinlock_release(lock);
	local_irq_restore(flags);
}

/**
 * ExInterlockedInsertHeadList() - insert at the head of a list
 * @ListHead:	the list
 * @ListEntry:	the entry
 * @Lock:	protects the list, and is used for nothing at DISPATCH_LEVEL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedinsertheadlist
 * Return: the entry that was first, NULL when the list was empty.
 */
PLIST_ENTRY ExInterlockedInsertHeadList(PLIST_ENTRY ListHead,
					PLIST_ENTRY ListEntry, PKSPIN_LOCK Lock)
{
	unsigned long flags = lock_out(Lock);
	PLIST_ENTRY first = ListHead->Flink;

	InsertHeadList(ListHead, ListEntry);
	let_in(Lock, flags);
	return first == ListHead ? NULL : first;
}
EXPORT_SYMBOL_GPL(ExInterlockedInsertHeadList);

/**
 * ExInterlockedInsertTailList() - insert at the tail of a list
 * @ListHead:	the list
 * @ListEntry:	the entry
 * @Lock:	protects the list, and is used for nothing at DISPATCH_LEVEL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedinserttaillist
 * Return: the entry that was last, NULL when the list was empty.
 */
PLIST_ENTRY ExInterlockedInsertTailList(PLIST_ENTRY ListHead,
					PLIST_ENTRY ListEntry, PKSPIN_LOCK Lock)
{
	unsigned long flags = lock_out(Lock);
	PLIST_ENTRY last = ListHead->Blink;

	InsertTailList(ListHead, ListEntry);
	let_in(Lock, flags);
	return last == ListHead ? NULL : last;
}
EXPORT_SYMBOL_GPL(ExInterlockedInsertTailList);

/**
 * ExInterlockedRemoveHeadList() - take the first entry out of a list
 * @ListHead:	the list
 * @Lock:	protects the list, and is used for nothing at DISPATCH_LEVEL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedremoveheadlist
 * Return: the entry, NULL when the list was empty.
 */
PLIST_ENTRY ExInterlockedRemoveHeadList(PLIST_ENTRY ListHead, PKSPIN_LOCK Lock)
{
	unsigned long flags = lock_out(Lock);
	PLIST_ENTRY first = NULL;

	if (!IsListEmpty(ListHead))
		first = RemoveHeadList(ListHead);
	let_in(Lock, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExInterlockedRemoveHeadList);

/**
 * ExInterlockedPushEntryList() - insert at the head of a singly linked list
 * @ListHead:	the list
 * @ListEntry:	the entry
 * @Lock:	protects the list, and is used for nothing at DISPATCH_LEVEL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedpushentrylist
 * Return: the entry that was first, NULL when the list was empty.
 */
PSINGLE_LIST_ENTRY ExInterlockedPushEntryList(PSINGLE_LIST_ENTRY ListHead,
					      PSINGLE_LIST_ENTRY ListEntry,
					      PKSPIN_LOCK Lock)
{
	unsigned long flags = lock_out(Lock);
	PSINGLE_LIST_ENTRY first = ListHead->Next;

	PushEntryList(ListHead, ListEntry);
	let_in(Lock, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExInterlockedPushEntryList);

/**
 * ExInterlockedPopEntryList() - take the first entry out of a singly linked list
 * @ListHead:	the list
 * @Lock:	protects the list, and is used for nothing at DISPATCH_LEVEL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedpopentrylist
 * Return: the entry, NULL when the list was empty.
 */
PSINGLE_LIST_ENTRY ExInterlockedPopEntryList(PSINGLE_LIST_ENTRY ListHead,
					     PKSPIN_LOCK Lock)
{
	unsigned long flags = lock_out(Lock);
	PSINGLE_LIST_ENTRY first = PopEntryList(ListHead);

	let_in(Lock, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExInterlockedPopEntryList);

/**
 * ExInterlockedAddUlong() - add to a number
 * @Addend:	the number
 * @Increment:	what is added
 * @Lock:	protects the number, and is used for nothing at DISPATCH_LEVEL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedaddulong
 * Return: what the number was before.
 */
ULONG ExInterlockedAddUlong(PULONG Addend, ULONG Increment, PKSPIN_LOCK Lock)
{
	unsigned long flags = lock_out(Lock);
	ULONG old = *Addend;

	*Addend = old + Increment;
	let_in(Lock, flags);
	return old;
}
EXPORT_SYMBOL_GPL(ExInterlockedAddUlong);

/**
 * ExInterlockedAddLargeInteger() - add to a large number
 * @Addend:	the number
 * @Increment:	what is added
 * @Lock:	protects the number, and is used for nothing at DISPATCH_LEVEL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedaddlargeinteger
 * Return: what the number was before.
 */
LARGE_INTEGER ExInterlockedAddLargeInteger(PLARGE_INTEGER Addend,
					   LARGE_INTEGER Increment,
					   PKSPIN_LOCK Lock)
{
	unsigned long flags = lock_out(Lock);
	LARGE_INTEGER old = *Addend;

	Addend->QuadPart += Increment.QuadPart;
	let_in(Lock, flags);
	return old;
}
EXPORT_SYMBOL_GPL(ExInterlockedAddLargeInteger);

/*
 * A sequenced list is one word with depth and sequence, and one with the address
 * of the first entry; Windows changes both with one instruction. The three bits
 * between address and type are reserved, and one of them is the lock here: it
 * is held for some instructions, with interrupts off, at any level.
 */
#define SLIST_LOCK	1

static_assert(sizeof(SLIST_HEADER) == 16);

static unsigned long *region(PSLIST_HEADER head)
{
	return (unsigned long *)&head->Region;
}

static unsigned long lock_slist(PSLIST_HEADER head)
{
	unsigned long flags;

	local_irq_save(flags);
	bit_spin_lock(SLIST_LOCK, region(head));
	__release(bitlock);
	return flags;
}

static void unlock_slist(PSLIST_HEADER head, unsigned long flags)
{
	__acquire(bitlock);
	bit_spin_unlock(SLIST_LOCK, region(head));
	local_irq_restore(flags);
}

static PSLIST_ENTRY first_of(PSLIST_HEADER head)
{
	/* the cast first: a shift of a bit-field loses its upper bits */
	return (PSLIST_ENTRY)((ULONG_PTR)head->HeaderX64.NextEntry << 4);
}

/* Each change has a number of its own, as on Windows. */
static void set_first(PSLIST_HEADER head, PSLIST_ENTRY entry, int depth)
{
	head->HeaderX64.NextEntry = (ULONG_PTR)entry >> 4;
	head->HeaderX64.Depth += depth;
	head->HeaderX64.Sequence++;
}

/**
 * ExpInterlockedPushEntrySList() - insert at the head of a sequenced list
 * @ListHead:	the list
 * @ListEntry:	the entry, aligned to 16 bytes
 *
 * InterlockedPushEntrySList() and ExInterlockedPushEntrySList() are macros over
 * this.
 *
 * Differs from Windows: takes a lock in the header for some instructions, and an
 * entry that is not aligned is reported and not inserted.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedpushentryslist
 * Return: the entry that was first, NULL when the list was empty.
 */
PSLIST_ENTRY ExpInterlockedPushEntrySList(PSLIST_HEADER ListHead,
					  PSLIST_ENTRY ListEntry)
{
	unsigned long flags = lock_slist(ListHead);
	PSLIST_ENTRY first = first_of(ListHead);
	bool aligned = IS_ALIGNED((ULONG_PTR)ListEntry, 16);

	if (likely(aligned)) {
		ListEntry->Next = first;
		set_first(ListHead, ListEntry, 1);
	}
	unlock_slist(ListHead, flags);
	if (unlikely(!aligned))
		minirq_violation(MINIRQ_RULE_SLIST, MINIRQ_CALLER,
				 "entry %p is not aligned to 16 bytes",
				 ListEntry);
	return first;
}
EXPORT_SYMBOL_GPL(ExpInterlockedPushEntrySList);

/**
 * ExpInterlockedPopEntrySList() - take the first entry out of a sequenced list
 * @ListHead:	the list
 *
 * InterlockedPopEntrySList() and ExInterlockedPopEntrySList() are macros over
 * this.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedpopentryslist
 * Return: the entry, NULL when the list was empty.
 */
PSLIST_ENTRY ExpInterlockedPopEntrySList(PSLIST_HEADER ListHead)
{
	unsigned long flags = lock_slist(ListHead);
	PSLIST_ENTRY first = first_of(ListHead);

	if (first)
		set_first(ListHead, first->Next, -1);
	unlock_slist(ListHead, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExpInterlockedPopEntrySList);

/**
 * ExpInterlockedFlushSList() - take all entries out of a sequenced list
 * @ListHead:	the list
 *
 * InterlockedFlushSList() and ExInterlockedFlushSList() are macros over this.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exinterlockedflushslist
 * Return: the first of them, linked as they were, NULL when the list was empty.
 */
PSLIST_ENTRY ExpInterlockedFlushSList(PSLIST_HEADER ListHead)
{
	unsigned long flags = lock_slist(ListHead);
	PSLIST_ENTRY first = first_of(ListHead);

	set_first(ListHead, NULL, -(int)ListHead->HeaderX64.Depth);
	unlock_slist(ListHead, flags);
	return first;
}
EXPORT_SYMBOL_GPL(ExpInterlockedFlushSList);

/**
 * ExQueryDepthSList() - how many entries has a sequenced list?
 * @ListHead:	the list
 *
 * Context: IRQL: any.
 * Page: nf-wdm-exquerydepthslist
 * Return: the number, modulo 65536; it may be old already.
 */
USHORT ExQueryDepthSList(PSLIST_HEADER ListHead)
{
	return READ_ONCE(ListHead->Alignment);
}
EXPORT_SYMBOL_GPL(ExQueryDepthSList);
