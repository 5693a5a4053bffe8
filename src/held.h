/* SPDX-License-Identifier: GPL-2.0-only */
/* What drivers hold on each CPU, noted while the verifier is on. */
#ifndef MINIRQ_HELD_H
#define MINIRQ_HELD_H

#include <linux/percpu.h>

#include <wdm.h>

/**
 * struct minirq_held - a lock that a driver has taken
 * @key:	by which its release is known
 * @left:	a routine returned without releasing it: report, and release
 * @owner:	whose lock, for @left
 * @kind:	which
 * @lock:	NULL when it is not one lock
 * @old:	the level before
 */
struct minirq_held {
	void *key;
	void (*left)(const struct minirq_held *held, void *routine);
	void *owner;
	int kind;
	PKSPIN_LOCK lock;
	KIRQL old;
};

DECLARE_PER_CPU(unsigned int, minirq_held_notes);

/* How many are noted on this CPU. */
static __always_inline unsigned int minirq_held_count(void)
{
	return this_cpu_read(minirq_held_notes);
}

void minirq_held_note(const struct minirq_held *held);
void minirq_held_forget(const void *key);
bool minirq_held_any(const void *owner, int kind);
void minirq_held_end(unsigned int count, void *routine);

#endif /* MINIRQ_HELD_H */
