// SPDX-License-Identifier: GPL-2.0-only
/* Runs all suites as the module is loaded, as KUnit does. */
#include <linux/init.h>
#include <linux/module.h>

#include <kunit/test.h>

static struct kunit_suite *end_of_suites __used __section("minirq_suites");

static int __init run_suites(void)
{
	struct kunit_suite **suite;
	int err = 0;

	for (suite = kunit_suites; !err && *suite; suite++)
		err = kunit_run_suite(*suite);
	if (err)
		kunit_forget_suites();
	return err;
}

static void __exit forget_suites(void)
{
	kunit_forget_suites();
}

module_init(run_suites);
module_exit(forget_suites);
