// SPDX-License-Identifier: GPL-2.0-only
/* What service routines that a WDM driver connected may rely on. */
#include <linux/irq.h>
#include <linux/irqdesc.h>
#include <linux/interrupt.h>
#include <linux/smp.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "cpu.h"
#include "fake_irq.h"
#include "wdm_fixture.h"

#define COOKIE	((PVOID)0xfedcba9876543210)

static PVOID seen_context;

static BOOLEAN note_context(struct _KINTERRUPT *object, PVOID context, ULONG id)
{
	seen_context = context;
	return TRUE;
}

/* A91 */
static void isr_context_arrives_bit_for_bit(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->MessageBased.MessageServiceRoutine = note_context;
	params->MessageBased.ServiceContext = COOKIE;
	wdm_connect(test, params);
	fake_irq_fire(d->irqs, 1);
	KUNIT_EXPECT_PTR_EQ(test, seen_context, COOKIE);
}

/* Who runs with whom */

static PIO_CONNECT_INTERRUPT_PARAMETERS with_lock(struct wdm_driver *d)
{
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->MessageBased.SpinLock = &d->lock;
	return params;
}

/*
 * Message 0 is inside. Message 1 is taken by another CPU, which cannot enter
 * before the gate opens, and then finds message 0 gone.
 */
static void expect_exclusion(struct kunit *test, struct wdm_driver *d)
{
	d->isr = wdm_wait_at_gate;
	fake_irq_send_on(d->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].entered));
	fake_irq_send_on(d->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, stays_clear(&d->source[1].entered));
	atomic_set(&d->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[1].left));
	KUNIT_EXPECT_EQ(test, atomic_read(&d->overlap), 0);
}

/* A63 */
static void isr_of_messages_with_the_drivers_lock_exclude(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, with_lock(d));
	expect_exclusion(test, d);
}

/* A64 */
static void isr_of_messages_without_it_overlap(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	d->isr = wdm_wait_for_the_other;
	fake_irq_send_on(d->irqs, 0, 1);
	fake_irq_send_on(d->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[1].left));
	KUNIT_EXPECT_EQ(test, atomic_read(&d->overlap), 1);
}

/* A65 */
static void isr_of_one_message_never_overlaps_itself(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect(test, wdm_message_based(d));
	d->isr = wdm_wait_at_gate;
	fake_irq_send_on(d->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].entered));
	fake_irq_send_on(d->irqs, 0, 2);
	KUNIT_EXPECT_TRUE(test, stays_clear(&d->overlap));
	atomic_set(&d->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_EQ(test, atomic_read(&d->overlap), 0);
}

static void hold_interrupt_lock(void *driver)
{
	struct wdm_driver *d = driver;
	PKINTERRUPT object = d->table->MessageInfo[0].InterruptObject;
	KIRQL old = KeAcquireInterruptSpinLock(object);

	atomic_set(&d->inside, 1);
	spin_for(&d->gate);
	atomic_set(&d->inside, 0);
	KeReleaseInterruptSpinLock(object, old);
}

/* A66 */
static void isr_stays_out_while_the_driver_has_its_lock(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	struct task_struct *task;

	wdm_connect(test, with_lock(d));
	task = start_on_cpu(1, hold_interrupt_lock, d);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->inside));
	fake_irq_send_on(d->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, stays_clear(&d->source[1].entered));
	atomic_set(&d->gate, 1);
	join(task);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[1].left));
	KUNIT_EXPECT_EQ(test, atomic_read(&d->overlap), 0);
}

/* A74 */
static void isr_of_two_vectors_with_one_lock_exclude(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	unsigned int id;

	for (id = 0; id < 2; id++) {
		PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, id);

		params->FullySpecified.SpinLock = &d->lock;
		wdm_connect(test, params);
	}
	expect_exclusion(test, d);
}

static void lower_to_dispatch(struct wdm_source *source)
{
	KeLowerIrql(DISPATCH_LEVEL);
	if (irqs_disabled() && KeGetCurrentIrql() == MINIRQ_DIRQL)
		source->driver->handed = source;
}

/* The kernel keeps an ISR above DISPATCH_LEVEL, and so does the level. */
static void isr_that_lowers_its_level_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);

	wdm_connect(test, wdm_message_based(d));
	d->isr = lower_to_dispatch;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_PTR_EQ(test, d->handed, (void *)&d->source[0]);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LOWER_IRQL), 1);
}

/* A line that is claimed, and one that nobody claims */

/* The kernel judges a line after so many interrupts; the last of them are real. */
#define STORM	100000
#define REAL	100

static bool shut_off(struct wdm_driver *d)
{
	return irqd_irq_disabled(irq_get_irq_data(d->irqs->irq[0]));
}

