/* SPDX-License-Identifier: GPL-2.0-only */
/* Where a thread may run. */
#ifndef MINIRQ_AFFINITY_H
#define MINIRQ_AFFINITY_H

void minirq_affinity_stop(void);

#endif /* MINIRQ_AFFINITY_H */
