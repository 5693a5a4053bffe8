// SPDX-License-Identifier: GPL-2.0-only
/*
 * The life of a WDM driver's device, as the PnP and the power manager of Windows
 * conduct it by requests to the top of its stack, and the bus driver at the
 * bottom, which has little to do: Linux has enabled the function before.
 *
 *	AddDevice		the driver attaches a device object
 *	IRP_MN_FILTER_RESOURCE_REQUIREMENTS	it may want other interrupts
 *	IRP_MN_START_DEVICE	with the resources; it connects its interrupts
 *	IRP_MN_SET_POWER	around suspend and resume
 *	IRP_MN_STOP_DEVICE	before it is started again with other resources
 *	IRP_MN_SURPRISE_REMOVAL	when the function was pulled out
 *	IRP_MN_REMOVE_DEVICE	it detaches and deletes its device object
 */
#include "pnp.h"

#include <linux/err.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <linux/minirq.h>

#include "dpc_flush.h"
#include "driver.h"
#include "irp.h"
#include "msix_table.h"
#include "pci.h"
#include "pnp_bus.h"
#include "pnp_filter.h"
#include "power.h"
#include "requirements.h"
#include "resources.h"
#include "verifier.h"
#include "wdm.h"

static void free_pnp(PDEVICE_OBJECT object)
{
	kfree(minirq_pnp_of(object));
}

/**
 * minirq_pnp_create() - make the bottom of a stack
 * @name:	shown in /proc/interrupts, copied
 * @pdev:	the function, or NULL
 * @irqs:	what it was granted, must outlive the device
 *
 * Context: process context, may sleep.
 * Return: the device, or NULL for want of memory.
 */
struct minirq_pnp *minirq_pnp_create(const char *name, struct pci_dev *pdev,
				     const struct minirq_irqs *irqs)
{
	struct minirq_pnp *pnp = kzalloc(sizeof(*pnp), GFP_KERNEL);

	if (!pnp)
		return NULL;
	strscpy(pnp->name, name, sizeof(pnp->name));
	pnp->pdev = pdev;
	pnp->pdo.name = pnp->name;
	if (pdev && pdev->dev.driver)
		pnp->pdo.owner = pdev->dev.driver->owner;
	pnp->pdo.irqs = irqs;
	minirq_wdm_device_init(&pnp->pdo.object, &pnp->hidden,
			       &minirq_pnp_bus_driver, free_pnp);
	pnp->pdo.object.Flags = DO_BUS_ENUMERATED_DEVICE;
	pnp->pdo.object.DeviceType = FILE_DEVICE_UNKNOWN;
	minirq_pdo_add(&pnp->pdo);
	return pnp;
}

/**
 * minirq_pnp_destroy() - undo minirq_pnp_create()
 * @pnp:	a device that has been removed, or never added
 *
 * Context: process context, may sleep.
 */
void minirq_pnp_destroy(struct minirq_pnp *pnp)
{
	minirq_pdo_remove(&pnp->pdo);
	ObDereferenceObject(&pnp->pdo.object);
}

/* What a device was granted is about to go, and nothing may be connected to it. */
static void give_up_interrupts(struct minirq_pnp *pnp)
{
	minirq_wdm_disconnect_all(&pnp->pdo);
	minirq_msix_table_destroy(pnp->pdo.msix);
	pnp->pdo.msix = NULL;
}

/* The drivers are through with the device: what they forgot is put right. */
static void end_left_over(struct minirq_pnp *pnp, void *routine,
			  const char *when)
{
	unsigned int left;

	give_up_interrupts(pnp);
	minirq_dpc_flush();
	left = minirq_wdm_device_clear(&pnp->pdo.object);
	if (left)
		minirq_violation(MINIRQ_RULE_DEVICE, routine,
				 "%s: %u device objects still attached after %s",
				 pnp->name, left, when);
}

static NTSTATUS send(struct minirq_pnp *pnp, UCHAR minor)
{
	const IO_STACK_LOCATION request = {
		.MajorFunction = IRP_MJ_PNP,
		.MinorFunction = minor,
	};

	return minirq_irp_send(&pnp->pdo.object, &request);
}

