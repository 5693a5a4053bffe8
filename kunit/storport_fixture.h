/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A StorPort miniport that does what a test asks for and records what it saw,
 * for the suites of StorPort.
 */
#ifndef MINIRQ_STORPORT_FIXTURE_H
#define MINIRQ_STORPORT_FIXTURE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include <kunit/test.h>

#include "../src/driver.h"
#include "../src/interrupt.h"
#include "../src/storport_miniport.h"
#include "../src/storport_request.h"
#include "../src/storport_start.h"
#include "../src/verifier.h"
#include "cpu.h"
#include "fake_irq.h"

#define FAKE_STOR_MESSAGES	4
#define FAKE_STOR_CPUS		4
#define FAKE_STOR_REQUESTS	8

/**
 * struct fake_stor_visits - the calls of one routine of the miniport
 * @entered:	how many have begun
 * @left:	how many have ended
 * @inside:	how many are under way
 * @most:	how many ever were at one time
 * @irql:	level of the latest
 * @task:	on top of which the latest runs
 * @hold:	not 0 keeps the routine inside
 */
struct fake_stor_visits {
	atomic_t entered;
	atomic_t left;
	atomic_t inside;
	int most;
	KIRQL irql;
	struct task_struct *task;
	atomic_t hold;
};

/**
 * struct fake_stor_job - what a prepared thread does when it is told to
 * @stor:	the miniport
 * @fn:		the work
 * @id:		its argument
 * @go:		it is told to
 * @task:	the thread, or NULL
 */
struct fake_stor_job {
	struct fake_stor *stor;
	void (*fn)(struct fake_stor *stor, unsigned int id);
	unsigned int id;
	atomic_t go;
	struct task_struct *task;
};

/**
 * struct fake_stor - a miniport driver with one adapter
 * @dev:	its device, without a PCI function
 * @driver:	its entry points
 * @miniport:	the adapter, NULL while there is none
 * @running:	it is started
 * @extension:	HwDeviceExtension of the latest adapter
 * @reports:	the verifier's counters when the test began
 * @found:	HwStorFindAdapter returns this
 * @initialized: HwStorInitialize returns this
 * @wants_passive: HwStorInitialize asks for HwStorPassiveInitializeRoutine
 * @passively_initialized: which returns this
 * @claimed:	both ISRs return this
 * @message_isr: HwMSInterruptRoutine
 * @mode:	InterruptSynchronizationMode
 * @chooses_model: HwStorFindAdapter sets SynchronizationModel
 * @model:	SynchronizationModel
 * @built:	HwStorBuildIo returns this
 * @started:	HwStorStartIo returns this
 * @controls:	control types that HwStorAdapterControl supports
 * @control:	those it was called with, in order
 * @control_count: how many those are
 * @control_irql: level of the latest call, by type
 * @parameters:	those of the latest call
 * @control_status: what it returns
 * @power:	PowerState of the latest ScsiAdapterPower
 * @on_find:	HwStorFindAdapter calls it when it has filled @config
 * @on_initialize: HwStorInitialize calls it, and so on
 * @find:	calls of HwStorFindAdapter, and so on
 * @path:	the PathId of its latest HwStorResetBus
 * @done:	calls of the function that ends a request, by tag
 * @done_cpu:	where the latest was
 * @dpc:	the miniport's STOR_DPC
 * @dpc_args:	what its routine was first called with
 * @issued:	results of fake_stor_issue(): how many TRUE
 * @refused:	and how many FALSE
 * @asked:	what StorPortEnablePassiveInitialization() returned
 * @flag:	for the test and its hooks
 * @status:	a result that a hook leaves for its test
 * @handle:	storage for an acquisition in a hook
 * @job:	by CPU
 */
struct fake_stor {
	struct minirq_device dev;
	struct minirq_stor_driver driver;
	struct minirq_stor_miniport *miniport;
	bool running;
	void *extension;
	unsigned int reports[MINIRQ_RULE_COUNT];

	ULONG found;
	BOOLEAN initialized;
	bool wants_passive;
	BOOLEAN passively_initialized;
	BOOLEAN claimed;
	PHW_MESSAGE_SIGNALED_INTERRUPT_ROUTINE message_isr;
	INTERRUPT_SYNCHRONIZATION_MODE mode;
	bool chooses_model;
	STOR_SYNCHRONIZATION_MODEL model;
	BOOLEAN built;
	BOOLEAN started;
	BOOLEAN controls[ScsiAdapterControlMax];
	SCSI_ADAPTER_CONTROL_TYPE control[8];
	unsigned int control_count;
	KIRQL control_irql[ScsiAdapterControlMax];
	void *parameters;
	SCSI_ADAPTER_CONTROL_STATUS control_status;
	STOR_DEVICE_POWER_STATE power;

