// SPDX-License-Identifier: GPL-2.0-only
/*
 * A DPC on every CPU at once, which the caller waits for.
 *
 * The routines may wait for each other, so none may run on top of code that
 * another CPU waits for. A softirq does: it interrupts whoever holds a lock that
 * softirqs do not take, and the next CPU may spin for that lock with interrupts
 * off. The kernel's own way to have all CPUs meet is stop_machine(), on CPUs that
 * are in the middle of nothing; it takes one call after the other, and none goes
 * offline meanwhile.
 */
#include "dpc_call.h"

#include <linux/atomic.h>
#include <linux/cpumask.h>
#include <linux/errno.h>
#include <linux/export.h>
#include <linux/processor.h>
#include <linux/stop_machine.h>

#include "dpc_queue.h"
#include "irql.h"
#include "verifier.h"

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

/**
 * struct call - a routine that every CPU runs
 * @routine:	the routine
 * @context:	its second argument
 * @left:	its third: how many have not said that they are done
 * @barrier:	its fourth
 */
struct call {
	PKDEFERRED_ROUTINE routine;
	PVOID context;
	atomic_t left;
	struct call_barrier barrier;
};

static void prepare(struct call *call)
{
	unsigned int parties = num_online_cpus();

	atomic_set(&call->left, parties);
	atomic_set(&call->barrier.missing, parties);
	call->barrier.parties = parties;
}

/* On every CPU, with interrupts off; not when their number has changed. */
static int run(void *arg)
{
	struct call *call = arg;
	KIRQL old;
	KDPC dpc;

	if (call->barrier.parties != num_online_cpus())
		return -EAGAIN;
	old = minirq_irql_enter(DISPATCH_LEVEL);
	KeInitializeDpc(&dpc, call->routine, call->context);
	minirq_dpc_call(&dpc, &call->left, &call->barrier);
	minirq_irql_leave(old);
	return 0;
}

/**
 * KeGenericCallDpc() - run a routine on every CPU at once
 * @Routine:	a DPC routine; its arguments are for KeSignalCallDpcDone() and
 *		KeSignalCallDpcSynchronize()
 * @Context:	its second argument
 *
 * Returns when the routine has returned on every CPU.
 *
 * Differs from Windows: interrupts are off in the routine, which is in no queue.
 * At APC_LEVEL, and in a threaded DPC, the call is reported and does nothing, for
 * nothing may wait there.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: none; Wine and others have it from practice.
 */
VOID KeGenericCallDpc(PKDEFERRED_ROUTINE Routine, PVOID Context)
{
	struct call call = { .routine = Routine, .context = Context };
	KIRQL irql = minirq_irql_current();

	if (irql != PASSIVE_LEVEL || minirq_dpc_in_worker()) {
		minirq_violation(MINIRQ_RULE_DPC_CALL, MINIRQ_CALLER,
				 "%s at IRQL %u, or in a DPC", __func__, irql);
		return;
	}
	do {
		prepare(&call);
	} while (stop_machine(run, &call, cpu_online_mask) == -EAGAIN);
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
	atomic_dec((atomic_t *)SystemArgument1);
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
