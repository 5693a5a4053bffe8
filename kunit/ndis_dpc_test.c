// SPDX-License-Identifier: GPL-2.0-only
/* What an NDIS ISR asks for, what its DPCs get, and NdisMQueueDpc(Ex). */
#include <linux/cpu.h>
#include <linux/interrupt.h>

#include "ndis_fixture.h"

/* Two contexts, told apart by their addresses. */
static int first_context, second_context;

static void fire_and_flush(struct ndis_fixture *fx, unsigned int id, unsigned int cpu)
{
	fake_irq_fire_on(fx->irqs, id, cpu);
	KeFlushQueuedDpcs();
}

/* On which CPUs have the DPCs of a message run? */
static unsigned int dpc_cpus(struct ndis_fixture *fx, ULONG id)
{
	unsigned int i, mask = 0;

	for (i = 0; i < min(ndis_dpcs(fx), NDIS_FIXTURE_CALLS); i++)
		if (fx->dpcs.call[i].id == id)
			mask |= 1 << fx->dpcs.call[i].cpu;
	return mask;
}

/* A180 */
static void ndis_isr_line_context_and_irql(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	struct ndis_call *call = &fx->isrs.call[0];

	fake_irq_fire(fx->irqs, 0);
	KUNIT_ASSERT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_PTR_EQ(test, call->context, (PVOID)fx);
	KUNIT_EXPECT_GT(test, (int)call->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, (int)KeGetCurrentIrql(), PASSIVE_LEVEL);
}

static void expect_default_dpc(struct kunit *test, struct ndis_fixture *fx)
{
	unsigned int cpu;

	fx->queue = TRUE;
	for (cpu = 0; cpu < NDIS_FIXTURE_CPUS; cpu++) {
		fire_and_flush(fx, 0, cpu);
		KUNIT_ASSERT_EQ(test, ndis_dpcs(fx), cpu + 1);
		KUNIT_EXPECT_EQ(test, fx->isrs.call[cpu].cpu, cpu);
		KUNIT_EXPECT_EQ(test, fx->dpcs.call[cpu].cpu, cpu);
		KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[cpu].dpc_context, NULL);
	}
}

/* A181 */
static void ndis_isr_default_dpc_line(struct kunit *test)
{
	expect_default_dpc(test, ndis_fixture_registered_line(test));
}

/* The same for a message. */
static void ndis_isr_default_dpc_message(struct kunit *test)
{
	expect_default_dpc(test, ndis_fixture_registered(test, 1));
}

/* A182 */
static void ndis_isr_default_dpc_ignores_mask(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	fx->queue = TRUE;
	fx->targets = 0xf;
	fire_and_flush(fx, 0, 2);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 0), 0x4);
}

/* A183 */
static void ndis_isr_target_processors_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	fx->targets = 0x5;
	fire_and_flush(fx, 0, 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 0), 0x5);
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[0].dpc_context, NULL);
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[1].dpc_context, NULL);
}

static void ndis_isr_target_processors_message(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);

	fx->targets = 0xa;
	fire_and_flush(fx, 3, 0);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 3), 0xa);
}

/* OP-26 */
static void ndis_isr_absent_target_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->targets = 0x80000002;
	fire_and_flush(fx, 1, 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET), before + 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x2);
}

/* A184 */
static void ndis_isr_no_request_no_dpc(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	fire_and_flush(fx, 0, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
}

/*
 * An ISR that writes neither output gets no DPC, whatever the call before it
 * left on the stack.
 */
static void expect_preset(struct kunit *test, struct ndis_fixture *fx)
{
	fx->targets = 0xf;
	fire_and_flush(fx, 0, 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 4);
	fx->silent = true;
	fire_and_flush(fx, 0, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 2);
	KUNIT_EXPECT_FALSE(test, fx->isrs.call[1].queue);
	KUNIT_EXPECT_EQ(test, fx->isrs.call[1].targets, 0);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 4);
}

static void ndis_isr_outputs_preset_line(struct kunit *test)
{
	expect_preset(test, ndis_fixture_registered_line(test));
}

static void ndis_isr_outputs_preset_message(struct kunit *test)
{
	expect_preset(test, ndis_fixture_registered(test, 1));
}

/* Two interrupts before the DPC they ask for can run: it runs once. */
static void ndis_isr_requests_coalesce(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	KIRQL old;

	fx->queue = TRUE;
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	fake_irq_fire(fx->irqs, 1);
	fake_irq_fire(fx->irqs, 1);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 2);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
}

