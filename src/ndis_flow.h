/* SPDX-License-Identifier: GPL-2.0-only */
/* The flow of data through an adapter: paused, and restarted. */
#ifndef MINIRQ_NDIS_FLOW_H
#define MINIRQ_NDIS_FLOW_H

#include "ndis_miniport.h"

NDIS_STATUS minirq_ndis_flow_restart(struct minirq_ndis_miniport *miniport);
void minirq_ndis_flow_pause(struct minirq_ndis_miniport *miniport,
			    ULONG reason);

#endif /* MINIRQ_NDIS_FLOW_H */
