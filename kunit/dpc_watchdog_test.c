// SPDX-License-Identifier: GPL-2.0-only
/* What DPCs are told about their time. */
#include <linux/string.h>

#include <kunit/test.h>

#include <wdm.h>

#include "dpc_fixture.h"

/* A154 */
static void dpc_watchdog_query_outside_is_refused(struct kunit *test)
{
	KDPC_WATCHDOG_INFORMATION info = { .Reserved = 1 };
	NTSTATUS at_passive = KeQueryDpcWatchdogInformation(&info);
	KIRQL old = KeRaiseIrqlToDpcLevel();
	NTSTATUS at_dispatch = KeQueryDpcWatchdogInformation(&info);

	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, at_passive, STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, at_dispatch, STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, info.Reserved, 1);
}

static VOID query(PRKDPC dpc, PVOID context, PVOID info, PVOID status)
{
	*(NTSTATUS *)status = KeQueryDpcWatchdogInformation(info);
}

/* There is no time-out: the limits say so. */
static void dpc_watchdog_query_inside_has_no_limits(struct kunit *test)
{
	KDPC_WATCHDOG_INFORMATION info, none = {};
	NTSTATUS status = STATUS_UNSUCCESSFUL;
	KDPC dpc;

	memset(&info, 0x55, sizeof(info));
	KeInitializeDpc(&dpc, query, NULL);
	KeInsertQueueDpc(&dpc, &info, &status);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, status, STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, memcmp(&info, &none, sizeof(info)), 0);
}

static struct kunit_case dpc_watchdog_cases[] = {
	KUNIT_CASE(dpc_watchdog_query_outside_is_refused),
	KUNIT_CASE(dpc_watchdog_query_inside_has_no_limits),
	{}
};

static struct kunit_suite dpc_watchdog_suite = {
	.name = "minirq_dpc_watchdog",
	.init = dpc_fixture_init,
	.exit = dpc_fixture_exit,
	.test_cases = dpc_watchdog_cases,
};

kunit_test_suite(dpc_watchdog_suite);