/* What debugfs shows: a count for each message, of whichever CPU. */
static void ndis_dpc_counted_by_message(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct minirq_interrupt *intr = fx->adapter.interrupt->intr;

	fx->targets = 0x7;
	fire_and_flush(fx, 1, 3);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_dpcs(intr, 0), 0);
	KUNIT_EXPECT_EQ(test, minirq_interrupt_dpcs(intr, 1), 3);
}

/* A185 */
static void ndis_isr_disclaims_but_asks_for_dpc(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	fx->claim = FALSE;
	fx->queue = TRUE;
	fire_and_flush(fx, 0, 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
}

/* OP-24, OP-25: a message cannot be disclaimed; that is reported, not obeyed. */
static void ndis_isr_disclaims_message(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_ISR);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->claim = FALSE;
	fx->queue = TRUE;
	fire_and_flush(fx, 1, 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_ISR), before + 1);
}

static irqreturn_t other_handler(int irq, void *calls)
{
	atomic_inc(calls);
	return IRQ_HANDLED;
}

/* A186 */
static void ndis_isr_disclaims_shared_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	atomic_t calls = ATOMIC_INIT(0);

	KUNIT_ASSERT_EQ(test, request_irq(fx->irqs->irq[0], other_handler, IRQF_SHARED, "other",
					  &calls), 0);
	fx->claim = FALSE;
	atomic_set(&calls, 0);
	fire_and_flush(fx, 0, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&calls), 1);
	free_irq(fx->irqs->irq[0], &calls);
}

/* A187 */
static void ndis_isr_message_id(struct kunit *test)
{
	static const ULONG order[] = { 2, 0, 3, 1 };
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(order); i++) {
		fake_irq_fire(fx->irqs, order[i]);
		KUNIT_ASSERT_EQ(test, ndis_isrs(fx), i + 1);
		KUNIT_EXPECT_TRUE(test, fx->isrs.call[i].message);
		KUNIT_EXPECT_EQ(test, fx->isrs.call[i].id, order[i]);
		KUNIT_EXPECT_PTR_EQ(test, fx->isrs.call[i].context, (PVOID)fx);
		KUNIT_EXPECT_GT(test, (int)fx->isrs.call[i].irql, DISPATCH_LEVEL);
	}
}

/* A188 */
static void ndis_dpc_message_id(struct kunit *test)
{
	static const ULONG order[] = { 2, 0, 3, 1 };
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);
	unsigned int i;

	fx->queue = TRUE;
	for (i = 0; i < ARRAY_SIZE(order); i++) {
		fire_and_flush(fx, order[i], i);
		KUNIT_ASSERT_EQ(test, ndis_dpcs(fx), i + 1);
		KUNIT_EXPECT_TRUE(test, fx->dpcs.call[i].message);
		KUNIT_EXPECT_EQ(test, fx->dpcs.call[i].id, order[i]);
	}
}

/* Hold an ISR of message 0 up on CPU 1. */
static void hold_isr(struct kunit *test, struct ndis_fixture *fx)
{
	ndis_gate_close(&fx->isr_gate[0]);
	fake_irq_send_on(fx->irqs, 0, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->isr_gate[0].inside));
}

/* A189 */
static void ndis_isr_one_lock_for_all(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 4);

	fx->chars.MsiSyncWithAllMessages = TRUE;
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	hold_isr(test, fx);
	fake_irq_send_on(fx->irqs, 3, 2);
	KUNIT_EXPECT_TRUE(test, ndis_fixture_entering(2));
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	ndis_gate_open(&fx->isr_gate[0]);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->isrs.count, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->all_isrs.most), 1);
}

/* A190 */
static void ndis_isr_lock_of_its_own(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	hold_isr(test, fx);
	ndis_gate_close(&fx->isr_gate[1]);
	fake_irq_send_on(fx->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->isr_gate[1].inside));
	KUNIT_EXPECT_EQ(test, ndis_gate_inside(&fx->isr_gate[0]), 1);
	KUNIT_EXPECT_EQ(test, ndis_gate_inside(&fx->all_isrs), 2);
}

/* Deliver message 0 as the irq layer would, if it had not seen to it itself. */
static void deliver_again(void *arg)
{
	struct ndis_fixture *fx = arg;
	struct minirq_interrupt *intr = fx->adapter.interrupt->intr;

	intr->handler(fx->irqs->irq[0], &intr->each[0]);
}

