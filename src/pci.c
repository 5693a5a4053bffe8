// SPDX-License-Identifier: GPL-2.0-only
/*
 * From a PCI function to an array of Linux irq numbers: how many of which kind,
 * by the policy that an INF states on Windows.
 */
#include "pci.h"

#include <linux/err.h>
#include <linux/msi.h>
#include <linux/slab.h>

#include "interrupt.h"

/* What Windows 8 and later grant a function at most; MSI is bound by PCI. */
#define MSIX_LIMIT	2048
#define MSI_LIMIT	32

static unsigned int wanted(int offered, unsigned int limit,
			   unsigned int kind_limit)
{
	unsigned int count = offered > 0 ? offered : 0;

	if (limit)
		count = min(count, limit);
	return min(count, kind_limit);
}

/* The whole count or, if that is refused, a single message: never in between. */
static int alloc_messages(struct pci_dev *pdev, unsigned int count,
			  unsigned int kind)
{
	int err = -ENOSPC;

	if (count > 1)
		err = pci_alloc_irq_vectors(pdev, count, count, kind);
	if (count && err < 0)
		err = pci_alloc_irq_vectors(pdev, 1, 1, kind);
	return err;
}

static int alloc_any(struct pci_dev *pdev, const struct minirq_policy *policy)
{
	int count = -ENOSPC;

	if (policy->msi)
		count = alloc_messages(pdev,
				       wanted(pci_msix_vec_count(pdev),
					      policy->message_limit,
					      MSIX_LIMIT),
				       PCI_IRQ_MSIX);
	if (policy->msi && count < 0)
		count = alloc_messages(pdev,
				       wanted(pci_msi_vec_count(pdev),
					      policy->message_limit, MSI_LIMIT),
				       PCI_IRQ_MSI);
	if (count < 0)
		count = pci_alloc_irq_vectors(pdev, 1, 1, PCI_IRQ_INTX);
	return max(count, 0);
}

static struct minirq_irqs *irqs_of(struct pci_dev *pdev, unsigned int count)
{
	struct minirq_irqs *irqs =
		kvzalloc(struct_size(irqs, irq, count), GFP_KERNEL);
	unsigned int id;

	if (!irqs) {
		pci_free_irq_vectors(pdev);
		return ERR_PTR(-ENOMEM);
	}
	irqs->message = pci_dev_msi_enabled(pdev);
	irqs->count = count;
	if (pdev->msix_enabled) {
		irqs->table = pci_msix_vec_count(pdev);
		irqs->entries = count;
	}
	for (id = 0; id < count; id++)
		irqs->irq[id] = pci_irq_vector(pdev, id);
	return irqs;
}

/**
 * minirq_pci_grant() - allocate a function's interrupts
 * @pdev:	an enabled function
 * @policy:	whether messages are allowed, and how many
 *
 * MSI-X, then MSI, then the line. A function that can have none of them is
 * granted an empty array: its driver may do without.
 *
 * Context: process context, may sleep.
 * Return: the irqs, or ERR_PTR(-ENOMEM).
 */
struct minirq_irqs *minirq_pci_grant(struct pci_dev *pdev,
				     const struct minirq_policy *policy)
{
	return irqs_of(pdev, alloc_any(pdev, policy));
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

	return irqs_of(pdev, alloc_any(pdev, &line_only));
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
