// SPDX-License-Identifier: GPL-2.0-only
/* The messages of a StorPort adapter: what they are, and their locks. */
#include <linux/export.h>
#include <linux/msi.h>

#include "held.h"
#include "interrupt.h"
#include "interrupt_lock.h"
#include "message.h"
#include "storport.h"
#include "verifier.h"

/* Messages that a driver can ask about; there are none before the connection. */
static unsigned int messages_of(struct minirq_stor_adapter *adapter)
{
	if (!adapter->intr || !adapter->intr->message)
		return 0;
	return adapter->intr->count;
}

/**
 * StorPortGetMSIInfo() - describe a message as it is now
 * @HwDeviceExtension:	the adapter
 * @MessageId:		the message
 * @InterruptInfo:	filled; untouched on an error
 *
 * Messages count from 0 without a gap. Address and data are what the device was
 * programmed with, and are read anew by each call.
 *
 * Context: IRQL: any; reported when called from HwMSInterruptRoutine.
 * Page: nf-storport-storportgetmsiinfo
 * Return:
 * * STOR_STATUS_SUCCESS
 * * STOR_STATUS_INVALID_PARAMETER - a NULL pointer, or no such message
 * * STOR_STATUS_INVALID_DEVICE_REQUEST - the adapter has no messages, or is not
 *   connected yet
 */
ULONG StorPortGetMSIInfo(PVOID HwDeviceExtension, ULONG MessageId,
			 PMESSAGE_INTERRUPT_INFORMATION InterruptInfo)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct msi_msg msg;
	unsigned int irq;

	if (!adapter || !InterruptInfo)
		return STOR_STATUS_INVALID_PARAMETER;
	if (!messages_of(adapter))
		return STOR_STATUS_INVALID_DEVICE_REQUEST;
	if (MessageId >= messages_of(adapter))
		return STOR_STATUS_INVALID_PARAMETER;
	if (unlikely(this_cpu_read(minirq_stor_serving)))
		minirq_violation(MINIRQ_RULE_STOR_MSI_INFO, MINIRQ_CALLER,
				 "%s: %s from HwMSInterruptRoutine",
				 adapter->name, __func__);
	irq = adapter->intr->each[MessageId].irq;
	if (!minirq_message_programmed(irq, &msg))
		return STOR_STATUS_INVALID_DEVICE_REQUEST;

	InterruptInfo->MessageId = MessageId;
	InterruptInfo->MessageData = msg.data;
	InterruptInfo->MessageAddress.LowPart = msg.address_lo;
	InterruptInfo->MessageAddress.HighPart = msg.address_hi;
	InterruptInfo->InterruptVector = irq;
	InterruptInfo->InterruptLevel = MINIRQ_DIRQL;
	InterruptInfo->InterruptMode = Latched;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetMSIInfo);

/* Its ISR, and whoever has the interrupt lock, holds the lock of a message. */
static bool held_otherwise(struct minirq_stor_adapter *adapter, ULONG id)
{
	return this_cpu_read(minirq_stor_serving) == &adapter->intr->each[id] ||
	       minirq_spinlock_owned(&adapter->intr->all);
}

/* Would its acquisition wait for this very CPU? Who holds it is at DIRQL. */
static bool held_here(struct minirq_stor_adapter *adapter, ULONG id)
{
	return minirq_irql_above_dispatch() &&
	       (held_otherwise(adapter, id) ||
		minirq_spinlock_owned(adapter->intr->each[id].lock));
}

/* Has it been acquired? Of the others only the verifier notes that they own it. */
static bool acquired_here(struct minirq_stor_adapter *adapter, ULONG id)
{
	return minirq_spinlock_mine(adapter->intr->each[id].lock) &&
	       !(minirq_verifying() && held_otherwise(adapter, id));
}

static ULONG refused(struct minirq_stor_adapter *adapter, ULONG id,
		     const char *why, void *caller)
{
	minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, caller,
			 "%s: the lock of message %u %s", adapter->name, id,
			 why);
	return STOR_STATUS_INVALID_DEVICE_REQUEST;
}

