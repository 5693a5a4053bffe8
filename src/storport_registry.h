/* SPDX-License-Identifier: GPL-2.0-only */
/* What a StorPort adapter finds in the registry. */
#ifndef MINIRQ_STORPORT_REGISTRY_H
#define MINIRQ_STORPORT_REGISTRY_H

#include <linux/types.h>

struct minirq_config;
struct minirq_device;

/**
 * struct minirq_stor_registry - where an adapter's values come from
 * @config:	the driver's module parameter, or NULL
 * @driver:	name of the driver, who owns what is written for all adapters
 * @device:	name of the adapter's function, or NULL
 * @buffer:	what StorPortAllocateRegistryBuffer() returned, or NULL
 */
struct minirq_stor_registry {
	const struct minirq_config *config;
	const char *driver;
	const char *device;
	void *buffer;
};

void minirq_stor_registry_init(struct minirq_stor_registry *registry,
			       const struct minirq_device *dev);
void minirq_stor_registry_release(struct minirq_stor_registry *registry);

#endif /* MINIRQ_STORPORT_REGISTRY_H */
