// SPDX-License-Identifier: GPL-2.0-only
/* The engine: connecting, delivering, locking and tearing down. */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/irqflags.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/interrupt_lock.h"
#include "../src/irql.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "fake_irq.h"

#define MESSAGES	4
#define COOKIE		((void *)0xfedcba9876543210)

/**
 * struct fixture - an interrupt and what its service routine saw
 * @irqs:	what the device was granted
 * @intr:	the interrupt
 * @claim:	what the service routine returns
 * @isr:	done in it, or NULL
 * @gate:	how far a gated service routine may get
 * @door:	by message, how often the handler was called
 * @entered:	by message, how often the service routine was
 * @left:	by message, how often it returned
 * @inside:	how many are between the two
 * @overlap:	two were at once
 * @irql:	level in the service routine
 * @cpu:	where it ran
 * @context:	what it found as its context
 * @ret:	what the kernel was told
 */
struct fixture {
	struct minirq_irqs *irqs;
	struct minirq_interrupt *intr;
	bool claim;
	void (*isr)(struct fixture *f, struct _KINTERRUPT *ki);
	atomic_t gate;
	atomic_t door[MESSAGES];
	atomic_t entered[MESSAGES];
	atomic_t left[MESSAGES];
	atomic_t inside;
	atomic_t overlap;
	KIRQL irql;
	unsigned int cpu;
	void *context;
	irqreturn_t ret;
};

/* Of the running case: the context of an interrupt may be any bit pattern. */
static struct fixture *current_fixture;

static bool service(struct _KINTERRUPT *ki)
{
	struct fixture *f = current_fixture;

	if (atomic_inc_return(&f->inside) > 1)
		atomic_set(&f->overlap, 1);
	f->irql = KeGetCurrentIrql();
	f->cpu = raw_smp_processor_id();
	f->context = ki->context;
	atomic_inc(&f->entered[ki->id]);
	if (f->isr)
		f->isr(f, ki);
	atomic_dec(&f->inside);
	atomic_inc(&f->left[ki->id]);
	return f->claim;
}

static irqreturn_t handler(int irq, void *dev)
{
	struct _KINTERRUPT *ki = dev;

	atomic_inc(&current_fixture->door[ki->id]);
	current_fixture->ret = minirq_interrupt_deliver(ki, ki->owner->message, service, NULL);
	return current_fixture->ret;
}

/* A service routine that stays inside until the case opens the gate. */
static void wait_at_gate(struct fixture *f, struct _KINTERRUPT *ki)
{
	spin_for(&f->gate);
}

static int entered(struct fixture *f, unsigned int id)
{
	return atomic_read(&f->entered[id]);
}

static struct minirq_interrupt *create(struct kunit *test, struct minirq_irqs *irqs,
				       PKSPIN_LOCK lock, bool one_lock)
{
	struct fixture *f = test->priv;
	struct minirq_interrupt_config config = {
		.irqs = irqs, .name = "interrupt_test", .handler = handler,
		.context = COOKIE, .lock = lock, .one_lock = one_lock,
	};

	f->irqs = irqs;
	f->intr = minirq_interrupt_create(&config);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->intr);
	return f->intr;
}

static void connect(struct kunit *test, struct minirq_interrupt *intr)
{
	KUNIT_ASSERT_EQ(test, minirq_interrupt_connect(intr), 0);
	KUNIT_ASSERT_EQ(test, minirq_interrupt_enable(intr), 0);
}

static struct fixture *connect_messages(struct kunit *test, PKSPIN_LOCK lock, bool one_lock)
{
	struct minirq_irqs *irqs = fake_irq_messages(test, MESSAGES);

	connect(test, create(test, irqs, lock, one_lock));
	return test->priv;
}

static struct fixture *connect_line(struct kunit *test)
{
	connect(test, create(test, fake_irq_line(test), NULL, false));
	return test->priv;
}

static struct _KINTERRUPT *object(struct fixture *f, unsigned int id)
{
	return &f->intr->each[id];
}

static unsigned int connected(struct minirq_irqs *irqs)
{
	unsigned int id, count = 0;

	for (id = 0; id < irqs->count; id++)
		count += fake_irq_connected(irqs, id);
	return count;
}

/* Connecting */

