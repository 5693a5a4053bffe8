// SPDX-License-Identifier: GPL-2.0-only
/* Requests of a StorPort miniport: who runs with whom, and one end for each. */
#include "../src/irql.h"
#include "storport_fixture.h"

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
}

static unsigned int tag_of(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	return container_of(srb, struct minirq_stor_request, srb) -
	       fake_stor_request(stor, 0);
}

static UCHAR status_of(struct fake_stor *stor, unsigned int tag)
{
	return fake_stor_request(stor, tag)->srb.SrbStatus;
}

/* HwStorStartIo of a device that has done it already */
static void complete_at_once(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	fake_stor_complete(stor, tag_of(stor, srb));
}

/* A251 */
static void storport_request_full_duplex(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	atomic_set(&stor->start.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_submit, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->start.entered));
	fake_stor_raise(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[2].left));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->start.inside), 1);
	KUNIT_EXPECT_EQ(test, stor->start.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* HwStorStartIo is held inside: the ISR of a message waits for it. */
static void expect_isr_waits(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	bool waits;
	int ran;

	start(test);
	atomic_set(&stor->start.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_submit, 0);
	fake_stor_prepare(stor, 2, fake_stor_raise, 2);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->start.entered));
	fake_stor_go(stor, 2);
	waits = fake_stor_isr_waits(stor, 2, 2, stor->job[1].task);
	ran = calls(&stor->message[2]);
	atomic_set(&stor->start.hold, 0);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, ran, 0);
	KUNIT_EXPECT_EQ(test, stor->start.irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[2].left));
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_DUPLEX), 1);
}

/* A250 */
static void storport_request_half_duplex(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->model = StorSynchronizeHalfDuplex;
	expect_isr_waits(test);
}

/* A252 */
static void storport_request_half_duplex_by_default(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->chooses_model = false;
	expect_isr_waits(test);
}

/* A250 */
/* The other way round: a request waits for an ISR. */
static void storport_request_half_duplex_waits(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	PKSPIN_LOCK lock;

	stor->model = StorSynchronizeHalfDuplex;
	start(test);
	lock = fake_stor_isr_lock(stor, 2);
	atomic_set(&stor->message[2].hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_raise, 2);
	fake_stor_prepare(stor, 2, fake_stor_submit, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[2].entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, fake_stor_at_lock(stor->job[2].task, lock));
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	atomic_set(&stor->message[2].hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->start.left));
}

/* A264 */
static void storport_request_start_io_lock_keeps_it_out(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	bool waits;
	int ran;

	start(test);
	fake_stor_prepare(stor, 1, fake_stor_submit, 0);
	StorPortAcquireSpinLock(stor->extension, StartIoLock, NULL, &handle);
	fake_stor_go(stor, 1);
	waits = fake_stor_at_lock(stor->job[1].task,
				  &stor->miniport->adapter.start_io);
	ran = calls(&stor->start);
	StorPortReleaseSpinLock(stor->extension, &handle);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, ran, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->start.left));
}

static void storport_request_starts_one_by_one(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	atomic_set(&stor->start.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_submit, 0);
	fake_stor_prepare(stor, 2, fake_stor_submit, 1);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->start.entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test,
			  fake_stor_at_lock(stor->job[2].task,
					    &stor->miniport->adapter.start_io));
	KUNIT_EXPECT_EQ(test, calls(&stor->build), 2);
	atomic_set(&stor->start.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->start.left, 2));
	KUNIT_EXPECT_EQ(test, stor->start.most, 1);
}

static void issue_for(struct fake_stor *stor, ULONG id)
{
	fake_stor_issue(stor, id);
}

static void complete_first(struct fake_stor *stor)
{
	fake_stor_complete(stor, 0);
}

/* From ISR to DPC to its initiator */
static void storport_request_completes_from_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_message = issue_for;
	stor->on_dpc = complete_first;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 0);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->done[0].left));
	KUNIT_EXPECT_EQ(test, stor->done[0].irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void complete_for(struct fake_stor *stor, ULONG id)
{
	fake_stor_complete(stor, id);
}

static void storport_request_completes_from_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_message = complete_for;
	start(test);
	fake_stor_submit(stor, 3);
	fake_irq_fire(stor->dev.irqs, 3);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->done[3].left));
	KUNIT_EXPECT_EQ(test, stor->done[3].irql, DISPATCH_LEVEL);
}

static void storport_request_second_end_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	fake_stor_submit(stor, 0);
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_REQUEST),
			1);
}

/* Before it is delivered */
static void storport_request_second_end_at_once(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	KIRQL old;

	start(test);
	fake_stor_submit(stor, 0);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_stor_complete(stor, 0);
	fake_stor_complete(stor, 0);
	KeLowerIrql(old);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_REQUEST),
			1);
}

