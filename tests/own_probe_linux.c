// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of own_probe.c: a PCI driver that is nobody's miniport. A write to
 * fire has the device raise a message; with forget=1 its interrupts are left
 * connected.
 */
#include <linux/err.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "own_probe.h"

static bool forget;
module_param(forget, bool, 0444);
module_param_named(version, OwnProbe.Version, uint, 0444);
module_param_named(messages, OwnProbe.Messages, uint, 0444);
module_param_named(interrupts, OwnProbe.Interrupts, int, 0444);
module_param_named(last_message, OwnProbe.LastMessage, uint, 0444);
module_param_named(table, OwnProbe.Table, int, 0444);
module_param_named(masked, OwnProbe.Masked, int, 0444);

static bool bound;

static int fire(const char *text, const struct kernel_param *kp)
{
	unsigned int message;
	int err = kstrtouint(text, 0, &message);

	if (err)
		return err;
	if (!bound || message >= OwnProbe.Messages)
		return -EINVAL;
	OwnProbeFire(message);
	return 0;
}

static const struct kernel_param_ops fire_ops = { .set = fire };
module_param_cb(fire, &fire_ops, NULL, 0200);

static int connect(struct pci_dev *pdev, void __iomem *registers)
{
	const struct minirq_policy policy = { .msi = true };
	struct _DEVICE_OBJECT *pdo = minirq_pdo_create(pdev, &policy);

	if (IS_ERR(pdo))
		return PTR_ERR(pdo);
	if (OwnProbeConnect(pdo, (void __force *)registers)) {
		minirq_pdo_destroy(pdo);
		return -EIO;
	}
	pci_set_drvdata(pdev, pdo);
	bound = true;
	return 0;
}

static int own_probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	int err = pcim_enable_device(pdev);

	if (!err)
		err = pcim_iomap_regions(pdev, BIT(0), KBUILD_MODNAME);
	if (err)
		return err;
	pci_set_master(pdev);
	return connect(pdev, pcim_iomap_table(pdev)[0]);
}

static void own_remove(struct pci_dev *pdev)
{
	bound = false;
	if (!forget)
		OwnProbeDisconnect();
	minirq_pdo_destroy(pci_get_drvdata(pdev));
}

static const struct pci_device_id ids[] = { { PCI_DEVICE(0x8086, 0x10d3) }, { } };
MODULE_DEVICE_TABLE(pci, ids);

static struct pci_driver own_driver = {
	.name = KBUILD_MODNAME,
	.id_table = ids,
	.probe = own_probe,
	.remove = own_remove,
};
module_pci_driver(own_driver);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: Windows interrupts in a Linux driver");
MODULE_LICENSE("GPL");
