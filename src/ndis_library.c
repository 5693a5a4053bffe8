// SPDX-License-Identifier: GPL-2.0-only
/* Strings, versions, time, naps, events and the event log of NDIS drivers. */
#include <linux/delay.h>
#include <linux/export.h>
#include <linux/printk.h>
#include <linux/slab.h>
#include <linux/stdarg.h>

#include "ndis_owner.h"
#include "verifier.h"

/* The newest version whose interrupt calls are here */
#define NDIS_MAJOR	6
#define NDIS_MINOR	85

/* As long as a CPU may be kept from others, in microseconds */
#define LONGEST_STALL	50

/* What Windows' own log entry has room for, in bytes */
#define EVENT_LOG_ROOM	192

static bool level_allows(KIRQL limit, const char *function, void *caller)
{
	return minirq_ndis_level(limit, MINIRQ_RULE_NDIS_IRQL_MISC, function,
				 caller);
}

/**
 * NdisGetVersion() - the version of NDIS
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndisgetversion
 * Return: the major version in the upper, the minor version in the lower half.
 */
UINT NdisGetVersion(void)
{
	return NDIS_MAJOR << 16 | NDIS_MINOR;
}
EXPORT_SYMBOL_GPL(NdisGetVersion);

/**
 * NdisMSleep() - let others run for a while
 * @MicrosecondsToSleep:	how long, at least
 *
 * Context: IRQL < DISPATCH_LEVEL; elsewhere the call is reported, and waits
 * without giving up the CPU.
 * Page: nf-ndis-ndismsleep
 */
VOID NdisMSleep(ULONG MicrosecondsToSleep)
{
	if (minirq_ndis_level(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
			      __func__, MINIRQ_CALLER))
		fsleep(MicrosecondsToSleep);
	else
		KeStallExecutionProcessor(MicrosecondsToSleep);
}
EXPORT_SYMBOL_GPL(NdisMSleep);

/**
 * NdisStallExecution() - wait without giving up the CPU
 * @MicrosecondsToStall:	how long; more than 50 is reported, and waited for
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisstallexecution, ndis-ndisstallexecution-delay
 */
VOID NdisStallExecution(UINT MicrosecondsToStall)
{
	if (MicrosecondsToStall > LONGEST_STALL)
		minirq_violation(MINIRQ_RULE_NDIS_STALL, MINIRQ_CALLER,
				 "%s: %u microseconds", __func__,
				 MicrosecondsToStall);
	KeStallExecutionProcessor(MicrosecondsToStall);
}
EXPORT_SYMBOL_GPL(NdisStallExecution);

/* Windows counts in 100 ns. */
#define UNITS_PER_MSEC	10000LL

/**
 * NdisWaitEvent() - wait until an event is set
 * @Event:	an event that NdisInitializeEvent() has made
 * @MsToWait:	for how many milliseconds at most; 0 for ever
 *
 * Context: IRQL = PASSIVE_LEVEL; elsewhere the call is reported, and only looks.
 * Page: nf-ndis-ndiswaitevent
 * Return: TRUE when it is set; FALSE when the time was over first.
 */
BOOLEAN NdisWaitEvent(PNDIS_EVENT Event, UINT MsToWait)
{
	LARGE_INTEGER timeout = { .QuadPart = -UNITS_PER_MSEC * MsToWait };
	PLARGE_INTEGER limit = MsToWait ? &timeout : NULL;

	if (!minirq_ndis_level(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_SYNCH,
			       __func__, MINIRQ_CALLER)) {
		timeout.QuadPart = 0;
		limit = &timeout;
	}
	return KeWaitForSingleObject(&Event->Event, Executive, KernelMode,
				     FALSE, limit) == STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisWaitEvent);

/**
 * NdisGetSystemUpTimeEx() - time since the start
 * @SystemUpTime:	where it is stored, in milliseconds
 *
 * Counts also while the machine sleeps.
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisgetsystemuptimeex
 */
VOID NdisGetSystemUpTimeEx(PLARGE_INTEGER SystemUpTime)
{
	SystemUpTime->QuadPart = KeQueryInterruptTime() / UNITS_PER_MSEC;
}
EXPORT_SYMBOL_GPL(NdisGetSystemUpTimeEx);

/**
 * NdisGetSystemUpTime() - time since the start, in 32 bits
 * @SystemUpTime:	where it is stored, in milliseconds; after 49.7 days it
 *			begins again
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisgetsystemuptime
 */
VOID NdisGetSystemUpTime(PULONG SystemUpTime)
{
	LARGE_INTEGER now;

	NdisGetSystemUpTimeEx(&now);
	*SystemUpTime = now.QuadPart;
}
EXPORT_SYMBOL_GPL(NdisGetSystemUpTime);

/**
 * NdisInitUnicodeString() - make a counted string of a terminated one
 * @DestinationString:	the counted string, pointing to the other one
 * @SourceString:	the terminated string, or NULL
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndisinitunicodestring
 */
