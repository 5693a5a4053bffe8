// SPDX-License-Identifier: GPL-2.0-only
/* What StorPort adapters find in the registry, and what they write. */
#include <linux/minirq.h>
#include <linux/string.h>

#include "storport_fixture.h"

static char *entries[] = {
	"Count=300",
	"Prefixed=0x1f",
	"Huge=4294967296",
	"Text=Hello",
	"Bytes=00ff10",
	"Odd=00f",
	"NoHex=zz",
	"0000:00:04.0/Mine=5",
	"Mine=4",
	"Parameters\\Depth=64",
};

static const int entry_count = ARRAY_SIZE(entries);

static const struct minirq_config config = { entries, &entry_count };

/* An adapter whose device has the name 0000:00:04.0 */
static void *start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_stor_registry *registry;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	registry = &stor->miniport->adapter.registry;
	registry->config = &config;
	registry->driver = "minirq_kunit";
	registry->device = "0000:00:04.0";
	return stor->extension;
}

static ULONG read_dword(void *extension, char *name, ULONG global)
{
	ULONG value = 0, size = sizeof(value);

	if (!StorPortRegistryRead(extension, (PUCHAR)name, global,
				  MINIPORT_REG_DWORD, (void *)&value, &size) ||
	    size != sizeof(value))
		return ~0U;
	return value;
}

static void storport_registry_numbers(struct kunit *test)
{
	void *extension = start(test);
	ULONG64 huge = 0;
	ULONG size = sizeof(huge);

	KUNIT_EXPECT_EQ(test, read_dword(extension, "Count", 1), 300);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "prefixed", 1), 0x1f);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "Huge", 1), ~0U);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "Text", 1), ~0U);
	KUNIT_EXPECT_TRUE(test, StorPortRegistryRead(extension, "Huge", 1,
						     REG_QWORD, (void *)&huge,
						     &size));
	KUNIT_EXPECT_EQ(test, huge, 1ULL << 32);
}

/* An adapter's own value comes before the one for all. */
static void storport_registry_of_an_adapter(struct kunit *test)
{
	void *extension = start(test);

	KUNIT_EXPECT_EQ(test, read_dword(extension, "Mine", 0), 5);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "Mine", 1), 4);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "Count", 0), 300);
}

static void storport_registry_strings(struct kunit *test)
{
	void *extension = start(test);
	UCHAR text[8] = { [7] = 0xee };
	ULONG size = sizeof(text);

	KUNIT_EXPECT_TRUE(test, StorPortRegistryRead(extension, "Text", 1,
						     MINIPORT_REG_SZ, text,
						     &size));
	KUNIT_EXPECT_STREQ(test, (char *)text, "Hello");
	KUNIT_EXPECT_EQ(test, size, 6);
	size = sizeof(text);
	KUNIT_EXPECT_TRUE(test, StorPortRegistryRead(extension, "Text", 1,
						     MINIPORT_REG_MULTI_SZ,
						     text, &size));
	KUNIT_EXPECT_EQ(test, size, 7);
	KUNIT_EXPECT_EQ(test, memcmp(text, "Hello\0", 7), 0);
	KUNIT_EXPECT_EQ(test, text[7], 0xee);
}

static void storport_registry_bytes(struct kunit *test)
{
	void *extension = start(test);
	UCHAR bytes[4] = {};
	ULONG size = sizeof(bytes);

	KUNIT_EXPECT_TRUE(test, StorPortRegistryRead(extension, "Bytes", 1,
						     MINIPORT_REG_BINARY, bytes,
						     &size));
	KUNIT_EXPECT_EQ(test, size, 3);
	KUNIT_EXPECT_EQ(test, memcmp(bytes, "\x00\xff\x10", 4), 0);
	size = sizeof(bytes);
	KUNIT_EXPECT_FALSE(test, StorPortRegistryRead(extension, "Odd", 1,
						      MINIPORT_REG_BINARY,
						      bytes, &size));
	KUNIT_EXPECT_EQ(test, size, 0);
	size = sizeof(bytes);
	KUNIT_EXPECT_FALSE(test, StorPortRegistryRead(extension, "NoHex", 1,
						      MINIPORT_REG_BINARY,
						      bytes, &size));
	KUNIT_EXPECT_EQ(test, size, 0);
}

/* FALSE says how much is needed, or 0 when more would not help. */
static void storport_registry_too_small(struct kunit *test)
{
	void *extension = start(test);
	UCHAR text[5] = { 0xee };
	ULONG size = sizeof(text);

	KUNIT_EXPECT_FALSE(test, StorPortRegistryRead(extension, "Text", 1,
						      MINIPORT_REG_SZ, text,
						      &size));
	KUNIT_EXPECT_EQ(test, size, 6);
	KUNIT_EXPECT_EQ(test, text[0], 0xee);
	KUNIT_EXPECT_FALSE(test, StorPortRegistryRead(extension, "Nothing", 1,
						      MINIPORT_REG_SZ, text,
						      &size));
	KUNIT_EXPECT_EQ(test, size, 0);
	size = sizeof(text);
	KUNIT_EXPECT_FALSE(test, StorPortRegistryRead(extension, "Text", 1,
						      REG_LINK, text, &size));
	KUNIT_EXPECT_EQ(test, size, 0);
}

