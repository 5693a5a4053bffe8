/* SPDX-License-Identifier: GPL-2.0-only */
/* Processor numbers. */
#ifndef MINIRQ_PROCESSOR_H
#define MINIRQ_PROCESSOR_H

#include <linux/cpumask.h>

#include <wdm.h>

static inline bool minirq_processor_valid(unsigned int cpu)
{
	return cpu < nr_cpu_ids && cpu_online(cpu);
}

KAFFINITY minirq_processor_affinity(const struct cpumask *mask, PUSHORT group);
bool minirq_processor_mask(struct cpumask *mask, USHORT group,
			   KAFFINITY affinity);

#endif /* MINIRQ_PROCESSOR_H */
