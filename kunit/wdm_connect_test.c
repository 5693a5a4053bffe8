// SPDX-License-Identifier: GPL-2.0-only
/* IoConnectInterruptEx: what it refuses, what it connects, what it tells. */
#include <linux/bottom_half.h>
#include <linux/irq.h>
#include <linux/irqflags.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/wdm_connection.h"
#include "cpu.h"
#include "fake_irq.h"
#include "wdm_fixture.h"

#define UNTOUCHED	((PVOID)0x5a5a5a5a)

/* A refused call leaves nothing connected, and nothing written. */
static void expect_refusal(struct kunit *test, struct wdm_driver *d,
			   PIO_CONNECT_INTERRUPT_PARAMETERS params, NTSTATUS status)
{
	ULONG version = params->Version;

	d->object = UNTOUCHED;
	d->table = UNTOUCHED;
	KUNIT_EXPECT_EQ(test, IoConnectInterruptEx(params), status);
	KUNIT_EXPECT_EQ(test, params->Version, version);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)d->object, UNTOUCHED);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)d->table, UNTOUCHED);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* Parameters of each Version for a device that could be connected by them. */
static PIO_CONNECT_INTERRUPT_PARAMETERS parameters(struct kunit *test, ULONG version,
						   struct wdm_driver **driver)
{
	PIO_CONNECT_INTERRUPT_PARAMETERS params;
	struct wdm_driver *d;

	d = version == CONNECT_LINE_BASED ? wdm_line(test) : wdm_messages(test, 2);
	switch (version) {
	case CONNECT_LINE_BASED:
		params = wdm_line_based(d);
		break;
	case CONNECT_MESSAGE_BASED:
	case CONNECT_MESSAGE_BASED_PASSIVE:
		params = wdm_message_based(d);
		break;
	default:
		params = wdm_fully_specified(d, 0);
	}
	params->Version = version;
	*driver = d;
	return params;
}

/* Refusals */

static void connect_without_parameters_is_refused(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, IoConnectInterruptEx(NULL), STATUS_INVALID_PARAMETER);
}

static void expect_no_version(struct kunit *test, ULONG version)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

	params->Version = version;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER_1);
}

/* A46 */
static void connect_version_0_is_refused(struct kunit *test)
{
	expect_no_version(test, 0);
}

/* A47 */
static void connect_version_99_is_refused(struct kunit *test)
{
	expect_no_version(test, 99);
	expect_no_version(test, CONNECT_CURRENT_VERSION + 1);
}

/* A48 */
static void connect_without_device_is_refused(struct kunit *test)
{
	struct wdm_driver *d;
	ULONG version;

	for (version = 1; version <= CONNECT_CURRENT_VERSION; version++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = parameters(test, version, &d);

		params->FullySpecified.PhysicalDeviceObject = NULL;
		expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	}
}

static void connect_to_another_device_object_is_reported(struct kunit *test)
{
	struct wdm_driver *d;
	ULONG version;

	for (version = 1; version <= CONNECT_CURRENT_VERSION; version++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = parameters(test, version, &d);

		params->FullySpecified.PhysicalDeviceObject = (PDEVICE_OBJECT)d;
		params->FullySpecified.PhysicalDeviceObject++;
		expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
		KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_CONNECT), 1);
	}
}

/* A73 */
static void connect_with_nowhere_to_store_is_refused(struct kunit *test)
{
	struct wdm_driver *d;
	ULONG version;

	for (version = 1; version <= CONNECT_CURRENT_VERSION; version++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = parameters(test, version, &d);

		params->MessageBased.ConnectionContext.Generic = NULL;
		expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	}
}

static void connect_without_routine_is_refused(struct kunit *test)
{
	struct wdm_driver *d;
	ULONG version;

	for (version = 1; version <= CONNECT_CURRENT_VERSION; version++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = parameters(test, version, &d);

		params->MessageBased.MessageServiceRoutine = NULL;
		expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	}
}

/* A67 */
static void connect_at_dispatch_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);
	NTSTATUS status;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	status = IoConnectInterruptEx(params);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_CONNECT_IRQL), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* A driver's level is PASSIVE_LEVEL there, but Linux could not wait. */
