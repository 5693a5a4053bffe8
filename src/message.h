/* SPDX-License-Identifier: GPL-2.0-only */
/* Message tables, from the live MSI descriptors. */
#ifndef MINIRQ_MESSAGE_H
#define MINIRQ_MESSAGE_H

#include <linux/types.h>

#include <wdm.h>

struct minirq_message_table;
struct msi_msg;

int minirq_message_start(void);
void minirq_message_stop(void);

bool minirq_message_programmed(unsigned int irq, struct msi_msg *msg);
bool minirq_message_read(unsigned int irq,
			 PIO_INTERRUPT_MESSAGE_INFO_ENTRY entry);

struct minirq_message_table *
minirq_message_table_create(const unsigned int *irqs, unsigned int count);
PIO_INTERRUPT_MESSAGE_INFO
minirq_message_table_info(struct minirq_message_table *table);
void minirq_message_table_object(struct minirq_message_table *table,
				 unsigned int id, PKINTERRUPT object);
void minirq_message_table_irql(struct minirq_message_table *table, KIRQL irql);
void minirq_message_table_refresh(struct minirq_message_table *table);
void minirq_message_table_watch(struct minirq_message_table *table);
void minirq_message_table_unwatch(struct minirq_message_table *table);
bool minirq_message_table_intact(struct minirq_message_table *table);
void minirq_message_table_destroy(struct minirq_message_table *table);

#endif /* MINIRQ_MESSAGE_H */
