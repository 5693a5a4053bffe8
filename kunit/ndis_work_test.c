// SPDX-License-Identifier: GPL-2.0-only
/* Work items of NDIS. */
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/ndis_handle.h"
#include "../src/ndis_work.h"
#include "../src/verifier.h"
#include "cpu.h"

/**
 * struct chore - what a work item's routine is given
 * @adapter:	the owner
 * @item:	the work item
 * @seen:	the handle the routine was given
 * @irql:	the level it ran at
 * @other:	another item, that it queues at its end, or NULL
 * @frees:	it frees its own item
 * @lock:	one that a routine may leave locked
 * @rounds:	how often it queues itself again
 * @started:	it has been called so often
 * @go:		it may go on
 * @ended:	it has come to its end so often
 * @others:	the other item's routine has been called so often
 */
struct chore {
	struct minirq_ndis_adapter adapter;
	NDIS_HANDLE item;
	NDIS_HANDLE seen;
	NDIS_HANDLE other;
	KIRQL irql;
	bool frees;
	NDIS_SPIN_LOCK lock;
	unsigned int rounds;
	atomic_t started;
	atomic_t go;
	atomic_t ended;
	atomic_t others;
};

static VOID other_work(PVOID context, NDIS_HANDLE handle)
{
	struct chore *chore = context;

	atomic_inc(&chore->others);
}

static VOID work(PVOID context, NDIS_HANDLE handle)
{
	struct chore *chore = context;

	chore->seen = handle;
	chore->irql = KeGetCurrentIrql();
	atomic_inc(&chore->started);
	wait_for(&chore->go);
	if (chore->rounds) {
		chore->rounds--;
		NdisQueueIoWorkItem(handle, work, chore);
	}
	if (chore->other)
		NdisQueueIoWorkItem(chore->other, other_work, chore);
	if (chore->frees)
		NdisFreeIoWorkItem(handle);
	atomic_inc(&chore->ended);
}

static unsigned int reports(enum minirq_rule rule)
{
	return minirq_verifier_count(rule);
}

static void release(struct chore *chore)
{
	minirq_ndis_owner_release(&chore->adapter.owner, "this test");
}

static void ndis_work_runs_at_passive(struct kunit *test)
{
	struct chore *chore = test->priv;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	atomic_set(&chore->go, 1);
	NdisQueueIoWorkItem(chore->item, work, chore);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, wait_for(&chore->ended));
	KUNIT_EXPECT_EQ(test, chore->irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_PTR_EQ(test, chore->seen, chore->item);
	NdisFreeIoWorkItem(chore->item);
	KUNIT_EXPECT_TRUE(test, list_empty(&chore->adapter.owner.objects));
}

static void ndis_work_may_queue_itself(struct kunit *test)
{
	struct chore *chore = test->priv;

	chore->rounds = 2;
	atomic_set(&chore->go, 1);
	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&chore->ended, 3));
	NdisFreeIoWorkItem(chore->item);
}

static void ndis_work_may_free_itself(struct kunit *test)
{
	struct chore *chore = test->priv;

	chore->frees = true;
	atomic_set(&chore->go, 1);
	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_TRUE(test, wait_for(&chore->ended));
	KUNIT_EXPECT_TRUE(test, list_empty(&chore->adapter.owner.objects));
}

/* Releases the owner while the routine is in the middle of its work. */
static void release_owner(void *arg)
{
	release(arg);
}

static bool sleeps(void *task)
{
	return is_asleep(task);
}

static void ndis_work_left_running_is_waited_for(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_NDIS_LEAK);
	struct chore *chore = test->priv;
	struct task_struct *task;
	bool waits;

	chore->frees = true;
	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_TRUE(test, wait_for(&chore->started));
	task = start_on_cpu(1, release_owner, chore);
	waits = wait_until(sleeps, task);
	KUNIT_EXPECT_EQ(test, atomic_read(&chore->ended), 0);
	atomic_set(&chore->go, 1);
	join(task);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, atomic_read(&chore->ended), 1);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_LEAK), before + 1);
}

/* Newer items are stopped first; an older one still runs, and queues a newer. */
static void ndis_work_left_is_not_queued_again(struct kunit *test)
{
	struct chore *chore = test->priv;
	struct task_struct *task;
	bool waits;

	chore->other = NdisAllocateIoWorkItem(&chore->adapter);
	KUNIT_ASSERT_NOT_NULL(test, chore->other);
	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_TRUE(test, wait_for(&chore->started));
	task = start_on_cpu(1, release_owner, chore);
	waits = wait_until(sleeps, task);
	atomic_set(&chore->go, 1);
	join(task);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, atomic_read(&chore->ended), 1);
	minirq_ndis_work_flush();
	KUNIT_EXPECT_EQ(test, atomic_read(&chore->others), 0);
}

static void ndis_work_queued_twice_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_NDIS_OBJECT);
	struct chore *chore = test->priv;

	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_TRUE(test, wait_for(&chore->started));
	/* it runs, so it is not queued; then it is */
	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), before);
	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), before + 1);
	atomic_set(&chore->go, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&chore->ended, 2));
	NdisFreeIoWorkItem(chore->item);
}