static void connect_where_linux_cannot_wait_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);
	NTSTATUS masked, no_softirqs;

	local_irq_disable();
	masked = IoConnectInterruptEx(params);
	local_irq_enable();
	local_bh_disable();
	no_softirqs = IoConnectInterruptEx(params);
	local_bh_enable();
	KUNIT_EXPECT_EQ(test, masked, STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, no_softirqs, STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_CONNECT_IRQL), 2);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* A49 */
static void connect_to_no_processor_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

	params->FullySpecified.ProcessorEnableMask = 0;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER_10);
	params->FullySpecified.ProcessorEnableMask = 1ULL << 63;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER_10);
}

/* A50 */
static void connect_of_a_strange_vector_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	struct wdm_driver *other = wdm_messages(test, 1);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

	params->FullySpecified.Vector = 0x7fffffff;
	expect_refusal(test, d, params, STATUS_NOT_FOUND);
	params->FullySpecified.Vector = other->irqs->irq[0];
	expect_refusal(test, d, params, STATUS_NOT_FOUND);
	KUNIT_EXPECT_EQ(test, wdm_connected(other), 0);
}

/* A51 */
static void connect_of_a_device_without_interrupts_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_nothing(test);

	expect_refusal(test, d, wdm_line_based(d), STATUS_NOT_FOUND);
	expect_refusal(test, d, wdm_message_based(d), STATUS_NOT_FOUND);
	expect_refusal(test, d, wdm_fully_specified(d, 0), STATUS_NOT_FOUND);
}

/* A52 */
static void connect_of_the_line_is_refused_with_messages(struct kunit *test)
{
	struct wdm_driver *one = wdm_messages(test, 1), *two = wdm_messages(test, 2);

	expect_refusal(test, two, wdm_line_based(two), STATUS_INVALID_DEVICE_REQUEST);
	expect_refusal(test, one, wdm_line_based(one), STATUS_INVALID_DEVICE_REQUEST);
}

/* A56 */
static void connect_of_messages_without_fallback_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->MessageBased.FallBackServiceRoutine = NULL;
	expect_refusal(test, d, params, STATUS_NOT_FOUND);
}

/* A68 */
static void connect_passive_with_a_spin_lock_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_passive(d, 0);

	params->FullySpecified.SpinLock = &d->lock;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	params->Version = CONNECT_FULLY_SPECIFIED_GROUP;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);

	params = wdm_message_based(d);
	params->Version = CONNECT_MESSAGE_BASED_PASSIVE;
	params->MessageBased.SpinLock = &d->lock;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	params->MessageBased.SpinLock = NULL;
	params->MessageBased.SynchronizeIrql = MINIRQ_DIRQL;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
}

/* Irql, SynchronizeIrql: what the device has is DIRQL, and passive is both. */
static void connect_at_levels_that_do_not_fit_is_refused(struct kunit *test)
{
	static const KIRQL bad[][2] = {
		{ MINIRQ_DIRQL, PASSIVE_LEVEL },
		{ MINIRQ_DIRQL, MINIRQ_DIRQL - 1 },
		{ MINIRQ_DIRQL, MINIRQ_DIRQL + 1 },
		{ MINIRQ_DIRQL, HIGH_LEVEL + 1 },
		{ PASSIVE_LEVEL, MINIRQ_DIRQL },
		{ DISPATCH_LEVEL, DISPATCH_LEVEL },
		{ MINIRQ_DIRQL - 1, MINIRQ_DIRQL },
	};
	struct wdm_driver *d = wdm_messages(test, 2);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(bad); i++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

		params->FullySpecified.Irql = bad[i][0];
		params->FullySpecified.SynchronizeIrql = bad[i][1];
		expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	}
}

static void connect_above_every_level_is_refused(struct kunit *test)
{
	struct wdm_driver *line = wdm_line(test), *messages = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_line_based(line);

	params->LineBased.SynchronizeIrql = HIGH_LEVEL + 1;
	expect_refusal(test, line, params, STATUS_INVALID_PARAMETER);
	params = wdm_message_based(messages);
	params->MessageBased.SynchronizeIrql = HIGH_LEVEL + 1;
	expect_refusal(test, messages, params, STATUS_INVALID_PARAMETER);
}

/*
 * Each row breaks its rule and all that come after it: the first is what the
 * caller is told.
 */