/*
 * A191
 *
 * The kernel holds a second delivery back while the first is in its handler.
 * Past it, the lock of the message does.
 */
static void ndis_isr_no_overlap_with_itself(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	hold_isr(test, fx);
	smp_call_function_single(2, deliver_again, fx, false);
	fake_irq_send_on(fx->irqs, 0, 3);
	KUNIT_EXPECT_TRUE(test, ndis_fixture_entering(2));
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	ndis_gate_open(&fx->isr_gate[0]);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->isrs.count, 2));
	ndis_fixture_settle(2);
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->isr_gate[0].most), 1);
}

/* A192 A193 A194 */
static void ndis_dpc_level_and_throttle(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct ndis_call *call = &fx->dpcs.call[0];

	fx->queue = TRUE;
	fire_and_flush(fx, 1, 1);
	KUNIT_ASSERT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_EQ(test, (int)call->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_TRUE(test, call->throttled);
	KUNIT_EXPECT_EQ(test, call->more, 0);
	KUNIT_EXPECT_EQ(test, call->budget, 0xffffffff);
	KUNIT_EXPECT_EQ(test, NDIS_INDICATE_ALL_NBLS, 0xffffffff);
}

/* A192 A193 A194 */
static void ndis_dpc_level_and_throttle_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	struct ndis_call *call = &fx->dpcs.call[0];

	fx->queue = TRUE;
	fire_and_flush(fx, 0, 1);
	KUNIT_ASSERT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_EQ(test, (int)call->irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_TRUE(test, call->throttled);
	KUNIT_EXPECT_EQ(test, call->more, 0);
	KUNIT_EXPECT_EQ(test, call->budget, 0xffffffff);
}

/* Leave packets behind, @again times. */
static void more_pending(struct ndis_fixture *fx, struct ndis_call *call,
			 PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	if (atomic_dec_if_positive(&fx->again) >= 0)
		throttle->MoreNblsPending = 1;
}

static bool all_ended(void *arg)
{
	struct ndis_fixture *fx = arg;

	return atomic_read(&fx->ended) >= 4;
}

/* A193 A195 A196 */
static void ndis_dpc_recalled_while_more_pending(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	unsigned int i;

	fx->adapter.budget = 16;
	fx->dpc_hook = more_pending;
	atomic_set(&fx->again, 3);
	fx->queue = TRUE;
	fire_and_flush(fx, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_until(all_ended, fx));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 4);
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_TRUE(test, fx->dpcs.call[i].throttled);
		KUNIT_EXPECT_EQ(test, fx->dpcs.call[i].budget, 16);
		KUNIT_EXPECT_EQ(test, fx->dpcs.call[i].more, 0);
	}
}

/* A196 */
static void ndis_dpc_not_recalled_unasked(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->adapter.budget = 16;
	fx->queue = TRUE;
	fire_and_flush(fx, 1, 2);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
}

/* A197 */
static void ndis_dpc_more_pending_despite_full_budget(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_THROTTLE);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->dpc_hook = more_pending;
	atomic_set(&fx->again, 1);
	fx->queue = TRUE;
	fire_and_flush(fx, 1, 2);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_THROTTLE), before + 1);
}

/* With a budget there is nothing to report. */
static void ndis_dpc_more_pending_within_budget(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->adapter.budget = 1;
	fx->dpc_hook = more_pending;
	atomic_set(&fx->again, 1);
	fx->queue = TRUE;
	fire_and_flush(fx, 1, 2);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

/* A198 */
static void ndis_dpc_recall_keeps_id_and_context(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);
	unsigned int i;

	fx->adapter.budget = 16;
	fx->dpc_hook = more_pending;
	atomic_set(&fx->again, 3);
	ndis_fixture_queue(fx, 3, 0x4, &first_context);
	KUNIT_EXPECT_TRUE(test, wait_until(all_ended, fx));
	for (i = 0; i < 4; i++) {
		KUNIT_EXPECT_EQ(test, fx->dpcs.call[i].id, 3);
		KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[i].dpc_context, &first_context);
		KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[i].context, (PVOID)fx);
		KUNIT_EXPECT_EQ(test, fx->dpcs.call[i].cpu, 2);
	}
}

