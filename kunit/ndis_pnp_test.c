// SPDX-License-Identifier: GPL-2.0-only
/* An NDIS driver that changes which interrupts its device is to have. */
#include <linux/slab.h>

#include "../src/ndis_miniport.h"
#include "../src/ndis_pnp.h"
#include "../src/requirements.h"
#include "ndis_fixture.h"

#define DRIVER_CONTEXT	((NDIS_HANDLE)0x1111)
#define ADD_CONTEXT	((NDIS_HANDLE)0x2222)

/**
 * struct fixture - a driver with optional handlers, and what they saw
 * @fx:		its interrupts; the adapter in here is not used
 * @driver:	the driver
 * @miniport:	the adapter
 * @offer:	what its device could have
 * @request:	what it is to have
 * @pnp:	what MiniportSetOptions sets
 * @status:	what setting them returned
 * @add:	what MiniportAddDevice returns
 * @change:	done by the filter, or NULL
 * @result:	what the filter returns
 * @minor:	of the request the filter was called with
 * @descriptors: in the list it was called with
 * @removed:	calls of MiniportRemoveDevice
 * @context:	what the latest handler was called with
 */
struct fixture {
	struct ndis_fixture *fx;
	struct minirq_ndis_driver driver;
	struct minirq_ndis_miniport *miniport;
	struct minirq_request *offer;
	struct minirq_request *request;
	NDIS_MINIPORT_PNP_CHARACTERISTICS pnp;
	NDIS_STATUS status;
	NDIS_STATUS add;
	void (*change)(PIRP irp);
	NDIS_STATUS result;
	UCHAR minor;
	ULONG descriptors;
	unsigned int removed;
	NDIS_HANDLE context;
};

/* Of the running case; the handlers have contexts of their own to check. */
static struct fixture *current_fixture;

static PIO_RESOURCE_REQUIREMENTS_LIST list_of(PIRP irp)
{
	return (PIO_RESOURCE_REQUIREMENTS_LIST)irp->IoStatus.Information;
}

static PNDIS_DRIVER_OPTIONAL_HANDLERS handlers(struct fixture *f)
{
	return (PVOID)(&f->pnp);
}

static NDIS_STATUS set_options(NDIS_HANDLE handle, NDIS_HANDLE context)
{
	struct fixture *f = current_fixture;

	f->context = context;
	f->status = NdisSetOptionalHandlers(handle, handlers(f));
	return f->status;
}

static NDIS_STATUS add_device(NDIS_HANDLE handle, NDIS_HANDLE context)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes = {};
	PNDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES add =
		&attributes.AddDeviceRegistrationAttributes;

	current_fixture->context = context;
	add->Header.Type = NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES;
	add->Header.Revision = NDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1;
	add->Header.Size = NDIS_SIZEOF_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1;
	add->MiniportAddDeviceContext = ADD_CONTEXT;
	current_fixture->status = NdisMSetMiniportAttributes(handle, &attributes);
	return current_fixture->add;
}

static VOID remove_device(NDIS_HANDLE context)
{
	current_fixture->removed++;
	current_fixture->context = context;
}

static NDIS_STATUS filter(NDIS_HANDLE context, PIRP irp)
{
	struct fixture *f = current_fixture;
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

	f->context = context;
	f->minor = location->MinorFunction;
	f->descriptors = list_of(irp)->List[0].Count;
	if (f->change)
		f->change(irp);
	return f->result;
}

static struct fixture *with_options(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_EQ(test, minirq_ndis_pnp_set_options(&f->driver), NDIS_STATUS_SUCCESS);
	f->miniport = minirq_ndis_miniport_create(&f->driver, "fake ndis", NULL, f->fx->irqs);
	KUNIT_ASSERT_NOT_NULL(test, f->miniport);
	return f;
}

static struct fixture *added(struct kunit *test)
{
	struct fixture *f = with_options(test);

	KUNIT_ASSERT_EQ(test, minirq_ndis_pnp_add(f->miniport), NDIS_STATUS_SUCCESS);
	return f;
}

static struct minirq_request *filtered(struct kunit *test, void (*change)(PIRP irp))
{
	struct fixture *f = added(test);

	f->change = change;
	f->request = minirq_ndis_pnp_filter(f->miniport, f->offer);
	return f->request;
}

