// SPDX-License-Identifier: GPL-2.0-only
/* The Linux side of line_storport.c is that of the sample. */
#include "../samples/nvme_storport_linux.c"
