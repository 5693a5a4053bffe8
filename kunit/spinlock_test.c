// SPDX-License-Identifier: GPL-2.0-only
/* Executive spin locks, in all their spellings. */
#include <linux/spinlock.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/spinlock.h"
#include "../src/verifier.h"
#include "cpu.h"

static unsigned int reports(enum minirq_rule rule)
{
	return minirq_verifier_count(rule);
}

/**
 * struct acquisition - one acquisition of a lock
 * @lock:	the lock
 * @old:	what the acquisition returned
 * @handle:	of the queued forms
 */
struct acquisition {
	PKSPIN_LOCK lock;
	KIRQL old;
	KLOCK_QUEUE_HANDLE handle;
};

static void acquire(struct acquisition *a)
{
	KeAcquireSpinLock(a->lock, &a->old);
}

static void acquire_raise_to_dpc(struct acquisition *a)
{
	a->old = KeAcquireSpinLockRaiseToDpc(a->lock);
}

static void release(struct acquisition *a)
{
	KeReleaseSpinLock(a->lock, a->old);
}

static void acquire_at_dpc(struct acquisition *a)
{
	KeAcquireSpinLockAtDpcLevel(a->lock);
}

static void acquire_try(struct acquisition *a)
{
	KeTryToAcquireSpinLockAtDpcLevel(a->lock);
	a->old = DISPATCH_LEVEL;
}

static void release_from_dpc(struct acquisition *a)
{
	KeReleaseSpinLockFromDpcLevel(a->lock);
}

static void acquire_for_dpc(struct acquisition *a)
{
	a->old = KeAcquireSpinLockForDpc(a->lock);
}

static void release_for_dpc(struct acquisition *a)
{
	KeReleaseSpinLockForDpc(a->lock, a->old);
}

static void acquire_queued(struct acquisition *a)
{
	KeAcquireInStackQueuedSpinLock(a->lock, &a->handle);
}

static void release_queued(struct acquisition *a)
{
	KeReleaseInStackQueuedSpinLock(&a->handle);
}

static void acquire_queued_at_dpc(struct acquisition *a)
{
	KeAcquireInStackQueuedSpinLockAtDpcLevel(a->lock, &a->handle);
}

static void release_queued_from_dpc(struct acquisition *a)
{
	KeReleaseInStackQueuedSpinLockFromDpcLevel(&a->handle);
}

static void acquire_queued_for_dpc(struct acquisition *a)
{
	KeAcquireInStackQueuedSpinLockForDpc(a->lock, &a->handle);
}

static void release_queued_for_dpc(struct acquisition *a)
{
	KeReleaseInStackQueuedSpinLockForDpc(&a->handle);
}

/**
 * struct variant - a pair of calls
 * @name:	shown with the case
 * @from:	lowest level they may be called at
 * @acquire:	takes the lock
 * @release:	lets it go
 */
struct variant {
	const char *name;
	KIRQL from;
	void (*acquire)(struct acquisition *a);
	void (*release)(struct acquisition *a);
};

static const struct variant variants[] = {
	{ "plain", PASSIVE_LEVEL, acquire, release },
	{ "raise to dpc", PASSIVE_LEVEL, acquire_raise_to_dpc, release },
	{ "at dpc level", DISPATCH_LEVEL, acquire_at_dpc, release_from_dpc },
	{ "try", DISPATCH_LEVEL, acquire_try, release_from_dpc },
	{ "try, plain release", DISPATCH_LEVEL, acquire_try, release },
	{ "for dpc", PASSIVE_LEVEL, acquire_for_dpc, release_for_dpc },
	{ "queued", PASSIVE_LEVEL, acquire_queued, release_queued },
	{ "queued at dpc level", DISPATCH_LEVEL, acquire_queued_at_dpc, release_queued_from_dpc },
	{ "queued for dpc", PASSIVE_LEVEL, acquire_queued_for_dpc, release_queued_for_dpc },
};

