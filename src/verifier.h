/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place where a broken rule of the Windows contract is reported. */
#ifndef MINIRQ_VERIFIER_H
#define MINIRQ_VERIFIER_H

#include <linux/jump_label.h>
#include <linux/types.h>

struct module;

/* The rules; verifier.c has the name of each. */
enum minirq_rule {
	MINIRQ_RULE_RAISE_IRQL,
	MINIRQ_RULE_LOWER_IRQL,
	MINIRQ_RULE_IRQL_RETURN,
	MINIRQ_RULE_IRQL_DISPATCH,
	MINIRQ_RULE_IRQL_DISPATCH_LTE,
	MINIRQ_RULE_RELEASE_SPIN_LOCK,
	MINIRQ_RULE_SPIN_LOCK,
	MINIRQ_RULE_SPIN_LOCK_RELEASE,
	MINIRQ_RULE_SLIST,
	MINIRQ_RULE_AFFINITY,
	MINIRQ_RULE_DPC_FLUSH,
	MINIRQ_RULE_DPC_CALL,
	MINIRQ_RULE_SYNCHRONIZE,
	MINIRQ_RULE_PASSIVE_LOCK,
	MINIRQ_RULE_STORM,
	MINIRQ_RULE_IO_CONNECT_IRQL,
	MINIRQ_RULE_IO_DISCONNECT_IRQL,
	MINIRQ_RULE_IO_CONNECT,
	MINIRQ_RULE_IO_DISCONNECT,
	MINIRQ_RULE_IO_ACTIVE,
	MINIRQ_RULE_NDIS_IRQL,
	MINIRQ_RULE_NDIS_REGISTER,
	MINIRQ_RULE_NDIS_DEREGISTER,
	MINIRQ_RULE_NDIS_HANDLE,
	MINIRQ_RULE_NDIS_CALL,
	MINIRQ_RULE_NDIS_ISR,
	MINIRQ_RULE_NDIS_DPC_TARGET,
	MINIRQ_RULE_NDIS_THROTTLE,
	MINIRQ_RULE_NDIS_IRQL_MISC,
	MINIRQ_RULE_NDIS_IRQL_MINIPORT,
	MINIRQ_RULE_NDIS_IRQL_SYNCH,
	MINIRQ_RULE_NDIS_IRQL_TIMER,
	MINIRQ_RULE_NDIS_IRQL_DMA,
	MINIRQ_RULE_NDIS_OBJECT,
	MINIRQ_RULE_NDIS_LEAK,
	MINIRQ_RULE_NDIS_PENDING,
	MINIRQ_RULE_NDIS_STALL,
	MINIRQ_RULE_MESSAGE_TABLE,
	MINIRQ_RULE_STOR_MSI_LOCK,
	MINIRQ_RULE_STOR_MSI_INFO,
	MINIRQ_RULE_STOR_SPIN_LOCK,
	MINIRQ_RULE_STOR_SPIN_LOCK3,
	MINIRQ_RULE_STOR_SPIN_LOCK4,
	MINIRQ_RULE_STOR_FIND_ADAPTER,
	MINIRQ_RULE_STOR_RETURN_VALUE,
	MINIRQ_RULE_STOR_SYNC_MODE,
	MINIRQ_RULE_STOR_CONFIG,
	MINIRQ_RULE_STOR_PASSIVE,
	MINIRQ_RULE_STOR_CHANGE_IRQL,
	MINIRQ_RULE_STOR_DUPLEX,
	MINIRQ_RULE_STOR_PASSIVE_FROM_INIT,
	MINIRQ_RULE_STOR_PERF_OPTS,
	MINIRQ_RULE_STOR_REQUEST,
	MINIRQ_RULE_STOR_PENDING,
	MINIRQ_RULE_STOR_NOTIFICATION,
	MINIRQ_RULE_STOR_TIMER,
	MINIRQ_RULE_STOR_START_IO,
	MINIRQ_RULE_STOR_PROHIBITED,
	MINIRQ_RULE_LEAK,
	MINIRQ_RULE_WAIT,
	MINIRQ_RULE_CALL_DRIVER,
	MINIRQ_RULE_COMPLETE,
	MINIRQ_RULE_DEVICE,
	MINIRQ_RULE_REMOVE_LOCK,
	MINIRQ_RULE_COUNT
};

/* The place in the driver that a report is about. */
#define MINIRQ_CALLER	__builtin_return_address(0)

DECLARE_STATIC_KEY_FALSE(minirq_verifying_key);

/*
 * Be as Windows was before Vista, where IoConnectInterruptEx can do nothing but
 * CONNECT_FULLY_SPECIFIED: makes a driver show what it does then.
 */
extern bool minirq_verifier_before_vista;

/* How often the costly checks were switched on. */
extern unsigned int minirq_verifier_epoch;

/* Checks that cost something on a hot path stand behind this. */
static __always_inline bool minirq_verifying(void)
{
	return static_branch_unlikely(&minirq_verifying_key);
}

__printf(3, 4) void minirq_violation(enum minirq_rule rule, void *caller,
				     const char *fmt, ...);

void minirq_verifier_storport(struct module *owner, bool on);
void minirq_verifier_check_storport(void *caller, const char *function);

/* A function that StorPort forbids its miniports, called from @caller. */
static __always_inline void minirq_not_for_storport(void *caller,
						    const char *function)
{
	if (minirq_verifying())
		minirq_verifier_check_storport(caller, function);
}

const char *minirq_verifier_rule_name(enum minirq_rule rule);
unsigned int minirq_verifier_count(enum minirq_rule rule);
unsigned int minirq_verifier_total(void);
void minirq_verifier_enable(bool on);
void minirq_verifier_forget(void);

#endif /* MINIRQ_VERIFIER_H */
