// SPDX-License-Identifier: GPL-2.0-only
/* The life of an NDIS miniport, from its registration to its halt. */
#include "../src/driver.h"
#include "ndis_life.h"
#include "no_memory.h"

static void mask_first_entry(struct ndis_life *life)
{
	NDIS_MSIX_CONFIG_PARAMETERS config = {
		.Header.Type = NDIS_OBJECT_TYPE_DEFAULT,
		.Header.Revision = NDIS_MSIX_CONFIG_PARAMETERS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MSIX_CONFIG_PARAMETERS_REVISION_1,
		.ConfigOperation = NdisMSIXTableConfigMaskTableEntry,
	};

	life->status = NdisMConfigMSIXTableEntry(&life->miniport->adapter, &config);
}

/* A222 */
static void ndis_miniport_table_of_its_life(struct kunit *test)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	mask_first_entry(life);
	KUNIT_EXPECT_EQ(test, life->status, NDIS_STATUS_INVALID_PARAMETER);
	life->initialize = mask_first_entry;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, life->status, NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(life->fx->irqs, 0));
	life->status = NDIS_STATUS_PENDING;
	life->halt = mask_first_entry;
	ndis_life_halt(life);
	KUNIT_EXPECT_EQ(test, life->status, NDIS_STATUS_SUCCESS);
	mask_first_entry(life);
	KUNIT_EXPECT_EQ(test, life->status, NDIS_STATUS_INVALID_PARAMETER);
}

static void ndis_miniport_initialize_arguments(struct kunit *test)
{
	struct ndis_life *life = ndis_life_initialized(test, 2);
	NDIS_OBJECT_HEADER *header = &life->parameters.Header;

	KUNIT_EXPECT_EQ(test, life->initialized, 1);
	KUNIT_EXPECT_PTR_EQ(test, life->handle, (void *)&life->miniport->adapter);
	KUNIT_EXPECT_EQ(test, header->Type, NDIS_OBJECT_TYPE_MINIPORT_INIT_PARAMETERS);
	KUNIT_EXPECT_EQ(test, header->Revision, NDIS_MINIPORT_INIT_PARAMETERS_REVISION_1);
	KUNIT_EXPECT_EQ(test, header->Size, NDIS_SIZEOF_MINIPORT_INIT_PARAMETERS_REVISION_1);
	ndis_life_halt(life);
}

/* What was granted is what the driver is told, before it registers anything. */
static void ndis_miniport_message_resources(struct kunit *test)
{
	struct ndis_life *life = ndis_life_initialized(test, 4);
	unsigned int i;

	KUNIT_EXPECT_EQ(test, life->resources.Count, 4);
	KUNIT_ASSERT_EQ(test, life->interrupts, 4);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_TRUE(test, life->interrupt[i].Flags & CM_RESOURCE_INTERRUPT_MESSAGE);
		KUNIT_EXPECT_EQ(test, life->interrupt[i].u.MessageInterrupt.Translated.Vector,
				life->fx->irqs->irq[i]);
	}
	ndis_life_halt(life);
}

static void ndis_miniport_line_resource(struct kunit *test)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_line(test));

	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_EQ(test, life->interrupts, 1);
	KUNIT_EXPECT_FALSE(test, life->interrupt[0].Flags & CM_RESOURCE_INTERRUPT_MESSAGE);
	KUNIT_EXPECT_EQ(test, life->interrupt[0].u.Interrupt.Vector, life->fx->irqs->irq[0]);
	ndis_life_halt(life);
}

/* The driver's status is passed on as it is. */
static void ndis_miniport_initialize_status(struct kunit *test)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	life->result = NDIS_STATUS_ADAPTER_NOT_FOUND;
	KUNIT_EXPECT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_ADAPTER_NOT_FOUND);
	KUNIT_EXPECT_EQ(test, life->halted, 0);
}

static void ndis_miniport_out_of_memory(struct kunit *test)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));
	NDIS_STATUS status;

	need_failures(test);
	fail_allocation(1);
	status = minirq_ndis_miniport_initialize(life->miniport);
	KUNIT_EXPECT_TRUE(test, allocation_failed());
	KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_RESOURCES);
	KUNIT_EXPECT_EQ(test, life->initialized, 0);
}

