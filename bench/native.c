// SPDX-License-Identifier: GPL-2.0-only
/*
 * The measure of all: a driver that does by hand what minirq does for a
 * miniport, a lock around its ISR, a count of interrupts and DPCs, and nothing
 * else.
 */
#include "bench.h"

#include <linux/bottom_half.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/msi.h>
#include <linux/percpu.h>
#include <linux/slab.h>
#include <linux/smp.h>
#include <linux/spinlock.h>

/* As the policy of a miniport: at most so many messages, 0 for all. */
static unsigned int messages;
module_param(messages, uint, 0644);

/* A message that is connected, for the operation that needs one. */
static unsigned int op_irq;

struct native_counts {
	u64 interrupts;
	u64 dpcs;
};

struct native_dpc {
	struct tasklet_struct tasklet;
	struct native *native;
};

/**
 * struct native - a device
 * @dev:	as the core knows it
 * @lock:	of the ISR
 * @counts:	per CPU
 * @vectors:	how many are allocated
 * @requested:	how many of them are requested
 * @dpcs:	the DPCs
 * @others:	the DPCs of other devices
 */
struct native {
	struct bench_device *dev;
	raw_spinlock_t lock;
	struct native_counts __percpu *counts;
	int vectors;
	int requested;
	struct native_dpc dpcs[BENCH_DPCS];
	struct tasklet_struct others[BENCH_DPCS];
};

static void dpc_routine(struct tasklet_struct *tasklet)
{
	struct native_dpc *dpc = from_tasklet(dpc, tasklet, tasklet);

	bench_dpc();
	this_cpu_inc(dpc->native->counts->dpcs);
}

static void queue_dpcs(struct native *native)
{
	unsigned int i, count = native->dev->dpcs;

	if (likely(count == 1)) {
		tasklet_schedule(&native->dpcs[0].tasklet);
		return;
	}
	for (i = 0; i < count; i++)
		tasklet_schedule(&native->dpcs[i].tasklet);
}

static void other_routine(struct tasklet_struct *tasklet)
{
}

static void queue_others(void *context, unsigned int count)
{
	struct native *native = context;
	unsigned int i;

	for (i = 0; i < count; i++)
		tasklet_schedule(&native->others[i]);
}

static irqreturn_t isr(int irq, void *data)
{
	struct native *native = data;
	bool ours;

	raw_spin_lock(&native->lock);
	ours = bench_isr(native->dev);
	if (ours) {
		queue_dpcs(native);
		this_cpu_inc(native->counts->interrupts);
	}
	raw_spin_unlock(&native->lock);
	return IRQ_RETVAL(ours);
}

static int request_irqs(struct native *native, struct pci_dev *pdev)
{
	unsigned long flags = pci_dev_msi_enabled(pdev) ? 0 : IRQF_SHARED;
	int err;

	while (native->requested < native->vectors) {
		err = request_irq(pci_irq_vector(pdev, native->requested), isr,
				  flags | IRQF_NO_THREAD, pci_name(pdev), native);
		if (err)
			return err;
		native->requested++;
	}
	return 0;
}

static void free_irqs(struct native *native, struct pci_dev *pdev)
{
	while (native->requested)
		free_irq(pci_irq_vector(pdev, --native->requested), native);
}

/*
 * Some of what the kernel does at the first request of an irq stays until the irq
 * is freed, as its folder in /proc/irq. minirq requests each message of MSI-X
 * once when it is granted, so on both sides the second request is timed; and what
 * the driver did until the first one was through, with that, is its binding.
 */
static int request_all(struct native *native, struct pci_dev *pdev)
{
	int err = request_irqs(native, pdev);
	u64 first = bench_now(), start;

	if (err || !pdev->msix_enabled)
		return err;
	free_irqs(native, pdev);
	start = bench_now();
	err = request_irqs(native, pdev);
	bench_times.registered = bench_now() - start;
	bench_times.repeated = bench_now() - first;
	return err;
}

static void free_all(struct native *native, struct pci_dev *pdev)
{
	unsigned int i;

	free_irqs(native, pdev);
	for (i = 0; i < BENCH_DPCS; i++) {
		tasklet_kill(&native->dpcs[i].tasklet);
		tasklet_kill(&native->others[i]);
	}
}

