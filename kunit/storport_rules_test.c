// SPDX-License-Identifier: GPL-2.0-only
/*
 * Which StorPort lock after which, and in which routine. What is allowed is
 * taken in every order that is, so that lockdep sees it; what is not is reported,
 * and nobody hangs.
 */
#include <linux/string.h>

#include "../src/irql.h"
#include "../src/storport_control.h"
#include "storport_fixture.h"

/* A lock each, so that lockdep sees no other order than the one of the case */
static STOR_DPC own_dpc;
static STOR_KSPIN_LOCK own_lock;

static void *context_of(STOR_SPINLOCK kind)
{
	switch (kind) {
	case DpcLock:
	case ThreadedDpcLock:
		return &own_dpc;
	case DpcLevelLock:
		return &own_lock;
	default:
		return NULL;
	}
}

static ULONG take(struct fake_stor *stor, STOR_SPINLOCK kind,
		  PSTOR_LOCK_HANDLE handle)
{
	return StorPortAcquireSpinLockEx(stor->extension, kind,
					 context_of(kind), handle);
}

static void drop(struct fake_stor *stor, PSTOR_LOCK_HANDLE handle)
{
	if (handle->Lock)
		StorPortReleaseSpinLock(stor->extension, handle);
}

static VOID no_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
}

static void start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
	StorPortInitializeDpc(stor->extension, &own_dpc, no_routine);
	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortInitializeSpinlock(stor->extension, &own_lock));
}

/* A273 */
static void storport_rules_initialize_spinlock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_KSPIN_LOCK lock;

	start(test);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortInitializeSpinlock(stor->extension, &lock));
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&lock));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			(StorPortInitializeSpinlock)(stor->extension, &lock));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeSpinlock(stor->extension, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeSpinlock(NULL, &lock));
}

