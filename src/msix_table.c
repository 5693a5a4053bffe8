// SPDX-License-Identifier: GPL-2.0-only
/*
 * The MSI-X table of a device, as its driver may change it.
 *
 * The kernel owns the table in the device: it programs an entry with the vector
 * of the entry's irq and moves that as it likes. So which message an entry raises
 * is decided when its interrupt arrives, by the KINTERRUPT it is delivered as.
 *
 * An entry is masked by its irq. The kernel counts how often an irq has been
 * disabled; a table entry has one bit, which is kept here. Bits and map may be
 * changed before the messages are connected, and survive until the table goes.
 */
#include "msix_table.h"

#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/kref.h>
#include <linux/minmax.h>
#include <linux/slab.h>
#include <linux/spinlock.h>
#include <linux/string.h>

#include "interrupt.h"
#include "processor.h"

/**
 * struct slot - an entry of the table
 * @ki:		what its irq was requested with, NULL when it is not connected
 * @home:	where its irq went before it was moved, within @group
 * @message:	the message it raises
 * @group:	of @home
 * @masked:	by the driver
 * @held:	its irq has been disabled here
 * @moved:	its irq went where another message's goes
 */
struct slot {
	struct _KINTERRUPT *ki;
	KAFFINITY home;
	u16 message;
	USHORT group;
	bool masked;
	bool held;
	bool moved;
};

/**
 * struct minirq_msix_table - the table
 * @users:	the device, and who holds the interface
 * @lock:	serialises changes; taken inside any interrupt lock
 * @count:	how many entries there are, 0 without MSI-X
 * @messages:	how many messages there are
 * @irqs:	how many entries have an irq
 * @irq:	Linux irq numbers, by entry
 * @cpus:	under @lock, where an irq is to go
 * @entry:	the entries
 */
struct minirq_msix_table {
	struct kref users;
	raw_spinlock_t lock;
	unsigned int count;
	unsigned int messages;
	unsigned int irqs;
	const unsigned int *irq;
	struct cpumask cpus;
	struct slot entry[];
};

/**
 * minirq_msix_table_create() - make the table of a device, as it is by default
 * @irqs:	what the device was granted, must outlive the table
 *
 * Entry and message of one number belong together; the entries beyond the last
 * message raise message 0. A device without MSI-X has a table without entries.
 *
 * Return: the table, or NULL for want of memory.
 */
struct minirq_msix_table *
minirq_msix_table_create(const struct minirq_irqs *irqs)
{
	struct minirq_msix_table *table;
	unsigned int i;

	table = kvzalloc(struct_size(table, entry, irqs->table), GFP_KERNEL);
	if (!table)
		return NULL;
	raw_spin_lock_init(&table->lock);
	kref_init(&table->users);
	table->count = irqs->table;
	table->messages = irqs->count;
	table->irqs = irqs->entries;
	table->irq = irqs->irq;
	for (i = 0; i < min(table->count, table->messages); i++)
		table->entry[i].message = i;
	return table;
}

static void release(struct kref *users)
{
	kvfree(container_of(users, struct minirq_msix_table, users));
}

static void put(struct minirq_msix_table *table)
{
	kref_put(&table->users, release);
}

/**
 * minirq_msix_table_destroy() - the device is gone, and with it its table
 * @table:	the table, none of whose messages is connected, or NULL
 *
 * A driver that still holds the interface finds a table without entries.
 */
void minirq_msix_table_destroy(struct minirq_msix_table *table)
{
	unsigned long flags;

	if (!table)
		return;
	raw_spin_lock_irqsave(&table->lock, flags);
	table->count = 0;
	table->irqs = 0;
	raw_spin_unlock_irqrestore(&table->lock, flags);
	put(table);
}

/*
 * A passive service routine needs the thread of a passive one's irq, and any other
 * must not run in that.
 */
static bool fits(const struct slot *entry, const struct slot *message)
{
	return !entry->ki || !message->ki ||
	       minirq_interrupt_is_passive(entry->ki) ==
		       minirq_interrupt_is_passive(message->ki);
}

/*
 * An entry that raises a message nobody has connected, or one that does not fit,
 * stays masked, as its interrupts would have nowhere to go.
 */
static void update(struct minirq_msix_table *table, unsigned int i)
{
	struct slot *entry = &table->entry[i];
	struct slot *message = &table->entry[entry->message];
	struct _KINTERRUPT *target = fits(entry, message) ? message->ki : NULL;
	bool hold = entry->masked || !target;

	lockdep_assert_held(&table->lock);
	if (!entry->ki)
		return;
	if (target)
		WRITE_ONCE(entry->ki->as, target);
	if (hold == entry->held)
		return;
	entry->held = hold;
	if (hold)
		minirq_interrupt_mask_irq(entry->ki->irq);
	else
		enable_irq(entry->ki->irq);
}

static void update_all(struct minirq_msix_table *table)
{
	unsigned int i;

	for (i = 0; i < table->count; i++)
		update(table, i);
}

/**
 * minirq_msix_table_attach() - messages of the device have been connected
 * @table:	the table
 * @intr:	their interrupt, connected and not yet enabled: what the driver
 *		masked before stays so
 *
 * Context: process context.
 */
void minirq_msix_table_attach(struct minirq_msix_table *table,
			      struct minirq_interrupt *intr)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&table->lock, flags);
	for (i = 0; i < intr->irqs; i++) {
		struct _KINTERRUPT *ki = &intr->each[i];

		if (ki->id >= table->irqs)
			continue;
		table->entry[ki->id].ki = ki;
		table->entry[ki->id].held = false;
	}
	update_all(table);
	raw_spin_unlock_irqrestore(&table->lock, flags);
}

