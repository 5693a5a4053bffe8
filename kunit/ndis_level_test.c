// SPDX-License-Identifier: GPL-2.0-only
/* Calls of NDIS at a level that they do not allow: each is reported. */
#include <kunit/test.h>

#include "../src/irql.h"
#include "../src/ndis_miniport.h"
#include "ndis_life.h"

/**
 * struct levels - what the calls are made with
 * @life:	a miniport with an adapter
 * @lock:	a lock of the adapter's, until it is freed
 * @old:	an older lock
 */
struct levels {
	struct ndis_life *life;
	PNDIS_RW_LOCK_EX lock;
	NDIS_RW_LOCK old;
};

/**
 * struct level_case - a call, which returns whether it did what it is for
 * @name:	shown in results
 * @call:	makes it
 * @allowed:	a level that it allows
 * @forbidden:	one that it does not
 * @works:	it does what it is for even there
 * @rule:	the rule that this breaks
 */
struct level_case {
	const char *name;
	bool (*call)(struct levels *levels);
	KIRQL allowed;
	KIRQL forbidden;
	bool works;
	enum minirq_rule rule;
};

static bool register_driver(struct levels *levels)
{
	NDIS_HANDLE handle;

	return NdisMRegisterMiniportDriver(NULL, NULL, NULL, NULL, &handle) ==
	       NDIS_STATUS_INVALID_PARAMETER;
}

/* Of no driver, which it would find out. */
static bool deregister_driver(struct levels *levels)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT);

	NdisMDeregisterMiniportDriver(NULL);
	return minirq_verifier_count(MINIRQ_RULE_NDIS_OBJECT) == before + 1;
}

static bool set_attributes(struct levels *levels)
{
	struct minirq_ndis_adapter *adapter = &levels->life->miniport->adapter;
	NDIS_STATUS status;

	adapter->phase = MINIRQ_NDIS_INITIALIZING;
	status = ndis_life_set_attributes(levels->life);
	adapter->phase = MINIRQ_NDIS_PAUSED;
	return status == NDIS_STATUS_SUCCESS;
}

/* Handlers of a kind that it does not know, which it would find out. */
static bool set_handlers(struct levels *levels)
{
	struct minirq_ndis_driver *driver = &levels->life->driver;
	NDIS_DRIVER_OPTIONAL_HANDLERS handlers = {};
	NDIS_STATUS status;

	driver->setting_options = true;
	status = NdisSetOptionalHandlers(driver, &handlers);
	driver->setting_options = false;
	return status == NDIS_STATUS_NOT_SUPPORTED;
}

static bool pause_complete(struct levels *levels)
{
	struct minirq_ndis_miniport *miniport = levels->life->miniport;

	minirq_ndis_pending_begin(&miniport->pausing);
	NdisMPauseComplete(miniport);
	return completion_done(&miniport->pausing.done);
}

static bool restart_complete(struct levels *levels)
{
	struct minirq_ndis_miniport *miniport = levels->life->miniport;

	minirq_ndis_pending_begin(&miniport->restarting);
	NdisMRestartComplete(miniport, NDIS_STATUS_SUCCESS);
	return completion_done(&miniport->restarting.done);
}

static bool request_complete(struct levels *levels)
{
	struct minirq_ndis_miniport *miniport = levels->life->miniport;

	minirq_ndis_pending_begin(&miniport->requesting);
	NdisMOidRequestComplete(miniport, NULL, NDIS_STATUS_SUCCESS);
	return completion_done(&miniport->requesting.done);
}

static bool reset_complete(struct levels *levels)
{
	struct minirq_ndis_miniport *miniport = levels->life->miniport;

	minirq_ndis_pending_begin(&miniport->resetting);
	NdisMResetComplete(miniport, NDIS_STATUS_SUCCESS, FALSE);
	return completion_done(&miniport->resetting.done);
}

static bool has_objects(struct levels *levels)
{
	return !list_empty(&levels->life->miniport->adapter.owner.objects);
}

static bool free_lock(struct levels *levels)
{
	NdisFreeRWLock(levels->lock);
	if (has_objects(levels))
		return false;
	levels->lock = NULL;
	return true;
}

static bool take_old(struct levels *levels)
{
	LOCK_STATE state;
	LONG held;
	KIRQL irql;

	NdisDprAcquireReadWriteLock(&levels->old, TRUE, &state);
	held = levels->old.RefCount;
	if (held) {
		irql = KeRaiseIrqlToDpcLevel();
		NdisDprReleaseReadWriteLock(&levels->old, &state);
		KeLowerIrql(irql);
	}
	return held;
}

static bool drop_old(struct levels *levels)
{
	KIRQL irql = KeRaiseIrqlToDpcLevel();
	LOCK_STATE state;

	NdisDprAcquireReadWriteLock(&levels->old, TRUE, &state);
	KeLowerIrql(irql);
	NdisDprReleaseReadWriteLock(&levels->old, &state);
	return !levels->old.RefCount;
}

