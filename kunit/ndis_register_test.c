// SPDX-License-Identifier: GPL-2.0-only
/* NdisMRegisterInterruptEx(): what it grants, what it refuses, what it leaves. */
#include <linux/irq.h>

#include "ndis_fixture.h"
#include "no_memory.h"

/* What a failed registration must not touch. */
#define UNTOUCHED_HANDLE	((NDIS_HANDLE)0x5a5a)
#define UNTOUCHED_TYPE		((NDIS_INTERRUPT_TYPE)77)

static IO_INTERRUPT_MESSAGE_INFO untouched_table = { .MessageCount = 99 };

static void poison(struct ndis_fixture *fx)
{
	fx->handle = UNTOUCHED_HANDLE;
	fx->chars.InterruptType = UNTOUCHED_TYPE;
	fx->chars.MessageInfoTable = &untouched_table;
}

static bool untouched(struct ndis_fixture *fx)
{
	return fx->handle == UNTOUCHED_HANDLE && fx->chars.InterruptType == UNTOUCHED_TYPE &&
	       fx->chars.MessageInfoTable == &untouched_table;
}

/* How many irqs have a handler? */
static unsigned int connected(struct ndis_fixture *fx)
{
	unsigned int id, count = 0;

	for (id = 0; id < fx->irqs->count; id++)
		count += fake_irq_connected(fx->irqs, id);
	return count;
}

static void arm_all(struct ndis_fixture *fx)
{
	unsigned int id;

	for (id = 0; id < fx->irqs->count; id++)
		fake_irq_arm(fx->irqs, id);
}

static void fire_all(struct ndis_fixture *fx)
{
	unsigned int id;

	for (id = 0; id < fx->irqs->count; id++)
		fake_irq_fire(fx->irqs, id);
}

/* Nothing registered: outputs as they were, no irq taken, no handler reached. */
static void expect_nothing(struct kunit *test, struct ndis_fixture *fx)
{
	KUNIT_EXPECT_TRUE(test, untouched(fx));
	KUNIT_EXPECT_PTR_EQ(test, fx->adapter.interrupt, NULL);
	KUNIT_EXPECT_EQ(test, connected(fx), 0);
	fire_all(fx);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 0);
}

static void expect_refused(struct kunit *test, struct ndis_fixture *fx, NDIS_STATUS expected)
{
	poison(fx);
	KUNIT_EXPECT_EQ(test, ndis_fixture_register(fx), expected);
	expect_nothing(test, fx);
}

/* A155 A158 */
static void ndis_register_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);

	fx->chars.MsiSupported = FALSE;
	poison(fx);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fx->chars.InterruptType, NDIS_CONNECT_LINE_BASED);
	KUNIT_EXPECT_EQ(test, NDIS_CONNECT_LINE_BASED, 1);
	KUNIT_EXPECT_PTR_EQ(test, fx->chars.MessageInfoTable, NULL);
	KUNIT_EXPECT_PTR_NE(test, fx->handle, NULL);
	KUNIT_EXPECT_PTR_NE(test, fx->handle, UNTOUCHED_HANDLE);
}

/* A156 A158 */
static void ndis_register_messages(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 3);

	poison(fx);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fx->chars.InterruptType, NDIS_CONNECT_MESSAGE_BASED);
	KUNIT_EXPECT_EQ(test, NDIS_CONNECT_MESSAGE_BASED, 2);
	KUNIT_EXPECT_EQ(test, fx->chars.MessageInfoTable->MessageCount, 3);
	KUNIT_EXPECT_PTR_NE(test, fx->handle, NULL);
	KUNIT_EXPECT_PTR_NE(test, fx->handle, UNTOUCHED_HANDLE);
	KUNIT_EXPECT_EQ(test, connected(fx), 3);
}

/* A156 */
static void ndis_register_one_message(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 1);

	KUNIT_EXPECT_EQ(test, fx->chars.InterruptType, NDIS_CONNECT_MESSAGE_BASED);
	KUNIT_EXPECT_EQ(test, fx->chars.MessageInfoTable->MessageCount, 1);
}

