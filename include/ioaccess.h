/* SPDX-License-Identifier: GPL-2.0-only */
/* Device registers: one access of the exact size, ordered with memory. */
#ifndef _IO_ACCESS_H
#define _IO_ACCESS_H

#include <ntdef.h>

EXTERN_C_START

_MINIRQ_INLINE UCHAR READ_REGISTER_UCHAR(const volatile UCHAR *Register)
{
	UCHAR Value;

#if defined(__x86_64__)
	__asm__ __volatile__("movb %1, %0" : "=q" (Value) : "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("ldrb %w0, [%1]\n\tdmb oshld"
			     : "=r" (Value) : "r" (Register) : "memory");
#else
	Value = *Register;
	__sync_synchronize();
#endif
	return Value;
}

_MINIRQ_INLINE VOID WRITE_REGISTER_UCHAR(volatile UCHAR *Register, UCHAR Value)
{
#if defined(__x86_64__)
	__asm__ __volatile__("movb %0, %1" : : "q" (Value), "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("dmb oshst\n\tstrb %w0, [%1]"
			     : : "rZ" (Value), "r" (Register) : "memory");
#else
	__sync_synchronize();
	*Register = Value;
#endif
}

_MINIRQ_INLINE USHORT READ_REGISTER_USHORT(const volatile USHORT *Register)
{
	USHORT Value;

#if defined(__x86_64__)
	__asm__ __volatile__("movw %1, %0" : "=r" (Value) : "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("ldrh %w0, [%1]\n\tdmb oshld"
			     : "=r" (Value) : "r" (Register) : "memory");
#else
	Value = *Register;
	__sync_synchronize();
#endif
	return Value;
}

_MINIRQ_INLINE VOID WRITE_REGISTER_USHORT(volatile USHORT *Register, USHORT Value)
{
#if defined(__x86_64__)
	__asm__ __volatile__("movw %0, %1" : : "r" (Value), "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("dmb oshst\n\tstrh %w0, [%1]"
			     : : "rZ" (Value), "r" (Register) : "memory");
#else
	__sync_synchronize();
	*Register = Value;
#endif
}

_MINIRQ_INLINE ULONG READ_REGISTER_ULONG(const volatile ULONG *Register)
{
	ULONG Value;

#if defined(__x86_64__)
	__asm__ __volatile__("movl %1, %0" : "=r" (Value) : "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("ldr %w0, [%1]\n\tdmb oshld"
			     : "=r" (Value) : "r" (Register) : "memory");
#else
	Value = *Register;
	__sync_synchronize();
#endif
	return Value;
}

_MINIRQ_INLINE VOID WRITE_REGISTER_ULONG(volatile ULONG *Register, ULONG Value)
{
#if defined(__x86_64__)
	__asm__ __volatile__("movl %0, %1" : : "r" (Value), "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("dmb oshst\n\tstr %w0, [%1]"
			     : : "rZ" (Value), "r" (Register) : "memory");
#else
	__sync_synchronize();
	*Register = Value;
#endif
}

_MINIRQ_INLINE ULONG64 READ_REGISTER_ULONG64(const volatile ULONG64 *Register)
{
	ULONG64 Value;

#if defined(__x86_64__)
	__asm__ __volatile__("movq %1, %0" : "=r" (Value) : "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("ldr %x0, [%1]\n\tdmb oshld"
			     : "=r" (Value) : "r" (Register) : "memory");
#else
	Value = *Register;
	__sync_synchronize();
#endif
	return Value;
}

_MINIRQ_INLINE VOID WRITE_REGISTER_ULONG64(volatile ULONG64 *Register, ULONG64 Value)
{
#if defined(__x86_64__)
	__asm__ __volatile__("movq %0, %1" : : "r" (Value), "m" (*Register) : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("dmb oshst\n\tstr %x0, [%1]"
			     : : "rZ" (Value), "r" (Register) : "memory");
#else
	__sync_synchronize();
	*Register = Value;
#endif
}

_MINIRQ_INLINE VOID READ_REGISTER_BUFFER_UCHAR(volatile UCHAR *Register, PUCHAR Buffer, ULONG Count)
{
	while (Count--)
		*Buffer++ = READ_REGISTER_UCHAR(Register++);
}

_MINIRQ_INLINE VOID WRITE_REGISTER_BUFFER_UCHAR(volatile UCHAR *Register, PUCHAR Buffer,
						ULONG Count)
{
	while (Count--)
		WRITE_REGISTER_UCHAR(Register++, *Buffer++);
}

_MINIRQ_INLINE VOID READ_REGISTER_BUFFER_USHORT(volatile USHORT *Register, PUSHORT Buffer,
						ULONG Count)
{
	while (Count--)
		*Buffer++ = READ_REGISTER_USHORT(Register++);
}

_MINIRQ_INLINE VOID WRITE_REGISTER_BUFFER_USHORT(volatile USHORT *Register, PUSHORT Buffer,
						 ULONG Count)
{
	while (Count--)
		WRITE_REGISTER_USHORT(Register++, *Buffer++);
}

_MINIRQ_INLINE VOID READ_REGISTER_BUFFER_ULONG(volatile ULONG *Register, PULONG Buffer, ULONG Count)
{
	while (Count--)
		*Buffer++ = READ_REGISTER_ULONG(Register++);
}

_MINIRQ_INLINE VOID WRITE_REGISTER_BUFFER_ULONG(volatile ULONG *Register, PULONG Buffer,
						ULONG Count)
{
	while (Count--)
		WRITE_REGISTER_ULONG(Register++, *Buffer++);
}

_MINIRQ_INLINE VOID READ_REGISTER_BUFFER_ULONG64(volatile ULONG64 *Register, PULONG64 Buffer,
						 ULONG Count)
{
	while (Count--)
		*Buffer++ = READ_REGISTER_ULONG64(Register++);
}

_MINIRQ_INLINE VOID WRITE_REGISTER_BUFFER_ULONG64(volatile ULONG64 *Register, PULONG64 Buffer,
						  ULONG Count)
{
	while (Count--)
		WRITE_REGISTER_ULONG64(Register++, *Buffer++);
}

/* Ports; a pointer to a port is its number */
NTHALAPI UCHAR READ_PORT_UCHAR(PUCHAR Port);
NTHALAPI USHORT READ_PORT_USHORT(PUSHORT Port);
NTHALAPI ULONG READ_PORT_ULONG(PULONG Port);
NTHALAPI VOID WRITE_PORT_UCHAR(PUCHAR Port, UCHAR Value);
NTHALAPI VOID WRITE_PORT_USHORT(PUSHORT Port, USHORT Value);
NTHALAPI VOID WRITE_PORT_ULONG(PULONG Port, ULONG Value);
NTHALAPI VOID READ_PORT_BUFFER_UCHAR(PUCHAR Port, PUCHAR Buffer, ULONG Count);
NTHALAPI VOID READ_PORT_BUFFER_USHORT(PUSHORT Port, PUSHORT Buffer, ULONG Count);
NTHALAPI VOID READ_PORT_BUFFER_ULONG(PULONG Port, PULONG Buffer, ULONG Count);
NTHALAPI VOID WRITE_PORT_BUFFER_UCHAR(PUCHAR Port, PUCHAR Buffer, ULONG Count);
NTHALAPI VOID WRITE_PORT_BUFFER_USHORT(PUSHORT Port, PUSHORT Buffer, ULONG Count);
NTHALAPI VOID WRITE_PORT_BUFFER_ULONG(PULONG Port, PULONG Buffer, ULONG Count);

EXTERN_C_END

#endif
