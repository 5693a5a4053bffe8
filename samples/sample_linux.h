/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Parameters that every sample has:
 *
 *	fire		write "MESSAGE" or "MESSAGE ADAPTER": it is raised
 *	messages	read: adapter, kind, id, address, data, ISRs, DPCs
 */
#ifndef SAMPLE_LINUX_H
#define SAMPLE_LINUX_H

#include <linux/kernel.h>
#include <linux/moduleparam.h>

#include "sample.h"

static int fire_set(const char *text, const struct kernel_param *kp)
{
	unsigned int message, adapter = 0;

	if (sscanf(text, "%u %u", &message, &adapter) < 1)
		return -EINVAL;
	return SampleFire(adapter, message) ? 0 : -ENXIO;
}

static int messages_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int adapter, id;
	SAMPLE_MESSAGE m;
	int n = 0;

	for (adapter = 0; SampleQuery(adapter, 0, &m); adapter++)
		for (id = 0; SampleQuery(adapter, id, &m); id++)
			n += scnprintf(buffer + n, PAGE_SIZE - n,
				       "%u %s %u %llx %x %u %u\n", adapter,
				       m.MessageBased ? "msg" : "line", id,
				       m.Address, m.Data, m.Interrupts, m.Dpcs);
	return n;
}

static const struct kernel_param_ops fire_ops = { .set = fire_set };
module_param_cb(fire, &fire_ops, NULL, 0200);
MODULE_PARM_DESC(fire, "message to raise, and on which adapter");

static const struct kernel_param_ops messages_ops = { .get = messages_get };
module_param_cb(messages, &messages_ops, NULL, 0444);
MODULE_PARM_DESC(messages, "adapter, kind, id, address, data, ISRs, DPCs");

#endif /* SAMPLE_LINUX_H */
