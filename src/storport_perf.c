// SPDX-License-Identifier: GPL-2.0-only
/*
 * StorPort performance options: how requests are spread over CPUs, channels and
 * messages. What is answered comes from where the kernel has put each vector.
 */
#include "storport_perf.h"

#include <linux/cpumask.h>
#include <linux/export.h>
#include <linux/irq.h>
#include <linux/numa.h>
#include <linux/pci.h>

#include "interrupt.h"
#include "irql.h"
#include "processor.h"
#include "storport.h"
#include "storport_memory.h"
#include "storport_request.h"
#include "verifier.h"

#define OF_MESSAGES	(STOR_PERF_INTERRUPT_MESSAGE_RANGES | \
			 STOR_PERF_ADV_CONFIG_LOCALITY)

/**
 * struct option - a performance option
 * @flag:	its flag
 * @needs:	flags that it is nothing without
 * @version:	of PERF_CONFIGURATION_DATA, the first that has it
 */
struct option {
	ULONG flag;
	ULONG needs;
	ULONG version;
};

static const struct option options[] = {
	{ STOR_PERF_DPC_REDIRECTION, 0, STOR_PERF_VERSION_2 },
	{ STOR_PERF_CONCURRENT_CHANNELS, 0, STOR_PERF_VERSION_2 },
	{ STOR_PERF_INTERRUPT_MESSAGE_RANGES, STOR_PERF_DPC_REDIRECTION,
	  STOR_PERF_VERSION_2 },
	{ STOR_PERF_ADV_CONFIG_LOCALITY,
	  STOR_PERF_INTERRUPT_MESSAGE_RANGES | STOR_PERF_DPC_REDIRECTION,
	  STOR_PERF_VERSION_3 },
	{ STOR_PERF_OPTIMIZE_FOR_COMPLETION_DURING_STARTIO,
	  STOR_PERF_DPC_REDIRECTION, STOR_PERF_VERSION_3 },
	{ STOR_PERF_DPC_REDIRECTION_CURRENT_CPU, STOR_PERF_DPC_REDIRECTION,
	  STOR_PERF_VERSION_4 },
	{ STOR_PERF_NO_SGL, 0, STOR_PERF_VERSION_5 },
};

static unsigned int messages_of(struct minirq_stor_adapter *adapter)
{
	return adapter->intr && adapter->intr->message ? adapter->intr->count :
							 0;
}

/* What an adapter can have, as far as this version of the structure knows. */
static ULONG supported(struct minirq_stor_adapter *adapter, ULONG version)
{
	ULONG flags = 0;
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if (options[i].version <= version)
			flags |= options[i].flag;
	return messages_of(adapter) ? flags : flags & ~OF_MESSAGES;
}

static bool needs_met(ULONG flags)
{
	unsigned int i;

	for (i = 0; i < ARRAY_SIZE(options); i++)
		if ((flags & options[i].flag) && (~flags & options[i].needs))
			return false;
	return true;
}

/* Only what a flag selects is looked at. */
static bool parameters_valid(struct minirq_stor_adapter *adapter,
			     const PERF_CONFIGURATION_DATA *data)
{
	ULONG first = data->FirstRedirectionMessageNumber;
	ULONG last = data->LastRedirectionMessageNumber;

	if ((data->Flags & STOR_PERF_CONCURRENT_CHANNELS) &&
	    !data->ConcurrentChannels)
		return false;
	if ((data->Flags & STOR_PERF_INTERRUPT_MESSAGE_RANGES) &&
	    (first > last || last >= messages_of(adapter)))
		return false;
	return !(data->Flags & STOR_PERF_ADV_CONFIG_LOCALITY) ||
	       data->MessageTargets;
}

/* The CPUs that a message may interrupt now. */
static const struct cpumask *cpus_of(struct minirq_stor_adapter *adapter,
				     unsigned int id)
{
	const struct cpumask *cpus =
		irq_get_effective_affinity_mask(adapter->intr->each[id].irq);

	return cpus && !cpumask_empty(cpus) ? cpus : cpu_online_mask;
}

