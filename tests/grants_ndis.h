/* SPDX-License-Identifier: GPL-2.0-only */
/* The Windows side of the grants miniport: its adapter. */
#ifndef GRANTS_NDIS_H
#define GRANTS_NDIS_H

#include <ndis.h>

#include "grants.h"

#define E1000_CTRL_EXT		0x18
#define E1000_ICR		0xC0	/* causes; a 1 written clears */
#define E1000_ICS		0xC8	/* raise */
#define E1000_IMS		0xD0	/* unmask */
#define E1000_IMC		0xD8	/* mask */
#define E1000_IVAR		0xE4	/* from cause to message */
#define E1000_TCTL		0x400
#define E1000_TDBAL		0x3800
#define E1000_TDBAH		0x3804
#define E1000_TDLEN		0x3808
#define E1000_TDH		0x3810
#define E1000_TDT		0x3818
#define E1000_RAL		0x5400	/* the network address */
#define E1000_RAH		0x5404
#define E1000_REGISTERS_SIZE	0x6000

typedef struct _GRANTS_ADAPTER GRANTS_ADAPTER, *PGRANTS_ADAPTER;

/* A message, or the line */
typedef struct _GRANTS_MESSAGE {
	PGRANTS_ADAPTER Adapter;
	ULONG Id;
	ULONG Causes;
	ULONG Processor;	/* where its ISR ran */
	ULONG Target;		/* where its last DPC is to run */
	BOOLEAN Recall;		/* the next call has been asked for */
	LONG Emptied;		/* queues, since that DPC was queued */
} GRANTS_MESSAGE, *PGRANTS_MESSAGE;

/* DPCs that GrantsQueue has asked for */
typedef struct _GRANTS_ASKED {
	USHORT Group;
	LONG64 Ran;	/* processors of the group */
} GRANTS_ASKED, *PGRANTS_ASKED;

struct _GRANTS_ADAPTER {
	NDIS_HANDLE Handle;
	NDIS_HANDLE Interrupt;
	PUCHAR Registers;
	ULONG FirstPort;
	ULONG PortCount;
	ULONG MessageCount;
	GRANTS_MESSAGE Messages[GRANTS_CAUSES];
	LONG Queues[GRANTS_CAUSES];	/* packets that have arrived */
	LONG Left;			/* queues that are not empty */
	NDIS_EVENT Empty;
	GRANTS_ASKED Asked;
};

NDIS_DECLARE_MINIPORT_DRIVER_CONTEXT(GRANTS)
NDIS_DECLARE_MINIPORT_ADAPTER_CONTEXT(GRANTS_ADAPTER)
NDIS_DECLARE_MINIPORT_INTERRUPT_CONTEXT(GRANTS_ADAPTER)

static inline ULONG GrantsRead(PGRANTS_ADAPTER Adapter, ULONG Register)
{
	ULONG Value;

	NdisReadRegisterUlong(Adapter->Registers + Register, &Value);
	return Value;
}

static inline VOID GrantsWrite(PGRANTS_ADAPTER Adapter, ULONG Register, ULONG Value)
{
	NdisWriteRegisterUlong(Adapter->Registers + Register, Value);
}

/* Make use of all that init code of a miniport makes use of */
VOID GrantsTryParts(PGRANTS_ADAPTER Adapter);

#endif