/* A200 */
static void ndis_isr_handlers_to_mask_not_called(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->targets = 0xf;
	fire_and_flush(fx, 0, 1);
	fire_and_flush(fx, 1, 2);
	ndis_fixture_deregister(fx);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 8);
	KUNIT_EXPECT_EQ(test, ndis_toggles(fx), 0);
}

/* A200 */
static void ndis_isr_handlers_to_mask_not_called_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	fx->queue = TRUE;
	fire_and_flush(fx, 0, 1);
	ndis_fixture_deregister(fx);
	KUNIT_EXPECT_GE(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_EQ(test, ndis_toggles(fx), 0);
}

/* A201 A205 */
static void ndis_queue_two_cpus(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 0, 0x3, &first_context), 0x3);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 0), 0x3);
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[0].dpc_context, &first_context);
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[1].dpc_context, &first_context);
}

/* At DISPATCH_LEVEL the DPC of this CPU, CPU 0, has to wait. */
static KAFFINITY queue_behind_pending(struct ndis_fixture *fx)
{
	KAFFINITY mask;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	ndis_fixture_queue(fx, 1, 0x1, &first_context);
	mask = ndis_fixture_queue(fx, 1, 0x3, &second_context);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	return mask;
}

/* A202 */
static void ndis_queue_pending_bit_missing(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, queue_behind_pending(fx), 0x2);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x3);
}

/* A203 */
static void ndis_queue_first_context_wins(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	unsigned int i;

	queue_behind_pending(fx);
	KUNIT_ASSERT_EQ(test, ndis_dpcs(fx), 2);
	for (i = 0; i < 2; i++) {
		struct ndis_call *call = &fx->dpcs.call[i];

		KUNIT_EXPECT_PTR_EQ(test, call->dpc_context,
				    call->cpu ? &second_context : &first_context);
	}
}

/* A204 */
static void ndis_queue_two_messages_one_cpu(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 3);

	ndis_gate_close(&fx->dpc_gate[2]);
	ndis_fixture_queue(fx, 2, 0x2, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->dpc_gate[2].inside));
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 0, 0x2, &first_context), 0x2);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0x2, &second_context), 0x2);
	ndis_gate_open(&fx->dpc_gate[2]);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 3);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 0), 0x2);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x2);
}

/* DPCs on different CPUs do not wait for each other, of one message or of two. */
static void ndis_queue_cpus_are_independent(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	ndis_gate_close(&fx->dpc_gate[0]);
	ndis_gate_close(&fx->dpc_gate[1]);
	ndis_fixture_queue(fx, 0, 0x6, NULL);
	ndis_fixture_queue(fx, 1, 0x8, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->dpc_gate[0].inside, 2));
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->dpc_gate[1].inside));
}

/* Ask for the same DPC again, once. */
static void queue_itself(struct ndis_fixture *fx, struct ndis_call *call,
			 PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	if (atomic_dec_if_positive(&fx->again) >= 0)
		fx->mask = ndis_fixture_queue(fx, call->id, 1 << call->cpu, &second_context);
}

/* A206 */
static void ndis_queue_from_inside_runs_again(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->dpc_hook = queue_itself;
	atomic_set(&fx->again, 1);
	ndis_fixture_queue(fx, 1, 0x4, &first_context);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, 2));
	KUNIT_EXPECT_EQ(test, fx->mask, 0x4);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x4);
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[1].dpc_context, &second_context);
}

/* A207 */
static void ndis_queue_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(fx->handle, 0, 0x1, &first_context), 0x1);
	KeFlushQueuedDpcs();
	KUNIT_ASSERT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_FALSE(test, fx->dpcs.call[0].message);
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[0].dpc_context, &first_context);
	KUNIT_EXPECT_EQ(test, fx->dpcs.call[0].cpu, 0);
}

/* NdisMQueueDpc() for a message: the mask is that of CPUs 0 to 31. */
static void ndis_queue_by_short_mask(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(fx->handle, 1, 0xd, &first_context), 0xd);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 3);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0xd);
}

/* A208 */
static void ndis_queue_empty_mask(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0, NULL), 0);
	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(fx->handle, 1, 0, NULL), 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
}

/* A209 */
static void ndis_queue_absent_cpu(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 1ULL << 63 | 1ULL << 32 | 0x6, NULL), 0x6);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET), before + 2);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
}

/* OP-26: a group that is not there has no CPUs. */
static void ndis_queue_absent_group(struct kunit *test)
{
	GROUP_AFFINITY affinity = { .Mask = 0x1, .Group = 1 };
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, NdisMQueueDpcEx(fx->handle, 1, &affinity, NULL), 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET), before + 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
}

