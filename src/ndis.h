/* SPDX-License-Identifier: GPL-2.0-only */
/* NDIS 6 interrupts: registration, the front end over the engine. */
#ifndef MINIRQ_NDIS_H
#define MINIRQ_NDIS_H

#include "ndis_handle.h"

#endif /* MINIRQ_NDIS_H */
