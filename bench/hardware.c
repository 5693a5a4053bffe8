// SPDX-License-Identifier: GPL-2.0-only
/* The devices the benchmark knows how to make interrupt. */
#include "bench.h"
#include "core.h"

#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/msi.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

/* edu: QEMU's teaching device, a line or one MSI. */
#define EDU_ID		0x11e8
#define EDU_STATUS	0x24
#define EDU_RAISE	0x60
#define EDU_ACK		0x64

/* e1000e: the cause of receive queue 0, which IVAR routes to message 0. */
#define E1000E_ID	0x10d3
#define E1000E_ICR	0xc0
#define E1000E_ICS	0xc8
#define E1000E_IMS	0xd0
#define E1000E_IVAR	0xe4
#define E1000E_RXQ0	BIT(20)
#define E1000E_IVAR_VALID 0x8

/*
 * nvme: many messages, and no doorbell without a driver of its own. A message
 * is a write to the local APIC, and QEMU takes it from a CPU as it does from a
 * device; this is no interrupt of real hardware.
 */
#define NVME_INTMC	0x10
#define MESSAGE_SPACE	0xfee00000
#define MESSAGE_MASK	0xfff00000

static LIST_HEAD(dead);
static DEFINE_RAW_SPINLOCK(dead_lock);

static void setup_edu(struct bench_device *dev, bool message)
{
	dev->doorbell = dev->regs + EDU_RAISE;
	dev->doorbell_value = 1;
	dev->ack = dev->regs + EDU_ACK;
	dev->ack_value = 1;
	dev->status = message ? NULL : dev->regs + EDU_STATUS;
}

static void setup_e1000e(struct bench_device *dev, bool message)
{
	dev->doorbell = dev->regs + E1000E_ICS;
	dev->doorbell_value = E1000E_RXQ0;
	dev->ack = dev->regs + E1000E_ICR;
	dev->ack_value = E1000E_RXQ0;
	dev->status = message ? NULL : dev->regs + E1000E_ICR;
	writel(E1000E_IVAR_VALID, dev->regs + E1000E_IVAR);
	writel(E1000E_RXQ0, dev->regs + E1000E_IMS);
}

static void setup_nvme(struct bench_device *dev)
{
	dev->ack = dev->regs + NVME_INTMC;
	dev->ack_value = 0;
}

/* Make a write to where message 0 goes the doorbell; false if it cannot be. */
static bool aim(struct bench_device *dev, unsigned int irq)
{
	struct msi_msg msg;

	get_cached_msi_msg(irq, &msg);
	if ((msg.address_lo & MESSAGE_MASK) != MESSAGE_SPACE)
		return false;
	if (dev->message_space)
		iounmap(dev->message_space);
	dev->message_space = ioremap(msg.address_lo & PAGE_MASK, PAGE_SIZE);
	if (!dev->message_space)
		return false;
	dev->doorbell = dev->message_space + offset_in_page(msg.address_lo);
	dev->doorbell_value = msg.data;
	return true;
}

/*
 * The rounds run on the first CPU, and that is where the interrupt must go. It
 * moves there when it arrives where it went before.
 */
static void aim_at_first_cpu(struct bench_device *dev)
{
	unsigned int irq = pci_irq_vector(dev->pdev, 0);

	irq_set_affinity(irq, cpumask_of(0));
	if (!aim(dev, irq))
		return;
	writel(dev->doorbell_value, dev->doorbell);
	msleep(20);
	if (!aim(dev, irq))
		dev->doorbell = NULL;
}

/* How to make a connected device interrupt; false when that is not known. */
bool find_doorbell(struct bench_device *dev)
{
	if (!dev->doorbell && dev->pdev->class == PCI_CLASS_STORAGE_EXPRESS)
		aim_at_first_cpu(dev);
	return dev->doorbell;
}

static const char *kind_of(struct pci_dev *pdev)
{
	if (pdev->msix_enabled)
		return "msix";
	return pdev->msi_enabled ? "msi" : "line";
}

static struct pci_dev *find(u64 bar)
{
	struct pci_dev *pdev = NULL;

	for_each_pci_dev(pdev)
		if (pci_resource_start(pdev, 0) == bar)
			return pdev;
	return NULL;
}

static void setup(struct bench_device *dev)
{
	bool message = pci_dev_msi_enabled(dev->pdev);

	if (dev->pdev->device == EDU_ID)
		setup_edu(dev, message);
	else if (dev->pdev->device == E1000E_ID)
		setup_e1000e(dev, message);
	else if (dev->pdev->class == PCI_CLASS_STORAGE_EXPRESS)
		setup_nvme(dev);
}

/**
 * bench_attach() - make a device known by its first BAR
 * @side:	who serves it
 * @bar:	bus address of the BAR, all that a miniport is told
 *
 * Its interrupts have been allocated and are not yet requested.
 *
 * Return: the device, to be handed to bench_detach(); NULL when there is none.
 */
struct bench_device *bench_attach(const char *side, u64 bar)
{
	struct pci_dev *pdev = find(bar);
	struct bench_device *dev;

	if (!pdev)
		return NULL;
	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		goto put;
	dev->regs = pci_iomap(pdev, 0, 0);
	if (!dev->regs)
		goto free;
	INIT_LIST_HEAD(&dev->list);
	dev->side = side;
	dev->pdev = pdev;
	dev->kind = kind_of(pdev);
	dev->dpcs = 1;
	bench_memory_own(sizeof(*dev));
	setup(dev);
	return dev;

free:
	kfree(dev);
put:
	pci_dev_put(pdev);
	return NULL;
}
EXPORT_SYMBOL_GPL(bench_attach);

/*
 * The driver is done with it, or is about to be: nobody fires it any more. Any
 * context; what sleeps is left to reap_devices().
 */
void bench_detach(struct bench_device *dev)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&dead_lock, flags);
	list_add(&dev->list, &dead);
	raw_spin_unlock_irqrestore(&dead_lock, flags);
}
EXPORT_SYMBOL_GPL(bench_detach);

static struct bench_device *next_dead(void)
{
	struct bench_device *dev;
	unsigned long flags;

	raw_spin_lock_irqsave(&dead_lock, flags);
	dev = list_first_entry_or_null(&dead, struct bench_device, list);
	if (dev)
		list_del(&dev->list);
	raw_spin_unlock_irqrestore(&dead_lock, flags);
	return dev;
}

/* Free what has been detached, when no rounds are run. */
void reap_devices(void)
{
	struct bench_device *dev;

	while ((dev = next_dead())) {
		if (dev->message_space)
			iounmap(dev->message_space);
		pci_iounmap(dev->pdev, dev->regs);
		pci_dev_put(dev->pdev);
		kfree(dev);
	}
}
