// SPDX-License-Identifier: GPL-2.0-only
/*
 * Changes that a StorPort miniport tells the port of: units that come and go, a
 * medium that is another. Nothing above the port looks for units, so the port
 * has dealt with a change as soon as a DPC has run.
 */
#include "storport_change.h"

#include <linux/export.h>

#include "dpc.h"
#include "spinlock.h"
#include "storport.h"
#include "storport_lock.h"

static bool address_valid(PSTOR_ADDRESS address)
{
	return address && address->Type == STOR_ADDRESS_TYPE_BTL8 &&
	       address->AddressLength >= STOR_ADDR_BTL8_ADDRESS_LENGTH;
}

/* The routine may announce the next change. */
static void call_routine(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_change *change = &adapter->change;
	PHW_STATE_CHANGE routine = change->routine;
	PSTOR_ADDRESS address = change->address;
	PVOID context = change->context;
	struct minirq_stor_call call;

	atomic_set_release(&change->pending, 0);
	if (!routine)
		return;
	minirq_storport_call_enter(&call, adapter, MINIRQ_STOR_ROUTINE_TIMER,
				   routine);
	routine(adapter->extension, context, address->Type, address,
		STOR_STATUS_SUCCESS);
	minirq_storport_call_leave(&call);
}

static VOID change_dpc(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct minirq_stor_adapter *adapter = context;
	KIRQL old = DISPATCH_LEVEL;

	minirq_spinlock_acquire(&adapter->start_io);
	if (adapter->half_duplex)
		old = minirq_storport_lock_interrupt(adapter);
	if (READ_ONCE(adapter->phase) != MINIRQ_STOR_STOPPING)
		call_routine(adapter);
	if (adapter->half_duplex)
		minirq_storport_unlock_interrupt(adapter, old);
	minirq_spinlock_release(&adapter->start_io);
}

void minirq_stor_change_init(struct minirq_stor_adapter *adapter)
{
	KeInitializeDpc(&adapter->change.dpc, change_dpc, adapter);
}

/**
 * StorPortStateChangeDetected() - a unit, a target or the bus has changed
 * @HwDeviceExtension:	the adapter
 * @ChangedEntity:	STATE_CHANGE_LUN, STATE_CHANGE_TARGET, STATE_CHANGE_BUS
 * @Address:		what has changed; stays the port's until the routine is
 *			called
 * @Attributes:		of it; not used
 * @HwStateChange:	called under the StartIo lock when the port has dealt with
 *			it, or NULL
 * @HwStateChangeContext: its second argument
 *
 * Differs from Windows: nothing is enumerated anew.
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportstatechangedetected
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer,
 * an address of another type, or another entity; STOR_STATUS_UNSUCCESSFUL while
 * the port deals with a change, or the adapter is being stopped.
 */
ULONG StorPortStateChangeDetected(PVOID HwDeviceExtension, ULONG ChangedEntity,
				  PSTOR_ADDRESS Address, ULONG Attributes,
				  PHW_STATE_CHANGE HwStateChange,
				  PVOID HwStateChangeContext)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	ULONG all = STATE_CHANGE_LUN | STATE_CHANGE_TARGET | STATE_CHANGE_BUS;
	struct minirq_stor_change *change;

	if (!adapter || !address_valid(Address) || !ChangedEntity ||
	    ChangedEntity & ~all)
		return STOR_STATUS_INVALID_PARAMETER;
	change = &adapter->change;
	if (READ_ONCE(adapter->phase) == MINIRQ_STOR_STOPPING ||
	    atomic_cmpxchg(&change->pending, 0, 1))
		return STOR_STATUS_UNSUCCESSFUL;
	change->address = Address;
	change->routine = HwStateChange;
	change->context = HwStateChangeContext;
	minirq_dpc_insert(&change->dpc, NULL, NULL);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortStateChangeDetected);

/**
 * StorPortAsyncNotificationDetected() - the status of a unit has changed
 * @HwDeviceExtension:	the adapter
 * @Address:		the unit
 * @Flags:		RAID_ASYNC_NOTIFY_FLAG_MEDIA_STATUS, and so on; 0 for all
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportasyncnotificationdetected
 * Return: STOR_STATUS_INVALID_PARAMETER for a NULL pointer, an address of another
 * type or unknown flags; otherwise STOR_STATUS_INVALID_DEVICE_REQUEST, as no unit
 * supports such notifications.
 */
ULONG StorPortAsyncNotificationDetected(PVOID HwDeviceExtension,
					PSTOR_ADDRESS Address, ULONGLONG Flags)
{
	if (!HwDeviceExtension || !address_valid(Address) ||
	    Flags & ~(ULONGLONG)RAID_ASYNC_NOTIFY_SUPPORTED_FLAGS)
		return STOR_STATUS_INVALID_PARAMETER;
	return STOR_STATUS_INVALID_DEVICE_REQUEST;
}
EXPORT_SYMBOL_GPL(StorPortAsyncNotificationDetected);
