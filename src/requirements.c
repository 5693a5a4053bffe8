// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which interrupts a device is to have, as a Windows requirements list: before a
 * device is granted its resources, its driver is shown what it could have, and
 * may change that.
 *
 * A message has no vector yet; a token stands for it. The messages of MSI-X are
 * a descriptor each. Those of MSI are one, whose tokens are counted.
 */
#include "requirements.h"

#include <linux/overflow.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "processor.h"
#include "resources.h"

#define TOKEN	CM_RESOURCE_INTERRUPT_MESSAGE_TOKEN

/**
 * minirq_request_create() - ask for interrupts that may go anywhere
 * @kind:	of which kind
 * @most:	how many of them the device can have
 * @count:	how many it is to have
 *
 * Return: the request, to be freed with kfree(), or NULL for want of memory.
 */
struct minirq_request *minirq_request_create(enum minirq_kind kind,
					     unsigned int most,
					     unsigned int count)
{
	struct minirq_request *request =
		kzalloc(struct_size(request, target, count), GFP_KERNEL);

	if (!request)
		return NULL;
	request->kind = kind;
	request->most = most;
	request->count = count;
	return request;
}

/* Those that are online, and in the node if there is such. */
static void close_cpus(int node, struct cpumask *mask)
{
	cpumask_copy(mask, cpu_online_mask);
	if (node != NUMA_NO_NODE &&
	    cpumask_intersects(mask, cpumask_of_node(node)))
		cpumask_and(mask, mask, cpumask_of_node(node));
}

/* Of a set of CPUs leave one: the next, and the next, for each message. */
static void leave_one(struct cpumask *mask, unsigned int id)
{
	unsigned int cpu, skip = id % cpumask_weight(mask);

	for_each_cpu(cpu, mask)
		if (!skip--)
			break;
	cpumask_clear(mask);
	cpumask_set_cpu(cpu, mask);
}

/**
 * minirq_request_cpus() - where is a message to go?
 * @request:	the request
 * @id:		the message
 * @node:	the device's, or NUMA_NO_NODE
 * @mask:	where the CPUs are stored, all of them online
 *
 * The messages of MSI have one address: they go where the first is to go.
 *
 * Return: false when it does not matter, or when none of the CPUs is online.
 */
bool minirq_request_cpus(const struct minirq_request *request, unsigned int id,
			 int node, struct cpumask *mask)
{
	bool msix = request->kind == MINIRQ_MSIX;
	const struct minirq_target *target = &request->target[msix ? id : 0];

	switch (target->policy) {
	case IrqPolicyAllCloseProcessors:
		close_cpus(node, mask);
		return true;
	case IrqPolicyOneCloseProcessor:
		close_cpus(node, mask);
		leave_one(mask, msix ? id : 0);
		return true;
	case IrqPolicyAllProcessorsInMachine:
	case IrqPolicyAllProcessorsInMachineWhenSteered:
		cpumask_copy(mask, cpu_online_mask);
		return true;
	case IrqPolicySpecifiedProcessors:
		return minirq_processor_mask(mask, target->group, target->cpus);
	case IrqPolicySpreadMessagesAcrossAllProcessors:
		cpumask_copy(mask, cpu_online_mask);
		if (msix)
			leave_one(mask, id);
		return true;
	default:
		return false;
	}
}

static PIO_RESOURCE_DESCRIPTOR next(PIO_RESOURCE_LIST list, UCHAR type)
{
	PIO_RESOURCE_DESCRIPTOR d = &list->Descriptors[list->Count++];

	d->Type = type;
	d->ShareDisposition = CmResourceShareDeviceExclusive;
	return d;
}

/* Linux has dealt out addresses already: a BAR can be nowhere else. */
static void add_bar(PIO_RESOURCE_LIST list, struct pci_dev *pdev, int bar)
{
	bool port = pci_resource_flags(pdev, bar) & IORESOURCE_IO;
	PIO_RESOURCE_DESCRIPTOR d;

	if (!pci_resource_len(pdev, bar))
		return;
	d = next(list, port ? CmResourceTypePort : CmResourceTypeMemory);
	d->Flags = port ? CM_RESOURCE_PORT_IO : CM_RESOURCE_MEMORY_READ_WRITE;
	d->u.Generic.Length = pci_resource_len(pdev, bar);
	d->u.Generic.Alignment = pci_resource_len(pdev, bar);
	d->u.Generic.MinimumAddress.QuadPart = pci_resource_start(pdev, bar);
	d->u.Generic.MaximumAddress.QuadPart = pci_resource_end(pdev, bar);
}

static void add_messages(PIO_RESOURCE_LIST list, unsigned int count,
			 const struct minirq_target *target)
{
	PIO_RESOURCE_DESCRIPTOR d = next(list, CmResourceTypeInterrupt);

	d->Flags = CM_RESOURCE_INTERRUPT_LATCHED |
		   CM_RESOURCE_INTERRUPT_MESSAGE |
		   CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
	d->u.Interrupt.MinimumVector = TOKEN - count + 1;
	d->u.Interrupt.MaximumVector = TOKEN;
	d->u.Interrupt.AffinityPolicy = target->policy;
	d->u.Interrupt.Group = target->group;
	d->u.Interrupt.PriorityPolicy = IrqPriorityUndefined;
	d->u.Interrupt.TargetedProcessors = target->cpus;
}

