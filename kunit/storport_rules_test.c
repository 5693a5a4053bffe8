// SPDX-License-Identifier: GPL-2.0-only
/*
 * The StorPort locks that only the newer call takes, those of a driver's own, the
 * calls that arrive by number, and what a routine may not leave behind.
 */
#include <linux/smp.h>
#include <linux/string.h>

#include "../src/irql.h"
#include "storport_fixture.h"

static STOR_DPC own_dpc;
static STOR_KSPIN_LOCK own_lock;

static void *context_of(STOR_SPINLOCK kind)
{
	switch (kind) {
	case DpcLock:
	case ThreadedDpcLock:
		return &own_dpc;
	case DpcLevelLock:
		return &own_lock;
	default:
		return NULL;
	}
}

static ULONG take(struct fake_stor *stor, STOR_SPINLOCK kind,
		  PSTOR_LOCK_HANDLE handle)
{
	return StorPortAcquireSpinLockEx(stor->extension, kind,
					 context_of(kind), handle);
}

static void drop(struct fake_stor *stor, PSTOR_LOCK_HANDLE handle)
{
	if (handle->Lock)
		StorPortReleaseSpinLock(stor->extension, handle);
}

static VOID no_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
}

static void start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
	StorPortInitializeDpc(stor->extension, &own_dpc, no_routine);
	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortInitializeSpinlock(stor->extension, &own_lock));
}

/* A273 */
static void storport_rules_initialize_spinlock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_KSPIN_LOCK lock;

	start(test);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortInitializeSpinlock(stor->extension, &lock));
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&lock));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			(StorPortInitializeSpinlock)(stor->extension, &lock));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeSpinlock(stor->extension, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeSpinlock(NULL, &lock));
}

/* A271 */
static void storport_rules_dpc_level_lock_at_passive(struct kunit *test)
{
	STOR_LOCK_HANDLE handle;

	start(test);
	KUNIT_EXPECT_EQ(test, take(test->priv, DpcLevelLock, &handle),
			STOR_STATUS_INVALID_IRQL);
	KUNIT_EXPECT_EQ(test, (int)handle.Lock, 0);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&own_lock));
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void storport_rules_dpc_level_lock_at_dispatch(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	KIRQL old, inside, after;
	bool taken, freed;

	start(test);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	take(stor, DpcLevelLock, &handle);
	inside = KeGetCurrentIrql();
	taken = !KeTestSpinLock(&own_lock);
	drop(stor, &handle);
	after = KeGetCurrentIrql();
	freed = KeTestSpinLock(&own_lock);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, taken);
	KUNIT_EXPECT_TRUE(test, freed);
	KUNIT_EXPECT_EQ(test, inside, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* A272 */
static void storport_rules_unknown_kinds(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;

	start(test);
	KUNIT_EXPECT_EQ(test, take(stor, InvalidLock, &handle),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, take(stor, 99, &handle),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortAcquireSpinLockEx(stor->extension, DpcLock,
						  NULL, &handle));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			take(stor, StartIoLock, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortAcquireSpinLockEx(NULL, StartIoLock, NULL,
						  &handle));
}

static void storport_rules_ex_takes_every_kind(struct kunit *test)
{
	static const STOR_SPINLOCK kinds[] = {
		DpcLock, StartIoLock, InterruptLock, ThreadedDpcLock,
	};
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	unsigned int i;

	start(test);
	for (i = 0; i < ARRAY_SIZE(kinds); i++) {
		KUNIT_EXPECT_EQ(test, take(stor, kinds[i], &handle),
				STOR_STATUS_SUCCESS);
		drop(stor, &handle);
	}
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* The inlines of Windows' header, as a source that calls by code has them */
static void storport_rules_by_notification(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	LONG result = -1;
	KIRQL inside;

	start(test);
	StorPortNotification(AcquireSpinLock, stor->extension, InterruptLock,
			     NULL, &handle);
	inside = KeGetCurrentIrql();
	StorPortNotification(ReleaseSpinLock, stor->extension, &handle);
	KUNIT_EXPECT_EQ(test, inside, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	StorPortNotification(IssueDpc, stor->extension, &stor->dpc, NULL, NULL,
			     &result);
	KUNIT_EXPECT_EQ(test, result, TRUE);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
	StorPortNotification(99, stor->extension);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor,
					  MINIRQ_RULE_STOR_NOTIFICATION), 1);
}

static void storport_rules_by_function_code(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	MESSAGE_INTERRUPT_INFORMATION info = {};
	PERF_CONFIGURATION_DATA data;
	ULONG old = 99;
	ULONG status;

	start(test);
	status = StorPortExtendedFunction(ExtFunctionGetMessageInterruptInformation,
					  stor->extension, 2, &info);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, info.MessageId, 2U);
	status = StorPortExtendedFunction(ExtFunctionAcquireMSISpinLock,
					  stor->extension, 2, &old);
	StorPortExtendedFunction(ExtFunctionReleaseMSISpinLock,
				 stor->extension, 2, old);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	status = StorPortExtendedFunction(ExtFunctionInitializePerformanceOptimizations,
					  stor->extension, TRUE, &data);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_UNSUCCESSFUL);
	status = StorPortExtendedFunction(9999, stor->extension);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_NOT_IMPLEMENTED);
}

