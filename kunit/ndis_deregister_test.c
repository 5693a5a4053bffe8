// SPDX-License-Identifier: GPL-2.0-only
/* NdisMDeregisterInterruptEx(): what it waits for, and what comes after it. */
#include <linux/interrupt.h>
#include <linux/irq.h>

#include "ndis_fixture.h"

/**
 * struct closing - a deregistration in a thread of its own
 * @fx:		what it deregisters
 * @task:	the thread
 * @go:		it may begin
 * @isrs:	ISRs inside when it returned
 * @dpcs:	DPCs that had ended when it returned
 * @returned:	it has
 */
struct closing {
	struct ndis_fixture *fx;
	struct task_struct *task;
	atomic_t go;
	int isrs;
	int dpcs;
	atomic_t returned;
};

static void deregister(void *arg)
{
	struct closing *closing = arg;

	wait_for(&closing->go);
	ndis_fixture_deregister(closing->fx);
	closing->isrs = ndis_gate_inside(&closing->fx->all_isrs);
	closing->dpcs = atomic_read(&closing->fx->ended);
	atomic_set(&closing->returned, 1);
}

/* Nobody listens to this message any more: its irq is being given back. */
static bool disconnected(void *irq)
{
	return !irq_has_action(*(unsigned int *)irq);
}

static bool asleep_or_returned(void *arg)
{
	struct closing *closing = arg;

	return atomic_read(&closing->returned) || is_asleep(closing->task);
}

/*
 * Make the thread, before any handler is held up: the kernel takes a CPU that is
 * in an ISR for an idle one, and may well put the thread's maker there.
 */
static void prepare_closing(struct closing *closing, struct ndis_fixture *fx,
			    unsigned int cpu)
{
	closing->fx = fx;
	closing->task = start_on_cpu(cpu, deregister, closing);
}

/*
 * Begin to deregister, and go on once message @id is disconnected. Where an ISR is
 * held up, that takes a CPU of its own: the kernel spins until the ISR has ended.
 */
static void start_closing(struct kunit *test, struct closing *closing, unsigned int id)
{
	atomic_set(&closing->go, 1);
	KUNIT_EXPECT_TRUE(test, wait_until(disconnected, &closing->fx->irqs->irq[id]));
}

/* Every message is disconnected, and the call waits for DPCs; or it is over. */
static void start_flushing(struct kunit *test, struct closing *closing)
{
	start_closing(test, closing, 0);
	KUNIT_EXPECT_TRUE(test, wait_until(asleep_or_returned, closing));
}

static void fire_all(struct ndis_fixture *fx)
{
	unsigned int id;

	for (id = 0; id < fx->irqs->count; id++)
		fake_irq_fire(fx->irqs, id);
}

/* A172 */
static void ndis_deregister_waits_for_isr(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct closing closing = {};

	prepare_closing(&closing, fx, 1);
	ndis_gate_close(&fx->isr_gate[1]);
	fake_irq_send_on(fx->irqs, 1, 2);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->isr_gate[1].inside));
	start_closing(test, &closing, 1);
	KUNIT_EXPECT_TRUE(test, stays_clear(&closing.returned));
	ndis_gate_open(&fx->isr_gate[1]);
	join(closing.task);
	KUNIT_EXPECT_TRUE(test, atomic_read(&closing.returned));
	KUNIT_EXPECT_EQ(test, closing.isrs, 0);
}

/* A172 */
static void ndis_deregister_waits_for_line_isr(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	struct closing closing = {};

	prepare_closing(&closing, fx, 1);
	ndis_gate_close(&fx->isr_gate[0]);
	fake_irq_send_on(fx->irqs, 0, 3);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->isr_gate[0].inside));
	start_closing(test, &closing, 0);
	KUNIT_EXPECT_TRUE(test, stays_clear(&closing.returned));
	ndis_gate_open(&fx->isr_gate[0]);
	join(closing.task);
	KUNIT_EXPECT_TRUE(test, atomic_read(&closing.returned));
	KUNIT_EXPECT_EQ(test, closing.isrs, 0);
}

