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

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_threaded_takes_its_lock),
	KUNIT_CASE(storport_threaded_switched_off),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_threaded",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
