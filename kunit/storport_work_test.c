// SPDX-License-Identifier: GPL-2.0-only
/* StorPort work items, and what init code asks about the system. */
#include "../src/irql.h"
#include "storport_fixture.h"

/* What the routine of a work item saw, and what it does */
static struct {
	atomic_t entered;
	atomic_t left;
	atomic_t hold;
	KIRQL irql;
	void *args[3];
	ULONG freed;
	bool frees_itself;
	bool queues_itself;
} seen;

static VOID work_routine(PVOID extension, PVOID context, PVOID worker)
{
	int again = atomic_inc_return(&seen.entered) == 1 && seen.queues_itself;

	seen.irql = KeGetCurrentIrql();
	seen.args[0] = extension;
	seen.args[1] = context;
	seen.args[2] = worker;
	while (atomic_read(&seen.hold) && !wait_for_count(&seen.left, 100))
		;
	if (again)
		StorPortQueueWorkItem(extension, work_routine, worker, context);
	if (seen.frees_itself)
		seen.freed = StorPortFreeWorker(extension, worker);
	atomic_inc(&seen.left);
}

static int init(struct kunit *test)
{
	memset(&seen, 0, sizeof(seen));
	return fake_stor_init(test);
}

static void *worker_of(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *worker = NULL;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortInitializeWorker(stor->extension, &worker));
	KUNIT_ASSERT_NOT_NULL(test, worker);
	return worker;
}

static ULONG queue(struct fake_stor *stor, void *worker)
{
	return StorPortQueueWorkItem(stor->extension, work_routine, worker,
				     &seen);
}

static void storport_work_runs_at_passive(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *worker = worker_of(test);
	KIRQL old;
	ULONG status;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	status = queue(stor, worker);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.left));
	KUNIT_EXPECT_EQ(test, seen.irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_PTR_EQ(test, seen.args[0], stor->extension);
	KUNIT_EXPECT_PTR_EQ(test, seen.args[1], (void *)&seen);
	KUNIT_EXPECT_PTR_EQ(test, seen.args[2], worker);
}

static void storport_work_queues_itself(struct kunit *test)
{
	void *worker = worker_of(test);

	seen.queues_itself = true;
	queue(test->priv, worker);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&seen.left, 2));
}

static void storport_work_queued_is_busy(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *worker = worker_of(test);
	ULONG again, early;
	KIRQL old;

	/* it cannot run before it is queued again: it runs, and is held */
	atomic_set(&seen.hold, 1);
	queue(stor, worker);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	KUNIT_EXPECT_EQ(test, queue(stor, worker), STOR_STATUS_SUCCESS);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	again = queue(stor, worker);
	early = StorPortFreeWorker(stor->extension, worker);
	KeLowerIrql(old);
	atomic_set(&seen.hold, 0);
	atomic_set(&seen.left, 100);
	KUNIT_EXPECT_EQ(test, again, STOR_STATUS_BUSY);
	KUNIT_EXPECT_EQ(test, early, STOR_STATUS_BUSY);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&seen.left, 102));
}

static void storport_work_frees_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *worker = worker_of(test);

	seen.frees_itself = true;
	queue(stor, worker);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.left));
	KUNIT_EXPECT_EQ(test, seen.freed, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, StorPortFreeWorker(stor->extension, worker),
			STOR_STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, queue(stor, worker),
			STOR_STATUS_INVALID_PARAMETER);
}

static void storport_work_refuses_nonsense(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *worker = worker_of(test);
	void *ext = stor->extension;
	ULONG high[3];
	KIRQL old;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeWorker(NULL, &worker));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeWorker(ext, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortQueueWorkItem(ext, NULL, worker, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortFreeWorker(ext, NULL));
	KeRaiseIrql(MINIRQ_DIRQL, &old);
	high[0] = StorPortInitializeWorker(ext, &worker);
	high[1] = queue(stor, worker);
	high[2] = StorPortFreeWorker(ext, worker);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, high[0], STOR_STATUS_INVALID_IRQL);
	KUNIT_EXPECT_EQ(test, high[1], STOR_STATUS_INVALID_IRQL);
	KUNIT_EXPECT_EQ(test, high[2], STOR_STATUS_INVALID_IRQL);
}

static void stop_adapter(struct fake_stor *stor, unsigned int unused)
{
	fake_stor_halt(stor);
	atomic_set(&stor->flag, 1);
}

