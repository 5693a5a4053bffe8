// SPDX-License-Identifier: GPL-2.0-only
/*
 * What ReactOS' kernel test of spin locks looks at: every way to take a lock,
 * from every level, with what it leaves in lock and handle. Written anew from
 * those facts; where Windows would stop, the verifier has to have something to
 * say.
 */
#include <linux/irqflags.h>
#include <linux/spinlock.h>

#include <kunit/test.h>

#include "../src/spinlock.h"
#include "../src/verifier.h"
#include "cpu.h"

/**
 * struct attempt - one acquisition
 * @lock:	the lock
 * @old:	level to go back to, of the forms without a handle
 * @handle:	of the queued forms
 */
struct attempt {
	PKSPIN_LOCK lock;
	KIRQL old;
	KLOCK_QUEUE_HANDLE handle;
};

static void acquire(struct attempt *a)
{
	KeAcquireSpinLock(a->lock, &a->old);
}

static void acquire_fast(struct attempt *a)
{
	a->old = KfAcquireSpinLock(a->lock);
}

static void acquire_raise(struct attempt *a)
{
	a->old = KeAcquireSpinLockRaiseToDpc(a->lock);
}

static void acquire_at_dpc(struct attempt *a)
{
	KeAcquireSpinLockAtDpcLevel(a->lock);
}

static void acquire_try(struct attempt *a)
{
	KeTryToAcquireSpinLockAtDpcLevel(a->lock);
}

static void acquire_for_dpc(struct attempt *a)
{
	a->old = KeAcquireSpinLockForDpc(a->lock);
}

static void acquire_queued(struct attempt *a)
{
	KeAcquireInStackQueuedSpinLock(a->lock, &a->handle);
}

static void acquire_queued_at_dpc(struct attempt *a)
{
	KeAcquireInStackQueuedSpinLockAtDpcLevel(a->lock, &a->handle);
}

static void acquire_queued_for_dpc(struct attempt *a)
{
	KeAcquireInStackQueuedSpinLockForDpc(a->lock, &a->handle);
}

static void release(struct attempt *a)
{
	KeReleaseSpinLock(a->lock, a->old);
}

static void release_fast(struct attempt *a)
{
	KfReleaseSpinLock(a->lock, a->old);
}

static void release_from_dpc(struct attempt *a)
{
	KeReleaseSpinLockFromDpcLevel(a->lock);
}

static void release_for_dpc(struct attempt *a)
{
	KeReleaseSpinLockForDpc(a->lock, a->old);
}

static void release_queued(struct attempt *a)
{
	KeReleaseInStackQueuedSpinLock(&a->handle);
}

static void release_queued_from_dpc(struct attempt *a)
{
	KeReleaseInStackQueuedSpinLockFromDpcLevel(&a->handle);
}

static void release_queued_for_dpc(struct attempt *a)
{
	KeReleaseInStackQueuedSpinLockForDpc(&a->handle);
}

/**
 * struct variant - a way to take a lock
 * @name:	shown with the case
 * @acquire:	takes it
 * @release:	lets it go
 * @from:	lowest level it may be called at
 * @to:		highest
 * @raises:	it raises a lower level
 * @queued:	it has a handle
 */
struct variant {
	const char *name;
	void (*acquire)(struct attempt *a);
	void (*release)(struct attempt *a);
	KIRQL from, to;
	bool raises, queued;
};

static const struct variant variants[] = {
	{ "plain", acquire, release, PASSIVE_LEVEL, DISPATCH_LEVEL, true },
	{ "fast", acquire_fast, release_fast, PASSIVE_LEVEL, DISPATCH_LEVEL, true },
	{ "raise to dpc", acquire_raise, release, PASSIVE_LEVEL, DISPATCH_LEVEL, true },
	{ "at dpc level", acquire_at_dpc, release_from_dpc, DISPATCH_LEVEL, DISPATCH_LEVEL },
	{ "try", acquire_try, release_from_dpc, DISPATCH_LEVEL, DISPATCH_LEVEL },
	{ "for dpc", acquire_for_dpc, release_for_dpc, PASSIVE_LEVEL, DISPATCH_LEVEL, true },
	{ "queued", acquire_queued, release_queued, PASSIVE_LEVEL, DISPATCH_LEVEL, true, true },
	{ "queued at dpc level", acquire_queued_at_dpc, release_queued_from_dpc,
	  DISPATCH_LEVEL, HIGH_LEVEL, false, true },
	{ "queued for dpc", acquire_queued_for_dpc, release_queued_for_dpc,
	  PASSIVE_LEVEL, DISPATCH_LEVEL, true, true },
};

