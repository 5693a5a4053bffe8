// SPDX-License-Identifier: GPL-2.0-only
/* StorPort spin locks: levels, order, and what is reported. */
#include <linux/string.h>

#include "../src/irql.h"
#include "storport_fixture.h"

static void take(struct fake_stor *stor, STOR_SPINLOCK kind,
		 PSTOR_LOCK_HANDLE handle)
{
	StorPortAcquireSpinLock(stor->extension, kind,
				kind == DpcLock ? &stor->dpc : NULL, handle);
}

static void drop(struct fake_stor *stor, PSTOR_LOCK_HANDLE handle)
{
	StorPortReleaseSpinLock(stor->extension, handle);
}

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
}

/* Take and release a lock at a level. */
static void expect_levels(struct kunit *test, STOR_SPINLOCK kind, KIRQL outside,
			  KIRQL inside)
{
	STOR_LOCK_HANDLE handle;
	KIRQL old, held, after;

	KeRaiseIrql(outside, &old);
	take(test->priv, kind, &handle);
	held = KeGetCurrentIrql();
	drop(test->priv, &handle);
	after = KeGetCurrentIrql();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, held, inside);
	KUNIT_EXPECT_EQ(test, after, outside);
}

/* A265 */
static void storport_lock_interrupt_raises_to_dirql(struct kunit *test)
{
	start(test);
	expect_levels(test, InterruptLock, DISPATCH_LEVEL, MINIRQ_DIRQL);
}

static void storport_lock_interrupt_at_other_levels(struct kunit *test)
{
	start(test);
	expect_levels(test, InterruptLock, PASSIVE_LEVEL, MINIRQ_DIRQL);
	expect_levels(test, InterruptLock, MINIRQ_DIRQL, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(test->priv), 0);
}

static void storport_lock_others_raise_to_dispatch(struct kunit *test)
{
	start(test);
	expect_levels(test, StartIoLock, PASSIVE_LEVEL, DISPATCH_LEVEL);
	expect_levels(test, StartIoLock, DISPATCH_LEVEL, DISPATCH_LEVEL);
	expect_levels(test, DpcLock, PASSIVE_LEVEL, DISPATCH_LEVEL);
	expect_levels(test, DpcLock, DISPATCH_LEVEL, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(test->priv), 0);
}

/* Want a lock under the interrupt lock; 0 in the handle: it is not held. */
static void expect_order_reported(struct kunit *test, STOR_SPINLOCK kind)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE outer, inner;

	memset(&inner, 0xa5, sizeof(inner));
	take(stor, InterruptLock, &outer);
	take(stor, kind, &inner);
	drop(stor, &outer);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK3),
			1);
	KUNIT_EXPECT_EQ(test, (int)inner.Lock, 0);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&stor->dpc.Lock));
	KUNIT_EXPECT_TRUE(test,
			  KeTestSpinLock(&stor->miniport->adapter.start_io));
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A266 */
static void storport_lock_dpc_after_interrupt_is_reported(struct kunit *test)
{
	start(test);
	expect_order_reported(test, DpcLock);
}

static void storport_lock_start_io_after_interrupt_too(struct kunit *test)
{
	start(test);
	expect_order_reported(test, StartIoLock);
}

/* A266 */
static void storport_lock_order_holds_for_one_lock(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	expect_order_reported(test, DpcLock);
}

static void take_dpc_lock(struct fake_stor *stor, ULONG id)
{
	take(stor, DpcLock, &stor->handle);
}

static void take_interrupt_lock(struct fake_stor *stor, ULONG id)
{
	take(stor, InterruptLock, &stor->handle);
}

/* The port itself holds the interrupt lock around an ISR. */
static void storport_lock_dpc_in_isr_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	stor->on_message = take_dpc_lock;
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK3),
			1);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&stor->dpc.Lock));
}

/* OP-31 */
static void storport_lock_interrupt_in_isr_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	stor->on_message = take_interrupt_lock;
	stor->handle.Lock = InterruptLock;
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, (int)stor->handle.Lock, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->message[1].left), 1);
}

/* An ISR that waited for its own lock would stop the machine. */
static void storport_lock_interrupt_in_isr_without_verifier(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	minirq_verifier_enable(false);
	start(test);
	stor->on_message = take_interrupt_lock;
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->message[1].left), 1);
}

