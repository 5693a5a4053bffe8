// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a device was given, as a Windows resource list: its BARs in their order,
 * then its interrupts in the order of their message ids.
 */
#include "resources.h"

#include <linux/irq.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "interrupt.h"
#include "processor.h"

static void add_bar(PCM_PARTIAL_RESOURCE_LIST list, struct pci_dev *pdev,
		    int bar)
{
	PCM_PARTIAL_RESOURCE_DESCRIPTOR d =
		&list->PartialDescriptors[list->Count];

	if (!pci_resource_len(pdev, bar))
		return;
	d->ShareDisposition = CmResourceShareDeviceExclusive;
	if (pci_resource_flags(pdev, bar) & IORESOURCE_IO) {
		d->Type = CmResourceTypePort;
		d->Flags = CM_RESOURCE_PORT_IO;
		d->u.Port.Start.QuadPart = pci_resource_start(pdev, bar);
		d->u.Port.Length = pci_resource_len(pdev, bar);
	} else {
		d->Type = CmResourceTypeMemory;
		d->Flags = CM_RESOURCE_MEMORY_READ_WRITE;
		d->u.Memory.Start.QuadPart = pci_resource_start(pdev, bar);
		d->u.Memory.Length = pci_resource_len(pdev, bar);
	}
	list->Count++;
}

static KAFFINITY affinity_of(unsigned int irq, PUSHORT group)
{
	const struct cpumask *mask = irq_get_affinity_mask(irq);

	return minirq_processor_affinity(mask ?: cpu_online_mask, group);
}

/* A message and a line have the translated fields at the same offsets. */
static void add_interrupt(PCM_PARTIAL_RESOURCE_LIST list,
			  const struct minirq_irqs *irqs, unsigned int id)
{
	PCM_PARTIAL_RESOURCE_DESCRIPTOR d =
		&list->PartialDescriptors[list->Count++];
	USHORT group;

	d->Type = CmResourceTypeInterrupt;
	if (irqs->message) {
		d->ShareDisposition = CmResourceShareDeviceExclusive;
		d->Flags = CM_RESOURCE_INTERRUPT_LATCHED |
			   CM_RESOURCE_INTERRUPT_MESSAGE;
	} else {
		d->ShareDisposition = CmResourceShareShared;
		d->Flags = CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
	}
	d->u.Interrupt.Level = MINIRQ_DIRQL;
	d->u.Interrupt.Vector = irqs->irq[id];
	d->u.Interrupt.Affinity = affinity_of(irqs->irq[id], &group);
	d->u.Interrupt.Group = group;
}

/**
 * minirq_resources_create() - make the translated resource list of a device
 * @pdev:	the function, or NULL for interrupts alone
 * @irqs:	what it was granted
 *
 * Context: process context, may sleep.
 * Return: the list, to be freed with kvfree(), or NULL for want of memory.
 */
PCM_RESOURCE_LIST minirq_resources_create(struct pci_dev *pdev,
					  const struct minirq_irqs *irqs)
{
	size_t size = sizeof(CM_RESOURCE_LIST) +
		      (PCI_STD_NUM_BARS + irqs->count) *
			      sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
	PCM_RESOURCE_LIST resources = kvzalloc(size, GFP_KERNEL);
	PCM_PARTIAL_RESOURCE_LIST list;
	unsigned int i;

	if (!resources)
		return NULL;
	resources->Count = 1;
	resources->List[0].InterfaceType = PCIBus;
	resources->List[0].BusNumber = pdev ? pdev->bus->number : 0;
	list = &resources->List[0].PartialResourceList;
	list->Version = 1;
	list->Revision = 1;
	for (i = 0; pdev && i < PCI_STD_NUM_BARS; i++)
		add_bar(list, pdev, i);
	for (i = 0; i < irqs->count; i++)
		add_interrupt(list, irqs, i);
	return resources;
}

/* Does a range of addresses lie within one memory BAR of the function? */
bool minirq_resources_own(struct pci_dev *pdev, u64 start, u64 length)
{
	struct resource wanted = DEFINE_RES_MEM(start, length);
	unsigned int bar;

	if (!pdev || !length || start + length < start)
		return false;
	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		if (resource_contains(&pdev->resource[bar], &wanted))
			return true;
	return false;
}
