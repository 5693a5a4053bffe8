// SPDX-License-Identifier: GPL-2.0-only
/*
 * WDM interrupts: connecting and disconnecting.
 *
 * A call is checked in a fixed order, so that a driver that gets several things
 * wrong is told the same on every machine: level, Version, what it points to,
 * levels and locks, processors, and then whether the device has what is asked
 * for. Nothing is touched before all of it is known to be right.
 */
#include "wdm.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/hardirq.h>
#include <linux/irqflags.h>
#include <linux/mutex.h>

#include "dpc_queue.h"
#include "interrupt.h"
#include "pdo.h"
#include "processor.h"
#include "verifier.h"
#include "wdm_connection.h"

/* No device goes while it is looked for by its vector, and connected to. */
static DEFINE_MUTEX(by_vector_lock);

static NTSTATUS status_of(int err)
{
	switch (err) {
	case 0:
		return STATUS_SUCCESS;
	case -ENOMEM:
	case -ENOSPC:
		return STATUS_INSUFFICIENT_RESOURCES;
	default:
		return STATUS_INVALID_DEVICE_REQUEST;
	}
}

/* Both may wait, for a CPU that goes offline and stops its worker, too. */
static bool called_at_passive(enum minirq_rule rule, const char *function,
			      void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql == PASSIVE_LEVEL && !in_interrupt() && !irqs_disabled() &&
	    !minirq_dpc_in_worker())
		return true;
	minirq_violation(rule, caller, "%s at IRQL %u, or in a DPC", function,
			 irql);
	return false;
}

/* Drivers confuse the device object they made with the one they were given. */
static struct minirq_pdo *find_pdo(PDEVICE_OBJECT object, void *caller)
{
	struct minirq_pdo *pdo = minirq_pdo_find(object);

	if (!pdo && object)
		minirq_violation(MINIRQ_RULE_IO_CONNECT, caller,
				 "%p is not a physical device object", object);
	return pdo;
}

/* A routine of a lower level would not be kept out by the lock's level. */
static bool levels_valid(const struct minirq_wdm_request *request, KIRQL irql,
			 KIRQL synchronize_irql)
{
	if (request->passive)
		return !request->lock;
	return irql == MINIRQ_DIRQL && synchronize_irql == MINIRQ_DIRQL;
}

/*
 * One vector of a device, its line or one of its messages: what is asked for is
 * spelled out, so it has to agree with what was granted.
 */
static NTSTATUS
connect_vector(const IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS *p,
	       struct minirq_pdo *pdo, USHORT group)
{
	struct minirq_wdm_request request = {
		.pdo = pdo,
		.version = CONNECT_FULLY_SPECIFIED,
		.routine = p->ServiceRoutine,
		.context = p->ServiceContext,
		.lock = p->SpinLock,
		.irql = p->SynchronizeIrql,
		.passive = p->Irql == PASSIVE_LEVEL &&
			   p->SynchronizeIrql == PASSIVE_LEVEL,
		.exclusive = !p->ShareVector,
		.single = true,
		.by_vector = !p->PhysicalDeviceObject,
		.group = group,
		.affinity = p->ProcessorEnableMask,
		.object = (PVOID *)p->InterruptObject,
	};

	if (!levels_valid(&request, p->Irql, p->SynchronizeIrql))
		return STATUS_INVALID_PARAMETER;
	if (!minirq_processor_mask(NULL, group, p->ProcessorEnableMask))
		return STATUS_INVALID_PARAMETER_10;
	if (!pdo || !minirq_pdo_message(pdo, p->Vector, &request.id))
		return STATUS_NOT_FOUND;
	return status_of(minirq_wdm_connection_create(&request));
}

static NTSTATUS connect_fully_specified(PIO_CONNECT_INTERRUPT_PARAMETERS params,
					void *caller)
{
	const IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS *p =
		&params->FullySpecified;
	struct minirq_pdo *pdo = find_pdo(p->PhysicalDeviceObject, caller);
	USHORT group = params->Version == CONNECT_FULLY_SPECIFIED_GROUP ?
		       p->Group : 0;

	if (!pdo || !p->InterruptObject || !p->ServiceRoutine)
		return STATUS_INVALID_PARAMETER;
	return connect_vector(p, pdo, group);
}

/* A level asked for is a lower bound; there is one for all devices. */
static KIRQL at_least_dirql(KIRQL synchronize_irql)
{
	return max_t(KIRQL, synchronize_irql, MINIRQ_DIRQL);
}

