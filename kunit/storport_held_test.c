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

static void note_tag(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	seen.tag[atomic_read(&seen.count)] =
		container_of(srb, struct minirq_stor_request, srb) -
		fake_stor_request(stor, 0);
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

/* A device that is done at once, and an initiator that has always more */
static void complete_at_once(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	atomic_inc(&seen.count);
	fake_stor_complete(stor, 0);
}

static void start_again(struct minirq_stor_request *request)
{
	struct fake_stor *stor = request->context;

	if (!atomic_read(&stor->flag))
		fake_stor_submit(stor, 0);
}

/* Releasing without end lets other softirqs have their turn, and a flush end. */
static void storport_held_without_end(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);

	stor->on_start = complete_at_once;
	fake_stor_request(stor, 0)->done = start_again;
	StorPortSetDeviceQueueDepth(extension, 0, 0, 0, 1);
	StorPortPause(extension, LONG_TIME);
	fake_stor_submit(stor, 0);
	StorPortResume(extension);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&seen.count, 100));
	fake_stor_settle();
	atomic_set(&stor->flag, 1);
	fake_stor_settle();
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_held_before_release),
	KUNIT_CASE(storport_held_by_unit_before_release),
	KUNIT_CASE(storport_held_while_released),
	KUNIT_CASE(storport_held_no_longer),
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