static void describe_variant(const struct variant *variant, char *desc)
{
	strscpy(desc, variant->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(variant, variants, describe_variant);

/**
 * struct seen - what an acquisition did
 * @held_irql:	level while the lock was held
 * @held_free:	did the lock look free meanwhile?
 * @after_irql:	level after the release
 * @after_free:	did the lock look free then?
 */
struct seen {
	KIRQL held_irql;
	BOOLEAN held_free;
	KIRQL after_irql;
	BOOLEAN after_free;
};

static struct seen acquire_at(PKSPIN_LOCK lock, const struct variant *variant, KIRQL level)
{
	struct acquisition a = { .lock = lock };
	struct seen seen;
	KIRQL old;

	KeRaiseIrql(level, &old);
	variant->acquire(&a);
	seen.held_irql = KeGetCurrentIrql();
	seen.held_free = KeTestSpinLock(lock);
	variant->release(&a);
	seen.after_irql = KeGetCurrentIrql();
	seen.after_free = KeTestSpinLock(lock);
	KeLowerIrql(old);
	return seen;
}

/* Every pair of calls, from every level it may be called at. */
static void spinlock_variants_hold_and_restore(struct kunit *test)
{
	const struct variant *variant = test->param_value;
	unsigned int before = minirq_verifier_total();
	KSPIN_LOCK *lock = test->priv;
	struct seen seen;
	KIRQL level;

	for (level = variant->from; level <= DISPATCH_LEVEL; level++) {
		seen = acquire_at(lock, variant, level);
		KUNIT_EXPECT_EQ(test, seen.held_irql, DISPATCH_LEVEL);
		KUNIT_EXPECT_EQ(test, seen.held_free, FALSE);
		KUNIT_EXPECT_EQ(test, seen.after_irql, level);
		KUNIT_EXPECT_EQ(test, seen.after_free, TRUE);
	}
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

/* A15 A16 */
static void spinlock_acquire_raises_and_release_lowers(struct kunit *test)
{
	KIRQL old = HIGH_LEVEL, held;

	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &old);
	held = KeGetCurrentIrql();
	KeReleaseSpinLock(test->priv, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, held, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A17 */
static void spinlock_release_to_dispatch(struct kunit *test)
{
	KIRQL outer = KeRaiseIrqlToDpcLevel(), old, after;

	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &old);
	KeReleaseSpinLock(test->priv, old);
	after = KeGetCurrentIrql();
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, old, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
}

#define ROUNDS	5000

/**
 * struct shared - what two CPUs increment
 * @lock:	the lock
 * @start:	both begin together
 * @counter:	under @lock, and not atomic
 */
struct shared {
	KSPIN_LOCK lock;
	struct meeting start;
	unsigned int counter;
};

/* The pause between reading and writing is where a missing lock shows. */
static void increment(void *arg)
{
	struct shared *shared = arg;
	unsigned int i, value;
	KIRQL old;

	meet(&shared->start);
	for (i = 0; i < ROUNDS; i++) {
		KeAcquireSpinLock(&shared->lock, &old);
		value = READ_ONCE(shared->counter);
		cpu_relax();
		WRITE_ONCE(shared->counter, value + 1);
		KeReleaseSpinLock(&shared->lock, old);
	}
}

/* A18 */
static void spinlock_excludes_two_cpus(struct kunit *test)
{
	struct shared shared = { .start.parties = 2 };
	struct task_struct *task[2];

	KeInitializeSpinLock(&shared.lock);
	task[0] = start_on_cpu(1, increment, &shared);
	task[1] = start_on_cpu(2, increment, &shared);
	join(task[0]);
	join(task[1]);
	KUNIT_EXPECT_EQ(test, shared.counter, 2 * ROUNDS);
}

/* A19 */
static void spinlock_above_dispatch_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_IRQL_DISPATCH_LTE);
	KSPIN_LOCK lock;
	KIRQL outer, old, after;

	KeInitializeSpinLock(&lock);
	KeRaiseIrql(MINIRQ_DIRQL, &outer);
	KeAcquireSpinLock(&lock, &old);
	after = KeGetCurrentIrql();
	KeReleaseSpinLock(&lock, old);
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_IRQL_DISPATCH_LTE), before + 1);
	KUNIT_EXPECT_EQ(test, after, MINIRQ_DIRQL);
}

/* A20 */
static void spinlock_at_dpc_level_below_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_IRQL_DISPATCH), acquired;
	KSPIN_LOCK lock;

	KeInitializeSpinLock(&lock);
	KeAcquireSpinLockAtDpcLevel(&lock);
	acquired = reports(MINIRQ_RULE_IRQL_DISPATCH);
	KeReleaseSpinLockFromDpcLevel(&lock);
	KUNIT_EXPECT_EQ(test, acquired, before + 1);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_IRQL_DISPATCH), before + 2);
}

