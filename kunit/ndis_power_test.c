// SPDX-License-Identifier: GPL-2.0-only
/* Adapters that start, pause, sleep, wake and stop: what is called, in which order. */
#include <linux/interrupt.h>
#include <linux/irq.h>

#include "../src/ndis_reset.h"
#include "ndis_life.h"

/* What was called since the last time this was asked. */
static void expect_story(struct kunit *test, struct ndis_life *life, const char *story)
{
	KUNIT_EXPECT_STREQ(test, life->story, story);
	life->story[0] = '\0';
	life->told = 0;
}

/* A miniport with every handler, which has been started. */
static struct ndis_life *started(struct kunit *test, struct minirq_irqs *irqs)
{
	struct ndis_life *life = ndis_life_whole(test, irqs);

	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	expect_story(test, life, "init restart power");
	return life;
}

static struct ndis_life *started_with(struct kunit *test, unsigned int count)
{
	return started(test, fake_irq_messages(test, count));
}

static void suspend(void *miniport)
{
	minirq_ndis_miniport_suspend(miniport);
}

static int resume(struct ndis_life *life)
{
	return minirq_ndis_miniport_resume(life->miniport);
}

static void stop(struct ndis_life *life, NDIS_HALT_ACTION action)
{
	minirq_ndis_miniport_stop(life->miniport, action);
}

static void ndis_power_start_and_stop(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	stop(life, NdisHaltDeviceDisabled);
	expect_story(test, life, "pause halt");
	KUNIT_EXPECT_EQ(test, life->action, NdisHaltDeviceDisabled);
}

static void ndis_power_stop_once(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	stop(life, NdisHaltDeviceStopped);
	KUNIT_EXPECT_EQ(test, life->action, NdisHaltDeviceStopped);
	stop(life, NdisHaltDeviceDisabled);
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	minirq_ndis_miniport_shutdown(life->miniport);
	expect_story(test, life, "pause halt");
}

/* One that is pulled out knows before it is asked to do anything. */
static void ndis_power_pulled_out(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	stop(life, NdisHaltDeviceSurpriseRemoved);
	expect_story(test, life, "gone pause halt");
	KUNIT_EXPECT_EQ(test, life->action, NdisHaltDeviceSurpriseRemoved);
}

static void ndis_power_absent_handlers(struct kunit *test)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, 2));

	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	stop(life, NdisHaltDeviceSurpriseRemoved);
	expect_story(test, life, "init halt");
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	minirq_ndis_miniport_shutdown(life->miniport);
	expect_story(test, life, "init");
}

static void ndis_power_restart_fails(struct kunit *test)
{
	struct ndis_life *life = ndis_life_whole(test, fake_irq_messages(test, 2));

	life->restarting = NDIS_STATUS_RESOURCES;
	KUNIT_EXPECT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_RESOURCES);
	expect_story(test, life, "init restart halt");
	KUNIT_EXPECT_EQ(test, life->action, NdisHaltDeviceInitializationFailed);
}

/* A driver may call back before it has said that it will. */
static void ndis_power_ends_early(struct kunit *test)
{
	struct ndis_life *life = ndis_life_whole(test, fake_irq_messages(test, 2));

	life->early = true;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	stop(life, NdisHaltDeviceDisabled);
	expect_story(test, life, "init restart power pause d3 d0 restart power pause halt");
}

static bool sleeps(void *task)
{
	return is_asleep(task);
}

/* Nothing else happens to an adapter until its driver has ended what it began. */
static void ndis_power_waits_for_pause(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);
	struct task_struct *task;

	life->pausing = NDIS_STATUS_PENDING;
	life->requesting = NDIS_STATUS_PENDING;
	task = start_on_cpu(1, suspend, life->miniport);
	KUNIT_EXPECT_TRUE(test, wait_until(sleeps, task));
	KUNIT_EXPECT_STREQ(test, life->story, "pause");
	NdisMPauseComplete(life->handle);
	while (wait_until(sleeps, task) && !strcmp(life->story, "pause"))
		cond_resched();
	KUNIT_EXPECT_FALSE(test, life->miniport->asleep);
	NdisMOidRequestComplete(life->handle, NULL, NDIS_STATUS_SUCCESS);
	join(task);
	expect_story(test, life, "pause d3");
	KUNIT_EXPECT_TRUE(test, life->miniport->asleep);
	life->requesting = NDIS_STATUS_SUCCESS;
	life->pausing = NDIS_STATUS_SUCCESS;
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	stop(life, NdisHaltDeviceDisabled);
}

