// SPDX-License-Identifier: GPL-2.0-only
/* STOR_DPCs: how they are issued, run and cancelled. */

#include "../src/dpc.h"
#include "../src/irql.h"
#include "storport_fixture.h"

static BOOLEAN issue(struct fake_stor *stor, ULONG_PTR arg1, ULONG_PTR arg2)
{
	return StorPortIssueDpc(stor->extension, &stor->dpc, (PVOID)arg1,
				(PVOID)arg2);
}

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
}

/* A256 */
static void storport_dpc_second_issue_is_refused(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	BOOLEAN first, second;
	KIRQL old;

	start(test);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	first = issue(stor, 1, 2);
	second = issue(stor, 3, 4);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, first, TRUE);
	KUNIT_EXPECT_EQ(test, second, FALSE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
}

/* A257 */
static void storport_dpc_keeps_first_arguments(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	KIRQL old;

	start(test);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	issue(stor, 1, 2);
	issue(stor, 3, 4);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, (ULONG_PTR)stor->dpc_args[2], 1);
	KUNIT_EXPECT_EQ(test, (ULONG_PTR)stor->dpc_args[3], 2);
}

static void storport_dpc_routine_is_given_its_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	issue(stor, 1, 2);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_PTR_EQ(test, stor->dpc_args[0], (void *)&stor->dpc);
	KUNIT_EXPECT_PTR_EQ(test, stor->dpc_args[1], stor->extension);
}

static void storport_dpc_arguments_are_pointer_wide(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	const ULONG_PTR wide = 0x80000000fedcba98;

	start(test);
	issue(stor, wide, ~wide);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, (ULONG_PTR)stor->dpc_args[2], wide);
	KUNIT_EXPECT_EQ(test, (ULONG_PTR)stor->dpc_args[3], ~wide);
}

/* Waits for every DPC, and says when that is done. */
static void flush(struct fake_stor *stor, unsigned int unused)
{
	KeFlushQueuedDpcs();
	atomic_set(&stor->flag, 1);
}

/* The routine is held on CPU 1; CPU 2 is ready to do @second. */
static void hold_on_cpu_1(struct kunit *test,
			  void (*second)(struct fake_stor *stor,
					 unsigned int id))
{
	struct fake_stor *stor = test->priv;

	start(test);
	atomic_set(&stor->run.hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_issue, 0);
	fake_stor_prepare(stor, 2, second, 1);
	fake_stor_prepare(stor, 3, flush, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.entered));
}

/* The issue on CPU 1 has not returned yet, so the one on CPU 2 is counted. */
static void issue_on_cpu_2(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->issued));
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
}

static void expect_second_run_alone(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	atomic_set(&stor->run.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->run.left, 2));
	KUNIT_EXPECT_EQ(test, stor->run.most, 1);
}

/* A258 */
/* Issued at PASSIVE_LEVEL, a DPC that is free to run has run on return. */
static void storport_dpc_never_overlaps_itself(struct kunit *test)
{
	hold_on_cpu_1(test, fake_stor_issue);
	issue_on_cpu_2(test);
	expect_second_run_alone(test);
}

/* A258 */
/* The same for one that an ISR issues */
static void storport_dpc_issued_by_isr_never_overlaps_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_message = fake_stor_issue;
	hold_on_cpu_1(test, fake_stor_raise);
	issue_on_cpu_2(test);
	expect_second_run_alone(test);
}

static bool flushes_or_flushed(void *arg)
{
	struct fake_stor *stor = arg;

	return atomic_read(&stor->flag) || is_asleep(stor->job[3].task);
}

/* A flush must not pass a DPC that waits for its own other instance. */
static void storport_dpc_flush_sees_waiting_one(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	hold_on_cpu_1(test, fake_stor_issue);
	issue_on_cpu_2(test);
	fake_stor_go(stor, 3);
	KUNIT_EXPECT_TRUE(test, wait_until(flushes_or_flushed, stor));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	expect_second_run_alone(test);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
}