/* A21 */
static void spinlock_at_dpc_level_keeps_irql(struct kunit *test)
{
	KIRQL old = KeRaiseIrqlToDpcLevel(), held, after;

	KeAcquireSpinLockAtDpcLevel(test->priv);
	held = KeGetCurrentIrql();
	KeReleaseSpinLockFromDpcLevel(test->priv);
	after = KeGetCurrentIrql();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, held, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
}

/* A22 */
static void spinlock_try_takes_free_lock(struct kunit *test)
{
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN taken = KeTryToAcquireSpinLockAtDpcLevel(test->priv);
	bool held = raw_spin_is_locked(&minirq_spinlock(test->priv)->raw);

	KeReleaseSpinLockFromDpcLevel(test->priv);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, taken, TRUE);
	KUNIT_EXPECT_TRUE(test, held);
}

/**
 * struct holder - a thread that holds a lock
 * @lock:	the lock
 * @there:	it holds it
 * @release:	let it go
 */
struct holder {
	PKSPIN_LOCK lock;
	atomic_t there;
	atomic_t release;
};

static void hold_lock(void *arg)
{
	struct holder *holder = arg;
	KIRQL old;

	KeAcquireSpinLock(holder->lock, &old);
	atomic_set(&holder->there, 1);
	spin_for(&holder->release);
	KeReleaseSpinLock(holder->lock, old);
}

/* A23 */
static void spinlock_try_does_not_wait(struct kunit *test)
{
	struct holder holder = { .lock = test->priv };
	struct task_struct *task = start_on_cpu(1, hold_lock, &holder);
	BOOLEAN taken;
	KIRQL old;

	KUNIT_EXPECT_TRUE(test, wait_for(&holder.there));
	old = KeRaiseIrqlToDpcLevel();
	taken = KeTryToAcquireSpinLockAtDpcLevel(test->priv);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, taken, FALSE);
	/* nobody lets the holder go before this, so there was no waiting */
	atomic_set(&holder.release, 1);
	join(task);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

/* A24 */
static void spinlock_test_only_looks(struct kunit *test)
{
	BOOLEAN free[2], held[2];
	KIRQL old;

	free[0] = KeTestSpinLock(test->priv);
	free[1] = KeTestSpinLock(test->priv);
	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &old);
	held[0] = KeTestSpinLock(test->priv);
	held[1] = KeTestSpinLock(test->priv);
	KeReleaseSpinLock(test->priv, old);
	KUNIT_EXPECT_TRUE(test, free[0] && free[1]);
	KUNIT_EXPECT_FALSE(test, held[0] || held[1]);
}

/* A25 */
static void spinlock_raise_to_dpc_returns_level(struct kunit *test)
{
	KIRQL old = KeAcquireSpinLockRaiseToDpc(test->priv), held = KeGetCurrentIrql();

	KeReleaseSpinLock(test->priv, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, held, DISPATCH_LEVEL);
}

/* A27 */
static void spinlock_for_dpc_keeps_dispatch(struct kunit *test)
{
	KIRQL outer = KeRaiseIrqlToDpcLevel(), old, held, after;

	old = KeAcquireSpinLockForDpc(test->priv);
	held = KeGetCurrentIrql();
	KeReleaseSpinLockForDpc(test->priv, old);
	after = KeGetCurrentIrql();
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, held, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
}

