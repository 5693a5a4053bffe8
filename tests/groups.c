// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver that looks for every processor of a machine with more than one group:
 * by number, by index, with a thread and with a DPC.
 */
#include <ntddk.h>

#include "groups.h"

#define GROUP_SIZE	64
#define PROCESSORS	(2 * GROUP_SIZE)

GROUPS Groups;

static KDPC GroupsDpcs[PROCESSORS];
static ULONG GroupsRanOn[PROCESSORS];

static VOID GroupsDpc(PKDPC Dpc, PVOID Context, PVOID Argument1, PVOID Argument2)
{
	*(PULONG)Context = KeGetCurrentProcessorNumberEx(NULL);
}

static BOOLEAN GroupsGoodNumber(ULONG Index, PPROCESSOR_NUMBER Number)
{
	if (KeGetProcessorNumberFromIndex(Index, Number) != STATUS_SUCCESS)
		return FALSE;
	return Number->Group == Index / GROUP_SIZE && Number->Number == Index % GROUP_SIZE &&
	       KeGetProcessorIndexFromNumber(Number) == Index;
}

static BOOLEAN GroupsGoodThread(ULONG Index, PPROCESSOR_NUMBER Number)
{
	GROUP_AFFINITY Affinity = {
		.Mask = (KAFFINITY)1 << Number->Number,
		.Group = Number->Group,
	};
	GROUP_AFFINITY Old;
	PROCESSOR_NUMBER Current;
	ULONG Found;

	KeSetSystemGroupAffinityThread(&Affinity, &Old);
	Found = KeGetCurrentProcessorNumberEx(&Current);
	KeRevertToUserGroupAffinityThread(&Old);
	return Found == Index && Current.Group == Number->Group &&
	       Current.Number == Number->Number;
}

static BOOLEAN GroupsQueue(ULONG Index, PPROCESSOR_NUMBER Number)
{
	KeInitializeDpc(&GroupsDpcs[Index], GroupsDpc, &GroupsRanOn[Index]);
	return KeSetTargetProcessorDpcEx(&GroupsDpcs[Index], Number) == STATUS_SUCCESS &&
	       KeInsertQueueDpc(&GroupsDpcs[Index], NULL, NULL);
}

static VOID GroupsLookFor(ULONG Index)
{
	PROCESSOR_NUMBER Number = { .Group = 0 };

	GroupsRanOn[Index] = PROCESSORS;
	if (!GroupsGoodNumber(Index, &Number))
		Groups.BadNumbers++;
	if (!GroupsGoodThread(Index, &Number))
		Groups.BadThreads++;
	if (!GroupsQueue(Index, &Number))
		Groups.BadDpcs++;
}

void GroupsLook(void)
{
	ULONG i;

	Groups.Active = KeQueryActiveProcessorCountEx(ALL_PROCESSOR_GROUPS);
	Groups.Groups = KeQueryActiveGroupCount();
	Groups.Second = KeQueryActiveProcessorCountEx(1);
	for (i = 0; i < Groups.Active && i < PROCESSORS; i++)
		GroupsLookFor(i);
	KeFlushQueuedDpcs();
	for (i = 0; i < Groups.Active && i < PROCESSORS; i++)
		if (GroupsRanOn[i] != i)
			Groups.BadDpcs++;
}
