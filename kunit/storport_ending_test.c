// SPDX-License-Identifier: GPL-2.0-only
/* Requests of a StorPort miniport that are ended while they are being started. */
#include "storport_fixture.h"

/* A hook has been entered, and may go on. */
static struct {
	atomic_t entered;
	atomic_t go;
} hook;

static int init(struct kunit *test)
{
	memset(&hook, 0, sizeof(hook));
	return fake_stor_init(test);
}

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
}

static UCHAR status_of(struct fake_stor *stor, unsigned int tag)
{
	return fake_stor_request(stor, tag)->srb.SrbStatus;
}

static void end_all(struct fake_stor *stor)
{
	StorPortCompleteRequest(stor->extension, SP_UNTAGGED, SP_UNTAGGED,
				SP_UNTAGGED, SRB_STATUS_BUS_RESET);
}

static void stay(void)
{
	atomic_set(&hook.entered, 1);
	spin_for(&hook.go);
}

/* Request 0 is started on CPU 1, and comes to where its hook stays. */
static void start_until_hook(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_prepare(stor, 1, fake_stor_submit, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&hook.entered));
}

static void go_on(struct fake_stor *stor)
{
	atomic_set(&hook.go, 1);
	join(stor->job[1].task);
	stor->job[1].task = NULL;
	fake_stor_settle();
}

static void use_list(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	PSTOR_SCATTER_GATHER_LIST list =
		StorPortGetScatterGatherList(stor->extension, srb);

	stay();
	stor->status = list ? list->NumberOfElements : 0;
}

/* What HwStorBuildIo works with stays, and HwStorStartIo is not called. */
static void storport_ending_in_build_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	PSCSI_REQUEST_BLOCK srb;

	stor->on_build = use_list;
	start(test);
	srb = &fake_stor_request(stor, 0)->srb;
	srb->DataBuffer = kunit_kzalloc(test, 64, GFP_KERNEL);
	srb->DataTransferLength = 64;
	start_until_hook(test);
	end_all(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 0);
	go_on(stor);
	KUNIT_EXPECT_EQ(test, stor->status, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUS_RESET);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void stay_in_start_io(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	stay();
}

static void storport_ending_in_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = stay_in_start_io;
	start(test);
	start_until_hook(test);
	end_all(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 0);
	go_on(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUS_RESET);
	fake_stor_complete(stor, 0);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_REQUEST),
			1);
}

/* One that the driver refuses as well is not tried again. */
static void storport_ending_refused(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = stay_in_start_io;
	stor->started = FALSE;
	start(test);
	start_until_hook(test);
	end_all(stor);
	go_on(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUS_RESET);
}

/* A reset, which keeps HwStorStartIo out, ends what waits for it. */
static void storport_ending_before_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	bool waits;

	start(test);
	fake_stor_prepare(stor, 1, fake_stor_submit, 0);
	StorPortAcquireSpinLock(stor->extension, StartIoLock, NULL, &handle);
	fake_stor_go(stor, 1);
	waits = fake_stor_at_lock(stor->job[1].task,
				  &stor->miniport->adapter.start_io);
	end_all(stor);
	StorPortReleaseSpinLock(stor->extension, &handle);
	go_on(stor);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, calls(&stor->build), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUS_RESET);
}

static void complete_late(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	stay();
	fake_stor_complete(stor, 0);
}

/* The driver itself comes first. */
static void storport_ending_completed_by_driver(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = complete_late;
	start(test);
	start_until_hook(test);
	end_all(stor);
	go_on(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* HwStorStartIo of a request that resets: all others, and at last itself */
static void reset_all(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	end_all(stor);
	fake_stor_complete(stor, 1);
}

static void storport_ending_by_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	fake_stor_submit(stor, 0);
	stor->on_start = reset_all;
	fake_stor_submit(stor, 1);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 0), SRB_STATUS_BUS_RESET);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[1]), 1);
	KUNIT_EXPECT_EQ(test, status_of(stor, 1), SRB_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_ending_in_build_io),
	KUNIT_CASE(storport_ending_in_start_io),
	KUNIT_CASE(storport_ending_refused),
	KUNIT_CASE(storport_ending_before_start_io),
	KUNIT_CASE(storport_ending_completed_by_driver),
	KUNIT_CASE(storport_ending_by_itself),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_ending",
	.init = init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
