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

/* Every interrupt with an irq, for those who want to look at them. */
static LIST_HEAD(interrupts);
static DEFINE_MUTEX(interrupts_lock);

/*
 * A lockdep class for each low message id, so that lockdep itself checks the
 * order by ids; the rest share one, as no driver nests those by hand.
 */
#define MESSAGE_KEYS	16
static struct lock_class_key message_keys[MESSAGE_KEYS];

static void init_own_lock(struct _KINTERRUPT *ki)
{
	unsigned int class = min(ki->id, MESSAGE_KEYS - 1U);

	minirq_spinlock_init(&ki->own_lock);
	lockdep_set_class(&minirq_spinlock(&ki->own_lock)->raw,
			  &message_keys[class]);
}

static bool one_lock(struct minirq_interrupt *intr)
{
	return intr->each[0].lock != &intr->each[0].own_lock;
}

static void init_one(struct minirq_interrupt *intr, unsigned int id,
		     const struct minirq_interrupt_config *config)
{
	struct _KINTERRUPT *ki = &intr->each[id];

	ki->id = id;
	init_own_lock(ki);
	ki->lock = &ki->own_lock;
	if (config->one_lock)
		ki->lock = &intr->shared_lock;
	if (config->lock)
		ki->lock = config->lock;
	ki->irql = MINIRQ_DIRQL;
	ki->message = config->irqs->message;
	ki->irq = config->irqs->irq[id];
	ki->context = config->context;
	if (id < intr->count)
		ki->counter = intr->dpcs + id;
	ki->owner = intr;
	ki->as = id < intr->count ? ki : &intr->each[0];
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
	unsigned int id, count = config->irqs->count;
	unsigned int irqs = max(count, config->irqs->entries);
	struct minirq_interrupt *intr;

	if (!count)
		return ERR_PTR(-ENODEV);
	intr = kzalloc(sizeof(*intr), GFP_KERNEL);
	if (!intr)
		return ERR_PTR(-ENOMEM);
	intr->each = kvcalloc(irqs, sizeof(*intr->each), GFP_KERNEL);
	intr->dpcs = __alloc_percpu(count * sizeof(u64), sizeof(u64));
	if (!intr->each || !intr->dpcs) {
		minirq_interrupt_destroy(intr);
		return ERR_PTR(-ENOMEM);
	}

	intr->name = config->name;
	intr->handler = config->handler;
	intr->message = config->irqs->message;
	intr->count = count;
	intr->irqs = irqs;
	INIT_LIST_HEAD(&intr->list);
	minirq_spinlock_init(&intr->shared_lock);
	minirq_spinlock_init(&intr->all);
	for (id = 0; id < irqs; id++)
		init_one(intr, id, config);
	return intr;
}

static int request(struct minirq_interrupt *intr, unsigned long flags)
{
	struct _KINTERRUPT *ki = &intr->each[intr->requested];
	int err = request_irq(ki->irq, intr->handler, flags | IRQF_NO_THREAD,
			      intr->name, ki);

	if (!err)
		intr->requested++;
	return err;
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

	mutex_lock(&interrupts_lock);
	list_add_tail(&intr->list, &interrupts);
	mutex_unlock(&interrupts_lock);
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
		return request(intr, IRQF_SHARED);
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
	mutex_lock(&interrupts_lock);
	list_del_init(&intr->list);
	mutex_unlock(&interrupts_lock);
	while (intr->requested) {
		struct _KINTERRUPT *ki = &intr->each[--intr->requested];

		free_irq(ki->irq, ki);
	}
}

/**
 * minirq_interrupt_destroy() - free a disconnected object
 * @intr:	the object, or NULL
 */
