// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of nvme_storport.c: which devices, and what they said. */
#include <linux/irqflags.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>
#include <linux/string.h>

#include "nvme.h"
#include "sample_linux.h"

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT, 0x0010) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);

/* Of what the drive offers the driver takes as much as it has a use for. */
module_minirq_miniport(ids, .msi = true);

int SampleFire(unsigned int Adapter, unsigned int MessageId)
{
	unsigned long flags;
	int done;

	local_irq_save(flags);
	done = NvmeFire(Adapter, MessageId);
	local_irq_restore(flags);
	return done;
}

int SampleQuery(unsigned int Adapter, unsigned int MessageId,
		SAMPLE_MESSAGE *Message)
{
	unsigned long flags;
	int found;

	local_irq_save(flags);
	found = NvmeQuery(Adapter, MessageId, Message);
	local_irq_restore(flags);
	return found;
}

static int drive_get(char *buffer, const struct kernel_param *kp)
{
	char model[NVME_TEXT_SIZE], block[NVME_TEXT_SIZE];
	unsigned long flags;
	int found;

	local_irq_save(flags);
	found = NvmeDescribe(model, block);
	local_irq_restore(flags);
	if (!found)
		return -ENODEV;
	block[strcspn(block, "\n")] = '\0';
	return scnprintf(buffer, PAGE_SIZE, "%s\n%s\n", strim(model), block);
}

static const struct kernel_param_ops drive_ops = { .get = drive_get };
module_param_cb(drive, &drive_ops, NULL, 0444);
MODULE_PARM_DESC(drive, "the drive's model, and the text in its first block");

MODULE_DESCRIPTION("minirq sample: StorPort miniport for an NVMe drive");
MODULE_LICENSE("GPL");
