// SPDX-License-Identifier: GPL-2.0-only
/*
 * What an adapter or a driver owns: memory, locks, timers, mappings. On Windows
 * what a driver forgets is lost until the next boot; here it is reported when
 * its owner goes, with the place that asked for it, and freed.
 */
#include "ndis_owner.h"

#include <linux/hardirq.h>
#include <linux/irqflags.h>

#include "dpc_queue.h"
#include "irql.h"

/* Make storage an owner that owns nothing. */
void minirq_ndis_owner_init(struct minirq_ndis_owner *owner, const char *name)
{
	owner->self = owner;
	owner->adapter = false;
	owner->name = name;
	owner->dev = NULL;
	owner->minor = 0;
	owner->config = NULL;
	owner->stage = MINIRQ_NDIS_WHOLE;
	raw_spin_lock_init(&owner->lock);
	INIT_LIST_HEAD(&owner->objects);
}

/* From here on the driver frees none of them, not even in what still runs. */
static void take_all(struct minirq_ndis_owner *owner,
		     enum minirq_ndis_stage stage, struct list_head *objects)
{
	struct minirq_ndis_object *object, *next;
	unsigned long flags;

	INIT_LIST_HEAD(objects);
	raw_spin_lock_irqsave(&owner->lock, flags);
	list_for_each_entry_safe(object, next, &owner->objects, list) {
		if (object->stage < stage)
			continue;
		object->left = true;
		list_move_tail(&object->list, objects);
	}
	raw_spin_unlock_irqrestore(&owner->lock, flags);
}

static void release_all(struct minirq_ndis_owner *owner,
			struct list_head *objects, const char *when)
{
	struct minirq_ndis_object *object, *next;

	list_for_each_entry(object, objects, list) {
		minirq_violation(MINIRQ_RULE_NDIS_LEAK, object->caller,
				 "%s: %s left after %s", owner->name,
				 object->kind->name, when);
		if (object->kind->stop)
			object->kind->stop(object);
	}
	list_for_each_entry_safe(object, next, objects, list)
		object->kind->free(object);
}

/**
 * minirq_ndis_owner_end() - report and free what is left of a stage
 * @owner:	the owner
 * @stage:	of its life, which is over
 * @when:	what the driver should have done it in
 *
 * What may still run, a timer or a work item, is stopped before anything is
 * freed, as it may use the rest; and it may have allocated more.
 *
 * Context: process context, may sleep.
 */
void minirq_ndis_owner_end(struct minirq_ndis_owner *owner,
			   enum minirq_ndis_stage stage, const char *when)
{
	struct list_head objects;

	for (;;) {
		take_all(owner, stage, &objects);
		if (list_empty(&objects))
			return;
		release_all(owner, &objects, when);
	}
}

/* The same for all that an owner has left, whose driver has had its last call. */
void minirq_ndis_owner_release(struct minirq_ndis_owner *owner,
			       const char *when)
{
	minirq_ndis_owner_end(owner, MINIRQ_NDIS_WHOLE, when);
}

/* The owner that a handle stands for; what is none is reported. */
struct minirq_ndis_owner *minirq_ndis_owner_of(NDIS_HANDLE handle,
					       const char *function,
					       void *caller)
{
	struct minirq_ndis_owner *owner = handle;

	if (owner && owner->self == owner)
		return owner;
	minirq_violation(MINIRQ_RULE_NDIS_OBJECT, caller,
			 "%s: %p is no adapter and no driver", function,
			 handle);
	return NULL;
}

/* From now on the owner answers for the object. */
void minirq_ndis_object_add(struct minirq_ndis_object *object,
			    struct minirq_ndis_owner *owner,
			    const struct minirq_ndis_kind *kind, void *caller)
{
	unsigned long flags;

	object->owner = owner;
	object->kind = kind;
	object->caller = caller;
	object->stage = owner->stage;
	object->left = false;
	raw_spin_lock_irqsave(&owner->lock, flags);
	list_add(&object->list, &owner->objects);
	raw_spin_unlock_irqrestore(&owner->lock, flags);
}

