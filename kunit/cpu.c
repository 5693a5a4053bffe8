// SPDX-License-Identifier: GPL-2.0-only
/* Threads on chosen CPUs, and waits on conditions. */
#include "cpu.h"

#include <linux/completion.h>
#include <linux/cpumask.h>
#include <linux/delay.h>
#include <linux/err.h>
#include <linux/jiffies.h>
#include <linux/kthread.h>
#include <linux/math.h>
#include <linux/preempt.h>
#include <linux/sched.h>
#include <linux/sched/task.h>
#include <linux/string.h>

#include <kunit/test.h>

/*
 * Far above what a slow host needs, below what stall detectors report. A spin
 * takes several times its count of microseconds in a kernel full of checks.
 */
#define WAIT_SECONDS	60
#define SPIN_MICROSECONDS	(10 * USEC_PER_SEC)
#define CHANCE_MICROSECONDS	5000
#define CLOSE_LOOKS	2000

/**
 * struct worker - a thread bound to a CPU
 * @task:	the thread, or NULL
 * @busy:	has a job that was not joined yet
 * @fn:		its job, or NULL to end
 * @arg:	argument of @fn
 * @go:		there is a job
 * @begun:	it has been taken
 * @done:	it has been done
 */
struct worker {
	struct task_struct *task;
	bool busy;
	void (*fn)(void *arg);
	void *arg;
	struct completion go;
	struct completion begun;
	struct completion done;
};

#define MAX_CPUS	4

/* Those of the running case, one for each CPU it needs. */
static struct worker workers[MAX_CPUS];

static int work(void *data)
{
	struct worker *w = data;

	while (!wait_for_completion_interruptible(&w->go) && w->fn) {
		complete(&w->begun);
		w->fn(w->arg);
		complete(&w->done);
	}
	return 0;
}

static int hire(struct worker *w, unsigned int cpu)
{
	struct task_struct *task;

	memset(w, 0, sizeof(*w));
	init_completion(&w->go);
	init_completion(&w->begun);
	init_completion(&w->done);
	task = kthread_create(work, w, "minirq_kunit/%u", cpu);
	if (IS_ERR(task))
		return PTR_ERR(task);
	kthread_bind(task, cpu);
	w->task = get_task_struct(task);
	wake_up_process(task);
	return 0;
}

static void dismiss(struct worker *w)
{
	if (!w->task)
		return;
	if (w->busy)
		wait_for_completion(&w->done);
	w->fn = NULL;
	complete(&w->go);
	kthread_stop(w->task);
	put_task_struct(w->task);
	w->task = NULL;
}

static int hire_all(struct kunit_resource *resource, void *count)
{
	unsigned int cpu;
	int err = 0;

	for (cpu = 0; !err && cpu < *(unsigned int *)count; cpu++)
		err = hire(&workers[cpu], cpu);
	return err;
}

static void dismiss_all(struct kunit_resource *resource)
{
	unsigned int cpu;

	for (cpu = 0; cpu < MAX_CPUS; cpu++)
		dismiss(&workers[cpu]);
}

void need_cpus(struct kunit *test, unsigned int count)
{
	unsigned int cpu;

	KUNIT_ASSERT_LE(test, count, MAX_CPUS);
	for (cpu = 0; cpu < count; cpu++)
		if (cpu >= nr_cpu_ids || !cpu_online(cpu))
			kunit_skip(test, "needs CPUs 0 to %u", count - 1);
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
	kunit_alloc_resource(test, hire_all, dismiss_all, GFP_KERNEL, &count);
}

struct task_struct *start_on_cpu(unsigned int cpu, void (*fn)(void *), void *arg)
{
	struct worker *w = &workers[cpu];

	if (WARN_ON(!w->task || w->busy))
		return NULL;
	w->busy = true;
	w->fn = fn;
	w->arg = arg;
	complete(&w->go);
	wait_for_completion(&w->begun);
	return w->task;
}

void join(struct task_struct *task)
{
	unsigned int cpu;

	for (cpu = 0; task && cpu < MAX_CPUS; cpu++) {
		struct worker *w = &workers[cpu];

		if (w->task != task || !w->busy)
			continue;
		wait_for_completion(&w->done);
		w->busy = false;
	}
}

void on_cpu(unsigned int cpu, void (*fn)(void *), void *arg)
{
	join(start_on_cpu(cpu, fn, arg));
}

bool is_asleep(struct task_struct *task)
{
	return !task_is_running(task);
}

/* A guest that knows of its hypervisor is given locks that do not queue. */
bool locks_queue(void)
{
#ifdef CONFIG_X86
	if (boot_cpu_has(X86_FEATURE_HYPERVISOR))
		return false;
#endif
	return IS_ENABLED(CONFIG_QUEUED_SPINLOCKS);
}

bool wait_until(bool (*cond)(void *), void *arg)
{
	unsigned long limit = jiffies + WAIT_SECONDS * HZ;

	while (!cond(arg)) {
		if (time_after(jiffies, limit))
			return cond(arg);
		cond_resched();
		cpu_relax();
	}
	return true;
}

/*
 * Counts its own time: with interrupts off jiffies may stand still. The first
 * looks follow each other closely, so those who meet() leave close together. On a
 * kernel that does not preempt itself others may need this CPU for what is waited
 * for, a threaded DPC say.
 */
bool spin_until(bool (*cond)(void *), void *arg)
{
	unsigned int i;

	for (i = 0; i < SPIN_MICROSECONDS; i++) {
		if (cond(arg))
			return true;
		if (i < CLOSE_LOOKS) {
			cpu_relax();
			continue;
		}
		if (preemptible())
			cond_resched();
		udelay(1);
	}
	return cond(arg);
}

/**
 * struct goal - a counter and what it is to reach
 * @count:	the counter
 * @least:	the goal
 */
struct goal {
	const atomic_t *count;
	int least;
};

static bool reached(void *arg)
{
	struct goal *goal = arg;

	return atomic_read_acquire(goal->count) >= goal->least;
}

bool wait_for_count(const atomic_t *count, int least)
{
	return wait_until(reached, &(struct goal){ count, least });
}

bool spin_for_count(const atomic_t *count, int least)
{
	return spin_until(reached, &(struct goal){ count, least });
}

bool wait_for(const atomic_t *flag)
{
	return wait_for_count(flag, 1);
}

bool spin_for(const atomic_t *flag)
{
	return spin_for_count(flag, 1);
}

bool stays_clear(const atomic_t *flag)
{
	unsigned int i;

	for (i = 0; i < CHANCE_MICROSECONDS && !atomic_read_acquire(flag); i++)
		udelay(1);
	return !atomic_read_acquire(flag);
}

bool meet(struct meeting *meeting)
{
	int mine = atomic_inc_return(&meeting->arrived);

	return spin_for_count(&meeting->arrived, roundup(mine, meeting->parties));
}
