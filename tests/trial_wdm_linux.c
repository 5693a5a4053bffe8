// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of trial_wdm.c. A test chooses device, policy, what to connect
 * and what to do wrong:
 *
 *	insmod minirq_trial_wdm.ko id=8086:10d3 msi=0 limit=4 connect=1 mode=forget
 *
 * A write to restart stops each device and starts it with what limit says then; 1
 * or 0 to inactive says that no device interrupts, or that all may again.
 */
#include <linux/kernel.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "../samples/sample_linux.h"
#include "trial_wdm.h"

static const char * const modes[] = {
	[TRIAL_PLAIN] = "plain",
	[TRIAL_FAIL_ADD] = "fail_add",
	[TRIAL_FAIL_START] = "fail_start",
	[TRIAL_FORGET] = "forget",
	[TRIAL_REFUSE] = "refuse",
	[TRIAL_FILTER] = "filter",
};

static char *id = "8086:10d3";
module_param(id, charp, 0444);
static char *mode = "plain";
module_param(mode, charp, 0444);
static bool msi = true;
module_param(msi, bool, 0444);

module_param_named(connect, Trial.Connect, int, 0444);
module_param_named(raw, Trial.Raw, uint, 0444);
module_param_named(raw_messages, Trial.RawMessages, uint, 0444);
module_param_named(translated, Trial.Translated, uint, 0444);
module_param_named(status, Trial.Status, hexint, 0444);
module_param_named(version, Trial.Version, uint, 0444);
module_param_named(bad_interrupts, Trial.BadInterrupts, uint, 0444);
module_param_named(bad_dpcs, Trial.BadDpcs, uint, 0444);
module_param_named(bad_entries, Trial.BadEntries, uint, 0444);
module_param_named(late, Trial.Late, uint, 0444);

static int story_get(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%s\n", Trial.Story);
}

static const struct kernel_param_ops story_ops = { .get = story_get };
module_param_cb(story, &story_ops, NULL, 0444);

static int inactive_set(const char *text, const struct kernel_param *kp)
{
	TrialSetInactive(*text == '1');
	return 0;
}

static const struct kernel_param_ops inactive_ops = { .set = inactive_set };
module_param_cb(inactive, &inactive_ops, NULL, 0200);

static struct pci_device_id ids[2];

static struct minirq_miniport miniport = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.ids = ids,
	.entry = DriverEntry,
};

module_param_named(limit, miniport.policy.message_limit, uint, 0644);

static int restart_set(const char *text, const struct kernel_param *kp)
{
	struct pci_dev *pdev = NULL;
	int err = -ENODEV;

	while ((pdev = pci_get_device(ids[0].vendor, ids[0].device, pdev))) {
		if (!pdev->dev.driver || strcmp(pdev->dev.driver->name, miniport.name))
			continue;
		err = minirq_device_restart(pdev);
		if (err) {
			pci_dev_put(pdev);
			break;
		}
	}
	return err;
}

static const struct kernel_param_ops restart_ops = { .set = restart_set };
module_param_cb(restart, &restart_ops, NULL, 0200);

static int __init trial_init(void)
{
	Trial.Mode = match_string(modes, ARRAY_SIZE(modes), mode);
	if (Trial.Mode < 0)
		return Trial.Mode;
	if (sscanf(id, "%x:%x", &ids[0].vendor, &ids[0].device) != 2)
		return -EINVAL;
	Trial.Network = ids[0].device == 0x10d3;
	Trial.Edu = ids[0].device == 0x11e8;
	Trial.Usb = ids[0].device == 0x0194;
	Trial.Connect = Trial.Connect ?: 3;
	ids[0].subvendor = PCI_ANY_ID;
	ids[0].subdevice = PCI_ANY_ID;
	miniport.policy.msi = msi;
	return minirq_miniport_load(&miniport);
}
module_init(trial_init);

static void __exit trial_exit(void)
{
	minirq_miniport_unload(&miniport);
}
module_exit(trial_exit);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: a WDM driver that writes down what it sees");
MODULE_LICENSE("GPL");
