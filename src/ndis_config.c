// SPDX-License-Identifier: GPL-2.0-only
/* The configuration of NDIS drivers and adapters. */
#include <linux/ctype.h>
#include <linux/device.h>
#include <linux/export.h>
#include <linux/kernel.h>
#include <linux/kstrtox.h>
#include <linux/slab.h>

#include "config.h"
#include "ndis_owner.h"
#include "verifier.h"

/**
 * struct config_key - what a configuration handle points to
 * @object:	its owner's; first, as the driver holds a pointer to it
 * @answers:	what has been read through it, freed with it
 * @path:	"", or the subkeys that lead to it, each with a backslash behind
 */
struct config_key {
	struct minirq_ndis_object object;
	struct list_head answers;
	char path[];
};

/**
 * struct answer - a value that a driver has been given
 * @list:	in its key
 * @parameter:	what the driver got a pointer to
 * @data:	what that points to
 */
struct answer {
	struct list_head list;
	NDIS_CONFIGURATION_PARAMETER parameter;
	WCHAR data[];
};

static void free_key(struct minirq_ndis_object *object)
{
	struct config_key *key = container_of(object, struct config_key, object);
	struct answer *answer, *next;

	list_for_each_entry_safe(answer, next, &key->answers, list)
		kfree(answer);
	kfree(key);
}

static const struct minirq_ndis_kind key_kind = {
	.name = "configuration handle",
	.free = free_key,
};

static bool at_passive(const char *function, void *caller)
{
	return minirq_ndis_level(PASSIVE_LEVEL, MINIRQ_RULE_NDIS_IRQL_MISC,
				 function, caller);
}

static struct config_key *key_of(NDIS_HANDLE handle, const char *function,
				 void *caller)
{
	struct minirq_ndis_object *object;

	if (!at_passive(function, caller))
		return NULL;
	object = minirq_ndis_object_of(handle, &key_kind, function, caller);
	return object ? container_of(object, struct config_key, object) : NULL;
}

static const char *device_of(const struct minirq_ndis_owner *owner)
{
	return owner->dev ? dev_name(owner->dev) : NULL;
}

static struct config_key *open_key(struct minirq_ndis_owner *owner, const char *path,
				   void *caller)
{
	struct config_key *key = kzalloc(struct_size(key, path, strlen(path) + 1),
					 GFP_KERNEL);

	if (!key)
		return NULL;
	INIT_LIST_HEAD(&key->answers);
	strcpy(key->path, path);
	minirq_ndis_object_add(&key->object, owner, &key_kind, caller);
	return key;
}

/**
 * NdisOpenConfigurationEx() - get access to configuration
 * @ConfigObject:		names the adapter or the driver
 * @ConfigurationHandle:	where the handle is stored
 *
 * Differs from Windows: the values come from the parameter ``config`` of the
 * driver's module.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndisopenconfigurationex
 * Return: NDIS_STATUS_SUCCESS; NDIS_STATUS_RESOURCES for want of memory;
 * NDIS_STATUS_FAILURE for a NULL pointer, a header of another structure, a
 * handle that is neither an adapter nor a driver, or another level.
 */
NDIS_STATUS NdisOpenConfigurationEx(PNDIS_CONFIGURATION_OBJECT ConfigObject,
				    PNDIS_HANDLE ConfigurationHandle)
{
	struct minirq_ndis_owner *owner;

	if (!ConfigObject || !ConfigurationHandle ||
	    ConfigObject->Header.Type != NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT)
		return NDIS_STATUS_FAILURE;
	if (!at_passive("NdisOpenConfigurationEx", MINIRQ_CALLER))
		return NDIS_STATUS_FAILURE;
	owner = minirq_ndis_owner_of(ConfigObject->NdisHandle, __func__,
				     MINIRQ_CALLER);
	if (!owner)
		return NDIS_STATUS_FAILURE;
	*ConfigurationHandle = open_key(owner, "", MINIRQ_CALLER);
	return *ConfigurationHandle ? NDIS_STATUS_SUCCESS :
				      NDIS_STATUS_RESOURCES;
}
EXPORT_SYMBOL_GPL(NdisOpenConfigurationEx);