static void storport_rules_system_by_function_code(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	KAFFINITY processors = 0, expected = 0;
	ULONG nodes = 0, highest = ~0U;
	GROUP_AFFINITY node = {};
	USHORT groups = 0;

	start(test);
	StorPortGetGroupAffinity(stor->extension, 0, &expected);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetGroupAffinity,
						 stor->extension, 0,
						 &processors));
	KUNIT_EXPECT_EQ(test, processors, expected);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetActiveGroupCount,
						 stor->extension, &groups));
	KUNIT_EXPECT_EQ(test, groups, 1);
	StorPortExtendedFunction(ExtFunctionGetActiveNodeCount, stor->extension,
				 &nodes);
	KUNIT_EXPECT_GE(test, nodes, 1U);
	StorPortExtendedFunction(ExtFunctionGetHighestNodeNumber,
				 stor->extension, &highest);
	KUNIT_EXPECT_EQ(test, highest, nodes - 1);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetNodeAffinity,
						 stor->extension, 0, &node));
	KUNIT_EXPECT_NE(test, node.Mask & expected, 0ULL);
}

static void storport_rules_processor_by_function_code(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	PROCESSOR_NUMBER number = {};
	unsigned int cpu;
	ULONG status;
	KIRQL old;

	start(test);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	cpu = smp_processor_id();
	status = StorPortExtendedFunction(ExtFunctionGetCurrentProcessorNumber,
					  stor->extension, &number);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, number.Number, cpu);
}

static void leave_start_io_lock(struct fake_stor *stor)
{
	STOR_LOCK_HANDLE handle;

	StorPortAcquireSpinLock(stor->extension, StartIoLock, NULL, &handle);
}

static void leave_interrupt_lock(struct fake_stor *stor,
				 PSCSI_REQUEST_BLOCK srb)
{
	STOR_LOCK_HANDLE handle;

	StorPortAcquireSpinLock(stor->extension, InterruptLock, NULL, &handle);
}

/* A268 */
static void storport_rules_left_lock_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = leave_interrupt_lock;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

/* A268 */
static void storport_rules_left_lock_of_passive_routine(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->wants_passive = true;
	stor->on_passive = leave_start_io_lock;
	start(test);
	/* the routine may not take it, nor leave it */
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 2);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_TRUE(test,
			  KeTestSpinLock(&stor->miniport->adapter.start_io));
}

static void raise_to_dirql(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	KIRQL old;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
}

static void lower_to_passive(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	KeLowerIrql(PASSIVE_LEVEL);
}

static STOR_LOCK_HANDLE left_by_work;

