// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a StorPort miniport tells the port. On Windows some functions are inlines
 * over the one entry point; here they are functions, and what calls the entry
 * point by their codes arrives at the same ones.
 */
#include <linux/export.h>
#include <linux/stdarg.h>

#include <storport.h>

#include "irql.h"
#include "storport.h"
#include "storport_gate.h"
#include "storport_request.h"
#include "verifier.h"

#define next(type)	va_arg(*args, type)

static void enable_passive(PVOID extension, va_list *args)
{
	PHW_PASSIVE_INITIALIZE_ROUTINE routine =
		next(PHW_PASSIVE_INITIALIZE_ROUTINE);
	LONG *enabled = next(LONG *);

	*enabled = StorPortEnablePassiveInitialization(extension, routine);
}

static void initialize_dpc(PVOID extension, va_list *args)
{
	PSTOR_DPC dpc = next(PSTOR_DPC);

	(StorPortInitializeDpc)(extension, dpc, next(PHW_DPC_ROUTINE));
}

static void issue_dpc(PVOID extension, va_list *args)
{
	PSTOR_DPC dpc = next(PSTOR_DPC);
	PVOID arg1 = next(PVOID);
	PVOID arg2 = next(PVOID);
	LONG *issued = next(LONG *);

	*issued = StorPortIssueDpc(extension, dpc, arg1, arg2);
}

static void acquire_spin_lock(PVOID extension, va_list *args)
{
	STOR_SPINLOCK kind = next(STOR_SPINLOCK);
	PVOID context = next(PVOID);

	StorPortAcquireSpinLock(extension, kind, context,
				next(PSTOR_LOCK_HANDLE));
}

static void state_change(PVOID extension, va_list *args)
{
	ULONG entity = next(ULONG);
	PSTOR_ADDRESS address = next(PSTOR_ADDRESS);
	ULONG attributes = next(ULONG);
	PHW_STATE_CHANGE routine = next(PHW_STATE_CHANGE);
	PVOID context = next(PVOID);
	ULONG *status = next(ULONG *);

	*status = StorPortStateChangeDetected(extension, entity, address,
					      attributes, routine, context);
}

static void async_notification(PVOID extension, va_list *args)
{
	PSTOR_ADDRESS address = next(PSTOR_ADDRESS);
	ULONGLONG flags = next(ULONGLONG);
	ULONG *status = next(ULONG *);

	*status = StorPortAsyncNotificationDetected(extension, address, flags);
}

static void request_timer(struct minirq_stor_adapter *adapter, va_list *args,
			  void *caller)
{
	PHW_TIMER routine = next(PHW_TIMER);

	minirq_storport_request_timer(adapter, routine, next(ULONG), caller);
}

/* How the functions that Windows has as inlines arrive. */
static bool notify_inline(SCSI_NOTIFICATION_TYPE type, PVOID extension,
			  va_list *args)
{
	switch (type) {
	case EnablePassiveInitialization:
		enable_passive(extension, args);
		return true;
	case InitializeDpc:
		initialize_dpc(extension, args);
		return true;
	case IssueDpc:
		issue_dpc(extension, args);
		return true;
	case AcquireSpinLock:
		acquire_spin_lock(extension, args);
		return true;
	case ReleaseSpinLock:
		StorPortReleaseSpinLock(extension, next(PSTOR_LOCK_HANDLE));
		return true;
	case StateChangeDetectedCall:
		state_change(extension, args);
		return true;
	case AsyncNotificationDetected:
		async_notification(extension, args);
		return true;
	case QueryTickCount:
		KeQueryTickCount(next(PLARGE_INTEGER));
		return true;
	default:
		return false;
	}
}

/* While the link is down the port keeps requests back. */
static bool notify_link(SCSI_NOTIFICATION_TYPE type,
			struct minirq_stor_gate *gate)
{
	if (type != LinkUp && type != LinkDown)
		return false;
	minirq_stor_gate_link(gate, type == LinkUp);
	return true;
}

/* What needs no answer: nothing above the port wants to know. */
static bool is_news(SCSI_NOTIFICATION_TYPE type)
{
	switch (type) {
	case NextRequest:
	case NextLuRequest:
	case ResetDetected:
	case BusChangeDetected:
	case WMIEvent:
	case WMIReregister:
	case BufferOverrunDetected:
	case TraceNotification:
	case IoTargetRequestServiceTime:
		return true;
	default:
		return false;
	}
}

static void notify(SCSI_NOTIFICATION_TYPE type,
		   struct minirq_stor_adapter *adapter, va_list *args,
		   void *caller)
{
	if (type == RequestComplete)
		minirq_stor_request_complete(adapter, next(PSCSI_REQUEST_BLOCK),
					     caller);
	else if (type == RequestTimerCall)
		request_timer(adapter, args, caller);
	else if (!is_news(type) && !notify_link(type, adapter->gate) &&
		 !notify_inline(type, adapter->extension, args))
		minirq_violation(MINIRQ_RULE_STOR_NOTIFICATION, caller,
				 "%s: there is no notification %d",
				 adapter->name, type);
}

/**
 * StorPortNotification() - tell the port driver something
 * @NotificationType:	what
 * @HwDeviceExtension:	the adapter
 * @...:		what belongs to it; RequestComplete has the SRB,
 *			RequestTimerCall HwStorTimer and microseconds
 *
 * Differs from Windows: nobody above the port is told of a reset, a changed bus,
 * or of WMI events, and BufferOverrunDetected does not stop the machine.
 *
 * Context: IRQL <= DIRQL. A type that does not exist is reported, as is a
 * request that is completed although it is not under way.
 * Page: nf-storport-storportnotification
 */
VOID StorPortNotification(SCSI_NOTIFICATION_TYPE NotificationType,
			  PVOID HwDeviceExtension, ...)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	va_list args;

	if (!adapter)
		return;
	va_start(args, HwDeviceExtension);
	notify(NotificationType, adapter, &args, MINIRQ_CALLER);
	va_end(args);
}
EXPORT_SYMBOL_GPL(StorPortNotification);

/**
 * StorPortGetCurrentIrql() - the level this CPU is at
 * @HwDeviceExtension:	the adapter; not used
 * @Irql:		where it is stored
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetcurrentirql
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for NULL.
 */
ULONG StorPortGetCurrentIrql(PVOID HwDeviceExtension, PKIRQL Irql)
{
	if (!Irql)
		return STOR_STATUS_INVALID_PARAMETER;
	*Irql = minirq_irql_current();
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetCurrentIrql);
