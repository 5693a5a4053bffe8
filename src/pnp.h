/* SPDX-License-Identifier: GPL-2.0-only */
/* The life of a WDM driver's device: AddDevice, start, stop, power, removal. */
#ifndef MINIRQ_PNP_H
#define MINIRQ_PNP_H

#include <linux/pci.h>

#include "pdo.h"
#include "wdm_device.h"

struct minirq_driver;
struct minirq_irqs;

/**
 * struct minirq_pnp - a device that WDM drivers drive
 * @pdo:	the bottom of their stack
 * @hidden:	what drivers do not see of its device object
 * @pdev:	its function, or NULL
 * @name:	shown in /proc/interrupts
 * @started:	IRP_MN_START_DEVICE has succeeded
 *
 * It is freed with the last reference to its device object.
 */
struct minirq_pnp {
	struct minirq_pdo pdo;
	struct minirq_devobj hidden;
	struct pci_dev *pdev;
	char name[64];
	bool started;
};

/* The device at the bottom of a stack */
static inline struct minirq_pnp *minirq_pnp_of(PDEVICE_OBJECT object)
{
	return container_of(object, struct minirq_pnp, pdo.object);
}

struct minirq_pnp *minirq_pnp_create(const char *name, struct pci_dev *pdev,
				     const struct minirq_irqs *irqs);
int minirq_pnp_add(struct minirq_pnp *pnp, struct minirq_driver *driver);
int minirq_pnp_start(struct minirq_pnp *pnp);
int minirq_pnp_restart(struct minirq_pnp *pnp);
int minirq_pnp_stop(struct minirq_pnp *pnp);
int minirq_pnp_suspend(struct minirq_pnp *pnp);
int minirq_pnp_resume(struct minirq_pnp *pnp);
void minirq_pnp_remove(struct minirq_pnp *pnp);
void minirq_pnp_destroy(struct minirq_pnp *pnp);

#endif /* MINIRQ_PNP_H */
