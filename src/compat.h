/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Every difference between the kernels minirq is built for. Code is written
 * for the newest; this header, which the build includes before all others,
 * makes older kernels look like it.
 */
#ifndef MINIRQ_COMPAT_H
#define MINIRQ_COMPAT_H

/* what every line in the kernel log begins with */
#define pr_fmt(fmt) KBUILD_MODNAME ": " fmt

#include <linux/types.h>
#include <linux/version.h>

#include <linux/export.h>
#include <linux/hrtimer.h>
#include <linux/lockdep.h>
#include <linux/pci.h>

/*
 * 6.13: the namespace of an export became a string. Every export of minirq is in
 * its namespace; DEFAULT_SYMBOL_NAMESPACE would say so, but stable kernels differ
 * in whether they want that as a string.
 */
#undef EXPORT_SYMBOL_GPL
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define EXPORT_SYMBOL_GPL(symbol) EXPORT_SYMBOL_NS_GPL(symbol, MINIRQ)
#else
#define EXPORT_SYMBOL_GPL(symbol) EXPORT_SYMBOL_NS_GPL(symbol, "MINIRQ")
#endif

/* 6.13: hrtimer_init() became hrtimer_setup(), which sets the function too */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
static inline void hrtimer_setup(struct hrtimer *timer,
				 enum hrtimer_restart (*function)(struct hrtimer *),
				 clockid_t clock, enum hrtimer_mode mode)
{
	hrtimer_init(timer, clock, mode);
	timer->function = function;
}
#endif

/* 7.0: kernel.h no longer includes hex.h, which the oldest kernels have not */
#if LINUX_VERSION_CODE >= KERNEL_VERSION(7, 0, 0)
#include <linux/hex.h>
#endif

/* 6.2: struct ftrace_regs got functions of its own */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 2, 0)
#define ftrace_regs_set_instruction_pointer ftrace_instruction_pointer_set
#define ftrace_regs_get_argument(regs, n) \
	regs_get_kernel_argument(arch_ftrace_get_regs(regs), n)
#endif

/* 6.8: PCI_IRQ_LEGACY was renamed to PCI_IRQ_INTX */
#ifndef PCI_IRQ_INTX
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

/* 6.4: lockdep can be told which locks may be taken; before, only to look away */
#ifdef DEFINE_WAIT_OVERRIDE_MAP
#define wait_override_begin(map)	lock_map_acquire_try(map)
#define wait_override_end(map)		lock_map_release(map)
#else
#define DEFINE_WAIT_OVERRIDE_MAP(name, type) \
	struct lockdep_map __maybe_unused name = {}
#define wait_override_begin(map)	lockdep_off()
#define wait_override_end(map)		lockdep_on()
#endif

#endif /* MINIRQ_COMPAT_H */
