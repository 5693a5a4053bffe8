// SPDX-License-Identifier: GPL-2.0-only
/* What StorPort tells about messages. */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/string.h>

#include "../src/irql.h"
#include "storport_fixture.h"

#define N	FAKE_STOR_MESSAGES

/* What an output holds that nobody has written to */
#define UNTOUCHED	0xa5

static ULONG info(struct fake_stor *stor, ULONG id)
{
	MESSAGE_INTERRUPT_INFORMATION info;

	return StorPortGetMSIInfo(stor->extension, id, &info);
}

/* A225 */
static void storport_msi_info_refuses_null_extension(struct kunit *test)
{
	MESSAGE_INTERRUPT_INFORMATION info;

	KUNIT_EXPECT_EQ(test, StorPortGetMSIInfo(NULL, 0, &info),
			STOR_STATUS_INVALID_PARAMETER);
}

/* A226 */
static void storport_msi_info_refuses_null_output(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, StorPortGetMSIInfo(stor->extension, 0, NULL),
			STOR_STATUS_INVALID_PARAMETER);
}

/* A227 */
static void storport_msi_info_refuses_first_id_past_last(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, info(test->priv, N),
			STOR_STATUS_INVALID_PARAMETER);
}

/* A228 */
static void storport_msi_info_refuses_highest_id(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, info(test->priv, 0xffffffff),
			STOR_STATUS_INVALID_PARAMETER);
}

/* A229 */
static void storport_msi_info_refuses_line_only(struct kunit *test)
{
	fake_stor_start(test, fake_irq_line(test));
	KUNIT_EXPECT_EQ(test, info(test->priv, 0),
			STOR_STATUS_INVALID_DEVICE_REQUEST);
}

static void ask_for_message_0(struct fake_stor *stor,
			      PPORT_CONFIGURATION_INFORMATION config)
{
	stor->status = info(stor, 0);
}

/* OP-32: a device with messages has none before it is connected either. */
static void storport_msi_info_refuses_before_connection(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_find = ask_for_message_0;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_INVALID_DEVICE_REQUEST);
}

static void ask_for_last_message(struct fake_stor *stor)
{
	stor->status = info(stor, N - 1);
}

/* Drivers count their messages here. */
static void storport_msi_info_works_in_initialize(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = ask_for_last_message;
	stor->status = STOR_STATUS_UNSUCCESSFUL;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
}

/* A230 */
static void storport_msi_info_tells_id(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	MESSAGE_INTERRUPT_INFORMATION info;
	ULONG id;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	for (id = 0; id < N; id++) {
		KUNIT_EXPECT_EQ(test,
				StorPortGetMSIInfo(stor->extension, id, &info),
				STOR_STATUS_SUCCESS);
		KUNIT_EXPECT_EQ(test, info.MessageId, id);
	}
}

/* A231 */
static void storport_msi_info_tells_latched(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	MESSAGE_INTERRUPT_INFORMATION info;
	ULONG id;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	for (id = 0; id < N; id++) {
		StorPortGetMSIInfo(stor->extension, id, &info);
		KUNIT_EXPECT_EQ(test, info.InterruptMode, Latched);
		KUNIT_EXPECT_EQ(test, (int)info.InterruptMode, 1);
	}
}

static void expect_programmed(struct kunit *test, ULONG id)
{
	struct fake_stor *stor = test->priv;
	const struct minirq_irqs *irqs = stor->dev.irqs;
	MESSAGE_INTERRUPT_INFORMATION info;

	StorPortGetMSIInfo(stor->extension, id, &info);
	KUNIT_EXPECT_EQ(test, (u64)info.MessageAddress.QuadPart,
			fake_irq_address(irqs, id));
	KUNIT_EXPECT_EQ(test, info.MessageData, fake_irq_data(irqs, id));
}

/* A232 */
static void storport_msi_info_tells_programmed_message(struct kunit *test)
{
	ULONG id;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	for (id = 0; id < N; id++)
		expect_programmed(test, id);
}

