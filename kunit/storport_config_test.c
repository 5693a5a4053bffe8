// SPDX-License-Identifier: GPL-2.0-only
/*
 * How the interrupt of a StorPort miniport is chosen and delivered: what
 * HwStorFindAdapter answers, and what follows from it.
 */
#include <linux/interrupt.h>

#include "../src/irql.h"
#include "storport_fixture.h"

#define N	FAKE_STOR_MESSAGES

/* A243 */
static void storport_config_messages_pass_line_isr_by(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int id;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	for (id = 0; id < N; id++)
		fake_irq_fire(stor->dev.irqs, id);
	for (id = 0; id < N; id++)
		KUNIT_EXPECT_EQ(test, calls(&stor->message[id]), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->line), 0);
}

/* A244 */
static void storport_config_line_without_message_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->message_isr = NULL;
	fake_stor_start(test, fake_irq_line(test));
	fake_irq_fire(stor->dev.irqs, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->line), 1);
}

/* A245 */
static void storport_config_line_with_message_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start(test, fake_irq_line(test));
	fake_irq_fire(stor->dev.irqs, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->line), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_isrs(stor), 0);
}

static void note_mode(struct fake_stor *stor,
		      PPORT_CONFIGURATION_INFORMATION config)
{
	stor->status = config->InterruptMode;
}

/* A246 */
static void storport_config_tells_interrupt_mode(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_find = note_mode;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, stor->status, Latched);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
	fake_stor_start(test, fake_irq_line(test));
	KUNIT_EXPECT_EQ(test, stor->status, LevelSensitive);
}

/* Message 1 arrives on CPU 2 while CPU 1 is in the ISR of message 0. */
static void expect_one_at_a_time(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	atomic_set(&stor->message[0].hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	fake_stor_prepare(stor, 2, fake_stor_raise, 1);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[0].entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, fake_stor_isr_waits(stor, 2, 1,
						    stor->job[1].task));
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 0);
	atomic_set(&stor->message[0].hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[1].left));
}

/* A247 */
static void storport_config_synchronize_all(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	expect_one_at_a_time(test);
}

/* OP-37 */
static void storport_config_no_mode_means_all(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSupportNone);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SYNC_MODE), 1);
	expect_one_at_a_time(test);
}

/* A248 */
static void storport_config_per_message_overlaps(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	atomic_set(&stor->message[0].hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	fake_stor_prepare(stor, 2, fake_stor_raise, 1);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[0].entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[1].left));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->message[0].left), 0);
	atomic_set(&stor->message[0].hold, 0);
}

static irqreturn_t other_owner(int irq, void *calls)
{
	atomic_inc(calls);
	return IRQ_HANDLED;
}

/* A249 */
static void storport_config_unclaimed_line_goes_on(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	atomic_t others = ATOMIC_INIT(0);
	unsigned int irq;

	stor->claimed = FALSE;
	fake_stor_start(test, fake_irq_line(test));
	irq = stor->dev.irqs->irq[0];
	KUNIT_ASSERT_EQ(test, request_irq(irq, other_owner, IRQF_SHARED,
					  "other_owner", &others), 0);
	fake_irq_fire(stor->dev.irqs, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->line), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&others), 1);
	free_irq(irq, &others);
}

static void storport_config_isrs_run_at_dirql(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_irq_fire(stor->dev.irqs, 2);
	KUNIT_EXPECT_EQ(test, stor->message[2].irql, MINIRQ_DIRQL);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
	fake_stor_start(test, fake_irq_line(test));
	fake_irq_fire(stor->dev.irqs, 0);
	KUNIT_EXPECT_EQ(test, stor->line.irql, MINIRQ_DIRQL);
}

static void raise_both_and_watch(struct fake_stor *stor)
{
	fake_stor_go(stor, 1);
	fake_stor_go(stor, 2);
	stor->status = fake_stor_isr_waits(stor, 1, 0, current) +
		       fake_stor_isr_waits(stor, 2, 1, current);
	atomic_set(&stor->flag, fake_stor_isrs(stor));
}

static void raise_line_and_watch(struct fake_stor *stor)
{
	fake_stor_go(stor, 1);
	stor->status = fake_stor_isr_waits(stor, 1, 0, current);
	atomic_set(&stor->flag, calls(&stor->line));
}

static void expect_initialize_alone(struct kunit *test,
				    INTERRUPT_SYNCHRONIZATION_MODE mode)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = raise_both_and_watch;
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	fake_stor_prepare(stor, 2, fake_stor_raise, 1);
	fake_stor_start_messages(test, mode);
	KUNIT_EXPECT_EQ(test, stor->initialize.irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, stor->status, 2);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[0].left));
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[1].left));
}

/* A253 */
static void storport_config_initialize_keeps_isr_out(struct kunit *test)
{
	expect_initialize_alone(test, InterruptSynchronizeAll);
}

/* A253 */
static void storport_config_initialize_keeps_isrs_out(struct kunit *test)
{
	expect_initialize_alone(test, InterruptSynchronizePerMessage);
}

/* A253 */
static void storport_config_initialize_keeps_line_out(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = raise_line_and_watch;
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	fake_stor_start(test, fake_irq_line(test));
	KUNIT_EXPECT_EQ(test, stor->initialize.irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_TRUE(test, stor->status);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->line.left));
}

/* Drivers enable their device before the handler is connected. */
static void storport_config_early_interrupt_arrives(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_irqs *irqs = fake_irq_messages(test, N);

	fake_irq_arm(irqs, 2);
	fake_stor_start(test, irqs);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[2].left));
	KUNIT_EXPECT_EQ(test, fake_stor_isrs(stor), 1);
}

