// SPDX-License-Identifier: GPL-2.0-only
/*
 * HwStorAdapterControl before the adapter is found, and around suspend and resume;
 * HwStorResetBus; masking.
 */
#include <linux/slab.h>

#include "../src/irql.h"
#include "../src/requirements.h"
#include "../src/storport_control.h"
#include "storport_fixture.h"

static void start(struct kunit *test)
{
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	fake_stor_give_requests(test);
}

static void suspend(struct fake_stor *stor)
{
	minirq_stor_miniport_suspend(stor->miniport);
}

static int resume(struct fake_stor *stor)
{
	return minirq_stor_miniport_resume(stor->miniport);
}

static void expect_controls(struct kunit *test,
			    const SCSI_ADAPTER_CONTROL_TYPE *types,
			    unsigned int count)
{
	struct fake_stor *stor = test->priv;
	unsigned int i;

	KUNIT_ASSERT_EQ(test, stor->control_count, count);
	for (i = 0; i < count; i++)
		KUNIT_EXPECT_EQ(test, (int)stor->control[i], (int)types[i]);
}

static void storport_control_suspend_and_restart(struct kunit *test)
{
	static const SCSI_ADAPTER_CONTROL_TYPE types[] = {
		ScsiStopAdapter, ScsiAdapterPower, ScsiAdapterPower,
		ScsiSetRunningConfig, ScsiRestartAdapter,
	};
	struct fake_stor *stor = test->priv;

	stor->controls[ScsiAdapterPower] = TRUE;
	stor->controls[ScsiSetRunningConfig] = TRUE;
	stor->controls[ScsiRestartAdapter] = TRUE;
	start(test);
	suspend(stor);
	KUNIT_EXPECT_EQ(test, (int)stor->power, (int)StorPowerDeviceD3);
	KUNIT_EXPECT_EQ(test, resume(stor), 0);
	KUNIT_EXPECT_EQ(test, (int)stor->power, (int)StorPowerDeviceD0);
	expect_controls(test, types, ARRAY_SIZE(types));
	KUNIT_EXPECT_EQ(test, calls(&stor->find), 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 1);
}

/* OP-30 */
static void storport_control_levels(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->controls[ScsiAdapterPower] = TRUE;
	stor->controls[ScsiSetRunningConfig] = TRUE;
	stor->controls[ScsiRestartAdapter] = TRUE;
	start(test);
	suspend(stor);
	resume(stor);
	KUNIT_EXPECT_EQ(test, stor->stop.irql, MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, stor->control_irql[ScsiRestartAdapter],
			MINIRQ_DIRQL);
	KUNIT_EXPECT_EQ(test, stor->control_irql[ScsiSetRunningConfig],
			PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, stor->control_irql[ScsiAdapterPower],
			PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, KeGetCurrentIrql(), PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static BOOLEAN never_run(PVOID extension)
{
	return FALSE;
}

static void ask_for_passive(struct fake_stor *stor)
{
	stor->asked = StorPortEnablePassiveInitialization(stor->extension,
							  never_run);
}

/* A275 */
/* A driver that initialises its adapter itself when it is to restart it */
static void storport_control_passive_asked_for(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->controls[ScsiRestartAdapter] = TRUE;
	stor->on_control = ask_for_passive;
	stor->asked = TRUE;
	start(test);
	suspend(stor);
	KUNIT_EXPECT_EQ(test, resume(stor), 0);
	KUNIT_EXPECT_EQ(test, stor->asked, FALSE);
	KUNIT_EXPECT_EQ(test, 1,
			fake_stor_reports(stor,
					  MINIRQ_RULE_STOR_PASSIVE_FROM_INIT));
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 1);
}

/* A driver that cannot restart its adapter finds it again. */
static void storport_control_resume_finds_again(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	suspend(stor);
	KUNIT_EXPECT_EQ(test, resume(stor), 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->find), 2);
	KUNIT_EXPECT_EQ(test, calls(&stor->initialize), 2);
	KUNIT_EXPECT_EQ(test, stor->initialize.irql, MINIRQ_DIRQL);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 1);
}

