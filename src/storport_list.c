// SPDX-License-Identifier: GPL-2.0-only
/* The sequenced lists of StorPort: those of the kernel, with a status. */
#include <linux/align.h>
#include <linux/export.h>

#include <storport.h>

static bool missing(const void *extension, const void *list, const void *result)
{
	return !extension || !list || !result;
}

/**
 * StorPortInitializeSListHead() - make a list empty
 * @HwDeviceExtension:	the adapter
 * @SListHead:		the list, aligned to 16 bytes
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportinitializeslisthead
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortInitializeSListHead(PVOID HwDeviceExtension,
				  PSTOR_SLIST_HEADER SListHead)
{
	if (!HwDeviceExtension || !SListHead)
		return STOR_STATUS_INVALID_PARAMETER;
	InitializeSListHead(SListHead);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortInitializeSListHead);

/**
 * StorPortInterlockedPushEntrySList() - insert at the head of a list
 * @HwDeviceExtension:	the adapter
 * @SListHead:		the list
 * @SListEntry:		the entry; one not aligned to 16 bytes is reported, and not
 *			inserted
 * @Result:		where the entry that was first is stored, or NULL
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportinterlockedpushentryslist
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer, or an entry that is not inserted.
 */
ULONG StorPortInterlockedPushEntrySList(PVOID HwDeviceExtension,
					PSTOR_SLIST_HEADER SListHead,
					PSTOR_SLIST_ENTRY SListEntry,
					PSTOR_SLIST_ENTRY *Result)
{
	if (missing(HwDeviceExtension, SListHead, Result) || !SListEntry)
		return STOR_STATUS_INVALID_PARAMETER;
	*Result = InterlockedPushEntrySList(SListHead, SListEntry);
	return IS_ALIGNED((ULONG_PTR)SListEntry, 16) ?
		       STOR_STATUS_SUCCESS : STOR_STATUS_INVALID_PARAMETER;
}
EXPORT_SYMBOL_GPL(StorPortInterlockedPushEntrySList);

/**
 * StorPortInterlockedPopEntrySList() - take the first entry out of a list
 * @HwDeviceExtension:	the adapter
 * @SListHead:		the list
 * @Result:		where it is stored; NULL when the list is empty
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportinterlockedpopentryslist
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortInterlockedPopEntrySList(PVOID HwDeviceExtension,
				       PSTOR_SLIST_HEADER SListHead,
				       PSTOR_SLIST_ENTRY *Result)
{
	if (missing(HwDeviceExtension, SListHead, Result))
		return STOR_STATUS_INVALID_PARAMETER;
	*Result = InterlockedPopEntrySList(SListHead);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortInterlockedPopEntrySList);

/**
 * StorPortInterlockedFlushSList() - take all entries out of a list
 * @HwDeviceExtension:	the adapter
 * @SListHead:		the list
 * @Result:		where the first of them is stored, or NULL
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportinterlockedflushslist
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortInterlockedFlushSList(PVOID HwDeviceExtension,
				    PSTOR_SLIST_HEADER SListHead,
				    PSTOR_SLIST_ENTRY *Result)
{
	if (missing(HwDeviceExtension, SListHead, Result))
		return STOR_STATUS_INVALID_PARAMETER;
	*Result = InterlockedFlushSList(SListHead);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortInterlockedFlushSList);

/**
 * StorPortQueryDepthSList() - how many entries has a list?
 * @HwDeviceExtension:	the adapter
 * @SListHead:		the list
 * @Result:		where their number is stored
 *
 * Context: IRQL: any; the answer may be old.
 * Page: nf-storport-storportquerydepthslist
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortQueryDepthSList(PVOID HwDeviceExtension,
			      PSTOR_SLIST_HEADER SListHead, PSHORT Result)
{
	if (missing(HwDeviceExtension, SListHead, Result))
		return STOR_STATUS_INVALID_PARAMETER;
	*Result = QueryDepthSList(SListHead);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortQueryDepthSList);
