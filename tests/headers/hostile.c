// SPDX-License-Identifier: GPL-2.0-only
/*
 * A Windows source that brings its own idea of names which C, or Linux, has too, and speaks the
 * language of Microsoft's compiler. It must compile wherever its definitions stand.
 */
#ifdef HOSTILE_BEFORE
#include HOSTILE_BEFORE
#endif

typedef unsigned char u8;
typedef unsigned short u16;
typedef unsigned int uint32_t;
typedef unsigned long long uint64_t;
#ifndef __cplusplus
#define bool _Bool
#define true 1
#define false 0
#endif
#define min(a, b)	(((a) < (b)) ? (a) : (b))
#define max(a, b)	(((a) > (b)) ? (a) : (b))
#define likely(x)	(x)
#define unlikely(x)	(x)
#define container_of(p, t, m)	CONTAINING_RECORD(p, t, m)
#define ioread8(p)	(*(volatile u8 *)(p))
#define iowrite32(v, p)	(*(volatile uint32_t *)(p) = (v))
#define list_add(e, h)	InsertHeadList(h, e)
#define Key		1
#define Name		2

#ifdef HOSTILE_HEADER
#include HOSTILE_HEADER
#else
#include <ndis.h>
#include <storport.h>
#include <ntddk.h>
#endif

void (*printk)(char *, ...);

typedef struct {
	u16 Control;
} PCI_MSIX_CAPABILITY, *PPCI_MSIX_CAPABILITY;

struct pci_dev {
	uint32_t irq;
};

int request_irq(struct pci_dev *dev)
{
	bool ok = likely(dev->irq);

	return min(ok, true);
}

#ifndef HOSTILE_HEADER

/* T2: an integer constant expression */
UCHAR HostileBuffer[FIELD_OFFSET(CM_PARTIAL_RESOURCE_LIST, PartialDescriptors)];

C_ASSERT(sizeof(HostileBuffer) == 8);

/* T3: a definition's pointers may differ from its role's */
typedef struct _EXTENSION {
	STOR_DPC Dpc;
	LIST_ENTRY List;
	ULONG MessageCount;
} EXTENSION, *PEXTENSION;

#ifndef __cplusplus
HW_INTERRUPT HostileInterrupt;
HW_TIMER HostileTimer;
HW_FIND_ADAPTER HostileFindAdapter;
sp_DRIVER_INITIALIZE DriverEntry;

BOOLEAN HostileInterrupt(IN PEXTENSION Extension)
{
	return StorPortIssueDpc(Extension, &Extension->Dpc, ULongToPtr(1), NULL);
}

VOID HostileTimer(PEXTENSION Extension)
{
	Extension->MessageCount = 0;
}

ULONG HostileFindAdapter(PEXTENSION Extension, PVOID Context, PVOID Bus, PCHAR Arguments,
			 PPORT_CONFIGURATION_INFORMATION Config, PBOOLEAN Again)
{
	UNREFERENCED_PARAMETER(Context);
	UNREFERENCED_PARAMETER(Bus);
	UNREFERENCED_PARAMETER(Arguments);
	Extension->MessageCount = Config->NumberOfAccessRanges;
	*Again = FALSE;
	return (*Config->AccessRanges)[0].RangeInMemory ? SP_RETURN_FOUND : SP_RETURN_ERROR;
}

ULONG DriverEntry(IN PDRIVER_OBJECT DriverObject, IN PUNICODE_STRING RegistryPath)
{
	HW_INITIALIZATION_DATA Data = { .HwInterrupt = HostileInterrupt };

	Data.HwFindAdapter = HostileFindAdapter;
	return StorPortInitialize(DriverObject, RegistryPath, &Data, NULL);
}
#endif

/* T5 */
ULONG HostilePrint(VOID)
{
	return DbgPrint("%s" __FUNCTION__ " text\n", "");
}

/* T6 */
int HostileTry(int Depth)
{
	int Done = 0;

	__try {
		if (Depth > 1)
			__leave;
		Done = 1;
	} __finally {
		Done += 2;
	}
	__try {
		Done += 4;
	} __except (EXCEPTION_EXECUTE_HANDLER) {
		Done = -1;
	}
	return Done;
}

/* T7 */
VOID FORCEINLINE HostileInline(PULONG Value);
static __forceinline ULONG HostileStatic(ULONG Value)
{
	return Value + 1;
}

ULONG HostileCaller(ULONG Value)
{
	HostileInline(&Value);
	return HostileStatic(Value);
}

VOID FORCEINLINE HostileInline(PULONG Value)
{
	++*Value;
}

/* T8 */
MINIPORT_INTERRUPT_DPC HostileDpc;
#if NDIS_SUPPORT_NDIS620
VOID HostileDpc(NDIS_HANDLE Context, PVOID DpcContext, PVOID Throttle, PVOID Reserved)
{
	PNDIS_RECEIVE_THROTTLE_PARAMETERS Parameters = (PNDIS_RECEIVE_THROTTLE_PARAMETERS)Throttle;

	Parameters->MoreNblsPending = Context && DpcContext && Reserved;
}
#else
VOID HostileDpc(NDIS_HANDLE Context, PVOID DpcContext, PULONG Reserved1, PULONG Reserved2)
{
	*Reserved1 = *Reserved2 + (Context && DpcContext);
}
#endif

