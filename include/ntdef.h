/* SPDX-License-Identifier: GPL-2.0-only */
/* The base types of Windows' kernel: LLP64 sizes on a compiler whose long has 64 bits. */
#ifndef _NTDEF_
#define _NTDEF_

#include <driverspecs.h>
#include <guiddef.h>

#ifdef __cplusplus
#define EXTERN_C	extern "C"
#define EXTERN_C_START	extern "C" {
#define EXTERN_C_END	}
#else
#define EXTERN_C	extern
#define EXTERN_C_START
#define EXTERN_C_END
#endif

EXTERN_C_START

/* Helpers of these headers */
#define _MINIRQ_INLINE	static inline __attribute__((__always_inline__, __unused__))

/*
 * The words of Microsoft's compiler, for Windows sources only: a file of the shim itself, which
 * has the kernel's headers, does not speak them.
 */
#ifndef _LINUX_TYPES_H

#define __int8		char
#define __int16		short
#define __int32		int
#define __int64		long long
#define __stdcall
#define __cdecl
#define __fastcall
#define __thiscall
#define _stdcall
#define _cdecl
#define _fastcall
#define __ptr32
#define __ptr64
#define __w64
#define __unaligned
#define __forceinline	__inline __attribute__((__always_inline__))
#define __debugbreak()	__builtin_trap()
#define __assume(e)	do { if (!(e)) __builtin_unreachable(); } while (0)
#define __noop(...)	((void)0)

#ifndef __FUNCTION__
#define __FUNCTION__	__FILE__	/* sources paste it to a literal */
#endif

/* An attribute is spelled out below, or the compiler stops at its name */
#ifndef __declspec
#define __declspec(a)	_MinirqDeclspec_##a
#endif
#define _MinirqDeclspec_
#define _MinirqDeclspec_align(n)	__attribute__((__aligned__(n)))
#define _MinirqDeclspec_allocate(s)
#define _MinirqDeclspec_code_seg(s)
#define _MinirqDeclspec_deprecated
#define _MinirqDeclspec_dllexport
#define _MinirqDeclspec_dllimport
#define _MinirqDeclspec_noalias
#define _MinirqDeclspec_noinline	__attribute__((__noinline__))
#define _MinirqDeclspec_noreturn	__attribute__((__noreturn__))
#define _MinirqDeclspec_nothrow		__attribute__((__nothrow__))
#define _MinirqDeclspec_novtable
#define _MinirqDeclspec_property(x)
#define _MinirqDeclspec_restrict
#define _MinirqDeclspec_selectany	__attribute__((__weak__))
#define _MinirqDeclspec_uuid(x)

/* Structured exception handling: nothing raises, a block is left by its end or by __leave */
#define __try		do
#define __finally	while (0);
#define __except(e)	while (0); if (0)
#define __leave		break
#ifndef __cplusplus
#define finally		__finally
#endif

#endif /* !_LINUX_TYPES_H */

#ifndef IN
#define IN
#endif
#ifndef OUT
#define OUT
#endif
#ifndef OPTIONAL
#define OPTIONAL
#endif
#ifndef CRITICAL
#define CRITICAL
#endif
#ifndef FAR
#define FAR
#endif
#ifndef NEAR
#define NEAR
#endif
#ifndef CONST
#define CONST		const
#endif
#ifndef TRUE
#define TRUE		1
#endif
#ifndef FALSE
#define FALSE		0
#endif
#ifndef NULL
#ifdef __cplusplus
#define NULL		__null
#else
#define NULL		((void *)0)
#endif
#endif

#define NTAPI
#define FASTCALL
#define NTSYSAPI
#define NTSYSCALLAPI
#define NTKERNELAPI
#define NTHALAPI
#define UNALIGNED
#define UNALIGNED64
#define RESTRICTED_POINTER	__restrict__
#define POINTER_32
#define POINTER_64
#define FIRMWARE_PTR
#define DECLSPEC_IMPORT
#define DECLSPEC_EXPORT
#define DECLSPEC_NORETURN	__attribute__((__noreturn__))
#define DECLSPEC_NOINLINE	__attribute__((__noinline__))
#define DECLSPEC_NOTHROW	__attribute__((__nothrow__))
#define DECLSPEC_ALIGN(n)	__attribute__((__aligned__(n)))
#define DECLSPEC_CACHEALIGN	DECLSPEC_ALIGN(128)
#define DECLSPEC_SELECTANY	__attribute__((__weak__))
#define DECLSPEC_DEPRECATED
#define DECLSPEC_DEPRECATED_DDK
#define DECLSPEC_ADDRSAFE
#define DECLSPEC_GUARDNOCF
#define DECLSPEC_NOVTABLE
#define DECLSPEC_UUID(x)
#ifndef FORCEINLINE
#define FORCEINLINE	__inline __attribute__((__always_inline__))
#endif
#define CFORCEINLINE	FORCEINLINE
#define STDAPICALLTYPE

