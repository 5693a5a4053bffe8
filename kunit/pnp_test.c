// SPDX-License-Identifier: GPL-2.0-only
/* The life of a WDM driver's device, its device objects and its requests. */
#include <linux/sched.h>
#include <linux/slab.h>

#include <kunit/test.h>

#include "../src/driver.h"
#include "../src/interrupt.h"
#include "../src/irp.h"
#include "../src/pnp.h"
#include "../src/pnp_filter.h"
#include "../src/requirements.h"
#include "../src/verifier.h"
#include "fake_irq.h"
#include "no_memory.h"

#define SEEN	16

/* GUID_MSIX_TABLE_CONFIG_INTERFACE, which a driver defines for itself */
static const GUID msix_guid = {
	0x1a6a460b, 0x194f, 0x455d, { 0xb3, 0x4b, 0xb8, 0x4c, 0x5b, 0x05, 0x71, 0x2b }
};

/**
 * struct refusal - a power request that a driver fails
 * @minor:	minor function
 * @type:	whose state
 * @state:	which
 * @status:	how it fails it
 */
struct refusal {
	UCHAR minor;
	POWER_STATE_TYPE type;
	POWER_STATE state;
	NTSTATUS status;
};

/**
 * struct life - a WDM driver, and how its routines are to behave
 * @test:	the case
 * @driver:	the driver
 * @pnp:	the device
 * @add:	what AddDevice returns
 * @refuses:	minor function of PnP requests that it fails, or -1
 * @attaches:	AddDevice attaches a device object
 * @forgets:	removal leaves it attached
 * @pends:	PnP requests are pended, and completed by a DPC
 * @connects:	it connects its messages when it is started
 * @owns_power:	it asks for device states when it sees system states
 * @dpc:	to complete a request
 * @seen:	minor functions of PnP requests, in their order
 * @count:	how many
 * @power:	device states it was told of, in their order
 * @powers:	how many
 * @system:	the machine's state it was told of last
 * @refusal:	power request that it fails, when it has noted it, or NULL
 * @completed:	PoRequestPowerIrp() has called back
 * @resources:	interrupt resources of the latest start
 * @irqs:	what the device was granted
 * @disturb:	the device interrupts in D3, and after it was pulled out
 * @table:	of the messages that the driver connects then, and leaves connected
 * @interrupts:	how many it saw
 * @change:	done to the requirements list on its way up, or NULL
 * @offer:	what the list is made of
 * @request:	what came of it
 * @status:	what a hook wants to tell
 */
struct life {
	struct kunit *test;
	struct minirq_driver driver;
	struct minirq_pnp *pnp;
	NTSTATUS add;
	int refuses;
	bool attaches;
	bool forgets;
	bool pends;
	bool connects;
	bool owns_power;
	KDPC dpc;
	UCHAR seen[SEEN];
	unsigned int count;
	DEVICE_POWER_STATE power[SEEN];
	unsigned int powers;
	SYSTEM_POWER_STATE system;
	const struct refusal *refusal;
	unsigned int completed;
	unsigned int resources;
	struct minirq_irqs *irqs;
	bool disturb;
	PIO_INTERRUPT_MESSAGE_INFO table;
	atomic_t interrupts;
	void (*change)(PIO_RESOURCE_REQUIREMENTS_LIST *list);
	struct minirq_request *offer;
	struct minirq_request *request;
	NTSTATUS status;
};

/**
 * struct extension - of the driver's device object
 * @life:	whose
 * @lower:	the next lower device
 */
struct extension {
	struct life *life;
	PDEVICE_OBJECT lower;
};

static struct life *life_of(PDEVICE_OBJECT device)
{
	return ((struct extension *)device->DeviceExtension)->life;
}

static PDEVICE_OBJECT lower_of(PDEVICE_OBJECT device)
{
	return ((struct extension *)device->DeviceExtension)->lower;
}

static NTSTATUS add_device(PDRIVER_OBJECT driver, PDEVICE_OBJECT pdo)
{
	struct life *life = container_of(driver, struct life, driver.object);
	struct extension *extension;
	PDEVICE_OBJECT device;

	if (!life->attaches)
		return life->add;
	KUNIT_ASSERT_EQ(life->test, IoCreateDevice(driver, sizeof(*extension), NULL,
						   FILE_DEVICE_UNKNOWN, FILE_DEVICE_SECURE_OPEN,
						   FALSE, &device), STATUS_SUCCESS);
	extension = device->DeviceExtension;
	extension->life = life;
	extension->lower = IoAttachDeviceToDeviceStack(device, pdo);
	KUNIT_EXPECT_PTR_EQ(life->test, extension->lower, pdo);
	device->Flags &= ~DO_DEVICE_INITIALIZING;
	return life->add;
}

static NTSTATUS complete_as(PIRP irp, NTSTATUS status)
{
	irp->IoStatus.Status = status;
	IoCompleteRequest(irp, IO_NO_INCREMENT);
	return status;
}

static void complete_later(PRKDPC dpc, PVOID context, PVOID irp, PVOID arg2)
{
	complete_as(irp, STATUS_SUCCESS);
}

static NTSTATUS pend(struct life *life, PIRP irp)
{
	IoMarkIrpPending(irp);
	KeInitializeDpc(&life->dpc, complete_later, life);
	KeInsertQueueDpc(&life->dpc, irp, NULL);
	return STATUS_PENDING;
}

