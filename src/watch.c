// SPDX-License-Identifier: GPL-2.0-only
/* Does anybody look on, a tracer or the verifier? */
#include "watch.h"

DEFINE_STATIC_KEY_FALSE(minirq_watched_key);

/* A tracepoint on the way of every interrupt is switched on, or the verifier. */
int minirq_watch_begin(void)
{
	static_branch_inc(&minirq_watched_key);
	return 0;
}

void minirq_watch_end(void)
{
	static_branch_dec(&minirq_watched_key);
}
