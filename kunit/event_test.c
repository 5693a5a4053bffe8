// SPDX-License-Identifier: GPL-2.0-only
/* Events, waiting for them, and the remove locks made of them. */
#include <kunit/test.h>

#include <wdm.h>

#include "../src/irql.h"
#include "../src/verifier.h"
#include "cpu.h"

static LARGE_INTEGER no_time;

static NTSTATUS look(PKEVENT event)
{
	return KeWaitForSingleObject(event, Executive, KernelMode, FALSE, &no_time);
}

static void event_notification_stays(struct kunit *test)
{
	KEVENT event;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KUNIT_EXPECT_EQ(test, look(&event), STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
	KUNIT_EXPECT_EQ(test, look(&event), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, look(&event), STATUS_SUCCESS);
	KUNIT_EXPECT_NE(test, KeReadStateEvent(&event), 0);
	KUNIT_EXPECT_NE(test, KeResetEvent(&event), 0);
	KUNIT_EXPECT_EQ(test, KeResetEvent(&event), 0);
	KUNIT_EXPECT_EQ(test, look(&event), STATUS_TIMEOUT);
	KeSetEvent(&event, IO_NO_INCREMENT, FALSE);
	KeClearEvent(&event);
	KUNIT_EXPECT_EQ(test, look(&event), STATUS_TIMEOUT);
}

static void event_synchronization_lets_one_pass(struct kunit *test)
{
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, TRUE);
	KUNIT_EXPECT_NE(test, KeSetEvent(&event, IO_NO_INCREMENT, FALSE), 0);
	KUNIT_EXPECT_EQ(test, look(&event), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, look(&event), STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, KeReadStateEvent(&event), 0);
}

/**
 * struct waits - threads that wait for an event
 * @event:	the event
 * @passed:	how many have got it
 */
struct waits {
	KEVENT event;
	atomic_t passed;
};

static void wait_for_event(void *arg)
{
	struct waits *waits = arg;

	if (KeWaitForSingleObject(&waits->event, Executive, KernelMode, FALSE, NULL) ==
	    STATUS_SUCCESS)
		atomic_inc(&waits->passed);
}

static bool thread_sleeps(void *task)
{
	return is_asleep(task);
}

static struct task_struct *start_waiter(struct kunit *test, unsigned int cpu, struct waits *waits)
{
	struct task_struct *task = start_on_cpu(cpu, wait_for_event, waits);

	KUNIT_EXPECT_TRUE(test, wait_until(thread_sleeps, task));
	return task;
}

static void event_notification_wakes_all(struct kunit *test)
{
	struct waits waits = {};
	struct task_struct *one, *two;

	need_cpus(test, 3);
	KeInitializeEvent(&waits.event, NotificationEvent, FALSE);
	one = start_waiter(test, 1, &waits);
	two = start_waiter(test, 2, &waits);
	KUNIT_EXPECT_EQ(test, KeSetEvent(&waits.event, IO_NO_INCREMENT, FALSE), 0);
	join(one);
	join(two);
	KUNIT_EXPECT_EQ(test, atomic_read(&waits.passed), 2);
}

static void event_synchronization_wakes_one(struct kunit *test)
{
	struct waits waits = {};
	struct task_struct *one, *two;

	need_cpus(test, 3);
	KeInitializeEvent(&waits.event, SynchronizationEvent, FALSE);
	one = start_waiter(test, 1, &waits);
	two = start_waiter(test, 2, &waits);
	KeSetEvent(&waits.event, IO_NO_INCREMENT, FALSE);
	join(one);
	KUNIT_EXPECT_EQ(test, atomic_read(&waits.passed), 1);
	KUNIT_EXPECT_EQ(test, KeReadStateEvent(&waits.event), 0);
	KUNIT_EXPECT_TRUE(test, is_asleep(two));
	KeSetEvent(&waits.event, IO_NO_INCREMENT, FALSE);
	join(two);
	KUNIT_EXPECT_EQ(test, atomic_read(&waits.passed), 2);
}

