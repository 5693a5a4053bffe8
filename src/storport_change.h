/* SPDX-License-Identifier: GPL-2.0-only */
/* Changes that a StorPort miniport tells the port of. */
#ifndef MINIRQ_STORPORT_CHANGE_H
#define MINIRQ_STORPORT_CHANGE_H

#include <linux/atomic.h>

#include <storport.h>

struct minirq_stor_adapter;

/**
 * struct minirq_stor_change - a change that the port deals with
 * @pending:	there is one
 * @dpc:	tells the driver that it has been dealt with
 * @address:	what has changed
 * @routine:	HwStorStateChange, or NULL
 * @context:	its second argument
 */
struct minirq_stor_change {
	atomic_t pending;
	KDPC dpc;
	PSTOR_ADDRESS address;
	PHW_STATE_CHANGE routine;
	PVOID context;
};

void minirq_stor_change_init(struct minirq_stor_adapter *adapter);

#endif /* MINIRQ_STORPORT_CHANGE_H */