static void interrupt_without_irqs_is_refused(struct kunit *test)
{
	struct minirq_interrupt_config config = {
		.irqs = fake_irq_none(test), .name = "none", .handler = handler,
	};

	KUNIT_EXPECT_EQ(test, PTR_ERR(minirq_interrupt_create(&config)), -ENODEV);
}

static void interrupt_connects_every_message(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	KUNIT_EXPECT_EQ(test, connected(f->irqs), MESSAGES);
	minirq_interrupt_disconnect(f->intr);
	KUNIT_EXPECT_EQ(test, connected(f->irqs), 0);
}

/* The third irq cannot be had, so the first two are given back. */
static void interrupt_connects_all_or_none(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_messages(test, MESSAGES);
	struct minirq_interrupt *intr = create(test, irqs, NULL, false);

	irq_modify_status(irqs->irq[2], 0, IRQ_NOREQUEST);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_connect(intr), -EINVAL);
	KUNIT_EXPECT_EQ(test, connected(irqs), 0);
	irq_modify_status(irqs->irq[2], IRQ_NOREQUEST, 0);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_connect(intr), 0);
	KUNIT_EXPECT_EQ(test, connected(irqs), MESSAGES);
}

/* The device has sent something already: it comes with enable, not before. */
static void interrupt_armed_is_delivered_by_enable(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_messages(test, MESSAGES);
	struct minirq_interrupt *intr = create(test, irqs, NULL, false);
	struct fixture *f = test->priv;

	fake_irq_arm(irqs, 1);
	KUNIT_ASSERT_EQ(test, minirq_interrupt_connect(intr), 0);
	KUNIT_EXPECT_TRUE(test, stays_clear(&f->entered[1]));
	KUNIT_ASSERT_EQ(test, minirq_interrupt_enable(intr), 0);
	KUNIT_EXPECT_EQ(test, entered(f, 1), 1);
}

static void interrupt_line_is_requested_by_enable(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_line(test);
	struct minirq_interrupt *intr = create(test, irqs, NULL, false);

	KUNIT_EXPECT_EQ(test, minirq_interrupt_connect(intr), 0);
	KUNIT_EXPECT_EQ(test, connected(irqs), 0);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_enable(intr), 0);
	KUNIT_EXPECT_EQ(test, connected(irqs), 1);
}

/* Delivering */

static void interrupt_delivers_each_message_with_its_id(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	unsigned int id, other;

	for (id = 0; id < MESSAGES; id++) {
		fake_irq_fire_on(f->irqs, id, 2);
		for (other = 0; other < MESSAGES; other++)
			KUNIT_EXPECT_EQ(test, entered(f, other), other <= id);
		KUNIT_EXPECT_EQ(test, f->cpu, 2);
	}
}

static void interrupt_context_arrives_bit_for_bit(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	fake_irq_fire(f->irqs, 3);
	KUNIT_EXPECT_PTR_EQ(test, f->context, COOKIE);
}

/* A11 */
static void interrupt_routine_runs_at_its_irql(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(f, 0), 1);
	KUNIT_EXPECT_EQ(test, f->irql, object(f, 0)->irql);
	KUNIT_EXPECT_GT(test, f->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void interrupt_restores_the_level_it_found(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	KIRQL old = KeRaiseIrqlToDpcLevel(), after;

	fake_irq_fire(f->irqs, 0);
	after = KeGetCurrentIrql();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, f->irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
}

static void raise_here(struct fixture *f, unsigned int id)
{
	irq_set_irqchip_state(f->irqs->irq[id], IRQCHIP_STATE_PENDING, true);
}

/* A90 */
static void interrupt_identical_messages_may_fold(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL, &old);
	raise_here(f, 1);
	raise_here(f, 1);
	raise_here(f, 1);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[1]));
	KUNIT_EXPECT_LE(test, entered(f, 1), 3);
}

/* A device must not get its own message shut off. */
static void interrupt_unclaimed_message_is_handled(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	f->claim = false;
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, f->ret, IRQ_HANDLED);
	KUNIT_EXPECT_EQ(test, object(f, 0)->unclaimed, 1);
	KUNIT_EXPECT_EQ(test, object(f, 0)->claimed, 0);
}

