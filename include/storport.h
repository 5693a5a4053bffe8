/* SPDX-License-Identifier: GPL-2.0-only */
/* StorPort: storage miniport drivers and their interrupts. */
#ifndef _NTSTORPORT_
#define _NTSTORPORT_

#include <wdm.h>
#include <srb.h>

EXTERN_C_START

/* Status of a port function */
#define STOR_STATUS_SUCCESS			0x00000000U
#define STOR_STATUS_UNSUCCESSFUL		0xC1000001U
#define STOR_STATUS_NOT_IMPLEMENTED		0xC1000002U
#define STOR_STATUS_INSUFFICIENT_RESOURCES	0xC1000003U
#define STOR_STATUS_BUFFER_TOO_SMALL		0xC1000004U
#define STOR_STATUS_ACCESS_DENIED		0xC1000005U
#define STOR_STATUS_INVALID_PARAMETER		0xC1000006U
#define STOR_STATUS_INVALID_DEVICE_REQUEST	0xC1000007U
#define STOR_STATUS_INVALID_IRQL		0xC1000008U
#define STOR_STATUS_INVALID_DEVICE_STATE	0xC1000009U
#define STOR_STATUS_INVALID_BUFFER_SIZE		0xC100000AU
#define STOR_STATUS_UNSUPPORTED_VERSION		0xC100000BU
#define STOR_STATUS_BUSY			0xC100000CU
#define STOR_STATUS_THROTTLED_REQUEST		0xC100000DU
#define STOR_STATUS_TIMEOUT			0xC100000EU
#define STOR_STATUS_INVALID_DATA		0xC100000FU

typedef PHYSICAL_ADDRESS STOR_PHYSICAL_ADDRESS, *PSTOR_PHYSICAL_ADDRESS;
typedef KSPIN_LOCK STOR_KSPIN_LOCK, *PSTOR_KSPIN_LOCK;

struct _HW_INITIALIZATION_DATA;
struct _PORT_CONFIGURATION_INFORMATION;
struct _STOR_DPC;
struct _STOR_LOCK_HANDLE;

typedef struct _PORT_CONFIGURATION_INFORMATION
	PORT_CONFIGURATION_INFORMATION, *PPORT_CONFIGURATION_INFORMATION;
typedef struct _STOR_DPC STOR_DPC, *PSTOR_DPC;
typedef struct _STOR_LOCK_HANDLE STOR_LOCK_HANDLE, *PSTOR_LOCK_HANDLE;

typedef enum _STOR_SYNCHRONIZATION_MODEL {
	StorSynchronizeHalfDuplex,
	StorSynchronizeFullDuplex
} STOR_SYNCHRONIZATION_MODEL;

typedef enum _INTERRUPT_SYNCHRONIZATION_MODE {
	InterruptSupportNone,
	InterruptSynchronizeAll,
	InterruptSynchronizePerMessage
} INTERRUPT_SYNCHRONIZATION_MODE;

typedef enum _STOR_SPINLOCK {
	InvalidLock,
	DpcLock,
	StartIoLock,
	InterruptLock,
	ThreadedDpcLock,
	DpcLevelLock
} STOR_SPINLOCK;

typedef enum _SCSI_NOTIFICATION_TYPE {
	RequestComplete,
	NextRequest,
	NextLuRequest,
	ResetDetected,
	_obsolete1,
	_obsolete2,
	RequestTimerCall,
	BusChangeDetected,
	WMIEvent,
	WMIReregister,
	LinkUp,
	LinkDown,
	QueryTickCount,
	BufferOverrunDetected,
	TraceNotification,
	GetExtendedFunctionTable,

	EnablePassiveInitialization = 0x1000,
	InitializeDpc,
	IssueDpc,
	AcquireSpinLock,
	ReleaseSpinLock,
	StateChangeDetectedCall,
	IoTargetRequestServiceTime,
	AsyncNotificationDetected
} SCSI_NOTIFICATION_TYPE, *PSCSI_NOTIFICATION_TYPE;

typedef enum _STORPORT_FUNCTION_CODE {
	ExtFunctionAllocatePool,
	ExtFunctionFreePool,
	ExtFunctionAllocateMdl,
	ExtFunctionFreeMdl,
	ExtFunctionBuildMdlForNonPagedPool,
	ExtFunctionGetSystemAddress,
	ExtFunctionGetOriginalMdl,
	ExtFunctionCompleteServiceIrp,
	ExtFunctionGetDeviceObjects,
	ExtFunctionBuildScatterGatherList,
	ExtFunctionPutScatterGatherList,
	ExtFunctionAcquireMSISpinLock,
	ExtFunctionReleaseMSISpinLock,
	ExtFunctionGetMessageInterruptInformation,
	ExtFunctionInitializePerformanceOptimizations,
	ExtFunctionGetStartIoPerformanceParameters,
	ExtFunctionLogSystemEvent,
	ExtFunctionGetCurrentProcessorNumber,
	ExtFunctionGetActiveGroupCount,
	ExtFunctionGetGroupAffinity,
	ExtFunctionGetActiveNodeCount,
	ExtFunctionGetNodeAffinity,
	ExtFunctionGetHighestNodeNumber,
	ExtFunctionGetLogicalProcessorRelationship,
	ExtFunctionAllocateContiguousMemorySpecifyCacheNode,
	ExtFunctionFreeContiguousMemorySpecifyCache,
	ExtFunctionSetPowerSettingNotificationGuids,
	ExtFunctionInvokeAcpiMethod,
	ExtFunctionGetRequestInfo,
	ExtFunctionInitializeWorker,
	ExtFunctionQueueWorkItem,
	ExtFunctionFreeWorker,
	ExtFunctionInitializeTimer,
	ExtFunctionRequestTimer,
	ExtFunctionFreeTimer,
	ExtFunctionInitializeSListHead,
	ExtFunctionInterlockedFlushSList,
	ExtFunctionInterlockedPopEntrySList,
	ExtFunctionInterlockedPushEntrySList,
	ExtFunctionQueryDepthSList,
	ExtFunctionGetActivityId,
	ExtFunctionGetSystemPortNumber,
	ExtFunctionGetDataInBufferMdl,
	ExtFunctionGetDataInBufferSystemAddress,
	ExtFunctionGetDataInBufferScatterGatherList,
	ExtFunctionMarkDumpMemory,
	ExtFunctionSetUnitAttributes,
	ExtFunctionQueryPerformanceCounter,
	ExtFunctionInitializePoFxPower,
	ExtFunctionPoFxActivateComponent,
	ExtFunctionPoFxIdleComponent,
	ExtFunctionPoFxSetComponentLatency,
	ExtFunctionPoFxSetComponentResidency,
	ExtFunctionPoFxPowerControl,
	ExtFunctionFlushDataBufferMdl,
	ExtFunctionDeviceOperationAllowed,
	ExtFunctionGetProcessorIndexFromNumber,
	ExtFunctionPoFxSetIdleTimeout,
	ExtFunctionMiniportEtwEvent2,
	ExtFunctionMiniportEtwEvent4,
	ExtFunctionMiniportEtwEvent8,
	ExtFunctionCurrentOsInstallationUpgrade,
	ExtFunctionRegistryReadAdapterKey,
	ExtFunctionRegistryWriteAdapterKey,
	ExtFunctionSetAdapterBusType,
	ExtFunctionPoFxRegisterPerfStates,
	ExtFunctionPoFxSetPerfState,
	ExtFunctionGetD3ColdSupport,
	ExtFunctionInitializeRpmb,
	ExtFunctionAllocateHmb,
	ExtFunctionFreeHmb,
	ExtFunctionPropagateIrpExtension,
	ExtFunctionInterlockedInsertHeadList,
	ExtFunctionInterlockedInsertTailList,
	ExtFunctionInterlockedRemoveHeadList,
	ExtFunctionInitializeSpinlock,
	ExtFunctionGetPfns,
	ExtFunctionInitializeCryptoEngine,
	ExtFunctionGetRequestCryptoInfo,
	ExtFunctionMiniportTelemetry,
	ExtFunctionUpdateAdapterMaxIO,
	ExtFunctionDelayExecution,
	ExtFunctionAllocateDmaMemory,
	ExtFunctionFreeDmaMemory,
	ExtFunctionUpdateAdapterMaxIOInfo,
	ExtFunctionMiniportChannelEtwEvent2,
	ExtFunctionMiniportChannelEtwEvent4,
	ExtFunctionMiniportChannelEtwEvent8,
	ExtFunctionInitializeHighResolutionTimer,
	ExtFunctionRequestHighResolutionTimer,
	ExtFunctionCancelHighResolutionTimer,
	ExtFunctionFreeHighResolutionTimer,
	ExtFunctionGetCurrentProcessorIndex,
	ExtFunctionAcquireSpinLock,
	ExtFunctionGetProcessorCount,
	ExtFunctionCancelDpc,
	ExtFunctionMiniportTelemetryEx,
	ExtFunctionQueryConfiguration,
	ExtFunctionLogHardwareError,
	ExtFunctionInitializeEvent,
	ExtFunctionWaitForEvent,
	ExtFunctionSetEvent,
	ExtFunctionDeviceReset,
	ExtFunctionSetFeatureList,
	ExtFunctionCaptureLiveDump,
	ExtFunctionMiniportLogByteStream,
	ExtFunctionQueryDpcWatchdogInformation,
	ExtFunctionQueryTimerMinInterval,
	ExtFunctionMaskPciMsixEntry,
	ExtFunctionGetCurrentIrql,
	ExtFunctionCreateSystemThread,
	ExtFunctionSetPriorityThread,
	ExtFunctionSetSystemGroupAffinityThread,
	ExtFunctionRevertToUserGroupAffinityThread,
	ExtFunctionDeviceResetEx,
	ExtFunctionMiniportReportInternalData,
	ExtFunctionGetMessageInterruptIDFromProcessorIndex,
	ExtFunctionGetNodeAffinity2
} STORPORT_FUNCTION_CODE, *PSTORPORT_FUNCTION_CODE;

