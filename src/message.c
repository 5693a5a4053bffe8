// SPDX-License-Identifier: GPL-2.0-only
/*
 * Message tables, from the live MSI descriptors.
 *
 * Address and data of a message are what the kernel wrote into the device, so
 * writing the one to the other from a bus master raises the interrupt. They
 * change when the kernel moves the vector to another CPU; a table is told of
 * every move and reads them again. Of those that a CPU is rid of as it goes
 * offline the kernel tells nobody; then every table is read again.
 */
#include "message.h"

#include <linux/cpuhotplug.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/jhash.h>
#include <linux/jiffies.h>
#include <linux/kernel.h>
#include <linux/list.h>
#include <linux/minmax.h>
#include <linux/msi.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/workqueue.h>

#include "irql.h"
#include "processor.h"

/**
 * struct watch - follows the vector of one message
 * @notify:	called by the kernel, in process context, after a move was asked for
 * @table:	the table to refresh
 */
struct watch {
	struct irq_affinity_notify notify;
	struct minirq_message_table *table;
};

/**
 * struct minirq_message_table - a table and what keeps it true
 * @info:	what the driver sees, and must not write to
 * @sum:	of @info as it was written last, once @summed
 * @summed:	from the first minirq_message_table_refresh() on
 * @spoiled:	somebody else has written to @info meanwhile
 * @lock:	serialises refreshes
 * @settle:	refreshes again when a move takes effect only later
 * @delay:	how long @settle waits, in jiffies
 * @count:	number of messages
 * @irqs:	their Linux irq numbers
 * @watch:	one for each message
 * @watched:	these are in force, and @hotplug
 * @hotplug:	in the list of tables to refresh when a CPU has gone
 */
struct minirq_message_table {
	PIO_INTERRUPT_MESSAGE_INFO info;
	u32 sum;
	bool summed;
	bool spoiled;
	raw_spinlock_t lock;
	struct delayed_work settle;
	unsigned long delay;
	unsigned int count;
	const unsigned int *irqs;
	struct watch *watch;
	bool watched;
	struct hlist_node hotplug;
};

/* What the CPU hotplug call is removed by. */
static int hotplug_state;

static bool same_msg(const struct msi_msg *a, const struct msi_msg *b)
{
	return a->address_lo == b->address_lo &&
	       a->address_hi == b->address_hi && a->data == b->data;
}

/*
 * The kernel changes the three words under a lock that modules cannot take.
 * Two equal readings in a row are one that no move was in the middle of, unless
 * the CPU that writes stood still meanwhile; a table is read again afterwards.
 */
static __always_inline void read_msg(struct msi_desc *desc, struct msi_msg *msg)
{
	struct msi_msg last;

	*msg = desc->msg;
	do {
		last = *msg;
		barrier();
		*msg = desc->msg;
	} while (unlikely(!same_msg(&last, msg)));
}

/*
 * The messages of MSI share a descriptor, which says how the first is programmed;
 * the device puts the number of the message into the low bits of the data.
 */
static u32 low_bits(unsigned int irq, const struct msi_desc *desc)
{
	return desc->nvec_used > 1 ? irq - desc->irq : 0;
}

static bool programmed(struct irq_data *data, struct msi_msg *msg)
{
	struct msi_desc *desc = data ? irq_data_get_msi_desc(data) : NULL;

	if (!desc)
		return false;
	read_msg(desc, msg);
	msg->data |= low_bits(data->irq, desc);
	return true;
}

/**
 * minirq_message_programmed() - what the kernel wrote into the device
 * @irq:	the Linux irq number of a message
 * @msg:	filled with its address and data as they are now
 *
 * Context: any.
 * Return: false when the irq is not a message; @msg is then untouched.
 */
bool minirq_message_programmed(unsigned int irq, struct msi_msg *msg)
{
	return programmed(irq_get_irq_data(irq), msg);
}

