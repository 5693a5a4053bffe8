/* SPDX-License-Identifier: GPL-2.0-only */
/* The bus driver at the bottom of every stack of device objects. */
#ifndef MINIRQ_PNP_BUS_H
#define MINIRQ_PNP_BUS_H

#include <wdm.h>

extern struct _DRIVER_OBJECT minirq_pnp_bus_driver;

#endif /* MINIRQ_PNP_BUS_H */
