// SPDX-License-Identifier: GPL-2.0-only
/* Processor numbers: index, group and number, affinity. */
#include <linux/bits.h>
#include <linux/cpumask.h>
#include <linux/math.h>

#include <kunit/test.h>

#include "../src/processor.h"
#include "cpu.h"

/* A12 */
static void processor_index_beyond_last_is_refused(struct kunit *test)
{
	ULONG count = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);
	PROCESSOR_NUMBER number = { .Group = 7, .Number = 7 };

	KUNIT_EXPECT_EQ(test, count, num_online_cpus());
	KUNIT_EXPECT_EQ(test, KeGetProcessorNumberFromIndex(count, &number),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, KeGetProcessorNumberFromIndex(INVALID_PROCESSOR_INDEX, &number),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, number.Number, 7);
}

/* A13 */
static void processor_number_and_index_agree(struct kunit *test)
{
	PROCESSOR_NUMBER number;
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		KUNIT_ASSERT_EQ(test, KeGetProcessorNumberFromIndex(cpu, &number), STATUS_SUCCESS);
		KUNIT_EXPECT_EQ(test, KeGetProcessorIndexFromNumber(&number), cpu);
	}
}

/* A14 */
static void processor_unknown_group_is_refused(struct kunit *test)
{
	PROCESSOR_NUMBER number = { .Group = 0xffff, .Number = 0 };

	KUNIT_EXPECT_EQ(test, KeGetProcessorIndexFromNumber(&number), INVALID_PROCESSOR_INDEX);
}

static void processor_bad_numbers_are_refused(struct kunit *test)
{
	PROCESSOR_NUMBER beyond = { .Number = num_online_cpus() };
	PROCESSOR_NUMBER outside_group = { .Number = 64 };
	PROCESSOR_NUMBER reserved = { .Reserved = 1 };

	KUNIT_EXPECT_EQ(test, KeGetProcessorIndexFromNumber(&beyond), INVALID_PROCESSOR_INDEX);
	KUNIT_EXPECT_EQ(test, KeGetProcessorIndexFromNumber(&outside_group),
			INVALID_PROCESSOR_INDEX);
	KUNIT_EXPECT_EQ(test, KeGetProcessorIndexFromNumber(&reserved), INVALID_PROCESSOR_INDEX);
}

/**
 * struct place - where a thread finds itself
 * @number:	with its group
 * @index:	system-wide
 * @plain:	by the call without groups
 */
struct place {
	PROCESSOR_NUMBER number;
	ULONG index;
	ULONG plain;
};

static void read_place(void *arg)
{
	struct place *place = arg;

	place->index = KeGetCurrentProcessorNumberEx(&place->number);
	place->plain = KeGetCurrentProcessorNumber();
}

static void processor_current_is_the_running_one(struct kunit *test)
{
	struct place place;
	unsigned int cpu;

	for (cpu = 0; cpu < 3; cpu++) {
		memset(&place, 0xff, sizeof(place));
		on_cpu(cpu, read_place, &place);
		KUNIT_EXPECT_EQ(test, place.index, cpu);
		KUNIT_EXPECT_EQ(test, place.plain, cpu);
		KUNIT_EXPECT_EQ(test, place.number.Group, 0);
		KUNIT_EXPECT_EQ(test, place.number.Number, cpu);
		KUNIT_EXPECT_EQ(test, place.number.Reserved, 0);
	}
}

static void processor_current_without_number(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, KeGetCurrentProcessorNumberEx(NULL), 0);
}

static void processor_count_by_group(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, KeQueryActiveProcessorCountEx(0), min(num_online_cpus(), 64U));
	KUNIT_EXPECT_EQ(test, KeQueryActiveProcessorCountEx(1000), 0);
}

/* Up to 64 CPUs, as here, there is one group, and it has them all. */
static void processor_queries_agree(struct kunit *test)
{
	KAFFINITY active = 0, expected = GENMASK_ULL(num_online_cpus() - 1, 0);

	KUNIT_EXPECT_EQ(test, KeQueryActiveProcessorCount(&active), num_online_cpus());
	KUNIT_EXPECT_EQ(test, active, expected);
	KUNIT_EXPECT_EQ(test, KeQueryActiveProcessorCount(NULL), num_online_cpus());
	KUNIT_EXPECT_EQ(test, KeQueryActiveProcessors(), expected);
	KUNIT_EXPECT_EQ(test, KeQueryGroupAffinity(0), expected);
	KUNIT_EXPECT_EQ(test, KeQueryGroupAffinity(1), 0);
	KUNIT_EXPECT_EQ(test, KeQueryActiveGroupCount(), 1);
}

static void processor_maximum_has_room_for_every_cpu(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, KeQueryMaximumProcessorCountEx(ALL_PROCESSOR_GROUPS), nr_cpu_ids);
	KUNIT_EXPECT_EQ(test, KeQueryMaximumProcessorCountEx(0), min(nr_cpu_ids, 64U));
	KUNIT_EXPECT_EQ(test, KeQueryMaximumProcessorCountEx(1000), 0);
	KUNIT_EXPECT_EQ(test, KeQueryMaximumProcessorCount(), KeQueryMaximumProcessorCountEx(0));
	KUNIT_EXPECT_EQ(test, KeQueryMaximumGroupCount(), DIV_ROUND_UP(nr_cpu_ids, 64U));
}

static void processor_affinity_becomes_a_mask(struct kunit *test)
{
	struct cpumask *mask = kunit_kzalloc(test, sizeof(*mask), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, mask);
	KUNIT_EXPECT_TRUE(test, minirq_processor_mask(mask, 0, 0x8000000000000005));
	KUNIT_EXPECT_EQ(test, cpumask_weight(mask), 2);
	KUNIT_EXPECT_TRUE(test, cpumask_test_cpu(0, mask) && cpumask_test_cpu(2, mask));
	KUNIT_EXPECT_FALSE(test, minirq_processor_mask(mask, 1, 0x5));
	KUNIT_EXPECT_FALSE(test, minirq_processor_mask(NULL, 0, 0));
}

static void processor_affinity_has_a_bit_for_each(struct kunit *test)
{
	struct cpumask mask = {};
	USHORT group = 7;

	cpumask_set_cpu(0, &mask);
	cpumask_set_cpu(2, &mask);
	KUNIT_EXPECT_EQ(test, minirq_processor_affinity(&mask, &group), 0x5);
	KUNIT_EXPECT_EQ(test, group, 0);
}

/* The kernel's own masks do, where nobody has said which CPUs are meant. */
static void processor_affinity_ends_with_the_last_cpu(struct kunit *test)
{
	struct cpumask *mask = kunit_kzalloc(test, sizeof(*mask), GFP_KERNEL);
	KAFFINITY possible = GENMASK_ULL(min(nr_cpu_ids, 64U) - 1, 0);

	KUNIT_ASSERT_NOT_NULL(test, mask);
	cpumask_setall(mask);
	KUNIT_EXPECT_EQ(test, minirq_processor_affinity(mask, NULL), possible);
	cpumask_clear(mask);
	KUNIT_EXPECT_EQ(test, minirq_processor_affinity(mask, NULL), 0);
}

static int processor_init(struct kunit *test)
{
	need_cpus(test, 3);
	return 0;
}

static struct kunit_case processor_cases[] = {
	KUNIT_CASE(processor_index_beyond_last_is_refused),
	KUNIT_CASE(processor_number_and_index_agree),
	KUNIT_CASE(processor_unknown_group_is_refused),
	KUNIT_CASE(processor_bad_numbers_are_refused),
	KUNIT_CASE(processor_current_is_the_running_one),
	KUNIT_CASE(processor_current_without_number),
	KUNIT_CASE(processor_count_by_group),
	KUNIT_CASE(processor_queries_agree),
	KUNIT_CASE(processor_maximum_has_room_for_every_cpu),
	KUNIT_CASE(processor_affinity_becomes_a_mask),
	KUNIT_CASE(processor_affinity_has_a_bit_for_each),
	KUNIT_CASE(processor_affinity_ends_with_the_last_cpu),
	{}
};

static struct kunit_suite processor_suite = {
	.name = "minirq_processor",
	.init = processor_init,
	.test_cases = processor_cases,
};

kunit_test_suite(processor_suite);
