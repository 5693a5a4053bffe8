// SPDX-License-Identifier: GPL-2.0-only
/* Timer objects of NDIS. */
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/ndis_handle.h"
#include "../src/verifier.h"
#include "cpu.h"

/* In 100 ns: at once, and long after every test */
#define NOW	0
#define LATER	(-36000000000LL)

/**
 * struct bell - a timer and what its routine saw
 * @adapter:	the owner
 * @timer:	the timer
 * @context:	the routine's
 * @irql:	at which level
 * @cpu:	and where it ran
 * @again:	it sets the timer so often
 * @frees:	it frees the timer
 * @held:	it waits for @go
 * @go:		it may go on
 * @started:	it has been called so often
 * @ended:	it has returned so often
 */
struct bell {
	struct minirq_ndis_adapter adapter;
	NDIS_HANDLE timer;
	PVOID context;
	KIRQL irql;
	unsigned int cpu;
	atomic_t again;
	bool frees;
	bool held;
	atomic_t go;
	atomic_t started;
	atomic_t ended;
};

/* The suite's; a routine may be given another context. */
static struct bell *bell;

static LARGE_INTEGER due(LONGLONG units)
{
	return (LARGE_INTEGER) { .QuadPart = units };
}

static BOOLEAN set(LONGLONG units)
{
	return NdisSetTimerObject(bell->timer, due(units), 0, NULL);
}

static VOID ring(PVOID dpc, PVOID context, PVOID unused1, PVOID unused2)
{
	bell->context = context;
	bell->irql = KeGetCurrentIrql();
	bell->cpu = raw_smp_processor_id();
	atomic_inc(&bell->started);
	if (bell->held)
		spin_for(&bell->go);
	if (atomic_dec_if_positive(&bell->again) >= 0)
		set(-1);
	if (bell->frees)
		NdisFreeTimerObject(bell->timer);
	atomic_inc(&bell->ended);
}

static unsigned int reports(enum minirq_rule rule)
{
	return minirq_verifier_count(rule);
}

static void ndis_timer_calls_routine(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, set(-1000));
	KUNIT_EXPECT_TRUE(test, wait_for(&bell->ended));
	KUNIT_EXPECT_PTR_EQ(test, bell->context, (PVOID)bell);
	KUNIT_EXPECT_EQ(test, (int)bell->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_FALSE(test, NdisCancelTimerObject(bell->timer));
}

static void set_on_cpu(void *unused)
{
	set(-1000);
}

static void ndis_timer_runs_where_it_was_set(struct kunit *test)
{
	on_cpu(1, set_on_cpu, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&bell->ended));
	KUNIT_EXPECT_EQ(test, bell->cpu, 1);
}

/* A time that has passed: the routine has run when the call returns. */
static void ndis_timer_of_the_past_runs_at_once(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, set(NOW));
	KUNIT_EXPECT_EQ(test, atomic_read(&bell->ended), 1);
}

static void ndis_timer_context_of_the_call(struct kunit *test)
{
	int other;

	NdisSetTimerObject(bell->timer, due(NOW), 0, &other);
	KUNIT_EXPECT_PTR_EQ(test, bell->context, (PVOID)&other);
	/* without one it is the first again */
	set(NOW);
	KUNIT_EXPECT_PTR_EQ(test, bell->context, (PVOID)bell);
}

static void ndis_timer_set_again_is_moved(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, set(LATER));
	KUNIT_EXPECT_TRUE(test, set(LATER));
	KUNIT_EXPECT_TRUE(test, set(NOW));
	KUNIT_EXPECT_EQ(test, atomic_read(&bell->ended), 1);
	KUNIT_EXPECT_FALSE(test, NdisCancelTimerObject(bell->timer));
}

static void ndis_timer_cancelled_does_not_run(struct kunit *test)
{
	set(LATER);
	KUNIT_EXPECT_TRUE(test, NdisCancelTimerObject(bell->timer));
	KUNIT_EXPECT_FALSE(test, NdisCancelTimerObject(bell->timer));
	KUNIT_EXPECT_TRUE(test, stays_clear(&bell->started));
}

