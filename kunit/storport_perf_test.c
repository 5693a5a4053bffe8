// SPDX-License-Identifier: GPL-2.0-only
/* StorPort performance options: what is refused, and what is then done. */
#include <linux/interrupt.h>
#include <linux/irq.h>
#include <linux/string.h>

#include "storport_fixture.h"

#define EVERY_FLAG	0x7fU
#define REDIRECTION	STOR_PERF_DPC_REDIRECTION
#define RANGES		(REDIRECTION | STOR_PERF_INTERRUPT_MESSAGE_RANGES)
#define LOCALITY	(RANGES | STOR_PERF_ADV_CONFIG_LOCALITY)

/* What HwStorInitialize asks for, and what it got */
static struct {
	PERF_CONFIGURATION_DATA data;
	GROUP_AFFINITY targets[FAKE_STOR_MESSAGES];
	BOOLEAN query;
	ULONG status;
} ask;

static struct meeting all_in;

static void ask_now(struct fake_stor *stor)
{
	ask.status = StorPortInitializePerfOpts(stor->extension, ask.query,
						&ask.data);
}

static int init(struct kunit *test)
{
	struct fake_stor *stor;
	int err = fake_stor_init(test);

	if (err)
		return err;
	memset(&ask, 0, sizeof(ask));
	ask.data.Version = STOR_PERF_VERSION;
	ask.data.Size = sizeof(ask.data);
	ask.data.LastRedirectionMessageNumber = FAKE_STOR_MESSAGES - 1;
	ask.data.MessageTargets = ask.targets;
	ask.data.ConcurrentChannels = FAKE_STOR_CPUS;
	ask.status = ~0U;
	stor = test->priv;
	stor->on_initialize = ask_now;
	return 0;
}

/* Message n goes to CPU 3 - n. */
static void start(struct kunit *test)
{
	struct minirq_irqs *irqs = fake_irq_messages(test, FAKE_STOR_MESSAGES);
	struct fake_stor *stor = test->priv;
	unsigned int id;

	stor->mode = InterruptSynchronizePerMessage;
	for (id = 0; id < irqs->count; id++) {
		irq_set_status_flags(irqs->irq[id], IRQ_MOVE_PCNTXT);
		irq_set_affinity(irqs->irq[id],
				 cpumask_of(FAKE_STOR_CPUS - 1 - id));
	}
	fake_stor_start(test, irqs);
	fake_stor_give_requests(test);
}

static ULONG status_of(struct kunit *test, ULONG flags)
{
	struct fake_stor *stor = test->priv;

	ask.data.Flags = flags;
	start(test);
	fake_stor_halt(stor);
	fake_stor_destroy(stor);
	return ask.status;
}

/* A277 */
static void storport_perf_refuses_null_data(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	KUNIT_EXPECT_EQ(test,
			StorPortInitializePerfOpts(stor->extension, TRUE, NULL),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test,
			fake_stor_reports(stor, MINIRQ_RULE_STOR_PERF_OPTS), 1);
}

/* A278 */
static void storport_perf_refuses_null_extension(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test,
			StorPortInitializePerfOpts(NULL, TRUE, &ask.data),
			STOR_STATUS_INVALID_PARAMETER);
}

/* A279 */
static void storport_perf_query_tells_what_there_is(struct kunit *test)
{
	ask.query = TRUE;
	KUNIT_EXPECT_EQ(test, status_of(test, 0xffffffff), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, ask.data.Flags, EVERY_FLAG);
	ask.data.Version = STOR_PERF_VERSION_2;
	KUNIT_EXPECT_EQ(test, status_of(test, 0), STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, ask.data.Flags,
			RANGES | STOR_PERF_CONCURRENT_CHANNELS);
}

/* A279 */
static void storport_perf_line_has_no_messages(struct kunit *test)
{
	ask.query = TRUE;
	fake_stor_start(test, fake_irq_line(test));
	KUNIT_EXPECT_EQ(test, ask.status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, ask.data.Flags, EVERY_FLAG & ~(LOCALITY & ~1U));
}

/* A280 */
static void storport_perf_refuses_unknown_flag(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, status_of(test, REDIRECTION | BIT(31)),
			STOR_STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, status_of(test, BIT(7)),
			STOR_STATUS_UNSUCCESSFUL);
}

/* A281 */
static void storport_perf_refuses_other_routines(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	start(test);
	ask_now(stor);
	KUNIT_EXPECT_EQ(test, ask.status, STOR_STATUS_UNSUCCESSFUL);
}

static void storport_perf_in_passive_routine(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	stor->on_initialize = NULL;
	stor->wants_passive = true;
	stor->on_passive = ask_now;
	KUNIT_EXPECT_EQ(test, status_of(test, REDIRECTION),
			STOR_STATUS_SUCCESS);
}

