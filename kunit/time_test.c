// SPDX-License-Identifier: GPL-2.0-only
/* What time it is. */
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

#include <kunit/test.h>

#include <wdm.h>

#include "../src/irql.h"

#define UNITS_PER_SEC	10000000LL

static LONGLONG units_since_1601(time64_t seconds)
{
	return (seconds + 11644473600LL) * UNITS_PER_SEC;
}

static void time_of_day_counts_from_1601(struct kunit *test)
{
	time64_t before = ktime_get_real_seconds(), after;
	LARGE_INTEGER coarse, fine;

	KeQuerySystemTimePrecise(&fine);
	KeQuerySystemTime(&coarse);
	after = ktime_get_real_seconds();
	KUNIT_EXPECT_GE(test, fine.QuadPart, units_since_1601(before));
	KUNIT_EXPECT_LE(test, fine.QuadPart, units_since_1601(after + 1));
	KUNIT_EXPECT_GE(test, coarse.QuadPart, units_since_1601(before - 1));
	KUNIT_EXPECT_LE(test, coarse.QuadPart, units_since_1601(after + 1));
}

static void time_since_start_is_boottime(struct kunit *test)
{
	u64 before = ktime_get_coarse_boottime_ns() / 100;
	ULONGLONG time = KeQueryInterruptTime(), unbiased = KeQueryUnbiasedInterruptTime();
	ULONG64 stamp, precise = KeQueryInterruptTimePrecise(&stamp);
	u64 after = ktime_get_boottime_ns() / 100;

	KUNIT_EXPECT_GE(test, time, before);
	KUNIT_EXPECT_LE(test, time, after);
	KUNIT_EXPECT_GE(test, unbiased, before);
	KUNIT_EXPECT_LE(test, unbiased, after);
	KUNIT_EXPECT_GE(test, precise, before);
	KUNIT_EXPECT_LE(test, precise, after);
	/* the machine has not slept */
	KUNIT_EXPECT_GE(test, stamp, before);
	KUNIT_EXPECT_LE(test, stamp, precise);
}

static void time_counter_never_goes_back(struct kunit *test)
{
	LARGE_INTEGER frequency, last = KeQueryPerformanceCounter(&frequency), now;
	unsigned int i, back = 0;

	for (i = 0; i < 1000; i++) {
		now = KeQueryPerformanceCounter(NULL);
		back += now.QuadPart < last.QuadPart;
		last = now;
	}
	KUNIT_EXPECT_EQ(test, back, 0);
	KUNIT_EXPECT_EQ(test, frequency.QuadPart, UNITS_PER_SEC);
}

static void time_ticks_count_jiffies(struct kunit *test)
{
	u64 before = get_jiffies_64() - INITIAL_JIFFIES, after;
	LARGE_INTEGER ticks;

	KeQueryTickCount(&ticks);
	after = get_jiffies_64() - INITIAL_JIFFIES;
	KUNIT_EXPECT_GE(test, (u64)ticks.QuadPart, before);
	KUNIT_EXPECT_LE(test, (u64)ticks.QuadPart, after);
	KUNIT_EXPECT_EQ(test, KeQueryTimeIncrement() * HZ, UNITS_PER_SEC);
}

static void time_can_be_asked_at_any_irql(struct kunit *test)
{
	LARGE_INTEGER day = {}, ticks = { .QuadPart = -1 }, counter;
	ULONGLONG since;
	KIRQL old;

	KeRaiseIrql(HIGH_LEVEL, &old);
	KeQuerySystemTime(&day);
	KeQueryTickCount(&ticks);
	counter = KeQueryPerformanceCounter(NULL);
	since = KeQueryInterruptTime();
	KeLowerIrql(old);
	KUNIT_EXPECT_GT(test, day.QuadPart, units_since_1601(0));
	KUNIT_EXPECT_GE(test, ticks.QuadPart, 0);
	KUNIT_EXPECT_GT(test, counter.QuadPart, 0);
	KUNIT_EXPECT_GT(test, since, 0);
}

static struct kunit_case time_cases[] = {
	KUNIT_CASE(time_of_day_counts_from_1601),
	KUNIT_CASE(time_since_start_is_boottime),
	KUNIT_CASE(time_counter_never_goes_back),
	KUNIT_CASE(time_ticks_count_jiffies),
	KUNIT_CASE(time_can_be_asked_at_any_irql),
	{}
};

static struct kunit_suite time_suite = {
	.name = "minirq_time",
	.test_cases = time_cases,
};

kunit_test_suite(time_suite);
