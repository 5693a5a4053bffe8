/* SPDX-License-Identifier: GPL-2.0-only */
/* Memory for drivers, at any IRQL. */
#ifndef MINIRQ_MEMORY_H
#define MINIRQ_MEMORY_H

#include <linux/gfp.h>

gfp_t minirq_memory_gfp(void);

void *minirq_memory_alloc(size_t size, gfp_t gfp);
void minirq_memory_free(const void *memory);

void minirq_memory_enter(gfp_t gfp);
void minirq_memory_leave(gfp_t gfp);

#endif /* MINIRQ_MEMORY_H */