static void storport_perf_refuses_wrong_structure(struct kunit *test)
{
	ask.data.Size--;
	KUNIT_EXPECT_EQ(test, status_of(test, 0), STOR_STATUS_INVALID_PARAMETER);
	ask.data.Size++;
	ask.data.Version = 1;
	KUNIT_EXPECT_EQ(test, status_of(test, 0), STOR_STATUS_INVALID_PARAMETER);
}

static void storport_perf_refuses_wrong_parameters(struct kunit *test)
{
	ask.data.LastRedirectionMessageNumber = FAKE_STOR_MESSAGES;
	KUNIT_EXPECT_EQ(test, status_of(test, RANGES),
			STOR_STATUS_INVALID_PARAMETER);
	ask.data.LastRedirectionMessageNumber = 1;
	ask.data.FirstRedirectionMessageNumber = 2;
	KUNIT_EXPECT_EQ(test, status_of(test, RANGES),
			STOR_STATUS_INVALID_PARAMETER);
	ask.data.FirstRedirectionMessageNumber = 1;
	ask.data.MessageTargets = NULL;
	KUNIT_EXPECT_EQ(test, status_of(test, LOCALITY),
			STOR_STATUS_INVALID_PARAMETER);
	ask.data.ConcurrentChannels = 0;
	KUNIT_EXPECT_EQ(test, status_of(test, STOR_PERF_CONCURRENT_CHANNELS),
			STOR_STATUS_INVALID_PARAMETER);
}

/* All or nothing */
static void storport_perf_refused_applies_nothing(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	ask.data.Flags = LOCALITY | BIT(31);
	ask.data.DeviceNode = 77;
	start(test);
	KUNIT_EXPECT_EQ(test, ask.status, STOR_STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, stor->miniport->adapter.perf.flags, 0U);
	KUNIT_EXPECT_EQ(test, ask.data.DeviceNode, 77U);
	KUNIT_EXPECT_EQ(test, ask.targets[0].Mask, 0ULL);
}

static void expect_target(struct kunit *test, unsigned int element,
			  unsigned int cpu)
{
	KUNIT_EXPECT_EQ(test, ask.targets[element].Mask, 1ULL << cpu);
	KUNIT_EXPECT_EQ(test, ask.targets[element].Group, 0);
}

/* A282 */
static void storport_perf_tells_real_targets(struct kunit *test)
{
	unsigned int id;

	ask.data.DeviceNode = 77;
	KUNIT_EXPECT_EQ(test, status_of(test, LOCALITY), STOR_STATUS_SUCCESS);
	for (id = 0; id < FAKE_STOR_MESSAGES; id++)
		expect_target(test, id, FAKE_STOR_CPUS - 1 - id);
	KUNIT_EXPECT_EQ(test, ask.data.DeviceNode, 0U);
}

/* A283 */
static void storport_perf_targets_begin_with_first(struct kunit *test)
{
	ask.data.FirstRedirectionMessageNumber = 2;
	KUNIT_EXPECT_EQ(test, status_of(test, LOCALITY), STOR_STATUS_SUCCESS);
	expect_target(test, 0, 1);
	expect_target(test, 1, 0);
	KUNIT_EXPECT_EQ(test, ask.targets[2].Mask, 0ULL);
}

static void wait_for_all(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	if (!meet(&all_in))
		atomic_inc(&stor->flag);
}

/* A285 */
static void storport_perf_channels_overlap(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	unsigned int cpu;

	ask.data.Flags = STOR_PERF_CONCURRENT_CHANNELS;
	all_in = (struct meeting) { .parties = FAKE_STOR_CPUS };
	stor->on_start = wait_for_all;
	start(test);
	for (cpu = 1; cpu < FAKE_STOR_CPUS; cpu++)
		fake_stor_prepare(stor, cpu, fake_stor_submit, cpu);
	for (cpu = 1; cpu < FAKE_STOR_CPUS; cpu++)
		fake_stor_go(stor, cpu);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&stor->start.left,
					       FAKE_STOR_CPUS));
	KUNIT_EXPECT_EQ(test, stor->start.most, FAKE_STOR_CPUS);
}

static void take_start_io_lock(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	STOR_LOCK_HANDLE handle;

	StorPortAcquireSpinLock(stor->extension, StartIoLock, NULL, &handle);
	StorPortReleaseSpinLock(stor->extension, &handle);
}

/* With channels the driver may take the lock that the port then does not. */
static void storport_perf_channels_leave_start_io_lock(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	ask.data.Flags = STOR_PERF_CONCURRENT_CHANNELS;
	stor->on_start = take_start_io_lock;
	start(test);
	fake_stor_submit(stor, 0);
	KUNIT_EXPECT_EQ(test, calls(&stor->start), 1);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(stor), 0);
}

static void read_params(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb)
{
	STARTIO_PERFORMANCE_PARAMETERS params = { .Size = sizeof(params) };

	stor->status = StorPortGetStartIoPerfParams(stor->extension, srb,
						    &params);
	atomic_set(&stor->flag,
		   params.ChannelNumber << 8 | params.MessageNumber);
}