static void connect_is_checked_in_order(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_passive(d, 0);

	params->FullySpecified.Vector = 0x7fffffff;
	expect_refusal(test, d, params, STATUS_NOT_FOUND);
	params->FullySpecified.ProcessorEnableMask = 0;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER_10);
	params->FullySpecified.SpinLock = &d->lock;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	params->FullySpecified.PhysicalDeviceObject = NULL;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER);
	params->Version = 99;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER_1);
}

/* The third irq cannot be had, so the first two are given back. */
static void connect_is_all_messages_or_none(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);

	irq_modify_status(d->irqs->irq[2], 0, IRQ_NOREQUEST);
	expect_refusal(test, d, wdm_message_based(d), STATUS_INVALID_DEVICE_REQUEST);
	irq_modify_status(d->irqs->irq[2], IRQ_NOREQUEST, 0);
	wdm_connect(test, wdm_message_based(d));
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 4);
}

static void connect_of_a_line_that_is_refused_leaves_nothing(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	irq_modify_status(d->irqs->irq[0], 0, IRQ_NOREQUEST);
	expect_refusal(test, d, wdm_line_based(d), STATUS_INVALID_DEVICE_REQUEST);
	expect_refusal(test, d, wdm_message_based(d), STATUS_INVALID_DEVICE_REQUEST);
	irq_modify_status(d->irqs->irq[0], IRQ_NOREQUEST, 0);
	wdm_connect(test, wdm_line_based(d));
}

/* A72 */
static void connect_before_vista_asks_for_fully_specified(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);
	NTSTATUS refused, retried;
	ULONG version;

	minirq_verifier_before_vista = true;
	refused = IoConnectInterruptEx(params);
	version = params->Version;
	retried = IoConnectInterruptEx(wdm_fully_specified(d, 0));
	minirq_verifier_before_vista = false;
	KUNIT_EXPECT_EQ(test, refused, STATUS_NOT_SUPPORTED);
	KUNIT_EXPECT_EQ(test, version, CONNECT_FULLY_SPECIFIED);
	KUNIT_EXPECT_EQ(test, retried, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 1);
}

/* Messages */

/* A53 A71 */
static void connect_of_messages_tells_of_each(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);
	unsigned int id;

	wdm_connect(test, wdm_message_based(d));
	KUNIT_EXPECT_EQ(test, d->params.Version, CONNECT_MESSAGE_BASED);
	KUNIT_ASSERT_NOT_NULL(test, d->table);
	KUNIT_EXPECT_EQ(test, d->table->MessageCount, 4);
	KUNIT_EXPECT_EQ(test, d->table->UnifiedIrql, MINIRQ_DIRQL);
	for (id = 0; id < 4; id++) {
		IO_INTERRUPT_MESSAGE_INFO_ENTRY *entry = &d->table->MessageInfo[id];

		fake_irq_fire(d->irqs, id);
		KUNIT_EXPECT_EQ(test, atomic_read(&d->source[id].entered), 1);
		KUNIT_EXPECT_EQ(test, d->source[id].id, id);
		KUNIT_EXPECT_PTR_EQ(test, d->source[id].object, entry->InterruptObject);
		KUNIT_EXPECT_EQ(test, entry->Vector, d->irqs->irq[id]);
		KUNIT_EXPECT_EQ(test, entry->MessageData, fake_irq_data(d->irqs, id));
		KUNIT_EXPECT_EQ(test, (u64)entry->MessageAddress.QuadPart,
				fake_irq_address(d->irqs, id));
	}
}

/* A54 A55 */
static void connect_falls_back_to_the_line(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	wdm_connect(test, wdm_message_based(d));
	KUNIT_EXPECT_EQ(test, d->params.Version, CONNECT_LINE_BASED);
	KUNIT_ASSERT_NOT_NULL(test, d->table);
	atomic_set(&d->source[0].entered, 0);
	fake_irq_fire(d->irqs, 0);
	/* wdm_routine() takes its context for the source it counts in */
	KUNIT_EXPECT_EQ(test, atomic_read(&d->source[0].entered), 1);
	KUNIT_EXPECT_PTR_EQ(test, (PVOID)d->source[0].object, (PVOID)d->table);
}

/* A61 */
static void connect_of_messages_runs_them_at_a_higher_level(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->MessageBased.SynchronizeIrql = MINIRQ_DIRQL + 2;
	wdm_connect(test, params);
	fake_irq_fire(d->irqs, 1);
	KUNIT_EXPECT_EQ(test, d->source[1].irql, MINIRQ_DIRQL + 2);
	KUNIT_EXPECT_EQ(test, d->table->UnifiedIrql, MINIRQ_DIRQL + 2);
	KUNIT_EXPECT_LE(test, d->table->MessageInfo[1].Irql, d->table->UnifiedIrql);
}