static void start(void *arg)
{
	struct ndis_life *life = arg;

	life->status = minirq_ndis_miniport_start(life->miniport);
}

static void ndis_power_waits_for_restart(struct kunit *test)
{
	struct ndis_life *life = ndis_life_whole(test, fake_irq_messages(test, 2));
	struct task_struct *task;

	life->restarting = NDIS_STATUS_PENDING;
	task = start_on_cpu(1, start, life);
	while (wait_until(sleeps, task) && !strstr(life->story, "restart"))
		cond_resched();
	NdisMRestartComplete(life->handle, NDIS_STATUS_RESOURCES);
	join(task);
	KUNIT_EXPECT_EQ(test, life->status, NDIS_STATUS_RESOURCES);
	expect_story(test, life, "init restart halt");
}

static void ndis_power_nothing_to_end(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_PENDING);
	struct ndis_life *life = started_with(test, 2);

	NdisMPauseComplete(life->handle);
	NdisMRestartComplete(life->handle, NDIS_STATUS_SUCCESS);
	NdisMOidRequestComplete(life->handle, NULL, NDIS_STATUS_SUCCESS);
	NdisMResetComplete(life->handle, NDIS_STATUS_SUCCESS, FALSE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_PENDING), before + 4);
	NdisMPauseComplete(NULL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_PENDING), before + 4);
	stop(life, NdisHaltDeviceDisabled);
}

static const struct {
	UCHAR minor;
	ULONG asleep;
	ULONG removed;
} reasons[] = {
	{ 30, NDIS_PAUSE_LOW_POWER, NDIS_PAUSE_NDIS_INTERNAL },
	{ 40, NDIS_PAUSE_NDIS_INTERNAL, NDIS_PAUSE_MINIPORT_DEVICE_REMOVE },
};

static void ndis_power_pause_reason(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(reasons); i++) {
		life->miniport->adapter.owner.minor = reasons[i].minor;
		minirq_ndis_miniport_suspend(life->miniport);
		KUNIT_EXPECT_EQ(test, life->reason, reasons[i].asleep);
		KUNIT_EXPECT_EQ(test, resume(life), 0);
		stop(life, NdisHaltDeviceDisabled);
		KUNIT_EXPECT_EQ(test, life->reason, reasons[i].removed);
		KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport),
				NDIS_STATUS_SUCCESS);
	}
	stop(life, NdisHaltDeviceDisabled);
}

/* The driver's own handlers disable what it has disabled, and enable it last. */
static void ndis_power_sleep_and_wake(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	KUNIT_EXPECT_EQ(test, ndis_toggles(life->fx), 0);
	minirq_ndis_miniport_suspend(life->miniport);
	expect_story(test, life, "pause d3");
	KUNIT_ASSERT_EQ(test, ndis_toggles(life->fx), 2);
	KUNIT_EXPECT_FALSE(test, life->fx->toggles.call[1].enabled);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	expect_story(test, life, "d0 restart power");
	KUNIT_ASSERT_EQ(test, ndis_toggles(life->fx), 4);
	KUNIT_EXPECT_TRUE(test, life->fx->toggles.call[3].enabled);
	stop(life, NdisHaltDeviceDisabled);
	expect_story(test, life, "pause halt");
}

static void ndis_power_does_not_pause(struct kunit *test)
{
	struct ndis_life *life = ndis_life_whole(test, fake_irq_messages(test, 2));

	life->flags = NDIS_MINIPORT_ATTRIBUTES_NO_PAUSE_ON_SUSPEND;
	life->miniport->adapter.owner.minor = 30;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	expect_story(test, life, "init restart power d3 d0 power");
	life->miniport->adapter.owner.minor = 20;
	minirq_ndis_miniport_suspend(life->miniport);
	expect_story(test, life, "pause d3");
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	stop(life, NdisHaltDeviceDisabled);
}

/* A driver that cannot sleep is halted, and initialised again. */
static void ndis_power_cannot_sleep(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	life->requesting = NDIS_STATUS_NOT_SUPPORTED;
	minirq_ndis_miniport_suspend(life->miniport);
	expect_story(test, life, "pause d3 halt");
	KUNIT_EXPECT_EQ(test, life->action, NdisHaltDevicePoweredDown);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 0));
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	expect_story(test, life, "init restart power");
	fake_irq_fire(life->fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 1);
	stop(life, NdisHaltDeviceDisabled);
}