static BOOLEAN count_interrupt(struct _KINTERRUPT *object, PVOID context, ULONG id)
{
	struct life *life = context;

	atomic_inc(&life->interrupts);
	return TRUE;
}

static void connect_messages(struct life *life)
{
	IO_CONNECT_INTERRUPT_PARAMETERS params = {
		.Version = CONNECT_MESSAGE_BASED,
		.MessageBased = {
			.PhysicalDeviceObject = &life->pnp->pdo.object,
			.ConnectionContext.InterruptMessageTable = &life->table,
			.MessageServiceRoutine = count_interrupt,
			.ServiceContext = life,
		},
	};

	KUNIT_EXPECT_EQ(life->test, IoConnectInterruptEx(&params), STATUS_SUCCESS);
}

/* The bus starts first. */
static NTSTATUS start_device(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
	struct life *life = life_of(device);
	PCM_RESOURCE_LIST list = location->Parameters.StartDevice.AllocatedResourcesTranslated;

	KUNIT_EXPECT_NOT_NULL(life->test, location->Parameters.StartDevice.AllocatedResources);
	life->resources = list->List[0].PartialResourceList.Count;
	KUNIT_EXPECT_PTR_EQ(life->test, life->pnp->pdo.starting, current);
	KUNIT_EXPECT_TRUE(life->test, IoForwardIrpSynchronously(lower_of(device), irp));
	KUNIT_EXPECT_EQ(life->test, irp->IoStatus.Status, STATUS_SUCCESS);
	if (life->connects)
		connect_messages(life);
	return complete_as(irp, life->refuses == IRP_MN_START_DEVICE ? STATUS_UNSUCCESSFUL :
								       STATUS_SUCCESS);
}

static NTSTATUS filter_requirements(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
	struct life *life = life_of(device);
	PIO_RESOURCE_REQUIREMENTS_LIST list;

	KUNIT_EXPECT_TRUE(life->test, IoForwardIrpSynchronously(lower_of(device), irp));
	KUNIT_EXPECT_EQ(life->test, irp->IoStatus.Status, STATUS_NOT_SUPPORTED);
	list = (PIO_RESOURCE_REQUIREMENTS_LIST)irp->IoStatus.Information;
	KUNIT_EXPECT_PTR_EQ(life->test, list, location->Parameters.FilterResourceRequirements
						      .IoResourceRequirementList);
	life->change(&list);
	irp->IoStatus.Information = (ULONG_PTR)list;
	return complete_as(irp, life->status);
}

static NTSTATUS remove_one(PDEVICE_OBJECT device, PIRP irp)
{
	PDEVICE_OBJECT lower = lower_of(device);
	struct life *life = life_of(device);
	NTSTATUS status;

	irp->IoStatus.Status = STATUS_SUCCESS;
	IoSkipCurrentIrpStackLocation(irp);
	status = IoCallDriver(lower, irp);
	if (!life->forgets) {
		IoDetachDevice(lower);
		IoDeleteDevice(device);
	}
	return status;
}

static NTSTATUS handle_pnp(PDEVICE_OBJECT device, PIRP irp)
{
	UCHAR minor = IoGetCurrentIrpStackLocation(irp)->MinorFunction;
	struct life *life = life_of(device);

	KUNIT_ASSERT_LT(life->test, life->count, SEEN);
	life->seen[life->count++] = minor;
	if (life->disturb && minor == IRP_MN_SURPRISE_REMOVAL)
		fake_irq_fire(life->irqs, 0);
	if (minor == IRP_MN_START_DEVICE)
		return start_device(device, irp);
	if (minor == life->refuses)
		return complete_as(irp, STATUS_UNSUCCESSFUL);
	if (minor == IRP_MN_REMOVE_DEVICE)
		return remove_one(device, irp);
	if (minor == IRP_MN_FILTER_RESOURCE_REQUIREMENTS && life->change)
		return filter_requirements(device, irp);
	if (life->pends)
		return pend(life, irp);
	IoSkipCurrentIrpStackLocation(irp);
	return IoCallDriver(lower_of(device), irp);
}

static VOID power_is_set(PDEVICE_OBJECT device, UCHAR minor, POWER_STATE state, PVOID context,
			 PIO_STATUS_BLOCK io)
{
	struct life *life = context;

	KUNIT_EXPECT_EQ(life->test, io->Status, STATUS_SUCCESS);
	life->completed++;
}

/* A power policy owner has the device's state follow the machine's. */
static void own_power(PDEVICE_OBJECT device, struct life *life, SYSTEM_POWER_STATE system)
{
	POWER_STATE state = {
		.DeviceState = system == PowerSystemWorking ? PowerDeviceD0 : PowerDeviceD3,
	};

	KUNIT_EXPECT_EQ(life->test, PoRequestPowerIrp(device, IRP_MN_SET_POWER, state,
						      power_is_set, life, NULL), STATUS_PENDING);
}

static void set_power(PDEVICE_OBJECT device, POWER_STATE_TYPE type, POWER_STATE state)
{
	struct life *life = life_of(device);

	if (type == DevicePowerState) {
		KUNIT_ASSERT_LT(life->test, life->powers, SEEN);
		life->power[life->powers++] = state.DeviceState;
		if (life->disturb)
			fake_irq_fire(life->irqs, 1);
		return;
	}
	life->system = state.SystemState;
	if (life->owns_power)
		own_power(device, life, state.SystemState);
}

