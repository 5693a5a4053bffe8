// SPDX-License-Identifier: GPL-2.0-only
/* What an adapter says of itself, while it is added or initialised. */
#include <linux/export.h>

#include "ndis_miniport.h"
#include "verifier.h"

static NDIS_STATUS set_add_device(struct minirq_ndis_miniport *miniport,
				  PNDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes)
{
	PNDIS_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES add =
		&attributes->AddDeviceRegistrationAttributes;

	if (miniport->adapter.phase != MINIRQ_NDIS_ADDED)
		return NDIS_STATUS_FAILURE;
	if (add->Header.Size <
	    NDIS_SIZEOF_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES_REVISION_1)
		return NDIS_STATUS_BAD_VERSION;
	miniport->add_context = add->MiniportAddDeviceContext;
	return NDIS_STATUS_SUCCESS;
}

static NDIS_STATUS set_registration(struct minirq_ndis_miniport *miniport,
				    PNDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes)
{
	PNDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES registration =
		&attributes->RegistrationAttributes;
	const NDIS_OBJECT_HEADER *header = &attributes->Header;

	if (header->Revision <
	    NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1 ||
	    header->Size <
	    NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1)
		return NDIS_STATUS_BAD_VERSION;
	miniport->adapter.context = registration->MiniportAdapterContext;
	miniport->flags = registration->AttributeFlags;
	miniport->hang_seconds = registration->CheckForHangTimeInSeconds;
	miniport->adapter.attributes = true;
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisMSetMiniportAttributes() - tell NDIS about an adapter
 * @NdisMiniportHandle:		the adapter
 * @MiniportAttributes:		registration attributes, before anything else;
 *				general, offload and hardware-assist attributes are
 *				taken and not used, they do not concern interrupts;
 *				add-device attributes from MiniportAddDevice
 *
 * Context: IRQL = PASSIVE_LEVEL, from MiniportInitializeEx.
 * Page: nf-ndis-ndismsetminiportattributes
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_INVALID_PARAMETER - a NULL pointer, or not an adapter's handle
 * * NDIS_STATUS_BAD_VERSION - a header that is too old or too small
 * * NDIS_STATUS_FAILURE - called outside MiniportInitializeEx, or with others
 *   before the registration attributes; or above PASSIVE_LEVEL, which is reported
 * * NDIS_STATUS_NOT_SUPPORTED - attributes of another kind
 */
NDIS_STATUS
NdisMSetMiniportAttributes(NDIS_HANDLE NdisMiniportHandle,
			   PNDIS_MINIPORT_ADAPTER_ATTRIBUTES MiniportAttributes)
{
	struct minirq_ndis_miniport *miniport;

	if (!minirq_ndis_level(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
			       __func__, MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	if (!NdisMiniportHandle || !MiniportAttributes)
		return NDIS_STATUS_INVALID_PARAMETER;
	miniport = minirq_ndis_miniport_of(NdisMiniportHandle, __func__,
					   MINIRQ_CALLER);
	if (!miniport)
		return NDIS_STATUS_INVALID_PARAMETER;
	if (MiniportAttributes->Header.Type ==
	    NDIS_OBJECT_TYPE_MINIPORT_ADD_DEVICE_REGISTRATION_ATTRIBUTES)
		return set_add_device(miniport, MiniportAttributes);
	if (miniport->adapter.phase != MINIRQ_NDIS_INITIALIZING)
		return NDIS_STATUS_FAILURE;

	switch (MiniportAttributes->Header.Type) {
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES:
		return set_registration(miniport, MiniportAttributes);
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_GENERAL_ATTRIBUTES:
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_OFFLOAD_ATTRIBUTES:
	case NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_HARDWARE_ASSIST_ATTRIBUTES:
		return miniport->adapter.attributes ? NDIS_STATUS_SUCCESS :
						      NDIS_STATUS_FAILURE;
	default:
		return NDIS_STATUS_NOT_SUPPORTED;
	}
}
EXPORT_SYMBOL_GPL(NdisMSetMiniportAttributes);
