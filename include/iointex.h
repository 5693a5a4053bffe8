/* SPDX-License-Identifier: GPL-2.0-only */
/* What a library gave to systems before Vista, under the names it has there. */
#ifndef _IOINTEX_H_
#define _IOINTEX_H_

#include <wdm.h>

#define WdmlibIoConnectInterruptEx	IoConnectInterruptEx
#define WdmlibIoDisconnectInterruptEx	IoDisconnectInterruptEx
#define WdmlibIoGetAffinityInterrupt	IoGetAffinityInterrupt

#endif