/* A62 */
static void connect_of_messages_without_a_level_runs_them_at_dirql(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_GT(test, d->source[0].irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, d->source[0].irql, d->table->UnifiedIrql);
}

static void connect_of_messages_takes_a_lower_level_for_none(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->MessageBased.SynchronizeIrql = DISPATCH_LEVEL;
	wdm_connect(test, params);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, d->source[0].irql, MINIRQ_DIRQL);
}

/* The line */

/* A60 */
static void connect_of_the_line_runs_it_at_the_higher_level(struct kunit *test)
{
	static const KIRQL levels[][2] = {
		{ PASSIVE_LEVEL, MINIRQ_DIRQL }, { DISPATCH_LEVEL, MINIRQ_DIRQL },
		{ MINIRQ_DIRQL, MINIRQ_DIRQL }, { HIGH_LEVEL, HIGH_LEVEL },
	};
	struct wdm_driver *d = wdm_line(test);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_line_based(d);

		params->LineBased.SynchronizeIrql = levels[i][0];
		wdm_connect(test, params);
		KUNIT_EXPECT_EQ(test, params->Version, CONNECT_LINE_BASED);
		fake_irq_fire(d->irqs, 0);
		KUNIT_EXPECT_EQ(test, d->source[0].irql, levels[i][1]);
		wdm_disconnect(CONNECT_LINE_BASED, d->object);
	}
}

/* One vector */

/* A57 A58 */
static void connect_of_one_vector_calls_for_it_alone(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);
	PKINTERRUPT object = wdm_connect_vector(test, d, 2);

	KUNIT_EXPECT_EQ(test, d->params.Version, CONNECT_FULLY_SPECIFIED);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 1);
	fake_irq_fire(d->irqs, 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->source[2].entered), 1);
	KUNIT_EXPECT_PTR_EQ(test, d->source[2].object, object);
	KUNIT_EXPECT_EQ(test, d->source[2].irql, MINIRQ_DIRQL);
}

static void connect_of_every_vector_singly_keeps_them_apart(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);
	PKINTERRUPT object[4];
	unsigned int id;

	for (id = 0; id < 4; id++)
		object[id] = wdm_connect_vector(test, d, id);
	for (id = 0; id < 4; id++) {
		fake_irq_fire(d->irqs, id);
		KUNIT_EXPECT_EQ(test, atomic_read(&d->source[id].entered), 1);
		KUNIT_EXPECT_PTR_EQ(test, d->source[id].object, object[id]);
	}
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, object[1]);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 3);
}

/* Refused or not, who comes second does not move what the first has. */
static void expect_unmoved(struct kunit *test, struct wdm_driver *d,
			   PIO_CONNECT_INTERRUPT_PARAMETERS params, NTSTATUS status)
{
	unsigned int irq = d->irqs->irq[0];
	struct cpumask before;

	irq_set_status_flags(irq, IRQ_MOVE_PCNTXT);
	cpumask_copy(&before, irq_get_affinity_mask(irq));
	params->FullySpecified.ProcessorEnableMask = 1 << 2;
	KUNIT_EXPECT_EQ(test, IoConnectInterruptEx(params), status);
	KUNIT_EXPECT_TRUE(test, cpumask_equal(&before, irq_get_affinity_mask(irq)));
}

static void connect_of_a_vector_twice_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params;

	wdm_connect_vector(test, d, 0);
	wdm_console_off();
	params = wdm_fully_specified(d, 0);
	expect_unmoved(test, d, params, STATUS_INVALID_DEVICE_REQUEST);
	params = wdm_message_based(d);
	KUNIT_EXPECT_EQ(test, IoConnectInterruptEx(params), STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 1);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->source[0].entered), 1);
}

/* A59 */
static void connect_of_a_group_targets_that_group(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);
	GROUP_AFFINITY affinity;

	params->Version = CONNECT_FULLY_SPECIFIED_GROUP;
	params->FullySpecified.Group = 1;
	expect_refusal(test, d, params, STATUS_INVALID_PARAMETER_10);
	params->FullySpecified.Group = 0;
	wdm_connect(test, params);
	KUNIT_EXPECT_EQ(test, params->Version, CONNECT_FULLY_SPECIFIED_GROUP);
	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt(d->object, &affinity), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, affinity.Group, 0);

	params = wdm_fully_specified(d, 1);
	params->FullySpecified.Group = 1;
	wdm_connect(test, params);
	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt(d->object, &affinity), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, affinity.Group, 0);
}

