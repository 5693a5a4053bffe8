// SPDX-License-Identifier: GPL-2.0-only
/* Message tables: what they show, and that it stays true. */
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/interrupt.h>
#include <linux/irq.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/irql.h"
#include "../src/message.h"
#include "../src/processor.h"
#include "cpu.h"
#include "fake_irq.h"

#define MESSAGES	4

/**
 * struct fixture - an interrupt with its table
 * @irqs:	what the device was granted
 * @intr:	the interrupt
 * @table:	the table
 * @info:	what the driver sees of it
 */
struct fixture {
	struct minirq_irqs *irqs;
	struct minirq_interrupt *intr;
	struct minirq_message_table *table;
	PIO_INTERRUPT_MESSAGE_INFO info;
};

static bool service(struct _KINTERRUPT *ki)
{
	return true;
}

static irqreturn_t handler(int irq, void *dev)
{
	return minirq_interrupt_deliver(dev, true, service, NULL);
}

/* A76 */
static void message_table_has_the_layout(struct kunit *test)
{
	struct fixture *f = test->priv;
	char *start = (char *)f->info;
	unsigned int id;

	KUNIT_EXPECT_EQ(test, f->info->MessageCount, MESSAGES);
	for (id = 0; id < MESSAGES; id++)
		KUNIT_EXPECT_EQ(test, (char *)&f->info->MessageInfo[id] - start, 8 + 48 * id);
}

/* A77 A85 */
static void message_is_latched_and_has_a_polarity(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int id;

	for (id = 0; id < MESSAGES; id++) {
		KUNIT_EXPECT_EQ(test, f->info->MessageInfo[id].Mode, 1);
		KUNIT_EXPECT_GE(test, (int)f->info->MessageInfo[id].Polarity, 0);
		KUNIT_EXPECT_LE(test, (int)f->info->MessageInfo[id].Polarity, 4);
	}
}

static BOOLEAN count_call(PVOID count)
{
	return ++*(unsigned int *)count;
}

/* A78 */
static void message_object_can_be_synchronised_with(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int id, calls = 0;

	for (id = 0; id < MESSAGES; id++) {
		PKINTERRUPT object = f->info->MessageInfo[id].InterruptObject;

		KUNIT_ASSERT_NOT_NULL(test, object);
		KUNIT_EXPECT_EQ(test, KeSynchronizeExecution(object, count_call, &calls), id + 1);
	}
	KUNIT_EXPECT_EQ(test, calls, MESSAGES);
}

/* A79 */
static void message_irql_is_within_the_unified(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int id;

	for (id = 0; id < MESSAGES; id++) {
		KUNIT_EXPECT_GT(test, f->info->MessageInfo[id].Irql, DISPATCH_LEVEL);
		KUNIT_EXPECT_LE(test, f->info->MessageInfo[id].Irql, f->info->UnifiedIrql);
	}
}

/* A80 */
static void message_targets_exist(struct kunit *test)
{
	KAFFINITY online = minirq_processor_affinity(cpu_online_mask, NULL);
	struct fixture *f = test->priv;
	unsigned int id;

	for (id = 0; id < MESSAGES; id++) {
		KUNIT_EXPECT_NE(test, f->info->MessageInfo[id].TargetProcessorSet, 0);
		KUNIT_EXPECT_EQ(test, f->info->MessageInfo[id].TargetProcessorSet & ~online, 0);
	}
}

static bool shows_the_device(struct fixture *f, PIO_INTERRUPT_MESSAGE_INFO_ENTRY entry,
			     unsigned int id)
{
	return (u64)entry->MessageAddress.QuadPart == fake_irq_address(f->irqs, id) &&
	       entry->MessageData == fake_irq_data(f->irqs, id) &&
	       entry->Vector == f->irqs->irq[id];
}

/* A81 */
static void message_shows_what_the_device_was_given(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int id;

	for (id = 0; id < MESSAGES; id++)
		KUNIT_EXPECT_TRUE(test, shows_the_device(f, &f->info->MessageInfo[id], id));
}

/* A84 */
static void message_pairs_are_distinct(struct kunit *test)
{
	struct fixture *f = test->priv;
	PIO_INTERRUPT_MESSAGE_INFO_ENTRY e = f->info->MessageInfo;
	unsigned int a, b;

	for (a = 0; a < MESSAGES; a++)
		for (b = a + 1; b < MESSAGES; b++)
			KUNIT_EXPECT_TRUE(test, e[a].MessageData != e[b].MessageData ||
					  e[a].MessageAddress.QuadPart !=
					  e[b].MessageAddress.QuadPart);
}

static void message_read_refuses_a_line(struct kunit *test)
{
	struct minirq_irqs *line = fake_irq_line(test);
	IO_INTERRUPT_MESSAGE_INFO_ENTRY entry, before;

	memset(&entry, 0x5a, sizeof(entry));
	before = entry;
	KUNIT_EXPECT_FALSE(test, minirq_message_read(line->irq[0], &entry));
	KUNIT_EXPECT_EQ(test, memcmp(&entry, &before, sizeof(entry)), 0);
}

