// SPDX-License-Identifier: GPL-2.0-only
/*
 * The engine: an interrupt is n messages, or one line, each a Linux irq with a
 * service routine and a lock.
 *
 * Lock order, outermost first:
 *
 *	StartIo lock, DPC locks		what a driver's requests and DPCs share
 *	    all				whoever takes every interrupt lock
 *		message locks		what an ISR runs under, by ascending id
 *
 * Registration is in two steps, because a service routine may run the moment
 * its irq is enabled and has to find everything its registration returns:
 *
 *	connect		every message is requested, still disabled; the kernel
 *			has now chosen vectors, so the message table can be read
 *	(the front end writes the handle, the table and the kind of interrupt)
 *	enable		messages are enabled, or the line is requested: a line
 *			that others share cannot be requested disabled
 */
#include "interrupt.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/irq.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/workqueue.h>

#include "dpc_slot.h"
#include "held.h"
#include "interrupt_lock.h"

/*
 * Every interrupt with an irq, for those who want to look at them. Changed under
 * both locks; the first is for those who sleep, the second for those who cannot.
 */
static LIST_HEAD(interrupts);
static DEFINE_MUTEX(interrupts_lock);
static DEFINE_RAW_SPINLOCK(interrupts_spin_lock);

/*
 * A lockdep class for each low message id, so that lockdep itself checks the
 * order by ids; the rest share one, as no driver nests those by hand.
 */
#define MESSAGE_KEYS	16
static struct lock_class_key message_keys[MESSAGE_KEYS];

static void init_own_lock(struct _KINTERRUPT *ki)
{
	unsigned int class = min_t(unsigned int, ki->id, MESSAGE_KEYS - 1);

	minirq_spinlock_init(&ki->own_lock);
	lockdep_set_class(&minirq_spinlock(&ki->own_lock)->raw,
			  &message_keys[class]);
}

/* A line that nobody claims is shut off by the kernel. */
static void check_storm(struct _KINTERRUPT *ki)
{
	struct irq_data *data = irq_get_irq_data(ki->irq);
	struct minirq_interrupt *intr = ki->owner;

	if (intr->stormed || !data || !irqd_irq_disabled(data))
		return;
	intr->stormed = true;
	minirq_violation(MINIRQ_RULE_STORM, intr->routine,
			 "%s: nobody claimed irq %u, the kernel shut it off",
			 intr->name, ki->irq);
}

static void storm_is_over(struct work_struct *work)
{
	struct minirq_interrupt *intr =
		container_of(work, struct minirq_interrupt, storm.work);

	check_storm(&intr->each[0]);
}

/* The entries to spare of an MSI-X table, which interrupt as message 0. */
static unsigned int spare_irqs(const struct minirq_interrupt_config *config)
{
	const struct minirq_irqs *irqs = config->irqs;

	if (config->single && config->id)
		return 0;
	return irqs->entries > irqs->count ? irqs->entries - irqs->count : 0;
}

/* Which of the irqs of the device is it? */
static unsigned int id_of(const struct minirq_interrupt_config *config,
			  unsigned int index)
{
	if (!config->single)
		return index;
	return index ? config->irqs->count + index - 1 : config->id;
}

static void init_one(struct minirq_interrupt *intr, unsigned int index,
		     const struct minirq_interrupt_config *config)
{
	unsigned int id = id_of(config, index);
	struct _KINTERRUPT *ki = &intr->each[index];

	ki->id = id;
	init_own_lock(ki);
	ki->lock = &ki->own_lock;
	if (config->one_lock)
		ki->lock = &intr->shared_lock;
	if (config->lock)
		ki->lock = config->lock;
	ki->irql = config->irql ?: MINIRQ_DIRQL;
	if (intr->passive) {
		mutex_init(&intr->passive[index].lock);
		ki->irql = PASSIVE_LEVEL;
	}
	ki->irq = config->irqs->irq[id];
	ki->context = config->context;
	if (intr->dpcs && index < intr->count)
		ki->counter = intr->dpcs + index;
	ki->owner = intr;
	ki->as = index < intr->count ? ki : &intr->each[0];
}