static void fill_locality(struct minirq_stor_adapter *adapter,
			  PPERF_CONFIGURATION_DATA data)
{
	struct pci_dev *pdev = adapter->memory->pdev;
	int node = pdev ? dev_to_node(&pdev->dev) : NUMA_NO_NODE;
	ULONG first = data->FirstRedirectionMessageNumber;
	ULONG id;

	data->DeviceNode = node == NUMA_NO_NODE ? 0 : node;
	for (id = first; id <= data->LastRedirectionMessageNumber; id++) {
		GROUP_AFFINITY target = {};

		target.Mask = minirq_processor_affinity(cpus_of(adapter, id),
							&target.Group);
		data->MessageTargets[id - first] = target;
	}
}

static ULONG apply(struct minirq_stor_adapter *adapter,
		   PPERF_CONFIGURATION_DATA data)
{
	struct minirq_stor_perf perf = { .flags = data->Flags };

	if (data->Flags & ~supported(adapter, data->Version) ||
	    !needs_met(data->Flags))
		return STOR_STATUS_UNSUCCESSFUL;
	if (!parameters_valid(adapter, data))
		return STOR_STATUS_INVALID_PARAMETER;
	if (data->Flags & STOR_PERF_CONCURRENT_CHANNELS)
		perf.channels = data->ConcurrentChannels;
	if (messages_of(adapter))
		perf.last = messages_of(adapter) - 1;
	if (data->Flags & STOR_PERF_INTERRUPT_MESSAGE_RANGES) {
		perf.first = data->FirstRedirectionMessageNumber;
		perf.last = data->LastRedirectionMessageNumber;
	}
	if (data->Flags & STOR_PERF_ADV_CONFIG_LOCALITY)
		fill_locality(adapter, data);
	adapter->perf = perf;
	return STOR_STATUS_SUCCESS;
}

static bool initializing(struct minirq_stor_adapter *adapter)
{
	enum minirq_stor_routine routine = minirq_storport_routine(adapter);

	return routine == MINIRQ_STOR_ROUTINE_INITIALIZE ||
	       routine == MINIRQ_STOR_ROUTINE_PASSIVE_INITIALIZE;
}

/**
 * StorPortInitializePerfOpts() - ask for performance options, or choose them
 * @HwDeviceExtension:	the adapter
 * @Query:		TRUE to ask which there are
 * @PerfConfigData:	Version and Size are the caller's. A query stores the
 *			Flags that an adapter with these interrupts can have;
 *			otherwise Flags are what is wanted, and DeviceNode and
 *			MessageTargets are filled when a flag asks for them
 *
 * The last successful choice is the one that counts.
 *
 * Differs from Windows: redirection is about where a request's completion is
 * delivered; a STOR_DPC runs on the CPU that issues it.
 *
 * Context: from HwStorInitialize or HwStorPassiveInitializeRoutine.
 * Page: nf-storport-storportinitializeperfopts
 * Return:
 * * STOR_STATUS_SUCCESS
 * * STOR_STATUS_INVALID_PARAMETER - a NULL pointer, a wrong Size or Version, or
 *   what a flag selects makes no sense
 * * STOR_STATUS_UNSUCCESSFUL - called elsewhere, or a flag is unknown, newer
 *   than Version, not for this adapter, or lacks one that it needs; nothing
 *   has been applied
 */
ULONG StorPortInitializePerfOpts(PVOID HwDeviceExtension, BOOLEAN Query,
				 PPERF_CONFIGURATION_DATA PerfConfigData)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);

	if (adapter && !PerfConfigData)
		minirq_violation(MINIRQ_RULE_STOR_PERF_OPTS, MINIRQ_CALLER,
				 "%s: no PERF_CONFIGURATION_DATA",
				 adapter->name);
	if (!adapter || !PerfConfigData)
		return STOR_STATUS_INVALID_PARAMETER;
	if (!initializing(adapter))
		return STOR_STATUS_UNSUCCESSFUL;
	if (PerfConfigData->Size != sizeof(*PerfConfigData) ||
	    PerfConfigData->Version < STOR_PERF_VERSION_2)
		return STOR_STATUS_INVALID_PARAMETER;
	if (!Query)
		return apply(adapter, PerfConfigData);
	PerfConfigData->Flags = supported(adapter, PerfConfigData->Version);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortInitializePerfOpts);

/**
 * minirq_storport_message_for() - a message that interrupts a CPU
 * @adapter:	a connected adapter
 * @cpu:	the CPU
 *
 * Return: one of the messages that take part in redirection; where none of them
 * is bound for the CPU the CPUs are spread over all of them.
 */
