// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a StorPort miniport is told to do with its adapter: HwStorAdapterControl
 * for each control type that it supports.
 */
#include "storport_control.h"

#include <linux/slab.h>

#include "driver.h"
#include "requirements.h"
#include "storport_lock.h"
#include "storport_miniport.h"

/* Room for every control type behind the list's first element. */
struct control_types {
	SCSI_SUPPORTED_CONTROL_TYPE_LIST list;
	BOOLEAN more[ScsiAdapterControlMax];
};

static SCSI_ADAPTER_CONTROL_STATUS
call_control(struct minirq_stor_miniport *miniport,
	     enum minirq_stor_routine routine, SCSI_ADAPTER_CONTROL_TYPE type,
	     PVOID parameters)
{
	PHW_ADAPTER_CONTROL control = miniport->driver->data.HwAdapterControl;
	SCSI_ADAPTER_CONTROL_STATUS status;
	struct minirq_stor_call call;

	minirq_storport_call_enter(&call, &miniport->adapter, routine, control);
	status = control(miniport->adapter.extension, type, parameters);
	minirq_storport_call_leave(&call);
	return status;
}

static SCSI_ADAPTER_CONTROL_STATUS
control(struct minirq_stor_miniport *miniport, SCSI_ADAPTER_CONTROL_TYPE type,
	PVOID parameters)
{
	return call_control(miniport, MINIRQ_STOR_ROUTINE_CONTROL, type,
			    parameters);
}

/* Stopping and restarting keep every ISR out. */
static SCSI_ADAPTER_CONTROL_STATUS
control_locked(struct minirq_stor_miniport *miniport,
	       SCSI_ADAPTER_CONTROL_TYPE type)
{
	KIRQL old = minirq_storport_lock_interrupt(&miniport->adapter);
	SCSI_ADAPTER_CONTROL_STATUS status =
		call_control(miniport, MINIRQ_STOR_ROUTINE_CONTROL_LOCKED, type,
			     NULL);

	minirq_storport_unlock_interrupt(&miniport->adapter, old);
	return status;
}

static bool supports(struct minirq_stor_miniport *miniport,
		     SCSI_ADAPTER_CONTROL_TYPE type)
{
	struct control_types types = {
		.list.MaxControlType = ScsiAdapterControlMax,
	};
	BOOLEAN *supported = types.list.SupportedTypeList;

	if (!miniport->driver->data.HwAdapterControl)
		return false;
	if (control(miniport, ScsiQuerySupportedControlTypes, &types) !=
	    ScsiAdapterControlSuccess)
		return false;
	return supported[type];
}

/* Such a driver can be asked before HwStorFindAdapter has seen the adapter. */
static bool can_filter(struct minirq_stor_miniport *miniport)
{
	return miniport->driver->data.FeatureSupport &
		       STOR_FEATURE_ADAPTER_CONTROL_PRE_FINDADAPTER &&
	       supports(miniport, ScsiAdapterFilterResourceRequirements);
}

/**
 * minirq_storport_filter() - ask a miniport which interrupts it wants
 * @miniport:	a new adapter
 * @offer:	which its device could have
 *
 * Of a driver that fails, the list is of no use.
 *
 * Context: process context, may sleep.
 * Return: which it is to have, to be freed with kfree(); NULL when the driver does
 * not filter, or failed, or for want of memory: it is to have the offer.
 */
struct minirq_request *
minirq_storport_filter(struct minirq_stor_miniport *miniport,
		       const struct minirq_request *offer)
{
	STOR_FILTER_RESOURCE_REQUIREMENTS filter = {
		.Version = STOR_FILTER_RESOURCE_REQUIREMENTS_V1,
		.Size = sizeof(filter),
	};
	struct minirq_request *request = NULL;
	PIO_RESOURCE_REQUIREMENTS_LIST list;

	if (!can_filter(miniport))
		return NULL;
	list = minirq_requirements_create(miniport->dev->pdev, offer);
	if (!list)
		return NULL;
	filter.IoResourceRequirementsList = list;
	if (control(miniport, ScsiAdapterFilterResourceRequirements, &filter) ==
	    ScsiAdapterControlSuccess)
		request = minirq_requirements_read(list, offer);
	kfree(list);
	return request;
}

/* Silence the adapter, at DIRQL under the interrupt lock. */
void minirq_storport_stop_adapter(struct minirq_stor_miniport *miniport)
{
	if (supports(miniport, ScsiStopAdapter))
		control_locked(miniport, ScsiStopAdapter);
}

/* The adapter has gone: a driver that wants to know must not look for it. */
void minirq_storport_surprise(struct minirq_stor_miniport *miniport)
{
	if (supports(miniport, ScsiAdapterSurpriseRemoval))
		control(miniport, ScsiAdapterSurpriseRemoval, NULL);
}

/**
 * minirq_storport_restart_adapter() - wake a stopped adapter
 * @miniport:	the adapter, connected
 *
 * Context: process context.
 * Return: false when the driver cannot, and has to initialise it again.
 */
bool minirq_storport_restart_adapter(struct minirq_stor_miniport *miniport)
{
	if (!supports(miniport, ScsiRestartAdapter))
		return false;
	if (supports(miniport, ScsiSetRunningConfig))
		control(miniport, ScsiSetRunningConfig, NULL);
	return control_locked(miniport, ScsiRestartAdapter) ==
	       ScsiAdapterControlSuccess;
}

/* The adapter is about to lose power, or has it again. */
void minirq_storport_power(struct minirq_stor_miniport *miniport,
			   STOR_DEVICE_POWER_STATE state)
{
	STOR_ADAPTER_CONTROL_POWER power = {
		.Header.Version = STOR_POWER_CONTROL_VERSION,
		.Header.Size = sizeof(power),
		.PowerAction = StorPowerActionSleep,
		.PowerState = state,
	};

	if (supports(miniport, ScsiAdapterPower))
		control(miniport, ScsiAdapterPower, &power);
}