static struct native *create(void)
{
	struct native *native = kzalloc(sizeof(*native), GFP_KERNEL);
	unsigned int i;

	if (!native)
		return NULL;
	native->counts = alloc_percpu(struct native_counts);
	if (!native->counts) {
		kfree(native);
		return NULL;
	}
	raw_spin_lock_init(&native->lock);
	for (i = 0; i < BENCH_DPCS; i++) {
		native->dpcs[i].native = native;
		tasklet_setup(&native->dpcs[i].tasklet, dpc_routine);
		tasklet_setup(&native->others[i], other_routine);
	}
	bench_memory_own(sizeof(*native));
	return native;
}

static void destroy(struct native *native)
{
	free_percpu(native->counts);
	kfree(native);
}

static int alloc_vectors(struct pci_dev *pdev, unsigned int kinds)
{
	int count = pci_msix_vec_count(pdev);

	if (messages && count > (int)messages)
		count = messages;
	return pci_alloc_irq_vectors(pdev, 1, max(count, 1), kinds);
}

static int start(struct native *native, struct pci_dev *pdev, unsigned int kinds)
{
	int err;

	pci_set_master(pdev);
	native->vectors = alloc_vectors(pdev, kinds);
	if (native->vectors < 0)
		return native->vectors;
	native->dev = bench_attach("native", pci_resource_start(pdev, 0));
	if (native->dev) {
		native->dev->queue_others = queue_others;
		native->dev->context = native;
	}
	err = native->dev ? request_all(native, pdev) : -ENODEV;
	if (!err) {
		if (pci_dev_msi_enabled(pdev) && !op_irq)
			op_irq = pci_irq_vector(pdev, 0);
		bench_start(native->dev);
		return 0;
	}
	free_all(native, pdev);
	if (native->dev)
		bench_detach(native->dev);
	pci_free_irq_vectors(pdev);
	return err;
}

static int probe(struct pci_dev *pdev, unsigned int kinds)
{
	struct native *native;
	int err = pci_enable_device(pdev);

	if (err)
		return err;
	native = create();
	if (!native) {
		pci_disable_device(pdev);
		return -ENOMEM;
	}
	pci_set_drvdata(pdev, native);
	err = start(native, pdev, kinds);
	if (err) {
		destroy(native);
		pci_disable_device(pdev);
	}
	return err;
}

static void remove(struct pci_dev *pdev)
{
	struct native *native = pci_get_drvdata(pdev);

	bench_stop(native->dev);
	if (op_irq == pci_irq_vector(pdev, 0))
		op_irq = 0;
	free_all(native, pdev);
	bench_detach(native->dev);
	pci_free_irq_vectors(pdev);
	destroy(native);
	pci_disable_device(pdev);
}

static int probe_message(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return probe(pdev, PCI_IRQ_MSIX | PCI_IRQ_MSI);
}

static int probe_line(struct pci_dev *pdev, const struct pci_device_id *id)
{
	return probe(pdev, PCI_IRQ_INTX);
}

/* Devices are given to a driver by their driver_override. */
static const struct pci_device_id no_ids[] = { { } };

static struct pci_driver drivers[] = {
	{
		.name = "bench_native",
		.id_table = no_ids,
		.probe = probe_message,
		.remove = remove,
	}, {
		.name = "bench_native_line",
		.id_table = no_ids,
		.probe = probe_line,
		.remove = remove,
	},
};

static struct tasklet_struct op_tasklet;
static raw_spinlock_t op_lock;
static LIST_HEAD(op_queue);
static struct list_head op_entry;

static void op_routine(struct tasklet_struct *tasklet)
{
}

static noinline bool op_synchronized(void *arg)
{
	return true;
}

static bool (*op_synchronize)(void *arg) = op_synchronized;

/* What a driver does to withdraw something it put on a list of its own. */
static __always_inline void take_back(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&op_lock, flags);
	list_del_init(&op_entry);
	raw_spin_unlock_irqrestore(&op_lock, flags);
}

static __always_inline void synchronize(void)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&op_lock, flags);
	READ_ONCE(op_synchronize)(NULL);
	raw_spin_unlock_irqrestore(&op_lock, flags);
}

