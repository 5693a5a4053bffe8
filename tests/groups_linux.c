// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of groups.c: what it found is in the module's parameters. */
#include <linux/module.h>

#include "groups.h"

module_param_named(active, Groups.Active, uint, 0444);
module_param_named(groups, Groups.Groups, uint, 0444);
module_param_named(second, Groups.Second, uint, 0444);
module_param_named(bad_numbers, Groups.BadNumbers, uint, 0444);
module_param_named(bad_threads, Groups.BadThreads, uint, 0444);
module_param_named(bad_dpcs, Groups.BadDpcs, uint, 0444);

static int __init groups_init(void)
{
	GroupsLook();
	return 0;
}
module_init(groups_init);

static void __exit groups_exit(void)
{
}
module_exit(groups_exit);

MODULE_INFO(import_ns, "MINIRQ");
MODULE_DESCRIPTION("minirq test: a driver that looks for every processor");
MODULE_LICENSE("GPL");
