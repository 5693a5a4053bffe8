// SPDX-License-Identifier: GPL-2.0-only
/* Memory that an NDIS adapter shares with its device. */
#include <linux/dma-mapping.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/ndis_handle.h"
#include "../src/ndis_work.h"
#include "../src/verifier.h"
#include "cpu.h"

/**
 * struct bus - an adapter on a device that does DMA
 * @adapter:	the adapter
 * @pdev:	the device
 * @channel:	its DMA channel
 * @context:	what the completion handler was given: adapter context,
 * @memory:	address,
 * @address:	address for the device,
 * @length:	size,
 * @request:	and context of the request
 * @told:	how often it was called
 */
struct bus {
	struct minirq_ndis_adapter adapter;
	struct platform_device *pdev;
	NDIS_HANDLE channel;
	NDIS_HANDLE context;
	PVOID memory;
	NDIS_PHYSICAL_ADDRESS address;
	ULONG length;
	PVOID request;
	atomic_t told;
};

static VOID complete_request(NDIS_HANDLE context, PVOID memory, PNDIS_PHYSICAL_ADDRESS address,
			     ULONG length, PVOID request)
{
	struct bus *bus = context;

	bus->context = context;
	bus->memory = memory;
	if (address)
		bus->address = *address;
	bus->length = length;
	bus->request = request;
	atomic_inc(&bus->told);
}

static NDIS_SG_DMA_DESCRIPTION describe(ULONG flags)
{
	return (NDIS_SG_DMA_DESCRIPTION) {
		.Header.Type = NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION,
		.Header.Revision = NDIS_SG_DMA_DESCRIPTION_REVISION_1,
		.Header.Size = NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1,
		.Flags = flags,
		.MaximumPhysicalMapping = 4 * PAGE_SIZE,
		.SharedMemAllocateCompleteHandler = complete_request,
	};
}

static unsigned int reports(enum minirq_rule rule)
{
	return minirq_verifier_count(rule);
}

static struct bus *with_channel(struct kunit *test)
{
	NDIS_SG_DMA_DESCRIPTION description = describe(NDIS_SG_DMA_64_BIT_ADDRESS);
	struct bus *bus = test->priv;

	KUNIT_ASSERT_EQ(test,
			NdisMRegisterScatterGatherDma(&bus->adapter, &description, &bus->channel),
			NDIS_STATUS_SUCCESS);
	/* a transfer of four pages may touch five */
	KUNIT_EXPECT_EQ(test, description.ScatterGatherListSize,
			sizeof(SCATTER_GATHER_LIST) + 5 * sizeof(SCATTER_GATHER_ELEMENT));
	return bus;
}

static void ndis_dma_channel_sets_width(struct kunit *test)
{
	NDIS_SG_DMA_DESCRIPTION description = describe(0);
	struct bus *bus = with_channel(test);
	NDIS_HANDLE narrow;

	KUNIT_EXPECT_EQ(test, dma_get_mask(&bus->pdev->dev), DMA_BIT_MASK(64));
	KUNIT_EXPECT_EQ(test, NdisMRegisterScatterGatherDma(&bus->adapter, &description, &narrow),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, dma_get_mask(&bus->pdev->dev), DMA_BIT_MASK(32));
	NdisMDeregisterScatterGatherDma(narrow);
	NdisMDeregisterScatterGatherDma(bus->channel);
	KUNIT_EXPECT_TRUE(test, list_empty(&bus->adapter.owner.objects));
}

static void ndis_dma_channel_bad_calls(struct kunit *test)
{
	NDIS_SG_DMA_DESCRIPTION description = describe(0);
	struct bus *bus = test->priv;
	NDIS_HANDLE handle;

	KUNIT_EXPECT_EQ(test, NdisMRegisterScatterGatherDma(NULL, &description, &handle),
			NDIS_STATUS_NOT_SUPPORTED);
	description.Header.Size--;
	KUNIT_EXPECT_EQ(test, NdisMRegisterScatterGatherDma(&bus->adapter, &description, &handle),
			NDIS_STATUS_BAD_VERSION);
	description = describe(0);
	bus->adapter.owner.dev = NULL;
	KUNIT_EXPECT_EQ(test, NdisMRegisterScatterGatherDma(&bus->adapter, &description, &handle),
			NDIS_STATUS_NOT_SUPPORTED);
}

