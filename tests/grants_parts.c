// SPDX-License-Identifier: GPL-2.0-only
/* The grants miniport makes use of all that init code of a miniport makes use of. */
#include "grants_ndis.h"

#define PARTS_VENDOR		0x8086
#define PARTS_DEVICE		0x10d3
#define PARTS_LENGTH		64
#define PARTS_PATIENCE		5000

#define E1000_IOADDR		0	/* ports: which register */
#define E1000_IODATA		4	/* ports: that register */
#define E1000_TCTL_EN		0x00000002U
#define E1000_TX_EOP_FCS_RS	0x0B	/* one packet, with its checksum; tell when done */
#define E1000_TX_DONE		0x01

/* The device's: a packet to send */
typedef struct _E1000_TX_DESCRIPTOR {
	ULONGLONG Address;
	USHORT Length;
	UCHAR Offset;
	UCHAR Command;
	UCHAR Status;
	UCHAR Start;
	USHORT Special;
} E1000_TX_DESCRIPTOR, *PE1000_TX_DESCRIPTOR;

#define PARTS_DESCRIPTORS	8
#define PARTS_RING		(PARTS_DESCRIPTORS * sizeof(E1000_TX_DESCRIPTOR))

/* A routine that is called later, and what it saw */
typedef struct _PARTS_CALL {
	NDIS_EVENT Done;
	KIRQL Irql;
	LONG Calls;
} PARTS_CALL, *PPARTS_CALL;

/* What stands in config space, and a byte in it that may be written. */
static BOOLEAN PartsBusData(PGRANTS_ADAPTER Adapter)
{
	ULONG Offset = FIELD_OFFSET(PCI_COMMON_CONFIG, CacheLineSize);
	UCHAR Old, New, Written = 0x10;
	PCI_COMMON_CONFIG Config;

	if (NdisMGetBusData(Adapter->Handle, PCI_WHICHSPACE_CONFIG, 0, &Config, sizeof(Config)) !=
	    sizeof(Config))
		return FALSE;
	Old = Config.CacheLineSize;
	NdisMSetBusData(Adapter->Handle, PCI_WHICHSPACE_CONFIG, Offset, &Written, 1);
	NdisMGetBusData(Adapter->Handle, PCI_WHICHSPACE_CONFIG, Offset, &New, 1);
	NdisMSetBusData(Adapter->Handle, PCI_WHICHSPACE_CONFIG, Offset, &Old, 1);
	return New == Written && Config.VendorID == PARTS_VENDOR &&
	       Config.DeviceID == PARTS_DEVICE && Config.HeaderType == PCI_DEVICE_TYPE &&
	       Config.Status & PCI_STATUS_CAPABILITIES_LIST && Config.u.type0.CapabilitiesPtr;
}

static BOOLEAN PartsRegisters(PGRANTS_ADAPTER Adapter)
{
	GrantsWrite(Adapter, E1000_TDBAL, 0x12345670);
	return GrantsRead(Adapter, E1000_TDBAL) == 0x12345670 &&
	       !(GrantsRead(Adapter, E1000_IMS) & 0x1F00000);
}

/* The device shows each register through two ports, too. */
static BOOLEAN PartsPorts(PGRANTS_ADAPTER Adapter)
{
	PUCHAR Port;
	ULONG Value;

	if (NdisMRegisterIoPortRange((PVOID *)&Port, Adapter->Handle, Adapter->FirstPort,
				     Adapter->PortCount) != NDIS_STATUS_SUCCESS)
		return FALSE;
	NdisRawWritePortUlong(Port + E1000_IOADDR, E1000_RAL);
	NdisRawReadPortUlong(Port + E1000_IODATA, &Value);
	NdisMDeregisterIoPortRange(Adapter->Handle, Adapter->FirstPort, Adapter->PortCount, Port);
	return Value && Value == GrantsRead(Adapter, E1000_RAL);
}

