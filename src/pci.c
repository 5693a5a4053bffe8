// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a PCI function to an array of Linux irq numbers: how many of which kind,
 * by the policy that an INF states on Windows.
 */
#include "pci.h"

#include <linux/err.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/msi.h>
#include <linux/slab.h>

#include "interrupt.h"
#include "requirements.h"

/* What Windows 8 and later grant a function at most; MSI is bound by PCI. */
#define MSIX_LIMIT	2048
#define MSI_LIMIT	32

/*
 * Entries of an MSI-X table that get an irq beyond those of its messages: for a
 * driver with fewer messages than its device has sources, at what they cost.
 */
#define SPARE_LIMIT	16

static unsigned int most_of(int offered, unsigned int kind_limit)
{
	return min_t(unsigned int, max(offered, 0), kind_limit);
}

/**
 * minirq_pci_offer() - which interrupts could a function have?
 * @pdev:	an enabled function
 * @policy:	whether messages are allowed, how many, and on which CPUs
 *
 * MSI-X, or MSI, or the line.
 *
 * Context: process context, may sleep.
 * Return: the request, to be freed with kfree(), or NULL for want of memory.
 */
struct minirq_request *minirq_pci_offer(struct pci_dev *pdev,
					const struct minirq_policy *policy)
{
	unsigned int msix = most_of(pci_msix_vec_count(pdev), MSIX_LIMIT);
	unsigned int msi = most_of(pci_msi_vec_count(pdev), MSI_LIMIT);
	unsigned int most = msix ?: msi, id;
	struct minirq_request *request;

	if (!policy->msi || !most)
		return minirq_request_create(MINIRQ_LINE, 1, 1);
	request = minirq_request_create(msix ? MINIRQ_MSIX : MINIRQ_MSI, most,
					min(most, policy->message_limit ?: most));
	for (id = 0; request && id < request->count; id++)
		request->target[id] = (struct minirq_target) {
			.policy = policy->device_policy,
			.cpus = policy->processors,
		};
	return request;
}

static irqreturn_t not_ours(int irq, void *dev)
{
	return IRQ_NONE;
}

/*
 * An irq may have no vector before it is requested, and the kernel promises more
 * of them than it has. How many can be requested? Without a name, a request
 * gets no folder of its own in /proc/irq to be made and removed.
 */
static unsigned int requestable(struct minirq_irqs *irqs, unsigned int vectors)
{
	unsigned int i, good = 0;

	while (good < vectors &&
	       !request_irq(irqs->irq[good], not_ours,
			    IRQF_NO_AUTOEN | IRQF_NO_THREAD, NULL, irqs))
		good++;
	for (i = 0; i < good; i++)
		free_irq(irqs->irq[i], irqs);
	return good;
}

/* How many vectors a function is given, or a negative errno. */
static int alloc_vectors(struct pci_dev *pdev, enum minirq_kind kind,
			 unsigned int count)
{
	unsigned int spare;

	switch (kind) {
	case MINIRQ_MSIX:
		spare = min_t(unsigned int, SPARE_LIMIT,
			      pci_msix_vec_count(pdev) - count);
		return pci_alloc_irq_vectors(pdev, count, count + spare,
					     PCI_IRQ_MSIX);
	case MINIRQ_MSI:
		return pci_alloc_irq_vectors(pdev, count, count, PCI_IRQ_MSI);
	default:
		return pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX);
	}
}

static struct minirq_irqs *describe(struct pci_dev *pdev, unsigned int count,
				    unsigned int vectors)
{
	struct minirq_irqs *irqs = kvzalloc(struct_size(irqs, irq, vectors),
					    GFP_KERNEL);
	unsigned int i;

	if (!irqs)
		return NULL;
	irqs->message = pci_dev_msi_enabled(pdev);
	irqs->count = count;
	for (i = 0; i < vectors; i++)
		irqs->irq[i] = pci_irq_vector(pdev, i);
	if (pdev->msix_enabled)
		irqs->table = pci_msix_vec_count(pdev);
	return irqs;
}

/*
 * Entries of a table are masked while they are tried. A message of MSI need not be,
 * and a device might send it to nowhere.
 */
static bool all_good(struct minirq_irqs *irqs, unsigned int vectors)
{
	if (!irqs->table)
		return true;
	irqs->entries = requestable(irqs, vectors);
	return irqs->entries >= irqs->count;
}