/* Unless it says that it needs not be. */
static void ndis_power_needs_no_halt(struct kunit *test)
{
	struct ndis_life *life = ndis_life_whole(test, fake_irq_messages(test, 2));

	life->flags = NDIS_MINIPORT_ATTRIBUTES_NO_HALT_ON_SUSPEND;
	life->driver.chars.OidRequestHandler = NULL;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_TRUE(test, life->miniport->asleep);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	expect_story(test, life, "init restart power pause restart power");
	stop(life, NdisHaltDeviceDisabled);
}

static void ndis_power_cannot_wake(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	minirq_ndis_miniport_suspend(life->miniport);
	life->requesting = NDIS_STATUS_FAILURE;
	KUNIT_EXPECT_EQ(test, resume(life), -EIO);
	expect_story(test, life, "pause d3 d0 halt");
	KUNIT_EXPECT_EQ(test, life->action, NdisHaltDeviceFailed);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 0));
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	expect_story(test, life, "");
}

/* Its device was gone when it should have woken, and is there the next time. */
static void ndis_power_sleeps_on(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	minirq_ndis_miniport_suspend(life->miniport);
	minirq_ndis_miniport_suspend(life->miniport);
	expect_story(test, life, "pause d3");
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	fake_irq_fire(life->fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 1);
	stop(life, NdisHaltDeviceDisabled);
}

static void wait_for_dpc(struct ndis_life *life)
{
	life->status = wait_for_count(&life->fx->ended, 1);
}

/* It may wait in MiniportHaltEx for a DPC that it asked for while it slept. */
static void ndis_power_halted_asleep(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	life->halt = wait_for_dpc;
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(life->fx, 1, 0x2, NULL), 0x2);
	stop(life, NdisHaltDeviceSurpriseRemoved);
	expect_story(test, life, "pause d3 gone halt");
	KUNIT_EXPECT_TRUE(test, life->status);
	KUNIT_EXPECT_FALSE(test, life->miniport->asleep);
}

/* The kernel has moved a vector; before the driver is called its table is true. */
static void ndis_power_table_after_sleep(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);
	PIO_INTERRUPT_MESSAGE_INFO table = life->fx->chars.MessageInfoTable;
	struct minirq_irqs *irqs = life->fx->irqs;
	ULONG before = table->MessageInfo[1].MessageData;

	minirq_ndis_miniport_suspend(life->miniport);
	irq_set_affinity_notifier(irqs->irq[1], NULL);
	irq_modify_status(irqs->irq[1], 0, IRQ_MOVE_PCNTXT);
	KUNIT_ASSERT_EQ(test, irq_set_affinity(irqs->irq[1], cpumask_of(2)), 0);
	KUNIT_EXPECT_EQ(test, table->MessageInfo[1].MessageData, before);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	KUNIT_EXPECT_NE(test, table->MessageInfo[1].MessageData, before);
	KUNIT_EXPECT_EQ(test, table->MessageInfo[1].MessageData, fake_irq_data(irqs, 1));
	KUNIT_EXPECT_EQ(test, table->MessageInfo[1].MessageAddress.QuadPart,
			fake_irq_address(irqs, 1));
	stop(life, NdisHaltDeviceDisabled);
}

static void fire_second(struct ndis_life *life)
{
	fake_irq_fire(life->fx->irqs, life->fx->irqs->count - 1);
}

/*
 * The device interrupts in each of the driver's handlers, from the end of its
 * registration to its deregistration, and while it sleeps. None is lost.
 */
static void ndis_power_interrupted_messages(struct kunit *test)
{
	struct ndis_life *life = ndis_life_whole(test, fake_irq_messages(test, 2));

	life->step = fire_second;
	life->fx->queue = TRUE;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&life->fx->ended, 3));
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 5);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(life->fx), atomic_read(&life->fx->ended));
	fake_irq_arm(life->fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&life->fx->isrs.count, 9));
	stop(life, NdisHaltDeviceDisabled);
	expect_story(test, life, "init restart power pause d3 d0 restart power pause halt");
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 11);
	fake_irq_send_on(life->fx->irqs, 1, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 11);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(life->fx), atomic_read(&life->fx->ended));
}

/* Of a line nothing is kept for an adapter that sleeps. */
static void ndis_power_interrupted_line(struct kunit *test)
{
	struct ndis_life *life = ndis_life_whole(test, fake_irq_line(test));
	int last;

	life->step = fire_second;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 5);
	fire_second(life);
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 8);
	stop(life, NdisHaltDeviceDisabled);
	/* this kernel asks the ISR of a shared line once more when it goes */
	last = ndis_isrs(life->fx);
	KUNIT_EXPECT_GE(test, last, 10);
	fake_irq_send_on(life->fx->irqs, 0, 0);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), last);
}

