// SPDX-License-Identifier: GPL-2.0-only
/* What StorPort miniports write to the system's log: the kernel's. */
#include <linux/export.h>
#include <linux/printk.h>

#include <storport.h>

#include "irql.h"
#include "storport.h"

/* Of a revision its lowest byte says only how far it can do without others. */
#define MINOR_REVISION	0xFFU

/* Dump data and strings together, as in an entry of Windows' log */
#define ENTRY_MAX	150

static const char *const errors[] = {
	[SP_BUS_PARITY_ERROR] = "bus parity error",
	[SP_UNEXPECTED_DISCONNECT] = "unexpected disconnect",
	[SP_INVALID_RESELECTION] = "invalid reselection",
	[SP_BUS_TIME_OUT] = "bus time-out",
	[SP_PROTOCOL_ERROR] = "protocol error",
	[SP_INTERNAL_ADAPTER_ERROR] = "internal adapter error",
	[SP_REQUEST_TIMEOUT] = "request timed out",
	[SP_IRQ_NOT_RESPONDING] = "interrupts do not arrive",
	[SP_BAD_FW_WARNING] = "old firmware",
	[SP_BAD_FW_ERROR] = "bad firmware",
	[SP_LOST_WMI_MINIPORT_REQUEST] = "lost WMI request",
};

static const char *error_text(ULONG code)
{
	return code < ARRAY_SIZE(errors) && errors[code] ? errors[code] :
							   "error";
}

/**
 * StorPortLogError() - write an error to the log
 * @HwDeviceExtension:	the adapter
 * @Srb:		the request that it befell, or NULL; not used
 * @PathId:		where
 * @TargetId:		where
 * @Lun:		where
 * @ErrorCode:		SP_INTERNAL_ADAPTER_ERROR, and so on
 * @UniqueId:		tells errors with the same code apart
 *
 * Differs from Windows: errors that come in masses are not all written.
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportlogerror
 */
VOID StorPortLogError(PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb,
		      UCHAR PathId, UCHAR TargetId, UCHAR Lun, ULONG ErrorCode,
		      ULONG UniqueId)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);

	if (adapter)
		pr_err_ratelimited("%s: %u:%u:%u: %s (0x%x), id 0x%x\n",
				   adapter->name, PathId, TargetId, Lun,
				   error_text(ErrorCode), ErrorCode, UniqueId);
}
EXPORT_SYMBOL_GPL(StorPortLogError);

static ULONG string_bytes(PCWSTR string)
{
	ULONG count = 0;

	while (string[count])
		count++;
	return (count + 1) * sizeof(WCHAR);
}

/* Does it fit into an entry of the log? */
static bool fits(PSTOR_LOG_EVENT_DETAILS details)
{
	ULONG i, size = details->DumpDataSize;

	for (i = 0; i < details->StringCount && size <= ENTRY_MAX; i++)
		size += string_bytes(details->StringList[i]);
	return size <= ENTRY_MAX;
}

static ULONG check_details(PSTOR_LOG_EVENT_DETAILS details)
{
	ULONG newest = STOR_CURRENT_LOG_INTERFACE_REVISION;

	if ((details->InterfaceRevision & ~MINOR_REVISION) > (newest & ~MINOR_REVISION)) {
		details->InterfaceRevision = newest;
		return STOR_STATUS_UNSUPPORTED_VERSION;
	}
	if (details->Size < sizeof(*details) || details->Flags ||
	    details->EventAssociation >= StorEventInvalidAssociation ||
	    (details->DumpDataSize && !details->DumpData) ||
	    (details->StringCount && !details->StringList))
		return STOR_STATUS_INVALID_PARAMETER;
	return fits(details) ? STOR_STATUS_SUCCESS :
			       STOR_STATUS_INVALID_BUFFER_SIZE;
}

/* Strings of the log are ASCII, but for those in a foreign language. */
static void log_string(const char *name, PCWSTR string)
{
	char text[ENTRY_MAX / sizeof(WCHAR) + 1];
	unsigned int i;

	for (i = 0; string[i]; i++)
		text[i] = string[i] < 0x80 ? string[i] : '?';
	text[i] = 0;
	pr_warn("%s: %s\n", name, text);
}

static void log_event(const char *name, const STOR_LOG_EVENT_DETAILS *details)
{
	ULONG i;

	pr_warn("%s: %u:%u:%u: event 0x%x, id 0x%x\n", name,
		(UCHAR)details->PathId, (UCHAR)details->TargetId,
		(UCHAR)details->LunId, details->ErrorCode, details->UniqueId);
	for (i = 0; i < details->StringCount; i++)
		log_string(name, details->StringList[i]);
	if (details->DumpDataSize)
		pr_warn("%s: %*ph\n", name, (int)min_t(ULONG, 64,
						       details->DumpDataSize),
			details->DumpData);
}

/**
 * StorPortLogSystemEvent() - write an event to the log
 * @HwDeviceExtension:	the adapter
 * @LogDetails:		the event
 * @MaximumSize:	where 150 is stored when it is too large, or NULL
 *
 * Differs from Windows: of dump data, the first 64 bytes are written; there are
 * no texts that belong to error codes.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportlogsystemevent
 * Return:
 * * STOR_STATUS_SUCCESS
 * * STOR_STATUS_INVALID_PARAMETER - a NULL pointer, or bad details
 * * STOR_STATUS_INVALID_IRQL
 * * STOR_STATUS_UNSUPPORTED_VERSION - InterfaceRevision becomes the newest one
 * * STOR_STATUS_INVALID_BUFFER_SIZE - dump data and strings have more than 150
 *   bytes
 */
ULONG StorPortLogSystemEvent(PVOID HwDeviceExtension,
			     PSTOR_LOG_EVENT_DETAILS LogDetails,
			     PULONG MaximumSize)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	ULONG status;

	if (!adapter || !LogDetails)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	status = check_details(LogDetails);
	if (status == STOR_STATUS_INVALID_BUFFER_SIZE && MaximumSize)
		*MaximumSize = ENTRY_MAX;
	if (status == STOR_STATUS_SUCCESS)
		log_event(adapter->name, LogDetails);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortLogSystemEvent);