unsigned int minirq_storport_message_for(struct minirq_stor_adapter *adapter,
					 unsigned int cpu)
{
	const struct minirq_stor_perf *perf = &adapter->perf;
	unsigned int i, id, first, count = messages_of(adapter);

	if (!count)
		return 0;
	first = perf->flags ? perf->first : 0;
	if (perf->flags)
		count = perf->last - perf->first + 1;
	for (i = 0; i < count; i++) {
		id = first + (cpu + i) % count;
		if (cpumask_test_cpu(cpu, cpus_of(adapter, id)))
			return id;
	}
	return first + cpu % count;
}

/**
 * minirq_storport_completion_cpu() - where a request's completion is delivered
 * @adapter:	its adapter
 * @issuer:	the CPU that issued it
 * @message:	the message that it was meant to complete on
 *
 * Context: a pinned CPU.
 * Return: this CPU; with redirection the issuer, unless the message takes no
 * part in it, or the driver wants the CPU that asks.
 */
unsigned int
minirq_storport_completion_cpu(struct minirq_stor_adapter *adapter,
			       unsigned int issuer, unsigned int message)
{
	const struct minirq_stor_perf *perf = &adapter->perf;
	bool redirected = perf->flags & STOR_PERF_DPC_REDIRECTION &&
			  !(perf->flags & STOR_PERF_DPC_REDIRECTION_CURRENT_CPU);

	if (!redirected || message < perf->first || message > perf->last ||
	    !cpu_online(issuer))
		return smp_processor_id();
	return issuer;
}

/**
 * StorPortGetMessageInterruptIDFromProcessorIndex() - a message for a CPU
 * @HwDeviceExtension:	the adapter
 * @ProcessorIndex:	system-wide index of a CPU
 * @MessageId:		where the message is stored
 *
 * Context: IRQL <= DIRQL.
 * Page: nf-storport-storportgetmessageinterruptidfromprocessorindex
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer
 * or no such CPU; STOR_STATUS_UNSUCCESSFUL when the adapter has no messages.
 */
ULONG StorPortGetMessageInterruptIDFromProcessorIndex(PVOID HwDeviceExtension,
						      ULONG ProcessorIndex,
						      PULONG MessageId)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);

	if (!adapter || !MessageId || !minirq_processor_valid(ProcessorIndex))
		return STOR_STATUS_INVALID_PARAMETER;
	if (!messages_of(adapter))
		return STOR_STATUS_UNSUCCESSFUL;
	*MessageId = minirq_storport_message_for(adapter, ProcessorIndex);
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetMessageInterruptIDFromProcessorIndex);

/**
 * StorPortGetStartIoPerfParams() - on which channel and message is a request?
 * @HwDeviceExtension:	the adapter
 * @Srb:		a request in HwStorStartIo
 * @StartIoPerfParams:	Size is the caller's; MessageNumber and ChannelNumber
 *			are filled
 *
 * Context: IRQL <= DIRQL, from HwStorStartIo.
 * Page: nf-storport-storportgetstartioperfparams
 * Return: STOR_STATUS_SUCCESS; STOR_STATUS_INVALID_PARAMETER for a NULL pointer,
 * a wrong Size, or an SRB that is not the adapter's.
 */
ULONG StorPortGetStartIoPerfParams(PVOID HwDeviceExtension,
				   PSCSI_REQUEST_BLOCK Srb,
				   PSTARTIO_PERFORMANCE_PARAMETERS
					StartIoPerfParams)
{
	struct minirq_stor_adapter *adapter =
		minirq_stor_adapter_of(HwDeviceExtension);
	struct minirq_stor_request *request;

	if (!adapter || !Srb || !StartIoPerfParams ||
	    StartIoPerfParams->Size != sizeof(*StartIoPerfParams))
		return STOR_STATUS_INVALID_PARAMETER;
	request = minirq_stor_request_of(adapter, Srb);
	if (!request)
		return STOR_STATUS_INVALID_PARAMETER;
	StartIoPerfParams->MessageNumber = request->message;
	StartIoPerfParams->ChannelNumber = request->channel;
	return STOR_STATUS_SUCCESS;
}
EXPORT_SYMBOL_GPL(StorPortGetStartIoPerfParams);
