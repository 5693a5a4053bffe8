// SPDX-License-Identifier: GPL-2.0-only
/*
 * The lock table of StorPort, its second half: each kind of lock in each routine.
 * What is allowed is taken, so that lockdep sees it; what is not is reported, and
 * nobody hangs.
 */
#include <linux/string.h>

#include "../src/storport_control.h"
#include "storport_fixture.h"

/* What becomes of an acquisition */
enum outcome {
	TAKEN,
	TAKEN_AND_REPORTED,
	REFUSED,
};

/* A driver's own, which has DpcLock and ThreadedDpcLock */
static STOR_DPC own_dpc;

static VOID no_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1, PVOID arg2)
{
}

static void *context_of(STOR_SPINLOCK kind)
{
	return kind == DpcLock || kind == ThreadedDpcLock ? &own_dpc : NULL;
}

/* What a routine came to when it tried each kind, the last one last */
static struct {
	struct fake_stor *stor;
	unsigned int times;
	enum outcome outcome[DpcLevelLock];
	unsigned int reports[DpcLevelLock];
	bool level_kept;
	atomic_t done;
} tried;

static void try_one(struct fake_stor *stor, STOR_SPINLOCK kind)
{
	unsigned int before = fake_stor_all_reports(stor);
	KIRQL irql = KeGetCurrentIrql();
	STOR_LOCK_HANDLE handle;
	ULONG status;

	status = StorPortAcquireSpinLockEx(stor->extension, kind,
					   context_of(kind), &handle);
	if (handle.Lock)
		StorPortReleaseSpinLock(stor->extension, &handle);
	tried.reports[kind] = fake_stor_all_reports(stor) - before;
	tried.level_kept &= KeGetCurrentIrql() == irql;
	if (status != STOR_STATUS_SUCCESS)
		tried.outcome[kind] = REFUSED;
	else
		tried.outcome[kind] =
			tried.reports[kind] ? TAKEN_AND_REPORTED : TAKEN;
}

static void try_all(struct fake_stor *stor)
{
	if (tried.times++)
		return;
	StorPortInitializeDpc(stor->extension, &own_dpc, no_routine);
	try_one(stor, DpcLock);
	try_one(stor, StartIoLock);
	try_one(stor, InterruptLock);
	try_one(stor, ThreadedDpcLock);
	atomic_set(&tried.done, 1);
}

static void try_in_find(struct fake_stor *stor,
			PPORT_CONFIGURATION_INFORMATION config)
{
	try_all(stor);
}

static void try_in_isr(struct fake_stor *stor, ULONG id)
{
	try_all(stor);
}

static void try_in_request(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	try_all(stor);
}

static void ask_for_channels(struct fake_stor *stor)
{
	PERF_CONFIGURATION_DATA data = {
		.Version = STOR_PERF_VERSION,
		.Size = sizeof(data),
		.Flags = STOR_PERF_CONCURRENT_CHANNELS,
		.ConcurrentChannels = 2,
	};

	StorPortInitializePerfOpts(stor->extension, FALSE, &data);
}

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
}

static void reach_find(struct kunit *test, struct fake_stor *stor)
{
	stor->on_find = try_in_find;
	start(test);
}

static void reach_initialize(struct kunit *test, struct fake_stor *stor)
{
	stor->on_initialize = try_all;
	start(test);
}

static void reach_passive(struct kunit *test, struct fake_stor *stor)
{
	stor->wants_passive = true;
	stor->on_passive = try_all;
	start(test);
}

static void reach_line_isr(struct kunit *test, struct fake_stor *stor)
{
	stor->on_line = try_all;
	fake_stor_start(test, fake_irq_line(test));
	fake_irq_fire(stor->dev.irqs, 0);
}

static void reach_message_isr(struct kunit *test, struct fake_stor *stor)
{
	stor->on_message = try_in_isr;
	start(test);
	fake_irq_fire(stor->dev.irqs, 1);
}

static void reach_message_isr_with_one_lock(struct kunit *test,
					    struct fake_stor *stor)
{
	stor->on_message = try_in_isr;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	fake_irq_fire(stor->dev.irqs, 1);
}

static void reach_build_io(struct kunit *test, struct fake_stor *stor)
{
	stor->on_build = try_in_request;
	start(test);
	fake_stor_submit(stor, 0);
}

static void reach_start_io(struct kunit *test, struct fake_stor *stor)
{
	stor->on_start = try_in_request;
	start(test);
	fake_stor_submit(stor, 0);
}

static void reach_start_io_on_channels(struct kunit *test,
				       struct fake_stor *stor)
{
	stor->on_initialize = ask_for_channels;
	reach_start_io(test, stor);
}

static VOID try_in_timer(PVOID extension)
{
	try_all(tried.stor);
}

static void reach_timer(struct kunit *test, struct fake_stor *stor)
{
	start(test);
	StorPortNotification(RequestTimerCall, stor->extension, try_in_timer,
			     1U);
	KUNIT_ASSERT_TRUE(test, wait_for(&tried.done));
}

static void reach_reset_bus(struct kunit *test, struct fake_stor *stor)
{
	stor->on_reset = try_all;
	start(test);
	minirq_stor_reset_bus(&stor->miniport->adapter, 0);
}

static VOID try_in_change(PVOID extension, PVOID context, SHORT type,
			  PVOID address, ULONG status)
{
	try_all(context);
}

static void reach_state_change(struct kunit *test, struct fake_stor *stor)
{
	static STOR_ADDR_BTL8 unit = {
		.Type = STOR_ADDRESS_TYPE_BTL8,
		.AddressLength = STOR_ADDR_BTL8_ADDRESS_LENGTH,
	};

	start(test);
	StorPortStateChangeDetected(stor->extension, STATE_CHANGE_LUN,
				    (void *)&unit, 0, try_in_change, stor);
	KUNIT_ASSERT_TRUE(test, wait_for(&tried.done));
}

