// SPDX-License-Identifier: GPL-2.0-only
/* The NVMe sample as a driver that has no routine for messages. */
#include <storport.h>

/* It is compiled only if a driver's DPCs are as large as on Windows. */
#ifndef CONFIG_DEBUG_SPINLOCK
C_ASSERT(sizeof(KDPC) == 0x40);
C_ASSERT(sizeof(STOR_DPC) == 0x48);
#endif

static PHW_FIND_ADAPTER FindAdapter;

static ULONG FindAdapterWithoutMessages(PVOID Extension, PVOID HwContext,
					PVOID BusInformation,
					PCHAR ArgumentString,
					PPORT_CONFIGURATION_INFORMATION Config,
					PBOOLEAN Again)
{
	ULONG Found = FindAdapter(Extension, HwContext, BusInformation,
				  ArgumentString, Config, Again);

	Config->HwMSInterruptRoutine = NULL;
	Config->InterruptSynchronizationMode = InterruptSupportNone;
	return Found;
}

static ULONG InitializeWithoutMessages(PVOID Argument1, PVOID Argument2,
				       PHW_INITIALIZATION_DATA Data,
				       PVOID HwContext)
{
	FindAdapter = (PHW_FIND_ADAPTER)Data->HwFindAdapter;
	Data->HwFindAdapter = FindAdapterWithoutMessages;
	return StorPortInitialize(Argument1, Argument2, Data, HwContext);
}

#define StorPortInitialize InitializeWithoutMessages
#include "../samples/nvme_storport.c"
