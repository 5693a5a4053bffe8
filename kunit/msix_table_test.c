// SPDX-License-Identifier: GPL-2.0-only
/* The MSI-X table: which message an entry raises, and whether. */
#include <linux/interrupt.h>
#include <linux/irq.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/msix_table.h"
#include "cpu.h"
#include "fake_irq.h"

/* A table of eight entries; six have an irq, four are messages. */
#define MESSAGES	4
#define ENTRIES		6
#define TABLE		8

/**
 * struct fixture - a table, its messages, and what their service routine saw
 * @irqs:	what the device was granted
 * @table:	the table
 * @intr:	all messages
 * @msix:	the interface of the table
 * @isr:	done in the service routine, or NULL
 * @hold:	whose lock hold_lock() holds
 * @held:	it does
 * @gate:	until this is set
 * @calls:	by message, how often it was called
 */
struct fixture {
	struct minirq_irqs *irqs;
	struct minirq_msix_table *table;
	struct minirq_interrupt *intr;
	PCI_MSIX_TABLE_CONFIG_INTERFACE msix;
	void (*isr)(struct fixture *f, struct _KINTERRUPT *ki);
	struct _KINTERRUPT *hold;
	atomic_t held;
	atomic_t gate;
	atomic_t calls[MESSAGES];
};

static bool service(struct _KINTERRUPT *ki)
{
	struct fixture *f = ki->context;

	atomic_inc(&f->calls[ki->id]);
	if (f->isr)
		f->isr(f, ki);
	return true;
}

static irqreturn_t handler(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, true, service, NULL);
}

static struct minirq_interrupt *create(struct kunit *test,
				       const struct minirq_interrupt_config *config)
{
	struct minirq_interrupt *intr = minirq_interrupt_create(config);

	KUNIT_ASSERT_NOT_ERR_OR_NULL(test, intr);
	return intr;
}

static struct minirq_interrupt *interrupt(struct kunit *test, const struct minirq_irqs *irqs)
{
	const struct minirq_interrupt_config config = {
		.irqs = irqs, .name = "msix_table_test", .handler = handler,
		.context = test->priv,
	};

	return create(test, &config);
}

/* What a driver connects that connects each message singly. */
static struct minirq_interrupt *single(struct kunit *test, const struct minirq_irqs *irqs,
				       unsigned int id)
{
	const struct minirq_interrupt_config config = {
		.irqs = irqs, .name = "msix_table_test", .handler = handler,
		.context = test->priv, .single = true, .id = id,
	};

	return create(test, &config);
}

static void connect(struct kunit *test, struct minirq_interrupt *intr)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, minirq_interrupt_connect(intr), 0);
	minirq_msix_table_attach(f->table, intr);
	KUNIT_ASSERT_EQ(test, minirq_interrupt_enable(intr), 0);
}

static void disconnect(struct fixture *f, struct minirq_interrupt *intr)
{
	minirq_msix_table_detach(f->table, intr);
	minirq_interrupt_disconnect(intr);
}

static struct fixture *granted(struct kunit *test, struct minirq_irqs *irqs)
{
	struct fixture *f = test->priv;

	f->irqs = irqs;
	f->table = minirq_msix_table_create(irqs);
	KUNIT_ASSERT_NOT_NULL(test, f->table);
	KUNIT_ASSERT_EQ(test, minirq_msix_table_interface(f->table, &f->msix, sizeof(f->msix)), 0);
	return f;
}

static struct fixture *unconnected(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_table(test, MESSAGES, ENTRIES, TABLE));

	f->intr = interrupt(test, f->irqs);
	return f;
}

static struct fixture *connected(struct kunit *test)
{
	struct fixture *f = unconnected(test);

	connect(test, f->intr);
	return f;
}

static int calls(struct fixture *f, unsigned int message)
{
	return atomic_read(&f->calls[message]);
}

static int all_calls(struct fixture *f)
{
	return calls(f, 0) + calls(f, 1) + calls(f, 2) + calls(f, 3);
}

/* A118 */
static void msix_table_entries_are_messages(struct kunit *test)
{
	struct fixture *f = connected(test);
	unsigned int i;

	for (i = 0; i < MESSAGES; i++) {
		fake_irq_fire(f->irqs, i);
		KUNIT_EXPECT_EQ(test, calls(f, i), 1);
	}
	KUNIT_EXPECT_EQ(test, all_calls(f), MESSAGES);
}

