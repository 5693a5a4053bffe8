// SPDX-License-Identifier: GPL-2.0-only
/*
 * Simulated interrupts where the kernel has no irq_sim: an irq that is made
 * pending is handled in a self-interrupt of this CPU; one that is masked is lost.
 */
#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irq_sim.h>
#include <linux/irq_work.h>
#include <linux/irqdomain.h>
#include <linux/slab.h>

/**
 * struct sim - one irq
 * @irq:	Linux irq number
 * @enabled:	it is not masked
 * @pending:	raised, and not handled yet
 * @work:	what handles it
 */
struct sim {
	unsigned int irq;
	bool enabled;
	atomic_t pending;
	struct irq_work work;
};

static void handle(struct irq_work *work)
{
	struct sim *sim = container_of(work, struct sim, work);

	if (atomic_xchg(&sim->pending, 0))
		generic_handle_irq(sim->irq);
}

static void mask(struct irq_data *data)
{
	struct sim *sim = irq_data_get_irq_chip_data(data);

	sim->enabled = false;
}

static void unmask(struct irq_data *data)
{
	struct sim *sim = irq_data_get_irq_chip_data(data);

	sim->enabled = true;
}

static int get_state(struct irq_data *data, enum irqchip_irq_state which, bool *state)
{
	struct sim *sim = irq_data_get_irq_chip_data(data);

	if (which != IRQCHIP_STATE_PENDING)
		return -EINVAL;
	if (sim->enabled)
		*state = atomic_read(&sim->pending);
	return 0;
}

static int set_state(struct irq_data *data, enum irqchip_irq_state which, bool state)
{
	struct sim *sim = irq_data_get_irq_chip_data(data);

	if (which != IRQCHIP_STATE_PENDING)
		return -EINVAL;
	if (!sim->enabled)
		return 0;
	atomic_set(&sim->pending, state);
	if (state)
		irq_work_queue(&sim->work);
	return 0;
}

static struct irq_chip chip = {
	.name = "minirq_sim",
	.irq_mask = mask,
	.irq_unmask = unmask,
	.irq_get_irqchip_state = get_state,
	.irq_set_irqchip_state = set_state,
};

static int map(struct irq_domain *domain, unsigned int irq, irq_hw_number_t hwirq)
{
	struct sim *sim = kzalloc(sizeof(*sim), GFP_KERNEL);

	if (!sim)
		return -ENOMEM;
	sim->irq = irq;
	sim->work = IRQ_WORK_INIT_HARD(handle);
	irq_set_chip_and_handler(irq, &chip, handle_simple_irq);
	irq_set_chip_data(irq, sim);
	irq_modify_status(irq, IRQ_NOREQUEST | IRQ_NOAUTOEN, IRQ_NOPROBE);
	return 0;
}

static void unmap(struct irq_domain *domain, unsigned int irq)
{
	struct sim *sim = irq_get_chip_data(irq);

	irq_work_sync(&sim->work);
	irq_set_handler(irq, NULL);
	irq_domain_reset_irq_data(irq_get_irq_data(irq));
	kfree(sim);
}

static const struct irq_domain_ops ops = {
	.map = map,
	.unmap = unmap,
};

struct irq_domain *irq_domain_create_sim(struct fwnode_handle *fwnode, unsigned int count)
{
	struct irq_domain *domain = irq_domain_create_linear(fwnode, count, &ops, NULL);

	return domain ?: ERR_PTR(-ENOMEM);
}

void irq_domain_remove_sim(struct irq_domain *domain)
{
	irq_domain_remove(domain);
}
