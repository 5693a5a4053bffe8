// SPDX-License-Identifier: GPL-2.0-only
/* Requirements lists: what a driver is shown, and what is read back. */
#include <linux/cpumask.h>
#include <linux/numa.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/requirements.h"
#include "../src/resources.h"
#include "cpu.h"

#define TOKEN	0xfffffffeU

/**
 * struct fixture - what is offered, shown and asked for
 * @offer:	made of nothing
 * @list:	made of the offer
 * @request:	read from the list
 */
struct fixture {
	struct minirq_request *offer;
	PIO_RESOURCE_REQUIREMENTS_LIST list;
	struct minirq_request *request;
};

static struct fixture *offered(struct kunit *test, enum minirq_kind kind, unsigned int most,
			       unsigned int count)
{
	struct fixture *f = test->priv;

	f->offer = minirq_request_create(kind, most, count);
	KUNIT_ASSERT_NOT_NULL(test, f->offer);
	return f;
}

static struct fixture *shown(struct kunit *test, enum minirq_kind kind, unsigned int most,
			     unsigned int count)
{
	struct fixture *f = offered(test, kind, most, count);

	f->list = minirq_requirements_create(NULL, f->offer);
	KUNIT_ASSERT_NOT_NULL(test, f->list);
	return f;
}

static void read_back(struct kunit *test, struct fixture *f)
{
	f->request = minirq_requirements_read(f->list, f->offer);
	KUNIT_ASSERT_NOT_NULL(test, f->request);
}

/* Out of line, so that the compiler does not take the array for one of a single entry. */
static noinline PIO_RESOURCE_DESCRIPTOR descriptor(struct fixture *f, unsigned int i)
{
	return &f->list->List[0].Descriptors[i];
}

/* A38 */
static void requirements_msi_counts_tokens(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSI, 16, 4);

	KUNIT_ASSERT_EQ(test, f->list->List[0].Count, 1);
	KUNIT_EXPECT_EQ(test, descriptor(f, 0)->Type, 2);
	KUNIT_EXPECT_EQ(test, descriptor(f, 0)->Flags & 0x3, 0x3);
	KUNIT_EXPECT_EQ(test, descriptor(f, 0)->u.Interrupt.MaximumVector, TOKEN);
	KUNIT_EXPECT_EQ(test, descriptor(f, 0)->u.Interrupt.MinimumVector, TOKEN - 4 + 1);
}

/* A39 */
static void requirements_msix_has_a_token_each(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSIX, 5, 5);
	unsigned int i;

	KUNIT_ASSERT_EQ(test, f->list->List[0].Count, 5);
	for (i = 0; i < 5; i++) {
		KUNIT_EXPECT_EQ(test, descriptor(f, i)->Flags & 0x3, 0x3);
		KUNIT_EXPECT_EQ(test, descriptor(f, i)->u.Interrupt.MaximumVector, TOKEN);
		KUNIT_EXPECT_EQ(test, descriptor(f, i)->u.Interrupt.MinimumVector, TOKEN);
	}
}

static void requirements_line_is_shared(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_LINE, 1, 1);

	KUNIT_ASSERT_EQ(test, f->list->List[0].Count, 1);
	KUNIT_EXPECT_EQ(test, descriptor(f, 0)->Flags, 0);
	KUNIT_EXPECT_EQ(test, descriptor(f, 0)->ShareDisposition, 3);
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->kind, MINIRQ_LINE);
}

static void requirements_list_says_its_size(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSIX, 5, 5);

	KUNIT_EXPECT_EQ(test, f->list->AlternativeLists, 1);
	KUNIT_EXPECT_EQ(test, f->list->InterfaceType, PCIBus);
	KUNIT_EXPECT_EQ(test, f->list->ListSize,
			sizeof(*f->list) + 4 * sizeof(IO_RESOURCE_DESCRIPTOR));
}

