// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of trial_ndis.c. A test chooses device, policy and mode:
 *
 *	insmod minirq_trial.ko id=8086:10d3 msi=0 limit=4 mode=plain
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
};

static char *id = "8086:10d3";
module_param(id, charp, 0444);
static char *mode = "plain";
module_param(mode, charp, 0444);
static bool msi = true;
module_param(msi, bool, 0444);
static unsigned int limit;
module_param(limit, uint, 0444);

module_param_named(resources, Trial.Resources, uint, 0444);
module_param_named(resource_flags, Trial.ResourceFlags, uint, 0444);
module_param_named(resource_share, Trial.ResourceShare, uint, 0444);
module_param_named(second, Trial.Second, hexint, 0444);
module_param_named(status, Trial.Status, hexint, 0444);
module_param_named(type, Trial.Type, uint, 0444);
module_param_named(messages, Trial.Messages, uint, 0444);
module_param_named(handle, Trial.Handle, uint, 0444);
module_param_named(table, Trial.Table, uint, 0444);
module_param_named(bad_entries, Trial.BadEntries, uint, 0444);
module_param_named(interrupts, Trial.Interrupts, uint, 0444);
module_param_named(dpcs, Trial.Dpcs, uint, 0444);
module_param_named(early, Trial.Early, uint, 0444);
module_param_named(unready, Trial.Unready, uint, 0444);
module_param_named(bad_interrupts, Trial.BadInterrupts, uint, 0444);
module_param_named(bad_dpcs, Trial.BadDpcs, uint, 0444);
module_param_named(late, Trial.Late, uint, 0444);

static int fire_set(const char *text, const struct kernel_param *kp)
{
	return TrialFire() ? 0 : -ENXIO;
}

static const struct kernel_param_ops fire_ops = { .set = fire_set };
module_param_cb(fire, &fire_ops, NULL, 0200);

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
