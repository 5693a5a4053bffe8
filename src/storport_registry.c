// SPDX-License-Identifier: GPL-2.0-only
/*
 * What a StorPort adapter finds in the registry: values of the parameter config
 * of its driver's module, and what it has written itself. They are text, so the
 * type that is asked for says what to make of them.
 */
#include "storport_registry.h"

#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>
#include <linux/string.h>

#include <storport.h>

#include "config.h"
#include "driver.h"
#include "irql.h"
#include "memory.h"
#include "storport.h"

/* The registry of an adapter; without a driver, as in tests, an empty one. */
void minirq_stor_registry_init(struct minirq_stor_registry *registry,
			       const struct minirq_device *dev)
{
	struct minirq_miniport *miniport =
		dev->driver ? dev->driver->miniport : NULL;

	registry->config = miniport ? &miniport->config : NULL;
	registry->driver = miniport ? miniport->name : "";
	registry->device = dev->pdev ? pci_name(dev->pdev) : NULL;
}

/* The adapter is gone, and with it the buffer that it may have left. */
void minirq_stor_registry_release(struct minirq_stor_registry *registry)
{
	minirq_memory_free(registry->buffer);
	registry->buffer = NULL;
}

/**
 * StorPortAllocateRegistryBuffer() - allocate a buffer for values
 * @HwDeviceExtension:	the adapter
 * @Length:		its size; what has been allocated is stored
 *
 * What is left when the adapter is removed is freed then.
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportallocateregistrybuffer
 * Return: the zeroed buffer; NULL when there is no memory, or the adapter has a
 * buffer already.
 */
PUCHAR StorPortAllocateRegistryBuffer(PVOID HwDeviceExtension, PULONG Length)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	void *buffer;

	if (!adapter || !Length || !*Length || adapter->registry.buffer)
		return NULL;
	if (minirq_irql_current() > DISPATCH_LEVEL)
		return NULL;
	buffer = minirq_memory_alloc(*Length, GFP_ATOMIC);
	adapter->registry.buffer = buffer;
	return buffer;
}
EXPORT_SYMBOL_GPL(StorPortAllocateRegistryBuffer);

/**
 * StorPortFreeRegistryBuffer() - free the buffer for values
 * @HwDeviceExtension:	the adapter
 * @Buffer:		what StorPortAllocateRegistryBuffer() returned
 *
 * Context: IRQL <= DISPATCH_LEVEL.
 * Page: nf-storport-storportfreeregistrybuffer
 */
VOID StorPortFreeRegistryBuffer(PVOID HwDeviceExtension, PUCHAR Buffer)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);

	if (adapter && Buffer && Buffer == adapter->registry.buffer)
		minirq_stor_registry_release(&adapter->registry);
}
EXPORT_SYMBOL_GPL(StorPortFreeRegistryBuffer);

/* Numbers may begin with 0x. */
static int read_number(const char *text, void *data, ULONG size)
{
	u64 value;

	if (kstrtou64(text, 0, &value) || (size == sizeof(ULONG) &&
					   value > U32_MAX))
		return -EINVAL;
	memcpy(data, &value, size);
	return 0;
}

/* How many bytes a value of a type has; 0 when the text is no such value. */
static ULONG size_of(const char *text, ULONG type)
{
	switch (type) {
	case REG_SZ:
	case REG_EXPAND_SZ:
		return strlen(text) + 1;
	case REG_MULTI_SZ:
		return strlen(text) + 2;
	case REG_BINARY:
		return strlen(text) % 2 ? 0 : strlen(text) / 2;
	case REG_DWORD:
		return sizeof(ULONG);
	case REG_QWORD:
		return sizeof(ULONG64);
	}
	return 0;
}

static int read_as(const char *text, ULONG type, void *data, ULONG size)
{
	switch (type) {
	case REG_DWORD:
	case REG_QWORD:
		return read_number(text, data, size);
	case REG_BINARY:
		return hex2bin(data, text, size);
	default:
		memset(data, 0, size);
		memcpy(data, text, strlen(text));
		return 0;
	}
}

