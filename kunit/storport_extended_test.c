// SPDX-License-Identifier: GPL-2.0-only
/* StorPort functions by their codes, and those that Windows has and minirq has not. */
#include "storport_fixture.h"

static void *start(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	return stor->extension;
}

/* The values that headers of other projects agree on */
static void storport_extended_codes(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionAcquireMSISpinLock, 11);
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionGetD3ColdSupport, 67);
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionInitializeSpinlock, 75);
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionAllocateDmaMemory, 82);
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionGetCurrentProcessorIndex, 92);
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionAcquireSpinLock, 93);
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionMaskPciMsixEntry, 108);
	KUNIT_EXPECT_EQ(test, (int)ExtFunctionGetNodeAffinity2, 117);
}

static VOID no_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
}

/* A260 A262 A272 A273 */
static void storport_extended_locks_and_dpcs(struct kunit *test)
{
	void *extension = start(test);
	BOOLEAN removed = TRUE;
	STOR_LOCK_HANDLE handle = {};
	STOR_KSPIN_LOCK lock;
	STOR_DPC dpc;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionInitializeSpinlock,
						 extension, &lock));
	StorPortInitializeDpc(extension, &dpc, no_routine);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionCancelDpc,
						 extension, &dpc, &removed));
	KUNIT_EXPECT_FALSE(test, removed);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortExtendedFunction(ExtFunctionCancelDpc,
						 extension, NULL, &removed));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortExtendedFunction(ExtFunctionAcquireSpinLock,
						 extension, InvalidLock, NULL,
						 &handle));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionAcquireSpinLock,
						 extension, StartIoLock, NULL,
						 &handle));
	StorPortReleaseSpinLock(extension, &handle);
}

/* A286 A287 A288 */
static void storport_extended_messages(struct kunit *test)
{
	void *extension = start(test);
	KIRQL irql = HIGH_LEVEL;
	ULONG id = 0;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortExtendedFunction(ExtFunctionMaskPciMsixEntry,
						 extension, 2048U, TRUE));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortExtendedFunction(ExtFunctionGetMessageInterruptIDFromProcessorIndex,
						 extension, nr_cpu_ids, &id));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetCurrentIrql,
						 extension, &irql));
	KUNIT_EXPECT_EQ(test, irql, PASSIVE_LEVEL);
}

static void storport_extended_system(struct kunit *test)
{
	STOR_DPC_WATCHDOG_INFORMATION watchdog;
	void *extension = start(test);
	GROUP_AFFINITY affinity = {};
	ULONG interval = 0;
	USHORT count = 0;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_UNSUCCESSFUL,
			StorPortExtendedFunction(ExtFunctionQueryDpcWatchdogInformation,
						 extension, &watchdog));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionQueryTimerMinInterval,
						 extension, &interval));
	KUNIT_EXPECT_GT(test, interval, 0);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetNodeAffinity2,
						 extension, 0U, &affinity, 1,
						 &count));
	KUNIT_EXPECT_EQ(test, count, 1);
	KUNIT_EXPECT_NE(test, affinity.Mask, 0);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionDelayExecution,
						 extension, 1U));
}

static void storport_extended_processors(struct kunit *test)
{
	void *extension = start(test);
	ULONG count = 0;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionGetProcessorCount,
						 extension, &count));
	KUNIT_EXPECT_EQ(test, count, num_online_cpus());
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetProcessorCount(extension, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetProcessorCount(NULL, &count));
}

static void storport_extended_lists(struct kunit *test)
{
	STOR_SLIST_ENTRY entries[2], *first = NULL;
	void *extension = start(test);
	STOR_SLIST_HEADER list;
	SHORT depth = -1;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionInitializeSListHead,
						 extension, &list));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionInterlockedPushEntrySList,
						 extension, &list, &entries[0],
						 &first));
	KUNIT_EXPECT_NULL(test, first);
	StorPortInterlockedPushEntrySList(extension, &list, &entries[1],
					  &first);
	KUNIT_EXPECT_PTR_EQ(test, first, &entries[0]);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionQueryDepthSList,
						 extension, &list, &depth));
	KUNIT_EXPECT_EQ(test, depth, 2);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionInterlockedPopEntrySList,
						 extension, &list, &first));
	KUNIT_EXPECT_PTR_EQ(test, first, &entries[1]);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionInterlockedFlushSList,
						 extension, &list, &first));
	KUNIT_EXPECT_PTR_EQ(test, first, &entries[0]);
	StorPortInterlockedPopEntrySList(extension, &list, &first);
	KUNIT_EXPECT_NULL(test, first);
}