static void interrupt_unclaimed_line_is_not_handled(struct kunit *test)
{
	struct fixture *f = connect_line(test);

	f->claim = false;
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, f->ret, IRQ_NONE);
	f->claim = true;
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, f->ret, IRQ_HANDLED);
}

/* Another driver of the line, through the engine as well. */
static bool other_service(struct _KINTERRUPT *ki)
{
	atomic_inc(ki->context);
	return true;
}

static irqreturn_t other_handler(int irq, void *dev)
{
	return minirq_interrupt_deliver(dev, false, other_service, NULL);
}

/* A86 */
static void interrupt_line_asks_the_next_driver(struct kunit *test)
{
	struct fixture *f = connect_line(test);
	atomic_t *asked = kunit_kzalloc(test, sizeof(*asked), GFP_KERNEL);
	struct minirq_interrupt_config config = {
		.irqs = f->irqs, .name = "other", .handler = other_handler, .context = asked,
	};
	struct minirq_interrupt *other = minirq_interrupt_create(&config);
	int first, second;

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, other);
	f->claim = false;
	KUNIT_EXPECT_EQ(test, minirq_interrupt_connect(other), 0);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_enable(other), 0);
	/* a debug kernel calls the handlers of a shared line without a cause */
	first = entered(f, 0);
	second = atomic_read(asked);
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(f, 0), first + 1);
	KUNIT_EXPECT_EQ(test, atomic_read(asked), second + 1);
	minirq_interrupt_disconnect(other);
	minirq_interrupt_destroy(other);
}

static void return_raised(struct fixture *f, struct _KINTERRUPT *ki)
{
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL, &old);
}

/* A89 */
static void interrupt_routine_returning_raised_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN);
	struct fixture *f = connect_messages(test, NULL, false);

	f->isr = return_raised;
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN), before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static KSPIN_LOCK kept_lock;

static void return_with_lock(struct fixture *f, struct _KINTERRUPT *ki)
{
	KeAcquireSpinLockAtDpcLevel(&kept_lock);
}

static void interrupt_routine_returning_with_a_lock_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK);
	struct fixture *f = connect_messages(test, NULL, false);

	KeInitializeSpinLock(&kept_lock);
	f->isr = return_with_lock;
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(&kept_lock), TRUE);
}

static void take_spin_lock(struct fixture *f, struct _KINTERRUPT *ki)
{
	static KSPIN_LOCK lock;
	KIRQL old;

	KeInitializeSpinLock(&lock);
	KeAcquireSpinLock(&lock, &old);
	KeReleaseSpinLock(&lock, old);
}

/* A92 */
static void interrupt_routine_taking_a_spin_lock_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_IRQL_DISPATCH_LTE);
	struct fixture *f = connect_messages(test, NULL, false);

	f->isr = take_spin_lock;
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_DISPATCH_LTE), before + 1);
	KUNIT_EXPECT_EQ(test, f->irql, MINIRQ_DIRQL);
}

/* Locks */

static void wait_for_the_other(struct fixture *f, struct _KINTERRUPT *ki)
{
	spin_for(&f->entered[!ki->id]);
}

/* Each stays inside until the other is there too. */
static void interrupt_own_locks_let_messages_overlap(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	f->isr = wait_for_the_other;
	fake_irq_send_on(f->irqs, 0, 1);
	fake_irq_send_on(f->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[0]));
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[1]));
	KUNIT_EXPECT_EQ(test, atomic_read(&f->overlap), 1);
}

static void expect_exclusion(struct kunit *test, struct fixture *f)
{
	f->isr = wait_at_gate;
	fake_irq_send_on(f->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->entered[0]));
	fake_irq_send_on(f->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->door[1]));
	KUNIT_EXPECT_TRUE(test, stays_clear(&f->entered[1]));
	atomic_set(&f->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[0]));
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[1]));
	KUNIT_EXPECT_EQ(test, atomic_read(&f->overlap), 0);
}

static void interrupt_one_lock_excludes_messages(struct kunit *test)
{
	expect_exclusion(test, connect_messages(test, NULL, true));
}

static void interrupt_drivers_lock_excludes_messages(struct kunit *test)
{
	KSPIN_LOCK *lock = kunit_kzalloc(test, sizeof(*lock), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, lock);
	KeInitializeSpinLock(lock);
	expect_exclusion(test, connect_messages(test, lock, true));
}