static BOOLEAN PartsMemory(PGRANTS_ADAPTER Adapter)
{
	PUCHAR One = NdisAllocateMemoryWithTagPriority(Adapter->Handle, PARTS_LENGTH, 0,
						       NormalPoolPriority);
	PUCHAR Other = NdisAllocateMemoryWithTagPriority(Adapter->Handle, PARTS_LENGTH, 0,
							 NormalPoolPriority);
	BOOLEAN Works = FALSE;

	if (One && Other) {
		NdisFillMemory(One, PARTS_LENGTH, 0x5A);
		NdisMoveMemory(Other, One, PARTS_LENGTH);
		Works = NdisEqualMemory(Other, One, PARTS_LENGTH) &&
			Other[PARTS_LENGTH - 1] == 0x5A;
		NdisZeroMemory(One, PARTS_LENGTH);
		Works = Works && !NdisEqualMemory(Other, One, PARTS_LENGTH);
	}
	if (One)
		NdisFreeMemory(One, PARTS_LENGTH, 0);
	if (Other)
		NdisFreeMemory(Other, PARTS_LENGTH, 0);
	return Works;
}

/* The device fetches a descriptor from the memory, and writes that it has. */
static BOOLEAN PartsSend(PGRANTS_ADAPTER Adapter, PE1000_TX_DESCRIPTOR Ring,
			 NDIS_PHYSICAL_ADDRESS Address)
{
	UCHAR Status = 0;
	ULONG Tries;

	NdisZeroMemory(Ring, PARTS_RING + PARTS_LENGTH);
	Ring->Address = Address.QuadPart + PARTS_RING;
	Ring->Length = PARTS_LENGTH;
	Ring->Command = E1000_TX_EOP_FCS_RS;
	GrantsWrite(Adapter, E1000_TDBAL, NdisGetPhysicalAddressLow(Address));
	GrantsWrite(Adapter, E1000_TDBAH, NdisGetPhysicalAddressHigh(Address));
	GrantsWrite(Adapter, E1000_TDLEN, PARTS_RING);
	GrantsWrite(Adapter, E1000_TDH, 0);
	GrantsWrite(Adapter, E1000_TDT, 0);
	GrantsWrite(Adapter, E1000_TCTL, E1000_TCTL_EN);
	GrantsWrite(Adapter, E1000_TDT, 1);
	for (Tries = 0; Tries < PARTS_PATIENCE && !(Status & E1000_TX_DONE); Tries++) {
		NdisStallExecution(50);
		NdisReadRegisterUchar(&Ring->Status, &Status);
	}
	GrantsWrite(Adapter, E1000_TCTL, 0);
	return Status & E1000_TX_DONE;
}

static VOID PartsProcessList(PDEVICE_OBJECT DeviceObject, PVOID Reserved,
			     PSCATTER_GATHER_LIST List, PVOID Context)
{
}

static BOOLEAN PartsSharedMemory(PGRANTS_ADAPTER Adapter)
{
	NDIS_SG_DMA_DESCRIPTION Dma = {
		.Header = {
			NDIS_OBJECT_TYPE_SG_DMA_DESCRIPTION,
			NDIS_SG_DMA_DESCRIPTION_REVISION_1,
			NDIS_SIZEOF_SG_DMA_DESCRIPTION_REVISION_1,
		},
		.Flags = NDIS_SG_DMA_64_BIT_ADDRESS,
		.MaximumPhysicalMapping = 1514,
		.ProcessSGListHandler = PartsProcessList,
	};
	NDIS_PHYSICAL_ADDRESS Address;
	NDIS_HANDLE Handle;
	BOOLEAN Works = FALSE;
	PVOID Memory;

	if (NdisMRegisterScatterGatherDma(Adapter->Handle, &Dma, &Handle) != NDIS_STATUS_SUCCESS)
		return FALSE;
	NdisMAllocateSharedMemory(Adapter->Handle, PARTS_RING + PARTS_LENGTH, FALSE, &Memory,
				  &Address);
	if (Memory) {
		Works = PartsSend(Adapter, Memory, Address);
		NdisMFreeSharedMemory(Adapter->Handle, PARTS_RING + PARTS_LENGTH, FALSE, Memory,
				      Address);
	}
	NdisMDeregisterScatterGatherDma(Handle);
	return Works;
}

