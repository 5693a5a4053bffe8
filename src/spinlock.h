/* SPDX-License-Identifier: GPL-2.0-only */
/* KSPIN_LOCK, and the interrupt locks made of it. */
#ifndef MINIRQ_SPINLOCK_H
#define MINIRQ_SPINLOCK_H

#include <linux/smp.h>
#include <linux/spinlock.h>

#include <wdm.h>

#include "held.h"
#include "irql.h"
#include "verifier.h"

/**
 * struct minirq_spinlock - what a KSPIN_LOCK really is
 * @raw:	a raw lock, because it must spin on PREEMPT_RT too
 * @owner:	1 + the CPU that holds it; 0 when it was taken while the
 *		verifier was off, but for a lock whose owner is always noted
 * @refused:	acquisitions by its owner that were refused, and whose releases
 *		are therefore not real; owner's alone
 * @from:	1 + the level that the acquisition returned; 0 when it returned none
 * @watched:	not 0 when the verifier knows something about its holder
 */
struct minirq_spinlock {
	raw_spinlock_t raw;
	union {
		struct {
			u16 owner;
			u8 refused;
			u8 from;
		};
		u32 watched;
	};
};

static_assert(CONFIG_NR_CPUS < U16_MAX);

static_assert(sizeof(KSPIN_LOCK) >= sizeof(struct minirq_spinlock));

static __always_inline struct minirq_spinlock *minirq_spinlock(PKSPIN_LOCK lock)
{
	return (struct minirq_spinlock *)lock;
}

/* The one initialiser for locks that minirq itself embeds: a class per place. */
#define minirq_spinlock_init(lock) do {					\
	struct minirq_spinlock *_lock = minirq_spinlock(lock);		\
									\
	raw_spin_lock_init(&_lock->raw);				\
	_lock->watched = 0;						\
} while (0)

static __always_inline bool minirq_spinlock_owned(PKSPIN_LOCK lock)
{
	bool owned;

	preempt_disable();
	owned = READ_ONCE(minirq_spinlock(lock)->owner) ==
		smp_processor_id() + 1;
	preempt_enable();
	return owned;
}

/* Is a holder known? At once out of date, but for that holder itself. */
static __always_inline bool minirq_spinlock_known(PKSPIN_LOCK lock)
{
	return READ_ONCE(minirq_spinlock(lock)->owner);
}

/* Is that this CPU, and all there is to know? Who holds it stays on its CPU. */
static __always_inline bool minirq_spinlock_mine(PKSPIN_LOCK lock)
{
	const struct minirq_spinlock mine = {
		.owner = raw_smp_processor_id() + 1,
	};

	return READ_ONCE(minirq_spinlock(lock)->watched) == mine.watched;
}

/* Whose holder is to be known without the verifier, too. */
static __always_inline void minirq_spinlock_note_owner(PKSPIN_LOCK lock)
{
	WRITE_ONCE(minirq_spinlock(lock)->owner, raw_smp_processor_id() + 1);
}

static __always_inline void minirq_spinlock_own(PKSPIN_LOCK lock)
{
	if (minirq_verifying())
		minirq_spinlock_note_owner(lock);
}

/* Always, as the verifier may have been switched off meanwhile. */
static __always_inline void minirq_spinlock_disown(PKSPIN_LOCK lock)
{
	WRITE_ONCE(minirq_spinlock(lock)->watched, 0);
}

/*
 * Take and release at whatever level the CPU is. Who holds a lock is a matter
 * between driver and verifier that sparse cannot follow, so each pair is made
 * to look like nothing to it.
 */
static __always_inline void minirq_spinlock_acquire(PKSPIN_LOCK lock)
{
	raw_spin_lock(&minirq_spinlock(lock)->raw);
	__release(&minirq_spinlock(lock)->raw);
	minirq_spinlock_own(lock);
}

static __always_inline bool minirq_spinlock_try(PKSPIN_LOCK lock)
{
	if (raw_spin_trylock(&minirq_spinlock(lock)->raw)) {
		__release(&minirq_spinlock(lock)->raw);
		minirq_spinlock_own(lock);
		return true;
	}
	return false;
}

static __always_inline void minirq_spinlock_release(PKSPIN_LOCK lock)
{
	minirq_spinlock_disown(lock);
	__acquire(&minirq_spinlock(lock)->raw);
	raw_spin_unlock(&minirq_spinlock(lock)->raw);
}

/*
 * The same for any number of locks of one kind: lockdep is told that @outer makes
 * that safe, whatever their order. It holds preemption off, too, whose count has
 * 8 bits.
 */
