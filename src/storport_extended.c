// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort functions by their codes. On Windows they are inlines over one entry
 * point; here they are functions, and what calls the entry point by a code
 * arrives at the same one.
 */
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/stdarg.h>

#include <storport.h>

#define next(type)	va_arg(*args, type)

static ULONG allocate_pool(PVOID extension, va_list *args)
{
	ULONG size = next(ULONG);
	ULONG tag = next(ULONG);

	return StorPortAllocatePool(extension, size, tag, next(PVOID *));
}

static ULONG free_pool(PVOID extension, va_list *args)
{
	return StorPortFreePool(extension, next(PVOID));
}

static ULONG get_system_address(PVOID extension, va_list *args)
{
	PSCSI_REQUEST_BLOCK srb = next(PSCSI_REQUEST_BLOCK);

	return StorPortGetSystemAddress(extension, srb, next(PVOID *));
}

/* A BOOLEAN is an int on its way through the dots. */
static ULONG build_sg_list(PVOID extension, va_list *args)
{
	PVOID mdl = next(PVOID);
	PVOID data = next(PVOID);
	ULONG length = next(ULONG);
	PPOST_SCATTER_GATHER_EXECUTE routine =
		next(PPOST_SCATTER_GATHER_EXECUTE);
	PVOID context = next(PVOID);
	BOOLEAN write = next(int);
	PVOID buffer = next(PVOID);

	return StorPortBuildScatterGatherList(extension, mdl, data, length,
					      routine, context, write, buffer,
					      next(ULONG));
}

