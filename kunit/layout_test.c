// SPDX-License-Identifier: GPL-2.0-only
/*
 * The x64 layout of what drivers and system share. The header holds every
 * member's place as a compile-time assertion, in this kernel's own build; the
 * cases repeat those that the contract singles out.
 */
#include <linux/stddef.h>

#include <kunit/test.h>

#include <ndis.h>
#include <ntddk.h>
#include <storport.h>
#include <wdm.h>

/* sparse cannot work out where members of unnamed members are */
#ifndef __CHECKER__
#include "../tests/headers/layout.h"
#endif

/* A291 */
static void layout_connect_parameters(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(IO_CONNECT_INTERRUPT_PARAMETERS), 0x50);
	KUNIT_EXPECT_EQ(test, offsetof(IO_CONNECT_INTERRUPT_PARAMETERS,
				       MessageBased.FallBackServiceRoutine), 0x38);
}

static void layout_dpc(struct kunit *test)
{
	/* Lock debugging, as in this kernel, makes a lock larger, nothing else. */
	KUNIT_EXPECT_EQ(test, sizeof(KDPC), 0x40);
	KUNIT_EXPECT_EQ(test, offsetof(STOR_DPC, Lock), 0x40);
	KUNIT_EXPECT_EQ(test, sizeof(STOR_DPC), 0x40 + sizeof(KSPIN_LOCK));
}

/* A293 */
static void layout_ndis_interrupt_characteristics(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS), 0x60);
	KUNIT_EXPECT_EQ(test, offsetof(NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS,
				       MessageInfoTable), 0x58);
}

/* A294 */
static void layout_message_interrupt_information(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(MESSAGE_INTERRUPT_INFORMATION), 0x20);
	KUNIT_EXPECT_EQ(test, offsetof(MESSAGE_INTERRUPT_INFORMATION, MessageAddress), 8);
}

/* A295 */
static void layout_port_configuration(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, offsetof(PORT_CONFIGURATION_INFORMATION,
				       HwMSInterruptRoutine), 0x98);
	KUNIT_EXPECT_EQ(test, offsetof(PORT_CONFIGURATION_INFORMATION,
				       InterruptSynchronizationMode), 0xa0);
}

/* A296 */
static void layout_perf_configuration(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, sizeof(PERF_CONFIGURATION_DATA), 0x28);
	KUNIT_EXPECT_EQ(test, offsetof(PERF_CONFIGURATION_DATA, MessageTargets), 0x20);
}

static struct kunit_case layout_cases[] = {
	KUNIT_CASE(layout_connect_parameters),
	KUNIT_CASE(layout_dpc),
	KUNIT_CASE(layout_ndis_interrupt_characteristics),
	KUNIT_CASE(layout_message_interrupt_information),
	KUNIT_CASE(layout_port_configuration),
	KUNIT_CASE(layout_perf_configuration),
	{}
};

static struct kunit_suite layout_suite = {
	.name = "minirq_layout",
	.test_cases = layout_cases,
};

kunit_test_suite(layout_suite);
