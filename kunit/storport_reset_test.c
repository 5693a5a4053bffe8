// SPDX-License-Identifier: GPL-2.0-only
/* Requests of a StorPort miniport that take too long, and HwStorResetBus. */
#include "../src/irql.h"
#include "../src/timer.h"
#include "storport_fixture.h"

/* Longer than any test takes */
#define SECONDS	3600

static struct minirq_stor_adapter *adapter_of(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	return &stor->miniport->adapter;
}

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
}

static void submit_with_limit(struct fake_stor *stor, unsigned int tag)
{
	fake_stor_request(stor, tag)->srb.TimeOutValue = SECONDS;
	fake_stor_submit(stor, tag);
}

static UCHAR status_of(struct fake_stor *stor, unsigned int tag)
{
	return fake_stor_request(stor, tag)->srb.SrbStatus;
}

static bool is_started(struct fake_stor *stor, unsigned int tag)
{
	return minirq_stor_request_started(fake_stor_request(stor, tag));
}

/* The port looks at its requests when the time of one is just over. */
static void look_after(struct kunit *test, unsigned int tag)
{
	u64 due = fake_stor_request(test->priv, tag)->due;

	minirq_stor_reset_look(adapter_of(test), due + 1);
	fake_stor_settle();
}

static void end_all(struct fake_stor *stor)
{
	fake_stor_complete(stor, 0);
	fake_stor_complete(stor, 1);
}

static void storport_reset_completes(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_reset = end_all;
	start(test);
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_TRUE(test, minirq_stor_reset_bus(adapter_of(test), 0));
	stor->on_reset = NULL;
	stor->resets_nothing = true;
	KUNIT_EXPECT_FALSE(test, minirq_stor_reset_bus(adapter_of(test), 1));
	KUNIT_EXPECT_EQ(test, stor->reset.irql, DISPATCH_LEVEL);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[1]), 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void submit_first(struct fake_stor *stor)
{
	fake_stor_go(stor, 1);
	stor->status = fake_stor_at_lock(stor->job[1].task,
					 &stor->miniport->adapter.start_io);
	atomic_set(&stor->flag, calls(&stor->start));
}

/* A request that waits meanwhile has not been in it, and goes on. */
static void storport_reset_keeps_start_io_out(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_reset = submit_first;
	start(test);
	fake_stor_prepare(stor, 1, fake_stor_submit, 0);
	minirq_stor_reset_bus(adapter_of(test), 0);
	KUNIT_EXPECT_TRUE(test, stor->status);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->start.left));
	join(stor->job[1].task);
	stor->job[1].task = NULL;
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
}

static void storport_reset_half_duplex(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->model = StorSynchronizeHalfDuplex;
	start(test);
	minirq_stor_reset_bus(adapter_of(test), 0);
	KUNIT_EXPECT_EQ(test, stor->reset.irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void want(struct fake_stor *stor, ULONG channels)
{
	PERF_CONFIGURATION_DATA data = {
		.Version = STOR_PERF_VERSION, .Size = sizeof(data),
		.Flags = STOR_PERF_CONCURRENT_CHANNELS,
		.ConcurrentChannels = channels,
	};

	stor->status = StorPortInitializePerfOpts(stor->extension, FALSE,
						  &data);
}

static void want_channels(struct fake_stor *stor)
{
	want(stor, 2);
}

static void want_too_many_channels(struct fake_stor *stor)
{
	want(stor, nr_cpu_ids + 1);
}

static void reset(struct fake_stor *stor, unsigned int unused)
{
	minirq_stor_reset_bus(&stor->miniport->adapter, 0);
}

/*
 * HwStorStartIo is busy on the channel of CPU 2, and a reset waits for it. That is
 * the first one, as lockdep notes all of them as one lock.
 */
static void storport_reset_waits_for_channels(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_stor_requests *requests;

	stor->on_initialize = want_channels;
	start(test);
	KUNIT_ASSERT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
	requests = adapter_of(test)->requests;
	atomic_set(&stor->start.hold, 1);
	fake_stor_prepare(stor, 1, reset, 0);
	fake_stor_prepare(stor, 2, fake_stor_submit, 0);
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->start.entered));
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, fake_stor_at_lock(stor->job[1].task,
						  &requests->channel[0]));
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 0);
	atomic_set(&stor->start.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->reset.left));
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->done[0].left));
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUS_RESET);
}

/* A channel that no CPU starts requests on has no lock. */
static void storport_reset_with_too_many_channels(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = want_too_many_channels;
	start(test);
	KUNIT_ASSERT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, minirq_stor_reset_bus(adapter_of(test), 0));
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* What a driver forgets to complete is completed by the port. */
static void storport_reset_of_what_is_overdue(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	u64 due;

	start(test);
	submit_with_limit(stor, 0);
	fake_stor_submit(stor, 1);
	due = fake_stor_request(stor, 0)->due;
	minirq_stor_reset_look(adapter_of(test), due);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 0);
	look_after(test, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 1);
	KUNIT_EXPECT_EQ(test, stor->reset.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, status_of(stor, 1), SRB_STATUS_BUS_RESET);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[1]), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* Where the device may still write, nobody else may: it is asked again. */