VOID NdisInitUnicodeString(PNDIS_STRING DestinationString, PCWSTR SourceString)
{
	size_t count = 0;

	DestinationString->Buffer = (PWCH)SourceString;
	DestinationString->Length = 0;
	DestinationString->MaximumLength = 0;
	if (!SourceString)
		return;
	while (SourceString[count] && count < S16_MAX - 1)
		count++;
	DestinationString->Length = count * sizeof(WCHAR);
	DestinationString->MaximumLength = (count + 1) * sizeof(WCHAR);
}
EXPORT_SYMBOL_GPL(NdisInitUnicodeString);

/**
 * NdisInitializeString() - make a counted string of a terminated one of bytes
 * @Destination:	the counted string, with memory of its own; without when
 *			there is none
 * @Source:		the terminated string
 *
 * Differs from Windows: a string that is not freed is not reported, as it has
 * no owner.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndisinitializestring
 */
VOID NdisInitializeString(PNDIS_STRING Destination, PUCHAR Source)
{
	size_t count = strnlen((char *)Source, S16_MAX - 1), i;

	*Destination = (NDIS_STRING) {};
	if (!level_allows(PASSIVE_LEVEL, __func__, MINIRQ_CALLER))
		return;
	Destination->Buffer = kcalloc(count + 1, sizeof(WCHAR), GFP_KERNEL);
	if (!Destination->Buffer)
		return;
	for (i = 0; i < count; i++)
		Destination->Buffer[i] = Source[i];
	Destination->Length = count * sizeof(WCHAR);
	Destination->MaximumLength = (count + 1) * sizeof(WCHAR);
}
EXPORT_SYMBOL_GPL(NdisInitializeString);

/**
 * NdisFreeString() - free what NdisInitializeString() made
 * @String:	the counted string
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndisfreestring
 */
VOID NdisFreeString(NDIS_STRING String)
{
	if (level_allows(PASSIVE_LEVEL, __func__, MINIRQ_CALLER))
		kfree(String.Buffer);
}
EXPORT_SYMBOL_GPL(NdisFreeString);

static const char *error_name(NDIS_ERROR_CODE code)
{
	switch (code) {
	case NDIS_ERROR_CODE_RESOURCE_CONFLICT:
		return "resource conflict";
	case NDIS_ERROR_CODE_OUT_OF_RESOURCES:
		return "out of resources";
	case NDIS_ERROR_CODE_HARDWARE_FAILURE:
		return "hardware failure";
	case NDIS_ERROR_CODE_ADAPTER_NOT_FOUND:
		return "adapter not found";
	case NDIS_ERROR_CODE_INTERRUPT_CONNECT:
		return "interrupt not connected";
	case NDIS_ERROR_CODE_DRIVER_FAILURE:
		return "driver failure";
	case NDIS_ERROR_CODE_BAD_VERSION:
		return "bad version";
	case NDIS_ERROR_CODE_TIMEOUT:
		return "timeout";
	case NDIS_ERROR_CODE_NETWORK_ADDRESS:
		return "bad network address";
	case NDIS_ERROR_CODE_UNSUPPORTED_CONFIGURATION:
		return "unsupported configuration";
	case NDIS_ERROR_CODE_INVALID_VALUE_FROM_ADAPTER:
		return "invalid value from adapter";
	case NDIS_ERROR_CODE_MISSING_CONFIGURATION_PARAMETER:
		return "missing configuration parameter";
	case NDIS_ERROR_CODE_BAD_IO_BASE_ADDRESS:
		return "bad I/O base address";
	case NDIS_ERROR_CODE_RECEIVE_SPACE_SMALL:
		return "small receive space";
	case NDIS_ERROR_CODE_ADAPTER_DISABLED:
		return "adapter disabled";
	default:
		return "error";
	}
}

/**
 * NdisWriteErrorLogEntry() - write an error to the log
 * @NdisAdapterHandle:		the adapter
 * @ErrorCode:			one of NDIS_ERROR_CODE_XXX
 * @NumberOfErrorValues:	how many values follow
 * @...:			ULONG values that say more
 *
 * Goes to the kernel log, as many values as Windows' own log has room for.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ndis-ndiswriteerrorlogentry
 */
VOID NdisWriteErrorLogEntry(NDIS_HANDLE NdisAdapterHandle,
			    NDIS_ERROR_CODE ErrorCode,
			    ULONG NumberOfErrorValues, ...)
{
	ULONG values[EVENT_LOG_ROOM / sizeof(ULONG)], i;
	ULONG count = min_t(ULONG, NumberOfErrorValues, ARRAY_SIZE(values));
	struct minirq_ndis_owner *owner;
	va_list args;

	if (!level_allows(DISPATCH_LEVEL, __func__, MINIRQ_CALLER))
		return;
	owner = minirq_ndis_owner_of(NdisAdapterHandle, __func__,
				     MINIRQ_CALLER);
	va_start(args, NumberOfErrorValues);
	for (i = 0; i < count; i++)
		values[i] = va_arg(args, ULONG);
	va_end(args);
	pr_err("%s: %s (%08x)\n", owner ? owner->name : "NDIS driver",
	       error_name(ErrorCode), ErrorCode);
	for (i = 0; i < count; i++)
		pr_err("  value %u: %08x\n", i, values[i]);
}
EXPORT_SYMBOL_GPL(NdisWriteErrorLogEntry);