static void connect_to_fewer_processors_moves_the_vector(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);
	GROUP_AFFINITY affinity;

	irq_set_status_flags(d->irqs->irq[0], IRQ_MOVE_PCNTXT);
	params->FullySpecified.ProcessorEnableMask = 1 << 2;
	wdm_connect(test, params);
	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt(d->object, &affinity), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, affinity.Mask, 1 << 2);
	KUNIT_EXPECT_EQ(test, fake_irq_address(d->irqs, 0), 0xfee00000 | 2 << 12);
}

/* A59 */
/* As no machine that runs the suites has a second group, none of its CPUs is meant. */
static void connect_takes_processors_for_those_of_their_group(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);
	const struct minirq_wdm_request request = {
		.pdo = &d->pdo, .version = CONNECT_FULLY_SPECIFIED_GROUP,
		.routine = wdm_routine, .context = &d->source[0], .single = true,
		.group = 1, .affinity = 1 << 2, .object = (PVOID *)&d->object,
	};
	u64 before = fake_irq_address(d->irqs, 0);

	irq_set_status_flags(d->irqs->irq[0], IRQ_MOVE_PCNTXT);
	KUNIT_ASSERT_EQ(test, minirq_wdm_connection_create(&request), 0);
	KUNIT_EXPECT_EQ(test, fake_irq_address(d->irqs, 0), before);
}

/* A75 */
static void connect_of_a_shared_line_asks_both(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *other = wdm_device(test, d->irqs);
	int before, after;

	wdm_connect_vector(test, d, 0);
	wdm_connect_vector(test, other, 0);
	d->answer = FALSE;
	/* a debug kernel calls the routines of a shared line without a cause */
	before = atomic_read(&d->source[0].entered) + atomic_read(&other->source[0].entered);
	fake_irq_fire(d->irqs, 0);
	after = atomic_read(&d->source[0].entered) + atomic_read(&other->source[0].entered);
	KUNIT_EXPECT_EQ(test, after, before + 2);
}

