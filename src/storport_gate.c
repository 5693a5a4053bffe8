// SPDX-License-Identifier: GPL-2.0-only
/*
 * What holds a StorPort miniport's requests back: it pauses, it is busy, or a
 * unit has as many as it takes. A request that may not start waits in a list; a
 * DPC starts it when whatever held it back is over. Until that DPC has seen to all
 * of them, new requests go to the end of the list, so none overtakes an older one.
 *
 * Most drivers never ask for any of this, and those that do ask seldom. So
 * requests look at one flag, and only when it is set take a lock:
 *
 *	the driver, under the lock	a request
 *	sets armed			is started, or complete
 *	(full barrier)			(full barrier)
 *	counts who is started		looks at armed
 *
 * One of the two sees the other, so no completion that a busy adapter waits for
 * is missed. Who passed before the flag was set is on its way.
 */
#include "storport_gate.h"

#include <linux/minmax.h>
#include <linux/slab.h>

#include "dpc.h"
#include "dpc_flush.h"
#include "storport.h"
#include "storport_request.h"
#include "storport_start.h"
#include "timer.h"

/* How many requests are released before other DPCs have their turn */
#define ROUND	64

/* Windows' units of 100 ns in a second */
#define UNITS	10000000LL

static bool shut(const struct minirq_stor_bar *bar)
{
	return bar->paused || bar->busy;
}

static bool all_shut(const struct minirq_stor_gate *gate)
{
	return shut(&gate->bar) || gate->link_down;
}

static bool full(const struct minirq_stor_unit *unit)
{
	return unit->depth && unit->started >= unit->depth;
}

static bool is_for(const struct minirq_stor_unit *unit,
		   const SCSI_REQUEST_BLOCK *srb)
{
	return unit->used && unit->path == srb->PathId &&
	       unit->target == srb->TargetId && unit->lun == srb->Lun;
}

static struct minirq_stor_unit *unit_for(struct minirq_stor_gate *gate,
					 const SCSI_REQUEST_BLOCK *srb)
{
	struct minirq_stor_unit *unit = gate->units;

	for (; unit < gate->units + MINIRQ_STOR_UNITS; unit++)
		if (is_for(unit, srb))
			return unit;
	return NULL;
}

/* Requests that are started, of a unit, and from now on counted there */
static void count_started(struct minirq_stor_gate *gate,
			  struct minirq_stor_unit *unit)
{
	struct minirq_stor_adapter *adapter = gate->adapter;
	unsigned int tag;

	unit->started = 0;
	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++) {
		struct minirq_stor_request *request =
			minirq_stor_request(adapter, tag);

		if (!minirq_stor_request_started(request) ||
		    !is_for(unit, &request->srb))
			continue;
		request->unit = unit;
		unit->started++;
	}
}

/* What they were counted in is counted anew; they are not to leave it again. */
static void forget_units(struct minirq_stor_adapter *adapter)
{
	unsigned int tag;

	for (tag = 0; tag < minirq_stor_requests_depth(adapter); tag++)
		minirq_stor_request(adapter, tag)->unit = NULL;
}

/* From here on requests take the lock, and are counted. */
static void arm(struct minirq_stor_gate *gate)
{
	struct minirq_stor_unit *unit = gate->units;

	if (gate->armed)
		return;
	forget_units(gate->adapter);
	WRITE_ONCE(gate->armed, true);
	smp_mb(); /* pairs with the steps of a request, see above */
	for (; unit < gate->units + MINIRQ_STOR_UNITS; unit++)
		if (unit->used)
			count_started(gate, unit);
}

/* Nobody is held back, and nobody will be. */
static bool idle(struct minirq_stor_gate *gate)
{
	struct minirq_stor_unit *unit = gate->units;

	if (!list_empty(&gate->held) || gate->releasing || all_shut(gate))
		return false;
	for (; unit < gate->units + MINIRQ_STOR_UNITS; unit++)
		if (unit->used && (shut(&unit->bar) || unit->depth))
			return false;
	return true;
}

/* May requests of a unit, or of none that has a name, not start now? */
static bool barred(const struct minirq_stor_gate *gate,
		   const struct minirq_stor_unit *unit)
{
	return all_shut(gate) || (unit && (shut(&unit->bar) || full(unit)));
}

/* Is anything held that may start now? */
static bool any_free(struct minirq_stor_gate *gate)
{
	struct minirq_stor_request *request;

	list_for_each_entry(request, &gate->held, held)
		if (!barred(gate, unit_for(gate, &request->srb)))
			return true;
	return false;
}

/*
 * Let go of the lock, and if requests need wait no longer have a DPC start them.
 * With interrupts off, as they are under the lock, it could not run before its
 * insert returns, and a caller at PASSIVE_LEVEL would wait for it.
 */
static void unlock(struct minirq_stor_gate *gate, bool waiting,
		   unsigned long flags)
	__releases(&gate->lock)
{
	if (waiting)
		gate->releasing = true;
	else if (idle(gate))
		WRITE_ONCE(gate->armed, false);
	raw_spin_unlock_irqrestore(&gate->lock, flags);
	if (waiting)
		minirq_dpc_insert(&gate->release, NULL, NULL);
}

