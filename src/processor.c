// SPDX-License-Identifier: GPL-2.0-only
/*
 * Processor numbers: Linux' CPU ids in groups of 64, as Windows counts them.
 */
#include "processor.h"

#include <linux/bitops.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/math.h>
#include <linux/minmax.h>
#include <linux/smp.h>

#define GROUP_SIZE	64U

/**
 * KeGetCurrentProcessorNumberEx() - which CPU is this?
 * @ProcNumber:	where group and number are stored, or NULL
 *
 * Context: IRQL: any; below DISPATCH_LEVEL the answer may be old.
 * Page: nf-wdm-kegetcurrentprocessornumberex
 * Return: the system-wide index.
 */
ULONG KeGetCurrentProcessorNumberEx(PPROCESSOR_NUMBER ProcNumber)
{
	unsigned int cpu = raw_smp_processor_id();

	if (ProcNumber)
		KeGetProcessorNumberFromIndex(cpu, ProcNumber);
	return cpu;
}
EXPORT_SYMBOL_GPL(KeGetCurrentProcessorNumberEx);

/**
 * KeGetCurrentProcessorNumber() - which CPU is this?
 *
 * Context: IRQL: any; below DISPATCH_LEVEL the answer may be old.
 * Page: nf-ntddk-kegetcurrentprocessornumber
 * Return: the system-wide index.
 */
ULONG KeGetCurrentProcessorNumber(void)
{
	return raw_smp_processor_id();
}
EXPORT_SYMBOL_GPL(KeGetCurrentProcessorNumber);

/**
 * KeGetProcessorIndexFromNumber() - group and number to index
 * @ProcNumber:	the CPU
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kegetprocessorindexfromnumber
 * Return: the index, or INVALID_PROCESSOR_INDEX for a CPU that does not exist.
 */
ULONG KeGetProcessorIndexFromNumber(PPROCESSOR_NUMBER ProcNumber)
{
	unsigned int cpu = ProcNumber->Group * GROUP_SIZE + ProcNumber->Number;

	if (ProcNumber->Number >= GROUP_SIZE || ProcNumber->Reserved)
		return INVALID_PROCESSOR_INDEX;
	return minirq_processor_valid(cpu) ? cpu : INVALID_PROCESSOR_INDEX;
}
EXPORT_SYMBOL_GPL(KeGetProcessorIndexFromNumber);

/**
 * KeGetProcessorNumberFromIndex() - index to group and number
 * @ProcIndex:	the index
 * @ProcNumber:	where the CPU is stored
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kegetprocessornumberfromindex
 * Return: STATUS_SUCCESS, or STATUS_INVALID_PARAMETER for a CPU that does not
 * exist.
 */
