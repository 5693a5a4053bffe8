// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of pulled_storport.c is that of the sample, and its story. */
#include "../samples/nvme_storport_linux.c"

#include "pulled.h"

module_param_string(story, PulledStory, sizeof(PulledStory), 0444);