/* The DPC that an ISR asks for while deregistration waits for it runs too. */
static void ndis_deregister_runs_dpc_of_last_isr(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 1);
	struct closing closing = {};

	prepare_closing(&closing, fx, 1);
	fx->targets = 0x6;
	ndis_gate_close(&fx->isr_gate[0]);
	fake_irq_send_on(fx->irqs, 0, 3);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->isr_gate[0].inside));
	start_closing(test, &closing, 0);
	ndis_gate_open(&fx->isr_gate[0]);
	join(closing.task);
	KUNIT_EXPECT_EQ(test, closing.dpcs, 2);
}

/*
 * A173
 *
 * On CPUs 1 to 3 a DPC of message 0 is held up; that of message 1 waits behind.
 */
static void ndis_deregister_runs_pending_dpcs(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct closing closing = {};

	prepare_closing(&closing, fx, 0);
	ndis_gate_close(&fx->dpc_gate[0]);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 0, 0xe, NULL), 0xe);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->dpc_gate[0].inside, 3));
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0xe, NULL), 0xe);
	start_flushing(test, &closing);
	KUNIT_EXPECT_TRUE(test, stays_clear(&closing.returned));
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 3);
	ndis_gate_open(&fx->dpc_gate[0]);
	join(closing.task);
	KUNIT_EXPECT_EQ(test, closing.dpcs, 6);
}

/* While it waits, nothing new is taken on from elsewhere. */
static void ndis_deregister_refuses_new_dpcs(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	struct closing closing = {};

	prepare_closing(&closing, fx, 0);
	ndis_gate_close(&fx->dpc_gate[0]);
	ndis_fixture_queue(fx, 0, 0x2, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->dpc_gate[0].inside));
	start_flushing(test, &closing);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 1, 0xf, NULL), 0);
	ndis_gate_open(&fx->dpc_gate[0]);
	join(closing.task);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 1);
}

/* A174 */
static void ndis_deregister_messages_fall_silent(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 4);

	fx->queue = TRUE;
	fire_all(fx);
	KeFlushQueuedDpcs();
	ndis_fixture_deregister(fx);
	fire_all(fx);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 4);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 4);
}

static irqreturn_t other_handler(int irq, void *calls)
{
	atomic_inc(calls);
	return IRQ_HANDLED;
}

/*
 * A174
 *
 * Another driver keeps the line alive, so the interrupt does arrive. The kernel
 * may call the handler of a shared line once more while it is taken away.
 */
static void ndis_deregister_shared_line_falls_silent(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered_line(test);
	atomic_t calls = ATOMIC_INIT(0);
	int isrs, dpcs;

	fx->queue = TRUE;
	KUNIT_ASSERT_EQ(test, request_irq(fx->irqs->irq[0], other_handler, IRQF_SHARED, "other",
					  &calls), 0);
	ndis_fixture_deregister(fx);
	isrs = ndis_isrs(fx);
	dpcs = ndis_dpcs(fx);
	atomic_set(&calls, 0);
	fake_irq_fire(fx->irqs, 0);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, atomic_read(&calls), 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), isrs);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), dpcs);
	free_irq(fx->irqs->irq[0], &calls);
}

static BOOLEAN count_call(NDIS_HANDLE calls)
{
	++*(int *)calls;
	return TRUE;
}

/* A175 */
static void ndis_deregister_then_synchronize_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	int calls = 0;

	ndis_fixture_deregister(fx);
	KUNIT_EXPECT_FALSE(test, NdisMSynchronizeWithInterruptEx(fx->handle, 0, count_call,
								 &calls));
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before + 1);
	KUNIT_EXPECT_EQ(test, calls, 0);
}

static void ndis_deregister_then_queue_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	ndis_fixture_deregister(fx);
	KUNIT_EXPECT_EQ(test, ndis_fixture_queue(fx, 0, 0x1, NULL), 0);
	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(fx->handle, 0, 0x1, NULL), 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before + 2);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 0);
}

/* A176 */
static void ndis_deregister_at_dispatch_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	ndis_fixture_deregister(fx);
	KeLowerIrql(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_IRQL), before + 1);
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

/* OP-40 */
static void ndis_deregister_twice_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	ndis_fixture_deregister(fx);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before);
	ndis_fixture_deregister(fx);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before + 1);
}

/* OP-40 */
static void ndis_deregister_null_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	NdisMDeregisterInterruptEx(NULL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before + 1);
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

/* The handle of the adapter is none of its interrupt. */
static void ndis_deregister_other_handle_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	NdisMDeregisterInterruptEx(&fx->adapter);
	KUNIT_EXPECT_EQ(test, NdisMQueueDpc(&fx->adapter, 0, 0x1, NULL), 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before + 2);
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

