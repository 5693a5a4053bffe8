// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an adapter is told of its device: which power state it is to have, in a
 * request; what it is powered by, and that it has been pulled out, as events.
 */
#include "ndis_power.h"

#include <linux/export.h>
#include <linux/power_supply.h>

#include "verifier.h"

static NDIS_STATUS send(struct minirq_ndis_miniport *miniport,
			PNDIS_OID_REQUEST request)
{
	const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *chars =
		&miniport->driver->chars;
	NDIS_STATUS status;

	minirq_ndis_pending_begin(&miniport->requesting);
	status = chars->OidRequestHandler(miniport->adapter.context, request);
	return minirq_ndis_pending_end(&miniport->requesting, status);
}

/**
 * minirq_ndis_power_set() - send OID_PNP_SET_POWER
 * @miniport:	an initialised adapter
 * @state:	NdisDeviceStateD3 before its device loses power, NdisDeviceStateD0
 *		when it has it again
 *
 * Context: process context, may sleep.
 * Return: what the driver said, maybe later; NDIS_STATUS_NOT_SUPPORTED when it
 * takes no requests.
 */
NDIS_STATUS minirq_ndis_power_set(struct minirq_ndis_miniport *miniport,
				  NDIS_DEVICE_POWER_STATE state)
{
	NDIS_OID_REQUEST request = {
		.Header.Type = NDIS_OBJECT_TYPE_OID_REQUEST,
		.Header.Revision = NDIS_OID_REQUEST_REVISION_1,
		.Header.Size = NDIS_SIZEOF_OID_REQUEST_REVISION_1,
		.RequestType = NdisRequestSetInformation,
		.DATA.SET_INFORMATION = {
			.Oid = OID_PNP_SET_POWER,
			.InformationBuffer = &state,
			.InformationBufferLength = sizeof(state),
		},
	};

	if (!miniport->driver->chars.OidRequestHandler)
		return NDIS_STATUS_NOT_SUPPORTED;
	return send(miniport, &request);
}

static void notify(struct minirq_ndis_miniport *miniport,
		   NDIS_DEVICE_PNP_EVENT what, PVOID buffer, ULONG length)
{
	NET_DEVICE_PNP_EVENT event = {
		.Header.Type = NDIS_OBJECT_TYPE_DEFAULT,
		.Header.Revision = NET_DEVICE_PNP_EVENT_REVISION_1,
		.Header.Size = NDIS_SIZEOF_NET_DEVICE_PNP_EVENT_REVISION_1,
		.DevicePnPEvent = what,
		.InformationBuffer = buffer,
		.InformationBufferLength = length,
	};
	MINIPORT_DEVICE_PNP_EVENT_NOTIFY_HANDLER handler =
		miniport->driver->chars.DevicePnPEventNotifyHandler;

	if (handler)
		handler(miniport->adapter.context, &event);
}

/**
 * minirq_ndis_power_profile() - tell an adapter what it is powered by
 * @miniport:	an initialised adapter
 *
 * A driver is told when it has been initialised, and when it has power again. A
 * machine that does not know is on no battery.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_power_profile(struct minirq_ndis_miniport *miniport)
{
	ULONG profile = NdisPowerProfileAcOnLine;

	if (!power_supply_is_system_supplied())
		profile = NdisPowerProfileBattery;
	notify(miniport, NdisDevicePnPEventPowerProfileChanged, &profile,
	       sizeof(profile));
}

/* Tell an adapter that its device has been pulled out. */
void minirq_ndis_power_gone(struct minirq_ndis_miniport *miniport)
{
	notify(miniport, NdisDevicePnPEventSurpriseRemoved, NULL, 0);
}

/**
 * NdisMOidRequestComplete() - end what MiniportOidRequest left pending
 * @MiniportAdapterHandle:	the adapter
 * @OidRequest:			the request
 * @Status:			how it ended
 *
 * Context: IRQL <= DISPATCH_LEVEL. When nothing is pending, the call is reported.
 * Page: nf-ndis-ndismoidrequestcomplete
 */
VOID NdisMOidRequestComplete(NDIS_HANDLE MiniportAdapterHandle,
			     PNDIS_OID_REQUEST OidRequest, NDIS_STATUS Status)
{
	struct minirq_ndis_miniport *miniport =
		minirq_ndis_miniport_of(MiniportAdapterHandle, __func__,
					MINIRQ_CALLER);

	if (miniport)
		minirq_ndis_pending_complete(&miniport->requesting, Status,
					     __func__, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMOidRequestComplete);
