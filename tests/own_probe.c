// SPDX-License-Identifier: GPL-2.0-only
/*
 * Windows code that only wants interrupts: the device object it connects with comes
 * from a Linux driver, which has a probe of its own. The device is an 82574L.
 */
#include <initguid.h>
#include <wdm.h>

#include "own_probe.h"

#define E1000_ICR		0xC0
#define E1000_ICS		0xC8
#define E1000_IMS		0xD0
#define E1000_IVAR		0xE4
#define E1000_CAUSE(n)		(1U << (20 + (n)))
#define E1000_ALL_CAUSES	0x1F00000U
#define E1000_ROUTES		0x000CBA98U

OWN_PROBE OwnProbe;

static PUCHAR OwnRegisters;
static PIO_INTERRUPT_MESSAGE_INFO OwnTable;

static VOID OwnWrite(ULONG Register, ULONG Value)
{
	WRITE_REGISTER_ULONG((PULONG)(OwnRegisters + Register), Value);
}

static BOOLEAN OwnMessage(PKINTERRUPT Interrupt, PVOID Context, ULONG Message)
{
	OwnWrite(E1000_ICR, E1000_CAUSE(Message));
	OwnProbe.LastMessage = Message;
	OwnProbe.Interrupts++;
	return TRUE;
}

static NTSTATUS OwnAskForTable(PDEVICE_OBJECT Pdo, PPCI_MSIX_TABLE_CONFIG_INTERFACE Table)
{
	IO_STATUS_BLOCK Io = { .Status = STATUS_UNSUCCESSFUL };
	PIO_STACK_LOCATION Stack;
	KEVENT Event;
	PIRP Irp;

	KeInitializeEvent(&Event, NotificationEvent, FALSE);
	Irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, Pdo, NULL, 0, NULL, &Event, &Io);
	if (!Irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	Irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
	Stack = IoGetNextIrpStackLocation(Irp);
	Stack->MinorFunction = IRP_MN_QUERY_INTERFACE;
	Stack->Parameters.QueryInterface.InterfaceType = &GUID_MSIX_TABLE_CONFIG_INTERFACE;
	Stack->Parameters.QueryInterface.Size = sizeof(*Table);
	Stack->Parameters.QueryInterface.Version = PCI_MSIX_TABLE_CONFIG_INTERFACE_VERSION;
	Stack->Parameters.QueryInterface.Interface = (PINTERFACE)Table;
	if (IoCallDriver(Pdo, Irp) == STATUS_PENDING)
		KeWaitForSingleObject(&Event, Executive, KernelMode, FALSE, NULL);
	return Io.Status;
}

static VOID OwnTryTable(PDEVICE_OBJECT Pdo)
{
	PCI_MSIX_TABLE_CONFIG_INTERFACE Table;

	OwnProbe.Table = OwnAskForTable(Pdo, &Table);
	if (!NT_SUCCESS(OwnProbe.Table))
		return;
	OwnProbe.Masked = Table.MaskTableEntry(Table.Context, 3);
	if (NT_SUCCESS(OwnProbe.Masked))
		OwnProbe.Masked = Table.UnmaskTableEntry(Table.Context, 3);
	Table.InterfaceDereference(Table.Context);
}

int OwnProbeConnect(PDEVICE_OBJECT Pdo, void *Registers)
{
	IO_CONNECT_INTERRUPT_PARAMETERS Parameters = {
		.Version = CONNECT_MESSAGE_BASED,
		.MessageBased = {
			.PhysicalDeviceObject = Pdo,
			.ConnectionContext.InterruptMessageTable = &OwnTable,
			.MessageServiceRoutine = OwnMessage,
		},
	};
	NTSTATUS Status;

	OwnRegisters = Registers;
	Status = IoConnectInterruptEx(&Parameters);
	if (!NT_SUCCESS(Status))
		return Status;
	OwnProbe.Version = Parameters.Version;
	OwnProbe.Messages = OwnTable->MessageCount;
	OwnTryTable(Pdo);
	OwnWrite(E1000_IVAR, E1000_ROUTES);
	OwnWrite(E1000_IMS, E1000_ALL_CAUSES);
	return Status;
}

void OwnProbeFire(unsigned int Message)
{
	OwnWrite(E1000_ICS, E1000_CAUSE(Message));
}

void OwnProbeDisconnect(void)
{
	IO_DISCONNECT_INTERRUPT_PARAMETERS Parameters = {
		.Version = OwnProbe.Version,
		.ConnectionContext.InterruptMessageTable = OwnTable,
	};

	IoDisconnectInterruptEx(&Parameters);
}
