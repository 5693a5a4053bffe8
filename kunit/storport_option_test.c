// SPDX-License-Identifier: GPL-2.0-only
/* Each performance option of StorPort by itself: query, then set. */
#include <linux/string.h>

#include "storport_fixture.h"

/**
 * struct option - a flag, as the documents have it
 * @name:	what it does
 * @flag:	its value
 * @needs:	flags that it is nothing without
 * @version:	the first that has it
 */
struct option {
	const char *name;
	ULONG flag;
	ULONG needs;
	ULONG version;
};

static const struct option options[] = {
	{ "DPC redirection", 0x01, 0, 2 },
	{ "concurrent channels", 0x02, 0, 2 },
	{ "message ranges", 0x04, 0x01, 2 },
	{ "locality", 0x08, 0x05, 3 },
	{ "completion during StartIo", 0x10, 0x01, 3 },
	{ "redirection to the current CPU", 0x20, 0x01, 4 },
	{ "no scatter-gather list", 0x40, 0, 5 },
};

static void option_name(const struct option *option, char *name)
{
	strscpy(name, option->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(option, options, option_name);

/* What HwStorInitialize wants, and what it is told */
static struct {
	GROUP_AFFINITY targets[FAKE_STOR_MESSAGES];
	ULONG version;
	ULONG wanted;
	ULONG offered;
	ULONG status;
} ask;

/* Ask, then choose it with no more than it needs. */
static void ask_then_choose(struct fake_stor *stor)
{
	PERF_CONFIGURATION_DATA data = {
		.Version = ask.version,
		.Size = sizeof(data),
		.ConcurrentChannels = FAKE_STOR_CPUS,
		.LastRedirectionMessageNumber = FAKE_STOR_MESSAGES - 1,
		.MessageTargets = ask.targets,
	};

	StorPortInitializePerfOpts(stor->extension, TRUE, &data);
	ask.offered = data.Flags;
	data.Flags = ask.wanted;
	ask.status = StorPortInitializePerfOpts(stor->extension, FALSE, &data);
}

static ULONG choose(struct kunit *test, ULONG flags, ULONG version)
{
	struct fake_stor *stor = test->priv;

	memset(&ask, 0, sizeof(ask));
	ask.version = version;
	ask.wanted = flags;
	stor->on_initialize = ask_then_choose;
	fake_stor_start_messages(test, InterruptSynchronizePerMessage);
	return stor->miniport->adapter.perf.flags;
}

/* A279 */
static void storport_option_query_then_set(struct kunit *test)
{
	const struct option *option = test->param_value;
	ULONG wanted = option->flag | option->needs;
	ULONG chosen = choose(test, wanted, option->version);

	KUNIT_EXPECT_EQ(test, ask.offered & wanted, wanted);
	KUNIT_EXPECT_EQ(test, ask.status, STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, chosen, wanted);
	KUNIT_EXPECT_EQ(test, fake_stor_all_reports(test->priv), 0);
}

/* OP-34 */
static void storport_option_has_a_version(struct kunit *test)
{
	const struct option *option = test->param_value;
	bool too_old = option->version == STOR_PERF_VERSION_2;
	ULONG chosen = choose(test, option->flag | option->needs,
			      option->version - 1);

	KUNIT_EXPECT_EQ(test, ask.offered & option->flag, 0U);
	KUNIT_EXPECT_EQ(test, ask.status,
			too_old ? STOR_STATUS_INVALID_PARAMETER :
				  STOR_STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, chosen, 0U);
}

/* A284 */
static void storport_option_needs_others(struct kunit *test)
{
	const struct option *option = test->param_value;
	ULONG chosen = choose(test, option->flag, STOR_PERF_VERSION);

	KUNIT_EXPECT_EQ(test, ask.status,
			option->needs ? STOR_STATUS_UNSUCCESSFUL :
					STOR_STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, chosen, option->needs ? 0 : option->flag);
}

static struct kunit_case cases[] = {
	KUNIT_CASE_PARAM(storport_option_query_then_set, option_gen_params),
	KUNIT_CASE_PARAM(storport_option_has_a_version, option_gen_params),
	KUNIT_CASE_PARAM(storport_option_needs_others, option_gen_params),
	{}
};

static struct kunit_suite suite = {
	.name = "minirq_storport_option",
	.init = fake_stor_init,
	.exit = fake_stor_exit,
	.test_cases = cases,
};

kunit_test_suite(suite);