static VOID work_leaves_lock(PVOID extension, PVOID context, PVOID worker)
{
	StorPortAcquireSpinLock(extension, InterruptLock, NULL, &left_by_work);
}

static VOID work_stays_raised(PVOID extension, PVOID context, PVOID worker)
{
	KIRQL old;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
}

/* Have a routine run as a work item, and wait until it has. */
static void work(struct kunit *test, PHW_WORKITEM routine)
{
	struct fake_stor *stor = test->priv;
	void *worker;

	start(test);
	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortInitializeWorker(stor->extension, &worker));
	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortQueueWorkItem(stor->extension, routine, worker, NULL));
	flush_workqueue(stor->miniport->adapter.work.queue);
}

/* A268 */
static void storport_rules_left_lock_of_work_item(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	work(test, work_leaves_lock);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

/* A289 */
static void storport_rules_left_irql_of_work_item(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	work(test, work_stays_raised);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_CHANGE_IRQL),
			1);
}

/* A289 */
static void storport_rules_left_irql_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = raise_to_dirql;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_CHANGE_IRQL),
			1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* A289 */
static void storport_rules_lowered_irql_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_build = lower_to_passive;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_CHANGE_IRQL),
			1);
	KUNIT_EXPECT_EQ(test, stor->start.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static void take_long(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	PHYSICAL_ADDRESS none = {}, last = { .QuadPart = ~0ULL >> 1 }, address;
	PVOID memory = NULL;

	StorPortStallExecution(1);
	StorPortDelayExecution(stor->extension, 1);
	StorPortAllocatePool(stor->extension, 1, 0, &memory);
	StorPortFreePool(stor->extension, memory);
	if (StorPortAllocateContiguousMemorySpecifyCacheNode(stor->extension, 1, none, last, none,
							     MmCached, MM_ANY_NODE_OK, &memory) ==
	    STOR_STATUS_SUCCESS)
		StorPortFreeContiguousMemorySpecifyCache(stor->extension, memory, 1, MmCached);
	if (StorPortAllocateDmaMemory(stor->extension, 1, none, last, none, MmCached,
				      MM_ANY_NODE_OK, &memory, &address) ==
	    STOR_STATUS_SUCCESS)
		StorPortFreeDmaMemory(stor->extension, memory, 1, MmCached, address);
}

static void storport_rules_start_io_takes_long(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_start = take_long;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_START_IO),
			5);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 5);
}

static void take_long_in_isr(struct fake_stor *stor, ULONG id)
{
	take_long(stor, NULL);
}

static void wait_for_isr(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	fake_stor_raise(stor, 1);
	spin_for(&stor->message[1].left);
}

/* Nor may an ISR on top of HwStorStartIo be taken for it. */
static void storport_rules_others_take_long(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_build = take_long;
	stor->on_start = wait_for_isr;
	stor->on_message = take_long_in_isr;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->message[1].left), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_rules_initialize_spinlock),
	KUNIT_CASE(storport_rules_dpc_level_lock_at_passive),
	KUNIT_CASE(storport_rules_dpc_level_lock_at_dispatch),
	KUNIT_CASE(storport_rules_unknown_kinds),
	KUNIT_CASE(storport_rules_ex_takes_every_kind),
	KUNIT_CASE(storport_rules_by_notification),
	KUNIT_CASE(storport_rules_by_function_code),
	KUNIT_CASE(storport_rules_system_by_function_code),
	KUNIT_CASE(storport_rules_processor_by_function_code),
	KUNIT_CASE(storport_rules_left_lock_is_reported),
	KUNIT_CASE(storport_rules_left_lock_of_passive_routine),
	KUNIT_CASE(storport_rules_left_lock_of_work_item),
	KUNIT_CASE(storport_rules_left_irql_of_work_item),
	KUNIT_CASE(storport_rules_left_irql_is_reported),
	KUNIT_CASE(storport_rules_lowered_irql_is_reported),
	KUNIT_CASE(storport_rules_start_io_takes_long),
	KUNIT_CASE(storport_rules_others_take_long),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_rules",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
