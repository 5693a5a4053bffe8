// SPDX-License-Identifier: GPL-2.0-only
/* StorPort interrupts and DPCs: the front end over the engine. */
#include "storport.h"

#include <linux/err.h>
#include <linux/export.h>
#include <linux/percpu.h>
#include <linux/slab.h>

#include "dpc.h"
#include "dpc_flush.h"
#include "interrupt.h"
#include "msix_table.h"
#include "storport_gate.h"

DEFINE_PER_CPU(struct _KINTERRUPT *, minirq_stor_serving);

/**
 * minirq_stor_adapter_init() - make an adapter with its device extension
 * @adapter:	storage
 * @name:	shown in /proc/interrupts, must outlive the adapter
 * @size:	DeviceExtensionSize
 *
 * Return: 0 or -ENOMEM.
 */
int minirq_stor_adapter_init(struct minirq_stor_adapter *adapter,
			     const char *name, size_t size)
{
	struct minirq_stor_extension *ext =
		kzalloc(struct_size(ext, data, size), GFP_KERNEL);
	int err;

	if (!ext)
		return -ENOMEM;
	ext->adapter = adapter;
	*adapter = (struct minirq_stor_adapter) {
		.name = name,
		.extension = ext->data,
	};
	minirq_spinlock_init(&adapter->start_io);
	minirq_stor_change_init(adapter);
	minirq_stor_reset_init(adapter);
	err = minirq_stor_timers_init(adapter);
	if (err)
		goto free_ext;
	err = minirq_stor_work_init(&adapter->work);
	if (err)
		goto release_timers;
	adapter->gate = minirq_stor_gate_create(adapter);
	if (!adapter->gate)
		goto release_work;
	return 0;

release_work:
	minirq_stor_work_release(&adapter->work);
	err = -ENOMEM;
release_timers:
	minirq_stor_timers_release(adapter);
free_ext:
	kfree(ext);
	return err;
}

/* Undo minirq_stor_adapter_init(); the adapter is disconnected. */
void minirq_stor_adapter_release(struct minirq_stor_adapter *adapter)
{
	minirq_stor_gate_destroy(adapter->gate);
	minirq_stor_work_release(&adapter->work);
	minirq_stor_timers_release(adapter);
	kfree(minirq_stor_extension_of(adapter->extension));
}

static __always_inline bool line_service(struct _KINTERRUPT *ki)
{
	struct minirq_stor_adapter *adapter = ki->context;

	this_cpu_write(minirq_stor_serving, ki);
	return adapter->line_isr(adapter->extension);
}

static __always_inline bool message_service(struct _KINTERRUPT *ki)
{
	struct minirq_stor_adapter *adapter = ki->context;

	this_cpu_write(minirq_stor_serving, ki);
	return adapter->message_isr(adapter->extension, ki->id);
}

static __always_inline void served(struct _KINTERRUPT *ki)
{
	this_cpu_write(minirq_stor_serving, NULL);
}

static irqreturn_t line_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, false, line_service, served);
}

static irqreturn_t message_irq(int irq, void *ki)
{
	return minirq_interrupt_deliver(ki, true, message_service, served);
}

/* Is this CPU in an ISR of the adapter? */
bool minirq_storport_in_isr(struct minirq_stor_adapter *adapter)
{
	struct _KINTERRUPT *ki = this_cpu_read(minirq_stor_serving);

	return ki && ki->owner == adapter->intr;
}

static void drop_msix(struct minirq_stor_adapter *adapter)
{
	minirq_msix_table_destroy(adapter->msix);
	adapter->msix = NULL;
}

/**
 * minirq_storport_connect() - request an adapter's messages, disabled, or prepare its line
 * @adapter:	an adapter whose HwStorFindAdapter has said what it wants
 *
 * Context: process context, may sleep.
 * Return: 0, also for a device without interrupts, or a negative errno.
 */
int minirq_storport_connect(struct minirq_stor_adapter *adapter)
{
	struct minirq_interrupt_config config = {
		.irqs = adapter->irqs,
		.name = adapter->name,
		.handler = adapter->irqs->message ? message_irq : line_irq,
		.routine = adapter->irqs->message ?
				   (void *)adapter->message_isr :
				   (void *)adapter->line_isr,
		.context = adapter,
		.one_lock = adapter->mode != InterruptSynchronizePerMessage,
	};
	struct minirq_interrupt *intr;
	int err;

	if (!adapter->irqs->count)
		return 0;
	adapter->msix = minirq_msix_table_create(adapter->irqs);
	if (!adapter->msix)
		return -ENOMEM;
	intr = minirq_interrupt_create(&config);
	if (IS_ERR(intr)) {
		err = PTR_ERR(intr);
		goto destroy_msix;
	}
	err = minirq_interrupt_connect(intr);
	if (err)
		goto destroy_intr;
	minirq_msix_table_attach(adapter->msix, intr);
	adapter->intr = intr;
	return 0;

destroy_intr:
	minirq_interrupt_destroy(intr);
destroy_msix:
	drop_msix(adapter);
	return err;
}

/**
 * minirq_storport_enable() - let an adapter's interrupts in
 * @adapter:	a connected adapter
 *
 * Context: process context, may sleep.
 * Return: 0, or a negative errno when the line was refused.
 */
int minirq_storport_enable(struct minirq_stor_adapter *adapter)
{
	return adapter->intr ? minirq_interrupt_enable(adapter->intr) : 0;
}

/**
 * minirq_storport_disconnect() - let no interrupt and no DPC of an adapter run
 * @adapter:	the adapter, connected or not
 *
 * The phase stops StorPortIssueDpc() everywhere but in ISRs; the second flush
 * finds what a DPC queued that had passed that check.
 *
 * Context: process context, may sleep.
 */
