// SPDX-License-Identifier: GPL-2.0-only
/* Masking of single messages, for StorPort miniports. */
#include <linux/export.h>

#include <storport.h>

#include "msix_table.h"
#include "storport.h"

/**
 * StorPortMaskMsixInterrupt() - mask a message of MSI-X, or unmask it
 * @HwDeviceExtension:	the adapter
 * @MessageId:		index in the device's MSI-X table
 * @Mask:		TRUE to mask
 *
 * An ISR of the message that runs already is not waited for. What the device has
 * to tell meanwhile is told when the message is unmasked.
 *
 * Context: IRQL <= DIRQL, also from the ISR of the message.
 * Page: nf-storport-storportmaskmsixinterrupt
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for NULL or a
 * number beyond the table; STOR_STATUS_UNSUCCESSFUL when the adapter is not
 * connected.
 */
ULONG StorPortMaskMsixInterrupt(PVOID HwDeviceExtension, ULONG MessageId,
				BOOLEAN Mask)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);

	if (!adapter)
		return STOR_STATUS_INVALID_PARAMETER;
	if (!adapter->msix)
		return STOR_STATUS_UNSUCCESSFUL;
	if (minirq_msix_table_mask(adapter->msix, MessageId, Mask))
		return STOR_STATUS_INVALID_PARAMETER;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortMaskMsixInterrupt);