static void submit_on(struct fake_stor *stor, unsigned int cpu,
		      unsigned int tag)
{
	fake_stor_prepare(stor, cpu, fake_stor_submit, tag);
	fake_stor_go(stor, cpu);
	wait_for_count(&stor->start.left, 1);
	join(stor->job[cpu].task);
	stor->job[cpu].task = NULL;
}

static void storport_perf_start_io_params(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	ask.data.Flags = LOCALITY | STOR_PERF_CONCURRENT_CHANNELS;
	ask.data.ConcurrentChannels = 2;
	stor->on_start = read_params;
	start(test);
	submit_on(stor, 3, 0);
	KUNIT_EXPECT_EQ(test, stor->status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 1 << 8 | 0);
	submit_on(stor, 2, 1);
	KUNIT_EXPECT_EQ(test, atomic_read(&stor->flag), 0 << 8 | 1);
}

/* A message outside of the range is nobody's, though it is bound for the CPU. */
static void storport_perf_params_keep_to_range(struct kunit *test)
{
	struct fake_stor *stor = test->priv;

	ask.data.Flags = RANGES;
	ask.data.FirstRedirectionMessageNumber = 1;
	ask.data.LastRedirectionMessageNumber = 2;
	stor->on_start = read_params;
	start(test);
	submit_on(stor, 3, 0);
	KUNIT_EXPECT_GE(test, atomic_read(&stor->flag), 1);
	KUNIT_EXPECT_LE(test, atomic_read(&stor->flag), 2);
}

static void storport_perf_params_refuse_nonsense(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	STARTIO_PERFORMANCE_PARAMETERS params = { .Size = sizeof(params) };
	SCSI_REQUEST_BLOCK strange = {};
	PSCSI_REQUEST_BLOCK srb;
	void *ext;

	start(test);
	ext = stor->extension;
	srb = &fake_stor_request(stor, 0)->srb;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetStartIoPerfParams(NULL, srb, &params));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetStartIoPerfParams(ext, NULL, &params));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetStartIoPerfParams(ext, srb, NULL));
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetStartIoPerfParams(ext, &strange, &params));
	params.Size = 0;
	KUNIT_EXPECT_EQ(test, STOR_STATUS_INVALID_PARAMETER,
			StorPortGetStartIoPerfParams(ext, srb, &params));
}

static ULONG message_of(struct fake_stor *stor, ULONG cpu, PULONG id)
{
	return StorPortGetMessageInterruptIDFromProcessorIndex(stor->extension,
							       cpu, id);
}

static void storport_perf_message_of_processor(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG cpu, id;

	start(test);
	for (cpu = 0; cpu < FAKE_STOR_CPUS; cpu++) {
		id = ~0U;
		KUNIT_EXPECT_EQ(test, message_of(stor, cpu, &id),
				STOR_STATUS_SUCCESS);
		KUNIT_EXPECT_EQ(test, id, FAKE_STOR_CPUS - 1 - cpu);
	}
}

/* A288 */
static void storport_perf_no_such_processor(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG id;

	start(test);
	KUNIT_EXPECT_EQ(test, message_of(stor, nr_cpu_ids, &id),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, message_of(stor, ~0U, &id),
			STOR_STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, message_of(stor, 0, NULL),
			STOR_STATUS_INVALID_PARAMETER);
}

static void storport_perf_line_has_no_message_id(struct kunit *test)
{
	struct fake_stor *stor = test->priv;
	ULONG id;

	fake_stor_start(test, fake_irq_line(test));
	KUNIT_EXPECT_EQ(test, message_of(stor, 0, &id),
			STOR_STATUS_UNSUCCESSFUL);
}

static struct kunit_case cases[] = {
	KUNIT_CASE(storport_perf_refuses_null_data),
	KUNIT_CASE(storport_perf_refuses_null_extension),
	KUNIT_CASE(storport_perf_query_tells_what_there_is),
	KUNIT_CASE(storport_perf_line_has_no_messages),
	KUNIT_CASE(storport_perf_refuses_unknown_flag),
	KUNIT_CASE(storport_perf_refuses_other_routines),
	KUNIT_CASE(storport_perf_in_passive_routine),
	KUNIT_CASE(storport_perf_refuses_wrong_structure),
	KUNIT_CASE(storport_perf_refuses_wrong_parameters),
	KUNIT_CASE(storport_perf_refused_applies_nothing),
	KUNIT_CASE(storport_perf_tells_real_targets),
	KUNIT_CASE(storport_perf_targets_begin_with_first),
	KUNIT_CASE(storport_perf_channels_overlap),
	KUNIT_CASE(storport_perf_channels_leave_start_io_lock),
	KUNIT_CASE(storport_perf_start_io_params),
	KUNIT_CASE(storport_perf_params_keep_to_range),
	KUNIT_CASE(storport_perf_params_refuse_nonsense),
	KUNIT_CASE(storport_perf_message_of_processor),
	KUNIT_CASE(storport_perf_no_such_processor),
	KUNIT_CASE(storport_perf_line_has_no_message_id),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_perf",
	.init = init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
