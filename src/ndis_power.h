/* SPDX-License-Identifier: GPL-2.0-only */
/* What an adapter is told of its device: its power, and that it is gone. */
#ifndef MINIRQ_NDIS_POWER_H
#define MINIRQ_NDIS_POWER_H

#include "ndis_miniport.h"

NDIS_STATUS minirq_ndis_power_set(struct minirq_ndis_miniport *miniport,
				  NDIS_DEVICE_POWER_STATE state);
void minirq_ndis_power_profile(struct minirq_ndis_miniport *miniport);
void minirq_ndis_power_gone(struct minirq_ndis_miniport *miniport);

#endif /* MINIRQ_NDIS_POWER_H */
