// SPDX-License-Identifier: GPL-2.0-only
/*
 * How long DPCs may run. Linux has no limit for one DPC, nor for those of a
 * round, which is what a time-out that is switched off is on Windows.
 */
#include <linux/export.h>

#include <wdm.h>

/**
 * KeQueryDpcWatchdogInformation() - how much time is left for DPCs?
 * @WatchdogInformation:	where the limits and what is left of them are stored
 *
 * Differs from Windows: both limits are 0, for no time-out, and so is what is
 * left.
 *
 * Context: IRQL = DISPATCH_LEVEL, in a DPC routine.
 * Page: nf-wdm-kequerydpcwatchdoginformation
 * Return: STATUS_SUCCESS; STATUS_UNSUCCESSFUL when no DPC runs on this CPU, and
 * nothing is stored.
 */
NTSTATUS KeQueryDpcWatchdogInformation(PKDPC_WATCHDOG_INFORMATION WatchdogInformation)
{
	if (!KeIsExecutingDpc())
		return STATUS_UNSUCCESSFUL;
	*WatchdogInformation = (KDPC_WATCHDOG_INFORMATION) {};
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(KeQueryDpcWatchdogInformation);
