// SPDX-License-Identifier: GPL-2.0-only
/*
 * What others have found worth testing in the connect calls, written anew from
 * the facts that their tests state. Each suite names its origin.
 */
#include <kunit/test.h>

#include "../src/interrupt.h"
#include "cpu.h"
#include "fake_irq.h"
#include "wdm_fixture.h"

static int entered(struct wdm_driver *d, unsigned int id)
{
	return atomic_read(&d->source[id].entered);
}

/* ReactOS, modules/rostests/kmtests/ntos_io/IoInterrupt.c */

/**
 * struct sight - what a synchronised routine sees, and what it returns
 * @object:	whose lock it runs under
 * @result:	returned
 * @irql:	level in it
 * @held:	the lock is held
 */
struct sight {
	PKINTERRUPT object;
	BOOLEAN result;
	KIRQL irql;
	bool held;
};

static BOOLEAN look(PVOID context)
{
	struct sight *sight = context;

	sight->irql = KeGetCurrentIrql();
	sight->held = !KeTestSpinLock(sight->object->lock);
	return sight->result;
}

/* From one level, with one SynchronizeIrql: exactly what was returned comes back. */
static void expect_synchronized(struct kunit *test, PKINTERRUPT object, KIRQL from, KIRQL to)
{
	struct sight sight = { .object = object };
	KIRQL old, after;
	BOOLEAN result;
	bool free;

	for (sight.result = 0; sight.result <= 2; sight.result++) {
		KeRaiseIrql(from, &old);
		result = KeSynchronizeExecution(object, look, &sight);
		after = KeGetCurrentIrql();
		free = KeTestSpinLock(object->lock);
		KeLowerIrql(old);
		KUNIT_EXPECT_EQ(test, result, sight.result);
		KUNIT_EXPECT_EQ(test, sight.irql, to);
		KUNIT_EXPECT_TRUE(test, sight.held);
		KUNIT_EXPECT_EQ(test, after, from);
		KUNIT_EXPECT_TRUE(test, free);
	}
}

static void reactos_synchronize_from_every_level(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);
	KIRQL from, to;

	for (to = MINIRQ_DIRQL; to <= HIGH_LEVEL; to++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

		params->MessageBased.SynchronizeIrql = to;
		wdm_connect(test, params);
		for (from = PASSIVE_LEVEL; from <= to; from++)
			expect_synchronized(test, d->table->MessageInfo[0].InterruptObject,
					    from, to);
		wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	}
}

/* aero, virtio common tests for INTx and MSI-X: what a driver's helper relies on */

static void aero_interrupt_within_connect_runs_its_dpc(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	d->isr = wdm_queue_dpc;
	fake_irq_arm(d->irqs, 1);
	wdm_connect(test, wdm_message_based(d));
	KUNIT_EXPECT_EQ(test, entered(d, 1), 1);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
}

/**
 * struct flight - a helper that counts what is queued or runs
 * @count:	in flight
 * @refused:	inserts that found it queued
 */
struct flight {
	atomic_t count;
	atomic_t refused;
};

static struct flight flight;

/* The count goes up first, for the DPC may run at once; a refused insert undoes it. */
static void take_off(struct wdm_source *source)
{
	atomic_inc(&flight.count);
	if (KeInsertQueueDpc(&source->driver->dpc, NULL, NULL))
		return;
	atomic_dec(&flight.count);
	atomic_inc(&flight.refused);
}

static void aero_in_flight_count_survives_a_refused_insert(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	int refused, count;
	KIRQL old;

	atomic_set(&flight.count, 0);
	atomic_set(&flight.refused, 0);
	wdm_connect(test, wdm_message_based(d));
	d->isr = take_off;
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_irq_fire(d->irqs, 0);
	fake_irq_fire(d->irqs, 1);
	refused = atomic_read(&flight.refused);
	count = atomic_read(&flight.count);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, refused, 1);
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
}

/* Disconnect, then remove: what was queued is gone without a run. */
static void aero_teardown_cancels_a_queued_dpc(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	struct task_struct *task;

	wdm_connect(test, wdm_message_based(d));
	KeSetTargetProcessorDpc(&d->dpc, 1);
	d->isr = wdm_queue_dpc;
	task = wdm_hold_dpcs(test, d, 1);
	fake_irq_fire_on(d->irqs, 0, 2);
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
	KUNIT_EXPECT_TRUE(test, KeRemoveQueueDpc(&d->dpc));
	KUNIT_EXPECT_FALSE(test, KeRemoveQueueDpc(&d->dpc));
	atomic_set(&d->gate, 1);
	join(task);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 0);
}

static void aero_several_interrupts_collapse_into_one_dpc(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);
	unsigned int id;
	KIRQL old;

	wdm_connect(test, wdm_message_based(d));
	d->isr = wdm_queue_dpc;
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	for (id = 0; id < 4; id++)
		fake_irq_fire(d->irqs, id);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
	fake_irq_fire(d->irqs, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 2);
}

static VOID wait_at_gate(PRKDPC dpc, PVOID driver, PVOID arg1, PVOID arg2)
{
	struct wdm_driver *d = driver;

	atomic_inc(&d->dpc_ran);
	spin_for(&d->gate);
}

/* The DPC is inside on one CPU while messages arrive on another. */
static void aero_interrupts_during_a_dpc_queue_it_once_more(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);
	unsigned int id;

	KeInitializeDpc(&d->dpc, wait_at_gate, d);
	KeSetTargetProcessorDpc(&d->dpc, 1);
	wdm_connect(test, wdm_message_based(d));
	d->isr = wdm_queue_dpc;
	fake_irq_fire_on(d->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->dpc_ran));
	for (id = 1; id < 4; id++) {
		fake_irq_fire_on(d->irqs, id, 2);
		KUNIT_EXPECT_EQ(test, entered(d, id), 1);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
	atomic_set(&d->gate, 1);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 2);
}

static void aero_message_data_is_not_the_message_number(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4);
	unsigned int id;

	wdm_connect(test, wdm_message_based(d));
	for (id = 0; id < 4; id++) {
		fake_irq_fire(d->irqs, id);
		KUNIT_EXPECT_EQ(test, d->source[id].id, id);
		KUNIT_EXPECT_NE(test, d->table->MessageInfo[id].MessageData, id);
	}
}

static struct kunit_case reactos_cases[] = {
	KUNIT_CASE(reactos_synchronize_from_every_level),
	{}
};

static struct kunit_case aero_cases[] = {
	KUNIT_CASE(aero_interrupt_within_connect_runs_its_dpc),
	KUNIT_CASE(aero_in_flight_count_survives_a_refused_insert),
	KUNIT_CASE(aero_teardown_cancels_a_queued_dpc),
	KUNIT_CASE(aero_several_interrupts_collapse_into_one_dpc),
	KUNIT_CASE(aero_interrupts_during_a_dpc_queue_it_once_more),
	KUNIT_CASE(aero_message_data_is_not_the_message_number),
	{}
};

static struct kunit_suite reactos_suite = {
	.name = "minirq_wdm_reactos",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = reactos_cases,
};

static struct kunit_suite aero_suite = {
	.name = "minirq_wdm_aero",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = aero_cases,
};

kunit_test_suite(reactos_suite);
kunit_test_suite(aero_suite);
