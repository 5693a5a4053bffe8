// SPDX-License-Identifier: GPL-2.0-only
/*
 * HwStorFindAdapter: what it is told of the adapter, and what of its answer can
 * be judged at once.
 */
#include "storport_find.h"

#include <linux/pci.h>

#include "driver.h"
#include "interrupt.h"
#include "resources.h"
#include "storport_miniport.h"
#include "verifier.h"

static void fill_ranges(struct minirq_stor_miniport *miniport)
{
	struct pci_dev *pdev = miniport->dev->pdev;
	unsigned int bar;

	for (bar = 0; pdev && bar < PCI_STD_NUM_BARS; bar++) {
		ACCESS_RANGE *range = &miniport->ranges[bar];

		range->RangeStart.QuadPart = pci_resource_start(pdev, bar);
		range->RangeLength = pci_resource_len(pdev, bar);
		range->RangeInMemory =
			!(pci_resource_flags(pdev, bar) & IORESOURCE_IO);
	}
}

static void fill_config(struct minirq_stor_miniport *miniport)
{
	const struct minirq_stor_driver *driver = miniport->driver;
	struct pci_dev *pdev = miniport->dev->pdev;
	bool message = miniport->adapter.irqs->message;

	fill_ranges(miniport);
	miniport->config = (PORT_CONFIGURATION_INFORMATION) {
		.Length = sizeof(PORT_CONFIGURATION_INFORMATION),
		.SystemIoBusNumber = pdev ? pdev->bus->number : 0,
		.SlotNumber = pdev ? minirq_resources_slot(pdev) : 0,
		.AdapterInterfaceType = PCIBus,
		.InterruptMode = message ? Latched : LevelSensitive,
		.MaximumTransferLength = SP_UNINITIALIZED_VALUE,
		.NumberOfPhysicalBreaks = SP_UNINITIALIZED_VALUE,
		.NumberOfAccessRanges = PCI_STD_NUM_BARS,
		.AccessRanges = &miniport->ranges,
		.NumberOfBuses = 1,
		.Master = TRUE,
		.Dma64BitAddresses = SCSI_DMA64_SYSTEM_SUPPORTED,
		.DeviceExtensionSize = driver->data.DeviceExtensionSize,
		.SrbExtensionSize = driver->data.SrbExtensionSize,
		.SpecificLuExtensionSize = driver->data.SpecificLuExtensionSize,
	};
}

/* What HwStorFindAdapter did wrong. */
static void report(struct minirq_stor_miniport *miniport, enum minirq_rule rule,
		   const char *what)
{
	minirq_violation(rule, miniport->driver->data.HwFindAdapter,
			 "%s: HwStorFindAdapter %s", miniport->adapter.name,
			 what);
}

/* Fields that are the port's: a driver that wrote to them has them back. */
static void restore_config(PORT_CONFIGURATION_INFORMATION *config,
			   const PORT_CONFIGURATION_INFORMATION *before,
			   struct minirq_stor_miniport *miniport)
{
	bool same = config->BusInterruptLevel == before->BusInterruptLevel &&
		    config->BusInterruptVector == before->BusInterruptVector &&
		    config->InterruptMode == before->InterruptMode &&
		    config->BusInterruptLevel2 == before->BusInterruptLevel2 &&
		    config->BusInterruptVector2 ==
			    before->BusInterruptVector2 &&
		    config->InterruptMode2 == before->InterruptMode2;

	if (same)
		return;
	report(miniport, MINIRQ_RULE_STOR_CONFIG,
	       "wrote to the interrupt fields of its configuration");
	config->BusInterruptLevel = before->BusInterruptLevel;
	config->BusInterruptVector = before->BusInterruptVector;
	config->InterruptMode = before->InterruptMode;
	config->BusInterruptLevel2 = before->BusInterruptLevel2;
	config->BusInterruptVector2 = before->BusInterruptVector2;
	config->InterruptMode2 = before->InterruptMode2;
}

static void check_config(struct minirq_stor_miniport *miniport)
{
	const PORT_CONFIGURATION_INFORMATION *config = &miniport->config;

	if (config->MaximumTransferLength == SP_UNINITIALIZED_VALUE ||
	    config->NumberOfPhysicalBreaks == SP_UNINITIALIZED_VALUE)
		report(miniport, MINIRQ_RULE_STOR_FIND_ADAPTER,
		       "left MaximumTransferLength or NumberOfPhysicalBreaks");
	if (config->SynchronizationModel != StorSynchronizeFullDuplex)
		report(miniport, MINIRQ_RULE_STOR_DUPLEX,
		       "did not choose full duplex");
}

static int result_of(ULONG found, struct minirq_stor_miniport *miniport)
{
	if (found == SP_RETURN_FOUND)
		return 0;
	if (found > SP_RETURN_BAD_CONFIG)
		minirq_violation(MINIRQ_RULE_STOR_RETURN_VALUE,
				 miniport->driver->data.HwFindAdapter,
				 "%s: HwStorFindAdapter returned %u",
				 miniport->adapter.name, found);
	return -ENODEV;
}

/**
 * minirq_storport_find() - call HwStorFindAdapter
 * @miniport:	an adapter, new or suspended
 *
 * Context: process context, may sleep.
 * Return: 0 when the driver has found its adapter, or -ENODEV.
 */
int minirq_storport_find(struct minirq_stor_miniport *miniport)
{
	const struct minirq_stor_driver *driver = miniport->driver;
	PORT_CONFIGURATION_INFORMATION before;
	struct minirq_stor_call call;
	BOOLEAN again = FALSE;
	ULONG found;

	fill_config(miniport);
	before = miniport->config;
	miniport->adapter.phase = MINIRQ_STOR_FIND_ADAPTER;
	minirq_storport_call_enter(&call, &miniport->adapter,
				   MINIRQ_STOR_ROUTINE_FIND_ADAPTER,
				   driver->data.HwFindAdapter);
	found = driver->data.HwFindAdapter(miniport->adapter.extension,
					   driver->context, NULL, "",
					   &miniport->config, &again);
	minirq_storport_call_leave(&call);
	restore_config(&miniport->config, &before, miniport);
	if (found == SP_RETURN_FOUND)
		check_config(miniport);
	return result_of(found, miniport);
}
