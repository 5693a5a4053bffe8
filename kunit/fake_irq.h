/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Interrupts without hardware: irq_sim behind the same seam as pci, with MSI
 * descriptors of its own.
 */
#ifndef MINIRQ_FAKE_IRQ_H
#define MINIRQ_FAKE_IRQ_H

#include <linux/types.h>

struct kunit;
struct minirq_irqs;

struct minirq_irqs *fake_irq_messages(struct kunit *test, unsigned int count);
struct minirq_irqs *fake_irq_table(struct kunit *test, unsigned int count,
				   unsigned int entries, unsigned int table);
struct minirq_irqs *fake_irq_msi(struct kunit *test, unsigned int count);
struct minirq_irqs *fake_irq_line(struct kunit *test);
struct minirq_irqs *fake_irq_none(struct kunit *test);

void fake_irq_fire(const struct minirq_irqs *irqs, unsigned int id);
void fake_irq_fire_on(const struct minirq_irqs *irqs, unsigned int id, unsigned int cpu);
void fake_irq_send_on(const struct minirq_irqs *irqs, unsigned int id, unsigned int cpu);
void fake_irq_arm(const struct minirq_irqs *irqs, unsigned int id);
bool fake_irq_connected(const struct minirq_irqs *irqs, unsigned int id);
bool fake_irq_masked(const struct minirq_irqs *irqs, unsigned int id);

u64 fake_irq_address(const struct minirq_irqs *irqs, unsigned int id);
u32 fake_irq_data(const struct minirq_irqs *irqs, unsigned int id);

#endif /* MINIRQ_FAKE_IRQ_H */
