// SPDX-License-Identifier: GPL-2.0-only
/*
 * The one place where a broken rule of the Windows contract is reported.
 *
 * A report names the rule, the caller and what was seen, once for each place,
 * and counts every time. It never stops the machine: the call that broke the
 * rule has already been made harmless by whoever reports it.
 */
#include "verifier.h"

#include <linux/atomic.h>
#include <linux/hash.h>
#include <linux/kernel.h>
#include <linux/module.h>
#include <linux/printk.h>
#include <linux/stdarg.h>

#include "watch.h"

DEFINE_STATIC_KEY_FALSE(minirq_verifying_key);

bool minirq_verifier_before_vista;

unsigned int minirq_verifier_epoch;

#define SEEN_BITS	8

static atomic_t counts[MINIRQ_RULE_COUNT];

/*
 * Places already reported, an open hash table that only grows: it is written
 * from any context, so there is no lock and nothing to free.
 */
static atomic_long_t seen[1 << SEEN_BITS];

/*
 * Windows' own name for a rule where it has one, so that a report can be looked
 * up in its documents; otherwise the function or structure it is about.
 */
static const char * const names[] = {
	[MINIRQ_RULE_RAISE_IRQL] = "IrqlKeRaiseLower",
	[MINIRQ_RULE_LOWER_IRQL] = "IrqlKeRaiseLower2",
	[MINIRQ_RULE_IRQL_RETURN] = "IrqlReturn",
	[MINIRQ_RULE_IRQL_DISPATCH] = "IrqlDispatch",
	[MINIRQ_RULE_IRQL_DISPATCH_LTE] = "IrqlKeDispatchLte",
	[MINIRQ_RULE_RELEASE_SPIN_LOCK] = "IrqlKeReleaseSpinLock",
	[MINIRQ_RULE_SPIN_LOCK] = "SpinLock",
	[MINIRQ_RULE_SPIN_LOCK_RELEASE] = "SpinLockRelease",
	[MINIRQ_RULE_SLIST] = "InterlockedPushEntrySList",
	[MINIRQ_RULE_AFFINITY] = "KeSetSystemAffinityThread",
	[MINIRQ_RULE_DPC_FLUSH] = "IrqlKeFlushQueuedDpcs",
	[MINIRQ_RULE_DPC_CALL] = "KeGenericCallDpc",
	[MINIRQ_RULE_SYNCHRONIZE] = "IrqlKeSynchronizeExecution",
	[MINIRQ_RULE_PASSIVE_LOCK] = "KeAcquireInterruptSpinLock",
	[MINIRQ_RULE_STORM] = "InterruptStorm",
	[MINIRQ_RULE_IO_CONNECT_IRQL] = "IrqlIoPassive2",
	[MINIRQ_RULE_IO_DISCONNECT_IRQL] = "IrqlIoPassive4",
	[MINIRQ_RULE_IO_CONNECT] = "IoConnectInterruptEx",
	[MINIRQ_RULE_IO_DISCONNECT] = "IoDisconnectInterruptEx",
	[MINIRQ_RULE_IO_ACTIVE] = "IoReportInterruptActive",
	[MINIRQ_RULE_NDIS_IRQL] = "Irql_Interrupt_Function",
	[MINIRQ_RULE_NDIS_REGISTER] = "Init_RegisterInterrupt",
	[MINIRQ_RULE_NDIS_DEREGISTER] = "Init_DeRegisterInterrupt",
	[MINIRQ_RULE_NDIS_HANDLE] = "NdisMDeregisterInterruptEx",
	[MINIRQ_RULE_NDIS_CALL] = "NdisMRegisterInterruptEx",
	[MINIRQ_RULE_NDIS_ISR] = "MiniportMessageInterrupt",
	[MINIRQ_RULE_NDIS_DPC_TARGET] = "NdisMQueueDpcEx",
	[MINIRQ_RULE_NDIS_THROTTLE] = "NdisReceiveThrottle",
	[MINIRQ_RULE_NDIS_IRQL_MISC] = "Irql_Miscellaneous_Function",
	[MINIRQ_RULE_NDIS_IRQL_MINIPORT] = "Irql_Miniport_Driver_Function",
	[MINIRQ_RULE_NDIS_IRQL_SYNCH] = "Irql_Synch_Function",
	[MINIRQ_RULE_NDIS_IRQL_TIMER] = "Irql_Timer_Function",
	[MINIRQ_RULE_NDIS_IRQL_DMA] = "Irql_Gather_DMA_Function",
	[MINIRQ_RULE_NDIS_OBJECT] = "NdisHandle",
	[MINIRQ_RULE_NDIS_LEAK] = "MiniportHaltEx",
	[MINIRQ_RULE_NDIS_PENDING] = "NdisMComplete",
	[MINIRQ_RULE_NDIS_STALL] = "NdisStallExecution_Delay",
	[MINIRQ_RULE_MESSAGE_TABLE] = "MessageInfoTable",
	[MINIRQ_RULE_STOR_MSI_LOCK] = "StorPortMSILock",
	[MINIRQ_RULE_STOR_MSI_INFO] = "StorPortGetMSIInfo",
	[MINIRQ_RULE_STOR_SPIN_LOCK] = "StorPortSpinLock",
	[MINIRQ_RULE_STOR_SPIN_LOCK3] = "StorPortSpinLock3",
	[MINIRQ_RULE_STOR_SPIN_LOCK4] = "StorPortSpinLock4",
	[MINIRQ_RULE_STOR_FIND_ADAPTER] = "StorPortFindAdapter",
	[MINIRQ_RULE_STOR_RETURN_VALUE] = "SpReturnValue",
	[MINIRQ_RULE_STOR_SYNC_MODE] = "InterruptSynchronizationMode",
	[MINIRQ_RULE_STOR_CONFIG] = "PortConfigurationInformation",
	[MINIRQ_RULE_STOR_PASSIVE] = "StorPortEnablePassive",
	[MINIRQ_RULE_STOR_CHANGE_IRQL] = "SpChangeIrql",
	[MINIRQ_RULE_STOR_DUPLEX] = "SpDuplex",
	[MINIRQ_RULE_STOR_PASSIVE_FROM_INIT] = "StorPortPassiveFromHwInit",
	[MINIRQ_RULE_STOR_PERF_OPTS] = "StorPortPerfOpts",
	[MINIRQ_RULE_STOR_REQUEST] = "StorPortNotification",
	[MINIRQ_RULE_STOR_PENDING] = "StorPortStatusPending",
	[MINIRQ_RULE_STOR_NOTIFICATION] = "StorPortNotification2",
	[MINIRQ_RULE_STOR_TIMER] = "StorPortTimer",
	[MINIRQ_RULE_STOR_START_IO] = "StorPortStartIo",
	[MINIRQ_RULE_STOR_PROHIBITED] = "HwStorPortProhibitedDDIs",
	[MINIRQ_RULE_LEAK] = "InterruptLeft",
	[MINIRQ_RULE_WAIT] = "KeWaitForSingleObject",
	[MINIRQ_RULE_CALL_DRIVER] = "IoCallDriver",
	[MINIRQ_RULE_COMPLETE] = "IoCompleteRequest",
	[MINIRQ_RULE_DEVICE] = "DeviceObject",
	[MINIRQ_RULE_REMOVE_LOCK] = "RemoveLock",
};

