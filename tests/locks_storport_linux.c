// SPDX-License-Identifier: GPL-2.0-only
/*
 * The Linux side of locks_storport.c:
 *
 *	cat runs		what it saw, by name
 *	echo 1 >breach		break the rules
 */
#include <linux/minirq.h>
#include <linux/module.h>
#include <linux/pci.h>

#include "locks.h"

module_param_named(issued, Locks.Issued, uint, 0444);
module_param_named(issued_again, Locks.IssuedAgain, uint, 0444);
module_param_named(first, Locks.First, uint, 0444);
module_param_named(second, Locks.Second, uint, 0444);
module_param_named(runs, Locks.Runs, uint, 0444);
module_param_named(irql, Locks.Irql, uint, 0444);
module_param_named(held, Locks.Held, uint, 0444);
module_param_named(released, Locks.Released, uint, 0444);
module_param_named(removed, Locks.Removed, uint, 0444);
module_param_named(removed_again, Locks.RemovedAgain, uint, 0444);
module_param_named(cancelled, Locks.Cancelled, uint, 0444);
module_param_named(refused, Locks.Refused, uint, 0444);
module_param_named(status, Locks.Status, uint, 0444);
module_param_named(level, Locks.Level, uint, 0444);
module_param_named(empty, Locks.Empty, uint, 0444);

static int breach_set(const char *value, const struct kernel_param *kp)
{
	LocksBreak();
	return 0;
}

static const struct kernel_param_ops breach_ops = { .set = breach_set };
module_param_cb(breach, &breach_ops, NULL, 0200);

static const struct pci_device_id ids[] = {
	{ PCI_DEVICE(PCI_VENDOR_ID_REDHAT, 0x0010) },
	{ }
};

module_minirq_miniport(ids, .msi = true);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: a StorPort miniport that tries its locks");
MODULE_LICENSE("GPL");