/* The table describes the messages of this device, each by its own id. */
static void ndis_register_table_entries(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);
	PIO_INTERRUPT_MESSAGE_INFO table = fx->chars.MessageInfoTable;
	unsigned int id;

	for (id = 0; id < 4; id++) {
		PIO_INTERRUPT_MESSAGE_INFO_ENTRY entry = &table->MessageInfo[id];

		KUNIT_EXPECT_EQ(test, entry->MessageAddress.QuadPart,
				fake_irq_address(fx->irqs, id));
		KUNIT_EXPECT_EQ(test, entry->MessageData, fake_irq_data(fx->irqs, id));
		KUNIT_EXPECT_EQ(test, entry->Vector, fx->irqs->irq[id]);
		KUNIT_EXPECT_EQ(test, entry->Mode, Latched);
		KUNIT_EXPECT_GT(test, (int)entry->Irql, DISPATCH_LEVEL);
		KUNIT_EXPECT_LE(test, (int)entry->Irql, (int)table->UnifiedIrql);
	}
}

static BOOLEAN count_call(NDIS_HANDLE calls)
{
	++*(int *)calls;
	return TRUE;
}

/* Each entry's object is the one of its message: its lock keeps that ISR out. */
static void ndis_register_table_objects(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);
	PIO_INTERRUPT_MESSAGE_INFO table = fx->chars.MessageInfoTable;
	unsigned int id;
	int calls = 0;

	for (id = 0; id < 4; id++) {
		KUNIT_EXPECT_PTR_EQ(test, table->MessageInfo[id].InterruptObject,
				    &fx->adapter.interrupt->intr->each[id]);
		KUNIT_EXPECT_TRUE(test,
				  KeSynchronizeExecution(table->MessageInfo[id].InterruptObject,
							 (PKSYNCHRONIZE_ROUTINE)count_call,
							 &calls));
	}
	KUNIT_EXPECT_EQ(test, calls, 4);
}

/* A157 */
static void ndis_register_falls_back_to_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);

	poison(fx);
	KUNIT_ASSERT_TRUE(test, fx->chars.MsiSupported);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fx->chars.InterruptType, NDIS_CONNECT_LINE_BASED);
	KUNIT_EXPECT_PTR_EQ(test, fx->chars.MessageInfoTable, NULL);
}

/* After the fallback it is the line handlers that are called. */
static void ndis_register_fallback_calls_line_handlers(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	fx->queue = TRUE;
	fake_irq_fire(fx->irqs, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_FALSE(test, fx->isrs.call[0].message);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_FALSE(test, fx->dpcs.call[0].message);
}

/*
 * Register with the @nth allocation failing.
 *
 * Return: false when there was no such allocation any more.
 */
static bool register_failing(struct ndis_fixture *fx, unsigned int nth, NDIS_STATUS *status)
{
	fail_allocation(nth);
	*status = ndis_fixture_register(fx);
	return allocation_failed();
}

/*
 * Each allocation of a registration fails once. Those that the kernel can do
 * without, such as the entry in /proc, let it succeed.
 */
static void fail_each_allocation(struct kunit *test, struct ndis_fixture *fx)
{
	unsigned int nth, refused = 0;
	NDIS_STATUS status;

	need_failures(test);
	poison(fx);
	for (nth = 1; register_failing(fx, nth, &status); nth++) {
		if (status == NDIS_STATUS_SUCCESS) {
			ndis_fixture_deregister(fx);
			atomic_set(&fx->isrs.count, 0);
		} else {
			KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_RESOURCES);
			expect_nothing(test, fx);
			refused++;
		}
		poison(fx);
		arm_all(fx);
	}
	KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_GT(test, refused, 3);
}

/* A159 */
static void ndis_register_messages_out_of_memory(struct kunit *test)
{
	fail_each_allocation(test, ndis_fixture_messages(test, 4));
}

/* A159 */
static void ndis_register_line_out_of_memory(struct kunit *test)
{
	fail_each_allocation(test, ndis_fixture_line(test));
}

/* A160 */
static void ndis_register_messages_need_msi_support(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);

	fx->chars.MsiSupported = FALSE;
	expect_refused(test, fx, NDIS_STATUS_FAILURE);
}

/* Where each mandatory handler is. */
static const size_t line_handlers[] = {
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, InterruptHandler),
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, InterruptDpcHandler),
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, DisableInterruptHandler),
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, EnableInterruptHandler),
};

