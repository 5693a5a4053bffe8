// SPDX-License-Identifier: GPL-2.0-only
/*
 * What others have found worth testing in the connect calls, written anew from
 * the facts that their tests state. Each suite names its origin.
 */
#include <linux/irq.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "cpu.h"
#include "fake_irq.h"
#include "wdm_fixture.h"

static int entered(struct wdm_driver *d, unsigned int id)
{
	return atomic_read(&d->source[id].entered);
}

/* NeverD, unittests/emulation, fixture driver_wdm_interrupts: modes 1 to 5 */

/* The routine's third argument counts through all the device's messages. */
static void neverd_message_ids_are_the_devices(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 4), *other = wdm_messages(test, 2);
	unsigned int id;

	wdm_connect(test, wdm_message_based(other));
	wdm_connect(test, wdm_message_based(d));
	for (id = 0; id < 4; id++) {
		fake_irq_fire(d->irqs, id);
		KUNIT_EXPECT_EQ(test, d->source[id].id, id);
		KUNIT_EXPECT_EQ(test, entered(d, id), 1);
	}
	KUNIT_EXPECT_EQ(test, entered(other, 0) + entered(other, 1), 0);
}

/* A level above all is everybody's; a shared lock without one runs at the top. */
static void neverd_levels_of_messages(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 3);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);
	unsigned int id;

	params->MessageBased.SpinLock = &d->lock;
	wdm_connect(test, params);
	for (id = 0; id < 3; id++) {
		fake_irq_fire(d->irqs, id);
		KUNIT_EXPECT_EQ(test, d->source[id].irql, d->table->UnifiedIrql);
		KUNIT_EXPECT_GE(test, d->source[id].irql, d->table->MessageInfo[id].Irql);
	}
}

static void neverd_fallback_is_version_2(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->MessageBased.ConnectionContext.InterruptObject = &d->object;
	wdm_connect(test, params);
	KUNIT_EXPECT_EQ(test, params->Version, 2);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_PTR_EQ(test, d->source[0].object, d->object);
	wdm_disconnect(2, d->object);

	params = wdm_message_based(d);
	params->MessageBased.FallBackServiceRoutine = NULL;
	KUNIT_EXPECT_EQ(test, IoConnectInterruptEx(params), STATUS_NOT_FOUND);
}

static void expect_one_dpc(struct kunit *test, struct wdm_driver *d,
			   PIO_CONNECT_INTERRUPT_PARAMETERS params)
{
	atomic_set(&d->dpc_ran, 0);
	wdm_connect(test, params);
	d->isr = wdm_queue_dpc;
	fake_irq_fire(d->irqs, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_GE(test, atomic_read(&d->dpc_ran), 1);
	KUNIT_EXPECT_EQ(test, d->source[0].irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_PTR_EQ(test, d->source[0].object, d->object);
	wdm_disconnect(params->Version, d->object);
	d->isr = NULL;
}

static void neverd_modes_1_4_and_2_behave_alike(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	PIO_CONNECT_INTERRUPT_PARAMETERS params;

	expect_one_dpc(test, d, wdm_fully_specified(d, 0));
	params = wdm_fully_specified(d, 0);
	params->Version = CONNECT_FULLY_SPECIFIED_GROUP;
	expect_one_dpc(test, d, params);
	expect_one_dpc(test, d, wdm_line_based(d));
}

static void neverd_passive_isr_waits_for_its_own_dpc(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);

	wdm_connect(test, wdm_passive(d, 0));
	d->isr = wdm_sleep_for_own_dpc;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_PTR_EQ(test, d->handed, (void *)&d->source[0]);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
}

static void neverd_passive_arrivals_are_serialised(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);

	wdm_connect(test, wdm_passive(d, 0));
	d->isr = wdm_sleep_at_gate;
	fake_irq_fire_on(d->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].entered));
	fake_irq_fire_on(d->irqs, 0, 2);
	KUNIT_EXPECT_TRUE(test, stays_clear(&d->overlap));
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
	atomic_set(&d->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&d->source[0].left, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&d->overlap), 0);
}