/* The object that a handle stands for; what is not of this kind is reported. */
struct minirq_ndis_object *
minirq_ndis_object_of(NDIS_HANDLE handle, const struct minirq_ndis_kind *kind,
		      const char *function, void *caller)
{
	struct minirq_ndis_object *object = handle;

	if (object && object->kind == kind)
		return object;
	minirq_violation(MINIRQ_RULE_NDIS_OBJECT, caller, "%s: %p is no %s",
			 function, handle, kind->name);
	return NULL;
}

/**
 * minirq_ndis_object_start() - let something run in the name of an object
 * @object:	the object
 * @start:	starts it; it must not sleep
 *
 * What has been stopped because its owner goes is not started again.
 *
 * Return: false when its owner goes, and nothing was started.
 */
bool minirq_ndis_object_start(struct minirq_ndis_object *object,
			      void (*start)(struct minirq_ndis_object *object))
{
	struct minirq_ndis_owner *owner = object->owner;
	unsigned long flags;
	bool left;

	raw_spin_lock_irqsave(&owner->lock, flags);
	left = object->left;
	if (!left)
		start(object);
	raw_spin_unlock_irqrestore(&owner->lock, flags);
	return !left;
}

/* Called with the owner's lock held. */
static bool remove_locked(struct minirq_ndis_object *object)
{
	if (object->left)
		return false;
	list_del(&object->list);
	object->kind = NULL;
	return true;
}

/**
 * minirq_ndis_object_remove() - the driver frees an object itself
 * @object:	the object
 *
 * Return: true when the caller is to free it; false when its owner goes and
 * will do so.
 */
bool minirq_ndis_object_remove(struct minirq_ndis_object *object)
{
	struct minirq_ndis_owner *owner = object->owner;
	unsigned long flags;
	bool removed;

	raw_spin_lock_irqsave(&owner->lock, flags);
	removed = remove_locked(object);
	raw_spin_unlock_irqrestore(&owner->lock, flags);
	return removed;
}

static struct minirq_ndis_object *
take_locked(struct minirq_ndis_owner *owner,
	    const struct minirq_ndis_kind *kind, void *key)
{
	struct minirq_ndis_object *object;

	list_for_each_entry(object, &owner->objects, list)
		if (object->kind == kind && object->key == key)
			return remove_locked(object) ? object : NULL;
	return NULL;
}

/**
 * minirq_ndis_object_take() - the driver frees what it knows by a key
 * @handle:	of the owner
 * @kind:	what it is
 * @key:	its key
 * @function:	the function that frees it
 * @caller:	its caller
 *
 * Return: the object, for the caller to free; NULL when there is none, which is
 * reported.
 */
struct minirq_ndis_object *
minirq_ndis_object_take(NDIS_HANDLE handle, const struct minirq_ndis_kind *kind,
			void *key, const char *function, void *caller)
{
	struct minirq_ndis_owner *owner =
		minirq_ndis_owner_of(handle, function, caller);
	struct minirq_ndis_object *object;
	unsigned long flags;

	if (!owner)
		return NULL;
	raw_spin_lock_irqsave(&owner->lock, flags);
	object = take_locked(owner, kind, key);
	raw_spin_unlock_irqrestore(&owner->lock, flags);
	if (!object)
		minirq_violation(MINIRQ_RULE_NDIS_OBJECT, caller,
				 "%s: %p is no %s of %s", function, key,
				 kind->name, owner->name);
	return object;
}

/**
 * minirq_ndis_level() - may this function be called here?
 * @limit:	the highest level it allows; at PASSIVE_LEVEL it may sleep
 * @rule:	the rule that says so
 * @function:	the function
 * @caller:	its caller
 *
 * Return: false, and a report, when it may not.
 */
bool minirq_ndis_level(KIRQL limit, enum minirq_rule rule, const char *function,
		       void *caller)
{
	KIRQL irql = minirq_irql_current();

	if (irql <= limit && (limit > PASSIVE_LEVEL ||
			      (!in_interrupt() && !irqs_disabled() &&
			       !minirq_dpc_in_worker())))
		return true;
	minirq_violation(rule, caller, "%s at IRQL %u, or in a DPC", function,
			 irql);
	return false;
}
