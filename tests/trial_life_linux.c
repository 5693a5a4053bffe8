// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of trial_life.c. A test chooses the device, and whether the
 * driver can sleep:
 *
 *	insmod minirq_trial_life.ko id=1234:11e8 sleeps=0
 *
 * and has its functions' resources dealt out anew, or be shut down, as the kernel
 * would do it at the machine's end.
 */
#include <linux/kernel.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "trial_life.h"

static char *id = "1234:11e8";
module_param(id, charp, 0444);
module_param_named(sleeps, Life.Sleeps, int, 0644);
module_param_named(hangs, Life.Hangs, int, 0644);
module_param_string(story, Life.Story, sizeof(Life.Story), 0644);
module_param_named(action, Life.Action, uint, 0444);
module_param_named(raised, Life.Raised, uint, 0444);
module_param_named(interrupts, Life.Interrupts, uint, 0444);
module_param_named(dpcs, Life.Dpcs, uint, 0444);
module_param_named(edges, Life.Edges, uint, 0444);
module_param_named(lost, Life.Lost, uint, 0444);
module_param_named(late, Life.Late, uint, 0444);
module_param_named(disables, Life.Disables, uint, 0444);
module_param_named(enables, Life.Enables, uint, 0444);
module_param_named(bad_table, Life.BadTable, uint, 0444);

static struct pci_device_id ids[2];

static struct minirq_miniport miniport = {
	.name = KBUILD_MODNAME,
	.owner = THIS_MODULE,
	.ids = ids,
	.entry = DriverEntry,
	.policy.msi = true,
};

static int fire_set(const char *text, const struct kernel_param *kp)
{
	return LifeFire() ? 0 : -ENXIO;
}

static const struct kernel_param_ops fire_ops = { .set = fire_set };
module_param_cb(fire, &fire_ops, NULL, 0200);

static int table_get(char *buffer, const struct kernel_param *kp)
{
	unsigned long long address;
	unsigned int data, id;
	int n = 0;

	for (id = 0; LifeQueryEntry(id, &address, &data); id++)
		n += scnprintf(buffer + n, PAGE_SIZE - n, "%u %llx %x\n", id,
			       address, data);
	return n;
}

static const struct kernel_param_ops table_ops = { .get = table_get };
module_param_cb(table, &table_ops, NULL, 0444);

static int with_function(int (*fn)(struct pci_dev *pdev))
{
	struct pci_dev *pdev = pci_get_device(ids[0].vendor, ids[0].device,
					      NULL);
	int err = pdev ? fn(pdev) : -ENXIO;

	pci_dev_put(pdev);
	return err;
}

static int restart_set(const char *text, const struct kernel_param *kp)
{
	return with_function(minirq_device_restart);
}

static const struct kernel_param_ops restart_ops = { .set = restart_set };
module_param_cb(restart, &restart_ops, NULL, 0200);

static int shut_down(struct pci_dev *pdev)
{
	to_pci_driver(pdev->dev.driver)->shutdown(pdev);
	return 0;
}

static int shutdown_set(const char *text, const struct kernel_param *kp)
{
	return with_function(shut_down);
}

static const struct kernel_param_ops shutdown_ops = { .set = shutdown_set };
module_param_cb(shutdown, &shutdown_ops, NULL, 0200);

static int __init life_init(void)
{
	if (sscanf(id, "%x:%x", &ids[0].vendor, &ids[0].device) != 2)
		return -EINVAL;
	Life.Edu = ids[0].device == 0x11e8;
	ids[0].subvendor = PCI_ANY_ID;
	ids[0].subdevice = PCI_ANY_ID;
	return minirq_miniport_load(&miniport);
}
module_init(life_init);

static void __exit life_exit(void)
{
	minirq_miniport_unload(&miniport);
}
module_exit(life_exit);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: an NDIS miniport that is interrupted all its life");
MODULE_LICENSE("GPL");