/* path + string + end; names in the registry that are not ASCII do not occur */
static char *narrow(const char *path, const NDIS_STRING *string,
		    const char *end)
{
	size_t count = string->Length / sizeof(WCHAR), before = strlen(path), i;
	char *text = kmalloc(before + count + strlen(end) + 1, GFP_KERNEL);

	if (!text)
		return NULL;
	strcpy(text, path);
	for (i = 0; i < count; i++)
		text[before + i] = string->Buffer[i];
	strcpy(text + before + count, end);
	return text;
}

/**
 * NdisOpenConfigurationKeyByName() - open a subkey
 * @Status:			where the status is stored
 * @ConfigurationHandle:	an open key
 * @SubKeyName:			its name; it exists when a value in it does
 * @SubKeyHandle:		where the handle is stored
 *
 * The status is NDIS_STATUS_SUCCESS, or NDIS_STATUS_FAILURE.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndisopenconfigurationkeybyname
 */
VOID NdisOpenConfigurationKeyByName(PNDIS_STATUS Status,
				    NDIS_HANDLE ConfigurationHandle,
				    PNDIS_STRING SubKeyName,
				    PNDIS_HANDLE SubKeyHandle)
{
	struct config_key *key = key_of(ConfigurationHandle, __func__, MINIRQ_CALLER);
	struct minirq_ndis_owner *owner;
	char *path;

	*Status = NDIS_STATUS_FAILURE;
	if (!key)
		return;
	path = narrow(key->path, SubKeyName, "\\");
	if (!path)
		return;
	owner = key->object.owner;
	if (minirq_config_has_key(owner->config, owner->name, device_of(owner),
				  path)) {
		*SubKeyHandle = open_key(owner, path, MINIRQ_CALLER);
		if (*SubKeyHandle)
			*Status = NDIS_STATUS_SUCCESS;
	}
	kfree(path);
}
EXPORT_SYMBOL_GPL(NdisOpenConfigurationKeyByName);

/**
 * NdisCloseConfiguration() - close a configuration handle
 * @ConfigurationHandle:	the handle; what was read through it is freed
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndiscloseconfiguration
 */
VOID NdisCloseConfiguration(NDIS_HANDLE ConfigurationHandle)
{
	struct config_key *key = key_of(ConfigurationHandle, __func__, MINIRQ_CALLER);

	if (key && minirq_ndis_object_remove(&key->object))
		free_key(&key->object);
}
EXPORT_SYMBOL_GPL(NdisCloseConfiguration);

static char *read_text(struct config_key *key, const NDIS_STRING *keyword)
{
	struct minirq_ndis_owner *owner = key->object.owner;
	char *name = narrow(key->path, keyword, ""), *text;

	if (!name)
		return NULL;
	text = minirq_config_read(owner->config, owner->name, device_of(owner),
				  name);
	if (!text && !strcasecmp(name, "NdisVersion"))
		text = kasprintf(GFP_KERNEL, "%u", NdisGetVersion());
	kfree(name);
	return text;
}

/* A number of 32 bits, signed or not; 0x says so for either base. */
static int parse_integer(struct answer *answer, const char *text,
			 unsigned int base)
{
	long long value;
	int err;

	if (!strncasecmp(text, "0x", 2))
		base = 16;
	err = kstrtoll(text, base, &value);
	if (err || value < S32_MIN || value > U32_MAX)
		return -EINVAL;
	answer->parameter.ParameterType = NdisParameterInteger;
	answer->parameter.ParameterData.IntegerData = value;
	return 0;
}

/* There is room for two terminators, which a list of strings has. */
static int parse_string(struct answer *answer, const char *text,
			NDIS_PARAMETER_TYPE type)
{
	NDIS_STRING *string = &answer->parameter.ParameterData.StringData;
	size_t count = strlen(text), i;

	for (i = 0; i < count; i++)
		answer->data[i] = (u8)text[i];
	if (type == NdisParameterMultiString)
		count += 2;
	answer->parameter.ParameterType = type;
	string->Buffer = answer->data;
	string->Length = count * sizeof(WCHAR);
	string->MaximumLength = string->Length + sizeof(WCHAR);
	return 0;
}