static bool locked(struct fixture *f, unsigned int id)
{
	return !KeTestSpinLock(object(f, id)->lock);
}

/* More messages than lockdep classes, and all of them held at once. */
static void interrupt_lock_all_takes_every_lock(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_messages(test, 20);
	unsigned int id, held = 0, after = 0;
	struct minirq_interrupt *intr = create(test, irqs, NULL, false);
	struct fixture *f = test->priv;
	KIRQL old;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
	minirq_interrupt_lock_all(intr);
	for (id = 0; id < irqs->count; id++)
		held += locked(f, id);
	minirq_interrupt_unlock_all(intr);
	for (id = 0; id < irqs->count; id++)
		after += locked(f, id);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, held, 20);
	KUNIT_EXPECT_EQ(test, after, 0);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

static void interrupt_lock_all_takes_the_one_lock(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, true);
	bool held;
	KIRQL old;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
	minirq_interrupt_lock_all(f->intr);
	held = locked(f, 3);
	minirq_interrupt_unlock_all(f->intr);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, held);
	KUNIT_EXPECT_FALSE(test, locked(f, 3));
}

/**
 * struct holder - a thread that keeps service routines out
 * @fixture:	whose
 * @there:	it does
 * @release:	it may stop
 * @entered:	how many service routines ran meanwhile
 * @inside:	level while they were kept out
 * @after:	level afterwards
 */
struct holder {
	struct fixture *fixture;
	atomic_t there;
	atomic_t release;
	int entered;
	KIRQL inside;
	KIRQL after;
};

static BOOLEAN keep_out(PVOID context)
{
	struct holder *h = context;

	h->inside = KeGetCurrentIrql();
	atomic_set(&h->there, 1);
	spin_for(&h->release);
	h->entered = entered(h->fixture, 0);
	return TRUE;
}

static void hold_by_synchronize(void *arg)
{
	struct holder *h = arg;

	KeSynchronizeExecution(object(h->fixture, 0), keep_out, h);
	h->after = KeGetCurrentIrql();
}

static void hold_by_lock_all(void *arg)
{
	struct holder *h = arg;
	KIRQL old;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
	minirq_interrupt_lock_all(h->fixture->intr);
	keep_out(h);
	minirq_interrupt_unlock_all(h->fixture->intr);
	KeLowerIrql(old);
	h->after = KeGetCurrentIrql();
}

/* CPU 1 holds, the interrupt arrives on CPU 2 and comes as far as the lock. */
static void expect_kept_out(struct kunit *test, struct holder *h, void (*hold)(void *))
{
	struct fixture *f = connect_messages(test, NULL, false);
	struct task_struct *task;

	h->fixture = f;
	task = start_on_cpu(1, hold, h);
	KUNIT_EXPECT_TRUE(test, wait_for(&h->there));
	fake_irq_send_on(f->irqs, 0, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->door[0]));
	KUNIT_EXPECT_TRUE(test, stays_clear(&f->entered[0]));
	atomic_set(&h->release, 1);
	join(task);
	KUNIT_EXPECT_EQ(test, h->entered, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[0]));
	KUNIT_EXPECT_EQ(test, h->after, PASSIVE_LEVEL);
}

/* A95 */
static void interrupt_synchronize_keeps_routine_out(struct kunit *test)
{
	struct holder h = {};

	expect_kept_out(test, &h, hold_by_synchronize);
}

static void interrupt_lock_all_keeps_routine_out(struct kunit *test)
{
	struct holder h = {};

	expect_kept_out(test, &h, hold_by_lock_all);
}

/* A100 */
static void interrupt_synchronize_leaves_other_messages_alone(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	struct holder h = { .fixture = f };
	struct task_struct *task = start_on_cpu(1, hold_by_synchronize, &h);

	KUNIT_EXPECT_TRUE(test, wait_for(&h.there));
	fake_irq_send_on(f->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[1]));
	KUNIT_EXPECT_EQ(test, atomic_read(&h.release), 0);
	atomic_set(&h.release, 1);
	join(task);
}

static BOOLEAN give_back(PVOID result)
{
	return *(BOOLEAN *)result;
}

