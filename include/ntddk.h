/* SPDX-License-Identifier: GPL-2.0-only */
/* What a driver that is not a WDM driver includes: wdm.h and a little more. */
#ifndef _NTDDK_
#define _NTDDK_

#include <wdm.h>

EXTERN_C_START

EXTERN_C_END

#endif
