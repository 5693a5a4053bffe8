/* SPDX-License-Identifier: GPL-2.0-only */
/* Registers and memory that a StorPort adapter uses. */
#ifndef MINIRQ_STORPORT_MEMORY_H
#define MINIRQ_STORPORT_MEMORY_H

#include <linux/dma-mapping.h>
#include <linux/list.h>
#include <linux/spinlock.h>

struct pci_dev;

/**
 * struct minirq_stor_memory - what an adapter uses
 * @pdev:	its function, NULL in a test
 * @mappings:	what StorPortGetDeviceBase() mapped
 * @lock:	protects @blocks
 * @blocks:	contiguous memory that the driver has allocated
 * @uncached:	the uncached extension, or NULL
 * @uncached_dma: its address on the bus
 * @uncached_size: its size
 */
struct minirq_stor_memory {
	struct pci_dev *pdev;
	struct list_head mappings;
	raw_spinlock_t lock;
	struct list_head blocks;
	void *uncached;
	dma_addr_t uncached_dma;
	size_t uncached_size;
};

void minirq_stor_memory_init(struct minirq_stor_memory *memory,
			     struct pci_dev *pdev);
void minirq_stor_memory_release(struct minirq_stor_memory *memory);
void minirq_stor_contiguous_release(struct minirq_stor_memory *memory);

#endif /* MINIRQ_STORPORT_MEMORY_H */
