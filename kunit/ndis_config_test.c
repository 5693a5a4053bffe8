// SPDX-License-Identifier: GPL-2.0-only
/* Configuration of NDIS drivers: what they read, write and close. */
#include <linux/ktime.h>
#include <linux/minirq.h>
#include <linux/platform_device.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/ndis_handle.h"
#include "../src/verifier.h"

/**
 * struct registry - an adapter and its module's parameter
 * @adapter:	the adapter, of a device with the name minirq_kunit
 * @pdev:	the device
 * @config:	the parameter
 * @handle:	an open configuration
 */
struct registry {
	struct minirq_ndis_adapter adapter;
	struct platform_device *pdev;
	struct minirq_config config;
	NDIS_HANDLE handle;
};

static char *entries[] = {
	"*FlowControl=3",
	"Hex=1f",
	"Prefixed=0x1F",
	"Negative=-2",
	"Huge=4294967296",
	"Text=Hello",
	"Twice=1",
	"twice=2",
	"Bytes=00ff10",
	"Odd=00f",
	"NetworkAddress=02-00-5e-10-00-01",
	"minirq_kunit/Mine=5",
	"Mine=4",
	"other_device/Foreign=1",
	"Queues\\Count=8",
	"Queues\\First\\Size=64",
};

static const int entry_count = ARRAY_SIZE(entries);

static NDIS_CONFIGURATION_OBJECT object_for(struct registry *registry)
{
	return (NDIS_CONFIGURATION_OBJECT) {
		.Header.Type = NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT,
		.Header.Revision = NDIS_CONFIGURATION_OBJECT_REVISION_1,
		.Header.Size = NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1,
		.NdisHandle = &registry->adapter,
	};
}

static NDIS_STATUS read_from(NDIS_HANDLE handle, char *name, NDIS_PARAMETER_TYPE type,
			     PNDIS_CONFIGURATION_PARAMETER *value)
{
	NDIS_STATUS status = NDIS_STATUS_PENDING;
	NDIS_STRING keyword;

	*value = NULL;
	NdisInitializeString(&keyword, (PUCHAR)name);
	NdisReadConfiguration(&status, value, handle, &keyword, type);
	NdisFreeString(keyword);
	return status;
}

/* The integer of that name, or ~0 when there is none. */
static ULONG integer_in(NDIS_HANDLE handle, char *name, NDIS_PARAMETER_TYPE type)
{
	PNDIS_CONFIGURATION_PARAMETER value;

	if (read_from(handle, name, type, &value) != NDIS_STATUS_SUCCESS ||
	    value->ParameterType != NdisParameterInteger)
		return ~0U;
	return value->ParameterData.IntegerData;
}

static ULONG integer_of(struct registry *registry, char *name)
{
	return integer_in(registry->handle, name, NdisParameterInteger);
}

static void ndis_config_reads_integers(struct kunit *test)
{
	struct registry *registry = test->priv;

	KUNIT_EXPECT_EQ(test, integer_of(registry, "*FlowControl"), 3);
	KUNIT_EXPECT_EQ(test, integer_in(registry->handle, "Hex", NdisParameterHexInteger), 0x1f);
	KUNIT_EXPECT_EQ(test, integer_of(registry, "Prefixed"), 0x1f);
	KUNIT_EXPECT_EQ(test, integer_of(registry, "Negative"), (ULONG)-2);
}