static void storport_control_failed_restart_finds_again(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->controls[ScsiRestartAdapter] = TRUE;
	stor->control_status = ScsiAdapterControlUnsuccessful;
	start(test);
	suspend(stor);
	KUNIT_EXPECT_EQ(test, resume(stor), 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->find), 2);
}

static void storport_control_resume_fails(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	suspend(stor);
	stor->initialized = FALSE;
	KUNIT_EXPECT_NE(test, resume(stor), 0);
	KUNIT_EXPECT_EQ(test, -ENODEV,
			minirq_stor_request_start(&stor->miniport->adapter,
						  fake_stor_request(stor, 0)));
}

static void storport_control_requests_while_suspended(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_stor_adapter *adapter;
	struct minirq_stor_request *request;

	start(test);
	adapter = &stor->miniport->adapter;
	request = fake_stor_request(stor, 0);
	fake_stor_submit(stor, 0);
	suspend(stor);
	KUNIT_EXPECT_EQ(test, calls(&stor->done[0]), 1);
	KUNIT_EXPECT_EQ(test, request->srb.SrbStatus, SRB_STATUS_BUSY);
	KUNIT_EXPECT_EQ(test, minirq_stor_request_start(adapter, request),
			-ENODEV);
	resume(stor);
	KUNIT_EXPECT_EQ(test, minirq_stor_request_start(adapter, request), 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 2);
}

static void storport_control_surprise_removal(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	minirq_storport_surprise(stor->miniport);
	KUNIT_EXPECT_EQ(test, stor->control_count, 0U);
	stor->controls[ScsiAdapterSurpriseRemoval] = TRUE;
	minirq_storport_surprise(stor->miniport);
	KUNIT_ASSERT_EQ(test, stor->control_count, 1U);
	KUNIT_EXPECT_EQ(test, (int)stor->control[0],
			(int)ScsiAdapterSurpriseRemoval);
	KUNIT_EXPECT_EQ(test, stor->control_irql[ScsiAdapterSurpriseRemoval],
			PASSIVE_LEVEL);
}

/* Five messages are on offer; an adapter that nobody has found yet is asked. */
static struct minirq_request *filter(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_request *offer = minirq_request_create(MINIRQ_MSIX, 5, 5);
	struct minirq_request *request;

	KUNIT_ASSERT_NOT_NULL(test, offer);
	stor->dev.irqs = fake_irq_messages(test, FAKE_STOR_MESSAGES);
	stor->miniport = minirq_stor_miniport_create(&stor->driver, &stor->dev);
	KUNIT_ASSERT_NOT_NULL(test, stor->miniport);
	request = minirq_storport_filter(stor->miniport, offer);
	kfree(offer);
	return request;
}

static void can_filter(struct fake_stor *stor)
{
	stor->driver.data.FeatureSupport =
		STOR_FEATURE_ADAPTER_CONTROL_PRE_FINDADAPTER;
	stor->controls[ScsiAdapterFilterResourceRequirements] = TRUE;
}

/* Two messages will do, the second on CPU 3. */
static void keep_two(struct fake_stor *stor)
{
	PSTOR_FILTER_RESOURCE_REQUIREMENTS filter = stor->parameters;
	PIO_RESOURCE_LIST list = &filter->IoResourceRequirementsList->List[0];
	PIO_RESOURCE_DESCRIPTOR second = &list->Descriptors[1];

	stor->status = filter->Version == STOR_FILTER_RESOURCE_REQUIREMENTS_V1 &&
		       filter->Size == sizeof(*filter) && list->Count == 5;
	list->Count = 2;
	second->u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
	second->u.Interrupt.TargetedProcessors = 1 << 3;
}

