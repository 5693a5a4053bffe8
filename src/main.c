// SPDX-License-Identifier: GPL-2.0-only
/* Module init and exit, nothing else. */
#include <linux/module.h>

#include "affinity.h"
#include "config.h"
#include "debugfs.h"
#include "dpc.h"
#include "dpc_flush.h"
#include "dpc_threaded.h"
#include "message.h"
#include "ndis_work.h"
#include "timer.h"

static int __init minirq_init(void)
{
	int err = minirq_ndis_work_start();

	if (err)
		return err;
	minirq_dpc_start();
	err = minirq_dpc_threaded_start();
	if (err)
		goto stop_work;
	err = minirq_timer_start();
	if (err)
		goto stop_dpc;
	err = minirq_message_start();
	if (err)
		goto stop_timer;
	minirq_debugfs_start();
	return 0;

stop_timer:
	minirq_timer_stop();
stop_dpc:
	minirq_dpc_threaded_stop();
stop_work:
	minirq_ndis_work_stop();
	return err;
}

static void __exit minirq_exit(void)
{
	minirq_debugfs_stop();
	minirq_message_stop();
	minirq_timer_stop();
	minirq_dpc_flush();
	minirq_dpc_threaded_stop();
	minirq_dpc_stop();
	minirq_affinity_stop();
	minirq_ndis_work_stop();
	minirq_config_stop();
}

module_init(minirq_init);
module_exit(minirq_exit);

MODULE_LICENSE("GPL");
MODULE_AUTHOR("The minirq developers");
MODULE_DESCRIPTION("Windows miniport interrupt API: WDM, NDIS 6 and StorPort");
MODULE_VERSION(MINIRQ_VERSION);
