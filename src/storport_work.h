/* SPDX-License-Identifier: GPL-2.0-only */
/* StorPort work items. */
#ifndef MINIRQ_STORPORT_WORK_H
#define MINIRQ_STORPORT_WORK_H

#include <linux/list.h>
#include <linux/spinlock.h>

struct workqueue_struct;

/**
 * struct minirq_stor_work - the work items of an adapter
 * @queue:	runs them
 * @lock:	protects @workers
 * @workers:	those that are initialised
 */
struct minirq_stor_work {
	struct workqueue_struct *queue;
	raw_spinlock_t lock;
	struct list_head workers;
};

int minirq_stor_work_init(struct minirq_stor_work *work);
void minirq_stor_work_flush(struct minirq_stor_work *work);
void minirq_stor_work_release(struct minirq_stor_work *work);

#endif /* MINIRQ_STORPORT_WORK_H */
