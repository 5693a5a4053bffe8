// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a StorPort miniport says of itself and its units: that they pause, are
 * busy, or take so many requests at a time.
 */
#include <linux/export.h>

#include <storport.h>

#include "storport.h"
#include "storport_gate.h"

static struct minirq_stor_gate *gate_of(void *extension)
{
	struct minirq_stor_adapter *adapter = minirq_stor_adapter_of(extension);

	return adapter ? adapter->gate : NULL;
}

static struct minirq_stor_unit *unit_of(void *extension, UCHAR path,
					UCHAR target, UCHAR lun)
{
	struct minirq_stor_gate *gate = gate_of(extension);

	return gate ? minirq_stor_gate_unit(gate, path, target, lun) : NULL;
}

/**
 * StorPortPause() - keep all requests back for some time
 * @HwDeviceExtension:	the adapter
 * @Timeout:		seconds; a later call replaces them
 *
 * Requests that HwStorStartIo has not been called for are kept, in their order.
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportpause
 * Return: TRUE; FALSE for a NULL pointer.
 */
BOOLEAN StorPortPause(PVOID HwDeviceExtension, ULONG Timeout)
{
	struct minirq_stor_gate *gate = gate_of(HwDeviceExtension);

	if (!gate)
		return FALSE;
	minirq_stor_gate_pause(&gate->bar, Timeout);
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortPause);

/**
 * StorPortResume() - end StorPortPause()
 * @HwDeviceExtension:	the adapter
 *
 * One call is enough, however often the adapter was paused.
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportresume
 * Return: TRUE; FALSE for a NULL pointer, or an adapter that is not paused.
 */
BOOLEAN StorPortResume(PVOID HwDeviceExtension)
{
	struct minirq_stor_gate *gate = gate_of(HwDeviceExtension);

	return gate && minirq_stor_gate_resume(&gate->bar);
}
EXPORT_SYMBOL_GPL(StorPortResume);

/**
 * StorPortPauseDevice() - keep a unit's requests back for some time
 * @HwDeviceExtension:	the adapter
 * @PathId:		address of the unit, which need not exist yet
 * @TargetId:		address of the unit
 * @Lun:		address of the unit
 * @Timeout:		seconds; a later call replaces them
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportpausedevice
 * Return: TRUE; FALSE for a NULL pointer, or a unit too many: an adapter can
 * name 32.
 */
BOOLEAN StorPortPauseDevice(PVOID HwDeviceExtension, UCHAR PathId,
			    UCHAR TargetId, UCHAR Lun, ULONG Timeout)
{
	struct minirq_stor_unit *unit =
		unit_of(HwDeviceExtension, PathId, TargetId, Lun);

	if (!unit)
		return FALSE;
	minirq_stor_gate_pause(&unit->bar, Timeout);
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortPauseDevice);

/**
 * StorPortResumeDevice() - end StorPortPauseDevice()
 * @HwDeviceExtension:	the adapter
 * @PathId:		address of the unit
 * @TargetId:		address of the unit
 * @Lun:		address of the unit
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportresumedevice
 * Return: TRUE; FALSE for a NULL pointer, or a unit that is not paused.
 */
BOOLEAN StorPortResumeDevice(PVOID HwDeviceExtension, UCHAR PathId,
			     UCHAR TargetId, UCHAR Lun)
{
	struct minirq_stor_unit *unit =
		unit_of(HwDeviceExtension, PathId, TargetId, Lun);

	return unit && minirq_stor_gate_resume(&unit->bar);
}
EXPORT_SYMBOL_GPL(StorPortResumeDevice);

/**
 * StorPortBusy() - keep all requests back until some are complete
 * @HwDeviceExtension:	the adapter
 * @RequestsToComplete:	how many; with fewer that are started, all of those
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportbusy
 * Return: TRUE, also when there is nothing to wait for; FALSE for a NULL pointer.
 */
BOOLEAN StorPortBusy(PVOID HwDeviceExtension, ULONG RequestsToComplete)
{
	struct minirq_stor_gate *gate = gate_of(HwDeviceExtension);

	if (!gate)
		return FALSE;
	minirq_stor_gate_busy(gate, NULL, RequestsToComplete);
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortBusy);

/**
 * StorPortReady() - end StorPortBusy()
 * @HwDeviceExtension:	the adapter
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportready
 * Return: TRUE; FALSE for a NULL pointer.
 */
BOOLEAN StorPortReady(PVOID HwDeviceExtension)
{
	struct minirq_stor_gate *gate = gate_of(HwDeviceExtension);

	if (!gate)
		return FALSE;
	minirq_stor_gate_ready(&gate->bar);
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortReady);

/**
 * StorPortDeviceBusy() - keep a unit's requests back until some are complete
 * @HwDeviceExtension:	the adapter
 * @PathId:		address of the unit
 * @TargetId:		address of the unit
 * @Lun:		address of the unit
 * @RequestsToComplete:	how many; with fewer that are started, all of those
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportdevicebusy
 * Return: TRUE; FALSE as StorPortPauseDevice().
 */
BOOLEAN StorPortDeviceBusy(PVOID HwDeviceExtension, UCHAR PathId,
			   UCHAR TargetId, UCHAR Lun, ULONG RequestsToComplete)
{
	struct minirq_stor_unit *unit =
		unit_of(HwDeviceExtension, PathId, TargetId, Lun);

	if (!unit)
		return FALSE;
	minirq_stor_gate_busy(unit->bar.gate, unit, RequestsToComplete);
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortDeviceBusy);

/**
 * StorPortDeviceReady() - end StorPortDeviceBusy()
 * @HwDeviceExtension:	the adapter
 * @PathId:		address of the unit
 * @TargetId:		address of the unit
 * @Lun:		address of the unit
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportdeviceready
 * Return: TRUE; FALSE as StorPortPauseDevice().
 */
BOOLEAN StorPortDeviceReady(PVOID HwDeviceExtension, UCHAR PathId,
			    UCHAR TargetId, UCHAR Lun)
{
	struct minirq_stor_unit *unit =
		unit_of(HwDeviceExtension, PathId, TargetId, Lun);

	if (!unit)
		return FALSE;
	minirq_stor_gate_ready(&unit->bar);
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortDeviceReady);

/**
 * StorPortSetDeviceQueueDepth() - how many requests a unit takes at a time
 * @HwDeviceExtension:	the adapter
 * @PathId:		address of the unit
 * @TargetId:		address of the unit
 * @Lun:		address of the unit
 * @Depth:		how many; without this call, any number
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportsetdevicequeuedepth
 * Return: TRUE; FALSE for 0, and as StorPortPauseDevice().
 */
BOOLEAN StorPortSetDeviceQueueDepth(PVOID HwDeviceExtension, UCHAR PathId,
				    UCHAR TargetId, UCHAR Lun, ULONG Depth)
{
	struct minirq_stor_unit *unit =
		unit_of(HwDeviceExtension, PathId, TargetId, Lun);

	if (!unit || !Depth)
		return FALSE;
	minirq_stor_gate_limit(unit, Depth);
	return TRUE;
}
EXPORT_SYMBOL_GPL(StorPortSetDeviceQueueDepth);