/* Plain types */
#ifndef VOID
#define VOID		void
#endif
typedef char CHAR, *PCHAR, *LPCH, *PCH, *PSTR, *LPSTR, *NPSTR, *PSZ;
typedef const char *PCSTR, *LPCSTR, *LPCCH, *PCCH, *PCSZ;
typedef signed char CCHAR, *PCCHAR, SCHAR, *PSCHAR, INT8, *PINT8;
typedef unsigned char UCHAR, *PUCHAR, BOOLEAN, *PBOOLEAN, UINT8, *PUINT8;
typedef const unsigned char *PCUCHAR;
typedef short SHORT, *PSHORT, CSHORT, *PCSHORT, INT16, *PINT16;
typedef unsigned short USHORT, *PUSHORT, UINT16, *PUINT16;
typedef int LONG, *PLONG, INT32, *PINT32, LONG32, *PLONG32;
typedef unsigned int ULONG, *PULONG, UINT32, *PUINT32, ULONG32, *PULONG32, DWORD32, *PDWORD32;
typedef unsigned int CLONG, *PCLONG, LOGICAL, *PLOGICAL, LCID, *PLCID;
typedef long long LONGLONG, *PLONGLONG, LONG64, *PLONG64, INT64, *PINT64;
typedef unsigned long long ULONGLONG, *PULONGLONG, ULONG64, *PULONG64, UINT64, *PUINT64;
typedef unsigned long long DWORDLONG, DWORD64, *PDWORD64;
typedef long long INT_PTR, *PINT_PTR, LONG_PTR, *PLONG_PTR, SSIZE_T, *PSSIZE_T;
typedef unsigned long long UINT_PTR, *PUINT_PTR, ULONG_PTR, *PULONG_PTR, DWORD_PTR, *PDWORD_PTR;
typedef unsigned long long SIZE_T, *PSIZE_T, KAFFINITY, *PKAFFINITY;
typedef LONGLONG USN;
typedef void *PVOID, *PVOID64, *HANDLE, **PHANDLE;
typedef const void *LPCVOID;
typedef UCHAR KIRQL, *PKIRQL;
typedef CCHAR KPROCESSOR_MODE;
typedef LONG NTSTATUS, *PNTSTATUS;
typedef __SIZE_TYPE__ size_t;

#ifdef __cplusplus
typedef wchar_t WCHAR;
#else
typedef unsigned short WCHAR;
#if __SIZEOF_WCHAR_T__ == 2
typedef unsigned short wchar_t;
#endif
#endif
typedef WCHAR *PWCHAR, *LPWCH, *PWCH, *PWSTR, *LPWSTR, *NWPSTR;
typedef const WCHAR *PCWSTR, *LPCWSTR, *LPCWCH, *PCWCH;

#define MAXCHAR		0x7f
#define MINCHAR		0x80
#define MAXUCHAR	0xff
#define MAXSHORT	0x7fff
#define MINSHORT	0x8000
#define MAXUSHORT	0xffff
#define MAXLONG		0x7fffffff
#define MINLONG		0x80000000
#define MAXULONG	0xffffffff
#define MAXLONGLONG	0x7fffffffffffffffLL
#define MINLONGLONG	(~MAXLONGLONG)
#define MAXULONGLONG	(~0ULL)
#define MAXULONG_PTR	(~(ULONG_PTR)0)
#define MAXULONG32	((ULONG32)~((ULONG32)0))
#define MAXULONG64	(~0ULL)
#define MAXSIZE_T	(~(SIZE_T)0)
#define MAXIMUM_PROC_PER_GROUP	64
#define MAXIMUM_PROCESSORS	MAXIMUM_PROC_PER_GROUP
#define ALL_PROCESSOR_GROUPS	0xffff
#define ANSI_NULL	((CHAR)0)
#define UNICODE_NULL	((WCHAR)0)

/* Structures every header shares */
typedef union _LARGE_INTEGER {
	struct {
		ULONG LowPart;
		LONG HighPart;
	};
	struct {
		ULONG LowPart;
		LONG HighPart;
	} u;
	LONGLONG QuadPart;
} LARGE_INTEGER, *PLARGE_INTEGER;

typedef union _ULARGE_INTEGER {
	struct {
		ULONG LowPart;
		ULONG HighPart;
	};
	struct {
		ULONG LowPart;
		ULONG HighPart;
	} u;
	ULONGLONG QuadPart;
} ULARGE_INTEGER, *PULARGE_INTEGER;

typedef LARGE_INTEGER PHYSICAL_ADDRESS, *PPHYSICAL_ADDRESS;

typedef struct _LUID {
	ULONG LowPart;
	LONG HighPart;
} LUID, *PLUID;

typedef struct _LIST_ENTRY {
	struct _LIST_ENTRY *Flink;
	struct _LIST_ENTRY *Blink;
} LIST_ENTRY, *PLIST_ENTRY, *PRLIST_ENTRY;

typedef struct _SINGLE_LIST_ENTRY {
	struct _SINGLE_LIST_ENTRY *Next;
} SINGLE_LIST_ENTRY, *PSINGLE_LIST_ENTRY;

