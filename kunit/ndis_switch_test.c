// SPDX-License-Identifier: GPL-2.0-only
/* Interrupts that stop for a while: at the device, and while that sleeps. */
#include "../src/interrupt_lock.h"
#include "../src/ndis_handle.h"
#include "../src/ndis_switch.h"
#include "ndis_fixture.h"

static struct _KINTERRUPT *message(struct ndis_fixture *fx, unsigned int id)
{
	return &fx->adapter.interrupt->intr->each[id];
}

static void expect_toggle(struct kunit *test, struct ndis_fixture *fx, int index, bool of_message,
			  ULONG id, bool enabled)
{
	struct ndis_call *call = &fx->toggles.call[index];

	KUNIT_EXPECT_PTR_EQ(test, call->context, (PVOID)fx);
	KUNIT_EXPECT_EQ(test, call->message, of_message);
	KUNIT_EXPECT_EQ(test, call->id, id);
	KUNIT_EXPECT_EQ(test, call->enabled, enabled);
	KUNIT_EXPECT_GT(test, (int)call->irql, DISPATCH_LEVEL);
}

/* A199 */
static void ndis_switch_one_message(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);
	ULONG id;

	for (id = 0; id < 4; id++) {
		KUNIT_EXPECT_TRUE(test, minirq_interrupt_set_enabled(message(fx, id), false));
		KUNIT_EXPECT_TRUE(test, minirq_interrupt_set_enabled(message(fx, id), true));
		KUNIT_ASSERT_EQ(test, ndis_toggles(fx), 2 * id + 2);
		expect_toggle(test, fx, 2 * id, true, id, false);
		expect_toggle(test, fx, 2 * id + 1, true, id, true);
	}
	KUNIT_EXPECT_EQ(test, (int)KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void ndis_switch_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	KUNIT_EXPECT_TRUE(test, minirq_interrupt_set_enabled(message(fx, 0), false));
	KUNIT_EXPECT_TRUE(test, minirq_interrupt_set_enabled(message(fx, 0), true));
	KUNIT_ASSERT_EQ(test, ndis_toggles(fx), 2);
	expect_toggle(test, fx, 0, false, 0, false);
	expect_toggle(test, fx, 1, false, 0, true);
}

/* One that was disabled by hand stays so until it is enabled by hand. */
static void ndis_switch_every_message(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 3);

	message(fx, 1)->disabled = true;
	minirq_ndis_switch_devices(fx->adapter.interrupt, false);
	minirq_ndis_switch_devices(fx->adapter.interrupt, true);
	KUNIT_ASSERT_EQ(test, ndis_toggles(fx), 5);
	expect_toggle(test, fx, 0, true, 0, false);
	expect_toggle(test, fx, 1, true, 1, false);
	expect_toggle(test, fx, 2, true, 2, false);
	expect_toggle(test, fx, 3, true, 0, true);
	expect_toggle(test, fx, 4, true, 2, true);
}

static void disable_first(void *fx)
{
	minirq_interrupt_set_enabled(message(fx, 0), false);
}

/* A199: under the lock of that message, and of no other. */
static void ndis_switch_keeps_isr_out(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct task_struct *task;

	ndis_gate_close(&fx->toggle_gate);
	task = start_on_cpu(1, disable_first, fx);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->toggle_gate.inside));
	fake_irq_send_on(fx->irqs, 1, 3);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->isrs.count, 1));
	fake_irq_send_on(fx->irqs, 0, 2);
	KUNIT_EXPECT_TRUE(test, ndis_fixture_entering(2));
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	ndis_gate_open(&fx->toggle_gate);
	join(task);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->isrs.count, 2));
	ndis_fixture_settle(2);
}

/* A message that comes while its device sleeps is not lost. */
static void ndis_switch_message_while_asleep(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->queue = TRUE;
	minirq_ndis_switch_sleep(fx->adapter.interrupt);
	KUNIT_EXPECT_TRUE(test, fake_irq_masked(fx->irqs, 1));
	fake_irq_arm(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 0);
	minirq_ndis_switch_wake(fx->adapter.interrupt);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, 1));
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_EQ(test, fx->isrs.call[0].id, 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
}