static void add_line(PIO_RESOURCE_LIST list)
{
	PIO_RESOURCE_DESCRIPTOR d = next(list, CmResourceTypeInterrupt);

	d->ShareDisposition = CmResourceShareShared;
	d->Flags = CM_RESOURCE_INTERRUPT_LEVEL_SENSITIVE;
	d->u.Interrupt.MaximumVector = ~0U;
}

static void add_interrupts(PIO_RESOURCE_LIST list,
			   const struct minirq_request *request)
{
	unsigned int id;

	if (request->kind == MINIRQ_LINE && request->count)
		add_line(list);
	if (request->kind == MINIRQ_MSI)
		add_messages(list, request->count, &request->target[0]);
	for (id = 0; request->kind == MINIRQ_MSIX && id < request->count; id++)
		add_messages(list, 1, &request->target[id]);
}

static ULONG size_of(ULONG descriptors)
{
	return offsetof(IO_RESOURCE_REQUIREMENTS_LIST, List[0].Descriptors) +
	       max(descriptors, 1U) * sizeof(IO_RESOURCE_DESCRIPTOR);
}

/**
 * minirq_requirements_create() - show a driver what its device could have
 * @pdev:	the function, or NULL for interrupts alone
 * @request:	its interrupts
 *
 * Differs from Windows: there is no alternative. A list without interrupts is
 * read back as one with the line.
 *
 * Context: process context, may sleep.
 * Return: the list, to be freed with kfree(), or NULL for want of memory.
 */
PIO_RESOURCE_REQUIREMENTS_LIST
minirq_requirements_create(struct pci_dev *pdev,
			   const struct minirq_request *request)
{
	ULONG size = size_of(PCI_STD_NUM_BARS + request->count);
	PIO_RESOURCE_REQUIREMENTS_LIST list = kzalloc(size, GFP_KERNEL);
	unsigned int bar;

	if (!list)
		return NULL;
	list->InterfaceType = PCIBus;
	list->BusNumber = pdev ? pdev->bus->number : 0;
	list->SlotNumber = pdev ? minirq_resources_slot(pdev) : 0;
	list->AlternativeLists = 1;
	list->List[0].Version = 1;
	list->List[0].Revision = 1;
	for (bar = 0; pdev && bar < PCI_STD_NUM_BARS; bar++)
		add_bar(&list->List[0], pdev, bar);
	add_interrupts(&list->List[0], request);
	list->ListSize = size_of(list->List[0].Count);
	return list;
}

static bool is_message(const IO_RESOURCE_DESCRIPTOR *d)
{
	return d->Type == CmResourceTypeInterrupt &&
	       d->Flags & CM_RESOURCE_INTERRUPT_MESSAGE;
}

/* How many messages a descriptor asks for; none when it makes no sense. */
static unsigned int messages_of(const IO_RESOURCE_DESCRIPTOR *d)
{
	ULONG first = d->u.Interrupt.MinimumVector;

	if (!is_message(d) || d->u.Interrupt.MaximumVector != TOKEN ||
	    first > TOKEN)
		return 0;
	return TOKEN - first + 1;
}

static unsigned int count_messages(const IO_RESOURCE_LIST *list,
				   unsigned int most)
{
	unsigned int i, count = 0;

	for (i = 0; i < list->Count; i++)
		count += min(messages_of(&list->Descriptors[i]), most - count);
	return count;
}

static struct minirq_target target_of(const IO_RESOURCE_DESCRIPTOR *d)
{
	struct minirq_target anywhere = { .policy = IrqPolicyMachineDefault };

	if (!(d->Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED))
		return anywhere;
	return (struct minirq_target) {
		.policy = d->u.Interrupt.AffinityPolicy,
		.group = d->u.Interrupt.Group,
		.cpus = d->u.Interrupt.TargetedProcessors,
	};
}

static void read_targets(const IO_RESOURCE_LIST *list,
			 struct minirq_request *request)
{
	unsigned int i, id = 0;

	for (i = 0; i < list->Count; i++) {
		unsigned int count = messages_of(&list->Descriptors[i]);

		while (count-- && id < request->count)
			request->target[id++] = target_of(&list->Descriptors[i]);
	}
}

/**
 * minirq_requirements_read() - read a list that a driver may have changed
 * @list:	the list; of alternatives the first is read
 * @offer:	what it was made of
 *
 * Messages in the order of their descriptors, no more than the device can have;
 * without any, the line. Ports and memory are what they are.
 *
 * Context: process context, may sleep.
 * Return: the request, to be freed with kfree(), or NULL for want of memory.
 */
struct minirq_request *
minirq_requirements_read(const IO_RESOURCE_REQUIREMENTS_LIST *list,
			 const struct minirq_request *offer)
{
	unsigned int most = offer->kind == MINIRQ_LINE ? 0 : offer->most;
	unsigned int count = count_messages(&list->List[0], most);
	struct minirq_request *request;

	if (!count)
		return minirq_request_create(MINIRQ_LINE, 1, 1);
	request = minirq_request_create(offer->kind, offer->most, count);
	if (request)
		read_targets(&list->List[0], request);
	return request;
}
