// SPDX-License-Identifier: GPL-2.0-only
/* Resource lists, raw and translated. */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/mm.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/irql.h"
#include "../src/processor.h"
#include "../src/resources.h"
#include "cpu.h"
#include "fake_irq.h"

/* .exit frees it. */
static PCM_PARTIAL_RESOURCE_LIST checked(struct kunit *test, PCM_RESOURCE_LIST resources)
{
	KUNIT_ASSERT_NOT_NULL(test, resources);
	test->priv = resources;
	KUNIT_EXPECT_EQ(test, resources->Count, 1);
	KUNIT_EXPECT_EQ(test, resources->List[0].InterfaceType, PCIBus);
	return &resources->List[0].PartialResourceList;
}

/* The lists of a device without BARs. */
static PCM_PARTIAL_RESOURCE_LIST list_of(struct kunit *test, const struct minirq_irqs *irqs)
{
	return checked(test, minirq_resources_create(NULL, irqs));
}

static PCM_PARTIAL_RESOURCE_LIST raw_list_of(struct kunit *test, const struct minirq_irqs *irqs)
{
	PCM_RESOURCE_LIST list = minirq_resources_create(NULL, irqs);
	PCM_RESOURCE_LIST raw = minirq_resources_create_raw(list, irqs);

	kvfree(list);
	return checked(test, raw);
}

/* A33 */
static void resources_each_message_has_a_descriptor(struct kunit *test)
{
	PCM_PARTIAL_RESOURCE_LIST list = list_of(test, fake_irq_messages(test, 5));
	unsigned int id;

	KUNIT_ASSERT_EQ(test, list->Count, 5);
	for (id = 0; id < 5; id++) {
		KUNIT_EXPECT_EQ(test, list->PartialDescriptors[id].Type, 2);
		KUNIT_EXPECT_EQ(test, list->PartialDescriptors[id].Flags, 0x3);
	}
}

static void resources_messages_are_in_order(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_messages(test, 5);
	PCM_PARTIAL_RESOURCE_LIST list = list_of(test, irqs);
	unsigned int id;

	KUNIT_ASSERT_EQ(test, list->Count, 5);
	for (id = 0; id < 5; id++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR d = &list->PartialDescriptors[id];

		KUNIT_EXPECT_EQ(test, d->u.MessageInterrupt.Translated.Vector, irqs->irq[id]);
		KUNIT_EXPECT_EQ(test, d->u.MessageInterrupt.Translated.Level, MINIRQ_DIRQL);
		KUNIT_EXPECT_EQ(test, d->u.MessageInterrupt.Translated.Group, 0);
		KUNIT_EXPECT_NE(test, d->u.MessageInterrupt.Translated.Affinity, 0);
	}
}

/* A34 */
static void resources_raw_counts_msi(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_msi(test, 4);
	PCM_PARTIAL_RESOURCE_LIST list = raw_list_of(test, irqs);

	KUNIT_ASSERT_EQ(test, list->Count, 1);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].Flags, 0x3);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].u.MessageInterrupt.Raw.MessageCount, 4);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].u.MessageInterrupt.Raw.Vector,
			irqs->irq[0]);
}

static void resources_msi_is_one_resource(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_msi(test, 4);
	PCM_PARTIAL_RESOURCE_LIST list = list_of(test, irqs);

	KUNIT_ASSERT_EQ(test, list->Count, 1);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].Flags, 0x3);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].u.Interrupt.Vector, irqs->irq[0]);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].u.Interrupt.Level, MINIRQ_DIRQL);
}

static void resources_raw_has_each_msix_message(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_table(test, 3, 5, 8);
	PCM_PARTIAL_RESOURCE_LIST list = raw_list_of(test, irqs);
	unsigned int id;

	KUNIT_ASSERT_EQ(test, list->Count, 3);
	for (id = 0; id < 3; id++) {
		PCM_PARTIAL_RESOURCE_DESCRIPTOR d = &list->PartialDescriptors[id];

		KUNIT_EXPECT_EQ(test, d->Flags, 0x3);
		KUNIT_EXPECT_EQ(test, d->u.MessageInterrupt.Raw.MessageCount, 1);
		KUNIT_EXPECT_EQ(test, d->u.MessageInterrupt.Raw.Vector, irqs->irq[id]);
		KUNIT_EXPECT_NE(test, d->u.MessageInterrupt.Raw.Affinity, 0);
	}
}