static const size_t message_handlers[] = {
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, MessageInterruptHandler),
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, MessageInterruptDpcHandler),
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, DisableMessageInterruptHandler),
	offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS, EnableMessageInterruptHandler),
};

static void expect_mandatory(struct kunit *test, struct ndis_fixture *fx, size_t offset)
{
	void **handler = (void *)&fx->chars + offset;
	void *saved = *handler;

	*handler = NULL;
	expect_refused(test, fx, NDIS_STATUS_BAD_CHARACTERISTICS);
	*handler = saved;
}

/* A161 */
static void ndis_register_line_handlers_mandatory(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);
	unsigned int i;

	fx->chars.MsiSupported = FALSE;
	for (i = 0; i < ARRAY_SIZE(line_handlers); i++)
		expect_mandatory(test, fx, line_handlers[i]);
	KUNIT_EXPECT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
}

/* A162 */
static void ndis_register_message_handlers_mandatory(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(message_handlers); i++)
		expect_mandatory(test, fx, message_handlers[i]);
	KUNIT_EXPECT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
}

/* A163 */
static void ndis_register_msi_needs_line_handlers(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(line_handlers); i++)
		expect_mandatory(test, fx, line_handlers[i]);
}

/* Without MsiSupported it does not matter which message handlers there are. */
static void ndis_register_line_ignores_message_handlers(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);

	fx->chars.MsiSupported = FALSE;
	fx->chars.MessageInterruptDpcHandler = NULL;
	KUNIT_EXPECT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
}

/* A164 */
static void ndis_register_header_checked(struct kunit *test)
{
	static const NDIS_OBJECT_HEADER wrong[] = {
		{ 0x80, 1, 0x60 }, { 0x85, 1, 0x60 }, { 0x84, 0, 0x60 },
		{ 0x84, 1, 0x5f }, { 0x84, 1, 0 },
	};
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);
	NDIS_OBJECT_HEADER *header = &fx->chars.Header;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		*header = wrong[i];
		expect_refused(test, fx, NDIS_STATUS_BAD_VERSION);
	}
	header->Type = 0x84;
	header->Revision = 1;
	header->Size = 0x60;
	KUNIT_EXPECT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
}

/* A later revision only appends. */
static void ndis_register_newer_header_accepted(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);

	fx->chars.Header.Revision = 2;
	fx->chars.Header.Size += 8;
	KUNIT_EXPECT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
}

/* OP-22 */
static void ndis_register_null_arguments(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 1);

	KUNIT_EXPECT_EQ(test, NdisMRegisterInterruptEx(NULL, fx, &fx->chars, &fx->handle),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMRegisterInterruptEx(&fx->adapter, fx, NULL, &fx->handle),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMRegisterInterruptEx(&fx->adapter, fx, &fx->chars, NULL),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(fx->irqs, 0));
}

/* What DriverEntry was given is a handle, too, but of no adapter. */
static void ndis_register_drivers_handle_refused(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT);
	struct ndis_fixture *fx = ndis_fixture_messages(test, 1);
	struct minirq_ndis_owner *driver = kunit_kzalloc(test, sizeof(*driver), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, driver);
	minirq_ndis_owner_init(driver, "driver");
	KUNIT_EXPECT_EQ(test, NdisMRegisterInterruptEx(driver, fx, &fx->chars, &fx->handle),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMRegisterInterruptEx(fx->irqs, fx, &fx->chars, &fx->handle),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT), before + 2);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(fx->irqs, 0));
}

/* A165 */
static void ndis_register_at_dispatch_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL);
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);
	NDIS_STATUS status;
	KIRQL old;

	poison(fx);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	status = ndis_fixture_register(fx);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL), before + 1);
	KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_FAILURE);
	expect_nothing(test, fx);
}

/* A166 */
static void ndis_register_outside_initialize(struct kunit *test)
{
	static const enum minirq_ndis_phase wrong[] = {
		MINIRQ_NDIS_ADDED, MINIRQ_NDIS_RUNNING, MINIRQ_NDIS_HALTING, MINIRQ_NDIS_HALTED,
	};
	unsigned int i, before = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);

	for (i = 0; i < ARRAY_SIZE(wrong); i++) {
		fx->adapter.phase = wrong[i];
		expect_refused(test, fx, NDIS_STATUS_FAILURE);
	}
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), before + i);
}

