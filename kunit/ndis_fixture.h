/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A miniport that does what a test tells it to and remembers what it saw, for
 * the suites of NDIS.
 */
#ifndef MINIRQ_NDIS_FIXTURE_H
#define MINIRQ_NDIS_FIXTURE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include <kunit/test.h>

#include "../src/interrupt.h"
#include "../src/ndis.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "fake_irq.h"

#define NDIS_FIXTURE_CPUS	4
#define NDIS_FIXTURE_MESSAGES	4
#define NDIS_FIXTURE_CALLS	64

/**
 * struct ndis_call - one call of a handler, as the handler saw it
 * @context:	MiniportInterruptContext
 * @id:		message; 0 for a line
 * @message:	it was a handler of messages
 * @irql:	level inside
 * @cpu:	CPU inside
 * @early:	NdisMRegisterInterruptEx() had not returned
 * @handle:	what the driver's handle variable held
 * @type:	InterruptType in the driver's structure
 * @count:	MessageCount of the table in that structure, 0 without a table
 * @queue:	QueueDefaultInterruptDpc on entry of an ISR
 * @targets:	TargetProcessors on entry of an ISR
 * @dpc_context: MiniportDpcContext of a DPC
 * @throttled:	a DPC was given ReceiveThrottleParameters
 * @budget:	MaxNblsToIndicate on entry of a DPC
 * @more:	MoreNblsPending on entry of a DPC
 * @enabled:	it was a handler that enables an interrupt
 */
struct ndis_call {
	PVOID context;
	ULONG id;
	bool message;
	KIRQL irql;
	unsigned int cpu;
	bool early;
	NDIS_HANDLE handle;
	NDIS_INTERRUPT_TYPE type;
	ULONG count;
	BOOLEAN queue;
	ULONG targets;
	PVOID dpc_context;
	bool throttled;
	ULONG budget;
	ULONG more;
	bool enabled;
};

/**
 * struct ndis_log - the calls of one kind of handler
 * @count:	how many there were
 * @call:	the first of them
 */
struct ndis_log {
	atomic_t count;
	struct ndis_call call[NDIS_FIXTURE_CALLS];
};

/**
 * struct ndis_gate - holds handlers up while it is closed
 * @closed:	set by the thread, which is on CPU 0: what is held up is elsewhere
 * @inside:	how many are behind it now
 * @most:	how many ever were at one time
 */
struct ndis_gate {
	bool closed;
	atomic_t inside;
	atomic_t most;
};

/**
 * struct ndis_fixture - the miniport and its adapter
 * @irqs:	what the device was granted
 * @adapter:	the adapter
 * @chars:	what the miniport registers
 * @handle:	its handle variable
 * @registering: NdisMRegisterInterruptEx() has not returned yet
 * @silent:	its ISRs leave both outputs unwritten
 * @claim:	its ISRs return this
 * @queue:	its ISRs set QueueDefaultInterruptDpc to this
 * @targets:	its ISRs set TargetProcessors to this
 * @isr_hook:	called in its ISRs
 * @dpc_hook:	called in its DPCs
 * @again:	how often @dpc_hook still asks for more
 * @mask:	what a call in a hook returned
 * @isr_gate:	holds the ISRs of a message up
 * @dpc_gate:	holds the DPCs of a message up
 * @all_isrs:	passed by every ISR, never closed
 * @isrs:	calls of ISRs
 * @dpcs:	calls of DPC handlers
 * @ended:	DPCs that have returned
 * @toggle_gate: holds disable and enable handlers up
 * @toggles:	their calls
 */
struct ndis_fixture {
	struct minirq_irqs *irqs;
	struct minirq_ndis_adapter adapter;
	NDIS_MINIPORT_INTERRUPT_CHARACTERISTICS chars;
	NDIS_HANDLE handle;
	bool registering;
	bool silent;
	BOOLEAN claim;
	BOOLEAN queue;
	ULONG targets;
	void (*isr_hook)(struct ndis_fixture *fx, ULONG id);
	void (*dpc_hook)(struct ndis_fixture *fx, struct ndis_call *call,
			 PNDIS_RECEIVE_THROTTLE_PARAMETERS throttle);
	atomic_t again;
	KAFFINITY mask;
	struct ndis_gate isr_gate[NDIS_FIXTURE_MESSAGES];
	struct ndis_gate dpc_gate[NDIS_FIXTURE_MESSAGES];
	struct ndis_gate all_isrs;
	struct ndis_log isrs;
	struct ndis_log dpcs;
	atomic_t ended;
	struct ndis_gate toggle_gate;
	struct ndis_log toggles;
};

int ndis_fixture_init(struct kunit *test);
void ndis_fixture_exit(struct kunit *test);

void ndis_fixture_setup(struct ndis_fixture *fx, struct minirq_irqs *irqs);
void ndis_fixture_teardown(struct ndis_fixture *fx);
struct ndis_fixture *ndis_fixture_messages(struct kunit *test, unsigned int count);
struct ndis_fixture *ndis_fixture_line(struct kunit *test);
struct ndis_fixture *ndis_fixture_registered(struct kunit *test, unsigned int count);
struct ndis_fixture *ndis_fixture_registered_line(struct kunit *test);

NDIS_STATUS ndis_fixture_register(struct ndis_fixture *fx);
void ndis_fixture_deregister(void *fx);
KAFFINITY ndis_fixture_queue(struct ndis_fixture *fx, ULONG id, KAFFINITY mask, PVOID context);
void ndis_fixture_settle(unsigned int cpu);
bool ndis_fixture_entering(unsigned int cpu);

static inline void ndis_gate_close(struct ndis_gate *gate)
{
	WRITE_ONCE(gate->closed, true);
}

static inline void ndis_gate_open(struct ndis_gate *gate)
{
	WRITE_ONCE(gate->closed, false);
}

static inline int ndis_gate_inside(struct ndis_gate *gate)
{
	return atomic_read(&gate->inside);
}

static inline int ndis_isrs(struct ndis_fixture *fx)
{
	return atomic_read(&fx->isrs.count);
}

static inline int ndis_toggles(struct ndis_fixture *fx)
{
	return atomic_read(&fx->toggles.count);
}

static inline int ndis_dpcs(struct ndis_fixture *fx)
{
	return atomic_read(&fx->dpcs.count);
}

#endif /* MINIRQ_NDIS_FIXTURE_H */
