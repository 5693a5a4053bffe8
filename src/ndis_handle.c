// SPDX-License-Identifier: GPL-2.0-only
/* What NDIS handles point to: an adapter, and its registered interrupt. */
#include "ndis_handle.h"

#include <linux/slab.h>

#include "interrupt.h"
#include "verifier.h"

static const char interrupt_kind[] = "interrupt";

/* Its address in a handle says of what kind that is. */
void minirq_ndis_handle_init(struct minirq_ndis_interrupt *ni)
{
	ni->kind = interrupt_kind;
}

/* A handle that may be used; a dead one, or one of something else, is reported. */
struct minirq_ndis_interrupt *minirq_ndis_handle_live(NDIS_HANDLE handle,
						      const char *function,
						      void *caller)
{
	struct minirq_ndis_interrupt *ni = handle;

	if (ni && ni->kind == interrupt_kind &&
	    READ_ONCE(ni->state) != MINIRQ_NDIS_DEAD)
		return ni;
	minirq_violation(MINIRQ_RULE_NDIS_HANDLE, caller,
			 "%s: handle %p is not registered", function, handle);
	return NULL;
}

/* A line has one interrupt, whatever message id it is called by. */
bool minirq_ndis_handle_message(struct minirq_ndis_interrupt *ni, ULONG *id,
				void *caller)
{
	if (!ni->intr->message)
		*id = 0;
	if (*id < ni->intr->count)
		return true;
	minirq_violation(MINIRQ_RULE_NDIS_CALL, caller, "%s: message %u, of %u",
			 ni->adapter->name, *id, ni->intr->count);
	return false;
}

/**
 * minirq_ndis_adapter_init() - make an adapter that can register interrupts
 * @adapter:	storage
 * @name:	shown in /proc/interrupts, must outlive the adapter
 * @irqs:	what the device was granted, must outlive the adapter
 */
void minirq_ndis_adapter_init(struct minirq_ndis_adapter *adapter,
			      const char *name, const struct minirq_irqs *irqs)
{
	*adapter = (struct minirq_ndis_adapter) {
		.name = name,
		.irqs = irqs,
		.budget = NDIS_INDICATE_ALL_NBLS,
	};
	minirq_ndis_owner_init(&adapter->owner, name);
	adapter->owner.adapter = true;
	INIT_LIST_HEAD(&adapter->handles);
}

/* The adapter is gone, and with it every handle it gave out. */
void minirq_ndis_adapter_release(struct minirq_ndis_adapter *adapter)
{
	struct minirq_ndis_interrupt *ni, *next;

	list_for_each_entry_safe(ni, next, &adapter->handles, list)
		kfree(ni);
	INIT_LIST_HEAD(&adapter->handles);
}

/* The adapter that a handle stands for; what is none is reported. */
struct minirq_ndis_adapter *minirq_ndis_adapter_of(NDIS_HANDLE handle,
						   const char *function,
						   void *caller)
{
	struct minirq_ndis_owner *owner =
		minirq_ndis_owner_of(handle, function, caller);

	if (!owner)
		return NULL;
	if (owner->adapter)
		return container_of(owner, struct minirq_ndis_adapter, owner);
	minirq_violation(MINIRQ_RULE_NDIS_OBJECT, caller,
			 "%s: the handle of %s is a driver's", function,
			 owner->name);
	return NULL;
}
