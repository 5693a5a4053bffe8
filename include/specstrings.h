/* SPDX-License-Identifier: GPL-2.0-only */
/* The older name of the annotations. */
#ifndef _SPECSTRINGS_H
#define _SPECSTRINGS_H

#include <sal.h>

#endif
