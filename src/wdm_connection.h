/* SPDX-License-Identifier: GPL-2.0-only */
/* What a WDM driver connects: service routines, and what they are called for. */
#ifndef MINIRQ_WDM_CONNECTION_H
#define MINIRQ_WDM_CONNECTION_H

#include <linux/list.h>
#include <linux/types.h>

#include <wdm.h>

#include "verifier.h"

struct minirq_interrupt;
struct minirq_message_table;
struct minirq_msix_table;
struct minirq_pdo;

/**
 * struct minirq_wdm_request - what a call that passed its checks asks for
 * @pdo:	the device
 * @version:	as the caller is told, and as it has to disconnect
 * @routine:	for a line, or for a message connected singly
 * @message_routine: for all messages, instead of @routine
 * @context:	their ServiceContext
 * @lock:	the driver's lock, or NULL
 * @irql:	SynchronizeIrql, or 0 for that of devices
 * @passive:	service routines run at PASSIVE_LEVEL
 * @exclusive:	nobody else may have the line
 * @single:	only message @id
 * @by_vector:	the driver has named no device
 * @id:		with @single
 * @group:	of @affinity
 * @affinity:	the CPUs it may interrupt, or 0 to leave them
 * @object:	where the object or the table is stored
 * @told:	where @version is stored, or NULL
 */
struct minirq_wdm_request {
	struct minirq_pdo *pdo;
	ULONG version;
	PKSERVICE_ROUTINE routine;
	PKMESSAGE_SERVICE_ROUTINE message_routine;
	PVOID context;
	PKSPIN_LOCK lock;
	KIRQL irql;
	bool passive;
	bool exclusive;
	bool single;
	bool by_vector;
	unsigned int id;
	USHORT group;
	KAFFINITY affinity;
	PVOID *object;
	PULONG told;
};

/**
 * struct minirq_wdm_connection - one successful connect
 * @routine:	as in &struct minirq_wdm_request
 * @message_routine: as there
 * @context:	as there
 * @inactive:	the driver has said that its device does not interrupt
 * @version:	how it is to be disconnected
 * @by_vector:	the driver has named no device, so it may be for another on the
 *		same line
 * @pdo:	the device, under the lock of the list
 * @name:	of the device that it was connected for, a copy
 * @msix:	of that device, NULL for a line
 * @intr:	the interrupt object
 * @table:	the message table, or NULL
 * @object:	what the driver knows it by: table or KINTERRUPT
 * @list:	in the list of all of them
 */
struct minirq_wdm_connection {
	PKSERVICE_ROUTINE routine;
	PKMESSAGE_SERVICE_ROUTINE message_routine;
	PVOID context;
	bool inactive;
	bool by_vector;
	ULONG version;
	struct minirq_pdo *pdo;
	const char *name;
	struct minirq_msix_table *msix;
	struct minirq_interrupt *intr;
	struct minirq_message_table *table;
	PVOID object;
	struct list_head list;
};

int minirq_wdm_connection_create(const struct minirq_wdm_request *request);
struct minirq_wdm_connection *minirq_wdm_connection_take(const void *object);
struct minirq_wdm_connection *
minirq_wdm_connection_take_any(struct minirq_pdo *pdo);
void minirq_wdm_connection_hand_on(struct minirq_pdo *pdo,
				   struct minirq_pdo *heir);
void minirq_wdm_connection_destroy(struct minirq_wdm_connection *connection,
				   void *caller);
bool minirq_wdm_connection_set_inactive(const void *object, bool inactive,
					ULONG *version);
void minirq_wdm_connection_check(ULONG version, ULONG said,
				 enum minirq_rule rule, void *caller);

#endif /* MINIRQ_WDM_CONNECTION_H */