/* A93 */
static void interrupt_synchronize_returns_the_result(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	BOOLEAN yes = TRUE, no = FALSE, other = 2;

	KUNIT_EXPECT_EQ(test, KeSynchronizeExecution(object(f, 0), give_back, &yes), TRUE);
	KUNIT_EXPECT_EQ(test, KeSynchronizeExecution(object(f, 0), give_back, &no), FALSE);
	KUNIT_EXPECT_EQ(test, KeSynchronizeExecution(object(f, 0), give_back, &other), 2);
}

/**
 * struct look - what a synchronised routine sees
 * @lock:	the lock of the interrupt
 * @irql:	the level
 * @held:	was the lock held?
 */
struct look {
	PKSPIN_LOCK lock;
	KIRQL irql;
	bool held;
};

static BOOLEAN look_around(PVOID context)
{
	struct look *look = context;

	look->irql = KeGetCurrentIrql();
	look->held = !KeTestSpinLock(look->lock);
	return TRUE;
}

/* A94 */
static void interrupt_synchronize_raises_and_restores(struct kunit *test)
{
	static const KIRQL level[] = { PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL, MINIRQ_DIRQL };
	struct fixture *f = connect_messages(test, NULL, false);
	struct look look;
	unsigned int i;
	KIRQL old, after;

	for (i = 0; i < ARRAY_SIZE(level); i++) {
		look = (struct look){ .lock = object(f, 0)->lock };
		KeRaiseIrql(level[i], &old);
		KeSynchronizeExecution(object(f, 0), look_around, &look);
		after = KeGetCurrentIrql();
		KeLowerIrql(old);
		KUNIT_EXPECT_EQ(test, look.irql, object(f, 0)->irql);
		KUNIT_EXPECT_TRUE(test, look.held);
		KUNIT_EXPECT_EQ(test, after, level[i]);
		KUNIT_EXPECT_FALSE(test, locked(f, 0));
	}
}

/* A98 */
static void interrupt_lock_raises_to_synchronize_irql(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	KIRQL old = KeAcquireInterruptSpinLock(object(f, 0)), held = KeGetCurrentIrql();
	bool taken = locked(f, 0);

	KeReleaseInterruptSpinLock(object(f, 0), old);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, held, object(f, 0)->irql);
	KUNIT_EXPECT_TRUE(test, taken);
}

/* A99 */
static void interrupt_lock_release_lets_pending_routine_run(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	KIRQL old = KeAcquireInterruptSpinLock(object(f, 0));
	bool waited;

	raise_here(f, 0);
	waited = stays_clear(&f->entered[0]);
	KeReleaseInterruptSpinLock(object(f, 0), old);
	KUNIT_EXPECT_TRUE(test, waited);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->left[0]));
	KUNIT_EXPECT_EQ(test, f->cpu, 0);
}

/* A101 */
static void interrupt_synchronize_above_its_irql_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SYNCHRONIZE);
	struct fixture *f = connect_messages(test, NULL, false);
	struct look look = { .lock = object(f, 0)->lock };
	KIRQL old, after;

	KeRaiseIrql(HIGH_LEVEL, &old);
	KeSynchronizeExecution(object(f, 0), look_around, &look);
	after = KeGetCurrentIrql();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SYNCHRONIZE), before + 1);
	KUNIT_EXPECT_EQ(test, after, HIGH_LEVEL);
}

static void interrupt_lock_taken_twice_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK);
	struct fixture *f = connect_messages(test, NULL, false);
	KIRQL outer = KeAcquireInterruptSpinLock(object(f, 0));
	KIRQL inner = KeAcquireInterruptSpinLock(object(f, 0));

	KeReleaseInterruptSpinLock(object(f, 0), inner);
	KeReleaseInterruptSpinLock(object(f, 0), outer);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_FALSE(test, locked(f, 0));
}

static void interrupt_lock_release_to_wrong_level_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	struct fixture *f = connect_messages(test, NULL, false);
	KIRQL old = KeAcquireInterruptSpinLock(object(f, 0)), after;

	KeReleaseInterruptSpinLock(object(f, 0), HIGH_LEVEL);
	after = KeGetCurrentIrql();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, after, object(f, 0)->irql);
	KUNIT_EXPECT_FALSE(test, locked(f, 0));
}