/* The rest of the language */
EXTERN_C __declspec(dllexport) VOID NTAPI HostileSal(__in PVOID In, __out_opt PULONG Out,
						       _In_reads_bytes_(Length) PVOID Data,
						       __in ULONG Length);

_Use_decl_annotations_
EXTERN_C VOID NTAPI HostileSal(PVOID In, PULONG Out, PVOID Data, ULONG Length)
{
	static __declspec(align(64)) UCHAR Aligned[64];
	__int64 Big = (__int64)(LONG_PTR)In;
	const WCHAR *Wide = L"wide";
	KIRQL OldIrql;
	NDIS_SPIN_LOCK Lock;
	KSPIN_LOCK SpinLock;

	PAGED_CODE();
	ASSERT(In->NoSuchField);
	NT_ASSERT(NoSuchVariable);
	KdPrint(("%I64d\n", Big));
	NdisAllocateSpinLock(&Lock);
	NdisAcquireSpinLock(&Lock);
	NdisReleaseSpinLock(&Lock);
	NdisFreeSpinLock(&Lock);
	KeInitializeSpinLock(&SpinLock);
	KeAcquireSpinLock(&SpinLock, &OldIrql);
	KeReleaseSpinLock(&SpinLock, OldIrql);
	if (Out)
		*Out = (ULONG)Big + Wide[0] + Aligned[0] + Length;
	RtlZeroMemory(Data, Length);
	memset(Data, (int)strlen("x"), Length);
}

EXTERN_C VOID HostileStorDpc(PSTOR_DPC Dpc, PVOID Extension, PVOID Argument1, PVOID Argument2)
{
	STOR_LOCK_HANDLE Handle = { InvalidLock, { { NULL, NULL }, 0 } };
	ULONG MessageId = PtrToUlong(Argument1);
	MESSAGE_INTERRUPT_INFORMATION Info;

	UNREFERENCED_PARAMETER(Argument2);
	StorPortAcquireSpinLock(Extension, DpcLock, Dpc, &Handle);
	if (StorPortGetMSIInfo(Extension, MessageId, &Info) == STOR_STATUS_SUCCESS &&
	    Info.InterruptMode == LevelSensitive)
		StorPortWriteRegisterUlong(NULL, (PULONG)Argument2, Info.MessageData);
	StorPortReleaseSpinLock(Extension, &Handle);
}

EXTERN_C BOOLEAN HostilePassive(PVOID Extension)
{
	PEXTENSION Ext = (PEXTENSION)Extension;

	StorPortInitializeDpc(Extension, &Ext->Dpc, HostileStorDpc);
	InitializeListHead(&Ext->List);
	return IsListEmpty(&Ext->List);
}

/* What there is in Windows besides interrupts, and is called on the way to them */
C_ASSERT(sizeof(STOR_POFX_COMPONENT_IDLE_STATE) == 0x20);
C_ASSERT(sizeof(STOR_POFX_COMPONENT) == 0x40);
C_ASSERT(sizeof(STOR_POFX_DEVICE) == 0x50);
C_ASSERT(FIELD_OFFSET(STOR_POFX_DEVICE_V2, Components) == 0x18);
C_ASSERT(sizeof(STORPORT_TELEMETRY_EVENT) == 0x180);

EXTERN_C ULONG HostilePower(PVOID Extension, PWSTR Text)
{
	static STORPORT_TELEMETRY_EVENT Event;
	STOR_POFX_DEVICE_V2 Device;
	BOOLEAN Cold = FALSE;
	ULONG Status = 0;

	RtlZeroMemory(&Device, sizeof(Device));
	Device.Version = STOR_POFX_DEVICE_VERSION_V2;
	Device.Size = STOR_POFX_DEVICE_V2_SIZE;
	Device.Flags = STOR_POFX_DEVICE_FLAG_ENABLE_D3_COLD;
	Device.Components[0].Size = STOR_POFX_COMPONENT_SIZE;
	Device.Components[0].FStates[0].Size = STOR_POFX_COMPONENT_IDLE_STATE_SIZE;
	Status += StorPortGetD3ColdSupport(Extension, NULL, &Cold);
	Status += StorPortInitializePoFxPower(Extension, NULL, (PSTOR_POFX_DEVICE)&Device, &Cold);
	Status += StorPortPoFxActivateComponent(Extension, NULL, NULL, 0, 0);
	Status += StorPortPoFxIdleComponent(Extension, NULL, NULL, 0, 0);
	Status += StorPortSetPowerSettingNotificationGuids(Extension, 0, NULL);
	Status += StorPortInvokeAcpiMethod(Extension, NULL, 0, NULL, 0, NULL, 0, NULL);
	Status += StorPortMarkDumpMemory(Extension, &Event, sizeof(Event), 0);
	Status += StorPortLogTelemetry(Extension, NULL, &Event);
	Status += StorPortEtwChannelEvent8(Extension, NULL, StorportEtwEventHealth, 1, Text,
					   STORPORT_ETW_EVENT_KEYWORD_IO, StorportEtwLevelError,
					   StorportEtwEventOpcodeInfo, NULL, Text, 1ULL, NULL,
					   0ULL, NULL, 0ULL, NULL, 0ULL, NULL, 0ULL, NULL, 0ULL,
					   NULL, 0ULL, NULL, 0ULL);
	return Status;
}

#endif /* !HOSTILE_HEADER */