static bool refuses_power(const struct refusal *refusal, PIO_STACK_LOCATION location)
{
	return refusal && location->MinorFunction == refusal->minor &&
	       location->Parameters.Power.Type == refusal->type &&
	       location->Parameters.Power.State.SystemState == refusal->state.SystemState;
}

static NTSTATUS handle_power(PDEVICE_OBJECT device, PIRP irp)
{
	PIO_STACK_LOCATION location = IoGetCurrentIrpStackLocation(irp);
	struct life *life = life_of(device);

	if (location->MinorFunction == IRP_MN_SET_POWER)
		set_power(device, location->Parameters.Power.Type,
			  location->Parameters.Power.State);
	PoStartNextPowerIrp(irp);
	if (refuses_power(life->refusal, location))
		return complete_as(irp, life->refusal->status ?: STATUS_UNSUCCESSFUL);
	IoSkipCurrentIrpStackLocation(irp);
	return PoCallDriver(lower_of(device), irp);
}

static void expect_seen(struct kunit *test, const UCHAR *minors, unsigned int count)
{
	struct life *life = test->priv;

	KUNIT_EXPECT_EQ(test, life->count, count);
	if (life->count == count)
		KUNIT_EXPECT_EQ(test, memcmp(life->seen, minors, count), 0);
	life->count = 0;
}

#define EXPECT_SEEN(test, ...) do {					\
	const UCHAR minors[] = { __VA_ARGS__ };				\
									\
	expect_seen(test, minors, ARRAY_SIZE(minors));			\
} while (0)

static void start_life(struct life *life)
{
	KUNIT_ASSERT_EQ(life->test, minirq_pnp_add(life->pnp, &life->driver), 0);
	KUNIT_ASSERT_EQ(life->test, minirq_pnp_start(life->pnp), 0);
	life->count = 0;
}

static void pnp_starts_and_removes(struct kunit *test)
{
	struct life *life = test->priv;

	KUNIT_EXPECT_EQ(test, minirq_pnp_add(life->pnp, &life->driver), 0);
	KUNIT_EXPECT_EQ(test, minirq_pnp_start(life->pnp), 0);
	KUNIT_EXPECT_NULL(test, life->pnp->pdo.starting);
	KUNIT_EXPECT_EQ(test, life->resources, 3);
	minirq_pnp_remove(life->pnp);
	EXPECT_SEEN(test, IRP_MN_START_DEVICE, IRP_MN_QUERY_REMOVE_DEVICE, IRP_MN_REMOVE_DEVICE);
	KUNIT_EXPECT_PTR_EQ(test, life->driver.object.DeviceObject, NULL);
}

static void pnp_stops_and_restarts(struct kunit *test)
{
	struct life *life = test->priv;
	const struct minirq_irqs *irqs = life->pnp->pdo.irqs;

	start_life(life);
	KUNIT_EXPECT_EQ(test, minirq_pnp_stop(life->pnp), 0);
	EXPECT_SEEN(test, IRP_MN_QUERY_STOP_DEVICE, IRP_MN_STOP_DEVICE);
	/* what it had may be freed now */
	KUNIT_EXPECT_EQ(test, life->pnp->pdo.irqs->count, 0);
	minirq_pdo_grant(&life->pnp->pdo, irqs);
	KUNIT_EXPECT_EQ(test, minirq_pnp_start(life->pnp), 0);
	EXPECT_SEEN(test, IRP_MN_START_DEVICE);
	minirq_pnp_remove(life->pnp);
}

static void pnp_refused_stop_is_cancelled(struct kunit *test)
{
	struct life *life = test->priv;

	start_life(life);
	life->refuses = IRP_MN_QUERY_STOP_DEVICE;
	KUNIT_EXPECT_EQ(test, minirq_pnp_stop(life->pnp), -EBUSY);
	EXPECT_SEEN(test, IRP_MN_QUERY_STOP_DEVICE, IRP_MN_CANCEL_STOP_DEVICE);
	minirq_pnp_remove(life->pnp);
}

/* NeverD's: stopped without disconnecting, and started again. */
static void pnp_stopped_device_is_disconnected(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_LEAK);
	struct life *life = test->priv;

	start_life(life);
	connect_messages(life);
	KUNIT_EXPECT_EQ(test, minirq_pnp_stop(life->pnp), 0);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_LEAK), before + 1);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->irqs, 0));
	minirq_pdo_grant(&life->pnp->pdo, life->irqs);
	KUNIT_EXPECT_EQ(test, minirq_pnp_start(life->pnp), 0);
	connect_messages(life);
	fake_irq_fire(life->irqs, 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&life->interrupts), 1);
	minirq_pnp_remove(life->pnp);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_LEAK), before + 2);
}