/* The line is the others' meanwhile, the ISR's again afterwards. */
static void ndis_switch_line_while_asleep(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	minirq_ndis_switch_sleep(fx->adapter.interrupt);
	fake_irq_fire(fx->irqs, 0);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 0);
	minirq_ndis_switch_wake(fx->adapter.interrupt);
	fake_irq_fire(fx->irqs, 0);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

static void sleep(void *fx)
{
	minirq_ndis_switch_sleep(((struct ndis_fixture *)fx)->adapter.interrupt);
}

/**
 * struct sleeper - a thread that has a device sleep
 * @fx:		whose device
 * @slept:	the device sleeps
 */
struct sleeper {
	struct ndis_fixture *fx;
	atomic_t slept;
};

static void sleep_and_tell(void *arg)
{
	struct sleeper *sleeper = arg;

	sleep(sleeper->fx);
	atomic_set(&sleeper->slept, 1);
}

static bool second_masked(void *fx)
{
	return fake_irq_masked(((struct ndis_fixture *)fx)->irqs, 1);
}

/* What runs when sleep begins comes to its end: an ISR, and the DPC it wants. */
static void ndis_switch_sleep_waits_for_isr(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct sleeper sleeper = { .fx = fx };
	struct task_struct *task;

	fx->targets = 0x8;
	ndis_gate_close(&fx->isr_gate[1]);
	fake_irq_send_on(fx->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->isr_gate[1].inside));
	task = start_on_cpu(1, sleep_and_tell, &sleeper);
	KUNIT_EXPECT_TRUE(test, wait_until(second_masked, fx));
	KUNIT_EXPECT_TRUE(test, stays_clear(&sleeper.slept));
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
	ndis_gate_open(&fx->isr_gate[1]);
	join(task);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->ended), 1);
	minirq_ndis_switch_wake(fx->adapter.interrupt);
}

static void queue_again(struct ndis_fixture *fx, struct ndis_call *call,
			PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	ndis_fixture_queue(fx, call->id, BIT(call->cpu), NULL);
}

/* A DPC that queues itself for ever does not keep sleep off. */
static void ndis_switch_sleep_ends_dpcs(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	int ran;

	fx->dpc_hook = queue_again;
	ndis_fixture_queue(fx, 1, 0x4, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->dpcs.count, 2));
	minirq_ndis_switch_sleep(fx->adapter.interrupt);
	ran = ndis_dpcs(fx);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0x4, NULL), 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), ran);
	fx->dpc_hook = NULL;
	minirq_ndis_switch_wake(fx->adapter.interrupt);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, ran + 1));
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0x4, NULL), 0x4);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, ran + 2));
}

static bool sleeps(void *task)
{
	return is_asleep(task);
}

/* Have sleep begin while a DPC runs on CPU 2, and wait until it waits for that. */
static struct task_struct *sleep_in_dpc(struct kunit *test, struct ndis_fixture *fx, PVOID context)
{
	struct task_struct *task;

	ndis_gate_close(&fx->dpc_gate[0]);
	ndis_fixture_queue(fx, 0, 0x4, context);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->dpc_gate[0].inside));
	task = start_on_cpu(1, sleep, fx);
	KUNIT_EXPECT_TRUE(test, wait_until(sleeps, task));
	return task;
}

static void more_once(struct ndis_fixture *fx, struct ndis_call *call,
		      PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	throttle->MoreNblsPending = atomic_dec_if_positive(&fx->again) >= 0;
}

/* Who has left packets behind is called for them when the device is awake. */
static void ndis_switch_recall_after_sleep(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct task_struct *task;

	fx->dpc_hook = more_once;
	fx->adapter.budget = 16;
	atomic_set(&fx->again, 1);
	task = sleep_in_dpc(test, fx, test);
	ndis_gate_open(&fx->dpc_gate[0]);
	join(task);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	minirq_ndis_switch_wake(fx->adapter.interrupt);
	KUNIT_ASSERT_TRUE(test, wait_for_count(&fx->ended, 2));
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[1].dpc_context, (PVOID)test);
	KUNIT_EXPECT_EQ(test, fx->dpcs.call[1].cpu, 2);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
}

