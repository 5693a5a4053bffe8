// SPDX-License-Identifier: GPL-2.0-only
/* The NVMe sample as a driver that keeps requests until its bus is reset. */
#include <storport.h>

#include "late.h"

unsigned int LateKeep, LateResets;

static PHW_STARTIO StartIo;

/* What the drive has not been given, it does not complete. */
static BOOLEAN LateStartIo(PVOID Extension, PSCSI_REQUEST_BLOCK Srb)
{
	if (!LateKeep)
		return StartIo(Extension, Srb);
	LateKeep--;
	return TRUE;
}

/* The drive has nothing of what was kept. */
static BOOLEAN LateResetBus(PVOID Extension, ULONG PathId)
{
	LateResets++;
	return TRUE;
}

static ULONG InitializeLate(PVOID Argument1, PVOID Argument2,
			    PHW_INITIALIZATION_DATA Data, PVOID HwContext)
{
	StartIo = Data->HwStartIo;
	Data->HwStartIo = LateStartIo;
	Data->HwResetBus = LateResetBus;
	return StorPortInitialize(Argument1, Argument2, Data, HwContext);
}

#define StorPortInitialize InitializeLate
#include "../samples/nvme_storport.c"
#include "../samples/nvme_queue.c"
#include "../samples/nvme_sample.c"
