/* SPDX-License-Identifier: GPL-2.0-only */
/* The MSI-X table of a device, as its driver may change it. */
#ifndef MINIRQ_MSIX_TABLE_H
#define MINIRQ_MSIX_TABLE_H

#include <linux/types.h>

#include <wdm.h>

struct minirq_interrupt;
struct minirq_irqs;
struct minirq_msix_table;

struct minirq_msix_table *
minirq_msix_table_create(const struct minirq_irqs *irqs);
void minirq_msix_table_destroy(struct minirq_msix_table *table);

void minirq_msix_table_attach(struct minirq_msix_table *table,
			      struct minirq_interrupt *intr);
void minirq_msix_table_detach(struct minirq_msix_table *table,
			      struct minirq_interrupt *intr);

int minirq_msix_table_set(struct minirq_msix_table *table, unsigned int entry,
			  unsigned int message);
int minirq_msix_table_mask(struct minirq_msix_table *table, unsigned int entry,
			   bool mask);

int minirq_msix_table_interface(struct minirq_msix_table *table,
				PPCI_MSIX_TABLE_CONFIG_INTERFACE interface,
				USHORT size);

#endif /* MINIRQ_MSIX_TABLE_H */
