/* SPDX-License-Identifier: GPL-2.0-only */
/* A miniport driver as a Linux module, its devices as PCI functions. */
#ifndef MINIRQ_DRIVER_H
#define MINIRQ_DRIVER_H

#include <linux/minirq.h>
#include <linux/pci.h>

#include <wdm.h>

struct minirq_irqs;
struct minirq_request;

/**
 * struct minirq_device - a PCI function that a miniport drives
 * @pdev:	the function
 * @name:	driver and function, shown in /proc/interrupts
 * @irqs:	what it was granted
 * @driver:	the driver
 * @adapter:	of the front end that started it
 */
struct minirq_device {
	struct pci_dev *pdev;
	char name[64];
	struct minirq_irqs *irqs;
	struct minirq_driver *driver;
	void *adapter;
};

/**
 * struct minirq_driver_ops - how a front end runs its miniports
 * @start:	a device is there: initialise the adapter
 * @stop:	the device goes away: halt the adapter
 * @suspend:	the machine goes to sleep; NULL when the front end does not care
 * @resume:	it is awake again
 * @pause:	the device gives its resources back, or NULL
 * @restart:	it is given others
 * @shutdown:	the machine is switched off, or NULL
 * @unload:	call the driver's own routine, every device has been stopped; or NULL
 * @end:	the driver goes away, perhaps since its DriverEntry failed: what it
 *		has left is the front end's
 */
struct minirq_driver_ops {
	int (*start)(struct minirq_device *dev);
	void (*stop)(struct minirq_device *dev);
	int (*suspend)(struct minirq_device *dev);
	int (*resume)(struct minirq_device *dev);
	int (*pause)(struct minirq_device *dev);
	int (*restart)(struct minirq_device *dev);
	void (*shutdown)(struct minirq_device *dev);
	void (*unload)(struct minirq_driver *driver);
	void (*end)(struct minirq_driver *driver);
};

/**
 * struct minirq_driver - a Windows driver as a Linux module
 * @object:	what DriverEntry is given
 * @extension:	the part of it that is apart
 * @miniport:	the Linux side of the module
 * @ops:	of the front end that DriverEntry registered with, or NULL
 * @data:	of that front end
 * @pci:	binds the driver to its functions
 */
struct minirq_driver {
	struct _DRIVER_OBJECT object;
	struct _DRIVER_EXTENSION extension;
	struct minirq_miniport *miniport;
	const struct minirq_driver_ops *ops;
	void *data;
	struct pci_driver pci;
};

static inline struct minirq_driver *minirq_driver_of(PDRIVER_OBJECT object)
{
	return container_of(object, struct minirq_driver, object);
}

/* How a driver is run that set AddDevice, and registered with no port driver. */
extern const struct minirq_driver_ops minirq_pnp_ops;

int minirq_driver_register(PDRIVER_OBJECT object,
			   const struct minirq_driver_ops *ops, void *data);
void minirq_driver_unregister(PDRIVER_OBJECT object);
int minirq_driver_errno(NTSTATUS status);

int minirq_driver_regrant(struct minirq_device *dev,
			  const struct minirq_request *request);

#endif /* MINIRQ_DRIVER_H */
