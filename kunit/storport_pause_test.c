// SPDX-License-Identifier: GPL-2.0-only
/* Miniports that pause, are busy, or take so many requests at a time. */
#include "storport_fixture.h"

#define LONG_TIME	3600	/* seconds */

static void *start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
	return stor->extension;
}

/* Odd tags are for another unit than even ones. */
static void *start_with_units(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	unsigned int tag;

	for (tag = 0; tag < FAKE_STOR_REQUESTS; tag++) {
		fake_stor_request(stor, tag)->srb.TargetId = 3;
		fake_stor_request(stor, tag)->srb.Lun = tag % 2;
	}
	return extension;
}

static bool is_started(struct fake_stor *stor, unsigned int tag)
{
	return minirq_stor_request_started(fake_stor_request(stor, tag));
}

static UCHAR status_of(struct fake_stor *stor, unsigned int tag)
{
	return fake_stor_request(stor, tag)->srb.SrbStatus;
}

static void storport_pause_holds_requests(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	KUNIT_EXPECT_TRUE(test, StorPortPause(extension, LONG_TIME));
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->build), 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	KUNIT_EXPECT_TRUE(test, StorPortResume(extension));
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 2);
	KUNIT_EXPECT_EQ(test, stor->start.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_FALSE(test, StorPortResume(extension));
	fake_stor_submit(stor, 2);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 3);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_pause_leaves_what_is_started(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	fake_stor_submit(stor, 0);
	StorPortPause(extension, LONG_TIME);
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
}

static bool has_started(void *arg)
{
	return calls(arg) == 1;
}

/* The time of a pause runs out without anybody's help. */
static void storport_pause_ends_by_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 0);
	/* the last call counts */
	StorPortPause(extension, 0);
	KUNIT_EXPECT_TRUE(test, wait_until(has_started, &stor->start));
	KUNIT_EXPECT_FALSE(test, StorPortResume(extension));
}

static void pause_adapter(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	StorPortPause(stor->extension, LONG_TIME);
}

/* The request that the driver paused in is its own; the next one has to wait. */
static void storport_pause_from_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension;

	stor->on_start = pause_adapter;
	extension = start(test);
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
	/* it pauses again with each that is let go */
	fake_stor_submit(stor, 2);
	StorPortResume(extension);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 2);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
	KUNIT_EXPECT_FALSE(test, is_started(stor, 2));
}

static void resume_adapter(struct fake_stor *stor, ULONG id)
{
	stor->asked = StorPortResume(stor->extension);
}

/* An ISR may resume; HwStorStartIo is called after it, not in it. */
static void storport_pause_resumed_by_an_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension;

	stor->on_message = resume_adapter;
	extension = start(test);
	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 0);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_TRUE(test, stor->asked);
	KUNIT_EXPECT_TRUE(test, wait_until(has_started, &stor->start));
	KUNIT_EXPECT_EQ(test, stor->start.irql, DISPATCH_LEVEL);
}

/* A request that is held, is resumed on another CPU, and started there */
static void submit(struct fake_stor *stor, unsigned int tag)
{
	fake_stor_submit(stor, tag);
}

static bool is_done(void *arg)
{
	return calls(arg) == 1;
}

static void storport_pause_keeps_the_issuer(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	StorPortPause(extension, LONG_TIME);
	fake_stor_prepare(stor, 2, submit, 0);
	fake_stor_go(stor, 2);
	join(stor->job[2].task);
	stor->job[2].task = NULL;
	StorPortResume(extension);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_request(stor, 0)->cpu, 2);
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, wait_until(is_done, &stor->done[0]));
}

static void storport_pause_held_request_ends_with_adapter(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	fake_stor_submit(stor, 0);
	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 1);
	fake_stor_halt(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[1]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 1), SRB_STATUS_NO_HBA);
}

/* After a suspend nothing is held back but by a unit's depth. */
static void storport_pause_suspended(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start_with_units(test);

	StorPortSetDeviceQueueDepth(extension, 0, 3, 0, 1);
	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 0);
	minirq_stor_miniport_suspend(stor->miniport);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUSY);
	KUNIT_ASSERT_EQ(test, minirq_stor_miniport_resume(stor->miniport), 0);
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 2);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
	KUNIT_EXPECT_FALSE(test, is_started(stor, 2));
}

