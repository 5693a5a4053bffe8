/* SPDX-License-Identifier: GPL-2.0-only */
/* What holds a StorPort miniport's requests back. */
#ifndef MINIRQ_STORPORT_GATE_H
#define MINIRQ_STORPORT_GATE_H

#include <linux/list.h>
#include <linux/spinlock.h>
#include <linux/types.h>

#include <storport.h>

struct minirq_stor_adapter;
struct minirq_stor_gate;
struct minirq_stor_request;

/* How many units of an adapter may be held back at a time */
#define MINIRQ_STOR_UNITS	32

/**
 * struct minirq_stor_bar - what the driver has said of its adapter, or of a unit
 * @gate:	that it belongs to
 * @paused:	until it is resumed, or @timer expires
 * @busy:	until so many requests are complete
 * @timer:	queues @expired
 * @expired:	ends the pause
 */
struct minirq_stor_bar {
	struct minirq_stor_gate *gate;
	bool paused;
	ULONG busy;
	KTIMER timer;
	KDPC expired;
};

/**
 * struct minirq_stor_unit - a logical unit that the driver has named
 * @bar:	holds its requests back
 * @used:	it has been named
 * @path:	its address
 * @target:	its address
 * @lun:	its address
 * @depth:	how many requests it takes at a time, 0 for any number
 * @started:	how many it has
 */
struct minirq_stor_unit {
	struct minirq_stor_bar bar;
	bool used;
	UCHAR path;
	UCHAR target;
	UCHAR lun;
	ULONG depth;
	ULONG started;
};

/**
 * struct minirq_stor_gate - what an adapter's requests pass before they start
 * @adapter:	the adapter
 * @lock:	protects everything but @armed
 * @armed:	somebody is held back, or may be; without it nobody takes @lock
 * @bar:	holds all requests back
 * @link_down:	so does this
 * @units:	those that the driver has named
 * @held:	the requests that are held back, oldest first
 * @releasing:	some of them may start, and new ones stand behind them
 * @release:	a DPC that starts them, one after the other
 */
struct minirq_stor_gate {
	struct minirq_stor_adapter *adapter;
	raw_spinlock_t lock;
	bool armed;
	struct minirq_stor_bar bar;
	bool link_down;
	struct minirq_stor_unit units[MINIRQ_STOR_UNITS];
	struct list_head held;
	bool releasing;
	KDPC release;
};

struct minirq_stor_gate *
minirq_stor_gate_create(struct minirq_stor_adapter *adapter);
void minirq_stor_gate_open(struct minirq_stor_gate *gate);
void minirq_stor_gate_destroy(struct minirq_stor_gate *gate);

bool minirq_stor_gate_pass(struct minirq_stor_gate *gate,
			   struct minirq_stor_request *request);
void minirq_stor_gate_leave(struct minirq_stor_gate *gate,
			    struct minirq_stor_request *request);

/* What the driver says; @unit is NULL for all of them */
struct minirq_stor_unit *minirq_stor_gate_unit(struct minirq_stor_gate *gate,
					       UCHAR path, UCHAR target,
					       UCHAR lun);
void minirq_stor_gate_link(struct minirq_stor_gate *gate, bool up);
void minirq_stor_gate_pause(struct minirq_stor_bar *bar, ULONG seconds);
bool minirq_stor_gate_resume(struct minirq_stor_bar *bar);
void minirq_stor_gate_busy(struct minirq_stor_gate *gate,
			   struct minirq_stor_unit *unit, ULONG completions);
void minirq_stor_gate_ready(struct minirq_stor_bar *bar);
void minirq_stor_gate_limit(struct minirq_stor_unit *unit, ULONG depth);

#endif /* MINIRQ_STORPORT_GATE_H */
