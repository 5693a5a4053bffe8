/* SPDX-License-Identifier: GPL-2.0-only */
/* Events, and waiting for what begins with a DISPATCHER_HEADER. */
#ifndef MINIRQ_EVENT_H
#define MINIRQ_EVENT_H

#include <linux/types.h>

#include <wdm.h>

LONG minirq_event_signal(PDISPATCHER_HEADER header, bool one);

#endif /* MINIRQ_EVENT_H */