/**
 * minirq_msix_table_detach() - messages of the device are about to be disconnected
 * @table:	the table
 * @intr:	their interrupt
 *
 * When this returns, no other interrupt's irq is delivered as one of these.
 *
 * Context: process context, may sleep.
 */
void minirq_msix_table_detach(struct minirq_msix_table *table,
			      struct minirq_interrupt *intr)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&table->lock, flags);
	for (i = 0; i < table->count; i++) {
		struct slot *entry = &table->entry[i];

		if (entry->ki && entry->ki->owner == intr)
			entry->ki = NULL;
	}
	update_all(table);
	raw_spin_unlock_irqrestore(&table->lock, flags);
	for (i = 0; i < table->irqs; i++)
		synchronize_irq(table->irq[i]);
}

/*
 * Where the irq of an entry goes while the entry raises its own message. It is
 * kept when the irq is about to go elsewhere.
 */
static bool home_of(struct minirq_msix_table *table, unsigned int i)
{
	struct slot *entry = &table->entry[i];
	const struct cpumask *cpus = irq_get_affinity_mask(table->irq[i]);

	if (!entry->moved)
		entry->home = minirq_processor_affinity(cpus ?: cpu_online_mask,
							&entry->group);
	return minirq_processor_mask(&table->cpus, entry->group, entry->home);
}

/*
 * A driver sends an entry to another message to have its interrupts on that
 * message's CPUs. Where they go is advice: an irq that cannot be moved stays.
 */
static void follow(struct minirq_msix_table *table, unsigned int i,
		   unsigned int message)
{
	struct slot *entry = &table->entry[i];

	if (i == message && !entry->moved)
		return;
	home_of(table, i);
	if (home_of(table, message))
		irq_set_affinity(table->irq[i], &table->cpus);
	entry->moved = i != message;
}

/**
 * minirq_msix_table_set() - have an entry raise a message
 * @table:	the table
 * @entry:	the entry
 * @message:	the message
 *
 * From the next interrupt on, the entry's are delivered as @message, under its
 * lock, and on its CPUs.
 *
 * Context: any, also the service routines of the device. Does not wait.
 * Return: 0; -EINVAL without MSI-X, for an entry that does not exist or has no
 * irq, for a message that was not granted, and when the service routine of either,
 * but not of both, is a passive one.
 */
int minirq_msix_table_set(struct minirq_msix_table *table, unsigned int entry,
			  unsigned int message)
{
	unsigned long flags;
	int err = -EINVAL;

	raw_spin_lock_irqsave(&table->lock, flags);
	if (entry < table->irqs && message < table->messages &&
	    fits(&table->entry[entry], &table->entry[message])) {
		follow(table, entry, message);
		table->entry[entry].message = message;
		update(table, entry);
		err = 0;
	}
	raw_spin_unlock_irqrestore(&table->lock, flags);
	return err;
}

/**
 * minirq_msix_table_mask() - mask an entry, or unmask it
 * @table:	the table
 * @entry:	the entry
 * @mask:	which of them
 *
 * Idempotent. An event of a masked entry is pending in the device, or in the
 * kernel if it was on its way, and is delivered when the entry is unmasked. A
 * service routine that runs already is not waited for.
 *
 * Context: any, also the service routines of the device. Does not wait.
 * Return: 0; -EINVAL without MSI-X and for an entry that does not exist.
 */
int minirq_msix_table_mask(struct minirq_msix_table *table, unsigned int entry,
			   bool mask)
{
	unsigned long flags;
	int err = -EINVAL;

	raw_spin_lock_irqsave(&table->lock, flags);
	if (entry < table->count) {
		table->entry[entry].masked = mask;
		update(table, entry);
		err = 0;
	}
	raw_spin_unlock_irqrestore(&table->lock, flags);
	return err;
}

static NTSTATUS status_of(int err)
{
	return err ? STATUS_INVALID_PARAMETER : STATUS_SUCCESS;
}

static NTSTATUS set_entry(PVOID context, ULONG entry, ULONG message)
{
	return status_of(minirq_msix_table_set(context, entry, message));
}

static NTSTATUS mask_entry(PVOID context, ULONG entry)
{
	return status_of(minirq_msix_table_mask(context, entry, true));
}

static NTSTATUS unmask_entry(PVOID context, ULONG entry)
{
	return status_of(minirq_msix_table_mask(context, entry, false));
}

static VOID reference(PVOID context)
{
	struct minirq_msix_table *table = context;

	kref_get(&table->users);
}

static VOID dereference(PVOID context)
{
	put(context);
}

/**
 * minirq_msix_table_interface() - answer a query for the table's interface
 * @table:	the table
 * @interface:	filled, and referenced
 * @size:	how much of it there is room for
 *
 * GetTableEntry and GetTableSize, which are the system's own, are NULL.
 *
 * Context: process context.
 * Return: 0, or -EINVAL when @size is too small.
 */
int minirq_msix_table_interface(struct minirq_msix_table *table,
				PPCI_MSIX_TABLE_CONFIG_INTERFACE interface,
				USHORT size)
{
	PCI_MSIX_TABLE_CONFIG_INTERFACE filled = {
		.Size = min_t(USHORT, size, sizeof(filled)),
		.Version = PCI_MSIX_TABLE_CONFIG_INTERFACE_VERSION,
		.Context = table,
		.InterfaceReference = reference,
		.InterfaceDereference = dereference,
		.SetTableEntry = set_entry,
		.MaskTableEntry = mask_entry,
		.UnmaskTableEntry = unmask_entry,
	};

	if (size < PCI_MSIX_TABLE_CONFIG_MINIMUM_SIZE)
		return -EINVAL;
	reference(table);
	memcpy(interface, &filled, filled.Size);
	return 0;
}