static void ndis_timer_period(struct kunit *test)
{
	NdisSetTimerObject(bell->timer, due(-1000), 1, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&bell->ended, 3));
	KUNIT_EXPECT_TRUE(test, NdisCancelTimerObject(bell->timer));
	KUNIT_EXPECT_EQ(test, atomic_read(&bell->started), atomic_read(&bell->ended));
	KUNIT_EXPECT_FALSE(test, NdisCancelTimerObject(bell->timer));
}

static void ndis_timer_that_may_be_late(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, NdisSetCoalescableTimerObject(bell->timer, due(-1000), 1, NULL,
							       100));
	KUNIT_EXPECT_TRUE(test, wait_for_count(&bell->ended, 2));
	KUNIT_EXPECT_TRUE(test, NdisCancelTimerObject(bell->timer));
}

static void set_periodic(void *unused)
{
	NdisSetTimerObject(bell->timer, due(-1000), 1, NULL);
}

static void cancel(void *unused)
{
	NdisCancelTimerObject(bell->timer);
}

static bool sleeps(void *task)
{
	return is_asleep(task);
}

/* The routine of a periodic timer is waited for. */
static void ndis_timer_cancel_waits_for_period(struct kunit *test)
{
	struct task_struct *setter, *canceller;

	bell->held = true;
	setter = start_on_cpu(1, set_periodic, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&bell->started));
	canceller = start_on_cpu(2, cancel, NULL);
	KUNIT_EXPECT_TRUE(test, wait_until(sleeps, canceller));
	KUNIT_EXPECT_EQ(test, atomic_read(&bell->ended), 0);
	atomic_set(&bell->go, 1);
	join(canceller);
	join(setter);
	KUNIT_EXPECT_EQ(test, atomic_read(&bell->started), atomic_read(&bell->ended));
}

/* Above PASSIVE_LEVEL nobody can wait: that is reported, and the timer stopped. */
static void ndis_timer_periodic_cancel_at_dispatch(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_NDIS_IRQL_TIMER);
	BOOLEAN was_set;
	KIRQL old;

	NdisSetTimerObject(bell->timer, due(LATER), 1, NULL);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	was_set = NdisCancelTimerObject(bell->timer);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, was_set);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_IRQL_TIMER), before + 1);
	KUNIT_EXPECT_FALSE(test, NdisCancelTimerObject(bell->timer));
}

static void ndis_timer_at_dispatch(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	set(LATER);
	NdisCancelTimerObject(bell->timer);
	NdisFreeTimerObject(bell->timer);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
	KUNIT_EXPECT_TRUE(test, list_empty(&bell->adapter.owner.objects));
}

static void ndis_timer_may_free_itself(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();

	bell->frees = true;
	set(-1000);
	KUNIT_EXPECT_TRUE(test, wait_for(&bell->ended));
	KUNIT_EXPECT_TRUE(test, list_empty(&bell->adapter.owner.objects));
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

static void ndis_timer_freed_while_set_is_reported(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_NDIS_OBJECT);

	set(LATER);
	NdisFreeTimerObject(bell->timer);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), before + 1);
}

/* Even one whose routine sets it again and again. */
static void ndis_timer_left_behind_is_stopped(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_NDIS_LEAK);
	int started;

	atomic_set(&bell->again, S32_MAX);
	set(-1000);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&bell->ended, 3));
	minirq_ndis_owner_release(&bell->adapter.owner, "this test");
	started = atomic_read(&bell->started);
	KUNIT_EXPECT_EQ(test, started, atomic_read(&bell->ended));
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_LEAK), before + 1);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, started, atomic_read(&bell->started));
}

static NDIS_STATUS make(NDIS_HANDLE owner, NDIS_TIMER_CHARACTERISTICS *chars)
{
	return NdisAllocateTimerObject(owner, chars, &bell->timer);
}

