/* SPDX-License-Identifier: GPL-2.0-only */
/* What WDM drivers change about the interrupts their device is to have. */
#ifndef MINIRQ_PNP_FILTER_H
#define MINIRQ_PNP_FILTER_H

#include <wdm.h>

struct minirq_request;
struct pci_dev;

struct minirq_request *minirq_pnp_filter(PDEVICE_OBJECT pdo,
					 struct pci_dev *pdev,
					 const struct minirq_request *offer);

#endif /* MINIRQ_PNP_FILTER_H */
