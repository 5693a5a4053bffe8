/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The engine: an interrupt is n messages, or one line, each a Linux irq with a
 * service routine and a lock.
 */
#ifndef MINIRQ_INTERRUPT_H
#define MINIRQ_INTERRUPT_H

#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/workqueue.h>

#include <wdm.h>

#include "irql.h"
#include "spinlock.h"
#include "trace.h"

/**
 * struct minirq_irqs - the seam: what the engine is given
 * @message:	each irq is a message of its own; otherwise a line, maybe shared
 * @count:	how many; one for a line, zero for a device without interrupts
 * @table:	of MSI-X, how many entries the device's table has; otherwise zero
 * @entries:	of MSI-X, how many of these have an irq, from entry 0: @count and
 *		maybe some to spare; otherwise zero
 * @irq:	Linux irq numbers, by message id; then those of the spare entries
 *
 * Filled by pci from hardware, and by irq_sim in KUnit. Nothing above it knows
 * PCI, nothing below it knows Windows.
 */
struct minirq_irqs {
	bool message;
	unsigned int count;
	unsigned int table;
	unsigned int entries;
	unsigned int irq[];
};

/**
 * struct minirq_passive - what a passive service routine runs under
 * @lock:	keeps others out, and may be waited for
 * @owner:	who holds it
 */
struct minirq_passive {
	struct mutex lock;	/* held while a service routine runs */
	struct task_struct *owner;
};

/**
 * struct _KINTERRUPT - one message, or the line
 * @as:		whose interrupts those of its irq are; its own, unless the MSI-X
 *		table says otherwise
 * @lock:	the lock its service routine runs under
 * @irql:	SynchronizeIrql; PASSIVE_LEVEL for a passive service routine only
 * @disabled:	somebody who looks for trouble had its device disable it
 * @id:		message id
 * @irq:	Linux irq number
 * @claimed:	interrupts the service routine took, under @lock; it wraps as
 *		in /proc/interrupts
 * @unclaimed:	interrupts it did not, under @lock
 * @context:	of the front end, see &struct minirq_interrupt_config
 * @slots:	of NDIS: its DPC on each CPU
 * @counter:	of the others: how many DPCs it caused, per CPU
 * @owner:	the interrupt this is a part of
 * @own_lock:	@lock unless locks are shared
 *
 * A cache line, unless locks are debugged: devices can have 2048 of them.
 */
struct _KINTERRUPT {
	struct _KINTERRUPT *as;
	PKSPIN_LOCK lock;
	KIRQL irql;
	bool disabled;
	u16 id;
	unsigned int irq;
	unsigned int claimed;
	unsigned int unclaimed;
	void *context;
	union {
		struct minirq_dpc_slot __percpu *slots;
		u64 __percpu *counter;
	};
	struct minirq_interrupt *owner;
	KSPIN_LOCK own_lock;
};

/**
 * struct minirq_interrupt - an interrupt object
 * @name:	shown in /proc/interrupts
 * @handler:	the front end's, around minirq_interrupt_deliver()
 * @routine:	the driver's service routine, for reports
 * @set_enabled: has the driver tell its device whether to interrupt, or NULL
 * @list:	in the list of all interrupts, while any irq is requested
 * @requested:	how many irqs have been requested, from id 0
 * @message:	messages, whose interrupts are always ours, or a line
 * @exclusive:	a line that nobody else may have
 * @stormed:	the kernel has shut the line off, and that was reported
 * @storm:	looks at a line that is not shared, when it has become quiet
 * @count:	how many messages, 1 for a line
 * @irqs:	length of @each: the messages, then spare entries of an MSI-X table,
 *		which interrupt as message 0
 * @dpcs:	per CPU and message, the DPCs its interrupts caused; NULL when they
 *		have slots, which count themselves
 * @passive:	by message id, or NULL
 * @shared_lock: the lock of every message when they share one
 * @all:	serialises those who take every lock
 * @each:	by message id
 */
struct minirq_interrupt {
	const char *name;
	irq_handler_t handler;
	void *routine;
	void (*set_enabled)(struct _KINTERRUPT *ki, bool enabled);
	struct list_head list;
	unsigned int requested;
	bool message;
	bool exclusive;
	bool stormed;
	struct delayed_work storm;
	unsigned int count;
	unsigned int irqs;
	u64 __percpu *dpcs;
	struct minirq_passive *passive;
	KSPIN_LOCK shared_lock;
	KSPIN_LOCK all;
	struct _KINTERRUPT *each;
};