static void storport_work_is_waited_for(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *worker = worker_of(test);

	atomic_set(&seen.hold, 1);
	fake_stor_prepare(stor, 1, stop_adapter, 0);
	queue(stor, worker);
	KUNIT_EXPECT_TRUE(test, wait_for(&seen.entered));
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->stop.left));
	KUNIT_EXPECT_TRUE(test, stays_clear(&stor->flag));
	atomic_set(&seen.hold, 0);
	atomic_set(&seen.left, 100);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
	KUNIT_EXPECT_EQ(test, atomic_read(&seen.left), 101);
	KUNIT_EXPECT_EQ(test, queue(stor, worker),
			STOR_STATUS_INVALID_DEVICE_STATE);
}

static void storport_work_processors(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	PROCESSOR_NUMBER number = { .Number = 99 };
	KAFFINITY group[2] = { 0, 77 };
	USHORT groups = 0;
	void *ext;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	ext = stor->extension;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetCurrentProcessorNumber(ext, &number));
	KUNIT_EXPECT_EQ(test, number.Number, 0);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetActiveGroupCount(ext, &groups));
	KUNIT_EXPECT_EQ(test, groups, 1);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetGroupAffinity(ext, 0, &group[0]));
	KUNIT_EXPECT_EQ(test, group[0], (1ULL << num_online_cpus()) - 1);
	/* it is a mask, and nothing behind it is written to */
	KUNIT_EXPECT_EQ(test, group[1], 77);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetGroupAffinity(ext, 1, &group[1]));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetCurrentProcessorNumber(ext, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetActiveGroupCount(ext, NULL));
}

static void storport_work_nodes(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	GROUP_AFFINITY node = {};
	ULONG count = 0, highest = 99;
	void *ext;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	ext = stor->extension;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetActiveNodeCount(ext, &count));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetHighestNodeNumber(ext, &highest));
	KUNIT_EXPECT_EQ(test, highest, count - 1);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetNodeAffinity(ext, highest, &node));
	KUNIT_EXPECT_NE(test, node.Mask, 0ULL);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetNodeAffinity(ext, highest + 1, &node));
}

static void storport_work_time_goes_on(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	LARGE_INTEGER frequency, first, second, time;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	StorPortQueryPerformanceCounter(stor->extension, &frequency, &first);
	StorPortQueryPerformanceCounter(stor->extension, NULL, &second);
	KUNIT_EXPECT_GT(test, frequency.QuadPart, 0LL);
	KUNIT_EXPECT_GE(test, second.QuadPart, first.QuadPart);
	StorPortQuerySystemTime(&time);
	/* it is not 1970 any more, as the year 1601 counts it */
	KUNIT_EXPECT_GT(test, time.QuadPart, 116444736000000000LL);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortQueryPerformanceCounter(stor->extension, NULL,
							NULL));
}

static void storport_work_no_watchdog(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_DPC_WATCHDOG_INFORMATION info;
	ULONG status, null;
	KIRQL irql, old;

	memset(&info, 0xa5, sizeof(info));
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_UNSUCCESSFUL,
			StorPortQueryDpcWatchdogInformation(stor->extension,
							    &info));
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	status = StorPortQueryDpcWatchdogInformation(stor->extension, &info);
	null = StorPortQueryDpcWatchdogInformation(stor->extension, NULL);
	StorPortGetCurrentIrql(stor->extension, &irql);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, null, STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, info.DpcTimeLimit, 0U);
	KUNIT_EXPECT_EQ(test, info.DpcWatchdogLimit, 0U);
	KUNIT_EXPECT_EQ(test, irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetCurrentIrql(stor->extension, NULL));
}

static void storport_work_no_function_no_config(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	u32 id;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, 0U,
			StorPortGetBusData(stor->extension, PCIConfiguration, 0,
					   0, &id, sizeof(id)));
	KUNIT_EXPECT_EQ(test, 0U,
			StorPortGetBusData(NULL, PCIConfiguration, 0, 0, &id,
					   sizeof(id)));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_work_runs_at_passive),
	KUNIT_CASE(storport_work_queues_itself),
	KUNIT_CASE(storport_work_queued_is_busy),
	KUNIT_CASE(storport_work_frees_itself),
	KUNIT_CASE(storport_work_refuses_nonsense),
	KUNIT_CASE(storport_work_is_waited_for),
	KUNIT_CASE(storport_work_processors),
	KUNIT_CASE(storport_work_nodes),
	KUNIT_CASE(storport_work_time_goes_on),
	KUNIT_CASE(storport_work_no_watchdog),
	KUNIT_CASE(storport_work_no_function_no_config),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_work",
	.init = init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
