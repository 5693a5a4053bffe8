// SPDX-License-Identifier: GPL-2.0-only
/* The locks of messages, one by one and all together. */
#include "../src/irql.h"
#include "storport_fixture.h"

#define N	FAKE_STOR_MESSAGES

/* What an output holds that nobody has written to */
#define UNTOUCHED	0xa5

/* A237 */
static void storport_msi_lock_keeps_its_isr_out(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG status, old = 0;
	bool waits, ran;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_prepare(stor, 1, fake_stor_raise, 1);
	status = StorPortAcquireMSISpinLock(stor->extension, 1, &old);
	fake_stor_go(stor, 1);
	waits = fake_stor_isr_waits(stor, 1, 1, current);
	ran = atomic_read(&stor->message[1].entered);
	StorPortReleaseMSISpinLock(stor->extension, 1, old);

	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_FALSE(test, ran);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[1].left));
}

/* A238 */
static void storport_msi_lock_lets_other_isr_in(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG old = 0;
	bool ran;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	StorPortAcquireMSISpinLock(stor->extension, 1, &old);
	fake_stor_go(stor, 1);
	ran = spin_for(&stor->message[0].left);
	StorPortReleaseMSISpinLock(stor->extension, 1, old);
	KUNIT_EXPECT_TRUE(test, ran);
}

/* A239 */
static void storport_msi_lock_refuses_null_extension(struct kunit *test)
{
	ULONG old = UNTOUCHED;

	KUNIT_EXPECT_EQ(test, StorPortAcquireMSISpinLock(NULL, 0, &old),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, StorPortReleaseMSISpinLock(NULL, 0, 0),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, old, UNTOUCHED);
}

static void storport_msi_lock_refuses_null_output(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	KUNIT_EXPECT_EQ(test,
			StorPortAcquireMSISpinLock(stor->extension, 0, NULL),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A240 */
static void storport_msi_lock_under_one_lock_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG old = UNTOUCHED;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	/* OP-29: nothing is acquired, and the output is left alone */
	KUNIT_EXPECT_EQ(test,
			StorPortAcquireMSISpinLock(stor->extension, 1, &old),
			STOR_STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_MSI_LOCK), 1);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, old, UNTOUCHED);
	KUNIT_EXPECT_EQ(test,
			StorPortReleaseMSISpinLock(stor->extension, 1, 0),
			STOR_STATUS_INVALID_DEVICE_REQUEST);
}

/* OP-29 */
static void storport_msi_lock_refuses_unknown_id(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG old = UNTOUCHED;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	KUNIT_EXPECT_EQ(test,
			StorPortAcquireMSISpinLock(stor->extension, N, &old),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test,
			StorPortReleaseMSISpinLock(stor->extension, N, 0),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, old, UNTOUCHED);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A241 */
static void storport_msi_lock_restores_passive(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG old = UNTOUCHED;
	KIRQL held;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	StorPortAcquireMSISpinLock(stor->extension, 1, &old);
	held = KeGetCurrentIrql();
	StorPortReleaseMSISpinLock(stor->extension, 1, old);
	KUNIT_EXPECT_EQ(test, held, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, old, PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void storport_msi_locks_nest_by_id(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG outer = 0, inner = 0;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	StorPortAcquireMSISpinLock(stor->extension, 0, &outer);
	StorPortAcquireMSISpinLock(stor->extension, 1, &inner);
	StorPortReleaseMSISpinLock(stor->extension, 1, inner);
	StorPortReleaseMSISpinLock(stor->extension, 0, outer);
	KUNIT_EXPECT_EQ(test, inner, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void lock_next_message(struct fake_stor *stor, ULONG id)
{
	ULONG old = 0;

	stor->status = StorPortAcquireMSISpinLock(stor->extension, id + 1,
						  &old);
	StorPortReleaseMSISpinLock(stor->extension, id + 1, old);
}

/* OP-31 */
static void storport_msi_lock_of_other_id_in_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	stor->on_message = lock_next_message;
	stor->status = STOR_STATUS_UNSUCCESSFUL;
	fake_irq_fire(stor->dev.irqs, 0);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void lock_own_message(struct fake_stor *stor, ULONG id)
{
	ULONG old = 0;

	stor->status = StorPortAcquireMSISpinLock(stor->extension, id, &old);
	StorPortReleaseMSISpinLock(stor->extension, id, old);
}

/* The ISR holds it already: this would be a deadlock, and is refused. */
static void storport_msi_lock_of_own_id_in_isr_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	stor->on_message = lock_own_message;
	fake_irq_fire(stor->dev.irqs, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->message[0].left), 1);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 2);
}

static void lock_message_0(struct fake_stor *stor)
{
	lock_own_message(stor, 0);
}

/* So does the port around HwStorInitialize. */
static void storport_msi_lock_in_initialize_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = lock_message_0;
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 2);
}

