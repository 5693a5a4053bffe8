/* SPDX-License-Identifier: GPL-2.0-only */
/* WDM interrupts: IoConnectInterruptEx and its relatives. */
#ifndef MINIRQ_WDM_H
#define MINIRQ_WDM_H

struct minirq_pdo;

void minirq_wdm_withdraw(struct minirq_pdo *pdo);
void minirq_wdm_disconnect_all(struct minirq_pdo *pdo);

#endif /* MINIRQ_WDM_H */