static void storport_reset_in_vain(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->resets_nothing = true;
	start(test);
	submit_with_limit(stor, 0);
	submit_with_limit(stor, 1);
	look_after(test, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 1);
	KUNIT_EXPECT_FALSE(test, minirq_stor_reset_bus(adapter_of(test), 0));
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
	stor->resets_nothing = false;
	look_after(test, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 3);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, status_of(stor, 1), SRB_STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void end_as_reset(struct fake_stor *stor)
{
	StorPortCompleteRequest(stor->extension, 0, SP_UNTAGGED, SP_UNTAGGED,
				SRB_STATUS_BUS_RESET);
}

/* As drivers do it */
static void storport_reset_by_driver(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_reset = end_as_reset;
	start(test);
	submit_with_limit(stor, 0);
	look_after(test, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUS_RESET);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_reset_of_one_bus(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	fake_stor_request(stor, 1)->srb.PathId = 3;
	fake_stor_submit(stor, 0);
	submit_with_limit(stor, 1);
	look_after(test, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 1);
	KUNIT_EXPECT_EQ(test, stor->path, 3);
	KUNIT_EXPECT_EQ(test, status_of(stor, 1), SRB_STATUS_TIMEOUT);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
}

static void storport_reset_never(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	fake_stor_submit(stor, 0);
	minirq_stor_reset_look(adapter_of(test), U64_MAX);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 0);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
	KUNIT_EXPECT_EQ(test, atomic_read(&adapter_of(test)->reset.set), 0);
}

/* The time runs from when the miniport has it; what is held back has time. */
static void storport_reset_spares_what_is_held(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	submit_with_limit(stor, 0);
	StorPortPause(stor->extension, 3600);
	submit_with_limit(stor, 1);
	look_after(test, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[1]), 0);
	StorPortResume(stor->extension);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
}

static bool is_set(void *reset)
{
	return atomic_read(&((struct minirq_stor_reset *)reset)->set);
}

static bool is_not_set(void *reset)
{
	return !is_set(reset);
}

/* Instead of waiting for a second */
static void expire(struct kunit *test)
{
	struct minirq_stor_reset *reset = &adapter_of(test)->reset;
	LARGE_INTEGER now = {};

	minirq_timer_set(&reset->timer, now, 0, &reset->tick);
}

/* The timer is set as long as it has something to look for. */
static void storport_reset_timer(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_stor_reset *reset;

	start(test);
	reset = &adapter_of(test)->reset;
	submit_with_limit(stor, 0);
	KUNIT_EXPECT_TRUE(test, is_set(reset));
	KeInsertQueueDpc(&reset->tick, NULL, NULL);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_set(reset));
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 0);
	/* long ago */
	WRITE_ONCE(fake_stor_request(stor, 0)->due, 0);
	expire(test);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->done[0].left));
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_TIMEOUT);
	KUNIT_EXPECT_TRUE(test, wait_until(is_not_set, reset));
	submit_with_limit(stor, 0);
	KUNIT_EXPECT_TRUE(test, is_set(reset));
}

/* A stopped adapter is not reset: what it has ends otherwise. */
static void storport_reset_not_when_closed(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	submit_with_limit(stor, 0);
	minirq_stor_requests_close(adapter_of(test));
	look_after(test, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->reset), 0);
	minirq_stor_requests_open(adapter_of(test));
	minirq_stor_miniport_suspend(stor->miniport);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUSY);
	KUNIT_EXPECT_FALSE(test, is_set(&adapter_of(test)->reset));
}

static void look(struct fake_stor *stor, unsigned int tag)
{
	minirq_stor_reset_look(&stor->miniport->adapter,
			       fake_stor_request(stor, tag)->due + 1);
	atomic_set(&stor->flag, 1);
}

/* Nor does anybody wait for its locks, some of which are about to go away. */
static void storport_reset_takes_no_lock_when_closed(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	bool over;

	start(test);
	submit_with_limit(stor, 0);
	minirq_stor_requests_close(adapter_of(test));
	fake_stor_prepare(stor, 1, look, 0);
	StorPortAcquireSpinLock(stor->extension, StartIoLock, NULL, &handle);
	fake_stor_go(stor, 1);
	over = spin_for(&stor->flag);
	StorPortReleaseSpinLock(stor->extension, &handle);
	KUNIT_EXPECT_TRUE(test, over);
	join(stor->job[1].task);
	stor->job[1].task = NULL;
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_reset_completes),
	KUNIT_CASE(storport_reset_keeps_start_io_out),
	KUNIT_CASE(storport_reset_half_duplex),
	KUNIT_CASE(storport_reset_waits_for_channels),
	KUNIT_CASE(storport_reset_with_too_many_channels),
	KUNIT_CASE(storport_reset_of_what_is_overdue),
	KUNIT_CASE(storport_reset_in_vain),
	KUNIT_CASE(storport_reset_by_driver),
	KUNIT_CASE(storport_reset_of_one_bus),
	KUNIT_CASE(storport_reset_never),
	KUNIT_CASE(storport_reset_spares_what_is_held),
	KUNIT_CASE(storport_reset_timer),
	KUNIT_CASE(storport_reset_not_when_closed),
	KUNIT_CASE(storport_reset_takes_no_lock_when_closed),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_reset",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
