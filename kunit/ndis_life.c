// SPDX-License-Identifier: GPL-2.0-only
/*
 * A miniport with an adapter, which does what a test tells it to and remembers what
 * it was called for.
 */
#include "ndis_life.h"

const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES ndis_life_attributes = {
	.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES,
	.Header.Revision = NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
	.Header.Size = NDIS_SIZEOF_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES_REVISION_1,
	.AttributeFlags = NDIS_MINIPORT_ATTRIBUTES_HARDWARE_DEVICE,
	.InterfaceType = NdisInterfacePci,
};

NDIS_STATUS ndis_life_set_attributes(struct ndis_life *life)
{
	NDIS_MINIPORT_ADAPTER_ATTRIBUTES attributes = {
		.RegistrationAttributes = ndis_life_attributes,
	};

	attributes.RegistrationAttributes.MiniportAdapterContext = life;
	attributes.RegistrationAttributes.AttributeFlags |= life->flags;
	return NdisMSetMiniportAttributes(life->handle, &attributes);
}

void ndis_life_register(struct ndis_life *life)
{
	struct ndis_fixture *fx = life->fx;

	life->registered = NdisMRegisterInterruptEx(life->handle, fx, &fx->chars, &fx->handle);
}

static void copy_parameters(struct ndis_life *life, PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
	PNDIS_RESOURCE_LIST list = parameters->AllocatedResources;
	unsigned int i;

	life->parameters = *parameters;
	life->resources = *list;
	life->interrupts = 0;
	for (i = 0; i < list->Count; i++)
		if (list->PartialDescriptors[i].Type == CmResourceTypeInterrupt &&
		    life->interrupts < NDIS_FIXTURE_MESSAGES)
			life->interrupt[life->interrupts++] = list->PartialDescriptors[i];
}

static void tell(struct ndis_life *life, const char *word)
{
	life->told += scnprintf(life->story + life->told, sizeof(life->story) - life->told,
				"%s%s", life->told ? " " : "", word);
	if (life->step)
		life->step(life);
}

static NDIS_STATUS initialize_ex(NDIS_HANDLE handle, NDIS_HANDLE context,
				 PNDIS_MINIPORT_INIT_PARAMETERS parameters)
{
	struct ndis_life *life = context;

	life->initialized++;
	life->handle = handle;
	copy_parameters(life, parameters);
	if (life->attributes)
		life->status = ndis_life_set_attributes(life);
	if (life->registers)
		ndis_life_register(life);
	tell(life, "init");
	if (life->initialize)
		life->initialize(life);
	if (life->result != NDIS_STATUS_SUCCESS && life->deregisters)
		NdisMDeregisterInterruptEx(life->fx->handle);
	return life->result;
}

static VOID halt_ex(NDIS_HANDLE context, NDIS_HALT_ACTION action)
{
	struct ndis_life *life = context;

	life->halted++;
	life->action = action;
	tell(life, "halt");
	if (life->halt)
		life->halt(life);
	if (life->deregisters)
		NdisMDeregisterInterruptEx(life->fx->handle);
}

static NDIS_STATUS restart(NDIS_HANDLE context, PNDIS_MINIPORT_RESTART_PARAMETERS parameters)
{
	struct ndis_life *life = context;

	tell(life, parameters->Header.Type == NDIS_OBJECT_TYPE_DEFAULT ? "restart" : "?");
	if (life->early)
		NdisMRestartComplete(life->handle, life->restarting);
	return life->early ? NDIS_STATUS_PENDING : life->restarting;
}

static NDIS_STATUS pause_flow(NDIS_HANDLE context, PNDIS_MINIPORT_PAUSE_PARAMETERS parameters)
{
	struct ndis_life *life = context;

	tell(life, parameters->Header.Type == NDIS_OBJECT_TYPE_DEFAULT ? "pause" : "?");
	life->reason = parameters->PauseReason;
	if (life->early)
		NdisMPauseComplete(life->handle);
	return life->early ? NDIS_STATUS_PENDING : life->pausing;
}

static const char *power_of(PNDIS_OID_REQUEST request)
{
	PNDIS_DEVICE_POWER_STATE state = request->DATA.SET_INFORMATION.InformationBuffer;

	if (request->Header.Type != NDIS_OBJECT_TYPE_OID_REQUEST ||
	    request->RequestType != NdisRequestSetInformation ||
	    request->DATA.SET_INFORMATION.Oid != OID_PNP_SET_POWER ||
	    request->DATA.SET_INFORMATION.InformationBufferLength != sizeof(*state))
		return "?";
	return *state == NdisDeviceStateD0 ? "d0" : *state == NdisDeviceStateD3 ? "d3" : "?";
}

