// SPDX-License-Identifier: GPL-2.0-only
/*
 * What NeverD (unittests/emulation, fixture driver_wdm_interrupts) looks at in the
 * connect calls, modes 1 to 5; written anew from the facts that its tests state.
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

static void expect_levels(struct kunit *test, PKSPIN_LOCK lock, KIRQL asked, KIRQL level)
{
	struct wdm_driver *d = wdm_messages(test, 3);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);
	unsigned int id;

	params->MessageBased.SpinLock = lock;
	params->MessageBased.SynchronizeIrql = asked;
	wdm_connect(test, params);
	for (id = 0; id < 3; id++) {
		fake_irq_fire(d->irqs, id);
		KUNIT_EXPECT_EQ(test, d->source[id].irql, level);
		KUNIT_EXPECT_GE(test, level, d->table->MessageInfo[id].Irql);
		KUNIT_EXPECT_LE(test, level, d->table->UnifiedIrql);
	}
	wdm_disconnect(CONNECT_MESSAGE_BASED, d->table);
}

/* Each message has the level of its own, which is the same one for all here. */
static void neverd_messages_have_their_own_level(struct kunit *test)
{
	expect_levels(test, NULL, PASSIVE_LEVEL, MINIRQ_DIRQL);
}

static void neverd_level_above_all_is_everybodys(struct kunit *test)
{
	expect_levels(test, NULL, HIGH_LEVEL, HIGH_LEVEL);
}

/* One below is none: the highest of the messages' own. */
static void neverd_shared_lock_takes_the_highest_level(struct kunit *test)
{
	KSPIN_LOCK lock;

	KeInitializeSpinLock(&lock);
	expect_levels(test, &lock, PASSIVE_LEVEL, MINIRQ_DIRQL);
	expect_levels(test, &lock, MINIRQ_DIRQL - 1, MINIRQ_DIRQL);
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

/*
 * A level is sampled until it falls. There the first claim ends a sample; the
 * kernel asks everybody each time, which costs a call and gets the same done.
 */
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
	KUNIT_EXPECT_EQ(test, entered(d, 0), 3);
	KUNIT_EXPECT_EQ(test, entered(other, 0), 3);
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

static VOID note_run(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	atomic_inc(context);
}

/* A driver that is started again makes its DPC anew, over the one that has run. */
static void neverd_restart_makes_its_dpc_anew(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);
	atomic_t anew = ATOMIC_INIT(0);

	d->isr = wdm_queue_dpc;
	wdm_connect_vector(test, d, 0);
	fake_irq_fire(d->irqs, 0);
	KeFlushQueuedDpcs();
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
	KeInitializeDpc(&d->dpc, note_run, &anew);
	wdm_connect_vector(test, d, 0);
	fake_irq_fire(d->irqs, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&d->dpc_ran), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&anew), 1);
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

static struct kunit_case neverd_cases[] = {
	KUNIT_CASE(neverd_message_ids_are_the_devices),
	KUNIT_CASE(neverd_messages_have_their_own_level),
	KUNIT_CASE(neverd_level_above_all_is_everybodys),
	KUNIT_CASE(neverd_shared_lock_takes_the_highest_level),
	KUNIT_CASE(neverd_fallback_is_version_2),
	KUNIT_CASE(neverd_modes_1_4_and_2_behave_alike),
	KUNIT_CASE(neverd_passive_isr_waits_for_its_own_dpc),
	KUNIT_CASE(neverd_passive_arrivals_are_serialised),
	KUNIT_CASE(neverd_passive_interrupts_progress_independently),
	KUNIT_CASE(neverd_latched_line_asks_everybody),
	KUNIT_CASE(neverd_level_line_is_sampled_until_it_falls),
	KUNIT_CASE(neverd_low_byte_is_the_answer),
	KUNIT_CASE(neverd_stop_and_restart_works),
	KUNIT_CASE(neverd_restart_makes_its_dpc_anew),
	KUNIT_CASE(neverd_recursive_interrupt_lock_is_an_error),
	KUNIT_CASE(neverd_mistakes_connect_nothing),
	KUNIT_CASE(neverd_wait_at_dirql_only_looks),
	{}
};

static struct kunit_suite neverd_suite = {
	.name = "minirq_wdm_neverd",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = neverd_cases,
};

kunit_test_suite(neverd_suite);