/* A166 */
static void ndis_miniport_register_after_initialize(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	life->registers = false;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	ndis_life_register(life);
	KUNIT_EXPECT_EQ(test, life->registered, NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), before + 1);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 0));
}

/* A166 */
static void ndis_miniport_register_in_halt(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	struct ndis_life *life = ndis_life_initialized(test, 2);

	NdisMDeregisterInterruptEx(life->fx->handle);
	life->deregisters = false;
	life->halt = ndis_life_register;
	ndis_life_halt(life);
	KUNIT_EXPECT_EQ(test, life->registered, NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), before + 1);
}

/* A167 */
static void ndis_miniport_register_before_attributes(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	life->attributes = false;
	KUNIT_EXPECT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, life->registered, NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), before + 1);
}

/* A169 */
static void ndis_miniport_halt_without_deregistration(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_DEREGISTER);
	struct ndis_life *life = ndis_life_initialized(test, 2);

	life->deregisters = false;
	ndis_life_halt(life);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_DEREGISTER), before + 1);
	KUNIT_EXPECT_STREQ(test, minirq_verifier_rule_name(MINIRQ_RULE_NDIS_DEREGISTER),
			   "Init_DeRegisterInterrupt");
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 0));
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 1));
}

/* A170 */
static void ndis_miniport_failure_without_deregistration(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_REGISTER);
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	life->result = NDIS_STATUS_FAILURE;
	life->deregisters = false;
	KUNIT_EXPECT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, life->registered, NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_REGISTER), before + 1);
	KUNIT_EXPECT_STREQ(test, minirq_verifier_rule_name(MINIRQ_RULE_NDIS_REGISTER),
			   "Init_RegisterInterrupt");
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 0));
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 1));
}

/* A failure that undoes its registration is in order, and so is a plain life. */
static void ndis_miniport_clean_lives_not_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	life->result = NDIS_STATUS_FAILURE;
	minirq_ndis_miniport_initialize(life->miniport);
	life->result = NDIS_STATUS_SUCCESS;
	minirq_ndis_miniport_initialize(life->miniport);
	ndis_life_halt(life);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

/* A177 */
static void ndis_miniport_initialize_after_halt(struct kunit *test)
{
	struct ndis_life *life = ndis_life_initialized(test, 2);

	ndis_life_halt(life);
	life->registered = NDIS_STATUS_PENDING;
	KUNIT_EXPECT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, life->registered, NDIS_STATUS_SUCCESS);
	fake_irq_fire(life->fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 1);
	ndis_life_halt(life);
}

/* Attributes belong to one initialisation. */
static void ndis_miniport_attributes_after_halt(struct kunit *test)
{
	struct ndis_life *life = ndis_life_initialized(test, 2);

	ndis_life_halt(life);
	life->attributes = false;
	KUNIT_EXPECT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, life->registered, NDIS_STATUS_FAILURE);
}

/* The handle of the life before is still known as dead. */
static void ndis_miniport_handle_of_former_life(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE);
	struct ndis_life *life = ndis_life_initialized(test, 2);
	NDIS_HANDLE old = life->fx->handle;

	ndis_life_halt(life);
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(old, 0, 0x1, NULL), 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before + 1);
	ndis_life_halt(life);
}

static void ndis_miniport_halt_arguments(struct kunit *test)
{
	struct ndis_life *life = ndis_life_initialized(test, 1);

	minirq_ndis_miniport_halt(life->miniport, NdisHaltDeviceSurpriseRemoved);
	KUNIT_EXPECT_EQ(test, life->halted, 1);
	KUNIT_EXPECT_EQ(test, life->action, NdisHaltDeviceSurpriseRemoved);
}

static void fire_in_halt(struct ndis_life *life)
{
	fake_irq_fire(life->fx->irqs, 1);
}

/* Until it deregisters, MiniportHaltEx can be interrupted. */
static void ndis_miniport_interrupt_in_halt(struct kunit *test)
{
	struct ndis_life *life = ndis_life_initialized(test, 2);

	life->fx->queue = TRUE;
	life->halt = fire_in_halt;
	ndis_life_halt(life);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&life->fx->ended), 1);
}

