/* SPDX-License-Identifier: GPL-2.0-only */
/* StorPort interrupts and DPCs: the front end over the engine. */
#ifndef MINIRQ_STORPORT_H
#define MINIRQ_STORPORT_H

#include <linux/container_of.h>
#include <linux/percpu.h>
#include <linux/types.h>

#include <storport.h>

#include "storport_call.h"
#include "storport_change.h"
#include "storport_perf.h"
#include "storport_registry.h"
#include "storport_reset.h"
#include "storport_timer.h"
#include "storport_work.h"

struct minirq_interrupt;
struct minirq_irqs;
struct minirq_msix_table;
struct minirq_stor_gate;
struct minirq_stor_memory;
struct minirq_stor_requests;
struct task_struct;

/* Where an adapter is in its life. */
enum minirq_stor_phase {
	MINIRQ_STOR_ADDED,
	MINIRQ_STOR_FIND_ADAPTER,
	MINIRQ_STOR_INITIALIZE,
	MINIRQ_STOR_PASSIVE_INITIALIZE,
	MINIRQ_STOR_RUNNING,
	MINIRQ_STOR_STOPPING,
};

/**
 * struct minirq_stor_adapter - what the interrupt front end needs of an adapter
 * @name:	driver and device, shown in /proc/interrupts
 * @irqs:	what the device was granted
 * @line_isr:	HwStorInterrupt
 * @message_isr: HwMSInterruptRoutine, or NULL
 * @build_routine: HwStorBuildIo, or NULL
 * @start_routine: HwStorStartIo
 * @reset_routine: HwStorResetBus
 * @srb_extension: size of what each request has for the driver
 * @mode:	how message ISRs exclude each other
 * @half_duplex: HwStorStartIo runs under the interrupt lock too
 * @phase:	where it is in its life
 * @intr:	the interrupt object, NULL while not connected
 * @msix:	its MSI-X table, NULL while not connected
 * @start_io:	the StartIo lock
 * @passive_task: who is in a routine at PASSIVE_LEVEL, or NULL
 * @passive_routine: in which
 * @perf:	performance options
 * @requests:	the requests that it serves, or NULL
 * @gate:	what holds them back
 * @reset:	what becomes of those that take too long
 * @timers:	its timers
 * @work:	its work items
 * @change:	what it has announced
 * @registry:	its values in the registry
 * @memory:	registers and memory that it uses
 * @extension:	HwDeviceExtension
 */
struct minirq_stor_adapter {
	const char *name;
	const struct minirq_irqs *irqs;
	PHW_INTERRUPT line_isr;
	PHW_MESSAGE_SIGNALED_INTERRUPT_ROUTINE message_isr;
	PHW_BUILDIO build_routine;
	PHW_STARTIO start_routine;
	PHW_RESET_BUS reset_routine;
	ULONG srb_extension;
	INTERRUPT_SYNCHRONIZATION_MODE mode;
	bool half_duplex;
	enum minirq_stor_phase phase;
	struct minirq_interrupt *intr;
	struct minirq_msix_table *msix;
	KSPIN_LOCK start_io;
	struct task_struct *passive_task;
	enum minirq_stor_routine passive_routine;
	struct minirq_stor_perf perf;
	struct minirq_stor_requests *requests;
	struct minirq_stor_gate *gate;
	struct minirq_stor_reset reset;
	struct minirq_stor_timers timers;
	struct minirq_stor_work work;
	struct minirq_stor_change change;
	struct minirq_stor_registry registry;
	struct minirq_stor_memory *memory;
	void *extension;
};

/**
 * struct minirq_stor_extension - HwDeviceExtension and who it belongs to
 * @adapter:	the adapter
 * @data:	HwDeviceExtension, which a miniport hands to every call; the driver
 *		gives its physical address to the device, so it is kmalloc memory
 */
struct minirq_stor_extension {
	struct minirq_stor_adapter *adapter;
	u8 data[] __aligned(16);
};

static inline struct minirq_stor_extension *
minirq_stor_extension_of(void *data)
{
	return container_of(data, struct minirq_stor_extension, data);
}

/* The adapter of a HwDeviceExtension, NULL for NULL. */
static inline struct minirq_stor_adapter *
minirq_stor_adapter_of(void *extension)
{
	return extension ? minirq_stor_extension_of(extension)->adapter : NULL;
}

/* The message whose ISR this CPU is in, or NULL. */
DECLARE_PER_CPU(struct _KINTERRUPT *, minirq_stor_serving);

int minirq_stor_adapter_init(struct minirq_stor_adapter *adapter,
			     const char *name, size_t size);
void minirq_stor_adapter_release(struct minirq_stor_adapter *adapter);

bool minirq_storport_in_isr(struct minirq_stor_adapter *adapter);
int minirq_storport_connect(struct minirq_stor_adapter *adapter);
int minirq_storport_enable(struct minirq_stor_adapter *adapter);
void minirq_storport_disconnect(struct minirq_stor_adapter *adapter);

#endif /* MINIRQ_STORPORT_H */
