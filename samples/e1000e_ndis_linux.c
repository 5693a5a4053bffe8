// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of e1000e_ndis.c: which devices it drives, and two parameters:
 *
 *	receive		write "QUEUE COUNT": so many packets arrive
 *	queues		read: queue, processor, packets, recalls, moves
 */
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "e1000e.h"
#include "sample_linux.h"

static const struct pci_device_id ids[] = {
	{ PCI_VDEVICE(INTEL, 0x10d3) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);

module_minirq_miniport(ids, .msi = true);

static int receive_set(const char *text, const struct kernel_param *kp)
{
	unsigned int queue, count;

	if (sscanf(text, "%u %u", &queue, &count) != 2)
		return -EINVAL;
	return E1000Receive(queue, count) ? 0 : -ENXIO;
}

static const struct kernel_param_ops receive_ops = { .set = receive_set };
module_param_cb(receive, &receive_ops, NULL, 0200);
MODULE_PARM_DESC(receive, "queue in which packets arrive, and how many");

static int queues_get(char *buffer, const struct kernel_param *kp)
{
	E1000_QUEUE_STATE q;
	unsigned int queue;
	int n = 0;

	for (queue = 0; E1000QueryQueue(queue, &q); queue++)
		n += scnprintf(buffer + n, PAGE_SIZE - n, "%u %u %u %u %u\n",
			       queue, q.Processor, q.Packets, q.Recalls,
			       q.Moves);
	return n;
}

static const struct kernel_param_ops queues_ops = { .get = queues_get };
module_param_cb(queues, &queues_ops, NULL, 0444);
MODULE_PARM_DESC(queues, "queue, processor, packets, recalls, moves");

MODULE_DESCRIPTION("minirq sample: NDIS miniport for the Intel 82574L");
MODULE_LICENSE("GPL");
