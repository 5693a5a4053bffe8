/* SPDX-License-Identifier: GPL-2.0-only */
/* Work items of NDIS, and the thread pool they run in. */
#ifndef MINIRQ_NDIS_WORK_H
#define MINIRQ_NDIS_WORK_H

struct work_struct;

int minirq_ndis_work_start(void);
void minirq_ndis_work_stop(void);
void minirq_ndis_work_queue(struct work_struct *work);
void minirq_ndis_work_flush(void);

#endif /* MINIRQ_NDIS_WORK_H */
