// SPDX-License-Identifier: GPL-2.0-only
/*
 * Interrupts without hardware: irq_sim behind the same seam as pci.
 *
 * Each irq has a domain of its own, so that two of them can be in their
 * handlers on two CPUs. irq_sim cannot hold an interrupt that arrives while it
 * is masked, nor move one, so its chip is copied and these are added: an armed
 * irq fires the moment it is unmasked, and a move rewrites the MSI descriptor.
 */
#include "fake_irq.h"

#include <linux/delay.h>
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_sim.h>
#include <linux/irqdomain.h>
#include <linux/msi.h>
#include <linux/slab.h>
#include <linux/smp.h>

#include <kunit/test.h>

#include "../src/interrupt.h"

/**
 * struct fake_irq - one simulated interrupt
 * @domain:	irq_sim's
 * @irq:	Linux irq number
 * @armed:	an interrupt is waiting for the irq to be unmasked
 * @real:	irq_sim's chip
 * @chip:	the copy that is used
 * @desc:	its MSI descriptor
 */
struct fake_irq {
	struct irq_domain *domain;
	unsigned int irq;
	bool armed;
	struct irq_chip *real;
	struct irq_chip chip;
	struct msi_desc desc;
};

/**
 * struct fake_irqs - what one call made
 * @irqs:	the seam
 * @count:	length of @fake
 * @fake:	by message id
 */
struct fake_irqs {
	struct minirq_irqs *irqs;
	unsigned int count;
	struct fake_irq fake[];
};

static void set_message(struct fake_irq *fake, unsigned int cpu, u32 data)
{
	fake->desc.msg.address_hi = 0;
	fake->desc.msg.address_lo = 0xfee00000 | cpu << 12;
	fake->desc.msg.data = data;
}

static void fake_unmask(struct irq_data *data)
{
	struct fake_irq *fake = irq_data_get_irq_handler_data(data);

	fake->real->irq_unmask(data);
	if (!fake->armed)
		return;
	fake->armed = false;
	fake->real->irq_set_irqchip_state(data, IRQCHIP_STATE_PENDING, true);
}

static int fake_set_affinity(struct irq_data *data, const struct cpumask *mask, bool force)
{
	struct fake_irq *fake = irq_data_get_irq_handler_data(data);
	unsigned int cpu = cpumask_first(mask);

	set_message(fake, cpu, fake->desc.msg.data + 1);
	irq_data_update_effective_affinity(data, cpumask_of(cpu));
	return IRQ_SET_MASK_OK;
}

static int create(struct fake_irq *fake, bool message, unsigned int id)
{
	fake->domain = irq_domain_create_sim(NULL, 1);
	if (IS_ERR(fake->domain)) {
		fake->domain = NULL;
		return -ENOMEM;
	}
	fake->irq = irq_create_mapping(fake->domain, 0);
	if (!fake->irq)
		return -ENOMEM;

	fake->real = irq_get_chip(fake->irq);
	fake->chip = *fake->real;
	fake->chip.irq_unmask = fake_unmask;
	fake->chip.irq_set_affinity = fake_set_affinity;
	irq_set_handler_data(fake->irq, fake);
	irq_set_chip(fake->irq, &fake->chip);
	if (message) {
		set_message(fake, 0, 0x4021 + 0x10 * id);
		irq_get_irq_data(fake->irq)->common->msi_desc = &fake->desc;
	}
	return 0;
}

static void destroy(struct fake_irq *fake)
{
	if (fake->irq) {
		irq_get_irq_data(fake->irq)->common->msi_desc = NULL;
		irq_set_chip(fake->irq, fake->real);
		irq_set_handler_data(fake->irq, NULL);
		irq_dispose_mapping(fake->irq);
	}
	if (fake->domain)
		irq_domain_remove_sim(fake->domain);
}

static void free_irqs(struct kunit_resource *resource)
{
	struct fake_irqs *all = resource->data;
	unsigned int id;

	for (id = 0; id < all->count; id++)
		destroy(&all->fake[id]);
	kfree(all->irqs);
	kfree(all);
}

static int init_irqs(struct kunit_resource *resource, void *data)
{
	resource->data = data;
	return 0;
}