static void neverd_passive_interrupts_progress_independently(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_passive(d, 0));
	wdm_connect(test, wdm_passive(d, 1));
	d->isr = wdm_sleep_for_the_other;
	fake_irq_fire_on(d->irqs, 0, 1);
	fake_irq_fire_on(d->irqs, 1, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[1].left));
	KUNIT_EXPECT_EQ(test, atomic_read(&d->overlap), 1);
}

/* One of two on a line; both may be there for the same interrupt. */
static PIO_CONNECT_INTERRUPT_PARAMETERS shared(struct wdm_driver *d, KINTERRUPT_MODE mode)
{
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

	params->FullySpecified.InterruptMode = mode;
	return params;
}

/* An edge is seen once, so nobody's claim may hide it from the others. */
static void neverd_latched_line_asks_everybody(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *other = wdm_device(test, d->irqs);

	wdm_connect(test, shared(d, Latched));
	wdm_connect(test, shared(other, Latched));
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
	KUNIT_EXPECT_EQ(test, entered(other, 0), 1);
	KUNIT_EXPECT_EQ(test, d->object->claimed, 1);
	KUNIT_EXPECT_EQ(test, other->object->claimed, 1);
}

/* The gate counts what a device holds the line for; each call dismisses one. */
static void dismiss_one(struct wdm_source *source)
{
	source->driver->answer = atomic_add_unless(&source->driver->gate, -1, 0);
}

static bool is_held(struct wdm_driver *d, struct wdm_driver *other)
{
	return atomic_read(&d->gate) || atomic_read(&other->gate);
}

/* A level is sampled until it falls. The kernel asks everybody each time, too. */
static void neverd_level_line_is_sampled_until_it_falls(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *other = wdm_device(test, d->irqs);
	unsigned int samples;

	wdm_connect(test, shared(d, LevelSensitive));
	wdm_connect(test, shared(other, LevelSensitive));
	d->isr = dismiss_one;
	other->isr = dismiss_one;
	atomic_set(&d->gate, 3);
	atomic_set(&other->gate, 1);
	for (samples = 0; samples < 10 && is_held(d, other); samples++)
		fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, samples, 3);
	KUNIT_EXPECT_EQ(test, d->object->claimed, 3);
	KUNIT_EXPECT_EQ(test, other->object->claimed, 1);
}

/* What a routine leaves in the rest of the register is nothing. */
static ULONG high_bytes_only(struct _KINTERRUPT *object, PVOID context)
{
	atomic_inc(context);
	return 0x100;
}

/* Only the low byte of what a routine returns counts. */
static void neverd_low_byte_is_the_answer(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_line_based(d);
	atomic_t asked = ATOMIC_INIT(0);
	u64 unclaimed;

	params->LineBased.ServiceRoutine = (PVOID)high_bytes_only;
	params->LineBased.ServiceContext = &asked;
	wdm_connect(test, params);
	unclaimed = d->object->unclaimed;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, d->object->unclaimed, unclaimed + 1);
	wdm_disconnect(CONNECT_LINE_BASED, d->object);
}

static void neverd_stop_and_restart_works(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);

	wdm_disconnect(CONNECT_FULLY_SPECIFIED, wdm_connect_vector(test, d, 0));
	wdm_connect_vector(test, d, 0);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
	KUNIT_EXPECT_PTR_EQ(test, d->source[0].object, d->object);
}

static void lock_twice(struct wdm_source *source)
{
	KIRQL old = KeAcquireInterruptSpinLock(source->object);

	KeReleaseInterruptSpinLock(source->object, old);
}

static void neverd_recursive_interrupt_lock_is_an_error(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);

	wdm_connect_vector(test, d, 0);
	d->isr = lock_twice;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, entered(d, 0), 1);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_SPIN_LOCK), 1);
}

