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

/* 6.13: the namespace of an export became a string */
#if LINUX_VERSION_CODE < KERNEL_VERSION(6, 13, 0)
#define DEFAULT_SYMBOL_NAMESPACE MINIRQ
#else
#define DEFAULT_SYMBOL_NAMESPACE "MINIRQ"
#endif

#include <linux/pci.h>

/* 6.8: PCI_IRQ_LEGACY was renamed to PCI_IRQ_INTX */
#ifndef PCI_IRQ_INTX
#define PCI_IRQ_INTX PCI_IRQ_LEGACY
#endif

#endif /* MINIRQ_COMPAT_H */