static NDIS_STATUS set_header(struct ndis_life *life, UCHAR type, UCHAR revision, USHORT size)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes = {
		.RegistrationAttributes = ndis_life_attributes,
	};

	attributes.Header = (NDIS_OBJECT_HEADER){ type, revision, size };
	attributes.RegistrationAttributes.MiniportAdapterContext = life;
	return NdisMSetMiniportAttributes(life->handle, &attributes);
}

#define ATTRIBUTES_SIZE	NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1
#define REGISTRATION	NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES
#define GENERAL		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES
#define OFFLOAD		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES
#define ASSIST		NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES

static const struct {
	UCHAR type;
	UCHAR revision;
	USHORT size;
	NDIS_STATUS expected;
} headers[] = {
	{ REGISTRATION, 0, ATTRIBUTES_SIZE, NDIS_STATUS_BAD_VERSION },
	{ REGISTRATION, 1, ATTRIBUTES_SIZE - 1, NDIS_STATUS_BAD_VERSION },
	{ GENERAL, 1, ATTRIBUTES_SIZE, NDIS_STATUS_FAILURE },
	{ OFFLOAD, 1, ATTRIBUTES_SIZE, NDIS_STATUS_FAILURE },
	{ NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT, 1, ATTRIBUTES_SIZE, NDIS_STATUS_NOT_SUPPORTED },
	{ REGISTRATION, 1, ATTRIBUTES_SIZE, NDIS_STATUS_SUCCESS },
	{ REGISTRATION, 2, ATTRIBUTES_SIZE + 8, NDIS_STATUS_SUCCESS },
	{ GENERAL, 1, ATTRIBUTES_SIZE, NDIS_STATUS_SUCCESS },
	{ OFFLOAD, 1, ATTRIBUTES_SIZE, NDIS_STATUS_SUCCESS },
	{ ASSIST, 2, ATTRIBUTES_SIZE, NDIS_STATUS_SUCCESS },
};

static void ndis_miniport_attribute_headers(struct kunit *test)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 1));
	unsigned int i;

	life->handle = &life->miniport->adapter;
	life->miniport->adapter.phase = MINIRQ_NDIS_INITIALIZING;
	for (i = 0; i < ARRAY_SIZE(headers); i++)
		KUNIT_EXPECT_EQ_MSG(test, set_header(life, headers[i].type, headers[i].revision,
						     headers[i].size),
				    headers[i].expected, "header %u", i);
}

static void ndis_miniport_attributes_null(struct kunit *test)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes = {
		.RegistrationAttributes = ndis_life_attributes,
	};
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 1));

	KUNIT_EXPECT_EQ(test, NdisMSetMiniportAttributes(NULL, &attributes),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMSetMiniportAttributes(&life->miniport->adapter, NULL),
			NDIS_STATUS_INVALID_PARAMETER);
}

static void ndis_miniport_attributes_outside_initialize(struct kunit *test)
{
	struct ndis_life *life = ndis_life_initialized(test, 1);

	KUNIT_EXPECT_EQ(test, ndis_life_set_attributes(life), NDIS_STATUS_FAILURE);
	ndis_life_halt(life);
	KUNIT_EXPECT_EQ(test, ndis_life_set_attributes(life), NDIS_STATUS_FAILURE);
}

/* An adapter without a function has no registers to map. */
static void ndis_miniport_foreign_registers(struct kunit *test)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 1));
	NDIS_PHYSICAL_ADDRESS address = { .QuadPart = 0xfe000000 };
	PVOID mapped = life;

	KUNIT_EXPECT_EQ(test, NdisMMapIoSpace(&mapped, &life->miniport->adapter, address, 4096),
			NDIS_STATUS_RESOURCE_CONFLICT);
	KUNIT_EXPECT_NULL(test, mapped);
}

