// SPDX-License-Identifier: GPL-2.0-only
/* The budget of DPC handlers, and who runs between two calls of one. */
#include <linux/slab.h>

#include <linux/minirq.h>

#include "../src/ndis_throttle.h"
#include "ndis_fixture.h"

/* What an adapter of NDIS 6.@minor is given when its configuration is @entry. */
static ULONG budget_of(struct kunit *test, UCHAR minor, char *entry)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 1);
	const int count = entry ? 1 : 0;
	const struct minirq_config config = { &entry, &count };
	ULONG budget;

	fx->adapter.owner.minor = minor;
	fx->adapter.owner.config = &config;
	minirq_ndis_throttle_configure(&fx->adapter);
	budget = fx->adapter.budget;
	fx->adapter.owner.config = NULL;
	ndis_fixture_teardown(fx);
	memset(fx, 0, sizeof(*fx));
	return budget;
}

static void ndis_throttle_by_default(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, budget_of(test, 20, NULL), 64);
	KUNIT_EXPECT_EQ(test, budget_of(test, 85, NULL), 64);
}

static void ndis_throttle_by_configuration(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, budget_of(test, 20, "MaxNblsToIndicate=7"), 7);
	KUNIT_EXPECT_EQ(test, budget_of(test, 20, "maxnblstoindicate=0x100"), 0x100);
	KUNIT_EXPECT_EQ(test, budget_of(test, 20, "MaxNblsToIndicate=all"),
			NDIS_INDICATE_ALL_NBLS);
}

static void ndis_throttle_by_nonsense(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, budget_of(test, 20, "MaxNblsToIndicate=0"), 64);
	KUNIT_EXPECT_EQ(test, budget_of(test, 20, "MaxNblsToIndicate=-1"), 64);
	KUNIT_EXPECT_EQ(test, budget_of(test, 20, "MaxNblsToIndicate=many"), 64);
}

/* Before NDIS 6.20 the argument was reserved, and no driver looked at it. */
static void ndis_throttle_of_old_drivers(struct kunit *test)
{
	KUNIT_EXPECT_EQ(test, budget_of(test, 1, NULL), NDIS_INDICATE_ALL_NBLS);
	KUNIT_EXPECT_EQ(test, budget_of(test, 1, "MaxNblsToIndicate=7"), NDIS_INDICATE_ALL_NBLS);
}

static void find(struct minirq_ndis_adapter *adapter, void *arg)
{
	struct minirq_ndis_adapter **wanted = arg;

	if (adapter == *wanted)
		*wanted = NULL;
}

/* What debugfs shows. */
static void ndis_throttle_lists_adapters(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_messages(test, 1);
	struct minirq_ndis_adapter *wanted = &fx->adapter;

	minirq_ndis_throttle_for_each(find, &wanted);
	KUNIT_EXPECT_NOT_NULL(test, wanted);
	minirq_ndis_throttle_add(&fx->adapter);
	minirq_ndis_throttle_for_each(find, &wanted);
	KUNIT_EXPECT_NULL(test, wanted);
	minirq_ndis_throttle_remove(&fx->adapter);
	wanted = &fx->adapter;
	minirq_ndis_throttle_for_each(find, &wanted);
	KUNIT_EXPECT_NOT_NULL(test, wanted);
}

/* Leave packets behind, @again times. */
static void more_pending(struct ndis_fixture *fx, struct ndis_call *call,
			 PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	if (atomic_dec_if_positive(&fx->again) >= 0)
		throttle->MoreNblsPending = 1;
}

static void run_out(struct kunit *test, ULONG budget)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 1);

	fx->adapter.budget = budget;
	fx->dpc_hook = more_pending;
	atomic_set(&fx->again, 3);
	ndis_fixture_queue(fx, 0, 0x1, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, 4));
}

static void ndis_throttle_counts_recalls(struct kunit *test)
{
	struct ndis_fixture *fx = test->priv;

	run_out(test, 16);
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->adapter.recalls), 3);
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->adapter.unlimited), 0);
}

