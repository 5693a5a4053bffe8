// SPDX-License-Identifier: GPL-2.0-only
/*
 * A driver is asked now and then whether its adapter hangs. If so it is to reset
 * it, while interrupts go on.
 */
#include "ndis_reset.h"

#include <linux/export.h>
#include <linux/printk.h>
#include <linux/workqueue.h>

#include "verifier.h"

#define DEFAULT_SECONDS	2

static void arm(struct minirq_ndis_miniport *miniport)
{
	unsigned int seconds = miniport->hang_seconds ?: DEFAULT_SECONDS;

	schedule_delayed_work(&miniport->watch, seconds * HZ);
}

/*
 * What NDIS would set again when the driver says so has never been set: there is
 * no protocol that asks for packets.
 */
static void call_reset(struct minirq_ndis_miniport *miniport)
{
	const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *chars =
		&miniport->driver->chars;
	BOOLEAN addressing = FALSE;
	NDIS_STATUS status;

	minirq_ndis_pending_begin(&miniport->resetting);
	status = chars->ResetHandlerEx(miniport->adapter.context, &addressing);
	status = minirq_ndis_pending_end(&miniport->resetting, status);
	if (status == NDIS_STATUS_SUCCESS)
		pr_info("%s: hung, and was reset\n", miniport->adapter.name);
	else
		pr_err("%s: hangs, and its reset failed: %08x\n",
		       miniport->adapter.name, status);
}

static void look(struct work_struct *work)
{
	struct minirq_ndis_miniport *miniport =
		container_of(work, struct minirq_ndis_miniport, watch.work);
	const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *chars =
		&miniport->driver->chars;

	if (chars->CheckForHangHandlerEx(miniport->adapter.context))
		call_reset(miniport);
	arm(miniport);
}

void minirq_ndis_reset_init(struct minirq_ndis_miniport *miniport)
{
	minirq_ndis_pending_init(&miniport->resetting);
	INIT_DELAYED_WORK(&miniport->watch, look);
}

/**
 * minirq_ndis_reset_watch() - call MiniportCheckForHangEx from now on
 * @miniport:	an initialised adapter
 *
 * Every two seconds, or as often as its attributes say, if the driver has that
 * handler and MiniportResetEx.
 *
 * Context: process context.
 */
void minirq_ndis_reset_watch(struct minirq_ndis_miniport *miniport)
{
	const NDIS_MINIPORT_DRIVER_CHARACTERISTICS *chars =
		&miniport->driver->chars;

	if (chars->CheckForHangHandlerEx && chars->ResetHandlerEx)
		arm(miniport);
}

/**
 * minirq_ndis_reset_unwatch() - undo minirq_ndis_reset_watch()
 * @miniport:	the adapter, watched or not
 *
 * Waits for a reset that is under way.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_reset_unwatch(struct minirq_ndis_miniport *miniport)
{
	cancel_delayed_work_sync(&miniport->watch);
}

/**
 * NdisMResetComplete() - end what MiniportResetEx left pending
 * @MiniportAdapterHandle:	the adapter
 * @Status:			how it ended
 * @AddressingReset:		the driver wants its packet filter and addresses set
 *				again; nothing has ever set them
 *
 * Context: IRQL <= DISPATCH_LEVEL. When nothing is pending, the call is reported.
 * Page: nf-ndis-ndismresetcomplete-r1
 */
VOID NdisMResetComplete(NDIS_HANDLE MiniportAdapterHandle, NDIS_STATUS Status,
			BOOLEAN AddressingReset)
{
	struct minirq_ndis_miniport *miniport =
		minirq_ndis_miniport_of(MiniportAdapterHandle, __func__,
					MINIRQ_CALLER);

	if (miniport)
		minirq_ndis_pending_complete(&miniport->resetting, Status,
					     __func__, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMResetComplete);