/* After MiniportShutdownEx nothing is called, not even an ISR. */
static void ndis_power_shutdown(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	life->step = fire_second;
	minirq_ndis_miniport_shutdown(life->miniport);
	expect_story(test, life, "off");
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 1);
	fake_irq_send_on(life->fx->irqs, 1, 0);
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 1);
	minirq_ndis_miniport_shutdown(life->miniport);
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_TRUE(test, fake_irq_connected(life->fx->irqs, 0));
	stop(life, NdisHaltDeviceDisabled);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->fx->irqs, 0));
	expect_story(test, life, "");
}

/* A reset does not keep interrupts out. */
static void ndis_power_reset(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);

	life->step = fire_second;
	atomic_set(&life->hangs, 1);
	mod_delayed_work(system_wq, &life->miniport->watch, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&life->resets));
	minirq_ndis_reset_unwatch(life->miniport);
	expect_story(test, life, "reset");
	KUNIT_EXPECT_EQ(test, ndis_isrs(life->fx), 1);
	stop(life, NdisHaltDeviceDisabled);
}

static void unwatch(void *miniport)
{
	minirq_ndis_reset_unwatch(miniport);
}

/* A reset that is under way comes to its end before anything else begins. */
static void ndis_power_waits_for_reset(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);
	struct task_struct *task;

	life->resetting = NDIS_STATUS_PENDING;
	atomic_set(&life->hangs, 1);
	mod_delayed_work(system_wq, &life->miniport->watch, 0);
	KUNIT_EXPECT_TRUE(test, wait_for(&life->resets));
	task = start_on_cpu(1, unwatch, life->miniport);
	KUNIT_EXPECT_TRUE(test, wait_until(sleeps, task));
	NdisMResetComplete(life->handle, NDIS_STATUS_HARD_ERRORS, FALSE);
	join(task);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(&life->miniport->watch));
	stop(life, NdisHaltDeviceDisabled);
	expect_story(test, life, "reset pause halt");
}

/* It is asked as often as it said, and only while it can answer. */
static void ndis_power_watched(struct kunit *test)
{
	struct ndis_life *life = started_with(test, 2);
	struct delayed_work *watch = &life->miniport->watch;

	KUNIT_EXPECT_TRUE(test, delayed_work_pending(watch));
	minirq_ndis_miniport_suspend(life->miniport);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(watch));
	KUNIT_EXPECT_EQ(test, resume(life), 0);
	KUNIT_EXPECT_TRUE(test, delayed_work_pending(watch));
	stop(life, NdisHaltDeviceDisabled);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(watch));
	life->driver.chars.ResetHandlerEx = NULL;
	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_start(life->miniport), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_FALSE(test, delayed_work_pending(watch));
	stop(life, NdisHaltDeviceDisabled);
}

static struct kunit_case ndis_power_cases[] = {
	KUNIT_CASE(ndis_power_start_and_stop),
	KUNIT_CASE(ndis_power_stop_once),
	KUNIT_CASE(ndis_power_pulled_out),
	KUNIT_CASE(ndis_power_absent_handlers),
	KUNIT_CASE(ndis_power_restart_fails),
	KUNIT_CASE(ndis_power_ends_early),
	KUNIT_CASE(ndis_power_waits_for_pause),
	KUNIT_CASE(ndis_power_waits_for_restart),
	KUNIT_CASE(ndis_power_nothing_to_end),
	KUNIT_CASE(ndis_power_pause_reason),
	KUNIT_CASE(ndis_power_sleep_and_wake),
	KUNIT_CASE(ndis_power_does_not_pause),
	KUNIT_CASE(ndis_power_cannot_sleep),
	KUNIT_CASE(ndis_power_needs_no_halt),
	KUNIT_CASE(ndis_power_cannot_wake),
	KUNIT_CASE(ndis_power_sleeps_on),
	KUNIT_CASE(ndis_power_halted_asleep),
	KUNIT_CASE(ndis_power_table_after_sleep),
	KUNIT_CASE(ndis_power_interrupted_messages),
	KUNIT_CASE(ndis_power_interrupted_line),
	KUNIT_CASE(ndis_power_shutdown),
	KUNIT_CASE(ndis_power_reset),
	KUNIT_CASE(ndis_power_waits_for_reset),
	KUNIT_CASE(ndis_power_watched),
	{}
};

static struct kunit_suite ndis_power_suite = {
	.name = "minirq_ndis_power",
	.init = ndis_life_init,
	.exit = ndis_life_exit,
	.test_cases = ndis_power_cases,
};

kunit_test_suite(ndis_power_suite);