/* A dead handle does not reach the registration that came after it. */
static void ndis_deregister_old_handle_spares_new(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE);
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	NDIS_HANDLE old = fx->handle;

	ndis_fixture_deregister(fx);
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	KUNIT_EXPECT_PTR_NE(test, fx->handle, old);
	NdisMDeregisterInterruptEx(old);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_HANDLE), before + 1);
	fake_irq_fire(fx->irqs, 1);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 1);
}

static void ndis_deregister_then_register_again(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	unsigned int i;

	for (i = 0; i < 3; i++) {
		ndis_fixture_deregister(fx);
		KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	}
	fire_all(fx);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 2);
}

/*
 * A178
 *
 * Messages are given back one after the other. Deregistration waits for the ISR
 * of message 2 when message 0, still connected, interrupts.
 */
static void ndis_deregister_late_interrupt_finds_state(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 3);
	struct closing closing = {};
	struct ndis_call *late = &fx->isrs.call[1];

	prepare_closing(&closing, fx, 3);
	fx->queue = TRUE;
	ndis_gate_close(&fx->isr_gate[2]);
	fake_irq_send_on(fx->irqs, 2, 1);
	KUNIT_EXPECT_TRUE(test, wait_for(&fx->isr_gate[2].inside));
	start_closing(test, &closing, 2);
	fake_irq_fire_on(fx->irqs, 0, 2);
	KUNIT_EXPECT_EQ(test, ndis_isrs(fx), 2);
	KUNIT_EXPECT_TRUE(test, stays_clear(&closing.returned));
	ndis_gate_open(&fx->isr_gate[2]);
	join(closing.task);
	KUNIT_EXPECT_EQ(test, late->id, 0);
	KUNIT_EXPECT_PTR_EQ(test, late->handle, fx->handle);
	KUNIT_EXPECT_EQ(test, late->count, 3);
	KUNIT_EXPECT_EQ(test, closing.dpcs, 2);
}

static void more_for_ever(struct ndis_fixture *fx, struct ndis_call *call,
			  PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	throttle->MoreNblsPending = 1;
}

static void requeue_for_ever(struct ndis_fixture *fx, struct ndis_call *call,
			     PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	ndis_fixture_queue(fx, call->id, 1 << call->cpu, NULL);
}

/* Round and round: CPUs 1 to 3 hand on to each other. */
static void hand_on_for_ever(struct ndis_fixture *fx, struct ndis_call *call,
			     PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	ndis_fixture_queue(fx, call->id, 1 << (call->cpu % 3 + 1), NULL);
}

/* Deregister while DPCs are called again and again on CPUs 1 to 3. */
static void expect_end(struct kunit *test, struct ndis_fixture *fx)
{
	int dpcs;

	ndis_fixture_queue(fx, 0, 0xe, NULL);
	ndis_fixture_queue(fx, 1, 0xe, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->dpcs.count, 100));
	ndis_fixture_deregister(fx);
	dpcs = ndis_dpcs(fx);
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->ended), dpcs);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), dpcs);
}

/* A179 */
static void ndis_deregister_ends_recalls(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->adapter.budget = 64;
	fx->dpc_hook = more_for_ever;
	expect_end(test, fx);
}

/* A driver that queues its DPC by itself is stopped the same way. */
static void ndis_deregister_ends_requeues(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->dpc_hook = requeue_for_ever;
	expect_end(test, fx);
}

static void ndis_deregister_ends_requeues_elsewhere(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);

	fx->dpc_hook = hand_on_for_ever;
	expect_end(test, fx);
}

/* A recall that is asked for after deregistration began does not come. */
static void ndis_deregister_grants_no_late_recall(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 1);
	struct closing closing = {};

	prepare_closing(&closing, fx, 0);
	fx->adapter.budget = 64;
	fx->dpc_hook = more_for_ever;
	ndis_gate_close(&fx->dpc_gate[0]);
	ndis_fixture_queue(fx, 0, 0xe, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->dpc_gate[0].inside, 3));
	start_flushing(test, &closing);
	ndis_gate_open(&fx->dpc_gate[0]);
	join(closing.task);
	KUNIT_EXPECT_EQ(test, closing.dpcs, 3);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), 3);
}

static void write_address(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->MessageInfo[1].MessageAddress.QuadPart++;
}

