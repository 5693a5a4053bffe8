/* SPDX-License-Identifier: GPL-2.0-only */
/* From a PCI function to an array of Linux irq numbers. */
#ifndef MINIRQ_PCI_H
#define MINIRQ_PCI_H

#include <linux/pci.h>

#include <linux/minirq.h>

struct minirq_irqs;
struct minirq_request;

struct minirq_request *minirq_pci_offer(struct pci_dev *pdev,
					const struct minirq_policy *policy);
struct minirq_irqs *
minirq_pci_grant_request(struct pci_dev *pdev,
			 const struct minirq_request *request);
struct minirq_irqs *minirq_pci_grant(struct pci_dev *pdev,
				     const struct minirq_policy *policy);
struct minirq_irqs *minirq_pci_grant_line(struct pci_dev *pdev);
void minirq_pci_release(struct pci_dev *pdev, struct minirq_irqs *irqs);

#endif /* MINIRQ_PCI_H */