/* Without the verifier, too: it would hang. */
static void storport_msi_lock_after_interrupt_lock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	ULONG status, old = UNTOUCHED;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	minirq_verifier_enable(false);
	StorPortAcquireSpinLock(stor->extension, InterruptLock, NULL, &handle);
	status = StorPortAcquireMSISpinLock(stor->extension, 1, &old);
	StorPortReleaseSpinLock(stor->extension, &handle);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test, old, UNTOUCHED);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	lock_message_0(stor);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
}

static void expect_refused_twice(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int before = fake_stor_all_reports(stor);
	ULONG status, old = 0, again = UNTOUCHED;

	StorPortAcquireMSISpinLock(stor->extension, 1, &old);
	status = StorPortAcquireMSISpinLock(stor->extension, 1, &again);
	StorPortReleaseMSISpinLock(stor->extension, 1, old);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test, again, UNTOUCHED);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), before + 1);
	status = StorPortReleaseMSISpinLock(stor->extension, 1, old);
	KUNIT_EXPECT_EQ(test, status, STOR_STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), before + 2);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* Verified or not: neither is a lock taken twice, nor one released that is not. */
static void storport_msi_lock_twice(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	expect_refused_twice(test);
	minirq_verifier_enable(false);
	expect_refused_twice(test);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 4);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

#define HELD	3

/* A242 */
static void storport_interrupt_lock_keeps_every_isr_out(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int id, waits = 0, ran;
	STOR_LOCK_HANDLE handle;

	stor->mode = InterruptSynchronizePerMessage;
	fake_stor_start(test, fake_irq_messages(test, HELD));
	for (id = 0; id < HELD; id++)
		fake_stor_prepare(stor, id + 1, fake_stor_raise, id);
	StorPortAcquireSpinLock(stor->extension, InterruptLock, NULL, &handle);
	for (id = 0; id < HELD; id++)
		fake_stor_go(stor, id + 1);
	for (id = 0; id < HELD; id++)
		waits += fake_stor_isr_waits(stor, id + 1, id, current);
	ran = fake_stor_isrs(stor);
	StorPortReleaseSpinLock(stor->extension, &handle);

	KUNIT_EXPECT_EQ(test, waits, HELD);
	KUNIT_EXPECT_EQ(test, ran, 0);
	for (id = 0; id < HELD; id++)
		KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[id].left));
}

static void leave_other_lock(struct fake_stor *stor, ULONG id)
{
	ULONG old;

	if (id == 1)
		stor->status = StorPortAcquireMSISpinLock(stor->extension, 2,
							  &old);
}

/* A268 */
static void storport_msi_lock_left_by_isr_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_message = leave_other_lock;
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 1);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(fake_stor_isr_lock(stor, 2)));
	fake_irq_fire(stor->dev.irqs, 2);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[2]), 1);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_msi_lock_keeps_its_isr_out),
	KUNIT_CASE(storport_msi_lock_lets_other_isr_in),
	KUNIT_CASE(storport_msi_lock_refuses_null_extension),
	KUNIT_CASE(storport_msi_lock_refuses_null_output),
	KUNIT_CASE(storport_msi_lock_under_one_lock_is_reported),
	KUNIT_CASE(storport_msi_lock_refuses_unknown_id),
	KUNIT_CASE(storport_msi_lock_restores_passive),
	KUNIT_CASE(storport_msi_locks_nest_by_id),
	KUNIT_CASE(storport_msi_lock_of_other_id_in_isr),
	KUNIT_CASE(storport_msi_lock_of_own_id_in_isr_is_reported),
	KUNIT_CASE(storport_msi_lock_in_initialize_is_reported),
	KUNIT_CASE(storport_msi_lock_after_interrupt_lock),
	KUNIT_CASE(storport_msi_lock_twice),
	KUNIT_CASE(storport_interrupt_lock_keeps_every_isr_out),
	KUNIT_CASE(storport_msi_lock_left_by_isr_is_reported),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_msi_lock",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
