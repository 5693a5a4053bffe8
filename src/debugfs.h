/* SPDX-License-Identifier: GPL-2.0-only */
/* The observable state, below /sys/kernel/debug/minirq. */
#ifndef MINIRQ_DEBUGFS_H
#define MINIRQ_DEBUGFS_H

void minirq_debugfs_start(void);
void minirq_debugfs_stop(void);

#endif /* MINIRQ_DEBUGFS_H */