/**
 * minirq_pnp_add() - call AddDevice
 * @pnp:	a new device
 * @driver:	whose AddDevice
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno, with nothing attached.
 */
int minirq_pnp_add(struct minirq_pnp *pnp, struct minirq_driver *driver)
{
	PDRIVER_ADD_DEVICE add = driver->extension.AddDevice;
	NTSTATUS status = add(&driver->object, &pnp->pdo.object);

	if (!NT_SUCCESS(status))
		end_left_over(pnp, add, "a failed AddDevice");
	return minirq_driver_errno(status);
}

/**
 * minirq_pnp_start() - send IRP_MN_START_DEVICE
 * @pnp:	a device that is not started
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno.
 */
int minirq_pnp_start(struct minirq_pnp *pnp)
{
	const struct minirq_irqs *irqs = pnp->pdo.irqs;
	PCM_RESOURCE_LIST list = minirq_resources_create(pnp->pdev, irqs);
	PCM_RESOURCE_LIST raw = minirq_resources_create_raw(list, irqs);
	const IO_STACK_LOCATION request = {
		.MajorFunction = IRP_MJ_PNP,
		.MinorFunction = IRP_MN_START_DEVICE,
		.Parameters.StartDevice.AllocatedResources = raw,
		.Parameters.StartDevice.AllocatedResourcesTranslated = list,
	};
	NTSTATUS status = STATUS_INSUFFICIENT_RESOURCES;

	pnp->pdo.msix = minirq_msix_table_create(irqs);
	WRITE_ONCE(pnp->pdo.starting, current);
	if (raw && pnp->pdo.msix)
		status = minirq_irp_send(&pnp->pdo.object, &request);
	WRITE_ONCE(pnp->pdo.starting, NULL);
	kvfree(list);
	kvfree(raw);
	pnp->started = NT_SUCCESS(status);
	return minirq_driver_errno(status);
}

/**
 * minirq_pnp_restart() - start a device that has been stopped
 * @pnp:	the device, with what it has been granted since
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno, with nothing connected.
 */
int minirq_pnp_restart(struct minirq_pnp *pnp)
{
	int err = minirq_pnp_start(pnp);

	if (err)
		give_up_interrupts(pnp);
	return err;
}

/**
 * minirq_pnp_stop() - have a device give its resources back
 * @pnp:	the device; minirq_pdo_grant() before it is started again
 *
 * One that did not start again is stopped already.
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY when a driver refused, with the device still started.
 */
int minirq_pnp_stop(struct minirq_pnp *pnp)
{
	if (!pnp->started)
		return 0;
	if (!NT_SUCCESS(send(pnp, IRP_MN_QUERY_STOP_DEVICE))) {
		send(pnp, IRP_MN_CANCEL_STOP_DEVICE);
		return -EBUSY;
	}
	send(pnp, IRP_MN_STOP_DEVICE);
	give_up_interrupts(pnp);
	pnp->started = false;
	return 0;
}

static bool is_present(struct minirq_pnp *pnp)
{
	return !pnp->pdev || pci_device_is_present(pnp->pdev);
}

/*
 * Linux takes a device away without asking. To a driver that says no, it is as
 * if the device had been pulled out.
 */
static void prepare_removal(struct minirq_pnp *pnp)
{
	if (is_present(pnp) &&
	    NT_SUCCESS(send(pnp, IRP_MN_QUERY_REMOVE_DEVICE)))
		return;
	send(pnp, IRP_MN_SURPRISE_REMOVAL);
}

/**
 * minirq_pnp_remove() - take a device away from its drivers
 * @pnp:	an added device
 *
 * Context: process context, may sleep.
 */
void minirq_pnp_remove(struct minirq_pnp *pnp)
{
	PDEVICE_OBJECT top = IoGetAttachedDeviceReference(&pnp->pdo.object);
	PDRIVER_OBJECT driver = top->DriverObject;

	if (pnp->started)
		prepare_removal(pnp);
	pnp->started = false;
	send(pnp, IRP_MN_REMOVE_DEVICE);
	ObDereferenceObject(top);
	end_left_over(pnp, driver->MajorFunction[IRP_MJ_PNP],
		      "IRP_MN_REMOVE_DEVICE");
}

