/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Threads on chosen CPUs, and waits on conditions: what a suite needs to force
 * a race instead of hoping for it.
 *
 * A case calls need_cpus() first, mostly from .init. That binds the case itself
 * to CPU 0 and makes a thread for each CPU, so that the other CPUs may then be
 * kept busy, even with interrupts off, and the case still gets on. Whatever may
 * sleep in the kernel is to be had before a CPU is kept busy: it may need just
 * that CPU. There are threads for CPUs 0 to 3, each runs one function at a time.
 *
 * Every wait here has a limit and says whether it was reached, so a broken
 * promise fails a test and does not hang it.
 */
#ifndef MINIRQ_KUNIT_CPU_H
#define MINIRQ_KUNIT_CPU_H

#include <linux/atomic.h>
#include <linux/types.h>

struct kunit;
struct task_struct;

/*
 * Bind the calling case to CPU 0 and make its threads; skip it when CPUs 0 to
 * @count - 1 are not all online.
 */
void need_cpus(struct kunit *test, unsigned int count);

/* Run @fn(@arg) in a thread bound to @cpu and wait until it has returned. */
void on_cpu(unsigned int cpu, void (*fn)(void *), void *arg);

/*
 * Start @fn(@arg) in a thread bound to @cpu; when this returns it has begun. End
 * it with join() before the case ends.
 */
struct task_struct *start_on_cpu(unsigned int cpu, void (*fn)(void *), void *arg);

/* Wait until the function of a started thread has returned. NULL is ignored. */
void join(struct task_struct *task);

/* Does a started thread sleep, say because it waits for a completion? */
bool is_asleep(struct task_struct *task);

/* Does a raw spin lock tell who waits for it? */
bool locks_queue(void);

/*
 * Wait until a condition holds, in process context with preemption on; false
 * when it did not within the limit.
 */
bool wait_until(bool (*cond)(void *), void *arg);
bool wait_for(const atomic_t *flag);			/* is not 0 */
bool wait_for_count(const atomic_t *count, int least);	/* is @least or more */

/* The same for any context: in an ISR, in a DPC, at a raised IRQL. */
bool spin_until(bool (*cond)(void *), void *arg);
bool spin_for(const atomic_t *flag);
bool spin_for_count(const atomic_t *count, int least);

/*
 * Give what must not happen its chance, in any context: true when @flag is still
 * 0 afterwards. Only where no condition tells that it would have happened.
 */
bool stays_clear(const atomic_t *flag);

/**
 * struct meeting - a point that several threads leave together
 * @arrived:	how often somebody has arrived
 * @parties:	how many threads take part; set it before the first meet()
 */
struct meeting {
	atomic_t arrived;
	int parties;
};

/* Wait for the others, in any context, as often as wanted. */
bool meet(struct meeting *meeting);

#endif /* MINIRQ_KUNIT_CPU_H */
