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

static PCM_PARTIAL_RESOURCE_DESCRIPTOR
next_interrupt(PCM_PARTIAL_RESOURCE_LIST list, const struct minirq_irqs *irqs)
{
	PCM_PARTIAL_RESOURCE_DESCRIPTOR d =
		&list->PartialDescriptors[list->Count++];

	d->Type = CmResourceTypeInterrupt;
	if (irqs->message) {
		d->ShareDisposition = CmResourceShareDeviceExclusive;
		d->Flags = CM_RESOURCE_INTERRUPT_LATCHED |
			   CM_RESOURCE_INTERRUPT_MESSAGE;
	} else {
		d->ShareDisposition = CmResourceShareShared;
		d->Flags = CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
	}
	return d;
}

/* A message and a line have the translated fields at the same offsets. */
static void add_translated(PCM_PARTIAL_RESOURCE_LIST list,
			   const struct minirq_irqs *irqs, unsigned int id)
{
	PCM_PARTIAL_RESOURCE_DESCRIPTOR d = next_interrupt(list, irqs);
	USHORT group;

	d->u.Interrupt.Level = MINIRQ_DIRQL;
	d->u.Interrupt.Vector = irqs->irq[id];
	d->u.Interrupt.Affinity = affinity_of(irqs->irq[id], &group);
	d->u.Interrupt.Group = group;
}

/*
 * The messages of MSI-X are a resource each. Those of MSI have one address and
 * consecutive data: they are one resource, and one descriptor.
 */
static unsigned int descriptors(const struct minirq_irqs *irqs)
{
	return irqs->table ? irqs->count : min(irqs->count, 1U);
}

static size_t size_of(const struct minirq_irqs *irqs)
{
	return sizeof(CM_RESOURCE_LIST) +
	       (PCI_STD_NUM_BARS + descriptors(irqs)) *
		       sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR);
}

/**
 * minirq_resources_create() - make the translated resource list of a device
 * @pdev:	the function, or NULL for interrupts alone
 * @irqs:	what it was granted
 *
 * Vector, Level, Affinity and Group of each interrupt are what a fully specified
 * IoConnectInterruptEx() takes.
 *
 * Context: process context, may sleep.
 * Return: the list, to be freed with kvfree(), or NULL for want of memory.
 */
PCM_RESOURCE_LIST minirq_resources_create(struct pci_dev *pdev,
					  const struct minirq_irqs *irqs)
{
	PCM_RESOURCE_LIST resources = kvzalloc(size_of(irqs), GFP_KERNEL);
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
	for (i = 0; i < descriptors(irqs); i++)
		add_translated(list, irqs, i);
	return resources;
}

/* A line has the same fields, and a message two of them in the same places. */
static void make_raw(PCM_PARTIAL_RESOURCE_DESCRIPTOR d,
		     const struct minirq_irqs *irqs)
{
	USHORT group = d->u.Interrupt.Group;

	if (d->Type != CmResourceTypeInterrupt || !irqs->message)
		return;
	d->u.MessageInterrupt.Raw.MessageCount = irqs->table ? 1 : irqs->count;
	d->u.MessageInterrupt.Raw.Group = group;
}

/**
 * minirq_resources_create_raw() - make the raw resource list of a device
 * @translated:	its translated one, or NULL, which has no raw one
 * @irqs:	what it was granted
 *
 * Descriptor for descriptor what minirq_resources_create() translates. A message
 * is counted there, and has no level.
 *
 * Context: process context, may sleep.
 * Return: the list, to be freed with kvfree(), or NULL.
 */
PCM_RESOURCE_LIST
minirq_resources_create_raw(const CM_RESOURCE_LIST *translated,
			    const struct minirq_irqs *irqs)
{
	PCM_PARTIAL_RESOURCE_LIST list;
	PCM_RESOURCE_LIST resources;
	unsigned int i;

	if (!translated)
		return NULL;
	resources = kvmalloc(size_of(irqs), GFP_KERNEL);
	if (!resources)
		return NULL;
	memcpy(resources, translated, size_of(irqs));
	list = &resources->List[0].PartialResourceList;
	for (i = 0; i < list->Count; i++)
		make_raw(&list->PartialDescriptors[i], irqs);
	return resources;
}

static bool own(struct pci_dev *pdev, u64 start, u64 length,
		unsigned long flags)
{
	struct resource wanted = DEFINE_RES_NAMED(start, length, NULL, flags);
	unsigned int bar;

	if (!pdev || !length || start + length < start)
		return false;
	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		if (resource_contains(&pdev->resource[bar], &wanted))
			return true;
	return false;
}

/* Does a range of addresses lie within one memory BAR of the function? */
bool minirq_resources_own(struct pci_dev *pdev, u64 start, u64 length)
{
	return own(pdev, start, length, IORESOURCE_MEM);
}

/* Does a range of ports lie within one port BAR of the function? */
bool minirq_resources_own_ports(struct pci_dev *pdev, u64 start, u64 length)
{
	return own(pdev, start, length, IORESOURCE_IO);
}