/* Is there such an MSI lock? */
static ULONG check_msi_lock(struct minirq_stor_adapter *adapter, ULONG id,
			    void *caller)
{
	if (!adapter)
		return STOR_STATUS_INVALID_PARAMETER;
	if (adapter->mode != InterruptSynchronizePerMessage) {
		minirq_violation(MINIRQ_RULE_STOR_MSI_LOCK, caller,
				 "%s: messages have no locks of their own",
				 adapter->name);
		return STOR_STATUS_INVALID_DEVICE_REQUEST;
	}
	if (id >= messages_of(adapter))
		return STOR_STATUS_INVALID_PARAMETER;
	return STOR_STATUS_SUCCESS;
}

static __always_inline KIRQL lock_message(struct _KINTERRUPT *ki, void *caller)
{
	KIRQL old = minirq_interrupt_raise(ki, caller);

	minirq_spinlock_take_known(ki->lock, caller);
	return old;
}

static __always_inline void unlock_message(struct _KINTERRUPT *ki, KIRQL old,
					   void *caller)
{
	if (unlikely(minirq_held_count()))
		minirq_held_forget(ki);
	minirq_spinlock_drop_known(ki->lock, caller);
	minirq_interrupt_lower(old, caller);
}

/* A routine has returned with the lock of a message. */
static void left_msi_lock(const struct minirq_held *held, void *routine)
{
	struct minirq_stor_adapter *adapter = held->owner;
	struct _KINTERRUPT *ki = held->key;

	minirq_violation(MINIRQ_RULE_STOR_SPIN_LOCK, routine,
			 "%s: routine returned with the lock of message %u",
			 adapter->name, ki->id);
	unlock_message(ki, held->old, routine);
}

static void note_msi_lock(struct minirq_stor_adapter *adapter, ULONG id,
			  KIRQL old)
{
	struct minirq_held held = {
		.key = &adapter->intr->each[id],
		.left = left_msi_lock,
		.owner = adapter,
		.old = old,
	};

	minirq_held_note(&held);
}

/**
 * StorPortAcquireMSISpinLock() - keep the ISR of one message out
 * @HwDeviceExtension:	the adapter
 * @MessageId:		the message
 * @OldIrql:		where the previous level is stored; untouched on an error
 *
 * Several are taken by ascending id. An ISR holds its own already.
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportacquiremsispinlock
 * Return:
 * * STOR_STATUS_SUCCESS
 * * STOR_STATUS_INVALID_PARAMETER - a NULL pointer, or no such message
 * * STOR_STATUS_INVALID_DEVICE_REQUEST - messages do not have locks of their
 *   own (not InterruptSynchronizePerMessage), or the caller is the ISR of that
 *   message, or has its lock or the interrupt lock, which is reported
 */
ULONG StorPortAcquireMSISpinLock(PVOID HwDeviceExtension, ULONG MessageId,
				 PULONG OldIrql)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	ULONG status = check_msi_lock(adapter, MessageId, MINIRQ_CALLER);

	if (status != STOR_STATUS_SUCCESS)
		return status;
	if (!OldIrql)
		return STOR_STATUS_INVALID_PARAMETER;
	if (unlikely(held_here(adapter, MessageId)))
		return refused(adapter, MessageId, "is held", MINIRQ_CALLER);
	*OldIrql = lock_message(&adapter->intr->each[MessageId], MINIRQ_CALLER);
	if (minirq_verifying())
		note_msi_lock(adapter, MessageId, *OldIrql);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortAcquireMSISpinLock);

/**
 * StorPortReleaseMSISpinLock() - let the ISR of one message in again
 * @HwDeviceExtension:	the adapter
 * @MessageId:		the message
 * @OldIrql:		what the acquisition stored
 *
 * Context: IRQL: as the acquisition left it.
 * Page: nf-storport-storportreleasemsispinlock
 * Return: as StorPortAcquireMSISpinLock(). So it is when the caller has not
 * acquired the lock, which is reported.
 */
ULONG StorPortReleaseMSISpinLock(PVOID HwDeviceExtension, ULONG MessageId,
				 ULONG OldIrql)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	ULONG status = check_msi_lock(adapter, MessageId, MINIRQ_CALLER);

	if (status != STOR_STATUS_SUCCESS)
		return status;
	if (unlikely(!acquired_here(adapter, MessageId)))
		return refused(adapter, MessageId, "is not held", MINIRQ_CALLER);
	unlock_message(&adapter->intr->each[MessageId], OldIrql, MINIRQ_CALLER);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortReleaseMSISpinLock);