/* What is there before MiniportInitializeEx is there after MiniportHaltEx. */
static void ndis_miniport_keeps_what_it_was_added_with(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));
	u8 *context = NdisAllocateMemoryWithTagPriority(&life->miniport->adapter, 16, 0,
							NormalPoolPriority);

	KUNIT_ASSERT_NOT_NULL(test, context);
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	ndis_life_halt(life);
	context[15] = 1;
	NdisFreeMemory(context, 0, 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

static void ndis_miniport_keeps_it_over_a_failure(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));
	void *context = NdisAllocateMemoryWithTagPriority(&life->miniport->adapter, 16, 0,
							  NormalPoolPriority);

	KUNIT_ASSERT_NOT_NULL(test, context);
	life->result = NDIS_STATUS_FAILURE;
	KUNIT_EXPECT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_FAILURE);
	NdisFreeMemory(context, 0, 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

static void raise_and_stay(struct ndis_life *life)
{
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
}

/* A level left behind does not keep the interrupt from being deregistered. */
static void ndis_miniport_level_left_by_halt(struct kunit *test)
{
	unsigned int left = minirq_verifier_count(MINIRQ_RULE_NDIS_DEREGISTER);
	unsigned int level = minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN);
	struct ndis_life *life = ndis_life_initialized(test, 2);

	life->deregisters = false;
	life->halt = raise_and_stay;
	ndis_life_halt(life);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN), level + 1);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_DEREGISTER), left + 1);
	KUNIT_EXPECT_NULL(test, life->miniport->adapter.interrupt);
}

static void ndis_miniport_level_left_by_initialize(struct kunit *test)
{
	unsigned int level = minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN);
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	life->initialize = raise_and_stay;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_IRQL_RETURN), level + 1);
	ndis_life_halt(life);
}

static VOID never(PVOID context, NDIS_HANDLE handle)
{
}

/* A DriverEntry that registers, allocates, and fails after all */
static int failing_entry(void *object, void *path)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars = ndis_life_handlers;
	NDIS_HANDLE handle, item;

	if (NdisMRegisterMiniportDriver(object, path, NULL, &chars, &handle))
		return STATUS_SUCCESS;
	item = NdisAllocateIoWorkItem(handle);
	if (item)
		NdisQueueIoWorkItem(item, never, NULL);
	return STATUS_UNSUCCESSFUL;
}

/* It is not unloaded, but what it has left is found. */
static void ndis_miniport_failed_driver_entry(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK);
	struct minirq_miniport miniport = {
		.name = "failing",
		.owner = THIS_MODULE,
		.entry = failing_entry,
	};

	KUNIT_EXPECT_EQ(test, minirq_miniport_load(&miniport), -ENODEV);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK), before + 1);
}

static void ndis_miniport_driver_registered(struct kunit *test)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars = ndis_life_handlers;
	struct minirq_driver driver = {};
	PDRIVER_OBJECT object = &driver.object;
	NDIS_HANDLE handle = NULL;

	KUNIT_EXPECT_EQ(test, NdisMRegisterMiniportDriver(object, NULL, test, &chars, &handle),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_PTR_NE(test, handle, NULL);
	KUNIT_EXPECT_EQ(test, NdisMRegisterMiniportDriver(object, NULL, test, &chars, &handle),
			NDIS_STATUS_FAILURE);
	NdisMDeregisterMiniportDriver(handle);
	KUNIT_EXPECT_PTR_EQ(test, driver.ops, NULL);
	NdisMDeregisterMiniportDriver(NULL);
}

static void ndis_miniport_driver_null_arguments(struct kunit *test)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars = ndis_life_handlers;
	struct minirq_driver driver = {};
	PDRIVER_OBJECT object = &driver.object;
	NDIS_HANDLE handle = NULL;

	KUNIT_EXPECT_EQ(test, NdisMRegisterMiniportDriver(NULL, NULL, NULL, &chars, &handle),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMRegisterMiniportDriver(object, NULL, NULL, NULL, &handle),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMRegisterMiniportDriver(object, NULL, NULL, &chars, NULL),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_PTR_EQ(test, driver.ops, NULL);
}

static void refuse_driver(struct kunit *test, NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars,
			  NDIS_STATUS expected)
{
	struct minirq_driver driver = {};
	PDRIVER_OBJECT object = &driver.object;
	NDIS_HANDLE handle = NULL;

	KUNIT_EXPECT_EQ(test, NdisMRegisterMiniportDriver(object, NULL, NULL, &chars, &handle),
			expected);
	KUNIT_EXPECT_PTR_EQ(test, handle, NULL);
	KUNIT_EXPECT_PTR_EQ(test, driver.ops, NULL);
}