static void requirements_show_the_policy(struct kunit *test)
{
	struct fixture *f = offered(test, MINIRQ_MSIX, 2, 2);

	f->offer->target[1] = (struct minirq_target) { IrqPolicySpecifiedProcessors, 1, 0x6 };
	f->list = minirq_requirements_create(NULL, f->offer);
	KUNIT_ASSERT_NOT_NULL(test, f->list);
	KUNIT_EXPECT_TRUE(test, descriptor(f, 1)->Flags & CM_RESOURCE_INTERRUPT_POLICY_INCLUDED);
	KUNIT_EXPECT_EQ(test, descriptor(f, 0)->u.Interrupt.AffinityPolicy, 0);
	KUNIT_EXPECT_EQ(test, descriptor(f, 1)->u.Interrupt.AffinityPolicy, 4);
	KUNIT_EXPECT_EQ(test, descriptor(f, 1)->u.Interrupt.Group, 1);
	KUNIT_EXPECT_EQ(test, descriptor(f, 1)->u.Interrupt.TargetedProcessors, 0x6);
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->count, 2);
	KUNIT_EXPECT_EQ(test, f->request->target[1].policy, 4);
	KUNIT_EXPECT_EQ(test, f->request->target[1].group, 1);
	KUNIT_EXPECT_EQ(test, f->request->target[1].cpus, 0x6);
}

static void requirements_driver_drops_messages(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSIX, 5, 5);

	f->list->List[0].Count = 2;
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->kind, MINIRQ_MSIX);
	KUNIT_EXPECT_EQ(test, f->request->count, 2);
}

static void requirements_without_messages_are_the_line(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSIX, 5, 5);

	f->list->List[0].Count = 0;
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->kind, MINIRQ_LINE);
	KUNIT_EXPECT_EQ(test, f->request->count, 1);
}

/* A driver makes a list of its own, with a message more and other targets. */
static void requirements_driver_adds_messages(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSIX, 5, 2);
	size_t more = f->list->ListSize + sizeof(IO_RESOURCE_DESCRIPTOR);
	PIO_RESOURCE_REQUIREMENTS_LIST old = f->list;

	f->list = kzalloc(more, GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f->list);
	memcpy(f->list, old, old->ListSize);
	kfree(old);
	*descriptor(f, 2) = *descriptor(f, 1);
	descriptor(f, 2)->u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
	descriptor(f, 2)->u.Interrupt.TargetedProcessors = 0x8;
	f->list->List[0].Count++;
	f->list->ListSize = more;
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->count, 3);
	KUNIT_EXPECT_EQ(test, f->request->target[1].policy, 0);
	KUNIT_EXPECT_EQ(test, f->request->target[2].cpus, 0x8);
}

static void requirements_no_more_than_there_is(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSIX, 2, 2);

	descriptor(f, 1)->u.Interrupt.MinimumVector = 0;
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->count, 2);
}

static void requirements_msi_is_read_back(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSI, 16, 4);

	descriptor(f, 0)->u.Interrupt.MinimumVector = TOKEN - 8 + 1;
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->kind, MINIRQ_MSI);
	KUNIT_EXPECT_EQ(test, f->request->count, 8);
}

static void requirements_nonsense_is_no_message(struct kunit *test)
{
	struct fixture *f = shown(test, MINIRQ_MSIX, 4, 4);

	descriptor(f, 0)->Type = CmResourceTypeMemory;
	descriptor(f, 1)->u.Interrupt.MaximumVector = 0x30;
	descriptor(f, 2)->u.Interrupt.MinimumVector = ~0U;
	descriptor(f, 3)->Flags &= ~CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
	descriptor(f, 3)->u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
	read_back(test, f);
	KUNIT_EXPECT_EQ(test, f->request->count, 1);
	KUNIT_EXPECT_EQ(test, f->request->target[0].policy, IrqPolicyMachineDefault);
}

/**
 * struct policy_case - a policy, and where the messages of four CPUs go
 * @policy:	IRQ_DEVICE_POLICY
 * @targeted:	TargetedProcessors
 * @honoured:	it says something
 * @first:	CPUs of message 0
 * @sixth:	CPUs of message 5
 * @msi:	CPUs of every message of MSI
 */
struct policy_case {
	IRQ_DEVICE_POLICY policy;
	KAFFINITY targeted;
	bool honoured;
	unsigned long first;
	unsigned long sixth;
	unsigned long msi;
};

