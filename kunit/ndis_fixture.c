// SPDX-License-Identifier: GPL-2.0-only
/*
 * A miniport that does what a test tells it to and remembers what it saw, for
 * the suites of NDIS.
 */
#include "ndis_fixture.h"

#include <linux/smp.h>

#include "../src/irql.h"

static bool is_open(void *gate)
{
	return !READ_ONCE(((struct ndis_gate *)gate)->closed);
}

/* Wait at a gate, and note how many do. */
static void pass(struct ndis_gate *gate)
{
	int inside = atomic_inc_return(&gate->inside);
	int most = atomic_read(&gate->most);

	while (most < inside && !atomic_try_cmpxchg(&gate->most, &most, inside))
		;
	spin_until(is_open, gate);
}

static void leave(struct ndis_gate *gate)
{
	atomic_dec(&gate->inside);
}

/* What any handler sees. */
static struct ndis_call look(struct ndis_fixture *fx, bool message, ULONG id)
{
	PIO_INTERRUPT_MESSAGE_INFO table = READ_ONCE(fx->chars.MessageInfoTable);

	return (struct ndis_call) {
		.context = fx,
		.id = id,
		.message = message,
		.irql = KeGetCurrentIrql(),
		.cpu = raw_smp_processor_id(),
		.early = READ_ONCE(fx->registering),
		.handle = READ_ONCE(fx->handle),
		.type = READ_ONCE(fx->chars.InterruptType),
		.count = table ? table->MessageCount : 0,
	};
}

/* Calls that do not fit are only counted. */
static void keep(struct ndis_log *log, const struct ndis_call *call)
{
	unsigned int index = atomic_inc_return(&log->count) - 1;

	if (index < NDIS_FIXTURE_CALLS)
		log->call[index] = *call;
}

static BOOLEAN isr(struct ndis_fixture *fx, bool message, ULONG id, PBOOLEAN queue, PULONG targets)
{
	struct ndis_call call = look(fx, message, id);

	call.queue = *queue;
	call.targets = *targets;
	pass(&fx->all_isrs);
	keep(&fx->isrs, &call);
	if (fx->isr_hook)
		fx->isr_hook(fx, id);
	pass(&fx->isr_gate[id]);
	if (!fx->silent) {
		*queue = fx->queue;
		*targets = fx->targets;
	}
	leave(&fx->isr_gate[id]);
	leave(&fx->all_isrs);
	return fx->claim;
}

static void dpc(struct ndis_fixture *fx, bool message, ULONG id, PVOID context,
		PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	struct ndis_call call = look(fx, message, id);

	call.dpc_context = context;
	call.throttled = throttle;
	call.budget = throttle ? throttle->MaxNblsToIndicate : 0;
	call.more = throttle ? throttle->MoreNblsPending : 0;
	keep(&fx->dpcs, &call);
	if (fx->dpc_hook)
		fx->dpc_hook(fx, &call, throttle);
	pass(&fx->dpc_gate[id]);
	leave(&fx->dpc_gate[id]);
	atomic_inc(&fx->ended);
}

static BOOLEAN line_isr(NDIS_HANDLE context, PBOOLEAN queue, PULONG targets)
{
	return isr(context, false, 0, queue, targets);
}

static VOID line_dpc(NDIS_HANDLE context, PVOID dpc_context, PVOID throttle, PVOID reserved)
{
	dpc(context, false, 0, dpc_context, throttle);
}

static void toggle(struct ndis_fixture *fx, bool message, ULONG id, bool enabled)
{
	struct ndis_call call = look(fx, message, id);

	call.enabled = enabled;
	keep(&fx->toggles, &call);
	pass(&fx->toggle_gate);
	leave(&fx->toggle_gate);
}

static VOID line_disable(NDIS_HANDLE context)
{
	toggle(context, false, 0, false);
}

static VOID line_enable(NDIS_HANDLE context)
{
	toggle(context, false, 0, true);
}

static BOOLEAN message_isr(NDIS_HANDLE context, ULONG id, PBOOLEAN queue, PULONG targets)
{
	return isr(context, true, id, queue, targets);
}

static VOID message_dpc(NDIS_HANDLE context, ULONG id, PVOID dpc_context, PVOID throttle,
			PVOID reserved)
{
	dpc(context, true, id, dpc_context, throttle);
}

static VOID message_disable(NDIS_HANDLE context, ULONG id)
{
	toggle(context, true, id, false);
}

static VOID message_enable(NDIS_HANDLE context, ULONG id)
{
	toggle(context, true, id, true);
}

