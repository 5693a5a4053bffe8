// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort work items: what a miniport cannot do at a raised level.
 *
 * A handle is the worker's address. It is looked up before it is used, so that
 * one that has been freed is refused.
 */
#include "storport_work.h"

#include <linux/export.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include <storport.h>

#include "irql.h"
#include "memory.h"
#include "storport.h"
#include "storport_call.h"

/**
 * struct worker - a work item
 * @list:	in &struct minirq_stor_work
 * @work:	calls @routine
 * @queued:	it will be called
 * @adapter:	whose
 * @routine:	the driver's
 * @context:	its second argument
 */
struct worker {
	struct list_head list;
	struct work_struct work;
	bool queued;
	struct minirq_stor_adapter *adapter;
	PHW_WORKITEM routine;
	PVOID context;
};

/* An adapter without work items yet. */
int minirq_stor_work_init(struct minirq_stor_work *work)
{
	raw_spin_lock_init(&work->lock);
	INIT_LIST_HEAD(&work->workers);
	work->queue = alloc_workqueue("minirq_storport",
				      WQ_UNBOUND | WQ_MEM_RECLAIM |
					      WQ_FREEZABLE, 0);
	return work->queue ? 0 : -ENOMEM;
}

/* Wait for those that are queued; the adapter is stopping, and queues no more. */
void minirq_stor_work_flush(struct minirq_stor_work *work)
{
	unsigned long flags;

	/* whoever did not see that it is stopping has queued by then */
	raw_spin_lock_irqsave(&work->lock, flags);
	raw_spin_unlock_irqrestore(&work->lock, flags);
	flush_workqueue(work->queue);
}

/* The adapter is gone: free what its driver has left. */
void minirq_stor_work_release(struct minirq_stor_work *work)
{
	struct worker *worker, *next;

	if (!work->queue)
		return;
	destroy_workqueue(work->queue);
	list_for_each_entry_safe(worker, next, &work->workers, list)
		kfree(worker);
}

/* Under the lock: the worker of a handle, NULL when it is none. */
static struct worker *worker_of(struct minirq_stor_work *work, PVOID handle)
{
	struct worker *worker;

	list_for_each_entry(worker, &work->workers, list)
		if (worker == handle)
			return worker;
	return NULL;
}

/* The routine may queue its own worker again, and free it. */
static void run(struct work_struct *work)
{
	struct worker *worker = container_of(work, struct worker, work);
	struct minirq_stor_adapter *adapter = worker->adapter;
	struct minirq_stor_work *all = &adapter->work;
	PHW_WORKITEM routine = worker->routine;
	PVOID context = worker->context;
	unsigned long flags;

	raw_spin_lock_irqsave(&all->lock, flags);
	worker->queued = false;
	raw_spin_unlock_irqrestore(&all->lock, flags);
	routine(adapter->extension, context, worker);
	minirq_storport_call_end(adapter, routine, PASSIVE_LEVEL, 0);
}

/**
 * StorPortInitializeWorker() - make a work item
 * @HwDeviceExtension:	the adapter
 * @Worker:		where its handle is stored
 *
 * What is left when the adapter is removed is freed then.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportinitializeworker
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer;
 * STOR_STATUS_INVALID_IRQL; STOR_STATUS_INSUFFICIENT_RESOURCES.
 */
ULONG StorPortInitializeWorker(PVOID HwDeviceExtension, PVOID *Worker)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct worker *worker;
	unsigned long flags;

	if (!adapter || !Worker)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	worker = minirq_memory_alloc(sizeof(*worker), GFP_ATOMIC);
	if (!worker)
		return STOR_STATUS_INSUFFICIENT_RESOURCES;
	INIT_WORK(&worker->work, run);
	worker->adapter = adapter;
	raw_spin_lock_irqsave(&adapter->work.lock, flags);
	list_add(&worker->list, &adapter->work.workers);
	raw_spin_unlock_irqrestore(&adapter->work.lock, flags);
	*Worker = worker;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortInitializeWorker);

/* Under the lock. */
static ULONG enqueue(struct minirq_stor_adapter *adapter, PVOID handle,
		     PHW_WORKITEM routine, PVOID context)
{
	struct worker *worker = worker_of(&adapter->work, handle);

	if (!worker)
		return STOR_STATUS_INVALID_PARAMETER;
	if (READ_ONCE(adapter->phase) == MINIRQ_STOR_STOPPING)
		return STOR_STATUS_INVALID_DEVICE_STATE;
	if (worker->queued)
		return STOR_STATUS_BUSY;
	worker->queued = true;
	worker->routine = routine;
	worker->context = context;
	queue_work(adapter->work.queue, &worker->work);
	return STOR_STATUS_SUCCESS;
}

/**
 * StorPortQueueWorkItem() - have a routine called by a system thread
 * @HwDeviceExtension:	the adapter
 * @WorkItemCallback:	the routine
 * @Worker:		a work item
 * @Context:		its second argument
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportqueueworkitem
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or no such work item; STOR_STATUS_INVALID_IRQL; STOR_STATUS_BUSY when it is
 * queued already; STOR_STATUS_INVALID_DEVICE_STATE while the adapter is being
 * removed.
 */
ULONG StorPortQueueWorkItem(PVOID HwDeviceExtension,
			    PHW_WORKITEM WorkItemCallback, PVOID Worker,
			    PVOID Context)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	unsigned long flags;
	ULONG status;

	if (!adapter || !WorkItemCallback || !Worker)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	raw_spin_lock_irqsave(&adapter->work.lock, flags);
	status = enqueue(adapter, Worker, WorkItemCallback, Context);
	raw_spin_unlock_irqrestore(&adapter->work.lock, flags);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortQueueWorkItem);

/**
 * StorPortFreeWorker() - free a work item
 * @HwDeviceExtension:	the adapter
 * @Worker:		a work item that is not queued; its own routine may free it
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportfreeworker
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer;
 * STOR_STATUS_INVALID_IRQL; STOR_STATUS_BUSY when it is queued;
 * STOR_STATUS_UNSUCCESSFUL when there is no such work item.
 */
ULONG StorPortFreeWorker(PVOID HwDeviceExtension, PVOID Worker)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	ULONG status = STOR_STATUS_UNSUCCESSFUL;
	struct worker *worker;
	unsigned long flags;

	if (!adapter || !Worker)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	raw_spin_lock_irqsave(&adapter->work.lock, flags);
	worker = worker_of(&adapter->work, Worker);
	if (worker)
		status = worker->queued ? STOR_STATUS_BUSY :
					  STOR_STATUS_SUCCESS;
	if (status == STOR_STATUS_SUCCESS)
		list_del(&worker->list);
	raw_spin_unlock_irqrestore(&adapter->work.lock, flags);
	if (status == STOR_STATUS_SUCCESS)
		minirq_memory_free(worker);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortFreeWorker);
