// SPDX-License-Identifier: GPL-2.0-only
/*
 * An xHCI raises the message of an interrupter when its driver says that it has
 * taken events off the event ring, but not all of them. So each interrupter has a
 * ring without events, and is told that only the first one is left to be taken.
 */
#include "trial_usb.h"

#define TRIAL_TAG		('bsuT')
#define TRIAL_PAGE		4096

/* Offsets of the two blocks of registers, in the capability registers */
#define XHCI_OPERATIONAL	0x00
#define XHCI_RUNTIME		0x18

/* Operational: the command register */
#define XHCI_RESET		0x2
#define XHCI_INTERRUPTS		0x4

/* Runtime: interrupters, and the registers of each */
#define XHCI_INTERRUPTER(n)	(0x20 + 0x20 * (n))
#define XHCI_MANAGEMENT		0x00
#define XHCI_SEGMENTS		0x08
#define XHCI_TABLE		0x10
#define XHCI_DEQUEUE		0x18

#define XHCI_ENABLE		0x2	/* in the management register */
#define XHCI_BUSY		0x8	/* in the dequeue pointer: writing it clears it */

#define XHCI_EVENTS		16	/* as few as a ring may have */
#define XHCI_EVENT_SIZE		16

/* An event ring of one segment: the table of segments, and the segment */
typedef struct _TRIAL_RING {
	ULONG64 Segment;
	ULONG Events;
	ULONG Reserved[13];
	UCHAR Event[XHCI_EVENTS][XHCI_EVENT_SIZE];
} TRIAL_RING, *PTRIAL_RING;

struct _TRIAL_USB {
	PUCHAR Operational;
	PUCHAR Runtime;
	/* of all interrupters, since none writes to it; a page is aligned enough */
	PTRIAL_RING Ring;
};

static ULONG TrialUsbRead(PUCHAR Address)
{
	return READ_REGISTER_ULONG((PULONG)Address);
}

static VOID TrialUsbWrite(PUCHAR Address, ULONG Value)
{
	WRITE_REGISTER_ULONG((PULONG)Address, Value);
}

/* The low half first, as the device expects it. */
static VOID TrialUsbWrite64(PUCHAR Address, ULONG64 Value)
{
	TrialUsbWrite(Address, (ULONG)Value);
	TrialUsbWrite(Address + 4, (ULONG)(Value >> 32));
}

static ULONG64 TrialUsbAddress(PVOID Memory)
{
	return MmGetPhysicalAddress(Memory).QuadPart;
}

PTRIAL_USB TrialUsbCreate(PUCHAR Registers)
{
	PTRIAL_USB Usb = ExAllocatePoolWithTag(NonPagedPool, sizeof(*Usb), TRIAL_TAG);

	if (!Usb)
		return NULL;
	Usb->Ring = ExAllocatePoolWithTag(NonPagedPool, TRIAL_PAGE, TRIAL_TAG);
	if (!Usb->Ring) {
		ExFreePoolWithTag(Usb, TRIAL_TAG);
		return NULL;
	}
	RtlZeroMemory(Usb->Ring, TRIAL_PAGE);
	Usb->Ring->Segment = TrialUsbAddress(Usb->Ring->Event);
	Usb->Ring->Events = XHCI_EVENTS;
	Usb->Operational = Registers + (TrialUsbRead(Registers + XHCI_OPERATIONAL) & 0xFF);
	Usb->Runtime = Registers + TrialUsbRead(Registers + XHCI_RUNTIME);
	TrialUsbSilence(Usb);
	return Usb;
}

VOID TrialUsbDestroy(PTRIAL_USB Usb)
{
	ExFreePoolWithTag(Usb->Ring, TRIAL_TAG);
	ExFreePoolWithTag(Usb, TRIAL_TAG);
}

VOID TrialUsbPrepare(PTRIAL_USB Usb, ULONG Interrupters)
{
	ULONG i;

	for (i = 0; i < Interrupters; i++) {
		PUCHAR Interrupter = Usb->Runtime + XHCI_INTERRUPTER(i);

		TrialUsbWrite(Interrupter + XHCI_MANAGEMENT, XHCI_ENABLE);
		TrialUsbWrite(Interrupter + XHCI_SEGMENTS, 1);
		TrialUsbWrite64(Interrupter + XHCI_TABLE, TrialUsbAddress(Usb->Ring));
	}
	TrialUsbWrite(Usb->Operational, XHCI_INTERRUPTS);
}

VOID TrialUsbSilence(PTRIAL_USB Usb)
{
	ULONG i;

	TrialUsbWrite(Usb->Operational, XHCI_RESET);
	for (i = 0; i < 1000 && TrialUsbRead(Usb->Operational) & XHCI_RESET; i++)
		KeStallExecutionProcessor(10);
}

VOID TrialUsbRaise(PTRIAL_USB Usb, ULONG Interrupter)
{
	PUCHAR Dequeue = Usb->Runtime + XHCI_INTERRUPTER(Interrupter) + XHCI_DEQUEUE;
	ULONG64 Second = TrialUsbAddress(Usb->Ring->Event[1]);

	/* the low half is what makes the device look */
	TrialUsbWrite(Dequeue + 4, (ULONG)(Second >> 32));
	TrialUsbWrite(Dequeue, (ULONG)Second | XHCI_BUSY);
}
