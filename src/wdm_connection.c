// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a WDM driver connects: service routines, and what they are called for.
 *
 * A driver names a connection by the table or the KINTERRUPT it was given. Such
 * a pointer counts only while it is in the list of connections; whoever takes it
 * out of there to destroy it is alone with it.
 */
#include "wdm_connection.h"

#include <linux/cpumask.h>
#include <linux/err.h>
#include <linux/irq.h>
#include <linux/slab.h>
#include <linux/spinlock.h>

#include "interrupt.h"
#include "interrupt_lock.h"
#include "message.h"
#include "msix_table.h"
#include "pdo.h"
#include "processor.h"
#include "verifier.h"

static LIST_HEAD(connections);
static DEFINE_RAW_SPINLOCK(connections_lock);

static __always_inline bool service(struct _KINTERRUPT *ki)
{
	struct minirq_wdm_connection *connection = ki->context;

	return connection->routine(ki, connection->context);
}

/*
 * A line stays open for the other devices on it, so that its driver is not
 * called while it is inactive has to be seen to here. A message is masked, and
 * one that its unmasking brings is not to be lost.
 */
static __always_inline bool line_service(struct _KINTERRUPT *ki)
{
	struct minirq_wdm_connection *connection = ki->context;

	return !READ_ONCE(connection->inactive) && service(ki);
}

static __always_inline bool message_service(struct _KINTERRUPT *ki)
{
	struct minirq_wdm_connection *connection = ki->context;

	return connection->message_routine(ki, connection->context, ki->id);
}

static irqreturn_t line_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, false, line_service, NULL);
}

static irqreturn_t single_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, true, service, NULL);
}

static irqreturn_t message_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, true, message_service, NULL);
}

static irqreturn_t passive_line_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver_passive(ki, line_service);
}

static irqreturn_t passive_single_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver_passive(ki, service);
}

static irqreturn_t passive_message_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver_passive(ki, message_service);
}

static irq_handler_t handler_for(const struct minirq_wdm_request *request)
{
	if (request->message_routine)
		return request->passive ? passive_message_irq : message_irq;
	if (request->pdo->irqs->message)
		return request->passive ? passive_single_irq : single_irq;
	return request->passive ? passive_line_irq : line_irq;
}

static int create_interrupt(struct minirq_wdm_connection *connection,
			    const struct minirq_wdm_request *request)
{
	struct minirq_interrupt_config config = {
		.irqs = request->pdo->irqs,
		.name = connection->name,
		.handler = handler_for(request),
		.routine = request->message_routine ?
				   (void *)request->message_routine :
				   (void *)request->routine,
		.context = connection,
		.lock = request->lock,
		.irql = request->irql,
		.passive = request->passive,
		.exclusive = request->exclusive,
		.single = request->single,
		.id = request->id,
	};
	struct minirq_interrupt *intr = minirq_interrupt_create(&config);
	int err;

	if (IS_ERR(intr))
		return PTR_ERR(intr);
	connection->intr = intr;
	err = minirq_interrupt_connect(intr);
	if (!err && connection->msix)
		minirq_msix_table_attach(connection->msix, intr);
	return err;
}

static void disconnect(struct minirq_wdm_connection *connection)
{
	if (!connection->intr)
		return;
	if (connection->msix)
		minirq_msix_table_detach(connection->msix, connection->intr);
	minirq_interrupt_disconnect(connection->intr);
}

/*
 * A driver that takes what its resources say changes nothing here. One that asks
 * for fewer CPUs gets them, where the interrupt can be moved at all; before it
 * is requested, as some chips move one that is only at its next interrupt.
 */
static int steer(const struct minirq_wdm_request *request)
{
	unsigned int irq = request->pdo->irqs->irq[request->id];
	const struct cpumask *now = irq_get_affinity_mask(irq);
	cpumask_var_t wanted;

	if (!request->affinity || !now)
		return 0;
	/* somebody's, which stays where it is */
	if (irq_has_action(irq))
		return request->pdo->irqs->message ? -EBUSY : 0;
	if (!alloc_cpumask_var(&wanted, GFP_KERNEL))
		return -ENOMEM;
	if (minirq_processor_mask(wanted, request->group, request->affinity) &&
	    !cpumask_subset(now, wanted))
		irq_set_affinity(irq, wanted);
	free_cpumask_var(wanted);
	return 0;
}

