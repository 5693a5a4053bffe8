// SPDX-License-Identifier: GPL-2.0-only
/* The trial miniport, asked to, wants three messages, all on processor 2. */
#include <ndis.h>

#include "trial.h"
#include "trial_filter.h"

static MINIPORT_ADD_DEVICE TrialAddDevice;
static MINIPORT_REMOVE_DEVICE TrialRemoveDevice;
static MINIPORT_FILTER_RESOURCE_REQUIREMENTS TrialFilter;

static NDIS_STATUS TrialAddDevice(NDIS_HANDLE Handle, NDIS_HANDLE Context)
{
	return NDIS_STATUS_SUCCESS;
}

static VOID TrialRemoveDevice(NDIS_HANDLE Context)
{
}

static NDIS_STATUS TrialFilter(NDIS_HANDLE Context, PIRP Irp)
{
	PIO_RESOURCE_REQUIREMENTS_LIST Requirements =
		(PIO_RESOURCE_REQUIREMENTS_LIST)Irp->IoStatus.Information;
	PIO_RESOURCE_LIST List = &Requirements->List[0];
	ULONG i, Kept = 0, Messages = 0;

	for (i = 0; i < List->Count; i++) {
		PIO_RESOURCE_DESCRIPTOR Descriptor = &List->Descriptors[i];

		if (Descriptor->Type == CmResourceTypeInterrupt) {
			if (++Messages > 3)
				continue;
			Descriptor->Flags |= CM_RESOURCE_INTERRUPT_POLICY_INCLUDED;
			Descriptor->u.Interrupt.AffinityPolicy =
				IrqPolicySpecifiedProcessors;
			Descriptor->u.Interrupt.TargetedProcessors = 1 << 2;
		}
		List->Descriptors[Kept++] = *Descriptor;
	}
	List->Count = Kept;
	return NDIS_STATUS_SUCCESS;
}

NDIS_STATUS TrialSetOptions(NDIS_HANDLE Driver, NDIS_HANDLE Context)
{
	NDIS_MINIPORT_PNP_CHARACTERISTICS Handlers = {
		.Header = {
			NDIS_OBJECT_TYPE_MINIPORT_PNP_CHARACTERISTICS,
			NDIS_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
			NDIS_SIZEOF_MINIPORT_PNP_CHARACTERISTICS_REVISION_1,
		},
		.MiniportAddDeviceHandler = TrialAddDevice,
		.MiniportRemoveDeviceHandler = TrialRemoveDevice,
		.MiniportFilterResourceRequirementsHandler = TrialFilter,
	};

	if (Trial.Mode != TRIAL_FILTER)
		return NDIS_STATUS_SUCCESS;
	return NdisSetOptionalHandlers(Driver, (PVOID)(&Handlers));
}