/* The last bit of NdisMQueueDpc() is CPU 31. */
static void ndis_queue_absent_cpu_short_mask(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(fx->handle, 1, 0x80000004, NULL), 0x4);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET), before + 1);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x4);
}

/* OP-26: a CPU that is offline is no target; back again, it is. */
static void ndis_queue_offline_cpu(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	KAFFINITY without, with;

	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	without = ndis_fixture_queue(fx, 1, 0xe, NULL);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	with = ndis_fixture_queue(fx, 0, 0xe, NULL);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, without, 0x6);
	KUNIT_EXPECT_EQ(test, with, 0xe);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x6);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 0), 0xe);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_DPC_TARGET), before + 1);
}

/* An ISR that asks for one gets the others. */
static void ndis_isr_target_offline(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_ASSERT_EQ(test, remove_cpu(3), 0);
	fx->targets = 0xc;
	fire_and_flush(fx, 1, 1);
	KUNIT_EXPECT_EQ(test, add_cpu(3), 0);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x4);
}

static void ndis_queue_without_group(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, NdisMQueueDpcEx(fx->handle, 1, NULL, NULL), 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
}

static void ndis_queue_absent_message(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 2, 0x1, NULL), 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), before + 1);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
}

static void queue_in_isr(struct ndis_fixture *fx, ULONG id)
{
	fx->mask = ndis_fixture_queue(fx, id, 0x9, &first_context);
}

/* A210 */
static void ndis_queue_from_isr(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->isr_hook = queue_in_isr;
	fire_and_flush(fx, 1, 2);
	KUNIT_EXPECT_EQ(test, fx->mask, 0x9);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x9);
	KUNIT_EXPECT_PTR_EQ(test, fx->dpcs.call[0].dpc_context, &first_context);
}

/**
 * struct synced - what a function saw that ran in place of an ISR
 * @fx:		the miniport
 * @id:		message
 * @answer:	what it returns
 * @result:	what its caller got
 * @calls:	how often it ran
 * @irql:	level inside
 * @inside:	it is there now
 * @let_go:	it may leave
 */
struct synced {
	struct ndis_fixture *fx;
	ULONG id;
	BOOLEAN answer;
	BOOLEAN result;
	int calls;
	KIRQL irql;
	atomic_t inside;
	atomic_t let_go;
};

static BOOLEAN synchronized(NDIS_HANDLE context)
{
	struct synced *synced = context;

	synced->calls++;
	synced->irql = KeGetCurrentIrql();
	atomic_inc(&synced->inside);
	spin_for(&synced->let_go);
	atomic_dec(&synced->inside);
	return synced->answer;
}

static void synchronize(void *arg)
{
	struct synced *synced = arg;

	synced->result = NdisMSynchronizeWithInterruptEx(synced->fx->handle, synced->id,
							 synchronized, synced);
}

/* A211 */
static void ndis_synchronize_returns_answer(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct synced synced = { .fx = fx, .id = 1, .let_go = ATOMIC_INIT(1) };

	synced.result = TRUE;
	synchronize(&synced);
	KUNIT_EXPECT_EQ(test, synced.result, FALSE);
	synced.answer = TRUE;
	synchronize(&synced);
	KUNIT_EXPECT_EQ(test, synced.result, TRUE);
	KUNIT_EXPECT_EQ(test, synced.calls, 2);
}

/* A212 */
static void ndis_synchronize_level(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct synced synced = { .fx = fx, .id = 1, .let_go = ATOMIC_INIT(1) };
	KIRQL after;

	synchronize(&synced);
	after = KeGetCurrentIrql();
	KUNIT_EXPECT_EQ(test, (int)synced.irql,
			(int)fx->chars.MessageInfoTable->MessageInfo[1].Irql);
	KUNIT_EXPECT_GT(test, (int)synced.irql, DISPATCH_LEVEL);
	KUNIT_EXPECT_EQ(test, (int)after, PASSIVE_LEVEL);
	KUNIT_EXPECT_FALSE(test, irqs_disabled());
}

/* From DISPATCH_LEVEL too, as DPCs do. */
static void ndis_synchronize_from_dispatch(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct synced synced = { .fx = fx, .id = 1, .let_go = ATOMIC_INIT(1) };
	KIRQL old, after;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	synchronize(&synced);
	after = KeGetCurrentIrql();
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, synced.calls, 1);
	KUNIT_EXPECT_EQ(test, (int)after, DISPATCH_LEVEL);
}

