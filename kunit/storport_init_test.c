// SPDX-License-Identifier: GPL-2.0-only
/* How a StorPort adapter comes up, or fails to. */
#include <linux/irq.h>
#include <linux/irqflags.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "../src/dpc.h"
#include "../src/irql.h"
#include "no_memory.h"
#include "storport_fixture.h"

#define N	FAKE_STOR_MESSAGES

static void note_interrupts(struct fake_stor *stor)
{
	atomic_set(&stor->flag, !irqs_disabled());
	fake_irq_fire(stor->dev.irqs, 1);
}

/* A274 */
static void storport_init_passive_routine_runs(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->wants_passive = true;
	stor->on_passive = note_interrupts;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, stor->asked, TRUE);
	KUNIT_EXPECT_EQ(test, calls(&stor->passive), 1);
	KUNIT_EXPECT_EQ(test, stor->passive.irql, PASSIVE_LEVEL);
	KUNIT_EXPECT_TRUE(test, atomic_read(&stor->flag));
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

static void storport_init_passive_routine_not_asked_for(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, calls(&stor->passive), 0);
}

static void note_initialized(struct fake_stor *stor)
{
	atomic_set(&stor->flag, atomic_read(&stor->initialize.left));
}

static void storport_init_passive_routine_comes_last(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->wants_passive = true;
	stor->on_passive = note_initialized;
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 1);
}

static BOOLEAN must_not_run(PVOID extension)
{
	return FALSE;
}

static void ask_in_find(struct fake_stor *stor,
			PPORT_CONFIGURATION_INFORMATION config)
{
	stor->asked = StorPortEnablePassiveInitialization(stor->extension,
							  must_not_run);
}

static void ask_in_dpc(struct fake_stor *stor)
{
	ask_in_find(stor, NULL);
}

static void expect_asked_in_vain(struct kunit *test, unsigned int reports)
{
	struct fake_stor *stor = test->priv;

	KUNIT_EXPECT_EQ(test, stor->asked, FALSE);
	KUNIT_EXPECT_EQ(test, fake_stor_reports(stor, MINIRQ_RULE_STOR_PASSIVE),
			reports);
	KUNIT_EXPECT_PTR_EQ(test, stor->miniport->passive,
			    (PHW_PASSIVE_INITIALIZE_ROUTINE)NULL);
	stor->asked = TRUE;
}

/* A275 */
static void storport_init_passive_asked_for_elsewhere(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->asked = TRUE;
	stor->on_find = ask_in_find;
	stor->on_dpc = ask_in_dpc;
	/* had the routine run, it would have failed the start */
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	expect_asked_in_vain(test, 1);
	fake_stor_issue(stor, 0);
	KeFlushQueuedDpcs();
	expect_asked_in_vain(test, 2);
}

static void issue_on_cpu_1(struct fake_stor *stor, ULONG id)
{
	minirq_dpc_insert_on(&stor->dpc.Dpc, 1, NULL, NULL);
}

static void ask_beside_initialize(struct fake_stor *stor)
{
	spin_for(&stor->initialize.entered);
	ask_in_dpc(stor);
	atomic_set(&stor->flag, 1);
}

static void wait_for_flag(struct fake_stor *stor)
{
	spin_for(&stor->flag);
}

/* An early interrupt lets a DPC run on another CPU during HwStorInitialize. */
static void storport_init_passive_asked_for_beside(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_irqs *irqs = fake_irq_messages(test, N);

	stor->asked = TRUE;
	stor->on_message = issue_on_cpu_1;
	stor->on_dpc = ask_beside_initialize;
	stor->on_initialize = wait_for_flag;
	fake_irq_arm(irqs, 0);
	fake_stor_start(test, irqs);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 1);
	expect_asked_in_vain(test, 1);
}

static void expect_failure(struct kunit *test, struct minirq_irqs *irqs)
{
	struct fake_stor *stor = test->priv;

	KUNIT_EXPECT_LT(test, fake_stor_try(stor, irqs), 0);
	KUNIT_EXPECT_FALSE(test, fake_stor_connected(stor));
}

/* A276 */
static void storport_init_passive_routine_fails(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->wants_passive = true;
	stor->passively_initialized = FALSE;
	expect_failure(test, fake_irq_messages(test, N));
	KUNIT_EXPECT_EQ(test, calls(&stor->passive), 1);
}

static void storport_init_initialize_fails(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->wants_passive = true;
	stor->initialized = FALSE;
	expect_failure(test, fake_irq_messages(test, N));
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->passive), 0);
}

static void storport_init_line_driver_fails(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->initialized = FALSE;
	expect_failure(test, fake_irq_line(test));
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 1);
}