/* With fewer interrupts, say, it has no use for its device. */
static void pnp_failed_restart_leaves_it_stopped(struct kunit *test)
{
	struct life *life = test->priv;

	start_life(life);
	KUNIT_EXPECT_EQ(test, minirq_pnp_stop(life->pnp), 0);
	minirq_pdo_grant(&life->pnp->pdo, life->irqs);
	life->refuses = IRP_MN_START_DEVICE;
	life->connects = true;
	KUNIT_EXPECT_EQ(test, minirq_pnp_restart(life->pnp), -ENODEV);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->irqs, 0));
	EXPECT_SEEN(test, IRP_MN_QUERY_STOP_DEVICE, IRP_MN_STOP_DEVICE, IRP_MN_START_DEVICE);
	/* What is for those that are started it is not asked for. */
	KUNIT_EXPECT_EQ(test, minirq_pnp_suspend(life->pnp), 0);
	KUNIT_EXPECT_EQ(test, minirq_pnp_resume(life->pnp), 0);
	KUNIT_EXPECT_EQ(test, life->system, PowerSystemUnspecified);
	KUNIT_EXPECT_EQ(test, life->powers, 0);
	KUNIT_EXPECT_EQ(test, minirq_pnp_stop(life->pnp), 0);
	minirq_pnp_remove(life->pnp);
	EXPECT_SEEN(test, IRP_MN_REMOVE_DEVICE);
}

/* A driver is told whatever there is no memory for. */
static void pnp_removes_without_memory(struct kunit *test)
{
	struct life *life = test->priv;

	need_failures(test);
	start_life(life);
	fail_allocation(1);
	minirq_pnp_remove(life->pnp);
	allocation_failed();
	EXPECT_SEEN(test, IRP_MN_QUERY_REMOVE_DEVICE, IRP_MN_REMOVE_DEVICE);
}

static void pnp_refused_removal_is_a_surprise(struct kunit *test)
{
	struct life *life = test->priv;

	start_life(life);
	life->refuses = IRP_MN_QUERY_REMOVE_DEVICE;
	minirq_pnp_remove(life->pnp);
	EXPECT_SEEN(test, IRP_MN_QUERY_REMOVE_DEVICE, IRP_MN_SURPRISE_REMOVAL,
		    IRP_MN_REMOVE_DEVICE);
}

static void pnp_failed_start_is_removed(struct kunit *test)
{
	struct life *life = test->priv;

	life->refuses = IRP_MN_START_DEVICE;
	KUNIT_EXPECT_EQ(test, minirq_pnp_add(life->pnp, &life->driver), 0);
	KUNIT_EXPECT_EQ(test, minirq_pnp_start(life->pnp), -ENODEV);
	minirq_pnp_remove(life->pnp);
	EXPECT_SEEN(test, IRP_MN_START_DEVICE, IRP_MN_REMOVE_DEVICE);
}

static void pnp_failed_add_leaves_nothing(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_DEVICE);
	struct life *life = test->priv;

	life->add = STATUS_INSUFFICIENT_RESOURCES;
	KUNIT_EXPECT_EQ(test, minirq_pnp_add(life->pnp, &life->driver), -ENOMEM);
	KUNIT_EXPECT_PTR_EQ(test, life->pnp->pdo.object.AttachedDevice, NULL);
	KUNIT_EXPECT_PTR_EQ(test, life->driver.object.DeviceObject, NULL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_DEVICE), before + 1);
}

static void pnp_forgotten_device_is_deleted(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_DEVICE);
	struct life *life = test->priv;

	start_life(life);
	life->forgets = true;
	minirq_pnp_remove(life->pnp);
	KUNIT_EXPECT_PTR_EQ(test, life->pnp->pdo.object.AttachedDevice, NULL);
	KUNIT_EXPECT_PTR_EQ(test, life->driver.object.DeviceObject, NULL);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_DEVICE), before + 1);
}

static void pnp_waits_for_a_pended_request(struct kunit *test)
{
	struct life *life = test->priv;

	start_life(life);
	life->pends = true;
	KUNIT_EXPECT_EQ(test, minirq_pnp_stop(life->pnp), 0);
	life->pends = false;
	KeFlushQueuedDpcs();
	minirq_pnp_remove(life->pnp);
}

static void expect_power(struct kunit *test, DEVICE_POWER_STATE state)
{
	struct life *life = test->priv;

	KUNIT_EXPECT_EQ(test, life->powers, 1);
	KUNIT_EXPECT_EQ(test, life->power[0], state);
	life->powers = 0;
}

static void sleep_and_wake(struct kunit *test)
{
	struct life *life = test->priv;

	start_life(life);
	KUNIT_EXPECT_EQ(test, minirq_pnp_suspend(life->pnp), 0);
	expect_power(test, PowerDeviceD3);
	KUNIT_EXPECT_EQ(test, minirq_pnp_resume(life->pnp), 0);
	expect_power(test, PowerDeviceD0);
	minirq_pnp_remove(life->pnp);
}

static void pnp_sets_power(struct kunit *test)
{
	sleep_and_wake(test);
}

static void pnp_leaves_power_to_its_owner(struct kunit *test)
{
	struct life *life = test->priv;

	life->owns_power = true;
	sleep_and_wake(test);
	KUNIT_EXPECT_EQ(test, life->completed, 2);
}

static void refuse_to_sleep(struct kunit *test, const struct refusal *refusal)
{
	struct life *life = test->priv;

	start_life(life);
	life->refusal = refusal;
	KUNIT_EXPECT_EQ(test, minirq_pnp_suspend(life->pnp), -EBUSY);
	KUNIT_EXPECT_EQ(test, life->system, PowerSystemWorking);
}

/* The next time it does not refuse. */
static void sleep_after_all(struct kunit *test)
{
	struct life *life = test->priv;

	life->refusal = NULL;
	life->powers = 0;
	KUNIT_EXPECT_EQ(test, minirq_pnp_suspend(life->pnp), 0);
	KUNIT_EXPECT_EQ(test, life->system, PowerSystemSleeping3);
	expect_power(test, PowerDeviceD3);
	KUNIT_EXPECT_EQ(test, minirq_pnp_resume(life->pnp), 0);
	minirq_pnp_remove(life->pnp);
}