/*
 * While the function of message @held stays inside on CPU 1, interrupts of
 * message @other arrive on CPU @cpu and do not reach their ISR.
 */
static void expect_kept_out(struct kunit *test, struct ndis_fixture *fx, ULONG held, ULONG other,
			    unsigned int cpu)
{
	struct synced synced = { .fx = fx, .id = held };
	struct task_struct *task = start_on_cpu(1, synchronize, &synced);
	int before = ndis_isrs(fx);

	KUNIT_EXPECT_TRUE(test, wait_for(&synced.inside));
	fake_irq_send_on(fx->irqs, other, cpu);
	KUNIT_EXPECT_TRUE(test, ndis_fixture_entering(cpu));
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), before);
	atomic_set(&synced.let_go, 1);
	join(task);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->isrs.count, before + 1));
	ndis_fixture_settle(cpu);
}

/* A213 */
static void ndis_synchronize_keeps_isr_out(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	expect_kept_out(test, fx, 1, 1, 2);
	expect_kept_out(test, fx, 1, 1, 3);
	expect_kept_out(test, fx, 0, 0, 2);
}

/* A214 */
static void ndis_synchronize_lets_other_messages_in(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 3);
	struct synced synced = { .fx = fx, .id = 1 };
	struct task_struct *task = start_on_cpu(1, synchronize, &synced);

	KUNIT_EXPECT_TRUE(test, wait_for(&synced.inside));
	fake_irq_send_on(fx->irqs, 0, 2);
	fake_irq_send_on(fx->irqs, 2, 3);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->isrs.count, 2));
	KUNIT_EXPECT_EQ(test, atomic_read(&synced.inside), 1);
	atomic_set(&synced.let_go, 1);
	join(task);
}

/* A215 */
static void ndis_synchronize_with_all_messages(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 4);
	ULONG id;

	fx->chars.MsiSyncWithAllMessages = TRUE;
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	for (id = 0; id < 4; id++)
		expect_kept_out(test, fx, 1, id, 2);
}

/* A216 */
static void ndis_synchronize_line_ignores_id(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	struct synced synced = {
		.fx = fx, .id = 77, .answer = TRUE, .let_go = ATOMIC_INIT(1),
	};

	synchronize(&synced);
	KUNIT_EXPECT_EQ(test, synced.calls, 1);
	KUNIT_EXPECT_EQ(test, synced.result, TRUE);
}

/* A216: and it is the lock of the line that the function has. */
static void ndis_synchronize_line_keeps_isr_out(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);

	expect_kept_out(test, fx, 77, 0, 2);
}

static void ndis_synchronize_absent_message(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_CALL);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct synced synced = { .fx = fx, .id = 2, .answer = TRUE, .result = TRUE };

	synchronize(&synced);
	KUNIT_EXPECT_EQ(test, synced.calls, 0);
	KUNIT_EXPECT_EQ(test, synced.result, FALSE);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_CALL), before + 1);
}

static BOOLEAN queue_in_sync(NDIS_HANDLE context)
{
	struct ndis_fixture *fx = context;

	fx->mask = ndis_fixture_queue(fx, 1, 0x5, &first_context);
	return TRUE;
}

/* OP-27 */
static void ndis_queue_at_dirql(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	NdisMSynchronizeWithInterruptEx(fx->handle, 1, queue_in_sync, fx);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, fx->mask, 0x5);
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x5);
}

/* OP-27: from every level, to this CPU and to another. */
static void ndis_queue_at_every_level(struct kunit *test)
{
	static const KIRQL levels[] = {
		PASSIVE_LEVEL, APC_LEVEL, DISPATCH_LEVEL, 3, 12, CLOCK_LEVEL, HIGH_LEVEL,
	};
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	unsigned int i;
	KAFFINITY mask;
	KIRQL old;

	for (i = 0; i < ARRAY_SIZE(levels); i++) {
		KeRaiseIrql(levels[i], &old);
		mask = ndis_fixture_queue(fx, 1, 0x9, &first_context);
		KeLowerIrql(old);
		KeFlushQueuedDpcs();
		KUNIT_EXPECT_EQ(test, mask, 0x9);
		KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 2 * (i + 1));
	}
	KUNIT_EXPECT_EQ(test, dpc_cpus(fx, 1), 0x9);
}

