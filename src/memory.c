// SPDX-License-Identifier: GPL-2.0-only
/*
 * Memory for drivers. On Windows they may ask for it and free it while they hold a
 * spin lock, and of StorPort even at DIRQL. Their spin locks are raw here, and those of
 * Linux' allocator are not: that is wrong on PREEMPT_RT, where they sleep, and right
 * elsewhere. As lockdep complains on any kernel of what PREEMPT_RT could not do, it
 * has to be told that this is meant.
 */
#include "memory.h"

#include <linux/irqflags.h>
#include <linux/preempt.h>
#include <linux/slab.h>

#include "irql.h"

static DEFINE_WAIT_OVERRIDE_MAP(allocator, LD_WAIT_CONFIG);

/**
 * minirq_memory_gfp() - how memory may be allocated at the caller's level
 *
 * Context: any. At APC_LEVEL preemption is off.
 */
gfp_t minirq_memory_gfp(void)
{
	if (minirq_irql_current() == PASSIVE_LEVEL && !in_interrupt() &&
	    !irqs_disabled())
		return GFP_KERNEL;
	return GFP_ATOMIC;
}

static bool is_meant(gfp_t gfp)
{
	return !IS_ENABLED(CONFIG_PREEMPT_RT) && !gfpflags_allow_blocking(gfp);
}

/**
 * minirq_memory_enter() - what follows calls the allocator
 * @gfp:	how; if it may sleep, lockdep sees to that as ever
 */
void minirq_memory_enter(gfp_t gfp)
{
	if (is_meant(gfp))
		wait_override_begin(&allocator);
}

/**
 * minirq_memory_leave() - the end of what minirq_memory_enter() began
 * @gfp:	the same
 */
void minirq_memory_leave(gfp_t gfp)
{
	if (is_meant(gfp))
		wait_override_end(&allocator);
}

/**
 * minirq_memory_alloc() - allocate memory for a driver
 * @size:	how much
 * @gfp:	how; what does not sleep may be called at any IRQL
 *
 * Return: zeroed memory, to be freed with minirq_memory_free(), or NULL.
 */
void *minirq_memory_alloc(size_t size, gfp_t gfp)
{
	void *memory;

	minirq_memory_enter(gfp);
	memory = kzalloc(size, gfp);
	minirq_memory_leave(gfp);
	return memory;
}

/**
 * minirq_memory_free() - free what minirq_memory_alloc() returned, at any IRQL
 * @memory:	the memory, or NULL
 */
void minirq_memory_free(const void *memory)
{
	minirq_memory_enter(GFP_ATOMIC);
	kfree(memory);
	minirq_memory_leave(GFP_ATOMIC);
}
