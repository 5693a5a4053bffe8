// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of many_storport.c:
 *
 *	insmod minirq_many.ko limit=64
 *	echo 3 >select		choose a message
 *	cat selected		its address, its data, its interrupts, all interrupts
 *	cat target		its group of processors, and which of them
 *	cat message_of		for each processor, a message that interrupts it
 */
#include <linux/kernel.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "many.h"

static unsigned int limit;
module_param(limit, uint, 0444);
static unsigned int select;
module_param(select, uint, 0644);

module_param_named(count, Many.Count, uint, 0444);
module_param_named(wrong, Many.Wrong, uint, 0444);
module_param_named(line, Many.Line, uint, 0444);
module_param_named(flags, Many.Flags, uint, 0444);
module_param_named(chosen, Many.Chosen, uint, 0444);
module_param_named(node, Many.Node, uint, 0444);

static int selected_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int data, id, sum = 0;
	unsigned long long address;

	if (select >= MANY_MAX || !ManyMessage(select, &address, &data))
		return -ENXIO;
	for (id = 0; id < Many.Count; id++)
		sum += Many.Interrupts[id];
	return scnprintf(buffer, PAGE_SIZE, "%llx %x %u %u\n", address, data,
			 Many.Interrupts[select], sum);
}

static const struct kernel_param_ops selected_ops = { .get = selected_get };
module_param_cb(selected, &selected_ops, NULL, 0444);

static int target_get(char *buffer, const struct kernel_param *kp)
{
	unsigned long long mask;
	unsigned int group;

	if (!ManyTarget(select, &group, &mask))
		return -ENXIO;
	return scnprintf(buffer, PAGE_SIZE, "%u %llx\n", group, mask);
}

static const struct kernel_param_ops target_ops = { .get = target_get };
module_param_cb(target, &target_ops, NULL, 0444);

static int message_of_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int cpu, id;
	int n = 0;

	for (cpu = 0; ManyMessageOf(cpu, &id); cpu++)
		n += scnprintf(buffer + n, PAGE_SIZE - n, "%u %u\n", cpu, id);
	return n;
}

static const struct kernel_param_ops message_of_ops = { .get = message_of_get };
module_param_cb(message_of, &message_of_ops, NULL, 0444);

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT, 0x0010) },
	{ }
};

static struct minirq_miniport miniport = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.ids = ids,
	.entry = DriverEntry,
};

static int __init many_init(void)
{
	miniport.policy.msi = true;
	miniport.policy.message_limit = limit;
	return minirq_miniport_load(&miniport);
}
module_init(many_init);

static void __exit many_exit(void)
{
	minirq_miniport_unload(&miniport);
}
module_exit(many_exit);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: a StorPort miniport that counts its messages");
MODULE_LICENSE("GPL");