/* A28 */
static void spinlock_queued_raises_until_release(struct kunit *test)
{
	KLOCK_QUEUE_HANDLE handle;
	KIRQL held;

	KeAcquireInStackQueuedSpinLock(test->priv, &handle);
	held = KeGetCurrentIrql();
	KeReleaseInStackQueuedSpinLock(&handle);
	KUNIT_EXPECT_EQ(test, held, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, handle.OldIrql, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

#ifdef CONFIG_QUEUED_SPINLOCKS
/**
 * struct queue - three CPUs that queue for one lock
 * @lock:	the lock
 * @word:	how the lock looked before the last one joined
 * @go:		by CPU, it may queue now
 * @order:	CPUs in the order they obtained the lock, under @lock
 * @length:	of @order
 */
struct queue {
	KSPIN_LOCK lock;
	int word;
	atomic_t go[4];
	unsigned int order[4];
	unsigned int length;
};

static int lock_word(struct queue *queue)
{
	return atomic_read(&minirq_spinlock(&queue->lock)->raw.raw_lock.val);
}

/* The lock's word changes with each CPU that joins the queue. */
static bool somebody_joined(void *queue)
{
	return lock_word(queue) != ((struct queue *)queue)->word;
}

static void queue_up(void *arg)
{
	struct queue *queue = arg;
	unsigned int cpu = raw_smp_processor_id();
	KLOCK_QUEUE_HANDLE handle;

	if (!wait_for(&queue->go[cpu]))
		return;
	KeAcquireInStackQueuedSpinLock(&queue->lock, &handle);
	queue->order[queue->length++] = cpu;
	KeReleaseInStackQueuedSpinLock(&handle);
}

static bool let_queue_up(struct queue *queue, unsigned int cpu)
{
	queue->word = lock_word(queue);
	atomic_set(&queue->go[cpu], 1);
	return spin_until(somebody_joined, queue);
}

/* A29 */
static void spinlock_queued_is_first_come_first_served(struct kunit *test)
{
	static const unsigned int order[] = { 3, 1, 2 };
	struct task_struct *task[ARRAY_SIZE(order)];
	struct queue queue = {};
	KLOCK_QUEUE_HANDLE handle;
	bool queued = true;
	unsigned int i;

	if (!locks_queue())
		kunit_skip(test, "the kernel's spin locks do not queue in this guest");
	KeInitializeSpinLock(&queue.lock);
	for (i = 0; i < ARRAY_SIZE(order); i++)
		task[i] = start_on_cpu(order[i], queue_up, &queue);
	KeAcquireInStackQueuedSpinLock(&queue.lock, &handle);
	for (i = 0; i < ARRAY_SIZE(order); i++)
		queued &= let_queue_up(&queue, order[i]);
	KeReleaseInStackQueuedSpinLock(&handle);
	for (i = 0; i < ARRAY_SIZE(order); i++)
		join(task[i]);

	KUNIT_EXPECT_TRUE(test, queued);
	for (i = 0; i < ARRAY_SIZE(order); i++)
		KUNIT_EXPECT_EQ(test, queue.order[i], order[i]);
}
#else
static void spinlock_queued_is_first_come_first_served(struct kunit *test)
{
	kunit_skip(test, "only a queued lock shows who waits for it");
}
#endif

/* A30 */
static void spinlock_recursion_is_detected(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_SPIN_LOCK), after;
	KIRQL outer, inner;
	BOOLEAN held;

	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &outer);
	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &inner);
	after = reports(MINIRQ_RULE_SPIN_LOCK);
	KeReleaseSpinLock(test->priv, inner);
	held = !KeTestSpinLock(test->priv);
	KeReleaseSpinLock(test->priv, outer);
	KUNIT_EXPECT_TRUE(test, held);
	KUNIT_EXPECT_EQ(test, after, before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

/**
 * struct keeper - a thread that holds a lock for a while
 * @lock:	the lock
 * @held:	it has it
 * @go:		it may release it
 * @kept:	of one that took it twice: did it have it after one release?
 */
struct keeper {
	PKSPIN_LOCK lock;
	atomic_t held;
	atomic_t go;
	bool kept;
};

static void keep(void *arg)
{
	struct keeper *h = arg;
	KIRQL old = KeAcquireSpinLockRaiseToDpc(h->lock);

	atomic_set(&h->held, 1);
	spin_for(&h->go);
	KeReleaseSpinLock(h->lock, old);
}

/* Hold the lock on CPU 1 while the verifier is switched from @on to the other. */
static void keep_and_switch(struct kunit *test, bool on)
{
	struct keeper h = { .lock = test->priv };
	struct task_struct *task;

	minirq_verifier_enable(on);
	task = start_on_cpu(1, keep, &h);
	KUNIT_EXPECT_TRUE(test, wait_for(&h.held));
	minirq_verifier_enable(!on);
	atomic_set(&h.go, 1);
	join(task);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

static void spinlock_survives_verifier_switched_on(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();

	keep_and_switch(test, false);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

/* No owner is left behind that a later acquisition is mistaken for. */
static void spinlock_survives_verifier_switched_off(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();

	keep_and_switch(test, true);
	keep_and_switch(test, true);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

static void keep_twice(void *arg)
{
	struct keeper *h = arg;
	KIRQL outer = KeAcquireSpinLockRaiseToDpc(h->lock);
	KIRQL inner = KeAcquireSpinLockRaiseToDpc(h->lock);

	atomic_set(&h->held, 1);
	spin_for(&h->go);
	KeReleaseSpinLock(h->lock, inner);
	h->kept = !KeTestSpinLock(h->lock);
	KeReleaseSpinLock(h->lock, outer);
}

/* The release of what was refused stays unreal when nobody verifies any more. */
static void spinlock_refusal_survives_verifier_switched_off(struct kunit *test)
{
	struct keeper h = { .lock = test->priv };
	struct task_struct *task = start_on_cpu(1, keep_twice, &h);

	KUNIT_EXPECT_TRUE(test, wait_for(&h.held));
	minirq_verifier_enable(false);
	atomic_set(&h.go, 1);
	join(task);
	KUNIT_EXPECT_TRUE(test, h.kept);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

/* A31 */
static void spinlock_release_of_free_lock_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_SPIN_LOCK_RELEASE);
	KIRQL old = KeRaiseIrqlToDpcLevel();

	KeReleaseSpinLock(test->priv, DISPATCH_LEVEL);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_SPIN_LOCK_RELEASE), before + 1);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

/* A lock that another CPU holds stays with that CPU. */
static void spinlock_release_of_others_lock_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_SPIN_LOCK_RELEASE);
	struct holder holder = { .lock = test->priv };
	struct task_struct *task = start_on_cpu(1, hold_lock, &holder);
	KIRQL old;

	KUNIT_EXPECT_TRUE(test, wait_for(&holder.there));
	old = KeRaiseIrqlToDpcLevel();
	KeReleaseSpinLock(test->priv, DISPATCH_LEVEL);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_SPIN_LOCK_RELEASE), before + 1);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), FALSE);
	atomic_set(&holder.release, 1);
	join(task);
}

