// SPDX-License-Identifier: GPL-2.0-only
/* What StorPort miniports tell the port, and call by a code. */
#include "storport_fixture.h"

/* What HwStorStateChange saw, and what it does */
static struct {
	struct fake_stor *stor;
	atomic_t entered;
	KIRQL irql;
	void *context;
	void *address;
	ULONG status;
	bool start_io_held;
	ULONG again;
} seen;

static STOR_ADDR_BTL8 unit = {
	.Type = STOR_ADDRESS_TYPE_BTL8,
	.AddressLength = STOR_ADDR_BTL8_ADDRESS_LENGTH,
	.Lun = 2,
};

static int init(struct kunit *test)
{
	int err = fake_stor_init(test);

	memset(&seen, 0, sizeof(seen));
	seen.stor = test->priv;
	return err;
}

static void *start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	fake_stor_give_requests(test);
	return stor->extension;
}

static ULONG change(void *extension, PHW_STATE_CHANGE routine)
{
	return StorPortStateChangeDetected(extension, STATE_CHANGE_LUN,
					   (void *)&unit, 0, routine,
					   &seen);
}

static VOID routine(PVOID extension, PVOID context, SHORT type, PVOID address,
		    ULONG status)
{
	struct minirq_stor_adapter *adapter = &seen.stor->miniport->adapter;

	seen.irql = KeGetCurrentIrql();
	seen.context = context;
	seen.address = address;
	seen.status = status;
	seen.start_io_held = !KeTestSpinLock(&adapter->start_io);
	if (atomic_inc_return(&seen.entered) == 1)
		seen.again = change(extension, routine);
}

static bool entered_twice(void *unused)
{
	return atomic_read(&seen.entered) == 2;
}

/* The routine is told at DISPATCH_LEVEL under StartIoLock, and may go on. */
static void storport_change_is_dealt_with(struct kunit *test)
{
	void *extension = start(test);

	KUNIT_EXPECT_EQ(test, change(extension, routine), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, wait_until(entered_twice, NULL));
	KUNIT_EXPECT_EQ(test, seen.again, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, seen.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_TRUE(test, seen.start_io_held);
	KUNIT_EXPECT_PTR_EQ(test, seen.context, (void *)&seen);
	KUNIT_EXPECT_PTR_EQ(test, seen.address, (void *)&unit);
	KUNIT_EXPECT_EQ(test, seen.status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(seen.stor), 0);
}

static void storport_change_one_at_a_time(struct kunit *test)
{
	void *extension = start(test);
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	KUNIT_EXPECT_EQ(test, change(extension, NULL), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, change(extension, NULL),
			STOR_STATUS_UNSUCCESSFUL);
	KeLowerIrql(old);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, change(extension, NULL), STOR_STATUS_SUCCESS);
	fake_stor_halt(seen.stor);
	KUNIT_EXPECT_EQ(test, change(extension, NULL),
			STOR_STATUS_UNSUCCESSFUL);
}

static void storport_change_bad_parameters(struct kunit *test)
{
	void *extension = start(test);
	STOR_ADDR_BTL8 other = unit;

	other.Type = STOR_ADDRESS_TYPE_UNKNOWN;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			change(NULL, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortStateChangeDetected(extension, 8,
						    (void *)&unit, 0,
						    NULL, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortStateChangeDetected(extension, STATE_CHANGE_BUS,
						    (void *)&other, 0,
						    NULL, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortAsyncNotificationDetected(extension,
							  (void *)&other,
							  0));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortAsyncNotificationDetected(extension,
							  (void *)&unit,
							  8));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_DEVICE_REQUEST,
			StorPortAsyncNotificationDetected(extension,
							  (void *)&unit,
							  0));
}

