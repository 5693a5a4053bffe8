/* SPDX-License-Identifier: GPL-2.0-only */
/* Device objects, and the stacks they are attached to. */
#ifndef MINIRQ_WDM_DEVICE_H
#define MINIRQ_WDM_DEVICE_H

#include <linux/container_of.h>
#include <linux/refcount.h>

#include <wdm.h>

/**
 * struct minirq_devobj - what drivers do not see of a device object
 * @shown:	what they do: DeviceObjectExtension points here
 * @references:	pointers to the object; it is freed with the last
 * @release:	frees it
 * @lower:	the device it is attached to, or NULL
 * @power:	what PoSetPowerState() said last, by POWER_STATE_TYPE
 */
struct minirq_devobj {
	struct _DEVOBJ_EXTENSION shown;
	refcount_t references;
	void (*release)(PDEVICE_OBJECT object);
	PDEVICE_OBJECT lower;
	POWER_STATE power[2];
};

static inline struct minirq_devobj *minirq_devobj_of(PDEVICE_OBJECT object)
{
	return container_of(object->DeviceObjectExtension, struct minirq_devobj,
			    shown);
}

void minirq_wdm_device_init(PDEVICE_OBJECT object, struct minirq_devobj *hidden,
			    PDRIVER_OBJECT driver,
			    void (*release)(PDEVICE_OBJECT object));
unsigned int minirq_wdm_device_clear(PDEVICE_OBJECT bottom);

#endif /* MINIRQ_WDM_DEVICE_H */