static void ndis_pnp_contexts(struct kunit *test)
{
	struct fixture *f = with_options(test);

	KUNIT_EXPECT_PTR_EQ(test, f->context, DRIVER_CONTEXT);
	f->context = NULL;
	KUNIT_EXPECT_EQ(test, minirq_ndis_pnp_add(f->miniport), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_PTR_EQ(test, f->context, DRIVER_CONTEXT);
	KUNIT_EXPECT_EQ(test, f->status, NDIS_STATUS_SUCCESS);
	f->request = minirq_ndis_pnp_filter(f->miniport, f->offer);
	KUNIT_EXPECT_PTR_EQ(test, f->context, ADD_CONTEXT);
	f->context = NULL;
	minirq_ndis_pnp_remove(f->miniport);
	KUNIT_EXPECT_PTR_EQ(test, f->context, ADD_CONTEXT);
	minirq_ndis_pnp_remove(f->miniport);
	KUNIT_EXPECT_EQ(test, f->removed, 1);
}

static void ndis_pnp_filter_sees_the_offer(struct kunit *test)
{
	struct minirq_request *request = filtered(test, NULL);
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, f->minor, IRP_MN_FILTER_RESOURCE_REQUIREMENTS);
	KUNIT_EXPECT_EQ(test, f->descriptors, 3);
	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_EXPECT_EQ(test, request->kind, MINIRQ_MSIX);
	KUNIT_EXPECT_EQ(test, request->count, 3);
}

static void retarget_two(PIRP irp)
{
	PIO_RESOURCE_LIST list = &list_of(irp)->List[0];

	list->Count = 2;
	list->Descriptors[1].Flags |= CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
	list->Descriptors[1].u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
	list->Descriptors[1].u.Interrupt.TargetedProcessors = 0x4;
}

static void ndis_pnp_filter_drops_and_retargets(struct kunit *test)
{
	struct minirq_request *request = filtered(test, retarget_two);

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_EXPECT_EQ(test, request->count, 2);
	KUNIT_EXPECT_EQ(test, request->target[1].policy, IrqPolicySpecifiedProcessors);
	KUNIT_EXPECT_EQ(test, request->target[1].cpus, 0x4);
}

static void drop_all(PIRP irp)
{
	list_of(irp)->List[0].Count = 0;
}

static void ndis_pnp_filter_prefers_the_line(struct kunit *test)
{
	struct minirq_request *request = filtered(test, drop_all);

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_EXPECT_EQ(test, request->kind, MINIRQ_LINE);
}

/* The list is replaced by one with a message more, as drivers do. */
static void add_one(PIRP irp)
{
	PIO_RESOURCE_REQUIREMENTS_LIST old = list_of(irp), new;
	ULONG size = old->ListSize + sizeof(IO_RESOURCE_DESCRIPTOR);

	new = ExAllocatePoolWithTag(NonPagedPool, size, 0);
	if (!new)
		return;
	memcpy(new, old, old->ListSize);
	new->ListSize = size;
	new->List[0].Descriptors[new->List[0].Count++] = old->List[0].Descriptors[0];
	ExFreePool(old);
	irp->IoStatus.Information = (ULONG_PTR)new;
}

static void ndis_pnp_filter_adds(struct kunit *test)
{
	struct minirq_request *request = filtered(test, add_one);

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_EXPECT_EQ(test, request->count, 4);
}

/* A list of the driver's own, in memory of NDIS */
static void replace_list(PIRP irp)
{
	PIO_RESOURCE_REQUIREMENTS_LIST old = list_of(irp), list;

	list = NdisAllocateMemoryWithTagPriority(&current_fixture->miniport->adapter, old->ListSize,
						 0, NormalPoolPriority);
	if (!list)
		return;
	memcpy(list, old, old->ListSize);
	ExFreePool(old);
	irp->IoStatus.Information = (ULONG_PTR)list;
}

static void ndis_pnp_filter_gives_its_list_away(struct kunit *test)
{
	struct fixture *f = test->priv;

	KUNIT_ASSERT_NOT_NULL(test, filtered(test, replace_list));
	KUNIT_EXPECT_TRUE(test, list_empty(&f->miniport->adapter.owner.objects));
}

static void ndis_pnp_filter_that_fails_changes_nothing(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->result = NDIS_STATUS_FAILURE;
	KUNIT_EXPECT_NULL(test, filtered(test, retarget_two));
}

static void ndis_pnp_without_handlers(struct kunit *test)
{
	struct fixture *f = test->priv;

	f->driver.chars.SetOptionsHandler = NULL;
	added(test);
	KUNIT_EXPECT_NULL(test, minirq_ndis_pnp_filter(f->miniport, f->offer));
	minirq_ndis_pnp_remove(f->miniport);
	KUNIT_EXPECT_EQ(test, f->removed, 0);
}

