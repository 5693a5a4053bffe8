/* SPDX-License-Identifier: GPL-2.0-only */
/* StorPort requests that take too long, and the reset of a bus. */
#ifndef MINIRQ_STORPORT_RESET_H
#define MINIRQ_STORPORT_RESET_H

#include <linux/atomic.h>
#include <linux/types.h>

#include <wdm.h>

struct minirq_stor_adapter;
struct minirq_stor_request;

/**
 * struct minirq_stor_reset - looks for requests that take too long
 * @set:	@timer is
 * @timer:	queues @tick
 * @tick:	looks, once a second while there are requests with a limit
 */
struct minirq_stor_reset {
	atomic_t set;
	KTIMER timer;
	KDPC tick;
};

void minirq_stor_reset_init(struct minirq_stor_adapter *adapter);
void minirq_stor_reset_stop(struct minirq_stor_adapter *adapter);
void minirq_stor_reset_due(struct minirq_stor_request *request);
void minirq_stor_reset_watch(struct minirq_stor_adapter *adapter,
			     struct minirq_stor_request *request);

void minirq_stor_reset_look(struct minirq_stor_adapter *adapter, u64 now);
bool minirq_stor_reset_bus(struct minirq_stor_adapter *adapter, ULONG path);

#endif /* MINIRQ_STORPORT_RESET_H */
