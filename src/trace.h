/* SPDX-License-Identifier: GPL-2.0-only */
/* Tracepoints: what the interrupt path did, seen with any kernel tracer. */
#undef TRACE_SYSTEM
#define TRACE_SYSTEM minirq

#if !defined(MINIRQ_TRACE_H) || defined(TRACE_HEADER_MULTI_READ)
#define MINIRQ_TRACE_H

#include <linux/tracepoint.h>

#include "watch.h"

TRACE_EVENT_FN(minirq_isr_entry,
	       TP_PROTO(unsigned int irq, unsigned int message),
	       TP_ARGS(irq, message),
	       TP_STRUCT__entry(__field(unsigned int, irq)
				__field(unsigned int, message)),
	       TP_fast_assign(__entry->irq = irq;
			      __entry->message = message;),
	       TP_printk("irq=%u message=%u", __entry->irq, __entry->message),
	       minirq_watch_begin, minirq_watch_end);

TRACE_EVENT_FN(minirq_isr_exit,
	       TP_PROTO(unsigned int irq, unsigned int message, bool claimed),
	       TP_ARGS(irq, message, claimed),
	       TP_STRUCT__entry(__field(unsigned int, irq)
				__field(unsigned int, message)
				__field(bool, claimed)),
	       TP_fast_assign(__entry->irq = irq;
			      __entry->message = message;
			      __entry->claimed = claimed;),
	       TP_printk("irq=%u message=%u claimed=%d", __entry->irq,
			 __entry->message, __entry->claimed),
	       minirq_watch_begin, minirq_watch_end);

DECLARE_EVENT_CLASS(minirq_dpc,
		    TP_PROTO(void *dpc, void *routine),
		    TP_ARGS(dpc, routine),
		    TP_STRUCT__entry(__field(void *, dpc)
				     __field(void *, routine)),
		    TP_fast_assign(__entry->dpc = dpc;
				   __entry->routine = routine;),
		    TP_printk("dpc=%p routine=%pS", __entry->dpc,
			      __entry->routine));

DEFINE_EVENT(minirq_dpc, minirq_dpc_queue,
	     TP_PROTO(void *dpc, void *routine), TP_ARGS(dpc, routine));

DEFINE_EVENT_FN(minirq_dpc, minirq_dpc_entry,
		TP_PROTO(void *dpc, void *routine), TP_ARGS(dpc, routine),
		minirq_watch_begin, minirq_watch_end);

DEFINE_EVENT_FN(minirq_dpc, minirq_dpc_exit,
		TP_PROTO(void *dpc, void *routine), TP_ARGS(dpc, routine),
		minirq_watch_begin, minirq_watch_end);

#endif /* MINIRQ_TRACE_H */

#undef TRACE_INCLUDE_PATH
#undef TRACE_INCLUDE_FILE
#define TRACE_INCLUDE_PATH .
#define TRACE_INCLUDE_FILE trace
#include <trace/define_trace.h>