typedef enum _SCSI_ADAPTER_CONTROL_TYPE {
	ScsiQuerySupportedControlTypes,
	ScsiStopAdapter,
	ScsiRestartAdapter,
	ScsiSetBootConfig,
	ScsiSetRunningConfig,
	ScsiPowerSettingNotification,
	ScsiAdapterPower,
	ScsiAdapterPoFxPowerRequired,
	ScsiAdapterPoFxPowerActive,
	ScsiAdapterPoFxPowerSetFState,
	ScsiAdapterPoFxPowerControl,
	ScsiAdapterPrepareForBusReScan,
	ScsiAdapterSystemPowerHints,
	ScsiAdapterFilterResourceRequirements,
	ScsiAdapterPoFxMaxOperationalPower,
	ScsiAdapterPoFxSetPerfState,
	ScsiAdapterSurpriseRemoval,
	ScsiAdapterSerialNumber,
	ScsiAdapterCryptoOperation,
	ScsiAdapterQueryFruId,
	ScsiAdapterSetEventLogging,
	ScsiAdapterControlMax,
	MakeAdapterControlTypeSizeOfUlong = -1
} SCSI_ADAPTER_CONTROL_TYPE, *PSCSI_ADAPTER_CONTROL_TYPE;

typedef enum _SCSI_ADAPTER_CONTROL_STATUS {
	ScsiAdapterControlSuccess,
	ScsiAdapterControlUnsuccessful
} SCSI_ADAPTER_CONTROL_STATUS, *PSCSI_ADAPTER_CONTROL_STATUS;

/* What HwStorAdapterControl is told about power */
#define STOR_POWER_CONTROL_VERSION	1

typedef struct _STOR_POWER_CONTROL_HEADER {
	ULONG Version;
	ULONG Size;
} STOR_POWER_CONTROL_HEADER, *PSTOR_POWER_CONTROL_HEADER;

typedef enum _STOR_POWER_ACTION {
	StorPowerActionNone,
	StorPowerActionReserved,
	StorPowerActionSleep,
	StorPowerActionHibernate,
	StorPowerActionShutdown,
	StorPowerActionShutdownReset,
	StorPowerActionShutdownOff,
	StorPowerActionWarmEject
} STOR_POWER_ACTION, *PSTOR_POWER_ACTION;

typedef enum _STOR_DEVICE_POWER_STATE {
	StorPowerDeviceUnspecified,
	StorPowerDeviceD0,
	StorPowerDeviceD1,
	StorPowerDeviceD2,
	StorPowerDeviceD3,
	StorPowerDeviceMaximum
} STOR_DEVICE_POWER_STATE, *PSTOR_DEVICE_POWER_STATE;

typedef struct _STOR_ADAPTER_CONTROL_POWER {
	STOR_POWER_CONTROL_HEADER Header;
	STOR_POWER_ACTION PowerAction;
	STOR_DEVICE_POWER_STATE PowerState;
} STOR_ADAPTER_CONTROL_POWER, *PSTOR_ADAPTER_CONTROL_POWER;

/* What it is asked before its adapter is granted resources */
#define STOR_FILTER_RESOURCE_REQUIREMENTS_V1	1

typedef struct _STOR_FILTER_RESOURCE_REQUIREMENTS {
	ULONG Version;
	ULONG Size;
	PIO_RESOURCE_REQUIREMENTS_LIST IoResourceRequirementsList;
} STOR_FILTER_RESOURCE_REQUIREMENTS, *PSTOR_FILTER_RESOURCE_REQUIREMENTS;

typedef struct _SCSI_SUPPORTED_CONTROL_TYPE_LIST {
	ULONG MaxControlType;
	BOOLEAN SupportedTypeList[];
} SCSI_SUPPORTED_CONTROL_TYPE_LIST, *PSCSI_SUPPORTED_CONTROL_TYPE_LIST;

typedef enum _SCSI_UNIT_CONTROL_TYPE {
	ScsiQuerySupportedUnitControlTypes,
	ScsiUnitUsage,
	ScsiUnitStart,
	ScsiUnitPower,
	ScsiUnitPoFxPowerInfo,
	ScsiUnitPoFxPowerRequired,
	ScsiUnitPoFxPowerActive,
	ScsiUnitPoFxPowerSetFState,
	ScsiUnitPoFxPowerControl,
	ScsiUnitRemove,
	ScsiUnitSurpriseRemoval,
	ScsiUnitRichDescription,
	ScsiUnitQueryBusType,
	ScsiUnitQueryFruId,
	ScsiUnitControlMax,
	MakeUnitControlTypeSizeOfUlong = -1
} SCSI_UNIT_CONTROL_TYPE, *PSCSI_UNIT_CONTROL_TYPE;

typedef enum _SCSI_UNIT_CONTROL_STATUS {
	ScsiUnitControlSuccess,
	ScsiUnitControlUnsuccessful
} SCSI_UNIT_CONTROL_STATUS, *PSCSI_UNIT_CONTROL_STATUS;

/*
 * Roles. Windows' compiler lets the pointer parameters of a definition differ from its role, gcc
 * does not: in C they are unprototyped, except where a parameter is narrower than int. The shim
 * itself, which calls them, has the parameters checked, and so has sparse.
 */
#if defined(__cplusplus) || defined(_LINUX_TYPES_H) || defined(__CHECKER__)
#define _MinirqRole(...)	(__VA_ARGS__)
#else
#define _MinirqRole(...)	()
#define _MINIRQ_UNPROTOTYPED
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wstrict-prototypes"
#endif

typedef ULONG sp_DRIVER_INITIALIZE _MinirqRole(PVOID DriverObject, PVOID RegistryPath);
typedef BOOLEAN HW_INITIALIZE _MinirqRole(PVOID DeviceExtension);
typedef BOOLEAN HW_BUILDIO _MinirqRole(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb);
typedef BOOLEAN HW_STARTIO _MinirqRole(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb);
typedef BOOLEAN HW_INTERRUPT _MinirqRole(PVOID DeviceExtension);
typedef BOOLEAN HW_MESSAGE_SIGNALED_INTERRUPT_ROUTINE _MinirqRole(PVOID DeviceExtension,
								  ULONG MessageId);
typedef VOID HW_TIMER _MinirqRole(PVOID DeviceExtension);
typedef VOID HW_TIMER_EX _MinirqRole(PVOID DeviceExtension, PVOID Context);
typedef VOID HW_WORKITEM _MinirqRole(PVOID HwDeviceExtension, PVOID Context, PVOID Worker);
typedef ULONG HW_FIND_ADAPTER _MinirqRole(PVOID DeviceExtension, PVOID HwContext,
					  PVOID BusInformation, PCHAR ArgumentString,
					  PPORT_CONFIGURATION_INFORMATION ConfigInfo,
					  PBOOLEAN Reserved3);
typedef BOOLEAN HW_RESET_BUS _MinirqRole(PVOID DeviceExtension, ULONG PathId);
typedef SCSI_ADAPTER_CONTROL_STATUS
HW_ADAPTER_CONTROL _MinirqRole(PVOID DeviceExtension, SCSI_ADAPTER_CONTROL_TYPE ControlType,
			       PVOID Parameters);
typedef SCSI_UNIT_CONTROL_STATUS HW_UNIT_CONTROL _MinirqRole(PVOID DeviceExtension,
							     SCSI_UNIT_CONTROL_TYPE ControlType,
							     PVOID Parameters);