static void storport_extended_lists_refuse_null(struct kunit *test)
{
	STOR_SLIST_ENTRY entry, *first = NULL;
	void *extension = start(test);
	STOR_SLIST_HEADER list;
	SHORT depth;

	InitializeSListHead(&list);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializeSListHead(extension, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInterlockedPushEntrySList(extension, &list,
							  NULL, &first));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInterlockedPushEntrySList(extension, &list,
							  &entry, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInterlockedPopEntrySList(extension, NULL,
							 &first));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInterlockedFlushSList(extension, &list, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortQueryDepthSList(NULL, &list, &depth));
}

/* Reported by the list itself */
static void storport_extended_lists_refuse_unaligned(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_SLIST);
	STOR_SLIST_ENTRY entries[2], *first = NULL;
	void *extension = start(test);
	STOR_SLIST_HEADER list;

	InitializeSListHead(&list);
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInterlockedPushEntrySList(extension, &list,
							  (void *)entries + 8,
							  &first));
	KUNIT_EXPECT_EQ(test, QueryDepthSList(&list), 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_SLIST), before + 1);
}

static void storport_extended_dma_memory(struct kunit *test)
{
	PHYSICAL_ADDRESS none = {}, most = { .QuadPart = -1 }, address = {};
	void *extension = start(test);
	PVOID data = NULL;

	KUNIT_ASSERT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionAllocateDmaMemory,
						 extension, (SIZE_T)PAGE_SIZE,
						 none, most, none, MmCached,
						 MM_ANY_NODE_OK, &data,
						 &address));
	KUNIT_EXPECT_EQ(test, address.QuadPart, virt_to_phys(data));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortExtendedFunction(ExtFunctionFreeDmaMemory,
						 extension, data,
						 (SIZE_T)PAGE_SIZE, MmCached,
						 address));
}

/* Nothing manages power: what a driver asks fails as its page says. */
static void storport_extended_power(struct kunit *test)
{
	void *extension = start(test);
	STOR_POFX_DEVICE device = {
		.Version = STOR_POFX_DEVICE_VERSION_V1,
		.Size = STOR_POFX_DEVICE_SIZE,
	};
	BOOLEAN cold = FALSE;

	KUNIT_EXPECT_EQ(test, STOR_STATUS_UNSUCCESSFUL,
			StorPortInitializePoFxPower(extension, NULL, &device,
						    &cold));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializePoFxPower(extension, NULL, NULL,
						    &cold));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortInitializePoFxPower(NULL, NULL, &device,
						    &cold));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_DEVICE_REQUEST,
			StorPortPoFxActivateComponent(extension, NULL, NULL, 0,
						      0));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_DEVICE_REQUEST,
			StorPortPoFxIdleComponent(extension, NULL, NULL, 0, 0));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortPoFxIdleComponent(NULL, NULL, NULL, 0, 0));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortGetD3ColdSupport(extension, NULL, &cold));
	KUNIT_EXPECT_FALSE(test, cold);
}

static void storport_extended_notes(struct kunit *test)
{
	STORPORT_TELEMETRY_EVENT event = {};
	void *extension = start(test);
	GUID guid = {};

	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortMarkDumpMemory(extension, &guid, sizeof(guid),
					       0));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_SUCCESS,
			StorPortSetPowerSettingNotificationGuids(extension, 1,
								 &guid));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortSetPowerSettingNotificationGuids(NULL, 1,
								 &guid));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortInvokeAcpiMethod(extension, NULL, 0, NULL, 0,
						 NULL, 0, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortLogTelemetry(extension, NULL, &event));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_NOT_IMPLEMENTED,
			StorPortEtwEvent2(extension, NULL, 1U, NULL, 0ULL,
					  StorportEtwLevelError,
					  StorportEtwEventOpcodeInfo, NULL,
					  NULL, 0ULL, NULL, 0ULL));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_extended_codes),
	KUNIT_CASE(storport_extended_locks_and_dpcs),
	KUNIT_CASE(storport_extended_messages),
	KUNIT_CASE(storport_extended_system),
	KUNIT_CASE(storport_extended_processors),
	KUNIT_CASE(storport_extended_lists),
	KUNIT_CASE(storport_extended_lists_refuse_null),
	KUNIT_CASE(storport_extended_lists_refuse_unaligned),
	KUNIT_CASE(storport_extended_dma_memory),
	KUNIT_CASE(storport_extended_power),
	KUNIT_CASE(storport_extended_notes),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_extended",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