static BOOLEAN watch_line(PVOID extension, PVOID stor)
{
	raise_line_and_watch(stor);
	return TRUE;
}

static BOOLEAN refuse(PVOID extension, PVOID stor)
{
	return FALSE;
}

/* A254 */
static void storport_config_synchronized_access(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start(test, fake_irq_line(test));
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	KUNIT_EXPECT_EQ(test, StorPortSynchronizeAccess(stor->extension,
							watch_line, stor),
			TRUE);
	KUNIT_EXPECT_TRUE(test, stor->status);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->line.left));
	KUNIT_EXPECT_EQ(test, StorPortSynchronizeAccess(stor->extension, refuse,
							stor),
			FALSE);
}

static BOOLEAN never(PVOID extension, PVOID context)
{
	return TRUE;
}

static void synchronize(struct fake_stor *stor, ULONG id)
{
	stor->status = StorPortSynchronizeAccess(stor->extension, never, NULL);
}

static void storport_config_synchronized_access_in_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	stor->on_message = synchronize;
	stor->status = 77;
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, stor->status, FALSE);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
}

static void write_level(struct fake_stor *stor,
			PPORT_CONFIGURATION_INFORMATION config)
{
	config->BusInterruptLevel = 77;
}

static void write_vector(struct fake_stor *stor,
			 PPORT_CONFIGURATION_INFORMATION config)
{
	config->BusInterruptVector = 77;
}

static void write_mode(struct fake_stor *stor,
		       PPORT_CONFIGURATION_INFORMATION config)
{
	config->InterruptMode = LevelSensitive;
}

static void write_level2(struct fake_stor *stor,
			 PPORT_CONFIGURATION_INFORMATION config)
{
	config->BusInterruptLevel2 = 77;
}

static void write_vector2(struct fake_stor *stor,
			  PPORT_CONFIGURATION_INFORMATION config)
{
	config->BusInterruptVector2 = 77;
}

static void write_mode2(struct fake_stor *stor,
			PPORT_CONFIGURATION_INFORMATION config)
{
	config->InterruptMode2 = Latched;
}

static void expect_write_undone(struct kunit *test,
				void (*write)(struct fake_stor *stor,
					      PPORT_CONFIGURATION_INFORMATION))
{
	struct fake_stor *stor = test->priv;
	unsigned int before = fake_stor_reports(stor, MINIRQ_RULE_STOR_CONFIG);
	PPORT_CONFIGURATION_INFORMATION config;

	stor->on_find = write;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	config = &stor->miniport->config;
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_CONFIG),
			before + 1);
	KUNIT_EXPECT_EQ(test, config->BusInterruptLevel, 0);
	KUNIT_EXPECT_EQ(test, config->BusInterruptVector, 0);
	KUNIT_EXPECT_EQ(test, config->InterruptMode, Latched);
	KUNIT_EXPECT_EQ(test, config->BusInterruptLevel2, 0);
	KUNIT_EXPECT_EQ(test, config->BusInterruptVector2, 0);
	KUNIT_EXPECT_EQ(test, config->InterruptMode2, LevelSensitive);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
}

/* A255 */
static void storport_config_undoes_write_to_vector(struct kunit *test)
{
	expect_write_undone(test, write_vector);
}

static void storport_config_undoes_write_to_others(struct kunit *test)
{
	expect_write_undone(test, write_level);
	expect_write_undone(test, write_mode);
	expect_write_undone(test, write_level2);
	expect_write_undone(test, write_vector2);
	expect_write_undone(test, write_mode2);
}

static void storport_config_obedient_driver_is_silent(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_halt(test->priv);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(test->priv), 0);
}

static void unset_length(struct fake_stor *stor,
			 PPORT_CONFIGURATION_INFORMATION config)
{
	config->MaximumTransferLength = SP_UNINITIALIZED_VALUE;
}

static void unset_breaks(struct fake_stor *stor,
			 PPORT_CONFIGURATION_INFORMATION config)
{
	config->NumberOfPhysicalBreaks = SP_UNINITIALIZED_VALUE;
}

static void storport_config_reports_unset_limits(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_find = unset_length;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
	stor->on_find = unset_breaks;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_FIND_ADAPTER),
			2);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_config_messages_pass_line_isr_by),
	KUNIT_CASE(storport_config_line_without_message_isr),
	KUNIT_CASE(storport_config_line_with_message_isr),
	KUNIT_CASE(storport_config_tells_interrupt_mode),
	KUNIT_CASE(storport_config_synchronize_all),
	KUNIT_CASE(storport_config_no_mode_means_all),
	KUNIT_CASE(storport_config_per_message_overlaps),
	KUNIT_CASE(storport_config_unclaimed_line_goes_on),
	KUNIT_CASE(storport_config_isrs_run_at_dirql),
	KUNIT_CASE(storport_config_initialize_keeps_isr_out),
	KUNIT_CASE(storport_config_initialize_keeps_isrs_out),
	KUNIT_CASE(storport_config_initialize_keeps_line_out),
	KUNIT_CASE(storport_config_early_interrupt_arrives),
	KUNIT_CASE(storport_config_synchronized_access),
	KUNIT_CASE(storport_config_synchronized_access_in_isr),
	KUNIT_CASE(storport_config_undoes_write_to_vector),
	KUNIT_CASE(storport_config_undoes_write_to_others),
	KUNIT_CASE(storport_config_obedient_driver_is_silent),
	KUNIT_CASE(storport_config_reports_unset_limits),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_config",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
