/* SPDX-License-Identifier: GPL-2.0-only */
/* StorPort spin locks. */
#ifndef MINIRQ_STORPORT_LOCK_H
#define MINIRQ_STORPORT_LOCK_H

#include <wdm.h>

struct minirq_stor_adapter;

KIRQL minirq_storport_lock_interrupt(struct minirq_stor_adapter *adapter);
void minirq_storport_unlock_interrupt(struct minirq_stor_adapter *adapter,
				      KIRQL old);

#endif /* MINIRQ_STORPORT_LOCK_H */
