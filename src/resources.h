/* SPDX-License-Identifier: GPL-2.0-only */
/* What a device was given, as a Windows resource list. */
#ifndef MINIRQ_RESOURCES_H
#define MINIRQ_RESOURCES_H

#include <linux/pci.h>
#include <linux/types.h>

#include <wdm.h>

struct minirq_irqs;

/* A function on its bus, as a PCI_SLOT_NUMBER. */
static inline ULONG minirq_resources_slot(const struct pci_dev *pdev)
{
	return PCI_SLOT(pdev->devfn) | PCI_FUNC(pdev->devfn) << 5;
}

PCM_RESOURCE_LIST minirq_resources_create(struct pci_dev *pdev,
					  const struct minirq_irqs *irqs);
PCM_RESOURCE_LIST
minirq_resources_create_raw(const CM_RESOURCE_LIST *translated,
			    const struct minirq_irqs *irqs);
bool minirq_resources_own(struct pci_dev *pdev, u64 start, u64 length);
bool minirq_resources_own_ports(struct pci_dev *pdev, u64 start, u64 length);

#endif /* MINIRQ_RESOURCES_H */