/* A232 */
static void storport_msi_info_follows_move(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	u64 before;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	before = fake_irq_address(stor->dev.irqs, 1);
	irq_set_status_flags(stor->dev.irqs->irq[1], IRQ_MOVE_PCNTXT);
	irq_set_affinity(stor->dev.irqs->irq[1], cpumask_of(2));
	KUNIT_EXPECT_NE(test, fake_irq_address(stor->dev.irqs, 1), before);
	expect_programmed(test, 1);
}

static void storport_msi_info_tells_vector_and_level(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	MESSAGE_INTERRUPT_INFORMATION info;
	ULONG id;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	for (id = 0; id < N; id++) {
		StorPortGetMSIInfo(stor->extension, id, &info);
		KUNIT_EXPECT_EQ(test, info.InterruptVector,
				stor->dev.irqs->irq[id]);
		KUNIT_EXPECT_EQ(test, info.InterruptLevel, MINIRQ_DIRQL);
	}
}

/* A233 */
static void storport_msi_info_loop_counts_messages(struct kunit *test)
{
	static const ULONG granted[] = { 1, 2, 7 };
	struct fake_stor *stor = test->priv;
	ULONG id, i;

	for (i = 0; i < ARRAY_SIZE(granted); i++) {
		fake_stor_start(test, fake_irq_messages(test, granted[i]));
		for (id = 0; info(stor, id) == STOR_STATUS_SUCCESS; id++)
			;
		KUNIT_EXPECT_EQ(test, id, granted[i]);
		fake_stor_halt(stor);
		fake_stor_destroy(stor);
	}
}

static void expect_untouched(struct kunit *test, PVOID extension, ULONG id)
{
	MESSAGE_INTERRUPT_INFORMATION info;
	ULONG status;

	memset(&info, UNTOUCHED, sizeof(info));
	status = StorPortGetMSIInfo(extension, id, &info);
	KUNIT_EXPECT_NE(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_NULL(test, memchr_inv(&info, UNTOUCHED, sizeof(info)));
}

/* A234 */
static void storport_msi_info_error_leaves_output(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	expect_untouched(test, NULL, 0);
	expect_untouched(test, stor->extension, N);
	expect_untouched(test, stor->extension, 0xffffffff);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
	fake_stor_start(test, fake_irq_line(test));
	expect_untouched(test, stor->extension, 0);
}

static ULONG info_at(struct fake_stor *stor, KIRQL irql)
{
	ULONG status;
	KIRQL old;

	KeRaiseIrql(irql, &old);
	status = info(stor, 0);
	KeLowerIrql(old);
	return status;
}

/* A235 */
static void storport_msi_info_works_at_raised_irql(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, info_at(test->priv, DISPATCH_LEVEL),
			STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, info_at(test->priv, MINIRQ_DIRQL),
			STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(test->priv), 0);
}

static void ask_in_isr(struct fake_stor *stor, ULONG id)
{
	stor->status = info(stor, id);
}

/* A236 */
static void storport_msi_info_in_isr_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	stor->on_message = ask_in_isr;
	stor->status = STOR_STATUS_UNSUCCESSFUL;
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_MSI_INFO), 1);
	/* OP-32: it works all the same */
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_msi_info_refuses_null_extension),
	KUNIT_CASE(storport_msi_info_refuses_null_output),
	KUNIT_CASE(storport_msi_info_refuses_first_id_past_last),
	KUNIT_CASE(storport_msi_info_refuses_highest_id),
	KUNIT_CASE(storport_msi_info_refuses_line_only),
	KUNIT_CASE(storport_msi_info_refuses_before_connection),
	KUNIT_CASE(storport_msi_info_works_in_initialize),
	KUNIT_CASE(storport_msi_info_tells_id),
	KUNIT_CASE(storport_msi_info_tells_latched),
	KUNIT_CASE(storport_msi_info_tells_programmed_message),
	KUNIT_CASE(storport_msi_info_follows_move),
	KUNIT_CASE(storport_msi_info_tells_vector_and_level),
	KUNIT_CASE(storport_msi_info_loop_counts_messages),
	KUNIT_CASE(storport_msi_info_error_leaves_output),
	KUNIT_CASE(storport_msi_info_works_at_raised_irql),
	KUNIT_CASE(storport_msi_info_in_isr_is_reported),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_message",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