static int create_table(struct minirq_wdm_connection *connection,
			const struct minirq_wdm_request *request)
{
	const struct minirq_irqs *irqs = request->pdo->irqs;
	struct minirq_interrupt *intr = connection->intr;
	unsigned int id;

	connection->object = &intr->each[0];
	if (!request->message_routine)
		return 0;
	connection->table = minirq_message_table_create(irqs->irq, irqs->count);
	if (!connection->table)
		return -ENOMEM;
	minirq_message_table_irql(connection->table, intr->each[0].irql);
	for (id = 0; id < irqs->count; id++)
		minirq_message_table_object(connection->table, id,
					    &intr->each[id]);
	connection->object = minirq_message_table_info(connection->table);
	return 0;
}

static void list_connection(struct minirq_wdm_connection *connection)
{
	raw_spin_lock_irq(&connections_lock);
	list_add_tail(&connection->list, &connections);
	raw_spin_unlock_irq(&connections_lock);
}

static void unlist_connection(struct minirq_wdm_connection *connection)
{
	raw_spin_lock_irq(&connections_lock);
	list_del_init(&connection->list);
	raw_spin_unlock_irq(&connections_lock);
}

/*
 * A service routine may run as soon as its irq is enabled, so everything the
 * caller is told is written before that, and taken back if the line is refused.
 */
static int arm(struct minirq_wdm_connection *connection,
	       const struct minirq_wdm_request *request)
{
	PVOID old_object = *request->object;
	ULONG old_version = request->told ? *request->told : 0;
	int err;

	list_connection(connection);
	WRITE_ONCE(*request->object, connection->object);
	if (request->told)
		*request->told = request->version;

	err = minirq_interrupt_enable(connection->intr);
	if (err) {
		*request->object = old_object;
		if (request->told)
			*request->told = old_version;
		unlist_connection(connection);
		return err;
	}
	if (connection->table)
		minirq_message_table_watch(connection->table);
	return 0;
}

static void release(struct minirq_wdm_connection *connection)
{
	disconnect(connection);
	minirq_message_table_destroy(connection->table);
	minirq_interrupt_destroy(connection->intr);
	kfree(connection->name);
	kfree(connection);
}

static struct minirq_wdm_connection *
make(const struct minirq_wdm_request *request)
{
	struct minirq_wdm_connection *connection =
		kzalloc(sizeof(*connection), GFP_KERNEL);

	if (!connection)
		return NULL;
	connection->name = kstrdup(request->pdo->name, GFP_KERNEL);
	if (!connection->name) {
		kfree(connection);
		return NULL;
	}
	connection->routine = request->routine;
	connection->message_routine = request->message_routine;
	connection->context = request->context;
	connection->by_vector = request->by_vector;
	connection->version = request->version;
	connection->pdo = request->pdo;
	if (request->pdo->irqs->message)
		connection->msix = request->pdo->msix;
	return connection;
}

/**
 * minirq_wdm_connection_create() - connect, all that is asked for or nothing
 * @request:	what is asked for
 *
 * Service routines may run before this returns, and find what the caller is told
 * in place.
 *
 * Context: process context, may sleep.
 * Return: 0, or a negative errno with nothing connected and nothing written.
 */
int minirq_wdm_connection_create(const struct minirq_wdm_request *request)
{
	struct minirq_wdm_connection *connection = make(request);
	int err;

	if (!connection)
		return -ENOMEM;
	err = steer(request);
	if (!err)
		err = create_interrupt(connection, request);
	if (!err)
		err = create_table(connection, request);
	if (!err)
		err = arm(connection, request);
	if (err)
		release(connection);
	return err;
}

static struct minirq_wdm_connection *find(const void *object)
{
	struct minirq_wdm_connection *connection;

	list_for_each_entry(connection, &connections, list)
		if (connection->object == object)
			return connection;
	return NULL;
}

/*
 * Disconnecting waits for the service routines of a connection, and where there is
 * an MSI-X table for those of the whole device.
 */
static bool would_wait_for_itself(struct minirq_wdm_connection *connection)
{
	struct minirq_wdm_connection *other;

	list_for_each_entry(other, &connections, list) {
		if (other != connection &&
		    (!connection->msix || other->msix != connection->msix))
			continue;
		if (minirq_interrupt_in_passive(other->intr))
			return true;
	}
	return false;
}