static void pnp_refused_query_wakes(struct kunit *test)
{
	const struct refusal refusal = {
		IRP_MN_QUERY_POWER, SystemPowerState, { .SystemState = PowerSystemSleeping3 }
	};
	struct life *life = test->priv;

	refuse_to_sleep(test, &refusal);
	KUNIT_EXPECT_EQ(test, life->powers, 0);
	sleep_after_all(test);
}

static void pnp_refused_sleep_wakes(struct kunit *test)
{
	const struct refusal refusal = {
		IRP_MN_SET_POWER, SystemPowerState, { .SystemState = PowerSystemSleeping3 }
	};
	struct life *life = test->priv;

	refuse_to_sleep(test, &refusal);
	KUNIT_EXPECT_EQ(test, life->powers, 0);
	sleep_after_all(test);
}

/* It noted D3, as it would have silenced its device: it must hear of D0. */
static void pnp_refused_d3_goes_back_to_d0(struct kunit *test)
{
	const struct refusal refusal = {
		IRP_MN_SET_POWER, DevicePowerState, { .DeviceState = PowerDeviceD3 }
	};
	struct life *life = test->priv;

	refuse_to_sleep(test, &refusal);
	KUNIT_EXPECT_EQ(test, life->powers, 2);
	KUNIT_EXPECT_EQ(test, life->power[1], PowerDeviceD0);
	sleep_after_all(test);
}

/* The machine is awake all the same, and the device with it. */
static void pnp_refused_wake_is_told(struct kunit *test)
{
	const struct refusal refusal = {
		IRP_MN_SET_POWER, SystemPowerState, { .SystemState = PowerSystemWorking }
	};
	struct life *life = test->priv;

	start_life(life);
	KUNIT_EXPECT_EQ(test, minirq_pnp_suspend(life->pnp), 0);
	expect_power(test, PowerDeviceD3);
	life->refusal = &refusal;
	KUNIT_EXPECT_EQ(test, minirq_pnp_resume(life->pnp), -EIO);
	expect_power(test, PowerDeviceD0);
	minirq_pnp_remove(life->pnp);
}

/* A driver that knows no such query does not mind. */
static void pnp_unknown_query_lets_it_sleep(struct kunit *test)
{
	const struct refusal refusal = {
		IRP_MN_QUERY_POWER, SystemPowerState, { .SystemState = PowerSystemSleeping3 },
		STATUS_NOT_SUPPORTED
	};
	struct life *life = test->priv;

	life->refusal = &refusal;
	sleep_and_wake(test);
}

static NTSTATUS ask(struct kunit *test, UCHAR minor, IO_STACK_LOCATION request)
{
	struct life *life = test->priv;

	request.MajorFunction = IRP_MJ_PNP;
	request.MinorFunction = minor;
	return minirq_irp_send(&life->pnp->pdo.object, &request);
}

static void pnp_bus_answers(struct kunit *test)
{
	DEVICE_CAPABILITIES caps = { .Size = sizeof(caps), .Version = 1 };
	IO_STACK_LOCATION request = { .Parameters.DeviceCapabilities.Capabilities = &caps };
	struct life *life = test->priv;

	start_life(life);
	KUNIT_EXPECT_EQ(test, ask(test, IRP_MN_QUERY_CAPABILITIES, request), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, caps.DeviceState[PowerSystemSleeping3], PowerDeviceD3);
	caps.Version = 0;
	KUNIT_EXPECT_EQ(test, ask(test, IRP_MN_QUERY_CAPABILITIES, request),
			STATUS_UNSUCCESSFUL);
	KUNIT_EXPECT_EQ(test, ask(test, IRP_MN_QUERY_DEVICE_TEXT, (IO_STACK_LOCATION) {}),
			STATUS_NOT_SUPPORTED);
	minirq_pnp_remove(life->pnp);
}

static NTSTATUS ask_for_table(struct kunit *test, PPCI_MSIX_TABLE_CONFIG_INTERFACE table,
			      USHORT size)
{
	const IO_STACK_LOCATION request = {
		.Parameters.QueryInterface.InterfaceType = &msix_guid,
		.Parameters.QueryInterface.Size = size,
		.Parameters.QueryInterface.Version = PCI_MSIX_TABLE_CONFIG_INTERFACE_VERSION,
		.Parameters.QueryInterface.Interface = (PINTERFACE)table,
	};

	return ask(test, IRP_MN_QUERY_INTERFACE, request);
}

/* A121 A123 */
static void pnp_bus_has_the_msix_table(struct kunit *test)
{
	PCI_MSIX_TABLE_CONFIG_INTERFACE table = {};
	struct life *life = test->priv;

	start_life(life);
	KUNIT_EXPECT_EQ(test, ask_for_table(test, &table, 8), STATUS_BUFFER_TOO_SMALL);
	KUNIT_ASSERT_EQ(test, ask_for_table(test, &table, sizeof(table)), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, table.MaskTableEntry(table.Context, 2), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, table.UnmaskTableEntry(table.Context, 2), STATUS_SUCCESS);
	KUNIT_EXPECT_EQ(test, table.MaskTableEntry(table.Context, 3), STATUS_INVALID_PARAMETER);
	KUNIT_EXPECT_EQ(test, table.SetTableEntry(table.Context, 0, 3),
			STATUS_INVALID_PARAMETER);
	minirq_pnp_remove(life->pnp);
	/* What it still holds is a table without entries. */
	KUNIT_EXPECT_EQ(test, table.MaskTableEntry(table.Context, 0), STATUS_INVALID_PARAMETER);
	table.InterfaceDereference(table.Context);
}

