// SPDX-License-Identifier: GPL-2.0-only
/*
 * Keeping service routines out: by the lock they run under, by all the locks of
 * an interrupt, and by the mutex of a passive one.
 */
#include "interrupt_lock.h"

#include <linux/export.h>
#include <linux/sched.h>

#include "dpc_queue.h"
#include "interrupt.h"

static bool one_lock(struct minirq_interrupt *intr)
{
	return intr->each[0].lock != &intr->each[0].own_lock;
}

/**
 * minirq_interrupt_lock_all() - keep every service routine of an interrupt out
 * @intr:	the object
 *
 * Takes the locks by ascending id. Who has them is always known, which is little
 * beside so many locks.
 *
 * Context: at DIRQL.
 */
void minirq_interrupt_lock_all(struct minirq_interrupt *intr)
{
	unsigned int id;

	if (one_lock(intr)) {
		minirq_spinlock_acquire(intr->each[0].lock);
		minirq_spinlock_note_owner(intr->each[0].lock);
		return;
	}
	minirq_spinlock_acquire(&intr->all);
	minirq_spinlock_note_owner(&intr->all);
	for (id = 0; id < intr->count; id++)
		minirq_spinlock_acquire_inner(&intr->each[id].own_lock,
					      &intr->all);
}

/**
 * minirq_interrupt_unlock_all() - undo minirq_interrupt_lock_all()
 * @intr:	the object
 */
void minirq_interrupt_unlock_all(struct minirq_interrupt *intr)
{
	unsigned int id = intr->count;

	if (one_lock(intr)) {
		minirq_spinlock_release(intr->each[0].lock);
		return;
	}
	while (id--)
		minirq_spinlock_release_inner(&intr->each[id].own_lock);
	minirq_spinlock_release(&intr->all);
}

/* Does this CPU have what minirq_interrupt_lock_all() takes? */
bool minirq_interrupt_locked_all(struct minirq_interrupt *intr)
{
	return minirq_spinlock_owned(one_lock(intr) ? intr->each[0].lock :
						      &intr->all);
}

/**
 * minirq_interrupt_lock_passive() - keep a passive service routine out
 * @ki:		the message or line
 * @caller:	who is told that it would wait for itself
 *
 * Such a routine may be waited for, so what excludes it sleeps.
 *
 * Context: process context, may sleep.
 * Return: false when the caller holds the lock already.
 */
bool minirq_interrupt_lock_passive(struct _KINTERRUPT *ki, void *caller)
{
	struct minirq_passive *passive = minirq_interrupt_passive(ki);

	if (READ_ONCE(passive->owner) == current) {
		minirq_violation(MINIRQ_RULE_SYNCHRONIZE, caller,
				 "synchronises with passive message %u twice",
				 ki->id);
		return false;
	}
	mutex_lock(&passive->lock);
	WRITE_ONCE(passive->owner, current);
	return true;
}

/* Undo minirq_interrupt_lock_passive(), when that returned true. */
void minirq_interrupt_unlock_passive(struct _KINTERRUPT *ki)
{
	struct minirq_passive *passive = minirq_interrupt_passive(ki);

	WRITE_ONCE(passive->owner, NULL);
	mutex_unlock(&passive->lock);
}

/*
 * Is this inside a passive service routine of an interrupt, or inside what keeps one
 * out? Who waits for such a routine would then wait for itself.
 */
bool minirq_interrupt_in_passive(struct minirq_interrupt *intr)
{
	unsigned int i;

	for (i = 0; intr->passive && i < intr->irqs; i++)
		if (READ_ONCE(intr->passive[i].owner) == current)
			return true;
	return false;
}

static BOOLEAN synchronize_passive(PKINTERRUPT interrupt,
				   PKSYNCHRONIZE_ROUTINE routine,
				   PVOID context, void *caller)
{
	KIRQL irql = minirq_irql_current();
	bool entered;
	BOOLEAN result;

	if (irql > PASSIVE_LEVEL || minirq_dpc_in_worker()) {
		minirq_violation(MINIRQ_RULE_SYNCHRONIZE, caller,
				 "passive interrupt, called at IRQL %u, or in a DPC",
				 irql);
		return FALSE;
	}
	entered = minirq_interrupt_lock_passive(interrupt, caller);
	result = routine(context);
	if (entered)
		minirq_interrupt_unlock_passive(interrupt);
	return result;
}

noinline __cold void minirq_interrupt_raise_refused(struct _KINTERRUPT *ki,
						    KIRQL old, void *caller)
{
	minirq_violation(MINIRQ_RULE_SYNCHRONIZE, caller,
			 "interrupt lock taken at IRQL %u, above %u", old,
			 ki->irql);
}