static void ndis_work_freed_while_queued_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_NDIS_OBJECT);
	struct chore *chore = test->priv;

	NdisQueueIoWorkItem(chore->item, work, chore);
	KUNIT_EXPECT_TRUE(test, wait_for(&chore->started));
	NdisQueueIoWorkItem(chore->item, work, chore);
	NdisFreeIoWorkItem(chore->item);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), before + 1);
	atomic_set(&chore->go, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&chore->ended));
	KUNIT_EXPECT_EQ(test, atomic_read(&chore->started), 1);
}

static void ndis_work_bad_calls_are_reported(struct kunit *test)
{
	unsigned int handles = reports(MINIRQ_RULE_NDIS_OBJECT);
	unsigned int levels = reports(MINIRQ_RULE_NDIS_IRQL_MISC);
	struct chore *chore = test->priv;
	NDIS_HANDLE none;
	KIRQL old;

	KUNIT_EXPECT_NULL(test, NdisAllocateIoWorkItem(NULL));
	NdisFreeIoWorkItem(NULL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), handles + 2);
	KeRaiseIrql(MINIRQ_DIRQL, &old);
	none = NdisAllocateIoWorkItem(&chore->adapter);
	NdisQueueIoWorkItem(chore->item, work, chore);
	KeLowerIrql(old);
	KUNIT_EXPECT_NULL(test, none);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_IRQL_MISC), levels + 2);
	NdisFreeIoWorkItem(chore->item);
	KUNIT_EXPECT_EQ(test, atomic_read(&chore->started), 0);
}

static VOID stay_raised(PVOID context, NDIS_HANDLE handle)
{
	struct chore *chore = context;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	atomic_set(&chore->ended, 1);
}

static VOID keep_lock(PVOID context, NDIS_HANDLE handle)
{
	struct chore *chore = context;

	NdisAcquireSpinLock(&chore->lock);
	atomic_set(&chore->ended, 1);
}

/* Have a routine run that does not end as it should. */
static void spoil(struct kunit *test, NDIS_IO_WORKITEM_FUNCTION *routine)
{
	struct chore *chore = test->priv;

	NdisQueueIoWorkItem(chore->item, routine, chore);
	minirq_ndis_work_flush();
	KUNIT_EXPECT_EQ(test, atomic_read(&chore->ended), 1);
}

/* The next one is called at PASSIVE_LEVEL all the same. */
static void ndis_work_left_raised_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_IRQL_RETURN);
	struct chore *chore = test->priv;

	spoil(test, stay_raised);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_IRQL_RETURN), before + 1);
	atomic_set(&chore->go, 1);
	NdisQueueIoWorkItem(chore->item, work, chore);
	minirq_ndis_work_flush();
	KUNIT_EXPECT_EQ(test, chore->irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_IRQL_RETURN), before + 1);
	NdisFreeIoWorkItem(chore->item);
}

/* And who wants the lock next gets it; to know of it the verifier must be on. */
static void ndis_work_left_lock_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_SPIN_LOCK);
	struct chore *chore = test->priv;

	NdisAllocateSpinLock(&chore->lock);
	minirq_verifier_enable(true);
	spoil(test, keep_lock);
	minirq_verifier_enable(false);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_SPIN_LOCK), before + 1);
	NdisAcquireSpinLock(&chore->lock);
	NdisReleaseSpinLock(&chore->lock);
	NdisFreeSpinLock(&chore->lock);
	NdisFreeIoWorkItem(chore->item);
}

static int ndis_work_init(struct kunit *test)
{
	struct chore *chore = kunit_kzalloc(test, sizeof(*chore), GFP_KERNEL);

	if (!chore)
		return -ENOMEM;
	test->priv = chore;
	need_cpus(test, 2);
	minirq_ndis_adapter_init(&chore->adapter, "chore", NULL);
	chore->item = NdisAllocateIoWorkItem(&chore->adapter);
	return chore->item ? 0 : -ENOMEM;
}

/* The routine's context ends with the case. */
static void ndis_work_exit(struct kunit *test)
{
	struct chore *chore = test->priv;

	atomic_set(&chore->go, 1);
	release(chore);
	minirq_ndis_work_flush();
}

static struct kunit_case ndis_work_cases[] = {
	KUNIT_CASE(ndis_work_runs_at_passive),
	KUNIT_CASE(ndis_work_may_queue_itself),
	KUNIT_CASE(ndis_work_may_free_itself),
	KUNIT_CASE(ndis_work_left_running_is_waited_for),
	KUNIT_CASE(ndis_work_left_is_not_queued_again),
	KUNIT_CASE(ndis_work_queued_twice_is_reported),
	KUNIT_CASE(ndis_work_freed_while_queued_is_reported),
	KUNIT_CASE(ndis_work_bad_calls_are_reported),
	KUNIT_CASE(ndis_work_left_raised_is_reported),
	KUNIT_CASE(ndis_work_left_lock_is_reported),
	{}
};

static struct kunit_suite ndis_work_suite = {
	.name = "minirq_ndis_work",
	.init = ndis_work_init,
	.exit = ndis_work_exit,
	.test_cases = ndis_work_cases,
};

kunit_test_suite(ndis_work_suite);
