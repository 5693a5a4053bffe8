/* SPDX-License-Identifier: GPL-2.0-only */
/* The one place where a broken rule of the Windows contract is reported. */
#ifndef MINIRQ_VERIFIER_H
#define MINIRQ_VERIFIER_H

#include <linux/jump_label.h>
#include <linux/types.h>

/*
 * Windows' own name for each rule where it has one, so that a report can be
 * looked up in its documents.
 */
#define MINIRQ_RULES(X)							\
	X(RAISE_IRQL,		"IrqlKeRaiseLower")			\
	X(LOWER_IRQL,		"IrqlKeRaiseLower2")			\
	X(IRQL_RETURN,		"IrqlReturn")				\
	X(IRQL_DISPATCH,	"IrqlDispatch")				\
	X(IRQL_DISPATCH_LTE,	"IrqlKeDispatchLte")			\
	X(RELEASE_SPIN_LOCK,	"IrqlKeReleaseSpinLock")		\
	X(SPIN_LOCK,		"SpinLock")				\
	X(SPIN_LOCK_RELEASE,	"SpinLockRelease")			\
	X(DPC_FLUSH,		"IrqlKeFlushQueuedDpcs")		\
	X(SYNCHRONIZE,		"IrqlKeSynchronizeExecution")		\
	X(NDIS_IRQL,		"Irql_Interrupt_Function")		\
	X(NDIS_REGISTER,	"Init_RegisterInterrupt")		\
	X(NDIS_DEREGISTER,	"Init_DeRegisterInterrupt")		\
	X(NDIS_HANDLE,		"NdisMDeregisterInterruptEx")		\
	X(NDIS_CALL,		"NdisMRegisterInterruptEx")		\
	X(NDIS_ISR,		"MiniportMessageInterrupt")		\
	X(NDIS_DPC_TARGET,	"NdisMQueueDpcEx")			\
	X(NDIS_THROTTLE,	"NdisReceiveThrottle")			\
	X(MESSAGE_TABLE,	"MessageInfoTable")			\
	X(STOR_MSI_LOCK,	"StorPortMSILock")			\
	X(STOR_MSI_INFO,	"StorPortGetMSIInfo")			\
	X(STOR_SPIN_LOCK,	"StorPortSpinLock")			\
	X(STOR_SPIN_LOCK3,	"StorPortSpinLock3")			\
	X(STOR_SPIN_LOCK4,	"StorPortSpinLock4")			\
	X(STOR_FIND_ADAPTER,	"StorPortFindAdapter")			\
	X(STOR_RETURN_VALUE,	"SpReturnValue")			\
	X(STOR_SYNC_MODE,	"InterruptSynchronizationMode")		\
	X(STOR_CONFIG,		"PortConfigurationInformation")		\
	X(STOR_PASSIVE,		"StorPortEnablePassive")		\
	X(STOR_HANDLE,		"HwDeviceExtension")			\
	X(LEAK,			"InterruptLeft")

#define MINIRQ_RULE_ENUM(id, name) MINIRQ_RULE_##id,
enum minirq_rule {
	MINIRQ_RULES(MINIRQ_RULE_ENUM)
	MINIRQ_RULE_COUNT
};

#define MINIRQ_CALLER	__builtin_return_address(0)

DECLARE_STATIC_KEY_FALSE(minirq_verifying_key);

/* Checks that cost something on a hot path stand behind this. */
static __always_inline bool minirq_verifying(void)
{
	return static_branch_unlikely(&minirq_verifying_key);
}

__printf(3, 4)
void minirq_violation(enum minirq_rule rule, void *caller, const char *fmt, ...);

const char *minirq_verifier_rule_name(enum minirq_rule rule);
unsigned int minirq_verifier_count(enum minirq_rule rule);
unsigned int minirq_verifier_total(void);
void minirq_verifier_enable(bool on);
void minirq_verifier_forget(void);

#endif /* MINIRQ_VERIFIER_H */