static NTSTATUS set_system(struct minirq_pnp *pnp, UCHAR minor,
			   SYSTEM_POWER_STATE state)
{
	return minirq_power_send(&pnp->pdo.object, minor, SystemPowerState,
				 (POWER_STATE) { .SystemState = state });
}

/*
 * A power policy owner has asked for this state when it saw the machine's. For a
 * driver that leaves it to others, it is asked for here. Drivers above the one
 * that refuses may have gone there: the state is then unknown.
 */
static NTSTATUS set_device(struct minirq_pnp *pnp, DEVICE_POWER_STATE state)
{
	POWER_STATE *power = &pnp->hidden.power[DevicePowerState];
	NTSTATUS status;

	if (power->DeviceState == state)
		return STATUS_SUCCESS;
	status = minirq_power_send(&pnp->pdo.object, IRP_MN_SET_POWER,
				   DevicePowerState,
				   (POWER_STATE) { .DeviceState = state });
	if (!NT_SUCCESS(status))
		power->DeviceState = PowerDeviceUnspecified;
	return status;
}

static NTSTATUS put_to_sleep(struct minirq_pnp *pnp)
{
	NTSTATUS status;

	status = set_system(pnp, IRP_MN_QUERY_POWER, PowerSystemSleeping3);
	if (NT_SUCCESS(status) || status == STATUS_NOT_SUPPORTED)
		status = set_system(pnp, IRP_MN_SET_POWER,
				    PowerSystemSleeping3);
	if (NT_SUCCESS(status))
		status = set_device(pnp, PowerDeviceD3);
	return status;
}

/* Awake the machine is, whatever a driver says. */
static NTSTATUS wake_device(struct minirq_pnp *pnp)
{
	NTSTATUS machine, device;

	machine = set_system(pnp, IRP_MN_SET_POWER, PowerSystemWorking);
	device = set_device(pnp, PowerDeviceD0);
	return NT_SUCCESS(machine) ? device : machine;
}

/**
 * minirq_pnp_suspend() - the machine goes to sleep
 * @pnp:	a device; one that is not started has no power to lose
 *
 * Linux resumes no device that could not be suspended, but some of its drivers may
 * be asleep, or expect to be: they are told that the machine stays awake.
 *
 * Context: process context, may sleep.
 * Return: 0; -EBUSY when a driver refused, with the device awake.
 */
int minirq_pnp_suspend(struct minirq_pnp *pnp)
{
	if (!pnp->started || NT_SUCCESS(put_to_sleep(pnp)))
		return 0;
	wake_device(pnp);
	return -EBUSY;
}

/**
 * minirq_pnp_resume() - the machine is awake again
 * @pnp:	a suspended device
 *
 * Context: process context, may sleep.
 * Return: 0; -EIO when a driver failed.
 */
int minirq_pnp_resume(struct minirq_pnp *pnp)
{
	return !pnp->started || NT_SUCCESS(wake_device(pnp)) ? 0 : -EIO;
}

/* Drivers that want other interrupts than their device was granted get them. */
static int filter(struct minirq_device *dev, struct minirq_pnp *pnp)
{
	struct minirq_request *offer, *request;
	int err;

	offer = minirq_pci_offer(dev->pdev, &dev->driver->miniport->policy);
	if (!offer)
		return -ENOMEM;
	request = minirq_pnp_filter(&pnp->pdo.object, dev->pdev, offer);
	kfree(offer);
	if (!request)
		return 0;
	minirq_wdm_withdraw(&pnp->pdo);
	err = minirq_driver_regrant(dev, request);
	minirq_pdo_grant(&pnp->pdo, dev->irqs);
	kfree(request);
	return err;
}

