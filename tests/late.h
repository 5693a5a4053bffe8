/* SPDX-License-Identifier: GPL-2.0-only */
/* What late_storport.c shares with its Linux side. */
#ifndef LATE_H
#define LATE_H

/* How many of the next requests are not given to the drive */
extern unsigned int LateKeep;
/* How often HwStorResetBus was called */
extern unsigned int LateResets;

#endif
