// SPDX-License-Identifier: GPL-2.0-only
/*
 * NDIS 6 interrupts: registration, the front end over the engine.
 *
 * One registration connects every message of an adapter, or its line.
 */
#include "ndis.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/slab.h>

#include "dpc.h"
#include "dpc_flush.h"
#include "interrupt.h"
#include "message.h"
#include "msix_table.h"
#include "ndis_dpc.h"
#include "ndis_switch.h"
#include "verifier.h"

static NDIS_STATUS status_of(int err)
{
	switch (err) {
	case 0:
		return NDIS_STATUS_SUCCESS;
	case -ENOMEM:
	case -ENOSPC:
		return NDIS_STATUS_RESOURCES;
	case -EBUSY:
		return NDIS_STATUS_RESOURCE_CONFLICT;
	default:
		return NDIS_STATUS_FAILURE;
	}
}

/* Registration belongs to process context; elsewhere it could not wait. */
static bool called_at_passive(const char *function, void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql == PASSIVE_LEVEL && !in_interrupt() && !irqs_disabled() &&
	    !minirq_dpc_in_worker())
		return true;
	minirq_violation(MINIRQ_RULE_NDIS_IRQL, caller,
			 "%s at IRQL %u, or in a DPC", function, irql);
	return false;
}

static bool header_valid(const NDIS_OBJECT_HEADER *header)
{
	return header->Type == NDIS_OBJECT_TYPE_MINIPORT_INTERRUPT &&
	       header->Revision >= NDIS_MINIPORT_INTERRUPT_REVISION_1 &&
	       header->Size >=
		       NDIS_SIZEOF_MINIPORT_INTERRUPT_CHARACTERISTICS_REVISION_1;
}

/* The line handlers always, the message handlers with MsiSupported. */
static bool handlers_valid(const NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS *c)
{
	return c->InterruptHandler && c->InterruptDpcHandler &&
	       c->DisableInterruptHandler && c->EnableInterruptHandler &&
	       (!c->MsiSupported ||
		(c->MessageInterruptHandler && c->MessageInterruptDpcHandler &&
		 c->DisableMessageInterruptHandler &&
		 c->EnableMessageInterruptHandler));
}

/* May this adapter register now, and for what it was granted? */
static NDIS_STATUS check_adapter(struct minirq_ndis_adapter *adapter,
				 bool msi_supported, void *caller)
{
	if (adapter->phase != MINIRQ_NDIS_INITIALIZING) {
		minirq_violation(MINIRQ_RULE_NDIS_CALL, caller,
				 "%s: called outside MiniportInitializeEx",
				 adapter->name);
		return NDIS_STATUS_FAILURE;
	}
	if (!adapter->attributes) {
		minirq_violation(MINIRQ_RULE_NDIS_CALL, caller,
				 "%s: called before NdisMSetMiniportAttributes",
				 adapter->name);
		return NDIS_STATUS_FAILURE;
	}
	if (adapter->interrupt)
		return NDIS_STATUS_RESOURCE_CONFLICT;
	if (adapter->irqs->message && !msi_supported)
		return NDIS_STATUS_FAILURE;
	return NDIS_STATUS_SUCCESS;
}

static int create_interrupt(struct minirq_ndis_interrupt *ni)
{
	const struct minirq_irqs *irqs = ni->adapter->irqs;
	struct minirq_interrupt_config config = {
		.irqs = irqs,
		.name = ni->adapter->name,
		.handler = minirq_ndis_dpc_handler(irqs->message),
		.routine = irqs->message ?
				   (void *)ni->chars.MessageInterruptHandler :
				   (void *)ni->line_isr,
		.set_enabled = minirq_ndis_switch_device,
		.context = ni,
		.one_lock = ni->chars.MsiSyncWithAllMessages,
		.slots = true,
	};
	struct minirq_interrupt *intr = minirq_interrupt_create(&config);

	if (IS_ERR(intr))
		return PTR_ERR(intr);
	ni->intr = intr;
	return 0;
}

static int create_table(struct minirq_ndis_interrupt *ni)
{
	const struct minirq_irqs *irqs = ni->adapter->irqs;
	unsigned int id;

	if (!irqs->message)
		return 0;
	ni->table = minirq_message_table_create(irqs->irq, irqs->count);
	if (!ni->table)
		return -ENOMEM;
	for (id = 0; id < irqs->count; id++)
		minirq_message_table_object(ni->table, id, &ni->intr->each[id]);
	return 0;
}

/* Everything the handle holds; the handle itself stays, dead. */
static void release(struct minirq_ndis_interrupt *ni)
{
	minirq_message_table_destroy(ni->table);
	minirq_ndis_dpc_destroy(ni);
	minirq_interrupt_destroy(ni->intr);
	ni->table = NULL;
	ni->intr = NULL;
	ni->state = MINIRQ_NDIS_DEAD;
}