static void pnp_other_interfaces_are_unknown(struct kunit *test)
{
	const GUID other = { .Data1 = 1 };
	const IO_STACK_LOCATION request = {
		.Parameters.QueryInterface.InterfaceType = &other,
	};
	struct life *life = test->priv;

	start_life(life);
	KUNIT_EXPECT_EQ(test, ask(test, IRP_MN_QUERY_INTERFACE, request), STATUS_NOT_SUPPORTED);
	minirq_pnp_remove(life->pnp);
}

static void pnp_other_requests_are_invalid(struct kunit *test)
{
	const IO_STACK_LOCATION request = { .MajorFunction = IRP_MJ_READ };
	struct life *life = test->priv;

	KUNIT_EXPECT_EQ(test, minirq_irp_send(&life->pnp->pdo.object, &request),
			STATUS_INVALID_DEVICE_REQUEST);
}

static void pnp_driver_sends_a_request(struct kunit *test)
{
	struct life *life = test->priv;
	PDEVICE_OBJECT top;
	IO_STATUS_BLOCK io = {};
	KEVENT event;
	PIRP irp;

	start_life(life);
	top = IoGetAttachedDeviceReference(&life->pnp->pdo.object);
	KeInitializeEvent(&event, NotificationEvent, FALSE);
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, top, NULL, 0, NULL, &event, &io);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	irp->IoStatus.Status = STATUS_NOT_SUPPORTED;
	IoGetNextIrpStackLocation(irp)->MinorFunction = IRP_MN_CANCEL_STOP_DEVICE;
	life->pends = true;
	KUNIT_EXPECT_EQ(test, IoCallDriver(top, irp), STATUS_PENDING);
	KeWaitForSingleObject(&event, Executive, KernelMode, FALSE, NULL);
	KUNIT_EXPECT_EQ(test, io.Status, STATUS_SUCCESS);
	life->pends = false;
	KeFlushQueuedDpcs();
	ObDereferenceObject(top);
	minirq_pnp_remove(life->pnp);
}

static NTSTATUS keep_irp(PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	atomic_inc(context);
	return STATUS_MORE_PROCESSING_REQUIRED;
}

/* One IRP of the driver's own, sent twice. */
static void pnp_driver_reuses_a_request(struct kunit *test)
{
	struct life *life = test->priv;
	atomic_t ended = ATOMIC_INIT(0);
	PDEVICE_OBJECT top;
	PIRP irp;
	int i;

	start_life(life);
	top = IoGetAttachedDeviceReference(&life->pnp->pdo.object);
	irp = IoAllocateIrp(top->StackSize, FALSE);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	for (i = 0; i < 2; i++) {
		IoReuseIrp(irp, STATUS_NOT_SUPPORTED);
		KUNIT_EXPECT_EQ(test, irp->IoStatus.Status, STATUS_NOT_SUPPORTED);
		IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_PNP;
		IoGetNextIrpStackLocation(irp)->MinorFunction = IRP_MN_CANCEL_STOP_DEVICE;
		KUNIT_EXPECT_EQ(test, IoSetCompletionRoutineEx(top, irp, keep_irp, &ended, TRUE,
							       TRUE, TRUE), STATUS_SUCCESS);
		IoCallDriver(top, irp);
		KUNIT_EXPECT_EQ(test, irp->IoStatus.Status, STATUS_SUCCESS);
	}
	KUNIT_EXPECT_EQ(test, atomic_read(&ended), 2);
	IoFreeIrp(irp);
	ObDereferenceObject(top);
	minirq_pnp_remove(life->pnp);
}

static void pnp_request_without_room_is_reported(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_CALL_DRIVER);
	struct life *life = test->priv;
	PDEVICE_OBJECT top;
	IO_STATUS_BLOCK io = {};
	PIRP irp;

	start_life(life);
	top = life->pnp->pdo.object.AttachedDevice;
	irp = IoBuildSynchronousFsdRequest(IRP_MJ_PNP, &life->pnp->pdo.object, NULL, 0, NULL,
					   NULL, &io);
	KUNIT_ASSERT_NOT_NULL(test, irp);
	IoGetNextIrpStackLocation(irp)->MinorFunction = IRP_MN_REMOVE_DEVICE;
	IoGetNextIrpStackLocation(irp)->MajorFunction = IRP_MJ_POWER;
	irp->CurrentLocation = 2;
	IoSetNextIrpStackLocation(irp);
	KUNIT_EXPECT_EQ(test, IoCallDriver(top, irp), STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test, io.Status, STATUS_INVALID_DEVICE_REQUEST);
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_CALL_DRIVER), before + 1);
	minirq_pnp_remove(life->pnp);
}