/* It is pending as any other: a second one is not queued, the first one's context stays. */
static void ndis_switch_queue_while_asleep(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	minirq_ndis_switch_sleep(fx->adapter.interrupt);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0x6, test), 0x6);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0xc, fx), 0x8);
	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(fx->handle, 1, 0x2, fx), 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
	minirq_ndis_switch_wake(fx->adapter.interrupt);
	KUNIT_ASSERT_TRUE(test, wait_for_count(&fx->ended, 3));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 3);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0x2, fx), 0x2);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, 4));
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[3].dpc_context, (PVOID)fx);
}

/* Nobody is called for it once the interrupt is gone. */
static void ndis_switch_deregister_forgets(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	minirq_ndis_switch_sleep(fx->adapter.interrupt);
	ndis_fixture_queue(fx, 1, 0x6, NULL);
	ndis_fixture_deregister(fx);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0x6, NULL), 0x6);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, 2));
}

/*
 * The DPC that sleep waits for unmasks the device, which interrupts: its driver is
 * asked, and gets its DPC later. As only that may silence the device, the handler
 * that disables it is called at once, and once more in the end.
 */
static void ndis_switch_line_in_last_dpc(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	struct task_struct *task = sleep_in_dpc(test, fx, NULL);

	KUNIT_EXPECT_EQ(test, ndis_toggles(fx), 0);
	fx->queue = TRUE;
	fake_irq_fire_on(fx->irqs, 0, 3);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_EQ(test, ndis_toggles(fx), 1);
	expect_toggle(test, fx, 0, false, 0, false);
	ndis_gate_open(&fx->dpc_gate[0]);
	join(task);
	KUNIT_EXPECT_EQ(test, message(fx, 0)->unclaimed, 0);
	KUNIT_EXPECT_EQ(test, ndis_toggles(fx), 2);
	expect_toggle(test, fx, 1, false, 0, false);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	minirq_ndis_switch_wake(fx->adapter.interrupt);
	KUNIT_ASSERT_TRUE(test, wait_for_count(&fx->ended, 2));
	KUNIT_EXPECT_EQ(test, fx->dpcs.call[1].cpu, 3);
	KUNIT_EXPECT_PTR_EQ(test, fx->isrs.call[0].context, (PVOID)fx);
}

/* With TargetProcessors its DPCs come on those CPUs. */
static void ndis_switch_line_targets_later(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	struct task_struct *task = sleep_in_dpc(test, fx, NULL);

	fx->targets = 0x6;
	fake_irq_fire_on(fx->irqs, 0, 3);
	ndis_gate_open(&fx->dpc_gate[0]);
	join(task);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	minirq_ndis_switch_wake(fx->adapter.interrupt);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, 3));
}

/* A device that sleeps may go, and one with messages may come in its place. */
static void ndis_switch_deregister_asleep(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	minirq_ndis_switch_sleep(fx->adapter.interrupt);
	ndis_fixture_deregister(fx);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	fake_irq_fire(fx->irqs, 0);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

static struct kunit_case ndis_switch_cases[] = {
	KUNIT_CASE(ndis_switch_one_message),
	KUNIT_CASE(ndis_switch_line),
	KUNIT_CASE(ndis_switch_every_message),
	KUNIT_CASE(ndis_switch_keeps_isr_out),
	KUNIT_CASE(ndis_switch_message_while_asleep),
	KUNIT_CASE(ndis_switch_line_while_asleep),
	KUNIT_CASE(ndis_switch_sleep_waits_for_isr),
	KUNIT_CASE(ndis_switch_sleep_ends_dpcs),
	KUNIT_CASE(ndis_switch_recall_after_sleep),
	KUNIT_CASE(ndis_switch_queue_while_asleep),
	KUNIT_CASE(ndis_switch_deregister_forgets),
	KUNIT_CASE(ndis_switch_line_in_last_dpc),
	KUNIT_CASE(ndis_switch_line_targets_later),
	KUNIT_CASE(ndis_switch_deregister_asleep),
	{}
};

static struct kunit_suite ndis_switch_suite = {
	.name = "minirq_ndis_switch",
	.init = ndis_fixture_init,
	.exit = ndis_fixture_exit,
	.test_cases = ndis_switch_cases,
};

kunit_test_suite(ndis_switch_suite);