/* A32 */
static void spinlock_release_at_other_level_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	KIRQL old, raised;

	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &old);
	KeRaiseIrql(MINIRQ_DIRQL, &raised);
	KeReleaseSpinLock(test->priv, old);
	KeLowerIrql(raised);
	minirq_irql_lower(DISPATCH_LEVEL, old);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

/* Below DISPATCH_LEVEL too, where there is nothing to lower. */
static void spinlock_release_below_dispatch_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	KSPIN_LOCK lock;

	KeInitializeSpinLock(&lock);
	KeAcquireSpinLockAtDpcLevel(&lock);
	KeReleaseSpinLock(&lock, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, preempt_count(), 0);
}

/* What no acquisition returns that is allowed */
static void spinlock_release_to_a_higher_level_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	KIRQL old, after;

	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &old);
	KeReleaseSpinLock(test->priv, MINIRQ_DIRQL);
	after = KeGetCurrentIrql();
	minirq_irql_lower(DISPATCH_LEVEL, old);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

/* Legal in itself, and what the driver says is done */
static void spinlock_release_to_another_acquisitions_level_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	KSPIN_LOCK inner;
	KIRQL old, level, held;

	KeInitializeSpinLock(&inner);
	KeAcquireSpinLock((PKSPIN_LOCK)test->priv, &old);
	KeAcquireSpinLock(&inner, &level);
	KeReleaseSpinLock(test->priv, level);
	held = KeGetCurrentIrql();
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 1);
	KeReleaseSpinLock(&inner, old);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 2);
	KUNIT_EXPECT_EQ(test, held, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* What returned no level may be released to any. */
static void spinlock_release_of_one_tried_at_dispatch_is_legal(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN taken = KeTryToAcquireSpinLockAtDpcLevel(test->priv);

	KeReleaseSpinLock(test->priv, old);
	KUNIT_EXPECT_TRUE(test, taken);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RELEASE_SPIN_LOCK), before);
}

static VOID release_to_passive(PRKDPC dpc, PVOID lock, PVOID after, PVOID arg2)
{
	KIRQL old;

	KeAcquireSpinLock((PKSPIN_LOCK)lock, &old);
	KeReleaseSpinLock(lock, PASSIVE_LEVEL);
	*(KIRQL *)after = KeGetCurrentIrql();
}