static void take_interrupt_lock_once(struct fake_stor *stor)
{
	take(stor, InterruptLock, &stor->handle);
}

static void storport_lock_interrupt_in_initialize(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = take_interrupt_lock_once;
	start(test);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 1);
}

/* A267 */
static void storport_lock_interrupt_after_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE outer, inner;
	KIRQL held, after;

	start(test);
	take(stor, StartIoLock, &outer);
	take(stor, InterruptLock, &inner);
	held = KeGetCurrentIrql();
	drop(stor, &inner);
	after = KeGetCurrentIrql();
	drop(stor, &outer);
	KUNIT_EXPECT_EQ(test, held, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_lock_dpc_after_start_io(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE outer, inner;

	start(test);
	take(stor, StartIoLock, &outer);
	take(stor, DpcLock, &inner);
	drop(stor, &inner);
	drop(stor, &outer);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void storport_lock_interrupt_twice_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE outer, inner;

	start(test);
	take(stor, InterruptLock, &outer);
	take(stor, InterruptLock, &inner);
	drop(stor, &outer);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, (int)inner.Lock, 0);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void expect_interrupt_after_msi_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	ULONG old = 0;

	StorPortAcquireMSISpinLock(stor->extension, 1, &old);
	take(stor, InterruptLock, &handle);
	StorPortReleaseMSISpinLock(stor->extension, 1, old);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, (int)handle.Lock, 0);
}

/* A lock of one message is a part of the interrupt lock. */
static void storport_lock_interrupt_after_msi_is_reported(struct kunit *test)
{
	start(test);
	expect_interrupt_after_msi_reported(test);
}

/* It would hang. */
static void storport_lock_interrupt_after_msi_unverified(struct kunit *test)
{
	start(test);
	minirq_verifier_enable(false);
	expect_interrupt_after_msi_reported(test);
}

static void storport_lock_dpc_twice_is_reported(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE outer, inner;

	start(test);
	take(stor, DpcLock, &outer);
	take(stor, DpcLock, &inner);
	drop(stor, &outer);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
	KUNIT_EXPECT_EQ(test, (int)inner.Lock, 0);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&stor->dpc.Lock));
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void expect_no_such_lock(struct kunit *test, STOR_SPINLOCK kind)
{
	struct fake_stor *stor = test->priv;
	unsigned int before =
		fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK);
	STOR_LOCK_HANDLE handle;

	memset(&handle, 0xa5, sizeof(handle));
	StorPortAcquireSpinLock(stor->extension, kind, &stor->dpc, &handle);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK),
			before + 1);
	KUNIT_EXPECT_EQ(test, (int)handle.Lock, 0);
	KUNIT_EXPECT_TRUE(test, KeTestSpinLock(&stor->dpc.Lock));
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

/* A270 */
static void storport_lock_threaded_dpc_lock_is_reported(struct kunit *test)
{
	start(test);
	expect_no_such_lock(test, ThreadedDpcLock);
}

/* OP-35 */
static void storport_lock_unknown_kinds_are_reported(struct kunit *test)
{
	start(test);
	expect_no_such_lock(test, InvalidLock);
	expect_no_such_lock(test, DpcLevelLock);
	expect_no_such_lock(test, 99);
}

/* OP-35 */
static void storport_lock_dpc_without_context(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;

	start(test);
	StorPortAcquireSpinLock(stor->extension, DpcLock, NULL, &handle);
	KUNIT_EXPECT_EQ(test, (int)handle.Lock, 0);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_SPIN_LOCK), 1);
}

