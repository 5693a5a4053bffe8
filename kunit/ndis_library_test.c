// SPDX-License-Identifier: GPL-2.0-only
/* What NDIS drivers call besides: events, time, lists without a lock, free entries. */
#include <linux/slab.h>

#include <kunit/test.h>

#include <ndis.h>

#include "../src/ndis_owner.h"
#include "../src/verifier.h"
#include "cpu.h"

#define TAG	0x74736574

/**
 * struct wait - a thread that waits for an event
 * @event:	the event
 * @passed:	it has got past the wait
 * @result:	what the wait returned
 */
struct wait {
	NDIS_EVENT event;
	atomic_t passed;
	BOOLEAN result;
};

static void wait_for_ever(void *arg)
{
	struct wait *wait = arg;

	wait->result = NdisWaitEvent(&wait->event, 0);
	atomic_inc(&wait->passed);
}

static bool sleeps(void *task)
{
	return is_asleep(task);
}

static void ndis_event_wakes_waiter(struct kunit *test)
{
	struct wait wait = {};
	struct task_struct *task;
	KIRQL old;

	NdisInitializeEvent(&wait.event);
	task = start_on_cpu(1, wait_for_ever, &wait);
	KUNIT_EXPECT_TRUE(test, wait_until(sleeps, task));
	KUNIT_EXPECT_EQ(test, atomic_read(&wait.passed), 0);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	NdisSetEvent(&wait.event);
	KeLowerIrql(old);
	join(task);
	KUNIT_EXPECT_EQ(test, atomic_read(&wait.passed), 1);
	KUNIT_EXPECT_TRUE(test, wait.result);
}

/* It stays set, for everybody, until it is reset. */
static void ndis_event_stays_set(struct kunit *test)
{
	NDIS_EVENT event;

	NdisInitializeEvent(&event);
	KUNIT_EXPECT_FALSE(test, NdisWaitEvent(&event, 1));
	NdisSetEvent(&event);
	KUNIT_EXPECT_TRUE(test, NdisWaitEvent(&event, 0));
	KUNIT_EXPECT_TRUE(test, NdisWaitEvent(&event, 1));
	NdisResetEvent(&event);
	KUNIT_EXPECT_FALSE(test, NdisWaitEvent(&event, 1));
}

static void ndis_event_wait_at_dispatch_only_looks(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_SYNCH);
	BOOLEAN unset, set;
	NDIS_EVENT event;
	KIRQL old;

	NdisInitializeEvent(&event);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	unset = NdisWaitEvent(&event, 0);
	NdisSetEvent(&event);
	set = NdisWaitEvent(&event, 0);
	KeLowerIrql(old);
	KUNIT_EXPECT_FALSE(test, unset);
	KUNIT_EXPECT_TRUE(test, set);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_SYNCH), before + 2);
}

/* Each between two looks at the clock that it is about. */
static void ndis_time(struct kunit *test)
{
	LARGE_INTEGER before, now, after;
	ULONG milliseconds;

	KeQuerySystemTime(&before);
	NdisGetCurrentSystemTime(&now);
	KeQuerySystemTime(&after);
	KUNIT_EXPECT_GE(test, now.QuadPart, before.QuadPart);
	KUNIT_EXPECT_LE(test, now.QuadPart, after.QuadPart);

	before.QuadPart = KeQueryInterruptTime() / 10000;
	NdisGetSystemUpTimeEx(&now);
	NdisGetSystemUpTime(&milliseconds);
	after.QuadPart = KeQueryInterruptTime() / 10000;
	KUNIT_EXPECT_GE(test, now.QuadPart, before.QuadPart);
	KUNIT_EXPECT_LE(test, now.QuadPart, after.QuadPart);
	KUNIT_EXPECT_GE(test, milliseconds, (ULONG)before.QuadPart);
	KUNIT_EXPECT_LE(test, milliseconds, (ULONG)after.QuadPart);
}