static const NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS all_handlers = {
	.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT,
	.Header.Revision = NDIS_MINIPORT_INTERRUPT_REVISION_1,
	.Header.Size = NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1,
	.InterruptHandler = line_isr,
	.InterruptDpcHandler = line_dpc,
	.DisableInterruptHandler = line_disable,
	.EnableInterruptHandler = line_enable,
	.MsiSupported = TRUE,
	.MessageInterruptHandler = message_isr,
	.MessageInterruptDpcHandler = message_dpc,
	.DisableMessageInterruptHandler = message_disable,
	.EnableMessageInterruptHandler = message_enable,
};

/* A fresh adapter inside MiniportInitializeEx, its attributes set. */
void ndis_fixture_setup(struct ndis_fixture *fx, struct minirq_irqs *irqs)
{
	minirq_ndis_adapter_init(&fx->adapter, "fake ndis", irqs);
	fx->adapter.phase = MINIRQ_NDIS_INITIALIZING;
	fx->adapter.attributes = true;
	fx->irqs = irqs;
	fx->chars = all_handlers;
	fx->claim = TRUE;
}

/* Let every handler go, and end what the test left behind. */
void ndis_fixture_teardown(struct ndis_fixture *fx)
{
	unsigned int id;

	if (!fx->irqs)
		return;
	fx->isr_hook = NULL;
	fx->dpc_hook = NULL;
	ndis_gate_open(&fx->toggle_gate);
	for (id = 0; id < NDIS_FIXTURE_MESSAGES; id++) {
		ndis_gate_open(&fx->isr_gate[id]);
		ndis_gate_open(&fx->dpc_gate[id]);
	}
	if (fx->adapter.interrupt)
		NdisMDeregisterInterruptEx(fx->adapter.interrupt);
	minirq_ndis_adapter_release(&fx->adapter);
}

int ndis_fixture_init(struct kunit *test)
{
	struct ndis_fixture *fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);

	if (!fx)
		return -ENOMEM;
	test->priv = fx;
	need_cpus(test, NDIS_FIXTURE_CPUS);
	minirq_verifier_enable(true);
	return 0;
}

void ndis_fixture_exit(struct kunit *test)
{
	ndis_fixture_teardown(test->priv);
	minirq_verifier_enable(false);
}

struct ndis_fixture *ndis_fixture_messages(struct kunit *test, unsigned int count)
{
	ndis_fixture_setup(test->priv, fake_irq_messages(test, count));
	return test->priv;
}

struct ndis_fixture *ndis_fixture_line(struct kunit *test)
{
	ndis_fixture_setup(test->priv, fake_irq_line(test));
	return test->priv;
}

NDIS_STATUS ndis_fixture_register(struct ndis_fixture *fx)
{
	NDIS_STATUS status;

	WRITE_ONCE(fx->registering, true);
	status = NdisMRegisterInterruptEx(&fx->adapter, fx, &fx->chars, &fx->handle);
	WRITE_ONCE(fx->registering, false);
	return status;
}

struct ndis_fixture *ndis_fixture_registered(struct kunit *test, unsigned int count)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, count);

	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	return fx;
}

struct ndis_fixture *ndis_fixture_registered_line(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_line(test);

	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	return fx;
}

void ndis_fixture_deregister(void *fx)
{
	NdisMDeregisterInterruptEx(((struct ndis_fixture *)fx)->handle);
}

/* Queue DPCs on CPUs of group 0. */
KAFFINITY ndis_fixture_queue(struct ndis_fixture *fx, ULONG id, KAFFINITY mask, PVOID context)
{
	GROUP_AFFINITY affinity = { .Mask = mask };

	return NdisMQueueDpcEx(fx->handle, id, &affinity, context);
}

static void nothing(void *unused)
{
}

/* Wait until a CPU has left the interrupt that it is in. */
void ndis_fixture_settle(unsigned int cpu)
{
	smp_call_function_single(cpu, nothing, NULL, true);
}

static bool at_dirql(void *cpu)
{
	return READ_ONCE(per_cpu(minirq_irql, *(unsigned int *)cpu)) > DISPATCH_LEVEL;
}

/*
 * Wait until a CPU is on its way into an ISR. What keeps it there is a lock and
 * does not show, so it also gets far more time than the way takes: this many
 * calls to another CPU.
 */
bool ndis_fixture_entering(unsigned int cpu)
{
	unsigned int i;

	if (!wait_until(at_dirql, &cpu))
		return false;
	for (i = 0; i < 200; i++)
		ndis_fixture_settle(cpu == 3 ? 2 : 3);
	return true;
}