/* A118 */
static void msix_table_spare_entries_are_message_0(struct kunit *test)
{
	struct fixture *f = connected(test);

	fake_irq_fire(f->irqs, MESSAGES);
	fake_irq_fire(f->irqs, ENTRIES - 1);
	KUNIT_EXPECT_EQ(test, calls(f, 0), 2);
	KUNIT_EXPECT_EQ(test, all_calls(f), 2);
}

/* A119 A217 */
static void msix_table_masks_at_once(struct kunit *test)
{
	struct fixture *f = connected(test);

	KUNIT_EXPECT_FALSE(test, fake_irq_masked(f->irqs, 1));
	KUNIT_EXPECT_EQ(test, f->msix.MaskTableEntry(f->msix.Context, 1), STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, 1));
	KUNIT_EXPECT_FALSE(test, fake_irq_masked(f->irqs, 0));
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 0);
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, calls(f, 0), 1);
}

/* A120 A218 */
static void msix_table_pending_comes_with_unmask(struct kunit *test)
{
	struct fixture *f = connected(test);

	f->msix.MaskTableEntry(f->msix.Context, 1);
	fake_irq_arm(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 0);
	KUNIT_EXPECT_EQ(test, f->msix.UnmaskTableEntry(f->msix.Context, 1), STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->calls[1]));
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 2);
}

static void msix_table_mask_is_one_bit(struct kunit *test)
{
	struct fixture *f = connected(test);

	minirq_msix_table_mask(f->table, 2, true);
	minirq_msix_table_mask(f->table, 2, true);
	minirq_msix_table_mask(f->table, 2, false);
	fake_irq_fire(f->irqs, 2);
	KUNIT_EXPECT_EQ(test, calls(f, 2), 1);
	minirq_msix_table_mask(f->table, 2, false);
	minirq_msix_table_mask(f->table, 2, true);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, 2));
}

/* A121 */
static void msix_table_has_an_end(struct kunit *test)
{
	struct fixture *f = connected(test);

	KUNIT_EXPECT_EQ(test, f->msix.MaskTableEntry(f->msix.Context, TABLE),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, f->msix.UnmaskTableEntry(f->msix.Context, ~0U),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, f->msix.MaskTableEntry(f->msix.Context, TABLE - 1), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, f->msix.UnmaskTableEntry(f->msix.Context, TABLE - 1), STATUS_SUCCESS);
}

/* A122 */
static void msix_table_without_msix(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_msi(test, 4));

	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 0, 0),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, f->msix.MaskTableEntry(f->msix.Context, 0),
			STATUS_INVALID_PARAMETER);
}

/* A122 */
static void msix_table_of_a_line(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_line(test));

	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 0, 0),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, f->msix.UnmaskTableEntry(f->msix.Context, 0),
			STATUS_INVALID_PARAMETER);
}

/* A123 */
static void msix_table_refuses_what_was_not_granted(struct kunit *test)
{
	struct fixture *f = connected(test);

	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 1, MESSAGES),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, ENTRIES, 0),
			STATUS_INVALID_PARAMETER);
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 1);
}

/* A124 */
static void msix_table_entry_raises_another_message(struct kunit *test)
{
	struct fixture *f = connected(test);

	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 1, 0), STATUS_SUCCESS);
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 0), 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 0);
	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 1, 1), STATUS_SUCCESS);
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 1);
}

static void hold_lock(void *arg)
{
	struct fixture *f = arg;
	KIRQL old = KeAcquireInterruptSpinLock(f->hold);

	atomic_set(&f->held, 1);
	spin_for(&f->gate);
	KeReleaseInterruptSpinLock(f->hold, old);
}

/* A65 */
static void msix_table_message_brings_its_lock(struct kunit *test)
{
	struct fixture *f = connected(test);
	struct task_struct *holder;

	minirq_msix_table_set(f->table, 1, 0);
	f->hold = &f->intr->each[0];
	holder = start_on_cpu(2, hold_lock, f);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->held));
	fake_irq_send_on(f->irqs, 1, 1);
	KUNIT_EXPECT_TRUE(test, stays_clear(&f->calls[0]));
	atomic_set(&f->gate, 1);
	join(holder);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->calls[0]));
}

