/* SPDX-License-Identifier: GPL-2.0-only */
/* Deferred procedure calls: per-CPU queues, each drained by one tasklet. */
#ifndef MINIRQ_DPC_H
#define MINIRQ_DPC_H

#include <wdm.h>

void minirq_dpc_start(void);
void minirq_dpc_stop(void);

void minirq_dpc_init_serialized(PRKDPC dpc, PKDEFERRED_ROUTINE routine,
				PVOID context);
bool minirq_dpc_insert_on(PRKDPC dpc, unsigned int cpu, PVOID arg1, PVOID arg2);

#endif /* MINIRQ_DPC_H */