void minirq_interrupt_destroy(struct minirq_interrupt *intr)
{
	if (!intr)
		return;
	free_percpu(intr->dpcs);
	kvfree(intr->each);
	kfree(intr);
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

/* How many DPCs the interrupts of message @id caused. */
u64 minirq_interrupt_dpcs(struct minirq_interrupt *intr, unsigned int id)
{
	unsigned int cpu;
	u64 sum = 0;

	for_each_possible_cpu(cpu)
		sum += *(per_cpu_ptr(intr->dpcs, cpu) + id);
	return sum;
}

/* A service routine that returns at another level is reported. */
static void check_return(struct _KINTERRUPT *ki, void *routine)
{
	KIRQL irql = minirq_irql_current();

	if (irql == ki->irql)
		return;
	minirq_violation(MINIRQ_RULE_IRQL_RETURN, routine,
			 "service routine of message %u returned at IRQL %u",
			 ki->id, irql);
}

/* Run a service routine while somebody looks on: a tracer, or the verifier. */
bool minirq_interrupt_watch(struct _KINTERRUPT *ki,
			    bool (*service)(struct _KINTERRUPT *ki))
{
	bool claimed;

	trace_minirq_isr_entry(ki->irq, ki->id);
	minirq_spinlock_own(ki->lock);
	claimed = service(ki);
	trace_minirq_isr_exit(ki->irq, ki->id, claimed);
	if (minirq_verifying())
		check_return(ki, service);
	minirq_spinlock_disown(ki->lock);
	return claimed;
}

/**
 * minirq_interrupt_lock_all() - keep every service routine of an interrupt out
 * @intr:	the object
 *
 * Takes the locks by ascending id; lockdep is told that the outer lock makes
 * that safe.
 *
 * Context: at DIRQL.
 */
void minirq_interrupt_lock_all(struct minirq_interrupt *intr)
{
	unsigned int id;

	if (one_lock(intr)) {
		minirq_spinlock_acquire(intr->each[0].lock);
		return;
	}
	minirq_spinlock_acquire(&intr->all);
	for (id = 0; id < intr->count; id++) {
		PKSPIN_LOCK lock = &intr->each[id].own_lock;

		raw_spin_lock_nest_lock(&minirq_spinlock(lock)->raw,
					&minirq_spinlock(&intr->all)->raw);
		__release(&minirq_spinlock(lock)->raw);
		minirq_spinlock_own(lock);
		/* The outer lock holds preemption off; the count has 8 bits. */
		if (IS_ENABLED(CONFIG_PREEMPT_COUNT))
			preempt_count_sub(1);
	}
}

/**
 * minirq_interrupt_unlock_all() - undo minirq_interrupt_lock_all()
 * @intr:	the object
 */
void minirq_interrupt_unlock_all(struct minirq_interrupt *intr)
{
	unsigned int id = intr->count;

	if (one_lock(intr)) {
		minirq_spinlock_release(intr->each[0].lock);
		return;
	}
	while (id--) {
		if (IS_ENABLED(CONFIG_PREEMPT_COUNT))
			preempt_count_add(1);
		minirq_spinlock_release(&intr->each[id].own_lock);
	}
	minirq_spinlock_release(&intr->all);
}

static KIRQL keep_out(PKINTERRUPT interrupt, void *caller)
{
	KIRQL old = minirq_irql_current();

	if (old <= interrupt->irql)
		minirq_irql_raise(old, interrupt->irql);
	else
		minirq_violation(MINIRQ_RULE_SYNCHRONIZE, caller,
				 "interrupt lock taken at IRQL %u, above %u",
				 old, interrupt->irql);
	minirq_spinlock_take(interrupt->lock, caller);
	return old;
}

/*
 * A level that the acquisition cannot have returned is reported, and the CPU
 * stays where it is.
 */
static void let_in(PKINTERRUPT interrupt, KIRQL old, void *caller)
{
	KIRQL irql = minirq_irql_current();

	minirq_spinlock_drop(interrupt->lock, caller);
	if (unlikely(old > irql || old < minirq_irql_floor()))
		minirq_violation(MINIRQ_RULE_RELEASE_SPIN_LOCK, caller,
				 "IRQL %u is not what the acquisition returned",
				 old);
	else
		minirq_irql_lower(irql, old);
}

/**
 * KeSynchronizeExecution() - run a routine that the service routine excludes
 * @Interrupt:			the message or line
 * @SynchronizeRoutine:		what to run
 * @SynchronizeContext:		its argument
 *
 * Context: IRQL <= SynchronizeIrql of @Interrupt; above it the call is reported.
 * Not from the service routine of the same message.
 * Page: nf-wdm-kesynchronizeexecution
 * Return: what the routine returned.
 */
BOOLEAN KeSynchronizeExecution(PKINTERRUPT Interrupt,
			       PKSYNCHRONIZE_ROUTINE SynchronizeRoutine,
			       PVOID SynchronizeContext)
{
	KIRQL old = keep_out(Interrupt, MINIRQ_CALLER);
	BOOLEAN result = SynchronizeRoutine(SynchronizeContext);

	let_in(Interrupt, old, MINIRQ_CALLER);
	return result;
}
EXPORT_SYMBOL_GPL(KeSynchronizeExecution);

/**
 * KeAcquireInterruptSpinLock() - keep a service routine out
 * @Interrupt:	the message or line
 *
 * Context: IRQL <= SynchronizeIrql of @Interrupt; above it the call is reported.
 * Page: nf-wdm-keacquireinterruptspinlock
 * Return: the previous level.
 */
KIRQL KeAcquireInterruptSpinLock(PKINTERRUPT Interrupt)
{
	return keep_out(Interrupt, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeAcquireInterruptSpinLock);

/**
 * KeReleaseInterruptSpinLock() - let a service routine in again
 * @Interrupt:	the message or line
 * @OldIrql:	what the acquisition returned
 *
 * Differs from Windows: an @OldIrql that the acquisition cannot have returned is
 * reported, and the level stays.
 *
 * Context: IRQL: as the acquisition left it.
 * Page: nf-wdm-kereleaseinterruptspinlock
 */
VOID KeReleaseInterruptSpinLock(PKINTERRUPT Interrupt, KIRQL OldIrql)
{
	let_in(Interrupt, OldIrql, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeReleaseInterruptSpinLock);
