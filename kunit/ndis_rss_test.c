// SPDX-License-Identifier: GPL-2.0-only
/* The processors that NDIS drivers spread their queues over. */
#include <linux/cpumask.h>

#include <kunit/test.h>

#include "../src/ndis_owner.h"
#include "../src/verifier.h"
#include "cpu.h"

/* The structure and its array, and a guard behind them. */
#define ROOM	1024
#define GUARD	0x5a

/**
 * struct fixture - who asks, and what is answered
 * @owner:	the driver
 * @size:	how much room there is, and how much it takes
 * @rss:	the answer about RSS
 * @system:	the answer about the machine
 * @bytes:	the same
 */
struct fixture {
	struct minirq_ndis_owner owner;
	SIZE_T size;
	union {
		NDIS_RSS_PROCESSOR_INFO rss;
		NDIS_SYSTEM_PROCESSOR_INFO_EX system;
		u8 bytes[ROOM];
	};
};

static NDIS_STATUS ask_rss(struct fixture *f, SIZE_T size)
{
	memset(f->bytes, GUARD, sizeof(f->bytes));
	f->size = size;
	return NdisGetRssProcessorInformation(&f->owner, &f->rss, &f->size);
}

static NDIS_STATUS ask_system(struct fixture *f, SIZE_T size)
{
	memset(f->bytes, GUARD, sizeof(f->bytes));
	f->size = size;
	return NdisGetProcessorInformationEx(NULL, &f->system, &f->size);
}

static PNDIS_RSS_PROCESSOR rss_processor(struct fixture *f, unsigned int i)
{
	return (void *)(f->bytes + f->rss.RssProcessorArrayOffset +
			i * f->rss.RssProcessorEntrySize);
}

/* A223 */
static void ndis_rss_says_how_much_room(struct kunit *test)
{
	struct fixture *f = test->priv;
	SIZE_T needed;

	KUNIT_EXPECT_EQ(test, ask_rss(f, 0), NDIS_STATUS_BUFFER_TOO_SHORT);
	needed = f->size;
	KUNIT_EXPECT_GT(test, needed, sizeof(f->rss));
	KUNIT_EXPECT_EQ(test, ask_rss(f, needed - 1), NDIS_STATUS_BUFFER_TOO_SHORT);
	KUNIT_EXPECT_EQ(test, f->size, needed);
	KUNIT_EXPECT_EQ(test, f->bytes[0], GUARD);
	KUNIT_EXPECT_EQ(test, ask_rss(f, needed), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, f->bytes[needed], GUARD);
}

static void ndis_rss_asked_for_the_size_only(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->size = ROOM;
	KUNIT_EXPECT_EQ(test, NdisGetRssProcessorInformation(&f->owner, NULL, &f->size),
			NDIS_STATUS_BUFFER_TOO_SHORT);
	KUNIT_EXPECT_LT(test, f->size, ROOM);
}

/* A224 */
static void ndis_rss_array_is_in_the_buffer(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, ask_rss(f, ROOM), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, f->rss.RssProcessorCount, num_online_cpus());
	KUNIT_EXPECT_EQ(test, f->rss.RssProcessorEntrySize, sizeof(NDIS_RSS_PROCESSOR));
	KUNIT_EXPECT_GE(test, f->rss.RssProcessorArrayOffset, f->rss.Header.Size);
	KUNIT_EXPECT_LE(test, f->rss.RssProcessorArrayOffset +
			f->rss.RssProcessorCount * f->rss.RssProcessorEntrySize, f->size);
}

static void ndis_rss_lists_every_processor(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, ask_rss(f, ROOM), NDIS_STATUS_SUCCESS);
	for (i = 0; i < f->rss.RssProcessorCount; i++)
		KUNIT_EXPECT_EQ(test, KeGetProcessorIndexFromNumber(&rss_processor(f, i)->ProcNum),
				i);
	KUNIT_EXPECT_EQ(test, f->rss.RssBaseProcessor.Number, 0);
	KUNIT_EXPECT_EQ(test, f->rss.RssMaxProcessor.Number, num_online_cpus() - 1);
	KUNIT_EXPECT_EQ(test, f->rss.MaxNumRssProcessors, num_online_cpus());
}

static void ndis_rss_revision_is_the_drivers(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->owner.minor = 20;
	KUNIT_ASSERT_EQ(test, ask_rss(f, ROOM), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, f->rss.Header.Type, 0xb1);
	KUNIT_EXPECT_EQ(test, f->rss.Header.Revision, 1);
	KUNIT_EXPECT_EQ(test, f->rss.Header.Size, 0x20);
	KUNIT_EXPECT_EQ(test, f->rss.RssProcessorArrayOffset, 0x20);
	f->owner.minor = 30;
	KUNIT_ASSERT_EQ(test, ask_rss(f, ROOM), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, f->rss.Header.Revision, 2);
	KUNIT_EXPECT_EQ(test, f->rss.Header.Size, 0x28);
}

