// SPDX-License-Identifier: GPL-2.0-only
/*
 * Allocations that fail. What kmalloc() and its relatives end in is traced, and
 * the call that is to fail goes to a function that returns NULL instead.
 */
#include "no_memory.h"

#include <linux/ftrace.h>
#include <linux/gfp.h>
#include <linux/kernel.h>
#include <linux/sched.h>
#include <linux/string.h>

#include <kunit/test.h>

/* Kernels differ in which of them they have; 6.10 renamed them. */
static char *const allocators[] = {
	"__kmalloc", "__kmalloc_node", "kmalloc_trace", "kmalloc_node_trace",
	"__kmalloc_noprof", "__kmalloc_node_noprof",
	"__kmalloc_cache_noprof", "__kmalloc_cache_node_noprof",
};

/* Who is to go without, and after how many more allocations. */
static struct task_struct *victim;
static unsigned int countdown;

/* The arguments do not matter: whoever is called returns to the caller. */
static noinline notrace void *no_memory(void)
{
	return NULL;
}

/* What the kernel did not get into /proc it complains about when it is to go again. */
static bool notrace may_fail(unsigned long caller)
{
	char name[32];

	scnprintf(name, sizeof(name), "%ps", (void *)caller);
	return strcmp(name, "__proc_create");
}

/* How memory is to be allocated is the second argument of them all. */
static bool notrace must_not_fail(struct ftrace_regs *regs)
{
	return ftrace_regs_get_argument(regs, 1) & (__force unsigned long)__GFP_NOFAIL;
}

static void notrace count(unsigned long ip, unsigned long parent, struct ftrace_ops *ops,
			  struct ftrace_regs *regs)
{
	if (READ_ONCE(victim) != current || !in_task() || !countdown || must_not_fail(regs))
		return;
	if (may_fail(parent) && !--countdown)
		ftrace_regs_set_instruction_pointer(regs, (unsigned long)no_memory);
}

static struct ftrace_ops tracer = {
	.func = count,
	.flags = FTRACE_OPS_FL_SAVE_REGS | FTRACE_OPS_FL_IPMODIFY | FTRACE_OPS_FL_RECURSION,
};

static int start_tracing(struct kunit_resource *resource, void *unused)
{
	unsigned int i, found = 0;

	for (i = 0; i < ARRAY_SIZE(allocators); i++)
		found += !ftrace_set_filter(&tracer, allocators[i],
					    strlen(allocators[i]), 0);
	resource->data = &tracer;
	return found ? register_ftrace_function(&tracer) : -ENOENT;
}

static void stop_tracing(struct kunit_resource *resource)
{
	allocation_failed();
	unregister_ftrace_function(&tracer);
	ftrace_set_filter(&tracer, NULL, 0, 1);
}

void need_failures(struct kunit *test)
{
	KUNIT_ASSERT_NOT_NULL(test, kunit_alloc_resource(test, start_tracing, stop_tracing,
							 GFP_KERNEL, NULL));
}

void fail_allocation(unsigned int nth)
{
	countdown = nth;
	WRITE_ONCE(victim, current);
}

bool allocation_failed(void)
{
	WRITE_ONCE(victim, NULL);
	return !countdown;
}