/*
 * Stop in the one order that leaves nothing behind: no new DPCs from DPCs, no
 * vector moves, no ISRs, no DPCs.
 *
 * A DPC that passed its check before the state changed may still queue one
 * more, on a CPU that the first flush has been to. The second flush finds it;
 * that one finds the state changed.
 */
static void stop(struct minirq_ndis_interrupt *ni)
{
	WRITE_ONCE(ni->state, MINIRQ_NDIS_CLOSING);
	if (ni->table)
		minirq_message_table_unwatch(ni->table);
	if (ni->intr && ni->adapter->msix)
		minirq_msix_table_detach(ni->adapter->msix, ni->intr);
	if (ni->intr)
		minirq_interrupt_disconnect(ni->intr);
	minirq_dpc_flush();
	minirq_dpc_flush();
	ni->adapter->interrupt = NULL;
}

/*
 * An ISR may run as soon as its irq is enabled, so everything a registration
 * returns is written before that, and taken back if the line is refused.
 */
static int arm(struct minirq_ndis_interrupt *ni,
	       PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS chars,
	       PNDIS_HANDLE handle)
{
	NDIS_INTERRUPT_TYPE type = chars->InterruptType;
	PIO_INTERRUPT_MESSAGE_INFO table = chars->MessageInfoTable;
	NDIS_HANDLE old = *handle;
	int err;

	chars->InterruptType = ni->table ? NDIS_CONNECT_MESSAGE_BASED :
					   NDIS_CONNECT_LINE_BASED;
	chars->MessageInfoTable =
		ni->table ? minirq_message_table_info(ni->table) : NULL;
	WRITE_ONCE(*handle, ni);
	ni->adapter->interrupt = ni;
	if (ni->adapter->msix)
		minirq_msix_table_attach(ni->adapter->msix, ni->intr);

	err = minirq_interrupt_enable(ni->intr);
	if (err) {
		chars->InterruptType = type;
		chars->MessageInfoTable = table;
		*handle = old;
		return err;
	}
	if (ni->table)
		minirq_message_table_watch(ni->table);
	return 0;
}

static int connect(struct minirq_ndis_interrupt *ni,
		   PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS chars,
		   PNDIS_HANDLE handle)
{
	int err = create_interrupt(ni);

	if (!err)
		err = minirq_ndis_dpc_create(ni);
	if (!err)
		err = minirq_interrupt_connect(ni->intr);
	if (!err)
		err = create_table(ni);
	if (!err)
		err = arm(ni, chars, handle);
	return err;
}

static int register_interrupt(struct minirq_ndis_adapter *adapter,
			      NDIS_HANDLE context,
			      PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS chars,
			      PNDIS_HANDLE handle)
{
	struct minirq_ndis_interrupt *ni;
	int err;

	if (!adapter->irqs->count)
		return -ENODEV;
	ni = kzalloc(sizeof(*ni), GFP_KERNEL);
	if (!ni)
		return -ENOMEM;
	minirq_ndis_handle_init(ni);
	ni->chars = *chars;
	ni->context = context;
	ni->isr_context = context;
	ni->line_isr = chars->InterruptHandler;
	ni->adapter = adapter;

	err = connect(ni, chars, handle);
	if (err) {
		stop(ni);
		release(ni);
		kfree(ni);
		return err;
	}
	list_add(&ni->list, &adapter->handles);
	return 0;
}

/**
 * NdisMRegisterInterruptEx() - connect an adapter's messages, or its line
 * @MiniportAdapterHandle:		the adapter
 * @MiniportInterruptContext:		first argument of every handler
 * @MiniportInterruptCharacteristics:	the handlers; InterruptType and
 *					MessageInfoTable are filled in
 * @NdisInterruptHandle:		where the handle is stored
 *
 * Every message is connected or none. Handlers may run before the call returns,
 * and find the handle and the filled structure in place. The structure is
 * copied; the table stays valid until NdisMDeregisterInterruptEx().
 *
 * Context: IRQL = PASSIVE_LEVEL, from MiniportInitializeEx after
 * NdisMSetMiniportAttributes(); elsewhere the call is reported and fails.
 * Page: nf-ndis-ndismregisterinterruptex
 * Return:
 * * NDIS_STATUS_SUCCESS
 * * NDIS_STATUS_INVALID_PARAMETER - a NULL handle or pointer, or the handle of
 *   something else
 * * NDIS_STATUS_BAD_VERSION - not the header of this structure
 * * NDIS_STATUS_BAD_CHARACTERISTICS - a mandatory handler is missing
 * * NDIS_STATUS_RESOURCE_CONFLICT - the adapter has registered already
 * * NDIS_STATUS_RESOURCES - out of memory or vectors
 * * NDIS_STATUS_FAILURE - called in the wrong place; messages were granted and
 *   the driver supports none; or the device has no interrupt
 */
