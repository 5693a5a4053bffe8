/* SPDX-License-Identifier: GPL-2.0-only */
/* NDIS 6 ISRs and the DPCs they ask for. */
#ifndef MINIRQ_NDIS_DPC_H
#define MINIRQ_NDIS_DPC_H

#include <linux/interrupt.h>

#include <wdm.h>

struct minirq_ndis_interrupt;

irq_handler_t minirq_ndis_dpc_handler(bool message);
int minirq_ndis_dpc_create(struct minirq_ndis_interrupt *ni);
void minirq_ndis_dpc_destroy(struct minirq_ndis_interrupt *ni);
void minirq_ndis_dpc_request(struct minirq_ndis_interrupt *ni, bool here,
			     ULONG targets);
void minirq_ndis_dpc_release(struct minirq_ndis_interrupt *ni);

#endif /* MINIRQ_NDIS_DPC_H */