/* A271 */
static void storport_rules_dpc_level_lock_at_passive(struct kunit *test)
{
	STOR_LOCK_HANDLE handle;

	start(test);
	KUNIT_EXPECT_EQ(test, take(test->priv, DpcLevelLock, &handle),
			STOR_STATUS_INVALID_IRQL);
	KUNIT_EXPECT_EQ(test, (int)handle.Lock, 0);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&own_lock));
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void storport_rules_dpc_level_lock_at_dispatch(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	KIRQL old, inside, after;
	bool taken, freed;

	start(test);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	take(stor, DpcLevelLock, &handle);
	inside = KeGetCurrentIrql();
	taken = !KeTestSpinLock(&own_lock);
	drop(stor, &handle);
	after = KeGetCurrentIrql();
	freed = KeTestSpinLock(&own_lock);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, taken);
	KUNIT_EXPECT_TRUE(test, freed);
	KUNIT_EXPECT_EQ(test, inside, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* A272 */
static void storport_rules_unknown_kinds(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;

	start(test);
	KUNIT_EXPECT_EQ(test, take(stor, InvalidLock, &handle),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, take(stor, 99, &handle),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortAcquireSpinLockEx(stor->extension, DpcLock,
						  NULL, &handle));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			take(stor, StartIoLock, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortAcquireSpinLockEx(NULL, StartIoLock, NULL,
						  &handle));
}

static void storport_rules_ex_takes_every_kind(struct kunit *test)
{
	static const STOR_SPINLOCK kinds[] = {
		DpcLock, StartIoLock, InterruptLock, ThreadedDpcLock,
	};
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	unsigned int i;

	start(test);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		KUNIT_EXPECT_EQ(test, take(stor, kinds[i], &handle),
				STOR_STATUS_SUCCESS);
		drop(stor, &handle);
	}
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/**
 * struct pair - one lock after another, where no routine of the port is running
 * @outer:	taken first
 * @inner:	taken then
 * @status:	what the second says
 * @rule:	that it breaks
 * @reports:	whether it breaks it
 */
struct pair {
	STOR_SPINLOCK outer;
	STOR_SPINLOCK inner;
	ULONG status;
	enum minirq_rule rule;
	unsigned int reports;
};

static void expect_pair(struct kunit *test, const struct pair *pair)
{
	struct fake_stor *stor = test->priv;
	unsigned int before = fake_stor_reports(stor, pair->rule);
	STOR_LOCK_HANDLE outer, inner;
	ULONG status;

	take(stor, pair->outer, &outer);
	status = take(stor, pair->inner, &inner);
	drop(stor, &inner);
	drop(stor, &outer);
	KUNIT_EXPECT_EQ_MSG(test, status, pair->status, "lock %d after %d",
			    pair->inner, pair->outer);
	KUNIT_EXPECT_EQ_MSG(test, fake_stor_reports(stor, pair->rule),
			    before + pair->reports, "lock %d after %d",
			    pair->inner, pair->outer);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A267 */
static void storport_rules_allowed_pairs(struct kunit *test)
{
	static const struct pair pairs[] = {
		{ StartIoLock, DpcLock },
		{ StartIoLock, ThreadedDpcLock },
		{ StartIoLock, DpcLevelLock },
		{ StartIoLock, InterruptLock },
		{ DpcLock, InterruptLock },
		{ ThreadedDpcLock, InterruptLock },
	};
	unsigned int i;

	start(test);
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		expect_pair(test, &pairs[i]);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(test->priv), 0);
}

/* A266 */
static void storport_rules_forbidden_pairs(struct kunit *test)
{
	static const struct pair pairs[] = {
		{ InterruptLock, DpcLock, STOR_STATUS_INVALID_IRQL,
		  MINIRQ_RULE_STOR_SPIN_LOCK3, 1 },
		{ InterruptLock, ThreadedDpcLock, STOR_STATUS_INVALID_IRQL,
		  MINIRQ_RULE_STOR_SPIN_LOCK3, 1 },
		{ InterruptLock, DpcLevelLock, STOR_STATUS_INVALID_IRQL,
		  MINIRQ_RULE_STOR_SPIN_LOCK3, 1 },
		{ InterruptLock, StartIoLock, STOR_STATUS_INVALID_IRQL,
		  MINIRQ_RULE_STOR_SPIN_LOCK3, 1 },
		{ InterruptLock, InterruptLock,
		  STOR_STATUS_INVALID_DEVICE_REQUEST,
		  MINIRQ_RULE_STOR_SPIN_LOCK, 1 },
		{ StartIoLock, StartIoLock, STOR_STATUS_INVALID_DEVICE_REQUEST,
		  MINIRQ_RULE_STOR_SPIN_LOCK, 1 },
		{ DpcLock, DpcLock, STOR_STATUS_INVALID_DEVICE_REQUEST,
		  MINIRQ_RULE_STOR_SPIN_LOCK, 1 },
	};
	unsigned int i;

	start(test);
	for (i = 0; i < ARRAY_SIZE(pairs); i++)
		expect_pair(test, &pairs[i]);
}

/* It hangs only when another CPU takes them the other way round meanwhile. */
static void storport_rules_start_io_after_dpc(struct kunit *test)
{
	static const struct pair pair = {
		DpcLock, StartIoLock, STOR_STATUS_SUCCESS,
		MINIRQ_RULE_STOR_SPIN_LOCK3, 1
	};
	struct fake_stor *stor = test->priv;

	start(test);
	StorPortInitializeDpc(stor->extension, &own_dpc, no_routine);
	expect_pair(test, &pair);
}

/* What a routine may take: by kind, the status, and whether it is reported */
static ULONG tried[DpcLevelLock];
static unsigned int complaints[DpcLevelLock];

static void try_one(struct fake_stor *stor, STOR_SPINLOCK kind)
{
	unsigned int before = fake_stor_all_reports(stor);
	STOR_LOCK_HANDLE handle;

	tried[kind] = take(stor, kind, &handle);
	drop(stor, &handle);
	complaints[kind] = fake_stor_all_reports(stor) - before;
}

static void try_all(struct fake_stor *stor)
{
	try_one(stor, DpcLock);
	try_one(stor, StartIoLock);
	try_one(stor, InterruptLock);
}

static void try_all_for(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	try_all(stor);
}

static void try_all_by(struct fake_stor *stor, ULONG id)
{
	try_all(stor);
}

static void try_all_at_first(struct fake_stor *stor,
			     PPORT_CONFIGURATION_INFORMATION config)
{
	StorPortInitializeDpc(stor->extension, &own_dpc, no_routine);
	try_all(stor);
}

static void try_all_early(struct fake_stor *stor)
{
	StorPortInitializeDpc(stor->extension, &own_dpc, no_routine);
	try_all(stor);
}

/* No complaints about DPC, StartIo and interrupt lock? And are they granted? */
static void expect_tried(struct kunit *test, bool dpc, bool start_io,
			 bool interrupt)
{
	KUNIT_EXPECT_EQ(test, !complaints[DpcLock], dpc);
	KUNIT_EXPECT_EQ(test, !complaints[StartIoLock], start_io);
	KUNIT_EXPECT_EQ(test, !complaints[InterruptLock], interrupt);
}

static void storport_rules_in_find_adapter(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_find = try_all_at_first;
	start(test);
	expect_tried(test, false, false, false);
}

static void storport_rules_in_initialize(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = try_all_early;
	start(test);
	expect_tried(test, false, false, false);
	KUNIT_EXPECT_EQ(test, tried[StartIoLock], STOR_STATUS_INVALID_IRQL);
	KUNIT_EXPECT_EQ(test, tried[InterruptLock],
			STOR_STATUS_INVALID_DEVICE_REQUEST);
}

static void storport_rules_in_passive_routine(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->wants_passive = true;
	stor->on_passive = try_all_early;
	start(test);
	expect_tried(test, false, false, false);
}

static void storport_rules_in_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_message = try_all_by;
	start(test);
	fake_irq_fire(stor->dev.irqs, 1);
	expect_tried(test, false, false, false);
	KUNIT_EXPECT_NE(test, tried[InterruptLock], STOR_STATUS_SUCCESS);
}