typedef BOOLEAN HW_PASSIVE_INITIALIZE_ROUTINE _MinirqRole(PVOID DeviceExtension);
typedef VOID HW_DPC_ROUTINE _MinirqRole(PSTOR_DPC Dpc, PVOID HwDeviceExtension,
					PVOID SystemArgument1, PVOID SystemArgument2);
typedef BOOLEAN STOR_SYNCHRONIZED_ACCESS _MinirqRole(PVOID HwDeviceExtension, PVOID Context);
typedef VOID HW_FREE_ADAPTER_RESOURCES _MinirqRole(PVOID DeviceExtension);
typedef VOID HW_PROCESS_SERVICE_REQUEST _MinirqRole(PVOID DeviceExtension, PVOID Irp);
typedef VOID HW_COMPLETE_SERVICE_IRP _MinirqRole(PVOID DeviceExtension);
typedef VOID HW_INITIALIZE_TRACING _MinirqRole(PVOID Arg1, PVOID Arg2);
typedef VOID HW_CLEANUP_TRACING _MinirqRole(PVOID Arg1);

#ifdef _MINIRQ_UNPROTOTYPED
#undef _MINIRQ_UNPROTOTYPED
#pragma GCC diagnostic pop
#endif

typedef VOID HW_STATE_CHANGE(PVOID HwDeviceExtension, PVOID Context, SHORT AddressType,
			     PVOID Address, ULONG Status);
typedef VOID HW_TRACING_ENABLED(PVOID HwDeviceExtension, BOOLEAN Enabled);
typedef BOOLEAN HW_ADAPTER_STATE(PVOID HwDeviceExtension, PVOID Context, BOOLEAN SaveState);

typedef HW_INITIALIZE *PHW_INITIALIZE;
typedef HW_BUILDIO *PHW_BUILDIO;
typedef HW_STARTIO *PHW_STARTIO;
typedef HW_INTERRUPT *PHW_INTERRUPT;
typedef HW_MESSAGE_SIGNALED_INTERRUPT_ROUTINE *PHW_MESSAGE_SIGNALED_INTERRUPT_ROUTINE;
typedef HW_TIMER *PHW_TIMER;
typedef HW_TIMER_EX *PHW_TIMER_EX;
typedef HW_WORKITEM *PHW_WORKITEM;
typedef HW_FIND_ADAPTER *PHW_FIND_ADAPTER;
typedef HW_RESET_BUS *PHW_RESET_BUS;
typedef HW_ADAPTER_CONTROL *PHW_ADAPTER_CONTROL;
typedef HW_UNIT_CONTROL *PHW_UNIT_CONTROL;
typedef HW_PASSIVE_INITIALIZE_ROUTINE *PHW_PASSIVE_INITIALIZE_ROUTINE;
typedef HW_DPC_ROUTINE *PHW_DPC_ROUTINE;
typedef STOR_SYNCHRONIZED_ACCESS *PSTOR_SYNCHRONIZED_ACCESS;
typedef HW_FREE_ADAPTER_RESOURCES *PHW_FREE_ADAPTER_RESOURCES;
typedef HW_PROCESS_SERVICE_REQUEST *PHW_PROCESS_SERVICE_REQUEST;
typedef HW_COMPLETE_SERVICE_IRP *PHW_COMPLETE_SERVICE_IRP;
typedef HW_INITIALIZE_TRACING *PHW_INITIALIZE_TRACING;
typedef HW_CLEANUP_TRACING *PHW_CLEANUP_TRACING;
typedef HW_STATE_CHANGE *PHW_STATE_CHANGE;
typedef HW_TRACING_ENABLED *PHW_TRACING_ENABLED;
typedef HW_ADAPTER_STATE *PHW_ADAPTER_STATE;

/* What a driver registers */
#define SRB_TYPE_FLAG_SCSI_REQUEST_BLOCK	0x00000001
#define SRB_TYPE_FLAG_STORAGE_REQUEST_BLOCK	0x00000002
#define ADDRESS_TYPE_FLAG_BTL8			0x00000001

#define STOR_FEATURE_VIRTUAL_MINIPORT			0x00000001
#define STOR_FEATURE_ATA_PASS_THROUGH			0x00000002
#define STOR_FEATURE_FULL_PNP_DEVICE_CAPABILITIES	0x00000004
#define STOR_FEATURE_DUMP_POINTERS			0x00000008
#define STOR_FEATURE_DEVICE_NAME_NO_SUFFIX		0x00000010
#define STOR_FEATURE_DUMP_RESUME_CAPABLE		0x00000020
#define STOR_FEATURE_DEVICE_DESCRIPTOR_FROM_ATA_INFO_VPD	0x00000040
#define STOR_FEATURE_EXTRA_IO_INFORMATION		0x00000080

#define STOR_FEATURE_ADAPTER_CONTROL_PRE_FINDADAPTER	0x00000100
#define STOR_FEATURE_SET_ADAPTER_INTERFACE_TYPE		0x00000800

#define STOR_MAP_NO_BUFFERS		0
#define STOR_MAP_ALL_BUFFERS		1
#define STOR_MAP_NON_READ_WRITE_BUFFERS	2
#define STOR_MAP_ALL_BUFFERS_INCLUDING_READ_WRITE	3

typedef struct _HW_INITIALIZATION_DATA {
	ULONG HwInitializationDataSize;
	INTERFACE_TYPE AdapterInterfaceType;
	PHW_INITIALIZE HwInitialize;
	PHW_STARTIO HwStartIo;
	PHW_INTERRUPT HwInterrupt;
	PHW_FIND_ADAPTER HwFindAdapter;
	PHW_RESET_BUS HwResetBus;
	PVOID HwDmaStarted;
	PHW_ADAPTER_STATE HwAdapterState;
	ULONG DeviceExtensionSize;
	ULONG SpecificLuExtensionSize;
	ULONG SrbExtensionSize;
	ULONG NumberOfAccessRanges;
	PVOID Reserved;
	UCHAR MapBuffers;
	BOOLEAN NeedPhysicalAddresses;
	BOOLEAN TaggedQueuing;
	BOOLEAN AutoRequestSense;
	BOOLEAN MultipleRequestPerLu;
	BOOLEAN ReceiveEvent;
	USHORT VendorIdLength;
	PVOID VendorId;
	union {
		USHORT ReservedUshort;
		USHORT PortVersionFlags;
	};
	USHORT DeviceIdLength;
	PVOID DeviceId;
	PHW_ADAPTER_CONTROL HwAdapterControl;
	PHW_BUILDIO HwBuildIo;
	PHW_FREE_ADAPTER_RESOURCES HwFreeAdapterResources;
	PHW_PROCESS_SERVICE_REQUEST HwProcessServiceRequest;
	PHW_COMPLETE_SERVICE_IRP HwCompleteServiceIrp;
	PHW_INITIALIZE_TRACING HwInitializeTracing;
	PHW_CLEANUP_TRACING HwCleanupTracing;
	PHW_TRACING_ENABLED HwTracingEnabled;
	ULONG FeatureSupport;
	ULONG SrbTypeFlags;
	ULONG AddressTypeFlags;
	ULONG Reserved1;
	PHW_UNIT_CONTROL HwUnitControl;
} HW_INITIALIZATION_DATA, *PHW_INITIALIZATION_DATA;

/* What HwStorFindAdapter reads and fills in */
typedef struct _MEMORY_REGION {
	PUCHAR VirtualBase;
	PHYSICAL_ADDRESS PhysicalBase;
	ULONG Length;
} MEMORY_REGION, *PMEMORY_REGION;

