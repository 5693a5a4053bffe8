/* SPDX-License-Identifier: GPL-2.0-only */
/* The calls that StorPort makes into a miniport: where a thread or CPU is. */
#ifndef MINIRQ_STORPORT_CALL_H
#define MINIRQ_STORPORT_CALL_H

#include <linux/llist.h>
#include <linux/types.h>

#include <wdm.h>

#include "verifier.h"

struct minirq_stor_adapter;

/* Which routine of a miniport; DPCs and other routines are not told apart. */
enum minirq_stor_routine {
	MINIRQ_STOR_ROUTINE_OTHER,
	MINIRQ_STOR_ROUTINE_FIND_ADAPTER,
	MINIRQ_STOR_ROUTINE_INITIALIZE,
	MINIRQ_STOR_ROUTINE_PASSIVE_INITIALIZE,
	MINIRQ_STOR_ROUTINE_ISR,
	MINIRQ_STOR_ROUTINE_BUILD_IO,
	MINIRQ_STOR_ROUTINE_START_IO,
	MINIRQ_STOR_ROUTINE_TIMER,
	MINIRQ_STOR_ROUTINE_RESET_BUS,
	MINIRQ_STOR_ROUTINE_CONTROL,
	MINIRQ_STOR_ROUTINE_CONTROL_LOCKED,
	MINIRQ_STOR_ROUTINE_SYNCHRONIZED,
	MINIRQ_STOR_ROUTINE_COUNT
};

/**
 * struct minirq_stor_call - one call of a routine, on the stack of the caller
 * @adapter:	whose routine
 * @routine:	which
 * @code:	the driver's function, for reports
 * @irql:	the level it is entered at, and has to return at
 * @locks:	how many locks of drivers were noted on entry
 * @outer:	the call at a raised level that this one is made in, or NULL
 * @completed:	of HwStorStartIo, requests that are delivered when it has returned
 */
struct minirq_stor_call {
	struct minirq_stor_adapter *adapter;
	enum minirq_stor_routine routine;
	void *code;
	KIRQL irql;
	unsigned int locks;
	struct minirq_stor_call *outer;
	struct llist_head completed;
};

void minirq_storport_call_enter(struct minirq_stor_call *call,
				struct minirq_stor_adapter *adapter,
				enum minirq_stor_routine routine, void *code);
void minirq_storport_call_leave(struct minirq_stor_call *call);
void minirq_storport_call_end(struct minirq_stor_adapter *adapter, void *code,
			      KIRQL irql, unsigned int locks);
bool minirq_storport_batch(struct minirq_stor_adapter *adapter,
			   struct llist_node *node);
enum minirq_stor_routine
minirq_storport_routine(struct minirq_stor_adapter *adapter);
void minirq_storport_check_start_io(void *caller, const char *function);

/* A driver waits, or wants memory; not so in HwStorStartIo, which others wait for. */
static __always_inline void minirq_storport_takes_long(void *caller,
						       const char *function)
{
	if (minirq_verifying())
		minirq_storport_check_start_io(caller, function);
}

#endif /* MINIRQ_STORPORT_CALL_H */