static ULONG put_sg_list(PVOID extension, va_list *args)
{
	PSTOR_SCATTER_GATHER_LIST list = next(PSTOR_SCATTER_GATHER_LIST);

	return StorPortPutScatterGatherList(extension, list, next(int));
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

static ULONG log_system_event(PVOID extension, va_list *args)
{
	PSTOR_LOG_EVENT_DETAILS details = next(PSTOR_LOG_EVENT_DETAILS);

	return StorPortLogSystemEvent(extension, details, next(PULONG));
}

static ULONG get_processor_number(PVOID extension, va_list *args)
{
	return StorPortGetCurrentProcessorNumber(extension,
						 next(PPROCESSOR_NUMBER));
}

static ULONG get_processor_count(PVOID extension, va_list *args)
{
	return StorPortGetProcessorCount(extension, next(PULONG));
}

static ULONG get_group_count(PVOID extension, va_list *args)
{
	return StorPortGetActiveGroupCount(extension, next(PUSHORT));
}

static ULONG get_group_affinity(PVOID extension, va_list *args)
{
	USHORT group = next(int);

	return StorPortGetGroupAffinity(extension, group, next(PKAFFINITY));
}

static ULONG get_node_count(PVOID extension, va_list *args)
{
	return StorPortGetActiveNodeCount(extension, next(PULONG));
}

static ULONG get_node_affinity(PVOID extension, va_list *args)
{
	ULONG node = next(ULONG);

	return StorPortGetNodeAffinity(extension, node, next(PGROUP_AFFINITY));
}

static ULONG get_highest_node(PVOID extension, va_list *args)
{
	return StorPortGetHighestNodeNumber(extension, next(PULONG));
}

static ULONG allocate_contiguous(PVOID extension, va_list *args)
{
	SIZE_T size = next(SIZE_T);
	PHYSICAL_ADDRESS lowest = next(PHYSICAL_ADDRESS);
	PHYSICAL_ADDRESS highest = next(PHYSICAL_ADDRESS);
	PHYSICAL_ADDRESS boundary = next(PHYSICAL_ADDRESS);
	MEMORY_CACHING_TYPE cache = next(MEMORY_CACHING_TYPE);
	NODE_REQUIREMENT node = next(NODE_REQUIREMENT);

	return StorPortAllocateContiguousMemorySpecifyCacheNode(extension, size,
								lowest, highest,
								boundary, cache,
								node,
								next(PVOID *));
}

static ULONG free_contiguous(PVOID extension, va_list *args)
{
	PVOID data = next(PVOID);
	SIZE_T size = next(SIZE_T);
	MEMORY_CACHING_TYPE cache = next(MEMORY_CACHING_TYPE);

	return StorPortFreeContiguousMemorySpecifyCache(extension, data, size,
							cache);
}

static ULONG initialize_worker(PVOID extension, va_list *args)
{
	return StorPortInitializeWorker(extension, next(PVOID *));
}

static ULONG queue_work_item(PVOID extension, va_list *args)
{
	PHW_WORKITEM routine = next(PHW_WORKITEM);
	PVOID worker = next(PVOID);

	return StorPortQueueWorkItem(extension, routine, worker, next(PVOID));
}

static ULONG free_worker(PVOID extension, va_list *args)
{
	return StorPortFreeWorker(extension, next(PVOID));
}

static ULONG initialize_timer(PVOID extension, va_list *args)
{
	return StorPortInitializeTimer(extension, next(PVOID *));
}

static ULONG request_timer(PVOID extension, va_list *args)
{
	PVOID handle = next(PVOID);
	PHW_TIMER_EX routine = next(PHW_TIMER_EX);
	PVOID context = next(PVOID);
	ULONGLONG value = next(ULONGLONG);

	return StorPortRequestTimer(extension, handle, routine, context, value,
				    next(ULONGLONG));
}

static ULONG free_timer(PVOID extension, va_list *args)
{
	return StorPortFreeTimer(extension, next(PVOID));
}

static ULONG query_counter(PVOID extension, va_list *args)
{
	PLARGE_INTEGER frequency = next(PLARGE_INTEGER);

	return StorPortQueryPerformanceCounter(extension, frequency,
					       next(PLARGE_INTEGER));
}

static ULONG read_adapter_key(PVOID extension, va_list *args)
{
	PUCHAR key = next(PUCHAR);
	PUCHAR name = next(PUCHAR);
	ULONG type = next(ULONG);
	PVOID *data = next(PVOID *);

	return StorPortRegistryReadAdapterKey(extension, key, name, type, data,
					      next(PULONG));
}

static ULONG write_adapter_key(PVOID extension, va_list *args)
{
	PUCHAR key = next(PUCHAR);
	PUCHAR name = next(PUCHAR);
	ULONG type = next(ULONG);
	PVOID data = next(PVOID);

	return StorPortRegistryWriteAdapterKey(extension, key, name, type, data,
					       next(ULONG));
}

static ULONG allocate_dma_memory(PVOID extension, va_list *args)
{
	SIZE_T size = next(SIZE_T);
	PHYSICAL_ADDRESS lowest = next(PHYSICAL_ADDRESS);
	PHYSICAL_ADDRESS highest = next(PHYSICAL_ADDRESS);
	PHYSICAL_ADDRESS boundary = next(PHYSICAL_ADDRESS);
	MEMORY_CACHING_TYPE cache = next(MEMORY_CACHING_TYPE);
	NODE_REQUIREMENT node = next(NODE_REQUIREMENT);
	PVOID *data = next(PVOID *);

	return StorPortAllocateDmaMemory(extension, size, lowest, highest,
					 boundary, cache, node, data,
					 next(PPHYSICAL_ADDRESS));
}

static ULONG free_dma_memory(PVOID extension, va_list *args)
{
	PVOID data = next(PVOID);
	SIZE_T size = next(SIZE_T);
	MEMORY_CACHING_TYPE cache = next(MEMORY_CACHING_TYPE);

	return StorPortFreeDmaMemory(extension, data, size, cache,
				     next(PHYSICAL_ADDRESS));
}

static ULONG initialize_spinlock(PVOID extension, va_list *args)
{
	return (StorPortInitializeSpinlock)(extension, next(PSTOR_KSPIN_LOCK));
}

static ULONG acquire_spin_lock(PVOID extension, va_list *args)
{
	STOR_SPINLOCK kind = next(STOR_SPINLOCK);
	PVOID context = next(PVOID);

	return StorPortAcquireSpinLockEx(extension, kind, context,
					 next(PSTOR_LOCK_HANDLE));
}

static ULONG cancel_dpc(PVOID extension, va_list *args)
{
	PSTOR_DPC dpc = next(PSTOR_DPC);

	return StorPortCancelDpc(extension, dpc, next(PBOOLEAN));
}

static ULONG delay_execution(PVOID extension, va_list *args)
{
	return StorPortDelayExecution(extension, next(ULONG));
}

static ULONG query_watchdog(PVOID extension, va_list *args)
{
	return StorPortQueryDpcWatchdogInformation(extension,
						   next(PSTOR_DPC_WATCHDOG_INFORMATION));
}

static ULONG query_timer_interval(PVOID extension, va_list *args)
{
	return StorPortQueryTimerMinInterval(extension, next(PULONG));
}

static ULONG mask_message(PVOID extension, va_list *args)
{
	ULONG id = next(ULONG);

	return StorPortMaskMsixInterrupt(extension, id, next(int));
}

static ULONG get_irql(PVOID extension, va_list *args)
{
	return StorPortGetCurrentIrql(extension, next(PKIRQL));
}

static ULONG get_message_id(PVOID extension, va_list *args)
{
	ULONG processor = next(ULONG);

	return StorPortGetMessageInterruptIDFromProcessorIndex(extension,
							       processor,
							       next(PULONG));
}

static ULONG get_node_affinity2(PVOID extension, va_list *args)
{
	ULONG node = next(ULONG);
	PGROUP_AFFINITY affinities = next(PGROUP_AFFINITY);
	USHORT count = next(int);

	return StorPortGetNodeAffinity2(extension, node, affinities, count,
					next(PUSHORT));
}

static ULONG initialize_slist(PVOID extension, va_list *args)
{
	return StorPortInitializeSListHead(extension,
					   next(PSTOR_SLIST_HEADER));
}

static ULONG push_slist(PVOID extension, va_list *args)
{
	PSTOR_SLIST_HEADER head = next(PSTOR_SLIST_HEADER);
	PSTOR_SLIST_ENTRY entry = next(PSTOR_SLIST_ENTRY);

	return StorPortInterlockedPushEntrySList(extension, head, entry,
						 next(PSTOR_SLIST_ENTRY *));
}

static ULONG pop_slist(PVOID extension, va_list *args)
{
	PSTOR_SLIST_HEADER head = next(PSTOR_SLIST_HEADER);

	return StorPortInterlockedPopEntrySList(extension, head,
						next(PSTOR_SLIST_ENTRY *));
}

static ULONG flush_slist(PVOID extension, va_list *args)
{
	PSTOR_SLIST_HEADER head = next(PSTOR_SLIST_HEADER);

	return StorPortInterlockedFlushSList(extension, head,
					     next(PSTOR_SLIST_ENTRY *));
}

static ULONG query_slist(PVOID extension, va_list *args)
{
	PSTOR_SLIST_HEADER head = next(PSTOR_SLIST_HEADER);

	return StorPortQueryDepthSList(extension, head, next(PSHORT));
}

/* Nothing manages the power of adapters and units while they run. */
static ULONG register_power(PVOID extension, va_list *args)
{
	PSTOR_POFX_DEVICE device;

	next(PSTOR_ADDRESS);
	device = next(PSTOR_POFX_DEVICE);
	return extension && device ? STOR_STATUS_UNSUCCESSFUL :
				     STOR_STATUS_INVALID_PARAMETER;
}

static ULONG change_power(PVOID extension, va_list *args)
{
	return extension ? STOR_STATUS_INVALID_DEVICE_REQUEST :
			   STOR_STATUS_INVALID_PARAMETER;
}

/* Linux keeps all memory of drivers over hibernation; no setting changes. */
static ULONG take_note(PVOID extension, va_list *args)
{
	return extension ? STOR_STATUS_SUCCESS : STOR_STATUS_INVALID_PARAMETER;
}

/* Functions that are not here do not exist. */
static ULONG (*const functions[])(PVOID extension, va_list *args) = {
	[ExtFunctionAllocatePool] = allocate_pool,
	[ExtFunctionFreePool] = free_pool,
	[ExtFunctionGetSystemAddress] = get_system_address,
	[ExtFunctionBuildScatterGatherList] = build_sg_list,
	[ExtFunctionPutScatterGatherList] = put_sg_list,
	[ExtFunctionAcquireMSISpinLock] = acquire_msi_lock,
	[ExtFunctionReleaseMSISpinLock] = release_msi_lock,
	[ExtFunctionGetMessageInterruptInformation] = get_msi_info,
	[ExtFunctionInitializePerformanceOptimizations] = initialize_perf_opts,
	[ExtFunctionGetStartIoPerformanceParameters] = get_start_io_params,
	[ExtFunctionLogSystemEvent] = log_system_event,
	[ExtFunctionGetCurrentProcessorNumber] = get_processor_number,
	[ExtFunctionGetActiveGroupCount] = get_group_count,
	[ExtFunctionGetGroupAffinity] = get_group_affinity,
	[ExtFunctionGetActiveNodeCount] = get_node_count,
	[ExtFunctionGetNodeAffinity] = get_node_affinity,
	[ExtFunctionGetHighestNodeNumber] = get_highest_node,
	[ExtFunctionAllocateContiguousMemorySpecifyCacheNode] =
		allocate_contiguous,
	[ExtFunctionFreeContiguousMemorySpecifyCache] = free_contiguous,
	[ExtFunctionInitializeWorker] = initialize_worker,
	[ExtFunctionQueueWorkItem] = queue_work_item,
	[ExtFunctionFreeWorker] = free_worker,
	[ExtFunctionInitializeTimer] = initialize_timer,
	[ExtFunctionRequestTimer] = request_timer,
	[ExtFunctionFreeTimer] = free_timer,
	[ExtFunctionQueryPerformanceCounter] = query_counter,
	[ExtFunctionRegistryReadAdapterKey] = read_adapter_key,
	[ExtFunctionRegistryWriteAdapterKey] = write_adapter_key,
	[ExtFunctionInitializeSpinlock] = initialize_spinlock,
	[ExtFunctionDelayExecution] = delay_execution,
	[ExtFunctionAllocateDmaMemory] = allocate_dma_memory,
	[ExtFunctionFreeDmaMemory] = free_dma_memory,
	[ExtFunctionAcquireSpinLock] = acquire_spin_lock,
	[ExtFunctionCancelDpc] = cancel_dpc,
	[ExtFunctionQueryDpcWatchdogInformation] = query_watchdog,
	[ExtFunctionQueryTimerMinInterval] = query_timer_interval,
	[ExtFunctionMaskPciMsixEntry] = mask_message,
	[ExtFunctionGetCurrentIrql] = get_irql,
	[ExtFunctionGetMessageInterruptIDFromProcessorIndex] = get_message_id,
	[ExtFunctionGetNodeAffinity2] = get_node_affinity2,
	[ExtFunctionGetProcessorCount] = get_processor_count,
	[ExtFunctionInitializeSListHead] = initialize_slist,
	[ExtFunctionInterlockedPushEntrySList] = push_slist,
	[ExtFunctionInterlockedPopEntrySList] = pop_slist,
	[ExtFunctionInterlockedFlushSList] = flush_slist,
	[ExtFunctionQueryDepthSList] = query_slist,
	[ExtFunctionInitializePoFxPower] = register_power,
	[ExtFunctionPoFxActivateComponent] = change_power,
	[ExtFunctionPoFxIdleComponent] = change_power,
	[ExtFunctionMarkDumpMemory] = take_note,
	[ExtFunctionSetPowerSettingNotificationGuids] = take_note,
};

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

	if ((unsigned int)FunctionCode >= ARRAY_SIZE(functions) ||
	    !functions[FunctionCode])
		return STOR_STATUS_NOT_IMPLEMENTED;
	va_start(args, HwDeviceExtension);
	status = functions[FunctionCode](HwDeviceExtension, &args);
	va_end(args);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortExtendedFunction);
