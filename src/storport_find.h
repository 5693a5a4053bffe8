/* SPDX-License-Identifier: GPL-2.0-only */
/* HwStorFindAdapter: what it is told of the adapter, and what it answers. */
#ifndef MINIRQ_STORPORT_FIND_H
#define MINIRQ_STORPORT_FIND_H

struct minirq_stor_miniport;

int minirq_storport_find(struct minirq_stor_miniport *miniport);

#endif /* MINIRQ_STORPORT_FIND_H */