/* It takes the CPU, but no longer than others can do without it. */
static void ndis_stall_is_limited(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_STALL);
	ktime_t start = ktime_get();
	unsigned int i;

	for (i = 0; i < 200; i++)
		NdisStallExecution(50);
	/* udelay() counts loops where there is no better clock, and may be fast */
	KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), start), 200 * 50 / 10);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_STALL), before);
	NdisStallExecution(51);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_STALL), before + 1);
	KUNIT_EXPECT_STREQ(test, minirq_verifier_rule_name(MINIRQ_RULE_NDIS_STALL),
			   "NdisStallExecution_Delay");
}

static void ndis_slist(struct kunit *test)
{
	SLIST_ENTRY *entry = kunit_kzalloc(test, 4 * sizeof(*entry), GFP_KERNEL);
	SLIST_HEADER head;
	NDIS_SPIN_LOCK lock;

	KUNIT_ASSERT_NOT_NULL(test, entry);
	entry = PTR_ALIGN(entry, 16);
	NdisAllocateSpinLock(&lock);
	NdisInitializeSListHead(&head);
	KUNIT_EXPECT_NULL(test, NdisInterlockedPopEntrySList(&head, &lock));
	KUNIT_EXPECT_NULL(test, NdisInterlockedPushEntrySList(&head, &entry[0], &lock));
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedPushEntrySList(&head, &entry[1], &lock),
			    &entry[0]);
	KUNIT_EXPECT_EQ(test, NdisQueryDepthSList(&head), 2);
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedPopEntrySList(&head, &lock), &entry[1]);
	KUNIT_EXPECT_PTR_EQ(test, NdisInterlockedFlushSList(&head), &entry[0]);
	KUNIT_EXPECT_EQ(test, NdisQueryDepthSList(&head), 0);
	NdisFreeSpinLock(&lock);
}

static void ndis_lookaside_of_the_pool(struct kunit *test)
{
	NPAGED_LOOKASIDE_LIST list;
	PUCHAR entry, other;
	KIRQL old;

	NdisInitializeNPagedLookasideList(&list, NULL, NULL, 0, 100, TAG, 0);
	entry = NdisAllocateFromNPagedLookasideList(&list);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	other = NdisAllocateFromNPagedLookasideList(&list);
	KeLowerIrql(old);
	KUNIT_EXPECT_NOT_NULL(test, entry);
	KUNIT_EXPECT_NOT_NULL(test, other);
	KUNIT_EXPECT_PTR_NE(test, entry, other);
	/* all of it is there, or KASAN reports */
	if (entry)
		NdisFillMemory(entry, 100, 0x55);
	if (entry)
		NdisFreeToNPagedLookasideList(&list, entry);
	if (other)
		NdisFreeToNPagedLookasideList(&list, other);
	NdisDeleteNPagedLookasideList(&list);
}

static int allocated, freed;

static PVOID allocate(POOL_TYPE type, SIZE_T size, ULONG tag)
{
	allocated += type == NonPagedPool && size == 40 && tag == TAG;
	return kzalloc(size, GFP_ATOMIC);
}

static VOID release(PVOID entry)
{
	freed++;
	kfree(entry);
}

static void ndis_lookaside_of_the_driver(struct kunit *test)
{
	NPAGED_LOOKASIDE_LIST list;
	PVOID entry;

	allocated = 0;
	freed = 0;
	NdisInitializeNPagedLookasideList(&list, allocate, release, 0, 40, TAG, 0);
	entry = NdisAllocateFromNPagedLookasideList(&list);
	KUNIT_EXPECT_NOT_NULL(test, entry);
	KUNIT_EXPECT_EQ(test, allocated, 1);
	NdisFreeToNPagedLookasideList(&list, entry);
	KUNIT_EXPECT_EQ(test, freed, 1);
	NdisDeleteNPagedLookasideList(&list);
	KUNIT_EXPECT_EQ(test, sizeof(list), 128);
}