static NTSTATUS connect_line_based(PIO_CONNECT_INTERRUPT_PARAMETERS params,
				   void *caller)
{
	const IO_CONNECT_INTERRUPT_LINE_BASED_PARAMETERS *p =
		&params->LineBased;
	struct minirq_pdo *pdo = find_pdo(p->PhysicalDeviceObject, caller);
	struct minirq_wdm_request request = {
		.pdo = pdo,
		.version = CONNECT_LINE_BASED,
		.routine = p->ServiceRoutine,
		.context = p->ServiceContext,
		.lock = p->SpinLock,
		.irql = at_least_dirql(p->SynchronizeIrql),
		.object = (PVOID *)p->InterruptObject,
		.told = &params->Version,
	};

	if (!pdo || !p->InterruptObject || !p->ServiceRoutine ||
	    p->SynchronizeIrql > HIGH_LEVEL)
		return STATUS_INVALID_PARAMETER;
	if (!pdo->irqs->count)
		return STATUS_NOT_FOUND;
	if (pdo->irqs->message)
		return STATUS_INVALID_DEVICE_REQUEST;
	return status_of(minirq_wdm_connection_create(&request));
}

/* Passive routines are kept out by no spin lock, and have no higher level. */
static bool
message_parameters_valid(const IO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS *p,
			 bool passive)
{
	if (!p->ConnectionContext.Generic || !p->MessageServiceRoutine)
		return false;
	if (passive)
		return !p->SpinLock && p->SynchronizeIrql == PASSIVE_LEVEL;
	return p->SynchronizeIrql <= HIGH_LEVEL;
}

/* What to connect of a device: all its messages, or its line, or nothing. */
static NTSTATUS
choose_routine(const IO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS *p,
	       struct minirq_wdm_request *request)
{
	if (!request->pdo->irqs->count)
		return STATUS_NOT_FOUND;
	if (request->pdo->irqs->message) {
		request->message_routine = p->MessageServiceRoutine;
		return STATUS_SUCCESS;
	}
	if (!p->FallBackServiceRoutine)
		return STATUS_NOT_FOUND;
	request->routine = p->FallBackServiceRoutine;
	request->version = CONNECT_LINE_BASED;
	return STATUS_SUCCESS;
}

static NTSTATUS connect_message_based(PIO_CONNECT_INTERRUPT_PARAMETERS params,
				      void *caller)
{
	const IO_CONNECT_INTERRUPT_MESSAGE_BASED_PARAMETERS *p =
		&params->MessageBased;
	struct minirq_pdo *pdo = find_pdo(p->PhysicalDeviceObject, caller);
	bool passive = params->Version == CONNECT_MESSAGE_BASED_PASSIVE;
	struct minirq_wdm_request request = {
		.pdo = pdo,
		.version = params->Version,
		.context = p->ServiceContext,
		.lock = p->SpinLock,
		.irql = at_least_dirql(p->SynchronizeIrql),
		.passive = passive,
		.object = p->ConnectionContext.Generic,
		.told = &params->Version,
	};
	NTSTATUS status;

	if (!pdo || !message_parameters_valid(p, passive))
		return STATUS_INVALID_PARAMETER;
	status = choose_routine(p, &request);
	if (!NT_SUCCESS(status))
		return status;
	return status_of(minirq_wdm_connection_create(&request));
}

static NTSTATUS connect(PIO_CONNECT_INTERRUPT_PARAMETERS params, void *caller)
{
	if (minirq_verifier_before_vista &&
	    params->Version != CONNECT_FULLY_SPECIFIED) {
		params->Version = CONNECT_FULLY_SPECIFIED;
		return STATUS_NOT_SUPPORTED;
	}

	switch (params->Version) {
	case CONNECT_FULLY_SPECIFIED:
	case CONNECT_FULLY_SPECIFIED_GROUP:
		return connect_fully_specified(params, caller);
	case CONNECT_LINE_BASED:
		return connect_line_based(params, caller);
	case CONNECT_MESSAGE_BASED:
	case CONNECT_MESSAGE_BASED_PASSIVE:
		return connect_message_based(params, caller);
	default:
		return STATUS_INVALID_PARAMETER_1;
	}
}

