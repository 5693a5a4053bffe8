// SPDX-License-Identifier: GPL-2.0-only
/* Reporting interrupts active or inactive. */
#include <linux/interrupt.h>
#include <linux/irq.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "fake_irq.h"
#include "wdm_fixture.h"

static int entered(struct wdm_driver *d, unsigned int id)
{
	return atomic_read(&d->source[id].entered);
}

static void set_active(ULONG version, PVOID object, bool active)
{
	IO_REPORT_INTERRUPT_ACTIVE_STATE_PARAMETERS params = {
		.Version = version,
		.ConnectionContext.Generic = object,
	};

	if (active)
		IoReportInterruptActive(&params);
	else
		IoReportInterruptInactive(&params);
}

static bool masked(struct wdm_driver *d, unsigned int id)
{
	return irqd_irq_disabled(irq_get_irq_data(d->irqs->irq[id]));
}

/* A106 */
static void inactive_can_be_disconnected(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	set_active(CONNECT_MESSAGE_BASED, d->table, false);
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
	wdm_connect(test, wdm_message_based(d));
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
}

/* A107 */
static void active_is_how_a_connection_begins(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
}

/* A108 */
static void inactive_twice_is_ended_by_active_once(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	set_active(CONNECT_MESSAGE_BASED, d->table, false);
	set_active(CONNECT_MESSAGE_BASED, d->table, false);
	KUNIT_EXPECT_TRUE(test, masked(d, 0));
	KUNIT_EXPECT_TRUE(test, masked(d, 1));
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 0);
	set_active(CONNECT_MESSAGE_BASED, d->table, true);
	KUNIT_EXPECT_FALSE(test, masked(d, 0));
	set_active(CONNECT_MESSAGE_BASED, d->table, true);
	fake_irq_fire(d->irqs, 1);
	KUNIT_EXPECT_EQ(test, entered(d, 1), 1);
}

static void inactive_is_said_of_one_vector(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PKINTERRUPT first = wdm_connect_vector(test, d, 0);

	wdm_connect_vector(test, d, 1);
	set_active(CONNECT_FULLY_SPECIFIED, first, false);
	KUNIT_EXPECT_TRUE(test, masked(d, 0));
	KUNIT_EXPECT_FALSE(test, masked(d, 1));
}

/*
 * Unmasked, a message may come before the connection is noted to be active; here
 * the case unmasks it, so that it does.
 */
static void inactive_ends_without_losing_a_message(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PKINTERRUPT first = wdm_connect_vector(test, d, 0);

	set_active(CONNECT_FULLY_SPECIFIED, first, false);
	enable_irq(d->irqs->irq[0]);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
	disable_irq(d->irqs->irq[0]);
	set_active(CONNECT_FULLY_SPECIFIED, first, true);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 2);
}

/* A109 */
static void inactive_may_be_said_at_dispatch(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	bool off, on;
	KIRQL old;

	wdm_connect(test, wdm_message_based(d));
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	set_active(CONNECT_MESSAGE_BASED, d->table, false);
	off = masked(d, 0);
	set_active(CONNECT_MESSAGE_BASED, d->table, true);
	on = !masked(d, 0);
	KeLowerIrql(old);
	KUNIT_EXPECT_TRUE(test, off);
	KUNIT_EXPECT_TRUE(test, on);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_ACTIVE), 0);
}

static void inactive_above_dispatch_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	KIRQL old;

	wdm_connect(test, wdm_message_based(d));
	KeRaiseIrql(HIGH_LEVEL, &old);
	set_active(CONNECT_MESSAGE_BASED, d->table, false);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_ACTIVE), 1);
}

/* A110 */
static void inactive_leaves_others_on_the_line_alone(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *other = wdm_device(test, d->irqs);
	int before, others;

	wdm_connect(test, wdm_line_based(d));
	wdm_connect(test, wdm_line_based(other));
	d->answer = FALSE;
	set_active(CONNECT_LINE_BASED, d->object, false);
	before = entered(d, 0);
	others = entered(other, 0);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), before);
	KUNIT_EXPECT_EQ(test, entered(other, 0), others + 1);
	set_active(CONNECT_LINE_BASED, d->object, true);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), before + 1);
}

static void inactive_of_what_is_not_connected_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	set_active(CONNECT_MESSAGE_BASED, NULL, false);
	set_active(CONNECT_MESSAGE_BASED, d, true);
	IoReportInterruptInactive(NULL);
	IoReportInterruptActive(NULL);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_ACTIVE), 4);
	wdm_connect(test, wdm_message_based(d));
	set_active(CONNECT_LINE_BASED, d->table, false);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_ACTIVE), 1);
	KUNIT_EXPECT_TRUE(test, masked(d, 0));
}

static struct kunit_case wdm_state_cases[] = {
	KUNIT_CASE(inactive_can_be_disconnected),
	KUNIT_CASE(active_is_how_a_connection_begins),
	KUNIT_CASE(inactive_twice_is_ended_by_active_once),
	KUNIT_CASE(inactive_is_said_of_one_vector),
	KUNIT_CASE(inactive_ends_without_losing_a_message),
	KUNIT_CASE(inactive_may_be_said_at_dispatch),
	KUNIT_CASE(inactive_above_dispatch_is_reported),
	KUNIT_CASE(inactive_leaves_others_on_the_line_alone),
	KUNIT_CASE(inactive_of_what_is_not_connected_is_reported),
	{}
};

static struct kunit_suite wdm_state_suite = {
	.name = "minirq_wdm_state",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = wdm_state_cases,
};

kunit_test_suite(wdm_state_suite);
