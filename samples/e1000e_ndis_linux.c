// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of e1000e_ndis.c: which devices it drives. */
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "sample_linux.h"

static const struct pci_device_id ids[] = {
	{ PCI_VDEVICE(INTEL, 0x10d3) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);

module_minirq_miniport(ids, .msi = true);

MODULE_DESCRIPTION("minirq sample: NDIS miniport for the Intel 82574L");
MODULE_LICENSE("GPL");
