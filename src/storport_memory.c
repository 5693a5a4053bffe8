// SPDX-License-Identifier: GPL-2.0-only
/* Registers and memory that a StorPort adapter uses. */
#include "storport_memory.h"

#include <linux/export.h>
#include <linux/io.h>
#include <linux/mm.h>
#include <linux/pci.h>
#include <linux/slab.h>

#include "memory.h"
#include "resources.h"
#include "storport.h"

/**
 * struct mapping - a range of registers that a driver has mapped
 * @list:	in &struct minirq_stor_miniport
 * @address:	where
 */
struct mapping {
	struct list_head list;
	void __iomem *address;
};

static struct minirq_stor_memory *memory_of(void *extension)
{
	struct minirq_stor_adapter *adapter = minirq_stor_adapter_of(extension);

	return adapter ? adapter->memory : NULL;
}

/* An adapter that uses nothing yet; without a function it never will. */
void minirq_stor_memory_init(struct minirq_stor_memory *memory,
			     struct pci_dev *pdev)
{
	memory->pdev = pdev;
	INIT_LIST_HEAD(&memory->mappings);
	raw_spin_lock_init(&memory->lock);
	INIT_LIST_HEAD(&memory->blocks);
}

static void free_mappings(struct minirq_stor_memory *memory)
{
	struct mapping *mapping, *next;

	list_for_each_entry_safe(mapping, next, &memory->mappings, list) {
		iounmap(mapping->address);
		kfree(mapping);
	}
}

/* The adapter is gone: free what its driver has left. */
void minirq_stor_memory_release(struct minirq_stor_memory *memory)
{
	free_mappings(memory);
	minirq_stor_contiguous_release(memory);
	if (memory->uncached)
		dma_free_coherent(&memory->pdev->dev, memory->uncached_size,
				  memory->uncached, memory->uncached_dma);
}

static void *map(struct minirq_stor_memory *memory, u64 start,
		 size_t length)
{
	struct mapping *mapping = kzalloc(sizeof(*mapping), GFP_KERNEL);

	if (!mapping)
		return NULL;
	mapping->address = ioremap(start, length);
	if (!mapping->address) {
		kfree(mapping);
		return NULL;
	}
	list_add(&mapping->list, &memory->mappings);
	return (__force void *)mapping->address;
}

/**
 * StorPortGetDeviceBase() - map registers of an adapter
 * @HwDeviceExtension:	the adapter
 * @BusType:		PCIBus
 * @SystemIoBusNumber:	as in the configuration
 * @IoAddress:		a range within one of the adapter's access ranges
 * @NumberOfBytes:	size of the range
 * @InIoSpace:		ports: the port number itself is returned
 *
 * What is still mapped when the adapter is removed is unmapped then.
 *
 * Context: IRQL = PASSIVE_LEVEL, from HwStorFindAdapter.
 * Page: nf-storport-storportgetdevicebase
 * Return: the mapped address, or NULL when the range is not the adapter's or
 * cannot be mapped.
 */
PVOID StorPortGetDeviceBase(PVOID HwDeviceExtension, INTERFACE_TYPE BusType,
			    ULONG SystemIoBusNumber,
			    STOR_PHYSICAL_ADDRESS IoAddress,
			    ULONG NumberOfBytes, BOOLEAN InIoSpace)
{
	struct minirq_stor_memory *memory;

	if (!HwDeviceExtension)
		return NULL;
	memory = memory_of(HwDeviceExtension);
	if (InIoSpace)
		return (PVOID)(ULONG_PTR)IoAddress.QuadPart;
	if (!minirq_resources_own(memory->pdev, IoAddress.QuadPart,
				  NumberOfBytes))
		return NULL;
	return map(memory, IoAddress.QuadPart, NumberOfBytes);
}
EXPORT_SYMBOL_GPL(StorPortGetDeviceBase);

/**
 * StorPortFreeDeviceBase() - undo StorPortGetDeviceBase()
 * @HwDeviceExtension:	the adapter
 * @MappedAddress:	the mapped address; a port number needs no freeing
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-storport-storportfreedevicebase
 */
VOID StorPortFreeDeviceBase(PVOID HwDeviceExtension, PVOID MappedAddress)
{
	struct minirq_stor_memory *memory = memory_of(HwDeviceExtension);
	struct mapping *mapping, *next;

	if (!memory)
		return;
	list_for_each_entry_safe(mapping, next, &memory->mappings, list) {
		if ((__force void *)mapping->address != MappedAddress)
			continue;
		iounmap(mapping->address);
		list_del(&mapping->list);
		kfree(mapping);
	}
}
EXPORT_SYMBOL_GPL(StorPortFreeDeviceBase);

/**
 * StorPortGetUncachedExtension() - memory that the device and the CPU share
 * @HwDeviceExtension:	the adapter
 * @ConfigInfo:		its configuration
 * @NumberOfBytes:	size
 *
 * Context: IRQL = PASSIVE_LEVEL, once, from HwStorFindAdapter.
 * Page: nf-storport-storportgetuncachedextension
 * Return: zeroed memory, contiguous on the bus, that lives as long as the
 * adapter; when the adapter is found again, what it has already; NULL when there
 * is none.
 */
