// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock table of StorPort, its first half: each kind of lock after each other
 * kind. What is allowed is taken, so that lockdep sees it; what is not is reported,
 * and nobody hangs.
 */
#include <linux/string.h>

#include "storport_fixture.h"

/* What becomes of an acquisition */
enum outcome {
	TAKEN,
	TAKEN_AND_REPORTED,
	REFUSED,
};

static const char *const kind_names[] = {
	[DpcLock] = "dpc",
	[StartIoLock] = "start_io",
	[InterruptLock] = "interrupt",
	[ThreadedDpcLock] = "threaded_dpc",
	[DpcLevelLock] = "dpc_level",
};

/**
 * struct locks - a driver's own locks
 * @dpc:	has DpcLock and ThreadedDpcLock
 * @level:	for DpcLevelLock
 */
struct locks {
	STOR_DPC dpc;
	STOR_KSPIN_LOCK level;
};

/*
 * Those of the second set are only taken against the order of the first: lockdep
 * must not take what is tried on purpose for what this kernel does.
 */
static struct locks sets[2];

static VOID no_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
}

static void init_locks(PVOID extension)
{
	StorPortInitializeDpc(extension, &sets[0].dpc, no_routine);
	StorPortInitializeDpc(extension, &sets[1].dpc, no_routine);
	StorPortInitializeSpinlock(extension, &sets[0].level);
	StorPortInitializeSpinlock(extension, &sets[1].level);
}

static void *context_of(STOR_SPINLOCK kind, struct locks *set)
{
	switch (kind) {
	case DpcLock:
	case ThreadedDpcLock:
		return &set->dpc;
	case DpcLevelLock:
		return &set->level;
	default:
		return NULL;
	}
}

static ULONG take(struct fake_stor *stor, STOR_SPINLOCK kind,
		  struct locks *set, PSTOR_LOCK_HANDLE handle)
{
	return StorPortAcquireSpinLockEx(stor->extension, kind,
					 context_of(kind, set), handle);
}

static void drop(struct fake_stor *stor, PSTOR_LOCK_HANDLE handle)
{
	if (handle->Lock)
		StorPortReleaseSpinLock(stor->extension, handle);
}

/**
 * struct pair - one lock while another is held, in a routine that may take both
 * @outer:	taken first
 * @inner:	taken then
 * @outcome:	of the second
 * @rule:	that it breaks
 * @backwards:	against the order of other pairs
 */
struct pair {
	STOR_SPINLOCK outer;
	STOR_SPINLOCK inner;
	enum outcome outcome;
	enum minirq_rule rule;
	bool backwards;
};

#define TWICE	MINIRQ_RULE_STOR_SPIN_LOCK
#define ORDER	MINIRQ_RULE_STOR_SPIN_LOCK3

static const struct pair pairs[] = {
	{ DpcLock, DpcLock, REFUSED, TWICE },
	{ DpcLock, StartIoLock, TAKEN_AND_REPORTED, ORDER, true },
	{ DpcLock, InterruptLock, TAKEN },
	{ DpcLock, ThreadedDpcLock, REFUSED, TWICE },
	{ DpcLock, DpcLevelLock, TAKEN },
	{ StartIoLock, DpcLock, TAKEN },
	{ StartIoLock, StartIoLock, REFUSED, TWICE },
	{ StartIoLock, InterruptLock, TAKEN },
	{ StartIoLock, ThreadedDpcLock, TAKEN },
	{ StartIoLock, DpcLevelLock, TAKEN },
	{ InterruptLock, DpcLock, REFUSED, ORDER },
	{ InterruptLock, StartIoLock, REFUSED, ORDER },
	{ InterruptLock, InterruptLock, REFUSED, TWICE },
	{ InterruptLock, ThreadedDpcLock, REFUSED, ORDER },
	{ InterruptLock, DpcLevelLock, REFUSED, ORDER },
	{ ThreadedDpcLock, DpcLock, REFUSED, TWICE },
	{ ThreadedDpcLock, StartIoLock, TAKEN_AND_REPORTED, ORDER, true },
	{ ThreadedDpcLock, InterruptLock, TAKEN },
	{ ThreadedDpcLock, ThreadedDpcLock, REFUSED, TWICE },
	{ ThreadedDpcLock, DpcLevelLock, TAKEN },
	{ DpcLevelLock, DpcLock, TAKEN, 0, true },
	{ DpcLevelLock, StartIoLock, TAKEN, 0, true },
	{ DpcLevelLock, InterruptLock, TAKEN },
	{ DpcLevelLock, ThreadedDpcLock, TAKEN, 0, true },
	{ DpcLevelLock, DpcLevelLock, REFUSED, TWICE },
};