static void ndis_config_bad_integers_fail(struct kunit *test)
{
	struct registry *registry = test->priv;
	PNDIS_CONFIGURATION_PARAMETER value;

	KUNIT_EXPECT_EQ(test, read_from(registry->handle, "Huge", NdisParameterInteger, &value),
			NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, read_from(registry->handle, "Text", NdisParameterInteger, &value),
			NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, read_from(registry->handle, "Absent", NdisParameterInteger, &value),
			NDIS_STATUS_FAILURE);
	/* a name is not found by its beginning */
	KUNIT_EXPECT_EQ(test, read_from(registry->handle, "Tex", NdisParameterString, &value),
			NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_NULL(test, value);
}

static void ndis_config_names_have_no_case(struct kunit *test)
{
	struct registry *registry = test->priv;

	KUNIT_EXPECT_EQ(test, integer_of(registry, "*FLOWcontrol"), 3);
	KUNIT_EXPECT_EQ(test, integer_of(registry, "Twice"), 2);
}

static void ndis_config_reads_strings(struct kunit *test)
{
	static const WCHAR hello[] = { 'H', 'e', 'l', 'l', 'o', 0 };
	struct registry *registry = test->priv;
	PNDIS_CONFIGURATION_PARAMETER value;
	NDIS_STRING *string;

	KUNIT_ASSERT_EQ(test, read_from(registry->handle, "Text", NdisParameterString, &value),
			NDIS_STATUS_SUCCESS);
	string = &value->ParameterData.StringData;
	KUNIT_EXPECT_EQ(test, value->ParameterType, NdisParameterString);
	KUNIT_EXPECT_EQ(test, string->Length, 5 * sizeof(WCHAR));
	KUNIT_EXPECT_EQ(test, string->MaximumLength, 6 * sizeof(WCHAR));
	KUNIT_EXPECT_EQ(test, memcmp(string->Buffer, hello, sizeof(hello)), 0);
}

static void ndis_config_reads_bytes(struct kunit *test)
{
	static const u8 bytes[] = { 0x00, 0xff, 0x10 };
	struct registry *registry = test->priv;
	PNDIS_CONFIGURATION_PARAMETER value;
	BINARY_DATA *data;

	KUNIT_ASSERT_EQ(test, read_from(registry->handle, "Bytes", NdisParameterBinary, &value),
			NDIS_STATUS_SUCCESS);
	data = &value->ParameterData.BinaryData;
	KUNIT_EXPECT_EQ(test, data->Length, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, memcmp(data->Buffer, bytes, sizeof(bytes)), 0);
	KUNIT_EXPECT_EQ(test, read_from(registry->handle, "Odd", NdisParameterBinary, &value),
			NDIS_STATUS_FAILURE);
}

static void ndis_config_device_goes_first(struct kunit *test)
{
	struct registry *registry = test->priv;

	KUNIT_EXPECT_EQ(test, integer_of(registry, "Mine"), 5);
	KUNIT_EXPECT_EQ(test, integer_of(registry, "Foreign"), ~0U);
}

static void ndis_config_knows_its_version(struct kunit *test)
{
	struct registry *registry = test->priv;

	KUNIT_EXPECT_EQ(test, integer_of(registry, "NdisVersion"), NdisGetVersion());
	KUNIT_EXPECT_EQ(test, NdisGetVersion() >> 16, 6);
}

static void ndis_config_reads_network_address(struct kunit *test)
{
	static const u8 bytes[] = { 0x02, 0x00, 0x5e, 0x10, 0x00, 0x01 };
	struct registry *registry = test->priv;
	NDIS_STATUS status;
	PVOID address;
	UINT length;

	NdisReadNetworkAddress(&status, &address, &length, registry->handle);
	KUNIT_ASSERT_EQ(test, status, NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, length, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, memcmp(address, bytes, sizeof(bytes)), 0);

	registry->adapter.owner.config = NULL;
	NdisReadNetworkAddress(&status, &address, &length, registry->handle);
	KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_FAILURE);
}

static NDIS_HANDLE open_below(struct kunit *test, NDIS_HANDLE above, char *name,
			      NDIS_STATUS expected)
{
	NDIS_HANDLE handle = NULL;
	NDIS_STATUS status;
	NDIS_STRING string;

	NdisInitializeString(&string, (PUCHAR)name);
	NdisOpenConfigurationKeyByName(&status, above, &string, &handle);
	NdisFreeString(string);
	KUNIT_EXPECT_EQ(test, status, expected);
	return handle;
}

