/* SPDX-License-Identifier: GPL-2.0-only */
/* Physical device objects: the device that a driver's device object stands on. */
#ifndef MINIRQ_PDO_H
#define MINIRQ_PDO_H

#include <linux/list.h>

#include <wdm.h>

struct minirq_irqs;
struct minirq_msix_table;
struct module;
struct task_struct;

/**
 * struct minirq_pdo - a device as its bus reports it
 * @object:	what drivers are given
 * @name:	driver and device, shown in /proc/interrupts
 * @owner:	its driver's module, or NULL
 * @starting:	the thread in which its driver starts it, or NULL
 * @irqs:	what the device was granted
 * @msix:	what a driver does to the device's MSI-X table, or NULL
 * @list:	in the list of all of them
 *
 * Whoever knows the device embeds one and fills it in, so that connecting an
 * interrupt takes knowledge of neither the bus nor the device's way from start
 * to remove.
 */
struct minirq_pdo {
	struct _DEVICE_OBJECT object;
	const char *name;
	struct module *owner;
	struct task_struct *starting;
	const struct minirq_irqs *irqs;
	struct minirq_msix_table *msix;
	struct list_head list;
};

void minirq_pdo_add(struct minirq_pdo *pdo);
void minirq_pdo_remove(struct minirq_pdo *pdo);

void minirq_pdo_grant(struct minirq_pdo *pdo, const struct minirq_irqs *irqs);

struct minirq_pdo *minirq_pdo_find(PDEVICE_OBJECT object);
struct minirq_pdo *minirq_pdo_of_vector(ULONG vector, const void *routine);
struct minirq_pdo *minirq_pdo_twin(const struct minirq_pdo *pdo);
bool minirq_pdo_message(struct minirq_pdo *pdo, ULONG vector, unsigned int *id);

#endif /* MINIRQ_PDO_H */
