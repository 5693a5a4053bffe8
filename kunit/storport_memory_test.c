// SPDX-License-Identifier: GPL-2.0-only
/* Memory of StorPort adapters: scatter-gather lists, contiguous memory, ports. */
#include <linux/debug_locks.h>
#include <linux/io.h>
#include <linux/sizes.h>
#include <linux/slab.h>
#include <linux/string.h>
#include <linux/vmalloc.h>

#include "storport_fixture.h"

static void *start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	fake_stor_give_requests(test);
	return stor->extension;
}

static PSCSI_REQUEST_BLOCK srb_with(struct fake_stor *stor, void *data,
				    ULONG length)
{
	PSCSI_REQUEST_BLOCK srb = &fake_stor_request(stor, 0)->srb;

	srb->DataBuffer = data;
	srb->DataTransferLength = length;
	return srb;
}

static ULONG sum_of(PSTOR_SCATTER_GATHER_LIST list)
{
	ULONG i, sum = 0;

	for (i = 0; i < list->NumberOfElements; i++)
		sum += list->List[i].Length;
	return sum;
}

/* Contiguous memory is one element, however many pages there are. */
static void storport_sg_contiguous(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	void *data = kunit_kmalloc(test, 4 * PAGE_SIZE, GFP_KERNEL);
	PSTOR_SCATTER_GATHER_LIST list;
	PSCSI_REQUEST_BLOCK srb;

	KUNIT_ASSERT_NOT_NULL(test, data);
	srb = srb_with(stor, data + 16, 3 * PAGE_SIZE);
	fake_stor_submit(stor, 0);
	list = StorPortGetScatterGatherList(extension, srb);
	KUNIT_ASSERT_NOT_NULL(test, list);
	KUNIT_EXPECT_EQ(test, list->NumberOfElements, 1);
	KUNIT_EXPECT_EQ(test, list->List[0].Length, 3 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, list->List[0].PhysicalAddress.QuadPart,
			virt_to_phys(data + 16));
	KUNIT_EXPECT_PTR_EQ(test, list,
			    StorPortGetScatterGatherList(extension, srb));
	fake_stor_complete(stor, 0);
	KUNIT_EXPECT_NULL(test, fake_stor_request(stor, 0)->sg);
}

/* Pages that lie apart are elements, the first and last of them parts of one. */
static void storport_sg_scattered(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	void *data = vmalloc(4 * PAGE_SIZE);
	PSTOR_SCATTER_GATHER_LIST list;
	ULONG length = 2 * PAGE_SIZE + 32;

	KUNIT_ASSERT_NOT_NULL(test, data);
	list = StorPortGetScatterGatherList(extension,
					    srb_with(stor,
						     data + PAGE_SIZE - 16,
						     length));
	KUNIT_ASSERT_NOT_NULL(test, list);
	KUNIT_EXPECT_EQ(test, sum_of(list), length);
	KUNIT_EXPECT_EQ(test, list->List[0].PhysicalAddress.QuadPart,
			page_to_phys(vmalloc_to_page(data)) + PAGE_SIZE - 16);
	fake_stor_submit(stor, 0);
	fake_stor_complete(stor, 0);
	vfree(data);
}

static void storport_sg_none(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	void *extension = start(test);
	SCSI_REQUEST_BLOCK strange = {};
	PVOID address = NULL;
	int data;

	KUNIT_EXPECT_NULL(test,
			  StorPortGetScatterGatherList(extension,
						       srb_with(stor, NULL,
								0)));
	KUNIT_EXPECT_NULL(test,
			  StorPortGetScatterGatherList(extension, &strange));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetSystemAddress(extension, &strange,
						 &address));
	strange.DataBuffer = &data;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortGetSystemAddress(extension, &strange,
						 &address));
	KUNIT_EXPECT_PTR_EQ(test, address, (void *)&data);
}

/* What the routine of a list that the driver builds saw */
static struct {
	PSTOR_SCATTER_GATHER_LIST list;
	void *context;
	KIRQL irql;
} seen;

static VOID note_list(PVOID *device, PVOID *irp, PSTOR_SCATTER_GATHER_LIST list,
		      PVOID context)
{
	seen.list = list;
	seen.context = context;
	seen.irql = KeGetCurrentIrql();
}

