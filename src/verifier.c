// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one place where a broken rule of the Windows contract is reported.
 *
 * A report names the rule, the caller and what was seen, once for each place,
 * and counts every time. It never stops the machine: the call that broke the
 * rule has already been made harmless by whoever reports it.
 */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include "verifier.h"

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/printk.h>
#include <linux/stdarg.h>

DEFINE_STATIC_KEY_FALSE(minirq_verifying_key);

#define SEEN_BITS	8

static atomic_t counts[MINIRQ_RULE_COUNT];

/*
 * Places already reported, an open hash table that only grows: it is written
 * from any context, so there is no lock and nothing to free.
 */
static atomic_long_t seen[1 << SEEN_BITS];

#define MINIRQ_RULE_NAME(id, name) [MINIRQ_RULE_##id] = name,
static const char * const names[MINIRQ_RULE_COUNT] = {
	MINIRQ_RULES(MINIRQ_RULE_NAME)
};

/* A full table stays silent: by then the log has 256 places to begin with. */
static bool first_time(enum minirq_rule rule, void *caller)
{
	long place = (long)caller + rule;
	unsigned int slot = hash_long(place, SEEN_BITS);
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seen); i++) {
		long old = atomic_long_cmpxchg(&seen[slot], 0, place);

		if (!old)
			return true;
		if (old == place)
			return false;
		slot = (slot + 1) % ARRAY_SIZE(seen);
	}
	return false;
}

/**
 * minirq_violation() - report a broken rule
 * @rule:	the rule
 * @caller:	the place in the driver, shown as a symbol; also the key by which
 *		a place is reported once
 * @fmt:	what was seen
 *
 * Context: any.
 */
void minirq_violation(enum minirq_rule rule, void *caller, const char *fmt, ...)
{
	struct va_format vaf;
	va_list args;

	atomic_inc(&counts[rule]);
	if (!first_time(rule, caller))
		return;

	va_start(args, fmt);
	vaf.fmt = fmt;
	vaf.va = &args;
	pr_warn("rule %s broken by %pS: %pV\n", names[rule], caller, &vaf);
	va_end(args);
}

const char *minirq_verifier_rule_name(enum minirq_rule rule)
{
	return names[rule];
}

/* How often a rule was broken since the module was loaded. */
unsigned int minirq_verifier_count(enum minirq_rule rule)
{
	return atomic_read(&counts[rule]);
}

unsigned int minirq_verifier_total(void)
{
	unsigned int rule, total = 0;

	for (rule = 0; rule < MINIRQ_RULE_COUNT; rule++)
		total += minirq_verifier_count(rule);
	return total;
}

/* Turn the costly checks on or off. */
void minirq_verifier_enable(bool on)
{
	if (on)
		static_branch_enable(&minirq_verifying_key);
	else
		static_branch_disable(&minirq_verifying_key);
}

/* Report every place anew; a driver that is unloaded leaves its addresses. */
void minirq_verifier_forget(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seen); i++)
		atomic_long_set(&seen[i], 0);
}