/**
 * IoConnectInterruptEx() - connect a device's messages, its line or one vector
 * @Parameters:	which, and the service routines; what was connected is stored
 *		where it says, and Version becomes how it is to be disconnected
 *
 * Every message is connected or none. Service routines may run before the call
 * returns, and find what it stores in place. Without a lock of the driver's,
 * each message has one of its own.
 *
 * A vector whose Irql and SynchronizeIrql are PASSIVE_LEVEL, and every message
 * with CONNECT_MESSAGE_BASED_PASSIVE, gets a service routine that runs in a
 * thread and may wait.
 *
 * Differs from Windows: InterruptMode and FloatingSave are not needed; the
 * fallback to CONNECT_FULLY_SPECIFIED happens only when before_vista in debugfs
 * asks for it; a level that is not PASSIVE_LEVEL is reported and fails.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-iointex-wdmlibioconnectinterruptex
 * Return:
 * * STATUS_SUCCESS
 * * STATUS_INVALID_PARAMETER_1 - no such Version
 * * STATUS_INVALID_PARAMETER - no physical device object, a NULL pointer or
 *   routine, levels that do not fit, a spin lock for a passive routine
 * * STATUS_INVALID_PARAMETER_10 - ProcessorEnableMask has no CPU
 * * STATUS_NOT_FOUND - the device has no such vector, or no interrupt
 * * STATUS_INVALID_DEVICE_REQUEST - the line of a device that was granted
 *   messages; or somebody else has it, and does not share
 * * STATUS_INSUFFICIENT_RESOURCES
 * * STATUS_NOT_SUPPORTED - as before Vista, see above
 * * STATUS_UNSUCCESSFUL - called above PASSIVE_LEVEL
 */
