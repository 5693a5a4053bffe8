// SPDX-License-Identifier: GPL-2.0-only
/* How a StorPort adapter goes down. */
#include "../src/dpc.h"
#include "../src/irql.h"
#include "storport_fixture.h"

#define N	FAKE_STOR_MESSAGES

static void storport_stop_disconnects(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_TRUE(test, fake_stor_connected(stor));
	fake_stor_halt(stor);
	KUNIT_EXPECT_FALSE(test, fake_stor_connected(stor));
}

static void storport_stop_allows_new_start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_irqs *irqs = fake_irq_messages(test, N);

	fake_stor_start(test, irqs);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
	fake_stor_start(test, irqs);
	fake_irq_fire(irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

static void watch_message_0(struct fake_stor *stor)
{
	fake_stor_go(stor, 1);
	stor->status = fake_stor_isr_waits(stor, 1, 0, current);
	atomic_set(&stor->flag, fake_stor_isrs(stor));
}

/* OP-30 */
static void storport_stop_is_told_under_lock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	stor->on_stop = watch_message_0;
	fake_stor_halt(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->stop), 1);
	KUNIT_EXPECT_EQ(test, stor->stop.irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_TRUE(test, stor->status);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
}

/* Stops the adapter, and says when that is done. */
static void stop_adapter(struct fake_stor *stor, unsigned int unused)
{
	fake_stor_halt(stor);
	atomic_set(&stor->flag, 1);
}

static bool stops_or_stopped(void *arg)
{
	struct fake_stor *stor = arg;

	return !fake_stor_connected(stor) &&
	       (atomic_read(&stor->flag) || is_asleep(stor->job[2].task));
}

static void storport_stop_waits_for_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	atomic_set(&stor->run.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_issue, 0);
	fake_stor_prepare(stor, 2, stop_adapter, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_until(stops_or_stopped, stor));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	atomic_set(&stor->run.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
}

/* The first run lets the stop come as far as it can, then queues a second. */
static void insert_again_then_watch(struct fake_stor *stor)
{
	stor->status = stays_clear(&stor->flag);
	if (calls(&stor->run) == 1)
		minirq_dpc_insert_on(&stor->dpc.Dpc, 1, NULL, NULL);
}

/*
 * A DPC may be past the check of StorPortIssueDpc() when the stop begins. What
 * it then queues stands behind the stop's first look at the queue.
 */
static void storport_stop_waits_for_late_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_dpc = insert_again_then_watch;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	atomic_set(&stor->run.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_issue, 0);
	fake_stor_prepare(stor, 2, stop_adapter, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_until(stops_or_stopped, stor));
	atomic_set(&stor->run.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->run.left), 2);
	KUNIT_EXPECT_TRUE(test, stor->status);
}

static void issue_after_stop_began(struct fake_stor *stor, ULONG id)
{
	fake_stor_issue(stor, id);
}

static bool stopping(void *stor)
{
	return READ_ONCE(((struct fake_stor *)stor)->miniport->adapter.phase) ==
	       MINIRQ_STOR_STOPPING;
}

/* The last ISR may leave a DPC behind; it runs before the stop is done. */
static void storport_stop_runs_dpc_of_last_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	/* which would wait for the ISR */
	stor->driver.data.HwAdapterControl = NULL;
	stor->on_message = issue_after_stop_began;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	atomic_set(&stor->message[0].hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	fake_stor_prepare(stor, 2, stop_adapter, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[0].entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_until(stopping, stor));
	atomic_set(&stor->message[0].hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->issued), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->run.left), 1);
}

static void issue_again(struct fake_stor *stor)
{
	fake_stor_issue(stor, 0);
}

static void storport_stop_ends_endless_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	int runs;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	stor->on_dpc = issue_again;
	fake_stor_issue(stor, 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->run.left, 100));
	fake_stor_halt(stor);
	runs = calls(&stor->run);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->refused), 1);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, calls(&stor->run), runs);
}

static void storport_stop_refuses_later_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	fake_stor_halt(stor);
	fake_stor_issue(stor, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->refused), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 0);
}

static void mask_message_0(struct fake_stor *stor)
{
	stor->status = StorPortMaskMsixInterrupt(stor->extension, 0, TRUE);
}

/* What a DPC uses is there until the last DPC is over. */
static void storport_stop_leaves_dpc_its_table(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_dpc = mask_message_0;
	stor->status = STOR_STATUS_UNSUCCESSFUL;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	atomic_set(&stor->run.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_issue, 0);
	fake_stor_prepare(stor, 2, stop_adapter, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_until(stops_or_stopped, stor));
	atomic_set(&stor->run.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_stop_disconnects),
	KUNIT_CASE(storport_stop_allows_new_start),
	KUNIT_CASE(storport_stop_is_told_under_lock),
	KUNIT_CASE(storport_stop_waits_for_dpc),
	KUNIT_CASE(storport_stop_waits_for_late_dpc),
	KUNIT_CASE(storport_stop_runs_dpc_of_last_isr),
	KUNIT_CASE(storport_stop_ends_endless_dpc),
	KUNIT_CASE(storport_stop_refuses_later_dpc),
	KUNIT_CASE(storport_stop_leaves_dpc_its_table),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_stop",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
