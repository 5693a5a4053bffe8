// SPDX-License-Identifier: GPL-2.0-only
/* IoConnectInterrupt, IoDisconnectInterrupt, IoGetAffinityInterrupt. */
#include <linux/irq.h>
#include <linux/module.h>
#include <linux/string.h>

#include <kunit/test.h>

#include <iointex.h>

#include "../src/interrupt.h"
#include "../src/wdm.h"
#include "cpu.h"
#include "fake_irq.h"
#include "wdm_fixture.h"

/* By the parameters of the last wdm_fully_specified(). */
static NTSTATUS legacy(struct wdm_driver *d)
{
	const IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS *p = &d->params.FullySpecified;

	return IoConnectInterrupt(p->InterruptObject, p->ServiceRoutine, p->ServiceContext,
				  p->SpinLock, p->Vector, p->Irql, p->SynchronizeIrql,
				  p->InterruptMode, p->ShareVector, p->ProcessorEnableMask, FALSE);
}

static void expect_refusal(struct kunit *test, struct wdm_driver *d)
{
	KUNIT_EXPECT_EQ(test, legacy(d), STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_NULL(test, d->object);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* A113 */
static void legacy_without_processor_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	wdm_fully_specified(d, 0)->FullySpecified.ProcessorEnableMask = 0;
	expect_refusal(test, d);
}

static void legacy_with_bad_values_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	wdm_fully_specified(d, 0)->FullySpecified.InterruptObject = NULL;
	expect_refusal(test, d);
	wdm_fully_specified(d, 0)->FullySpecified.ServiceRoutine = NULL;
	expect_refusal(test, d);
	wdm_fully_specified(d, 0)->FullySpecified.Vector = 0x7fffffff;
	expect_refusal(test, d);
	wdm_fully_specified(d, 0)->FullySpecified.SynchronizeIrql = DISPATCH_LEVEL;
	expect_refusal(test, d);
	wdm_passive(d, 0)->FullySpecified.SpinLock = &d->lock;
	expect_refusal(test, d);
}

static void legacy_at_dispatch_is_reported(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	NTSTATUS status;
	KIRQL old;

	wdm_fully_specified(d, 0);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	status = legacy(d);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_CONNECT_IRQL), 1);
}

/* A114 */
static void legacy_connects_the_vector(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);
	int before;

	wdm_fully_specified(d, 0);
	KUNIT_ASSERT_EQ(test, legacy(d), STATUS_SUCCESS);
	KUNIT_ASSERT_NOT_NULL(test, d->object);
	before = atomic_read(&d->source[0].entered);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->source[0].entered), before + 1);
	KUNIT_EXPECT_PTR_EQ(test, d->source[0].object, d->object);
	IoDisconnectInterrupt(d->object);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

static void legacy_disconnect_of_another_pointer_is_reported(struct kunit *test)
{
	IoDisconnectInterrupt(NULL);
	IoDisconnectInterrupt((PKINTERRUPT)test);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_IO_DISCONNECT), 2);
}

static void connect_with_lock(struct kunit *test, struct wdm_driver *d, PKSPIN_LOCK lock)
{
	wdm_fully_specified(d, 0)->FullySpecified.SpinLock = lock;
	KUNIT_ASSERT_EQ(test, legacy(d), STATUS_SUCCESS);
}

/* A115 */
static void legacy_vectors_with_one_lock_exclude(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *other = wdm_line(test);

	connect_with_lock(test, d, &d->lock);
	connect_with_lock(test, other, &d->lock);
	d->isr = wdm_wait_at_gate;
	atomic_set(&d->source[0].entered, 0);
	atomic_set(&d->source[0].left, 0);
	atomic_set(&other->source[0].entered, 0);
	fake_irq_send_on(d->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].entered));
	fake_irq_send_on(other->irqs, 0, 2);
	KUNIT_EXPECT_TRUE(test, stays_clear(&other->source[0].entered));
	atomic_set(&d->gate, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&d->source[0].left));
	KUNIT_EXPECT_TRUE(test, wait_for(&other->source[0].entered));
	IoDisconnectInterrupt(other->object);
	IoDisconnectInterrupt(d->object);
}

/* A device on the line of another, of this module's driver or of somebody else's. */
static struct wdm_driver *on_line_of(struct kunit *test, struct wdm_driver *d, bool ours)
{
	struct wdm_driver *other = wdm_device(test, d->irqs);

	other->pdo.owner = ours ? THIS_MODULE : NULL;
	return other;
}

static void connect_legacy(struct kunit *test, struct wdm_driver *d)
{
	wdm_fully_specified(d, 0);
	KUNIT_ASSERT_EQ(test, legacy(d), STATUS_SUCCESS);
}

static void expect_called(struct kunit *test, struct wdm_driver *d)
{
	int before = atomic_read(&d->source[0].entered);

	KUNIT_ASSERT_EQ(test, wdm_connected(d), 1);
	fake_irq_fire(d->irqs, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&d->source[0].entered), before + 1);
}