NTSTATUS IoConnectInterruptEx(PIO_CONNECT_INTERRUPT_PARAMETERS Parameters)
{
	minirq_not_for_storport(MINIRQ_CALLER, __func__);
	if (!Parameters)
		return STATUS_INVALID_PARAMETER;
	if (!called_at_passive(MINIRQ_RULE_IO_CONNECT_IRQL, __func__,
			       MINIRQ_CALLER))
		return STATUS_UNSUCCESSFUL;
	return connect(Parameters, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(IoConnectInterruptEx);

/**
 * IoConnectInterrupt() - connect one vector
 * @InterruptObject:	where the object is stored
 * @ServiceRoutine:	called for the vector
 * @ServiceContext:	its argument
 * @SpinLock:		what it runs under, or NULL for a lock of its own
 * @Vector:		from the translated resources
 * @Irql:		from there
 * @SynchronizeIrql:	the highest of all vectors that share @SpinLock
 * @InterruptMode:	not needed
 * @ShareVector:	others may have the line too
 * @ProcessorEnableMask: from the translated resources, of group 0
 * @FloatingSave:	not needed
 *
 * As IoConnectInterruptEx() with CONNECT_FULLY_SPECIFIED, for whatever device
 * has the vector.
 *
 * Where a driver has several devices on one line, only it knows for which this is.
 * So what it leaves connected is noticed when the last of these goes.
 *
 * Context: IRQL = PASSIVE_LEVEL; above it the call is reported and fails.
 * Page: nf-wdm-ioconnectinterrupt
 * Return: STATUS_SUCCESS; STATUS_INVALID_PARAMETER for anything that does not
 * fit; STATUS_INSUFFICIENT_RESOURCES; STATUS_UNSUCCESSFUL for the wrong level.
 */
NTSTATUS IoConnectInterrupt(PKINTERRUPT *InterruptObject,
			    PKSERVICE_ROUTINE ServiceRoutine,
			    PVOID ServiceContext, PKSPIN_LOCK SpinLock,
			    ULONG Vector, KIRQL Irql, KIRQL SynchronizeIrql,
			    KINTERRUPT_MODE InterruptMode, BOOLEAN ShareVector,
			    KAFFINITY ProcessorEnableMask, BOOLEAN FloatingSave)
{
	IO_CONNECT_INTERRUPT_FULLY_SPECIFIED_PARAMETERS p = {
		.InterruptObject = InterruptObject,
		.ServiceRoutine = ServiceRoutine,
		.ServiceContext = ServiceContext,
		.SpinLock = SpinLock,
		.Vector = Vector,
		.Irql = Irql,
		.SynchronizeIrql = SynchronizeIrql,
		.ShareVector = ShareVector,
		.ProcessorEnableMask = ProcessorEnableMask,
	};
	NTSTATUS status;

	if (!called_at_passive(MINIRQ_RULE_IO_CONNECT_IRQL, __func__,
			       MINIRQ_CALLER))
		return STATUS_UNSUCCESSFUL;
	if (!InterruptObject || !ServiceRoutine)
		return STATUS_INVALID_PARAMETER;
	mutex_lock(&by_vector_lock);
	status = connect_vector(&p, minirq_pdo_of_vector(Vector, ServiceRoutine),
				0);
	mutex_unlock(&by_vector_lock);
	if (!NT_SUCCESS(status) && status != STATUS_INSUFFICIENT_RESOURCES)
		return STATUS_INVALID_PARAMETER;
	return status;
}
EXPORT_SYMBOL_GPL(IoConnectInterrupt);

static void disconnect(PVOID object, ULONG version, void *caller)
{
	struct minirq_wdm_connection *connection =
		minirq_wdm_connection_take(object);

	if (!connection) {
		minirq_violation(MINIRQ_RULE_IO_DISCONNECT, caller,
				 "%p is not connected", object);
		return;
	}
	if (IS_ERR(connection)) {
		minirq_violation(MINIRQ_RULE_IO_DISCONNECT, caller,
				 "%p would wait for its own service routine",
				 object);
		return;
	}
	minirq_wdm_connection_check(connection->version, version,
				    MINIRQ_RULE_IO_DISCONNECT, caller);
	minirq_wdm_connection_destroy(connection, caller);
}

/**
 * IoDisconnectInterruptEx() - disconnect what IoConnectInterruptEx() connected
 * @Parameters:	Version as that call left it, and what it stored
 *
 * When this returns no service routine of the connection runs, and none will;
 * object and table are gone. DPCs that were queued still run.
 *
 * Differs from Windows: a Version that does not fit is reported and does not
 * matter; what is not connected, a level other than PASSIVE_LEVEL, and a call
 * from a passive service routine of the connection, or from a routine that excludes
 * that, is reported and nothing happens.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-iointex-wdmlibiodisconnectinterruptex
 */
VOID IoDisconnectInterruptEx(PIO_DISCONNECT_INTERRUPT_PARAMETERS Parameters)
{
	if (!called_at_passive(MINIRQ_RULE_IO_DISCONNECT_IRQL, __func__,
			       MINIRQ_CALLER))
		return;
	if (!Parameters) {
		minirq_violation(MINIRQ_RULE_IO_DISCONNECT, MINIRQ_CALLER,
				 "no parameters");
		return;
	}
	disconnect(Parameters->ConnectionContext.Generic, Parameters->Version,
		   MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(IoDisconnectInterruptEx);

/**
 * IoDisconnectInterrupt() - disconnect what IoConnectInterrupt() connected
 * @InterruptObject:	what that call stored
 *
 * Context: IRQL = PASSIVE_LEVEL; otherwise, for what is not connected, and from
 * its own service routine, the call is reported and nothing happens.
 * Page: nf-wdm-iodisconnectinterrupt
 */
VOID IoDisconnectInterrupt(PKINTERRUPT InterruptObject)
{
	if (called_at_passive(MINIRQ_RULE_IO_DISCONNECT_IRQL, __func__,
			      MINIRQ_CALLER))
		disconnect(InterruptObject, CONNECT_FULLY_SPECIFIED,
			   MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(IoDisconnectInterrupt);

/* From now on nobody finds the device by a vector, until it is granted others. */
void minirq_wdm_withdraw(struct minirq_pdo *pdo)
{
	struct minirq_pdo *twin;

	mutex_lock(&by_vector_lock);
	twin = minirq_pdo_twin(pdo);
	if (twin)
		minirq_wdm_connection_hand_on(pdo, twin);
	minirq_pdo_grant(pdo, NULL);
	mutex_unlock(&by_vector_lock);
}

/**
 * minirq_wdm_disconnect_all() - a device goes away, and what it still connects
 * @pdo:	the device, which loses what it was granted; its driver connects
 *		nothing any more
 *
 * Context: process context, may sleep.
 */
void minirq_wdm_disconnect_all(struct minirq_pdo *pdo)
{
	struct minirq_wdm_connection *connection;

	minirq_wdm_withdraw(pdo);
	while ((connection = minirq_wdm_connection_take_any(pdo)) != NULL) {
		void *routine = connection->routine ?:
				(void *)connection->message_routine;

		minirq_violation(MINIRQ_RULE_LEAK, routine,
				 "%s: interrupt was left connected", pdo->name);
		minirq_wdm_connection_destroy(connection, routine);
	}
}