static void storport_sg_built(struct kunit *test)
{
	void *extension = start(test);
	void *data = kunit_kmalloc(test, 2 * PAGE_SIZE, GFP_KERNEL);
	ULONG64 buffer[16];
	ULONG size = sizeof(STOR_SCATTER_GATHER_LIST) +
		     2 * sizeof(STOR_SCATTER_GATHER_ELEMENT);

	KUNIT_ASSERT_NOT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortBuildScatterGatherList(extension, NULL, data,
						       2 * PAGE_SIZE, note_list,
						       &seen, TRUE, buffer,
						       size));
	KUNIT_EXPECT_PTR_EQ(test, seen.list, (void *)buffer);
	KUNIT_EXPECT_PTR_EQ(test, seen.context, (void *)&seen);
	KUNIT_EXPECT_EQ(test, seen.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, sum_of(seen.list), 2 * PAGE_SIZE);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortPutScatterGatherList(extension, seen.list,
						     TRUE));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_BUFFER_TOO_SMALL,
			StorPortBuildScatterGatherList(extension, NULL, data,
						       2 * PAGE_SIZE, note_list,
						       &seen, TRUE, buffer,
						       size - 1));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortBuildScatterGatherList(NULL, NULL, data, 1,
						       note_list, NULL, TRUE,
						       buffer, size));
}

static ULONG allocate(void *extension, SIZE_T size, u64 lowest, u64 highest,
		      u64 boundary, PVOID *data)
{
	PHYSICAL_ADDRESS from = { .QuadPart = lowest };
	PHYSICAL_ADDRESS to = { .QuadPart = highest };
	PHYSICAL_ADDRESS multiple = { .QuadPart = boundary };

	return StorPortAllocateContiguousMemorySpecifyCacheNode(extension, size,
								from, to,
								multiple,
								MmCached,
								MM_ANY_NODE_OK,
								data);
}

static void storport_contiguous_memory(struct kunit *test)
{
	void *extension = start(test);
	SIZE_T size = 5 * PAGE_SIZE;
	PVOID data = NULL;
	u64 address;

	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			allocate(extension, size, 0, ~0ULL, 8 * PAGE_SIZE,
				 &data));
	address = virt_to_phys(data);
	KUNIT_EXPECT_EQ(test, offset_in_page(data), 0);
	KUNIT_EXPECT_NULL(test, memchr_inv(data, 0, size));
	KUNIT_EXPECT_EQ(test, address / (8 * PAGE_SIZE),
			(address + size - 1) / (8 * PAGE_SIZE));
	KUNIT_EXPECT_PTR_EQ(test, data,
			    StorPortGetVirtualAddress(extension,
						      (PHYSICAL_ADDRESS) {
						      .QuadPart = address }));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortFreeContiguousMemorySpecifyCache(extension,
								 data, size,
								 MmCached));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortFreeContiguousMemorySpecifyCache(extension,
								 data, size,
								 MmCached));
}

static void storport_contiguous_limits(struct kunit *test)
{
	void *extension = start(test);
	PVOID data = extension;
	KIRQL old;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			allocate(extension, PAGE_SIZE, 0, U32_MAX, 0, &data));
	KUNIT_EXPECT_LE(test, virt_to_phys(data) + PAGE_SIZE - 1, U32_MAX);
	/* the adapter frees that one */
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INSUFFICIENT_RESOURCES,
			allocate(extension, PAGE_SIZE, 0, PAGE_SIZE - 2, 0,
				 &data));
	KUNIT_EXPECT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INSUFFICIENT_RESOURCES,
			allocate(extension, 2 * PAGE_SIZE, 0, ~0ULL, PAGE_SIZE,
				 &data));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INSUFFICIENT_RESOURCES,
			allocate(extension, 1ULL << 40, 0, ~0ULL, 0, &data));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			allocate(extension, 0, 0, ~0ULL, 0, &data));
	KeRaiseIrql(MINIRQ_DIRQL, &old);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_IRQL,
			allocate(extension, PAGE_SIZE, 0, ~0ULL, 0, &data));
	KeLowerIrql(old);
}

static void storport_dma_memory(struct kunit *test)
{
	void *extension = start(test);
	PHYSICAL_ADDRESS zero = {}, all = { .QuadPart = -1 }, address = {};
	PVOID data = NULL;

	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortAllocateDmaMemory(extension, 100, zero, all,
						  zero, MmNonCached, 0, &data,
						  &address));
	KUNIT_EXPECT_EQ(test, address.QuadPart, virt_to_phys(data));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortFreeDmaMemory(extension, data, 100, MmNonCached,
					      address));
}

/* In port space the base is the number of the port. */
static void storport_device_base_of_ports(struct kunit *test)
{
	void *extension = start(test);
	STOR_PHYSICAL_ADDRESS port = { .QuadPart = 0xc080 };

	KUNIT_EXPECT_PTR_EQ(test, (void *)0xc080,
			    StorPortGetDeviceBase(extension, PCIBus, 0, port,
						  0x40, TRUE));
	StorPortFreeDeviceBase(extension, (void *)0xc080);
}

/**
 * struct place - where a block is wanted
 * @name:	for people
 * @size:	of the block
 * @lowest:	its first byte at the earliest
 * @highest:	its last one
 * @boundary:	what it does not cross
 */
