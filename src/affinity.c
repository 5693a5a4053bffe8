// SPDX-License-Identifier: GPL-2.0-only
/*
 * Where a thread may run.
 *
 * A driver takes its thread to some CPUs and later gives it back to where its
 * user had it. Linux' threads have one affinity, so what the user had is kept
 * here while the driver's is in force.
 */
#include "affinity.h"

#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/list.h>
#include <linux/lockdep.h>
#include <linux/mutex.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/slab.h>

#include "irql.h"
#include "processor.h"
#include "verifier.h"

/**
 * struct displaced - a thread that a driver has taken somewhere
 * @list:	in the list of them
 * @task:	the thread; the reference keeps its address from being another's
 * @user:	where its user had it
 * @affinity:	where the driver has it
 */
struct displaced {
	struct list_head list;
	struct task_struct *task;
	struct cpumask user;
	GROUP_AFFINITY affinity;
};

static LIST_HEAD(threads);

/* What a thread is taken to; too large for a stack. */
static struct cpumask wanted;

/* Protects both. */
static DEFINE_MUTEX(lock);

static struct displaced *find(void)
{
	struct displaced *d;

	lockdep_assert_held(&lock);
	list_for_each_entry(d, &threads, list)
		if (d->task == current)
			return d;
	return NULL;
}

static void forget(struct displaced *d)
{
	list_del(&d->list);
	put_task_struct(d->task);
	kfree(d);
}

/* Threads that ended where the driver had taken them. */
static void forget_dead(void)
{
	struct displaced *d, *next;

	list_for_each_entry_safe(d, next, &threads, list)
		if (READ_ONCE(d->task->exit_state))
			forget(d);
}

static struct displaced *remember(void)
{
	struct displaced *d = kzalloc(sizeof(*d), GFP_KERNEL);

	lockdep_assert_held(&lock);
	forget_dead();
	if (!d)
		return NULL;
	d->task = get_task_struct(current);
	cpumask_copy(&d->user, current->cpus_ptr);
	list_add(&d->list, &threads);
	return d;
}

static bool may_move(void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql == PASSIVE_LEVEL)
		return true;
	minirq_violation(MINIRQ_RULE_AFFINITY, caller,
			 "a thread cannot move at IRQL %u", irql);
	return false;
}

static void take_to(const GROUP_AFFINITY *to, PGROUP_AFFINITY old)
{
	struct displaced *d;

	if (!minirq_processor_mask(&wanted, to->Group, to->Mask))
		return;
	d = find();
	if (!d)
		d = remember();
	if (!d)
		return;
	*old = d->affinity;
	if (!set_cpus_allowed_ptr(current, &wanted))
		d->affinity = *to;
}

/* Take the calling thread to @to; tell where a driver had taken it before. */
static void set(const GROUP_AFFINITY *to, PGROUP_AFFINITY old, void *caller)
{
	*old = (GROUP_AFFINITY) {};
	if (!may_move(caller))
		return;
	mutex_lock(&lock);
	take_to(to, old);
	mutex_unlock(&lock);
}

/* Give the calling thread back to its user. */
static void revert(void *caller)
{
	struct displaced *d;

	if (!may_move(caller))
		return;
	mutex_lock(&lock);
	d = find();
	if (d) {
		set_cpus_allowed_ptr(current, &d->user);
		forget(d);
	}
	mutex_unlock(&lock);
}

/**
 * KeSetSystemAffinityThreadEx() - have the calling thread run on some CPUs
 * @Affinity:	a bit for each CPU of group 0
 *
 * Differs from Windows: at DISPATCH_LEVEL the call is reported, and has no
 * effect.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-kesetsystemaffinitythreadex
 * Return: what the last such call set; 0 when the thread was where its user had
 * it, and when none of the CPUs is active, which changes nothing.
 */
KAFFINITY KeSetSystemAffinityThreadEx(KAFFINITY Affinity)
{
	GROUP_AFFINITY to = { .Mask = Affinity }, old;

	set(&to, &old, MINIRQ_CALLER);
	return old.Mask;
}
EXPORT_SYMBOL_GPL(KeSetSystemAffinityThreadEx);

/**
 * KeSetSystemAffinityThread() - have the calling thread run on some CPUs
 * @Affinity:	a bit for each CPU of group 0
 *
 * Differs from Windows: at DISPATCH_LEVEL the call is reported, and has no
 * effect.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-kesetsystemaffinitythread
 */
VOID KeSetSystemAffinityThread(KAFFINITY Affinity)
{
	GROUP_AFFINITY to = { .Mask = Affinity }, old;

	set(&to, &old, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeSetSystemAffinityThread);

/**
 * KeRevertToUserAffinityThread() - give the calling thread back to its user
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-kereverttouseraffinitythread
 */
VOID KeRevertToUserAffinityThread(void)
{
	revert(MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeRevertToUserAffinityThread);

/**
 * KeRevertToUserAffinityThreadEx() - undo KeSetSystemAffinityThreadEx()
 * @Affinity:	what it returned; 0 gives the thread back to its user
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-kereverttouseraffinitythreadex
 */
VOID KeRevertToUserAffinityThreadEx(KAFFINITY Affinity)
{
	GROUP_AFFINITY to = { .Mask = Affinity }, old;

	if (Affinity)
		set(&to, &old, MINIRQ_CALLER);
	else
		revert(MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeRevertToUserAffinityThreadEx);

/**
 * KeSetSystemGroupAffinityThread() - have the calling thread run on CPUs of a group
 * @Affinity:		the CPUs
 * @PreviousAffinity:	where the last such call had put it is stored, all zero
 *			when the thread was where its user had it; or NULL
 *
 * Differs from Windows: at DISPATCH_LEVEL the call is reported, and has no
 * effect.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-kesetsystemgroupaffinitythread
 */
VOID KeSetSystemGroupAffinityThread(PGROUP_AFFINITY Affinity,
				    PGROUP_AFFINITY PreviousAffinity)
{
	GROUP_AFFINITY to = *Affinity, old;

	set(&to, PreviousAffinity ?: &old, MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeSetSystemGroupAffinityThread);

/**
 * KeRevertToUserGroupAffinityThread() - undo KeSetSystemGroupAffinityThread()
 * @PreviousAffinity:	what it stored; all zero gives the thread back to its user
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-kereverttousergroupaffinitythread
 */
VOID KeRevertToUserGroupAffinityThread(PGROUP_AFFINITY PreviousAffinity)
{
	GROUP_AFFINITY old;

	if (PreviousAffinity->Mask)
		set(PreviousAffinity, &old, MINIRQ_CALLER);
	else
		revert(MINIRQ_CALLER);
}
EXPORT_SYMBOL_GPL(KeRevertToUserGroupAffinityThread);

/* The module goes away: who did not give its thread back cannot any more. */
void minirq_affinity_stop(void)
{
	struct displaced *d, *next;

	list_for_each_entry_safe(d, next, &threads, list)
		forget(d);
}
