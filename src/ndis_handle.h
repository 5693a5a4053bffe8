/* SPDX-License-Identifier: GPL-2.0-only */
/* What NDIS handles point to: an adapter, and its registered interrupt. */
#ifndef MINIRQ_NDIS_HANDLE_H
#define MINIRQ_NDIS_HANDLE_H

#include <linux/atomic.h>
#include <linux/list.h>
#include <linux/types.h>

#include <ndis.h>

#include "dpc_slot.h"
#include "ndis_owner.h"

struct minirq_interrupt;
struct minirq_irqs;
struct minirq_message_table;
struct minirq_msix_table;

/* Where an adapter is in its life; interrupts are registered in the second. */
enum minirq_ndis_phase {
	MINIRQ_NDIS_ADDED,
	MINIRQ_NDIS_INITIALIZING,
	MINIRQ_NDIS_PAUSED,
	MINIRQ_NDIS_RUNNING,
	MINIRQ_NDIS_HALTING,
	MINIRQ_NDIS_HALTED,
	MINIRQ_NDIS_SHUT_DOWN,
};

/**
 * struct minirq_ndis_adapter - what MiniportAdapterHandle points to
 * @owner:	of what the driver allocates for it; first, so that the handle is
 *		recognised
 * @name:	driver and device, shown in /proc/interrupts
 * @irqs:	what the device was granted
 * @phase:	where it is in its life
 * @attributes:	registration attributes have been set
 * @context:	MiniportAdapterContext
 * @budget:	MaxNblsToIndicate of each DPC
 * @recalls:	how often a DPC handler has asked to be called again
 * @unlimited:	of them, how often without a limit
 * @throttled:	in the list of adapters that have a budget
 * @interrupt:	the live registration, or NULL
 * @msix:	the MSI-X table, from the call of MiniportInitializeEx until
 *		MiniportHaltEx has returned; otherwise NULL
 * @handles:	every handle given out since the adapter was added, live or
 *		dead, so that the use of a dead one is recognised
 */
struct minirq_ndis_adapter {
	struct minirq_ndis_owner owner;
	const char *name;
	const struct minirq_irqs *irqs;
	enum minirq_ndis_phase phase;
	bool attributes;
	NDIS_HANDLE context;
	ULONG budget;
	atomic_t recalls;
	atomic_t unlimited;
	struct list_head throttled;
	struct minirq_ndis_interrupt *interrupt;
	struct minirq_msix_table *msix;
	struct list_head handles;
};

/* Messages that a PCI function can have. */
#define MINIRQ_NDIS_MESSAGES	2048

enum minirq_ndis_state {
	MINIRQ_NDIS_LIVE,
	MINIRQ_NDIS_ASLEEP,
	MINIRQ_NDIS_CLOSING,
	MINIRQ_NDIS_DEAD,
};

/**
 * struct minirq_ndis_interrupt - what NdisInterruptHandle points to
 * @kind:	tells it from other handles, of which this much can be read
 * @chars:	the driver's handlers
 * @context:	MiniportInterruptContext
 * @intr:	the interrupt object
 * @table:	the message table, NULL for a line
 * @blocks:	a DPC for each message and CPU; as its queue is one CPU's, none
 *		overlaps itself
 * @line_isr:	the driver's; @chars has another while the device sleeps
 * @isr_context: what the ISR of a line is called with: @context, unless @chars has
 *		another ISR
 * @state:	asleep keeps new DPCs for later, closing refuses them, but for those
 *		of ISRs
 * @adapter:	the adapter
 * @list:	in @adapter->handles
 */
struct minirq_ndis_interrupt {
	const char *kind;
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS chars;
	NDIS_HANDLE context;
	struct minirq_interrupt *intr;
	struct minirq_message_table *table;
	struct minirq_dpc_block __percpu *blocks[MINIRQ_NDIS_MESSAGES /
						 MINIRQ_DPC_BLOCK];
	MINIPORT_ISR_HANDLER line_isr;
	NDIS_HANDLE isr_context;
	enum minirq_ndis_state state;
	struct minirq_ndis_adapter *adapter;
	struct list_head list;
};

void minirq_ndis_adapter_init(struct minirq_ndis_adapter *adapter,
			      const char *name, const struct minirq_irqs *irqs);
void minirq_ndis_adapter_release(struct minirq_ndis_adapter *adapter);
struct minirq_ndis_adapter *minirq_ndis_adapter_of(NDIS_HANDLE handle,
						   const char *function,
						   void *caller);

void minirq_ndis_handle_init(struct minirq_ndis_interrupt *ni);

struct minirq_ndis_interrupt *minirq_ndis_handle_live(NDIS_HANDLE handle,
						      const char *function,
						      void *caller);
bool minirq_ndis_handle_message(struct minirq_ndis_interrupt *ni, ULONG *id,
				void *caller);

#endif /* MINIRQ_NDIS_HANDLE_H */