static void resources_raw_line_is_the_translated(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_line(test);
	PCM_PARTIAL_RESOURCE_LIST list = list_of(test, irqs);
	PCM_RESOURCE_LIST raw = minirq_resources_create_raw(test->priv, irqs);

	KUNIT_ASSERT_NOT_NULL(test, raw);
	KUNIT_EXPECT_EQ(test, raw->List[0].PartialResourceList.Count, 1);
	KUNIT_EXPECT_EQ(test, memcmp(raw->List[0].PartialResourceList.PartialDescriptors,
				     list->PartialDescriptors,
				     sizeof(list->PartialDescriptors[0])), 0);
	kvfree(raw);
}

/* A35 */
static void resources_line_is_shared_and_level(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_line(test);
	PCM_PARTIAL_RESOURCE_LIST list = list_of(test, irqs);

	KUNIT_ASSERT_EQ(test, list->Count, 1);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].Type, 2);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].Flags, 0);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].ShareDisposition, 3);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].u.Interrupt.Vector, irqs->irq[0]);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[0].u.Interrupt.Level, MINIRQ_DIRQL);
}

static void resources_without_interrupts_are_empty(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, list_of(test, fake_irq_none(test))->Count, 0);
}

static void resources_show_the_affinity(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_messages(test, 2);
	PCM_PARTIAL_RESOURCE_LIST list;

	irq_modify_status(irqs->irq[1], 0, IRQ_MOVE_PCNTXT);
	KUNIT_ASSERT_EQ(test, irq_set_affinity(irqs->irq[1], cpumask_of(2)), 0);
	list = list_of(test, irqs);
	KUNIT_ASSERT_EQ(test, list->Count, 2);
	KUNIT_EXPECT_EQ(test, list->PartialDescriptors[1].u.Interrupt.Affinity, 1 << 2);
}

/* A36 */
static void resources_message_and_line_fields_coincide(struct kunit *test)
{
#define AT(member)	offsetof(CM_PARTIAL_RESOURCE_DESCRIPTOR, u.member)
	KUNIT_EXPECT_EQ(test, AT(MessageInterrupt.Translated.Level), AT(Interrupt.Level));
	KUNIT_EXPECT_EQ(test, AT(MessageInterrupt.Translated.Group), AT(Interrupt.Group));
	KUNIT_EXPECT_EQ(test, AT(MessageInterrupt.Translated.Vector), AT(Interrupt.Vector));
	KUNIT_EXPECT_EQ(test, AT(MessageInterrupt.Translated.Affinity), AT(Interrupt.Affinity));
#undef AT
}

/* A37 */
static void resources_descriptor_is_packed(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(CM_PARTIAL_RESOURCE_DESCRIPTOR), 20);
	KUNIT_EXPECT_EQ(test, offsetof(CM_PARTIAL_RESOURCE_DESCRIPTOR, u.Interrupt.Affinity), 12);
}

static void resources_without_function_own_nothing(struct kunit *test)
{
	KUNIT_EXPECT_FALSE(test, minirq_resources_own(NULL, 0x1000, 0x1000));
}

static int resources_init(struct kunit *test)
{
	need_cpus(test, 3);
	return 0;
}

static void resources_exit(struct kunit *test)
{
	kvfree(test->priv);
}

static struct kunit_case resources_cases[] = {
	KUNIT_CASE(resources_each_message_has_a_descriptor),
	KUNIT_CASE(resources_messages_are_in_order),
	KUNIT_CASE(resources_raw_counts_msi),
	KUNIT_CASE(resources_msi_is_one_resource),
	KUNIT_CASE(resources_raw_has_each_msix_message),
	KUNIT_CASE(resources_raw_line_is_the_translated),
	KUNIT_CASE(resources_line_is_shared_and_level),
	KUNIT_CASE(resources_without_interrupts_are_empty),
	KUNIT_CASE(resources_show_the_affinity),
	KUNIT_CASE(resources_message_and_line_fields_coincide),
	KUNIT_CASE(resources_descriptor_is_packed),
	KUNIT_CASE(resources_without_function_own_nothing),
	{}
};

static struct kunit_suite resources_suite = {
	.name = "minirq_resources",
	.init = resources_init,
	.exit = resources_exit,
	.test_cases = resources_cases,
};

kunit_test_suite(resources_suite);
