// SPDX-License-Identifier: GPL-2.0-only
/* StorPort timers: when their routines run, under what, and when not. */
#include "../src/irql.h"
#include "storport_fixture.h"

#define SOON	1000U			/* microseconds */
#define NEVER	(3600U * 1000 * 1000)

/* What the routine of a timer saw, and what it does */
static struct {
	struct fake_stor *stor;
	atomic_t entered;
	KIRQL irql;
	void *args[2];
	bool again;
	bool frees;
	void *handle;
	ULONG status;
	bool start_io_held;
} seen;

static void note(PVOID extension, PVOID context)
{
	PKSPIN_LOCK lock = &seen.stor->miniport->adapter.start_io;

	seen.irql = KeGetCurrentIrql();
	seen.args[0] = extension;
	seen.args[1] = context;
	seen.start_io_held = !KeTestSpinLock(lock);
}

static VOID one_timer(PVOID extension)
{
	note(extension, NULL);
	if (seen.again && atomic_read(&seen.entered) == 0)
		StorPortNotification(RequestTimerCall, extension, one_timer,
				     SOON);
	atomic_inc(&seen.entered);
}

static VOID timer_routine(PVOID extension, PVOID context)
{
	note(extension, context);
	if (seen.again && atomic_read(&seen.entered) == 0)
		seen.status = StorPortRequestTimer(extension, seen.handle,
						   timer_routine, context,
						   SOON, 0);
	if (seen.frees)
		seen.status = StorPortFreeTimer(extension, seen.handle);
	atomic_inc(&seen.entered);
}

static int init(struct kunit *test)
{
	int err = fake_stor_init(test);

	memset(&seen, 0, sizeof(seen));
	seen.stor = test->priv;
	return err;
}

static void start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortInitializeTimer(stor->extension, &seen.handle));
}

static void request(struct fake_stor *stor, ULONG microseconds)
{
	StorPortNotification(RequestTimerCall, stor->extension, one_timer,
			     microseconds);
}

static ULONG set(struct fake_stor *stor, ULONGLONG microseconds)
{
	return StorPortRequestTimer(stor->extension, seen.handle, timer_routine,
				    &seen, microseconds, 0);
}

static void storport_timer_request_runs_under_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	request(stor, SOON);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	KUNIT_EXPECT_EQ(test, seen.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_TRUE(test, seen.start_io_held);
	KUNIT_EXPECT_PTR_EQ(test, seen.args[0], stor->extension);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_timer_half_duplex(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->model = StorSynchronizeHalfDuplex;
	start(test);
	request(stor, SOON);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	KUNIT_EXPECT_EQ(test, seen.irql, MINIRQ_DIRQL);
}

static void storport_timer_request_from_its_routine(struct kunit *test)
{
	start(test);
	seen.again = true;
	request(test->priv, SOON);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&seen.entered, 2));
}

static void storport_timer_last_request_counts(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	request(stor, NEVER);
	request(stor, SOON);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	request(stor, NEVER);
	request(stor, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.entered), 1);
}

static void storport_timer_without_routine_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	StorPortNotification(RequestTimerCall, stor->extension, NULL, SOON);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_TIMER),
			1);
}

static void storport_timer_object_runs(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	KUNIT_EXPECT_EQ(test, set(stor, SOON), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	KUNIT_EXPECT_PTR_EQ(test, seen.args[1], (void *)&seen);
	KUNIT_EXPECT_EQ(test, seen.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_TRUE(test, seen.start_io_held);
}

static void storport_timer_object_sets_itself(struct kunit *test)
{
	start(test);
	seen.again = true;
	set(test->priv, SOON);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&seen.entered, 2));
	KUNIT_EXPECT_EQ(test, seen.status, STOR_STATUS_SUCCESS);
}

static void storport_timer_object_frees_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	seen.frees = true;
	set(stor, SOON);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	KUNIT_EXPECT_EQ(test, seen.status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, set(stor, SOON), STOR_STATUS_INVALID_PARAMETER);
}

static void storport_timer_object_is_busy(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	KUNIT_EXPECT_EQ(test, set(stor, NEVER), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, set(stor, SOON), STOR_STATUS_BUSY);
	KUNIT_EXPECT_EQ(test, set(stor, 0), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, set(stor, NEVER), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.entered), 0);
}

static void storport_timer_refuses_nonsense(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *ext, *other = &seen;
	ULONG high[2];
	KIRQL old;

	start(test);
	ext = stor->extension;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeTimer(NULL, &other));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeTimer(ext, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortRequestTimer(ext, other, timer_routine, NULL,
					     SOON, 0));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortRequestTimer(ext, seen.handle, NULL, NULL,
					     SOON, 0));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortFreeTimer(ext, other));
	KeRaiseIrql(MINIRQ_DIRQL, &old);
	high[0] = StorPortInitializeTimer(ext, &other);
	high[1] = StorPortFreeTimer(ext, seen.handle);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, high[0], STOR_STATUS_INVALID_IRQL);
	KUNIT_EXPECT_EQ(test, high[1], STOR_STATUS_INVALID_IRQL);
}

static void storport_timer_stops_with_the_adapter(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	set(stor, NEVER);
	request(stor, NEVER);
	fake_stor_halt(stor);
	KUNIT_EXPECT_EQ(test, set(stor, SOON),
			STOR_STATUS_INVALID_DEVICE_STATE);
	request(stor, SOON);
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.entered), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_timer_request_runs_under_start_io),
	KUNIT_CASE(storport_timer_half_duplex),
	KUNIT_CASE(storport_timer_request_from_its_routine),
	KUNIT_CASE(storport_timer_last_request_counts),
	KUNIT_CASE(storport_timer_without_routine_is_reported),
	KUNIT_CASE(storport_timer_object_runs),
	KUNIT_CASE(storport_timer_object_sets_itself),
	KUNIT_CASE(storport_timer_object_frees_itself),
	KUNIT_CASE(storport_timer_object_is_busy),
	KUNIT_CASE(storport_timer_refuses_nonsense),
	KUNIT_CASE(storport_timer_stops_with_the_adapter),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_timer",
	.init = init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