/**
 * struct minirq_interrupt_config - what a front end asks for
 * @irqs:	what the device was granted, at least one
 * @name:	shown in /proc/interrupts, must outlive the interrupt
 * @handler:	calls minirq_interrupt_deliver(), or its passive relative
 * @routine:	the driver's service routine, for reports; NULL for @handler
 * @set_enabled: has the driver tell its device whether to interrupt; called at
 *		DIRQL under the lock of the message; NULL where the API has no such
 *		thing
 * @context:	copied to each KINTERRUPT
 * @lock:	the driver's lock for all of them, or NULL
 * @one_lock:	one lock for all of them, ours unless @lock is given
 * @slots:	the front end gives them slots
 * @irql:	SynchronizeIrql, or 0 for that of devices
 * @passive:	@handler runs in a thread
 * @exclusive:	a line that nobody else may have
 * @single:	of all the device was granted, only message @id, and with message 0
 *		the entries to spare
 * @id:		with @single
 */
struct minirq_interrupt_config {
	const struct minirq_irqs *irqs;
	const char *name;
	irq_handler_t handler;
	void *routine;
	void (*set_enabled)(struct _KINTERRUPT *ki, bool enabled);
	void *context;
	PKSPIN_LOCK lock;
	bool one_lock;
	bool slots;
	KIRQL irql;
	bool passive;
	bool exclusive;
	bool single;
	unsigned int id;
};

struct minirq_interrupt *
minirq_interrupt_create(const struct minirq_interrupt_config *config);
int minirq_interrupt_connect(struct minirq_interrupt *intr);
int minirq_interrupt_enable(struct minirq_interrupt *intr);
void minirq_interrupt_disconnect(struct minirq_interrupt *intr);
void minirq_interrupt_destroy(struct minirq_interrupt *intr);

void minirq_interrupt_mask(struct minirq_interrupt *intr);
void minirq_interrupt_unmask(struct minirq_interrupt *intr);

irqreturn_t
minirq_interrupt_deliver_passive(struct _KINTERRUPT *of,
				 bool (*service)(struct _KINTERRUPT *ki));

void minirq_interrupt_disclaimed(struct _KINTERRUPT *ki);
bool minirq_interrupt_watch(struct _KINTERRUPT *ki,
			    bool (*service)(struct _KINTERRUPT *ki));
void minirq_interrupt_for_each(void (*fn)(struct minirq_interrupt *intr,
					  void *arg),
			       void *arg);
unsigned int minirq_interrupt_irq(struct _KINTERRUPT *object);
u64 minirq_interrupt_dpcs(struct minirq_interrupt *intr, unsigned int id);

/*
 * The kernel masks an irq only when one comes, unless it is told otherwise. What
 * comes meanwhile is to wait in the device.
 */
static inline void minirq_interrupt_mask_irq(unsigned int irq)
{
	irq_set_status_flags(irq, IRQ_DISABLE_UNLAZY);
	disable_irq_nosync(irq);
}

static inline bool minirq_interrupt_is_passive(const struct _KINTERRUPT *ki)
{
	return ki->irql == PASSIVE_LEVEL;
}

/* What a passive service routine runs under. */
static inline struct minirq_passive *
minirq_interrupt_passive(struct _KINTERRUPT *ki)
{
	return &ki->owner->passive[ki - ki->owner->each];
}

/* Count a DPC that an interrupt caused. */
static __always_inline void minirq_interrupt_count_dpc(struct _KINTERRUPT *ki)
{
	this_cpu_inc(*ki->counter);
}

/**
 * minirq_interrupt_deliver() - run a service routine as Windows promises
 * @of:		what the irq was requested with
 * @message:	it is a message, not a line
 * @service:	calls the driver; inlined
 * @finish:	what follows the service routine, such as DPCs; inlined; NULL for
 *		nothing
 *
 * At DIRQL, interrupts off, under the lock of this message or line.
 *
 * A message is never shared, so it is handled whatever the routine says: a
 * device that fires messages its driver does not know must not be taken for a
 * stuck line.
 */
static __always_inline irqreturn_t
minirq_interrupt_deliver(struct _KINTERRUPT *of, bool message,
			 bool (*service)(struct _KINTERRUPT *ki),
			 void (*finish)(struct _KINTERRUPT *ki))
{
	struct _KINTERRUPT *ki = READ_ONCE(of->as);
	KIRQL old = minirq_irql_enter(ki->irql);
	bool claimed;

	minirq_spinlock_acquire_isr(ki->lock);
	if (minirq_watched())
		claimed = minirq_interrupt_watch(ki, service);
	else
		claimed = service(ki);
	if (claimed)
		ki->claimed++;
	else
		minirq_interrupt_disclaimed(ki);
	if (finish)
		finish(ki);
	minirq_spinlock_release_isr(ki->lock);
	minirq_irql_leave(old);
	return IRQ_RETVAL(message || claimed);
}

#endif /* MINIRQ_INTERRUPT_H */