static void spinlock_release_below_a_dpc_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_RELEASE_SPIN_LOCK);
	KIRQL after = HIGH_LEVEL;
	KDPC dpc;

	KeInitializeDpc(&dpc, release_to_passive, test->priv);
	KeInsertQueueDpc(&dpc, &after, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_RELEASE_SPIN_LOCK), before + 1);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(test->priv), TRUE);
}

/* Locks initialised at two places may nest: lockdep must not see one class. */
static void spinlock_each_place_has_a_class(struct kunit *test)
{
	KSPIN_LOCK outer, inner;
	KIRQL old;

	KeInitializeSpinLock(&outer);
	KeInitializeSpinLock(&inner);
	KeAcquireSpinLock(&outer, &old);
	KeAcquireSpinLockAtDpcLevel(&inner);
	KeReleaseSpinLockFromDpcLevel(&inner);
	KeReleaseSpinLock(&outer, old);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(&outer), TRUE);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(&inner), TRUE);
}

/* What those get who take the function's address. */
static void spinlock_initialiser_is_a_function_too(struct kunit *test)
{
	typeof(KeInitializeSpinLock) *initialise = KeInitializeSpinLock;
	KSPIN_LOCK lock;

	memset(&lock, 0xff, sizeof(lock));
	initialise(&lock);
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(&lock), TRUE);
}

static int spinlock_init(struct kunit *test)
{
	need_cpus(test, 4);
	test->priv = kunit_kzalloc(test, sizeof(KSPIN_LOCK), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	KeInitializeSpinLock((PKSPIN_LOCK)test->priv);
	minirq_verifier_enable(true);
	return 0;
}

static void spinlock_exit(struct kunit *test)
{
	minirq_verifier_enable(false);
}

static struct kunit_case spinlock_cases[] = {
	KUNIT_CASE_PARAM(spinlock_variants_hold_and_restore, variant_gen_params),
	KUNIT_CASE(spinlock_acquire_raises_and_release_lowers),
	KUNIT_CASE(spinlock_release_to_dispatch),
	KUNIT_CASE(spinlock_excludes_two_cpus),
	KUNIT_CASE(spinlock_above_dispatch_is_reported),
	KUNIT_CASE(spinlock_at_dpc_level_below_is_reported),
	KUNIT_CASE(spinlock_at_dpc_level_keeps_irql),
	KUNIT_CASE(spinlock_try_takes_free_lock),
	KUNIT_CASE(spinlock_try_does_not_wait),
	KUNIT_CASE(spinlock_test_only_looks),
	KUNIT_CASE(spinlock_raise_to_dpc_returns_level),
	KUNIT_CASE(spinlock_for_dpc_keeps_dispatch),
	KUNIT_CASE(spinlock_queued_raises_until_release),
	KUNIT_CASE(spinlock_queued_is_first_come_first_served),
	KUNIT_CASE(spinlock_recursion_is_detected),
	KUNIT_CASE(spinlock_survives_verifier_switched_on),
	KUNIT_CASE(spinlock_survives_verifier_switched_off),
	KUNIT_CASE(spinlock_refusal_survives_verifier_switched_off),
	KUNIT_CASE(spinlock_release_of_free_lock_is_reported),
	KUNIT_CASE(spinlock_release_of_others_lock_is_reported),
	KUNIT_CASE(spinlock_release_at_other_level_is_reported),
	KUNIT_CASE(spinlock_release_below_dispatch_is_reported),
	KUNIT_CASE(spinlock_release_to_a_higher_level_is_reported),
	KUNIT_CASE(spinlock_release_below_a_dpc_is_reported),
	KUNIT_CASE(spinlock_release_to_another_acquisitions_level_is_reported),
	KUNIT_CASE(spinlock_release_of_one_tried_at_dispatch_is_legal),
	KUNIT_CASE(spinlock_each_place_has_a_class),
	KUNIT_CASE(spinlock_initialiser_is_a_function_too),
	{}
};

static struct kunit_suite spinlock_suite = {
	.name = "minirq_spinlock",
	.init = spinlock_init,
	.exit = spinlock_exit,
	.test_cases = spinlock_cases,
};

kunit_test_suite(spinlock_suite);
