/* SPDX-License-Identifier: GPL-2.0-only */
/* Waiting for deferred procedure calls. */
#ifndef MINIRQ_DPC_FLUSH_H
#define MINIRQ_DPC_FLUSH_H

void minirq_dpc_flush(void);

#endif /* MINIRQ_DPC_FLUSH_H */
