// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of late_storport.c is that of the sample, and what is kept. */
#include "../samples/nvme_storport_linux.c"

#include "late.h"

module_param_named(keep, LateKeep, uint, 0644);
module_param_named(resets, LateResets, uint, 0444);