static BOOLEAN PartsIsAddress(PGRANTS_ADAPTER Adapter, PUCHAR Address, UINT Length)
{
	ULONG Low = GrantsRead(Adapter, E1000_RAL);
	ULONG High = GrantsRead(Adapter, E1000_RAH);

	return Length == 6 && NdisEqualMemory(Address, &Low, 4) &&
	       NdisEqualMemory(Address + 4, &High, 2);
}

static NDIS_STATUS PartsReadConfiguration(PGRANTS_ADAPTER Adapter, NDIS_HANDLE Configuration,
					  PBOOLEAN Works)
{
	NDIS_STRING Keyword = NDIS_STRING_CONST("Number");
	PNDIS_CONFIGURATION_PARAMETER Value;
	NDIS_STATUS Status;
	PVOID Address;
	UINT Length;

	NdisReadConfiguration(&Status, &Value, Configuration, &Keyword, NdisParameterInteger);
	if (Status != NDIS_STATUS_SUCCESS)
		return Status;
	*Works = Value->ParameterData.IntegerData == 4711;
	NdisReadNetworkAddress(&Status, &Address, &Length, Configuration);
	if (Status == NDIS_STATUS_SUCCESS)
		*Works = *Works && PartsIsAddress(Adapter, Address, Length);
	return Status;
}

/* The test has the driver configured with a number, and the device's own address. */
static BOOLEAN PartsConfiguration(PGRANTS_ADAPTER Adapter)
{
	NDIS_CONFIGURATION_OBJECT Object = {
		.Header = {
			NDIS_OBJECT_TYPE_CONFIGURATION_OBJECT,
			NDIS_CONFIGURATION_OBJECT_REVISION_1,
			NDIS_SIZEOF_CONFIGURATION_OBJECT_REVISION_1,
		},
		.NdisHandle = Adapter->Handle,
	};
	NDIS_HANDLE Configuration;
	BOOLEAN Works = FALSE;
	NDIS_STATUS Status;

	if (NdisOpenConfigurationEx(&Object, &Configuration) != NDIS_STATUS_SUCCESS)
		return FALSE;
	Status = PartsReadConfiguration(Adapter, Configuration, &Works);
	NdisCloseConfiguration(Configuration);
	return Status == NDIS_STATUS_SUCCESS && Works;
}

static BOOLEAN PartsSpinLock(PGRANTS_ADAPTER Adapter)
{
	NDIS_SPIN_LOCK Lock;
	BOOLEAN Works;
	KIRQL Irql;

	NdisAllocateSpinLock(&Lock);
	NdisAcquireSpinLock(&Lock);
	Works = NDIS_CURRENT_IRQL() == DISPATCH_LEVEL;
	NdisReleaseSpinLock(&Lock);
	Works = Works && NDIS_CURRENT_IRQL() == PASSIVE_LEVEL;
	NDIS_RAISE_IRQL_TO_DISPATCH(&Irql);
	NdisDprAcquireSpinLock(&Lock);
	NdisDprReleaseSpinLock(&Lock);
	NDIS_LOWER_IRQL(Irql, DISPATCH_LEVEL);
	NdisFreeSpinLock(&Lock);
	return Works;
}

