// SPDX-License-Identifier: GPL-2.0-only
/*
 * Work items: what a driver wants done at PASSIVE_LEVEL. They run in a
 * workqueue of minirq's, so that all of them can be waited for: a routine that
 * has freed its own item leaves nothing else to wait for.
 */
#include "ndis_work.h"

#include <linux/export.h>
#include <linux/workqueue.h>

#include "held.h"
#include "irql.h"
#include "memory.h"
#include "ndis_owner.h"
#include "verifier.h"

static struct workqueue_struct *queue;

/**
 * struct work_item - what a handle of a work item points to
 * @object:	its owner's; first, as the driver holds a pointer to it
 * @work:	queued or not
 * @routine:	what to call
 * @context:	its first argument
 */
struct work_item {
	struct minirq_ndis_object object;
	struct work_struct work;
	PNDIS_IO_WORKITEM_FUNCTION routine;
	PVOID context;
};

/* Windows uses its critical work queue; nobody waits for others' items. */
int minirq_ndis_work_start(void)
{
	queue = alloc_workqueue("minirq", WQ_UNBOUND | WQ_HIGHPRI, 0);
	return queue ? 0 : -ENOMEM;
}

void minirq_ndis_work_stop(void)
{
	destroy_workqueue(queue);
}

/* For those who have more than work items to do at PASSIVE_LEVEL. */
void minirq_ndis_work_queue(struct work_struct *work)
{
	queue_work(queue, work);
}

/* Wait until everything that has been queued is done. */
void minirq_ndis_work_flush(void)
{
	flush_workqueue(queue);
}

static struct work_item *item_of(struct minirq_ndis_object *object)
{
	return container_of(object, struct work_item, object);
}

/* Report what a routine has left, and put it right: the thread has more to do. */
static void put_right(PNDIS_IO_WORKITEM_FUNCTION routine)
{
	KIRQL irql;

	minirq_held_end(0, routine);
	irql = minirq_irql_current();
	if (irql == PASSIVE_LEVEL)
		return;
	minirq_violation(MINIRQ_RULE_IRQL_RETURN, routine,
			 "work item returned at IRQL %u", irql);
	minirq_irql_lower(irql, PASSIVE_LEVEL);
}

/* The routine may free the item, or queue it again. */
static void run(struct work_struct *work)
{
	struct work_item *item = container_of(work, struct work_item, work);
	PNDIS_IO_WORKITEM_FUNCTION routine = item->routine;

	routine(item->context, item);
	put_right(routine);
}

static void queue_item(struct minirq_ndis_object *object)
{
	queue_work(queue, &item_of(object)->work);
}

static void stop_item(struct minirq_ndis_object *object)
{
	cancel_work_sync(&item_of(object)->work);
}

static void free_item(struct minirq_ndis_object *object)
{
	minirq_memory_free(item_of(object));
}

static const struct minirq_ndis_kind work_item_kind = {
	.name = "work item",
	.stop = stop_item,
	.free = free_item,
};

static bool level_allows(const char *function, void *caller)
{
	return minirq_ndis_level(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MISC,
				 function, caller);
}

/**
 * NdisAllocateIoWorkItem() - allocate a work item
 * @NdisObjectHandle:	the adapter or driver that owns it
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisallocateioworkitem
 * Return: its handle, or NULL.
 */
NDIS_HANDLE NdisAllocateIoWorkItem(NDIS_HANDLE NdisObjectHandle)
{
	struct minirq_ndis_owner *owner;
	struct work_item *item;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return NULL;
	owner = minirq_ndis_owner_of(NdisObjectHandle, __func__, MINIRQ_CALLER);
	if (!owner)
		return NULL;
	item = minirq_memory_alloc(sizeof(*item), minirq_memory_gfp());
	if (!item)
		return NULL;
	INIT_WORK(&item->work, run);
	minirq_ndis_object_add(&item->object, owner, &work_item_kind,
			       MINIRQ_CALLER);
	return item;
}
EXPORT_SYMBOL_GPL(NdisAllocateIoWorkItem);

/**
 * NdisQueueIoWorkItem() - have a routine called at PASSIVE_LEVEL
 * @NdisIoWorkItemHandle:	a work item that is not queued
 * @Routine:			what to call
 * @WorkItemContext:		its first argument; the second is the handle
 *
 * Differs from Windows: queueing an item that is queued already is reported,
 * and ignored. An item that its owner has left behind is not queued any more.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisqueueioworkitem
 */
VOID NdisQueueIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle,
			 NDIS_IO_WORKITEM_ROUTINE Routine,
			 PVOID WorkItemContext)
{
	struct minirq_ndis_object *object;
	struct work_item *item;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_of(NdisIoWorkItemHandle, &work_item_kind,
				       __func__, MINIRQ_CALLER);
	if (!object)
		return;
	item = item_of(object);
	if (work_pending(&item->work)) {
		minirq_violation(MINIRQ_RULE_NDIS_OBJECT, MINIRQ_CALLER,
				 "%s: work item %p is queued already", __func__,
				 item);
		return;
	}
	item->routine = Routine;
	item->context = WorkItemContext;
	minirq_ndis_object_start(object, queue_item);
}
EXPORT_SYMBOL_GPL(NdisQueueIoWorkItem);

/**
 * NdisFreeIoWorkItem() - free a work item
 * @NdisIoWorkItemHandle:	a work item that is not queued; its routine may
 *				free it
 *
 * Differs from Windows: an item that is queued is reported, and its routine not
 * called.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisfreeioworkitem
 */
VOID NdisFreeIoWorkItem(NDIS_HANDLE NdisIoWorkItemHandle)
{
	struct minirq_ndis_object *object;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_of(NdisIoWorkItemHandle, &work_item_kind,
				       __func__, MINIRQ_CALLER);
	if (!object || !minirq_ndis_object_remove(object))
		return;
	if (cancel_work(&item_of(object)->work))
		minirq_violation(MINIRQ_RULE_NDIS_OBJECT, MINIRQ_CALLER,
				 "%s: work item %p is queued", __func__,
				 item_of(object));
	free_item(object);
}
EXPORT_SYMBOL_GPL(NdisFreeIoWorkItem);
