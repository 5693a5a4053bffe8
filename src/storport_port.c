// SPDX-License-Identifier: GPL-2.0-only
/*
 * The two variadic entry points of StorPort. On Windows most functions are
 * inlines over them; here the functions are functions, and what calls the entry
 * points by their codes arrives at the same ones.
 */
#include <linux/export.h>
#include <linux/stdarg.h>

#include <storport.h>

#include "irql.h"
#include "storport.h"
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
	default:
		return false;
	}
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
	case LinkUp:
	case LinkDown:
	case BufferOverrunDetected:
	case TraceNotification:
	case StateChangeDetectedCall:
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
	else if (!is_news(type) &&
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
 * Differs from Windows: nobody above the port is told of a reset, a changed bus
 * or link, or of WMI events.
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

static ULONG allocate_pool(PVOID extension, va_list *args)
{
	ULONG size = next(ULONG);
	ULONG tag = next(ULONG);

	return StorPortAllocatePool(extension, size, tag, next(PVOID *));
}

static ULONG acquire_msi_lock(PVOID extension, va_list *args)
{
	ULONG id = next(ULONG);

	return StorPortAcquireMSISpinLock(extension, id, next(PULONG));
}

static ULONG release_msi_lock(PVOID extension, va_list *args)
{
	ULONG id = next(ULONG);

	return StorPortReleaseMSISpinLock(extension, id, next(ULONG));
}

static ULONG get_msi_info(PVOID extension, va_list *args)
{
	ULONG id = next(ULONG);

	return StorPortGetMSIInfo(extension, id,
				  next(PMESSAGE_INTERRUPT_INFORMATION));
}

/* A BOOLEAN is an int on its way through the dots. */
static ULONG initialize_perf_opts(PVOID extension, va_list *args)
{
	BOOLEAN query = next(int);

	return StorPortInitializePerfOpts(extension, query,
					  next(PPERF_CONFIGURATION_DATA));
}

static ULONG get_start_io_params(PVOID extension, va_list *args)
{
	PSCSI_REQUEST_BLOCK srb = next(PSCSI_REQUEST_BLOCK);

	return StorPortGetStartIoPerfParams(extension, srb,
					    next(PSTARTIO_PERFORMANCE_PARAMETERS));
}

/* So is a USHORT. */
static ULONG get_group_affinity(PVOID extension, va_list *args)
{
	USHORT group = next(int);

	return StorPortGetGroupAffinity(extension, group, next(PKAFFINITY));
}

static ULONG get_node_affinity(PVOID extension, va_list *args)
{
	ULONG node = next(ULONG);

	return StorPortGetNodeAffinity(extension, node, next(PGROUP_AFFINITY));
}

static ULONG extended_system(STORPORT_FUNCTION_CODE code, PVOID extension,
			     va_list *args)
{
	switch (code) {
	case ExtFunctionGetCurrentProcessorNumber:
		return StorPortGetCurrentProcessorNumber(extension,
							 next(PPROCESSOR_NUMBER));
	case ExtFunctionGetActiveGroupCount:
		return StorPortGetActiveGroupCount(extension, next(PUSHORT));
	case ExtFunctionGetGroupAffinity:
		return get_group_affinity(extension, args);
	case ExtFunctionGetActiveNodeCount:
		return StorPortGetActiveNodeCount(extension, next(PULONG));
	case ExtFunctionGetNodeAffinity:
		return get_node_affinity(extension, args);
	case ExtFunctionGetHighestNodeNumber:
		return StorPortGetHighestNodeNumber(extension, next(PULONG));
	default:
		return STOR_STATUS_NOT_IMPLEMENTED;
	}
}

static ULONG extended(STORPORT_FUNCTION_CODE code, PVOID extension,
		      va_list *args)
{
	switch (code) {
	case ExtFunctionAllocatePool:
		return allocate_pool(extension, args);
	case ExtFunctionFreePool:
		return StorPortFreePool(extension, next(PVOID));
	case ExtFunctionAcquireMSISpinLock:
		return acquire_msi_lock(extension, args);
	case ExtFunctionReleaseMSISpinLock:
		return release_msi_lock(extension, args);
	case ExtFunctionGetMessageInterruptInformation:
		return get_msi_info(extension, args);
	case ExtFunctionInitializePerformanceOptimizations:
		return initialize_perf_opts(extension, args);
	case ExtFunctionGetStartIoPerformanceParameters:
		return get_start_io_params(extension, args);
	default:
		return extended_system(code, extension, args);
	}
}

/**
 * StorPortExtendedFunction() - call a function by its code
 * @FunctionCode:	which
 * @HwDeviceExtension:	the adapter
 * @...:		its other arguments
 *
 * Context: as the function.
 * Page: ne-storport-_storport_function_code
 * Return: what the function returns; STOR_STATUS_NOT_IMPLEMENTED for a code that
 * has none.
 */
ULONG StorPortExtendedFunction(STORPORT_FUNCTION_CODE FunctionCode,
			       PVOID HwDeviceExtension, ...)
{
	va_list args;
	ULONG status;

	va_start(args, HwDeviceExtension);
	status = extended(FunctionCode, HwDeviceExtension, &args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortExtendedFunction);

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
