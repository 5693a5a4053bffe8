// SPDX-License-Identifier: GPL-2.0-only
/*
 * What drivers hold on each CPU, noted while the verifier is on. A routine that
 * returns with more than it came with is reported, and loses it.
 *
 * Whoever holds such a lock stays on its CPU, so the notes need no lock; but ISRs
 * make notes, too.
 */
#include "held.h"

#include <linux/irqflags.h>
#include <linux/string.h>

#include "verifier.h"

/* More than that is not noted: nobody nests so deep. Some locks are two notes. */
#define NOTES	16

static DEFINE_PER_CPU(struct minirq_held, notes[NOTES]);
DEFINE_PER_CPU(unsigned int, minirq_held_notes);

/* A lock has been taken. */
void minirq_held_note(const struct minirq_held *held)
{
	unsigned int count;
	unsigned long flags;

	if (!minirq_verifying())
		return;
	local_irq_save(flags);
	count = minirq_held_count();
	if (count < NOTES) {
		this_cpu_ptr(notes)[count] = *held;
		this_cpu_write(minirq_held_notes, count + 1);
	}
	local_irq_restore(flags);
}

static void forget(const void *key)
{
	unsigned int i = minirq_held_count();
	struct minirq_held *held;

	while (i--) {
		held = this_cpu_ptr(notes) + i;
		if (held->key != key)
			continue;
		memmove(held, held + 1,
			(this_cpu_dec_return(minirq_held_notes) - i) *
				sizeof(*held));
		return;
	}
}

/*
 * A lock has been released. The verifier may have been switched meanwhile, so it
 * need not be there.
 */
void minirq_held_forget(const void *key)
{
	unsigned long flags;

	local_irq_save(flags);
	forget(key);
	local_irq_restore(flags);
}

/* Does this CPU hold an owner's lock of that kind? */
bool minirq_held_any(const void *owner, int kind)
{
	unsigned int i, count = minirq_held_count();

	for (i = 0; i < count; i++) {
		const struct minirq_held *held = this_cpu_ptr(notes) + i;

		if (held->owner == owner && held->kind == kind)
			return true;
	}
	return false;
}

/* Take the last of those beyond @count. */
static bool take(unsigned int count, struct minirq_held *held)
{
	unsigned long flags;
	bool more;

	local_irq_save(flags);
	more = minirq_held_count() > count;
	if (more)
		*held = this_cpu_ptr(notes)[this_cpu_dec_return(minirq_held_notes)];
	local_irq_restore(flags);
	return more;
}

/**
 * minirq_held_end() - a routine has returned
 * @count:	how many were noted when it was called
 * @routine:	the routine, for reports
 *
 * What it has left is reported and released, the last one first.
 */
void minirq_held_end(unsigned int count, void *routine)
{
	struct minirq_held held;

	while (take(count, &held))
		held.left(&held, routine);
}