static void ndis_pnp_failed_add_is_not_removed(struct kunit *test)
{
	struct fixture *f = with_options(test);

	f->add = NDIS_STATUS_RESOURCES;
	KUNIT_EXPECT_EQ(test, minirq_ndis_pnp_add(f->miniport), NDIS_STATUS_RESOURCES);
	minirq_ndis_pnp_remove(f->miniport);
	KUNIT_EXPECT_EQ(test, f->removed, 0);
}

static void expect_refused(struct kunit *test, NDIS_STATUS status)
{
	struct fixture *f = test->priv;

	KUNIT_EXPECT_EQ(test, minirq_ndis_pnp_set_options(&f->driver), status);
	KUNIT_EXPECT_NULL(test, f->driver.pnp.MiniportFilterResourceRequirementsHandler);
}

static void ndis_pnp_refuses_bad_handlers(struct kunit *test)
{
	struct fixture *f = test->priv;
	NDIS_MINIPORT_PNP_CHARACTERISTICS good = f->pnp;

	f->pnp.Header.Type = NDIS_OBJECT_TYPE_DEFAULT;
	expect_refused(test, NDIS_STATUS_NOT_SUPPORTED);
	f->pnp = good;
	f->pnp.Header.Size--;
	expect_refused(test, NDIS_STATUS_BAD_VERSION);
	f->pnp = good;
	f->pnp.Header.Revision = 0;
	expect_refused(test, NDIS_STATUS_BAD_VERSION);
	f->pnp = good;
	f->pnp.MiniportAddDeviceHandler = NULL;
	expect_refused(test, NDIS_STATUS_BAD_CHARACTERISTICS);
}

static void ndis_pnp_handlers_only_in_set_options(struct kunit *test)
{
	struct fixture *f = test->priv;
	unsigned int before = minirq_verifier_total();

	KUNIT_EXPECT_EQ(test, NdisSetOptionalHandlers(&f->driver, handlers(f)),
			NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before + 1);
	KUNIT_EXPECT_EQ(test, NdisSetOptionalHandlers(&f->driver, NULL),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisSetOptionalHandlers(&f->fx->adapter, handlers(f)),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before + 2);
}

static int ndis_pnp_init(struct kunit *test)
{
	struct fixture *f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	int err = ndis_fixture_init(test);

	if (!f || err)
		return err ?: -ENOMEM;
	f->fx = test->priv;
	ndis_fixture_setup(f->fx, fake_irq_messages(test, 3));
	minirq_ndis_owner_init(&f->driver.owner, "driver");
	f->driver.chars.SetOptionsHandler = set_options;
	f->driver.context = DRIVER_CONTEXT;
	f->pnp = (NDIS_MINIPORT_PNP_CHARACTERISTICS) {
		.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS,
		.Header.Revision = NDIS_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
		.MiniportAddDeviceHandler = add_device,
		.MiniportRemoveDeviceHandler = remove_device,
		.MiniportFilterResourceRequirementsHandler = filter,
	};
	f->offer = minirq_request_create(MINIRQ_MSIX, 5, 3);
	current_fixture = f;
	test->priv = f;
	return f->offer ? 0 : -ENOMEM;
}

static void ndis_pnp_exit(struct kunit *test)
{
	struct fixture *f = test->priv;

	if (f->miniport)
		minirq_ndis_miniport_destroy(f->miniport);
	kfree(f->request);
	kfree(f->offer);
	test->priv = f->fx;
	ndis_fixture_exit(test);
}

static struct kunit_case ndis_pnp_cases[] = {
	KUNIT_CASE(ndis_pnp_contexts),
	KUNIT_CASE(ndis_pnp_filter_sees_the_offer),
	KUNIT_CASE(ndis_pnp_filter_drops_and_retargets),
	KUNIT_CASE(ndis_pnp_filter_prefers_the_line),
	KUNIT_CASE(ndis_pnp_filter_adds),
	KUNIT_CASE(ndis_pnp_filter_gives_its_list_away),
	KUNIT_CASE(ndis_pnp_filter_that_fails_changes_nothing),
	KUNIT_CASE(ndis_pnp_without_handlers),
	KUNIT_CASE(ndis_pnp_failed_add_is_not_removed),
	KUNIT_CASE(ndis_pnp_refuses_bad_handlers),
	KUNIT_CASE(ndis_pnp_handlers_only_in_set_options),
	{}
};

static struct kunit_suite ndis_pnp_suite = {
	.name = "minirq_ndis_pnp",
	.init = ndis_pnp_init,
	.exit = ndis_pnp_exit,
	.test_cases = ndis_pnp_cases,
};

kunit_test_suite(ndis_pnp_suite);
