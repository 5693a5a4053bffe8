/* SPDX-License-Identifier: GPL-2.0-only */
/* Allocations that fail, the kernel's own among them, in any kernel with ftrace. */
#ifndef MINIRQ_KUNIT_NO_MEMORY_H
#define MINIRQ_KUNIT_NO_MEMORY_H

#include <linux/types.h>

struct kunit;

/* Make what follows possible for the calling case. */
void need_failures(struct kunit *test);

/* The @nth allocation that this thread makes from now on fails. */
void fail_allocation(unsigned int nth);

/* No allocation fails any more; true when one has. */
bool allocation_failed(void);

#endif /* MINIRQ_KUNIT_NO_MEMORY_H */
