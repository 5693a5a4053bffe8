/* SPDX-License-Identifier: GPL-2.0-only */
/* StorPort performance options: which message and CPU serves a request. */
#ifndef MINIRQ_STORPORT_PERF_H
#define MINIRQ_STORPORT_PERF_H

#include <linux/types.h>

#include <storport.h>

struct minirq_stor_adapter;

/**
 * struct minirq_stor_perf - the options that an adapter has chosen
 * @flags:	STOR_PERF_*, those that have been applied
 * @channels:	how many calls of HwStorStartIo may overlap; 0 as 1
 * @first:	first message that takes part in redirection
 * @last:	last one
 */
struct minirq_stor_perf {
	ULONG flags;
	ULONG channels;
	ULONG first;
	ULONG last;
};

unsigned int minirq_storport_message_for(struct minirq_stor_adapter *adapter,
					 unsigned int cpu);
unsigned int
minirq_storport_completion_cpu(struct minirq_stor_adapter *adapter,
			       unsigned int issuer, unsigned int message);

#endif /* MINIRQ_STORPORT_PERF_H */