/**
 * struct mistake - one thing wrong in what a translated descriptor says
 * @version:	of the connect call
 * @vector:	added to the vector
 * @irql:	level
 * @affinity:	processors
 * @group:	their group
 * @status:	what the call returns
 */
struct mistake {
	ULONG version;
	ULONG vector;
	KIRQL irql;
	KAFFINITY affinity;
	USHORT group;
	NTSTATUS status;
};

static const struct mistake mistakes[] = {
	{ 1, 1000, MINIRQ_DIRQL, 1, 0, STATUS_NOT_FOUND },
	{ 1, 0, MINIRQ_DIRQL - 1, 1, 0, STATUS_INVALID_PARAMETER },
	{ 1, 0, MINIRQ_DIRQL, 1ULL << 60, 0, STATUS_INVALID_PARAMETER_10 },
	{ 4, 0, MINIRQ_DIRQL, 1, 7, STATUS_INVALID_PARAMETER_10 },
};

/* Vector, level, processor and group; sharing has a case among the others. */
static void neverd_mistakes_connect_nothing(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(mistakes); i++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

		params->Version = mistakes[i].version;
		params->FullySpecified.Vector += mistakes[i].vector;
		params->FullySpecified.Irql = mistakes[i].irql;
		params->FullySpecified.ProcessorEnableMask = mistakes[i].affinity;
		params->FullySpecified.Group = mistakes[i].group;
		KUNIT_EXPECT_EQ(test, IoConnectInterruptEx(params), mistakes[i].status);
		KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
	}
}

static void wait_in_service_routine(struct wdm_source *source)
{
	KEVENT never;

	KeInitializeEvent(&never, NotificationEvent, FALSE);
	if (KeWaitForSingleObject(&never, Executive, KernelMode, FALSE, NULL) == STATUS_TIMEOUT)
		source->driver->handed = source;
}

static void neverd_wait_at_dirql_only_looks(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);

	wdm_connect_vector(test, d, 0);
	d->isr = wait_in_service_routine;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_PTR_EQ(test, d->handed, (void *)&d->source[0]);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_WAIT), 1);
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

static struct kunit_case neverd_cases[] = {
	KUNIT_CASE(neverd_message_ids_are_the_devices),
	KUNIT_CASE(neverd_levels_of_messages),
	KUNIT_CASE(neverd_fallback_is_version_2),
	KUNIT_CASE(neverd_modes_1_4_and_2_behave_alike),
	KUNIT_CASE(neverd_passive_isr_waits_for_its_own_dpc),
	KUNIT_CASE(neverd_passive_arrivals_are_serialised),
	KUNIT_CASE(neverd_passive_interrupts_progress_independently),
	KUNIT_CASE(neverd_latched_line_asks_everybody),
	KUNIT_CASE(neverd_level_line_is_sampled_until_it_falls),
	KUNIT_CASE(neverd_low_byte_is_the_answer),
	KUNIT_CASE(neverd_stop_and_restart_works),
	KUNIT_CASE(neverd_recursive_interrupt_lock_is_an_error),
	KUNIT_CASE(neverd_mistakes_connect_nothing),
	KUNIT_CASE(neverd_wait_at_dirql_only_looks),
	{}
};

static struct kunit_case reactos_cases[] = {
	KUNIT_CASE(reactos_synchronize_from_every_level),
	{}
};

static struct kunit_case aero_cases[] = {
	KUNIT_CASE(aero_interrupt_within_connect_runs_its_dpc),
	KUNIT_CASE(aero_in_flight_count_survives_a_refused_insert),
	KUNIT_CASE(aero_teardown_cancels_a_queued_dpc),
	KUNIT_CASE(aero_several_interrupts_collapse_into_one_dpc),
	KUNIT_CASE(aero_message_data_is_not_the_message_number),
	{}
};

static struct kunit_suite neverd_suite = {
	.name = "minirq_wdm_neverd",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = neverd_cases,
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

kunit_test_suite(neverd_suite);
kunit_test_suite(reactos_suite);
kunit_test_suite(aero_suite);
