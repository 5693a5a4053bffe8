// SPDX-License-Identifier: GPL-2.0-only
/*
 * A miniport driver as a Linux module, its devices as PCI functions.
 *
 * DriverEntry registers with one front end, which says how its devices are
 * started and stopped. The devices are bound after DriverEntry has returned, as
 * on Windows.
 */
#include "driver.h"

#include <linux/dma-mapping.h>
#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "dpc_flush.h"
#include "interrupt.h"
#include "pci.h"
#include "verifier.h"

/**
 * minirq_driver_register() - a front end takes a driver on
 * @driver:	what DriverEntry was given
 * @ops:	how its devices are started and stopped
 * @data:	of the front end, allocated; freed with the registration
 *
 * Return: 0; -EINVAL without a driver; -EEXIST when the driver is taken.
 */
int minirq_driver_register(PDRIVER_OBJECT driver,
			   const struct minirq_driver_ops *ops, void *data)
{
	if (!driver)
		return -EINVAL;
	if (driver->ops)
		return -EEXIST;
	driver->ops = ops;
	driver->data = data;
	return 0;
}

/* A front end lets a driver go. */
void minirq_driver_unregister(PDRIVER_OBJECT driver)
{
	kfree(driver->data);
	driver->ops = NULL;
	driver->data = NULL;
}

static PDRIVER_OBJECT driver_of(struct pci_dev *pdev)
{
	return container_of(to_pci_driver(pdev->dev.driver),
			    struct _DRIVER_OBJECT, pci);
}

static int enable(struct pci_dev *pdev)
{
	int err = pci_enable_device(pdev);

	if (err)
		return err;
	pci_set_master(pdev);
	if (dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(64)))
		dma_set_mask_and_coherent(&pdev->dev, DMA_BIT_MASK(32));
	return 0;
}

static void disable(struct pci_dev *pdev)
{
	pci_clear_master(pdev);
	pci_disable_device(pdev);
}

/*
 * Vectors are allocated before the miniport sees its device, so that what it
 * finds in config space and in its resources agrees.
 */
static int probe(struct pci_dev *pdev, const struct pci_device_id *id)
{
	PDRIVER_OBJECT driver = driver_of(pdev);
	struct minirq_device *dev;
	int err;

	dev = kzalloc(sizeof(*dev), GFP_KERNEL);
	if (!dev)
		return -ENOMEM;
	dev->pdev = pdev;
	dev->driver = driver;
	scnprintf(dev->name, sizeof(dev->name), "%s@%s", driver->miniport->name,
		  pci_name(pdev));

	err = enable(pdev);
	if (err)
		goto free_dev;
	dev->irqs = minirq_pci_grant(pdev, &driver->miniport->policy);
	if (IS_ERR(dev->irqs)) {
		err = PTR_ERR(dev->irqs);
		goto disable_pdev;
	}
	pci_set_drvdata(pdev, dev);
	err = driver->ops->start(dev);
	if (err)
		goto release_irqs;
	return 0;

release_irqs:
	minirq_pci_release(pdev, dev->irqs);
disable_pdev:
	disable(pdev);
free_dev:
	kfree(dev);
	return err;
}

static void remove(struct pci_dev *pdev)
{
	struct minirq_device *dev = pci_get_drvdata(pdev);

	dev->driver->ops->stop(dev);
	minirq_pci_release(pdev, dev->irqs);
	disable(pdev);
	kfree(dev);
}

static int errno_of(NTSTATUS status)
{
	if (NT_SUCCESS(status))
		return 0;
	return status == STATUS_INSUFFICIENT_RESOURCES ? -ENOMEM : -ENODEV;
}

/*
 * A UNICODE_STRING in which nothing is stored: configuration that Windows keeps
 * in the registry comes from module parameters.
 */
static UNICODE_STRING no_registry_path;

static int enter(PDRIVER_OBJECT driver)
{
	NTSTATUS status = driver->miniport->entry(driver, &no_registry_path);

	if (!NT_SUCCESS(status))
		pr_err("%s: DriverEntry failed, status %08x\n",
		       driver->miniport->name, status);
	else if (!driver->ops)
		pr_err("%s: DriverEntry registered with no port driver\n",
		       driver->miniport->name);
	else
		return 0;
	return errno_of(status) ?: -ENODEV;
}

/* What it has queued may not have run yet, and its code is about to go. */
static void free_driver(PDRIVER_OBJECT driver)
{
	minirq_dpc_flush();
	minirq_driver_unregister(driver);
	minirq_verifier_forget();
	kfree(driver);
}

/**
 * minirq_miniport_load() - call DriverEntry, then bind its devices
 * @miniport:	the Linux side of the module
 *
 * What module_minirq_miniport() makes of module_init().
 *
 * Context: process context, may sleep.
 * Return: 0; -ENOMEM; -ENODEV when DriverEntry failed or registered nothing; or
 * what the PCI core says.
 */
int minirq_miniport_load(struct minirq_miniport *miniport)
{
	PDRIVER_OBJECT driver = kzalloc(sizeof(*driver), GFP_KERNEL);
	int err;

	if (!driver)
		return -ENOMEM;
	miniport->driver = driver;
	driver->miniport = miniport;
	driver->pci.name = miniport->name;
	driver->pci.id_table = miniport->ids;
	driver->pci.probe = probe;
	driver->pci.remove = remove;
	driver->pci.driver.owner = miniport->owner;

	err = enter(driver);
	if (err)
		goto free_driver;
	err = __pci_register_driver(&driver->pci, miniport->owner,
				    miniport->name);
	if (err)
		goto unload_driver;
	return 0;

unload_driver:
	driver->ops->unload(driver);
free_driver:
	free_driver(driver);
	return err;
}
EXPORT_SYMBOL_GPL(minirq_miniport_load);

/**
 * minirq_miniport_unload() - unbind the devices, then unload the driver
 * @miniport:	a loaded miniport
 *
 * What module_minirq_miniport() makes of module_exit().
 *
 * Context: process context, may sleep.
 */
void minirq_miniport_unload(struct minirq_miniport *miniport)
{
	PDRIVER_OBJECT driver = miniport->driver;

	pci_unregister_driver(&driver->pci);
	driver->ops->unload(driver);
	free_driver(driver);
}
EXPORT_SYMBOL_GPL(minirq_miniport_unload);