static void storport_pause_of_a_unit(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start_with_units(test);

	KUNIT_EXPECT_TRUE(test, StorPortPauseDevice(extension, 0, 3, 1,
						    LONG_TIME));
	fake_stor_submit(stor, 1);
	fake_stor_submit(stor, 2);
	fake_stor_submit(stor, 3);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 2));
	KUNIT_EXPECT_FALSE(test, StorPortResume(extension));
	KUNIT_EXPECT_FALSE(test, StorPortResumeDevice(extension, 0, 3, 0));
	KUNIT_EXPECT_TRUE(test, StorPortResumeDevice(extension, 0, 3, 1));
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 3);
}

static void storport_pause_too_many_units(struct kunit *test)
{
	void *extension = start(test);
	UCHAR lun;

	for (lun = 0; lun < 32; lun++)
		KUNIT_EXPECT_TRUE(test,
				  StorPortDeviceReady(extension, 1, 2, lun));
	KUNIT_EXPECT_FALSE(test, StorPortPauseDevice(extension, 1, 2, 32, 1));
	KUNIT_EXPECT_TRUE(test, StorPortDeviceReady(extension, 1, 2, 7));
}

/* Busy until two of three are complete */
static void storport_busy_waits_for_completions(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	unsigned int tag;

	for (tag = 0; tag < 3; tag++)
		fake_stor_submit(stor, tag);
	KUNIT_EXPECT_TRUE(test, StorPortBusy(extension, 2));
	fake_stor_submit(stor, 3);
	fake_stor_complete(stor, 1);
	fake_stor_settle();
	KUNIT_EXPECT_FALSE(test, is_started(stor, 3));
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 3));
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 4);
}

/* No adapter waits for more than it has. */
static void storport_busy_with_few_requests(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	KUNIT_EXPECT_TRUE(test, StorPortBusy(extension, 5));
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
	KUNIT_EXPECT_TRUE(test, StorPortBusy(extension, 5));
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_FALSE(test, is_started(stor, 1));
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
}

static void storport_busy_until_ready(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	fake_stor_submit(stor, 0);
	StorPortBusy(extension, 1);
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_FALSE(test, is_started(stor, 1));
	KUNIT_EXPECT_TRUE(test, StorPortReady(extension));
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
}

static void be_busy(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	StorPortBusy(stor->extension, 10);
	srb->SrbStatus = SRB_STATUS_BUSY;
	StorPortNotification(RequestComplete, stor->extension, srb);
}

/* As drivers say that their queue is full: the request itself is not in it. */
static void storport_busy_from_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	fake_stor_submit(stor, 0);
	stor->on_start = be_busy;
	fake_stor_submit(stor, 1);
	stor->on_start = NULL;
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, status_of(stor, 1), SRB_STATUS_BUSY);
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_FALSE(test, is_started(stor, 1));
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
}

static void storport_busy_unit(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start_with_units(test);

	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_TRUE(test, StorPortDeviceBusy(extension, 0, 3, 1, 1));
	fake_stor_submit(stor, 3);
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_FALSE(test, is_started(stor, 3));
	fake_stor_submit(stor, 2);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 2));
	fake_stor_complete(stor, 1);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 3));
}

static void storport_queue_depth(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start_with_units(test);

	KUNIT_EXPECT_FALSE(test, StorPortSetDeviceQueueDepth(extension, 0, 3, 0,
							     0));
	fake_stor_submit(stor, 0);
	/* what is under way counts */
	KUNIT_EXPECT_TRUE(test, StorPortSetDeviceQueueDepth(extension, 0, 3, 0,
							    2));
	fake_stor_submit(stor, 2);
	fake_stor_submit(stor, 4);
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 2));
	KUNIT_EXPECT_FALSE(test, is_started(stor, 4));
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
	fake_stor_complete(stor, 2);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 4));
	fake_stor_submit(stor, 6);
	KUNIT_EXPECT_FALSE(test, is_started(stor, 6));
	StorPortSetDeviceQueueDepth(extension, 0, 3, 0, 3);
	fake_stor_settle();
	KUNIT_EXPECT_TRUE(test, is_started(stor, 6));
}

#define RACES	500

/* How many requests the adapter took */
static atomic_t accepted;

static void start_all(struct fake_stor *stor)
{
	unsigned int tag;

	for (tag = 0; tag < FAKE_STOR_REQUESTS; tag++)
		if (!minirq_stor_request_start(&stor->miniport->adapter,
					       fake_stor_request(stor, tag)))
			atomic_inc(&accepted);
}

/*
 * A CPU that starts requests, and one that completes them, all the time busy. One
 * that waits for ever gives up.
 */
static void start_always(struct fake_stor *stor, unsigned int unused)
{
	unsigned int round;

	for (round = 0; round < 1000 * RACES; round++)
		if (atomic_read(&accepted) < RACES)
			start_all(stor);
	atomic_set_release(&stor->flag, 1);
}