static int allocate(struct minirq_interrupt *intr,
		    const struct minirq_interrupt_config *config)
{
	intr->each = kvcalloc(intr->irqs, sizeof(*intr->each), GFP_KERNEL);
	if (!intr->each)
		return -ENOMEM;
	if (!config->slots) {
		intr->dpcs = __alloc_percpu(intr->count * sizeof(u64),
					    sizeof(u64));
		if (!intr->dpcs)
			return -ENOMEM;
	}
	if (!config->passive)
		return 0;
	intr->passive = kvcalloc(intr->irqs, sizeof(*intr->passive),
				 GFP_KERNEL);
	return intr->passive ? 0 : -ENOMEM;
}

/**
 * minirq_interrupt_create() - make an interrupt object, not connected yet
 * @config:	what the front end asks for
 *
 * Context: process context, may sleep.
 * Return: the object, or an ERR_PTR: -ENOMEM; -ENODEV when there is no irq.
 */
struct minirq_interrupt *
minirq_interrupt_create(const struct minirq_interrupt_config *config)
{
	unsigned int id, count = config->single ? 1 : config->irqs->count;
	unsigned int irqs = count + spare_irqs(config);
	struct minirq_interrupt *intr;

	if (!config->irqs->count)
		return ERR_PTR(-ENODEV);
	intr = kzalloc(sizeof(*intr), GFP_KERNEL);
	if (!intr)
		return ERR_PTR(-ENOMEM);
	intr->count = count;
	intr->irqs = irqs;
	if (allocate(intr, config)) {
		minirq_interrupt_destroy(intr);
		return ERR_PTR(-ENOMEM);
	}

	intr->name = config->name;
	intr->handler = config->handler;
	intr->routine = config->routine ?: config->handler;
	intr->set_enabled = config->set_enabled;
	intr->message = config->irqs->message;
	intr->exclusive = config->exclusive;
	INIT_LIST_HEAD(&intr->list);
	INIT_DELAYED_WORK(&intr->storm, storm_is_over);
	minirq_spinlock_init(&intr->shared_lock);
	minirq_spinlock_init(&intr->all);
	for (id = 0; id < irqs; id++)
		init_one(intr, id, config);
	return intr;
}

/* The kernel keeps a line with a threaded handler masked until that returns. */
static int request_passive(struct minirq_interrupt *intr,
			   struct _KINTERRUPT *ki, unsigned long flags)
{
	return request_threaded_irq(ki->irq, NULL, intr->handler,
				    flags | IRQF_ONESHOT, intr->name, ki);
}

static int request(struct minirq_interrupt *intr, unsigned long flags)
{
	struct _KINTERRUPT *ki = &intr->each[intr->requested];
	int err;

	if (intr->passive)
		err = request_passive(intr, ki, flags);
	else
		err = request_irq(ki->irq, intr->handler,
				  flags | IRQF_NO_THREAD, intr->name, ki);
	if (!err)
		intr->requested++;
	return err;
}

static void list_interrupt(struct minirq_interrupt *intr)
{
	mutex_lock(&interrupts_lock);
	raw_spin_lock_irq(&interrupts_spin_lock);
	list_add_tail(&intr->list, &interrupts);
	raw_spin_unlock_irq(&interrupts_spin_lock);
	mutex_unlock(&interrupts_lock);
}

static void unlist_interrupt(struct minirq_interrupt *intr)
{
	mutex_lock(&interrupts_lock);
	raw_spin_lock_irq(&interrupts_spin_lock);
	list_del_init(&intr->list);
	raw_spin_unlock_irq(&interrupts_spin_lock);
	mutex_unlock(&interrupts_lock);
}

/**
 * minirq_interrupt_connect() - request every message, all of them or none
 * @intr:	the object
 *
 * Nothing is delivered before minirq_interrupt_enable().
 *
 * Context: process context, may sleep.
 * Return: 0 or a negative errno, with nothing requested.
 */
