// SPDX-License-Identifier: GPL-2.0-only
/*
 * A DPC on every CPU at once, which the caller waits for.
 *
 * One call at a time: the DPCs of two calls could stand in different orders in
 * the queues of two CPUs, and each would wait in a barrier for the other's end.
 */
#include "dpc_call.h"

#include <linux/atomic.h>
#include <linux/completion.h>
#include <linux/cpu.h>
#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/mutex.h>
#include <linux/percpu.h>
#include <linux/processor.h>

#include "dpc.h"
#include "irql.h"
#include "verifier.h"

/**
 * struct call_done - first argument of the routines
 * @left:	how many have not said that they are done
 * @all:	nobody is left
 */
struct call_done {
	atomic_t left;
	struct completion all;
};

/**
 * struct call_barrier - second argument of the routines
 * @missing:	how many have not arrived in this round
 * @parties:	how many there are
 * @round:	rounds that are over
 */
struct call_barrier {
	atomic_t missing;
	unsigned int parties;
	unsigned int round;
};

static DEFINE_MUTEX(call_lock);
static DEFINE_PER_CPU(KDPC, call_dpcs);

/* That of this CPU may start only when the others can be met in a barrier. */
static void queue_everywhere(PKDEFERRED_ROUTINE routine, PVOID context,
			     struct call_done *done,
			     struct call_barrier *barrier)
{
	unsigned int cpu;
	KIRQL old;

	KeRaiseIrql(DISPATCH_LEVEL, &old);
	for_each_online_cpu(cpu) {
		PRKDPC dpc = per_cpu_ptr(&call_dpcs, cpu);

		KeInitializeDpc(dpc, routine, context);
		minirq_dpc_insert_on(dpc, cpu, done, barrier);
	}
	KeLowerIrql(old);
}

static void call_everywhere(PKDEFERRED_ROUTINE routine, PVOID context)
{
	struct call_barrier barrier = { .parties = num_online_cpus() };
	struct call_done done = { .left = ATOMIC_INIT(barrier.parties) };

	atomic_set(&barrier.missing, barrier.parties);
	init_completion(&done.all);
	queue_everywhere(routine, context, &done, &barrier);
	wait_for_completion(&done.all);
}

/**
 * KeGenericCallDpc() - run a routine on every CPU at once
 * @Routine:	a DPC routine; its arguments are for KeSignalCallDpcDone() and
 *		KeSignalCallDpcSynchronize()
 * @Context:	its second argument
 *
 * Returns when every CPU has called KeSignalCallDpcDone().
 *
 * Differs from Windows: at APC_LEVEL the call is reported and does nothing, for
 * nothing may wait there.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: none; Wine and others have it from practice.
 */
VOID KeGenericCallDpc(PKDEFERRED_ROUTINE Routine, PVOID Context)
{
	KIRQL irql = minirq_irql_current();

	if (irql != PASSIVE_LEVEL) {
		minirq_violation(MINIRQ_RULE_DPC_CALL, MINIRQ_CALLER,
				 "%s at IRQL %u", __func__, irql);
		return;
	}
	cpus_read_lock();
	mutex_lock(&call_lock);
	call_everywhere(Routine, Context);
	mutex_unlock(&call_lock);
	cpus_read_unlock();
}
EXPORT_SYMBOL_GPL(KeGenericCallDpc);

/**
 * KeSignalCallDpcDone() - say that this CPU is done
 * @SystemArgument1:	third argument of the routine
 *
 * Each routine calls it once, at its end.
 *
 * Context: IRQL = DISPATCH_LEVEL, in a routine of KeGenericCallDpc().
 * Page: none.
 */
VOID KeSignalCallDpcDone(PVOID SystemArgument1)
{
	struct call_done *done = SystemArgument1;

	if (atomic_dec_and_test(&done->left))
		complete(&done->all);
}
EXPORT_SYMBOL_GPL(KeSignalCallDpcDone);

/**
 * KeSignalCallDpcSynchronize() - wait until every CPU has come here
 * @SystemArgument2:	fourth argument of the routine
 *
 * Can be called as often as wanted, by all of them.
 *
 * Context: IRQL = DISPATCH_LEVEL, in a routine of KeGenericCallDpc().
 * Page: none.
 * Return: TRUE on one CPU each time, FALSE on the others.
 */
LOGICAL KeSignalCallDpcSynchronize(PVOID SystemArgument2)
{
	struct call_barrier *barrier = SystemArgument2;
	unsigned int round = READ_ONCE(barrier->round);

	if (atomic_dec_and_test(&barrier->missing)) {
		atomic_set(&barrier->missing, barrier->parties);
		/* whoever leaves finds everybody missing again */
		smp_store_release(&barrier->round, round + 1);
		return TRUE;
	}
	/* nobody ends the next round before this CPU has seen the end of this */
	while (smp_load_acquire(&barrier->round) == round)
		cpu_relax();
	return FALSE;
}
EXPORT_SYMBOL_GPL(KeSignalCallDpcSynchronize);