static struct kunit_case ndis_dpc_cases[] = {
	KUNIT_CASE(ndis_isr_line_context_and_irql),
	KUNIT_CASE(ndis_isr_default_dpc_line),
	KUNIT_CASE(ndis_isr_default_dpc_message),
	KUNIT_CASE(ndis_isr_default_dpc_ignores_mask),
	KUNIT_CASE(ndis_isr_target_processors_line),
	KUNIT_CASE(ndis_isr_target_processors_message),
	KUNIT_CASE(ndis_isr_absent_target_reported),
	KUNIT_CASE(ndis_isr_no_request_no_dpc),
	KUNIT_CASE(ndis_isr_outputs_preset_line),
	KUNIT_CASE(ndis_isr_outputs_preset_message),
	KUNIT_CASE(ndis_isr_requests_coalesce),
	KUNIT_CASE(ndis_dpc_counted_by_message),
	KUNIT_CASE(ndis_isr_disclaims_but_asks_for_dpc),
	KUNIT_CASE(ndis_isr_disclaims_message),
	KUNIT_CASE(ndis_isr_disclaims_shared_line),
	KUNIT_CASE(ndis_isr_message_id),
	KUNIT_CASE(ndis_dpc_message_id),
	KUNIT_CASE(ndis_isr_one_lock_for_all),
	KUNIT_CASE(ndis_isr_lock_of_its_own),
	KUNIT_CASE(ndis_isr_no_overlap_with_itself),
	KUNIT_CASE(ndis_dpc_level_and_throttle),
	KUNIT_CASE(ndis_dpc_level_and_throttle_line),
	KUNIT_CASE(ndis_dpc_recalled_while_more_pending),
	KUNIT_CASE(ndis_dpc_not_recalled_unasked),
	KUNIT_CASE(ndis_dpc_more_pending_despite_full_budget),
	KUNIT_CASE(ndis_dpc_more_pending_within_budget),
	KUNIT_CASE(ndis_dpc_recall_keeps_id_and_context),
	KUNIT_CASE(ndis_isr_handlers_to_mask_not_called),
	KUNIT_CASE(ndis_isr_handlers_to_mask_not_called_line),
	KUNIT_CASE(ndis_queue_two_cpus),
	KUNIT_CASE(ndis_queue_pending_bit_missing),
	KUNIT_CASE(ndis_queue_first_context_wins),
	KUNIT_CASE(ndis_queue_two_messages_one_cpu),
	KUNIT_CASE(ndis_queue_cpus_are_independent),
	KUNIT_CASE(ndis_queue_from_inside_runs_again),
	KUNIT_CASE(ndis_queue_line),
	KUNIT_CASE(ndis_queue_by_short_mask),
	KUNIT_CASE(ndis_queue_empty_mask),
	KUNIT_CASE(ndis_queue_absent_cpu),
	KUNIT_CASE(ndis_queue_absent_group),
	KUNIT_CASE(ndis_queue_absent_cpu_short_mask),
	KUNIT_CASE(ndis_queue_offline_cpu),
	KUNIT_CASE(ndis_isr_target_offline),
	KUNIT_CASE(ndis_queue_without_group),
	KUNIT_CASE(ndis_queue_absent_message),
	KUNIT_CASE(ndis_queue_from_isr),
	KUNIT_CASE(ndis_queue_at_dirql),
	KUNIT_CASE(ndis_queue_at_every_level),
	KUNIT_CASE(ndis_synchronize_returns_answer),
	KUNIT_CASE(ndis_synchronize_level),
	KUNIT_CASE(ndis_synchronize_from_dispatch),
	KUNIT_CASE(ndis_synchronize_keeps_isr_out),
	KUNIT_CASE(ndis_synchronize_lets_other_messages_in),
	KUNIT_CASE(ndis_synchronize_with_all_messages),
	KUNIT_CASE(ndis_synchronize_line_ignores_id),
	KUNIT_CASE(ndis_synchronize_line_keeps_isr_out),
	KUNIT_CASE(ndis_synchronize_absent_message),
	{}
};

static struct kunit_suite ndis_dpc_suite = {
	.name = "minirq_ndis_dpc",
	.init = ndis_fixture_init,
	.exit = ndis_fixture_exit,
	.test_cases = ndis_dpc_cases,
};

kunit_test_suite(ndis_dpc_suite);