static void storport_init_find_adapter_fails(struct kunit *test)
{
	static const ULONG answers[] = {
		SP_RETURN_NOT_FOUND, SP_RETURN_ERROR, SP_RETURN_BAD_CONFIG,
	};
	struct fake_stor *stor = test->priv;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(answers); i++) {
		stor->found = answers[i];
		expect_failure(test, fake_irq_messages(test, N));
	}
	KUNIT_EXPECT_EQ(test, calls(&stor->find), 3);
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 0);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void storport_init_find_adapter_answers_nonsense(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->found = 4711;
	expect_failure(test, fake_irq_messages(test, N));
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 0);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_RETURN_VALUE),
			1);
}

/* There is no line to fall back to. */
static void storport_init_no_isr_for_messages(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->message_isr = NULL;
	expect_failure(test, fake_irq_messages(test, N));
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 0);
}

static void storport_init_no_isr_for_line(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->driver.data.HwInterrupt = NULL;
	expect_failure(test, fake_irq_line(test));
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 0);
}

static void storport_init_device_without_interrupts(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	fake_stor_start(test, fake_irq_none(test));
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 1);
	KUNIT_EXPECT_EQ(test, stor->initialize.irql, MINIRQ_DIRQL);
}

static void storport_init_connects_all_messages_or_none(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_irqs *irqs = fake_irq_messages(test, N);

	irq_set_status_flags(irqs->irq[2], IRQ_NOREQUEST);
	expect_failure(test, irqs);
	irq_clear_status_flags(irqs->irq[2], IRQ_NOREQUEST);
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 0);
}

/* Returns false when fewer than @nth allocations were made, all of them good. */
static bool start_without(struct fake_stor *stor, struct minirq_irqs *irqs,
			  unsigned int nth, int *err)
{
	fail_allocation(nth);
	*err = fake_stor_try(stor, irqs);
	return allocation_failed();
}

/* Some allocations are the kernel's own, and it can do without them. */
static void expect_clean_failures(struct kunit *test, struct minirq_irqs *irqs,
				  unsigned int least)
{
	struct fake_stor *stor = test->priv;
	unsigned int nth, failures = 0;
	int err;

	need_failures(test);
	for (nth = 1; start_without(stor, irqs, nth, &err); nth++) {
		if (err) {
			KUNIT_EXPECT_EQ(test, err, -ENOMEM);
			failures++;
		}
		fake_stor_halt(stor);
		fake_stor_destroy(stor);
		KUNIT_EXPECT_FALSE(test, fake_stor_connected(stor));
	}
	KUNIT_EXPECT_EQ(test, err, 0);
	KUNIT_EXPECT_GE(test, failures, least);
}

/* Adapter, extension, interrupt object, and an action for each message */
static void storport_init_messages_without_memory(struct kunit *test)
{
	expect_clean_failures(test, fake_irq_messages(test, N), 3 + N);
}

static void storport_init_line_without_memory(struct kunit *test)
{
	expect_clean_failures(test, fake_irq_line(test), 3 + 1);
}

static void issue(struct fake_stor *stor)
{
	fake_stor_issue(stor, 0);
}

/* A failed start ends as a stop does. */
static void storport_init_failure_runs_dpc(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = issue;
	stor->initialized = FALSE;
	expect_failure(test, fake_irq_messages(test, N));
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->issued), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->run.left), 1);
}

static void wait_for_dpc(struct fake_stor *stor)
{
	fake_stor_go(stor, 1);
	atomic_set(&stor->flag, wait_for(&stor->run.left));
}

static void issue_in_isr(struct fake_stor *stor, ULONG id)
{
	fake_stor_issue(stor, id);
}

/* Drivers busy-wait in this routine for work that their DPCs do. */
static void storport_init_passive_routine_sees_dpcs(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->wants_passive = true;
	stor->on_passive = wait_for_dpc;
	stor->on_message = issue_in_isr;
	fake_stor_prepare(stor, 1, fake_stor_raise, 0);
	fake_stor_start_messages(test, InterruptSynchronizeAll);
	KUNIT_EXPECT_TRUE(test, atomic_read(&stor->flag));
}

/* What HwStorFindAdapter and the rest of the driver stand on */
static void storport_init_extension_is_zeroed_and_aligned(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_stor_miniport *miniport;

	stor->driver.data.DeviceExtensionSize = 1000;
	stor->dev.irqs = fake_irq_none(test);
	miniport = minirq_stor_miniport_create(&stor->driver, &stor->dev);
	KUNIT_ASSERT_NOT_NULL(test, miniport);
	KUNIT_EXPECT_NULL(test, memchr_inv(miniport->adapter.extension, 0,
					   1000));
	KUNIT_EXPECT_TRUE(test, IS_ALIGNED((long)miniport->adapter.extension,
					   16));
	minirq_stor_miniport_destroy(miniport);
}

static BOOLEAN unused_start_io(PVOID extension, PSCSI_REQUEST_BLOCK srb)
{
	return TRUE;
}

static BOOLEAN unused_reset_bus(PVOID extension, ULONG path)
{
	return TRUE;
}

