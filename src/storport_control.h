/* SPDX-License-Identifier: GPL-2.0-only */
/* What a StorPort miniport is told to do with its adapter. */
#ifndef MINIRQ_STORPORT_CONTROL_H
#define MINIRQ_STORPORT_CONTROL_H

#include <storport.h>

struct minirq_request;
struct minirq_stor_miniport;

struct minirq_request *
minirq_storport_filter(struct minirq_stor_miniport *miniport,
		       const struct minirq_request *offer);
void minirq_storport_stop_adapter(struct minirq_stor_miniport *miniport);
void minirq_storport_surprise(struct minirq_stor_miniport *miniport);
bool minirq_storport_restart_adapter(struct minirq_stor_miniport *miniport);
void minirq_storport_power(struct minirq_stor_miniport *miniport,
			   STOR_DEVICE_POWER_STATE state);

#endif /* MINIRQ_STORPORT_CONTROL_H */