static void storport_change_link(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	StorPortNotification(LinkDown, extension);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	StorPortNotification(LinkUp, extension);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* Neither the link nor a pause ends the other. */
static void storport_change_link_and_pause(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	StorPortPause(extension, 3600);
	StorPortNotification(LinkDown, extension);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_TRUE(test, StorPortResume(extension));
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	StorPortPause(extension, 3600);
	StorPortNotification(LinkUp, extension);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	KUNIT_EXPECT_TRUE(test, StorPortResume(extension));
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
}

/* An adapter that starts again says anew when its link is down. */
static void storport_change_link_after_suspend(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	StorPortNotification(LinkDown, extension);
	minirq_stor_miniport_suspend(stor->miniport);
	KUNIT_ASSERT_EQ(test, minirq_stor_miniport_resume(stor->miniport), 0);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
}

static void storport_change_by_notification(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	LARGE_INTEGER ticks = {}, now;
	ULONG status = 0;

	StorPortNotification(StateChangeDetectedCall, extension, 8U, &unit, 0U,
			     NULL, NULL, &status);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_INVALID_PARAMETER);
	StorPortNotification(AsyncNotificationDetected, extension, &unit, 0ULL,
			     &status);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_INVALID_DEVICE_REQUEST);
	StorPortNotification(QueryTickCount, extension, &ticks);
	KeQueryTickCount(&now);
	KUNIT_EXPECT_GT(test, ticks.QuadPart, 0);
	KUNIT_EXPECT_LE(test, ticks.QuadPart, now.QuadPart);
	StorPortNotification(BusChangeDetected, extension, 0);
	StorPortNotification(ResetDetected, extension);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_change_by_function_code(struct kunit *test)
{
	void *extension = start(test);
	PHYSICAL_ADDRESS zero = {}, all = { .QuadPart = -1 };
	STORPORT_FUNCTION_CODE allocate =
		ExtFunctionAllocateContiguousMemorySpecifyCacheNode;
	PVOID data = NULL, timer = NULL;
	KAFFINITY mask = 0;
	ULONG nodes = 0;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetGroupAffinity,
						 extension, 0, &mask));
	KUNIT_EXPECT_EQ(test, mask & 1, 1ULL);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetActiveNodeCount,
						 extension, &nodes));
	KUNIT_EXPECT_GE(test, nodes, 1);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(allocate, extension,
						 (SIZE_T)PAGE_SIZE, zero, all,
						 zero, MmCached, MM_ANY_NODE_OK,
						 &data));
	KUNIT_EXPECT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionInitializeTimer,
						 extension, &timer));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionFreeTimer,
						 extension, timer));
}

static void storport_change_unknown_code(struct kunit *test)
{
	void *extension = start(test);

	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortExtendedFunction(ExtFunctionGetD3ColdSupport,
						 extension));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortExtendedFunction(ExtFunctionInvokeAcpiMethod,
						 extension));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortExtendedFunction(1000, extension));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortExtendedFunction(-1, extension));
}

static void storport_log_event(struct kunit *test)
{
	void *extension = start(test);
	WCHAR text[] = { 'L', 'i', 'n', 'k', 0 };
	PWSTR strings[] = { text };
	STOR_LOG_EVENT_DETAILS details = {
		.InterfaceRevision = STOR_CURRENT_LOG_INTERFACE_REVISION + 1,
		.Size = sizeof(details),
		.StringCount = 1, .StringList = strings,
		.DumpDataSize = 140, .DumpData = &details,
	};
	ULONG most = 0;
	KIRQL old;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortLogSystemEvent(extension, &details, NULL));
	details.DumpDataSize = 141;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_BUFFER_SIZE,
			StorPortLogSystemEvent(extension, &details, &most));
	KUNIT_EXPECT_EQ(test, most, 150);
	KeRaiseIrql(MINIRQ_DIRQL, &old);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_IRQL,
			StorPortLogSystemEvent(extension, &details, NULL));
	KeLowerIrql(old);
	details.InterfaceRevision = 0x200;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_UNSUPPORTED_VERSION,
			StorPortLogSystemEvent(extension, &details, NULL));
	KUNIT_EXPECT_EQ(test, details.InterfaceRevision,
			STOR_CURRENT_LOG_INTERFACE_REVISION);
	details.Flags = 1;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortLogSystemEvent(extension, &details, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortLogSystemEvent(NULL, &details, NULL));
}

static void storport_system_more(struct kunit *test)
{
	void *extension = start(test);
	GROUP_AFFINITY groups[2] = {};
	USHORT needed = 0;
	ULONG interval = 0;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetNodeAffinity2(extension, 0, groups, 2,
						 &needed));
	KUNIT_EXPECT_EQ(test, needed, 1);
	KUNIT_EXPECT_EQ(test, groups[0].Mask & 1, 1ULL);
	needed = 0;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_BUFFER_TOO_SMALL,
			StorPortGetNodeAffinity2(extension, 0, NULL, 0,
						 &needed));
	KUNIT_EXPECT_EQ(test, needed, 1);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetNodeAffinity2(extension, ~0U, groups, 2,
						 &needed));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortQueryTimerMinInterval(extension, &interval));
	KUNIT_EXPECT_GE(test, interval, 1);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortDelayExecution(extension, 1));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_change_is_dealt_with),
	KUNIT_CASE(storport_change_one_at_a_time),
	KUNIT_CASE(storport_change_bad_parameters),
	KUNIT_CASE(storport_change_link),
	KUNIT_CASE(storport_change_link_and_pause),
	KUNIT_CASE(storport_change_link_after_suspend),
	KUNIT_CASE(storport_change_by_notification),
	KUNIT_CASE(storport_change_by_function_code),
	KUNIT_CASE(storport_change_unknown_code),
	KUNIT_CASE(storport_log_event),
	KUNIT_CASE(storport_system_more),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_change",
	.init = init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
