/* SPDX-License-Identifier: GPL-2.0-only */
/* Threaded deferred procedure calls. */
#ifndef MINIRQ_DPC_THREADED_H
#define MINIRQ_DPC_THREADED_H

#include <linux/types.h>

#include <wdm.h>

extern bool minirq_dpc_threaded_enabled;

int minirq_dpc_threaded_start(void);
void minirq_dpc_threaded_stop(void);

void minirq_dpc_init_threaded(PRKDPC dpc, PKDEFERRED_ROUTINE routine,
			      PVOID context);

#endif /* MINIRQ_DPC_THREADED_H */
