// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of edu_wdm.c: which devices it drives, and its parameters. */
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "sample_linux.h"

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);

module_minirq_miniport(ids, .msi = true, .message_limit = 8);

MODULE_DESCRIPTION("minirq sample: WDM driver for QEMU's edu device");
MODULE_LICENSE("GPL");
