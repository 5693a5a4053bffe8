// SPDX-License-Identifier: GPL-2.0-only
/* The suites' module; each suite registers itself. */
#include <linux/module.h>

MODULE_LICENSE("GPL");
MODULE_DESCRIPTION("KUnit suites of minirq");
MODULE_INFO(import_ns, "MINIRQ");
