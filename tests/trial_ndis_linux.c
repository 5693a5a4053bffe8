// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of trial_ndis.c. A test chooses device, policy and mode:
 *
 *	insmod minirq_trial.ko id=8086:10d3 msi=0 limit=4 mode=plain
 *
 * and changes the MSI-X table: "mask 1", "unmask 1", or "set 1 0" for entry 1 to
 * raise message 0.
 */
#include <linux/kernel.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "trial.h"

static const char * const modes[] = {
	[TRIAL_PLAIN] = "plain",
	[TRIAL_LINE_ONLY] = "line_only",
	[TRIAL_PENDING] = "pending",
	[TRIAL_FAIL] = "fail",
	[TRIAL_FAIL_REGISTERED] = "fail_registered",
	[TRIAL_FORGET] = "forget",
	[TRIAL_QUIET] = "quiet",
	[TRIAL_FILTER] = "filter",
};

static char *id = "8086:10d3";
module_param(id, charp, 0444);
static char *mode = "plain";
module_param(mode, charp, 0444);
static bool msi = true;
module_param(msi, bool, 0444);
static unsigned int limit;
module_param(limit, uint, 0444);
static unsigned int policy;
module_param(policy, uint, 0444);
static unsigned long long processors;
module_param(processors, ullong, 0444);
module_param_named(entry, Trial.Entry, uint, 0444);

module_param_named(resources, Trial.Resources, uint, 0444);
module_param_named(resource_flags, Trial.ResourceFlags, uint, 0444);
module_param_named(resource_share, Trial.ResourceShare, uint, 0444);
module_param_array_named(affinity, Trial.Affinity, ullong, &Trial.Resources, 0444);
module_param_named(second, Trial.Second, hexint, 0444);
module_param_named(status, Trial.Status, hexint, 0444);
module_param_named(type, Trial.Type, uint, 0444);
module_param_named(messages, Trial.Messages, uint, 0444);
module_param_named(handle, Trial.Handle, uint, 0444);
module_param_named(table, Trial.Table, uint, 0444);
module_param_named(bad_entries, Trial.BadEntries, uint, 0444);
module_param_named(interrupts, Trial.Interrupts, uint, 0444);
module_param_named(dpcs, Trial.Dpcs, uint, 0444);
module_param_named(message_id, Trial.MessageId, uint, 0444);
module_param_named(processor, Trial.Processor, uint, 0444);
module_param_named(early, Trial.Early, uint, 0444);
module_param_named(unready, Trial.Unready, uint, 0444);
module_param_named(bad_interrupts, Trial.BadInterrupts, uint, 0444);
module_param_named(bad_dpcs, Trial.BadDpcs, uint, 0444);
module_param_named(disables, Trial.Disables, uint, 0444);
module_param_named(enables, Trial.Enables, uint, 0444);
module_param_named(switched_id, Trial.SwitchedId, uint, 0444);
module_param_named(bad_switches, Trial.BadSwitches, uint, 0444);
module_param_named(late, Trial.Late, uint, 0444);

static int fire_set(const char *text, const struct kernel_param *kp)
{
	return TrialFire() ? 0 : -ENXIO;
}

static const struct kernel_param_ops fire_ops = { .set = fire_set };
module_param_cb(fire, &fire_ops, NULL, 0200);

static const char * const operations[] = { "set", "mask", "unmask" };
static int configured = 1;
module_param(configured, hexint, 0444);

static int configure_set(const char *text, const struct kernel_param *kp)
{
	unsigned int entry, message = 0;
	char operation[8];
	int index;

	if (sscanf(text, "%7s %u %u", operation, &entry, &message) < 2)
		return -EINVAL;
	index = match_string(operations, ARRAY_SIZE(operations), operation);
	if (index < 0)
		return index;
	configured = TrialConfigure(index, entry, message);
	return 0;
}

static const struct kernel_param_ops configure_ops = { .set = configure_set };
module_param_cb(configure, &configure_ops, NULL, 0200);

static struct pci_device_id ids[2];

static struct minirq_miniport miniport = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.ids = ids,
	.entry = DriverEntry,
};

static int __init trial_init(void)
{
	Trial.Mode = match_string(modes, ARRAY_SIZE(modes), mode);
	if (Trial.Mode < 0)
		return Trial.Mode;
	if (sscanf(id, "%x:%x", &ids[0].vendor, &ids[0].device) != 2)
		return -EINVAL;
	Trial.Causes = ids[0].device == 0x10d3;
	ids[0].subvendor = PCI_ANY_ID;
	ids[0].subdevice = PCI_ANY_ID;
	miniport.policy.msi = msi;
	miniport.policy.message_limit = limit;
	miniport.policy.device_policy = policy;
	miniport.policy.processors = processors;
	return minirq_miniport_load(&miniport);
}
module_init(trial_init);

static void __exit trial_exit(void)
{
	minirq_miniport_unload(&miniport);
}
module_exit(trial_exit);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: an NDIS miniport that writes down what it sees");
MODULE_LICENSE("GPL");