/* So many irqs of a kind; or an ERR_PTR: -ENOMEM, or -ENOSPC: there are not. */
static struct minirq_irqs *grant(struct pci_dev *pdev, enum minirq_kind kind,
				 unsigned int count)
{
	int vectors = alloc_vectors(pdev, kind, count);
	struct minirq_irqs *irqs;

	if (vectors < 0)
		return ERR_PTR(-ENOSPC);
	irqs = describe(pdev, count, vectors);
	if (irqs && all_good(irqs, vectors))
		return irqs;
	pci_free_irq_vectors(pdev);
	if (!irqs)
		return ERR_PTR(-ENOMEM);
	kvfree(irqs);
	return ERR_PTR(-ENOSPC);
}

/*
 * All messages that are wanted or, if that is refused, a single one: never in
 * between. A function that is refused even that has its line.
 */
static struct minirq_irqs *grant_best(struct pci_dev *pdev,
				      const struct minirq_request *request)
{
	const struct {
		enum minirq_kind kind;
		unsigned int count;
	} tries[] = {
		{ request->kind, request->count },
		{ request->kind, 1 },
		{ MINIRQ_MSI, 1 },
		{ MINIRQ_LINE, 1 },
	};
	struct minirq_irqs *irqs = ERR_PTR(-ENOSPC);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(tries) && irqs == ERR_PTR(-ENOSPC); i++)
		if (tries[i].kind <= request->kind)
			irqs = grant(pdev, tries[i].kind, tries[i].count);
	if (irqs == ERR_PTR(-ENOSPC))
		irqs = describe(pdev, 0, 0) ?: ERR_PTR(-ENOMEM);
	return irqs;
}

/*
 * The irq has not been started, so nothing is under way: what the kernel notes
 * here is where it starts it. Moved by the usual call alone, some chips would
 * start it elsewhere, and move it at its first interrupt.
 */
static void send_to(unsigned int irq, const struct cpumask *mask)
{
	struct irq_data *data = irq_get_irq_data(irq);

	irq_set_affinity(irq, mask);
	irq_data_update_affinity(data, mask);
}

static int target_messages(struct pci_dev *pdev,
			   const struct minirq_request *request,
			   const struct minirq_irqs *irqs)
{
	unsigned int i, vectors = max(irqs->count, irqs->entries);
	cpumask_var_t mask;

	if (!irqs->message)
		return 0;
	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	for (i = 0; i < vectors; i++)
		if (minirq_request_cpus(request, i < irqs->count ? i : 0,
					dev_to_node(&pdev->dev), mask))
			send_to(irqs->irq[i], mask);
	free_cpumask_var(mask);
	return 0;
}

/**
 * minirq_pci_grant_request() - allocate the interrupts of a request
 * @pdev:	an enabled function, which has none
 * @request:	which kind, how many, and where they go
 *
 * What is refused is replaced by less: a single message, then the line. A
 * function that can have none of them is granted an empty array: its driver may
 * do without.
 *
 * Context: process context, may sleep.
 * Return: the irqs, or ERR_PTR(-ENOMEM).
 */
struct minirq_irqs *
minirq_pci_grant_request(struct pci_dev *pdev,
			 const struct minirq_request *request)
{
	struct minirq_irqs *irqs = grant_best(pdev, request);

	if (IS_ERR(irqs) || !target_messages(pdev, request, irqs))
		return irqs;
	minirq_pci_release(pdev, irqs);
	return ERR_PTR(-ENOMEM);
}

/**
 * minirq_pci_grant() - allocate what a function could have
 * @pdev:	an enabled function, which has no interrupts
 * @policy:	whether messages are allowed, how many, and on which CPUs
 *
 * Context: process context, may sleep.
 * Return: the irqs, or ERR_PTR(-ENOMEM).
 */
struct minirq_irqs *minirq_pci_grant(struct pci_dev *pdev,
				     const struct minirq_policy *policy)
{
	struct minirq_request *request = minirq_pci_offer(pdev, policy);
	struct minirq_irqs *irqs;

	if (!request)
		return ERR_PTR(-ENOMEM);
	irqs = minirq_pci_grant_request(pdev, request);
	kfree(request);
	return irqs;
}

/**
 * minirq_pci_grant_line() - give messages up for the line
 * @pdev:	a function whose irqs have been released
 *
 * Context: process context, may sleep.
 * Return: the irqs, or ERR_PTR(-ENOMEM).
 */
struct minirq_irqs *minirq_pci_grant_line(struct pci_dev *pdev)
{
	static const struct minirq_policy line_only;

	return minirq_pci_grant(pdev, &line_only);
}

/**
 * minirq_pci_release() - give a function's interrupts back
 * @pdev:	the function
 * @irqs:	what was granted; freed
 *
 * Context: process context, may sleep.
 */
void minirq_pci_release(struct pci_dev *pdev, struct minirq_irqs *irqs)
{
	pci_free_irq_vectors(pdev);
	kvfree(irqs);
}