NDIS_STATUS NdisMRegisterInterruptEx(NDIS_HANDLE MiniportAdapterHandle,
				     NDIS_HANDLE MiniportInterruptContext,
				     PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS
					MiniportInterruptCharacteristics,
				     PNDIS_HANDLE NdisInterruptHandle)
{
	PNDIS_MINIPORT_INTERRUPT_CHARACTERISTICS chars =
		MiniportInterruptCharacteristics;
	struct minirq_ndis_adapter *adapter;
	NDIS_STATUS status;

	if (!MiniportAdapterHandle || !chars || !NdisInterruptHandle)
		return NDIS_STATUS_INVALID_PARAMETER;
	adapter = minirq_ndis_adapter_of(MiniportAdapterHandle, __func__,
					 MINIRQ_CALLER);
	if (!adapter)
		return NDIS_STATUS_INVALID_PARAMETER;
	if (!header_valid(&chars->Header))
		return NDIS_STATUS_BAD_VERSION;
	if (!handlers_valid(chars))
		return NDIS_STATUS_BAD_CHARACTERISTICS;
	if (!called_at_passive("NdisMRegisterInterruptEx", MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	status = check_adapter(adapter, chars->MsiSupported, MINIRQ_CALLER);
	if (status != NDIS_STATUS_SUCCESS)
		return status;
	return status_of(register_interrupt(adapter, MiniportInterruptContext,
					    chars, NdisInterruptHandle));
}
EXPORT_SYMBOL_GPL(NdisMRegisterInterruptEx);

/**
 * NdisMDeregisterInterruptEx() - disconnect what was registered
 * @NdisInterruptHandle:	the handle
 *
 * When this returns no handler of this registration runs, and none will. DPCs
 * that were queued have run; one that asks to be called again is not.
 *
 * Context: IRQL = PASSIVE_LEVEL, from MiniportInitializeEx or MiniportHaltEx. A
 * dead handle, or another level, is reported and nothing happens.
 * Page: nf-ndis-ndismderegisterinterruptex
 */
VOID NdisMDeregisterInterruptEx(NDIS_HANDLE NdisInterruptHandle)
{
	struct minirq_ndis_interrupt *ni;

	if (!called_at_passive("NdisMDeregisterInterruptEx", MINIRQ_CALLER))
		return;
	ni = minirq_ndis_handle_live(NdisInterruptHandle,
				     __func__,
				     MINIRQ_CALLER);
	if (!ni)
		return;
	stop(ni);
	if (ni->table && !minirq_message_table_intact(ni->table))
		minirq_violation(MINIRQ_RULE_MESSAGE_TABLE, MINIRQ_CALLER,
				 "%s: the driver wrote to MessageInfoTable",
				 ni->adapter->name);
	release(ni);
}
EXPORT_SYMBOL_GPL(NdisMDeregisterInterruptEx);

/*
 * A deregistration waits for whoever is at DISPATCH_LEVEL as it begins, as a DPC of
 * the driver is; it cannot wait for those who come later.
 */
static bool is_late(struct minirq_ndis_interrupt *ni, KIRQL old)
{
	return old < DISPATCH_LEVEL &&
	       READ_ONCE(ni->state) == MINIRQ_NDIS_CLOSING;
}

/**
 * NdisMSynchronizeWithInterruptEx() - run a function that an ISR excludes
 * @NdisInterruptHandle:	the handle
 * @MessageId:			the message; ignored for a line
 * @SynchronizeFunction:	what to run
 * @SynchronizeContext:		its argument
 *
 * Excludes the ISR of that message; of all messages with MsiSyncWithAllMessages.
 *
 * Context: IRQL <= DIRQL, not from the ISR of that message.
 * Page: nf-ndis-ndismsynchronizewithinterruptex
 * Return: what the function returned; FALSE when the handle is dead or the
 * message does not exist, which is reported; FALSE also below DISPATCH_LEVEL while
 * the interrupt is being deregistered.
 */
BOOLEAN
NdisMSynchronizeWithInterruptEx(NDIS_HANDLE NdisInterruptHandle, ULONG MessageId,
				MINIPORT_SYNCHRONIZE_INTERRUPT_HANDLER
					SynchronizeFunction,
				PVOID SynchronizeContext)
{
	KIRQL old = minirq_dpc_raise();
	struct minirq_ndis_interrupt *ni =
		minirq_ndis_handle_live(NdisInterruptHandle, __func__,
					MINIRQ_CALLER);
	BOOLEAN result = FALSE;

	if (ni && !is_late(ni, old) &&
	    minirq_ndis_handle_message(ni, &MessageId, MINIRQ_CALLER))
		result = KeSynchronizeExecution(&ni->intr->each[MessageId],
						SynchronizeFunction,
						SynchronizeContext);
	minirq_dpc_lower(old);
	return result;
}
EXPORT_SYMBOL_GPL(NdisMSynchronizeWithInterruptEx);