/* A167 */
static void ndis_register_before_attributes(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);

	fx->adapter.attributes = false;
	expect_refused(test, fx, NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), before + 1);
}

/* A168 */
static void ndis_register_line_asserted_before(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);

	fake_irq_arm(fx->irqs, 0);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_TRUE(test, fx->isrs.call[0].early);
}

/* An ISR that comes before the return finds every output in place. */
static void ndis_register_line_outputs_before_isr(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);
	struct ndis_call *call = &fx->isrs.call[0];

	poison(fx);
	fake_irq_arm(fx->irqs, 0);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_TRUE(test, call->early);
	KUNIT_EXPECT_PTR_EQ(test, call->handle, fx->handle);
	KUNIT_EXPECT_EQ(test, call->type, NDIS_CONNECT_LINE_BASED);
	KUNIT_EXPECT_EQ(test, call->count, 0);
}

/* The same for messages, for whichever of them comes first. */
static void ndis_register_message_outputs_before_isr(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 4);
	unsigned int i;

	poison(fx);
	arm_all(fx);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_EQ(test, ndis_isrs(fx), 4);
	for (i = 0; i < 4; i++) {
		struct ndis_call *call = &fx->isrs.call[i];

		KUNIT_EXPECT_TRUE(test, call->early);
		KUNIT_EXPECT_PTR_EQ(test, call->handle, fx->handle);
		KUNIT_EXPECT_EQ(test, call->type, NDIS_CONNECT_MESSAGE_BASED);
		KUNIT_EXPECT_EQ(test, call->count, 4);
	}
}

static void use_handle(struct ndis_fixture *fx, ULONG id)
{
	fx->mask = ndis_fixture_queue(fx, id, 0x1, fx);
}

/* The handle such an ISR finds works, and so does the DPC that it queues. */
static void ndis_register_early_isr_queues_dpc(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 1);

	fx->isr_hook = use_handle;
	fake_irq_arm(fx->irqs, 0);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, fx->mask, 0x1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
}

static int busy(struct irq_data *data)
{
	return -EBUSY;
}

static int out_of_vectors(struct irq_data *data)
{
	return -ENOSPC;
}

static int broken(struct irq_data *data)
{
	return -EINVAL;
}

/* The kernel refuses one irq: none is connected. */
static void expect_all_or_none(struct kunit *test, struct ndis_fixture *fx, unsigned int id,
			       int (*refuse)(struct irq_data *data), NDIS_STATUS expected)
{
	struct irq_chip *chip = irq_get_chip(fx->irqs->irq[id]);

	chip->irq_request_resources = refuse;
	arm_all(fx);
	expect_refused(test, fx, expected);
	chip->irq_request_resources = NULL;
}

static void ndis_register_messages_all_or_none(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 4);

	expect_all_or_none(test, fx, 0, busy, NDIS_STATUS_RESOURCE_CONFLICT);
	expect_all_or_none(test, fx, 3, busy, NDIS_STATUS_RESOURCE_CONFLICT);
	expect_all_or_none(test, fx, 2, out_of_vectors, NDIS_STATUS_RESOURCES);
	expect_all_or_none(test, fx, 1, broken, NDIS_STATUS_FAILURE);
}

static void ndis_register_line_refused(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);

	expect_all_or_none(test, fx, 0, busy, NDIS_STATUS_RESOURCE_CONFLICT);
	expect_all_or_none(test, fx, 0, out_of_vectors, NDIS_STATUS_RESOURCES);
	expect_all_or_none(test, fx, 0, broken, NDIS_STATUS_FAILURE);
}

/* After a failure the adapter can still register. */
static void ndis_register_after_failure(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 4);

	expect_all_or_none(test, fx, 3, busy, NDIS_STATUS_RESOURCE_CONFLICT);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 4);
	fake_irq_fire(fx->irqs, 3);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 5);
}

