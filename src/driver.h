/* SPDX-License-Identifier: GPL-2.0-only */
/* A miniport driver as a Linux module, its devices as PCI functions. */
#ifndef MINIRQ_DRIVER_H
#define MINIRQ_DRIVER_H

#include <linux/minirq.h>
#include <linux/pci.h>

#include <wdm.h>

struct minirq_irqs;

/**
 * struct minirq_device - a PCI function that a miniport drives
 * @pdev:	the function
 * @name:	driver and function, shown in /proc/interrupts
 * @irqs:	what it was granted
 * @driver:	the miniport's driver object
 * @adapter:	of the front end that started it
 */
struct minirq_device {
	struct pci_dev *pdev;
	char name[64];
	struct minirq_irqs *irqs;
	struct _DRIVER_OBJECT *driver;
	void *adapter;
};

/**
 * struct minirq_driver_ops - how a front end runs its miniports
 * @start:	a device is there: initialise the adapter
 * @stop:	the device goes away: halt the adapter
 * @unload:	the driver goes away: every device has been stopped
 */
struct minirq_driver_ops {
	int (*start)(struct minirq_device *dev);
	void (*stop)(struct minirq_device *dev);
	void (*unload)(struct _DRIVER_OBJECT *driver);
};

/**
 * struct _DRIVER_OBJECT - what DriverEntry is given
 * @miniport:	the Linux side of the module
 * @ops:	of the front end that DriverEntry registered with, or NULL
 * @data:	of that front end
 * @pci:	binds the driver to its functions
 */
struct _DRIVER_OBJECT {
	struct minirq_miniport *miniport;
	const struct minirq_driver_ops *ops;
	void *data;
	struct pci_driver pci;
};

int minirq_driver_register(PDRIVER_OBJECT driver,
			   const struct minirq_driver_ops *ops, void *data);
void minirq_driver_unregister(PDRIVER_OBJECT driver);

#endif /* MINIRQ_DRIVER_H */
