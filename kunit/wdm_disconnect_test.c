// SPDX-License-Identifier: GPL-2.0-only
/* IoDisconnectInterruptEx and IoDisconnectInterrupt. */
#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/msix_table.h"
#include "../src/wdm.h"
#include "cpu.h"
#include "fake_irq.h"
#include "wdm_fixture.h"

static int entered(struct wdm_driver *d, unsigned int id)
{
	return atomic_read(&d->source[id].entered);
}

/* A102 */
static void disconnected_line_is_silent(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	int before;

	wdm_connect(test, wdm_line_based(d));
	wdm_disconnect(CONNECT_LINE_BASED, d->object);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
	before = entered(d, 0);
	fake_irq_send_on(d->irqs, 0, 1);
	KUNIT_EXPECT_EQ(test, entered(d, 0), before);
}

static void disconnected_messages_are_silent(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);
	unsigned int id;

	wdm_connect(test, wdm_message_based(d));
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
	for (id = 0; id < 4; id++) {
		fake_irq_send_on(d->irqs, id, 1);
		KUNIT_EXPECT_EQ(test, entered(d, id), 0);
	}
}

static void disconnect_line(void *driver)
{
	struct wdm_driver *d = driver;

	wdm_disconnect(d->params.Version, d->table ?: (PVOID)d->object);
	/* the routine has left by now, or this was too early */
	d->handed = atomic_read(&d->source[0].left) ? d : NULL;
}

static bool nothing_connected(void *driver)
{
	return !wdm_connected(driver);
}

/* The routine is inside on one CPU, and is let out when another waits for it. */
static void expect_disconnect_waits(struct kunit *test, struct wdm_driver *d,
				    void (*isr)(struct wdm_source *source))
{
	struct task_struct *task;

	d->isr = isr;
	atomic_set(&d->source[0].entered, 0);
	atomic_set(&d->source[0].left, 0);
	fake_irq_send_on(d->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].entered));
	task = start_on_cpu(2, disconnect_line, d);
	KUNIT_EXPECT_TRUE(test, wait_until(nothing_connected, d));
	KUNIT_EXPECT_TRUE(test, stays_clear(&d->source[0].left));
	atomic_set(&d->gate, 1);
	join(task);
	KUNIT_EXPECT_PTR_EQ(test, d->handed, (void *)d);
}

/* A103 */
static void disconnect_waits_for_a_message_elsewhere(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	expect_disconnect_waits(test, d, wdm_wait_at_gate);
}

static void disconnect_waits_for_one_vector_elsewhere(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect_vector(test, d, 0);
	expect_disconnect_waits(test, d, wdm_wait_at_gate);
}

static void disconnect_waits_for_a_passive_routine(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_passive(d, 0));
	expect_disconnect_waits(test, d, wdm_sleep_at_gate);
}

static void disconnect_itself(struct wdm_source *source)
{
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, source->object);
	IoDisconnectInterrupt(source->object);
}

/* It would wait for itself. */
static void disconnect_in_a_passive_routine_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_passive(d, 0));
	d->isr = disconnect_itself;
	fake_irq_fire(d->irqs, 0);
	KUNIT_ASSERT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 2);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 1);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

static void disconnect_another(struct wdm_source *source)
{
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, source->driver->handed);
}

/* Where an entry of the table may raise any message, all of them are waited for. */
static void disconnect_of_another_in_a_passive_routine_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_device(test, fake_irq_table(test, 2, 2, 2));
	PKINTERRUPT first;

	d->pdo.msix = minirq_msix_table_create(d->irqs);
	KUNIT_ASSERT_NOT_NULL(test, d->pdo.msix);
	wdm_connect(test, wdm_passive(d, 0));
	first = d->object;
	wdm_connect(test, wdm_passive(d, 1));
	d->handed = d->object;
	d->isr = disconnect_another;
	fake_irq_fire(d->irqs, 0);
	KUNIT_ASSERT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 2);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->handed);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, first);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

static BOOLEAN disconnect_synchronised(PVOID driver)
{
	struct wdm_driver *d = driver;

	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
	return TRUE;
}

/* The routine may be waiting for this one, and would be waited for. */
static void disconnect_of_what_is_excluded_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_passive(d, 0));
	KUNIT_EXPECT_TRUE(test, KeSynchronizeExecution(d->object, disconnect_synchronised, d));
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 1);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
}

/* A104 */
static void disconnect_of_a_fallback_is_as_a_line(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	wdm_connect(test, wdm_message_based(d));
	wdm_disconnect(CONNECT_LINE_BASED, d->table);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 0);
}

