/* SPDX-License-Identifier: GPL-2.0-only */
/* What an adapter or a driver owns, so that what it forgets is found. */
#ifndef MINIRQ_NDIS_OWNER_H
#define MINIRQ_NDIS_OWNER_H

#include <linux/gfp.h>
#include <linux/list.h>
#include <linux/spinlock.h>

#include <ndis.h>

#include "verifier.h"

struct device;
struct minirq_config;

/**
 * enum minirq_ndis_stage - what part of an owner's life something lasts for
 * @MINIRQ_NDIS_WHOLE:	all of it: from MiniportAddDevice to MiniportRemoveDevice
 * @MINIRQ_NDIS_STARTED: from MiniportInitializeEx to MiniportHaltEx
 */
enum minirq_ndis_stage {
	MINIRQ_NDIS_WHOLE,
	MINIRQ_NDIS_STARTED,
};

/**
 * struct minirq_ndis_owner - who may own NDIS objects: an adapter or a driver
 * @self:	points to this very structure; tells an owner from other handles
 * @adapter:	it is an adapter
 * @name:	shown in reports
 * @dev:	the adapter's function; NULL for a driver, and in most tests
 * @minor:	MinorNdisVersion of the driver
 * @config:	the driver's module parameter, or NULL
 * @stage:	of its life: what it is given now belongs to that
 * @lock:	guards @objects
 * @objects:	what it owns, newest first
 *
 * The first member of whatever an NDIS_HANDLE of such an owner points to.
 */
struct minirq_ndis_owner {
	const struct minirq_ndis_owner *self;
	bool adapter;
	const char *name;
	struct device *dev;
	UCHAR minor;
	const struct minirq_config *config;
	enum minirq_ndis_stage stage;
	raw_spinlock_t lock;
	struct list_head objects;
};

/**
 * struct minirq_ndis_object - what is owned; embedded in it
 * @list:	in &minirq_ndis_owner->objects
 * @owner:	the owner
 * @kind:	what it is; NULL once it has been freed
 * @key:	what the driver knows it by, when that is not its handle
 * @caller:	the place in the driver that asked for it
 * @stage:	when it was asked for
 * @left:	the owner goes and frees it; the driver no longer can
 */
struct minirq_ndis_object {
	struct list_head list;
	struct minirq_ndis_owner *owner;
	const struct minirq_ndis_kind *kind;
	void *key;
	void *caller;
	enum minirq_ndis_stage stage;
	bool left;
};

/**
 * struct minirq_ndis_kind - a kind of object
 * @name:	shown in reports
 * @stop:	end what runs in its name and wait for it, or NULL
 * @free:	free it; it is no longer in its owner's list
 */
struct minirq_ndis_kind {
	const char *name;
	void (*stop)(struct minirq_ndis_object *object);
	void (*free)(struct minirq_ndis_object *object);
};

void minirq_ndis_owner_init(struct minirq_ndis_owner *owner, const char *name);
void minirq_ndis_owner_end(struct minirq_ndis_owner *owner,
			   enum minirq_ndis_stage stage, const char *when);
void minirq_ndis_owner_release(struct minirq_ndis_owner *owner,
			       const char *when);
struct minirq_ndis_owner *minirq_ndis_owner_of(NDIS_HANDLE handle,
					       const char *function,
					       void *caller);

void minirq_ndis_object_add(struct minirq_ndis_object *object,
			    struct minirq_ndis_owner *owner,
			    const struct minirq_ndis_kind *kind, void *caller);
struct minirq_ndis_object *
minirq_ndis_object_of(NDIS_HANDLE handle, const struct minirq_ndis_kind *kind,
		      const char *function, void *caller);
bool minirq_ndis_object_start(struct minirq_ndis_object *object,
			      void (*start)(struct minirq_ndis_object *object));
bool minirq_ndis_object_remove(struct minirq_ndis_object *object);
struct minirq_ndis_object *
minirq_ndis_object_take(NDIS_HANDLE handle, const struct minirq_ndis_kind *kind,
			void *key, const char *function, void *caller);

bool minirq_ndis_level(KIRQL limit, enum minirq_rule rule, const char *function,
		       void *caller);

#endif /* MINIRQ_NDIS_OWNER_H */