/* OP-36 */
static void storport_lock_driver_may_write_old_irql(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE outer, inner;
	KIRQL after;

	start(test);
	take(stor, StartIoLock, &outer);
	take(stor, InterruptLock, &inner);
	outer.Context.OldIrql = MINIRQ_DIRQL;
	inner.Context.OldIrql = PASSIVE_LEVEL;
	drop(stor, &inner);
	after = KeGetCurrentIrql();
	drop(stor, &outer);
	KUNIT_EXPECT_EQ(test, after, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void take_start_io(struct fake_stor *stor, unsigned int unused)
{
	STOR_LOCK_HANDLE handle;

	take(stor, StartIoLock, &handle);
	atomic_set(&stor->flag, 1);
	drop(stor, &handle);
}

static void storport_lock_start_io_excludes(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	PKSPIN_LOCK lock;
	bool waits, early;

	start(test);
	lock = &stor->miniport->adapter.start_io;
	fake_stor_prepare(stor, 1, take_start_io, 0);
	take(stor, StartIoLock, &handle);
	fake_stor_go(stor, 1);
	waits = fake_stor_at_lock(current, lock) &&
		fake_stor_at_lock(stor->job[1].task, lock);
	early = atomic_read(&stor->flag);
	drop(stor, &handle);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_FALSE(test, early);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
}

static void take_interrupt(struct fake_stor *stor, unsigned int unused)
{
	STOR_LOCK_HANDLE handle;

	take(stor, InterruptLock, &handle);
	atomic_set(&stor->flag, 1 + atomic_read(&stor->message[2].left));
	drop(stor, &handle);
}

/* The other way round: who takes the interrupt lock waits for a running ISR. */
static void storport_lock_interrupt_waits_for_isr(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	PKSPIN_LOCK lock;

	start(test);
	lock = fake_stor_isr_lock(stor, 2);
	atomic_set(&stor->message[2].hold, 1);
	fake_stor_prepare(stor, 1, fake_stor_raise, 2);
	fake_stor_prepare(stor, 2, take_interrupt, 0);
	fake_stor_go(stor, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->message[2].entered));
	fake_stor_go(stor, 2);
	KUNIT_EXPECT_TRUE(test, fake_stor_at_lock(stor->job[1].task, lock));
	KUNIT_EXPECT_TRUE(test, fake_stor_at_lock(stor->job[2].task, lock));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	atomic_set(&stor->message[2].hold, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->flag));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 2);
}

static void storport_lock_interrupt_keeps_line_out(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STOR_LOCK_HANDLE handle;
	bool waits;
	int ran;

	fake_stor_start(test, fake_irq_line(test));
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	take(stor, InterruptLock, &handle);
	fake_stor_go(stor, 1);
	waits = fake_stor_isr_waits(stor, 1, 0, current);
	ran = calls(&stor->line);
	drop(stor, &handle);
	KUNIT_EXPECT_TRUE(test, waits);
	KUNIT_EXPECT_EQ(test, ran, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&stor->line.left));
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_lock_interrupt_raises_to_dirql),
	KUNIT_CASE(storport_lock_interrupt_at_other_levels),
	KUNIT_CASE(storport_lock_others_raise_to_dispatch),
	KUNIT_CASE(storport_lock_dpc_after_interrupt_is_reported),
	KUNIT_CASE(storport_lock_start_io_after_interrupt_too),
	KUNIT_CASE(storport_lock_order_holds_for_one_lock),
	KUNIT_CASE(storport_lock_dpc_in_isr_is_reported),
	KUNIT_CASE(storport_lock_interrupt_in_isr_is_reported),
	KUNIT_CASE(storport_lock_interrupt_in_isr_without_verifier),
	KUNIT_CASE(storport_lock_interrupt_in_initialize),
	KUNIT_CASE(storport_lock_interrupt_after_start_io),
	KUNIT_CASE(storport_lock_dpc_after_start_io),
	KUNIT_CASE(storport_lock_interrupt_twice_is_reported),
	KUNIT_CASE(storport_lock_interrupt_after_msi_is_reported),
	KUNIT_CASE(storport_lock_interrupt_after_msi_unverified),
	KUNIT_CASE(storport_lock_dpc_twice_is_reported),
	KUNIT_CASE(storport_lock_threaded_dpc_lock_is_reported),
	KUNIT_CASE(storport_lock_unknown_kinds_are_reported),
	KUNIT_CASE(storport_lock_dpc_without_context),
	KUNIT_CASE(storport_lock_driver_may_write_old_irql),
	KUNIT_CASE(storport_lock_start_io_excludes),
	KUNIT_CASE(storport_lock_interrupt_waits_for_isr),
	KUNIT_CASE(storport_lock_interrupt_keeps_line_out),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_lock",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
