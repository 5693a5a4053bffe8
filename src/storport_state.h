/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Whose a StorPort request is.
 *
 *	idle		the initiator's, who fills in the SRB
 *	held		the port's, until the miniport may have it
 *	starting	the miniport's, inside HwStorBuildIo or HwStorStartIo
 *	ending		the same; the port completes it when they have returned
 *	started		the miniport's, and its device's
 *	completed	the port's, on the way to the CPU where it is delivered
 *	idle		again, when its initiator is told
 *
 * Each step is one exchange, so whoever completes a request a second time finds
 * it taken, is reported, and changes nothing.
 */
#ifndef MINIRQ_STORPORT_STATE_H
#define MINIRQ_STORPORT_STATE_H

#include <linux/atomic.h>
#include <linux/bits.h>

#include "storport_request.h"

enum {
	MINIRQ_STOR_IDLE,
	MINIRQ_STOR_HELD,
	MINIRQ_STOR_STARTING,
	MINIRQ_STOR_ENDING,
	MINIRQ_STOR_STARTED,
	MINIRQ_STOR_COMPLETED,
};

/*
 * A state is one of those; above it, while the request is ending, the SrbStatus it
 * ends with; and above that, how often it came to idle.
 */
#define MINIRQ_STOR_PHASE	GENMASK(7, 0)
#define MINIRQ_STOR_STATUS	8
#define MINIRQ_STOR_USE		BIT(16)

static inline unsigned int minirq_stor_phase(s64 state)
{
	return state & MINIRQ_STOR_PHASE;
}

/* What a state of this use of the request is in another phase. */
static inline s64 minirq_stor_state(s64 state, unsigned int phase)
{
	return (state & -(s64)MINIRQ_STOR_USE) | phase;
}

/* Does the miniport have it? */
static inline bool minirq_stor_state_started(s64 state)
{
	unsigned int phase = minirq_stor_phase(state);

	return phase >= MINIRQ_STOR_STARTING && phase <= MINIRQ_STOR_STARTED;
}

/* On from a state; false when somebody else was first. */
static inline bool minirq_stor_step(struct minirq_stor_request *request,
				    s64 from, s64 to)
{
	return atomic64_cmpxchg(&request->state, from, to) == from;
}

/* From one phase to another; false when the request is not in the first. */
static inline bool minirq_stor_move(struct minirq_stor_request *request,
				    unsigned int from, unsigned int to)
{
	s64 state = atomic64_read(&request->state);

	return minirq_stor_phase(state) == from &&
	       minirq_stor_step(request, state, minirq_stor_state(state, to));
}

/* A delivered request is its initiator's again. */
static inline void minirq_stor_move_idle(struct minirq_stor_request *request)
{
	atomic64_add_return_release(MINIRQ_STOR_USE - MINIRQ_STOR_COMPLETED,
				    &request->state);
}

#endif /* MINIRQ_STORPORT_STATE_H */