PVOID StorPortGetUncachedExtension(PVOID HwDeviceExtension,
				   PPORT_CONFIGURATION_INFORMATION ConfigInfo,
				   ULONG NumberOfBytes)
{
	struct minirq_stor_memory *memory;

	if (!HwDeviceExtension || !NumberOfBytes)
		return NULL;
	memory = memory_of(HwDeviceExtension);
	if (!memory->pdev ||
	    minirq_stor_adapter_of(HwDeviceExtension)->phase !=
		    MINIRQ_STOR_FIND_ADAPTER)
		return NULL;
	if (memory->uncached)
		return NumberOfBytes <= memory->uncached_size ?
			       memory->uncached : NULL;
	memory->uncached =
		dma_alloc_coherent(&memory->pdev->dev, NumberOfBytes,
				   &memory->uncached_dma, GFP_KERNEL);
	memory->uncached_size = NumberOfBytes;
	return memory->uncached;
}
EXPORT_SYMBOL_GPL(StorPortGetUncachedExtension);

/**
 * StorPortGetPhysicalAddress() - where the device finds some memory
 * @HwDeviceExtension:	the adapter
 * @Srb:		not used
 * @VirtualAddress:	an address in the uncached extension, the device
 *			extension or the pool
 * @Length:		where the number of bytes that follow is stored
 *
 * Limit: outside the uncached extension the address is the CPU's physical one,
 * which is the bus address only where no IOMMU translates.
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetphysicaladdress
 * Return: the address.
 */
STOR_PHYSICAL_ADDRESS StorPortGetPhysicalAddress(PVOID HwDeviceExtension,
						 PSCSI_REQUEST_BLOCK Srb,
						 PVOID VirtualAddress,
						 ULONG *Length)
{
	struct minirq_stor_memory *memory = memory_of(HwDeviceExtension);
	size_t offset = memory ? VirtualAddress - memory->uncached : 0;
	STOR_PHYSICAL_ADDRESS address;

	if (memory && memory->uncached && offset < memory->uncached_size) {
		address.QuadPart = memory->uncached_dma + offset;
		*Length = memory->uncached_size - offset;
	} else {
		address.QuadPart = virt_to_phys(VirtualAddress);
		*Length = PAGE_SIZE - offset_in_page(VirtualAddress);
	}
	return address;
}
EXPORT_SYMBOL_GPL(StorPortGetPhysicalAddress);

/**
 * StorPortGetVirtualAddress() - where the CPU finds some memory of the device
 * @HwDeviceExtension:	the adapter
 * @PhysicalAddress:	what StorPortGetPhysicalAddress() returned
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportgetvirtualaddress
 * Return: the address; NULL when there is no memory.
 */
PVOID StorPortGetVirtualAddress(PVOID HwDeviceExtension,
				STOR_PHYSICAL_ADDRESS PhysicalAddress)
{
	struct minirq_stor_memory *memory = memory_of(HwDeviceExtension);
	u64 address = PhysicalAddress.QuadPart;

	if (!memory)
		return NULL;
	if (memory->uncached &&
	    address - memory->uncached_dma < memory->uncached_size)
		return memory->uncached + (address - memory->uncached_dma);
	return pfn_valid(PHYS_PFN(address)) ? phys_to_virt(address) : NULL;
}
EXPORT_SYMBOL_GPL(StorPortGetVirtualAddress);

/**
 * StorPortAllocatePool() - allocate non-paged memory
 * @HwDeviceExtension:	the adapter; not used
 * @NumberOfBytes:	size
 * @Tag:		not used
 * @BufferPointer:	where the address is stored
 *
 * Drivers give the physical address of such memory to their devices.
 *
 * Context: IRQL <= DIRQL, so that HwStorInitialize may call it; reported when
 * called from HwStorStartIo.
 * Page: nf-storport-storportallocatepool
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for no pointer or
 * no size; STOR_STATUS_INSUFFICIENT_RESOURCES.
 */
ULONG StorPortAllocatePool(PVOID HwDeviceExtension, ULONG NumberOfBytes,
			   ULONG Tag, PVOID *BufferPointer)
{
	if (!BufferPointer || !NumberOfBytes)
		return STOR_STATUS_INVALID_PARAMETER;
	minirq_storport_takes_long(MINIRQ_CALLER, __func__);
	*BufferPointer = minirq_memory_alloc(NumberOfBytes, GFP_ATOMIC);
	return *BufferPointer ? STOR_STATUS_SUCCESS :
				STOR_STATUS_INSUFFICIENT_RESOURCES;
}
EXPORT_SYMBOL_GPL(StorPortAllocatePool);

/**
 * StorPortFreePool() - free what StorPortAllocatePool() returned
 * @HwDeviceExtension:	the adapter; not used
 * @BufferPointer:	the memory
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportfreepool
 * Return: STOR_STATUS_SUCCESS, or STOR_STATUS_INVALID_PARAMETER for NULL.
 */
ULONG StorPortFreePool(PVOID HwDeviceExtension, PVOID BufferPointer)
{
	if (!BufferPointer)
		return STOR_STATUS_INVALID_PARAMETER;
	minirq_memory_free(BufferPointer);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortFreePool);