static void legacy_of_a_shared_line_belongs_to_its_driver(struct kunit *test)
{
	struct wdm_driver *before = wdm_line(test);
	struct wdm_driver *d = on_line_of(test, before, true);
	struct wdm_driver *after = on_line_of(test, before, false);

	connect_legacy(test, d);
	minirq_wdm_disconnect_all(&before->pdo);
	minirq_wdm_disconnect_all(&after->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 0);
	expect_called(test, d);
	minirq_wdm_disconnect_all(&d->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* The routine is that of a class library, which is nobody's driver here. */
static void legacy_of_a_shared_line_belongs_to_what_is_started(struct kunit *test)
{
	struct wdm_driver *before = wdm_line(test);
	struct wdm_driver *d = on_line_of(test, before, false);
	struct wdm_driver *after = on_line_of(test, before, true);

	before->pdo.owner = THIS_MODULE;
	d->pdo.starting = current;
	connect_legacy(test, d);
	d->pdo.starting = NULL;
	minirq_wdm_disconnect_all(&before->pdo);
	minirq_wdm_disconnect_all(&after->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 0);
	expect_called(test, d);
	minirq_wdm_disconnect_all(&d->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* Only the driver knows which of its devices it is for. */
static void legacy_of_a_shared_line_stays_with_its_driver(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *twin = on_line_of(test, d, true);

	d->pdo.owner = THIS_MODULE;
	connect_legacy(test, d);
	connect_legacy(test, twin);
	minirq_wdm_disconnect_all(&d->pdo);
	minirq_pdo_remove(&d->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 0);
	expect_called(test, d);
	expect_called(test, twin);
	IoDisconnectInterrupt(d->object);
	minirq_wdm_disconnect_all(&twin->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(d), 0);
}

/* A device that goes is told of what names it, whoever else has the line. */
static void legacy_is_told_from_what_names_its_device(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test), *twin = on_line_of(test, d, false);

	wdm_connect_vector(test, d, 0);
	minirq_wdm_disconnect_all(&d->pdo);
	KUNIT_EXPECT_EQ(test, wdm_reported(test, MINIRQ_RULE_LEAK), 1);
	KUNIT_EXPECT_EQ(test, wdm_connected(twin), 0);
}

static void legacy_of_a_device_without_interrupts_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_line(test);

	wdm_fully_specified(d, 0);
	minirq_wdm_disconnect_all(&d->pdo);
	expect_refusal(test, d);
}

/* A116 */
static void affinity_of_an_object_is_told(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 2);
	GROUP_AFFINITY affinity;
	unsigned int id;

	wdm_connect(test, wdm_message_based(d));
	for (id = 0; id < 2; id++) {
		PKINTERRUPT object = d->table->MessageInfo[id].InterruptObject;

		memset(&affinity, 0xff, sizeof(affinity));
		KUNIT_EXPECT_EQ(test, WdmlibIoGetAffinityInterrupt(object, &affinity),
				STATUS_SUCCESS);
		KUNIT_EXPECT_NE(test, affinity.Mask, 0);
		KUNIT_EXPECT_EQ(test, affinity.Group, 0);
		KUNIT_EXPECT_EQ(test, affinity.Reserved[0], 0);
		KUNIT_EXPECT_EQ(test, affinity.Reserved[1], 0);
		KUNIT_EXPECT_EQ(test, affinity.Reserved[2], 0);
	}
}

static void affinity_may_be_asked_for_at_any_level(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);
	GROUP_AFFINITY affinity;
	NTSTATUS status;
	KIRQL old;

	wdm_connect_vector(test, d, 0);
	KeRaiseIrql(HIGH_LEVEL, &old);
	status = IoGetAffinityInterrupt(d->object, &affinity);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, STATUS_SUCCESS);
}

/* A117 */
static void affinity_of_what_is_no_object_is_refused(struct kunit *test)
{
	struct wdm_driver *d = wdm_messages(test, 1);
	GROUP_AFFINITY affinity;
	PKINTERRUPT object;
	void *inner;

	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt(NULL, &affinity), STATUS_INVALID_PARAMETER);
	object = wdm_connect_vector(test, d, 0);
	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt(object, NULL), STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt((PKINTERRUPT)test, &affinity),
			STATUS_INVALID_PARAMETER);
	/* inside it, where its context would be taken for its irq */
	inner = (u8 *)object + offsetof(struct _KINTERRUPT, context) -
		offsetof(struct _KINTERRUPT, irq);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_irq(inner), 0);
	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt(inner, &affinity), STATUS_INVALID_PARAMETER);
	wdm_disconnect(CONNECT_FULLY_SPECIFIED, object);
	KUNIT_EXPECT_EQ(test, IoGetAffinityInterrupt(object, &affinity), STATUS_INVALID_PARAMETER);
}

static struct kunit_case wdm_legacy_cases[] = {
	KUNIT_CASE(legacy_without_processor_is_refused),
	KUNIT_CASE(legacy_with_bad_values_is_refused),
	KUNIT_CASE(legacy_at_dispatch_is_reported),
	KUNIT_CASE(legacy_connects_the_vector),
	KUNIT_CASE(legacy_disconnect_of_another_pointer_is_reported),
	KUNIT_CASE(legacy_vectors_with_one_lock_exclude),
	KUNIT_CASE(legacy_of_a_shared_line_belongs_to_its_driver),
	KUNIT_CASE(legacy_of_a_shared_line_belongs_to_what_is_started),
	KUNIT_CASE(legacy_of_a_shared_line_stays_with_its_driver),
	KUNIT_CASE(legacy_is_told_from_what_names_its_device),
	KUNIT_CASE(legacy_of_a_device_without_interrupts_is_refused),
	KUNIT_CASE(affinity_of_an_object_is_told),
	KUNIT_CASE(affinity_may_be_asked_for_at_any_level),
	KUNIT_CASE(affinity_of_what_is_no_object_is_refused),
	{}
};

static struct kunit_suite wdm_legacy_suite = {
	.name = "minirq_wdm_legacy",
	.init = wdm_init,
	.exit = wdm_exit,
	.test_cases = wdm_legacy_cases,
};

kunit_test_suite(wdm_legacy_suite);