static void connect_of_a_line_not_shared_keeps_others_out(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *other = wdm_device(test, d->irqs);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

	params->FullySpecified.ShareVector = FALSE;
	wdm_connect(test, params);
	wdm_console_off();
	params = wdm_fully_specified(other, 0);
	expect_unmoved(test, other, params, STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_NULL(test, other->object);
}

static void connect_of_a_shared_line_does_not_move_it(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *other = wdm_device(test, d->irqs);

	wdm_connect_vector(test, d, 0);
	expect_unmoved(test, other, wdm_fully_specified(other, 0), STATUS_SUCCESS);
}

/* Before the call returns */

static void note_what_is_stored(struct wdm_source *source)
{
	struct wdm_driver *d = source->driver;

	d->handed = d->table ?: (PVOID)d->object;
}

static void expect_stored(struct kunit *test, struct wdm_driver *d,
			  PIO_CONNECT_INTERRUPT_PARAMETERS params)
{
	d->isr = note_what_is_stored;
	fake_irq_arm(d->irqs, 0);
	wdm_connect(test, params);
	KUNIT_EXPECT_GE(test, atomic_read(&d->source[0].entered), 1);
	KUNIT_ASSERT_NOT_NULL(test, d->handed);
	KUNIT_EXPECT_PTR_EQ(test, d->handed, d->table ?: (PVOID)d->object);
}

/* A70 */
static void connect_of_an_asserted_line_may_call_at_once(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	expect_stored(test, d, wdm_line_based(d));
}

static void look_for_the_object(struct wdm_source *source)
{
	struct wdm_driver *d = source->driver;
	GROUP_AFFINITY affinity;

	if (IoGetAffinityInterrupt(d->object, &affinity) == STATUS_SUCCESS)
		d->handed = source;
	wdm_queue_dpc(source);
}

static VOID say_it_is_inactive(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct wdm_driver *d = context;
	IO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS params = {
		.Version = CONNECT_LINE_BASED,
		.ConnectionContext.InterruptObject = d->object,
	};

	IoReportInterruptInactive(&params);
	atomic_inc(&d->dpc_ran);
}

/* It is a connection already: a service routine, and its DPC, may name it. */
static void connect_of_an_asserted_line_may_be_named_at_once(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	KeInitializeDpc(&d->dpc, say_it_is_inactive, d);
	d->isr = look_for_the_object;
	fake_irq_arm(d->irqs, 0);
	wdm_connect(test, wdm_line_based(d));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
	KUNIT_EXPECT_PTR_EQ(test, d->handed, (void *)&d->source[0]);
}

static void connect_of_a_message_on_its_way_may_call_at_once(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	expect_stored(test, d, wdm_message_based(d));
	KUNIT_EXPECT_PTR_EQ(test, d->source[0].object, d->table->MessageInfo[0].InterruptObject);
}

static void connect_of_a_vector_on_its_way_may_call_at_once(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	expect_stored(test, d, wdm_fully_specified(d, 0));
	KUNIT_EXPECT_PTR_EQ(test, d->source[0].object, d->object);
}

static struct kunit_case wdm_connect_cases[] = {
	KUNIT_CASE(connect_without_parameters_is_refused),
	KUNIT_CASE(connect_version_0_is_refused),
	KUNIT_CASE(connect_version_99_is_refused),
	KUNIT_CASE(connect_without_device_is_refused),
	KUNIT_CASE(connect_to_another_device_object_is_reported),
	KUNIT_CASE(connect_with_nowhere_to_store_is_refused),
	KUNIT_CASE(connect_without_routine_is_refused),
	KUNIT_CASE(connect_at_dispatch_is_reported),
	KUNIT_CASE(connect_where_linux_cannot_wait_is_reported),
	KUNIT_CASE(connect_to_no_processor_is_refused),
	KUNIT_CASE(connect_of_a_strange_vector_is_refused),
	KUNIT_CASE(connect_of_a_device_without_interrupts_is_refused),
	KUNIT_CASE(connect_of_the_line_is_refused_with_messages),
	KUNIT_CASE(connect_of_messages_without_fallback_is_refused),
	KUNIT_CASE(connect_passive_with_a_spin_lock_is_refused),
	KUNIT_CASE(connect_at_levels_that_do_not_fit_is_refused),
	KUNIT_CASE(connect_above_every_level_is_refused),
	KUNIT_CASE(connect_is_checked_in_order),
	KUNIT_CASE(connect_is_all_messages_or_none),
	KUNIT_CASE(connect_of_a_line_that_is_refused_leaves_nothing),
	KUNIT_CASE(connect_before_vista_asks_for_fully_specified),
	KUNIT_CASE(connect_of_messages_tells_of_each),
	KUNIT_CASE(connect_falls_back_to_the_line),
	KUNIT_CASE(connect_of_messages_runs_them_at_a_higher_level),
	KUNIT_CASE(connect_of_messages_without_a_level_runs_them_at_dirql),
	KUNIT_CASE(connect_of_messages_takes_a_lower_level_for_none),
	KUNIT_CASE(connect_of_the_line_runs_it_at_the_higher_level),
	KUNIT_CASE(connect_of_one_vector_calls_for_it_alone),
	KUNIT_CASE(connect_of_every_vector_singly_keeps_them_apart),
	KUNIT_CASE(connect_of_a_vector_twice_is_refused),
	KUNIT_CASE(connect_of_a_group_targets_that_group),
	KUNIT_CASE(connect_to_fewer_processors_moves_the_vector),
	KUNIT_CASE(connect_takes_processors_for_those_of_their_group),
	KUNIT_CASE(connect_of_a_shared_line_asks_both),
	KUNIT_CASE(connect_of_a_line_not_shared_keeps_others_out),
	KUNIT_CASE(connect_of_a_shared_line_does_not_move_it),
	KUNIT_CASE(connect_of_an_asserted_line_may_call_at_once),
	KUNIT_CASE(connect_of_an_asserted_line_may_be_named_at_once),
	KUNIT_CASE(connect_of_a_message_on_its_way_may_call_at_once),
	KUNIT_CASE(connect_of_a_vector_on_its_way_may_call_at_once),
	{}
};

static struct kunit_suite wdm_connect_suite = {
	.name = "minirq_wdm_connect",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = wdm_connect_cases,
};

kunit_test_suite(wdm_connect_suite);