struct _PORT_CONFIGURATION_INFORMATION {
	ULONG Length;
	ULONG SystemIoBusNumber;
	INTERFACE_TYPE AdapterInterfaceType;
	ULONG BusInterruptLevel;
	ULONG BusInterruptVector;
	KINTERRUPT_MODE InterruptMode;
	ULONG MaximumTransferLength;
	ULONG NumberOfPhysicalBreaks;
	ULONG DmaChannel;
	ULONG DmaPort;
	DMA_WIDTH DmaWidth;
	DMA_SPEED DmaSpeed;
	ULONG AlignmentMask;
	ULONG NumberOfAccessRanges;
	ACCESS_RANGE (*AccessRanges)[];
	union {
		PVOID Reserved;
		PVOID MiniportDumpData;
	};
	UCHAR NumberOfBuses;
	CCHAR InitiatorBusId[8];
	BOOLEAN ScatterGather;
	BOOLEAN Master;
	BOOLEAN CachesData;
	BOOLEAN AdapterScansDown;
	BOOLEAN AtdiskPrimaryClaimed;
	BOOLEAN AtdiskSecondaryClaimed;
	BOOLEAN Dma32BitAddresses;
	BOOLEAN DemandMode;
	UCHAR MapBuffers;
	BOOLEAN NeedPhysicalAddresses;
	BOOLEAN TaggedQueuing;
	BOOLEAN AutoRequestSense;
	BOOLEAN MultipleRequestPerLu;
	BOOLEAN ReceiveEvent;
	BOOLEAN RealModeInitialized;
	BOOLEAN BufferAccessScsiPortControlled;
	UCHAR MaximumNumberOfTargets;
	UCHAR SrbType;
	UCHAR AddressType;
	ULONG SlotNumber;
	ULONG BusInterruptLevel2;
	ULONG BusInterruptVector2;
	KINTERRUPT_MODE InterruptMode2;
	ULONG DmaChannel2;
	ULONG DmaPort2;
	DMA_WIDTH DmaWidth2;
	DMA_SPEED DmaSpeed2;
	ULONG DeviceExtensionSize;
	ULONG SpecificLuExtensionSize;
	ULONG SrbExtensionSize;
	UCHAR Dma64BitAddresses;
	BOOLEAN ResetTargetSupported;
	UCHAR MaximumNumberOfLogicalUnits;
	BOOLEAN WmiDataProvider;
	STOR_SYNCHRONIZATION_MODEL SynchronizationModel;
	PHW_MESSAGE_SIGNALED_INTERRUPT_ROUTINE HwMSInterruptRoutine;
	INTERRUPT_SYNCHRONIZATION_MODE InterruptSynchronizationMode;
	MEMORY_REGION DumpRegion;
	ULONG RequestedDumpBufferSize;
	BOOLEAN VirtualDevice;
	UCHAR DumpMode;
	UCHAR DmaAddressWidth;
	ULONG ExtendedFlags1;
	ULONG MaxNumberOfIO;
	ULONG MaxIOsPerLun;
	ULONG InitialLunQueueDepth;
	ULONG BusResetHoldTime;
	ULONG FeatureSupport;
};

/* What FeatureSupport of the configuration says, and DumpMode */
#define STOR_ADAPTER_FEATURE_DEVICE_TELEMETRY			0x00000001
#define STOR_ADAPTER_FEATURE_STOP_UNIT_DURING_POWER_DOWN	0x00000002
#define STOR_ADAPTER_UNCACHED_EXTENSION_NUMA_NODE_PREFERRED	0x00000004
#define STOR_ADAPTER_DMA_V3_PREFERRED				0x00000008
#define STOR_ADAPTER_FEATURE_ABORT_COMMAND			0x00000010
#define STOR_ADAPTER_FEATURE_RICH_TEMPERATURE_THRESHOLD		0x00000020

#define DUMP_MODE_CRASH		0x01
#define DUMP_MODE_HIBER		0x02
#define DUMP_MODE_MARK_MEMORY	0x03
#define DUMP_MODE_RESUME	0x04

/* Interrupt messages */
typedef struct _MESSAGE_INTERRUPT_INFORMATION {
	ULONG MessageId;
	ULONG MessageData;
	STOR_PHYSICAL_ADDRESS MessageAddress;
	ULONG InterruptVector;
	ULONG InterruptLevel;
	KINTERRUPT_MODE InterruptMode;
} MESSAGE_INTERRUPT_INFORMATION, *PMESSAGE_INTERRUPT_INFORMATION;

/* DPCs and locks */
struct _STOR_DPC {
	KDPC Dpc;
	KSPIN_LOCK Lock;
};

struct _STOR_LOCK_HANDLE {
	STOR_SPINLOCK Lock;
	struct {
		struct {
			PVOID Next;
			PVOID Lock;
		} LockQueue;
		KIRQL OldIrql;
	} Context;
};

typedef KDPC_WATCHDOG_INFORMATION STOR_DPC_WATCHDOG_INFORMATION, *PSTOR_DPC_WATCHDOG_INFORMATION;

/* Performance options */
#define STOR_PERF_VERSION_2	0x00000002
#define STOR_PERF_VERSION_3	0x00000003
#define STOR_PERF_VERSION_4	0x00000004
#define STOR_PERF_VERSION_5	0x00000005
#define STOR_PERF_VERSION	STOR_PERF_VERSION_5

#define STOR_PERF_DPC_REDIRECTION			0x00000001
#define STOR_PERF_CONCURRENT_CHANNELS			0x00000002
#define STOR_PERF_INTERRUPT_MESSAGE_RANGES		0x00000004
#define STOR_PERF_ADV_CONFIG_LOCALITY			0x00000008
#define STOR_PERF_OPTIMIZE_FOR_COMPLETION_DURING_STARTIO	0x00000010
#define STOR_PERF_DPC_REDIRECTION_CURRENT_CPU		0x00000020
#define STOR_PERF_NO_SGL				0x00000040

typedef struct _PERF_CONFIGURATION_DATA {
	ULONG Version;
	ULONG Size;
	ULONG Flags;
	ULONG ConcurrentChannels;
	ULONG FirstRedirectionMessageNumber;
	ULONG LastRedirectionMessageNumber;
	ULONG DeviceNode;
	ULONG Reserved;
	PGROUP_AFFINITY MessageTargets;
} PERF_CONFIGURATION_DATA, *PPERF_CONFIGURATION_DATA;

typedef struct _STARTIO_PERFORMANCE_PARAMETERS {
	ULONG Version;
	ULONG Size;
	ULONG MessageNumber;
	ULONG ChannelNumber;
} STARTIO_PERFORMANCE_PARAMETERS, *PSTARTIO_PERFORMANCE_PARAMETERS;

/* Scatter-gather lists */
typedef struct _STOR_SCATTER_GATHER_ELEMENT {
	STOR_PHYSICAL_ADDRESS PhysicalAddress;
	ULONG Length;
	ULONG_PTR Reserved;
} STOR_SCATTER_GATHER_ELEMENT, *PSTOR_SCATTER_GATHER_ELEMENT;

typedef struct _STOR_SCATTER_GATHER_LIST {
	ULONG NumberOfElements;
	ULONG_PTR Reserved;
	STOR_SCATTER_GATHER_ELEMENT List[];
} STOR_SCATTER_GATHER_LIST, *PSTOR_SCATTER_GATHER_LIST;

typedef VOID POST_SCATTER_GATHER_EXECUTE(PVOID *DeviceObject, PVOID *Irp,
					 PSTOR_SCATTER_GATHER_LIST ScatterGather, PVOID Context);
typedef POST_SCATTER_GATHER_EXECUTE *PPOST_SCATTER_GATHER_EXECUTE;

/* Changes, and notes for the log */
#define STATE_CHANGE_LUN	0x1
#define STATE_CHANGE_TARGET	0x2
#define STATE_CHANGE_BUS	0x4

#define RAID_ASYNC_NOTIFY_FLAG_MEDIA_STATUS	0x1
#define RAID_ASYNC_NOTIFY_FLAG_DEVICE_STATUS	0x2
#define RAID_ASYNC_NOTIFY_FLAG_DEVICE_OPERATION	0x4
#define RAID_ASYNC_NOTIFY_SUPPORTED_FLAGS	0x7

typedef enum _STOR_EVENT_ASSOCIATION_ENUM {
	StorEventAdapterAssociation,
	StorEventLunAssociation,
	StorEventTargetAssociation,
	StorEventInvalidAssociation
} STOR_EVENT_ASSOCIATION_ENUM;

#define STOR_CURRENT_LOG_INTERFACE_REVISION	0x00000100

typedef struct _STOR_LOG_EVENT_DETAILS {
	ULONG InterfaceRevision;
	ULONG Size;
	ULONG Flags;
	STOR_EVENT_ASSOCIATION_ENUM EventAssociation;
	ULONG PathId;
	ULONG TargetId;
	ULONG LunId;
	BOOLEAN StorportSpecificErrorCode;
	ULONG ErrorCode;
	ULONG UniqueId;
	ULONG DumpDataSize;
	PVOID DumpData;
	ULONG StringCount;
	PWSTR *StringList;
} STOR_LOG_EVENT_DETAILS, *PSTOR_LOG_EVENT_DETAILS;

/* Runtime power management, of which there is none */
#define STOR_POFX_UNKNOWN_POWER		0xFFFFFFFFU
#define STOR_POFX_UNKNOWN_TIME		0xFFFFFFFFFFFFFFFFULL