/**
 * minirq_message_read() - describe a message as it is now
 * @irq:	its Linux irq number
 * @entry:	filled, but for InterruptObject
 *
 * Context: any.
 * Return: false when the irq is not a message; @entry is then untouched.
 */
bool minirq_message_read(unsigned int irq,
			 PIO_INTERRUPT_MESSAGE_INFO_ENTRY entry)
{
	struct irq_data *data = irq_get_irq_data(irq);
	const struct cpumask *cpus;
	struct msi_msg msg;

	if (!programmed(data, &msg))
		return false;
	cpus = irq_data_get_effective_affinity_mask(data);
	if (cpumask_empty(cpus))
		cpus = cpu_online_mask;

	entry->MessageAddress.QuadPart = (u64)msg.address_hi << 32 |
					 msg.address_lo;
	entry->MessageData = msg.data;
	entry->TargetProcessorSet = minirq_processor_affinity(cpus, NULL);
	entry->Vector = irq;
	entry->Irql = MINIRQ_DIRQL;
	entry->Mode = Latched;
	entry->Polarity = InterruptActiveHigh;
	return true;
}

static bool any_pending_move(struct minirq_message_table *table)
{
	unsigned int id;

	for (id = 0; id < table->count; id++) {
		struct irq_data *data = irq_get_irq_data(table->irqs[id]);

		if (data && irqd_is_setaffinity_pending(data))
			return true;
	}
	return false;
}

static size_t size_of(unsigned int count)
{
	return offsetof(IO_INTERRUPT_MESSAGE_INFO, MessageInfo) +
	       count * sizeof(IO_INTERRUPT_MESSAGE_INFO_ENTRY);
}

static u32 sum_of(struct minirq_message_table *table)
{
	return jhash2((u32 *)table->info, size_of(table->count) / sizeof(u32), 0);
}

static bool sum_holds(struct minirq_message_table *table)
{
	return !table->summed || table->sum == sum_of(table);
}

static void read_all(struct minirq_message_table *table)
{
	unsigned int id;

	for (id = 0; id < table->count; id++)
		minirq_message_read(table->irqs[id],
				    &table->info->MessageInfo[id]);
}

/**
 * minirq_message_table_refresh() - read every message again
 * @table:	the table, with every object named
 *
 * Context: any.
 */
void minirq_message_table_refresh(struct minirq_message_table *table)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&table->lock, flags);
	if (!sum_holds(table))
		table->spoiled = true;
	read_all(table);
	table->sum = sum_of(table);
	table->summed = true;
	raw_spin_unlock_irqrestore(&table->lock, flags);
}

/*
 * Some interrupt chips move a vector only at its next interrupt. Until then
 * the old address is the true one; look again, ever more rarely.
 */
static void settle(struct work_struct *work)
{
	struct minirq_message_table *table =
		container_of(work, struct minirq_message_table, settle.work);
	bool pending = any_pending_move(table);

	minirq_message_table_refresh(table);
	if (!pending)
		return;
	table->delay = min_t(unsigned long, 2 * table->delay, HZ);
	schedule_delayed_work(&table->settle, table->delay);
}

static void moved(struct irq_affinity_notify *notify, const cpumask_t *mask)
{
	struct minirq_message_table *table =
		container_of(notify, struct watch, notify)->table;

	table->delay = 1;
	mod_delayed_work(system_wq, &table->settle, 0);
}

/* The watch lives in its table, and minirq_message_table_unwatch() waits. */
static void watch_released(struct kref *ref)
{
}

/* Called when the CPU is gone, and its vectors have been moved. */
static int cpu_gone(unsigned int cpu, struct hlist_node *node)
{
	minirq_message_table_refresh(hlist_entry(node,
						 struct minirq_message_table,
						 hotplug));
	return 0;
}

/**
 * minirq_message_table_watch() - keep a table true from now on
 * @table:	the table; its irqs are requested
 *
 * Context: process context, may sleep.
 */
