/* SPDX-License-Identifier: GPL-2.0-only */
/* A file that includes this defines the GUIDs that headers after it name. */
#ifndef INITGUID
#define INITGUID
#endif
#include <guiddef.h>
