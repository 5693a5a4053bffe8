/* SPDX-License-Identifier: GPL-2.0-only */
/* What a driver may say it will end later. */
#ifndef MINIRQ_NDIS_PENDING_H
#define MINIRQ_NDIS_PENDING_H

#include <linux/completion.h>

#include <ndis.h>

/**
 * struct minirq_ndis_pending - an operation that a driver may leave pending
 * @done:	it has ended
 * @open:	it has begun, and nobody has ended it
 * @status:	how it ended
 */
struct minirq_ndis_pending {
	struct completion done;
	bool open;
	NDIS_STATUS status;
};

void minirq_ndis_pending_init(struct minirq_ndis_pending *pending);
void minirq_ndis_pending_begin(struct minirq_ndis_pending *pending);
NDIS_STATUS minirq_ndis_pending_end(struct minirq_ndis_pending *pending,
				    NDIS_STATUS status);
void minirq_ndis_pending_complete(struct minirq_ndis_pending *pending,
				  NDIS_STATUS status, const char *function,
				  void *caller);

#endif /* MINIRQ_NDIS_PENDING_H */
