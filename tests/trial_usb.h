/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * An xHCI that raises a message for each of its interrupters, and does nothing
 * else: it has no ring of commands, and no port is looked at.
 */
#ifndef TRIAL_USB_H
#define TRIAL_USB_H

#include <wdm.h>

typedef struct _TRIAL_USB TRIAL_USB, *PTRIAL_USB;

/* NULL for want of memory; the device is silent until it is prepared */
PTRIAL_USB TrialUsbCreate(PUCHAR Registers);
VOID TrialUsbDestroy(PTRIAL_USB Usb);

/* Its interrupters may interrupt; none may any more */
VOID TrialUsbPrepare(PTRIAL_USB Usb, ULONG Interrupters);
VOID TrialUsbSilence(PTRIAL_USB Usb);

/* One message */
VOID TrialUsbRaise(PTRIAL_USB Usb, ULONG Interrupter);

#endif
