// SPDX-License-Identifier: GPL-2.0-only
/*
 * What time it is. Windows counts in units of 100 ns: its clock from the year
 * 1601, everything else from the start of the machine.
 */
#include <linux/export.h>
#include <linux/jiffies.h>
#include <linux/timekeeping.h>

#include <wdm.h>

#define UNIT_NS			100
#define UNITS_PER_SEC		(NSEC_PER_SEC / UNIT_NS)
/* from 1601 to 1970 */
#define EPOCH_SECONDS		11644473600LL

/**
 * KeQuerySystemTimePrecise() - the time of day
 * @CurrentTime:	where it is stored, in 100 ns since 1601, in UTC
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequerysystemtimeprecise
 */
VOID KeQuerySystemTimePrecise(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = ktime_get_real_ns() / UNIT_NS +
				EPOCH_SECONDS * UNITS_PER_SEC;
}
EXPORT_SYMBOL_GPL(KeQuerySystemTimePrecise);

/**
 * KeQuerySystemTime() - the time of day as of the last tick
 * @CurrentTime:	where it is stored, in 100 ns since 1601, in UTC
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequerysystemtime
 */
VOID KeQuerySystemTime(PLARGE_INTEGER CurrentTime)
{
	CurrentTime->QuadPart = ktime_to_ns(ktime_get_coarse_real()) / UNIT_NS +
				EPOCH_SECONDS * UNITS_PER_SEC;
}
EXPORT_SYMBOL_GPL(KeQuerySystemTime);

/**
 * KeQueryInterruptTime() - time since the start, as of the last tick
 *
 * Counts also while the machine sleeps.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequeryinterrupttime
 * Return: the time in 100 ns.
 */
ULONGLONG KeQueryInterruptTime(void)
{
	return ktime_to_ns(ktime_get_coarse_boottime()) / UNIT_NS;
}
EXPORT_SYMBOL_GPL(KeQueryInterruptTime);

/**
 * KeQueryInterruptTimePrecise() - time since the start
 * @QpcTimeStamp:	where KeQueryPerformanceCounter() at that time is stored
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequeryinterrupttimeprecise
 * Return: the time in 100 ns.
 */
ULONG64 KeQueryInterruptTimePrecise(PULONG64 QpcTimeStamp)
{
	*QpcTimeStamp = KeQueryPerformanceCounter(NULL).QuadPart;
	return ktime_get_boottime_ns() / UNIT_NS;
}
EXPORT_SYMBOL_GPL(KeQueryInterruptTimePrecise);

/**
 * KeQueryUnbiasedInterruptTime() - time since the start, as of the last tick
 *
 * Stands still while the machine sleeps.
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequeryunbiasedinterrupttime
 * Return: the time in 100 ns.
 */
ULONGLONG KeQueryUnbiasedInterruptTime(void)
{
	return ktime_to_ns(ktime_get_coarse()) / UNIT_NS;
}
EXPORT_SYMBOL_GPL(KeQueryUnbiasedInterruptTime);

/**
 * KeQueryPerformanceCounter() - a fine clock to measure with
 * @PerformanceFrequency:	where counts in a second are stored, or NULL
 *
 * Context: IRQL: any.
 * Page: nf-ntifs-kequeryperformancecounter
 * Return: the count; it never goes back.
 */
LARGE_INTEGER KeQueryPerformanceCounter(PLARGE_INTEGER PerformanceFrequency)
{
	LARGE_INTEGER count = { .QuadPart = ktime_get_ns() / UNIT_NS };

	if (PerformanceFrequency)
		PerformanceFrequency->QuadPart = UNITS_PER_SEC;
	return count;
}
EXPORT_SYMBOL_GPL(KeQueryPerformanceCounter);

/**
 * KeQueryTickCount() - how often has the clock ticked since the start?
 * @CurrentCount:	where the count is stored
 *
 * Context: IRQL: any.
 * Page: nf-wdm-kequerytickcount
 */
VOID KeQueryTickCount(PLARGE_INTEGER CurrentCount)
{
	CurrentCount->QuadPart = get_jiffies_64() - INITIAL_JIFFIES;
}
EXPORT_SYMBOL_GPL(KeQueryTickCount);

/**
 * KeQueryTimeIncrement() - how long is a tick?
 *
 * Context: IRQL: any.
 * Page: nf-ntddk-kequerytimeincrement
 * Return: its length in 100 ns.
 */
ULONG KeQueryTimeIncrement(void)
{
	return UNITS_PER_SEC / HZ;
}
EXPORT_SYMBOL_GPL(KeQueryTimeIncrement);
