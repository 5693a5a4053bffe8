/* SPDX-License-Identifier: GPL-2.0-only */
/* The life of an adapter: from its initialisation to its halt. */
#ifndef MINIRQ_NDIS_MINIPORT_H
#define MINIRQ_NDIS_MINIPORT_H

#include <linux/workqueue.h>

#include "ndis.h"
#include "ndis_pending.h"

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
 * @flags:	AttributeFlags
 * @hang_seconds: CheckForHangTimeInSeconds, 0 for the default
 * @asleep:	its device sleeps
 * @halted:	and the driver, which could not sleep, has been halted
 * @restarting:	MiniportRestart
 * @pausing:	MiniportPause
 * @requesting:	MiniportOidRequest
 * @resetting:	MiniportResetEx
 * @watch:	calls MiniportCheckForHangEx
 */
struct minirq_ndis_miniport {
	struct minirq_ndis_adapter adapter;
	const struct minirq_ndis_driver *driver;
	struct pci_dev *pdev;
	bool added;
	NDIS_HANDLE add_context;
	ULONG flags;
	UINT hang_seconds;
	bool asleep;
	bool halted;
	struct minirq_ndis_pending restarting;
	struct minirq_ndis_pending pausing;
	struct minirq_ndis_pending requesting;
	struct minirq_ndis_pending resetting;
	struct delayed_work watch;
};

struct minirq_ndis_driver *minirq_ndis_driver_of(NDIS_HANDLE handle,
						 const char *function,
						 void *caller);
struct minirq_ndis_miniport *minirq_ndis_miniport_of(NDIS_HANDLE handle,
						     const char *function,
						     void *caller);

struct minirq_ndis_miniport *
minirq_ndis_miniport_create(const struct minirq_ndis_driver *driver,
			    const char *name, struct pci_dev *pdev,
			    const struct minirq_irqs *irqs);
NDIS_STATUS
minirq_ndis_miniport_initialize(struct minirq_ndis_miniport *miniport);
void minirq_ndis_miniport_halt(struct minirq_ndis_miniport *miniport,
			       NDIS_HALT_ACTION action);
NDIS_STATUS minirq_ndis_miniport_start(struct minirq_ndis_miniport *miniport);
void minirq_ndis_miniport_stop(struct minirq_ndis_miniport *miniport,
			       NDIS_HALT_ACTION action);
void minirq_ndis_miniport_suspend(struct minirq_ndis_miniport *miniport);
int minirq_ndis_miniport_resume(struct minirq_ndis_miniport *miniport);
void minirq_ndis_miniport_shutdown(struct minirq_ndis_miniport *miniport);
void minirq_ndis_miniport_destroy(struct minirq_ndis_miniport *miniport);

#endif /* MINIRQ_NDIS_MINIPORT_H */