static void msix_table_entry_leaves_its_lock(struct kunit *test)
{
	struct fixture *f = connected(test);
	struct task_struct *holder;

	minirq_msix_table_set(f->table, 1, 0);
	f->hold = &f->intr->each[1];
	holder = start_on_cpu(2, hold_lock, f);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->held));
	fake_irq_send_on(f->irqs, 1, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->calls[0]));
	atomic_set(&f->gate, 1);
	join(holder);
}

static void mask_and_redirect(struct fixture *f, struct _KINTERRUPT *ki)
{
	if (ki->id != 1)
		return;
	minirq_msix_table_mask(f->table, 1, true);
	minirq_msix_table_set(f->table, 1, 2);
}

static void msix_table_changes_in_a_service_routine(struct kunit *test)
{
	struct fixture *f = connected(test);

	f->isr = mask_and_redirect;
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 1);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, 1));
	minirq_msix_table_mask(f->table, 1, false);
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 1);
	KUNIT_EXPECT_EQ(test, calls(f, 2), 1);
}

static void msix_table_may_change_before_connect(struct kunit *test)
{
	struct fixture *f = unconnected(test);

	minirq_msix_table_mask(f->table, 2, true);
	minirq_msix_table_set(f->table, 1, 0);
	connect(test, f->intr);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, 2));
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(f, 0), 1);
	minirq_msix_table_mask(f->table, 2, false);
	fake_irq_fire(f->irqs, 2);
	KUNIT_EXPECT_EQ(test, calls(f, 2), 1);
}

static void msix_table_survives_a_connection(struct kunit *test)
{
	struct fixture *f = connected(test);

	minirq_msix_table_mask(f->table, 2, true);
	disconnect(f, f->intr);
	minirq_msix_table_mask(f->table, 1, true);
	minirq_msix_table_mask(f->table, 1, false);
	connect(test, f->intr);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, 2));
	KUNIT_EXPECT_FALSE(test, fake_irq_masked(f->irqs, 1));
}

static unsigned int cpu_of(struct fixture *f, unsigned int entry)
{
	return cpumask_first(irq_get_effective_affinity_mask(f->irqs->irq[entry]));
}

static void send_to(struct kunit *test, struct fixture *f, unsigned int entry, unsigned int cpu)
{
	irq_modify_status(f->irqs->irq[entry], 0, IRQ_MOVE_PCNTXT);
	KUNIT_ASSERT_EQ(test, irq_set_affinity(f->irqs->irq[entry], cpumask_of(cpu)), 0);
}

static void msix_table_message_brings_its_cpus(struct kunit *test)
{
	struct fixture *f = connected(test);

	send_to(test, f, 0, 3);
	send_to(test, f, 1, 1);
	send_to(test, f, 2, 2);
	minirq_msix_table_set(f->table, 1, 0);
	KUNIT_EXPECT_EQ(test, cpu_of(f, 1), 3);
	/* message 1 is still one of CPU 1 */
	minirq_msix_table_set(f->table, 2, 1);
	KUNIT_EXPECT_EQ(test, cpu_of(f, 2), 1);
	minirq_msix_table_set(f->table, 1, 1);
	KUNIT_EXPECT_EQ(test, cpu_of(f, 1), 1);
	minirq_msix_table_set(f->table, 2, 2);
	KUNIT_EXPECT_EQ(test, cpu_of(f, 2), 2);
	/* moved by the administrator, it is at home there */
	send_to(test, f, 1, 0);
	minirq_msix_table_set(f->table, 1, 0);
	minirq_msix_table_set(f->table, 1, 1);
	KUNIT_EXPECT_EQ(test, cpu_of(f, 1), 0);
}

static void msix_table_message_that_went_is_quiet(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_messages(test, 2));
	struct minirq_interrupt *first = single(test, f->irqs, 0);
	struct minirq_interrupt *second = single(test, f->irqs, 1);

	connect(test, first);
	connect(test, second);
	minirq_msix_table_set(f->table, 1, 0);
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, first->each[0].claimed, 1);
	disconnect(f, first);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, 1));
	minirq_msix_table_set(f->table, 1, 1);
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_EQ(test, second->each[0].claimed, 1);
	disconnect(f, second);
	minirq_interrupt_destroy(first);
	minirq_interrupt_destroy(second);
}

