// SPDX-License-Identifier: GPL-2.0-only
/*
 * The bus driver at the bottom of every stack: what a PCI function answers to the
 * requests that reach it.
 */
/* the one place where the interfaces of a bus have their names */
#define INITGUID

#include "pnp_bus.h"

#include <linux/pci.h>

#include "msix_table.h"
#include "pnp.h"

static NTSTATUS finish(PIRP irp, NTSTATUS status)
{
	irp->IoStatus.Status = status;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

static NTSTATUS refuse(PDEVICE_OBJECT device, PIRP irp)
{
	return finish(irp, STATUS_INVALID_DEVICE_REQUEST);
}

/* What every PCI function can do: be on, or be off. */
static NTSTATUS query_capabilities(struct minirq_pnp *pnp,
				   PDEVICE_CAPABILITIES caps)
{
	unsigned int state;

	if (caps->Version != 1 || caps->Size < sizeof(*caps))
		return STATUS_UNSUCCESSFUL;
	if (pnp->pdev)
		caps->Address = PCI_SLOT(pnp->pdev->devfn) << 16 |
				PCI_FUNC(pnp->pdev->devfn);
	caps->SurpriseRemovalOK = 1;
	caps->DeviceState[PowerSystemWorking] = PowerDeviceD0;
	for (state = PowerSystemSleeping1; state < PowerSystemMaximum; state++)
		caps->DeviceState[state] = PowerDeviceD3;
	return STATUS_SUCCESS;
}

static NTSTATUS access_config(struct minirq_pnp *pnp, PIO_STACK_LOCATION location)
{
	PUCHAR buffer = location->Parameters.ReadWriteConfig.Buffer;
	ULONG offset = location->Parameters.ReadWriteConfig.Offset;
	ULONG end = offset + location->Parameters.ReadWriteConfig.Length;

	if (!pnp->pdev || location->Parameters.ReadWriteConfig.WhichSpace)
		return STATUS_INVALID_PARAMETER;
	if (end < offset || end > pnp->pdev->cfg_size)
		return STATUS_INVALID_PARAMETER;
	for (; offset < end; offset++, buffer++) {
		if (location->MinorFunction == IRP_MN_READ_CONFIG)
			pci_read_config_byte(pnp->pdev, offset, buffer);
		else
			pci_write_config_byte(pnp->pdev, offset, *buffer);
	}
	return STATUS_SUCCESS;
}

/* Of all interfaces that a bus can have, this one has: its MSI-X table. */
static NTSTATUS query_interface(struct minirq_pnp *pnp,
				PIO_STACK_LOCATION location, NTSTATUS status)
{
	PVOID interface = location->Parameters.QueryInterface.Interface;
	USHORT size = location->Parameters.QueryInterface.Size;

	if (!IsEqualGUID(location->Parameters.QueryInterface.InterfaceType,
			 &GUID_MSIX_TABLE_CONFIG_INTERFACE))
		return status;
	if (!pnp->pdo.msix)
		return STATUS_INVALID_DEVICE_STATE;
	if (minirq_msix_table_interface(pnp->pdo.msix, interface, size))
		return STATUS_BUFFER_TOO_SMALL;
	return STATUS_SUCCESS;
}

/* What the bus does not know ends as the drivers above have left it. */
static NTSTATUS handle_pnp(struct minirq_pnp *pnp, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

	switch (location->MinorFunction) {
	case IRP_MN_START_DEVICE:
	case IRP_MN_QUERY_STOP_DEVICE:
	case IRP_MN_STOP_DEVICE:
	case IRP_MN_CANCEL_STOP_DEVICE:
	case IRP_MN_QUERY_REMOVE_DEVICE:
	case IRP_MN_REMOVE_DEVICE:
	case IRP_MN_CANCEL_REMOVE_DEVICE:
	case IRP_MN_SURPRISE_REMOVAL:
		return STATUS_SUCCESS;
	case IRP_MN_QUERY_INTERFACE:
		return query_interface(pnp, location, irp->IoStatus.Status);
	case IRP_MN_QUERY_CAPABILITIES:
		return query_capabilities(pnp,
			location->Parameters.DeviceCapabilities.Capabilities);
	case IRP_MN_READ_CONFIG:
	case IRP_MN_WRITE_CONFIG:
		return access_config(pnp, location);
	default:
		return irp->IoStatus.Status;
	}
}

static NTSTATUS bus_pnp(PDEVICE_OBJECT device, PIRP irp)
{
	return finish(irp, handle_pnp(minirq_pnp_of(device), irp));
}

/* The PCI core sets the state, when all drivers of the machine have theirs. */
static NTSTATUS bus_power(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);

	switch (location->MinorFunction) {
	case IRP_MN_SET_POWER:
		PoSetPowerState(device, location->Parameters.Power.Type,
				location->Parameters.Power.State);
		return finish(irp, STATUS_SUCCESS);
	case IRP_MN_QUERY_POWER:
		return finish(irp, STATUS_SUCCESS);
	default:
		return finish(irp, irp->IoStatus.Status);
	}
}

/* The driver of every function at the bottom of a stack. */
struct _DRIVER_OBJECT minirq_pnp_bus_driver = {
	.Size = sizeof(minirq_pnp_bus_driver),
	.MajorFunction = {
		[0 ... IRP_MJ_POWER - 1] = refuse,
		[IRP_MJ_POWER] = bus_power,
		[IRP_MJ_POWER + 1 ... IRP_MJ_PNP - 1] = refuse,
		[IRP_MJ_PNP] = bus_pnp,
	},
};
