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
#include <linux/sched.h>
#include <linux/sched/task.h>

#include <kunit/test.h>

/*
 * Far above what a slow host needs, below what stall detectors report. A spin
 * takes several times its count of microseconds in a kernel full of checks.
 */
#define WAIT_SECONDS	10
#define SPIN_MICROSECONDS	(2 * USEC_PER_SEC)

/**
 * struct job - what a thread is to do
 * @fn:		the function
 * @arg:	its argument
 * @begun:	the thread has taken its copy of the above
 */
struct job {
	void (*fn)(void *arg);
	void *arg;
	struct completion *begun;
};

static int run_job(void *data)
{
	struct job job = *(struct job *)data;

	complete(job.begun);
	job.fn(job.arg);
	return 0;
}

void need_cpus(struct kunit *test, unsigned int count)
{
	unsigned int cpu;

	for (cpu = 0; cpu < count; cpu++)
		if (cpu >= nr_cpu_ids || !cpu_online(cpu))
			kunit_skip(test, "needs CPUs 0 to %u", count - 1);
	KUNIT_ASSERT_EQ(test, set_cpus_allowed_ptr(current, cpumask_of(0)), 0);
}

/*
 * The thread's task is held until join(), so a thread that has ended already
 * can still be asked for. It must have begun, as kthread_stop() would keep one
 * that has not from ever calling its function.
 */
struct task_struct *start_on_cpu(unsigned int cpu, void (*fn)(void *), void *arg)
{
	DECLARE_COMPLETION_ONSTACK(begun);
	struct job job = { .fn = fn, .arg = arg, .begun = &begun };
	struct task_struct *task = kthread_create(run_job, &job, "minirq_kunit/%u", cpu);

	if (WARN_ON(IS_ERR(task)))
		return NULL;
	kthread_bind(task, cpu);
	get_task_struct(task);
	wake_up_process(task);
	wait_for_completion(&begun);
	return task;
}

void join(struct task_struct *task)
{
	if (!task)
		return;
	kthread_stop(task);
	put_task_struct(task);
}

void on_cpu(unsigned int cpu, void (*fn)(void *), void *arg)
{
	join(start_on_cpu(cpu, fn, arg));
}

bool is_asleep(struct task_struct *task)
{
	return !task_is_running(task);
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

/* Counts its own time: with interrupts off jiffies may stand still. */
bool spin_until(bool (*cond)(void *), void *arg)
{
	unsigned int i;

	for (i = 0; i < SPIN_MICROSECONDS; i++) {
		if (cond(arg))
			return true;
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

bool meet(struct meeting *meeting)
{
	int mine = atomic_inc_return(&meeting->arrived);

	return spin_for_count(&meeting->arrived, roundup(mine, meeting->parties));
}
