// SPDX-License-Identifier: GPL-2.0-only
/* StorPort timers: when their routines run, under what, and when not. */
#include <linux/delay.h>

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

/*
 * Set a timer here, and stay until the test is done with it: its DPC runs on top
 * of this thread, and waits for the StartIo lock.
 */
static void set_and_stay(struct fake_stor *stor, unsigned int unused)
{
	stor->status = set(stor, SOON);
	spin_for(&stor->flag);
}

static void request_and_stay(struct fake_stor *stor, unsigned int unused)
{
	request(stor, SOON);
	spin_for(&stor->flag);
}

/* @change what @begin has set, while its DPC waits for the StartIo lock. */
static void change_expired(struct kunit *test,
			   void (*begin)(struct fake_stor *stor, unsigned int id),
			   void (*change)(struct fake_stor *stor))
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	bool waits;

	start(test);
	fake_stor_prepare(stor, 1, begin, 0);
	StorPortAcquireSpinLock(stor->extension, StartIoLock, NULL, &handle);
	fake_stor_go(stor, 1);
	waits = fake_stor_at_lock(stor->job[1].task,
				  &stor->miniport->adapter.start_io);
	change(stor);
	StorPortReleaseSpinLock(stor->extension, &handle);
	KeFlushQueuedDpcs();
	atomic_set(&stor->flag, 1);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.entered), 0);
}

static void cancel_it(struct fake_stor *stor)
{
	set(stor, 0);
}

static void set_it_anew(struct fake_stor *stor)
{
	set(stor, 0);
	set(stor, NEVER);
}

static void free_it(struct fake_stor *stor)
{
	StorPortFreeTimer(stor->extension, seen.handle);
}

static void request_anew(struct fake_stor *stor)
{
	request(stor, NEVER);
}

static void storport_timer_object_cancelled_in_time(struct kunit *test)
{
	change_expired(test, set_and_stay, cancel_it);
}

static void storport_timer_object_set_anew_in_time(struct kunit *test)
{
	change_expired(test, set_and_stay, set_it_anew);
}

static void storport_timer_object_freed_in_time(struct kunit *test)
{
	change_expired(test, set_and_stay, free_it);
}

static void storport_timer_requested_anew_in_time(struct kunit *test)
{
	change_expired(test, request_and_stay, request_anew);
}

static void storport_timer_longest(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	KUNIT_EXPECT_EQ(test, set(stor, ~0ULL), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, stays_clear(&seen.entered));
}

/* While its adapter is suspended a timer waits, then takes its time. */
static void storport_timer_waits_for_resume(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	minirq_stor_miniport_suspend(stor->miniport);
	KUNIT_EXPECT_EQ(test, set(stor, SOON), STOR_STATUS_SUCCESS);
	request(stor, SOON);
	KUNIT_EXPECT_TRUE(test, stays_clear(&seen.entered));
	minirq_stor_miniport_resume(stor->miniport);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&seen.entered, 2));
}

/* Long enough for it to be due, with interrupts off on the CPU it is to ring on */
static void set_and_wait(struct fake_stor *stor)
{
	request(stor, 1);
	mdelay(20);
}

/* What falls due while the adapter stops does so when it runs again. */
static void storport_timer_due_in_suspend(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_stop = set_and_wait;
	start(test);
	minirq_stor_miniport_suspend(stor->miniport);
	KUNIT_EXPECT_EQ(test, calls(&stor->stop), 1);
	KUNIT_EXPECT_TRUE(test, stays_clear(&seen.entered));
	minirq_stor_miniport_resume(stor->miniport);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	stor->on_stop = NULL;
}

/* Or never */
static void storport_timer_due_in_stop(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_stop = set_and_wait;
	start(test);
	fake_stor_halt(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->stop), 1);
	KUNIT_EXPECT_TRUE(test, stays_clear(&seen.entered));
}

static void make_timer(struct fake_stor *stor,
		       PPORT_CONFIGURATION_INFORMATION config)
{
	StorPortInitializeTimer(stor->extension, &seen.handle);
	set(stor, NEVER);
}

/* Nothing of a driver runs after an adapter that was not found. */
static void storport_timer_ends_with_failed_find(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_stor_miniport *miniport;

	stor->on_find = make_timer;
	stor->found = SP_RETURN_ERROR;
	stor->dev.irqs = fake_irq_messages(test, FAKE_STOR_MESSAGES);
	miniport = minirq_stor_miniport_create(&stor->driver, &stor->dev);
	KUNIT_ASSERT_NOT_NULL(test, miniport);
	stor->miniport = miniport;
	stor->extension = miniport->adapter.extension;
	KUNIT_EXPECT_NE(test, minirq_stor_miniport_start(miniport), 0);
	KUNIT_EXPECT_EQ(test, set(stor, SOON),
			STOR_STATUS_INVALID_DEVICE_STATE);
	fake_stor_destroy(stor);
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
	KUNIT_CASE(storport_timer_object_cancelled_in_time),
	KUNIT_CASE(storport_timer_object_set_anew_in_time),
	KUNIT_CASE(storport_timer_object_freed_in_time),
	KUNIT_CASE(storport_timer_requested_anew_in_time),
	KUNIT_CASE(storport_timer_longest),
	KUNIT_CASE(storport_timer_waits_for_resume),
	KUNIT_CASE(storport_timer_due_in_suspend),
	KUNIT_CASE(storport_timer_due_in_stop),
	KUNIT_CASE(storport_timer_ends_with_failed_find),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_timer",
	.init = init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
