// SPDX-License-Identifier: GPL-2.0-only
/*
 * Power requests: the system goes to sleep, so a device must; a driver wants its
 * device in another state.
 */
#include "power.h"

#include <linux/export.h>

#include "irp.h"
#include "memory.h"
#include "wdm_device.h"

/**
 * struct power_request - what PoRequestPowerIrp() was given
 * @device:	the caller's device
 * @top:	where the request was sent, referenced
 * @minor:	minor function
 * @state:	what is asked for
 * @done:	called at the end, or NULL
 * @context:	its argument
 */
struct power_request {
	PDEVICE_OBJECT device;
	PDEVICE_OBJECT top;
	UCHAR minor;
	POWER_STATE state;
	PREQUEST_POWER_COMPLETE done;
	PVOID context;
};

static POWER_ACTION action_for(POWER_STATE_TYPE type, POWER_STATE state)
{
	if (type == SystemPowerState && state.SystemState != PowerSystemWorking)
		return PowerActionSleep;
	return PowerActionNone;
}

static IO_STACK_LOCATION location_for(UCHAR minor, POWER_STATE_TYPE type,
				      POWER_STATE state)
{
	return (IO_STACK_LOCATION) {
		.MajorFunction = IRP_MJ_POWER,
		.MinorFunction = minor,
		.Parameters.Power.Type = type,
		.Parameters.Power.State = state,
		.Parameters.Power.ShutdownType = action_for(type, state),
	};
}

/**
 * minirq_power_send() - send a power request to a stack, and wait for its end
 * @object:	any device of the stack
 * @minor:	IRP_MN_SET_POWER or IRP_MN_QUERY_POWER
 * @type:	the machine's state or the device's
 * @state:	what to go to
 *
 * Context: process context, may sleep.
 * Return: how the request ended.
 */
NTSTATUS minirq_power_send(PDEVICE_OBJECT object, UCHAR minor,
			   POWER_STATE_TYPE type, POWER_STATE state)
{
	IO_STACK_LOCATION request = location_for(minor, type, state);

	return minirq_irp_send(object, &request);
}

static NTSTATUS request_done(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	struct power_request *request = context;

	if (request->done)
		request->done(request->device, request->minor, request->state,
			      request->context, &irp->IoStatus);
	ObDereferenceObject(request->top);
	minirq_memory_free(request);
	IoFreeIrp(irp);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

static NTSTATUS send(struct power_request *request, PIRP *stored)
{
	PIRP irp = IoAllocateIrp(request->top->StackSize, FALSE);

	if (!irp)
		return STATUS_INSUFFICIENT_RESOURCES;
	irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
	*IoGetNextIrpStackLocation(irp) =
		location_for(request->minor, DevicePowerState, request->state);
	IoSetCompletionRoutine(irp, request_done, request, TRUE, TRUE, TRUE);
	if (stored)
		*stored = irp;
	IoCallDriver(request->top, irp);
	return STATUS_PENDING;
}

/**
 * PoRequestPowerIrp() - have a power request sent to the top of a stack
 * @DeviceObject:	a device of the stack
 * @MinorFunction:	IRP_MN_SET_POWER or IRP_MN_QUERY_POWER
 * @PowerState:		device state to go to
 * @CompletionFunction:	called when all drivers are done with it, or NULL
 * @Context:		its argument
 * @Irp:		where the request is stored, or NULL
 *
 * Differs from Windows: the request is sent before this returns; devices wake
 * nobody, so IRP_MN_WAIT_WAKE is not supported.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-wdm-porequestpowerirp
 * Return: STATUS_PENDING; STATUS_INVALID_PARAMETER_2 for another minor function;
 * STATUS_INSUFFICIENT_RESOURCES.
 */
NTSTATUS PoRequestPowerIrp(PDEVICE_OBJECT DeviceObject, UCHAR MinorFunction,
			   POWER_STATE PowerState,
			   PREQUEST_POWER_COMPLETE CompletionFunction,
			   PVOID Context, PIRP *Irp)
{
	struct power_request *request;
	NTSTATUS status;

	if (MinorFunction != IRP_MN_SET_POWER &&
	    MinorFunction != IRP_MN_QUERY_POWER)
		return STATUS_INVALID_PARAMETER_2;
	request = minirq_memory_alloc(sizeof(*request), GFP_ATOMIC);
	if (!request)
		return STATUS_INSUFFICIENT_RESOURCES;
	*request = (struct power_request) {
		.device = DeviceObject,
		.top = IoGetAttachedDeviceReference(DeviceObject),
		.minor = MinorFunction,
		.state = PowerState,
		.done = CompletionFunction,
		.context = Context,
	};
	status = send(request, Irp);
	if (status != STATUS_PENDING) {
		ObDereferenceObject(request->top);
		minirq_memory_free(request);
	}
	return status;
}
EXPORT_SYMBOL_GPL(PoRequestPowerIrp);

/**
 * PoSetPowerState() - tell the system about a new state
 * @DeviceObject:	the device
 * @Type:		DevicePowerState
 * @State:		its new state
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-ntifs-posetpowerstate
 * Return: the previous state.
 */
POWER_STATE PoSetPowerState(PDEVICE_OBJECT DeviceObject, POWER_STATE_TYPE Type,
			    POWER_STATE State)
{
	POWER_STATE *power = &minirq_devobj_of(DeviceObject)->power[Type];
	POWER_STATE old = *power;

	*power = State;
	return old;
}
EXPORT_SYMBOL_GPL(PoSetPowerState);
