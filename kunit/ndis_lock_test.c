// SPDX-License-Identifier: GPL-2.0-only
/* Read/write locks of NDIS, of both kinds. */
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/ndis_handle.h"
#include "../src/verifier.h"
#include "cpu.h"

/**
 * struct rw - a lock of either kind
 * @old:	the older kind
 * @adapter:	the owner
 * @lock:	a lock of the newer kind
 * @old_lock:	a lock of the older kind
 */
struct rw {
	bool old;
	struct minirq_ndis_adapter adapter;
	PNDIS_RW_LOCK_EX lock;
	NDIS_RW_LOCK old_lock;
};

/* What either kind remembers of an acquisition. */
struct hold {
	LOCK_STATE_EX state;
	LOCK_STATE old_state;
};

static void take(struct rw *rw, struct hold *hold, bool write)
{
	if (rw->old)
		NdisAcquireReadWriteLock(&rw->old_lock, write, &hold->old_state);
	else if (write)
		NdisAcquireRWLockWrite(rw->lock, &hold->state, 0);
	else
		NdisAcquireRWLockRead(rw->lock, &hold->state, 0);
}

static void drop(struct rw *rw, struct hold *hold)
{
	if (rw->old)
		NdisReleaseReadWriteLock(&rw->old_lock, &hold->old_state);
	else
		NdisReleaseRWLock(rw->lock, &hold->state);
}

static const bool kinds[] = { false, true };