void minirq_storport_disconnect(struct minirq_stor_adapter *adapter)
{
	WRITE_ONCE(adapter->phase, MINIRQ_STOR_STOPPING);
	minirq_stor_work_flush(&adapter->work);
	minirq_stor_timers_stop(adapter);
	if (adapter->intr) {
		minirq_msix_table_detach(adapter->msix, adapter->intr);
		minirq_interrupt_disconnect(adapter->intr);
	}
	minirq_dpc_flush();
	minirq_dpc_flush();
	drop_msix(adapter);
	minirq_interrupt_destroy(adapter->intr);
	adapter->intr = NULL;
}

/**
 * __minirq_storport_initialize_dpc() - what the StorPortInitializeDpc() macro calls
 * @DeviceExtension:	the adapter
 * @Dpc:		resident storage of the driver
 * @HwDpcRoutine:	the routine
 * @Key:		lockdep class of the DPC lock
 * @Name:		what lockdep prints
 *
 * Context: IRQL: any; meant for HwStorPassiveInitializeRoutine.
 * Page: nf-storport-storportinitializedpc
 */
VOID __minirq_storport_initialize_dpc(PVOID DeviceExtension, PSTOR_DPC Dpc,
				      PHW_DPC_ROUTINE HwDpcRoutine,
				      struct __minirq_lock_key *Key, PCSTR Name)
{
	minirq_dpc_init_serialized(&Dpc->Dpc, (PKDEFERRED_ROUTINE)HwDpcRoutine,
				   DeviceExtension);
	__minirq_init_spin_lock(&Dpc->Lock, Key, Name);
}
EXPORT_SYMBOL_GPL(__minirq_storport_initialize_dpc);

#undef StorPortInitializeDpc
/**
 * StorPortInitializeDpc() - initialise a DPC
 * @DeviceExtension:	the adapter
 * @Dpc:		resident storage of the driver
 * @HwDpcRoutine:	the routine
 *
 * Calls by name reach a macro that gives each place its own lockdep class;
 * this function serves those who take its address.
 *
 * Context: IRQL: any; meant for HwStorPassiveInitializeRoutine.
 * Page: nf-storport-storportinitializedpc
 */
VOID StorPortInitializeDpc(PVOID DeviceExtension, PSTOR_DPC Dpc,
			   PHW_DPC_ROUTINE HwDpcRoutine)
{
	static struct __minirq_lock_key key;

	__minirq_storport_initialize_dpc(DeviceExtension, Dpc, HwDpcRoutine,
					 &key, "STOR_DPC");
}
EXPORT_SYMBOL_GPL(StorPortInitializeDpc);

/*
 * While the adapter stops, only its ISRs still have a claim to DPCs. The driver may
 * have initialised the KDPC in a STOR_DPC itself, as a threaded one.
 */
static noinline bool issue(struct minirq_stor_adapter *adapter, PRKDPC dpc,
			   PVOID arg1, PVOID arg2)
{
	struct _KINTERRUPT *ki = this_cpu_read(minirq_stor_serving);

	if (!adapter)
		return false;
	if (!ki && READ_ONCE(adapter->phase) == MINIRQ_STOR_STOPPING)
		return false;
	minirq_dpc_serialize(dpc);
	if (!minirq_dpc_insert(dpc, arg1, arg2))
		return false;
	if (ki)
		minirq_interrupt_count_dpc(ki);
	return true;
}

/**
 * StorPortIssueDpc() - queue a DPC
 * @DeviceExtension:	the adapter
 * @Dpc:		an initialised DPC
 * @SystemArgument1:	third argument of the routine
 * @SystemArgument2:	fourth argument of the routine
 *
 * The routine never runs on two CPUs at once, and is not called with a lock
 * held.
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportissuedpc
 * Return: TRUE when this call queued it; FALSE when it was queued already, and
 * the arguments of this call are dropped, or when the adapter is being stopped.
 */
BOOLEAN StorPortIssueDpc(PVOID DeviceExtension, PSTOR_DPC Dpc,
			 PVOID SystemArgument1, PVOID SystemArgument2)
{
	struct _KINTERRUPT *ki = this_cpu_read(minirq_stor_serving);

	if (likely(ki && Dpc && minirq_dpc_plain(&Dpc->Dpc, MINIRQ_DPC_SERIALIZED)) &&
	    minirq_dpc_insert_isr(&Dpc->Dpc, SystemArgument1, SystemArgument2,
				  true, ki->counter))
		return TRUE;
	if (!DeviceExtension || !Dpc)
		return FALSE;
	return issue(minirq_stor_adapter_of(DeviceExtension), &Dpc->Dpc,
		     SystemArgument1, SystemArgument2);
}
EXPORT_SYMBOL_GPL(StorPortIssueDpc);

/**
 * StorPortCancelDpc() - take a DPC back
 * @HwDeviceExtension:	the adapter
 * @Dpc:		an initialised DPC
 * @ReturnValue:	TRUE when it was queued and will not run, FALSE when not
 *
 * Context: IRQL: any; never waits.
 * Page: nf-storport-storportcanceldpc
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for a NULL
 * pointer.
 */
ULONG StorPortCancelDpc(PVOID HwDeviceExtension, PSTOR_DPC Dpc,
			PBOOLEAN ReturnValue)
{
	if (!HwDeviceExtension || !Dpc || !ReturnValue)
		return STOR_STATUS_INVALID_PARAMETER;
	*ReturnValue = KeRemoveQueueDpc(&Dpc->Dpc);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortCancelDpc);