/**
 * minirq_wdm_connection_take() - take a connection out, to destroy it
 * @object:	what the driver knows it by
 *
 * Context: any.
 * Return: the connection; NULL when there is none such, or not any more; an
 * ERR_PTR, -EDEADLK, when this is inside a passive service routine of it, or
 * of a device with an MSI-X table.
 */
struct minirq_wdm_connection *minirq_wdm_connection_take(const void *object)
{
	struct minirq_wdm_connection *connection;
	unsigned long flags;

	raw_spin_lock_irqsave(&connections_lock, flags);
	connection = find(object);
	if (connection && would_wait_for_itself(connection))
		connection = ERR_PTR(-EDEADLK);
	else if (connection)
		list_del_init(&connection->list);
	raw_spin_unlock_irqrestore(&connections_lock, flags);
	return connection;
}

/* The same for one that a device still has, or NULL. */
struct minirq_wdm_connection *
minirq_wdm_connection_take_any(struct minirq_pdo *pdo)
{
	struct minirq_wdm_connection *connection, *found = NULL;

	raw_spin_lock_irq(&connections_lock);
	list_for_each_entry(connection, &connections, list)
		if (connection->pdo == pdo)
			found = connection;
	if (found)
		list_del_init(&found->list);
	raw_spin_unlock_irq(&connections_lock);
	return found;
}

/**
 * minirq_wdm_connection_hand_on() - what names no device may be another's
 * @pdo:	a device that goes
 * @heir:	one that stays, on the same line
 *
 * Context: process context.
 */
void minirq_wdm_connection_hand_on(struct minirq_pdo *pdo,
				   struct minirq_pdo *heir)
{
	struct minirq_wdm_connection *connection;

	raw_spin_lock_irq(&connections_lock);
	list_for_each_entry(connection, &connections, list)
		if (connection->pdo == pdo && connection->by_vector)
			connection->pdo = heir;
	raw_spin_unlock_irq(&connections_lock);
}

/**
 * minirq_wdm_connection_destroy() - disconnect
 * @connection:	taken out
 * @caller:	who is told that it wrote to its message table
 *
 * When this returns no service routine of the connection runs, and none will.
 * DPCs that they queued are the driver's.
 *
 * Context: process context, may sleep.
 */
void minirq_wdm_connection_destroy(struct minirq_wdm_connection *connection,
				   void *caller)
{
	struct minirq_message_table *table = connection->table;

	if (table)
		minirq_message_table_unwatch(table);
	disconnect(connection);
	if (table && !minirq_message_table_intact(table))
		minirq_violation(MINIRQ_RULE_MESSAGE_TABLE, caller,
				 "%s: the driver wrote to its message table",
				 connection->name);
	release(connection);
}

/**
 * minirq_wdm_connection_set_inactive() - may a device interrupt?
 * @object:	what the driver knows the connection by
 * @inactive:	it may not
 * @version:	where the way to disconnect is stored
 *
 * Messages are masked, once, however often they are said to be inactive.
 *
 * Context: any.
 * Return: false when there is no such connection.
 */
bool minirq_wdm_connection_set_inactive(const void *object, bool inactive,
					ULONG *version)
{
	struct minirq_wdm_connection *connection;
	unsigned long flags;

	raw_spin_lock_irqsave(&connections_lock, flags);
	connection = find(object);
	if (connection) {
		*version = connection->version;
		if (inactive && !connection->inactive)
			minirq_interrupt_mask(connection->intr);
		if (!inactive && connection->inactive)
			minirq_interrupt_unmask(connection->intr);
		WRITE_ONCE(connection->inactive, inactive);
	}
	raw_spin_unlock_irqrestore(&connections_lock, flags);
	return connection;
}

/* What IoConnectInterruptEx() calls by several names is disconnected by one. */
static ULONG kind_of(ULONG version)
{
	if (version == CONNECT_FULLY_SPECIFIED_GROUP)
		return CONNECT_FULLY_SPECIFIED;
	if (version == CONNECT_MESSAGE_BASED_PASSIVE)
		return CONNECT_MESSAGE_BASED;
	return version;
}

/* A driver that got the Version of its connection wrong is told. */
void minirq_wdm_connection_check(ULONG version, ULONG said,
				 enum minirq_rule rule, void *caller)
{
	if (kind_of(said) != kind_of(version))
		minirq_violation(rule, caller, "Version is %u, connected as %u",
				 said, version);
}