/* OP-23 */
static void ndis_register_twice(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS again = fx->chars;
	NDIS_HANDLE second = UNTOUCHED_HANDLE;

	KUNIT_EXPECT_EQ(test, NdisMRegisterInterruptEx(&fx->adapter, fx, &again, &second),
			NDIS_STATUS_RESOURCE_CONFLICT);
	KUNIT_EXPECT_PTR_EQ(test, second, UNTOUCHED_HANDLE);
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

static void ndis_register_no_interrupt(struct kunit *test)
{
	struct ndis_fixture *fx = test->priv;

	ndis_fixture_setup(fx, fake_irq_none(test));
	expect_refused(test, fx, NDIS_STATUS_FAILURE);
}

/* Two adapters of one driver have nothing to do with each other. */
static void ndis_register_second_adapter(struct kunit *test)
{
	struct ndis_fixture *second = kunit_kzalloc(test, sizeof(*second), GFP_KERNEL);
	struct ndis_fixture *first = ndis_fixture_registered(test, 2);

	KUNIT_ASSERT_NOT_NULL(test, second);
	ndis_fixture_setup(second, fake_irq_messages(test, 3));
	KUNIT_EXPECT_EQ(test, ndis_fixture_register(second), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_PTR_NE(test, first->handle, second->handle);
	fire_all(second);
	KUNIT_EXPECT_EQ(test, ndis_isrs(first), 0);
	KUNIT_EXPECT_EQ(test, ndis_isrs(second), 3);
	ndis_fixture_teardown(second);
	fire_all(first);
	KUNIT_EXPECT_EQ(test, ndis_isrs(first), 2);
}

/* The driver may reuse its structure as soon as the call has returned. */
static void ndis_register_copies_characteristics(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	memset(&fx->chars, 0, sizeof(fx->chars));
	fx->queue = TRUE;
	fake_irq_fire(fx->irqs, 1);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
}

static struct kunit_case ndis_register_cases[] = {
	KUNIT_CASE(ndis_register_line),
	KUNIT_CASE(ndis_register_messages),
	KUNIT_CASE(ndis_register_one_message),
	KUNIT_CASE(ndis_register_table_entries),
	KUNIT_CASE(ndis_register_table_objects),
	KUNIT_CASE(ndis_register_falls_back_to_line),
	KUNIT_CASE(ndis_register_fallback_calls_line_handlers),
	KUNIT_CASE(ndis_register_messages_out_of_memory),
	KUNIT_CASE(ndis_register_line_out_of_memory),
	KUNIT_CASE(ndis_register_messages_need_msi_support),
	KUNIT_CASE(ndis_register_line_handlers_mandatory),
	KUNIT_CASE(ndis_register_message_handlers_mandatory),
	KUNIT_CASE(ndis_register_msi_needs_line_handlers),
	KUNIT_CASE(ndis_register_line_ignores_message_handlers),
	KUNIT_CASE(ndis_register_header_checked),
	KUNIT_CASE(ndis_register_newer_header_accepted),
	KUNIT_CASE(ndis_register_null_arguments),
	KUNIT_CASE(ndis_register_drivers_handle_refused),
	KUNIT_CASE(ndis_register_at_dispatch_reported),
	KUNIT_CASE(ndis_register_outside_initialize),
	KUNIT_CASE(ndis_register_before_attributes),
	KUNIT_CASE(ndis_register_line_asserted_before),
	KUNIT_CASE(ndis_register_line_outputs_before_isr),
	KUNIT_CASE(ndis_register_message_outputs_before_isr),
	KUNIT_CASE(ndis_register_early_isr_queues_dpc),
	KUNIT_CASE(ndis_register_messages_all_or_none),
	KUNIT_CASE(ndis_register_line_refused),
	KUNIT_CASE(ndis_register_after_failure),
	KUNIT_CASE(ndis_register_twice),
	KUNIT_CASE(ndis_register_no_interrupt),
	KUNIT_CASE(ndis_register_second_adapter),
	KUNIT_CASE(ndis_register_copies_characteristics),
	{}
};

static struct kunit_suite ndis_register_suite = {
	.name = "minirq_ndis_register",
	.init = ndis_fixture_init,
	.exit = ndis_fixture_exit,
	.test_cases = ndis_register_cases,
};

kunit_test_suite(ndis_register_suite);
