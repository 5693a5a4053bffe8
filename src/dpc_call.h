/* SPDX-License-Identifier: GPL-2.0-only */
/* A DPC on every CPU at once. */
#ifndef MINIRQ_DPC_CALL_H
#define MINIRQ_DPC_CALL_H

#include <wdm.h>

/* Windows exports these but has them in no header: drivers declare them. */
VOID KeGenericCallDpc(PKDEFERRED_ROUTINE Routine, PVOID Context);
VOID KeSignalCallDpcDone(PVOID SystemArgument1);
LOGICAL KeSignalCallDpcSynchronize(PVOID SystemArgument2);

#endif /* MINIRQ_DPC_CALL_H */
