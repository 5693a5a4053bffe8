// SPDX-License-Identifier: GPL-2.0-only
/* Interlocked lists and sums. */
#include <linux/smp.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/spinlock.h"
#include "../src/verifier.h"
#include "cpu.h"

#define N	3

/**
 * struct fixture - what each case has
 * @lock:	of the lists with a lock
 * @head:	a list
 * @entry:	for @head
 * @single:	a singly linked list
 * @link:	for @single
 * @slist:	a sequenced list
 * @node:	for @slist
 */
struct fixture {
	KSPIN_LOCK lock;
	LIST_ENTRY head, entry[N];
	SINGLE_LIST_ENTRY single, link[N];
	SLIST_HEADER slist;
	SLIST_ENTRY node[N];
};

static void interlocked_head_insert_tells_last_first(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, ExInterlockedInsertHeadList(&f->head, &f->entry[0], &f->lock));
	KUNIT_EXPECT_PTR_EQ(test,
			    ExInterlockedInsertHeadList(&f->head, &f->entry[1], &f->lock),
			    &f->entry[0]);
	KUNIT_EXPECT_PTR_EQ(test, f->head.Flink, &f->entry[1]);
	KUNIT_EXPECT_PTR_EQ(test, f->head.Blink, &f->entry[0]);
}

static void interlocked_tail_insert_tells_last_last(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, ExInterlockedInsertTailList(&f->head, &f->entry[0], &f->lock));
	KUNIT_EXPECT_PTR_EQ(test,
			    ExInterlockedInsertTailList(&f->head, &f->entry[1], &f->lock),
			    &f->entry[0]);
	KUNIT_EXPECT_PTR_EQ(test, f->head.Flink, &f->entry[0]);
	KUNIT_EXPECT_PTR_EQ(test, f->head.Blink, &f->entry[1]);
}

static void interlocked_remove_takes_head(struct kunit *test)
{
	struct fixture *f = test->priv;

	ExInterlockedInsertTailList(&f->head, &f->entry[0], &f->lock);
	ExInterlockedInsertTailList(&f->head, &f->entry[1], &f->lock);
	KUNIT_EXPECT_PTR_EQ(test, ExInterlockedRemoveHeadList(&f->head, &f->lock), &f->entry[0]);
	KUNIT_EXPECT_PTR_EQ(test, ExInterlockedRemoveHeadList(&f->head, &f->lock), &f->entry[1]);
	KUNIT_EXPECT_NULL(test, ExInterlockedRemoveHeadList(&f->head, &f->lock));
}

static void interlocked_single_list_is_a_stack(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, ExInterlockedPushEntryList(&f->single, &f->link[0], &f->lock));
	KUNIT_EXPECT_PTR_EQ(test, ExInterlockedPushEntryList(&f->single, &f->link[1], &f->lock),
			    &f->link[0]);
	KUNIT_EXPECT_PTR_EQ(test, ExInterlockedPopEntryList(&f->single, &f->lock), &f->link[1]);
	KUNIT_EXPECT_PTR_EQ(test, ExInterlockedPopEntryList(&f->single, &f->lock), &f->link[0]);
	KUNIT_EXPECT_NULL(test, ExInterlockedPopEntryList(&f->single, &f->lock));
}

static void interlocked_sums_tell_what_was_before(struct kunit *test)
{
	struct fixture *f = test->priv;
	LARGE_INTEGER large = { .QuadPart = 0xffffffff };
	LARGE_INTEGER one = { .QuadPart = 1 };
	LONG64 target = 5, exchange = 7, comperand = 5;
	ULONG number = 0xffffffff;

	KUNIT_EXPECT_EQ(test, ExInterlockedAddUlong(&number, 3, &f->lock), 0xffffffff);
	KUNIT_EXPECT_EQ(test, number, 2);
	KUNIT_EXPECT_EQ(test, ExInterlockedAddLargeInteger(&large, one, &f->lock).QuadPart,
			0xffffffff);
	KUNIT_EXPECT_EQ(test, large.QuadPart, 0x100000000);
	ExInterlockedAddLargeStatistic(&large, 4);
	KUNIT_EXPECT_EQ(test, large.QuadPart, 0x100000004);
	KUNIT_EXPECT_EQ(test,
			ExInterlockedCompareExchange64(&target, &exchange, &comperand, &f->lock),
			5);
	KUNIT_EXPECT_EQ(test, target, 7);
}