static void storport_rules_in_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_dpc = try_all;
	start(test);
	fake_stor_issue(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	expect_tried(test, true, true, true);
}

static void storport_rules_in_build_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_build = try_all_for;
	start(test);
	fake_stor_submit(stor, 0);
	expect_tried(test, true, true, true);
}

static void storport_rules_in_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = try_all_for;
	start(test);
	fake_stor_submit(stor, 0);
	expect_tried(test, true, false, true);
	KUNIT_EXPECT_EQ(test, tried[StartIoLock],
			STOR_STATUS_INVALID_DEVICE_REQUEST);
}

static void storport_rules_in_start_io_half_duplex(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->model = StorSynchronizeHalfDuplex;
	stor->on_start = try_all_for;
	start(test);
	fake_stor_submit(stor, 0);
	expect_tried(test, false, false, false);
	KUNIT_EXPECT_EQ(test, tried[InterruptLock],
			STOR_STATUS_INVALID_DEVICE_REQUEST);
}

static void storport_rules_in_stop(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_stop = try_all;
	start(test);
	fake_stor_halt(stor);
	expect_tried(test, false, false, false);
}

static BOOLEAN try_all_synchronized(PVOID extension, PVOID context)
{
	try_all(context);
	return TRUE;
}

/* A254 */
static void storport_rules_in_synchronized_access(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	KUNIT_EXPECT_TRUE(test,
			  StorPortSynchronizeAccess(stor->extension,
						    try_all_synchronized,
						    stor));
	expect_tried(test, false, false, false);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* The inlines of Windows' header, as a source that calls by code has them */
static void storport_rules_by_notification(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	LONG result = -1;
	KIRQL inside;

	start(test);
	StorPortNotification(AcquireSpinLock, stor->extension, InterruptLock,
			     NULL, &handle);
	inside = KeGetCurrentIrql();
	StorPortNotification(ReleaseSpinLock, stor->extension, &handle);
	KUNIT_EXPECT_EQ(test, inside, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	StorPortNotification(IssueDpc, stor->extension, &stor->dpc, NULL, NULL,
			     &result);
	KUNIT_EXPECT_EQ(test, result, TRUE);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
	StorPortNotification(99, stor->extension);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor,
					  MINIRQ_RULE_STOR_NOTIFICATION), 1);
}

static void storport_rules_in_reset_bus(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_reset = try_all;
	start(test);
	minirq_storport_reset_bus(stor->miniport, 0);
	expect_tried(test, false, false, true);
}

static void storport_rules_by_function_code(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	MESSAGE_INTERRUPT_INFORMATION info = {};
	PERF_CONFIGURATION_DATA data;
	ULONG old = 99;
	ULONG status;

	start(test);
	status = StorPortExtendedFunction(ExtFunctionGetMessageInterruptInformation,
					  stor->extension, 2, &info);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, info.MessageId, 2U);
	status = StorPortExtendedFunction(ExtFunctionAcquireMSISpinLock,
					  stor->extension, 2, &old);
	StorPortExtendedFunction(ExtFunctionReleaseMSISpinLock,
				 stor->extension, 2, old);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	status = StorPortExtendedFunction(ExtFunctionInitializePerformanceOptimizations,
					  stor->extension, TRUE, &data);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_UNSUCCESSFUL);
	status = StorPortExtendedFunction(9999, stor->extension);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_NOT_IMPLEMENTED);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_rules_initialize_spinlock),
	KUNIT_CASE(storport_rules_dpc_level_lock_at_passive),
	KUNIT_CASE(storport_rules_dpc_level_lock_at_dispatch),
	KUNIT_CASE(storport_rules_unknown_kinds),
	KUNIT_CASE(storport_rules_ex_takes_every_kind),
	KUNIT_CASE(storport_rules_allowed_pairs),
	KUNIT_CASE(storport_rules_forbidden_pairs),
	KUNIT_CASE(storport_rules_start_io_after_dpc),
	KUNIT_CASE(storport_rules_in_find_adapter),
	KUNIT_CASE(storport_rules_in_initialize),
	KUNIT_CASE(storport_rules_in_passive_routine),
	KUNIT_CASE(storport_rules_in_isr),
	KUNIT_CASE(storport_rules_in_dpc),
	KUNIT_CASE(storport_rules_in_build_io),
	KUNIT_CASE(storport_rules_in_start_io),
	KUNIT_CASE(storport_rules_in_start_io_half_duplex),
	KUNIT_CASE(storport_rules_in_stop),
	KUNIT_CASE(storport_rules_in_reset_bus),
	KUNIT_CASE(storport_rules_in_synchronized_access),
	KUNIT_CASE(storport_rules_by_notification),
	KUNIT_CASE(storport_rules_by_function_code),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_rules",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
