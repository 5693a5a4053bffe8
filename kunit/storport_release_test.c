// SPDX-License-Identifier: GPL-2.0-only
/* StorPort spin locks: releases of what the caller does not hold. */
#include <linux/string.h>

#include "storport_fixture.h"

static void take(struct fake_stor *stor, PSTOR_LOCK_HANDLE handle)
{
	StorPortAcquireSpinLock(stor->extension, InterruptLock, NULL, handle);
}

static void drop(struct fake_stor *stor, PSTOR_LOCK_HANDLE handle)
{
	StorPortReleaseSpinLock(stor->extension, handle);
}

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
}

/* A269 */
static void storport_release_of_nothing_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle = {};

	start(test);
	drop(stor, &handle);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK4),
			1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A269 */
/* Handles live on stacks, so one that nobody has filled may say anything. */
static void storport_release_of_garbage_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	unsigned int kind;

	start(test);
	for (kind = DpcLock; kind <= DpcLevelLock; kind++) {
		memset(&handle, 0xa5, sizeof(handle));
		handle.Lock = kind;
		drop(stor, &handle);
		KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	}
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK4),
			5);
}

static void storport_release_twice_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;

	start(test);
	take(stor, &handle);
	drop(stor, &handle);
	drop(stor, &handle);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK4),
			1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void drop_elsewhere(struct fake_stor *stor, unsigned int unused)
{
	drop(stor, &stor->handle);
	stor->status = KeGetCurrentIrql();
	atomic_set(&stor->flag, 1);
}

/* Held by this CPU, it is released by CPU 1. */
static void expect_foreign_release_refused(struct kunit *test,
					   INTERRUPT_SYNCHRONIZATION_MODE mode)
{
	struct fake_stor *stor = test->priv;
	bool dropped, held;

	fake_stor_start_messages(test, mode);
	fake_stor_prepare(stor, 1, drop_elsewhere, 0);
	take(stor, &stor->handle);
	fake_stor_go(stor, 1);
	dropped = spin_for(&stor->flag);
	held = !KeTestSpinLock(fake_stor_isr_lock(stor, 3));
	drop(stor, &stor->handle);
	KUNIT_EXPECT_TRUE(test, dropped);
	KUNIT_EXPECT_TRUE(test, held);
	KUNIT_EXPECT_EQ(test, stor->status, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(fake_stor_isr_lock(stor, 3)));
}

static void storport_release_by_other_cpu(struct kunit *test)
{
	expect_foreign_release_refused(test, InterruptSynchronizeAll);
}

static void storport_release_by_other_cpu_per_message(struct kunit *test)
{
	expect_foreign_release_refused(test, InterruptSynchronizePerMessage);
}

/* Who holds it is known without the verifier, too. */
static void storport_release_by_other_cpu_unverified(struct kunit *test)
{
	minirq_verifier_enable(false);
	expect_foreign_release_refused(test, InterruptSynchronizeAll);
}

static void leave_interrupt_lock(struct fake_stor *stor)
{
	take(stor, &stor->handle);
}

static void drop_in_isr(struct fake_stor *stor, ULONG id)
{
	drop(stor, &stor->handle);
	stor->status = KeTestSpinLock(fake_stor_isr_lock(stor, id));
}

/* The port has released what the DPC has left; an ISR holds the same lock. */
static void expect_late_release_refused(struct kunit *test,
					INTERRUPT_SYNCHRONIZATION_MODE mode)
{
	struct fake_stor *stor = test->priv;

	stor->on_dpc = leave_interrupt_lock;
	stor->on_message = drop_in_isr;
	fake_stor_start_messages(test, mode);
	fake_stor_issue(stor, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 1);
	drop(stor, &stor->handle);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 2);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, stor->status, FALSE);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 3);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 3);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(fake_stor_isr_lock(stor, 1)));
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void storport_release_too_late(struct kunit *test)
{
	expect_late_release_refused(test, InterruptSynchronizeAll);
}

static void storport_release_too_late_per_message(struct kunit *test)
{
	expect_late_release_refused(test, InterruptSynchronizePerMessage);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_release_of_nothing_is_reported),
	KUNIT_CASE(storport_release_of_garbage_is_reported),
	KUNIT_CASE(storport_release_twice_is_reported),
	KUNIT_CASE(storport_release_by_other_cpu),
	KUNIT_CASE(storport_release_by_other_cpu_per_message),
	KUNIT_CASE(storport_release_by_other_cpu_unverified),
	KUNIT_CASE(storport_release_too_late),
	KUNIT_CASE(storport_release_too_late_per_message),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_release",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