static void pnp_device_cannot_stand_twice(struct kunit *test)
{
	struct life *life = test->priv;
	PDEVICE_OBJECT top, lower;

	start_life(life);
	top = life->pnp->pdo.object.AttachedDevice;
	KUNIT_EXPECT_PTR_EQ(test, IoAttachDeviceToDeviceStack(top, &life->pnp->pdo.object), NULL);
	KUNIT_EXPECT_EQ(test, IoAttachDeviceToDeviceStackSafe(top, &life->pnp->pdo.object, &lower),
			STATUS_NO_SUCH_DEVICE);
	KUNIT_EXPECT_EQ(test, top->StackSize, 2);
	minirq_pnp_remove(life->pnp);
}

static void pnp_referenced_device_stays(struct kunit *test)
{
	struct life *life = test->priv;
	PDEVICE_OBJECT top;

	start_life(life);
	top = IoGetAttachedDeviceReference(&life->pnp->pdo.object);
	minirq_pnp_remove(life->pnp);
	/* KASAN sees it if it has gone. */
	KUNIT_EXPECT_EQ(test, top->StackSize, 2);
	ObDereferenceObject(top);
}

/* What the DPC of a device object was called with. */
struct io_dpc {
	PDEVICE_OBJECT device;
	PIRP irp;
	PVOID context;
	unsigned int runs;
};

static struct io_dpc io_dpc;

static VOID note_io_dpc(PKDPC dpc, PDEVICE_OBJECT device, PIRP irp, PVOID context)
{
	io_dpc.device = device;
	io_dpc.irp = irp;
	io_dpc.context = context;
	io_dpc.runs++;
}

/* A149 A150 */
static void pnp_dpc_of_a_device(struct kunit *test)
{
	struct life *life = test->priv;
	PDEVICE_OBJECT device;
	KIRQL old;

	start_life(life);
	device = life->pnp->pdo.object.AttachedDevice;
	io_dpc = (struct io_dpc) {};
	IoInitializeDpcRequest(device, note_io_dpc);
	KeRaiseIrql(DISPATCH_LEVEL, &old);
	IoRequestDpc(device, (PIRP)life, &io_dpc);
	IoRequestDpc(device, NULL, NULL);
	KeLowerIrql(old);
	KeFlushQueuedDpcs();
	KUNIT_EXPECT_EQ(test, io_dpc.runs, 1);
	KUNIT_EXPECT_PTR_EQ(test, io_dpc.device, device);
	KUNIT_EXPECT_PTR_EQ(test, (void *)io_dpc.irp, (void *)life);
	KUNIT_EXPECT_PTR_EQ(test, io_dpc.context, (PVOID)&io_dpc);
	minirq_pnp_remove(life->pnp);
}

/* NeverD's: such interrupts are the driver's, until it has disconnected. */
static void pnp_interrupts_come_when_they_should_not(struct kunit *test)
{
	unsigned int before = minirq_verifier_count(MINIRQ_RULE_LEAK);
	struct life *life = test->priv;

	start_life(life);
	connect_messages(life);
	life->disturb = true;
	KUNIT_EXPECT_EQ(test, minirq_pnp_suspend(life->pnp), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&life->interrupts), 1);
	KUNIT_EXPECT_EQ(test, minirq_pnp_resume(life->pnp), 0);
	KUNIT_EXPECT_EQ(test, atomic_read(&life->interrupts), 2);
	life->refuses = IRP_MN_QUERY_REMOVE_DEVICE;
	minirq_pnp_remove(life->pnp);
	KUNIT_EXPECT_EQ(test, atomic_read(&life->interrupts), 3);
	KUNIT_EXPECT_FALSE(test, fake_irq_connected(life->irqs, 0));
	KUNIT_EXPECT_EQ(test, minirq_verifier_count(MINIRQ_RULE_LEAK), before + 1);
}

/* Of three messages two are left, and the second goes to processor 3. */
static void retarget_two(PIO_RESOURCE_REQUIREMENTS_LIST *list)
{
	PIO_RESOURCE_DESCRIPTOR second = &(*list)->List[0].Descriptors[1];

	second->u.Interrupt.AffinityPolicy = IrqPolicySpecifiedProcessors;
	second->u.Interrupt.TargetedProcessors = BIT(3);
	(*list)->List[0].Count = 2;
}

/* A list of the driver's own, with one message. */
static void replace(PIO_RESOURCE_REQUIREMENTS_LIST *list)
{
	ULONG size = (*list)->ListSize;
	PIO_RESOURCE_REQUIREMENTS_LIST own = ExAllocatePoolWithTag(PagedPool, size, 0);

	memcpy(own, *list, size);
	own->List[0].Count = 1;
	ExFreePool(*list);
	*list = own;
}

static void drop(PIO_RESOURCE_REQUIREMENTS_LIST *list)
{
	ExFreePool(*list);
	*list = NULL;
}

static struct minirq_request *filtered(struct kunit *test,
				       void (*change)(PIO_RESOURCE_REQUIREMENTS_LIST *list))
{
	struct life *life = test->priv;

	KUNIT_ASSERT_EQ(test, minirq_pnp_add(life->pnp, &life->driver), 0);
	life->change = change;
	life->offer = minirq_request_create(MINIRQ_MSIX, 3, 3);
	KUNIT_ASSERT_NOT_NULL(test, life->offer);
	life->request = minirq_pnp_filter(&life->pnp->pdo.object, NULL, life->offer);
	minirq_pnp_remove(life->pnp);
	return life->request;
}

