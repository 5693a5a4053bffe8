// SPDX-License-Identifier: GPL-2.0-only
/* A WDM driver and its device. */
#include "wdm_fixture.h"

#include <linux/cpumask.h>
#include <linux/printk.h>
#include <linux/sched.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/msix_table.h"
#include "../src/wdm_connection.h"
#include "cpu.h"
#include "fake_irq.h"

/**
 * struct tally - the reports of a case
 * @before:	reports of each rule when it was asked about last
 * @total:	all of them that the case knows of
 */
struct tally {
	unsigned int before[MINIRQ_RULE_COUNT];
	unsigned int total;
};

static int console_was;

/*
 * The kernel complains about an interrupt, as it should. Whoever looks after the
 * machine that runs the cases would take it for trouble.
 */
void wdm_console_off(void)
{
	console_was = console_loglevel;
	console_loglevel = CONSOLE_LOGLEVEL_SILENT;
}

/* Undo wdm_console_off(), also when it was not called. */
void wdm_console_on(void)
{
	if (console_was)
		console_loglevel = console_was;
	console_was = 0;
}

int wdm_init(struct kunit *test)
{
	struct tally *tally = kunit_kzalloc(test, sizeof(*tally), GFP_KERNEL);
	unsigned int rule;

	KUNIT_ASSERT_NOT_NULL(test, tally);
	need_cpus(test, 4);
	for (rule = 0; rule < MINIRQ_RULE_COUNT; rule++)
		tally->before[rule] = minirq_verifier_count(rule);
	tally->total = minirq_verifier_total();
	test->priv = tally;
	minirq_verifier_enable(true);
	return 0;
}

void wdm_exit(struct kunit *test)
{
	struct tally *tally = test->priv;

	wdm_console_on();
	minirq_verifier_enable(false);
	if (tally)
		KUNIT_EXPECT_EQ(test, minirq_verifier_total(), tally->total);
}

/* How often was a rule broken since the case asked last? */
unsigned int wdm_reported(struct kunit *test, enum minirq_rule rule)
{
	struct tally *tally = test->priv;
	unsigned int count = minirq_verifier_count(rule) - tally->before[rule];

	tally->before[rule] += count;
	tally->total += count;
	return count;
}

/* What a case left connected goes without a report. */
static void remove_device(struct kunit_resource *resource)
{
	struct minirq_wdm_connection *connection;
	struct wdm_driver *d = resource->data;

	atomic_set(&d->gate, 1);
	while ((connection = minirq_wdm_connection_take_any(&d->pdo)) != NULL)
		minirq_wdm_connection_destroy(connection, d);
	minirq_msix_table_destroy(d->pdo.msix);
	minirq_pdo_remove(&d->pdo);
	KeRemoveQueueDpc(&d->dpc);
	KeFlushQueuedDpcs();
	kfree(d);
}

static int add_device(struct kunit_resource *resource, void *driver)
{
	struct wdm_driver *d = driver;

	resource->data = d;
	minirq_pdo_add(&d->pdo);
	return 0;
}

static VOID dpc_routine(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct wdm_driver *d = context;

	atomic_inc(&d->dpc_ran);
}

/* A device that was granted @irqs, and its driver; they go with the test. */
struct wdm_driver *wdm_device(struct kunit *test, struct minirq_irqs *irqs)
{
	struct wdm_driver *d = kzalloc(sizeof(*d), GFP_KERNEL);
	unsigned int id;

	KUNIT_ASSERT_NOT_NULL(test, d);
	d->pdo.name = "wdm_test";
	d->pdo.irqs = irqs;
	d->irqs = irqs;
	d->answer = TRUE;
	KeInitializeSpinLock(&d->lock);
	KeInitializeDpc(&d->dpc, dpc_routine, d);
	for (id = 0; id < WDM_SOURCES; id++)
		d->source[id].driver = d;
	kunit_alloc_resource(test, add_device, remove_device, GFP_KERNEL, d);
	return d;
}

struct wdm_driver *wdm_messages(struct kunit *test, unsigned int count)
{
	return wdm_device(test, fake_irq_messages(test, count));
}

struct wdm_driver *wdm_line(struct kunit *test)
{
	return wdm_device(test, fake_irq_line(test));
}

struct wdm_driver *wdm_nothing(struct kunit *test)
{
	return wdm_device(test, fake_irq_none(test));
}

static BOOLEAN serve(struct wdm_source *source, PKINTERRUPT object, ULONG id)
{
	struct wdm_driver *d = source->driver;

	if (atomic_inc_return(&d->inside) > 1)
		atomic_set(&d->overlap, 1);
	source->object = object;
	source->irql = KeGetCurrentIrql();
	source->cpu = raw_smp_processor_id();
	source->id = id;
	atomic_inc(&source->entered);
	if (d->isr)
		d->isr(source);
	atomic_dec(&d->inside);
	atomic_inc(&source->left);
	return d->answer;
}

/* For a line or one vector: the context is the source. */
BOOLEAN wdm_routine(struct _KINTERRUPT *object, PVOID context)
{
	return serve(context, object, 0);
}

/* For all messages: the context is the first source. */
BOOLEAN wdm_message_routine(struct _KINTERRUPT *object, PVOID context, ULONG id)
{
	struct wdm_source *first = context;

	return serve(&first[id], object, id);
}

static KAFFINITY all_cpus(void)
{
	return (1ULL << num_online_cpus()) - 1;
}