static void ndis_config_opens_subkeys(struct kunit *test)
{
	struct registry *registry = test->priv;
	NDIS_HANDLE queues, first;

	queues = open_below(test, registry->handle, "Queues", NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_NOT_NULL(test, queues);
	KUNIT_EXPECT_EQ(test, integer_in(queues, "Count", NdisParameterInteger), 8);
	first = open_below(test, queues, "First", NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_NOT_NULL(test, first);
	KUNIT_EXPECT_EQ(test, integer_in(first, "Size", NdisParameterInteger), 64);
	NdisCloseConfiguration(first);
	NdisCloseConfiguration(queues);
	KUNIT_EXPECT_NULL(test, open_below(test, registry->handle, "None", NDIS_STATUS_FAILURE));
}

static NDIS_STATUS write_integer(struct registry *registry, char *name, ULONG integer,
				 NDIS_PARAMETER_TYPE type)
{
	NDIS_CONFIGURATION_PARAMETER value = {
		.ParameterType = type,
		.ParameterData.IntegerData = integer,
	};
	NDIS_STATUS status;
	NDIS_STRING keyword;

	NdisInitializeString(&keyword, (PUCHAR)name);
	NdisWriteConfiguration(&status, registry->handle, &keyword, &value);
	NdisFreeString(keyword);
	return status;
}

static void ndis_config_writes_many_bytes(struct kunit *test)
{
	struct registry *registry = test->priv;
	PNDIS_CONFIGURATION_PARAMETER read;
	NDIS_CONFIGURATION_PARAMETER value = {
		.ParameterType = NdisParameterBinary,
	};
	NDIS_STATUS status;
	NDIS_STRING keyword;
	u8 bytes[100];

	memset(bytes, 0xa5, sizeof(bytes));
	value.ParameterData.BinaryData.Length = sizeof(bytes);
	value.ParameterData.BinaryData.Buffer = bytes;
	NdisInitializeString(&keyword, (PUCHAR)"Many");
	NdisWriteConfiguration(&status, registry->handle, &keyword, &value);
	NdisFreeString(keyword);
	KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_EQ(test, read_from(registry->handle, "Many", NdisParameterBinary, &read),
			NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_EQ(test, read->ParameterData.BinaryData.Length, sizeof(bytes));
	KUNIT_EXPECT_EQ(test, memcmp(read->ParameterData.BinaryData.Buffer, bytes, sizeof(bytes)),
			0);
}

/* Found again through another handle, and before the parameter. */
static void ndis_config_written_stays(struct kunit *test)
{
	struct registry *registry = test->priv;
	NDIS_CONFIGURATION_OBJECT object = object_for(registry);

	KUNIT_EXPECT_EQ(test, write_integer(registry, "*FlowControl", 10, NdisParameterInteger),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, write_integer(registry, "New", 11, NdisParameterHexInteger),
			NDIS_STATUS_SUCCESS);
	NdisCloseConfiguration(registry->handle);
	KUNIT_ASSERT_EQ(test, NdisOpenConfigurationEx(&object, &registry->handle),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, integer_of(registry, "*FlowControl"), 10);
	KUNIT_EXPECT_EQ(test, integer_in(registry->handle, "New", NdisParameterHexInteger), 11);
	KUNIT_EXPECT_EQ(test, write_integer(registry, "*FlowControl", 3, NdisParameterInteger),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, integer_of(registry, "*FlowControl"), 3);
	KUNIT_EXPECT_EQ(test, write_integer(registry, "New", 0, NdisParameterMultiString),
			NDIS_STATUS_NOT_SUPPORTED);
}

static void ndis_config_bad_calls_are_refused(struct kunit *test)
{
	unsigned int levels = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MISC);
	unsigned int handles = minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT);
	struct registry *registry = test->priv;
	NDIS_CONFIGURATION_OBJECT object = object_for(registry);
	PNDIS_CONFIGURATION_PARAMETER value = NULL;
	NDIS_HANDLE handle = NULL;
	NDIS_STATUS status;
	KIRQL old;

	KUNIT_EXPECT_EQ(test, NdisOpenConfigurationEx(NULL, &handle), NDIS_STATUS_FAILURE);
	object.NdisHandle = NULL;
	KUNIT_EXPECT_EQ(test, NdisOpenConfigurationEx(&object, &handle), NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, read_from(NULL, "Text", NdisParameterString, &value),
			NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT), handles + 2);
	object = object_for(registry);
	old = KeRaiseIrqlToDpcLevel();
	status = NdisOpenConfigurationEx(&object, &handle);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, status, NDIS_STATUS_FAILURE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MISC), levels + 1);
	KUNIT_EXPECT_NULL(test, handle);
}

static void ndis_config_left_open_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK);
	struct registry *registry = test->priv;

	minirq_ndis_owner_release(&registry->adapter.owner, "this test");
	registry->handle = NULL;
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_LEAK), before + 1);
}