static void ndis_timer_bad_characteristics(struct kunit *test)
{
	const NDIS_TIMER_CHARACTERISTICS good = {
		.Header.Type = NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS,
		.Header.Revision = NDIS_TIMER_CHARACTERISTICS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1,
		.TimerFunction = ring,
	};
	NDIS_TIMER_CHARACTERISTICS chars = good;

	KUNIT_EXPECT_EQ(test, sizeof(chars), 0x18);
	chars.TimerFunction = NULL;
	KUNIT_EXPECT_EQ(test, make(&bell->adapter, &chars), NDIS_STATUS_BAD_CHARACTERISTICS);
	chars = good;
	chars.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	KUNIT_EXPECT_EQ(test, make(&bell->adapter, &chars), NDIS_STATUS_BAD_CHARACTERISTICS);
	chars = good;
	chars.Header.Size--;
	KUNIT_EXPECT_EQ(test, make(&bell->adapter, &chars), NDIS_STATUS_BAD_CHARACTERISTICS);
	chars = good;
	KUNIT_EXPECT_EQ(test, make(&bell->adapter, NULL), NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, make(NULL, &chars), NDIS_STATUS_FAILURE);
}

static void ndis_timer_bad_calls_are_reported(struct kunit *test)
{
	unsigned int handles = reports(MINIRQ_RULE_NDIS_OBJECT);
	unsigned int levels = reports(MINIRQ_RULE_NDIS_IRQL_TIMER);
	KIRQL old;

	KUNIT_EXPECT_FALSE(test, NdisSetTimerObject(bell, due(NOW), 0, NULL));
	KUNIT_EXPECT_FALSE(test, NdisCancelTimerObject(NULL));
	NdisFreeTimerObject(NULL);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), handles + 3);
	KeRaiseIrql(MINIRQ_DIRQL, &old);
	set(NOW);
	NdisCancelTimerObject(bell->timer);
	NdisFreeTimerObject(bell->timer);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_IRQL_TIMER), levels + 3);
	KUNIT_EXPECT_EQ(test, atomic_read(&bell->started), 0);
}

static int ndis_timer_init(struct kunit *test)
{
	NDIS_TIMER_CHARACTERISTICS chars = {
		.Header.Type = NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS,
		.Header.Revision = NDIS_TIMER_CHARACTERISTICS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1,
		.TimerFunction = ring,
	};

	bell = kunit_kzalloc(test, sizeof(*bell), GFP_KERNEL);
	if (!bell)
		return -ENOMEM;
	need_cpus(test, 3);
	chars.FunctionContext = bell;
	minirq_ndis_adapter_init(&bell->adapter, "bell", NULL);
	return NdisAllocateTimerObject(&bell->adapter, &chars, &bell->timer) ? -ENOMEM : 0;
}

static void ndis_timer_exit(struct kunit *test)
{
	atomic_set(&bell->go, 1);
	minirq_ndis_owner_release(&bell->adapter.owner, "this test");
}

static struct kunit_case ndis_timer_cases[] = {
	KUNIT_CASE(ndis_timer_calls_routine),
	KUNIT_CASE(ndis_timer_runs_where_it_was_set),
	KUNIT_CASE(ndis_timer_of_the_past_runs_at_once),
	KUNIT_CASE(ndis_timer_context_of_the_call),
	KUNIT_CASE(ndis_timer_set_again_is_moved),
	KUNIT_CASE(ndis_timer_cancelled_does_not_run),
	KUNIT_CASE(ndis_timer_period),
	KUNIT_CASE(ndis_timer_that_may_be_late),
	KUNIT_CASE(ndis_timer_cancel_waits_for_period),
	KUNIT_CASE(ndis_timer_periodic_cancel_at_dispatch),
	KUNIT_CASE(ndis_timer_at_dispatch),
	KUNIT_CASE(ndis_timer_may_free_itself),
	KUNIT_CASE(ndis_timer_freed_while_set_is_reported),
	KUNIT_CASE(ndis_timer_left_behind_is_stopped),
	KUNIT_CASE(ndis_timer_bad_characteristics),
	KUNIT_CASE(ndis_timer_bad_calls_are_reported),
	{}
};

static struct kunit_suite ndis_timer_suite = {
	.name = "minirq_ndis_timer",
	.init = ndis_timer_init,
	.exit = ndis_timer_exit,
	.test_cases = ndis_timer_cases,
};

kunit_test_suite(ndis_timer_suite);
