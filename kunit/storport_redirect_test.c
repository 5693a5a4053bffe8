// SPDX-License-Identifier: GPL-2.0-only
/* Where, and when, StorPort tells an initiator that a request is complete. */
#include "storport_fixture.h"

#define REDIRECTION	STOR_PERF_DPC_REDIRECTION
#define BATCHES		(REDIRECTION | \
			 STOR_PERF_OPTIMIZE_FOR_COMPLETION_DURING_STARTIO)

/* The performance options that HwStorInitialize asks for, and gets */
static ULONG wanted;

static void ask(struct fake_stor *stor)
{
	PERF_CONFIGURATION_DATA data = {
		.Version = STOR_PERF_VERSION, .Size = sizeof(data),
		.Flags = wanted,
	};

	stor->status = StorPortInitializePerfOpts(stor->extension, FALSE,
						  &data);
}

static void start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = ask;
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	KUNIT_ASSERT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
	fake_stor_give_requests(test);
}

/* Issued on CPU 2, completed on CPU 0: where does its initiator hear of it? */
static void expect_done_on(struct kunit *test, ULONG flags, unsigned int cpu)
{
	struct fake_stor *stor = test->priv;

	wanted = flags;
	start(test);
	fake_stor_prepare(stor, 2, fake_stor_submit, 0);
	fake_stor_go(stor, 2);
	join(stor->job[2].task);
	stor->job[2].task = NULL;
	fake_stor_complete(stor, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->done[0].left));
	KUNIT_EXPECT_EQ(test, stor->done_cpu[0], cpu);
}

static void storport_redirect_to_issuer(struct kunit *test)
{
	expect_done_on(test, REDIRECTION, 2);
}

static void storport_redirect_stays_without_redirection(struct kunit *test)
{
	expect_done_on(test, 0, 0);
}

static void storport_redirect_stays_on_current_cpu(struct kunit *test)
{
	expect_done_on(test,
		       REDIRECTION | STOR_PERF_DPC_REDIRECTION_CURRENT_CPU, 0);
}

static void note_done(struct minirq_stor_request *request)
{
	struct fake_stor *stor = request->context;

	atomic_set(&stor->flag, atomic_read(&stor->start.left) + 1);
}

static void complete_inside(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	fake_stor_complete(stor, 0);
	fake_stor_complete(stor, 1);
}

/* Two completions in one HwStorStartIo are delivered together, behind it. */
static void storport_redirect_batches_completions(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	KIRQL old;
	int done;

	wanted = BATCHES;
	start(test);
	fake_stor_submit(stor, 0);
	stor->on_start = complete_inside;
	fake_stor_request(stor, 1)->done = note_done;
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_stor_submit(stor, 1);
	done = calls(&stor->done[0]);
	KeLowerIrql(old);
	/* no DPC could run before */
	KUNIT_EXPECT_EQ(test, done, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 3);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* An initiator that starts a request again as soon as it is done */
static void start_again(struct minirq_stor_request *request)
{
	struct fake_stor *stor = request->context;

	stor->run.most = max(stor->run.most,
			     atomic_inc_return(&stor->run.inside));
	if (atomic_inc_return(&stor->run.entered) < 8)
		fake_stor_submit(stor, 1);
	atomic_dec(&stor->run.inside);
}

static void complete_at_once(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	fake_stor_complete(stor, 1);
}

/* A device that is always done at once does not use up the stack. */
static void storport_redirect_batch_does_not_recurse(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	wanted = BATCHES;
	start(test);
	stor->on_start = complete_at_once;
	fake_stor_request(stor, 1)->done = start_again;
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->run.entered, 8));
	KUNIT_EXPECT_LE(test, stor->run.most, 2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_redirect_to_issuer),
	KUNIT_CASE(storport_redirect_stays_without_redirection),
	KUNIT_CASE(storport_redirect_stays_on_current_cpu),
	KUNIT_CASE(storport_redirect_batches_completions),
	KUNIT_CASE(storport_redirect_batch_does_not_recurse),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_redirect",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
