// SPDX-License-Identifier: GPL-2.0-only
/* STOR_DPCs that a driver has made threaded ones. */

#include "../src/dpc_threaded.h"
#include "storport_fixture.h"

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
}

/* What a threaded routine saw */
static struct {
	STOR_DPC dpc;
	STOR_LOCK_HANDLE handle;
	KIRQL before;
	KIRQL held;
	KIRQL after;
	ULONG status;
	ULONG watchdog;
} threaded;

static VOID never_run(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
}

static VOID threaded_routine(PKDPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
	STOR_DPC_WATCHDOG_INFORMATION information;

	threaded.before = KeGetCurrentIrql();
	threaded.watchdog = StorPortQueryDpcWatchdogInformation(extension,
								&information);
	threaded.status = StorPortAcquireSpinLockEx(extension, ThreadedDpcLock,
						    &threaded.dpc,
						    &threaded.handle);
	threaded.held = KeGetCurrentIrql();
	StorPortReleaseSpinLock(extension, &threaded.handle);
	threaded.after = KeGetCurrentIrql();
}

/*
 * No call of StorPort makes a threaded STOR_DPC, but the KDPC in it may be made
 * one. It runs at PASSIVE_LEVEL, from where its lock raises the level.
 */
static void storport_threaded_takes_its_lock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	StorPortInitializeDpc(stor->extension, &threaded.dpc, never_run);
	KeInitializeThreadedDpc(&threaded.dpc.Dpc, threaded_routine,
				stor->extension);
	KUNIT_EXPECT_EQ(test, TRUE,
			StorPortIssueDpc(stor->extension, &threaded.dpc, NULL,
					 NULL));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, threaded.status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, threaded.watchdog, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, threaded.before, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, threaded.held, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, threaded.after, PASSIVE_LEVEL);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&threaded.dpc.Lock));
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* Where threaded DPCs are switched off it is an ordinary one. */
static void storport_threaded_switched_off(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	StorPortInitializeDpc(stor->extension, &threaded.dpc, never_run);
	minirq_dpc_threaded_enabled = false;
	KeInitializeThreadedDpc(&threaded.dpc.Dpc, threaded_routine,
				stor->extension);
	StorPortIssueDpc(stor->extension, &threaded.dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	minirq_dpc_threaded_enabled = true;
	KUNIT_EXPECT_EQ(test, threaded.status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, threaded.before, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, threaded.after, DISPATCH_LEVEL);
}

static void initialize_again(struct fake_stor *stor,
			     PPORT_CONFIGURATION_INFORMATION config)
{
	PKDPC dpc = &stor->dpc.Dpc;

	KeInitializeThreadedDpc(dpc, dpc->DeferredRoutine,
				dpc->DeferredContext);
}

static KDPC marker;

static VOID mark(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct fake_stor *stor = context;

	atomic_set(&stor->flag, 1);
}

/* When the marker runs, what was issued for this CPU before it has had its turn. */
static void issue_and_mark(struct fake_stor *stor, unsigned int id)
{
	fake_stor_issue(stor, id);
	KeInsertQueueDpc(&marker, NULL, NULL);
}

/* Its routine is held on CPU 1 while it is issued on CPU 2. */
static void expect_no_overlap(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_find = initialize_again;
	start(test);
	KeInitializeThreadedDpc(&marker, mark, stor);
	atomic_set(&stor->run.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_issue, 0);
	fake_stor_prepare(stor, 2, issue_and_mark, 1);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	atomic_set(&stor->run.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->run.left, 2));
	KUNIT_EXPECT_EQ(test, stor->run.most, 1);
}

/* A258 */
static void storport_threaded_never_overlaps_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	expect_no_overlap(test);
	KUNIT_EXPECT_EQ(test, stor->run.irql, PASSIVE_LEVEL);
}

/* A258 */
static void storport_threaded_switched_off_never_overlaps_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	minirq_dpc_threaded_enabled = false;
	expect_no_overlap(test);
	minirq_dpc_threaded_enabled = true;
	KUNIT_EXPECT_EQ(test, stor->run.irql, DISPATCH_LEVEL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_threaded_takes_its_lock),
	KUNIT_CASE(storport_threaded_switched_off),
	KUNIT_CASE(storport_threaded_never_overlaps_itself),
	KUNIT_CASE(storport_threaded_switched_off_never_overlaps_itself),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_threaded",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