/* The same where something that held requests back may be over. */
static void unlock_and_release(struct minirq_stor_gate *gate,
			       unsigned long flags)
	__releases(&gate->lock)
{
	unlock(gate, any_free(gate), flags);
}

/* May a request start? Then its unit has one more. */
static bool admit(struct minirq_stor_gate *gate,
		  struct minirq_stor_request *request)
{
	struct minirq_stor_unit *unit = unit_for(gate, &request->srb);

	if (barred(gate, unit))
		return false;
	request->unit = unit;
	if (unit)
		unit->started++;
	return true;
}

/**
 * minirq_stor_gate_pass() - may a request start?
 * @gate:	of its adapter
 * @request:	a held request
 *
 * Return: true; false when it is kept, to be started later.
 */
bool minirq_stor_gate_pass(struct minirq_stor_gate *gate,
			   struct minirq_stor_request *request)
{
	unsigned long flags;
	bool passed;

	request->unit = NULL;
	if (likely(!READ_ONCE(gate->armed)))
		return true;
	raw_spin_lock_irqsave(&gate->lock, flags);
	passed = !gate->releasing && admit(gate, request);
	if (!passed)
		list_add_tail(&request->held, &gate->held);
	raw_spin_unlock_irqrestore(&gate->lock, flags);
	return passed;
}

/* Was that the last one to wait for? */
static bool count_down(struct minirq_stor_bar *bar)
{
	return bar->busy && !--bar->busy;
}

/* Does that let others of the unit go? */
static bool leave_unit(struct minirq_stor_unit *unit)
{
	bool ready = count_down(&unit->bar);
	bool was_full = full(unit);

	unit->started--;
	return ready || (was_full && !full(unit));
}

/*
 * A request is complete; at any level. Most completions let nobody go, and do not
 * look for one among all those that are held.
 */
void minirq_stor_gate_leave(struct minirq_stor_gate *gate,
			    struct minirq_stor_request *request)
{
	unsigned long flags;
	bool opened;

	if (likely(!READ_ONCE(gate->armed)))
		return;
	raw_spin_lock_irqsave(&gate->lock, flags);
	opened = count_down(&gate->bar);
	if (request->unit)
		opened |= leave_unit(request->unit);
	unlock(gate, opened && any_free(gate), flags);
}

/* The oldest request that may start now; older ones have to wait longer. */
static struct minirq_stor_request *next(struct minirq_stor_gate *gate)
{
	struct minirq_stor_request *request;

	list_for_each_entry(request, &gate->held, held) {
		if (!admit(gate, request))
			continue;
		list_del(&request->held);
		return request;
	}
	return NULL;
}

static struct minirq_stor_request *take(struct minirq_stor_gate *gate)
{
	struct minirq_stor_request *request;
	unsigned long flags;

	raw_spin_lock_irqsave(&gate->lock, flags);
	request = next(gate);
	if (!request)
		gate->releasing = false;
	if (!request && idle(gate))
		WRITE_ONCE(gate->armed, false);
	raw_spin_unlock_irqrestore(&gate->lock, flags);
	return request;
}

/*
 * Those that are let go may be complete, and started again, before this has come
 * to its end: so it has one, and other DPCs their turn.
 */
static VOID release_dpc(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct minirq_stor_gate *gate = context;
	struct minirq_stor_request *request;
	unsigned int left = ROUND;

	while ((request = take(gate))) {
		minirq_stor_request_continue(gate->adapter, request);
		if (!--left) {
			minirq_dpc_insert(dpc, NULL, NULL);
			return;
		}
	}
}

/* End a pause; false when there is none. */
bool minirq_stor_gate_resume(struct minirq_stor_bar *bar)
{
	struct minirq_stor_gate *gate = bar->gate;
	unsigned long flags;
	bool paused;

	raw_spin_lock_irqsave(&gate->lock, flags);
	minirq_timer_cancel(&bar->timer);
	paused = bar->paused;
	bar->paused = false;
	unlock_and_release(gate, flags);
	return paused;
}

/*
 * A DPC that an earlier pause has left queued may end a later one too soon; the
 * driver set both times, and neither is exact.
 */
static VOID expired_dpc(PKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	minirq_stor_gate_resume(context);
}

/* Hold requests back for so long from now on, whatever was said before. */
void minirq_stor_gate_pause(struct minirq_stor_bar *bar, ULONG seconds)
{
	LARGE_INTEGER due = { .QuadPart = -UNITS * seconds };
	struct minirq_stor_gate *gate = bar->gate;
	unsigned long flags;

	raw_spin_lock_irqsave(&gate->lock, flags);
	arm(gate);
	bar->paused = true;
	minirq_timer_set(&bar->timer, due, 0, &bar->expired);
	raw_spin_unlock_irqrestore(&gate->lock, flags);
}

