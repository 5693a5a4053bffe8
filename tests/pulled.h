/* SPDX-License-Identifier: GPL-2.0-only */
/* What pulled_storport.c shares with its Linux side. */
#ifndef PULLED_H
#define PULLED_H

/* A word for each HwAdapterControl() by which an adapter ends */
extern char PulledStory[64];

#endif
