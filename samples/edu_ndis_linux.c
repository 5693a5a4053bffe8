// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of edu_ndis.c: which devices it drives, and its parameters. */
#include <linux/delay.h>
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "edu.h"
#include "sample_linux.h"

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(0x1234, 0x11e8) },
	{ }
};
MODULE_DEVICE_TABLE(pci, ids);

module_minirq_miniport(ids, .msi = true);

/* A transfer takes 100 ms; the device is idle when it has ended. */
static int transfer(unsigned int command, u64 address, u32 data)
{
	int tries = 100;

	if (!EduDma(command, address, data))
		return -EBUSY;
	while (!EduDma(EDU_DMA_NONE, 0, 0)) {
		if (!tries--)
			return -ETIMEDOUT;
		msleep(20);
	}
	return 0;
}

/* Have the device write 32 bits anywhere on the bus, also where messages go. */
static int dma_set(const char *text, const struct kernel_param *kp)
{
	u64 address;
	u32 data;
	int err;

	if (sscanf(text, "%llx %x", &address, &data) != 2)
		return -EINVAL;
	err = transfer(EDU_DMA_RUN, 0, data);
	return err ?: transfer(EDU_DMA_RUN | EDU_DMA_TO_MEMORY, address, 0);
}

static const struct kernel_param_ops dma_ops = { .set = dma_set };
module_param_cb(dma, &dma_ops, NULL, 0200);
MODULE_PARM_DESC(dma, "address and data, both hexadecimal, to write by DMA");

MODULE_DESCRIPTION("minirq sample: NDIS miniport for QEMU's edu device");
MODULE_LICENSE("GPL");