/* Every lock that StorPort knows can be had, so none is held. */
static void try_every_lock(struct fake_stor *stor)
{
	STOR_LOCK_HANDLE start_io, interrupt, own;
	unsigned int id;

	for (id = 0; id < FAKE_STOR_MESSAGES; id++)
		stor->status += !KeTestSpinLock(fake_stor_isr_lock(stor, id));
	stor->status += !KeTestSpinLock(&stor->miniport->adapter.start_io);
	stor->status += !KeTestSpinLock(&stor->dpc.Lock);
	StorPortAcquireSpinLock(stor->extension, StartIoLock, NULL, &start_io);
	StorPortAcquireSpinLock(stor->extension, DpcLock, &stor->dpc, &own);
	StorPortAcquireSpinLock(stor->extension, InterruptLock, NULL,
				&interrupt);
	StorPortReleaseSpinLock(stor->extension, &interrupt);
	StorPortReleaseSpinLock(stor->extension, &own);
	StorPortReleaseSpinLock(stor->extension, &start_io);
}

/* A259 */
static void storport_dpc_runs_at_dispatch_without_lock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	stor->on_dpc = try_every_lock;
	fake_stor_issue(stor, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	KUNIT_EXPECT_EQ(test, stor->run.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, stor->status, 0);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

/* A260 */
static void storport_dpc_cancel_refuses_null(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	BOOLEAN result = 77;

	start(test);
	KUNIT_EXPECT_EQ(test, StorPortCancelDpc(stor->extension, NULL, &result),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test,
			StorPortCancelDpc(stor->extension, &stor->dpc, NULL),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, result, 77);
}

/* A261 */
static void storport_dpc_cancelled_does_not_run(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	BOOLEAN result = 77;
	ULONG status;
	KIRQL old;

	start(test);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_stor_issue(stor, 0);
	status = StorPortCancelDpc(stor->extension, &stor->dpc, &result);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->issued), 1);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, result, TRUE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 0);
}

static void expect_nothing_to_cancel(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	BOOLEAN result = 77;

	KUNIT_EXPECT_EQ(test,
			StorPortCancelDpc(stor->extension, &stor->dpc, &result),
			STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, result, FALSE);
}

/* A262 */
static void storport_dpc_idle_or_running_is_not_cancelled(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	hold_on_cpu_1(test, fake_stor_issue);
	expect_nothing_to_cancel(test);
	atomic_set(&stor->run.hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.left));
	KeFlushQueuedDpcs();
	expect_nothing_to_cancel(test);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
}

static void storport_dpc_can_be_issued_after_cancel(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	BOOLEAN result;
	KIRQL old;

	start(test);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_stor_issue(stor, 0);
	StorPortCancelDpc(stor->extension, &stor->dpc, &result);
	fake_stor_issue(stor, 10);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->issued), 2);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	KUNIT_EXPECT_EQ(test, (ULONG_PTR)stor->dpc_args[2], 10);
}

static void take_own_lock(struct fake_stor *stor)
{
	StorPortAcquireSpinLock(stor->extension, DpcLock, &stor->dpc,
				&stor->handle);
	atomic_set(&stor->flag, 1);
	StorPortReleaseSpinLock(stor->extension, &stor->handle);
}

/* Is somebody, in the DPC routine that has begun, at the DPC's lock? */
static bool routine_at_own_lock(struct fake_stor *stor)
{
	return spin_for(&stor->run.entered) &&
	       fake_stor_at_lock(READ_ONCE(stor->run.task), &stor->dpc.Lock);
}

/* A263 */
static void storport_dpc_routine_waits_for_own_lock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	bool held, waits, early;

	start(test);
	stor->on_dpc = take_own_lock;
	fake_stor_prepare(stor, 1, fake_stor_issue, 0);
	StorPortAcquireSpinLock(stor->extension, DpcLock, &stor->dpc, &handle);
	held = fake_stor_at_lock(current, &stor->dpc.Lock);
	fake_stor_go(stor, 1);
	waits = routine_at_own_lock(stor);
	early = atomic_read(&stor->flag);
	StorPortReleaseSpinLock(stor->extension, &handle);

	KUNIT_EXPECT_TRUE(test, held);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_FALSE(test, early);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.left));
	KUNIT_EXPECT_TRUE(test, atomic_read(&stor->flag));
}