static void ndis_dma_memory_is_reached_by_both(struct kunit *test)
{
	struct bus *bus = test->priv;
	NDIS_PHYSICAL_ADDRESS address;
	PVOID memory;

	NdisMAllocateSharedMemory(&bus->adapter, 10000, TRUE, &memory, &address);
	KUNIT_ASSERT_NOT_NULL(test, memory);
	KUNIT_EXPECT_NE(test, address.QuadPart, 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(memory, 0, 10000));
	/* no IOMMU stands between them here */
	KUNIT_EXPECT_EQ(test, address.QuadPart, virt_to_phys(memory));
	NdisMFreeSharedMemory(&bus->adapter, 10000, TRUE, memory, address);
	KUNIT_EXPECT_TRUE(test, list_empty(&bus->adapter.owner.objects));
}

static void ndis_dma_memory_is_freed_at_dispatch(struct kunit *test)
{
	unsigned int levels = reports(MINIRQ_RULE_NDIS_IRQL_MINIPORT);
	struct bus *bus = test->priv;
	NDIS_PHYSICAL_ADDRESS address;
	PVOID memory, none;
	KIRQL old;

	NdisMAllocateSharedMemory(&bus->adapter, 64, TRUE, &memory, &address);
	old = KeRaiseIrqlToDpcLevel();
	NdisMFreeSharedMemory(&bus->adapter, 64, TRUE, memory, address);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_IRQL_MINIPORT), levels);
	NdisMAllocateSharedMemory(&bus->adapter, 64, TRUE, &none, &address);
	KeLowerIrql(old);
	KUNIT_EXPECT_NULL(test, none);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_IRQL_MINIPORT), levels + 1);
	KUNIT_EXPECT_TRUE(test, list_empty(&bus->adapter.owner.objects));
}

static void ndis_dma_memory_left_is_reported(struct kunit *test)
{
	unsigned int leaks = reports(MINIRQ_RULE_NDIS_LEAK), bad = reports(MINIRQ_RULE_NDIS_OBJECT);
	struct bus *bus = test->priv;
	NDIS_PHYSICAL_ADDRESS address;
	PVOID memory;

	NdisMAllocateSharedMemory(&bus->adapter, 64, TRUE, &memory, &address);
	minirq_ndis_owner_release(&bus->adapter.owner, "this test");
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_LEAK), leaks + 1);
	NdisMFreeSharedMemory(&bus->adapter, 64, TRUE, memory, address);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), bad + 1);
}

static void ndis_dma_request_is_answered(struct kunit *test)
{
	struct bus *bus = with_channel(test);
	NDIS_STATUS status;
	KIRQL old;

	old = KeRaiseIrqlToDpcLevel();
	status = NdisMAllocateSharedMemoryAsyncEx(bus->channel, 128, TRUE, test);
	KeLowerIrql(old);
	KUNIT_ASSERT_EQ(test, status, NDIS_STATUS_PENDING);
	KUNIT_ASSERT_TRUE(test, wait_for(&bus->told));
	KUNIT_EXPECT_PTR_EQ(test, bus->context, (NDIS_HANDLE)bus);
	KUNIT_EXPECT_PTR_EQ(test, bus->request, (PVOID)test);
	KUNIT_EXPECT_EQ(test, bus->length, 128);
	KUNIT_EXPECT_NOT_NULL(test, bus->memory);
	KUNIT_EXPECT_NE(test, bus->address.QuadPart, 0);
	NdisMFreeSharedMemory(&bus->adapter, 128, TRUE, bus->memory, bus->address);
	minirq_ndis_work_flush();
	NdisMDeregisterScatterGatherDma(bus->channel);
	KUNIT_EXPECT_TRUE(test, list_empty(&bus->adapter.owner.objects));
}

