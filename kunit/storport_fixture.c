// SPDX-License-Identifier: GPL-2.0-only
/*
 * A StorPort miniport that does what a test asks for and records what it saw,
 * for the suites of StorPort.
 */
#include "storport_fixture.h"

#include <linux/smp.h>
#include <linux/string.h>

/* HwDeviceExtension */
struct fake_extension {
	struct fake_stor *stor;
};

/* Whose extension it is before HwStorFindAdapter has said so */
static struct fake_stor *latest;

static struct fake_stor *stor_of(void *extension)
{
	return ((struct fake_extension *)extension)->stor ?: latest;
}

static bool released(void *visits)
{
	return !atomic_read(&((struct fake_stor_visits *)visits)->hold);
}

/* For longer than a test waits for anything, but not for ever */
static void hold(struct fake_stor_visits *visits)
{
	unsigned int patience = 6;

	while (!spin_until(released, visits) && --patience)
		;
}

static void enter(struct fake_stor_visits *visits)
{
	int inside = atomic_inc_return(&visits->inside);

	if (inside > READ_ONCE(visits->most))
		WRITE_ONCE(visits->most, inside);
	WRITE_ONCE(visits->irql, KeGetCurrentIrql());
	WRITE_ONCE(visits->task, current);
	atomic_inc(&visits->entered);
	hold(visits);
}

static void leave(struct fake_stor_visits *visits)
{
	atomic_dec(&visits->inside);
	atomic_inc(&visits->left);
}

static void note_args(struct fake_stor *stor, PVOID dpc, PVOID extension,
		      PVOID arg1, PVOID arg2)
{
	if (atomic_read(&stor->run.entered))
		return;
	stor->dpc_args[0] = dpc;
	stor->dpc_args[1] = extension;
	stor->dpc_args[2] = arg1;
	stor->dpc_args[3] = arg2;
}

static VOID dpc_routine(PSTOR_DPC dpc, PVOID extension, PVOID arg1,
			PVOID arg2)
{
	struct fake_stor *stor = stor_of(extension);

	note_args(stor, dpc, extension, arg1, arg2);
	enter(&stor->run);
	if (stor->on_dpc)
		stor->on_dpc(stor);
	leave(&stor->run);
}

static ULONG find_adapter(PVOID extension, PVOID context, PVOID bus,
			  PCHAR argument,
			  PPORT_CONFIGURATION_INFORMATION config, PBOOLEAN again)
{
	struct fake_stor *stor = context;

	((struct fake_extension *)extension)->stor = stor;
	stor->extension = extension;
	StorPortInitializeDpc(extension, &stor->dpc, dpc_routine);
	config->MaximumTransferLength = PAGE_SIZE;
	config->NumberOfPhysicalBreaks = 1;
	if (stor->chooses_model)
		config->SynchronizationModel = stor->model;
	config->HwMSInterruptRoutine = stor->message_isr;
	config->InterruptSynchronizationMode = stor->mode;
	enter(&stor->find);
	if (stor->on_find)
		stor->on_find(stor, config);
	leave(&stor->find);
	return stor->found;
}

static BOOLEAN passive_initialize(PVOID extension)
{
	struct fake_stor *stor = stor_of(extension);

	enter(&stor->passive);
	if (stor->on_passive)
		stor->on_passive(stor);
	leave(&stor->passive);
	return stor->passively_initialized;
}

static BOOLEAN ask_for_passive(PVOID extension)
{
	return StorPortEnablePassiveInitialization(extension,
						   passive_initialize);
}

static BOOLEAN initialize(PVOID extension)
{
	struct fake_stor *stor = stor_of(extension);

	enter(&stor->initialize);
	if (stor->wants_passive)
		stor->asked = ask_for_passive(extension);
	if (stor->on_initialize)
		stor->on_initialize(stor);
	leave(&stor->initialize);
	return stor->initialized;
}

static BOOLEAN build_io(PVOID extension, PSCSI_REQUEST_BLOCK srb)
{
	struct fake_stor *stor = stor_of(extension);

	enter(&stor->build);
	if (stor->on_build)
		stor->on_build(stor, srb);
	leave(&stor->build);
	return stor->built;
}

static BOOLEAN start_io(PVOID extension, PSCSI_REQUEST_BLOCK srb)
{
	struct fake_stor *stor = stor_of(extension);

	enter(&stor->start);
	if (stor->on_start)
		stor->on_start(stor, srb);
	leave(&stor->start);
	return stor->started;
}

static BOOLEAN line_isr(PVOID extension)
{
	struct fake_stor *stor = stor_of(extension);

	enter(&stor->line);
	if (stor->on_line)
		stor->on_line(stor);
	leave(&stor->line);
	return stor->claimed;
}

