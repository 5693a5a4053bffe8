// SPDX-License-Identifier: GPL-2.0-only
/*
 * What miniports call around their interrupts: registers and debug output. None of
 * it knows interrupts.
 */
#include <linux/export.h>
#include <linux/io.h>
#include <linux/printk.h>
#include <linux/stdarg.h>

#include <storport.h>

static void debug_print(const char *format, va_list *args)
{
	struct va_format vaf = { .fmt = format, .va = args };

	pr_debug("%pV", &vaf);
}

/**
 * DbgPrint() - print to the debugger
 * @Format:	as printf(); Windows' own conversions are not translated
 * @...:	its arguments
 *
 * Goes to the kernel log at debug level, so it is switched by dynamic debug.
 *
 * Context: IRQL: any.
 * Page: debugging, reading and filtering debugging messages
 * Return: STATUS_SUCCESS.
 */
ULONG DbgPrint(PCSTR Format, ...)
{
	va_list args;

	va_start(args, Format);
	debug_print(Format, &args);
	va_end(args);
	return STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(DbgPrint);

/**
 * StorPortDebugPrint() - print to the debugger
 * @DebugPrintLevel:	not used
 * @DebugMessage:	as printf()
 * @...:		its arguments
 *
 * Context: IRQL: any.
 * Page: nf-storport-storportdebugprint
 */
VOID StorPortDebugPrint(ULONG DebugPrintLevel, PCSTR DebugMessage, ...)
{
	va_list args;

	va_start(args, DebugMessage);
	debug_print(DebugMessage, &args);
	va_end(args);
}
EXPORT_SYMBOL_GPL(StorPortDebugPrint);

/**
 * MmGetPhysicalAddress() - the physical address of non-paged memory
 * @BaseAddress:	an address in allocated memory, not on a stack
 *
 * Limit: it is what a device must be given only where no IOMMU translates.
 *
 * Context: IRQL: any.
 * Page: nf-ntddk-mmgetphysicaladdress
 * Return: the address.
 */
PHYSICAL_ADDRESS MmGetPhysicalAddress(PVOID BaseAddress)
{
	return (PHYSICAL_ADDRESS) { .QuadPart = virt_to_phys(BaseAddress) };
}
EXPORT_SYMBOL_GPL(MmGetPhysicalAddress);

/**
 * MmMapIoSpace() - map registers
 * @PhysicalAddress:	a range of a memory resource
 * @NumberOfBytes:	its size
 * @CacheType:		MmNonCached, MmCached or MmWriteCombined
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-mmmapiospace
 * Return: the mapped address, or NULL.
 */
PVOID MmMapIoSpace(PHYSICAL_ADDRESS PhysicalAddress, SIZE_T NumberOfBytes,
		   MEMORY_CACHING_TYPE CacheType)
{
	u64 address = PhysicalAddress.QuadPart;

	switch (CacheType) {
	case MmCached:
		return (__force PVOID)ioremap_cache(address, NumberOfBytes);
	case MmWriteCombined:
		return (__force PVOID)ioremap_wc(address, NumberOfBytes);
	default:
		return (__force PVOID)ioremap(address, NumberOfBytes);
	}
}
EXPORT_SYMBOL_GPL(MmMapIoSpace);

/**
 * MmUnmapIoSpace() - undo MmMapIoSpace()
 * @BaseAddress:	the mapped address
 * @NumberOfBytes:	not used
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-wdm-mmunmapiospace
 */
VOID MmUnmapIoSpace(PVOID BaseAddress, SIZE_T NumberOfBytes)
{
	iounmap((void __iomem *)BaseAddress);
}
EXPORT_SYMBOL_GPL(MmUnmapIoSpace);