/* The level of a DPC is the lowest it can have been called at. */
static VOID release_below_dispatch(PRKDPC dpc, PVOID context, PVOID after, PVOID arg2)
{
	struct fixture *f = context;
	KIRQL old = KeAcquireInterruptSpinLock(object(f, 0));

	KeReleaseInterruptSpinLock(object(f, 0), PASSIVE_LEVEL);
	*(KIRQL *)after = KeGetCurrentIrql();
	minirq_irql_lower(object(f, 0)->irql, old);
}

static void interrupt_lock_release_below_a_dpc_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	struct fixture *f = connect_messages(test, NULL, false);
	KIRQL after = PASSIVE_LEVEL;
	KDPC dpc;

	KeInitializeDpc(&dpc, release_below_dispatch, f);
	KeInsertQueueDpc(&dpc, &after, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, after, object(f, 0)->irql);
	KUNIT_EXPECT_FALSE(test, locked(f, 0));
}

/* Tearing down */

/**
 * struct breaker - a thread that disconnects
 * @fixture:	whose
 * @done:	it has
 * @left:	how many service routines had returned by then
 */
struct breaker {
	struct fixture *fixture;
	atomic_t done;
	int left;
};

#define LAST	(MESSAGES - 1)

static void disconnect(void *arg)
{
	struct breaker *b = arg;

	minirq_interrupt_disconnect(b->fixture->intr);
	b->left = atomic_read(&b->fixture->left[LAST]);
	atomic_set(&b->done, 1);
}

static bool last_disconnected(void *arg)
{
	return !fake_irq_connected(((struct fixture *)arg)->irqs, LAST);
}

/* A103 */
static void interrupt_disconnect_waits_for_running_routine(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	struct breaker b = { .fixture = f };
	struct task_struct *task;

	f->isr = wait_at_gate;
	fake_irq_send_on(f->irqs, LAST, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->entered[LAST]));
	task = start_on_cpu(2, disconnect, &b);
	/* the last is the first to go; the kernel takes it away, then waits */
	KUNIT_EXPECT_TRUE(test, wait_until(last_disconnected, f));
	KUNIT_EXPECT_TRUE(test, stays_clear(&b.done));
	atomic_set(&f->gate, 1);
	join(task);
	KUNIT_EXPECT_EQ(test, b.left, 1);
}

static void interrupt_disconnected_is_silent(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	minirq_interrupt_disconnect(f->intr);
	fake_irq_send_on(f->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, stays_clear(&f->door[0]));
}

static void interrupt_disconnect_twice_is_fine(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	minirq_interrupt_disconnect(f->intr);
	minirq_interrupt_disconnect(f->intr);
	KUNIT_EXPECT_EQ(test, connected(f->irqs), 0);
}

static void interrupt_can_be_connected_again(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	minirq_interrupt_disconnect(f->intr);
	connect(test, f->intr);
	fake_irq_fire(f->irqs, 2);
	KUNIT_EXPECT_EQ(test, entered(f, 2), 1);
}

static void interrupt_destroy_of_nothing_is_fine(struct kunit *test)
{
	minirq_interrupt_destroy(NULL);
}

/* Counting */

static void interrupt_counts_what_was_claimed(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);

	fake_irq_fire_on(f->irqs, 1, 1);
	fake_irq_fire_on(f->irqs, 1, 2);
	f->claim = false;
	fake_irq_fire_on(f->irqs, 1, 3);
	KUNIT_EXPECT_EQ(test, object(f, 1)->claimed, 2);
	KUNIT_EXPECT_EQ(test, object(f, 1)->unclaimed, 1);
	KUNIT_EXPECT_EQ(test, object(f, 0)->claimed, 0);
}

static void count_a_dpc(struct fixture *f, struct _KINTERRUPT *ki)
{
	minirq_interrupt_count_dpc(ki);
}

static void interrupt_counts_dpcs_of_all_cpus(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	unsigned int cpu;

	f->isr = count_a_dpc;
	for (cpu = 0; cpu < 4; cpu++)
		fake_irq_fire_on(f->irqs, 2, cpu);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_dpcs(f->intr, 2), 4);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_dpcs(f->intr, 1), 0);
}

static void look_for_mine(struct minirq_interrupt *intr, void *found)
{
	*(unsigned int *)found += intr == current_fixture->intr;
}

