/* SPDX-License-Identifier: GPL-2.0-only */
/* Which interrupts a device is to have, as a Windows requirements list. */
#ifndef MINIRQ_REQUIREMENTS_H
#define MINIRQ_REQUIREMENTS_H

#include <linux/cpumask.h>
#include <linux/types.h>

#include <wdm.h>

struct pci_dev;

enum minirq_kind {
	MINIRQ_LINE,
	MINIRQ_MSI,
	MINIRQ_MSIX,
};

/**
 * struct minirq_target - where a message is to go
 * @policy:	an IRQ_DEVICE_POLICY
 * @group:	of IrqPolicySpecifiedProcessors, the group of @cpus
 * @cpus:	of IrqPolicySpecifiedProcessors, the CPUs
 */
struct minirq_target {
	IRQ_DEVICE_POLICY policy;
	USHORT group;
	KAFFINITY cpus;
};

/**
 * struct minirq_request - the interrupts a device is to have
 * @kind:	of which kind
 * @most:	how many of them the device can have
 * @count:	how many it is to have; of a line, one
 * @target:	where each goes
 */
struct minirq_request {
	enum minirq_kind kind;
	unsigned int most;
	unsigned int count;
	struct minirq_target target[];
};

struct minirq_request *minirq_request_create(enum minirq_kind kind,
					     unsigned int most,
					     unsigned int count);
bool minirq_request_cpus(const struct minirq_request *request, unsigned int id,
			 int node, struct cpumask *mask);

PIO_RESOURCE_REQUIREMENTS_LIST
minirq_requirements_create(struct pci_dev *pdev,
			   const struct minirq_request *request);
struct minirq_request *
minirq_requirements_read(const IO_RESOURCE_REQUIREMENTS_LIST *list,
			 const struct minirq_request *offer);

#endif /* MINIRQ_REQUIREMENTS_H */
