// SPDX-License-Identifier: GPL-2.0-only
/*
 * What init code of StorPort miniports asks about the system: config space,
 * processors, nodes and time.
 */
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/ktime.h>
#include <linux/nodemask.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/timekeeping.h>
#include <linux/topology.h>

#include <storport.h>

#include "irql.h"
#include "processor.h"
#include "storport.h"
#include "storport_memory.h"

/* Windows counts units of 100 ns from 1601 on. */
#define UNIT_NSEC	100
#define UNIX_EPOCH	116444736000000000LL

static struct pci_dev *pdev_of(PVOID extension)
{
	struct minirq_stor_adapter *adapter = minirq_stor_adapter_of(extension);

	return adapter ? adapter->memory->pdev : NULL;
}

/* What of a range lies in config space. */
static ULONG within(struct pci_dev *pdev, ULONG offset, ULONG length)
{
	ULONG size = pdev->cfg_size;

	return offset < size ? min(length, size - offset) : 0;
}

/**
 * StorPortGetBusData() - read the adapter's config space
 * @DeviceExtension:	the adapter
 * @BusDataType:	PCIConfiguration
 * @SystemIoBusNumber:	as in the configuration
 * @SlotNumber:		as in the configuration
 * @Buffer:		where it is stored
 * @Length:		how much of it, from the beginning
 *
 * Limit: an adapter reads its own config space only.
 *
 * Context: IRQL <= DIRQL, meant for HwStorFindAdapter.
 * Page: nf-storport-storportgetbusdata
 * Return: the number of bytes read; 0 for other data.
 */
ULONG StorPortGetBusData(PVOID DeviceExtension, ULONG BusDataType,
			 ULONG SystemIoBusNumber, ULONG SlotNumber,
			 PVOID Buffer, ULONG Length)
{
	struct pci_dev *pdev = pdev_of(DeviceExtension);
	UCHAR *bytes = Buffer;
	ULONG i, length;

	if (!pdev || !Buffer || BusDataType != PCIConfiguration)
		return 0;
	length = within(pdev, 0, Length);
	for (i = 0; i < length; i++)
		pci_read_config_byte(pdev, i, &bytes[i]);
	return length;
}
EXPORT_SYMBOL_GPL(StorPortGetBusData);

/**
 * StorPortSetBusDataByOffset() - write to the adapter's config space
 * @DeviceExtension:	the adapter
 * @BusDataType:	PCIConfiguration
 * @SystemIoBusNumber:	as in the configuration
 * @SlotNumber:		as in the configuration
 * @Buffer:		what is written
 * @Offset:		where it begins
 * @Length:		how much
 *
 * Context: IRQL <= DIRQL, meant for HwStorFindAdapter.
 * Page: nf-storport-storportsetbusdatabyoffset
 * Return: the number of bytes written; 0 for other data.
 */
ULONG StorPortSetBusDataByOffset(PVOID DeviceExtension, ULONG BusDataType,
				 ULONG SystemIoBusNumber, ULONG SlotNumber,
				 PVOID Buffer, ULONG Offset, ULONG Length)
{
	struct pci_dev *pdev = pdev_of(DeviceExtension);
	const UCHAR *bytes = Buffer;
	ULONG i, length;

	if (!pdev || !Buffer || BusDataType != PCIConfiguration)
		return 0;
	length = within(pdev, Offset, Length);
	for (i = 0; i < length; i++)
		pci_write_config_byte(pdev, Offset + i, bytes[i]);
	return length;
}
EXPORT_SYMBOL_GPL(StorPortSetBusDataByOffset);

/**
 * StorPortGetCurrentProcessorNumber() - which CPU is this?
 * @HwDeviceExtension:	the adapter
 * @ProcNumber:		where group and number are stored
 *
 * Context: IRQL: any; below DISPATCH_LEVEL the answer may be old.
 * Page: nf-storport-storportgetcurrentprocessornumber
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortGetCurrentProcessorNumber(PVOID HwDeviceExtension,
					PPROCESSOR_NUMBER ProcNumber)
{
	if (!HwDeviceExtension || !ProcNumber)
		return STOR_STATUS_INVALID_PARAMETER;
	KeGetCurrentProcessorNumberEx(ProcNumber);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetCurrentProcessorNumber);

/**
 * StorPortGetProcessorCount() - how many CPUs are online?
 * @HwDeviceExtension:	the adapter
 * @ProcessorCount:	where their number is stored
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetprocessorcount
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortGetProcessorCount(PVOID HwDeviceExtension, PULONG ProcessorCount)
{
	if (!HwDeviceExtension || !ProcessorCount)
		return STOR_STATUS_INVALID_PARAMETER;
	*ProcessorCount = num_online_cpus();
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetProcessorCount);

/**
 * StorPortGetActiveGroupCount() - how many groups of CPUs are there?
 * @HwDeviceExtension:	the adapter
 * @NumberGroups:	where their number is stored
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetactivegroupcount
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortGetActiveGroupCount(PVOID HwDeviceExtension, PUSHORT NumberGroups)
{
	PROCESSOR_NUMBER last = {};

	if (!HwDeviceExtension || !NumberGroups)
		return STOR_STATUS_INVALID_PARAMETER;
	KeGetProcessorNumberFromIndex(cpumask_last(cpu_online_mask), &last);
	*NumberGroups = last.Group + 1;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetActiveGroupCount);

/* Those CPUs of a mask that are in a group. */
static KAFFINITY affinity_in(const struct cpumask *mask, USHORT group)
{
	PROCESSOR_NUMBER number = {};
	KAFFINITY affinity = 0;
	unsigned int cpu;

	for_each_cpu(cpu, mask) {
		if (KeGetProcessorNumberFromIndex(cpu, &number))
			continue;
		if (number.Group == group)
			affinity |= 1ULL << number.Number;
	}
	return affinity;
}

