// SPDX-License-Identifier: GPL-2.0-only
/* The rest of the NVMe sample, as it is. */
#include "../samples/nvme_queue.c"
