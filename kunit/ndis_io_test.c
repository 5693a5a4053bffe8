// SPDX-License-Identifier: GPL-2.0-only
/*
 * Registers, ports and config space of an adapter, on what the virtual machine
 * has on its PCI bus.
 */
#include <linux/pci.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/ndis_handle.h"
#include "../src/verifier.h"

/**
 * struct io - an adapter, and a function that it is given
 * @adapter:	the adapter
 * @pdev:	the function, referenced
 * @bar:	its resource of the wanted kind
 */
struct io {
	struct minirq_ndis_adapter adapter;
	struct pci_dev *pdev;
	struct resource *bar;
};

static struct resource *bar_of(struct pci_dev *pdev, unsigned long flags)
{
	unsigned int bar;

	for (bar = 0; bar < PCI_STD_NUM_BARS; bar++)
		if ((pci_resource_flags(pdev, bar) & flags) && pci_resource_len(pdev, bar) >= 4)
			return &pdev->resource[bar];
	return NULL;
}

/* The adapter of the first function that has a BAR of this kind. */
static struct io *io_with(struct kunit *test, unsigned long flags)
{
	struct io *io = test->priv;

	do {
		io->pdev = pci_get_device(PCI_ANY_ID, PCI_ANY_ID, io->pdev);
		KUNIT_ASSERT_NOT_NULL(test, io->pdev);
		io->bar = bar_of(io->pdev, flags);
	} while (!io->bar);
	io->adapter.owner.dev = &io->pdev->dev;
	return io;
}

static NDIS_PHYSICAL_ADDRESS address(u64 value)
{
	return (NDIS_PHYSICAL_ADDRESS) { .QuadPart = value };
}

static unsigned int reports(enum minirq_rule rule)
{
	return minirq_verifier_count(rule);
}

static void ndis_io_maps_a_bar(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_MEM);
	PVOID mapped = NULL;
	ULONG value = 0;

	KUNIT_ASSERT_EQ(test, NdisMMapIoSpace(&mapped, &io->adapter, address(io->bar->start), 4),
			NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_NOT_NULL(test, mapped);
	NdisReadRegisterUlong(mapped, &value);
	KUNIT_EXPECT_EQ(test, value, readl((void __iomem *)mapped));
	NdisMUnmapIoSpace(&io->adapter, mapped, 4);
	KUNIT_EXPECT_TRUE(test, list_empty(&io->adapter.owner.objects));
}

static void ndis_io_foreign_range_is_refused(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_MEM);
	PVOID mapped = io;

	KUNIT_EXPECT_EQ(test, NdisMMapIoSpace(&mapped, &io->adapter, address(io->bar->end), 4),
			NDIS_STATUS_RESOURCE_CONFLICT);
	KUNIT_EXPECT_NULL(test, mapped);
	KUNIT_EXPECT_EQ(test, NdisMMapIoSpace(&mapped, NULL, address(io->bar->start), 4),
			NDIS_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, NdisMMapIoSpace(NULL, &io->adapter, address(io->bar->start), 4),
			NDIS_STATUS_INVALID_PARAMETER);
}

static void ndis_io_mapping_left_is_reported(struct kunit *test)
{
	unsigned int leaks = reports(MINIRQ_RULE_NDIS_LEAK);
	unsigned int bad = reports(MINIRQ_RULE_NDIS_OBJECT);
	struct io *io = io_with(test, IORESOURCE_MEM);
	PVOID mapped;

	KUNIT_ASSERT_EQ(test, NdisMMapIoSpace(&mapped, &io->adapter, address(io->bar->start), 4),
			NDIS_STATUS_SUCCESS);
	minirq_ndis_owner_release(&io->adapter.owner, "this test");
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_LEAK), leaks + 1);
	NdisMUnmapIoSpace(&io->adapter, mapped, 4);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_OBJECT), bad + 1);
}

static void ndis_io_registers_ports(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_IO);
	UINT first = io->bar->start;
	PVOID port = NULL;

	KUNIT_ASSERT_EQ(test, NdisMRegisterIoPortRange(&port, &io->adapter, first, 4),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_PTR_EQ(test, port, (PVOID)(ULONG_PTR)first);
	NdisMDeregisterIoPortRange(&io->adapter, first, 4, port);
	KUNIT_EXPECT_TRUE(test, list_empty(&io->adapter.owner.objects));
}

static void ndis_io_foreign_ports_are_refused(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_IO);
	PVOID port = NULL;

	KUNIT_EXPECT_EQ(test, NdisMRegisterIoPortRange(&port, &io->adapter, io->bar->end, 4),
			NDIS_STATUS_RESOURCE_CONFLICT);
	KUNIT_EXPECT_NULL(test, port);
}