/**
 * StorPortGetGroupAffinity() - which CPUs are in a group?
 * @HwDeviceExtension:	the adapter
 * @GroupNumber:	the group
 * @GroupAffinityMask:	where they are stored
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetgroupaffinity
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or no such group.
 */
ULONG StorPortGetGroupAffinity(PVOID HwDeviceExtension, USHORT GroupNumber,
			       PKAFFINITY GroupAffinityMask)
{
	KAFFINITY affinity = affinity_in(cpu_online_mask, GroupNumber);

	if (!HwDeviceExtension || !GroupAffinityMask || !affinity)
		return STOR_STATUS_INVALID_PARAMETER;
	*GroupAffinityMask = affinity;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetGroupAffinity);

/**
 * StorPortGetActiveNodeCount() - how many NUMA nodes are there?
 * @HwDeviceExtension:	the adapter
 * @NumberNodes:	where their number is stored
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetactivenodecount
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortGetActiveNodeCount(PVOID HwDeviceExtension, PULONG NumberNodes)
{
	if (!HwDeviceExtension || !NumberNodes)
		return STOR_STATUS_INVALID_PARAMETER;
	*NumberNodes = num_online_nodes();
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetActiveNodeCount);

/**
 * StorPortGetHighestNodeNumber() - the highest number of a NUMA node
 * @HwDeviceExtension:	the adapter
 * @HighestNode:	where it is stored
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgethighestnodenumber
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortGetHighestNodeNumber(PVOID HwDeviceExtension, PULONG HighestNode)
{
	unsigned int node, highest = 0;

	if (!HwDeviceExtension || !HighestNode)
		return STOR_STATUS_INVALID_PARAMETER;
	for_each_online_node(node)
		highest = node;
	*HighestNode = highest;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetHighestNodeNumber);

/**
 * StorPortGetNodeAffinity() - which CPUs are in a NUMA node?
 * @HwDeviceExtension:	the adapter
 * @NodeNumber:		the node
 * @NodeAffinityMask:	where they are stored; empty for a node without any
 *
 * Limit: of a node that is in several groups, the CPUs in that of the first.
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetnodeaffinity
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or no such node.
 */
ULONG StorPortGetNodeAffinity(PVOID HwDeviceExtension, ULONG NodeNumber,
			      PGROUP_AFFINITY NodeAffinityMask)
{
	GROUP_AFFINITY affinity = {};

	if (!HwDeviceExtension || !NodeAffinityMask ||
	    NodeNumber >= MAX_NUMNODES || !node_online(NodeNumber))
		return STOR_STATUS_INVALID_PARAMETER;
	affinity.Mask = minirq_processor_affinity(cpumask_of_node(NodeNumber),
						  &affinity.Group);
	*NodeAffinityMask = affinity;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetNodeAffinity);

/* The CPUs of a node, group by group; returns how many groups have some. */
static USHORT groups_of(ULONG node, PGROUP_AFFINITY affinities, USHORT count)
{
	USHORT group, groups = 0, last = nr_cpu_ids / 64;

	for (group = 0; group <= last; group++) {
		KAFFINITY mask = affinity_in(cpumask_of_node(node), group);

		if (!mask)
			continue;
		if (groups < count)
			affinities[groups] = (GROUP_AFFINITY) {
				.Mask = mask, .Group = group,
			};
		groups++;
	}
	return groups;
}

/**
 * StorPortGetNodeAffinity2() - which CPUs are in a NUMA node, in all groups?
 * @HwDeviceExtension:		the adapter
 * @NodeNumber:			the node
 * @GroupAffinities:		where they are stored, an element for each group
 * @GroupAffinitiesCount:	how many elements there are
 * @GroupAffinitiesCountRequired: where it is stored how many are needed, or NULL
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetnodeaffinity2
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or no such node; STOR_STATUS_BUFFER_TOO_SMALL.
 */