/* What a driver registers, complete */
static HW_INITIALIZATION_DATA complete_data(struct fake_stor *stor)
{
	HW_INITIALIZATION_DATA data = stor->driver.data;

	data.HwStartIo = unused_start_io;
	data.HwResetBus = unused_reset_bus;
	return data;
}

static void expect_refused(struct kunit *test, HW_INITIALIZATION_DATA *data)
{
	struct minirq_driver driver = {};

	KUNIT_EXPECT_EQ(test, StorPortInitialize(&driver.object, NULL, data, NULL),
			(ULONG)STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_NULL(test, (void *)driver.ops);
	*data = complete_data(test->priv);
}

static void storport_init_refuses_incomplete_driver(struct kunit *test)
{
	HW_INITIALIZATION_DATA data = complete_data(test->priv);

	data.HwInitializationDataSize = 8;
	expect_refused(test, &data);
	data.HwInitialize = NULL;
	expect_refused(test, &data);
	data.HwStartIo = NULL;
	expect_refused(test, &data);
	data.HwFindAdapter = NULL;
	expect_refused(test, &data);
	data.HwResetBus = NULL;
	expect_refused(test, &data);
}

static void storport_init_registers_once(struct kunit *test)
{
	HW_INITIALIZATION_DATA data = complete_data(test->priv);
	struct minirq_driver driver = {};

	KUNIT_EXPECT_EQ(test, StorPortInitialize(&driver.object, NULL, &data, NULL),
			(ULONG)STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, StorPortInitialize(&driver.object, NULL, &data, NULL),
			(ULONG)STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_NOT_NULL(test, driver.data);
	kfree(driver.data);
}

/* What StorPort forbids its miniports is reported, and done. */
static void storport_init_prohibited_function(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int before, meanwhile;

	KeFlushQueuedDpcs();
	before = fake_stor_reports(stor, MINIRQ_RULE_STOR_PROHIBITED);
	minirq_verifier_storport(THIS_MODULE, true);
	KeFlushQueuedDpcs();
	meanwhile = fake_stor_reports(stor, MINIRQ_RULE_STOR_PROHIBITED);
	minirq_verifier_storport(THIS_MODULE, false);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, before, 0U);
	KUNIT_EXPECT_EQ(test, meanwhile, 1U);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_PROHIBITED),
			1U);
}

/* A290 */
static void storport_init_may_not_connect_itself(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	NTSTATUS status;

	minirq_verifier_storport(THIS_MODULE, true);
	status = IoConnectInterruptEx(NULL);
	minirq_verifier_storport(THIS_MODULE, false);
	KUNIT_EXPECT_EQ(test, status, STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_PROHIBITED),
			1U);
}

static HW_INITIALIZATION_DATA *entry_data;

/* A DriverEntry that registers, and fails after all */
static int failing_entry(void *object, void *path)
{
	StorPortInitialize(object, path, entry_data, NULL);
	return STATUS_UNSUCCESSFUL;
}

/* Its module may be gone the next moment: nobody is to ask about it. */
static void storport_init_failed_driver_entry(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_miniport miniport = {
		.name = "failing",
		.owner = THIS_MODULE,
		.entry = failing_entry,
	};

	entry_data = &stor->driver.data;
	KUNIT_EXPECT_EQ(test, minirq_miniport_load(&miniport), -ENODEV);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_PROHIBITED),
			0U);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_init_passive_routine_runs),
	KUNIT_CASE(storport_init_passive_routine_not_asked_for),
	KUNIT_CASE(storport_init_passive_routine_comes_last),
	KUNIT_CASE(storport_init_passive_asked_for_elsewhere),
	KUNIT_CASE(storport_init_passive_asked_for_beside),
	KUNIT_CASE(storport_init_passive_routine_fails),
	KUNIT_CASE(storport_init_passive_routine_sees_dpcs),
	KUNIT_CASE(storport_init_initialize_fails),
	KUNIT_CASE(storport_init_line_driver_fails),
	KUNIT_CASE(storport_init_find_adapter_fails),
	KUNIT_CASE(storport_init_find_adapter_answers_nonsense),
	KUNIT_CASE(storport_init_no_isr_for_messages),
	KUNIT_CASE(storport_init_no_isr_for_line),
	KUNIT_CASE(storport_init_device_without_interrupts),
	KUNIT_CASE(storport_init_connects_all_messages_or_none),
	KUNIT_CASE(storport_init_messages_without_memory),
	KUNIT_CASE(storport_init_line_without_memory),
	KUNIT_CASE(storport_init_failure_runs_dpc),
	KUNIT_CASE(storport_init_extension_is_zeroed_and_aligned),
	KUNIT_CASE(storport_init_refuses_incomplete_driver),
	KUNIT_CASE(storport_init_registers_once),
	KUNIT_CASE(storport_init_prohibited_function),
	KUNIT_CASE(storport_init_may_not_connect_itself),
	KUNIT_CASE(storport_init_failed_driver_entry),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_init",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
