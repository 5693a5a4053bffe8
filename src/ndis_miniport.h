/* SPDX-License-Identifier: GPL-2.0-only */
/* The life of an NDIS miniport: from registration to halt. */
#ifndef MINIRQ_NDIS_MINIPORT_H
#define MINIRQ_NDIS_MINIPORT_H

#include "ndis.h"

struct pci_dev;

/**
 * struct minirq_ndis_driver - a registered miniport driver
 * @owner:	of what it allocates for itself; first, as a pointer to it is the
 *		handle the driver gets
 * @object:	what DriverEntry was given
 * @chars:	its handlers
 * @pnp:	its handlers of a device that is no adapter yet, or NULL each
 * @setting_options: it is in MiniportSetOptions
 * @context:	MiniportDriverContext
 */
struct minirq_ndis_driver {
	struct minirq_ndis_owner owner;
	PDRIVER_OBJECT object;
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS chars;
	NDIS_MINIPORT_PNP_CHARACTERISTICS pnp;
	bool setting_options;
	NDIS_HANDLE context;
};

/**
 * struct minirq_ndis_miniport - one of its adapters
 * @adapter:	what the interrupt front end needs; first, as a pointer to it is
 *		the handle the driver gets
 * @driver:	its driver
 * @pdev:	its function, NULL in a test
 * @added:	MiniportAddDevice has succeeded
 * @add_context: MiniportAddDeviceContext
 */
struct minirq_ndis_miniport {
	struct minirq_ndis_adapter adapter;
	const struct minirq_ndis_driver *driver;
	struct pci_dev *pdev;
	bool added;
	NDIS_HANDLE add_context;
};

struct minirq_ndis_miniport *
minirq_ndis_miniport_create(const struct minirq_ndis_driver *driver,
			    const char *name, struct pci_dev *pdev,
			    const struct minirq_irqs *irqs);
NDIS_STATUS
minirq_ndis_miniport_initialize(struct minirq_ndis_miniport *miniport);
void minirq_ndis_miniport_halt(struct minirq_ndis_miniport *miniport,
			       NDIS_HALT_ACTION action);
void minirq_ndis_miniport_destroy(struct minirq_ndis_miniport *miniport);

#endif /* MINIRQ_NDIS_MINIPORT_H */