ULONG StorPortGetNodeAffinity2(PVOID HwDeviceExtension, ULONG NodeNumber,
			       PGROUP_AFFINITY GroupAffinities,
			       USHORT GroupAffinitiesCount,
			       PUSHORT GroupAffinitiesCountRequired)
{
	USHORT groups;

	if (!HwDeviceExtension || (GroupAffinitiesCount && !GroupAffinities) ||
	    NodeNumber >= MAX_NUMNODES || !node_online(NodeNumber))
		return STOR_STATUS_INVALID_PARAMETER;
	groups = groups_of(NodeNumber, GroupAffinities, GroupAffinitiesCount);
	if (GroupAffinitiesCountRequired)
		*GroupAffinitiesCountRequired = groups;
	return groups > GroupAffinitiesCount ? STOR_STATUS_BUFFER_TOO_SMALL :
					       STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetNodeAffinity2);

/**
 * StorPortQueryTimerMinInterval() - how fine is the system's clock?
 * @HwDeviceExtension:	the adapter
 * @TimerMinInterval:	where its tick is stored, in units of 100 ns
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportquerytimermininterval
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortQueryTimerMinInterval(PVOID HwDeviceExtension,
				    PULONG TimerMinInterval)
{
	if (!HwDeviceExtension || !TimerMinInterval)
		return STOR_STATUS_INVALID_PARAMETER;
	*TimerMinInterval = max_t(ULONG, hrtimer_resolution / UNIT_NSEC, 1);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortQueryTimerMinInterval);

/**
 * StorPortDelayExecution() - wait
 * @HwDeviceExtension:	the adapter; not used
 * @DelayInMicroseconds: how long
 *
 * Context: IRQL: any. Sleeps below DISPATCH_LEVEL, and spins from there on;
 * reported when called from HwStorStartIo.
 * Page: nf-storport-storportdelayexecution
 * Return: STOR_STATUS_SUCCESS.
 */
ULONG StorPortDelayExecution(PVOID HwDeviceExtension, ULONG DelayInMicroseconds)
{
	minirq_storport_takes_long(MINIRQ_CALLER, __func__);
	if (minirq_irql_current() < DISPATCH_LEVEL)
		fsleep(DelayInMicroseconds);
	else
		KeStallExecutionProcessor(DelayInMicroseconds);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortDelayExecution);

/**
 * StorPortStallExecution() - wait without giving up the CPU
 * @Delay:	how long, in microseconds
 *
 * Context: IRQL: any; reported when called from HwStorStartIo.
 * Page: nf-storport-storportstallexecution
 */
VOID StorPortStallExecution(ULONG Delay)
{
	minirq_storport_takes_long(MINIRQ_CALLER, __func__);
	KeStallExecutionProcessor(Delay);
}
EXPORT_SYMBOL_GPL(StorPortStallExecution);

/**
 * StorPortQuerySystemTime() - what time is it?
 * @CurrentTime:	where it is stored, in units of 100 ns since 1601
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportquerysystemtime
 */
VOID StorPortQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = ktime_get_real_ns() / UNIT_NSEC + UNIX_EPOCH;
}
EXPORT_SYMBOL_GPL(StorPortQuerySystemTime);

/**
 * StorPortQueryPerformanceCounter() - read a clock that never goes back
 * @HwDeviceExtension:		the adapter
 * @PerformanceFrequency:	where its ticks in a second are stored, or NULL
 * @PerformanceCounter:		where its reading is stored
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportqueryperformancecounter
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortQueryPerformanceCounter(PVOID HwDeviceExtension,
				      PLARGE_INTEGER PerformanceFrequency,
				      PLARGE_INTEGER PerformanceCounter)
{
	if (!HwDeviceExtension || !PerformanceCounter)
		return STOR_STATUS_INVALID_PARAMETER;
	if (PerformanceFrequency)
		PerformanceFrequency->QuadPart = NSEC_PER_SEC;
	PerformanceCounter->QuadPart = ktime_get_mono_fast_ns();
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortQueryPerformanceCounter);

/**
 * StorPortQueryDpcWatchdogInformation() - how long may this DPC run?
 * @HwDeviceExtension:		the adapter
 * @DpcWatchdogInformation:	filled with zeros: there are no limits
 *
 * Differs from Windows: nothing limits DPCs.
 *
 * Context: IRQL >= DISPATCH_LEVEL, or in a threaded DPC.
 * Page: nf-storport-storportquerydpcwatchdoginformation
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer;
 * STOR_STATUS_UNSUCCESSFUL elsewhere.
 */
ULONG StorPortQueryDpcWatchdogInformation(PVOID HwDeviceExtension,
					  PSTOR_DPC_WATCHDOG_INFORMATION
						DpcWatchdogInformation)
{
	if (!HwDeviceExtension || !DpcWatchdogInformation)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() < DISPATCH_LEVEL && !KeIsExecutingDpc())
		return STOR_STATUS_UNSUCCESSFUL;
	memset(DpcWatchdogInformation, 0, sizeof(*DpcWatchdogInformation));
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortQueryDpcWatchdogInformation);
