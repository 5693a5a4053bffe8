// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processors, as NDIS drivers ask for them to spread their queues: how many there
 * are, how they hang together, and which of them receive-side scaling may use.
 */
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/numa.h>
#include <linux/pci.h>
#include <linux/smp.h>
#include <linux/string.h>
#include <linux/topology.h>

#ifdef CONFIG_X86
#include <asm/processor.h>
#endif

#include "ndis_owner.h"

#define GROUP_SIZE	64

/**
 * NdisSystemProcessorCount() - how many CPUs are there?
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndissystemprocessorcount
 * Return: the number of online CPUs.
 */
ULONG NdisSystemProcessorCount(void)
{
	return num_online_cpus();
}
EXPORT_SYMBOL_GPL(NdisSystemProcessorCount);

/**
 * NdisGroupActiveProcessorCount() - how many CPUs does a group have?
 * @Group:	the group, or ALL_PROCESSOR_GROUPS
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisgroupactiveprocessorcount
 * Return: the number of online CPUs; 0 for a group that does not exist.
 */
ULONG NdisGroupActiveProcessorCount(USHORT Group)
{
	return KeQueryActiveProcessorCountEx(Group);
}
EXPORT_SYMBOL_GPL(NdisGroupActiveProcessorCount);

/**
 * NdisGroupMaxProcessorCount() - how many CPUs may a group ever have?
 * @Group:	the group, or ALL_PROCESSOR_GROUPS
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisgroupmaxprocessorcount
 * Return: the number of CPUs that may come online, which sizes arrays by CPU; 0
 * for a group that does not exist.
 */
ULONG NdisGroupMaxProcessorCount(USHORT Group)
{
	unsigned int first = Group * GROUP_SIZE;

	if (Group == ALL_PROCESSOR_GROUPS)
		return nr_cpu_ids;
	if (first >= nr_cpu_ids)
		return 0;
	return min_t(unsigned int, nr_cpu_ids - first, GROUP_SIZE);
}
EXPORT_SYMBOL_GPL(NdisGroupMaxProcessorCount);

/**
 * NdisGroupActiveProcessorMask() - which CPUs does a group have?
 * @Group:	the group
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisgroupactiveprocessormask
 * Return: a bit for each online CPU; 0 for a group that does not exist.
 */
KAFFINITY NdisGroupActiveProcessorMask(USHORT Group)
{
	KAFFINITY mask = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (cpu / GROUP_SIZE == Group)
			mask |= 1ULL << (cpu % GROUP_SIZE);
	return mask;
}
EXPORT_SYMBOL_GPL(NdisGroupActiveProcessorMask);

/**
 * NdisActiveGroupCount() - how many groups have CPUs?
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisactivegroupcount
 * Return: the number of groups, counted to the last online CPU.
 */
USHORT NdisActiveGroupCount(void)
{
	return cpumask_last(cpu_online_mask) / GROUP_SIZE + 1;
}
EXPORT_SYMBOL_GPL(NdisActiveGroupCount);

/**
 * NdisMaxGroupCount() - how many groups may ever have CPUs?
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndismaxgroupcount
 * Return: the number of groups.
 */
USHORT NdisMaxGroupCount(void)
{
	return DIV_ROUND_UP(nr_cpu_ids, GROUP_SIZE);
}
EXPORT_SYMBOL_GPL(NdisMaxGroupCount);

static PROCESSOR_NUMBER number_of(unsigned int cpu)
{
	return (PROCESSOR_NUMBER) {
		.Group = cpu / GROUP_SIZE,
		.Number = cpu % GROUP_SIZE,
	};
}

/**
 * NdisCurrentProcessorIndex() - which CPU is this?
 *
 * Context: IRQL: any; below DISPATCH_LEVEL the answer may be old.
 * Page: nf-ndis-ndiscurrentprocessorindex
 * Return: the system-wide index.
 */
ULONG NdisCurrentProcessorIndex(void)
{
	return raw_smp_processor_id();
}
EXPORT_SYMBOL_GPL(NdisCurrentProcessorIndex);

/**
 * NdisCurrentGroupAndProcessor() - which CPU of which group is this?
 *
 * Context: IRQL: any; below DISPATCH_LEVEL the answer may be old.
 * Page: nf-ndis-ndiscurrentgroupandprocessor
 * Return: the group, and the number within it.
 */
PROCESSOR_NUMBER NdisCurrentGroupAndProcessor(void)
{
	return number_of(raw_smp_processor_id());
}
EXPORT_SYMBOL_GPL(NdisCurrentGroupAndProcessor);

/**
 * NdisProcessorNumberToIndex() - group and number to index
 * @ProcNum:	the CPU
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisprocessornumbertoindex
 * Return: the index, or INVALID_PROCESSOR_INDEX for a CPU that does not exist.
 */
ULONG NdisProcessorNumberToIndex(PROCESSOR_NUMBER ProcNum)
{
	return KeGetProcessorIndexFromNumber(&ProcNum);
}
EXPORT_SYMBOL_GPL(NdisProcessorNumberToIndex);

/**
 * NdisProcessorIndexToNumber() - index to group and number
 * @ProcIndex:	the index
 * @ProcNum:	where the CPU is stored
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisprocessorindextonumber
 * Return: NDIS_STATUS_SUCCESS, or NDIS_STATUS_INVALID_PARAMETER for a CPU that
 * does not exist.
 */
NDIS_STATUS NdisProcessorIndexToNumber(ULONG ProcIndex,
				       PPROCESSOR_NUMBER ProcNum)
{
	return KeGetProcessorNumberFromIndex(ProcIndex, ProcNum);
}
EXPORT_SYMBOL_GPL(NdisProcessorIndexToNumber);

static bool level_allows(const char *function, void *caller)
{
	return minirq_ndis_level(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MISC,
				 function, caller);
}

/* The node of an adapter's device; a driver's handle has none. */
static int node_of(const struct minirq_ndis_owner *owner)
{
	return owner && owner->dev ? dev_to_node(owner->dev) : NUMA_NO_NODE;
}

/* How far a CPU is from a device: 0 in its node, or when neither has one. */
static USHORT distance_of(unsigned int cpu, int node)
{
	if (node == NUMA_NO_NODE)
		return 0;
	return node_distance(cpu_to_node(cpu), node) - node_distance(node, node);
}

/* What a driver gets that left too little room: the room it takes. */
static bool fits(SIZE_T *size, SIZE_T needed, const void *info)
{
	bool fits = info && *size >= needed;

	*size = needed;
	return fits;
}

/* A driver for NDIS before 6.30 knows the first revision of the structure. */
static SIZE_T describe_rss(PNDIS_RSS_PROCESSOR_INFO info, bool old)
{
	SIZE_T size = old ? NDIS_SIZEOF_RSS_PROCESSOR_INFO_REVISION_1 :
			    NDIS_SIZEOF_RSS_PROCESSOR_INFO_REVISION_2;

	*info = (NDIS_RSS_PROCESSOR_INFO) {
		.Header.Type = NDIS_OBJECT_TYPE_RSS_PROCESSOR_INFO,
		.Header.Revision = old ? NDIS_RSS_PROCESSOR_INFO_REVISION_1 :
					 NDIS_RSS_PROCESSOR_INFO_REVISION_2,
		.Header.Size = size,
		.RssBaseProcessor = number_of(cpumask_first(cpu_online_mask)),
		.RssProcessorArrayOffset = ALIGN(size, sizeof(ULONG_PTR)),
		.RssProcessorCount = num_online_cpus(),
		.RssProcessorEntrySize = sizeof(NDIS_RSS_PROCESSOR),
		.RssMaxProcessor = number_of(cpumask_last(cpu_online_mask)),
		.RssProfile = NdisRssProfileClosest,
	};
	info->MaxNumRssProcessors = info->RssProcessorCount;
	return size;
}

/* CPUs may come and go: no more than were counted. */
static ULONG list_rss(PNDIS_RSS_PROCESSOR each, ULONG most, int node)
{
	unsigned int cpu;
	ULONG count = 0;

	for_each_online_cpu(cpu) {
		if (count == most)
			break;
		each[count++] = (NDIS_RSS_PROCESSOR) {
			.ProcNum = number_of(cpu),
			.PreferenceIndex = distance_of(cpu, node),
		};
	}
	return count;
}

/**
 * NdisGetRssProcessorInformation() - which CPUs may receive-side scaling use?
 * @NdisHandle:		the adapter, or the driver
 * @RssProcessorInfo:	where the structure and the array of CPUs are stored, or
 *			NULL to ask for the size
 * @Size:		in: how much room there is; out: how much it takes
 *
 * All that are online. The nearer to the adapter, the lower the preference index.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisgetrssprocessorinformation
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_BUFFER_TOO_SHORT;
 * NDIS_STATUS_INVALID_PARAMETER without @Size, or for a handle that is neither an
 * adapter nor a driver, which is reported; NDIS_STATUS_FAILURE above
 * DISPATCH_LEVEL, which is reported.
 */
NDIS_STATUS
NdisGetRssProcessorInformation(NDIS_HANDLE NdisHandle,
			       PNDIS_RSS_PROCESSOR_INFO RssProcessorInfo,
			       PSIZE_T Size)
{
	struct minirq_ndis_owner *owner;
	NDIS_RSS_PROCESSOR_INFO info;
	PNDIS_RSS_PROCESSOR each;
	SIZE_T size;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	owner = minirq_ndis_owner_of(NdisHandle, __func__, MINIRQ_CALLER);
	if (!owner || !Size)
		return NDIS_STATUS_INVALID_PARAMETER;
	size = describe_rss(&info, owner->minor < 30);
	if (!fits(Size, info.RssProcessorArrayOffset + info.RssProcessorCount *
				info.RssProcessorEntrySize, RssProcessorInfo))
		return NDIS_STATUS_BUFFER_TOO_SHORT;

	each = (PVOID)((PUCHAR)RssProcessorInfo + info.RssProcessorArrayOffset);
	info.RssProcessorCount = list_rss(each, info.RssProcessorCount,
					  node_of(owner));
	info.PreferredNumaNode = max(node_of(owner), 0);
	memcpy(RssProcessorInfo, &info, size);
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisGetRssProcessorInformation);

static NDIS_PROCESSOR_VENDOR vendor(void)
{
#ifdef CONFIG_X86
	if (boot_cpu_data.x86_vendor == X86_VENDOR_INTEL)
		return NdisProcessorVendorGenuineIntel;
	if (boot_cpu_data.x86_vendor == X86_VENDOR_AMD)
		return NdisProcessorVendorAuthenticAMD;
#endif
	return NdisProcessorVendorUnknown;
}

/* The first online CPU of a set stands for the set. */
static bool is_first(unsigned int cpu, const struct cpumask *set)
{
	return cpu == cpumask_first_and(set, cpu_online_mask);
}

static ULONG thread_of(unsigned int cpu)
{
	unsigned int other;
	ULONG before = 0;

	for_each_cpu(other, topology_sibling_cpumask(cpu))
		before += other < cpu;
	return before;
}

static void count_topology(PNDIS_SYSTEM_PROCESSOR_INFO_EX info)
{
	unsigned int cpu;

	for_each_online_cpu(cpu) {
		info->NumSockets += is_first(cpu, topology_core_cpumask(cpu));
		info->NumCores += is_first(cpu, topology_sibling_cpumask(cpu));
		info->MaxHyperThreadingProcsPerCore =
			max(info->MaxHyperThreadingProcsPerCore,
			    thread_of(cpu) + 1);
	}
	info->NumCoresPerSocket = info->NumCores / info->NumSockets;
}

static ULONG list_topology(PNDIS_PROCESSOR_INFO_EX each, ULONG most, int node)
{
	unsigned int cpu;
	ULONG count = 0;

	for_each_online_cpu(cpu) {
		if (count == most)
			break;
		each[count++] = (NDIS_PROCESSOR_INFO_EX) {
			.ProcNum = number_of(cpu),
			.SocketId = topology_physical_package_id(cpu),
			.CoreId = topology_core_id(cpu),
			.HyperThreadId = thread_of(cpu),
			.NodeId = cpu_to_node(cpu),
			.NodeDistance = distance_of(cpu, node),
		};
	}
	return count;
}

static PNDIS_PROCESSOR_INFO_EX first_of(PNDIS_SYSTEM_PROCESSOR_INFO_EX info)
{
	return (PVOID)((PUCHAR)info + info->ProcessorInfoOffset);
}

/* Everything but the array; the room that both take. */
static SIZE_T describe_system(PNDIS_SYSTEM_PROCESSOR_INFO_EX info)
{
	*info = (NDIS_SYSTEM_PROCESSOR_INFO_EX) {
		.Header.Type = NDIS_OBJECT_TYPE_DEFAULT,
		.Header.Revision = NDIS_SYSTEM_PROCESSOR_INFO_EX_REVISION_1,
		.Header.Size = NDIS_SIZEOF_SYSTEM_PROCESSOR_INFO_EX_REVISION_1,
		.ProcessorVendor = vendor(),
		.ProcessorInfoOffset = ALIGN(sizeof(*info), sizeof(ULONG_PTR)),
		.NumberOfProcessors = num_online_cpus(),
		.ProcessorInfoEntrySize = sizeof(NDIS_PROCESSOR_INFO_EX),
	};
	count_topology(info);
	return info->ProcessorInfoOffset +
	       info->NumberOfProcessors * info->ProcessorInfoEntrySize;
}

/**
 * NdisGetProcessorInformationEx() - how do the CPUs hang together?
 * @NdisHandle:			the adapter, for the distance to its node, or the
 *				driver, or NULL
 * @SystemProcessorInfo:	where the structure and the array of CPUs are
 *				stored, or NULL to ask for the size
 * @Size:			in: how much room there is; out: how much it takes
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisgetprocessorinformationex
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_BUFFER_TOO_SHORT;
 * NDIS_STATUS_INVALID_PARAMETER without @Size, or for a handle that is neither an
 * adapter nor a driver, which is reported; NDIS_STATUS_FAILURE above
 * DISPATCH_LEVEL, which is reported.
 */
NDIS_STATUS
NdisGetProcessorInformationEx(NDIS_HANDLE NdisHandle,
			      PNDIS_SYSTEM_PROCESSOR_INFO_EX SystemProcessorInfo,
			      PSIZE_T Size)
{
	struct minirq_ndis_owner *owner = NULL;
	NDIS_SYSTEM_PROCESSOR_INFO_EX info;

	if (!level_allows(__func__, MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	if (NdisHandle)
		owner = minirq_ndis_owner_of(NdisHandle, __func__,
					     MINIRQ_CALLER);
	if (!Size || (NdisHandle && !owner))
		return NDIS_STATUS_INVALID_PARAMETER;
	if (!fits(Size, describe_system(&info), SystemProcessorInfo))
		return NDIS_STATUS_BUFFER_TOO_SHORT;

	*SystemProcessorInfo = info;
	SystemProcessorInfo->NumberOfProcessors =
		list_topology(first_of(SystemProcessorInfo),
			      info.NumberOfProcessors, node_of(owner));
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisGetProcessorInformationEx);
