// SPDX-License-Identifier: GPL-2.0-only
/* Compiled with and without NT_PROCESSOR_GROUPS, and for several NDIS versions. */
#include <ntdef.h>
#include <wdm.h>
#include <ntddk.h>
#include <ndis.h>
#include <storport.h>

#include "layout.h"