/* The index of the real-time clock: it keeps what is written, but for bit 7. */
static void ndis_io_raw_ports_access_ports(struct kunit *test)
{
	unsigned long flags;
	UCHAR seconds = 0xff;

	local_irq_save(flags);
	NdisRawWritePortUchar(0x70, 0);
	NdisRawReadPortUchar(0x71, &seconds);
	local_irq_restore(flags);
	/* as a binary or a decimal number */
	KUNIT_EXPECT_LT(test, seconds, 0x60);
}

/* The first way to config space that PCI had: where, in one port; what, in another. */
#define CONFIG_WHERE	0xcf8
#define CONFIG_WHAT	0xcfc

static void select(struct io *io, u8 reg)
{
	NdisRawWritePortUlong(CONFIG_WHERE, 0x80000000 | io->pdev->bus->number << 16 |
			      io->pdev->devfn << 8 | reg);
}

static void ndis_io_raw_ports_read(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_MEM | IORESOURCE_IO);
	u32 both = io->pdev->device << 16 | io->pdev->vendor;
	USHORT words[3] = {};
	UCHAR bytes[3] = {};
	ULONG longs[3] = {};
	unsigned long flags;

	local_irq_save(flags);
	select(io, PCI_VENDOR_ID);
	NdisRawReadPortUchar(CONFIG_WHAT, &bytes[0]);
	NdisRawReadPortBufferUchar(CONFIG_WHAT, &bytes[1], 2);
	NdisRawReadPortUshort(CONFIG_WHAT, &words[0]);
	NdisRawReadPortBufferUshort(CONFIG_WHAT, &words[1], 2);
	NdisRawReadPortUlong(CONFIG_WHAT, &longs[0]);
	NdisRawReadPortBufferUlong(CONFIG_WHAT, &longs[1], 2);
	local_irq_restore(flags);
	KUNIT_EXPECT_EQ(test, bytes[0], (UCHAR)both);
	KUNIT_EXPECT_TRUE(test, bytes[1] == bytes[0] && bytes[2] == bytes[0]);
	KUNIT_EXPECT_EQ(test, words[0], (USHORT)both);
	KUNIT_EXPECT_TRUE(test, words[1] == words[0] && words[2] == words[0]);
	KUNIT_EXPECT_EQ(test, longs[0], both);
	KUNIT_EXPECT_TRUE(test, longs[1] == longs[0] && longs[2] == longs[0]);
}

static void write_uchar(UCHAR value)
{
	NdisRawWritePortUchar(CONFIG_WHAT, value);
}

static void write_ushort(UCHAR value)
{
	NdisRawWritePortUshort(CONFIG_WHAT, value);
}

static void write_ulong(UCHAR value)
{
	NdisRawWritePortUlong(CONFIG_WHAT, value);
}

static void write_uchars(UCHAR value)
{
	UCHAR values[] = { ~value, value };

	NdisRawWritePortBufferUchar(CONFIG_WHAT, values, ARRAY_SIZE(values));
}

static void write_ushorts(UCHAR value)
{
	USHORT values[] = { 0xff & ~value, value };

	NdisRawWritePortBufferUshort(CONFIG_WHAT, values, ARRAY_SIZE(values));
}

static void write_ulongs(UCHAR value)
{
	ULONG values[] = { 0xff & ~value, value };

	NdisRawWritePortBufferUlong(CONFIG_WHAT, values, ARRAY_SIZE(values));
}

/* A register of which the first byte only can be written. */
static void ndis_io_raw_ports_write(struct kunit *test)
{
	static void (* const writers[])(UCHAR value) = {
		write_uchar, write_ushort, write_ulong,
		write_uchars, write_ushorts, write_ulongs,
	};
	struct io *io = io_with(test, IORESOURCE_MEM | IORESOURCE_IO);
	unsigned long flags;
	UCHAR before, after;
	unsigned int i;

	pci_read_config_byte(io->pdev, PCI_INTERRUPT_LINE, &before);
	for (i = 0; i < ARRAY_SIZE(writers); i++) {
		local_irq_save(flags);
		select(io, PCI_INTERRUPT_LINE);
		writers[i](0x51 + i);
		local_irq_restore(flags);
		pci_read_config_byte(io->pdev, PCI_INTERRUPT_LINE, &after);
		KUNIT_EXPECT_EQ(test, after, 0x51 + i);
	}
	pci_write_config_byte(io->pdev, PCI_INTERRUPT_LINE, before);
}

