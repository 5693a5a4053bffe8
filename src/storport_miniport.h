/* SPDX-License-Identifier: GPL-2.0-only */
/* The life of a StorPort miniport: from HwStorFindAdapter to its stop. */
#ifndef MINIRQ_STORPORT_MINIPORT_H
#define MINIRQ_STORPORT_MINIPORT_H

#include <linux/pci.h>

#include "storport.h"
#include "storport_memory.h"

struct minirq_device;

/**
 * struct minirq_stor_driver - a registered miniport driver
 * @data:	its entry points
 * @context:	HwContext
 */
struct minirq_stor_driver {
	HW_INITIALIZATION_DATA data;
	PVOID context;
};

/**
 * struct minirq_stor_miniport - one of its adapters
 * @adapter:	what the interrupt front end needs
 * @driver:	its driver
 * @dev:	its device; without a function in a test
 * @config:	what HwStorFindAdapter is given and fills in
 * @ranges:	config.AccessRanges: the BARs in their order
 * @passive:	HwStorPassiveInitializeRoutine, or NULL
 * @memory:	registers and memory that it uses
 */
struct minirq_stor_miniport {
	struct minirq_stor_adapter adapter;
	const struct minirq_stor_driver *driver;
	struct minirq_device *dev;
	PORT_CONFIGURATION_INFORMATION config;
	ACCESS_RANGE ranges[PCI_STD_NUM_BARS];
	PHW_PASSIVE_INITIALIZE_ROUTINE passive;
	struct minirq_stor_memory memory;
};

struct minirq_stor_miniport *
minirq_stor_miniport_create(const struct minirq_stor_driver *driver,
			    struct minirq_device *dev);
int minirq_stor_miniport_start(struct minirq_stor_miniport *miniport);
void minirq_stor_miniport_stop(struct minirq_stor_miniport *miniport);
void minirq_stor_miniport_suspend(struct minirq_stor_miniport *miniport);
int minirq_stor_miniport_resume(struct minirq_stor_miniport *miniport);
void minirq_stor_miniport_destroy(struct minirq_stor_miniport *miniport);

#endif /* MINIRQ_STORPORT_MINIPORT_H */