static void pnp_driver_changes_its_interrupts(struct kunit *test)
{
	struct minirq_request *request = filtered(test, retarget_two);

	EXPECT_SEEN(test, IRP_MN_FILTER_RESOURCE_REQUIREMENTS, IRP_MN_REMOVE_DEVICE);
	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_EXPECT_EQ(test, request->kind, MINIRQ_MSIX);
	KUNIT_EXPECT_EQ(test, request->count, 2);
	KUNIT_EXPECT_EQ(test, request->target[0].policy, IrqPolicyMachineDefault);
	KUNIT_EXPECT_EQ(test, request->target[1].policy, IrqPolicySpecifiedProcessors);
	KUNIT_EXPECT_EQ(test, request->target[1].cpus, BIT(3));
}

static void pnp_driver_brings_its_own_list(struct kunit *test)
{
	struct minirq_request *request = filtered(test, replace);

	KUNIT_ASSERT_NOT_NULL(test, request);
	KUNIT_EXPECT_EQ(test, request->count, 1);
}

/* One that fails, one that leaves nothing, and one that does not care. */
static void pnp_driver_keeps_its_interrupts(struct kunit *test)
{
	struct life *life = test->priv;

	life->status = STATUS_UNSUCCESSFUL;
	KUNIT_EXPECT_NULL(test, filtered(test, retarget_two));
	kfree(life->offer);
	life->status = STATUS_SUCCESS;
	KUNIT_EXPECT_NULL(test, filtered(test, drop));
	kfree(life->offer);
	KUNIT_EXPECT_NULL(test, filtered(test, NULL));
}

static NTSTATUS refuse_irp(PDEVICE_OBJECT device, PIRP irp)
{
	return complete_as(irp, STATUS_INVALID_DEVICE_REQUEST);
}

static int pnp_init(struct kunit *test)
{
	struct life *life = kunit_kzalloc(test, sizeof(*life), GFP_KERNEL);
	PDRIVER_OBJECT object = &life->driver.object;
	unsigned int major;

	KUNIT_ASSERT_NOT_NULL(test, life);
	test->priv = life;
	life->test = test;
	life->refuses = -1;
	life->attaches = true;
	object->DriverExtension = &life->driver.extension;
	life->driver.extension.AddDevice = add_device;
	for (major = 0; major <= IRP_MJ_MAXIMUM_FUNCTION; major++)
		object->MajorFunction[major] = refuse_irp;
	object->MajorFunction[IRP_MJ_PNP] = handle_pnp;
	object->MajorFunction[IRP_MJ_POWER] = handle_power;
	life->irqs = fake_irq_messages(test, 3);
	life->pnp = minirq_pnp_create("fake wdm", NULL, life->irqs);
	KUNIT_ASSERT_NOT_NULL(test, life->pnp);
	return 0;
}

static void pnp_exit(struct kunit *test)
{
	struct life *life = test->priv;

	if (life && life->pnp)
		minirq_pnp_destroy(life->pnp);
	if (life)
		kfree(life->offer);
	if (life)
		kfree(life->request);
}

static struct kunit_case pnp_cases[] = {
	KUNIT_CASE(pnp_starts_and_removes),
	KUNIT_CASE(pnp_stops_and_restarts),
	KUNIT_CASE(pnp_refused_stop_is_cancelled),
	KUNIT_CASE(pnp_stopped_device_is_disconnected),
	KUNIT_CASE(pnp_failed_restart_leaves_it_stopped),
	KUNIT_CASE(pnp_removes_without_memory),
	KUNIT_CASE(pnp_refused_removal_is_a_surprise),
	KUNIT_CASE(pnp_failed_start_is_removed),
	KUNIT_CASE(pnp_failed_add_leaves_nothing),
	KUNIT_CASE(pnp_forgotten_device_is_deleted),
	KUNIT_CASE(pnp_waits_for_a_pended_request),
	KUNIT_CASE(pnp_sets_power),
	KUNIT_CASE(pnp_leaves_power_to_its_owner),
	KUNIT_CASE(pnp_refused_query_wakes),
	KUNIT_CASE(pnp_refused_sleep_wakes),
	KUNIT_CASE(pnp_refused_d3_goes_back_to_d0),
	KUNIT_CASE(pnp_refused_wake_is_told),
	KUNIT_CASE(pnp_unknown_query_lets_it_sleep),
	KUNIT_CASE(pnp_bus_answers),
	KUNIT_CASE(pnp_bus_has_the_msix_table),
	KUNIT_CASE(pnp_other_interfaces_are_unknown),
	KUNIT_CASE(pnp_other_requests_are_invalid),
	KUNIT_CASE(pnp_driver_sends_a_request),
	KUNIT_CASE(pnp_driver_reuses_a_request),
	KUNIT_CASE(pnp_request_without_room_is_reported),
	KUNIT_CASE(pnp_device_cannot_stand_twice),
	KUNIT_CASE(pnp_referenced_device_stays),
	KUNIT_CASE(pnp_dpc_of_a_device),
	KUNIT_CASE(pnp_interrupts_come_when_they_should_not),
	KUNIT_CASE(pnp_driver_changes_its_interrupts),
	KUNIT_CASE(pnp_driver_brings_its_own_list),
	KUNIT_CASE(pnp_driver_keeps_its_interrupts),
	{}
};

static struct kunit_suite pnp_suite = {
	.name = "minirq_pnp",
	.init = pnp_init,
	.exit = pnp_exit,
	.test_cases = pnp_cases,
};

kunit_test_suite(pnp_suite);
