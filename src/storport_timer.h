/* SPDX-License-Identifier: GPL-2.0-only */
/* StorPort timers. */
#ifndef MINIRQ_STORPORT_TIMER_H
#define MINIRQ_STORPORT_TIMER_H

#include <linux/list.h>
#include <linux/spinlock.h>

#include <storport.h>

struct minirq_stor_adapter;
struct minirq_stor_timer;

/**
 * struct minirq_stor_timers - the timers of an adapter
 * @lock:	protects the rest, and what each of them is set to
 * @objects:	those that the driver has made
 * @request:	that of RequestTimerCall
 * @held:	the adapter is suspended: none expires
 */
struct minirq_stor_timers {
	raw_spinlock_t lock;
	struct list_head objects;
	struct minirq_stor_timer *request;
	bool held;
};

int minirq_stor_timers_init(struct minirq_stor_adapter *adapter);
void minirq_stor_timers_stop(struct minirq_stor_adapter *adapter);
void minirq_stor_timers_hold(struct minirq_stor_adapter *adapter);
void minirq_stor_timers_go(struct minirq_stor_adapter *adapter);
void minirq_stor_timers_release(struct minirq_stor_adapter *adapter);

void minirq_storport_request_timer(struct minirq_stor_adapter *adapter,
				   PHW_TIMER routine, ULONG microseconds,
				   void *caller);

#endif /* MINIRQ_STORPORT_TIMER_H */
