// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device objects, and the stacks they are attached to.
 *
 * A stack is a chain of device objects: the bus's at the bottom, above it one of
 * each driver. Requests enter at the top.
 */
#include "wdm_device.h"

#include <linux/export.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "verifier.h"

/* IO_TYPE_DEVICE and IO_TYPE_DEVICE_OBJECT_EXTENSION of Windows */
#define TYPE_DEVICE		3
#define TYPE_DEVICE_EXTENSION	13

/* Who is attached to whom, and the list of each driver. */
static DEFINE_RAW_SPINLOCK(stacks_lock);

/**
 * struct created - a device object of IoCreateDevice()
 * @hidden:	what its driver does not see
 * @object:	what it does
 * @extension:	for the driver
 */
struct created {
	struct minirq_devobj hidden;
	struct _DEVICE_OBJECT object;
	UCHAR extension[] __aligned(16);
};

static void free_created(PDEVICE_OBJECT object)
{
	kfree(container_of(object, struct created, object));
}

/**
 * minirq_wdm_device_init() - fill in a device object
 * @object:	the object, zeroed
 * @hidden:	the part of it that drivers do not see, zeroed
 * @driver:	whose device it is
 * @release:	called when nobody points to it any more
 */
void minirq_wdm_device_init(PDEVICE_OBJECT object, struct minirq_devobj *hidden,
			    PDRIVER_OBJECT driver,
			    void (*release)(PDEVICE_OBJECT object))
{
	hidden->shown.Type = TYPE_DEVICE_EXTENSION;
	hidden->shown.DeviceObject = object;
	hidden->release = release;
	hidden->power[SystemPowerState].SystemState = PowerSystemWorking;
	hidden->power[DevicePowerState].DeviceState = PowerDeviceD0;
	refcount_set(&hidden->references, 1);
	object->Type = TYPE_DEVICE;
	object->Size = sizeof(*object);
	object->DriverObject = driver;
	object->StackSize = 1;
	object->DeviceObjectExtension = &hidden->shown;
	KeInitializeEvent(&object->DeviceLock, SynchronizationEvent, TRUE);
}

static void add_to_driver(PDEVICE_OBJECT object)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&stacks_lock, flags);
	object->NextDevice = object->DriverObject->DeviceObject;
	object->DriverObject->DeviceObject = object;
	raw_spin_unlock_irqrestore(&stacks_lock, flags);
}

/**
 * IoCreateDevice() - make a device object
 * @DriverObject:		the driver's
 * @DeviceExtensionSize:	memory that the driver wants with it, zeroed
 * @DeviceName:			not used: devices have no names here
 * @DeviceType:			FILE_DEVICE_XXX
 * @DeviceCharacteristics:	FILE_XXX
 * @Exclusive:			noted in Flags
 * @DeviceObject:		where the object is stored
 *
 * The driver clears DO_DEVICE_INITIALIZING when the device can be called.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-iocreatedevice
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for a NULL pointer;
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS IoCreateDevice(PDRIVER_OBJECT DriverObject, ULONG DeviceExtensionSize,
			PUNICODE_STRING DeviceName, DEVICE_TYPE DeviceType,
			ULONG DeviceCharacteristics, BOOLEAN Exclusive,
			PDEVICE_OBJECT *DeviceObject)
{
	struct created *created;
	PDEVICE_OBJECT object;

	if (!DriverObject || !DeviceObject)
		return STATUS_INVALID_PARAMETER;
	created = kzalloc(struct_size(created, extension, DeviceExtensionSize),
			  GFP_KERNEL);
	if (!created)
		return STATUS_INSUFFICIENT_RESOURCES;
	object = &created->object;
	minirq_wdm_device_init(object, &created->hidden, DriverObject,
			       free_created);
	object->DeviceType = DeviceType;
	object->Characteristics = DeviceCharacteristics;
	object->Flags = DO_DEVICE_INITIALIZING | (Exclusive ? DO_EXCLUSIVE : 0);
	if (DeviceExtensionSize)
		object->DeviceExtension = created->extension;
	add_to_driver(object);
	*DeviceObject = object;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(IoCreateDevice);

/* False when the object is not in the list of its driver, or not any more. */
static bool leave_driver(PDEVICE_OBJECT object)
{
	PDEVICE_OBJECT *link = &object->DriverObject->DeviceObject;

	while (*link && *link != object)
		link = &(*link)->NextDevice;
	if (!*link)
		return false;
	*link = object->NextDevice;
	object->NextDevice = NULL;
	return true;
}

