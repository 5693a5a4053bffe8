// SPDX-License-Identifier: GPL-2.0-only
/*
 * What the calling thread allocates and does not free, in bytes as the kernel
 * rounds them: the slab and the per-CPU allocator say it in their tracepoints.
 */
#include "bench.h"
#include "core.h"

#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/slab.h>
#include <linux/tracepoint.h>

static struct task_struct *counting;
static s64 bytes;

static void add(s64 size)
{
	if (current == counting && in_task())
		bytes += size;
}

/* Linux 6.12 reports an allocation of pages twice, one right after the other. */
static const void *last;

static void allocated(void *data, unsigned long caller, const void *ptr)
{
	if (current != counting || ZERO_OR_NULL_PTR(ptr) || ptr == last)
		return;
	last = ptr;
	add(ksize(ptr));
}

static void freed(void *data, unsigned long caller, const void *ptr)
{
	if (current != counting || ZERO_OR_NULL_PTR(ptr))
		return;
	last = NULL;
	add(-(s64)ksize(ptr));
}

static void allocated_percpu(void *data, unsigned long caller, bool reserved, bool atomic,
			     size_t size)
{
	add(size * num_possible_cpus());
}

/* Probes may take fewer arguments than their tracepoint passes. */
static struct {
	const char *name;
	void *probe;
	struct tracepoint *tracepoint;
} probes[] = {
	{ "kmalloc", allocated },
	{ "kmalloc_node", allocated },
	{ "kmem_cache_alloc", allocated },
	{ "kmem_cache_alloc_node", allocated },
	{ "kfree", freed },
	{ "kmem_cache_free", freed },
	{ "percpu_alloc_percpu", allocated_percpu },
};

/* Count from here on; memory_counted() ends it. */
void memory_count(void)
{
	bytes = 0;
	last = NULL;
	WRITE_ONCE(counting, current);
}

s64 memory_counted(void)
{
	WRITE_ONCE(counting, NULL);
	return bytes;
}

/**
 * bench_memory_own() - leave out what only the benchmark needs
 * @size:	of an allocation that has been or will be counted
 */
void bench_memory_own(size_t size)
{
	add(-(s64)kmalloc_size_roundup(size));
}
EXPORT_SYMBOL_GPL(bench_memory_own);

static void look_at(struct tracepoint *tracepoint, void *unused)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (!strcmp(tracepoint->name, probes[i].name))
			probes[i].tracepoint = tracepoint;
}

void memory_exit(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(probes); i++)
		if (probes[i].tracepoint)
			tracepoint_probe_unregister(probes[i].tracepoint, probes[i].probe, NULL);
	tracepoint_synchronize_unregister();
}

int memory_init(void)
{
	unsigned int i;
	int err = 0;

	for_each_kernel_tracepoint(look_at, NULL);
	for (i = 0; i < ARRAY_SIZE(probes) && !err; i++)
		if (probes[i].tracepoint)
			err = tracepoint_probe_register(probes[i].tracepoint, probes[i].probe,
							NULL);
	return err;
}
