// SPDX-License-Identifier: GPL-2.0-only
/* The MSI-X table of an NDIS adapter. */
#include <linux/export.h>

#include "msix_table.h"
#include "ndis_handle.h"
#include "verifier.h"

static bool header_valid(const NDIS_OBJECT_HEADER *header)
{
	return header->Type == NDIS_OBJECT_TYPE_DEFAULT &&
	       header->Revision >= NDIS_MSIX_CONFIG_PARAMETERS_REVISION_1 &&
	       header->Size >= NDIS_SIZEOF_MSIX_CONFIG_PARAMETERS_REVISION_1;
}

static int configure(struct minirq_msix_table *table,
		     const NDIS_MSIX_CONFIG_PARAMETERS *config)
{
	switch (config->ConfigOperation) {
	case NdisMSIXTableConfigSetTableEntry:
		return minirq_msix_table_set(table, config->TableEntry,
					     config->MessageNumber);
	case NdisMSIXTableConfigMaskTableEntry:
		return minirq_msix_table_mask(table, config->TableEntry, true);
	case NdisMSIXTableConfigUnmaskTableEntry:
		return minirq_msix_table_mask(table, config->TableEntry, false);
	default:
		return -EINVAL;
	}
}

/**
 * NdisMConfigMSIXTableEntry() - mask, unmask or redirect an MSI-X table entry
 * @MiniportAdapterHandle:	the adapter
 * @MSIXConfigParameters:	what to do, with which entry
 *
 * Differs from Windows: the table in the device is the kernel's, so an entry is
 * redirected when its interrupt arrives. MessageInfoTable keeps describing the
 * entries as they are by default.
 *
 * Context: IRQL: any, from the call of MiniportInitializeEx until MiniportHaltEx
 * has returned; a call at another time is reported.
 * Page: nf-ndis-ndismconfigmsixtableentry
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_INVALID_PARAMETER for a bad handle,
 * pointer, header or operation, for an entry or a message that does not exist, without
 * MSI-X, and at the wrong time.
 */
NDIS_STATUS
NdisMConfigMSIXTableEntry(NDIS_HANDLE MiniportAdapterHandle,
			  PNDIS_MSIX_CONFIG_PARAMETERS MSIXConfigParameters)
{
	struct minirq_ndis_adapter *adapter;

	if (!MiniportAdapterHandle || !MSIXConfigParameters ||
	    !header_valid(&MSIXConfigParameters->Header))
		return NDIS_STATUS_INVALID_PARAMETER;
	adapter = minirq_ndis_adapter_of(MiniportAdapterHandle, __func__,
					 MINIRQ_CALLER);
	if (!adapter)
		return NDIS_STATUS_INVALID_PARAMETER;
	if (!adapter->msix) {
		minirq_violation(MINIRQ_RULE_NDIS_CALL, MINIRQ_CALLER,
				 "%s: MSI-X table of an adapter that is not initialised",
				 adapter->name);
		return NDIS_STATUS_INVALID_PARAMETER;
	}
	if (configure(adapter->msix, MSIXConfigParameters))
		return NDIS_STATUS_INVALID_PARAMETER;
	return NDIS_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(NdisMConfigMSIXTableEntry);