static struct minirq_irqs *make(struct kunit *test, bool message, unsigned int count,
				unsigned int spare)
{
	unsigned int id, irqs = count + spare;
	struct fake_irqs *all = kzalloc(struct_size(all, fake, irqs), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, all);
	kunit_alloc_resource(test, init_irqs, free_irqs, GFP_KERNEL, all);
	all->irqs = kzalloc(struct_size(all->irqs, irq, irqs), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, all->irqs);
	all->irqs->message = message;
	all->irqs->count = count;
	all->count = irqs;
	for (id = 0; id < irqs; id++) {
		KUNIT_ASSERT_EQ(test, create(&all->fake[id], message, id), 0);
		all->irqs->irq[id] = all->fake[id].irq;
	}
	return all->irqs;
}

/* A device that was granted @count messages of MSI-X; it goes with the test. */
struct minirq_irqs *fake_irq_messages(struct kunit *test, unsigned int count)
{
	return fake_irq_table(test, count, count, count);
}

/* The same, with a table of which @entries have an irq. */
struct minirq_irqs *fake_irq_table(struct kunit *test, unsigned int count,
				   unsigned int entries, unsigned int table)
{
	struct minirq_irqs *irqs = make(test, true, count, entries - count);

	irqs->table = table;
	irqs->entries = entries;
	return irqs;
}

/* A device that was granted @count messages of MSI. */
struct minirq_irqs *fake_irq_msi(struct kunit *test, unsigned int count)
{
	return make(test, true, count, 0);
}

/* A device that was granted its line. */
struct minirq_irqs *fake_irq_line(struct kunit *test)
{
	return make(test, false, 1, 0);
}

/* A device that was granted nothing. */
struct minirq_irqs *fake_irq_none(struct kunit *test)
{
	return make(test, false, 0, 0);
}

static void raise(void *irq)
{
	irq_set_irqchip_state(*(const unsigned int *)irq, IRQCHIP_STATE_PENDING, true);
}

/* irq_sim does not answer for an irq that is masked: it has lost the interrupt. */
static bool taken(unsigned int irq)
{
	bool pending = false;

	irq_get_irqchip_state(irq, IRQCHIP_STATE_PENDING, &pending);
	return !pending;
}

/*
 * Raise an interrupt on a CPU without waiting for its handler. One that is
 * masked, or not requested, is lost, as in irq_sim.
 */
void fake_irq_send_on(const struct minirq_irqs *irqs, unsigned int id, unsigned int cpu)
{
	smp_call_function_single(cpu, raise, (void *)&irqs->irq[id], true);
}

static void nothing(void *unused)
{
}

/*
 * Raise an interrupt on a CPU, and return when its handler has. Once it is taken
 * that CPU is in irq_sim's interrupt, and answers a call only after it.
 */
void fake_irq_fire_on(const struct minirq_irqs *irqs, unsigned int id, unsigned int cpu)
{
	fake_irq_send_on(irqs, id, cpu);
	while (!taken(irqs->irq[id]))
		cpu_relax();
	smp_call_function_single(cpu, nothing, NULL, true);
	synchronize_hardirq(irqs->irq[id]);
}

/* Raise an interrupt on this CPU, and return when its handler has. */
void fake_irq_fire(const struct minirq_irqs *irqs, unsigned int id)
{
	fake_irq_fire_on(irqs, id, get_cpu());
	put_cpu();
}

/* The device has sent an interrupt already: it fires when it is unmasked. */
void fake_irq_arm(const struct minirq_irqs *irqs, unsigned int id)
{
	struct fake_irq *fake = irq_get_handler_data(irqs->irq[id]);

	fake->armed = true;
}

/* Does anybody listen? As /proc/interrupts would tell. */
bool fake_irq_connected(const struct minirq_irqs *irqs, unsigned int id)
{
	return irq_has_action(irqs->irq[id]);
}

/* Has the device been told to keep its interrupts? */
bool fake_irq_masked(const struct minirq_irqs *irqs, unsigned int id)
{
	return irqd_irq_masked(irq_get_irq_data(irqs->irq[id]));
}

u64 fake_irq_address(const struct minirq_irqs *irqs, unsigned int id)
{
	struct fake_irq *fake = irq_get_handler_data(irqs->irq[id]);

	return (u64)fake->desc.msg.address_hi << 32 | fake->desc.msg.address_lo;
}

u32 fake_irq_data(const struct minirq_irqs *irqs, unsigned int id)
{
	struct fake_irq *fake = irq_get_handler_data(irqs->irq[id]);

	return fake->desc.msg.data;
}