/* Neither level nor interrupts change, whatever the level of the caller is. */
static void interlocked_calls_keep_any_irql(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct fixture *f = test->priv;
	KIRQL level, old, after[2];

	for (level = PASSIVE_LEVEL; level <= HIGH_LEVEL; level++) {
		KeRaiseIrql(level, &old);
		ExInterlockedInsertTailList(&f->head, &f->entry[0], &f->lock);
		ExInterlockedRemoveHeadList(&f->head, &f->lock);
		after[0] = KeGetCurrentIrql();
		InterlockedPushEntrySList(&f->slist, &f->node[0]);
		InterlockedPopEntrySList(&f->slist);
		after[1] = KeGetCurrentIrql();
		KeLowerIrql(old);
		KUNIT_EXPECT_EQ(test, after[0], level);
		KUNIT_EXPECT_EQ(test, after[1], level);
		KUNIT_EXPECT_FALSE(test, irqs_disabled());
	}
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&f->lock));
}

static void interlocked_slist_is_a_stack(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_NULL(test, InterlockedPopEntrySList(&f->slist));
	KUNIT_EXPECT_NULL(test, InterlockedPushEntrySList(&f->slist, &f->node[0]));
	KUNIT_EXPECT_PTR_EQ(test, ExInterlockedPushEntrySList(&f->slist, &f->node[1], &f->lock),
			    &f->node[0]);
	KUNIT_EXPECT_EQ(test, ExQueryDepthSList(&f->slist), 2);
	KUNIT_EXPECT_PTR_EQ(test, ExInterlockedPopEntrySList(&f->slist, &f->lock), &f->node[1]);
	KUNIT_EXPECT_PTR_EQ(test, InterlockedPopEntrySList(&f->slist), &f->node[0]);
	KUNIT_EXPECT_NULL(test, InterlockedPopEntrySList(&f->slist));
	KUNIT_EXPECT_EQ(test, QueryDepthSList(&f->slist), 0);
}

static void interlocked_slist_flush_takes_all(struct kunit *test)
{
	struct fixture *f = test->priv;
	PSLIST_ENTRY all;
	int i;

	for (i = 0; i < N; i++)
		InterlockedPushEntrySList(&f->slist, &f->node[i]);
	all = InterlockedFlushSList(&f->slist);
	KUNIT_EXPECT_EQ(test, ExQueryDepthSList(&f->slist), 0);
	KUNIT_EXPECT_NULL(test, ExInterlockedFlushSList(&f->slist));
	for (i = N; i--; all = all->Next)
		KUNIT_ASSERT_PTR_EQ(test, all, &f->node[i]);
	KUNIT_EXPECT_NULL(test, all);
}

/* The header says what Windows' does: depth, a number for each change, the first. */
static void interlocked_slist_header_is_true(struct kunit *test)
{
	struct fixture *f = test->priv;
	ULONGLONG sequence = f->slist.HeaderX64.Sequence;
	ULONG_PTR first = (ULONG_PTR)&f->node[0];

	KUNIT_EXPECT_EQ(test, sizeof(f->slist), 16);
	InterlockedPushEntrySList(&f->slist, &f->node[0]);
	KUNIT_EXPECT_TRUE(test, f->slist.HeaderX64.Depth == 1);
	KUNIT_EXPECT_TRUE(test, f->slist.HeaderX64.Sequence == sequence + 1);
	KUNIT_EXPECT_TRUE(test, f->slist.HeaderX64.HeaderType == 1);
	KUNIT_EXPECT_TRUE(test, f->slist.HeaderX64.Reserved == 0);
	KUNIT_EXPECT_TRUE(test, f->slist.HeaderX64.NextEntry == first >> 4);
}

static void interlocked_slist_wants_aligned_entries(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SLIST);
	struct fixture *f = test->priv;

	InterlockedPushEntrySList(&f->slist, &f->node[0]);
	InterlockedPushEntrySList(&f->slist, (PSLIST_ENTRY)((char *)&f->node[1] + 8));
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SLIST), before + 1);
	KUNIT_EXPECT_EQ(test, ExQueryDepthSList(&f->slist), 1);
	KUNIT_EXPECT_PTR_EQ(test, InterlockedPopEntrySList(&f->slist), &f->node[0]);
}

#define ROUNDS	5000

/**
 * struct shared - what two CPUs pass entries through
 * @f:		the lists; an entry is on one list, or one CPU's
 * @start:	both begin together
 * @sum:	of ExInterlockedAddUlong()
 * @twice:	an entry was found on two CPUs at once
 * @owned:	by entry, a CPU has it
 */
struct shared {
	struct fixture *f;
	struct meeting start;
	ULONG sum;
	atomic_t twice;
	atomic_t owned[N];
};

