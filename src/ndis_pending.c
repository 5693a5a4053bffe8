// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a driver may say it will end later: it returns NDIS_STATUS_PENDING, and
 * calls back when it is done, which may be before it has returned.
 */
#include "ndis_pending.h"

#include <linux/atomic.h>

#include "ndis_owner.h"
#include "verifier.h"

void minirq_ndis_pending_init(struct minirq_ndis_pending *pending)
{
	init_completion(&pending->done);
	pending->open = false;
}

/* Before the driver's handler is called. */
void minirq_ndis_pending_begin(struct minirq_ndis_pending *pending)
{
	reinit_completion(&pending->done);
	WRITE_ONCE(pending->open, true);
}

/**
 * minirq_ndis_pending_end() - wait until the driver is done
 * @pending:	what was begun
 * @status:	what the handler returned
 *
 * Context: process context, may sleep.
 * Return: @status, or how a pending operation ended.
 */
NDIS_STATUS minirq_ndis_pending_end(struct minirq_ndis_pending *pending,
				    NDIS_STATUS status)
{
	if (status == NDIS_STATUS_PENDING) {
		wait_for_completion(&pending->done);
		status = pending->status;
	}
	WRITE_ONCE(pending->open, false);
	return status;
}

/**
 * minirq_ndis_pending_complete() - the driver is done
 * @pending:	what it says it is done with; nothing of the kind is reported
 * @status:	how it ended
 * @function:	the function it called
 * @caller:	its caller
 *
 * Context: IRQL <= DISPATCH_LEVEL; above it the call is reported, and works, as
 * somebody waits for it.
 */
void minirq_ndis_pending_complete(struct minirq_ndis_pending *pending,
				  NDIS_STATUS status, const char *function,
				  void *caller)
{
	minirq_ndis_level(DISPATCH_LEVEL, MINIRQ_RULE_NDIS_IRQL_MINIPORT,
			  function, caller);
	if (!xchg(&pending->open, false)) {
		minirq_violation(MINIRQ_RULE_NDIS_PENDING, caller,
				 "%s: nothing is pending", function);
		return;
	}
	pending->status = status;
	complete(&pending->done);
}