static void reach_control(struct kunit *test, struct fake_stor *stor)
{
	stor->controls[ScsiAdapterSurpriseRemoval] = TRUE;
	stor->on_control = try_all;
	start(test);
	minirq_storport_surprise(stor->miniport);
}

static void reach_stop(struct kunit *test, struct fake_stor *stor)
{
	stor->on_stop = try_all;
	start(test);
	fake_stor_halt(stor);
}

static void reach_dpc(struct kunit *test, struct fake_stor *stor)
{
	stor->on_dpc = try_all;
	start(test);
	fake_stor_issue(stor, 0);
}

static BOOLEAN try_synchronized(PVOID extension, PVOID context)
{
	try_all(context);
	return TRUE;
}

static void reach_synchronized(struct kunit *test, struct fake_stor *stor)
{
	start(test);
	StorPortSynchronizeAccess(stor->extension, try_synchronized, stor);
}

/**
 * struct routine - a row of the table: what a routine may take
 * @name:	the routine
 * @reach:	start an adapter, and make that routine run, which tries
 * @half:	in half duplex
 * @dpc:	what becomes of DpcLock and ThreadedDpcLock
 * @start_io:	of StartIoLock
 * @interrupt:	of InterruptLock
 */
struct routine {
	const char *name;
	void (*reach)(struct kunit *test, struct fake_stor *stor);
	bool half;
	enum outcome dpc;
	enum outcome start_io;
	enum outcome interrupt;
};

static const struct routine routines[] = {
	{ "HwStorFindAdapter", reach_find, false,
	  TAKEN_AND_REPORTED, TAKEN_AND_REPORTED, TAKEN_AND_REPORTED },
	{ "HwStorInitialize", reach_initialize, false,
	  REFUSED, REFUSED, REFUSED },
	{ "HwStorPassiveInitializeRoutine", reach_passive, false,
	  TAKEN_AND_REPORTED, TAKEN_AND_REPORTED, TAKEN_AND_REPORTED },
	{ "HwStorInterrupt", reach_line_isr, false,
	  REFUSED, REFUSED, REFUSED },
	{ "HwMSInterruptRoutine", reach_message_isr, false,
	  REFUSED, REFUSED, REFUSED },
	{ "HwMSInterruptRoutine, one lock", reach_message_isr_with_one_lock,
	  false, REFUSED, REFUSED, REFUSED },
	{ "HwStorBuildIo", reach_build_io, false, TAKEN, TAKEN, TAKEN },
	{ "HwStorBuildIo, half duplex", reach_build_io, true,
	  TAKEN, TAKEN, TAKEN },
	{ "HwStorStartIo", reach_start_io, false, TAKEN, REFUSED, TAKEN },
	{ "HwStorStartIo, half duplex", reach_start_io, true,
	  REFUSED, REFUSED, REFUSED },
	{ "HwStorStartIo, channels", reach_start_io_on_channels, false,
	  TAKEN, TAKEN, TAKEN },
	{ "HwStorTimer", reach_timer, false,
	  TAKEN_AND_REPORTED, REFUSED, TAKEN },
	{ "HwStorTimer, half duplex", reach_timer, true,
	  REFUSED, REFUSED, REFUSED },
	{ "HwStorResetBus", reach_reset_bus, false,
	  TAKEN_AND_REPORTED, REFUSED, TAKEN },
	{ "HwStorResetBus, half duplex", reach_reset_bus, true,
	  REFUSED, REFUSED, REFUSED },
	{ "HwStorStateChange", reach_state_change, false,
	  TAKEN_AND_REPORTED, REFUSED, TAKEN },
	{ "HwStorStateChange, half duplex", reach_state_change, true,
	  REFUSED, REFUSED, REFUSED },
	{ "HwStorAdapterControl", reach_control, false, TAKEN, TAKEN, TAKEN },
	{ "HwStorAdapterControl, stop", reach_stop, false,
	  REFUSED, REFUSED, REFUSED },
	{ "HwStorDpcRoutine", reach_dpc, false, TAKEN, TAKEN, TAKEN },
	{ "HwStorDpcRoutine, half duplex", reach_dpc, true,
	  TAKEN, TAKEN, TAKEN },
	{ "HwStorSynchronizedAccess", reach_synchronized, false,
	  REFUSED, REFUSED, REFUSED },
};

static void routine_name(const struct routine *routine, char *name)
{
	strscpy(name, routine->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(routine, routines, routine_name);

static void expect_outcome(struct kunit *test, STOR_SPINLOCK kind,
			   enum outcome outcome)
{
	KUNIT_EXPECT_EQ(test, (int)tried.outcome[kind], (int)outcome);
	KUNIT_EXPECT_EQ(test, tried.reports[kind], outcome == TAKEN ? 0 : 1);
}

/* A254 A266 */
static void storport_entitled_in_a_routine(struct kunit *test)
{
	const struct routine *routine = test->param_value;
	struct fake_stor *stor = test->priv;

	memset(&tried, 0, sizeof(tried));
	tried.stor = stor;
	tried.level_kept = true;
	if (routine->half)
		stor->model = StorSynchronizeHalfDuplex;
	routine->reach(test, stor);
	KUNIT_ASSERT_GE(test, tried.times, 1);
	KUNIT_EXPECT_TRUE(test, tried.level_kept);
	expect_outcome(test, DpcLock, routine->dpc);
	expect_outcome(test, ThreadedDpcLock, routine->dpc);
	expect_outcome(test, StartIoLock, routine->start_io);
	expect_outcome(test, InterruptLock, routine->interrupt);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(storport_entitled_in_a_routine, routine_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_entitled",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