	void (*on_find)(struct fake_stor *stor,
			PPORT_CONFIGURATION_INFORMATION config);
	void (*on_initialize)(struct fake_stor *stor);
	void (*on_passive)(struct fake_stor *stor);
	void (*on_line)(struct fake_stor *stor);
	void (*on_message)(struct fake_stor *stor, ULONG id);
	void (*on_dpc)(struct fake_stor *stor);
	void (*on_stop)(struct fake_stor *stor);
	void (*on_control)(struct fake_stor *stor);
	void (*on_reset)(struct fake_stor *stor);
	bool resets_nothing;
	void (*on_build)(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb);
	void (*on_start)(struct fake_stor *stor, PSCSI_REQUEST_BLOCK srb);

	struct fake_stor_visits find;
	struct fake_stor_visits initialize;
	struct fake_stor_visits passive;
	struct fake_stor_visits line;
	struct fake_stor_visits message[FAKE_STOR_MESSAGES];
	struct fake_stor_visits run;
	struct fake_stor_visits stop;
	struct fake_stor_visits reset;
	ULONG path;
	struct fake_stor_visits build;
	struct fake_stor_visits start;
	struct fake_stor_visits done[FAKE_STOR_REQUESTS];
	unsigned int done_cpu[FAKE_STOR_REQUESTS];

	STOR_DPC dpc;
	PVOID dpc_args[4];
	atomic_t issued;
	atomic_t refused;
	BOOLEAN asked;
	atomic_t flag;
	ULONG status;
	STOR_LOCK_HANDLE handle;

	struct fake_stor_job job[FAKE_STOR_CPUS];
};

/* How often the miniport was called so far */
static inline int calls(const struct fake_stor_visits *visits)
{
	return atomic_read(&visits->entered);
}

/* For .init and .exit; test->priv is a miniport whose every answer is yes. */
int fake_stor_init(struct kunit *test);
void fake_stor_exit(struct kunit *test);

/* Create and start the adapter; after a failure there is none. */
int fake_stor_try(struct fake_stor *stor, struct minirq_irqs *irqs);
/* The same; a failure ends the test. */
void fake_stor_start(struct kunit *test, struct minirq_irqs *irqs);
void fake_stor_start_messages(struct kunit *test,
			      INTERRUPT_SYNCHRONIZATION_MODE mode);
/* Stop the adapter, and free it. */
void fake_stor_halt(struct fake_stor *stor);
void fake_stor_destroy(struct fake_stor *stor);

/*
 * Start a thread that calls @fn(@id) on a CPU once fake_stor_go() is called, at
 * any level. A test prepares all its threads before it holds a CPU: the kernel
 * may need that very CPU to start one.
 */
void fake_stor_prepare(struct fake_stor *stor, unsigned int cpu,
		       void (*fn)(struct fake_stor *stor, unsigned int id),
		       unsigned int id);
void fake_stor_go(struct fake_stor *stor, unsigned int cpu);

/* What such a thread may do: raise a message; issue the DPC with id */
void fake_stor_raise(struct fake_stor *stor, unsigned int id);
void fake_stor_issue(struct fake_stor *stor, unsigned int id);

/* Requests for a started adapter, that it leaves to the test to complete */
void fake_stor_give_requests(struct kunit *test);
struct minirq_stor_request *fake_stor_request(struct fake_stor *stor,
					      unsigned int tag);
/* What such a thread, or a hook, may do: start a request; complete it well */
void fake_stor_submit(struct fake_stor *stor, unsigned int tag);
void fake_stor_complete(struct fake_stor *stor, unsigned int tag);
/*
 * Wait for the DPCs that deliver completions and release what is held back, and
 * for those that these queue: a busy kernel may leave them for later.
 */
void fake_stor_settle(void);

/* The lock that the ISR of a message, or of the line, runs under */
PKSPIN_LOCK fake_stor_isr_lock(struct fake_stor *stor, unsigned int id);
/* Wait until a thread, or an ISR or DPC on it, holds a lock or waits for it. */
bool fake_stor_at_lock(struct task_struct *task, PKSPIN_LOCK lock);
/*
 * Wait until an ISR, raised by the thread prepared on @cpu, waits for @holder;
 * false when it never does.
 */
bool fake_stor_isr_waits(struct fake_stor *stor, unsigned int cpu,
			 unsigned int id, struct task_struct *holder);
/* How many ISRs have begun, of all messages together */
unsigned int fake_stor_isrs(struct fake_stor *stor);
/* Is any of its interrupts requested? */
bool fake_stor_connected(struct fake_stor *stor);
/* How often a rule was broken in this test, and all rules together */
unsigned int fake_stor_reports(struct fake_stor *stor, enum minirq_rule rule);
unsigned int fake_stor_all_reports(struct fake_stor *stor);

#endif /* MINIRQ_STORPORT_FIXTURE_H */