static void interrupt_is_listed_while_connected(struct kunit *test)
{
	struct fixture *f = connect_messages(test, NULL, false);
	unsigned int during = 0, after = 0;

	minirq_interrupt_for_each(look_for_mine, &during);
	minirq_interrupt_disconnect(f->intr);
	minirq_interrupt_for_each(look_for_mine, &after);
	KUNIT_EXPECT_EQ(test, during, 1);
	KUNIT_EXPECT_EQ(test, after, 0);
}

static int interrupt_init(struct kunit *test)
{
	struct fixture *f;

	need_cpus(test, 4);
	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	f->claim = true;
	test->priv = f;
	current_fixture = f;
	minirq_verifier_enable(true);
	return 0;
}

static void interrupt_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f && f->intr) {
		atomic_set(&f->gate, 1);
		minirq_interrupt_disconnect(f->intr);
		minirq_interrupt_destroy(f->intr);
	}
	minirq_verifier_enable(false);
}

static struct kunit_case interrupt_cases[] = {
	KUNIT_CASE(interrupt_without_irqs_is_refused),
	KUNIT_CASE(interrupt_connects_every_message),
	KUNIT_CASE(interrupt_connects_all_or_none),
	KUNIT_CASE(interrupt_armed_is_delivered_by_enable),
	KUNIT_CASE(interrupt_line_is_requested_by_enable),
	KUNIT_CASE(interrupt_delivers_each_message_with_its_id),
	KUNIT_CASE(interrupt_context_arrives_bit_for_bit),
	KUNIT_CASE(interrupt_routine_runs_at_its_irql),
	KUNIT_CASE(interrupt_restores_the_level_it_found),
	KUNIT_CASE(interrupt_identical_messages_may_fold),
	KUNIT_CASE(interrupt_unclaimed_message_is_handled),
	KUNIT_CASE(interrupt_unclaimed_line_is_not_handled),
	KUNIT_CASE(interrupt_line_asks_the_next_driver),
	KUNIT_CASE(interrupt_routine_returning_raised_is_reported),
	KUNIT_CASE(interrupt_routine_returning_with_a_lock_is_reported),
	KUNIT_CASE(interrupt_routine_taking_a_spin_lock_is_reported),
	KUNIT_CASE(interrupt_own_locks_let_messages_overlap),
	KUNIT_CASE(interrupt_one_lock_excludes_messages),
	KUNIT_CASE(interrupt_drivers_lock_excludes_messages),
	KUNIT_CASE(interrupt_lock_all_takes_every_lock),
	KUNIT_CASE(interrupt_lock_all_takes_the_one_lock),
	KUNIT_CASE(interrupt_synchronize_keeps_routine_out),
	KUNIT_CASE(interrupt_lock_all_keeps_routine_out),
	KUNIT_CASE(interrupt_synchronize_leaves_other_messages_alone),
	KUNIT_CASE(interrupt_synchronize_returns_the_result),
	KUNIT_CASE(interrupt_synchronize_raises_and_restores),
	KUNIT_CASE(interrupt_lock_raises_to_synchronize_irql),
	KUNIT_CASE(interrupt_lock_release_lets_pending_routine_run),
	KUNIT_CASE(interrupt_synchronize_above_its_irql_is_reported),
	KUNIT_CASE(interrupt_lock_taken_twice_is_reported),
	KUNIT_CASE(interrupt_lock_release_to_wrong_level_is_reported),
	KUNIT_CASE(interrupt_lock_release_below_a_dpc_is_reported),
	KUNIT_CASE(interrupt_disconnect_waits_for_running_routine),
	KUNIT_CASE(interrupt_disconnected_is_silent),
	KUNIT_CASE(interrupt_disconnect_twice_is_fine),
	KUNIT_CASE(interrupt_can_be_connected_again),
	KUNIT_CASE(interrupt_destroy_of_nothing_is_fine),
	KUNIT_CASE(interrupt_counts_what_was_claimed),
	KUNIT_CASE(interrupt_counts_dpcs_of_all_cpus),
	KUNIT_CASE(interrupt_is_listed_while_connected),
	{}
};

static struct kunit_suite interrupt_suite = {
	.name = "minirq_interrupt",
	.init = interrupt_init,
	.exit = interrupt_exit,
	.test_cases = interrupt_cases,
};

kunit_test_suite(interrupt_suite);