static_assert(ARRAY_SIZE(names) == MINIRQ_RULE_COUNT);

/* Modules that are StorPort miniports; more than these are not watched. */
static struct module *storport[16];

/**
 * minirq_verifier_storport() - a module is a StorPort miniport, or no longer
 * @owner:	the module
 * @on:		which of them
 */
void minirq_verifier_storport(struct module *owner, bool on)
{
	struct module *from = on ? NULL : owner;
	struct module *to = on ? owner : NULL;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(storport); i++)
		if (cmpxchg(&storport[i], from, to) == from)
			return;
}

/* Report a call from a StorPort miniport; the call goes on. */
void minirq_verifier_check_storport(void *caller, const char *function)
{
	struct module *owner;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(storport); i++) {
		owner = READ_ONCE(storport[i]);
		if (owner && within_module((unsigned long)caller, owner))
			minirq_violation(MINIRQ_RULE_STOR_PROHIBITED, caller,
					 "%s is not for StorPort miniports",
					 function);
	}
}

/* A full table stays silent: by then the log has 256 places to begin with. */
static bool first_time(enum minirq_rule rule, void *caller)
{
	/* an address of code has all its upper bits set */
	long place = (long)caller ^ ((long)rule << 48);
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
	if (on == static_key_enabled(&minirq_verifying_key))
		return;
	if (on) {
		WRITE_ONCE(minirq_verifier_epoch, minirq_verifier_epoch + 1);
		minirq_watch_begin();
		static_branch_enable(&minirq_verifying_key);
	} else {
		static_branch_disable(&minirq_verifying_key);
		minirq_watch_end();
	}
}

/* Report every place anew; a driver that is unloaded leaves its addresses. */
void minirq_verifier_forget(void)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(seen); i++)
		atomic_long_set(&seen[i], 0);
}
