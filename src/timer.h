/* SPDX-License-Identifier: GPL-2.0-only */
/* Timers that queue a DPC when they expire. */
#ifndef MINIRQ_TIMER_H
#define MINIRQ_TIMER_H

#include <linux/types.h>

#include <wdm.h>

/*
 * What KeSetTimerEx() and KeCancelTimer() do, at any IRQL: a port driver's timer
 * is a KTIMER, initialised by KeInitializeTimer(), and a KDPC.
 */
bool minirq_timer_set(PKTIMER timer, LARGE_INTEGER due, ULONG period, PKDPC dpc);
bool minirq_timer_cancel(PKTIMER timer);

int minirq_timer_start(void);
void minirq_timer_stop(void);

#endif /* MINIRQ_TIMER_H */
