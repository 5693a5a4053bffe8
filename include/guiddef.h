/* SPDX-License-Identifier: GPL-2.0-only */
/* GUIDs: declared, or defined in the one file that includes initguid.h or defines INITGUID. */
#ifndef GUID_DEFINED
#define GUID_DEFINED

typedef struct _GUID {
	unsigned int Data1;
	unsigned short Data2;
	unsigned short Data3;
	unsigned char Data4[8];
} GUID;

typedef GUID *LPGUID;
typedef const GUID *LPCGUID;

#ifdef __cplusplus
#define _MINIRQ_GUID	extern "C" const GUID
#define REFGUID		const GUID &
#define IsEqualGUID(A, B)	(!__builtin_memcmp(&(A), &(B), sizeof(GUID)))
#else
#define _MINIRQ_GUID	extern const GUID
#define REFGUID		const GUID *
#define IsEqualGUID(A, B)	(!__builtin_memcmp((A), (B), sizeof(GUID)))
#endif

#endif

/* anew each time, as initguid.h may come in between */
#undef DEFINE_GUID
#ifdef INITGUID
#define DEFINE_GUID(Name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	_MINIRQ_GUID Name __attribute__((__weak__)); \
	const GUID Name = { l, w1, w2, { b1, b2, b3, b4, b5, b6, b7, b8 } }
#else
#define DEFINE_GUID(Name, l, w1, w2, b1, b2, b3, b4, b5, b6, b7, b8) \
	_MINIRQ_GUID Name
#endif