static const struct policy_case policy_cases[] = {
	{ IrqPolicyMachineDefault, 0x2, false, 0, 0, 0 },
	{ IrqPolicyAllCloseProcessors, 0, true, 0xf, 0xf, 0xf },
	{ IrqPolicyOneCloseProcessor, 0, true, 0x1, 0x2, 0x1 },
	{ IrqPolicyAllProcessorsInMachine, 0, true, 0xf, 0xf, 0xf },
	{ IrqPolicySpecifiedProcessors, 0x2, true, 0x2, 0x2, 0x2 },
	{ IrqPolicySpecifiedProcessors, 0x16, true, 0x6, 0x6, 0x6 },
	{ IrqPolicySpecifiedProcessors, 0x10, false, 0, 0, 0 },
	{ IrqPolicySpreadMessagesAcrossAllProcessors, 0, true, 0x1, 0x2, 0xf },
	{ IrqPolicyAllProcessorsInMachineWhenSteered, 0, true, 0xf, 0xf, 0xf },
	{ 99, 0x2, false, 0, 0, 0 },
};

static void expect_cpus(struct kunit *test, const struct policy_case *c, unsigned int id,
			unsigned long cpus)
{
	struct fixture *f = test->priv;
	cpumask_var_t mask;

	KUNIT_ASSERT_TRUE(test, zalloc_cpumask_var(&mask, GFP_KERNEL));
	f->offer->target[id] = (struct minirq_target) { c->policy, 0, c->targeted };
	KUNIT_EXPECT_EQ(test, minirq_request_cpus(f->offer, id, NUMA_NO_NODE, mask), c->honoured);
	if (c->honoured)
		KUNIT_EXPECT_EQ_MSG(test, cpumask_bits(mask)[0], cpus, "policy %u, message %u",
				    c->policy, id);
	free_cpumask_var(mask);
}

/* A45 */
static void requirements_policy_of_msix(struct kunit *test)
{
	unsigned int i;

	offered(test, MINIRQ_MSIX, 6, 6);
	for (i = 0; i < ARRAY_SIZE(policy_cases); i++) {
		expect_cpus(test, &policy_cases[i], 0, policy_cases[i].first);
		expect_cpus(test, &policy_cases[i], 5, policy_cases[i].sixth);
	}
}

static void requirements_policy_of_msi(struct kunit *test)
{
	struct fixture *f = offered(test, MINIRQ_MSI, 6, 6);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(policy_cases); i++) {
		f->offer->target[0].policy = policy_cases[i].policy;
		f->offer->target[0].cpus = policy_cases[i].targeted;
		expect_cpus(test, &policy_cases[i], 5, policy_cases[i].msi);
	}
}

static int requirements_init(struct kunit *test)
{
	need_cpus(test, 4);
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void requirements_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (!f)
		return;
	kfree(f->offer);
	kfree(f->list);
	kfree(f->request);
}

static void requirements_slot_number(struct kunit *test)
{
	struct pci_dev *pdev = kunit_kzalloc(test, sizeof(*pdev), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, pdev);
	pdev->devfn = PCI_DEVFN(4, 1);
	KUNIT_EXPECT_EQ(test, minirq_resources_slot(pdev), 0x24);
}

static struct kunit_case requirements_cases[] = {
	KUNIT_CASE(requirements_msi_counts_tokens),
	KUNIT_CASE(requirements_msix_has_a_token_each),
	KUNIT_CASE(requirements_line_is_shared),
	KUNIT_CASE(requirements_list_says_its_size),
	KUNIT_CASE(requirements_show_the_policy),
	KUNIT_CASE(requirements_driver_drops_messages),
	KUNIT_CASE(requirements_without_messages_are_the_line),
	KUNIT_CASE(requirements_driver_adds_messages),
	KUNIT_CASE(requirements_no_more_than_there_is),
	KUNIT_CASE(requirements_msi_is_read_back),
	KUNIT_CASE(requirements_nonsense_is_no_message),
	KUNIT_CASE(requirements_policy_of_msix),
	KUNIT_CASE(requirements_policy_of_msi),
	KUNIT_CASE(requirements_slot_number),
	{}
};

static struct kunit_suite requirements_suite = {
	.name = "minirq_requirements",
	.init = requirements_init,
	.exit = requirements_exit,
	.test_cases = requirements_cases,
};

kunit_test_suite(requirements_suite);