static BOOLEAN message_isr(PVOID extension, ULONG id)
{
	struct fake_stor *stor = stor_of(extension);

	enter(&stor->message[id]);
	if (stor->on_message)
		stor->on_message(stor, id);
	leave(&stor->message[id]);
	return stor->claimed;
}

static SCSI_ADAPTER_CONTROL_STATUS
adapter_control(PVOID extension, SCSI_ADAPTER_CONTROL_TYPE type,
		PVOID parameters)
{
	PSCSI_SUPPORTED_CONTROL_TYPE_LIST list = parameters;
	struct fake_stor *stor = stor_of(extension);

	if (type == ScsiQuerySupportedControlTypes) {
		memcpy(list->SupportedTypeList, stor->controls,
		       sizeof(stor->controls));
		return ScsiAdapterControlSuccess;
	}
	if (stor->control_count < ARRAY_SIZE(stor->control))
		stor->control[stor->control_count++] = type;
	if (type == ScsiAdapterPower)
		stor->power = ((PSTOR_ADAPTER_CONTROL_POWER)parameters)->PowerState;
	if (type != ScsiStopAdapter) {
		stor->control_irql[type] = KeGetCurrentIrql();
		stor->parameters = parameters;
		if (stor->on_control)
			stor->on_control(stor);
		return stor->control_status;
	}
	enter(&stor->stop);
	if (stor->on_stop)
		stor->on_stop(stor);
	leave(&stor->stop);
	return ScsiAdapterControlSuccess;
}

static BOOLEAN reset_bus(PVOID extension, ULONG path)
{
	struct fake_stor *stor = stor_of(extension);

	stor->path = path;
	enter(&stor->reset);
	if (stor->on_reset)
		stor->on_reset(stor);
	leave(&stor->reset);
	return !stor->resets_nothing;
}

int fake_stor_init(struct kunit *test)
{
	struct fake_stor *stor;
	unsigned int rule;

	need_cpus(test, FAKE_STOR_CPUS);
	if (!IS_ENABLED(CONFIG_LOCKDEP) && !locks_queue())
		kunit_skip(test, "nothing tells who waits for a lock");
	stor = kunit_kzalloc(test, sizeof(*stor), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, stor);
	stor->driver.context = stor;
	stor->driver.data = (HW_INITIALIZATION_DATA) {
		.HwInitializationDataSize = sizeof(HW_INITIALIZATION_DATA),
		.HwInitialize = initialize,
		.HwInterrupt = line_isr,
		.HwBuildIo = build_io,
		.HwStartIo = start_io,
		.HwFindAdapter = find_adapter,
		.HwAdapterControl = adapter_control,
		.HwResetBus = reset_bus,
		.DeviceExtensionSize = sizeof(struct fake_extension),
		.SrbExtensionSize = sizeof(u64),
	};
	scnprintf(stor->dev.name, sizeof(stor->dev.name), "fake_stor");
	stor->found = SP_RETURN_FOUND;
	stor->initialized = TRUE;
	stor->passively_initialized = TRUE;
	stor->claimed = TRUE;
	stor->message_isr = message_isr;
	stor->mode = InterruptSynchronizeAll;
	stor->chooses_model = true;
	stor->model = StorSynchronizeFullDuplex;
	stor->controls[ScsiStopAdapter] = TRUE;
	stor->built = TRUE;
	stor->started = TRUE;
	for (rule = 0; rule < MINIRQ_RULE_COUNT; rule++)
		stor->reports[rule] = minirq_verifier_count(rule);
	minirq_verifier_enable(true);
	test->priv = stor;
	latest = stor;
	return 0;
}

/* Let go whoever is held, wherever the test has ended. */
static void release_all(struct fake_stor *stor)
{
	unsigned int id, cpu;

	for (id = 0; id < FAKE_STOR_MESSAGES; id++)
		atomic_set(&stor->message[id].hold, 0);
	atomic_set(&stor->line.hold, 0);
	atomic_set(&stor->run.hold, 0);
	atomic_set(&stor->build.hold, 0);
	atomic_set(&stor->start.hold, 0);
	for (cpu = 0; cpu < FAKE_STOR_CPUS; cpu++)
		fake_stor_go(stor, cpu);
	for (cpu = 0; cpu < FAKE_STOR_CPUS; cpu++)
		join(stor->job[cpu].task);
}

void fake_stor_exit(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	if (!stor)
		return;
	release_all(stor);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
	minirq_verifier_enable(false);
}