PIO_CONNECT_INTERRUPT_PARAMETERS wdm_fully_specified(struct wdm_driver *d, unsigned int id)
{
	d->params = (IO_CONNECT_INTERRUPT_PARAMETERS) {
		.Version = CONNECT_FULLY_SPECIFIED,
		.FullySpecified = {
			.PhysicalDeviceObject = &d->pdo.object,
			.InterruptObject = &d->object,
			.ServiceRoutine = wdm_routine,
			.ServiceContext = &d->source[id],
			.SynchronizeIrql = MINIRQ_DIRQL,
			.ShareVector = !d->irqs->message,
			.Vector = d->irqs->count ? d->irqs->irq[id] : 0,
			.Irql = MINIRQ_DIRQL,
			.InterruptMode = d->irqs->message ? Latched : LevelSensitive,
			.ProcessorEnableMask = all_cpus(),
		},
	};
	return &d->params;
}

PIO_CONNECT_INTERRUPT_PARAMETERS wdm_passive(struct wdm_driver *d, unsigned int id)
{
	PIO_CONNECT_INTERRUPT_PARAMETERS params = wdm_fully_specified(d, id);

	params->FullySpecified.Irql = PASSIVE_LEVEL;
	params->FullySpecified.SynchronizeIrql = PASSIVE_LEVEL;
	return params;
}

PIO_CONNECT_INTERRUPT_PARAMETERS wdm_line_based(struct wdm_driver *d)
{
	d->params = (IO_CONNECT_INTERRUPT_PARAMETERS) {
		.Version = CONNECT_LINE_BASED,
		.LineBased = {
			.PhysicalDeviceObject = &d->pdo.object,
			.InterruptObject = &d->object,
			.ServiceRoutine = wdm_routine,
			.ServiceContext = &d->source[0],
		},
	};
	return &d->params;
}

/* With a fallback; what is stored goes to @table, whatever it is. */
PIO_CONNECT_INTERRUPT_PARAMETERS wdm_message_based(struct wdm_driver *d)
{
	d->params = (IO_CONNECT_INTERRUPT_PARAMETERS) {
		.Version = CONNECT_MESSAGE_BASED,
		.MessageBased = {
			.PhysicalDeviceObject = &d->pdo.object,
			.ConnectionContext.InterruptMessageTable = &d->table,
			.MessageServiceRoutine = wdm_message_routine,
			.ServiceContext = &d->source[0],
			.FallBackServiceRoutine = wdm_routine,
		},
	};
	return &d->params;
}

void wdm_connect(struct kunit *test, PIO_CONNECT_INTERRUPT_PARAMETERS params)
{
	KUNIT_ASSERT_EQ(test, IoConnectInterruptEx(params), STATUS_SUCCESS);
}

/* Connect one vector of a device, and return its object. */
PKINTERRUPT wdm_connect_vector(struct kunit *test, struct wdm_driver *d, unsigned int id)
{
	wdm_connect(test, wdm_fully_specified(d, id));
	KUNIT_ASSERT_NOT_NULL(test, d->object);
	return d->object;
}

void wdm_disconnect(ULONG version, PVOID object)
{
	IO_DISCONNECT_INTERRUPT_PARAMETERS params = {
		.Version = version,
		.ConnectionContext.Generic = object,
	};

	IoDisconnectInterruptEx(&params);
}

unsigned int wdm_connected(struct wdm_driver *d)
{
	unsigned int id, count = 0;

	for (id = 0; id < d->irqs->count; id++)
		count += fake_irq_connected(d->irqs, id);
	return count;
}

static void hold_dpcs(void *driver)
{
	struct wdm_driver *d = driver;
	KIRQL old = KeRaiseIrqlToDpcLevel();

	atomic_set(&d->held, 1);
	spin_for(&d->gate);
	KeLowerIrql(old);
}

/* No DPC runs on @cpu until the case opens the gate; then the task is to be joined. */
struct task_struct *wdm_hold_dpcs(struct kunit *test, struct wdm_driver *d, unsigned int cpu)
{
	struct task_struct *task = start_on_cpu(cpu, hold_dpcs, d);

	KUNIT_EXPECT_TRUE(test, wait_for(&d->held));
	return task;
}

/* A service routine that stays inside until the case opens the gate. */
void wdm_wait_at_gate(struct wdm_source *source)
{
	spin_for(&source->driver->gate);
}

/* One that stays inside until that of the other of two messages is there too. */
void wdm_wait_for_the_other(struct wdm_source *source)
{
	struct wdm_driver *d = source->driver;

	spin_for(&d->source[source == &d->source[0]].entered);
}

/* The thread of an irq has priority over the case, so it sleeps between its looks. */
static void sleep_for(const atomic_t *flag)
{
	unsigned int looks;

	for (looks = 0; looks < 60 * HZ && !atomic_read_acquire(flag); looks++)
		schedule_timeout_uninterruptible(1);
}

/* The same two for passive service routines. */
void wdm_sleep_at_gate(struct wdm_source *source)
{
	sleep_for(&source->driver->gate);
}

void wdm_sleep_for_the_other(struct wdm_source *source)
{
	struct wdm_driver *d = source->driver;

	sleep_for(&d->source[source == &d->source[0]].entered);
}

/* A passive service routine that waits for the DPC it queues. */
void wdm_sleep_for_own_dpc(struct wdm_source *source)
{
	wdm_queue_dpc(source);
	sleep_for(&source->driver->dpc_ran);
	source->driver->handed = source;
}

void wdm_queue_dpc(struct wdm_source *source)
{
	KeInsertQueueDpc(&source->driver->dpc, source, NULL);
}