static void ndis_config_counted_strings(struct kunit *test)
{
	static const WCHAR text[] = { 'a', 'b', 0 };
	NDIS_STRING string;

	NdisInitUnicodeString(&string, text);
	KUNIT_EXPECT_PTR_EQ(test, string.Buffer, (PWCH)text);
	KUNIT_EXPECT_EQ(test, string.Length, 4);
	KUNIT_EXPECT_EQ(test, string.MaximumLength, 6);
	NdisInitUnicodeString(&string, NULL);
	KUNIT_EXPECT_EQ(test, string.Length, 0);
	NdisInitializeString(&string, (PUCHAR)"ab");
	KUNIT_ASSERT_NOT_NULL(test, string.Buffer);
	KUNIT_EXPECT_EQ(test, memcmp(string.Buffer, text, sizeof(text)), 0);
	NdisFreeString(string);
}

static void ndis_config_event_log_has_an_end(struct kunit *test)
{
	static const WCHAR text[] = { 'e', 'v', 'e', 'n', 't', 0 };
	struct registry *registry = test->priv;
	PCWSTR strings[] = { text };
	u8 data[256] = {};

	NdisWriteErrorLogEntry(&registry->adapter, NDIS_ERROR_CODE_TIMEOUT, 2, 1, 2);
	KUNIT_EXPECT_EQ(test, NdisWriteEventLogEntry(NULL, NDIS_STATUS_FAILURE, 1, 1, strings, 4,
						     data),
			NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, NdisWriteEventLogEntry(NULL, NDIS_STATUS_FAILURE, 1, 1, strings,
						     sizeof(data), data),
			NDIS_STATUS_BUFFER_TOO_SHORT);
}

/* It is the time that is the promise, so it is the time that is looked at. */
static void ndis_config_sleep_takes_its_time(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MINIPORT);
	ktime_t start = ktime_get();
	KIRQL old;

	NdisMSleep(2000);
	KUNIT_EXPECT_GE(test, ktime_us_delta(ktime_get(), start), 2000);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MINIPORT), before);
	old = KeRaiseIrqlToDpcLevel();
	NdisMSleep(10);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL_MINIPORT), before + 1);
}

static int ndis_config_init(struct kunit *test)
{
	struct registry *registry = kunit_kzalloc(test, sizeof(*registry), GFP_KERNEL);
	NDIS_CONFIGURATION_OBJECT object;

	if (!registry)
		return -ENOMEM;
	test->priv = registry;
	registry->config.entries = entries;
	registry->config.count = &entry_count;
	minirq_ndis_adapter_init(&registry->adapter, "registry", NULL);
	registry->adapter.owner.config = &registry->config;
	registry->pdev = platform_device_register_simple("minirq_kunit", PLATFORM_DEVID_NONE,
							 NULL, 0);
	if (IS_ERR(registry->pdev))
		return PTR_ERR(registry->pdev);
	registry->adapter.owner.dev = &registry->pdev->dev;
	object = object_for(registry);
	return NdisOpenConfigurationEx(&object, &registry->handle) ? -ENOMEM : 0;
}

static void ndis_config_exit(struct kunit *test)
{
	struct registry *registry = test->priv;

	if (!registry)
		return;
	if (registry->handle)
		NdisCloseConfiguration(registry->handle);
	if (!IS_ERR_OR_NULL(registry->pdev))
		platform_device_unregister(registry->pdev);
}

static struct kunit_case ndis_config_cases[] = {
	KUNIT_CASE(ndis_config_reads_integers),
	KUNIT_CASE(ndis_config_bad_integers_fail),
	KUNIT_CASE(ndis_config_names_have_no_case),
	KUNIT_CASE(ndis_config_reads_strings),
	KUNIT_CASE(ndis_config_reads_bytes),
	KUNIT_CASE(ndis_config_device_goes_first),
	KUNIT_CASE(ndis_config_knows_its_version),
	KUNIT_CASE(ndis_config_reads_network_address),
	KUNIT_CASE(ndis_config_opens_subkeys),
	KUNIT_CASE(ndis_config_written_stays),
	KUNIT_CASE(ndis_config_writes_many_bytes),
	KUNIT_CASE(ndis_config_bad_calls_are_refused),
	KUNIT_CASE(ndis_config_left_open_is_reported),
	KUNIT_CASE(ndis_config_counted_strings),
	KUNIT_CASE(ndis_config_event_log_has_an_end),
	KUNIT_CASE(ndis_config_sleep_takes_its_time),
	{}
};

static struct kunit_suite ndis_config_suite = {
	.name = "minirq_ndis_config",
	.init = ndis_config_init,
	.exit = ndis_config_exit,
	.test_cases = ndis_config_cases,
};

kunit_test_suite(ndis_config_suite);
