/* SPDX-License-Identifier: GPL-2.0-only */
/* Looking after an adapter that may hang, and resetting it. */
#ifndef MINIRQ_NDIS_RESET_H
#define MINIRQ_NDIS_RESET_H

#include "ndis_miniport.h"

void minirq_ndis_reset_init(struct minirq_ndis_miniport *miniport);
void minirq_ndis_reset_watch(struct minirq_ndis_miniport *miniport);
void minirq_ndis_reset_unwatch(struct minirq_ndis_miniport *miniport);

#endif /* MINIRQ_NDIS_RESET_H */