/* A105 */
static void disconnected_can_be_connected_again(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	unsigned int round;

	for (round = 1; round <= 3; round++) {
		wdm_connect(test, wdm_message_based(d));
		fake_irq_fire(d->irqs, 1);
		KUNIT_EXPECT_EQ(test, entered(d, 1), round);
		wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	}
}

/* One vector is connected, disconnected under both of its names. */
static void disconnect_takes_group_for_fully_specified(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params;

	wdm_disconnect(CONNECT_FULLY_SPECIFIED_GROUP, wdm_connect_vector(test, d, 0));
	params = wdm_fully_specified(d, 0);
	params->Version = CONNECT_FULLY_SPECIFIED_GROUP;
	wdm_connect(test, params);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 0);
}

static void disconnect_with_a_wrong_version_is_reported_and_done(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	wdm_disconnect(CONNECT_LINE_BASED, d->table);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

static void disconnect_of_what_is_not_connected_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	IoDisconnectInterruptEx(NULL);
	wdm_disconnect(CONNECT_MESSAGE_BASED, NULL);
	wdm_disconnect(CONNECT_MESSAGE_BASED, d);
	/* one message of the table is not the table */
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->table->MessageInfo[0].InterruptObject);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 4);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 2);
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 1);
}

/* A112 */
static void disconnect_at_dispatch_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	KIRQL old;

	wdm_connect(test, wdm_message_based(d));
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	IoDisconnectInterrupt(d->table->MessageInfo[0].InterruptObject);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT_IRQL), 2);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 2);
}

/* Whether the line has stormed would have been looked at a little later. */
static void disconnect_of_a_line_that_was_not_claimed_is_complete(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

	params->FullySpecified.ShareVector = FALSE;
	d->answer = FALSE;
	wdm_connect(test, params);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->source[0].entered), 1);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* A111 */
static void disconnect_leaves_queued_dpcs(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	struct task_struct *task;

	KeSetTargetProcessorDpc(&d->dpc, 1);
	wdm_connect(test, wdm_message_based(d));
	d->isr = wdm_queue_dpc;
	task = wdm_hold_dpcs(test, d, 1);
	fake_irq_fire_on(d->irqs, 0, 2);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 0);
	atomic_set(&d->gate, 1);
	join(task);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
}

static void disconnect_reports_a_table_that_was_written_to(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	d->table->MessageInfo[1].MessageData++;
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_MESSAGE_TABLE), 1);
}

/* What a driver forgets is disconnected when its device goes. */
static void disconnect_of_what_was_forgotten_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4), *other = wdm_messages(test, 1);

	wdm_connect_vector(test, d, 0);
	wdm_connect_vector(test, d, 3);
	wdm_connect(test, wdm_message_based(other));
	minirq_wdm_disconnect_all(&d->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 2);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
	KUNIT_EXPECT_EQ(test, wdm_connected(other), 1);
	wdm_disconnect(CONNECT_MESSAGE_BASED, other->table);
}

static struct kunit_case wdm_disconnect_cases[] = {
	KUNIT_CASE(disconnected_line_is_silent),
	KUNIT_CASE(disconnected_messages_are_silent),
	KUNIT_CASE(disconnect_waits_for_a_message_elsewhere),
	KUNIT_CASE(disconnect_waits_for_one_vector_elsewhere),
	KUNIT_CASE(disconnect_waits_for_a_passive_routine),
	KUNIT_CASE(disconnect_in_a_passive_routine_is_reported),
	KUNIT_CASE(disconnect_of_another_in_a_passive_routine_is_reported),
	KUNIT_CASE(disconnect_of_what_is_excluded_is_reported),
	KUNIT_CASE(disconnect_of_a_fallback_is_as_a_line),
	KUNIT_CASE(disconnected_can_be_connected_again),
	KUNIT_CASE(disconnect_takes_group_for_fully_specified),
	KUNIT_CASE(disconnect_with_a_wrong_version_is_reported_and_done),
	KUNIT_CASE(disconnect_of_what_is_not_connected_is_reported),
	KUNIT_CASE(disconnect_at_dispatch_is_reported),
	KUNIT_CASE(disconnect_of_a_line_that_was_not_claimed_is_complete),
	KUNIT_CASE(disconnect_leaves_queued_dpcs),
	KUNIT_CASE(disconnect_reports_a_table_that_was_written_to),
	KUNIT_CASE(disconnect_of_what_was_forgotten_is_reported),
	{}
};

static struct kunit_suite wdm_disconnect_suite = {
	.name = "minirq_wdm_disconnect",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = wdm_disconnect_cases,
};

kunit_test_suite(wdm_disconnect_suite);