static irqreturn_t passive_handler(int irq, void *ki)
{
	return minirq_interrupt_deliver_passive(ki, service);
}

/* All messages, or only one. */
static struct minirq_interrupt *passive(struct kunit *test, const struct minirq_irqs *irqs,
					bool single, unsigned int id)
{
	const struct minirq_interrupt_config config = {
		.irqs = irqs, .name = "msix_table_test", .handler = passive_handler,
		.context = test->priv, .passive = true, .single = single, .id = id,
	};

	return create(test, &config);
}

/* A thread for the one, a hard interrupt for the other: neither can stand in. */
static void msix_table_passive_message_is_for_its_like(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_messages(test, 2));
	struct minirq_interrupt *hard = single(test, f->irqs, 0);
	struct minirq_interrupt *soft = passive(test, f->irqs, true, 1);

	minirq_msix_table_set(f->table, 0, 1);
	connect(test, hard);
	connect(test, soft);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, 0));
	KUNIT_EXPECT_FALSE(test, fake_irq_masked(f->irqs, 1));
	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 0, 0), STATUS_SUCCESS);
	KUNIT_EXPECT_FALSE(test, fake_irq_masked(f->irqs, 0));
	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 0, 1),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 1, 0),
			STATUS_INVALID_PARAMETER);
	fake_irq_fire(f->irqs, 0);
	KUNIT_EXPECT_EQ(test, hard->each[0].claimed, 1);
	disconnect(f, hard);
	disconnect(f, soft);
	minirq_interrupt_destroy(hard);
	minirq_interrupt_destroy(soft);
}

/* Both in threads: as any other. */
static void msix_table_passive_entry_raises_another_message(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_messages(test, 2));

	f->intr = passive(test, f->irqs, false, 0);
	connect(test, f->intr);
	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 1, 0), STATUS_SUCCESS);
	fake_irq_fire(f->irqs, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->calls[0]));
	KUNIT_EXPECT_EQ(test, calls(f, 1), 0);
}

/**
 * struct going - a message that goes while another's entry is in its service routine
 * @f:		the table
 * @intr:	the message
 * @gone:	it has been detached
 */
struct going {
	struct fixture *f;
	struct minirq_interrupt *intr;
	atomic_t gone;
};

static void stay_at_gate(struct fixture *f, struct _KINTERRUPT *ki)
{
	atomic_set(&f->held, 1);
	spin_for(&f->gate);
}

static void detach(void *arg)
{
	struct going *going = arg;

	minirq_msix_table_detach(going->f->table, going->intr);
	atomic_set(&going->gone, 1);
}

static void msix_table_detach_waits_for_redirected_entries(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_messages(test, 2));
	struct going going = { .f = f, .intr = single(test, f->irqs, 0) };
	struct task_struct *task;

	f->intr = single(test, f->irqs, 1);
	connect(test, going.intr);
	connect(test, f->intr);
	minirq_msix_table_set(f->table, 1, 0);
	f->isr = stay_at_gate;
	fake_irq_send_on(f->irqs, 1, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&f->held));
	task = start_on_cpu(2, detach, &going);
	KUNIT_EXPECT_TRUE(test, stays_clear(&going.gone));
	atomic_set(&f->gate, 1);
	join(task);
	KUNIT_EXPECT_EQ(test, atomic_read(&going.gone), 1);
	minirq_interrupt_disconnect(going.intr);
	minirq_interrupt_destroy(going.intr);
}

/* A118 */
static void msix_table_spare_entries_come_with_message_0_alone(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_table(test, MESSAGES, ENTRIES, TABLE));
	struct minirq_interrupt *second = single(test, f->irqs, 1);

	f->intr = single(test, f->irqs, 0);
	connect(test, second);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(f->irqs, MESSAGES));
	connect(test, f->intr);
	fake_irq_fire(f->irqs, MESSAGES);
	fake_irq_fire(f->irqs, ENTRIES - 1);
	KUNIT_EXPECT_EQ(test, calls(f, 0), 2);

	minirq_msix_table_set(f->table, MESSAGES, 1);
	fake_irq_fire(f->irqs, MESSAGES);
	KUNIT_EXPECT_EQ(test, calls(f, 1), 1);
	KUNIT_EXPECT_EQ(test, all_calls(f), 3);
	disconnect(f, second);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(f->irqs, MESSAGES));
	minirq_interrupt_destroy(second);
}