static int start(struct minirq_device *dev)
{
	struct minirq_pnp *pnp = minirq_pnp_create(dev->name, dev->pdev,
						   dev->irqs);
	int err;

	if (!pnp)
		return -ENOMEM;
	err = minirq_pnp_add(pnp, dev->driver);
	if (err)
		goto destroy;
	err = filter(dev, pnp);
	if (err)
		goto remove;
	err = minirq_pnp_start(pnp);
	if (err)
		goto remove;
	dev->adapter = pnp;
	return 0;

remove:
	minirq_pnp_remove(pnp);
destroy:
	minirq_pnp_destroy(pnp);
	return err;
}

static void stop(struct minirq_device *dev)
{
	minirq_pnp_remove(dev->adapter);
	minirq_pnp_destroy(dev->adapter);
}

static int suspend(struct minirq_device *dev)
{
	return minirq_pnp_suspend(dev->adapter);
}

static int resume(struct minirq_device *dev)
{
	return minirq_pnp_resume(dev->adapter);
}

static int pause(struct minirq_device *dev)
{
	return minirq_pnp_stop(dev->adapter);
}

static int restart(struct minirq_device *dev)
{
	struct minirq_pnp *pnp = dev->adapter;

	minirq_pdo_grant(&pnp->pdo, dev->irqs);
	return filter(dev, pnp) ?: minirq_pnp_restart(pnp);
}

static void unload(struct minirq_driver *driver)
{
	PDRIVER_OBJECT object = &driver->object;

	if (object->DriverUnload)
		object->DriverUnload(object);
}

static void end(struct minirq_driver *driver)
{
	PDRIVER_OBJECT object = &driver->object;

	while (object->DeviceObject) {
		minirq_violation(MINIRQ_RULE_DEVICE, driver->extension.AddDevice,
				 "%s: device object left behind",
				 driver->miniport->name);
		IoDeleteDevice(object->DeviceObject);
	}
}

const struct minirq_driver_ops minirq_pnp_ops = {
	.start = start,
	.stop = stop,
	.suspend = suspend,
	.resume = resume,
	.pause = pause,
	.restart = restart,
	.unload = unload,
	.end = end,
};

/**
 * minirq_pdo_create() - the device object of a function that Linux code drives
 * @pdev:	the function, enabled
 * @policy:	which interrupts it may have
 *
 * For a module that writes its probe and remove itself, and only wants its
 * interrupts to be Windows'. The device object is what IoConnectInterruptEx()
 * takes.
 *
 * Context: process context, may sleep.
 * Return: the device object, or ERR_PTR(-ENOMEM).
 */
struct _DEVICE_OBJECT *minirq_pdo_create(struct pci_dev *pdev,
					 const struct minirq_policy *policy)
{
	struct minirq_irqs *irqs = minirq_pci_grant(pdev, policy);
	struct minirq_pnp *pnp;

	if (IS_ERR(irqs))
		return ERR_CAST(irqs);
	pnp = minirq_pnp_create(pci_name(pdev), pdev, irqs);
	if (!pnp)
		goto release;
	pnp->pdo.msix = minirq_msix_table_create(irqs);
	if (pnp->pdo.msix)
		return &pnp->pdo.object;
	minirq_pnp_destroy(pnp);
release:
	minirq_pci_release(pdev, irqs);
	return ERR_PTR(-ENOMEM);
}
EXPORT_SYMBOL_GPL(minirq_pdo_create);

/**
 * minirq_pdo_destroy() - undo minirq_pdo_create()
 * @pdo:	the device object
 *
 * What is still connected is disconnected, and reported.
 *
 * Context: process context, may sleep.
 */
void minirq_pdo_destroy(struct _DEVICE_OBJECT *pdo)
{
	struct minirq_pnp *pnp = minirq_pnp_of(pdo);
	struct minirq_irqs *irqs = (struct minirq_irqs *)pnp->pdo.irqs;
	struct pci_dev *pdev = pnp->pdev;

	end_left_over(pnp, MINIRQ_CALLER, "the end of its module");
	minirq_pnp_destroy(pnp);
	minirq_pci_release(pdev, irqs);
}
EXPORT_SYMBOL_GPL(minirq_pdo_destroy);