static_assert(ARRAY_SIZE(pairs) == DpcLevelLock * DpcLevelLock);

static void pair_name(const struct pair *pair, char *name)
{
	scnprintf(name, KUNIT_PARAM_DESC_SIZE, "%s after %s",
		  kind_names[pair->inner], kind_names[pair->outer]);
}

KUNIT_ARRAY_PARAM(pair, pairs, pair_name);

/* An adapter of which no routine is running, so every lock may be taken. */
static void expect_pair(struct kunit *test, const struct pair *pair)
{
	struct locks *set = &sets[pair->backwards];
	STOR_LOCK_HANDLE outer, inner;
	struct fake_stor *stor = test->priv;
	unsigned int all = fake_stor_all_reports(stor);
	unsigned int of_rule = fake_stor_reports(stor, pair->rule);
	bool reported = pair->outcome != TAKEN;
	KIRQL passive, held, after;
	ULONG status;

	init_locks(stor->extension);
	KeRaiseIrql(DISPATCH_LEVEL, &passive);
	take(stor, pair->outer, set, &outer);
	held = KeGetCurrentIrql();
	status = take(stor, pair->inner, set, &inner);
	drop(stor, &inner);
	after = KeGetCurrentIrql();
	drop(stor, &outer);
	KeLowerIrql(passive);
	KUNIT_EXPECT_EQ(test, status != STOR_STATUS_SUCCESS,
			pair->outcome == REFUSED);
	KUNIT_EXPECT_EQ(test, after, held);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), all + reported);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, pair->rule),
			of_rule + reported);
}

/* A266 A267 */
static void storport_order_of_a_pair(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	expect_pair(test, test->param_value);
}

/* A266 A267 */
static void storport_order_of_a_pair_with_one_lock(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	expect_pair(test, test->param_value);
}

/* A266 A267 */
static void storport_order_of_a_pair_with_a_line(struct kunit *test)
{
	fake_stor_start(test, fake_irq_line(test));
	expect_pair(test, test->param_value);
}

/* Without the verifier: what would hang, and what is not in anybody's way */
static const struct pair unverified[] = {
	{ DpcLock, DpcLock, REFUSED, TWICE },
	{ DpcLock, InterruptLock, TAKEN },
	{ DpcLock, ThreadedDpcLock, REFUSED, TWICE },
	{ StartIoLock, DpcLock, TAKEN },
	{ StartIoLock, StartIoLock, REFUSED, TWICE },
	{ StartIoLock, InterruptLock, TAKEN },
	{ InterruptLock, DpcLock, REFUSED, ORDER },
	{ InterruptLock, StartIoLock, REFUSED, ORDER },
	{ InterruptLock, InterruptLock, REFUSED, TWICE },
	{ InterruptLock, ThreadedDpcLock, REFUSED, ORDER },
	{ InterruptLock, DpcLevelLock, REFUSED, ORDER },
	{ ThreadedDpcLock, DpcLock, REFUSED, TWICE },
	{ ThreadedDpcLock, ThreadedDpcLock, REFUSED, TWICE },
	{ DpcLevelLock, DpcLevelLock, REFUSED, TWICE },
};

KUNIT_ARRAY_PARAM(unverified, unverified, pair_name);

static void expect_unverified(struct kunit *test)
{
	minirq_verifier_enable(false);
	expect_pair(test, test->param_value);
	expect_pair(test, test->param_value);
	minirq_verifier_enable(true);
}

/* A266 A267 */
static void storport_order_unverified(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	expect_unverified(test);
}

/* A266 A267 */
static void storport_order_unverified_with_one_lock(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	expect_unverified(test);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(storport_order_of_a_pair, pair_gen_params),
	KUNIT_CASE_PARAM(storport_order_of_a_pair_with_one_lock,
			 pair_gen_params),
	KUNIT_CASE_PARAM(storport_order_of_a_pair_with_a_line, pair_gen_params),
	KUNIT_CASE_PARAM(storport_order_unverified, unverified_gen_params),
	KUNIT_CASE_PARAM(storport_order_unverified_with_one_lock,
			 unverified_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_order",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