static BOOLEAN PartsRwLock(PGRANTS_ADAPTER Adapter)
{
	PNDIS_RW_LOCK_EX Lock = NdisAllocateRWLock(Adapter->Handle);
	LOCK_STATE_EX Read, Write;
	BOOLEAN Works;

	if (!Lock)
		return FALSE;
	NdisAcquireRWLockRead(Lock, &Read, 0);
	Works = NDIS_CURRENT_IRQL() == DISPATCH_LEVEL;
	NdisReleaseRWLock(Lock, &Read);
	NdisAcquireRWLockWrite(Lock, &Write, 0);
	Works = Works && NDIS_CURRENT_IRQL() == DISPATCH_LEVEL;
	NdisReleaseRWLock(Lock, &Write);
	Works = Works && NDIS_CURRENT_IRQL() == PASSIVE_LEVEL;
	NdisFreeRWLock(Lock);
	return Works;
}

static VOID PartsCalled(PPARTS_CALL Call)
{
	Call->Irql = NDIS_CURRENT_IRQL();
	InterlockedIncrement(&Call->Calls);
	NdisSetEvent(&Call->Done);
}

static VOID PartsWork(PVOID Context, NDIS_HANDLE Item)
{
	PartsCalled(Context);
}

static BOOLEAN PartsWorkItem(PGRANTS_ADAPTER Adapter)
{
	NDIS_HANDLE Item = NdisAllocateIoWorkItem(Adapter->Handle);
	PARTS_CALL Call = { .Irql = HIGH_LEVEL };
	BOOLEAN Works;

	if (!Item)
		return FALSE;
	NdisInitializeEvent(&Call.Done);
	NdisQueueIoWorkItem(Item, PartsWork, &Call);
	Works = NdisWaitEvent(&Call.Done, PARTS_PATIENCE) && Call.Irql == PASSIVE_LEVEL;
	NdisFreeIoWorkItem(Item);
	return Works;
}

static VOID PartsRing(PVOID Dpc, PVOID Context, PVOID Unused1, PVOID Unused2)
{
	PartsCalled(Context);
}

/* Three times, and then no more. */
static BOOLEAN PartsRingThreeTimes(NDIS_HANDLE Timer, PPARTS_CALL Call)
{
	LARGE_INTEGER Due = { .QuadPart = -10000 };
	BOOLEAN Works = TRUE;
	LONG Before;

	NdisSetTimerObject(Timer, Due, 1, NULL);
	do {
		Before = Call->Calls;
		Works = Works && NdisWaitEvent(&Call->Done, PARTS_PATIENCE);
		NdisResetEvent(&Call->Done);
	} while (Works && Before < 3);
	Works = NdisCancelTimerObject(Timer) && Works;
	return Works && Call->Irql == DISPATCH_LEVEL && !NdisCancelTimerObject(Timer);
}

static BOOLEAN PartsTimer(PGRANTS_ADAPTER Adapter)
{
	PARTS_CALL Call = { .Irql = HIGH_LEVEL };
	NDIS_TIMER_CHARACTERISTICS Characteristics = {
		.Header = {
			NDIS_OBJECT_TYPE_TIMER_CHARACTERISTICS,
			NDIS_TIMER_CHARACTERISTICS_REVISION_1,
			NDIS_SIZEOF_TIMER_CHARACTERISTICS_REVISION_1,
		},
		.TimerFunction = PartsRing,
		.FunctionContext = &Call,
	};
	NDIS_HANDLE Timer;
	BOOLEAN Works;

	NdisInitializeEvent(&Call.Done);
	if (NdisAllocateTimerObject(Adapter->Handle, &Characteristics, &Timer) !=
	    NDIS_STATUS_SUCCESS)
		return FALSE;
	Works = PartsRingThreeTimes(Timer, &Call);
	NdisFreeTimerObject(Timer);
	return Works;
}

static BOOLEAN PartsEvent(PGRANTS_ADAPTER Adapter)
{
	NDIS_EVENT Event;
	BOOLEAN Works;

	NdisInitializeEvent(&Event);
	Works = !NdisWaitEvent(&Event, 1);
	NdisSetEvent(&Event);
	Works = Works && NdisWaitEvent(&Event, 0);
	NdisResetEvent(&Event);
	return Works && !NdisWaitEvent(&Event, 1);
}

