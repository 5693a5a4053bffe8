/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A miniport with an adapter, which does what a test tells it to and remembers what
 * it was called for.
 */
#ifndef MINIRQ_NDIS_LIFE_H
#define MINIRQ_NDIS_LIFE_H

#include "../src/ndis_miniport.h"
#include "ndis_fixture.h"

/**
 * struct ndis_life - a miniport and how its handlers are to behave
 * @fx:		its interrupts; the adapter in here is not used
 * @driver:	the registered driver
 * @miniport:	the adapter
 * @attributes:	MiniportInitializeEx sets its attributes
 * @registers:	MiniportInitializeEx registers its interrupt
 * @deregisters: whoever ends it deregisters it
 * @result:	what MiniportInitializeEx returns
 * @initialize:	called in MiniportInitializeEx after all that
 * @halt:	called in MiniportHaltEx before anything else
 * @handle:	what MiniportInitializeEx was called with
 * @parameters:	the same
 * @resources:	the same
 * @interrupt:	the first interrupt resources in there
 * @interrupts:	how many there were
 * @registered:	what NdisMRegisterInterruptEx() returned
 * @status:	what a call in a hook returned
 * @story:	which handlers were called, in order
 * @told:	length of @story
 * @step:	called in each of them, after it was noted
 * @restarting:	what MiniportRestart returns
 * @pausing:	what MiniportPause returns
 * @requesting:	what MiniportOidRequest returns
 * @resetting:	what MiniportResetEx returns
 * @early:	they call back before they return NDIS_STATUS_PENDING
 * @hangs:	how often MiniportCheckForHangEx still says so
 * @resets:	calls of MiniportResetEx
 * @reason:	PauseReason of the latest pause
 * @flags:	AttributeFlags
 * @initialized: calls of MiniportInitializeEx
 * @halted:	calls of MiniportHaltEx
 * @action:	HaltAction of the latest
 */
struct ndis_life {
	struct ndis_fixture *fx;
	struct minirq_ndis_driver driver;
	struct minirq_ndis_miniport *miniport;
	bool attributes;
	bool registers;
	bool deregisters;
	NDIS_STATUS result;
	void (*initialize)(struct ndis_life *life);
	void (*halt)(struct ndis_life *life);
	NDIS_HANDLE handle;
	NDIS_MINIPORT_INIT_PARAMETERS parameters;
	NDIS_RESOURCE_LIST resources;
	CM_PARTIAL_RESOURCE_DESCRIPTOR interrupt[NDIS_FIXTURE_MESSAGES];
	unsigned int interrupts;
	NDIS_STATUS registered;
	NDIS_STATUS status;
	char story[128];
	size_t told;
	void (*step)(struct ndis_life *life);
	NDIS_STATUS restarting;
	NDIS_STATUS pausing;
	NDIS_STATUS requesting;
	NDIS_STATUS resetting;
	bool early;
	atomic_t hangs;
	atomic_t resets;
	ULONG reason;
	ULONG flags;
	unsigned int initialized;
	unsigned int halted;
	NDIS_HALT_ACTION action;
};

extern const NDIS_MINIPORT_ADAPTER_REGISTRATION_ATTRIBUTES ndis_life_attributes;
extern const NDIS_MINIPORT_DRIVER_CHARACTERISTICS ndis_life_handlers;

int ndis_life_init(struct kunit *test);
void ndis_life_exit(struct kunit *test);

struct ndis_life *ndis_life_new(struct kunit *test, struct minirq_irqs *irqs);
struct ndis_life *ndis_life_initialized(struct kunit *test, unsigned int count);
struct ndis_life *ndis_life_whole(struct kunit *test, struct minirq_irqs *irqs);
void ndis_life_halt(struct ndis_life *life);

NDIS_STATUS ndis_life_set_attributes(struct ndis_life *life);
void ndis_life_register(struct ndis_life *life);

#endif /* MINIRQ_NDIS_LIFE_H */
