// SPDX-License-Identifier: GPL-2.0-only
/* Requests of a StorPort miniport that are held back keep their order. */
#include "../src/storport_gate.h"
#include "storport_fixture.h"

#define LONG_TIME	3600	/* seconds */

/* The tags in the order in which HwStorStartIo has seen them */
static struct {
	atomic_t count;
	unsigned int tag[FAKE_STOR_REQUESTS];
} seen;

static int init(struct kunit *test)
{
	memset(&seen, 0, sizeof(seen));
	return fake_stor_init(test);
}

static unsigned int tag_of(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	return container_of(srb, struct minirq_stor_request, srb) -
	       fake_stor_request(stor, 0);
}

static void note_tag(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	seen.tag[atomic_read(&seen.count)] = tag_of(stor, srb);
	atomic_inc(&seen.count);
}

static void *start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = note_tag;
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
	return stor->extension;
}

static void expect_in_order(struct kunit *test, unsigned int count)
{
	unsigned int i;

	KUNIT_EXPECT_TRUE(test, wait_for_count(&seen.count, count));
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ(test, seen.tag[i], i);
}

/* What held them back is over, but the DPC that starts them has not run. */
static void storport_held_before_release(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	KIRQL old;

	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	StorPortResume(extension);
	fake_stor_submit(stor, 2);
	KeLowerIrql(old);
	expect_in_order(test, 3);
}

static void storport_held_by_unit_before_release(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	KIRQL old;

	StorPortSetDeviceQueueDepth(extension, 0, 0, 0, 1);
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_stor_complete(stor, 0);
	fake_stor_submit(stor, 2);
	KeLowerIrql(old);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.count), 2);
	fake_stor_complete(stor, 1);
	expect_in_order(test, 3);
}

static void resume(struct fake_stor *stor, unsigned int unused)
{
	StorPortResume(stor->extension);
}

/* The first one is on its way to HwStorStartIo, where another could pass it. */
static void storport_held_while_released(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 0);
	atomic_set(&stor->build.hold, 1);
	fake_stor_prepare(stor, 1, resume, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->build.entered));
	fake_stor_prepare(stor, 2, fake_stor_submit, 1);
	fake_stor_go(stor, 2);
	join(stor->job[2].task);
	stor->job[2].task = NULL;
	KUNIT_EXPECT_EQ(test, calls(&stor->build), 1);
	atomic_set(&stor->build.hold, 0);
	expect_in_order(test, 2);
}

/* Nobody is held back once all have been let go. */
static void storport_held_no_longer(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 0);
	StorPortResume(extension);
	fake_stor_settle();
	fake_stor_submit(stor, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 2);
	KUNIT_EXPECT_FALSE(test, stor->miniport->adapter.gate->armed);
}

/* A completion that lets nobody go has no DPC look. */
static void storport_held_by_two(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	bool looks;
	KIRQL old;

	StorPortSetDeviceQueueDepth(extension, 0, 0, 0, 1);
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
	StorPortPause(extension, LONG_TIME);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_stor_complete(stor, 0);
	looks = stor->miniport->adapter.gate->releasing;
	KeLowerIrql(old);
	KUNIT_EXPECT_FALSE(test, looks);
	fake_stor_settle();
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.count), 1);
	StorPortResume(extension);
	expect_in_order(test, 2);
}

/* More than are let go at a time */
#define MANY	1000

/* How often an initiator has started a request again */
static atomic_t again;

static void ask_for_redirection(struct fake_stor *stor)
{
	PERF_CONFIGURATION_DATA data = {
		.Version = STOR_PERF_VERSION,
		.Size = sizeof(data),
		.Flags = STOR_PERF_DPC_REDIRECTION,
	};

	StorPortInitializePerfOpts(stor->extension, FALSE, &data);
}

/* On the CPU that started the request */
static void start_again(struct minirq_stor_request *request)
{
	struct fake_stor *stor = request->context;

	fake_stor_submit(stor, tag_of(stor, &request->srb));
	atomic_inc(&again);
}

/*
 * A device that is done with one request when it is given the other. It is given
 * the next one only when that is held: there is always one more to let go, until
 * another DPC has had its turn.
 */
static void complete_other(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	int nth = atomic_inc_return(&seen.count);

	if (nth == 1) {
		fake_stor_issue(stor, 0);
		return;
	}
	if (calls(&stor->run) || nth == MANY)
		return;
	fake_stor_complete(stor, !tag_of(stor, srb));
	spin_for_count(&again, nth - 1);
}

static void submit_two(struct fake_stor *stor, unsigned int unused)
{
	fake_stor_submit(stor, 0);
	fake_stor_submit(stor, 1);
}

/* Letting go without end lets other DPCs have their turn. */
static void storport_held_without_end(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension;

	atomic_set(&again, 0);
	stor->on_initialize = ask_for_redirection;
	extension = start(test);
	stor->on_start = complete_other;
	fake_stor_request(stor, 0)->done = start_again;
	fake_stor_request(stor, 1)->done = start_again;
	StorPortPause(extension, LONG_TIME);
	fake_stor_prepare(stor, 1, submit_two, 0);
	fake_stor_go(stor, 1);
	join(stor->job[1].task);
	stor->job[1].task = NULL;
	StorPortResume(extension);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.left));
	fake_stor_settle();
	KUNIT_EXPECT_GT(test, atomic_read(&again), 1);
	KUNIT_EXPECT_LT(test, atomic_read(&seen.count), MANY);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_held_before_release),
	KUNIT_CASE(storport_held_by_unit_before_release),
	KUNIT_CASE(storport_held_while_released),
	KUNIT_CASE(storport_held_no_longer),
	KUNIT_CASE(storport_held_by_two),
	KUNIT_CASE(storport_held_without_end),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_held",
	.init = init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
