/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * A WDM driver and its device: service routines that note what they saw, and
 * the parameters of every way to connect them.
 *
 * A case fails when a rule was broken that it did not ask about, by
 * wdm_reported().
 */
#ifndef MINIRQ_KUNIT_WDM_FIXTURE_H
#define MINIRQ_KUNIT_WDM_FIXTURE_H

#include <linux/atomic.h>

#include <wdm.h>

#include "../src/pdo.h"
#include "../src/verifier.h"

#define WDM_SOURCES	4

struct kunit;
struct task_struct;
struct wdm_driver;

/**
 * struct wdm_source - one interrupt of a device, as its service routine saw it
 * @driver:	the driver
 * @entered:	how often the service routine was called
 * @left:	how often it returned
 * @object:	its first argument
 * @irql:	level in it
 * @cpu:	where it ran
 * @id:		its message id
 */
struct wdm_source {
	struct wdm_driver *driver;
	atomic_t entered;
	atomic_t left;
	PKINTERRUPT object;
	KIRQL irql;
	unsigned int cpu;
	ULONG id;
};

/**
 * struct wdm_driver - a driver, for one device
 * @pdo:	the device
 * @irqs:	what it was granted
 * @lock:	for those who share one
 * @answer:	what service routines return
 * @isr:	done in them, or NULL
 * @gate:	how far a gated service routine may get, or who holds DPCs
 * @held:	somebody holds the DPCs of a CPU
 * @inside:	how many are in a service routine
 * @overlap:	two were at once
 * @dpc:	for service routines that queue one
 * @dpc_ran:	how often it ran
 * @object:	what a connect of a line or of one vector stores
 * @table:	what a connect of messages stores
 * @params:	those of the last connect
 * @source:	by message id; the first is the line's
 * @handed:	what a case hands to itself
 */
struct wdm_driver {
	struct minirq_pdo pdo;
	struct minirq_irqs *irqs;
	KSPIN_LOCK lock;
	BOOLEAN answer;
	void (*isr)(struct wdm_source *source);
	atomic_t gate;
	atomic_t held;
	atomic_t inside;
	atomic_t overlap;
	KDPC dpc;
	atomic_t dpc_ran;
	PKINTERRUPT object;
	PIO_INTERRUPT_MESSAGE_INFO table;
	IO_CONNECT_INTERRUPT_PARAMETERS params;
	struct wdm_source source[WDM_SOURCES];
	void *handed;
};

int wdm_init(struct kunit *test);
void wdm_exit(struct kunit *test);

void wdm_console_off(void);
void wdm_console_on(void);

struct wdm_driver *wdm_device(struct kunit *test, struct minirq_irqs *irqs);
struct wdm_driver *wdm_messages(struct kunit *test, unsigned int count);
struct wdm_driver *wdm_line(struct kunit *test);
struct wdm_driver *wdm_nothing(struct kunit *test);

KSERVICE_ROUTINE wdm_routine;
KMESSAGE_SERVICE_ROUTINE wdm_message_routine;

PIO_CONNECT_INTERRUPT_PARAMETERS wdm_fully_specified(struct wdm_driver *d, unsigned int id);
PIO_CONNECT_INTERRUPT_PARAMETERS wdm_passive(struct wdm_driver *d, unsigned int id);
PIO_CONNECT_INTERRUPT_PARAMETERS wdm_line_based(struct wdm_driver *d);
PIO_CONNECT_INTERRUPT_PARAMETERS wdm_message_based(struct wdm_driver *d);

void wdm_connect(struct kunit *test, PIO_CONNECT_INTERRUPT_PARAMETERS params);
PKINTERRUPT wdm_connect_vector(struct kunit *test, struct wdm_driver *d, unsigned int id);
void wdm_disconnect(ULONG version, PVOID object);
unsigned int wdm_connected(struct wdm_driver *d);

struct task_struct *wdm_hold_dpcs(struct kunit *test, struct wdm_driver *d, unsigned int cpu);
void wdm_wait_at_gate(struct wdm_source *source);
void wdm_wait_for_the_other(struct wdm_source *source);
void wdm_sleep_at_gate(struct wdm_source *source);
void wdm_sleep_for_the_other(struct wdm_source *source);
void wdm_sleep_for_own_dpc(struct wdm_source *source);
void wdm_queue_dpc(struct wdm_source *source);

unsigned int wdm_reported(struct kunit *test, enum minirq_rule rule);

#endif /* MINIRQ_KUNIT_WDM_FIXTURE_H */