static void ndis_miniport_driver_header_checked(struct kunit *test)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars = ndis_life_handlers;

	chars.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT;
	refuse_driver(test, chars, NDIS_STATUS_BAD_VERSION);
	chars = ndis_life_handlers;
	chars.Header.Revision = 0;
	refuse_driver(test, chars, NDIS_STATUS_BAD_VERSION);
	chars = ndis_life_handlers;
	chars.Header.Size--;
	refuse_driver(test, chars, NDIS_STATUS_BAD_VERSION);
	chars = ndis_life_handlers;
	chars.MajorNdisVersion = 5;
	refuse_driver(test, chars, NDIS_STATUS_BAD_VERSION);
}

static void ndis_miniport_driver_handlers_mandatory(struct kunit *test)
{
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars = ndis_life_handlers;

	chars.InitializeHandlerEx = NULL;
	refuse_driver(test, chars, NDIS_STATUS_BAD_CHARACTERISTICS);
	chars = ndis_life_handlers;
	chars.HaltHandlerEx = NULL;
	refuse_driver(test, chars, NDIS_STATUS_BAD_CHARACTERISTICS);
}

static void ndis_miniport_driver_out_of_memory(struct kunit *test)
{
	need_failures(test);
	fail_allocation(1);
	refuse_driver(test, ndis_life_handlers, NDIS_STATUS_RESOURCES);
	KUNIT_EXPECT_TRUE(test, allocation_failed());
}

static struct kunit_case ndis_miniport_cases[] = {
	KUNIT_CASE(ndis_miniport_table_of_its_life),
	KUNIT_CASE(ndis_miniport_initialize_arguments),
	KUNIT_CASE(ndis_miniport_message_resources),
	KUNIT_CASE(ndis_miniport_line_resource),
	KUNIT_CASE(ndis_miniport_initialize_status),
	KUNIT_CASE(ndis_miniport_out_of_memory),
	KUNIT_CASE(ndis_miniport_register_after_initialize),
	KUNIT_CASE(ndis_miniport_register_in_halt),
	KUNIT_CASE(ndis_miniport_register_before_attributes),
	KUNIT_CASE(ndis_miniport_halt_without_deregistration),
	KUNIT_CASE(ndis_miniport_failure_without_deregistration),
	KUNIT_CASE(ndis_miniport_clean_lives_not_reported),
	KUNIT_CASE(ndis_miniport_initialize_after_halt),
	KUNIT_CASE(ndis_miniport_attributes_after_halt),
	KUNIT_CASE(ndis_miniport_handle_of_former_life),
	KUNIT_CASE(ndis_miniport_halt_arguments),
	KUNIT_CASE(ndis_miniport_interrupt_in_halt),
	KUNIT_CASE(ndis_miniport_attribute_headers),
	KUNIT_CASE(ndis_miniport_attributes_null),
	KUNIT_CASE(ndis_miniport_attributes_outside_initialize),
	KUNIT_CASE(ndis_miniport_foreign_registers),
	KUNIT_CASE(ndis_miniport_driver_registered),
	KUNIT_CASE(ndis_miniport_driver_null_arguments),
	KUNIT_CASE(ndis_miniport_driver_header_checked),
	KUNIT_CASE(ndis_miniport_driver_handlers_mandatory),
	KUNIT_CASE(ndis_miniport_driver_out_of_memory),
	KUNIT_CASE(ndis_miniport_keeps_what_it_was_added_with),
	KUNIT_CASE(ndis_miniport_keeps_it_over_a_failure),
	KUNIT_CASE(ndis_miniport_level_left_by_halt),
	KUNIT_CASE(ndis_miniport_level_left_by_initialize),
	KUNIT_CASE(ndis_miniport_failed_driver_entry),
	{}
};

static struct kunit_suite ndis_miniport_suite = {
	.name = "minirq_ndis_miniport",
	.init = ndis_life_init,
	.exit = ndis_life_exit,
	.test_cases = ndis_miniport_cases,
};

kunit_test_suite(ndis_miniport_suite);