static __always_inline void minirq_spinlock_acquire_inner(PKSPIN_LOCK lock,
							  PKSPIN_LOCK outer)
{
	raw_spin_lock_nest_lock(&minirq_spinlock(lock)->raw,
				&minirq_spinlock(outer)->raw);
	__release(&minirq_spinlock(lock)->raw);
	minirq_spinlock_own(lock);
	if (IS_ENABLED(CONFIG_PREEMPT_COUNT))
		preempt_count_sub(1);
}

static __always_inline void minirq_spinlock_release_inner(PKSPIN_LOCK lock)
{
	if (IS_ENABLED(CONFIG_PREEMPT_COUNT))
		preempt_count_add(1);
	minirq_spinlock_release(lock);
}

/*
 * The same in a hard interrupt, where neither the preemption count nor a call
 * into the kernel is needed for an uncontended lock, unless it is debugged. Its
 * owner is noted by those who want to know.
 */
static __always_inline void minirq_spinlock_acquire_isr(PKSPIN_LOCK lock)
{
	if (IS_ENABLED(CONFIG_DEBUG_SPINLOCK) || IS_ENABLED(CONFIG_LOCKDEP))
		return minirq_spinlock_acquire(lock);

	arch_spin_lock(&minirq_spinlock(lock)->raw.raw_lock);
}

static __always_inline void minirq_spinlock_release_isr(PKSPIN_LOCK lock)
{
	if (IS_ENABLED(CONFIG_DEBUG_SPINLOCK) || IS_ENABLED(CONFIG_LOCKDEP))
		return minirq_spinlock_release(lock);

	arch_spin_unlock(&minirq_spinlock(lock)->raw.raw_lock);
}

void minirq_spinlock_take_checked(PKSPIN_LOCK lock, void *caller);
void minirq_spinlock_drop_checked(PKSPIN_LOCK lock, void *caller);

static __always_inline void minirq_spinlock_take_unwatched(PKSPIN_LOCK lock)
{
	raw_spin_lock(&minirq_spinlock(lock)->raw);
	__release(&minirq_spinlock(lock)->raw);
}

static __always_inline void minirq_spinlock_drop_unwatched(PKSPIN_LOCK lock)
{
	__acquire(&minirq_spinlock(lock)->raw);
	raw_spin_unlock(&minirq_spinlock(lock)->raw);
}

/* What the verifier knows of a holder counts also when it is off meanwhile. */
static __always_inline bool minirq_spinlock_watched(PKSPIN_LOCK lock)
{
	return minirq_verifying() ||
	       unlikely(READ_ONCE(minirq_spinlock(lock)->watched));
}

/* The same for a driver's locks: the verifier reports what would deadlock. */
static __always_inline void minirq_spinlock_take(PKSPIN_LOCK lock, void *caller)
{
	if (minirq_verifying())
		minirq_spinlock_take_checked(lock, caller);
	else
		minirq_spinlock_take_unwatched(lock);
}

static __always_inline void minirq_spinlock_drop(PKSPIN_LOCK lock, void *caller)
{
	if (minirq_spinlock_watched(lock))
		minirq_spinlock_drop_checked(lock, caller);
	else
		minirq_spinlock_drop_unwatched(lock);
}

/* The same for a driver's locks whose holder is always known. */
static __always_inline void minirq_spinlock_take_known(PKSPIN_LOCK lock,
						       void *caller)
{
	minirq_spinlock_take(lock, caller);
	minirq_spinlock_note_owner(lock);
}

void minirq_spinlock_drop_known_checked(PKSPIN_LOCK lock, void *caller);

static __always_inline void minirq_spinlock_drop_known(PKSPIN_LOCK lock,
						       void *caller)
{
	if (likely(minirq_spinlock_mine(lock) && !minirq_held_count()))
		minirq_spinlock_release(lock);
	else
		minirq_spinlock_drop_known_checked(lock, caller);
}

void minirq_spinlock_restore_refused(KIRQL old, KIRQL irql, void *caller);

/*
 * Back to what the caller hands in. Above DISPATCH_LEVEL the acquisition has
 * been reported and has not changed the level, so there is nothing to restore.
 */
static __always_inline void minirq_spinlock_restore(KIRQL irql, void *caller)
{
	KIRQL old = minirq_irql_current();

	if (unlikely(old != DISPATCH_LEVEL || irql > DISPATCH_LEVEL ||
		     (irql < DISPATCH_LEVEL && in_serving_softirq())))
		minirq_spinlock_restore_refused(old, irql, caller);
	else
		minirq_irql_lower(DISPATCH_LEVEL, irql);
}

#endif /* MINIRQ_SPINLOCK_H */
