// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of the grants miniport. A test says what the device is granted,
 * and binds it:
 *
 *	echo 3 >limit; echo 1 >msi; echo 0 >msix	three messages at most
 *	echo 4 >run	so many arrivals in each queue, one after the other
 *	echo 1 >burst	all queues at once
 *	echo 1 >synchronize	with the interrupt, from a thread
 *	echo 1 0x3 >queue	DPCs on the first two processors of group 1; then
 *			it says which were queued, and which ran
 *
 * and reads what came of it: kind, messages, arrivals, interrupts, DPCs, recalls,
 * moved DPCs, packets of each queue, what was bad; and what init code made use of.
 */
#include <linux/kernel.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "grants.h"

static const struct pci_device_id ids[] = {
	{ PCI_VDEVICE(INTEL, 0x10d3) },
	{ }
};

static char *config[MINIRQ_CONFIG_ENTRIES];
static int config_count;
module_param_array(config, charp, &config_count, 0444);

static struct minirq_miniport miniport = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.ids = ids,
	.entry = DriverEntry,
	.policy.msi = true,
	.config = { config, &config_count },
};
module_param_named(msi, miniport.policy.msi, bool, 0644);
module_param_named(limit, miniport.policy.message_limit, uint, 0644);

/* Where the device says that its capability for MSI-X is; 0 hides it. */
static int msix_set(const char *text, const struct kernel_param *kp)
{
	struct pci_dev *pdev = pci_get_device(PCI_VENDOR_ID_INTEL, 0x10d3, NULL);
	bool show;
	int err = kstrtobool(text, &show);

	if (!err && pdev)
		pdev->msix_cap = show ? pci_find_capability(pdev, PCI_CAP_ID_MSIX) : 0;
	pci_dev_put(pdev);
	return err ?: pdev ? 0 : -ENODEV;
}

static const struct kernel_param_ops msix_ops = { .set = msix_set };
module_param_cb(msix, &msix_ops, NULL, 0200);

static unsigned int arrivals;

static int run_set(const char *text, const struct kernel_param *kp)
{
	unsigned int rounds;
	int err = kstrtouint(text, 0, &rounds);

	if (!err)
		arrivals = GrantsRun(rounds);
	return err;
}

static const struct kernel_param_ops run_ops = { .set = run_set };
module_param_cb(run, &run_ops, NULL, 0200);

static int burst_set(const char *text, const struct kernel_param *kp)
{
	return GrantsBurst() ? 0 : -ETIMEDOUT;
}

static const struct kernel_param_ops burst_ops = { .set = burst_set };
module_param_cb(burst, &burst_ops, NULL, 0200);

static int synchronize_set(const char *text, const struct kernel_param *kp)
{
	return GrantsSynchronize() ? 0 : -EINVAL;
}

static const struct kernel_param_ops synchronize_ops = { .set = synchronize_set };
module_param_cb(synchronize, &synchronize_ops, NULL, 0200);

static unsigned long long queued, ran;

static int queue_set(const char *text, const struct kernel_param *kp)
{
	unsigned long long mask;
	unsigned int group;

	if (sscanf(text, "%u %llx", &group, &mask) != 2)
		return -EINVAL;
	queued = GrantsQueue(group, mask, &ran);
	return 0;
}

static int queue_get(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE, "%llx %llx\n", queued, ran);
}

static const struct kernel_param_ops queue_ops = { .set = queue_set, .get = queue_get };
module_param_cb(queue, &queue_ops, NULL, 0644);

static int counts_get(char *buffer, const struct kernel_param *kp)
{
	return scnprintf(buffer, PAGE_SIZE,
			 "%s %u %u %d %d %d %d %d %d %d %d %d %d\n",
			 Grants.MessageBased ? "msg" : "line", Grants.Messages,
			 arrivals, Grants.Interrupts, Grants.Dpcs, Grants.Recalls,
			 Grants.Moved, Grants.Packets[0], Grants.Packets[1],
			 Grants.Packets[2], Grants.Packets[3], Grants.Packets[4],
			 Grants.Bad);
}

static const struct kernel_param_ops counts_ops = { .get = counts_get };
module_param_cb(counts, &counts_ops, NULL, 0444);

static int parts_get(char *buffer, const struct kernel_param *kp)
{
	unsigned int i;
	int n = 0;

	for (i = 0; i < GrantsPartCount; i++)
		n += scnprintf(buffer + n, PAGE_SIZE - n, "%s %d\n",
			       GrantsParts[i].Name, GrantsParts[i].Works);
	return n;
}

static const struct kernel_param_ops parts_ops = { .get = parts_get };
module_param_cb(parts, &parts_ops, NULL, 0444);

static int __init grants_init(void)
{
	return minirq_miniport_load(&miniport);
}
module_init(grants_init);

static void __exit grants_exit(void)
{
	minirq_miniport_unload(&miniport);
}
module_exit(grants_exit);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: one NDIS miniport, whatever it is granted");
MODULE_LICENSE("GPL");