/* Also says how large the buffer has to be; 0 when there is no such value. */
static ULONG convert(const char *text, ULONG type, void *data, ULONG *length)
{
	ULONG size = size_of(text, type), room = *length;

	*length = size;
	if (!size)
		return STOR_STATUS_INVALID_PARAMETER;
	if (size > room)
		return STOR_STATUS_BUFFER_TOO_SMALL;
	if (!read_as(text, type, data, size))
		return STOR_STATUS_SUCCESS;
	*length = 0;
	return STOR_STATUS_INVALID_PARAMETER;
}

static ULONG read_value(struct minirq_stor_adapter *adapter, const char *name,
			bool global, ULONG type, void *data, ULONG *length)
{
	const struct minirq_stor_registry *registry = &adapter->registry;
	char *text = minirq_config_read(registry->config,
					global ? registry->driver :
						 adapter->name,
					global ? NULL : registry->device, name);
	ULONG status;

	if (!text) {
		*length = 0;
		return STOR_STATUS_UNSUCCESSFUL;
	}
	status = convert(text, type, data, length);
	kfree(text);
	return status;
}

/**
 * StorPortRegistryRead() - read a value
 * @HwDeviceExtension:	the adapter
 * @ValueName:		its name
 * @Global:		not 0: what is meant for every adapter of the driver
 * @Type:		MINIPORT_REG_SZ, and what else names a type: what to make of
 *			its text
 * @Buffer:		where it is stored, strings as ASCII
 * @BufferLength:	size of @Buffer; becomes that of the value
 *
 * Differs from Windows: values come from the parameter ``config`` of the driver's
 * module; an adapter that has none of its own finds the one for all.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-storport-storportregistryread
 * Return: TRUE; FALSE with the size in @BufferLength when the buffer is too
 * small; FALSE with 0 there when there is no such value, or another error.
 */
BOOLEAN StorPortRegistryRead(PVOID HwDeviceExtension, PUCHAR ValueName,
			     ULONG Global, ULONG Type, PUCHAR Buffer,
			     PULONG BufferLength)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);

	if (!BufferLength)
		return FALSE;
	if (!adapter || !ValueName || !Buffer ||
	    minirq_irql_current() > PASSIVE_LEVEL) {
		*BufferLength = 0;
		return FALSE;
	}
	return read_value(adapter, ValueName, Global, Type, Buffer,
			  BufferLength) == STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortRegistryRead);

static char *hex_of(const void *data, ULONG length)
{
	char *text = kzalloc(2 * (size_t)length + 1, GFP_KERNEL);

	if (text)
		bin2hex(text, data, length);
	return text;
}

/* The text of what is to be written; NULL when it cannot be. */
static char *text_of(ULONG type, const void *data, ULONG length)
{
	ULONG64 number = 0;

	switch (type) {
	case REG_SZ:
	case REG_EXPAND_SZ:
		return kstrndup(data, length, GFP_KERNEL);
	case REG_BINARY:
		return hex_of(data, length);
	case REG_DWORD:
	case REG_QWORD:
		if (length != (type == REG_DWORD ? 4 : 8))
			return NULL;
		memcpy(&number, data, length);
		return kasprintf(GFP_KERNEL, "%llu", number);
	}
	return NULL;
}

static bool write_value(const char *owner, const char *name, ULONG type,
			const void *data, ULONG length)
{
	char *text = text_of(type, data, length);
	bool written = text && !minirq_config_write(owner, name, text);

	kfree(text);
	return written;
}

/**
 * StorPortRegistryWrite() - write a value
 * @HwDeviceExtension:	the adapter
 * @ValueName:		its name
 * @Global:		not 0: for every adapter of the driver
 * @Type:		of the value
 * @Buffer:		the value
 * @BufferLength:	its size
 *
 * Differs from Windows: what is written stays until minirq is unloaded; lists of
 * strings cannot be written.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-storport-storportregistrywrite
 * Return: TRUE when it has been written.
 */
