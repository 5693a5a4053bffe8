/* SPDX-License-Identifier: GPL-2.0-only */
/* Power requests. */
#ifndef MINIRQ_POWER_H
#define MINIRQ_POWER_H

#include <wdm.h>

NTSTATUS minirq_power_send(PDEVICE_OBJECT object, UCHAR minor,
			   POWER_STATE_TYPE type, POWER_STATE state);

#endif /* MINIRQ_POWER_H */