static void ndis_dma_request_without_memory_is_answered(struct kunit *test)
{
	struct bus *bus = with_channel(test);

	bus->memory = bus;
	KUNIT_EXPECT_EQ(test, NdisMAllocateSharedMemoryAsyncEx(bus->channel, 0, TRUE, NULL),
			NDIS_STATUS_PENDING);
	KUNIT_EXPECT_TRUE(test, wait_for(&bus->told));
	KUNIT_EXPECT_NULL(test, bus->memory);
	minirq_ndis_work_flush();
	NdisMDeregisterScatterGatherDma(bus->channel);
}

static int ndis_dma_init(struct kunit *test)
{
	struct bus *bus = kunit_kzalloc(test, sizeof(*bus), GFP_KERNEL);

	if (!bus)
		return -ENOMEM;
	test->priv = bus;
	minirq_ndis_adapter_init(&bus->adapter, "bus", NULL);
	bus->adapter.context = bus;
	bus->pdev = platform_device_register_simple("minirq_bus", PLATFORM_DEVID_NONE, NULL, 0);
	if (IS_ERR(bus->pdev))
		return PTR_ERR(bus->pdev);
	bus->adapter.owner.dev = &bus->pdev->dev;
	return dma_coerce_mask_and_coherent(&bus->pdev->dev, DMA_BIT_MASK(64));
}

static void ndis_dma_address_has_halves(struct kunit *test)
{
	NDIS_PHYSICAL_ADDRESS address = {};

	NdisSetPhysicalAddressHigh(address, 0x12);
	NdisSetPhysicalAddressLow(address, 0x89abcdef);
	KUNIT_EXPECT_EQ(test, address.QuadPart, 0x1289abcdefLL);
	KUNIT_EXPECT_EQ(test, NdisGetPhysicalAddressHigh(address), 0x12);
	KUNIT_EXPECT_EQ(test, NdisGetPhysicalAddressLow(address), 0x89abcdef);
}

static void ndis_dma_alignment(struct kunit *test)
{
	struct bus *bus = test->priv;

	KUNIT_EXPECT_EQ(test, NdisMGetDmaAlignment(&bus->adapter), dma_get_cache_alignment());
	KUNIT_EXPECT_EQ(test, NdisGetSharedDataAlignment(), SMP_CACHE_BYTES);
}

static void ndis_dma_exit(struct kunit *test)
{
	struct bus *bus = test->priv;

	if (!bus || IS_ERR_OR_NULL(bus->pdev))
		return;
	minirq_ndis_owner_release(&bus->adapter.owner, "the case");
	minirq_ndis_work_flush();
	platform_device_unregister(bus->pdev);
}

static struct kunit_case ndis_dma_cases[] = {
	KUNIT_CASE(ndis_dma_channel_sets_width),
	KUNIT_CASE(ndis_dma_channel_bad_calls),
	KUNIT_CASE(ndis_dma_memory_is_reached_by_both),
	KUNIT_CASE(ndis_dma_memory_is_freed_at_dispatch),
	KUNIT_CASE(ndis_dma_memory_left_is_reported),
	KUNIT_CASE(ndis_dma_request_is_answered),
	KUNIT_CASE(ndis_dma_request_without_memory_is_answered),
	KUNIT_CASE(ndis_dma_address_has_halves),
	KUNIT_CASE(ndis_dma_alignment),
	{}
};

static struct kunit_suite ndis_dma_suite = {
	.name = "minirq_ndis_dma",
	.init = ndis_dma_init,
	.exit = ndis_dma_exit,
	.test_cases = ndis_dma_cases,
};

kunit_test_suite(ndis_dma_suite);