int fake_stor_try(struct fake_stor *stor, struct minirq_irqs *irqs)
{
	int err;

	stor->dev.irqs = irqs;
	stor->miniport = minirq_stor_miniport_create(&stor->driver, &stor->dev);
	if (!stor->miniport)
		return -ENOMEM;
	err = minirq_stor_miniport_start(stor->miniport);
	if (err)
		fake_stor_destroy(stor);
	else
		stor->running = true;
	return err;
}

void fake_stor_start(struct kunit *test, struct minirq_irqs *irqs)
{
	KUNIT_ASSERT_EQ(test, fake_stor_try(test->priv, irqs), 0);
}

void fake_stor_start_messages(struct kunit *test,
			      INTERRUPT_SYNCHRONIZATION_MODE mode)
{
	struct fake_stor *stor = test->priv;

	stor->mode = mode;
	fake_stor_start(test, fake_irq_messages(test, FAKE_STOR_MESSAGES));
}

static void request_done(struct minirq_stor_request *request)
{
	struct fake_stor *stor = request->context;
	unsigned int tag = request - fake_stor_request(stor, 0);

	enter(&stor->done[tag]);
	stor->done_cpu[tag] = raw_smp_processor_id();
	leave(&stor->done[tag]);
}

struct minirq_stor_request *fake_stor_request(struct fake_stor *stor,
					      unsigned int tag)
{
	return minirq_stor_request(&stor->miniport->adapter, tag);
}

void fake_stor_give_requests(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int tag;

	KUNIT_ASSERT_EQ(test, 0,
			minirq_stor_requests_create(&stor->miniport->adapter,
						    FAKE_STOR_REQUESTS));
	for (tag = 0; tag < FAKE_STOR_REQUESTS; tag++) {
		fake_stor_request(stor, tag)->done = request_done;
		fake_stor_request(stor, tag)->context = stor;
	}
}

void fake_stor_submit(struct fake_stor *stor, unsigned int tag)
{
	minirq_stor_request_start(&stor->miniport->adapter,
				  fake_stor_request(stor, tag));
}

void fake_stor_complete(struct fake_stor *stor, unsigned int tag)
{
	PSCSI_REQUEST_BLOCK srb = &fake_stor_request(stor, tag)->srb;

	srb->SrbStatus = SRB_STATUS_SUCCESS;
	StorPortNotification(RequestComplete, stor->extension, srb);
}

void fake_stor_settle(void)
{
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
}

void fake_stor_halt(struct fake_stor *stor)
{
	if (stor->running)
		minirq_stor_miniport_stop(stor->miniport);
	stor->running = false;
}

void fake_stor_destroy(struct fake_stor *stor)
{
	if (stor->miniport)
		minirq_stor_miniport_destroy(stor->miniport);
	stor->miniport = NULL;
}

static void work(void *arg)
{
	struct fake_stor_job *job = arg;

	if (wait_for(&job->go))
		job->fn(job->stor, job->id);
}

void fake_stor_prepare(struct fake_stor *stor, unsigned int cpu,
		       void (*fn)(struct fake_stor *stor, unsigned int id),
		       unsigned int id)
{
	struct fake_stor_job *job = &stor->job[cpu];

	*job = (struct fake_stor_job) { .stor = stor, .fn = fn, .id = id };
	job->task = start_on_cpu(cpu, work, job);
}

void fake_stor_go(struct fake_stor *stor, unsigned int cpu)
{
	atomic_set_release(&stor->job[cpu].go, 1);
}

void fake_stor_raise(struct fake_stor *stor, unsigned int id)
{
	fake_irq_send_on(stor->dev.irqs, id, raw_smp_processor_id());
}

void fake_stor_issue(struct fake_stor *stor, unsigned int id)
{
	BOOLEAN issued = StorPortIssueDpc(stor->extension, &stor->dpc, ULongToPtr(id),
					  ULongToPtr(id + 1));

	atomic_inc(issued ? &stor->issued : &stor->refused);
}

unsigned int fake_stor_isrs(struct fake_stor *stor)
{
	unsigned int id, sum = 0;

	for (id = 0; id < FAKE_STOR_MESSAGES; id++)
		sum += atomic_read(&stor->message[id].entered);
	return sum;
}

bool fake_stor_connected(struct fake_stor *stor)
{
	unsigned int id;

	for (id = 0; id < stor->dev.irqs->count; id++)
		if (fake_irq_connected(stor->dev.irqs, id))
			return true;
	return false;
}

unsigned int fake_stor_reports(struct fake_stor *stor, enum minirq_rule rule)
{
	return minirq_verifier_count(rule) - stor->reports[rule];
}

unsigned int fake_stor_all_reports(struct fake_stor *stor)
{
	unsigned int rule, sum = 0;

	for (rule = 0; rule < MINIRQ_RULE_COUNT; rule++)
		sum += fake_stor_reports(stor, rule);
	return sum;
}