static void storport_control_filters(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	struct minirq_request *request;

	can_filter(stor);
	stor->on_control = keep_two;
	request = filter(test);
	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_EXPECT_TRUE(test, stor->status);
	KUNIT_EXPECT_EQ(test, (int)request->kind, (int)MINIRQ_MSIX);
	KUNIT_EXPECT_EQ(test, request->count, 2U);
	KUNIT_EXPECT_EQ(test, (int)request->target[1].policy,
			(int)IrqPolicySpecifiedProcessors);
	KUNIT_EXPECT_EQ(test, request->target[1].cpus, 1ULL << 3);
	KUNIT_EXPECT_EQ(test,
			stor->control_irql[ScsiAdapterFilterResourceRequirements],
			PASSIVE_LEVEL);
	KUNIT_EXPECT_EQ(test, calls(&stor->find), 0);
	kfree(request);
}

/* Who does not say so must not be called before HwStorFindAdapter. */
static void storport_control_filters_when_asked_to(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	can_filter(stor);
	stor->driver.data.FeatureSupport = 0;
	KUNIT_EXPECT_NULL(test, filter(test));
	KUNIT_EXPECT_EQ(test, stor->control_count, 0U);
	fake_stor_destroy(stor);
	can_filter(stor);
	stor->controls[ScsiAdapterFilterResourceRequirements] = FALSE;
	KUNIT_EXPECT_NULL(test, filter(test));
	KUNIT_EXPECT_EQ(test, stor->control_count, 0U);
}

static void storport_control_filter_fails(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	can_filter(stor);
	stor->on_control = keep_two;
	stor->control_status = ScsiAdapterControlUnsuccessful;
	KUNIT_EXPECT_NULL(test, filter(test));
	KUNIT_EXPECT_EQ(test, stor->control_count, 1U);
}

static ULONG mask(struct fake_stor *stor, ULONG id, BOOLEAN on)
{
	return StorPortMaskMsixInterrupt(stor->extension, id, on);
}

/* A286 */
static void storport_control_masks_a_message(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	KUNIT_EXPECT_EQ(test, mask(stor, 1, TRUE), STOR_STATUS_SUCCESS);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[1]), 0);
	fake_irq_fire(stor->dev.irqs, 2);
	KUNIT_EXPECT_EQ(test, calls(&stor->message[2]), 1);
	KUNIT_EXPECT_EQ(test, mask(stor, 1, FALSE), STOR_STATUS_SUCCESS);
	fake_irq_fire(stor->dev.irqs, 1);
	KUNIT_EXPECT_GE(test, calls(&stor->message[1]), 1);
}

/* A287 */
static void storport_control_masks_no_further(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int size;

	start(test);
	size = stor->dev.irqs->table;
	KUNIT_EXPECT_EQ(test, mask(stor, size, TRUE),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, mask(stor, ~0U, TRUE),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, mask(stor, size - 1, TRUE), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, StorPortMaskMsixInterrupt(NULL, 0, TRUE),
			STOR_STATUS_INVALID_PARAMETER);
}

static void mask_early(struct fake_stor *stor,
		       PPORT_CONFIGURATION_INFORMATION config)
{
	stor->status = mask(stor, 0, TRUE);
}

static void storport_control_masks_nothing_before(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_find = mask_early;
	start(test);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_UNSUCCESSFUL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_control_suspend_and_restart),
	KUNIT_CASE(storport_control_levels),
	KUNIT_CASE(storport_control_passive_asked_for),
	KUNIT_CASE(storport_control_resume_finds_again),
	KUNIT_CASE(storport_control_failed_restart_finds_again),
	KUNIT_CASE(storport_control_resume_fails),
	KUNIT_CASE(storport_control_requests_while_suspended),
	KUNIT_CASE(storport_control_surprise_removal),
	KUNIT_CASE(storport_control_filters),
	KUNIT_CASE(storport_control_filters_when_asked_to),
	KUNIT_CASE(storport_control_filter_fails),
	KUNIT_CASE(storport_control_masks_a_message),
	KUNIT_CASE(storport_control_masks_no_further),
	KUNIT_CASE(storport_control_masks_nothing_before),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_control",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