static void ndis_rss_refuses_strangers(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct minirq_ndis_owner stranger = {};
	unsigned int before = minirq_verifier_total();

	f->size = ROOM;
	KUNIT_EXPECT_EQ(test, NdisGetRssProcessorInformation(&stranger, &f->rss, &f->size),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before + 1);
	KUNIT_EXPECT_EQ(test, NdisGetRssProcessorInformation(&f->owner, &f->rss, NULL),
			NDIS_STATUS_INVALID_PARAMETER);
}

/* Of a driver the node is not known, nor is it without a handle. */
static void ndis_rss_topology_refuses_strangers(struct kunit *test)
{
	struct fixture *f = test->priv;
	struct minirq_ndis_owner stranger = {};
	unsigned int before = minirq_verifier_total();

	f->size = ROOM;
	KUNIT_EXPECT_EQ(test, NdisGetProcessorInformationEx(&f->owner, &f->system, &f->size),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
	memset(f->bytes, GUARD, sizeof(f->bytes));
	f->size = ROOM;
	KUNIT_EXPECT_EQ(test, NdisGetProcessorInformationEx(&stranger, &f->system, &f->size),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before + 1);
	KUNIT_EXPECT_EQ(test, f->bytes[0], GUARD);
	KUNIT_EXPECT_EQ(test, f->size, ROOM);
	KUNIT_EXPECT_EQ(test, NdisGetProcessorInformationEx(NULL, &f->system, NULL),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before + 1);
}

static void ndis_rss_topology(struct kunit *test)
{
	struct fixture *f = test->priv;
	PNDIS_PROCESSOR_INFO_EX each;
	SIZE_T needed;
	unsigned int i;

	KUNIT_EXPECT_EQ(test, ask_system(f, 0), NDIS_STATUS_BUFFER_TOO_SHORT);
	needed = f->size;
	KUNIT_ASSERT_EQ(test, ask_system(f, needed), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, f->bytes[needed], GUARD);
	KUNIT_EXPECT_EQ(test, f->system.NumberOfProcessors, num_online_cpus());
	KUNIT_EXPECT_EQ(test, f->system.NumCores * f->system.MaxHyperThreadingProcsPerCore,
			num_online_cpus());
	KUNIT_EXPECT_EQ(test, f->system.NumSockets * f->system.NumCoresPerSocket,
			f->system.NumCores);
	each = (void *)(f->bytes + f->system.ProcessorInfoOffset);
	for (i = 0; i < f->system.NumberOfProcessors; i++) {
		KUNIT_EXPECT_EQ(test, KeGetProcessorIndexFromNumber(&each[i].ProcNum), i);
		KUNIT_EXPECT_EQ(test, each[i].NodeDistance, 0);
	}
}

static void ndis_rss_counts(struct kunit *test)
{
	ULONG online = num_online_cpus();

	KUNIT_EXPECT_EQ(test, NdisSystemProcessorCount(), online);
	KUNIT_EXPECT_EQ(test, NdisGroupActiveProcessorCount(0), online);
	KUNIT_EXPECT_EQ(test, NdisGroupActiveProcessorCount(ALL_PROCESSOR_GROUPS), online);
	KUNIT_EXPECT_EQ(test, NdisGroupActiveProcessorCount(7), 0);
	KUNIT_EXPECT_EQ(test, NdisGroupMaxProcessorCount(0), nr_cpu_ids);
	KUNIT_EXPECT_EQ(test, NdisGroupMaxProcessorCount(ALL_PROCESSOR_GROUPS), nr_cpu_ids);
	KUNIT_EXPECT_EQ(test, NdisGroupMaxProcessorCount(7), 0);
	KUNIT_EXPECT_EQ(test, NdisGroupActiveProcessorMask(0), (1ULL << online) - 1);
	KUNIT_EXPECT_EQ(test, NdisGroupActiveProcessorMask(7), 0);
	KUNIT_EXPECT_EQ(test, NdisActiveGroupCount(), 1);
	KUNIT_EXPECT_EQ(test, NdisMaxGroupCount(), 1);
}

static int ndis_rss_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);

	need_cpus(test, 4);
	if (!f)
		return -ENOMEM;
	minirq_ndis_owner_init(&f->owner, "rss");
	f->owner.minor = 30;
	test->priv = f;
	return 0;
}

static struct kunit_case ndis_rss_cases[] = {
	KUNIT_CASE(ndis_rss_says_how_much_room),
	KUNIT_CASE(ndis_rss_asked_for_the_size_only),
	KUNIT_CASE(ndis_rss_array_is_in_the_buffer),
	KUNIT_CASE(ndis_rss_lists_every_processor),
	KUNIT_CASE(ndis_rss_revision_is_the_drivers),
	KUNIT_CASE(ndis_rss_refuses_strangers),
	KUNIT_CASE(ndis_rss_topology_refuses_strangers),
	KUNIT_CASE(ndis_rss_topology),
	KUNIT_CASE(ndis_rss_counts),
	{}
};

static struct kunit_suite ndis_rss_suite = {
	.name = "minirq_ndis_rss",
	.init = ndis_rss_init,
	.test_cases = ndis_rss_cases,
};

kunit_test_suite(ndis_rss_suite);