/* While the link is down all requests are held back, whatever else is said. */
void minirq_stor_gate_link(struct minirq_stor_gate *gate, bool up)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&gate->lock, flags);
	arm(gate);
	gate->link_down = !up;
	unlock_and_release(gate, flags);
}

/* Undo minirq_stor_gate_busy(). */
void minirq_stor_gate_ready(struct minirq_stor_bar *bar)
{
	unsigned long flags;

	raw_spin_lock_irqsave(&bar->gate->lock, flags);
	bar->busy = 0;
	unlock_and_release(bar->gate, flags);
}

/**
 * minirq_stor_gate_busy() - hold requests back until others are complete
 * @gate:		of the adapter
 * @unit:		whose requests, or NULL for all of them
 * @completions:	how many; with fewer that are started, all of those
 */
void minirq_stor_gate_busy(struct minirq_stor_gate *gate,
			   struct minirq_stor_unit *unit, ULONG completions)
{
	struct minirq_stor_bar *bar = unit ? &unit->bar : &gate->bar;
	unsigned long flags;
	ULONG started;

	raw_spin_lock_irqsave(&gate->lock, flags);
	arm(gate);
	started = unit ? unit->started :
			 minirq_stor_requests_started(gate->adapter);
	bar->busy = min(completions, started);
	unlock_and_release(gate, flags);
}

/* Let a unit have so many requests at a time. */
void minirq_stor_gate_limit(struct minirq_stor_unit *unit, ULONG depth)
{
	struct minirq_stor_gate *gate = unit->bar.gate;
	unsigned long flags;

	raw_spin_lock_irqsave(&gate->lock, flags);
	arm(gate);
	unit->depth = depth;
	unlock_and_release(gate, flags);
}

/* Under the lock: a unit for which the driver has not said anything yet. */
static struct minirq_stor_unit *new_unit(struct minirq_stor_gate *gate,
					 const SCSI_REQUEST_BLOCK *address)
{
	struct minirq_stor_unit *unit = gate->units;

	for (; unit < gate->units + MINIRQ_STOR_UNITS; unit++) {
		if (unit->used)
			continue;
		unit->used = true;
		unit->path = address->PathId;
		unit->target = address->TargetId;
		unit->lun = address->Lun;
		if (gate->armed)
			count_started(gate, unit);
		return unit;
	}
	return NULL;
}

/* The unit with an address; NULL when too many have been named. */
struct minirq_stor_unit *minirq_stor_gate_unit(struct minirq_stor_gate *gate,
					       UCHAR path, UCHAR target,
					       UCHAR lun)
{
	SCSI_REQUEST_BLOCK address = {
		.PathId = path, .TargetId = target, .Lun = lun,
	};
	struct minirq_stor_unit *unit;
	unsigned long flags;

	raw_spin_lock_irqsave(&gate->lock, flags);
	unit = unit_for(gate, &address) ?: new_unit(gate, &address);
	raw_spin_unlock_irqrestore(&gate->lock, flags);
	return unit;
}

static void init_bar(struct minirq_stor_bar *bar, struct minirq_stor_gate *gate)
{
	bar->gate = gate;
	KeInitializeTimer(&bar->timer);
	KeInitializeDpc(&bar->expired, expired_dpc, bar);
}

/* Make the gate of an adapter, open; NULL for want of memory. */
struct minirq_stor_gate *
minirq_stor_gate_create(struct minirq_stor_adapter *adapter)
{
	struct minirq_stor_gate *gate = kzalloc(sizeof(*gate), GFP_KERNEL);
	unsigned int i;

	if (!gate)
		return NULL;
	gate->adapter = adapter;
	raw_spin_lock_init(&gate->lock);
	INIT_LIST_HEAD(&gate->held);
	minirq_dpc_init_serialized(&gate->release, release_dpc, gate);
	init_bar(&gate->bar, gate);
	for (i = 0; i < MINIRQ_STOR_UNITS; i++)
		init_bar(&gate->units[i].bar, gate);
	return gate;
}

static void lift(struct minirq_stor_bar *bar)
{
	minirq_timer_cancel(&bar->timer);
	bar->paused = false;
	bar->busy = 0;
}

/*
 * The adapter has stopped, and takes no requests: those that are held go back to
 * whoever started them. How many a unit takes at a time, it will take again.
 */
void minirq_stor_gate_open(struct minirq_stor_gate *gate)
{
	unsigned long flags;
	unsigned int i;

	raw_spin_lock_irqsave(&gate->lock, flags);
	lift(&gate->bar);
	gate->link_down = false;
	for (i = 0; i < MINIRQ_STOR_UNITS; i++)
		lift(&gate->units[i].bar);
	INIT_LIST_HEAD(&gate->held);
	gate->releasing = false;
	unlock_and_release(gate, flags);
}

/* Free the gate of an adapter that has stopped. */
void minirq_stor_gate_destroy(struct minirq_stor_gate *gate)
{
	minirq_stor_gate_open(gate);
	minirq_dpc_flush();
	kfree(gate);
}