static void msix_table_interface_outlives_the_device(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_messages(test, 2));

	f->msix.InterfaceReference(f->msix.Context);
	f->msix.InterfaceDereference(f->msix.Context);
	minirq_msix_table_destroy(f->table);
	f->table = NULL;
	KUNIT_EXPECT_EQ(test, f->msix.MaskTableEntry(f->msix.Context, 0),
			STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, f->msix.SetTableEntry(f->msix.Context, 0, 1),
			STATUS_INVALID_PARAMETER);
}

static void msix_table_interface_needs_room(struct kunit *test)
{
	struct fixture *f = granted(test, fake_irq_messages(test, 2));
	PCI_MSIX_TABLE_CONFIG_INTERFACE msix = { .GetTableSize = (void *)0x1234 };
	USHORT minimum = PCI_MSIX_TABLE_CONFIG_MINIMUM_SIZE;

	KUNIT_EXPECT_EQ(test, minirq_msix_table_interface(f->table, &msix, minimum - 1), -EINVAL);
	KUNIT_EXPECT_EQ(test, minirq_msix_table_interface(f->table, &msix, minimum), 0);
	KUNIT_EXPECT_EQ(test, msix.Size, minimum);
	KUNIT_EXPECT_EQ(test, msix.Version, 1);
	KUNIT_EXPECT_PTR_EQ(test, (void *)msix.GetTableSize, (void *)0x1234);
	msix.InterfaceDereference(msix.Context);
}

static int msix_table_init(struct kunit *test)
{
	need_cpus(test, 4);
	test->priv = kunit_kzalloc(test, sizeof(struct fixture), GFP_KERNEL);
	return test->priv ? 0 : -ENOMEM;
}

static void msix_table_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f && f->intr)
		disconnect(f, f->intr);
	if (f && f->intr)
		minirq_interrupt_destroy(f->intr);
	if (f && f->table)
		minirq_msix_table_destroy(f->table);
	if (f && f->msix.Context)
		f->msix.InterfaceDereference(f->msix.Context);
}

static struct kunit_case msix_table_cases[] = {
	KUNIT_CASE(msix_table_entries_are_messages),
	KUNIT_CASE(msix_table_spare_entries_are_message_0),
	KUNIT_CASE(msix_table_masks_at_once),
	KUNIT_CASE(msix_table_pending_comes_with_unmask),
	KUNIT_CASE(msix_table_mask_is_one_bit),
	KUNIT_CASE(msix_table_has_an_end),
	KUNIT_CASE(msix_table_without_msix),
	KUNIT_CASE(msix_table_of_a_line),
	KUNIT_CASE(msix_table_refuses_what_was_not_granted),
	KUNIT_CASE(msix_table_entry_raises_another_message),
	KUNIT_CASE(msix_table_message_brings_its_lock),
	KUNIT_CASE(msix_table_entry_leaves_its_lock),
	KUNIT_CASE(msix_table_changes_in_a_service_routine),
	KUNIT_CASE(msix_table_may_change_before_connect),
	KUNIT_CASE(msix_table_survives_a_connection),
	KUNIT_CASE(msix_table_message_brings_its_cpus),
	KUNIT_CASE(msix_table_message_that_went_is_quiet),
	KUNIT_CASE(msix_table_passive_message_is_for_its_like),
	KUNIT_CASE(msix_table_passive_entry_raises_another_message),
	KUNIT_CASE(msix_table_detach_waits_for_redirected_entries),
	KUNIT_CASE(msix_table_spare_entries_come_with_message_0_alone),
	KUNIT_CASE(msix_table_interface_outlives_the_device),
	KUNIT_CASE(msix_table_interface_needs_room),
	{}
};

static struct kunit_suite msix_table_suite = {
	.name = "minirq_msix_table",
	.init = msix_table_init,
	.exit = msix_table_exit,
	.test_cases = msix_table_cases,
};

kunit_test_suite(msix_table_suite);