static void kind_name(const bool *old, char *name)
{
	strscpy(name, *old ? "older kind" : "newer kind", KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(kind, kinds, kind_name);

static struct rw *rw_of(struct kunit *test)
{
	struct rw *rw = test->priv;

	rw->old = test->param_value && *(const bool *)test->param_value;
	return rw;
}

static void ndis_lock_raises_and_restores(struct kunit *test)
{
	struct rw *rw = rw_of(test);
	struct hold hold;
	KIRQL reading, writing;

	take(rw, &hold, false);
	reading = KeGetCurrentIrql();
	drop(rw, &hold);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	take(rw, &hold, true);
	writing = KeGetCurrentIrql();
	drop(rw, &hold);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, reading, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, writing, DISPATCH_LEVEL);
}

static void ndis_lock_keeps_dispatch(struct kunit *test)
{
	struct rw *rw = rw_of(test);
	KIRQL outer = KeRaiseIrqlToDpcLevel(), after;
	struct hold hold;

	take(rw, &hold, true);
	drop(rw, &hold);
	after = KeGetCurrentIrql();
	KeLowerIrql(outer);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
}

/**
 * struct party - a thread that takes a lock once and holds it for a while
 * @rw:		the lock
 * @write:	for writing
 * @asks:	it is about to
 * @has:	it holds it
 * @go:		it may let go
 */
struct party {
	struct rw *rw;
	bool write;
	atomic_t asks;
	atomic_t has;
	atomic_t go;
};

static void take_part(void *arg)
{
	struct party *party = arg;
	struct hold hold;

	atomic_set(&party->asks, 1);
	take(party->rw, &hold, party->write);
	atomic_set(&party->has, 1);
	spin_for(&party->go);
	drop(party->rw, &hold);
}

static void ndis_lock_two_cpus_read(struct kunit *test)
{
	struct party party = { .rw = rw_of(test) };
	struct task_struct *task = start_on_cpu(1, take_part, &party);
	struct hold hold;

	KUNIT_EXPECT_TRUE(test, wait_for(&party.has));
	/* nobody lets the other go before this */
	take(party.rw, &hold, false);
	drop(party.rw, &hold);
	atomic_set(&party.go, 1);
	join(task);
}

/* While a thread holds the lock, another that asks for it waits. */
static void expect_excluded(struct kunit *test, bool first, bool second)
{
	struct party holder = { .rw = rw_of(test), .write = first };
	struct party waiter = { .rw = holder.rw, .write = second };
	struct task_struct *holding, *waiting;
	bool asked, waited;

	holding = start_on_cpu(2, take_part, &holder);
	KUNIT_EXPECT_TRUE(test, wait_for(&holder.has));
	waiting = start_on_cpu(1, take_part, &waiter);
	asked = wait_for(&waiter.asks);
	waited = stays_clear(&waiter.has);
	atomic_set(&waiter.go, 1);
	atomic_set(&holder.go, 1);
	join(holding);
	join(waiting);
	KUNIT_EXPECT_TRUE(test, asked);
	KUNIT_EXPECT_TRUE(test, waited);
	KUNIT_EXPECT_EQ(test, atomic_read(&waiter.has), 1);
}

static void ndis_lock_writer_keeps_reader_out(struct kunit *test)
{
	expect_excluded(test, true, false);
}

static void ndis_lock_reader_keeps_writer_out(struct kunit *test)
{
	expect_excluded(test, false, true);
}

static void ndis_lock_writer_keeps_writer_out(struct kunit *test)
{
	expect_excluded(test, true, true);
}

/**
 * struct rereader - a thread that reads twice, with a writer waiting in between
 * @rw:		the lock
 * @reads:	it has read once
 * @again:	it may read again
 * @done:	it has
 */
struct rereader {
	struct rw *rw;
	atomic_t reads;
	atomic_t again;
	atomic_t done;
};

static void read_again(void *arg)
{
	struct rereader *rereader = arg;
	struct hold outer, inner;

	take(rereader->rw, &outer, false);
	atomic_set(&rereader->reads, 1);
	spin_for(&rereader->again);
	take(rereader->rw, &inner, false);
	atomic_set(&rereader->done, 1);
	drop(rereader->rw, &inner);
	drop(rereader->rw, &outer);
}

/* The writer waits for that very CPU. */
static void ndis_lock_reader_may_read_again(struct kunit *test)
{
	struct rereader rereader = { .rw = rw_of(test) };
	struct party writer = { .rw = rereader.rw, .write = true };
	struct task_struct *reading, *writing;
	bool waited, done;

	atomic_set(&writer.go, 1);
	reading = start_on_cpu(1, read_again, &rereader);
	KUNIT_EXPECT_TRUE(test, wait_for(&rereader.reads));
	writing = start_on_cpu(2, take_part, &writer);
	KUNIT_EXPECT_TRUE(test, wait_for(&writer.asks));
	waited = stays_clear(&writer.has);
	atomic_set(&rereader.again, 1);
	done = wait_for(&rereader.done);
	join(reading);
	join(writing);
	KUNIT_EXPECT_TRUE(test, waited);
	KUNIT_EXPECT_TRUE(test, done);
}

#define ROUNDS	3000

/**
 * struct shared - what two CPUs increment and two others watch
 * @rw:		the lock
 * @start:	all begin together
 * @first:	written before
 * @second:	written after; equal to @first whenever nobody writes
 * @torn:	they were not equal for a reader
 */
struct shared {
	struct rw *rw;
	struct meeting start;
	unsigned int first;
	unsigned int second;
	atomic_t torn;
};

static void write_both(void *arg)
{
	struct shared *shared = arg;
	struct hold hold;
	unsigned int i;

	meet(&shared->start);
	for (i = 0; i < ROUNDS; i++) {
		take(shared->rw, &hold, true);
		WRITE_ONCE(shared->first, shared->first + 1);
		cpu_relax();
		WRITE_ONCE(shared->second, shared->second + 1);
		drop(shared->rw, &hold);
	}
}

static void compare_both(void *arg)
{
	struct shared *shared = arg;
	struct hold hold;
	unsigned int i;

	meet(&shared->start);
	for (i = 0; i < ROUNDS; i++) {
		take(shared->rw, &hold, false);
		if (READ_ONCE(shared->first) != READ_ONCE(shared->second))
			atomic_inc(&shared->torn);
		drop(shared->rw, &hold);
	}
}

static void ndis_lock_readers_see_whole_writes(struct kunit *test)
{
	struct shared shared = { .rw = rw_of(test), .start.parties = 3 };
	struct task_struct *task[3];
	unsigned int i;

	task[0] = start_on_cpu(1, write_both, &shared);
	task[1] = start_on_cpu(2, write_both, &shared);
	task[2] = start_on_cpu(3, compare_both, &shared);
	for (i = 0; i < ARRAY_SIZE(task); i++)
		join(task[i]);
	KUNIT_EXPECT_EQ(test, shared.first, 2 * ROUNDS);
	KUNIT_EXPECT_EQ(test, shared.second, 2 * ROUNDS);
	KUNIT_EXPECT_EQ(test, atomic_read(&shared.torn), 0);
}

static void ndis_lock_recursion_is_detected(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK);
	struct rw *rw = rw_of(test);
	struct hold outer, inner;

	take(rw, &outer, false);
	take(rw, &inner, true);
	drop(rw, &inner);
	drop(rw, &outer);
	take(rw, &outer, true);
	take(rw, &inner, false);
	drop(rw, &inner);
	drop(rw, &outer);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), before + 2);
	/* and the lock is free */
	take(rw, &outer, true);
	drop(rw, &outer);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static VOID return_writing(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct hold hold;

	take(context, &hold, true);
}

/* It is made to let others in. */
static void ndis_lock_dpc_returning_with_it_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK);
	struct rw *rw = rw_of(test);
	struct party reader = { .rw = rw };
	struct task_struct *task;
	struct hold hold;
	KDPC dpc;

	KeInitializeDpc(&dpc, return_writing, rw);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK), before + 1);
	task = start_on_cpu(1, take_part, &reader);
	KUNIT_EXPECT_TRUE(test, wait_for(&reader.has));
	atomic_set(&reader.go, 1);
	/* this ends the wait of a reader that was kept out */
	take(rw, &hold, true);
	drop(rw, &hold);
	join(task);
}