#define STOR_POFX_DEVICE_FLAG_NO_D0			0x01
#define STOR_POFX_DEVICE_FLAG_NO_D3			0x02
#define STOR_POFX_DEVICE_FLAG_ENABLE_D3_COLD		0x04
#define STOR_POFX_DEVICE_FLAG_NO_DUMP_ACTIVE		0x08
#define STOR_POFX_DEVICE_FLAG_IDLE_TIMEOUT		0x10
#define STOR_POFX_DEVICE_FLAG_ADAPTIVE_D3_IDLE_TIMEOUT	0x20
#define STOR_POFX_DEVICE_FLAG_NO_UNIT_REGISTRATION	0x40
#define STOR_POFX_DEVICE_FLAG_PERF_STATE_PEP_OPTIONAL	0x80
#define STOR_POFX_DEVICE_FLAG_NO_IDLE_DEBOUNCE		0x100
#define STOR_POFX_DEVICE_FLAG_DUMP_ALWAYS_POWER_ON	0x200
#define STOR_POFX_DEVICE_FLAG_DISABLE_INTERRUPTS_ON_D3	0x400
#define STOR_POFX_DEVICE_FLAG_ADAPTER_D3_WAKE		0x800

typedef struct _STOR_POFX_COMPONENT_IDLE_STATE {
	ULONG Version;
	ULONG Size;
	ULONGLONG TransitionLatency;
	ULONGLONG ResidencyRequirement;
	ULONG NominalPower;
} STOR_POFX_COMPONENT_IDLE_STATE, *PSTOR_POFX_COMPONENT_IDLE_STATE;

#define STOR_POFX_COMPONENT_IDLE_STATE_VERSION_V1	1
#define STOR_POFX_COMPONENT_IDLE_STATE_SIZE		sizeof(STOR_POFX_COMPONENT_IDLE_STATE)

typedef struct _STOR_POFX_COMPONENT {
	ULONG Version;
	ULONG Size;
	ULONG FStateCount;
	ULONG DeepestWakeableFState;
	GUID Id;
	STOR_POFX_COMPONENT_IDLE_STATE FStates[1];
} STOR_POFX_COMPONENT, *PSTOR_POFX_COMPONENT;

#define STOR_POFX_COMPONENT_VERSION_V1	1
#define STOR_POFX_COMPONENT_SIZE	sizeof(STOR_POFX_COMPONENT)

typedef struct _STOR_POFX_DEVICE {
	ULONG Version;
	ULONG Size;
	ULONG ComponentCount;
	ULONG Flags;
	STOR_POFX_COMPONENT Components[1];
} STOR_POFX_DEVICE, *PSTOR_POFX_DEVICE;

typedef struct _STOR_POFX_DEVICE_V2 {
	ULONG Version;
	ULONG Size;
	ULONG ComponentCount;
	ULONG Flags;
	union {
		ULONG UnitMinIdleTimeoutInMS;
		ULONG AdapterIdleTimeoutInMS;
	};
	STOR_POFX_COMPONENT Components[1];
} STOR_POFX_DEVICE_V2, *PSTOR_POFX_DEVICE_V2;

#define STOR_POFX_DEVICE_VERSION_V1	1
#define STOR_POFX_DEVICE_VERSION_V2	2
#define STOR_POFX_DEVICE_SIZE		sizeof(STOR_POFX_DEVICE)
#define STOR_POFX_DEVICE_V2_SIZE	sizeof(STOR_POFX_DEVICE_V2)

DEFINE_GUID(STORPORT_POFX_ADAPTER_GUID, 0xdcaf9c10, 0x895f, 0x481f, 0xa4, 0x92, 0xd4, 0xce, 0xd2,
	    0xf5, 0x56, 0x33);
DEFINE_GUID(STORPORT_POFX_LUN_GUID, 0x585d326b, 0x0b3a, 0x4088, 0x89, 0x39, 0x88, 0xb0, 0x0f, 0x69,
	    0x58, 0xbe);

/* Events for tracers of Windows, which are not here */
typedef enum _STORPORT_ETW_LEVEL {
	StorportEtwLevelLogAlways,
	StorportEtwLevelCritical,
	StorportEtwLevelError,
	StorportEtwLevelWarning,
	StorportEtwLevelInformational,
	StorportEtwLevelVerbose,
	StorportEtwLevelMax = StorportEtwLevelVerbose
} STORPORT_ETW_LEVEL, *PSTORPORT_ETW_LEVEL;

typedef enum _STORPORT_ETW_EVENT_OPCODE {
	StorportEtwEventOpcodeInfo,
	StorportEtwEventOpcodeStart,
	StorportEtwEventOpcodeStop,
	StorportEtwEventOpcodeDC_Start,
	StorportEtwEventOpcodeDC_Stop,
	StorportEtwEventOpcodeExtension,
	StorportEtwEventOpcodeReply,
	StorportEtwEventOpcodeResume,
	StorportEtwEventOpcodeSuspend,
	StorportEtwEventOpcodeSend,
	StorportEtwEventOpcodeReceive = 240
} STORPORT_ETW_EVENT_OPCODE, *PSTORPORT_ETW_EVENT_OPCODE;

typedef enum _STORPORT_ETW_EVENT_CHANNEL {
	StorportEtwEventDiagnostic,
	StorportEtwEventOperational,
	StorportEtwEventHealth,
	StorportEtwEventIoPerformance
} STORPORT_ETW_EVENT_CHANNEL, *PSTORPORT_ETW_EVENT_CHANNEL;

#define STORPORT_ETW_EVENT_KEYWORD_IO		0x01
#define STORPORT_ETW_EVENT_KEYWORD_PERFORMANCE	0x02
#define STORPORT_ETW_EVENT_KEYWORD_POWER	0x04
#define STORPORT_ETW_EVENT_KEYWORD_ENUMERATION	0x08

#define STORPORT_ETW_MAX_DESCRIPTION_LENGTH	32
#define STORPORT_ETW_MAX_PARAM_NAME_LENGTH	16

#define EVENT_BUFFER_MAX_LENGTH		4096
#define EVENT_NAME_MAX_LENGTH		32
#define EVENT_MAX_PARAM_NAME_LEN	32

