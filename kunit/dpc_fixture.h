/* SPDX-License-Identifier: GPL-2.0-only */
/* DPCs that do what a test tells them to and remember what they saw. */
#ifndef MINIRQ_DPC_FIXTURE_H
#define MINIRQ_DPC_FIXTURE_H

#include <linux/atomic.h>
#include <linux/types.h>

#include <kunit/test.h>

#include <wdm.h>

#define ARG1	((PVOID)0x1111)
#define ARG2	((PVOID)0x2222)
#define OTHER1	((PVOID)0x3333)
#define OTHER2	((PVOID)0x4444)

/**
 * struct dpc_probe - a DPC and what its routine saw
 * @dpc:	the DPC; its context is the probe
 * @gated:	run n stays inside until @gate reaches n
 * @gate:	how many runs may leave
 * @entered:	how often the routine began
 * @runs:	how often it ended
 * @inside:	how many are between the two
 * @overlap:	two were at once
 * @order:	shared by several probes, counts their runs
 * @place:	in that order
 * @cpu:	where it ran
 * @irql:	at what level
 * @executing:	what KeIsExecutingDpc() said
 * @self:	first argument
 * @arg1:	third
 * @arg2:	fourth
 */
struct dpc_probe {
	KDPC dpc;
	bool gated;
	atomic_t gate;
	atomic_t entered;
	atomic_t runs;
	atomic_t inside;
	atomic_t overlap;
	atomic_t *order;
	int place;
	unsigned int cpu;
	KIRQL irql;
	ULONG executing;
	PRKDPC self;
	PVOID arg1, arg2;
};

#define DPC_PROBES	4

/**
 * struct dpc_fixture - what each case has
 * @probe:	DPCs
 * @order:	in which they ran
 */
struct dpc_fixture {
	struct dpc_probe probe[DPC_PROBES];
	atomic_t order;
};

/* Four CPUs and idle probes; afterwards no DPC is left and every CPU is online. */
int dpc_fixture_init(struct kunit *test);
void dpc_fixture_exit(struct kunit *test);

struct dpc_probe *dpc_probes(struct kunit *test);
void dpc_probe_init(struct dpc_probe *p, atomic_t *order);

/* The routine of a probe. */
VOID dpc_probed(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2);

int dpc_runs(struct dpc_probe *p);
void dpc_open_gate(struct dpc_probe *p, int count);

/**
 * struct dpc_flusher - a thread that flushes
 * @probe:	probes that were queued before
 * @count:	how many
 * @begun:	it is about to
 * @flushed:	it has
 * @runs:	of all probes when the flush returned
 * @task:	the thread
 */
struct dpc_flusher {
	struct dpc_probe *probe;
	unsigned int count;
	atomic_t begun;
	atomic_t flushed;
	int runs;
	struct task_struct *task;
};

/* For start_on_cpu(): flush, and then count. */
void dpc_flusher_run(void *flusher);

/* The flusher waits for a DPC, or does not wait at all. */
bool dpc_flusher_settled(void *flusher);

/**
 * struct dpc_endless - a DPC that queues itself again and again
 * @dpc:	the DPC
 * @cpu:	on whose queue
 * @runs:	how often it ran
 * @limit:	when it gives up, so that a broken flush returns at all
 */
struct dpc_endless {
	KDPC dpc;
	unsigned int cpu;
	atomic_t runs;
	atomic_t limit;
};

#define DPC_ENDLESS	20000000

void dpc_endless_init(struct dpc_endless *e, unsigned int cpu, int limit);
void dpc_endless_stop(struct dpc_endless *e);

#endif /* MINIRQ_DPC_FIXTURE_H */
