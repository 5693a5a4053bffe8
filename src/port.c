// SPDX-License-Identifier: GPL-2.0-only
/*
 * Device registers in port space. Windows hands a driver the address of a port
 * as a pointer; here it is the number of the port.
 */
#include <linux/export.h>
#include <linux/io.h>

#include <wdm.h>

/**
 * READ_PORT_UCHAR() - read a port of one byte
 * @Port:	the port's number
 *
 * Context: IRQL: any.
 * Page: nf-wdm-read_port_uchar
 * Return: what was read.
 */
UCHAR READ_PORT_UCHAR(PUCHAR Port)
{
	return inb((unsigned long)Port);
}
EXPORT_SYMBOL_GPL(READ_PORT_UCHAR);

/**
 * READ_PORT_USHORT() - read a port of two bytes
 * @Port:	the port's number
 *
 * Context: IRQL: any.
 * Page: nf-wdm-read_port_ushort
 * Return: what was read.
 */
USHORT READ_PORT_USHORT(PUSHORT Port)
{
	return inw((unsigned long)Port);
}
EXPORT_SYMBOL_GPL(READ_PORT_USHORT);

/**
 * READ_PORT_ULONG() - read a port of four bytes
 * @Port:	the port's number
 *
 * Context: IRQL: any.
 * Page: nf-wdm-read_port_ulong
 * Return: what was read.
 */
ULONG READ_PORT_ULONG(PULONG Port)
{
	return inl((unsigned long)Port);
}
EXPORT_SYMBOL_GPL(READ_PORT_ULONG);

/**
 * WRITE_PORT_UCHAR() - write a port of one byte
 * @Port:	the port's number
 * @Value:	what to write
 *
 * Context: IRQL: any.
 * Page: nf-wdm-write_port_uchar
 */
VOID WRITE_PORT_UCHAR(PUCHAR Port, UCHAR Value)
{
	outb(Value, (unsigned long)Port);
}
EXPORT_SYMBOL_GPL(WRITE_PORT_UCHAR);

/**
 * WRITE_PORT_USHORT() - write a port of two bytes
 * @Port:	the port's number
 * @Value:	what to write
 *
 * Context: IRQL: any.
 * Page: nf-wdm-write_port_ushort
 */
VOID WRITE_PORT_USHORT(PUSHORT Port, USHORT Value)
{
	outw(Value, (unsigned long)Port);
}
EXPORT_SYMBOL_GPL(WRITE_PORT_USHORT);

/**
 * WRITE_PORT_ULONG() - write a port of four bytes
 * @Port:	the port's number
 * @Value:	what to write
 *
 * Context: IRQL: any.
 * Page: nf-wdm-write_port_ulong
 */
VOID WRITE_PORT_ULONG(PULONG Port, ULONG Value)
{
	outl(Value, (unsigned long)Port);
}
EXPORT_SYMBOL_GPL(WRITE_PORT_ULONG);

/**
 * READ_PORT_BUFFER_UCHAR() - read a port of one byte many times
 * @Port:	the port's number
 * @Buffer:	where the values are stored
 * @Count:	how many
 *
 * Context: IRQL: any.
 * Page: nf-wdm-read_port_buffer_uchar
 */
VOID READ_PORT_BUFFER_UCHAR(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
	insb((unsigned long)Port, Buffer, Count);
}
EXPORT_SYMBOL_GPL(READ_PORT_BUFFER_UCHAR);

/**
 * READ_PORT_BUFFER_USHORT() - read a port of two bytes many times
 * @Port:	the port's number
 * @Buffer:	where the values are stored
 * @Count:	how many
 *
 * Context: IRQL: any.
 * Page: nf-wdm-read_port_buffer_ushort
 */
VOID READ_PORT_BUFFER_USHORT(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
	insw((unsigned long)Port, Buffer, Count);
}
EXPORT_SYMBOL_GPL(READ_PORT_BUFFER_USHORT);

/**
 * READ_PORT_BUFFER_ULONG() - read a port of four bytes many times
 * @Port:	the port's number
 * @Buffer:	where the values are stored
 * @Count:	how many
 *
 * Context: IRQL: any.
 * Page: nf-wdm-read_port_buffer_ulong
 */
VOID READ_PORT_BUFFER_ULONG(PULONG Port, PULONG Buffer, ULONG Count)
{
	insl((unsigned long)Port, Buffer, Count);
}
EXPORT_SYMBOL_GPL(READ_PORT_BUFFER_ULONG);

/**
 * WRITE_PORT_BUFFER_UCHAR() - write a port of one byte many times
 * @Port:	the port's number
 * @Buffer:	what to write
 * @Count:	how many
 *
 * Context: IRQL: any.
 * Page: nf-wdm-write_port_buffer_uchar
 */
VOID WRITE_PORT_BUFFER_UCHAR(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
	outsb((unsigned long)Port, Buffer, Count);
}
EXPORT_SYMBOL_GPL(WRITE_PORT_BUFFER_UCHAR);

/**
 * WRITE_PORT_BUFFER_USHORT() - write a port of two bytes many times
 * @Port:	the port's number
 * @Buffer:	what to write
 * @Count:	how many
 *
 * Context: IRQL: any.
 * Page: nf-wdm-write_port_buffer_ushort
 */
VOID WRITE_PORT_BUFFER_USHORT(PUSHORT Port, PUSHORT Buffer, ULONG Count)
{
	outsw((unsigned long)Port, Buffer, Count);
}
EXPORT_SYMBOL_GPL(WRITE_PORT_BUFFER_USHORT);

/**
 * WRITE_PORT_BUFFER_ULONG() - write a port of four bytes many times
 * @Port:	the port's number
 * @Buffer:	what to write
 * @Count:	how many
 *
 * Context: IRQL: any.
 * Page: nf-wdm-write_port_buffer_ulong
 */
VOID WRITE_PORT_BUFFER_ULONG(PULONG Port, PULONG Buffer, ULONG Count)
{
	outsl((unsigned long)Port, Buffer, Count);
}
EXPORT_SYMBOL_GPL(WRITE_PORT_BUFFER_ULONG);