static void describe_variant(const struct variant *variant, char *desc)
{
	strscpy(desc, variant->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(variant, variants, describe_variant);

/**
 * struct seen - what an acquisition did
 * @held_irql:	level while the lock was held
 * @held:	was it held then?
 * @tried:	could it be taken once more then?
 * @interrupts:	were interrupts let in then?
 * @handle:	what the handle said then
 * @after_irql:	level afterwards
 * @after:	was it held then?
 * @reports:	what the verifier had to say
 */
struct seen {
	KIRQL held_irql;
	bool held;
	bool tried;
	bool interrupts;
	KLOCK_QUEUE_HANDLE handle;
	KIRQL after_irql;
	bool after;
	unsigned int reports;
};

static bool lock_word(PKSPIN_LOCK lock)
{
	return raw_spin_is_locked(&minirq_spinlock(lock)->raw);
}

static struct seen attempt(const struct variant *variant, PKSPIN_LOCK lock, KIRQL level)
{
	struct attempt a = { .lock = lock, .old = DISPATCH_LEVEL };
	unsigned int before = minirq_verifier_total();
	struct seen seen;
	KIRQL old;

	KeRaiseIrql(level, &old);
	variant->acquire(&a);
	seen.held_irql = KeGetCurrentIrql();
	seen.held = lock_word(lock);
	seen.tried = minirq_spinlock_try(lock);
	seen.interrupts = !irqs_disabled();
	seen.handle = a.handle;
	variant->release(&a);
	seen.after_irql = KeGetCurrentIrql();
	seen.after = lock_word(lock);
	seen.reports = minirq_verifier_total() - before;
	KeLowerIrql(old);
	return seen;
}

static void expect_handle(struct kunit *test, const struct variant *variant,
			  const struct seen *seen, KIRQL level)
{
	if (!variant->queued)
		return;
	KUNIT_EXPECT_PTR_EQ(test, (PKSPIN_LOCK)seen->handle.LockQueue.Lock,
			    (PKSPIN_LOCK)test->priv);
	if (variant->raises)
		KUNIT_EXPECT_EQ(test, seen->handle.OldIrql, level);
}

static void expect_at(struct kunit *test, const struct variant *variant, KIRQL level)
{
	KIRQL held_irql = variant->raises ? max_t(KIRQL, level, DISPATCH_LEVEL) : level;
	struct seen seen = attempt(variant, test->priv, level);
	bool legal = variant->from <= level && level <= variant->to;

	KUNIT_EXPECT_EQ_MSG(test, seen.held_irql, held_irql, "from IRQL %u", level);
	KUNIT_EXPECT_TRUE_MSG(test, seen.held, "from IRQL %u", level);
	KUNIT_EXPECT_FALSE_MSG(test, seen.tried, "from IRQL %u", level);
	KUNIT_EXPECT_EQ_MSG(test, seen.interrupts, level <= DISPATCH_LEVEL, "from IRQL %u", level);
	KUNIT_EXPECT_EQ_MSG(test, seen.after_irql, level, "from IRQL %u", level);
	KUNIT_EXPECT_FALSE_MSG(test, seen.after, "from IRQL %u", level);
	KUNIT_EXPECT_EQ_MSG(test, !seen.reports, legal, "from IRQL %u", level);
	expect_handle(test, variant, &seen, level);
}

static void ros_spinlock_variants_at_levels(struct kunit *test)
{
	static const KIRQL levels[] = { PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL, HIGH_LEVEL };
	int i;

	for (i = 0; i < ARRAY_SIZE(levels); i++)
		expect_at(test, test->param_value, levels[i]);
}

static void ros_spinlock_try_fails_when_held(struct kunit *test)
{
	KIRQL old = KeRaiseIrqlToDpcLevel();
	BOOLEAN first = KeTryToAcquireSpinLockAtDpcLevel(test->priv);
	BOOLEAN second = KeTryToAcquireSpinLockAtDpcLevel(test->priv);
	bool held = lock_word(test->priv);

	KeReleaseSpinLockFromDpcLevel(test->priv);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, first, TRUE);
	KUNIT_EXPECT_EQ(test, second, FALSE);
	KUNIT_EXPECT_TRUE(test, held);
	KUNIT_EXPECT_FALSE(test, lock_word(test->priv));
}

static void ros_spinlock_is_made_free(struct kunit *test)
{
	KSPIN_LOCK lock;

	memset(&lock, 0xff, sizeof(lock));
	KeInitializeSpinLock(&lock);
	KUNIT_EXPECT_FALSE(test, lock_word(&lock));
	KUNIT_EXPECT_EQ(test, KeTestSpinLock(&lock), TRUE);
}

static int ros_spinlock_init(struct kunit *test)
{
	need_cpus(test, 1);
	test->priv = kunit_kzalloc(test, sizeof(KSPIN_LOCK), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, test->priv);
	KeInitializeSpinLock((PKSPIN_LOCK)test->priv);
	minirq_verifier_enable(true);
	return 0;
}

static void ros_spinlock_exit(struct kunit *test)
{
	minirq_verifier_enable(false);
}

static struct kunit_case ros_spinlock_cases[] = {
	KUNIT_CASE_PARAM(ros_spinlock_variants_at_levels, variant_gen_params),
	KUNIT_CASE(ros_spinlock_try_fails_when_held),
	KUNIT_CASE(ros_spinlock_is_made_free),
	{}
};

static struct kunit_suite ros_spinlock_suite = {
	.name = "minirq_ros_spinlock",
	.init = ros_spinlock_init,
	.exit = ros_spinlock_exit,
	.test_cases = ros_spinlock_cases,
};

kunit_test_suite(ros_spinlock_suite);
