/* SPDX-License-Identifier: GPL-2.0-only */
/* How much an adapter's DPC handlers may indicate in one call. */
#ifndef MINIRQ_NDIS_THROTTLE_H
#define MINIRQ_NDIS_THROTTLE_H

struct minirq_ndis_adapter;

void minirq_ndis_throttle_add(struct minirq_ndis_adapter *adapter);
void minirq_ndis_throttle_remove(struct minirq_ndis_adapter *adapter);
void minirq_ndis_throttle_configure(struct minirq_ndis_adapter *adapter);

void minirq_ndis_throttle_recalled(struct minirq_ndis_adapter *adapter,
				   void *handler);
void minirq_ndis_throttle_for_each(void (*fn)(struct minirq_ndis_adapter *adapter,
					      void *arg),
				   void *arg);

#endif /* MINIRQ_NDIS_THROTTLE_H */