/*
 * The end of a storm that nobody has claimed so far. All of it would take minutes on
 * a busy machine.
 */
static void storm(struct wdm_driver *d)
{
	unsigned int irq = d->irqs->irq[0], i;
	struct irq_desc *desc = irq_data_to_desc(irq_get_irq_data(irq));
	unsigned long flags;

	desc->irq_count = STORM - REAL;
	desc->irqs_unhandled = STORM - REAL;
	desc->last_unhandled = jiffies;
	for (i = 0; i < REAL; i++) {
		local_irq_save(flags);
		generic_handle_irq(irq);
		local_irq_restore(flags);
		cond_resched();
	}
}

/* A pause of this CPU makes the kernel count anew. */
static void storm_until_shut_off(struct wdm_driver *d)
{
	unsigned int round;

	for (round = 0; round < 10 && !shut_off(d); round++)
		storm(d);
}

/* A87 */
static void isr_that_claims_keeps_its_line(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	wdm_connect(test, wdm_line_based(d));
	storm(d);
	KUNIT_EXPECT_FALSE(test, shut_off(d));
	KUNIT_EXPECT_EQ(test, irq_data_to_desc(irq_get_irq_data(d->irqs->irq[0]))->irqs_unhandled,
			0);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_STORM), 0);
}

static bool storm_was_reported(void *before)
{
	return minirq_verifier_count(MINIRQ_RULE_STORM) != *(unsigned int *)before;
}

/* A88 */
static void isr_that_never_claims_is_reported_as_storm(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_STORM);
	struct wdm_driver *d = wdm_line(test);

	wdm_connect(test, wdm_line_based(d));
	d->answer = FALSE;
	wdm_console_off();
	storm_until_shut_off(d);
	KUNIT_EXPECT_TRUE(test, shut_off(d));
	KUNIT_EXPECT_TRUE(test, wait_until(storm_was_reported, &before));
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_STORM), 1);
	wdm_disconnect(CONNECT_LINE_BASED, d->object);
}

/* A line that is not shared is never asked again after it was shut off. */
static void isr_of_its_own_line_that_never_claims_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_STORM);
	struct wdm_driver *d = wdm_line(test);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, 0);

	params->FullySpecified.ShareVector = FALSE;
	wdm_connect(test, params);
	d->answer = FALSE;
	wdm_console_off();
	storm_until_shut_off(d);
	KUNIT_EXPECT_TRUE(test, shut_off(d));
	KUNIT_EXPECT_TRUE(test, wait_until(storm_was_reported, &before));
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_STORM), 1);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
}

/* What the kernel does when it shuts a line off, and asks again. */
static void isr_passive_that_never_claims_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	struct irq_data *data = irq_get_irq_data(d->irqs->irq[0]);

	wdm_connect(test, wdm_passive(d, 0));
	d->answer = FALSE;
	d->isr = wdm_sleep_at_gate;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].entered));
	disable_irq_nosync(data->irq);
	atomic_set(&d->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	synchronize_irq(data->irq);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_STORM), 1);
	enable_irq(data->irq);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
}

static void isr_that_disclaims_a_message_is_no_storm(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);

	wdm_connect(test, wdm_message_based(d));
	d->answer = FALSE;
	storm(d);
	KUNIT_EXPECT_FALSE(test, shut_off(d));
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_STORM), 0);
}

/* Passive service routines */

static struct wdm_driver *passive_messages(struct kunit *test, unsigned int count)
{
	struct wdm_driver *d = wdm_messages(test, count);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->Version = CONNECT_MESSAGE_BASED_PASSIVE;
	wdm_connect(test, params);
	KUNIT_EXPECT_EQ(test, params->Version, CONNECT_MESSAGE_BASED_PASSIVE);
	return d;
}

static PKINTERRUPT object_of(struct wdm_driver *d, unsigned int id)
{
	return d->table->MessageInfo[id].InterruptObject;
}

static void note_whether_it_may_sleep(struct wdm_source *source)
{
	struct wdm_driver *d = source->driver;

	might_sleep();
	d->handed = in_task() && !irqs_disabled() ? d : NULL;
}

static unsigned long flags_of(struct wdm_driver *d, unsigned int id)
{
	return irq_data_to_desc(irq_get_irq_data(d->irqs->irq[id]))->action->flags;
}

/* Under threadirqs and on PREEMPT_RT the kernel would make threads of handlers. */
static void isr_is_no_thread_unless_passive(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	wdm_connect_vector(test, d, 0);
	wdm_connect(test, wdm_passive(d, 1));
	KUNIT_EXPECT_TRUE(test, flags_of(d, 0) & IRQF_NO_THREAD);
	KUNIT_EXPECT_FALSE(test, flags_of(d, 1) & IRQF_NO_THREAD);
	KUNIT_EXPECT_TRUE(test, flags_of(d, 1) & IRQF_ONESHOT);
}