static BOOLEAN PartsLists(PGRANTS_ADAPTER Adapter)
{
	NPAGED_LOOKASIDE_LIST Entries;
	SLIST_HEADER Head;
	PSLIST_ENTRY Entry;
	NDIS_SPIN_LOCK Lock;
	BOOLEAN Works = FALSE;

	NdisAllocateSpinLock(&Lock);
	NdisInitializeSListHead(&Head);
	NdisInitializeNPagedLookasideList(&Entries, NULL, NULL, 0, PARTS_LENGTH, 0, 0);
	Entry = NdisAllocateFromNPagedLookasideList(&Entries);
	if (Entry) {
		NdisInterlockedPushEntrySList(&Head, Entry, &Lock);
		Works = NdisQueryDepthSList(&Head) == 1 &&
			NdisInterlockedPopEntrySList(&Head, &Lock) == Entry &&
			!NdisInterlockedPopEntrySList(&Head, &Lock);
		NdisFreeToNPagedLookasideList(&Entries, Entry);
	}
	NdisDeleteNPagedLookasideList(&Entries);
	NdisFreeSpinLock(&Lock);
	return Works;
}

static BOOLEAN PartsTime(PGRANTS_ADAPTER Adapter)
{
	LARGE_INTEGER Before, After, UpTime;
	ULONG Milliseconds;

	NdisGetCurrentSystemTime(&Before);
	NdisGetSystemUpTimeEx(&UpTime);
	NdisMSleep(20000);
	NdisGetSystemUpTime(&Milliseconds);
	NdisGetCurrentSystemTime(&After);
	/* clocks of the last tick may each be one tick late */
	return After.QuadPart - Before.QuadPart >= 100000 &&
	       Milliseconds - (ULONG)UpTime.QuadPart >= 10;
}

/* The CPUs that receive-side scaling may use are all there are. */
static BOOLEAN PartsProcessors(PGRANTS_ADAPTER Adapter)
{
	PNDIS_RSS_PROCESSOR_INFO Info;
	BOOLEAN Works = FALSE;
	SIZE_T Size = 0;

	if (NdisGetRssProcessorInformation(Adapter->Handle, NULL, &Size) !=
	    NDIS_STATUS_BUFFER_TOO_SHORT)
		return FALSE;
	Info = NdisAllocateMemoryWithTagPriority(Adapter->Handle, Size, 0, NormalPoolPriority);
	if (!Info)
		return FALSE;
	if (NdisGetRssProcessorInformation(Adapter->Handle, Info, &Size) == NDIS_STATUS_SUCCESS)
		Works = Info->RssProcessorCount == NdisSystemProcessorCount() &&
			Info->RssProcessorCount == NdisGroupActiveProcessorCount(0);
	NdisFreeMemory(Info, 0, 0);
	return Works;
}

GRANTS_PART GrantsParts[] = {
	{ "bus_data", PartsBusData },
	{ "registers", PartsRegisters },
	{ "ports", PartsPorts },
	{ "memory", PartsMemory },
	{ "shared_memory", PartsSharedMemory },
	{ "configuration", PartsConfiguration },
	{ "spin_lock", PartsSpinLock },
	{ "rw_lock", PartsRwLock },
	{ "work_item", PartsWorkItem },
	{ "timer", PartsTimer },
	{ "event", PartsEvent },
	{ "lists", PartsLists },
	{ "time", PartsTime },
	{ "processors", PartsProcessors },
};

const unsigned int GrantsPartCount = RTL_NUMBER_OF(GrantsParts);

VOID GrantsTryParts(PGRANTS_ADAPTER Adapter)
{
	ULONG i;

	for (i = 0; i < GrantsPartCount; i++)
		GrantsParts[i].Works = GrantsParts[i].Try(Adapter);
}
