/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * The Linux side of a ported miniport: one small file that turns DriverEntry
 * and a PCI id table into a module. The Windows sources never include this.
 */
#ifndef _LINUX_MINIRQ_H
#define _LINUX_MINIRQ_H

#include <linux/device/driver.h>
#include <linux/mod_devicetable.h>
#include <linux/module.h>

struct _DEVICE_OBJECT;
struct minirq_driver;
struct pci_dev;

/**
 * struct minirq_policy - which interrupts a device may have
 * @msi:		messages are allowed; on Windows the INF says MSISupported
 * @message_limit:	at most this many messages, 0 for as many as the device
 *			offers; on Windows the INF says MessageNumberLimit
 * @device_policy:	on which CPUs messages interrupt, an IRQ_DEVICE_POLICY; on
 *			Windows the INF says DevicePolicy
 * @processors:		of IrqPolicySpecifiedProcessors (4), these CPUs, a bit for
 *			each of the first 64; AssignmentSetOverride
 *
 * Without @msi a device is granted its line, as on Windows. A line has no policy:
 * other devices may be on it.
 */
struct minirq_policy {
	bool msi;
	unsigned int message_limit;
	unsigned int device_policy;
	unsigned long long processors;
};

/* How many entries the parameter config may have */
#define MINIRQ_CONFIG_ENTRIES	64

/**
 * struct minirq_config - what on Windows is in the registry
 * @entries:	Name=Value, or for one device 0000:00:04.0/Name=Value
 * @count:	how many there are
 */
struct minirq_config {
	char **entries;
	const int *count;
};

/**
 * struct minirq_miniport - a miniport driver as a Linux module
 * @name:	name of the driver, shown in /proc/interrupts
 * @owner:	the module
 * @ids:	the PCI functions it drives
 * @entry:	its DriverEntry
 * @policy:	which interrupts its devices may have
 * @config:	its configuration
 * @driver:	of minirq
 */
struct minirq_miniport {
	const char *name;
	struct module *owner;
	const struct pci_device_id *ids;
	int (*entry)(void *driver_object, void *registry_path);
	struct minirq_policy policy;
	struct minirq_config config;
	struct minirq_driver *driver;
};

int minirq_miniport_load(struct minirq_miniport *miniport);
void minirq_miniport_unload(struct minirq_miniport *miniport);

int minirq_device_restart(struct pci_dev *pdev);

/* For a module that writes its probe and remove itself. */
struct _DEVICE_OBJECT *minirq_pdo_create(struct pci_dev *pdev,
					 const struct minirq_policy *policy);
void minirq_pdo_destroy(struct _DEVICE_OBJECT *pdo);

/* Each miniport module has one; Windows declares it in several ways. */
int DriverEntry(void *driver_object, void *registry_path);

/**
 * module_minirq_miniport() - make a miniport a Linux module
 * @_ids:	a zero-terminated array of &struct pci_device_id
 * @...:	the policy, as initialisers of &struct minirq_policy
 *
 * The module gets a parameter, config, with a list of values that the driver
 * finds where on Windows it looks into the registry.
 *
 * Calls DriverEntry when the module is loaded, and binds what it registers to
 * the devices in @_ids. Stands once in a module, in place of module_init() and
 * module_exit(); MODULE_LICENSE() and MODULE_DEVICE_TABLE() stay the module's.
 */
#define module_minirq_miniport(_ids, ...)				\
	MODULE_INFO(import_ns, "MINIRQ");				\
	static char *__minirq_config[MINIRQ_CONFIG_ENTRIES];		\
	static int __minirq_config_count;				\
	module_param_array_named(config, __minirq_config, charp,	\
				 &__minirq_config_count, 0444);		\
	MODULE_PARM_DESC(config, "[device/]name=value, for the driver");\
	static struct minirq_miniport __minirq_miniport = {		\
		.name = KBUILD_MODNAME,					\
		.owner = THIS_MODULE,					\
		.ids = _ids,						\
		.entry = DriverEntry,					\
		.policy = { __VA_ARGS__ },				\
		.config = { __minirq_config, &__minirq_config_count },	\
	};								\
	module_driver(__minirq_miniport, minirq_miniport_load,		\
		      minirq_miniport_unload)

#endif /* _LINUX_MINIRQ_H */