static void own(struct shared *shared, PSLIST_ENTRY entry)
{
	atomic_t *owned = &shared->owned[entry - shared->f->node];

	if (atomic_inc_return(owned) > 1)
		atomic_set(&shared->twice, 1);
	cpu_relax();
	atomic_dec(owned);
}

static void pass_entries(void *arg)
{
	struct shared *shared = arg;
	PSLIST_ENTRY entry;
	unsigned int i;

	meet(&shared->start);
	for (i = 0; i < ROUNDS; i++) {
		ExInterlockedAddUlong(&shared->sum, 1, &shared->f->lock);
		entry = InterlockedPopEntrySList(&shared->f->slist);
		if (!entry)
			continue;
		own(shared, entry);
		InterlockedPushEntrySList(&shared->f->slist, entry);
	}
}

static void interlocked_calls_exclude_two_cpus(struct kunit *test)
{
	struct shared shared = { .f = test->priv, .start.parties = 2 };
	struct task_struct *task[2];
	int i;

	for (i = 0; i < N; i++)
		InterlockedPushEntrySList(&shared.f->slist, &shared.f->node[i]);
	task[0] = start_on_cpu(1, pass_entries, &shared);
	task[1] = start_on_cpu(2, pass_entries, &shared);
	join(task[0]);
	join(task[1]);
	KUNIT_EXPECT_EQ(test, shared.sum, 2 * ROUNDS);
	KUNIT_EXPECT_EQ(test, atomic_read(&shared.twice), 0);
	KUNIT_EXPECT_EQ(test, ExQueryDepthSList(&shared.f->slist), N);
}

/**
 * struct blocked - a CPU that waits for a list
 * @f:		the list, whose lock somebody else has
 * @go:		may it begin?
 * @interrupted: an interrupt has come in
 */
struct blocked {
	struct fixture *f;
	atomic_t go;
	atomic_t interrupted;
};

static void insert_when_told(void *arg)
{
	struct blocked *b = arg;

	spin_for(&b->go);
	ExInterlockedInsertHeadList(&b->f->head, &b->f->entry[0], &b->f->lock);
}

static void interrupt(void *interrupted)
{
	atomic_set(interrupted, 1);
}

/* It may want the same lock. The first few may come before that is asked for. */
static void interlocked_calls_let_no_interrupt_in(struct kunit *test)
{
	struct blocked b = { .f = test->priv };
	struct task_struct *task = start_on_cpu(1, insert_when_told, &b);
	bool kept_out = false;
	unsigned int i;
	KIRQL old;

	KeAcquireSpinLock(&b.f->lock, &old);
	atomic_set(&b.go, 1);
	for (i = 0; i < ROUNDS && !kept_out; i++) {
		atomic_set(&b.interrupted, 0);
		smp_call_function_single(1, interrupt, &b.interrupted, false);
		kept_out = stays_clear(&b.interrupted);
	}
	KeReleaseSpinLock(&b.f->lock, old);
	join(task);
	KUNIT_EXPECT_TRUE(test, wait_for(&b.interrupted));
	KUNIT_EXPECT_TRUE(test, kept_out);
}

static int interlocked_init(struct kunit *test)
{
	struct fixture *f;

	need_cpus(test, 3);
	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	KeInitializeSpinLock(&f->lock);
	InitializeListHead(&f->head);
	ExInitializeSListHead(&f->slist);
	minirq_verifier_enable(true);
	return 0;
}

static void interlocked_exit(struct kunit *test)
{
	minirq_verifier_enable(false);
}

static struct kunit_case interlocked_cases[] = {
	KUNIT_CASE(interlocked_head_insert_tells_last_first),
	KUNIT_CASE(interlocked_tail_insert_tells_last_last),
	KUNIT_CASE(interlocked_remove_takes_head),
	KUNIT_CASE(interlocked_single_list_is_a_stack),
	KUNIT_CASE(interlocked_sums_tell_what_was_before),
	KUNIT_CASE(interlocked_calls_keep_any_irql),
	KUNIT_CASE(interlocked_slist_is_a_stack),
	KUNIT_CASE(interlocked_slist_flush_takes_all),
	KUNIT_CASE(interlocked_slist_header_is_true),
	KUNIT_CASE(interlocked_slist_wants_aligned_entries),
	KUNIT_CASE(interlocked_calls_exclude_two_cpus),
	KUNIT_CASE(interlocked_calls_let_no_interrupt_in),
	{}
};

static struct kunit_suite interlocked_suite = {
	.name = "minirq_interlocked",
	.init = interlocked_init,
	.exit = interlocked_exit,
	.test_cases = interlocked_cases,
};

kunit_test_suite(interlocked_suite);