NTSTATUS KeGetProcessorNumberFromIndex(ULONG ProcIndex,
				       PPROCESSOR_NUMBER ProcNumber)
{
	if (!minirq_processor_valid(ProcIndex))
		return STATUS_INVALID_PARAMETER;
	ProcNumber->Group = ProcIndex / GROUP_SIZE;
	ProcNumber->Number = ProcIndex % GROUP_SIZE;
	ProcNumber->Reserved = 0;
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(KeGetProcessorNumberFromIndex);

/**
 * KeQueryActiveProcessorCountEx() - how many CPUs does a group have?
 * @GroupNumber:	the group, or ALL_PROCESSOR_GROUPS
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequeryactiveprocessorcountex
 * Return: the number of online CPUs; 0 for a group that does not exist.
 */
ULONG KeQueryActiveProcessorCountEx(USHORT GroupNumber)
{
	unsigned int cpu, count = 0;

	if (GroupNumber == ALL_PROCESSOR_GROUPS)
		return num_online_cpus();
	for_each_online_cpu(cpu)
		count += cpu / GROUP_SIZE == GroupNumber;
	return count;
}
EXPORT_SYMBOL_GPL(KeQueryActiveProcessorCountEx);

/**
 * KeQueryGroupAffinity() - which CPUs of a group are active?
 * @GroupNumber:	the group
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequerygroupaffinity
 * Return: a bit for each; 0 for a group that does not exist.
 */
KAFFINITY KeQueryGroupAffinity(USHORT GroupNumber)
{
	KAFFINITY affinity = 0;
	unsigned int cpu;

	for_each_online_cpu(cpu)
		if (cpu / GROUP_SIZE == GroupNumber)
			affinity |= 1ULL << (cpu % GROUP_SIZE);
	return affinity;
}
EXPORT_SYMBOL_GPL(KeQueryGroupAffinity);

/**
 * KeQueryActiveProcessors() - which CPUs of group 0 are active?
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequeryactiveprocessors
 * Return: a bit for each.
 */
KAFFINITY KeQueryActiveProcessors(void)
{
	return KeQueryGroupAffinity(0);
}
EXPORT_SYMBOL_GPL(KeQueryActiveProcessors);

/**
 * KeQueryActiveProcessorCount() - how many CPUs of group 0 are active?
 * @ActiveProcessors:	where a bit for each is stored, or NULL
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequeryactiveprocessorcount
 * Return: their number.
 */
ULONG KeQueryActiveProcessorCount(PKAFFINITY ActiveProcessors)
{
	KAFFINITY active = KeQueryGroupAffinity(0);

	if (ActiveProcessors)
		*ActiveProcessors = active;
	return hweight64(active);
}
EXPORT_SYMBOL_GPL(KeQueryActiveProcessorCount);

/**
 * KeQueryMaximumProcessorCountEx() - how many CPUs can a group ever have?
 * @GroupNumber:	the group, or ALL_PROCESSOR_GROUPS
 *
 * A driver that makes room for so many can index it by CPU.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequerymaximumprocessorcountex
 * Return: the number, with those that can be plugged in; 0 for a group that
 * does not exist.
 */
ULONG KeQueryMaximumProcessorCountEx(USHORT GroupNumber)
{
	unsigned int first = GroupNumber * GROUP_SIZE;

	if (GroupNumber == ALL_PROCESSOR_GROUPS)
		return nr_cpu_ids;
	return first < nr_cpu_ids ? min(nr_cpu_ids - first, GROUP_SIZE) : 0;
}
EXPORT_SYMBOL_GPL(KeQueryMaximumProcessorCountEx);

/**
 * KeQueryMaximumProcessorCount() - how many CPUs can group 0 ever have?
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequerymaximumprocessorcount
 * Return: the number, with those that can be plugged in.
 */
ULONG KeQueryMaximumProcessorCount(void)
{
	return KeQueryMaximumProcessorCountEx(0);
}
EXPORT_SYMBOL_GPL(KeQueryMaximumProcessorCount);

/**
 * KeQueryActiveGroupCount() - how many groups have an active CPU?
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequeryactivegroupcount
 * Return: the number.
 */
USHORT KeQueryActiveGroupCount(void)
{
	return cpumask_last(cpu_online_mask) / GROUP_SIZE + 1;
}
EXPORT_SYMBOL_GPL(KeQueryActiveGroupCount);

/**
 * KeQueryMaximumGroupCount() - how many groups can there ever be?
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequerymaximumgroupcount
 * Return: the number.
 */
USHORT KeQueryMaximumGroupCount(void)
{
	return DIV_ROUND_UP(nr_cpu_ids, GROUP_SIZE);
}
EXPORT_SYMBOL_GPL(KeQueryMaximumGroupCount);

/**
 * minirq_processor_affinity() - a cpumask as an affinity of one group
 * @mask:	the CPUs; those of the group of the first are taken
 * @group:	where the group is stored, or NULL
 *
 * Return: the affinity within the group.
 */
KAFFINITY minirq_processor_affinity(const struct cpumask *mask, PUSHORT group)
{
	unsigned int first = cpumask_first(mask);
	unsigned int word = first < nr_cpu_ids ? first / GROUP_SIZE : 0;

	/* A mask can have bits beyond the last CPU. A word of it is a group. */
	BUILD_BUG_ON(GROUP_SIZE != BITS_PER_LONG);
	if (group)
		*group = word;
	return cpumask_bits(mask)[word] & cpumask_bits(cpu_possible_mask)[word];
}

/**
 * minirq_processor_mask() - an affinity of one group as a cpumask
 * @mask:	where those that are online are stored, or NULL
 * @group:	the group
 * @affinity:	the CPUs within it
 *
 * Return: false when none of them is online.
 */
bool minirq_processor_mask(struct cpumask *mask, USHORT group,
			   KAFFINITY affinity)
{
	unsigned int cpu;
	bool any = false;

	if (mask)
		cpumask_clear(mask);
	for_each_online_cpu(cpu) {
		if (cpu / GROUP_SIZE != group ||
		    !(affinity >> (cpu % GROUP_SIZE) & 1))
			continue;
		if (mask)
			cpumask_set_cpu(cpu, mask);
		any = true;
	}
	return any;
}