int minirq_interrupt_connect(struct minirq_interrupt *intr)
{
	int err = 0;

	list_interrupt(intr);
	while (!err && intr->message && intr->requested < intr->irqs)
		err = request(intr, IRQF_NO_AUTOEN);
	if (err)
		minirq_interrupt_disconnect(intr);
	return err;
}

/**
 * minirq_interrupt_enable() - let interrupts in
 * @intr:	a connected object
 *
 * Service routines may run from now on, also before this returns.
 *
 * Context: process context, may sleep.
 * Return: 0, or a negative errno when the line was refused.
 */
int minirq_interrupt_enable(struct minirq_interrupt *intr)
{
	unsigned int id;

	if (!intr->message)
		return request(intr, intr->exclusive ? 0 : IRQF_SHARED);
	for (id = 0; id < intr->irqs; id++)
		enable_irq(intr->each[id].irq);
	return 0;
}

/**
 * minirq_interrupt_disconnect() - let no interrupt in any more
 * @intr:	the object, connected or not
 *
 * When this returns no service routine runs, and none will: free_irq() masks
 * the irq, takes the handler away and waits for those that are running.
 *
 * Context: process context, may sleep.
 */
void minirq_interrupt_disconnect(struct minirq_interrupt *intr)
{
	unlist_interrupt(intr);
	while (intr->requested) {
		struct _KINTERRUPT *ki = &intr->each[--intr->requested];

		free_irq(ki->irq, ki);
	}
	cancel_delayed_work_sync(&intr->storm);
}

/**
 * minirq_interrupt_destroy() - free a disconnected object
 * @intr:	the object, or NULL
 */
void minirq_interrupt_destroy(struct minirq_interrupt *intr)
{
	if (!intr)
		return;
	kvfree(intr->passive);
	free_percpu(intr->dpcs);
	kvfree(intr->each);
	kfree(intr);
}

/**
 * minirq_interrupt_mask() - stop messages until minirq_interrupt_unmask()
 * @intr:	a connected object
 *
 * A line goes on, because another device may be on it. The calls do not nest.
 *
 * Context: any; a service routine that runs goes on.
 */
void minirq_interrupt_mask(struct minirq_interrupt *intr)
{
	unsigned int id;

	for (id = 0; intr->message && id < intr->irqs; id++)
		minirq_interrupt_mask_irq(intr->each[id].irq);
}

/* Undo minirq_interrupt_mask(), in any context. */
void minirq_interrupt_unmask(struct minirq_interrupt *intr)
{
	unsigned int id;

	for (id = 0; intr->message && id < intr->irqs; id++)
		enable_irq(intr->each[id].irq);
}

/* Call @fn for each connected interrupt; none goes away meanwhile. */
void minirq_interrupt_for_each(void (*fn)(struct minirq_interrupt *intr,
					  void *arg),
			       void *arg)
{
	struct minirq_interrupt *intr;

	mutex_lock(&interrupts_lock);
	list_for_each_entry(intr, &interrupts, list)
		fn(intr, arg);
	mutex_unlock(&interrupts_lock);
}

static bool has(struct minirq_interrupt *intr, void *object)
{
	size_t offset = object - (void *)intr->each;

	return object >= (void *)intr->each &&
	       offset / sizeof(intr->each[0]) < intr->count &&
	       offset % sizeof(intr->each[0]) == 0;
}

static struct _KINTERRUPT *find(void *object)
{
	struct minirq_interrupt *intr;

	list_for_each_entry(intr, &interrupts, list)
		if (has(intr, object))
			return object;
	return NULL;
}

/**
 * minirq_interrupt_irq() - the Linux irq number of an interrupt object
 * @object:	what a driver says is one
 *
 * Context: any.
 * Return: 0 when no such object is connected.
 */
