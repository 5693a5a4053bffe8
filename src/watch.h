/* SPDX-License-Identifier: GPL-2.0-only */
/* Does anybody look on, a tracer or the verifier? */
#ifndef MINIRQ_WATCH_H
#define MINIRQ_WATCH_H

#include <linux/jump_label.h>

DECLARE_STATIC_KEY_FALSE(minirq_watched_key);

/*
 * The way of every interrupt asks this once, for all tracepoints and checks that
 * lie on it.
 */
static __always_inline bool minirq_watched(void)
{
	return static_branch_unlikely(&minirq_watched_key);
}

int minirq_watch_begin(void);
void minirq_watch_end(void);

#endif /* MINIRQ_WATCH_H */
