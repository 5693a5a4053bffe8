// SPDX-License-Identifier: GPL-2.0-only
/*
 * Internals that initiator.c calls, exported only where the device tests are
 * built; a build for KUnit exports them too.
 */
#include "../src/storport_request.h"
#include "../src/storport_start.h"

/* away from their definitions, which know nothing of tests */
#define FOR_TESTS(symbol) EXPORT_SYMBOL_GPL(symbol)

FOR_TESTS(minirq_stor_requests_create);
FOR_TESTS(minirq_stor_request);
FOR_TESTS(minirq_stor_request_start);
