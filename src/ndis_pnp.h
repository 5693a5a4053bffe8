/* SPDX-License-Identifier: GPL-2.0-only */
/* What an NDIS driver may do to a device before it is an adapter. */
#ifndef MINIRQ_NDIS_PNP_H
#define MINIRQ_NDIS_PNP_H

#include <ndis.h>

struct minirq_ndis_driver;
struct minirq_ndis_miniport;
struct minirq_request;

NDIS_STATUS minirq_ndis_pnp_set_options(struct minirq_ndis_driver *driver);
NDIS_STATUS minirq_ndis_pnp_add(struct minirq_ndis_miniport *miniport);
struct minirq_request *
minirq_ndis_pnp_filter(struct minirq_ndis_miniport *miniport,
		       const struct minirq_request *offer);
void minirq_ndis_pnp_remove(struct minirq_ndis_miniport *miniport);

#endif /* MINIRQ_NDIS_PNP_H */
