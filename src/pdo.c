// SPDX-License-Identifier: GPL-2.0-only
/*
 * Physical device objects: the device that a driver's device object stands on.
 *
 * A driver names its device by a pointer, and some drivers pass the wrong one, so
 * a pointer counts only when it is in the list of those that exist.
 */
#include "pdo.h"

#include <linux/module.h>
#include <linux/mutex.h>
#include <linux/sched.h>

#include "interrupt.h"

static LIST_HEAD(pdos);
static DEFINE_MUTEX(pdos_lock);

/* What a device has that has been granted nothing, or not again yet. */
static const struct minirq_irqs no_irqs;

/**
 * minirq_pdo_add() - let drivers connect the interrupts of a device
 * @pdo:	the device, filled in; it stays until minirq_pdo_remove()
 *
 * Context: process context, may sleep.
 */
void minirq_pdo_add(struct minirq_pdo *pdo)
{
	mutex_lock(&pdos_lock);
	list_add_tail(&pdo->list, &pdos);
	mutex_unlock(&pdos_lock);
}

/**
 * minirq_pdo_remove() - undo minirq_pdo_add()
 * @pdo:	the device, whose interrupts are disconnected
 *
 * Context: process context, may sleep.
 */
void minirq_pdo_remove(struct minirq_pdo *pdo)
{
	mutex_lock(&pdos_lock);
	list_del_init(&pdo->list);
	mutex_unlock(&pdos_lock);
}

/**
 * minirq_pdo_grant() - give a device other interrupts
 * @pdo:	the device, with none connected
 * @irqs:	what it is granted; NULL before what it has is freed
 *
 * Context: process context, may sleep.
 */
void minirq_pdo_grant(struct minirq_pdo *pdo, const struct minirq_irqs *irqs)
{
	mutex_lock(&pdos_lock);
	pdo->irqs = irqs ?: &no_irqs;
	mutex_unlock(&pdos_lock);
}

/**
 * minirq_pdo_find() - from a device object to its device
 * @object:	what a driver says is a physical device object
 *
 * Context: process context, may sleep.
 * Return: the device, or NULL when there is none such.
 */
struct minirq_pdo *minirq_pdo_find(PDEVICE_OBJECT object)
{
	struct minirq_pdo *pdo, *found = NULL;

	mutex_lock(&pdos_lock);
	list_for_each_entry(pdo, &pdos, list)
		if (&pdo->object == object)
			found = pdo;
	mutex_unlock(&pdos_lock);
	return found;
}

/**
 * minirq_pdo_message() - which message of a device has a vector?
 * @pdo:	the device
 * @vector:	from a translated resource list, a Linux irq number
 * @id:		message id, 0 for the line
 *
 * Return: false when the vector is not among those of the device.
 */
bool minirq_pdo_message(struct minirq_pdo *pdo, ULONG vector, unsigned int *id)
{
	const struct minirq_irqs *irqs = pdo->irqs;
	unsigned int i;

	for (i = 0; i < irqs->count; i++) {
		if (irqs->irq[i] == vector) {
			*id = i;
			return true;
		}
	}
	return false;
}

static bool drives(const struct minirq_pdo *pdo, const void *routine)
{
	return pdo->owner && within_module((unsigned long)routine, pdo->owner);
}

/* How likely is it the device that a call is about? */
static unsigned int likeliness(const struct minirq_pdo *pdo,
			       const void *routine)
{
	if (READ_ONCE(pdo->starting) == current)
		return 2;
	return drives(pdo, routine);
}

/**
 * minirq_pdo_of_vector() - whose vector is it?
 * @vector:	from a translated resource list, a Linux irq number
 * @routine:	what is to be called for it
 *
 * Devices that share a line share its vector: found is the one that this thread is
 * starting; or one whose driver has the routine, which can be a class library's;
 * or else any of them.
 *
 * Context: process context, may sleep.
 * Return: a device that was granted it, or NULL.
 */
struct minirq_pdo *minirq_pdo_of_vector(ULONG vector, const void *routine)
{
	struct minirq_pdo *pdo, *found = NULL;
	unsigned int id;

	mutex_lock(&pdos_lock);
	list_for_each_entry(pdo, &pdos, list) {
		if (!minirq_pdo_message(pdo, vector, &id))
			continue;
		if (!found ||
		    likeliness(pdo, routine) > likeliness(found, routine))
			found = pdo;
	}
	mutex_unlock(&pdos_lock);
	return found;
}

/**
 * minirq_pdo_twin() - who else is on the line of a device?
 * @pdo:	the device
 *
 * Context: process context, may sleep.
 * Return: another device of the same driver, or NULL.
 */
struct minirq_pdo *minirq_pdo_twin(const struct minirq_pdo *pdo)
{
	struct minirq_pdo *other, *found = NULL;
	unsigned int id;

	if (pdo->irqs->message || !pdo->irqs->count)
		return NULL;
	mutex_lock(&pdos_lock);
	list_for_each_entry(other, &pdos, list)
		if (other != pdo && other->owner == pdo->owner &&
		    minirq_pdo_message(other, pdo->irqs->irq[0], &id))
			found = other;
	mutex_unlock(&pdos_lock);
	return found;
}