/* A197 */
static void ndis_throttle_counts_broken_rules(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_THROTTLE);
	struct ndis_fixture *fx = test->priv;

	run_out(test, NDIS_INDICATE_ALL_NBLS);
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->adapter.recalls), 3);
	KUNIT_EXPECT_EQ(test, atomic_read(&fx->adapter.unlimited), 3);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_NDIS_THROTTLE), before + 3);
}

/* Another adapter, beside the one that each case has. */
static struct ndis_fixture *other_adapter(struct kunit *test)
{
	struct ndis_fixture *fx = kunit_kzalloc(test, sizeof(*fx), GFP_KERNEL);

	KUNIT_ASSERT_NOT_NULL(test, fx);
	ndis_fixture_setup(fx, fake_irq_messages(test, 1));
	KUNIT_ASSERT_EQ(test, ndis_fixture_register(fx), NDIS_STATUS_SUCCESS);
	return fx;
}

#define RECALLS	100

static struct ndis_fixture *neighbour;
static atomic_t unfair;

/*
 * Leaves packets behind, and has the neighbour's DPC queued on the same CPU: by
 * the next call that has run, once more than at this one.
 */
static void busy(struct ndis_fixture *fx, struct ndis_call *call,
		 PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	int calls = ndis_dpcs(fx);

	if (ndis_dpcs(neighbour) != calls - 1)
		atomic_inc(&unfair);
	ndis_fixture_queue(neighbour, 0, 1 << call->cpu, NULL);
	throttle->MoreNblsPending = calls < RECALLS;
}

/* OP-28 */
static void ndis_throttle_neighbour_runs_between(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 1);

	neighbour = other_adapter(test);
	atomic_set(&unfair, 0);
	fx->adapter.budget = 16;
	fx->dpc_hook = busy;
	ndis_fixture_queue(fx, 0, 0x2, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, RECALLS));
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), RECALLS);
	KUNIT_EXPECT_EQ(test, ndis_dpcs(neighbour), RECALLS);
	KUNIT_EXPECT_EQ(test, atomic_read(&unfair), 0);
	ndis_fixture_teardown(neighbour);
}

static void more_for_ever(struct ndis_fixture *fx, struct ndis_call *call,
			  PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle)
{
	throttle->MoreNblsPending = 1;
}

/* OP-28: interrupts of another device, while one adapter never has enough. */
static void ndis_throttle_neighbour_interrupts(struct kunit *test)
{
	struct ndis_fixture *fx = ndis_fixture_registered(test, 1);
	int i, calls;

	neighbour = other_adapter(test);
	neighbour->queue = TRUE;
	fx->adapter.budget = 16;
	fx->dpc_hook = more_for_ever;
	ndis_fixture_queue(fx, 0, 0x2, NULL);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->ended, 10));
	for (i = 1; i <= 20; i++) {
		fake_irq_fire_on(neighbour->irqs, 0, 1);
		KUNIT_EXPECT_TRUE(test, wait_for_count(&neighbour->ended, i));
	}
	calls = ndis_dpcs(fx);
	KUNIT_EXPECT_TRUE(test, wait_for_count(&fx->dpcs.count, calls + 10));
	ndis_fixture_deregister(fx);
	calls = ndis_dpcs(fx);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, ndis_dpcs(fx), calls);
	ndis_fixture_teardown(neighbour);
}

static struct kunit_case ndis_throttle_cases[] = {
	KUNIT_CASE(ndis_throttle_by_default),
	KUNIT_CASE(ndis_throttle_by_configuration),
	KUNIT_CASE(ndis_throttle_by_nonsense),
	KUNIT_CASE(ndis_throttle_of_old_drivers),
	KUNIT_CASE(ndis_throttle_lists_adapters),
	KUNIT_CASE(ndis_throttle_counts_recalls),
	KUNIT_CASE(ndis_throttle_counts_broken_rules),
	KUNIT_CASE(ndis_throttle_neighbour_runs_between),
	KUNIT_CASE(ndis_throttle_neighbour_interrupts),
	{}
};

static struct kunit_suite ndis_throttle_suite = {
	.name = "minirq_ndis_throttle",
	.init = ndis_fixture_init,
	.exit = ndis_fixture_exit,
	.test_cases = ndis_throttle_cases,
};

kunit_test_suite(ndis_throttle_suite);