/* Sequenced lists; 16 bytes, and entries aligned to them */
typedef struct _SLIST_ENTRY {
	struct _SLIST_ENTRY *Next;
} DECLSPEC_ALIGN(16) SLIST_ENTRY, *PSLIST_ENTRY;

typedef union _SLIST_HEADER {
	struct {
		ULONGLONG Alignment;
		ULONGLONG Region;
	};
	struct {
		ULONGLONG Depth : 16;
		ULONGLONG Sequence : 48;
		ULONGLONG HeaderType : 1;
		ULONGLONG Reserved : 3;
		ULONGLONG NextEntry : 60;
	} HeaderX64;
} DECLSPEC_ALIGN(16) SLIST_HEADER, *PSLIST_HEADER;

typedef struct _STRING {
	USHORT Length;
	USHORT MaximumLength;
	PCHAR Buffer;
} STRING, *PSTRING, ANSI_STRING, *PANSI_STRING, OEM_STRING, *POEM_STRING;

typedef struct _UNICODE_STRING {
	USHORT Length;
	USHORT MaximumLength;
	PWCH Buffer;
} UNICODE_STRING, *PUNICODE_STRING;
typedef const UNICODE_STRING *PCUNICODE_STRING;

typedef struct _PROCESSOR_NUMBER {
	USHORT Group;
	UCHAR Number;
	UCHAR Reserved;
} PROCESSOR_NUMBER, *PPROCESSOR_NUMBER;

typedef struct _GROUP_AFFINITY {
	KAFFINITY Mask;
	USHORT Group;
	USHORT Reserved[3];
} GROUP_AFFINITY, *PGROUP_AFFINITY;

/* Status classes */
#define NT_SUCCESS(Status)	(((NTSTATUS)(Status)) >= 0)
#define NT_INFORMATION(Status)	((((ULONG)(Status)) >> 30) == 1)
#define NT_WARNING(Status)	((((ULONG)(Status)) >> 30) == 2)
#define NT_ERROR(Status)	((((ULONG)(Status)) >> 30) == 3)

/* Layout and conversion */
#ifndef offsetof
#define offsetof(Type, Field)	__builtin_offsetof(Type, Field)
#endif
#define FIELD_OFFSET(Type, Field)	((LONG)__builtin_offsetof(Type, Field))
#define UFIELD_OFFSET(Type, Field)	((ULONG)__builtin_offsetof(Type, Field))
#define CONTAINING_RECORD(Address, Type, Field) \
	((Type *)((PCHAR)(Address) - __builtin_offsetof(Type, Field)))
#define RTL_FIELD_SIZE(Type, Field)	(sizeof(((Type *)0)->Field))
#define RTL_SIZEOF_THROUGH_FIELD(Type, Field) \
	(__builtin_offsetof(Type, Field) + RTL_FIELD_SIZE(Type, Field))
#define RTL_CONTAINS_FIELD(Struct, Size, Field) \
	((((PCHAR)(&(Struct)->Field)) + sizeof((Struct)->Field)) <= (((PCHAR)(Struct)) + (Size)))
#define RTL_NUMBER_OF(A)	(sizeof(A) / sizeof((A)[0]))
#define RTL_NUMBER_OF_FIELD(Type, Field)	(RTL_NUMBER_OF(((Type *)0)->Field))
#define RTL_BITS_OF(A)		(sizeof(A) * 8)
#define RTL_CONSTANT_STRING(S)	{ sizeof(S) - sizeof((S)[0]), sizeof(S), (S) }
#ifndef ARRAYSIZE
#define ARRAYSIZE(A)		RTL_NUMBER_OF(A)
#endif
#ifndef C_ASSERT
#ifdef __cplusplus
#define C_ASSERT(e)		static_assert(e, #e)
#else
#define C_ASSERT(e)		_Static_assert(e, #e)
#endif
#endif

#define UNREFERENCED_PARAMETER(P)	((void)(P))
#define DBG_UNREFERENCED_PARAMETER(P)	((void)(P))
#define DBG_UNREFERENCED_LOCAL_VARIABLE(V)	((void)(V))

#define ULongToPtr(Value)	((PVOID)(ULONG_PTR)(ULONG)(Value))
#define UlongToPtr(Value)	ULongToPtr(Value)
#define LongToPtr(Value)	((PVOID)(LONG_PTR)(LONG)(Value))
#define UIntToPtr(Value)	ULongToPtr(Value)
#define PtrToUlong(Pointer)	((ULONG)(ULONG_PTR)(Pointer))
#define PtrToULong(Pointer)	PtrToUlong(Pointer)
#define PtrToLong(Pointer)	((LONG)(LONG_PTR)(Pointer))
#define PtrToUint(Pointer)	PtrToUlong(Pointer)
#define PtrToInt(Pointer)	PtrToLong(Pointer)
#define HandleToULong(Handle)	PtrToUlong(Handle)
#define HandleToUlong(Handle)	PtrToUlong(Handle)
#define ULongToHandle(Value)	((HANDLE)ULongToPtr(Value))

EXTERN_C_END

#endif
