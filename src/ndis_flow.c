// SPDX-License-Identifier: GPL-2.0-only
/*
 * The flow of data through an adapter. It is paused from the start, and whenever
 * something happens to its device: a paused adapter may be halted, or sleep.
 */
#include "ndis_flow.h"

#include <linux/export.h>

#include "verifier.h"

/**
 * minirq_ndis_flow_restart() - call MiniportRestart
 * @miniport:	an initialised adapter; one that runs is left alone
 *
 * Context: process context, may sleep.
 * Return: what the driver said, maybe later; NDIS_STATUS_SUCCESS without a
 * handler. After a failure the adapter is still paused.
 */
NDIS_STATUS minirq_ndis_flow_restart(struct minirq_ndis_miniport *miniport)
{
	MINIPORT_RESTART_HANDLER restart =
		miniport->driver->chars.RestartHandler;
	NDIS_MINIPORT_RESTART_PARAMETERS parameters = {
		.Header.Type = NDIS_OBJECT_TYPE_DEFAULT,
		.Header.Revision = NDIS_MINIPORT_RESTART_PARAMETERS_REVISION_1,
		.Header.Size =
			NDIS_SIZEOF_MINIPORT_RESTART_PARAMETERS_REVISION_1,
	};
	NDIS_STATUS status = NDIS_STATUS_SUCCESS;

	if (miniport->adapter.phase != MINIRQ_NDIS_PAUSED)
		return NDIS_STATUS_SUCCESS;
	if (restart) {
		minirq_ndis_pending_begin(&miniport->restarting);
		status = restart(miniport->adapter.context, &parameters);
		status = minirq_ndis_pending_end(&miniport->restarting, status);
	}
	if (status == NDIS_STATUS_SUCCESS)
		miniport->adapter.phase = MINIRQ_NDIS_RUNNING;
	return status;
}

/*
 * Before NDIS 6.40 a driver finds here what the reason was; since then it is told
 * nothing but whether its device goes away.
 */
static ULONG reason_for(struct minirq_ndis_miniport *miniport, ULONG reason)
{
	bool told = reason == NDIS_PAUSE_MINIPORT_DEVICE_REMOVE;

	return told == (miniport->adapter.owner.minor >= 40) ?
		       reason : NDIS_PAUSE_NDIS_INTERNAL;
}

/**
 * minirq_ndis_flow_pause() - call MiniportPause
 * @miniport:	an initialised adapter; one that is paused is left alone
 * @reason:	NDIS_PAUSE_LOW_POWER, NDIS_PAUSE_NDIS_INTERNAL, or
 *		NDIS_PAUSE_MINIPORT_DEVICE_REMOVE
 *
 * A driver cannot refuse, but it can take its time.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_flow_pause(struct minirq_ndis_miniport *miniport, ULONG reason)
{
	MINIPORT_PAUSE_HANDLER pause = miniport->driver->chars.PauseHandler;
	NDIS_MINIPORT_PAUSE_PARAMETERS parameters = {
		.Header.Type = NDIS_OBJECT_TYPE_DEFAULT,
		.Header.Revision = NDIS_MINIPORT_PAUSE_PARAMETERS_REVISION_1,
		.Header.Size = NDIS_SIZEOF_MINIPORT_PAUSE_PARAMETERS_REVISION_1,
		.PauseReason = reason_for(miniport, reason),
	};
	NDIS_STATUS status;

	if (miniport->adapter.phase != MINIRQ_NDIS_RUNNING)
		return;
	if (pause) {
		minirq_ndis_pending_begin(&miniport->pausing);
		status = pause(miniport->adapter.context, &parameters);
		minirq_ndis_pending_end(&miniport->pausing, status);
	}
	miniport->adapter.phase = MINIRQ_NDIS_PAUSED;
}

/**
 * NdisMPauseComplete() - end what MiniportPause left pending
 * @MiniportAdapterHandle:	the adapter
 *
 * Context: IRQL <= DISPATCH_LEVEL. When nothing is pending, the call is reported.
 * Page: nf-ndis-ndismpausecomplete
 */
VOID NdisMPauseComplete(NDIS_HANDLE MiniportAdapterHandle)
{
	struct minirq_ndis_miniport *miniport =
		minirq_ndis_miniport_of(MiniportAdapterHandle, __func__,
					MINIRQ_CALLER);

	if (miniport)
		minirq_ndis_pending_complete(&miniport->pausing,
					     NDIS_STATUS_SUCCESS, __func__,
					     MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMPauseComplete);

/**
 * NdisMRestartComplete() - end what MiniportRestart left pending
 * @MiniportAdapterHandle:	the adapter
 * @Status:			how it ended
 *
 * Context: IRQL <= DISPATCH_LEVEL. When nothing is pending, the call is reported.
 * Page: nf-ndis-ndismrestartcomplete
 */
VOID NdisMRestartComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status)
{
	struct minirq_ndis_miniport *miniport =
		minirq_ndis_miniport_of(MiniportAdapterHandle, __func__,
					MINIRQ_CALLER);

	if (miniport)
		minirq_ndis_pending_complete(&miniport->restarting, Status,
					     __func__, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMRestartComplete);
