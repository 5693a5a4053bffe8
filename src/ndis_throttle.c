// SPDX-License-Identifier: GPL-2.0-only
/*
 * The budget of an adapter's DPC handlers: how many packets they may indicate in
 * one call. Who leaves packets behind is called again, after whatever else has
 * been queued on that CPU meanwhile; so no adapter keeps a CPU from another.
 */
#include "ndis_throttle.h"

#include <linux/device.h>
#include <linux/kstrtox.h>
#include <linux/list.h>
#include <linux/mutex.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/string.h>

#include "config.h"
#include "ndis_handle.h"
#include "verifier.h"

/* What a device has in one go of Linux' own polling, NAPI_POLL_WEIGHT */
#define BUDGET	64

/* Structure and rule came with this version; before, it was a reserved argument. */
#define SINCE_MINOR	20

static LIST_HEAD(adapters);
static DEFINE_MUTEX(lock);

static int parse(const char *text, ULONG *budget)
{
	unsigned int value;
	int err;

	if (!strcasecmp(text, "all")) {
		*budget = NDIS_INDICATE_ALL_NBLS;
		return 0;
	}
	err = kstrtouint(text, 0, &value);
	if (err || !value)
		return -EINVAL;
	*budget = value;
	return 0;
}

/* What the driver's configuration says, or BUDGET. */
static ULONG configured(const struct minirq_ndis_owner *owner)
{
	char *text = minirq_config_read(owner->config, owner->name,
					owner->dev ? dev_name(owner->dev) : NULL,
					"MaxNblsToIndicate");
	ULONG budget = BUDGET;

	if (text && parse(text, &budget))
		pr_warn("%s: MaxNblsToIndicate=%s is neither a number nor all\n",
			owner->name, text);
	kfree(text);
	return budget;
}

/**
 * minirq_ndis_throttle_configure() - give an adapter its budget
 * @adapter:	an adapter that has no interrupt yet
 *
 * It is the value MaxNblsToIndicate of the adapter's configuration, a number or
 * "all"; without one 64.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_throttle_configure(struct minirq_ndis_adapter *adapter)
{
	adapter->budget = NDIS_INDICATE_ALL_NBLS;
	if (adapter->owner.minor >= SINCE_MINOR)
		adapter->budget = configured(&adapter->owner);
}

/* From now on it shows. */
void minirq_ndis_throttle_add(struct minirq_ndis_adapter *adapter)
{
	mutex_lock(&lock);
	list_add_tail(&adapter->throttled, &adapters);
	mutex_unlock(&lock);
}

/* The adapter is about to be freed. */
void minirq_ndis_throttle_remove(struct minirq_ndis_adapter *adapter)
{
	mutex_lock(&lock);
	list_del(&adapter->throttled);
	mutex_unlock(&lock);
}

/**
 * minirq_ndis_throttle_recalled() - a DPC handler has left packets behind
 * @adapter:	whose
 * @handler:	the handler; with a budget of "all" it should have taken them, so
 *		that is reported
 *
 * Context: IRQL = DISPATCH_LEVEL.
 */
void minirq_ndis_throttle_recalled(struct minirq_ndis_adapter *adapter,
				   void *handler)
{
	atomic_inc(&adapter->recalls);
	if (READ_ONCE(adapter->budget) != NDIS_INDICATE_ALL_NBLS)
		return;
	atomic_inc(&adapter->unlimited);
	minirq_violation(MINIRQ_RULE_NDIS_THROTTLE, handler,
			 "%s: MoreNblsPending without a limit", adapter->name);
}

/* Call a function for each adapter, in the order they came. */
void minirq_ndis_throttle_for_each(void (*fn)(struct minirq_ndis_adapter *adapter,
					      void *arg),
				   void *arg)
{
	struct minirq_ndis_adapter *adapter;

	mutex_lock(&lock);
	list_for_each_entry(adapter, &adapters, throttled)
		fn(adapter, arg);
	mutex_unlock(&lock);
}
