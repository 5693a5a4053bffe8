// SPDX-License-Identifier: GPL-2.0-only
/* DPCs that do what a test tells them to and remember what they saw. */
#include "dpc_fixture.h"

#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/limits.h>
#include <linux/smp.h>
#include <linux/string.h>

#include "../src/dpc.h"
#include "cpu.h"

static void record(struct dpc_probe *p, PRKDPC dpc, PVOID arg1, PVOID arg2)
{
	p->place = atomic_inc_return(p->order);
	p->cpu = raw_smp_processor_id();
	p->irql = KeGetCurrentIrql();
	p->executing = KeIsExecutingDpc();
	p->self = dpc;
	p->arg1 = arg1;
	p->arg2 = arg2;
}

VOID dpc_probed(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct dpc_probe *p = context;

	if (atomic_inc_return(&p->inside) > 1)
		atomic_set(&p->overlap, 1);
	record(p, dpc, arg1, arg2);
	if (p->gated)
		spin_for_count(&p->gate, atomic_inc_return(&p->entered));
	else
		atomic_inc(&p->entered);
	atomic_dec(&p->inside);
	atomic_inc(&p->runs);
}

void dpc_probe_init(struct dpc_probe *p, atomic_t *order)
{
	memset(p, 0, sizeof(*p));
	p->order = order;
	KeInitializeDpc(&p->dpc, dpc_probed, p);
}

struct dpc_probe *dpc_probes(struct kunit *test)
{
	return ((struct dpc_fixture *)test->priv)->probe;
}

int dpc_runs(struct dpc_probe *p)
{
	return atomic_read(&p->runs);
}

void dpc_open_gate(struct dpc_probe *p, int count)
{
	atomic_set(&p->gate, count);
}

void dpc_flusher_run(void *arg)
{
	struct dpc_flusher *f = arg;
	unsigned int i;
	int sum = 0;

	atomic_set(&f->begun, 1);
	KeFlushQueuedDpcs();
	for (i = 0; i < f->count; i++)
		sum += dpc_runs(&f->probe[i]);
	f->runs = sum;
	atomic_set(&f->flushed, 1);
}

bool dpc_flusher_settled(void *arg)
{
	struct dpc_flusher *f = arg;

	return atomic_read(&f->flushed) || (atomic_read(&f->begun) && is_asleep(f->task));
}

static VOID requeue(PRKDPC dpc, PVOID context, PVOID arg1, PVOID arg2)
{
	struct dpc_endless *e = context;

	if (atomic_inc_return(&e->runs) < atomic_read(&e->limit))
		minirq_dpc_insert_on(dpc, e->cpu, NULL, NULL);
}

void dpc_endless_init(struct dpc_endless *e, unsigned int cpu, int limit)
{
	memset(e, 0, sizeof(*e));
	e->cpu = cpu;
	atomic_set(&e->limit, limit);
	KeInitializeDpc(&e->dpc, requeue, e);
}

void dpc_endless_stop(struct dpc_endless *e)
{
	atomic_set(&e->limit, 0);
	KeFlushQueuedDpcs();
	KeFlushQueuedDpcs();
}

int dpc_fixture_init(struct kunit *test)
{
	struct dpc_fixture *f;
	unsigned int i;

	need_cpus(test, 4);
	f = kunit_kzalloc(test, sizeof(*f), GFP_KERNEL);
	KUNIT_ASSERT_NOT_NULL(test, f);
	for (i = 0; i < DPC_PROBES; i++)
		dpc_probe_init(&f->probe[i], &f->order);
	test->priv = f;
	return 0;
}

/* No DPC may outlive the memory of its case. */
void dpc_fixture_exit(struct kunit *test)
{
	struct dpc_fixture *f = test->priv;
	unsigned int i;

	for (i = 0; f && i < DPC_PROBES; i++)
		dpc_open_gate(&f->probe[i], INT_MAX);
	KeFlushQueuedDpcs();
	if (f && !cpu_online(3))
		add_cpu(3);
}
