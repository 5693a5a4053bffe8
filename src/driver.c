// SPDX-License-Identifier: GPL-2.0-only
/*
 * A miniport driver as a Linux module, its devices as PCI functions.
 *
 * DriverEntry registers with one front end, which says how its devices are
 * started and stopped; one that sets AddDevice instead is a WDM driver. The
 * devices are bound after DriverEntry has returned, as on Windows.
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
 * @object:	what DriverEntry was given
 * @ops:	how its devices are started and stopped
 * @data:	of the front end, allocated; freed with the registration
 *
 * Return: 0; -EINVAL without a driver; -EEXIST when the driver is taken.
 */
int minirq_driver_register(PDRIVER_OBJECT object,
			   const struct minirq_driver_ops *ops, void *data)
{
	struct minirq_driver *driver;

	if (!object)
		return -EINVAL;
	driver = minirq_driver_of(object);
	if (driver->ops)
		return -EEXIST;
	driver->ops = ops;
	driver->data = data;
	return 0;
}

/* A front end lets a driver go. */
void minirq_driver_unregister(PDRIVER_OBJECT object)
{
	struct minirq_driver *driver = minirq_driver_of(object);

	kfree(driver->data);
	driver->ops = NULL;
	driver->data = NULL;
}

static struct minirq_driver *driver_of(struct pci_dev *pdev)
{
	return container_of(to_pci_driver(pdev->dev.driver),
			    struct minirq_driver, pci);
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
	struct minirq_driver *driver = driver_of(pdev);
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

static void shutdown(struct pci_dev *pdev)
{
	struct minirq_device *dev = pci_get_drvdata(pdev);

	dev->driver->ops->shutdown(dev);
}

static bool is_ours(struct pci_dev *pdev)
{
	return pdev->dev.driver && to_pci_driver(pdev->dev.driver)->probe == probe;
}

/**
 * minirq_driver_regrant() - give a device other interrupts than it has
 * @dev:	the device, with none connected
 * @request:	which
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOMEM with none left.
 */
int minirq_driver_regrant(struct minirq_device *dev,
			  const struct minirq_request *request)
{
	minirq_pci_release(dev->pdev, dev->irqs);
	dev->irqs = minirq_pci_grant_request(dev->pdev, request);
	if (!IS_ERR(dev->irqs))
		return 0;
	dev->irqs = NULL;
	return -ENOMEM;
}

/* What the policy says now. */
static int regrant(struct minirq_device *dev)
{
	struct minirq_request *offer =
		minirq_pci_offer(dev->pdev, &dev->driver->miniport->policy);
	int err;

	if (!offer)
		return -ENOMEM;
	err = minirq_driver_regrant(dev, offer);
	kfree(offer);
	return err;
}

static int restart(struct minirq_device *dev)
{
	const struct minirq_driver_ops *ops = dev->driver->ops;
	int err;

	if (!ops->pause)
		return -EOPNOTSUPP;
	err = ops->pause(dev);
	if (err)
		return err;
	return regrant(dev) ?: ops->restart(dev);
}

/**
 * minirq_device_restart() - stop a device, and start it with new interrupts
 * @pdev:	its function
 *
 * What Windows does when it deals out resources anew: the driver is asked,
 * stopped, and started again with what the policy now says. A device that does
 * not start again stays bound, and stopped.
 *
 * Context: process context, may sleep.
 * Return: 0; -ENODEV when the function is not bound to a driver of minirq;
 * -EOPNOTSUPP when that is a StorPort miniport; -EBUSY when the driver refused;
 * or why the device did not start again.
 */
int minirq_device_restart(struct pci_dev *pdev)
{
	int err = -ENODEV;

	device_lock(&pdev->dev);
	if (is_ours(pdev))
		err = restart(pci_get_drvdata(pdev));
	device_unlock(&pdev->dev);
	return err;
}
EXPORT_SYMBOL_GPL(minirq_device_restart);

static int suspend(struct device *device)
{
	struct minirq_device *dev = dev_get_drvdata(device);

	return dev->driver->ops->suspend(dev);
}

static int resume(struct device *device)
{
	struct minirq_device *dev = dev_get_drvdata(device);

	return dev->driver->ops->resume(dev);
}

static DEFINE_SIMPLE_DEV_PM_OPS(pm_ops, suspend, resume);

/* A status at the border to Linux. */
int minirq_driver_errno(NTSTATUS status)
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

static int enter(struct minirq_driver *driver)
{
	NTSTATUS status = driver->miniport->entry(&driver->object,
						  &no_registry_path);

	if (!driver->ops && driver->extension.AddDevice)
		driver->ops = &minirq_pnp_ops;
	if (!NT_SUCCESS(status))
		pr_err("%s: DriverEntry failed, status %08x\n",
		       driver->miniport->name, status);
	else if (!driver->ops)
		pr_err("%s: DriverEntry registered nothing that takes devices\n",
		       driver->miniport->name);
	else
		return 0;
	return minirq_driver_errno(status) ?: -ENODEV;
}

/* What it has queued may not have run yet, and its code is about to go. */
static void free_driver(struct minirq_driver *driver)
{
	if (driver->ops)
		driver->ops->end(driver);
	minirq_dpc_flush();
	minirq_driver_unregister(&driver->object);
	minirq_verifier_forget();
	kfree(driver);
}

static void unload(struct minirq_driver *driver)
{
	if (driver->ops->unload)
		driver->ops->unload(driver);
	free_driver(driver);
}

/* What a request ends as that the driver has no routine for. */
static NTSTATUS refuse(PDEVICE_OBJECT device, PIRP irp)
{
	irp->IoStatus.Status = STATUS_INVALID_DEVICE_REQUEST;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return STATUS_INVALID_DEVICE_REQUEST;
}

static struct minirq_driver *create(struct minirq_miniport *miniport)
{
	struct minirq_driver *driver = kzalloc(sizeof(*driver), GFP_KERNEL);

	if (!driver)
		return NULL;
	driver->object.Size = sizeof(driver->object);
	driver->object.DriverExtension = &driver->extension;
	driver->extension.DriverObject = &driver->object;
	memset_p((void **)driver->object.MajorFunction, refuse,
		 ARRAY_SIZE(driver->object.MajorFunction));
	driver->miniport = miniport;
	driver->pci.name = miniport->name;
	driver->pci.id_table = miniport->ids;
	driver->pci.probe = probe;
	driver->pci.remove = remove;
	driver->pci.driver.owner = miniport->owner;
	return driver;
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
	struct minirq_driver *driver = create(miniport);
	int err;

	if (!driver)
		return -ENOMEM;
	miniport->driver = driver;

	err = enter(driver);
	if (err)
		goto free_driver;
	if (driver->ops->suspend)
		driver->pci.driver.pm = pm_sleep_ptr(&pm_ops);
	if (driver->ops->shutdown)
		driver->pci.shutdown = shutdown;
	err = __pci_register_driver(&driver->pci, miniport->owner,
				    miniport->name);
	if (err)
		goto unload;
	return 0;

unload:
	unload(driver);
	return err;
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
	struct minirq_driver *driver = miniport->driver;

	pci_unregister_driver(&driver->pci);
	unload(driver);
}
EXPORT_SYMBOL_GPL(minirq_miniport_unload);