static void message_read_leaves_the_object(struct kunit *test)
{
	struct fixture *f = test->priv;
	IO_INTERRUPT_MESSAGE_INFO_ENTRY entry = { .InterruptObject = (PKINTERRUPT)0x1234 };

	KUNIT_EXPECT_TRUE(test, minirq_message_read(f->irqs->irq[3], &entry));
	KUNIT_EXPECT_TRUE(test, shows_the_device(f, &entry, 3));
	KUNIT_EXPECT_PTR_EQ(test, entry.InterruptObject, (PKINTERRUPT)0x1234);
}

/* What chips do whose vectors move at once, and not at the next interrupt. */
static void move(struct kunit *test, unsigned int id, unsigned int cpu)
{
	struct fixture *f = test->priv;
	u64 before = fake_irq_address(f->irqs, id);

	irq_modify_status(f->irqs->irq[id], 0, IRQ_MOVE_PCNTXT);
	KUNIT_ASSERT_EQ(test, irq_set_affinity(f->irqs->irq[id], cpumask_of(cpu)), 0);
	KUNIT_ASSERT_NE(test, fake_irq_address(f->irqs, id), before);
}

static void message_read_follows_a_move(struct kunit *test)
{
	struct fixture *f = test->priv;
	IO_INTERRUPT_MESSAGE_INFO_ENTRY entry;

	move(test, 1, 2);
	KUNIT_EXPECT_TRUE(test, minirq_message_read(f->irqs->irq[1], &entry));
	KUNIT_EXPECT_TRUE(test, shows_the_device(f, &entry, 1));
	KUNIT_EXPECT_EQ(test, entry.TargetProcessorSet, 1 << 2);
}

static bool second_is_true(void *arg)
{
	struct fixture *f = arg;

	return shows_the_device(f, &f->info->MessageInfo[1], 1);
}

static void message_table_follows_a_move(struct kunit *test)
{
	struct fixture *f = test->priv;

	minirq_message_table_watch(f->table);
	move(test, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_until(second_is_true, f));
	KUNIT_EXPECT_EQ(test, f->info->MessageInfo[1].TargetProcessorSet, 1 << 2);
	KUNIT_EXPECT_NOT_NULL(test, f->info->MessageInfo[1].InterruptObject);
	KUNIT_EXPECT_TRUE(test, shows_the_device(f, &f->info->MessageInfo[0], 0));
	KUNIT_EXPECT_TRUE(test, minirq_message_table_intact(f->table));
}

static void message_table_follows_every_move(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int cpu;

	minirq_message_table_watch(f->table);
	for (cpu = 1; cpu < 4; cpu++) {
		move(test, 1, cpu);
		KUNIT_EXPECT_TRUE(test, wait_until(second_is_true, f));
		KUNIT_EXPECT_EQ(test, f->info->MessageInfo[1].TargetProcessorSet, 1 << cpu);
	}
}

/* What happened between making the table and watching is not missed. */
static void message_table_watch_catches_up(struct kunit *test)
{
	struct fixture *f = test->priv;

	move(test, 1, 2);
	KUNIT_EXPECT_FALSE(test, second_is_true(f));
	minirq_message_table_watch(f->table);
	KUNIT_EXPECT_TRUE(test, second_is_true(f));
}

/* The kernel moves the vectors of a CPU that goes, and tells nobody. */
static void message_table_follows_when_its_cpu_goes(struct kunit *test)
{
	struct fixture *f = test->priv;
	bool was_true, is_true;
	u64 before;

	KUNIT_ASSERT_EQ(test, minirq_interrupt_enable(f->intr), 0);
	minirq_message_table_watch(f->table);
	move(test, 1, 3);
	was_true = wait_until(second_is_true, f);
	before = fake_irq_address(f->irqs, 1);
	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	is_true = second_is_true(f);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_TRUE(test, was_true);
	KUNIT_EXPECT_TRUE(test, is_true);
	KUNIT_EXPECT_NE(test, fake_irq_address(f->irqs, 1), before);
	KUNIT_EXPECT_EQ(test, f->info->MessageInfo[1].TargetProcessorSet & 1 << 3, 0);
}

/* A move under way must find neither the table nor its watch afterwards. */
static void message_table_unwatch_ends_it(struct kunit *test)
{
	struct fixture *f = test->priv;
	IO_INTERRUPT_MESSAGE_INFO_ENTRY last;

	minirq_message_table_watch(f->table);
	move(test, 1, 2);
	minirq_message_table_unwatch(f->table);
	last = f->info->MessageInfo[1];
	move(test, 1, 3);
	/* by its inner name: the kernel warns of whoever calls it by the other */
	__flush_workqueue(system_wq);
	KUNIT_EXPECT_EQ(test, f->info->MessageInfo[1].MessageData, last.MessageData);
	KUNIT_EXPECT_FALSE(test, second_is_true(f));
}