static void write_data(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->MessageInfo[0].MessageData ^= 1;
}

static void write_count(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->MessageCount--;
}

static void write_vector(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->MessageInfo[1].Vector = 0;
}

static void write_object(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->MessageInfo[0].InterruptObject = NULL;
}

static void write_affinity(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->MessageInfo[1].TargetProcessorSet = 0;
}

static void write_irql(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->UnifiedIrql = PASSIVE_LEVEL;
}

static void write_mode(PIO_INTERRUPT_MESSAGE_INFO table)
{
	table->MessageInfo[1].Mode = LevelSensitive;
}

static void (*const writes[])(PIO_INTERRUPT_MESSAGE_INFO table) = {
	write_address, write_data, write_count, write_vector,
	write_object, write_affinity, write_irql, write_mode,
};

/* A171 */
static void ndis_deregister_written_table_reported(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 2);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(writes); i++) {
		unsigned int before = minirq_verifier_count(MINIRQ_RULE_MESSAGE_TABLE);

		KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
		writes[i](fx->chars.MessageInfoTable);
		ndis_fixture_deregister(fx);
		KUNIT_EXPECT_EQ_MSG(test, minirq_verifier_count(MINIRQ_RULE_MESSAGE_TABLE),
				    before + 1, "%ps", writes[i]);
	}
}

static bool table_follows(void *arg)
{
	struct ndis_fixture *fx = arg;

	return READ_ONCE(fx->chars.MessageInfoTable->MessageInfo[1].MessageData) ==
	       fake_irq_data(fx->irqs, 1);
}

/* A table that the kernel changed, because it moved a vector, is in order. */
static void ndis_deregister_moved_vector_not_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_total();
	struct ndis_fixture *fx = ndis_fixture_registered(test, 2);
	ULONG data = fake_irq_data(fx->irqs, 1);

	irq_set_status_flags(fx->irqs->irq[1], IRQ_MOVE_PCNTXT);
	KUNIT_ASSERT_EQ(test, irq_set_affinity(fx->irqs->irq[1], cpumask_of(2)), 0);
	KUNIT_EXPECT_NE(test, fake_irq_data(fx->irqs, 1), data);
	KUNIT_EXPECT_TRUE(test, wait_until(table_follows, fx));
	ndis_fixture_deregister(fx);
	KUNIT_EXPECT_EQ(test, minirq_verifier_total(), before);
}

static struct kunit_case ndis_deregister_cases[] = {
	KUNIT_CASE(ndis_deregister_waits_for_isr),
	KUNIT_CASE(ndis_deregister_waits_for_line_isr),
	KUNIT_CASE(ndis_deregister_runs_dpc_of_last_isr),
	KUNIT_CASE(ndis_deregister_runs_pending_dpcs),
	KUNIT_CASE(ndis_deregister_refuses_new_dpcs),
	KUNIT_CASE(ndis_deregister_messages_fall_silent),
	KUNIT_CASE(ndis_deregister_shared_line_falls_silent),
	KUNIT_CASE(ndis_deregister_then_synchronize_reported),
	KUNIT_CASE(ndis_deregister_then_queue_reported),
	KUNIT_CASE(ndis_deregister_at_dispatch_reported),
	KUNIT_CASE(ndis_deregister_twice_reported),
	KUNIT_CASE(ndis_deregister_null_reported),
	KUNIT_CASE(ndis_deregister_other_handle_reported),
	KUNIT_CASE(ndis_deregister_old_handle_spares_new),
	KUNIT_CASE(ndis_deregister_then_register_again),
	KUNIT_CASE(ndis_deregister_late_interrupt_finds_state),
	KUNIT_CASE(ndis_deregister_ends_recalls),
	KUNIT_CASE(ndis_deregister_ends_requeues),
	KUNIT_CASE(ndis_deregister_ends_requeues_elsewhere),
	KUNIT_CASE(ndis_deregister_grants_no_late_recall),
	KUNIT_CASE(ndis_deregister_written_table_reported),
	KUNIT_CASE(ndis_deregister_moved_vector_not_reported),
	{}
};

static struct kunit_suite ndis_deregister_suite = {
	.name = "minirq_ndis_deregister",
	.init = ndis_fixture_init,
	.exit = ndis_fixture_exit,
	.test_cases = ndis_deregister_cases,
};

kunit_test_suite(ndis_deregister_suite);