static void ndis_lock_above_dispatch_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_SYNCH);
	struct rw *rw = rw_of(test);
	struct hold hold;
	KIRQL old, after;

	KeRaiseIrql(MINIRQ_DIRQL, &old);
	take(rw, &hold, true);
	after = KeGetCurrentIrql();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, after, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_SYNCH), before + 1);
}

static void ndis_lock_release_without_acquisition_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK_RELEASE);
	struct rw *rw = rw_of(test);
	struct hold hold = {};

	drop(rw, &hold);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK_RELEASE), before + 1);
}

static void ndis_lock_dpr_release_without_acquisition_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK_RELEASE);
	struct rw *rw = test->priv;
	struct hold hold = {};
	KIRQL old = KeRaiseIrqlToDpcLevel();

	NdisDprReleaseReadWriteLock(&rw->old_lock, &hold.old_state);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SPIN_LOCK_RELEASE), before + 1);
	KUNIT_EXPECT_EQ(test, rw->old_lock.RefCount, 0);
}

static void ndis_lock_left_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK);
	struct rw *rw = test->priv;

	KUNIT_EXPECT_NOT_NULL(test, NdisAllocateRWLock(&rw->adapter));
	NdisFreeRWLock(NdisAllocateRWLock(&rw->adapter));
	NdisFreeRWLock(rw->lock);
	rw->lock = NULL;
	minirq_ndis_owner_release(&rw->adapter.owner, "this test");
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK), before + 1);
}

static void ndis_lock_guards_lists(struct kunit *test)
{
	LIST_ENTRY head, first, second, third;
	NDIS_SPIN_LOCK lock;

	NdisAllocateSpinLock(&lock);
	NdisInitializeListHead(&head);
	KUNIT_EXPECT_NULL(test, NdisInterlockedRemoveHeadList(&head, &lock));
	KUNIT_EXPECT_NULL(test, NdisInterlockedInsertTailList(&head, &second, &lock));
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedInsertTailList(&head, &third, &lock), &second);
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedInsertHeadList(&head, &first, &lock), &second);
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedRemoveHeadList(&head, &lock), &first);
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedRemoveHeadList(&head, &lock), &second);
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedRemoveHeadList(&head, &lock), &third);
	KUNIT_EXPECT_NULL(test, NdisInterlockedRemoveHeadList(&head, &lock));
	NdisFreeSpinLock(&lock);
}

static void ndis_lock_numbers_count(struct kunit *test)
{
	LARGE_INTEGER statistic = { .QuadPart = 0xffffffffLL };
	LONG number = 0;

	KUNIT_EXPECT_EQ(test, NdisInterlockedIncrement(&number), 1);
	KUNIT_EXPECT_EQ(test, NdisInterlockedDecrement(&number), 0);
	NdisInterlockedAddLargeStatistic(&statistic, 0xffffffff);
	KUNIT_EXPECT_EQ(test, statistic.QuadPart, 0x1fffffffeLL);
}

static int ndis_lock_init(struct kunit *test)
{
	struct rw *rw = kunit_kzalloc(test, sizeof(*rw), GFP_KERNEL);

	if (!rw)
		return -ENOMEM;
	test->priv = rw;
	need_cpus(test, 4);
	minirq_ndis_adapter_init(&rw->adapter, "rw", NULL);
	NdisInitializeReadWriteLock(&rw->old_lock);
	rw->lock = NdisAllocateRWLock(&rw->adapter);
	minirq_verifier_enable(true);
	return rw->lock ? 0 : -ENOMEM;
}

static void ndis_lock_exit(struct kunit *test)
{
	struct rw *rw = test->priv;

	minirq_verifier_enable(false);
	if (rw->lock)
		NdisFreeRWLock(rw->lock);
}

static struct kunit_case ndis_lock_cases[] = {
	KUNIT_CASE_PARAM(ndis_lock_raises_and_restores, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_keeps_dispatch, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_two_cpus_read, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_writer_keeps_reader_out, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_reader_keeps_writer_out, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_writer_keeps_writer_out, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_reader_may_read_again, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_readers_see_whole_writes, kind_gen_params),
	KUNIT_CASE(ndis_lock_recursion_is_detected),
	KUNIT_CASE(ndis_lock_dpc_returning_with_it_is_reported),
	KUNIT_CASE_PARAM(ndis_lock_above_dispatch_is_reported, kind_gen_params),
	KUNIT_CASE_PARAM(ndis_lock_release_without_acquisition_is_reported, kind_gen_params),
	KUNIT_CASE(ndis_lock_dpr_release_without_acquisition_is_reported),
	KUNIT_CASE(ndis_lock_left_is_reported),
	KUNIT_CASE(ndis_lock_guards_lists),
	KUNIT_CASE(ndis_lock_numbers_count),
	{}
};

static struct kunit_suite ndis_lock_suite = {
	.name = "minirq_ndis_lock",
	.init = ndis_lock_init,
	.exit = ndis_lock_exit,
	.test_cases = ndis_lock_cases,
};

kunit_test_suite(ndis_lock_suite);
