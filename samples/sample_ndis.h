/* SPDX-License-Identifier: GPL-2.0-only */
/* For the Windows side of the NDIS samples. */
#ifndef SAMPLE_NDIS_H
#define SAMPLE_NDIS_H

#include <ndis.h>

#include "sample.h"

/* What NDIS says about a message; without a table, the line */
static inline VOID SampleDescribe(SAMPLE_MESSAGE *Message,
				  PIO_INTERRUPT_MESSAGE_INFO Table, ULONG Id)
{
	NdisZeroMemory(Message, sizeof(*Message));
	if (!Table)
		return;
	Message->MessageBased = 1;
	Message->Address = Table->MessageInfo[Id].MessageAddress.QuadPart;
	Message->Data = Table->MessageInfo[Id].MessageData;
}

#endif