static int parse_binary(struct answer *answer, const char *text)
{
	BINARY_DATA *binary = &answer->parameter.ParameterData.BinaryData;
	size_t count = strlen(text) / 2;

	if (strlen(text) % 2 || hex2bin((u8 *)answer->data, text, count))
		return -EINVAL;
	answer->parameter.ParameterType = NdisParameterBinary;
	binary->Buffer = answer->data;
	binary->Length = count;
	return 0;
}

static int parse(struct answer *answer, const char *text,
		 NDIS_PARAMETER_TYPE type)
{
	switch (type) {
	case NdisParameterInteger:
		return parse_integer(answer, text, 10);
	case NdisParameterHexInteger:
		return parse_integer(answer, text, 16);
	case NdisParameterString:
	case NdisParameterMultiString:
		return parse_string(answer, text, type);
	case NdisParameterBinary:
		return parse_binary(answer, text);
	}
	return -EINVAL;
}

static struct answer *new_answer(struct config_key *key, size_t length)
{
	/* with MultiString: a terminator, an empty string, one behind Length */
	struct answer *answer = kzalloc(struct_size(answer, data, length + 3),
					GFP_KERNEL);

	if (answer)
		list_add(&answer->list, &key->answers);
	return answer;
}

static NDIS_STATUS answer_text(struct config_key *key, const char *text,
			       NDIS_PARAMETER_TYPE type,
			       PNDIS_CONFIGURATION_PARAMETER *value)
{
	struct answer *answer;

	if (strlen(text) > S16_MAX / sizeof(WCHAR))
		return NDIS_STATUS_FAILURE;
	answer = new_answer(key, strlen(text));
	if (!answer)
		return NDIS_STATUS_RESOURCES;
	if (parse(answer, text, type))
		return NDIS_STATUS_FAILURE;
	*value = &answer->parameter;
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisReadConfiguration() - read a value
 * @Status:			where the status is stored
 * @ParameterValue:		where a pointer to the value is stored
 * @ConfigurationHandle:	an open key
 * @Keyword:			the name of the value
 * @ParameterType:		what to make of its text
 *
 * The value is the driver's until it closes the handle. The status is
 * NDIS_STATUS_SUCCESS; NDIS_STATUS_FAILURE when there is none, or it is not of
 * the wanted type; NDIS_STATUS_RESOURCES for want of memory.
 *
 * Differs from Windows: the text of a parameter has no type of its own, so the
 * wanted one decides. An integer may be written with 0x.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndisreadconfiguration
 */
VOID NdisReadConfiguration(PNDIS_STATUS Status,
			   PNDIS_CONFIGURATION_PARAMETER *ParameterValue,
			   NDIS_HANDLE ConfigurationHandle,
			   PNDIS_STRING Keyword,
			   NDIS_PARAMETER_TYPE ParameterType)
{
	struct config_key *key = key_of(ConfigurationHandle, __func__, MINIRQ_CALLER);
	char *text = key ? read_text(key, Keyword) : NULL;

	*Status = NDIS_STATUS_FAILURE;
	if (text)
		*Status = answer_text(key, text, ParameterType, ParameterValue);
	kfree(text);
}
EXPORT_SYMBOL_GPL(NdisReadConfiguration);

static char *hexadecimal(const BINARY_DATA *data)
{
	char *text = kzalloc(2 * data->Length + 1, GFP_KERNEL);

	if (text)
		bin2hex(text, data->Buffer, data->Length);
	return text;
}

/* The text to write; NULL for a type that cannot be written. */
static char *text_of(PNDIS_CONFIGURATION_PARAMETER value)
{
	switch (value->ParameterType) {
	case NdisParameterInteger:
	case NdisParameterHexInteger:
		return kasprintf(GFP_KERNEL, "0x%x",
				 value->ParameterData.IntegerData);
	case NdisParameterString:
		return narrow("", &value->ParameterData.StringData, "");
	case NdisParameterBinary:
		return hexadecimal(&value->ParameterData.BinaryData);
	default:
		return NULL;
	}
}

/**
 * NdisWriteConfiguration() - write a value
 * @Status:			where the status is stored
 * @ConfigurationHandle:	an open key
 * @Keyword:			the name of the value
 * @ParameterValue:		the value
 *
 * The status is NDIS_STATUS_SUCCESS; NDIS_STATUS_NOT_SUPPORTED for a type that
 * cannot be written; NDIS_STATUS_RESOURCES; NDIS_STATUS_FAILURE without an
 * open key.
 *
 * Differs from Windows: what is written stays until minirq is unloaded; lists of
 * strings cannot be written.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndiswriteconfiguration
 */
VOID NdisWriteConfiguration(PNDIS_STATUS Status, NDIS_HANDLE ConfigurationHandle,
			    PNDIS_STRING Keyword,
			    PNDIS_CONFIGURATION_PARAMETER ParameterValue)
{
	struct config_key *key = key_of(ConfigurationHandle, __func__, MINIRQ_CALLER);
	char *name, *text;

	*Status = NDIS_STATUS_FAILURE;
	if (!key)
		return;
	*Status = NDIS_STATUS_NOT_SUPPORTED;
	if (ParameterValue->ParameterType > NdisParameterBinary ||
	    ParameterValue->ParameterType == NdisParameterMultiString)
		return;
	name = narrow(key->path, Keyword, "");
	text = text_of(ParameterValue);
	*Status = NDIS_STATUS_RESOURCES;
	if (name && text &&
	    !minirq_config_write(key->object.owner->name, name, text))
		*Status = NDIS_STATUS_SUCCESS;
	kfree(name);
	kfree(text);
}
EXPORT_SYMBOL_GPL(NdisWriteConfiguration);

/* Pairs of hexadecimal digits, with or without a mark between them. */
static int parse_address(struct answer *answer, const char *text)
{
	u8 *bytes = (u8 *)answer->data;
	size_t count = 0;

	while (*text) {
		if (hex2bin(&bytes[count++], text, 1))
			return -EINVAL;
		text += 2;
		if (*text == '-' || *text == ':')
			text++;
	}
	return count;
}

static NDIS_STATUS answer_address(struct config_key *key, const char *text,
				  PVOID *address, PUINT length)
{
	struct answer *answer = new_answer(key, strlen(text));
	int count;

	if (!answer)
		return NDIS_STATUS_FAILURE;
	count = parse_address(answer, text);
	if (count <= 0)
		return NDIS_STATUS_FAILURE;
	*address = answer->data;
	*length = count;
	return NDIS_STATUS_SUCCESS;
}

/**
 * NdisReadNetworkAddress() - read the address that an adapter is to have
 * @Status:			where the status is stored
 * @NetworkAddress:		where a pointer to its bytes is stored
 * @NetworkAddressLength:	where their number is stored
 * @ConfigurationHandle:	an open key
 *
 * Reads the value NetworkAddress. The bytes are the driver's until it closes
 * the handle. The status is NDIS_STATUS_SUCCESS, or NDIS_STATUS_FAILURE.
 *
 * Context: IRQL = PASSIVE_LEVEL.
 * Page: nf-ndis-ndisreadnetworkaddress
 */
VOID NdisReadNetworkAddress(PNDIS_STATUS Status, PVOID *NetworkAddress,
			    PUINT NetworkAddressLength,
			    NDIS_HANDLE ConfigurationHandle)
{
	static WCHAR name[] = { 'N', 'e', 't', 'w', 'o', 'r', 'k', 'A', 'd',
				'd', 'r', 'e', 's', 's' };
	static const NDIS_STRING keyword = { sizeof(name), sizeof(name), name };
	struct config_key *key = key_of(ConfigurationHandle, __func__, MINIRQ_CALLER);
	char *text = key ? read_text(key, &keyword) : NULL;

	*Status = NDIS_STATUS_FAILURE;
	if (text)
		*Status = answer_address(key, text, NetworkAddress,
					 NetworkAddressLength);
	kfree(text);
}
EXPORT_SYMBOL_GPL(NdisReadNetworkAddress);