/* Nobody is told, but a call that is wrong is reported. */
static void ndis_status_indication(struct kunit *test)
{
	unsigned int calls = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	unsigned int all = minirq_verifier_total();
	NDIS_STATUS_INDICATION status = {
		.Header.Type = NDIS_OBJECT_TYPE_STATUS_INDICATION,
		.Header.Revision = NDIS_STATUS_INDICATION_REVISION_1,
		.Header.Size = NDIS_SIZEOF_STATUS_INDICATION_REVISION_1,
		.StatusCode = NDIS_STATUS_LINK_STATE,
	};
	struct minirq_ndis_owner owner;

	minirq_ndis_owner_init(&owner, "library");
	status.SourceHandle = &owner;
	NdisMIndicateStatusEx(&owner, &status);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), all);
	status.Header.Size--;
	NdisMIndicateStatusEx(&owner, &status);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), calls + 1);
	NdisMIndicateStatusEx(NULL, &status);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), all + 2);
	KUNIT_EXPECT_EQ(test, sizeof(status), 0x70);
}

/* Nothing is removed, and it does not say otherwise. */
static void ndis_remove_miniport_fails(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT);
	struct minirq_ndis_owner owner;

	minirq_ndis_owner_init(&owner, "broken");
	KUNIT_EXPECT_EQ(test, NdisMRemoveMiniport(&owner), NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT), before);
	KUNIT_EXPECT_EQ(test, NdisMRemoveMiniport(NULL), NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT), before + 1);
}

static void look_at_processor(void *number)
{
	*(PPROCESSOR_NUMBER)number = NdisCurrentGroupAndProcessor();
	if (NdisCurrentProcessorIndex() != NDIS_CURRENT_PROCESSOR_NUMBER)
		((PPROCESSOR_NUMBER)number)->Group = 99;
}

static void ndis_processor_numbers(struct kunit *test)
{
	PROCESSOR_NUMBER number = {};
	unsigned int cpu;

	for (cpu = 0; cpu < 4; cpu++) {
		on_cpu(cpu, look_at_processor, &number);
		KUNIT_EXPECT_EQ(test, number.Group, 0);
		KUNIT_EXPECT_EQ(test, number.Number, cpu);
		KUNIT_EXPECT_EQ(test, NdisProcessorNumberToIndex(number), cpu);
		KUNIT_EXPECT_EQ(test, NdisProcessorIndexToNumber(cpu, &number),
				NDIS_STATUS_SUCCESS);
		KUNIT_EXPECT_EQ(test, number.Number, cpu);
	}
	number.Group = 5;
	KUNIT_EXPECT_EQ(test, NdisProcessorNumberToIndex(number), INVALID_PROCESSOR_INDEX);
	KUNIT_EXPECT_EQ(test, NdisProcessorIndexToNumber(nr_cpu_ids, &number),
			NDIS_STATUS_INVALID_PARAMETER);
}

static int ndis_library_init(struct kunit *test)
{
	need_cpus(test, 4);
	return 0;
}

static struct kunit_case ndis_library_cases[] = {
	KUNIT_CASE(ndis_event_wakes_waiter),
	KUNIT_CASE(ndis_event_stays_set),
	KUNIT_CASE(ndis_event_wait_at_dispatch_only_looks),
	KUNIT_CASE(ndis_time),
	KUNIT_CASE(ndis_stall_is_limited),
	KUNIT_CASE(ndis_slist),
	KUNIT_CASE(ndis_lookaside_of_the_pool),
	KUNIT_CASE(ndis_lookaside_of_the_driver),
	KUNIT_CASE(ndis_status_indication),
	KUNIT_CASE(ndis_remove_miniport_fails),
	KUNIT_CASE(ndis_processor_numbers),
	{}
};

static struct kunit_suite ndis_library_suite = {
	.name = "minirq_ndis_library",
	.init = ndis_library_init,
	.test_cases = ndis_library_cases,
};

kunit_test_suite(ndis_library_suite);