static void set_event(PRKDPC dpc, PVOID event, PVOID arg1, PVOID arg2)
{
	KeSetEvent(event, IO_NO_INCREMENT, FALSE);
}

static void event_is_set_by_a_dpc(struct kunit *test)
{
	KEVENT event;
	KDPC dpc;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeInitializeDpc(&dpc, set_event, &event);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KUNIT_EXPECT_EQ(test,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL),
			STATUS_SUCCESS);
	KeFlushQueuedDpcs();
}

static void event_wait_ends_in_time(struct kunit *test)
{
	LARGE_INTEGER soon = { .QuadPart = -10000 };
	LARGE_INTEGER in_1601 = { .QuadPart = 1 };
	KEVENT event;

	KeInitializeEvent(&event, SynchronizationEvent, FALSE);
	KUNIT_EXPECT_EQ(test,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &soon),
			STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test,
			KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, &in_1601),
			STATUS_TIMEOUT);
	KUNIT_EXPECT_TRUE(test, IsListEmpty(&event.Header.WaitListHead));
	KUNIT_EXPECT_EQ(test, KeDelayExecutionThread(KernelMode, FALSE, &soon), STATUS_SUCCESS);
}

static void event_wait_at_dispatch_only_looks(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_WAIT);
	NTSTATUS forever, now;
	KEVENT event;
	KIRQL old;

	KeInitializeEvent(&event, NotificationEvent, FALSE);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	now = look(&event);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_WAIT), before);
	forever = KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, now, STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, forever, STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_WAIT), before + 1);
}

/**
 * struct apc - a thread that waits at APC_LEVEL
 * @event:	what it waits for
 * @begun:	it is about to
 * @waited:	what the wait returned
 * @irql:	its level afterwards
 * @pinned:	it could not be preempted afterwards
 * @restored:	its level when it had lowered it
 */
struct apc {
	KEVENT event;
	atomic_t begun;
	NTSTATUS waited;
	KIRQL irql;
	bool pinned;
	KIRQL restored;
};

static void wait_at_apc(void *arg)
{
	struct apc *apc = arg;
	KIRQL old;

	KeRaiseIrql(APC_LEVEL, &old);
	atomic_set(&apc->begun, 1);
	apc->waited = KeWaitForSingleObject(&apc->event, Executive, KernelMode, FALSE, NULL);
	apc->irql = KeGetCurrentIrql();
	apc->pinned = preempt_count();
	KeLowerIrql(old);
	apc->restored = KeGetCurrentIrql();
}

