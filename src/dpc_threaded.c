// SPDX-License-Identifier: GPL-2.0-only
/*
 * Threaded deferred procedure calls.
 *
 * Each CPU has a second queue for them, and a SCHED_FIFO thread, the worker,
 * that drains it at PASSIVE_LEVEL: ordinary DPCs preempt it, threads of lesser
 * priority do not.
 *
 * A CPU that goes offline parks its worker. Its queue is then drained as one of
 * ordinary DPCs is, by a tasklet, for which the kernel finds a CPU; the routine of
 * a threaded DPC has to be ready for DISPATCH_LEVEL anyhow. Worker and tasklet
 * never run at once: the one that hands over has come to rest, and whose turn it
 * is changes under the lock of the queue.
 */
#include "dpc_threaded.h"

#include <linux/export.h>
#include <linux/interrupt.h>
#include <linux/irqflags.h>
#include <linux/moduleparam.h>
#include <linux/percpu.h>
#include <linux/sched.h>
#include <linux/smpboot.h>

#include "dpc.h"

bool minirq_dpc_threaded_enabled = true;
module_param_named(thread_dpc_enable, minirq_dpc_threaded_enabled, bool, 0444);
MODULE_PARM_DESC(thread_dpc_enable,
		 "run threaded DPCs at PASSIVE_LEVEL (default), or as ordinary ones");

static DEFINE_PER_CPU(struct task_struct *, workers);

static struct minirq_dpc_queue *queue_of(unsigned int cpu)
{
	return per_cpu_ptr(&minirq_dpc_threaded_queues, cpu);
}

static void set_worker(struct minirq_dpc_queue *q, struct task_struct *worker)
{
	local_irq_disable();
	minirq_dpc_lock(q);
	WRITE_ONCE(q->worker, worker);
	minirq_dpc_unlock(q);
	local_irq_enable();
}

/* From now on the tasklet is not scheduled any more; it has to end. */
static void take_over(unsigned int cpu)
{
	set_worker(queue_of(cpu), current);
	tasklet_kill(&queue_of(cpu)->tasklet);
}

static void set_up(unsigned int cpu)
{
	sched_set_fifo(current);
	take_over(cpu);
}

/* The worker itself says so: it runs no DPC. */
static void hand_over(unsigned int cpu)
{
	set_worker(queue_of(cpu), NULL);
	if (READ_ONCE(queue_of(cpu)->first))
		tasklet_schedule(&queue_of(cpu)->tasklet);
}

static void clean_up(unsigned int cpu, bool online)
{
	hand_over(cpu);
}

static int should_run(unsigned int cpu)
{
	return !!READ_ONCE(queue_of(cpu)->first);
}

/* A round; then it looks whether it is to park or to stop. */
static void drain(unsigned int cpu)
{
	minirq_dpc_drain_passive(queue_of(cpu));
}

static struct smp_hotplug_thread worker_threads = {
	.store = &workers,
	.thread_comm = "minirq_dpc/%u",
	.setup = set_up,
	.unpark = take_over,
	.thread_should_run = should_run,
	.thread_fn = drain,
	.park = hand_over,
	.cleanup = clean_up,
};

/**
 * minirq_dpc_init_threaded() - initialise a DPC that runs in a thread
 * @dpc:	storage
 * @routine:	the routine
 * @context:	second argument of @routine
 *
 * Context: IRQL: any.
 */
void minirq_dpc_init_threaded(PRKDPC dpc, PKDEFERRED_ROUTINE routine,
			      PVOID context)
{
	KeInitializeDpc(dpc, routine, context);
	dpc->Type = MINIRQ_DPC_THREADED;
}

/**
 * KeInitializeThreadedDpc() - initialise a DPC that runs in a thread
 * @Dpc:		resident storage of the driver
 * @DeferredRoutine:	the routine; all rules of DISPATCH_LEVEL hold for it
 * @DeferredContext:	its second argument
 *
 * What can be done with a DPC can be done with this one. Importance only says
 * whether it goes to the head of its queue or to the tail.
 *
 * Differs from Windows: whether threaded DPCs are ordinary ones is the module
 * parameter thread_dpc_enable. While a CPU goes offline, those queued there run
 * at DISPATCH_LEVEL.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-keinitializethreadeddpc
 */
VOID KeInitializeThreadedDpc(PRKDPC Dpc, PKDEFERRED_ROUTINE DeferredRoutine,
			     PVOID DeferredContext)
{
	if (minirq_dpc_threaded_enabled)
		minirq_dpc_init_threaded(Dpc, DeferredRoutine, DeferredContext);
	else
		KeInitializeDpc(Dpc, DeferredRoutine, DeferredContext);
}
EXPORT_SYMBOL_GPL(KeInitializeThreadedDpc);

int minirq_dpc_threaded_start(void)
{
	return smpboot_register_percpu_thread(&worker_threads);
}

/* The module goes away: the queues have been flushed. */
void minirq_dpc_threaded_stop(void)
{
	smpboot_unregister_percpu_thread(&worker_threads);
}
