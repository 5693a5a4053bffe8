/* SPDX-License-Identifier: GPL-2.0-only */
/* How completed StorPort requests get back to their initiators. */
#ifndef MINIRQ_STORPORT_DELIVER_H
#define MINIRQ_STORPORT_DELIVER_H

#include <linux/compiler.h>
#include <linux/llist.h>
#include <linux/types.h>

#include <wdm.h>

struct minirq_stor_adapter;
struct minirq_stor_request;

/**
 * struct minirq_stor_deliverer - delivers completions on one CPU
 * @dpc:	runs while there are some
 * @list:	the requests, latest first
 * @busy:	it delivers
 */
struct minirq_stor_deliverer {
	KDPC dpc;
	struct llist_head list;
	bool busy;
};

struct minirq_stor_deliverer __percpu *minirq_stor_deliverers_create(void);
void minirq_stor_deliverers_destroy(struct minirq_stor_deliverer __percpu *each);

void minirq_stor_deliver(struct minirq_stor_adapter *adapter,
			 struct minirq_stor_request *request);
void minirq_stor_deliver_batch(struct minirq_stor_adapter *adapter,
			       struct llist_node *first);

#endif /* MINIRQ_STORPORT_DELIVER_H */
