/* SPDX-License-Identifier: GPL-2.0-only */
/* Non-paged memory of NDIS drivers. */
#ifndef MINIRQ_NDIS_MEMORY_H
#define MINIRQ_NDIS_MEMORY_H

void minirq_ndis_memory_free(void *address);

#endif /* MINIRQ_NDIS_MEMORY_H */
