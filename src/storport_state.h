/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose a StorPort request is.
 *
 *	idle		the initiator's, who fills in the SRB
 *	held		the port's, until the miniport may have it
 *	started		the miniport's: HwStorBuildIo, HwStorStartIo, its device
 *	completed	the port's, on the way to the CPU where it is delivered
 *	idle		again, when its initiator is told
 *
 * Each step is one exchange, so whoever completes a request a second time finds
 * it taken, is reported, and changes nothing.
 */
#ifndef MINIRQ_STORPORT_STATE_H
#define MINIRQ_STORPORT_STATE_H

#include <linux/atomic.h>

#include "storport_request.h"

/* The lower bits of the state; the upper ones count how often it came to idle. */
enum {
	MINIRQ_STOR_IDLE,
	MINIRQ_STOR_HELD,
	MINIRQ_STOR_STARTED,
	MINIRQ_STOR_COMPLETED,
	MINIRQ_STOR_STATES
};

static inline unsigned int minirq_stor_phase(int state)
{
	return (unsigned int)state % MINIRQ_STOR_STATES;
}

/* From one state to the next; false when somebody else was first. */
static inline bool minirq_stor_step(struct minirq_stor_request *request,
				    int state, unsigned int from)
{
	return minirq_stor_phase(state) == from &&
	       atomic_cmpxchg(&request->state, state, state + 1) == state;
}

/* Its initiator may have it again. */
static inline void minirq_stor_step_idle(struct minirq_stor_request *request)
{
	atomic_add_return_release(MINIRQ_STOR_STATES - MINIRQ_STOR_COMPLETED,
				  &request->state);
}

#endif /* MINIRQ_STORPORT_STATE_H */
