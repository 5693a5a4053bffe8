// SPDX-License-Identifier: GPL-2.0-only
/*
 * Configuration that Windows keeps in the registry.
 *
 * It comes from a module parameter, entries of the form
 *
 *	Name=Value			for the driver and each of its devices
 *	0000:00:04.0/Name=Value		for one device, and before the others
 *
 * where a value in a subkey has the name Key\Name. What a driver writes goes
 * before both, and stays until minirq is unloaded.
 */
#include "config.h"

#include <linux/list.h>
#include <linux/minirq.h>
#include <linux/mutex.h>
#include <linux/slab.h>
#include <linux/string.h>

/**
 * struct written - a value that a driver has written
 * @list:	in the list of all
 * @owner:	whose it is, by name: it outlives the adapter
 * @name:	its name
 * @value:	the value
 */
struct written {
	struct list_head list;
	char *owner;
	char *name;
	char *value;
};

static LIST_HEAD(all_written);
static DEFINE_MUTEX(lock);

/* The rest of an entry that begins so, in any case, as in the registry. */
static const char *rest_of(const char *entry, const char *beginning)
{
	size_t length = strlen(beginning);

	return strncasecmp(entry, beginning, length) ? NULL : entry + length;
}

static const char *value_of(const char *entry, const char *name)
{
	const char *rest = rest_of(entry, name);

	return rest && *rest == '=' ? rest + 1 : NULL;
}

/* The entry without the device that it is for; NULL when that is another. */
static const char *entry_for(const char *entry, const char *device)
{
	const char *rest;

	if (!device)
		return entry;
	rest = rest_of(entry, device);
	return rest && *rest == '/' ? rest + 1 : NULL;
}

/* Of two equal entries the later one holds, as with any module parameter. */
static const char *find(const struct minirq_config *config, const char *device,
			const char *name)
{
	const char *entry, *value;
	int i = config && config->count ? *config->count : 0;

	while (i--) {
		entry = entry_for(config->entries[i], device);
		value = entry ? value_of(entry, name) : NULL;
		if (value)
			return value;
	}
	return NULL;
}

static struct written *find_written(const char *owner, const char *name)
{
	struct written *written;

	list_for_each_entry(written, &all_written, list)
		if (!strcmp(written->owner, owner) &&
		    !strcasecmp(written->name, name))
			return written;
	return NULL;
}

/**
 * minirq_config_read() - read a value
 * @config:	the driver's module parameter, or NULL
 * @owner:	name of the adapter or driver
 * @device:	name of the adapter's device, or NULL
 * @name:	name of the value
 *
 * Context: process context, may sleep.
 * Return: a copy, to be freed with kfree(), or NULL.
 */
char *minirq_config_read(const struct minirq_config *config, const char *owner,
			 const char *device, const char *name)
{
	struct written *written;
	const char *value = NULL;
	char *copy;

	mutex_lock(&lock);
	written = find_written(owner, name);
	if (written)
		value = written->value;
	if (!value && device)
		value = find(config, device, name);
	if (!value)
		value = find(config, NULL, name);
	copy = value ? kstrdup(value, GFP_KERNEL) : NULL;
	mutex_unlock(&lock);
	return copy;
}

static void free_written(struct written *written)
{
	kfree(written->owner);
	kfree(written->name);
	kfree(written->value);
	kfree(written);
}

static struct written *new_written(const char *owner, const char *name,
				   const char *value)
{
	struct written *written = kzalloc(sizeof(*written), GFP_KERNEL);

	if (!written)
		return NULL;
	written->owner = kstrdup(owner, GFP_KERNEL);
	written->name = kstrdup(name, GFP_KERNEL);
	written->value = kstrdup(value, GFP_KERNEL);
	if (written->owner && written->name && written->value)
		return written;
	free_written(written);
	return NULL;
}

/**
 * minirq_config_write() - write a value
 * @owner:	name of the adapter or driver
 * @name:	name of the value
 * @value:	the value
 *
 * Context: process context, may sleep.
 * Return: 0, or -ENOMEM.
 */
int minirq_config_write(const char *owner, const char *name, const char *value)
{
	struct written *written = new_written(owner, name, value), *old;

	if (!written)
		return -ENOMEM;
	mutex_lock(&lock);
	old = find_written(owner, name);
	if (old)
		list_del(&old->list);
	list_add(&written->list, &all_written);
	mutex_unlock(&lock);
	if (old)
		free_written(old);
	return 0;
}

static bool has_entry(const struct minirq_config *config, const char *device,
		      const char *key)
{
	int i = config && config->count ? *config->count : 0;
	const char *entry;

	while (i--) {
		entry = entry_for(config->entries[i], device);
		if (entry && rest_of(entry, key))
			return true;
	}
	return false;
}

static bool has_written(const char *owner, const char *key)
{
	struct written *written;

	list_for_each_entry(written, &all_written, list)
		if (!strcmp(written->owner, owner) &&
		    rest_of(written->name, key))
			return true;
	return false;
}

/* Is there a value in a subkey? @key ends in a backslash. */
bool minirq_config_has_key(const struct minirq_config *config,
			   const char *owner, const char *device,
			   const char *key)
{
	bool has;

	mutex_lock(&lock);
	has = has_written(owner, key) ||
	      (device && has_entry(config, device, key)) ||
	      has_entry(config, NULL, key);
	mutex_unlock(&lock);
	return has;
}

void minirq_config_stop(void)
{
	struct written *written, *next;

	list_for_each_entry_safe(written, next, &all_written, list)
		free_written(written);
}