/* A69 */
static void isr_passive_may_sleep(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);

	d->isr = note_whether_it_may_sleep;
	wdm_connect(test, wdm_passive(d, 1));
	d->source[1].irql = HIGH_LEVEL;
	fake_irq_fire(d->irqs, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[1].left));
	KUNIT_EXPECT_EQ(test, d->source[1].irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_PTR_EQ(test, d->handed, (void *)d);
}

static void isr_passive_of_a_group_is_passive_too(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_passive(d, 0);

	params->Version = CONNECT_FULLY_SPECIFIED_GROUP;
	wdm_connect(test, params);
	d->source[0].irql = HIGH_LEVEL;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_EQ(test, d->source[0].irql, PASSIVE_LEVEL);
}

static void isr_passive_of_messages_knows_its_message(struct kunit *test)
{
	struct wdm_driver *d = passive_messages(test, 4);

	d->source[3].irql = HIGH_LEVEL;
	fake_irq_fire(d->irqs, 3);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[3].left));
	KUNIT_EXPECT_EQ(test, d->source[3].id, 3);
	KUNIT_EXPECT_EQ(test, d->source[3].irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_PTR_EQ(test, d->source[3].object, object_of(d, 3));
}

/* With no messages, version 5 falls back to a passive line. */
static void isr_passive_falls_back_to_the_line(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_message_based(d);

	params->Version = CONNECT_MESSAGE_BASED_PASSIVE;
	wdm_connect(test, params);
	KUNIT_EXPECT_EQ(test, params->Version, CONNECT_LINE_BASED);
	d->source[0].irql = HIGH_LEVEL;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_EQ(test, d->source[0].irql, PASSIVE_LEVEL);
	wdm_disconnect(CONNECT_LINE_BASED, d->table);
}

static void return_raised(struct wdm_source *source)
{
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
}

static void isr_passive_returning_raised_is_reported(struct kunit *test)
{
	struct wdm_driver *d = passive_messages(test, 1);

	d->isr = return_raised;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	wdm_disconnect(CONNECT_MESSAGE_BASED_PASSIVE, d->table);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IRQL_RETURN), 1);
}

/* irq_sim has no level interrupts, so the flow handler is called directly. */
static void raise_level(void *irq)
{
	generic_handle_irq(*(unsigned int *)irq);
}

/* A level line: masked from the interrupt until the routine has returned. */
static void isr_passive_keeps_its_line_masked(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	struct irq_data *data = irq_get_irq_data(d->irqs->irq[0]);

	irq_set_handler(d->irqs->irq[0], handle_level_irq);
	wdm_connect(test, wdm_passive(d, 0));
	d->isr = wdm_sleep_at_gate;
	smp_call_function_single(1, raise_level, &d->irqs->irq[0], true);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].entered));
	KUNIT_EXPECT_TRUE(test, irqd_irq_masked(data));

	/* the device goes on asserting: it is heard when the line is unmasked */
	fake_irq_arm(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->source[0].entered), 1);
	atomic_set(&d->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&d->source[0].left, 2));
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, d->object);
}

static BOOLEAN note_level(PVOID context)
{
	KIRQL *irql = context;

	*irql = KeGetCurrentIrql();
	return 2;
}

/* A96 */
static void isr_passive_is_synchronised_with_at_passive(struct kunit *test)
{
	struct wdm_driver *d = passive_messages(test, 1);
	KIRQL irql = HIGH_LEVEL;

	KUNIT_EXPECT_EQ(test, KeSynchronizeExecution(object_of(d, 0), note_level, &irql), 2);
	KUNIT_EXPECT_EQ(test, irql, PASSIVE_LEVEL);
}

static BOOLEAN stay(PVOID context)
{
	struct wdm_driver *d = context;

	atomic_set(&d->source[3].entered, 1);
	return wait_for(&d->gate);
}

static void synchronize(void *driver)
{
	struct wdm_driver *d = driver;

	KeSynchronizeExecution(object_of(d, 0), stay, d);
}

static void isr_passive_stays_out_while_synchronised_with(struct kunit *test)
{
	struct wdm_driver *d = passive_messages(test, 2);
	struct task_struct *task = start_on_cpu(1, synchronize, d);

	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[3].entered));
	fake_irq_fire_on(d->irqs, 0, 2);
	fake_irq_fire_on(d->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[1].left));
	KUNIT_EXPECT_TRUE(test, stays_clear(&d->source[0].entered));
	atomic_set(&d->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	join(task);
}