noinline __cold void minirq_interrupt_lower_refused(KIRQL old, void *caller)
{
	minirq_violation(MINIRQ_RULE_RELEASE_SPIN_LOCK, caller,
			 "IRQL %u is not what the acquisition returned", old);
}

static KIRQL keep_out(PKINTERRUPT interrupt, void *caller)
{
	KIRQL old = minirq_interrupt_raise(interrupt, caller);

	minirq_spinlock_take(interrupt->lock, caller);
	return old;
}

static void let_in(PKINTERRUPT interrupt, KIRQL old, void *caller)
{
	minirq_spinlock_drop(interrupt->lock, caller);
	minirq_interrupt_lower(old, caller);
}

/**
 * KeSynchronizeExecution() - run a routine that the service routine excludes
 * @Interrupt:			the message or line
 * @SynchronizeRoutine:		what to run
 * @SynchronizeContext:		its argument
 *
 * Context: IRQL <= SynchronizeIrql of @Interrupt; above it the call is reported,
 * and does nothing when the service routine is a passive one. The same goes for a
 * passive one in a threaded DPC, which may not wait. Not from the service routine
 * of the same message.
 * Page: nf-wdm-kesynchronizeexecution
 * Return: what the routine returned.
 */
BOOLEAN KeSynchronizeExecution(PKINTERRUPT Interrupt,
			       PKSYNCHRONIZE_ROUTINE SynchronizeRoutine,
			       PVOID SynchronizeContext)
{
	BOOLEAN result;
	KIRQL old;

	if (minirq_interrupt_is_passive(Interrupt))
		return synchronize_passive(Interrupt, SynchronizeRoutine,
					   SynchronizeContext, MINIRQ_CALLER);
	old = keep_out(Interrupt, MINIRQ_CALLER);
	result = SynchronizeRoutine(SynchronizeContext);
	let_in(Interrupt, old, MINIRQ_CALLER);
	return result;
}
EXPORT_SYMBOL_GPL(KeSynchronizeExecution);

/* What a driver is to tell its device. */
struct order {
	struct _KINTERRUPT *ki;
	bool enabled;
};

static BOOLEAN give_order(PVOID context)
{
	struct order *order = context;

	order->ki->owner->set_enabled(order->ki, order->enabled);
	return TRUE;
}

/**
 * minirq_interrupt_set_enabled() - have a device interrupt, or not
 * @ki:		a message or line of a connected object
 * @enabled:	it may
 *
 * The driver does that, at the device. An interrupt on its way still comes.
 *
 * Context: IRQL <= SynchronizeIrql; not from the service routine of the same
 * message.
 * Return: false when the driver's API has no such thing.
 */
bool minirq_interrupt_set_enabled(struct _KINTERRUPT *ki, bool enabled)
{
	struct order order = { .ki = ki, .enabled = enabled };

	return ki->owner->set_enabled &&
	       KeSynchronizeExecution(ki, give_order, &order);
}

/* No spin lock keeps a passive service routine out. */
static bool has_spin_lock(PKINTERRUPT interrupt, void *caller)
{
	if (!minirq_interrupt_is_passive(interrupt))
		return true;
	minirq_violation(MINIRQ_RULE_PASSIVE_LOCK, caller,
			 "message %u has a passive service routine",
			 interrupt->id);
	return false;
}

/**
 * KeAcquireInterruptSpinLock() - keep a service routine out
 * @Interrupt:	the message or line
 *
 * Context: IRQL <= SynchronizeIrql of @Interrupt; above it the call is reported.
 * So is a passive service routine, with nothing acquired.
 * Page: nf-wdm-keacquireinterruptspinlock
 * Return: the previous level.
 */
KIRQL KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt)
{
	if (!has_spin_lock(Interrupt, MINIRQ_CALLER))
		return minirq_irql_current();
	return keep_out(Interrupt, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeAcquireInterruptSpinLock);

/**
 * KeReleaseInterruptSpinLock() - let a service routine in again
 * @Interrupt:	the message or line
 * @OldIrql:	what the acquisition returned
 *
 * Differs from Windows: an @OldIrql that the acquisition cannot have returned is
 * reported, and the level stays.
 *
 * Context: IRQL: as the acquisition left it.
 * Page: nf-wdm-kereleaseinterruptspinlock
 */
VOID KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL OldIrql)
{
	if (has_spin_lock(Interrupt, MINIRQ_CALLER))
		let_in(Interrupt, OldIrql, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseInterruptSpinLock);