static NDIS_STATUS oid_request(NDIS_HANDLE context, PNDIS_OID_REQUEST request)
{
	struct ndis_life *life = context;

	tell(life, power_of(request));
	if (life->early)
		NdisMOidRequestComplete(life->handle, request, life->requesting);
	return life->early ? NDIS_STATUS_PENDING : life->requesting;
}

static VOID pnp_event(NDIS_HANDLE context, PNET_DEVICE_PNP_EVENT event)
{
	bool gone = event->DevicePnPEvent == NdisDevicePnPEventSurpriseRemoved;
	bool power = event->DevicePnPEvent == NdisDevicePnPEventPowerProfileChanged;

	tell(context, gone ? "gone" : power ? "power" : "?");
}

static VOID shutdown_ex(NDIS_HANDLE context, NDIS_SHUTDOWN_ACTION action)
{
	tell(context, action == NdisShutdownPowerOff ? "off" : "?");
}

static BOOLEAN check_for_hang(NDIS_HANDLE context)
{
	struct ndis_life *life = context;

	return atomic_dec_if_positive(&life->hangs) >= 0;
}

static NDIS_STATUS reset(NDIS_HANDLE context, PBOOLEAN addressing)
{
	struct ndis_life *life = context;

	tell(life, "reset");
	*addressing = TRUE;
	atomic_inc(&life->resets);
	if (life->early)
		NdisMResetComplete(life->handle, life->resetting, TRUE);
	return life->early ? NDIS_STATUS_PENDING : life->resetting;
}

const NDIS_MINIPORT_DRIVER_CHARACTERISTICS ndis_life_handlers = {
	.Header.Type = NDIS_OBJECT_TYPE_MINIPORT_DRIVER_CHARACTERISTICS,
	.Header.Revision = NDIS_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1,
	.Header.Size = NDIS_SIZEOF_MINIPORT_DRIVER_CHARACTERISTICS_REVISION_1,
	.MajorNdisVersion = 6,
	.InitializeHandlerEx = initialize_ex,
	.HaltHandlerEx = halt_ex,
};

/* A well-behaved miniport with an adapter that was granted @irqs. */
struct ndis_life *ndis_life_new(struct kunit *test, struct minirq_irqs *irqs)
{
	struct ndis_life *life = test->priv;

	ndis_fixture_setup(life->fx, irqs);
	life->attributes = true;
	life->registers = true;
	life->deregisters = true;
	life->registered = NDIS_STATUS_PENDING;
	life->driver.chars = ndis_life_handlers;
	life->driver.context = life;
	life->miniport = minirq_ndis_miniport_create(&life->driver, "fake ndis", NULL, irqs);
	KUNIT_ASSERT_NOT_NULL(test, life->miniport);
	return life;
}

struct ndis_life *ndis_life_initialized(struct kunit *test, unsigned int count)
{
	struct ndis_life *life = ndis_life_new(test, fake_irq_messages(test, count));

	KUNIT_ASSERT_EQ(test, minirq_ndis_miniport_initialize(life->miniport),
			NDIS_STATUS_SUCCESS);
	KUNIT_ASSERT_EQ(test, life->registered, NDIS_STATUS_SUCCESS);
	return life;
}

/* The same with all the handlers a miniport can have; not initialised. */
struct ndis_life *ndis_life_whole(struct kunit *test, struct minirq_irqs *irqs)
{
	struct ndis_life *life = ndis_life_new(test, irqs);
	NDIS_MINIPORT_DRIVER_CHARACTERISTICS *chars = &life->driver.chars;

	chars->RestartHandler = restart;
	chars->PauseHandler = pause_flow;
	chars->OidRequestHandler = oid_request;
	chars->DevicePnPEventNotifyHandler = pnp_event;
	chars->ShutdownHandlerEx = shutdown_ex;
	chars->CheckForHangHandlerEx = check_for_hang;
	chars->ResetHandlerEx = reset;
	return life;
}

void ndis_life_halt(struct ndis_life *life)
{
	minirq_ndis_miniport_halt(life->miniport, NdisHaltDeviceDisabled);
}

int ndis_life_init(struct kunit *test)
{
	struct ndis_life *life = kunit_kzalloc(test, sizeof(*life), GFP_KERNEL);
	int err = ndis_fixture_init(test);

	if (!life || err)
		return err ?: -ENOMEM;
	life->fx = test->priv;
	test->priv = life;
	return 0;
}

void ndis_life_exit(struct kunit *test)
{
	struct ndis_life *life = test->priv;

	if (life->miniport && life->miniport->adapter.interrupt)
		NdisMDeregisterInterruptEx(life->miniport->adapter.interrupt);
	if (life->miniport)
		minirq_ndis_miniport_destroy(life->miniport);
	test->priv = life->fx;
	ndis_fixture_exit(test);
}