static void issue_from_isr(struct fake_stor *stor, ULONG id)
{
	fake_stor_issue(stor, id);
	/* it must not run before the ISR has ended */
	atomic_set(&stor->flag, calls(&stor->run));
}

static void storport_dpc_from_isr_runs_after_it(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	stor->on_message = issue_from_isr;
	fake_irq_fire_on(stor->dev.irqs, 2, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->run.left));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	KUNIT_EXPECT_EQ(test, (ULONG_PTR)stor->dpc_args[2], 2);
}

static void storport_dpc_from_isr_is_counted(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_interrupt *intr;

	start(test);
	intr = stor->miniport->adapter.intr;
	stor->on_message = issue_from_isr;
	fake_irq_fire(stor->dev.irqs, 2);
	KeFlushQueuedDpcs();
	fake_stor_issue(stor, 0);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_dpcs(intr, 2), 1);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_dpcs(intr, 0), 0);
}

static void issue_once_more(struct fake_stor *stor)
{
	if (calls(&stor->run) == 1)
		fake_stor_issue(stor, 1);
}

static void storport_dpc_issued_by_itself_runs_again(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	stor->on_dpc = issue_once_more;
	fake_stor_issue(stor, 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->run.left, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->issued), 2);
	KUNIT_EXPECT_EQ(test, stor->run.most, 1);
}

static void storport_dpc_issue_refuses_null(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	KUNIT_EXPECT_EQ(test, StorPortIssueDpc(NULL, &stor->dpc, NULL, NULL),
			FALSE);
	KUNIT_EXPECT_EQ(test,
			StorPortIssueDpc(stor->extension, NULL, NULL, NULL),
			FALSE);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 0);
}

static void leave_interrupt_lock(struct fake_stor *stor)
{
	StorPortAcquireSpinLock(stor->extension, InterruptLock, NULL,
				&stor->handle);
}

/* A268 */
static void storport_dpc_left_lock_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_dpc = leave_interrupt_lock;
	start(test);
	fake_stor_issue(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

/* The handle that holds a lock is used for another one, which is refused. */
static void lose_interrupt_lock(struct fake_stor *stor)
{
	leave_interrupt_lock(stor);
	leave_interrupt_lock(stor);
	StorPortReleaseSpinLock(stor->extension, &stor->handle);
}

static void storport_dpc_lost_lock_is_released(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_dpc = lose_interrupt_lock;
	start(test);
	fake_stor_issue(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->run), 1);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK4), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 3);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_dpc_second_issue_is_refused),
	KUNIT_CASE(storport_dpc_keeps_first_arguments),
	KUNIT_CASE(storport_dpc_routine_is_given_its_dpc),
	KUNIT_CASE(storport_dpc_arguments_are_pointer_wide),
	KUNIT_CASE(storport_dpc_never_overlaps_itself),
	KUNIT_CASE(storport_dpc_issued_by_isr_never_overlaps_itself),
	KUNIT_CASE(storport_dpc_flush_sees_waiting_one),
	KUNIT_CASE(storport_dpc_runs_at_dispatch_without_lock),
	KUNIT_CASE(storport_dpc_cancel_refuses_null),
	KUNIT_CASE(storport_dpc_cancelled_does_not_run),
	KUNIT_CASE(storport_dpc_idle_or_running_is_not_cancelled),
	KUNIT_CASE(storport_dpc_can_be_issued_after_cancel),
	KUNIT_CASE(storport_dpc_routine_waits_for_own_lock),
	KUNIT_CASE(storport_dpc_from_isr_runs_after_it),
	KUNIT_CASE(storport_dpc_from_isr_is_counted),
	KUNIT_CASE(storport_dpc_issued_by_itself_runs_again),
	KUNIT_CASE(storport_dpc_issue_refuses_null),
	KUNIT_CASE(storport_dpc_left_lock_is_reported),
	KUNIT_CASE(storport_dpc_lost_lock_is_released),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_dpc",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