struct place {
	const char *name;
	SIZE_T size;
	u64 lowest;
	u64 highest;
	u64 boundary;
};

/* What the kernel gives first lies high in the machine's gigabyte. */
static const struct place places[] = {
	{ "below 512 MiB", PAGE_SIZE, 0, SZ_512M - 1, 0 },
	{ "below 100 MiB", 3 * PAGE_SIZE, 0, 100 * SZ_1M - 1, 4 * PAGE_SIZE },
	{ "much below 512 MiB", SZ_1M, 0, SZ_512M - 1, SZ_1M },
	{ "below 16 MiB", SZ_64K, 0, SZ_16M - 1, SZ_64K },
	{ "below 8 MiB", PAGE_SIZE, 0, SZ_8M - 1, 0 },
	{ "above 16 MiB", PAGE_SIZE, SZ_16M, ~0ULL, 0 },
	{ "above 16 MiB, below 4 GiB", SZ_64K, SZ_16M, U32_MAX, SZ_64K },
};

static void place_name(const struct place *place, char *name)
{
	strscpy(name, place->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(place, places, place_name);

static void storport_contiguous_places(struct kunit *test)
{
	const struct place *place = test->param_value;
	void *extension = start(test);
	PVOID data = NULL;
	u64 first, last;

	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			allocate(extension, place->size, place->lowest,
				 place->highest, place->boundary, &data));
	first = virt_to_phys(data);
	last = first + place->size - 1;
	KUNIT_EXPECT_GE(test, first, place->lowest);
	KUNIT_EXPECT_LE(test, last, place->highest);
	if (place->boundary)
		KUNIT_EXPECT_EQ(test, first / place->boundary,
				last / place->boundary);
	KUNIT_EXPECT_NULL(test, memchr_inv(data, 0, place->size));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortFreeContiguousMemorySpecifyCache(extension,
								 data,
								 place->size,
								 MmCached));
}

/* Also where nobody may wait */
static void storport_contiguous_at_dispatch(struct kunit *test)
{
	void *extension = start(test);
	PVOID data = NULL;
	ULONG status;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	status = allocate(extension, PAGE_SIZE, 0, SZ_512M - 1, 0, &data);
	KeLowerIrql(old);
	KUNIT_ASSERT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_LT(test, virt_to_phys(data), (u64)SZ_512M);
}

/* Where no block can be */
static void storport_contiguous_impossible(struct kunit *test)
{
	void *extension = start(test);
	PVOID data = extension;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_INSUFFICIENT_RESOURCES,
			allocate(extension, PAGE_SIZE, SZ_16M, SZ_8M, 0, &data));
	KUNIT_EXPECT_NULL(test, data);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INSUFFICIENT_RESOURCES,
			allocate(extension, PAGE_SIZE, 1ULL << 40, ~0ULL, 0, &data));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INSUFFICIENT_RESOURCES,
			allocate(extension, 2 * PAGE_SIZE, SZ_1M,
				 SZ_1M + PAGE_SIZE - 1, 0, &data));
	KUNIT_EXPECT_NULL(test, data);
}

#define BLOCKS	300

/* How many blocks an ISR got; it is called under InterruptLock. */
static unsigned int got;

/* The kernel's allocator takes locks of its own when it has no block at hand. */
static void allocate_in_isr(struct fake_stor *stor, ULONG id)
{
	static PVOID memory[BLOCKS];
	unsigned int i;

	for (i = 0; i < BLOCKS; i++)
		got += StorPortAllocatePool(stor->extension, 700, 0, &memory[i]) ==
		       STOR_STATUS_SUCCESS;
	for (i = 0; i < BLOCKS; i++)
		StorPortFreePool(stor->extension, memory[i]);
}

static void storport_pool_in_an_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	got = 0;
	stor->on_message = allocate_in_isr;
	start(test);
	fake_stor_raise(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[1].left));
	KUNIT_EXPECT_EQ(test, got, BLOCKS);
	KUNIT_EXPECT_TRUE(test, !IS_ENABLED(CONFIG_LOCKDEP) || debug_locks);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_sg_contiguous),
	KUNIT_CASE(storport_sg_scattered),
	KUNIT_CASE(storport_sg_none),
	KUNIT_CASE(storport_sg_built),
	KUNIT_CASE(storport_contiguous_memory),
	KUNIT_CASE(storport_contiguous_limits),
	KUNIT_CASE_PARAM(storport_contiguous_places, place_gen_params),
	KUNIT_CASE(storport_contiguous_at_dispatch),
	KUNIT_CASE(storport_contiguous_impossible),
	KUNIT_CASE(storport_pool_in_an_isr),
	KUNIT_CASE(storport_dma_memory),
	KUNIT_CASE(storport_device_base_of_ports),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_memory",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
