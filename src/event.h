/* SPDX-License-Identifier: GPL-2.0-only */
/* Events, and waiting for what begins with a DISPATCHER_HEADER. */
#ifndef MINIRQ_EVENT_H
#define MINIRQ_EVENT_H

#include <linux/types.h>

#include <wdm.h>

void minirq_event_init(PDISPATCHER_HEADER header, EVENT_TYPE type, bool state);
LONG minirq_event_signal(PDISPATCHER_HEADER header);
LONG minirq_event_clear(PDISPATCHER_HEADER header);

#endif /* MINIRQ_EVENT_H */