/* The verifier looks: it is a spin lock of WDM. */
static bool take_spin_lock(struct levels *levels)
{
	NDIS_SPIN_LOCK lock;
	KIRQL irql;
	bool held;

	NdisAllocateSpinLock(&lock);
	NdisDprAcquireSpinLock(&lock);
	held = !KeTestSpinLock(&lock.SpinLock);
	irql = KeRaiseIrqlToDpcLevel();
	NdisDprReleaseSpinLock(&lock);
	KeLowerIrql(irql);
	NdisFreeSpinLock(&lock);
	return held;
}

static bool ask_rss(struct levels *levels)
{
	SIZE_T size = 0;

	return NdisGetRssProcessorInformation(levels->life->miniport, NULL, &size) ==
	       NDIS_STATUS_BUFFER_TOO_SHORT;
}

static bool ask_processors(struct levels *levels)
{
	SIZE_T size = 0;

	return NdisGetProcessorInformationEx(NULL, NULL, &size) ==
	       NDIS_STATUS_BUFFER_TOO_SHORT;
}

static const struct level_case level_cases[] = {
	{ "register driver", register_driver, PASSIVE_LEVEL, DISPATCH_LEVEL, false,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "deregister driver", deregister_driver, PASSIVE_LEVEL, DISPATCH_LEVEL, false,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "set attributes", set_attributes, PASSIVE_LEVEL, DISPATCH_LEVEL, false,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "set handlers", set_handlers, PASSIVE_LEVEL, DISPATCH_LEVEL, false,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "pause complete", pause_complete, DISPATCH_LEVEL, MINIRQ_DIRQL, true,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "restart complete", restart_complete, DISPATCH_LEVEL, MINIRQ_DIRQL, true,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "request complete", request_complete, DISPATCH_LEVEL, MINIRQ_DIRQL, true,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "reset complete", reset_complete, DISPATCH_LEVEL, MINIRQ_DIRQL, true,
	  MINIRQ_RULE_NDIS_IRQL_MINIPORT },
	{ "free lock", free_lock, DISPATCH_LEVEL, MINIRQ_DIRQL, false,
	  MINIRQ_RULE_NDIS_IRQL_SYNCH },
	{ "take old lock below", take_old, DISPATCH_LEVEL, PASSIVE_LEVEL, false,
	  MINIRQ_RULE_NDIS_IRQL_SYNCH },
	{ "take old lock above", take_old, DISPATCH_LEVEL, MINIRQ_DIRQL, false,
	  MINIRQ_RULE_NDIS_IRQL_SYNCH },
	{ "drop old lock below", drop_old, DISPATCH_LEVEL, PASSIVE_LEVEL, true,
	  MINIRQ_RULE_NDIS_IRQL_SYNCH },
	{ "take spin lock below", take_spin_lock, DISPATCH_LEVEL, PASSIVE_LEVEL, true,
	  MINIRQ_RULE_IRQL_DISPATCH },
	{ "ask for rss", ask_rss, DISPATCH_LEVEL, MINIRQ_DIRQL, false,
	  MINIRQ_RULE_NDIS_IRQL_MISC },
	{ "ask for processors", ask_processors, DISPATCH_LEVEL, MINIRQ_DIRQL, false,
	  MINIRQ_RULE_NDIS_IRQL_MISC },
};

static void level_name(const struct level_case *param, char *name)
{
	strscpy(name, param->name, KUNIT_PARAM_DESC_SIZE);
}

KUNIT_ARRAY_PARAM(level, level_cases, level_name);

static bool call_at(struct levels *levels, const struct level_case *param, KIRQL irql)
{
	bool works;
	KIRQL old;

	KeRaiseIrql(irql, &old);
	works = param->call(levels);
	KeLowerIrql(old);
	return works;
}

static void ndis_level_is_looked_at(struct kunit *test)
{
	const struct level_case *param = test->param_value;
	struct levels levels = { .life = ndis_life_initialized(test, 1) };
	unsigned int before;

	levels.lock = NdisAllocateRWLock(levels.life->miniport);
	KUNIT_ASSERT_NOT_NULL(test, levels.lock);
	minirq_ndis_owner_init(&levels.life->driver.owner, "levels");
	before = minirq_verifier_count(param->rule);
	KUNIT_EXPECT_EQ(test, call_at(&levels, param, param->forbidden), param->works);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(param->rule), before + 1);
	KUNIT_EXPECT_TRUE(test, call_at(&levels, param, param->allowed));
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(param->rule), before + 1);
	if (levels.lock)
		NdisFreeRWLock(levels.lock);
	ndis_life_halt(levels.life);
}

static int ndis_level_init(struct kunit *test)
{
	minirq_verifier_enable(true);
	return ndis_life_init(test);
}

static void ndis_level_exit(struct kunit *test)
{
	ndis_life_exit(test);
	minirq_verifier_enable(false);
}

static struct kunit_case ndis_level_cases[] = {
	KUNIT_CASE_PARAM(ndis_level_is_looked_at, level_gen_params),
	{}
};

static struct kunit_suite ndis_level_suite = {
	.name = "minirq_ndis_level",
	.init = ndis_level_init,
	.exit = ndis_level_exit,
	.test_cases = ndis_level_cases,
};

kunit_test_suite(ndis_level_suite);
