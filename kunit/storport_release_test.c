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

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_release_of_nothing_is_reported),
	KUNIT_CASE(storport_release_of_garbage_is_reported),
	KUNIT_CASE(storport_release_twice_is_reported),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_release",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
