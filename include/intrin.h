/* SPDX-License-Identifier: GPL-2.0-only */
/* Interlocked operations, barriers, bit scans: all of them full barriers, as on x64. */
#ifndef __INTRIN_H_
#define __INTRIN_H_

#include <ntdef.h>

EXTERN_C_START

/* A barrier for memory and device registers alike */
_MINIRQ_INLINE VOID KeMemoryBarrier(VOID)
{
#if defined(__x86_64__)
	__asm__ __volatile__("mfence" : : : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("dmb sy" : : : "memory");
#else
	__sync_synchronize();
#endif
}

#define MemoryBarrier()			KeMemoryBarrier()

_MINIRQ_INLINE VOID KeMemoryBarrierWithoutFence(VOID)
{
	__asm__ __volatile__("" : : : "memory");
}

_MINIRQ_INLINE VOID YieldProcessor(VOID)
{
#if defined(__x86_64__)
	__asm__ __volatile__("pause" : : : "memory");
#elif defined(__aarch64__)
	__asm__ __volatile__("yield" : : : "memory");
#else
	__asm__ __volatile__("" : : : "memory");
#endif
}

/* 32 bits */
_MINIRQ_INLINE LONG InterlockedIncrement(volatile LONG *Addend)
{
	return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedDecrement(volatile LONG *Addend)
{
	return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedExchange(volatile LONG *Target, LONG Value)
{
	return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedExchangeAdd(volatile LONG *Addend, LONG Value)
{
	return __atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedAdd(volatile LONG *Addend, LONG Value)
{
	return __atomic_add_fetch(Addend, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedAnd(volatile LONG *Destination, LONG Value)
{
	return __atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedOr(volatile LONG *Destination, LONG Value)
{
	return __atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedXor(volatile LONG *Destination, LONG Value)
{
	return __atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG InterlockedCompareExchange(volatile LONG *Destination,
					       LONG Exchange, LONG Comperand)
{
	return __sync_val_compare_and_swap(Destination, Comperand, Exchange);
}

/* 64 bits */
_MINIRQ_INLINE LONG64 InterlockedIncrement64(volatile LONG64 *Addend)
{
	return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedDecrement64(volatile LONG64 *Addend)
{
	return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedExchange64(volatile LONG64 *Target, LONG64 Value)
{
	return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedExchangeAdd64(volatile LONG64 *Addend, LONG64 Value)
{
	return __atomic_fetch_add(Addend, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedAdd64(volatile LONG64 *Addend, LONG64 Value)
{
	return __atomic_add_fetch(Addend, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedAnd64(volatile LONG64 *Destination, LONG64 Value)
{
	return __atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedOr64(volatile LONG64 *Destination, LONG64 Value)
{
	return __atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedXor64(volatile LONG64 *Destination, LONG64 Value)
{
	return __atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE LONG64 InterlockedCompareExchange64(volatile LONG64 *Destination,
						   LONG64 Exchange, LONG64 Comperand)
{
	return __sync_val_compare_and_swap(Destination, Comperand, Exchange);
}

/* 16 bits */
_MINIRQ_INLINE SHORT InterlockedIncrement16(volatile SHORT *Addend)
{
	return __atomic_add_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE SHORT InterlockedDecrement16(volatile SHORT *Addend)
{
	return __atomic_sub_fetch(Addend, 1, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE SHORT InterlockedExchange16(volatile SHORT *Target, SHORT Value)
{
	return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE SHORT InterlockedAnd16(volatile SHORT *Destination, SHORT Value)
{
	return __atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE SHORT InterlockedOr16(volatile SHORT *Destination, SHORT Value)
{
	return __atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE SHORT InterlockedXor16(volatile SHORT *Destination, SHORT Value)
{
	return __atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE SHORT InterlockedCompareExchange16(volatile SHORT *Destination,
						  SHORT Exchange, SHORT Comperand)
{
	return __sync_val_compare_and_swap(Destination, Comperand, Exchange);
}

/* 8 bits */
_MINIRQ_INLINE CHAR InterlockedExchange8(volatile CHAR *Target, CHAR Value)
{
	return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE CHAR InterlockedAnd8(volatile CHAR *Destination, CHAR Value)
{
	return __atomic_fetch_and(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE CHAR InterlockedOr8(volatile CHAR *Destination, CHAR Value)
{
	return __atomic_fetch_or(Destination, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE CHAR InterlockedXor8(volatile CHAR *Destination, CHAR Value)
{
	return __atomic_fetch_xor(Destination, Value, __ATOMIC_SEQ_CST);
}

/* Pointers */
_MINIRQ_INLINE PVOID _MinirqExchangePointer(PVOID volatile *Target, PVOID Value)
{
	return __atomic_exchange_n(Target, Value, __ATOMIC_SEQ_CST);
}

_MINIRQ_INLINE PVOID _MinirqCompareExchangePointer(PVOID volatile *Destination, PVOID Exchange,
						   PVOID Comperand)
{
	return __sync_val_compare_and_swap(Destination, Comperand, Exchange);
}

#define InterlockedExchangePointer(Target, Value) \
	_MinirqExchangePointer((PVOID volatile *)(Target), (PVOID)(Value))
#define InterlockedCompareExchangePointer(Destination, Exchange, Comperand) \
	_MinirqCompareExchangePointer((PVOID volatile *)(Destination), (PVOID)(Exchange), \
				      (PVOID)(Comperand))

/* Bits: the result is the bit's old value */
_MINIRQ_INLINE UCHAR InterlockedBitTestAndSet(volatile LONG *Base, LONG Bit)
{
	LONG Mask = (LONG)(1U << (Bit & 31));

	return !!(__atomic_fetch_or(Base + (Bit >> 5), Mask, __ATOMIC_SEQ_CST) & Mask);
}

_MINIRQ_INLINE UCHAR InterlockedBitTestAndReset(volatile LONG *Base, LONG Bit)
{
	LONG Mask = (LONG)(1U << (Bit & 31));

	return !!(__atomic_fetch_and(Base + (Bit >> 5), ~Mask, __ATOMIC_SEQ_CST) & Mask);
}

_MINIRQ_INLINE UCHAR InterlockedBitTestAndComplement(volatile LONG *Base, LONG Bit)
{
	LONG Mask = (LONG)(1U << (Bit & 31));

	return !!(__atomic_fetch_xor(Base + (Bit >> 5), Mask, __ATOMIC_SEQ_CST) & Mask);
}

_MINIRQ_INLINE UCHAR InterlockedBitTestAndSet64(volatile LONG64 *Base, LONG64 Bit)
{
	LONG64 Mask = (LONG64)(1ULL << (Bit & 63));

	return !!(__atomic_fetch_or(Base + (Bit >> 6), Mask, __ATOMIC_SEQ_CST) & Mask);
}

_MINIRQ_INLINE UCHAR InterlockedBitTestAndReset64(volatile LONG64 *Base, LONG64 Bit)
{
	LONG64 Mask = (LONG64)(1ULL << (Bit & 63));

	return !!(__atomic_fetch_and(Base + (Bit >> 6), ~Mask, __ATOMIC_SEQ_CST) & Mask);
}

/* SIZE_T */
#define InterlockedIncrementSizeT(Addend) \
	((SIZE_T)InterlockedIncrement64((volatile LONG64 *)(Addend)))
#define InterlockedDecrementSizeT(Addend) \
	((SIZE_T)InterlockedDecrement64((volatile LONG64 *)(Addend)))
#define InterlockedExchangeAddSizeT(Addend, Value) \
	((SIZE_T)InterlockedExchangeAdd64((volatile LONG64 *)(Addend), (LONG64)(Value)))

/* The weaker forms: on x64 they are the same, elsewhere a full barrier is never too little */
#define InterlockedIncrementAcquire	InterlockedIncrement
#define InterlockedIncrementRelease	InterlockedIncrement
#define InterlockedIncrementNoFence	InterlockedIncrement
#define InterlockedDecrementAcquire	InterlockedDecrement
#define InterlockedDecrementRelease	InterlockedDecrement
#define InterlockedDecrementNoFence	InterlockedDecrement
#define InterlockedExchangeAcquire	InterlockedExchange
#define InterlockedExchangeNoFence	InterlockedExchange
#define InterlockedExchangeAddAcquire	InterlockedExchangeAdd
#define InterlockedExchangeAddRelease	InterlockedExchangeAdd
#define InterlockedExchangeAddNoFence	InterlockedExchangeAdd
#define InterlockedAndAcquire	InterlockedAnd
#define InterlockedAndRelease	InterlockedAnd
#define InterlockedAndNoFence	InterlockedAnd
#define InterlockedOrAcquire	InterlockedOr
#define InterlockedOrRelease	InterlockedOr
#define InterlockedOrNoFence	InterlockedOr
#define InterlockedXorAcquire	InterlockedXor
#define InterlockedXorRelease	InterlockedXor
#define InterlockedXorNoFence	InterlockedXor
#define InterlockedCompareExchangeAcquire	InterlockedCompareExchange
#define InterlockedCompareExchangeRelease	InterlockedCompareExchange
#define InterlockedCompareExchangeNoFence	InterlockedCompareExchange

/* Plain words, read and written as one, with or without an order */
_MINIRQ_INLINE LONG ReadAcquire(const volatile LONG *Source)
{
	return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

_MINIRQ_INLINE LONG ReadNoFence(const volatile LONG *Source)
{
	return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

_MINIRQ_INLINE VOID WriteRelease(volatile LONG *Destination, LONG Value)
{
	__atomic_store_n(Destination, Value, __ATOMIC_RELEASE);
}

_MINIRQ_INLINE VOID WriteNoFence(volatile LONG *Destination, LONG Value)
{
	__atomic_store_n(Destination, Value, __ATOMIC_RELAXED);
}

_MINIRQ_INLINE LONG64 ReadAcquire64(const volatile LONG64 *Source)
{
	return __atomic_load_n(Source, __ATOMIC_ACQUIRE);
}

_MINIRQ_INLINE LONG64 ReadNoFence64(const volatile LONG64 *Source)
{
	return __atomic_load_n(Source, __ATOMIC_RELAXED);
}

_MINIRQ_INLINE VOID WriteRelease64(volatile LONG64 *Destination, LONG64 Value)
{
	__atomic_store_n(Destination, Value, __ATOMIC_RELEASE);
}

_MINIRQ_INLINE VOID WriteNoFence64(volatile LONG64 *Destination, LONG64 Value)
{
	__atomic_store_n(Destination, Value, __ATOMIC_RELAXED);
}

/* The compiler's own names for the same */
#define _InterlockedIncrement	InterlockedIncrement
#define _InterlockedIncrement16	InterlockedIncrement16
#define _InterlockedIncrement64	InterlockedIncrement64
#define _InterlockedDecrement	InterlockedDecrement
#define _InterlockedDecrement16	InterlockedDecrement16
#define _InterlockedDecrement64	InterlockedDecrement64
#define _InterlockedExchange	InterlockedExchange
#define _InterlockedExchange16	InterlockedExchange16
#define _InterlockedExchange64	InterlockedExchange64
#define _InterlockedExchangeAdd	InterlockedExchangeAdd
#define _InterlockedExchangeAdd64	InterlockedExchangeAdd64
#define _InterlockedAnd	InterlockedAnd
#define _InterlockedAnd16	InterlockedAnd16
#define _InterlockedAnd64	InterlockedAnd64
#define _InterlockedOr	InterlockedOr
#define _InterlockedOr16	InterlockedOr16
#define _InterlockedOr64	InterlockedOr64
#define _InterlockedXor	InterlockedXor
#define _InterlockedXor16	InterlockedXor16
#define _InterlockedXor64	InterlockedXor64
#define _InterlockedCompareExchange	InterlockedCompareExchange
#define _InterlockedCompareExchange16	InterlockedCompareExchange16
#define _InterlockedCompareExchange64	InterlockedCompareExchange64
#define _InterlockedExchangePointer	InterlockedExchangePointer
#define _InterlockedCompareExchangePointer	InterlockedCompareExchangePointer
#define _InterlockedExchange8	InterlockedExchange8
#define _InterlockedAnd8	InterlockedAnd8
#define _InterlockedOr8	InterlockedOr8
#define _InterlockedXor8	InterlockedXor8
#define _interlockedbittestandset64	InterlockedBitTestAndSet64
#define _interlockedbittestandreset64	InterlockedBitTestAndReset64
#define _interlockedbittestandset	InterlockedBitTestAndSet
#define _interlockedbittestandreset	InterlockedBitTestAndReset
#define _ReadWriteBarrier()	KeMemoryBarrierWithoutFence()
#define _ReadBarrier()		KeMemoryBarrierWithoutFence()
#define _WriteBarrier()		KeMemoryBarrierWithoutFence()

EXTERN_C_END

#endif
