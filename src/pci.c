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
static unsigned int requestable(struct pci_dev *pdev, unsigned int vectors)
{
	unsigned int i, good = 0;

	while (good < vectors &&
	       !request_irq(pci_irq_vector(pdev, good), not_ours,
			    IRQF_NO_AUTOEN | IRQF_NO_THREAD, NULL, pdev))
		good++;
	for (i = 0; i < good; i++)
		free_irq(pci_irq_vector(pdev, i), pdev);
	return good;
}

/*
 * Entries of a table are masked while they are tried. A message of MSI need not be,
 * and a device might send it to nowhere.
 */
static int alloc_msix(struct pci_dev *pdev, unsigned int count)
{
	unsigned int spare = min_t(unsigned int, SPARE_LIMIT,
				   pci_msix_vec_count(pdev) - count);
	int vectors = pci_alloc_irq_vectors(pdev, count, count + spare,
					    PCI_IRQ_MSIX);
	unsigned int good;

	if (vectors < 0)
		return vectors;
	good = requestable(pdev, vectors);
	if (good >= count)
		return good;
	pci_free_irq_vectors(pdev);
	return -ENOSPC;
}

static int alloc_messages(struct pci_dev *pdev, enum minirq_kind kind,
			  unsigned int count)
{
	if (kind == MINIRQ_MSIX)
		return alloc_msix(pdev, count);
	return pci_alloc_irq_vectors(pdev, count, count, PCI_IRQ_MSI);
}

/*
 * All messages that are wanted or, if that is refused, a single one: never in
 * between. A function that is refused even that has its line.
 */
static int alloc_vectors(struct pci_dev *pdev,
			 const struct minirq_request *request,
			 unsigned int *count)
{
	int vectors = -ENOSPC;

	*count = request->count;
	if (request->kind != MINIRQ_LINE)
		vectors = alloc_messages(pdev, request->kind, *count);
	if (vectors >= 0)
		return vectors;
	*count = 1;
	if (request->kind != MINIRQ_LINE)
		vectors = alloc_messages(pdev, request->kind, 1);
	if (vectors < 0 && request->kind == MINIRQ_MSIX)
		vectors = alloc_messages(pdev, MINIRQ_MSI, 1);
	if (vectors < 0)
		vectors = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX);
	return max(vectors, 0);
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
			   const struct minirq_irqs *irqs, unsigned int vectors)
{
	cpumask_var_t mask;
	unsigned int i;

	if (!alloc_cpumask_var(&mask, GFP_KERNEL))
		return -ENOMEM;
	for (i = 0; irqs->message && i < vectors; i++)
		if (minirq_request_cpus(request, i < irqs->count ? i : 0,
					dev_to_node(&pdev->dev), mask))
			send_to(irqs->irq[i], mask);
	free_cpumask_var(mask);
	return 0;
}

static void describe(struct pci_dev *pdev, struct minirq_irqs *irqs,
		     unsigned int count, unsigned int vectors)
{
	unsigned int i;

	irqs->message = pci_dev_msi_enabled(pdev);
	irqs->count = min(count, vectors);
	if (pdev->msix_enabled) {
		irqs->table = pci_msix_vec_count(pdev);
		irqs->entries = vectors;
	}
	for (i = 0; i < vectors; i++)
		irqs->irq[i] = pci_irq_vector(pdev, i);
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
	unsigned int count, vectors = alloc_vectors(pdev, request, &count);
	struct minirq_irqs *irqs;

	irqs = kvzalloc(struct_size(irqs, irq, vectors), GFP_KERNEL);
	if (!irqs)
		goto free_vectors;
	describe(pdev, irqs, count, vectors);
	if (target_messages(pdev, request, irqs, vectors))
		goto free_irqs;
	return irqs;

free_irqs:
	kvfree(irqs);
free_vectors:
	pci_free_irq_vectors(pdev);
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