void minirq_message_table_watch(struct minirq_message_table *table)
{
	unsigned int id;

	for (id = 0; id < table->count; id++) {
		struct watch *watch = &table->watch[id];

		watch->table = table;
		watch->notify.notify = moved;
		watch->notify.release = watch_released;
		irq_set_affinity_notifier(table->irqs[id], &watch->notify);
	}
	cpuhp_state_add_instance_nocalls(hotplug_state, &table->hotplug);
	table->watched = true;
	minirq_message_table_refresh(table);
}

/**
 * minirq_message_table_unwatch() - undo minirq_message_table_watch()
 * @table:	the table, watched or not; its irqs are still requested
 *
 * Context: process context, may sleep.
 */
void minirq_message_table_unwatch(struct minirq_message_table *table)
{
	unsigned int id;

	if (!table->watched)
		return;
	table->watched = false;
	cpuhp_state_remove_instance_nocalls(hotplug_state, &table->hotplug);
	for (id = 0; id < table->count; id++)
		irq_set_affinity_notifier(table->irqs[id], NULL);
	cancel_delayed_work_sync(&table->settle);
}

/**
 * minirq_message_table_create() - make the table of some messages
 * @irqs:	their Linux irq numbers, by message id; must outlive the table
 * @count:	how many
 *
 * Context: process context, may sleep.
 * Return: the table, or NULL for want of memory.
 */
struct minirq_message_table *
minirq_message_table_create(const unsigned int *irqs, unsigned int count)
{
	struct minirq_message_table *table;

	table = kzalloc(sizeof(*table), GFP_KERNEL);
	if (!table)
		return NULL;
	raw_spin_lock_init(&table->lock);
	INIT_DELAYED_WORK(&table->settle, settle);
	table->irqs = irqs;
	table->count = count;
	table->info = kvzalloc(size_of(count), GFP_KERNEL);
	table->watch = kvcalloc(count, sizeof(*table->watch), GFP_KERNEL);
	if (!table->info || !table->watch) {
		minirq_message_table_destroy(table);
		return NULL;
	}

	table->info->MessageCount = count;
	table->info->UnifiedIrql = MINIRQ_DIRQL;
	read_all(table);
	return table;
}

/* The part that the driver sees. */
PIO_INTERRUPT_MESSAGE_INFO
minirq_message_table_info(struct minirq_message_table *table)
{
	return table->info;
}

/* Say which interrupt object belongs to a message. */
void minirq_message_table_object(struct minirq_message_table *table,
				 unsigned int id, PKINTERRUPT object)
{
	table->info->MessageInfo[id].InterruptObject = object;
}

/* Say at which level every routine of the table runs, if above DIRQL. */
void minirq_message_table_irql(struct minirq_message_table *table, KIRQL irql)
{
	table->info->UnifiedIrql = max_t(KIRQL, irql, MINIRQ_DIRQL);
}

/**
 * minirq_message_table_intact() - has the driver left its table alone?
 * @table:	the table, which has been refreshed
 *
 * Context: any.
 * Return: false when the driver wrote to it.
 */
bool minirq_message_table_intact(struct minirq_message_table *table)
{
	unsigned long flags;
	bool intact;

	raw_spin_lock_irqsave(&table->lock, flags);
	intact = !table->spoiled && sum_holds(table);
	raw_spin_unlock_irqrestore(&table->lock, flags);
	return intact;
}

/**
 * minirq_message_table_destroy() - free a table that is not watched any more
 * @table:	the table, or NULL
 */
void minirq_message_table_destroy(struct minirq_message_table *table)
{
	if (!table)
		return;
	kvfree(table->watch);
	kvfree(table->info);
	kfree(table);
}

/* Make tables possible; before any export can be called. */
int minirq_message_start(void)
{
	hotplug_state = cpuhp_setup_state_multi(CPUHP_BP_PREPARE_DYN,
						"minirq/message:gone", NULL,
						cpu_gone);
	return min(hotplug_state, 0);
}

/* The module goes away: no table is left. */
void minirq_message_stop(void)
{
	cpuhp_remove_multi_state(hotplug_state);
}