/* What it takes to have a tasklet run on another CPU. */
static void kicked(void *tasklet)
{
	tasklet_schedule(tasklet);
}

static void remote_routine(struct tasklet_struct *tasklet)
{
	bench_dpc();
}

static struct tasklet_struct remote_tasklet;
static call_single_data_t remote_kick;

static void send(void)
{
	smp_call_function_single_async(BENCH_REMOTE_CPU, &remote_kick);
}

BENCH_OP(remote_send, bench_remote_begin(); local_bh_disable(), send(),
	 local_bh_enable(); bench_remote_wait())
BENCH_OP(remote_dpc, bench_remote_begin(); local_bh_disable(), send(),
	 *took = bench_remote_wait() - start; local_bh_enable())

BENCH_OP(insert, local_bh_disable(), tasklet_schedule(&op_tasklet), local_bh_enable())
BENCH_OP(insert_again, local_bh_disable(); tasklet_schedule(&op_tasklet),
	 tasklet_schedule(&op_tasklet), local_bh_enable())
BENCH_OP(remove_queued, list_add(&op_entry, &op_queue), take_back(), BENCH_NOTHING)
BENCH_OP(lock_at_dpc, local_bh_disable(),
	 raw_spin_lock(&op_lock); raw_spin_unlock(&op_lock), local_bh_enable())
BENCH_OP(lock_bh, BENCH_NOTHING,
	 local_bh_disable(); raw_spin_lock(&op_lock); raw_spin_unlock(&op_lock); local_bh_enable(),
	 BENCH_NOTHING)
BENCH_OP(raise_dispatch, BENCH_NOTHING, local_bh_disable(); local_bh_enable(), BENCH_NOTHING)
BENCH_OP(raise_dirql, unsigned long flags, local_irq_save(flags); local_irq_restore(flags),
	 BENCH_NOTHING)
BENCH_OP(synchronize_isr, BENCH_NOTHING, synchronize(), BENCH_NOTHING)
BENCH_OP(message_info, struct msi_msg msg, get_cached_msi_msg(op_irq, &msg),
	 barrier_data(&msg))

static struct bench_op native_ops[] = {
	{ .row = "e.insert", .side = "native", .round = insert },
	{ .row = "e.insert_coalesced", .side = "native", .round = insert_again },
	{ .row = "e.remove", .side = "native", .round = remove_queued },
	{ .row = "e.lock_at_dpc", .side = "native", .round = lock_at_dpc },
	{ .row = "e.lock", .side = "native", .round = lock_bh },
	{ .row = "e.raise_dispatch", .side = "native", .round = raise_dispatch },
	{ .row = "e.raise_dirql", .side = "native", .round = raise_dirql },
	{ .row = "e.synchronize", .side = "native", .round = synchronize_isr },
	{ .row = "e.msi_info", .side = "native", .round = message_info, .needs = &op_irq },
	{ .row = "d.send", .side = "native", .round = remote_send },
	{ .row = "d.dpc", .side = "native", .round = remote_dpc },
};

static int __init native_init(void)
{
	int err;

	tasklet_setup(&op_tasklet, op_routine);
	tasklet_setup(&remote_tasklet, remote_routine);
	INIT_CSD(&remote_kick, kicked, &remote_tasklet);
	raw_spin_lock_init(&op_lock);
	INIT_LIST_HEAD(&op_entry);
	err = pci_register_driver(&drivers[0]);
	if (err)
		return err;
	err = pci_register_driver(&drivers[1]);
	if (err) {
		pci_unregister_driver(&drivers[0]);
		return err;
	}
	bench_add_limit(&messages);
	bench_add_ops(native_ops, ARRAY_SIZE(native_ops));
	return 0;
}
module_init(native_init);

static void __exit native_exit(void)
{
	bench_remove_ops(native_ops, ARRAY_SIZE(native_ops));
	tasklet_kill(&op_tasklet);
	tasklet_kill(&remote_tasklet);
	pci_unregister_driver(&drivers[1]);
	pci_unregister_driver(&drivers[0]);
}
module_exit(native_exit);

MODULE_DESCRIPTION("minirq benchmark: interrupts served by hand");
MODULE_LICENSE("GPL");
MODULE_INFO(import_ns, "MINIRQ");