static void detach(PDEVICE_OBJECT lower)
{
	if (!lower || !lower->AttachedDevice)
		return;
	minirq_devobj_of(lower->AttachedDevice)->lower = NULL;
	lower->AttachedDevice = NULL;
}

/* Take an object out of everything. False when that has been done before. */
static bool unlink_device(PDEVICE_OBJECT object, bool *attached)
{
	struct minirq_devobj *hidden = minirq_devobj_of(object);
	unsigned long flags;
	bool found;

	raw_spin_lock_irqsave(&stacks_lock, flags);
	found = leave_driver(object);
	*attached = hidden->lower || object->AttachedDevice;
	detach(hidden->lower);
	detach(object);
	raw_spin_unlock_irqrestore(&stacks_lock, flags);
	return found;
}

/**
 * IoDeleteDevice() - delete a device object
 * @DeviceObject:	from IoCreateDevice(), detached
 *
 * It is freed with the last reference to it. Deleting one that is still
 * attached is reported, and detaches it; deleting one twice is reported.
 *
 * Context: IRQL <= APC_LEVEL.
 * Page: nf-wdm-iodeletedevice
 */
VOID IoDeleteDevice(PDEVICE_OBJECT DeviceObject)
{
	bool attached;

	if (!unlink_device(DeviceObject, &attached)) {
		minirq_violation(MINIRQ_RULE_DEVICE, MINIRQ_CALLER,
				 "device object deleted that is not a driver's");
		return;
	}
	if (attached)
		minirq_violation(MINIRQ_RULE_DEVICE, MINIRQ_CALLER,
				 "device object deleted while it is attached");
	ObDereferenceObject(DeviceObject);
}
EXPORT_SYMBOL_GPL(IoDeleteDevice);

static PDEVICE_OBJECT top_of(PDEVICE_OBJECT object)
{
	while (object->AttachedDevice)
		object = object->AttachedDevice;
	return object;
}

/* The previous top, or NULL when @source stands somewhere already. */
static PDEVICE_OBJECT attach(PDEVICE_OBJECT source, PDEVICE_OBJECT target)
{
	struct minirq_devobj *hidden = minirq_devobj_of(source);
	PDEVICE_OBJECT top = top_of(target);

	if (hidden->lower || source == top)
		return NULL;
	hidden->lower = top;
	top->AttachedDevice = source;
	source->StackSize = top->StackSize + 1;
	source->AlignmentRequirement = top->AlignmentRequirement;
	return top;
}

/**
 * IoAttachDeviceToDeviceStackSafe() - put a device on top of a stack
 * @SourceDevice:		a device of the driver's
 * @TargetDevice:		any device of the stack, as AddDevice is given one
 * @AttachedToDeviceObject:	where the next lower device is stored, before
 *				any request can come
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-ioattachdevicetodevicestacksafe
 * Return: STATUS_SUCCESS; STATUS_NO_SUCH_DEVICE when it cannot be attached.
 */
NTSTATUS IoAttachDeviceToDeviceStackSafe(PDEVICE_OBJECT SourceDevice,
					 PDEVICE_OBJECT TargetDevice,
					 PDEVICE_OBJECT *AttachedToDeviceObject)
{
	unsigned long flags;
	PDEVICE_OBJECT lower;

	raw_spin_lock_irqsave(&stacks_lock, flags);
	lower = attach(SourceDevice, TargetDevice);
	*AttachedToDeviceObject = lower;
	raw_spin_unlock_irqrestore(&stacks_lock, flags);
	return lower ? STATUS_SUCCESS : STATUS_NO_SUCH_DEVICE;
}
EXPORT_SYMBOL_GPL(IoAttachDeviceToDeviceStackSafe);