static void message_table_unwatched_can_be_unwatched(struct kunit *test)
{
	struct fixture *f = test->priv;

	minirq_message_table_unwatch(f->table);
	KUNIT_EXPECT_TRUE(test, second_is_true(f));
}

static void expect_write_seen(struct kunit *test, void *member)
{
	struct fixture *f = test->priv;
	u8 *byte = member;

	*byte ^= 1;
	KUNIT_EXPECT_FALSE(test, minirq_message_table_intact(f->table));
	*byte ^= 1;
	KUNIT_EXPECT_TRUE(test, minirq_message_table_intact(f->table));
}

/* Each member, and the head of the table. */
static void message_table_drivers_write_is_seen(struct kunit *test)
{
	struct fixture *f = test->priv;
	PIO_INTERRUPT_MESSAGE_INFO_ENTRY last = &f->info->MessageInfo[MESSAGES - 1];

	minirq_message_table_refresh(f->table);
	expect_write_seen(test, &f->info->UnifiedIrql);
	expect_write_seen(test, &f->info->MessageCount);
	expect_write_seen(test, &last->MessageAddress);
	expect_write_seen(test, &last->TargetProcessorSet);
	expect_write_seen(test, &last->InterruptObject);
	expect_write_seen(test, &last->MessageData);
	expect_write_seen(test, &last->Vector);
	expect_write_seen(test, &last->Irql);
	expect_write_seen(test, &last->Mode);
	expect_write_seen(test, &last->Polarity);
}

/* Also when a vector has moved since, and the table was written anew. */
static void message_table_drivers_write_is_not_forgotten(struct kunit *test)
{
	struct fixture *f = test->priv;

	minirq_message_table_watch(f->table);
	f->info->MessageInfo[0].MessageData++;
	minirq_message_table_refresh(f->table);
	KUNIT_EXPECT_TRUE(test, shows_the_device(f, &f->info->MessageInfo[0], 0));
	KUNIT_EXPECT_FALSE(test, minirq_message_table_intact(f->table));
}

static void message_table_destroy_of_nothing_is_fine(struct kunit *test)
{
	minirq_message_table_destroy(NULL);
}

static void connect(struct kunit *test, struct fixture *f)
{
	struct minirq_interrupt_config config = {
		.irqs = f->irqs, .name = "message_test", .handler = handler,
	};
	unsigned int id;

	f->intr = minirq_interrupt_create(&config);
	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, f->intr);
	KUNIT_ASSERT_EQ(test, minirq_interrupt_connect(f->intr), 0);
	f->table = minirq_message_table_create(f->irqs->irq, f->irqs->count);
	KUNIT_ASSERT_NOT_NULL(test, f->table);
	f->info = minirq_message_table_info(f->table);
	for (id = 0; id < MESSAGES; id++)
		minirq_message_table_object(f->table, id, &f->intr->each[id]);
}

static int message_init(struct kunit *test)
{
	struct fixture *f;

	need_cpus(test, 4);
	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	test->priv = f;
	f->irqs = fake_irq_messages(test, MESSAGES);
	connect(test, f);
	return 0;
}

static void message_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	if (f->table)
		minirq_message_table_unwatch(f->table);
	if (!IS_ERR_OR_NULL(f->intr)) {
		minirq_interrupt_disconnect(f->intr);
		minirq_interrupt_destroy(f->intr);
	}
	minirq_message_table_destroy(f->table);
}

static struct kunit_case message_cases[] = {
	KUNIT_CASE(message_table_has_the_layout),
	KUNIT_CASE(message_is_latched_and_has_a_polarity),
	KUNIT_CASE(message_object_can_be_synchronised_with),
	KUNIT_CASE(message_irql_is_within_the_unified),
	KUNIT_CASE(message_targets_exist),
	KUNIT_CASE(message_shows_what_the_device_was_given),
	KUNIT_CASE(message_pairs_are_distinct),
	KUNIT_CASE(message_read_refuses_a_line),
	KUNIT_CASE(message_read_leaves_the_object),
	KUNIT_CASE(message_read_follows_a_move),
	KUNIT_CASE(message_table_follows_a_move),
	KUNIT_CASE(message_table_follows_every_move),
	KUNIT_CASE(message_table_watch_catches_up),
	KUNIT_CASE(message_table_follows_when_its_cpu_goes),
	KUNIT_CASE(message_table_unwatch_ends_it),
	KUNIT_CASE(message_table_unwatched_can_be_unwatched),
	KUNIT_CASE(message_table_drivers_write_is_seen),
	KUNIT_CASE(message_table_drivers_write_is_not_forgotten),
	KUNIT_CASE(message_table_destroy_of_nothing_is_fine),
	{}
};

static struct kunit_suite message_suite = {
	.name = "minirq_message",
	.init = message_init,
	.exit = message_exit,
	.test_cases = message_cases,
};

kunit_test_suite(message_suite);
