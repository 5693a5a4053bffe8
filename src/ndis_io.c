// SPDX-License-Identifier: GPL-2.0-only
/* Registers, ports and config space of an NDIS adapter. */
#include <linux/export.h>
#include <linux/io.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "ndis_owner.h"
#include "resources.h"
#include "verifier.h"

static void unmap(struct minirq_ndis_object *object)
{
	iounmap((void __iomem *)object->key);
	kfree(object);
}

static const struct minirq_ndis_kind mapping_kind = {
	.name = "mapping of registers",
	.free = unmap,
};

static void free_ports(struct minirq_ndis_object *object)
{
	kfree(object);
}

static const struct minirq_ndis_kind ports_kind = {
	.name = "port range",
	.free = free_ports,
};

static struct pci_dev *pdev_of(const struct minirq_ndis_owner *owner)
{
	if (!owner->dev || !dev_is_pci(owner->dev))
		return NULL;
	return to_pci_dev(owner->dev);
}

static bool at_passive(const char *function, void *caller)
{
	return minirq_ndis_level(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
				 function, caller);
}

static NDIS_STATUS map(struct minirq_ndis_owner *owner, u64 start,
		       size_t length, void **address, void *caller)
{
	struct minirq_ndis_object *object;

	if (!minirq_resources_own(pdev_of(owner), start, length))
		return NDIS_STATUS_RESOURCE_CONFLICT;
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return NDIS_STATUS_RESOURCES;
	object->key = (__force void *)ioremap(start, length);
	if (!object->key) {
		kfree(object);
		return NDIS_STATUS_RESOURCES;
	}
	*address = object->key;
	minirq_ndis_object_add(object, owner, &mapping_kind, caller);
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisMMapIoSpace() - map registers of an adapter
 * @VirtualAddress:		where the mapped address is stored, NULL for none
 * @MiniportAdapterHandle:	the adapter
 * @PhysicalAddress:		a range within one of its memory resources
 * @Length:			size of the range
 *
 * What is not unmapped when the adapter halts is reported, and unmapped.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndismmapiospace
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_INVALID_PARAMETER - no adapter, or a NULL pointer
 * * NDIS_STATUS_RESOURCE_CONFLICT - the range is not the adapter's
 * * NDIS_STATUS_RESOURCES - it cannot be mapped
 * * NDIS_STATUS_FAILURE - called above PASSIVE_LEVEL
 */
NDIS_STATUS NdisMMapIoSpace(PVOID *VirtualAddress,
			    NDIS_HANDLE MiniportAdapterHandle,
			    NDIS_PHYSICAL_ADDRESS PhysicalAddress, UINT Length)
{
	struct minirq_ndis_owner *owner;

	if (!VirtualAddress)
		return NDIS_STATUS_INVALID_PARAMETER;
	*VirtualAddress = NULL;
	owner = minirq_ndis_owner_of(MiniportAdapterHandle, __func__,
				     MINIRQ_CALLER);
	if (!owner)
		return NDIS_STATUS_INVALID_PARAMETER;
	if (!at_passive("NdisMMapIoSpace", MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	return map(owner, PhysicalAddress.QuadPart, Length, VirtualAddress,
		   MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(NdisMMapIoSpace);

/**
 * NdisMUnmapIoSpace() - undo NdisMMapIoSpace()
 * @MiniportAdapterHandle:	the adapter
 * @VirtualAddress:		the mapped address; reported when it is none
 * @Length:			not used
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndismunmapiospace
 */
VOID NdisMUnmapIoSpace(NDIS_HANDLE MiniportAdapterHandle, PVOID VirtualAddress,
		       UINT Length)
{
	struct minirq_ndis_object *object;

	if (!at_passive(__func__, MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_take(MiniportAdapterHandle, &mapping_kind,
					 VirtualAddress, __func__,
					 MINIRQ_CALLER);
	if (object)
		unmap(object);
}
EXPORT_SYMBOL_GPL(NdisMUnmapIoSpace);

static NDIS_STATUS claim_ports(struct minirq_ndis_owner *owner, UINT first,
			       UINT count, void *caller)
{
	struct minirq_ndis_object *object;

	if (!minirq_resources_own_ports(pdev_of(owner), first, count))
		return NDIS_STATUS_RESOURCE_CONFLICT;
	object = kzalloc(sizeof(*object), GFP_KERNEL);
	if (!object)
		return NDIS_STATUS_RESOURCES;
	object->key = (void *)(ULONG_PTR)first;
	minirq_ndis_object_add(object, owner, &ports_kind, caller);
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisMRegisterIoPortRange() - get access to ports of an adapter
 * @PortOffset:			where the first port's number is stored
 * @MiniportAdapterHandle:	the adapter
 * @InitialPort:		first of a range within one of its port resources
 * @NumberOfPorts:		size of the range
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndismregisterioportrange
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_RESOURCE_CONFLICT - the range is not the adapter's
 * * NDIS_STATUS_RESOURCES - out of memory
 * * NDIS_STATUS_FAILURE - no adapter, a NULL pointer, called above
 *   PASSIVE_LEVEL
 */
NDIS_STATUS NdisMRegisterIoPortRange(PVOID *PortOffset,
				     NDIS_HANDLE MiniportAdapterHandle,
				     UINT InitialPort, UINT NumberOfPorts)
{
	struct minirq_ndis_owner *owner;
	NDIS_STATUS status;

	owner = minirq_ndis_owner_of(MiniportAdapterHandle, __func__,
				     MINIRQ_CALLER);
	if (!owner || !PortOffset)
		return NDIS_STATUS_FAILURE;
	if (!at_passive("NdisMRegisterIoPortRange", MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	status = claim_ports(owner, InitialPort, NumberOfPorts, MINIRQ_CALLER);
	if (status == NDIS_STATUS_SUCCESS)
		*PortOffset = (PVOID)(ULONG_PTR)InitialPort;
	return status;
}
EXPORT_SYMBOL_GPL(NdisMRegisterIoPortRange);

/**
 * NdisMDeregisterIoPortRange() - undo NdisMRegisterIoPortRange()
 * @MiniportAdapterHandle:	the adapter
 * @InitialPort:		not used
 * @NumberOfPorts:		not used
 * @PortOffset:			what was stored; reported when it was not
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndismderegisterioportrange
 */
VOID NdisMDeregisterIoPortRange(NDIS_HANDLE MiniportAdapterHandle,
				UINT InitialPort, UINT NumberOfPorts,
				PVOID PortOffset)
{
	struct minirq_ndis_object *object;

	if (!at_passive(__func__, MINIRQ_CALLER))
		return;
	object = minirq_ndis_object_take(MiniportAdapterHandle, &ports_kind,
					 PortOffset, __func__, MINIRQ_CALLER);
	if (object)
		free_ports(object);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterIoPortRange);

/* How much of a range lies in the config space of a function. */
static ULONG within_config(struct pci_dev *pdev, ULONG space, ULONG offset,
			   ULONG length)
{
	if (!pdev || space != PCI_WHICHSPACE_CONFIG || offset >= pdev->cfg_size)
		return 0;
	return min_t(ULONG, length, pdev->cfg_size - offset);
}

/**
 * NdisMGetBusData() - read config space
 * @NdisMiniportHandle:	the adapter
 * @WhichSpace:		PCI_WHICHSPACE_CONFIG
 * @Offset:		first byte
 * @Buffer:		where the bytes are stored
 * @Length:		how many
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndismgetbusdata
 * Return: the number of bytes read; 0 for another space, an offset behind the
 * end, or a device that is gone.
 */
ULONG NdisMGetBusData(NDIS_HANDLE NdisMiniportHandle, ULONG WhichSpace,
		      ULONG Offset, PVOID Buffer, ULONG Length)
{
	struct minirq_ndis_owner *owner;
	struct pci_dev *pdev;
	ULONG count, i;
	u8 *bytes = Buffer;

	owner = minirq_ndis_owner_of(NdisMiniportHandle, __func__,
				     MINIRQ_CALLER);
	pdev = owner ? pdev_of(owner) : NULL;
	count = within_config(pdev, WhichSpace, Offset, Length);
	for (i = 0; i < count; i++)
		if (pci_read_config_byte(pdev, Offset + i, &bytes[i]))
			break;
	return i;
}
EXPORT_SYMBOL_GPL(NdisMGetBusData);

/**
 * NdisMSetBusData() - write config space
 * @NdisMiniportHandle:	the adapter
 * @WhichSpace:		PCI_WHICHSPACE_CONFIG
 * @Offset:		first byte
 * @Buffer:		the bytes
 * @Length:		how many
 *
 * Context: IRQL: any.
 * Page: nf-ndis-ndismsetbusdata
 * Return: the number of bytes written; 0 for another space, an offset behind
 * the end, or a device that is gone.
 */
ULONG NdisMSetBusData(NDIS_HANDLE NdisMiniportHandle, ULONG WhichSpace,
		      ULONG Offset, PVOID Buffer, ULONG Length)
{
	struct minirq_ndis_owner *owner;
	struct pci_dev *pdev;
	const u8 *bytes = Buffer;
	ULONG count, i;

	owner = minirq_ndis_owner_of(NdisMiniportHandle, __func__,
				     MINIRQ_CALLER);
	pdev = owner ? pdev_of(owner) : NULL;
	count = within_config(pdev, WhichSpace, Offset, Length);
	for (i = 0; i < count; i++)
		if (pci_write_config_byte(pdev, Offset + i, bytes[i]))
			break;
	return i;
}
EXPORT_SYMBOL_GPL(NdisMSetBusData);