static void storport_registry_passive_only(struct kunit *test)
{
	void *extension = start(test);
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "Count", 1), ~0U);
	KUNIT_EXPECT_FALSE(test, StorPortRegistryWrite(extension, "Count", 1,
						       MINIPORT_REG_SZ, "7",
						       2));
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "Count", 1), 300);
}

static void storport_registry_written(struct kunit *test)
{
	void *extension = start(test);
	ULONG number = 77;
	UCHAR bytes[3] = { 1, 2, 0xfe }, back[4];
	ULONG size = sizeof(back);

	KUNIT_EXPECT_TRUE(test, StorPortRegistryWrite(extension, "WrittenNumber",
						      0, MINIPORT_REG_DWORD,
						      (void *)&number, 4));
	KUNIT_EXPECT_EQ(test, read_dword(extension, "WrittenNumber", 0), 77);
	KUNIT_EXPECT_EQ(test, read_dword(extension, "WrittenNumber", 1), ~0U);
	KUNIT_EXPECT_TRUE(test, StorPortRegistryWrite(extension, "WrittenBytes",
						      1, MINIPORT_REG_BINARY,
						      bytes, 3));
	KUNIT_EXPECT_TRUE(test, StorPortRegistryRead(extension, "WrittenBytes",
						     1, MINIPORT_REG_BINARY,
						     back, &size));
	KUNIT_EXPECT_EQ(test, size, 3);
	KUNIT_EXPECT_EQ(test, memcmp(back, bytes, 3), 0);
	KUNIT_EXPECT_FALSE(test, StorPortRegistryWrite(extension, "Written",
						       1, MINIPORT_REG_DWORD,
						       bytes, 3));
	KUNIT_EXPECT_FALSE(test, StorPortRegistryWrite(extension, "Written",
						       1, MINIPORT_REG_MULTI_SZ,
						       bytes, 3));
}

static void storport_registry_adapter_key(struct kunit *test)
{
	void *extension = start(test);
	ULONG value = 0, size = sizeof(value);
	PVOID data = &value;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortRegistryReadAdapterKey(extension, "Parameters",
						       "Depth", REG_DWORD,
						       &data, &size));
	KUNIT_EXPECT_EQ(test, value, 64);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_UNSUCCESSFUL,
			StorPortRegistryReadAdapterKey(extension, NULL, "Depth",
						       REG_DWORD, &data,
						       &size));
	value = 65;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortRegistryWriteAdapterKey(extension, "Parameters",
							"KeyDepth", REG_DWORD,
							&value, sizeof(value)));
	KUNIT_EXPECT_EQ(test,
			read_dword(extension, "Parameters\\KeyDepth", 0), 65);
	size = 2;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_BUFFER_TOO_SMALL,
			StorPortRegistryReadAdapterKey(extension, NULL, "Mine",
						       REG_DWORD, &data,
						       &size));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortRegistryReadAdapterKey(NULL, NULL, "Mine",
						       REG_DWORD, &data,
						       &size));
}

/* An adapter has one buffer at a time; what it leaves goes with it. */
static void storport_registry_one_buffer(struct kunit *test)
{
	void *extension = start(test);
	ULONG size = 512;
	PUCHAR buffer = StorPortAllocateRegistryBuffer(extension, &size);

	KUNIT_ASSERT_NOT_NULL(test, buffer);
	KUNIT_EXPECT_EQ(test, size, 512);
	KUNIT_EXPECT_NULL(test, memchr_inv(buffer, 0, size));
	KUNIT_EXPECT_NULL(test,
			  StorPortAllocateRegistryBuffer(extension, &size));
	StorPortFreeRegistryBuffer(extension, buffer + 1);
	KUNIT_EXPECT_NULL(test,
			  StorPortAllocateRegistryBuffer(extension, &size));
	StorPortFreeRegistryBuffer(extension, buffer);
	KUNIT_EXPECT_NOT_NULL(test,
			      StorPortAllocateRegistryBuffer(extension, &size));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_registry_numbers),
	KUNIT_CASE(storport_registry_of_an_adapter),
	KUNIT_CASE(storport_registry_strings),
	KUNIT_CASE(storport_registry_bytes),
	KUNIT_CASE(storport_registry_too_small),
	KUNIT_CASE(storport_registry_passive_only),
	KUNIT_CASE(storport_registry_written),
	KUNIT_CASE(storport_registry_adapter_key),
	KUNIT_CASE(storport_registry_one_buffer),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_registry",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