/**
 * NdisMIndicateStatusEx() - tell those above what has become of an adapter
 * @MiniportAdapterHandle:	the adapter
 * @StatusIndication:		what
 *
 * Differs from Windows: there is nobody above, so the code goes to the kernel log,
 * for those who debug; what comes with it is not looked at.
 *
 * Context: IRQL <= DISPATCH_LEVEL. Another level, a handle that is no adapter or a
 * header of another structure is reported.
 * Page: nf-ndis-ndismindicatestatusex
 */
VOID NdisMIndicateStatusEx(NDIS_HANDLE MiniportAdapterHandle,
			   PNDIS_STATUS_INDICATION StatusIndication)
{
	const NDIS_OBJECT_HEADER *header = &StatusIndication->Header;
	struct minirq_ndis_owner *owner;

	if (!level_allows(DISPATCH_LEVEL, __func__, MINIRQ_CALLER))
		return;
	owner = minirq_ndis_owner_of(MiniportAdapterHandle, __func__,
				     MINIRQ_CALLER);
	if (!owner)
		return;
	if (header->Type != NDIS_OBJECT_TYPE_STATUS_INDICATION ||
	    header->Size < NDIS_SIZEOF_STATUS_INDICATION_REVISION_1)
		minirq_violation(MINIRQ_RULE_NDIS_CALL, MINIRQ_CALLER,
				 "%s: header of type %#x, size %u", __func__,
				 header->Type, header->Size);
	else
		pr_debug("%s: status %08x\n", owner->name,
			 StatusIndication->StatusCode);
}
EXPORT_SYMBOL_GPL(NdisMIndicateStatusEx);

/**
 * NdisMRemoveMiniport() - ask that a broken adapter is taken away
 * @MiniportHandle:	the adapter
 *
 * Differs from Windows: the wish goes to the kernel log, and the adapter stays until
 * somebody unbinds its driver. The status says so.
 *
 * Context: IRQL <= DISPATCH_LEVEL. Another level, or a handle that is no adapter, is
 * reported.
 * Page: nf-ndis-ndismremoveminiport
 * Return:
 * * NDIS_STATUS_FAILURE - it is not removed
 */
NDIS_STATUS NdisMRemoveMiniport(NDIS_HANDLE MiniportHandle)
{
	struct minirq_ndis_owner *owner;

	if (!level_allows(DISPATCH_LEVEL, __func__, MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	owner = minirq_ndis_owner_of(MiniportHandle, __func__, MINIRQ_CALLER);
	if (owner)
		pr_err("%s: its driver asks for its removal\n", owner->name);
	return NDIS_STATUS_FAILURE;
}
EXPORT_SYMBOL_GPL(NdisMRemoveMiniport);

static size_t length_of(PCWSTR string)
{
	size_t count = 0;

	while (string[count])
		count++;
	return count;
}

static size_t size_of_all(PCWSTR *strings, unsigned int count)
{
	size_t size = 0;

	while (count--)
		size += (length_of(strings[count]) + 1) * sizeof(WCHAR);
	return size;
}

/* Characters that are not ASCII show as a question mark. */
static void print_string(PCWSTR string)
{
	char text[EVENT_LOG_ROOM / sizeof(WCHAR) + 1];
	size_t i;

	for (i = 0; string[i] && i < sizeof(text) - 1; i++)
		text[i] = string[i] < 0x80 ? string[i] : '?';
	text[i] = '\0';
	pr_info("  %s\n", text);
}

/**
 * NdisWriteEventLogEntry() - write an event to the log
 * @LogHandle:		not used
 * @EventCode:		what happened
 * @UniqueEventValue:	which of its kind
 * @NumStrings:		how many strings there are
 * @StringsList:	pointers to terminated strings
 * @DataSize:		how many bytes of data there are
 * @Data:		data that say more
 *
 * Goes to the kernel log.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndiswriteeventlogentry
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_BUFFER_TOO_SHORT when strings and
 * data are more than Windows' own log has room for.
 */
NDIS_STATUS NdisWriteEventLogEntry(PVOID LogHandle, NDIS_STATUS EventCode,
				   ULONG UniqueEventValue, USHORT NumStrings,
				   PVOID StringsList, ULONG DataSize,
				   PVOID Data)
{
	PCWSTR *strings = StringsList;
	unsigned int i;

	if (DataSize > EVENT_LOG_ROOM ||
	    size_of_all(strings, NumStrings) + DataSize > EVENT_LOG_ROOM)
		return NDIS_STATUS_BUFFER_TOO_SHORT;
	pr_info("event %08x, %u\n", EventCode, UniqueEventValue);
	for (i = 0; i < NumStrings; i++)
		print_string(strings[i]);
	if (DataSize)
		pr_info("  data: %*ph\n", min_t(int, DataSize, 64), Data);
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisWriteEventLogEntry);