BOOLEAN StorPortRegistryWrite(PVOID HwDeviceExtension, PUCHAR ValueName,
			      ULONG Global, ULONG Type, PUCHAR Buffer,
			      ULONG BufferLength)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);

	if (!adapter || !ValueName || !Buffer ||
	    minirq_irql_current() > PASSIVE_LEVEL)
		return FALSE;
	return write_value(Global ? adapter->registry.driver : adapter->name,
			   ValueName, Type, Buffer, BufferLength);
}
EXPORT_SYMBOL_GPL(StorPortRegistryWrite);

/* A value in a subkey has the name Key\Name. */
static char *full_name(const UCHAR *key, const UCHAR *name)
{
	return kasprintf(GFP_KERNEL, "%s%s%s", key ?: (const UCHAR *)"",
			 key ? "\\" : "", name);
}

/**
 * StorPortRegistryReadAdapterKey() - read a value of the adapter's device
 * @HwDeviceExtension:	the adapter
 * @SubKeyName:		the subkey that it is in, or NULL
 * @ValueName:		its name
 * @ValueType:		what to make of its text
 * @ValueData:		points to where it is stored, strings as ASCII
 * @ValueDataLength:	size of that; becomes that of the value
 *
 * Differs from Windows: as StorPortRegistryRead(); the two do not tell apart
 * where a value stands.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-storport-storportregistryreadadapterkey
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_BUFFER_TOO_SMALL;
 * STOR_STATUS_UNSUCCESSFUL when there is no such value;
 * STOR_STATUS_INVALID_PARAMETER for a NULL pointer or a value of another type;
 * STOR_STATUS_INVALID_IRQL; STOR_STATUS_INSUFFICIENT_RESOURCES.
 */
ULONG StorPortRegistryReadAdapterKey(PVOID HwDeviceExtension,
				     PUCHAR SubKeyName, PUCHAR ValueName,
				     ULONG ValueType, PVOID *ValueData,
				     PULONG ValueDataLength)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	char *name;
	ULONG status;

	if (!adapter || !ValueName || !ValueData || !*ValueData ||
	    !ValueDataLength)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > PASSIVE_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	name = full_name(SubKeyName, ValueName);
	if (!name)
		return STOR_STATUS_INSUFFICIENT_RESOURCES;
	status = read_value(adapter, name, false, ValueType, *ValueData,
			    ValueDataLength);
	kfree(name);
	return status;
}
EXPORT_SYMBOL_GPL(StorPortRegistryReadAdapterKey);

/**
 * StorPortRegistryWriteAdapterKey() - write a value of the adapter's device
 * @HwDeviceExtension:	the adapter
 * @SubKeyName:		the subkey that it is in, or NULL
 * @ValueName:		its name
 * @ValueType:		of the value
 * @ValueData:		the value
 * @ValueDataLength:	its size
 *
 * Differs from Windows: as StorPortRegistryWrite().
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-storport-storportregistrywriteadapterkey
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer;
 * STOR_STATUS_INVALID_IRQL; STOR_STATUS_UNSUCCESSFUL.
 */
ULONG StorPortRegistryWriteAdapterKey(PVOID HwDeviceExtension,
				      PUCHAR SubKeyName, PUCHAR ValueName,
				      ULONG ValueType, PVOID ValueData,
				      ULONG ValueDataLength)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	bool written;
	char *name;

	if (!adapter || !ValueName || !ValueData)
		return STOR_STATUS_INVALID_PARAMETER;
	if (minirq_irql_current() > PASSIVE_LEVEL)
		return STOR_STATUS_INVALID_IRQL;
	name = full_name(SubKeyName, ValueName);
	written = name && write_value(adapter->name, name, ValueType, ValueData,
				      ValueDataLength);
	kfree(name);
	return written ? STOR_STATUS_SUCCESS : STOR_STATUS_UNSUCCESSFUL;
}
EXPORT_SYMBOL_GPL(StorPortRegistryWriteAdapterKey);
