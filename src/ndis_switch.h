/* SPDX-License-Identifier: GPL-2.0-only */
/* Interrupts that are to stop for a while, and to come back. */
#ifndef MINIRQ_NDIS_SWITCH_H
#define MINIRQ_NDIS_SWITCH_H

#include <linux/types.h>

struct _KINTERRUPT;
struct minirq_ndis_interrupt;

void minirq_ndis_switch_device(struct _KINTERRUPT *ki, bool enabled);
void minirq_ndis_switch_devices(struct minirq_ndis_interrupt *ni, bool enabled);

void minirq_ndis_switch_sleep(struct minirq_ndis_interrupt *ni);
void minirq_ndis_switch_end(struct minirq_ndis_interrupt *ni);
void minirq_ndis_switch_wake(struct minirq_ndis_interrupt *ni);

#endif /* MINIRQ_NDIS_SWITCH_H */