/* The level goes with the thread; the CPU is somebody else's meanwhile. */
static void event_wait_at_apc_sleeps(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct apc apc = { .waited = STATUS_UNSUCCESSFUL };
	struct task_struct *task;

	need_cpus(test, 2);
	KeInitializeEvent(&apc.event, NotificationEvent, FALSE);
	minirq_verifier_enable(true);
	task = start_on_cpu(1, wait_at_apc, &apc);
	KUNIT_EXPECT_TRUE(test, wait_for(&apc.begun));
	KUNIT_EXPECT_TRUE(test, wait_until(thread_sleeps, task));
	KUNIT_EXPECT_EQ(test, per_cpu(minirq_irql, 1), PASSIVE_LEVEL);
	KeSetEvent(&apc.event, IO_NO_INCREMENT, FALSE);
	join(task);
	minirq_verifier_enable(false);
	KUNIT_EXPECT_EQ(test, apc.waited, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, apc.irql, APC_LEVEL);
	KUNIT_EXPECT_TRUE(test, apc.pinned);
	KUNIT_EXPECT_EQ(test, apc.restored, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

/**
 * struct removal - a removal, and requests that are under way
 * @lock:	what counts them
 * @removed:	nobody is under way any more
 */
struct removal {
	IO_REMOVE_LOCK lock;
	atomic_t removed;
};

static void remove_device(void *arg)
{
	struct removal *removal = arg;

	IoAcquireRemoveLock(&removal->lock, removal);
	IoReleaseRemoveLockAndWait(&removal->lock, removal);
	atomic_set(&removal->removed, 1);
}

static void event_removal_waits_for_requests(struct kunit *test)
{
	struct removal removal = {};
	struct task_struct *task;

	need_cpus(test, 2);
	IoInitializeRemoveLock(&removal.lock, 0, 0, 0);
	KUNIT_EXPECT_EQ(test, IoAcquireRemoveLock(&removal.lock, test), STATUS_SUCCESS);
	task = start_on_cpu(1, remove_device, &removal);
	KUNIT_EXPECT_TRUE(test, wait_until(thread_sleeps, task));
	KUNIT_EXPECT_EQ(test, IoAcquireRemoveLock(&removal.lock, test), STATUS_DELETE_PENDING);
	KUNIT_EXPECT_EQ(test, atomic_read(&removal.removed), 0);
	IoReleaseRemoveLock(&removal.lock, test);
	join(task);
	KUNIT_EXPECT_EQ(test, atomic_read(&removal.removed), 1);
}

static void event_removal_without_requests(struct kunit *test)
{
	struct removal removal = {};

	IoInitializeRemoveLock(&removal.lock, 0, 0, 0);
	remove_device(&removal);
	KUNIT_EXPECT_EQ(test, atomic_read(&removal.removed), 1);
}

/**
 * struct blocker - a DPC that tries to wait
 * @event:	never signalled
 * @waited:	what the wait returned
 * @slept:	what the delay returned
 * @irql:	level afterwards
 */
struct blocker {
	KEVENT event;
	NTSTATUS waited;
	NTSTATUS slept;
	KIRQL irql;
};

static VOID block(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	LARGE_INTEGER a_second = { .QuadPart = -10000000 };
	struct blocker *b = context;

	b->waited = KeWaitForSingleObject(&b->event, Executive, KernelMode, FALSE, NULL);
	b->slept = KeDelayExecutionThread(KernelMode, FALSE, &a_second);
	b->irql = KeGetCurrentIrql();
}

static void check_wait(struct kunit *test,
		       VOID (*init)(PRKDPC dpc, PKDEFERRED_ROUTINE routine, PVOID context),
		       KIRQL irql)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_WAIT);
	struct blocker b = { .irql = HIGH_LEVEL };
	KDPC dpc;

	KeInitializeEvent(&b.event, NotificationEvent, FALSE);
	init(&dpc, block, &b);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_WAIT), before + 2);
	KUNIT_EXPECT_EQ(test, b.waited, STATUS_TIMEOUT);
	KUNIT_EXPECT_EQ(test, b.slept, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, b.irql, irql);
}

/* A153 */
static void event_wait_in_a_dpc_is_reported(struct kunit *test)
{
	check_wait(test, KeInitializeDpc, DISPATCH_LEVEL);
}

/* It would keep all others of its CPU waiting, which may be what it waits for. */
/* A153 */
static void event_wait_in_a_threaded_dpc_is_reported(struct kunit *test)
{
	check_wait(test, KeInitializeThreadedDpc, PASSIVE_LEVEL);
}

static struct kunit_case event_cases[] = {
	KUNIT_CASE(event_notification_stays),
	KUNIT_CASE(event_synchronization_lets_one_pass),
	KUNIT_CASE(event_notification_wakes_all),
	KUNIT_CASE(event_synchronization_wakes_one),
	KUNIT_CASE(event_is_set_by_a_dpc),
	KUNIT_CASE(event_wait_ends_in_time),
	KUNIT_CASE(event_wait_at_dispatch_only_looks),
	KUNIT_CASE(event_wait_at_apc_sleeps),
	KUNIT_CASE(event_removal_waits_for_requests),
	KUNIT_CASE(event_removal_without_requests),
	KUNIT_CASE(event_wait_in_a_dpc_is_reported),
	KUNIT_CASE(event_wait_in_a_threaded_dpc_is_reported),
	{}
};

static struct kunit_suite event_suite = {
	.name = "minirq_event",
	.test_cases = event_cases,
};

kunit_test_suite(event_suite);
