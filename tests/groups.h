/* SPDX-License-Identifier: GPL-2.0-only */
/* What groups.c shares with its Linux side. */
#ifndef GROUPS_H
#define GROUPS_H

typedef struct _GROUPS {
	unsigned int Active;	/* processors of all groups */
	unsigned int Groups;
	unsigned int Second;	/* processors of the second */
	unsigned int BadNumbers;	/* processors with another number or index */
	unsigned int BadThreads;	/* that a thread did not get to */
	unsigned int BadDpcs;	/* that a DPC did not run on */
} GROUPS;

extern GROUPS Groups;

void GroupsLook(void);

#endif