/* Each writes and reads as much as its name says, and no more. */
static void ndis_io_registers(struct kunit *test)
{
	UCHAR memory[16] __aligned(4);
	UCHAR byte = 0;
	USHORT word = 0;
	ULONG dword = 0;

	memset(memory, 0x5a, sizeof(memory));
	NdisWriteRegisterUchar(memory + 1, 0xc1);
	NdisWriteRegisterUshort(memory + 4, 0xc2c3);
	NdisWriteRegisterUlong(memory + 8, 0xc4c5c6c7);
	KUNIT_EXPECT_EQ(test, memcmp(memory, "\x5a\xc1\x5a\x5a\xc3\xc2\x5a\x5a"
				     "\xc7\xc6\xc5\xc4\x5a\x5a\x5a\x5a", 16), 0);
	NdisReadRegisterUchar(memory + 1, &byte);
	NdisReadRegisterUshort(memory + 4, &word);
	NdisReadRegisterUlong(memory + 8, &dword);
	KUNIT_EXPECT_EQ(test, byte, 0xc1);
	KUNIT_EXPECT_EQ(test, word, 0xc2c3);
	KUNIT_EXPECT_EQ(test, dword, 0xc4c5c6c7);
}

static void ndis_io_reads_config_space(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_MEM | IORESOURCE_IO);
	USHORT ids[2] = {};

	KUNIT_EXPECT_EQ(test, NdisMGetBusData(&io->adapter, 0, PCI_VENDOR_ID, ids, sizeof(ids)),
			sizeof(ids));
	KUNIT_EXPECT_EQ(test, ids[0], io->pdev->vendor);
	KUNIT_EXPECT_EQ(test, ids[1], io->pdev->device);
}

static void ndis_io_writes_config_space(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_MEM | IORESOURCE_IO);
	UCHAR before, written = 0x5a, after = 0;

	KUNIT_EXPECT_EQ(test,
			NdisMGetBusData(&io->adapter, 0, PCI_INTERRUPT_LINE, &before, 1), 1);
	KUNIT_EXPECT_EQ(test,
			NdisMSetBusData(&io->adapter, 0, PCI_INTERRUPT_LINE, &written, 1), 1);
	pci_read_config_byte(io->pdev, PCI_INTERRUPT_LINE, &after);
	NdisMSetBusData(&io->adapter, 0, PCI_INTERRUPT_LINE, &before, 1);
	KUNIT_EXPECT_EQ(test, after, written);
}

static void ndis_io_config_space_ends(struct kunit *test)
{
	struct io *io = io_with(test, IORESOURCE_MEM | IORESOURCE_IO);
	ULONG end = io->pdev->cfg_size;
	UCHAR bytes[4];

	KUNIT_EXPECT_EQ(test, NdisMGetBusData(&io->adapter, 0, end - 2, bytes, 4), 2);
	KUNIT_EXPECT_EQ(test, NdisMGetBusData(&io->adapter, 0, end, bytes, 4), 0);
	KUNIT_EXPECT_EQ(test, NdisMGetBusData(&io->adapter, 1, 0, bytes, 4), 0);
}

static void ndis_io_above_passive_is_refused(struct kunit *test)
{
	unsigned int before = reports(MINIRQ_RULE_NDIS_IRQL_MINIPORT);
	struct io *io = io_with(test, IORESOURCE_MEM);
	NDIS_STATUS status;
	PVOID mapped;
	KIRQL old;

	old = KeRaiseIrqlToDpcLevel();
	status = NdisMMapIoSpace(&mapped, &io->adapter, address(io->bar->start), 4);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, reports(MINIRQ_RULE_NDIS_IRQL_MINIPORT), before + 1);
}

static int ndis_io_init(struct kunit *test)
{
	struct io *io = kunit_kzalloc(test, sizeof(*io), GFP_KERNEL);

	if (!io)
		return -ENOMEM;
	test->priv = io;
	minirq_ndis_adapter_init(&io->adapter, "io", NULL);
	return 0;
}

static void ndis_io_exit(struct kunit *test)
{
	struct io *io = test->priv;

	if (io)
		pci_dev_put(io->pdev);
}

static struct kunit_case ndis_io_cases[] = {
	KUNIT_CASE(ndis_io_maps_a_bar),
	KUNIT_CASE(ndis_io_foreign_range_is_refused),
	KUNIT_CASE(ndis_io_mapping_left_is_reported),
	KUNIT_CASE(ndis_io_registers_ports),
	KUNIT_CASE(ndis_io_foreign_ports_are_refused),
	KUNIT_CASE(ndis_io_raw_ports_access_ports),
	KUNIT_CASE(ndis_io_raw_ports_read),
	KUNIT_CASE(ndis_io_raw_ports_write),
	KUNIT_CASE(ndis_io_registers),
	KUNIT_CASE(ndis_io_reads_config_space),
	KUNIT_CASE(ndis_io_writes_config_space),
	KUNIT_CASE(ndis_io_config_space_ends),
	KUNIT_CASE(ndis_io_above_passive_is_refused),
	{}
};

static struct kunit_suite ndis_io_suite = {
	.name = "minirq_ndis_io",
	.init = ndis_io_init,
	.exit = ndis_io_exit,
	.test_cases = ndis_io_cases,
};

kunit_test_suite(ndis_io_suite);
