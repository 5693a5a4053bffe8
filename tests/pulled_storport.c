// SPDX-License-Identifier: GPL-2.0-only
/* The NVMe sample as a driver that is told when its drive has been pulled out. */
#include <storport.h>

#include "pulled.h"

char PulledStory[64];

static PHW_ADAPTER_CONTROL AdapterControl;

static VOID PulledTell(const char *Word)
{
	ULONG Length = 0;

	while (PulledStory[Length])
		Length++;
	if (Length)
		PulledStory[Length++] = ' ';
	while (*Word && Length < sizeof(PulledStory) - 1)
		PulledStory[Length++] = *Word++;
	PulledStory[Length] = 0;
}

static SCSI_ADAPTER_CONTROL_STATUS
PulledAdapterControl(PVOID Extension, SCSI_ADAPTER_CONTROL_TYPE Type,
		     PVOID Parameters)
{
	PSCSI_SUPPORTED_CONTROL_TYPE_LIST List = Parameters;

	switch (Type) {
	case ScsiQuerySupportedControlTypes:
		List->SupportedTypeList[ScsiAdapterSurpriseRemoval] = TRUE;
		break;
	case ScsiAdapterSurpriseRemoval:
		PulledTell("surprise");
		return ScsiAdapterControlSuccess;
	case ScsiStopAdapter:
		PulledTell("stop");
		break;
	default:
		break;
	}
	return AdapterControl(Extension, Type, Parameters);
}

static ULONG InitializePulled(PVOID Argument1, PVOID Argument2,
			      PHW_INITIALIZATION_DATA Data, PVOID HwContext)
{
	AdapterControl = Data->HwAdapterControl;
	Data->HwAdapterControl = PulledAdapterControl;
	return StorPortInitialize(Argument1, Argument2, Data, HwContext);
}

#define StorPortInitialize InitializePulled
#include "../samples/nvme_storport.c"
#include "../samples/nvme_queue.c"
#include "../samples/nvme_sample.c"
