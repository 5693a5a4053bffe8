/* SPDX-License-Identifier: GPL-2.0-only */
/* I/O requests: from a device object down its stack, and back. */
#ifndef MINIRQ_IRP_H
#define MINIRQ_IRP_H

#include <wdm.h>

NTSTATUS minirq_irp_send(PDEVICE_OBJECT object,
			 const struct _IO_STACK_LOCATION *request);

void minirq_irp_send_io(PDEVICE_OBJECT object,
			const struct _IO_STACK_LOCATION *request,
			PIO_STATUS_BLOCK io);

#endif /* MINIRQ_IRP_H */
