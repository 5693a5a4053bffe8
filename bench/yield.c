// SPDX-License-Identifier: GPL-2.0-only
/*
 * While it is loaded, the CPU that loaded it pauses now and then.
 *
 * QEMU before 8.1 gives a virtual CPU all instructions up to the next timer
 * when it counts them, and the next CPU what is left, which is nothing. Linux
 * before 6.5 waits for a CPU that it brings up without a single PAUSE, at which
 * QEMU would go on to the next; so it would wait for ever.
 */
#include <linux/err.h>
#include <linux/kthread.h>
#include <linux/module.h>
#include <linux/sched.h>

static struct task_struct *thread;

static int pause_often(void *unused)
{
	while (!kthread_should_stop()) {
		cpu_relax();
		cond_resched();
	}
	return 0;
}

static int __init yield_init(void)
{
	thread = kthread_run_on_cpu(pause_often, NULL, 0, "bench_yield/%u");
	return PTR_ERR_OR_ZERO(thread);
}
module_init(yield_init);

static void __exit yield_exit(void)
{
	kthread_stop(thread);
}
module_exit(yield_exit);

MODULE_DESCRIPTION("minirq benchmark: help QEMU to bring up CPUs");
MODULE_LICENSE("GPL");