static void storport_request_strange_srb_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	SCSI_REQUEST_BLOCK mine = { .SrbStatus = SRB_STATUS_SUCCESS };
	PSCSI_REQUEST_BLOCK last;

	start(test);
	last = &fake_stor_request(stor, FAKE_STOR_REQUESTS - 1)->srb;
	StorPortNotification(RequestComplete, stor->extension, &mine);
	StorPortNotification(RequestComplete, stor->extension,
			     (char *)last + sizeof(struct minirq_stor_request));
	StorPortNotification(RequestComplete, stor->extension,
			     (char *)last - 8);
	StorPortNotification(RequestComplete, stor->extension, NULL);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_REQUEST),
			4);
}

static void storport_request_pending_is_no_status(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	fake_stor_submit(stor, 0);
	StorPortNotification(RequestComplete, stor->extension,
			     &fake_stor_request(stor, 0)->srb);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_ERROR);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_PENDING),
			1);
}

static void storport_request_can_be_started_again(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int round;

	stor->on_start = complete_at_once;
	start(test);
	for (round = 0; round < 5; round++) {
		fake_stor_submit(stor, 0);
		fake_stor_settle();
	}
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 5);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 5);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_request_is_not_started_twice(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_stor_request *request;

	start(test);
	request = fake_stor_request(stor, 0);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, -EBUSY,
			minirq_stor_request_start(&stor->miniport->adapter,
						  request));
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
}

static void storport_request_refused_is_busy(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->started = FALSE;
	start(test);
	fake_stor_submit(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUSY);
}

/* A driver may complete a request and say FALSE all the same. */
static void storport_request_refused_but_complete(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->started = FALSE;
	stor->on_start = complete_at_once;
	start(test);
	fake_stor_submit(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_request_unbuilt_is_not_started(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->built = FALSE;
	stor->on_build = complete_at_once;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, stor->build.irql, DISPATCH_LEVEL);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
}

static void storport_request_has_an_extension(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	u64 *first, *second;

	start(test);
	first = fake_stor_request(stor, 0)->srb.SrbExtension;
	second = fake_stor_request(stor, 1)->srb.SrbExtension;
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_ASSERT_NOT_NULL(test, second);
	KUNIT_EXPECT_PTR_NE(test, first, second);
	KUNIT_EXPECT_EQ(test, *first, 0ULL);
}

static void storport_request_ends_with_the_adapter(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 5);
	fake_stor_halt(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[5]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[1]), 0);
	KUNIT_EXPECT_EQ(test, status_of(stor, 5), SRB_STATUS_NO_HBA);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			minirq_stor_request_start(&stor->miniport->adapter,
						  fake_stor_request(stor, 0)));
}

static void ask_for_perf_opts(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	PERF_CONFIGURATION_DATA data = {
		.Version = STOR_PERF_VERSION, .Size = sizeof(data),
	};

	stor->status = StorPortInitializePerfOpts(stor->extension, TRUE, &data);
}

/* A281 */
static void storport_request_no_perf_opts_in_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = ask_for_perf_opts;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_UNSUCCESSFUL);
}

/* Its state counts how often a request was used, which may be very often. */
static void storport_request_state_wraps(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	int i;

	start(test);
	stor->on_start = complete_at_once;
	atomic64_set(&fake_stor_request(stor, 0)->state, -2LL << 16);
	for (i = 1; i <= 3; i++) {
		fake_stor_submit(stor, 0);
		KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->done[0].left, i));
	}
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_request_full_duplex),
	KUNIT_CASE(storport_request_half_duplex),
	KUNIT_CASE(storport_request_half_duplex_by_default),
	KUNIT_CASE(storport_request_half_duplex_waits),
	KUNIT_CASE(storport_request_start_io_lock_keeps_it_out),
	KUNIT_CASE(storport_request_starts_one_by_one),
	KUNIT_CASE(storport_request_completes_from_dpc),
	KUNIT_CASE(storport_request_completes_from_isr),
	KUNIT_CASE(storport_request_second_end_is_reported),
	KUNIT_CASE(storport_request_second_end_at_once),
	KUNIT_CASE(storport_request_strange_srb_is_reported),
	KUNIT_CASE(storport_request_pending_is_no_status),
	KUNIT_CASE(storport_request_can_be_started_again),
	KUNIT_CASE(storport_request_is_not_started_twice),
	KUNIT_CASE(storport_request_refused_is_busy),
	KUNIT_CASE(storport_request_refused_but_complete),
	KUNIT_CASE(storport_request_unbuilt_is_not_started),
	KUNIT_CASE(storport_request_has_an_extension),
	KUNIT_CASE(storport_request_ends_with_the_adapter),
	KUNIT_CASE(storport_request_no_perf_opts_in_start_io),
	KUNIT_CASE(storport_request_state_wraps),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_request",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