/**
 * IoAttachDeviceToDeviceStack() - put a device on top of a stack
 * @SourceDevice:	a device of the driver's
 * @TargetDevice:	any device of the stack, as AddDevice is given one
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-ioattachdevicetodevicestack
 * Return: the next lower device, for IoCallDriver(); NULL when @SourceDevice
 * cannot be attached, as it is attached already.
 */
PDEVICE_OBJECT IoAttachDeviceToDeviceStack(PDEVICE_OBJECT SourceDevice,
					   PDEVICE_OBJECT TargetDevice)
{
	PDEVICE_OBJECT lower;

	IoAttachDeviceToDeviceStackSafe(SourceDevice, TargetDevice, &lower);
	return lower;
}
EXPORT_SYMBOL_GPL(IoAttachDeviceToDeviceStack);

/**
 * IoDetachDevice() - take a driver's device off its stack
 * @TargetDevice:	the next lower device, as attaching returned it
 *
 * Detaching from a device that nobody is attached to is reported.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-iodetachdevice
 */
VOID IoDetachDevice(PDEVICE_OBJECT TargetDevice)
{
	unsigned long flags;
	bool attached;

	raw_spin_lock_irqsave(&stacks_lock, flags);
	attached = TargetDevice->AttachedDevice;
	detach(TargetDevice);
	raw_spin_unlock_irqrestore(&stacks_lock, flags);
	if (!attached)
		minirq_violation(MINIRQ_RULE_DEVICE, MINIRQ_CALLER,
				 "detached from a device nobody is attached to");
}
EXPORT_SYMBOL_GPL(IoDetachDevice);

/**
 * IoGetAttachedDeviceReference() - the top of a stack
 * @DeviceObject:	any device of the stack
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ntifs-iogetattacheddevicereference
 * Return: the topmost device, referenced: ObDereferenceObject() ends that.
 */
PDEVICE_OBJECT IoGetAttachedDeviceReference(PDEVICE_OBJECT DeviceObject)
{
	unsigned long flags;
	PDEVICE_OBJECT top;

	raw_spin_lock_irqsave(&stacks_lock, flags);
	top = top_of(DeviceObject);
	ObReferenceObject(top);
	raw_spin_unlock_irqrestore(&stacks_lock, flags);
	return top;
}
EXPORT_SYMBOL_GPL(IoGetAttachedDeviceReference);

/**
 * ObfReferenceObject() - keep an object in memory
 * @Object:	a device object
 *
 * What ObReferenceObject() is a macro for. Of Windows' objects only device
 * objects are known.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-obfreferenceobject
 * Return: reserved for system use.
 */
LONG_PTR ObfReferenceObject(PVOID Object)
{
	struct minirq_devobj *hidden = minirq_devobj_of(Object);

	refcount_inc(&hidden->references);
	return refcount_read(&hidden->references);
}
EXPORT_SYMBOL_GPL(ObfReferenceObject);

/**
 * ObfDereferenceObject() - undo ObfReferenceObject()
 * @Object:	a device object
 *
 * What ObDereferenceObject() is a macro for.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-obdereferenceobject
 * Return: reserved for system use.
 */
LONG_PTR ObfDereferenceObject(PVOID Object)
{
	struct minirq_devobj *hidden = minirq_devobj_of(Object);

	if (refcount_dec_and_test(&hidden->references))
		hidden->release(Object);
	return 0;
}
EXPORT_SYMBOL_GPL(ObfDereferenceObject);

/**
 * minirq_wdm_device_clear() - delete what drivers have left on a stack
 * @bottom:	the lowest device, which stays
 *
 * Context: process context, may sleep.
 * Return: how many device objects there were.
 */
unsigned int minirq_wdm_device_clear(PDEVICE_OBJECT bottom)
{
	unsigned int count = 0;
	PDEVICE_OBJECT top;

	for (top = top_of(bottom); top != bottom; top = top_of(bottom)) {
		IoDetachDevice(minirq_devobj_of(top)->lower);
		IoDeleteDevice(top);
		count++;
	}
	return count;
}