typedef struct _STORPORT_TELEMETRY_EVENT {
	ULONG DriverVersion;
	ULONG EventId;
	UCHAR EventName[EVENT_NAME_MAX_LENGTH];
	ULONG EventVersion;
	ULONG Flags;
	ULONG EventBufferLength;
	PUCHAR EventBuffer;
	UCHAR ParameterName0[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue0;
	UCHAR ParameterName1[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue1;
	UCHAR ParameterName2[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue2;
	UCHAR ParameterName3[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue3;
	UCHAR ParameterName4[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue4;
	UCHAR ParameterName5[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue5;
	UCHAR ParameterName6[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue6;
	UCHAR ParameterName7[EVENT_MAX_PARAM_NAME_LEN];
	ULONGLONG ParameterValue7;
} STORPORT_TELEMETRY_EVENT, *PSTORPORT_TELEMETRY_EVENT;

/* Registration and resources */
ULONG StorPortInitialize(PVOID Argument1, PVOID Argument2,
			 struct _HW_INITIALIZATION_DATA *HwInitializationData, PVOID HwContext);
PVOID StorPortGetDeviceBase(PVOID HwDeviceExtension, INTERFACE_TYPE BusType,
			    ULONG SystemIoBusNumber, STOR_PHYSICAL_ADDRESS IoAddress,
			    ULONG NumberOfBytes, BOOLEAN InIoSpace);
VOID StorPortFreeDeviceBase(PVOID HwDeviceExtension, PVOID MappedAddress);
PVOID StorPortGetUncachedExtension(PVOID HwDeviceExtension,
				   PPORT_CONFIGURATION_INFORMATION ConfigInfo, ULONG NumberOfBytes);
STOR_PHYSICAL_ADDRESS StorPortGetPhysicalAddress(PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb,
						 PVOID VirtualAddress, ULONG *Length);
PVOID StorPortGetVirtualAddress(PVOID HwDeviceExtension, STOR_PHYSICAL_ADDRESS PhysicalAddress);
ULONG StorPortAllocateContiguousMemorySpecifyCacheNode(PVOID HwDeviceExtension,
						       SIZE_T NumberOfBytes,
						       PHYSICAL_ADDRESS LowestAcceptableAddress,
						       PHYSICAL_ADDRESS HighestAcceptableAddress,
						       PHYSICAL_ADDRESS BoundaryAddressMultiple,
						       MEMORY_CACHING_TYPE CacheType,
						       NODE_REQUIREMENT PreferredNode,
						       PVOID *BufferPointer);
ULONG StorPortFreeContiguousMemorySpecifyCache(PVOID HwDeviceExtension, PVOID BaseAddress,
					       SIZE_T NumberOfBytes, MEMORY_CACHING_TYPE CacheType);
ULONG StorPortAllocateDmaMemory(PVOID HwDeviceExtension, SIZE_T NumberOfBytes,
				PHYSICAL_ADDRESS LowestAcceptableAddress,
				PHYSICAL_ADDRESS HighestAcceptableAddress,
				PHYSICAL_ADDRESS BoundaryAddressMultiple,
				MEMORY_CACHING_TYPE CacheType, NODE_REQUIREMENT PreferredNode,
				PVOID *BufferPointer, PPHYSICAL_ADDRESS PhysicalAddress);
ULONG StorPortFreeDmaMemory(PVOID HwDeviceExtension, PVOID BaseAddress, SIZE_T NumberOfBytes,
			    MEMORY_CACHING_TYPE CacheType, PHYSICAL_ADDRESS PhysicalAddress);
ULONG StorPortAllocatePool(PVOID HwDeviceExtension, ULONG NumberOfBytes, ULONG Tag,
			   PVOID *BufferPointer);
ULONG StorPortFreePool(PVOID HwDeviceExtension, PVOID BufferPointer);
BOOLEAN
StorPortEnablePassiveInitialization(PVOID DeviceExtension,
				    PHW_PASSIVE_INITIALIZE_ROUTINE HwPassiveInitializeRoutine);

/* Messages, DPCs, locks */
ULONG StorPortGetMSIInfo(PVOID HwDeviceExtension, ULONG MessageId,
			 PMESSAGE_INTERRUPT_INFORMATION InterruptInfo);
ULONG StorPortAcquireMSISpinLock(PVOID HwDeviceExtension, ULONG MessageId, PULONG OldIrql);
ULONG StorPortReleaseMSISpinLock(PVOID HwDeviceExtension, ULONG MessageId, ULONG OldIrql);

VOID __minirq_storport_initialize_dpc(PVOID DeviceExtension, PSTOR_DPC Dpc,
				      PHW_DPC_ROUTINE HwDpcRoutine, struct __minirq_lock_key *_Key,
				      PCSTR _Name);
VOID StorPortInitializeDpc(PVOID DeviceExtension, PSTOR_DPC Dpc, PHW_DPC_ROUTINE HwDpcRoutine);
#define StorPortInitializeDpc(DeviceExtension, Dpc, HwDpcRoutine) \
	({ \
		static struct __minirq_lock_key __minirq_key; \
		__minirq_storport_initialize_dpc((DeviceExtension), (Dpc), (HwDpcRoutine), \
						 &__minirq_key, #Dpc); \
	})
BOOLEAN StorPortIssueDpc(PVOID DeviceExtension, PSTOR_DPC Dpc, PVOID SystemArgument1,
			 PVOID SystemArgument2);
ULONG StorPortCancelDpc(PVOID HwDeviceExtension, PSTOR_DPC Dpc, PBOOLEAN ReturnValue);
VOID StorPortAcquireSpinLock(PVOID DeviceExtension, STOR_SPINLOCK SpinLock, PVOID LockContext,
			     PSTOR_LOCK_HANDLE LockHandle);
ULONG StorPortAcquireSpinLockEx(PVOID DeviceExtension, STOR_SPINLOCK SpinLock, PVOID LockContext,
				PSTOR_LOCK_HANDLE LockHandle);
VOID StorPortReleaseSpinLock(PVOID DeviceExtension, PSTOR_LOCK_HANDLE LockHandle);

ULONG __minirq_storport_initialize_spinlock(PVOID DeviceExtension, PSTOR_KSPIN_LOCK Lock,
					    struct __minirq_lock_key *_Key, PCSTR _Name);
ULONG StorPortInitializeSpinlock(PVOID DeviceExtension, PSTOR_KSPIN_LOCK Lock);
#define StorPortInitializeSpinlock(DeviceExtension, Lock) \
	({ \
		static struct __minirq_lock_key __minirq_key; \
		__minirq_storport_initialize_spinlock((DeviceExtension), (Lock), &__minirq_key, \
						      #Lock); \
	})

BOOLEAN StorPortSynchronizeAccess(PVOID HwDeviceExtension,
				  PSTOR_SYNCHRONIZED_ACCESS SynchronizedAccessRoutine,
				  PVOID Context);

/* Requests, and how they are spread */
ULONG StorPortInitializePerfOpts(PVOID HwDeviceExtension, BOOLEAN Query,
				 PPERF_CONFIGURATION_DATA PerfConfigData);
ULONG StorPortGetStartIoPerfParams(PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb,
				   PSTARTIO_PERFORMANCE_PARAMETERS StartIoPerfParams);
PSTOR_SCATTER_GATHER_LIST StorPortGetScatterGatherList(PVOID HwDeviceExtension,
						       PSCSI_REQUEST_BLOCK Srb);
ULONG StorPortBuildScatterGatherList(PVOID HwDeviceExtension, PVOID Mdl, PVOID CurrentVa,
				     ULONG Length, PPOST_SCATTER_GATHER_EXECUTE ExecutionRoutine,
				     PVOID Context, BOOLEAN WriteToDevice,
				     PVOID ScatterGatherBuffer, ULONG ScatterGatherBufferLength);
ULONG StorPortPutScatterGatherList(PVOID HwDeviceExtension,
				   PSTOR_SCATTER_GATHER_LIST ScatterGatherList,
				   BOOLEAN WriteToDevice);
ULONG StorPortGetSystemAddress(PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb,
			       PVOID *SystemAddress);
BOOLEAN StorPortPause(PVOID HwDeviceExtension, ULONG Timeout);
BOOLEAN StorPortResume(PVOID HwDeviceExtension);
BOOLEAN StorPortPauseDevice(PVOID HwDeviceExtension, UCHAR PathId, UCHAR TargetId, UCHAR Lun,
			    ULONG Timeout);
BOOLEAN StorPortResumeDevice(PVOID HwDeviceExtension, UCHAR PathId, UCHAR TargetId, UCHAR Lun);
BOOLEAN StorPortBusy(PVOID HwDeviceExtension, ULONG RequestsToComplete);
BOOLEAN StorPortReady(PVOID HwDeviceExtension);
BOOLEAN StorPortDeviceBusy(PVOID HwDeviceExtension, UCHAR PathId, UCHAR TargetId, UCHAR Lun,
			   ULONG RequestsToComplete);
BOOLEAN StorPortDeviceReady(PVOID HwDeviceExtension, UCHAR PathId, UCHAR TargetId, UCHAR Lun);
BOOLEAN StorPortSetDeviceQueueDepth(PVOID HwDeviceExtension, UCHAR PathId, UCHAR TargetId,
				    UCHAR Lun, ULONG Depth);
VOID StorPortCompleteRequest(PVOID HwDeviceExtension, UCHAR PathId, UCHAR TargetId, UCHAR Lun,
			     UCHAR SrbStatus);
ULONG StorPortGetMessageInterruptIDFromProcessorIndex(PVOID HwDeviceExtension,
						      ULONG ProcessorIndex, PULONG MessageId);
ULONG StorPortMaskMsixInterrupt(PVOID HwDeviceExtension, ULONG MessageId, BOOLEAN Mask);
ULONG StorPortGetCurrentIrql(PVOID HwDeviceExtension, PKIRQL Irql);

/* Changes, and the log */
ULONG StorPortStateChangeDetected(PVOID HwDeviceExtension, ULONG ChangedEntity,
				  PSTOR_ADDRESS Address, ULONG Attributes,
				  PHW_STATE_CHANGE HwStateChange, PVOID HwStateChangeContext);
ULONG StorPortAsyncNotificationDetected(PVOID HwDeviceExtension, PSTOR_ADDRESS Address,
					ULONGLONG Flags);
VOID StorPortLogError(PVOID HwDeviceExtension, PSCSI_REQUEST_BLOCK Srb, UCHAR PathId,
		      UCHAR TargetId, UCHAR Lun, ULONG ErrorCode, ULONG UniqueId);
ULONG StorPortLogSystemEvent(PVOID HwDeviceExtension, PSTOR_LOG_EVENT_DETAILS LogDetails,
			     PULONG MaximumSize);

/* The registry, whose values come from the parameters of the driver's module */
#define MINIPORT_REG_SZ		1
#define MINIPORT_REG_BINARY	3
#define MINIPORT_REG_DWORD	4
#define MINIPORT_REG_MULTI_SZ	7

PUCHAR StorPortAllocateRegistryBuffer(PVOID HwDeviceExtension, PULONG Length);
VOID StorPortFreeRegistryBuffer(PVOID HwDeviceExtension, PUCHAR Buffer);
BOOLEAN StorPortRegistryRead(PVOID HwDeviceExtension, PUCHAR ValueName, ULONG Global, ULONG Type,
			     PUCHAR Buffer, PULONG BufferLength);
BOOLEAN StorPortRegistryWrite(PVOID HwDeviceExtension, PUCHAR ValueName, ULONG Global, ULONG Type,
			      PUCHAR Buffer, ULONG BufferLength);
ULONG StorPortRegistryReadAdapterKey(PVOID HwDeviceExtension, PUCHAR SubKeyName, PUCHAR ValueName,
				     ULONG ValueType, PVOID *ValueData, PULONG ValueDataLength);
ULONG StorPortRegistryWriteAdapterKey(PVOID HwDeviceExtension, PUCHAR SubKeyName, PUCHAR ValueName,
				      ULONG ValueType, PVOID ValueData, ULONG ValueDataLength);

/* Sequenced lists */
typedef SLIST_HEADER STOR_SLIST_HEADER, *PSTOR_SLIST_HEADER;
typedef SLIST_ENTRY STOR_SLIST_ENTRY, *PSTOR_SLIST_ENTRY;

ULONG StorPortInitializeSListHead(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead);
ULONG StorPortInterlockedPushEntrySList(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead,
					PSTOR_SLIST_ENTRY SListEntry, PSTOR_SLIST_ENTRY *Result);
ULONG StorPortInterlockedPopEntrySList(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead,
				       PSTOR_SLIST_ENTRY *Result);
ULONG StorPortInterlockedFlushSList(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead,
				    PSTOR_SLIST_ENTRY *Result);
ULONG StorPortQueryDepthSList(PVOID HwDeviceExtension, PSTOR_SLIST_HEADER SListHead,
			      PSHORT Result);

/* Work items */
ULONG StorPortInitializeWorker(PVOID HwDeviceExtension, PVOID *Worker);
ULONG StorPortQueueWorkItem(PVOID HwDeviceExtension, PHW_WORKITEM WorkItemCallback, PVOID Worker,
			    PVOID Context);
ULONG StorPortFreeWorker(PVOID HwDeviceExtension, PVOID Worker);

/* Timers, besides the one that RequestTimerCall sets */
ULONG StorPortInitializeTimer(PVOID HwDeviceExtension, PVOID *TimerHandle);
ULONG StorPortRequestTimer(PVOID HwDeviceExtension, PVOID TimerHandle, PHW_TIMER_EX TimerCallback,
			   PVOID CallbackContext, ULONGLONG TimerValue, ULONGLONG TolerableDelay);
ULONG StorPortFreeTimer(PVOID HwDeviceExtension, PVOID TimerHandle);

/* Config space, processors, nodes and time */
ULONG StorPortGetBusData(PVOID DeviceExtension, ULONG BusDataType, ULONG SystemIoBusNumber,
			 ULONG SlotNumber, PVOID Buffer, ULONG Length);
ULONG StorPortSetBusDataByOffset(PVOID DeviceExtension, ULONG BusDataType, ULONG SystemIoBusNumber,
				 ULONG SlotNumber, PVOID Buffer, ULONG Offset, ULONG Length);
ULONG StorPortGetCurrentProcessorNumber(PVOID HwDeviceExtension, PPROCESSOR_NUMBER ProcNumber);
ULONG StorPortGetProcessorCount(PVOID HwDeviceExtension, PULONG ProcessorCount);
ULONG StorPortGetActiveGroupCount(PVOID HwDeviceExtension, PUSHORT NumberGroups);
ULONG StorPortGetGroupAffinity(PVOID HwDeviceExtension, USHORT GroupNumber,
			       PKAFFINITY GroupAffinityMask);
ULONG StorPortGetActiveNodeCount(PVOID HwDeviceExtension, PULONG NumberNodes);
ULONG StorPortGetHighestNodeNumber(PVOID HwDeviceExtension, PULONG HighestNode);
ULONG StorPortGetNodeAffinity(PVOID HwDeviceExtension, ULONG NodeNumber,
			      PGROUP_AFFINITY NodeAffinityMask);
ULONG StorPortGetNodeAffinity2(PVOID HwDeviceExtension, ULONG NodeNumber,
			       PGROUP_AFFINITY GroupAffinities, USHORT GroupAffinitiesCount,
			       PUSHORT GroupAffinitiesCountRequired);
ULONG StorPortQueryTimerMinInterval(PVOID HwDeviceExtension, PULONG TimerMinInterval);
ULONG StorPortDelayExecution(PVOID HwDeviceExtension, ULONG DelayInMicroseconds);
VOID StorPortStallExecution(ULONG Delay);
ULONG StorPortQueryDpcWatchdogInformation(PVOID HwDeviceExtension,
					  PSTOR_DPC_WATCHDOG_INFORMATION DpcWatchdogInformation);
VOID StorPortQuerySystemTime(PLARGE_INTEGER CurrentTime);
ULONG StorPortQueryPerformanceCounter(PVOID HwDeviceExtension, PLARGE_INTEGER PerformanceFrequency,
				      PLARGE_INTEGER PerformanceCounter);

/* What the functions of other builds are inlines over */
VOID StorPortNotification(SCSI_NOTIFICATION_TYPE NotificationType, PVOID HwDeviceExtension, ...);
ULONG StorPortExtendedFunction(STORPORT_FUNCTION_CODE FunctionCode, PVOID HwDeviceExtension, ...);

/* What Windows has and minirq has not: the entry point knows what to answer */
_MINIRQ_INLINE ULONG StorPortInitializePoFxPower(PVOID HwDeviceExtension, PSTOR_ADDRESS Address,
						 PSTOR_POFX_DEVICE Device, PBOOLEAN D3ColdEnabled)
{
	return StorPortExtendedFunction(ExtFunctionInitializePoFxPower, HwDeviceExtension, Address,
					Device, D3ColdEnabled);
}

_MINIRQ_INLINE ULONG StorPortPoFxActivateComponent(PVOID HwDeviceExtension, PSTOR_ADDRESS Address,
						   PSCSI_REQUEST_BLOCK Srb, ULONG Component,
						   ULONG Flags)
{
	return StorPortExtendedFunction(ExtFunctionPoFxActivateComponent, HwDeviceExtension,
					Address, Srb, Component, Flags);
}

_MINIRQ_INLINE ULONG StorPortPoFxIdleComponent(PVOID HwDeviceExtension, PSTOR_ADDRESS Address,
					       PSCSI_REQUEST_BLOCK Srb, ULONG Component,
					       ULONG Flags)
{
	return StorPortExtendedFunction(ExtFunctionPoFxIdleComponent, HwDeviceExtension, Address,
					Srb, Component, Flags);
}

_MINIRQ_INLINE ULONG StorPortGetD3ColdSupport(PVOID HwDeviceExtension, PSTOR_ADDRESS Address,
					      PBOOLEAN Supported)
{
	return StorPortExtendedFunction(ExtFunctionGetD3ColdSupport, HwDeviceExtension, Address,
					Supported);
}

_MINIRQ_INLINE ULONG StorPortSetPowerSettingNotificationGuids(PVOID HwDeviceExtension,
							      ULONG GuidCount, LPGUID Guid)
{
	return StorPortExtendedFunction(ExtFunctionSetPowerSettingNotificationGuids,
					HwDeviceExtension, GuidCount, Guid);
}

_MINIRQ_INLINE ULONG StorPortInvokeAcpiMethod(PVOID HwDeviceExtension, PSTOR_ADDRESS Address,
					      ULONG MethodName, PVOID InputBuffer,
					      ULONG InputBufferLength, PVOID OutputBuffer,
					      ULONG OutputBufferLength, PULONG BytesReturned)
{
	return StorPortExtendedFunction(ExtFunctionInvokeAcpiMethod, HwDeviceExtension, Address,
					MethodName, InputBuffer, InputBufferLength, OutputBuffer,
					OutputBufferLength, BytesReturned);
}

_MINIRQ_INLINE ULONG StorPortMarkDumpMemory(PVOID HwDeviceExtension, PVOID Address,
					    ULONG_PTR Length, ULONG Flags)
{
	return StorPortExtendedFunction(ExtFunctionMarkDumpMemory, HwDeviceExtension, Address,
					Length, Flags);
}

_MINIRQ_INLINE ULONG StorPortLogTelemetry(PVOID HwDeviceExtension, PSTOR_ADDRESS StorAddress,
					  PSTORPORT_TELEMETRY_EVENT Event)
{
	return StorPortExtendedFunction(ExtFunctionMiniportTelemetry, HwDeviceExtension,
					StorAddress, Event);
}

#define StorPortEtwEvent2(HwDeviceExtension, ...) \
	StorPortExtendedFunction(ExtFunctionMiniportEtwEvent2, (HwDeviceExtension), __VA_ARGS__)
#define StorPortEtwEvent4(HwDeviceExtension, ...) \
	StorPortExtendedFunction(ExtFunctionMiniportEtwEvent4, (HwDeviceExtension), __VA_ARGS__)
#define StorPortEtwEvent8(HwDeviceExtension, ...) \
	StorPortExtendedFunction(ExtFunctionMiniportEtwEvent8, (HwDeviceExtension), __VA_ARGS__)
#define StorPortEtwChannelEvent2(HwDeviceExtension, ...) \
	StorPortExtendedFunction(ExtFunctionMiniportChannelEtwEvent2, (HwDeviceExtension), \
				 __VA_ARGS__)
#define StorPortEtwChannelEvent4(HwDeviceExtension, ...) \
	StorPortExtendedFunction(ExtFunctionMiniportChannelEtwEvent4, (HwDeviceExtension), \
				 __VA_ARGS__)
#define StorPortEtwChannelEvent8(HwDeviceExtension, ...) \
	StorPortExtendedFunction(ExtFunctionMiniportChannelEtwEvent8, (HwDeviceExtension), \
				 __VA_ARGS__)

/* Memory, time, registers, debug output */
#define StorPortCopyMemory(Destination, Source, Length)	RtlCopyMemory(Destination, Source, Length)
#define StorPortMoveMemory(Destination, Source, Length)	RtlMoveMemory(Destination, Source, Length)
#define StorPortValidateRange(HwDeviceExtension, BusType, SystemIoBusNumber, IoAddress, \
			      NumberOfBytes, InIoSpace)		TRUE
#define StorPortConvertPhysicalAddressToUlong(Address)		((Address).LowPart)
#define StorPortConvertPhysicalAddressToULong64(Address)	((ULONG64)(Address).QuadPart)
VOID StorPortDebugPrint(ULONG DebugPrintLevel, PCSTR DebugMessage, ...);
#ifndef DebugPrint
#define DebugPrint(Args)
#endif

_MINIRQ_INLINE STOR_PHYSICAL_ADDRESS StorPortConvertUlongToPhysicalAddress(ULONG_PTR UlongAddress)
{
	STOR_PHYSICAL_ADDRESS Address;

	Address.QuadPart = (LONGLONG)UlongAddress;
	return Address;
}

_MINIRQ_INLINE UCHAR StorPortReadRegisterUchar(PVOID HwDeviceExtension, volatile UCHAR *Register)
{
	(void)HwDeviceExtension;
	return READ_REGISTER_UCHAR(Register);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterUchar(PVOID HwDeviceExtension, volatile UCHAR *Register,
					       UCHAR Value)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_UCHAR(Register, Value);
}

_MINIRQ_INLINE USHORT StorPortReadRegisterUshort(PVOID HwDeviceExtension, volatile USHORT *Register)
{
	(void)HwDeviceExtension;
	return READ_REGISTER_USHORT(Register);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterUshort(PVOID HwDeviceExtension, volatile USHORT *Register,
						USHORT Value)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_USHORT(Register, Value);
}

_MINIRQ_INLINE ULONG StorPortReadRegisterUlong(PVOID HwDeviceExtension, volatile ULONG *Register)
{
	(void)HwDeviceExtension;
	return READ_REGISTER_ULONG(Register);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterUlong(PVOID HwDeviceExtension, volatile ULONG *Register,
					       ULONG Value)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_ULONG(Register, Value);
}

_MINIRQ_INLINE ULONG64 StorPortReadRegisterUlong64(PVOID HwDeviceExtension,
						   volatile ULONG64 *Register)
{
	(void)HwDeviceExtension;
	return READ_REGISTER_ULONG64(Register);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterUlong64(PVOID HwDeviceExtension,
						 volatile ULONG64 *Register, ULONG64 Value)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_ULONG64(Register, Value);
}

_MINIRQ_INLINE VOID StorPortReadRegisterBufferUchar(PVOID HwDeviceExtension,
						    volatile UCHAR *Register, PUCHAR Buffer,
						    ULONG Count)
{
	(void)HwDeviceExtension;
	READ_REGISTER_BUFFER_UCHAR(Register, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterBufferUchar(PVOID HwDeviceExtension,
						     volatile UCHAR *Register, PUCHAR Buffer,
						     ULONG Count)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_BUFFER_UCHAR(Register, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortReadRegisterBufferUshort(PVOID HwDeviceExtension,
						     volatile USHORT *Register, PUSHORT Buffer,
						     ULONG Count)
{
	(void)HwDeviceExtension;
	READ_REGISTER_BUFFER_USHORT(Register, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterBufferUshort(PVOID HwDeviceExtension,
						      volatile USHORT *Register, PUSHORT Buffer,
						      ULONG Count)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_BUFFER_USHORT(Register, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortReadRegisterBufferUlong(PVOID HwDeviceExtension,
						    volatile ULONG *Register, PULONG Buffer,
						    ULONG Count)
{
	(void)HwDeviceExtension;
	READ_REGISTER_BUFFER_ULONG(Register, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterBufferUlong(PVOID HwDeviceExtension,
						     volatile ULONG *Register, PULONG Buffer,
						     ULONG Count)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_BUFFER_ULONG(Register, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortReadRegisterBufferUlong64(PVOID HwDeviceExtension,
						      volatile ULONG64 *Register, PULONG64 Buffer,
						      ULONG Count)
{
	(void)HwDeviceExtension;
	READ_REGISTER_BUFFER_ULONG64(Register, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortWriteRegisterBufferUlong64(PVOID HwDeviceExtension,
						       volatile ULONG64 *Register, PULONG64 Buffer,
						       ULONG Count)
{
	(void)HwDeviceExtension;
	WRITE_REGISTER_BUFFER_ULONG64(Register, Buffer, Count);
}

/* Ports; a pointer to a port is its number, which is what StorPortGetDeviceBase() returns */
_MINIRQ_INLINE UCHAR StorPortReadPortUchar(PVOID HwDeviceExtension, PUCHAR Port)
{
	(void)HwDeviceExtension;
	return READ_PORT_UCHAR(Port);
}

_MINIRQ_INLINE VOID StorPortWritePortUchar(PVOID HwDeviceExtension, PUCHAR Port, UCHAR Value)
{
	(void)HwDeviceExtension;
	WRITE_PORT_UCHAR(Port, Value);
}

_MINIRQ_INLINE VOID StorPortReadPortBufferUchar(PVOID HwDeviceExtension, PUCHAR Port, PUCHAR Buffer,
						ULONG Count)
{
	(void)HwDeviceExtension;
	READ_PORT_BUFFER_UCHAR(Port, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortWritePortBufferUchar(PVOID HwDeviceExtension, PUCHAR Port,
						 PUCHAR Buffer, ULONG Count)
{
	(void)HwDeviceExtension;
	WRITE_PORT_BUFFER_UCHAR(Port, Buffer, Count);
}

_MINIRQ_INLINE USHORT StorPortReadPortUshort(PVOID HwDeviceExtension, PUSHORT Port)
{
	(void)HwDeviceExtension;
	return READ_PORT_USHORT(Port);
}

_MINIRQ_INLINE VOID StorPortWritePortUshort(PVOID HwDeviceExtension, PUSHORT Port, USHORT Value)
{
	(void)HwDeviceExtension;
	WRITE_PORT_USHORT(Port, Value);
}

_MINIRQ_INLINE VOID StorPortReadPortBufferUshort(PVOID HwDeviceExtension, PUSHORT Port,
						 PUSHORT Buffer, ULONG Count)
{
	(void)HwDeviceExtension;
	READ_PORT_BUFFER_USHORT(Port, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortWritePortBufferUshort(PVOID HwDeviceExtension, PUSHORT Port,
						  PUSHORT Buffer, ULONG Count)
{
	(void)HwDeviceExtension;
	WRITE_PORT_BUFFER_USHORT(Port, Buffer, Count);
}

_MINIRQ_INLINE ULONG StorPortReadPortUlong(PVOID HwDeviceExtension, PULONG Port)
{
	(void)HwDeviceExtension;
	return READ_PORT_ULONG(Port);
}

_MINIRQ_INLINE VOID StorPortWritePortUlong(PVOID HwDeviceExtension, PULONG Port, ULONG Value)
{
	(void)HwDeviceExtension;
	WRITE_PORT_ULONG(Port, Value);
}

_MINIRQ_INLINE VOID StorPortReadPortBufferUlong(PVOID HwDeviceExtension, PULONG Port, PULONG Buffer,
						ULONG Count)
{
	(void)HwDeviceExtension;
	READ_PORT_BUFFER_ULONG(Port, Buffer, Count);
}

_MINIRQ_INLINE VOID StorPortWritePortBufferUlong(PVOID HwDeviceExtension, PULONG Port,
						 PULONG Buffer, ULONG Count)
{
	(void)HwDeviceExtension;
	WRITE_PORT_BUFFER_ULONG(Port, Buffer, Count);
}

EXTERN_C_END

#endif