unsigned int minirq_interrupt_irq(struct _KINTERRUPT *object)
{
	struct _KINTERRUPT *ki;
	unsigned int irq = 0;
	unsigned long flags;

	raw_spin_lock_irqsave(&interrupts_spin_lock, flags);
	ki = find(object);
	if (ki)
		irq = ki->irq;
	raw_spin_unlock_irqrestore(&interrupts_spin_lock, flags);
	return irq;
}

/* How many DPCs the interrupts of message @id caused. */
u64 minirq_interrupt_dpcs(struct minirq_interrupt *intr, unsigned int id)
{
	unsigned int cpu;
	u64 sum = 0;

	if (!intr->dpcs)
		return minirq_dpc_slot_runs(intr->each[id].slots);
	for_each_possible_cpu(cpu)
		sum += *(per_cpu_ptr(intr->dpcs, cpu) + id);
	return sum;
}

/*
 * A service routine said that an interrupt is not its device's. When the kernel has
 * shut a line off that is shared, it asks its handlers now and then, from a timer;
 * and the thread of a passive one may run when it has. An interrupt itself proves
 * nothing, as a driver on another CPU may disable the line just then. That of its
 * own line is not asked again, so it is looked at when no interrupt has come for
 * longer than the kernel lets pass in a storm.
 */
void minirq_interrupt_disclaimed(struct _KINTERRUPT *ki)
{
	struct minirq_interrupt *intr = ki->owner;

	ki->unclaimed++;
	if (intr->message)
		return;
	if (intr->exclusive)
		mod_delayed_work(system_freezable_wq, &intr->storm, HZ / 4);
	else if (intr->passive || (in_serving_softirq() && !in_hardirq()))
		check_storm(ki);
}

/* A service routine that returns at another level is reported. */
static void check_return(struct _KINTERRUPT *ki)
{
	KIRQL irql = minirq_irql_current();

	if (irql == ki->irql)
		return;
	minirq_violation(MINIRQ_RULE_IRQL_RETURN, ki->owner->routine,
			 "service routine of message %u returned at IRQL %u",
			 ki->id, irql);
}

/* Run a service routine while somebody looks on: a tracer, or the verifier. */
bool minirq_interrupt_watch(struct _KINTERRUPT *ki,
			    bool (*service)(struct _KINTERRUPT *ki))
{
	unsigned int held = minirq_held_count();
	bool claimed;

	trace_minirq_isr_entry(ki->irq, ki->id);
	minirq_spinlock_own(ki->lock);
	claimed = service(ki);
	trace_minirq_isr_exit(ki->irq, ki->id, claimed);
	minirq_held_end(held, ki->owner->routine);
	if (minirq_verifying())
		check_return(ki);
	minirq_spinlock_disown(ki->lock);
	return claimed;
}

/**
 * minirq_interrupt_deliver_passive() - run a passive service routine
 * @of:		what the irq was requested with
 * @service:	the front end's part: calls the driver
 *
 * As minirq_interrupt_deliver(), in the thread of its irq: at PASSIVE_LEVEL, so
 * it may wait, for its own DPC too. Interrupts that come meanwhile make the
 * kernel call again.
 */
irqreturn_t
minirq_interrupt_deliver_passive(struct _KINTERRUPT *of,
				 bool (*service)(struct _KINTERRUPT *ki))
{
	struct _KINTERRUPT *ki = READ_ONCE(of->as);
	bool claimed;

	if (!minirq_interrupt_lock_passive(ki, ki->owner->routine))
		return IRQ_HANDLED;
	trace_minirq_isr_entry(ki->irq, ki->id);
	claimed = service(ki);
	trace_minirq_isr_exit(ki->irq, ki->id, claimed);
	if (claimed)
		ki->claimed++;
	else
		minirq_interrupt_disclaimed(ki);
	minirq_held_end(0, ki->owner->routine);
	check_return(ki);
	minirq_irql_lower(minirq_irql_current(), PASSIVE_LEVEL);
	minirq_interrupt_unlock_passive(ki);
	return IRQ_RETVAL(claimed || ki->owner->message);
}