static void complete_always(struct fake_stor *stor, unsigned int unused)
{
	while (!atomic_read_acquire(&stor->flag)) {
		StorPortCompleteRequest(stor->extension, SP_UNTAGGED,
					SP_UNTAGGED, SP_UNTAGGED,
					SRB_STATUS_SUCCESS);
		cpu_relax();
	}
}

static void stay_busy(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	StorPortBusy(stor->extension, 2);
}

/*
 * A request that is let go after the others may be busy in its turn. One that is
 * ended before HwStorStartIo is called for it is done, too.
 */
static bool all_done(void *arg)
{
	struct fake_stor *stor = arg;
	unsigned int tag, done = 0;

	StorPortCompleteRequest(stor->extension, SP_UNTAGGED, SP_UNTAGGED,
				SP_UNTAGGED, SRB_STATUS_SUCCESS);
	fake_stor_settle();
	for (tag = 0; tag < FAKE_STOR_REQUESTS; tag++)
		done += calls(&stor->done[tag]);
	return done == atomic_read(&accepted);
}

/* However completions and StorPortBusy() meet, nobody waits for ever. */
static void storport_busy_race(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	atomic_set(&accepted, 0);
	stor->on_start = stay_busy;
	start(test);
	fake_stor_prepare(stor, 1, start_always, 0);
	fake_stor_prepare(stor, 2, complete_always, 0);
	fake_stor_go(stor, 2);
	fake_stor_go(stor, 1);
	join(stor->job[1].task);
	join(stor->job[2].task);
	stor->job[1].task = NULL;
	stor->job[2].task = NULL;
	KUNIT_EXPECT_GE(test, atomic_read(&accepted), RACES);
	KUNIT_EXPECT_TRUE(test, wait_until(all_done, stor));
	KUNIT_EXPECT_EQ(test, minirq_stor_requests_started(&stor->miniport->adapter),
			0);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 0));
}

static void storport_complete_request(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start_with_units(test);
	unsigned int tag;

	for (tag = 0; tag < 3; tag++)
		fake_stor_submit(stor, tag);
	StorPortPauseDevice(extension, 0, 3, 0, LONG_TIME);
	fake_stor_submit(stor, 4);
	StorPortCompleteRequest(extension, 0, SP_UNTAGGED, 0,
				SRB_STATUS_BUS_RESET);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[2]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 2), SRB_STATUS_BUS_RESET);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
	KUNIT_EXPECT_EQ(test, calls(&stor->done[4]), 0);
	StorPortCompleteRequest(extension, 1, 3, 1, SRB_STATUS_BUS_RESET);
	KUNIT_EXPECT_TRUE(test, is_started(stor, 1));
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_REQUEST),
			1);
}

static void storport_pause_null(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, StorPortPause(NULL, 1));
	KUNIT_EXPECT_FALSE(test, StorPortResume(NULL));
	KUNIT_EXPECT_FALSE(test, StorPortBusy(NULL, 1));
	KUNIT_EXPECT_FALSE(test, StorPortReady(NULL));
	KUNIT_EXPECT_FALSE(test, StorPortPauseDevice(NULL, 0, 0, 0, 1));
	KUNIT_EXPECT_FALSE(test, StorPortDeviceBusy(NULL, 0, 0, 0, 1));
	StorPortCompleteRequest(NULL, 0, 0, 0, SRB_STATUS_SUCCESS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_pause_holds_requests),
	KUNIT_CASE(storport_pause_leaves_what_is_started),
	KUNIT_CASE(storport_pause_ends_by_itself),
	KUNIT_CASE(storport_pause_from_start_io),
	KUNIT_CASE(storport_pause_resumed_by_an_isr),
	KUNIT_CASE(storport_pause_keeps_the_issuer),
	KUNIT_CASE(storport_pause_held_request_ends_with_adapter),
	KUNIT_CASE(storport_pause_suspended),
	KUNIT_CASE(storport_pause_of_a_unit),
	KUNIT_CASE(storport_pause_too_many_units),
	KUNIT_CASE(storport_busy_waits_for_completions),
	KUNIT_CASE(storport_busy_with_few_requests),
	KUNIT_CASE(storport_busy_until_ready),
	KUNIT_CASE(storport_busy_from_start_io),
	KUNIT_CASE(storport_busy_unit),
	KUNIT_CASE(storport_queue_depth),
	KUNIT_CASE(storport_busy_race),
	KUNIT_CASE(storport_complete_request),
	KUNIT_CASE(storport_pause_null),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_pause",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