static BOOLEAN never(PVOID context)
{
	atomic_inc(context);
	return TRUE;
}

static void isr_passive_is_not_synchronised_with_from_dispatch(struct kunit *test)
{
	struct wdm_driver *d = passive_messages(test, 1);
	atomic_t ran = ATOMIC_INIT(0);
	BOOLEAN result;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	result = KeSynchronizeExecution(object_of(d, 0), never, &ran);
	KeLowerIrql(old);
	KUNIT_EXPECT_FALSE(test, result);
	KUNIT_EXPECT_EQ(test, atomic_read(&ran), 0);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_SYNCHRONIZE), 1);
}

/**
 * struct worker_call - what a threaded DPC got
 * @d:		the driver
 * @ran:	how often its routine was called
 * @result:	what KeSynchronizeExecution() returned
 */
struct worker_call {
	struct wdm_driver *d;
	atomic_t ran;
	BOOLEAN result;
};

static VOID synchronize_in_worker(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct worker_call *call = context;

	call->result = KeSynchronizeExecution(object_of(call->d, 0), never, &call->ran);
}

/* It would keep all others of its CPU waiting. */
static void isr_passive_is_not_synchronised_with_from_a_threaded_dpc(struct kunit *test)
{
	struct worker_call call = { .d = passive_messages(test, 1), .result = TRUE };
	KDPC dpc;

	KeInitializeThreadedDpc(&dpc, synchronize_in_worker, &call);
	KeInsertQueueDpc(&dpc, NULL, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_FALSE(test, call.result);
	KUNIT_EXPECT_EQ(test, atomic_read(&call.ran), 0);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_SYNCHRONIZE), 1);
}

static void synchronize_with_itself(struct wdm_source *source)
{
	KIRQL irql;

	KeSynchronizeExecution(source->object, note_level, &irql);
}

static void isr_passive_that_would_wait_for_itself_is_reported(struct kunit *test)
{
	struct wdm_driver *d = passive_messages(test, 1);

	d->isr = synchronize_with_itself;
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_SYNCHRONIZE), 1);
}

/* A97 */
static void isr_passive_has_no_spin_lock(struct kunit *test)
{
	struct wdm_driver *d = passive_messages(test, 1);
	KIRQL old = KeAcquireInterruptSpinLock(object_of(d, 0));

	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_PASSIVE_LOCK), 1);
	KeReleaseInterruptSpinLock(object_of(d, 0), old);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_PASSIVE_LOCK), 1);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

static struct kunit_case wdm_isr_cases[] = {
	KUNIT_CASE(isr_context_arrives_bit_for_bit),
	KUNIT_CASE(isr_of_messages_with_the_drivers_lock_exclude),
	KUNIT_CASE(isr_of_messages_without_it_overlap),
	KUNIT_CASE(isr_of_one_message_never_overlaps_itself),
	KUNIT_CASE(isr_stays_out_while_the_driver_has_its_lock),
	KUNIT_CASE(isr_of_two_vectors_with_one_lock_exclude),
	KUNIT_CASE(isr_that_lowers_its_level_is_reported),
	KUNIT_CASE(isr_that_claims_keeps_its_line),
	KUNIT_CASE(isr_that_never_claims_is_reported_as_storm),
	KUNIT_CASE(isr_of_its_own_line_that_never_claims_is_reported),
	KUNIT_CASE(isr_passive_that_never_claims_is_reported),
	KUNIT_CASE(isr_that_disclaims_a_message_is_no_storm),
	KUNIT_CASE(isr_is_no_thread_unless_passive),
	KUNIT_CASE(isr_passive_may_sleep),
	KUNIT_CASE(isr_passive_of_a_group_is_passive_too),
	KUNIT_CASE(isr_passive_of_messages_knows_its_message),
	KUNIT_CASE(isr_passive_falls_back_to_the_line),
	KUNIT_CASE(isr_passive_returning_raised_is_reported),
	KUNIT_CASE(isr_passive_keeps_its_line_masked),
	KUNIT_CASE(isr_passive_is_synchronised_with_at_passive),
	KUNIT_CASE(isr_passive_stays_out_while_synchronised_with),
	KUNIT_CASE(isr_passive_is_not_synchronised_with_from_dispatch),
	KUNIT_CASE(isr_passive_is_not_synchronised_with_from_a_threaded_dpc),
	KUNIT_CASE(isr_passive_that_would_wait_for_itself_is_reported),
	KUNIT_CASE(isr_passive_has_no_spin_lock),
	{}
};

static struct kunit_suite wdm_isr_suite = {
	.name = "minirq_wdm_isr",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = wdm_isr_cases,
};

kunit_test_suite(wdm_isr_suite);
