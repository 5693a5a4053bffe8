/* SPDX-License-Identifier: GPL-2.0-only */
/* Requests are handed to a StorPort miniport. */
#ifndef MINIRQ_STORPORT_START_H
#define MINIRQ_STORPORT_START_H

#include <wdm.h>

struct minirq_stor_adapter;
struct minirq_stor_request;

int minirq_stor_request_start(struct minirq_stor_adapter *adapter,
			      struct minirq_stor_request *request);
void minirq_stor_request_continue(struct minirq_stor_adapter *adapter,
				  struct minirq_stor_request *request);

KIRQL minirq_stor_start_lock(struct minirq_stor_adapter *adapter);
void minirq_stor_start_unlock(struct minirq_stor_adapter *adapter, KIRQL old);

#endif /* MINIRQ_STORPORT_START_H */
