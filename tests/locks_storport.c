// SPDX-License-Identifier: GPL-2.0-only
/* StorPort miniport that tries its DPCs and locks, and leaves its device alone. */
#include <storport.h>

#include "locks.h"

LOCKS Locks;

static PVOID Adapter;
static STOR_DPC Dpc, CancelledDpc, LeavingDpc;
static STOR_KSPIN_LOCK Lock;
static STOR_LOCK_HANDLE Left;

static ULONG LocksLevel(PVOID DeviceExtension)
{
	KIRQL Irql;

	StorPortGetCurrentIrql(DeviceExtension, &Irql);
	return Irql;
}

/* Who holds one of them would wait for ever, or be reported. */
static VOID LocksTakeEach(PVOID DeviceExtension)
{
	STOR_LOCK_HANDLE StartIo, Own, Interrupt;

	StorPortAcquireSpinLock(DeviceExtension, StartIoLock, NULL, &StartIo);
	StorPortAcquireSpinLock(DeviceExtension, DpcLock, &Dpc, &Own);
	StorPortReleaseSpinLock(DeviceExtension, &Own);
	StorPortAcquireSpinLock(DeviceExtension, InterruptLock, NULL,
				&Interrupt);
	Locks.Held = LocksLevel(DeviceExtension);
	StorPortReleaseSpinLock(DeviceExtension, &Interrupt);
	Locks.Released = LocksLevel(DeviceExtension);
	StorPortReleaseSpinLock(DeviceExtension, &StartIo);
}

static VOID LocksDpc(PSTOR_DPC Dpc, PVOID DeviceExtension, PVOID Argument1,
		     PVOID Argument2)
{
	Locks.Irql = LocksLevel(DeviceExtension);
	Locks.First = PtrToUlong(Argument1);
	Locks.Second = PtrToUlong(Argument2);
	LocksTakeEach(DeviceExtension);
	Locks.Runs++;
}

static VOID LocksCancelledDpc(PSTOR_DPC Dpc, PVOID DeviceExtension,
			      PVOID Argument1, PVOID Argument2)
{
	Locks.Cancelled++;
}

static VOID LocksLeavingDpc(PSTOR_DPC Dpc, PVOID DeviceExtension,
			    PVOID Argument1, PVOID Argument2)
{
	StorPortAcquireSpinLock(DeviceExtension, StartIoLock, NULL, &Left);
	Locks.Runs++;
}

static BOOLEAN LocksInterrupt(PVOID DeviceExtension)
{
	return FALSE;
}

static BOOLEAN LocksMessageInterrupt(PVOID DeviceExtension, ULONG MessageId)
{
	return FALSE;
}

static ULONG LocksFindAdapter(PVOID DeviceExtension, PVOID HwContext,
			      PVOID BusInformation, PCHAR ArgumentString,
			      PPORT_CONFIGURATION_INFORMATION Config,
			      PBOOLEAN Again)
{
	Config->MaximumTransferLength = 4096;
	Config->NumberOfPhysicalBreaks = 1;
	Config->SynchronizationModel = StorSynchronizeFullDuplex;
	Config->HwMSInterruptRoutine = LocksMessageInterrupt;
	Config->InterruptSynchronizationMode = InterruptSynchronizePerMessage;
	*Again = FALSE;
	return SP_RETURN_FOUND;
}

static VOID LocksCancel(PVOID DeviceExtension)
{
	BOOLEAN Removed = FALSE;

	StorPortIssueDpc(DeviceExtension, &CancelledDpc, NULL, NULL);
	Locks.Refused += StorPortCancelDpc(DeviceExtension, NULL, &Removed) ==
			 STOR_STATUS_INVALID_PARAMETER;
	Locks.Refused += StorPortCancelDpc(DeviceExtension, &CancelledDpc,
					   NULL) ==
			 STOR_STATUS_INVALID_PARAMETER;
	StorPortCancelDpc(DeviceExtension, &CancelledDpc, &Removed);
	Locks.Removed = Removed;
	StorPortCancelDpc(DeviceExtension, &CancelledDpc, &Removed);
	Locks.RemovedAgain = Removed;
}

/* Nothing runs here before this returns: it is at DIRQL. */
static BOOLEAN LocksInitialize(PVOID DeviceExtension)
{
	Adapter = DeviceExtension;
	StorPortInitializeDpc(DeviceExtension, &Dpc, LocksDpc);
	StorPortInitializeDpc(DeviceExtension, &CancelledDpc,
			      LocksCancelledDpc);
	StorPortInitializeDpc(DeviceExtension, &LeavingDpc, LocksLeavingDpc);
	Locks.Status = StorPortInitializeSpinlock(DeviceExtension, &Lock);
	Locks.Issued = StorPortIssueDpc(DeviceExtension, &Dpc, ULongToPtr(1),
					ULongToPtr(2));
	Locks.IssuedAgain = StorPortIssueDpc(DeviceExtension, &Dpc,
					     ULongToPtr(3), ULongToPtr(4));
	LocksCancel(DeviceExtension);
	return TRUE;
}

static VOID LocksTryEx(STOR_SPINLOCK Kind)
{
	STOR_LOCK_HANDLE Handle;

	Locks.Refused += StorPortAcquireSpinLockEx(Adapter, Kind, &Lock,
						   &Handle) ==
			 STOR_STATUS_INVALID_PARAMETER;
	Locks.Empty += Handle.Lock == InvalidLock;
}

/* The wrong order, and a kind that only the newer call knows */
static VOID LocksTry(VOID)
{
	STOR_LOCK_HANDLE Outer, Inner;

	StorPortAcquireSpinLock(Adapter, InterruptLock, NULL, &Outer);
	StorPortAcquireSpinLock(Adapter, DpcLock, &Dpc, &Inner);
	StorPortReleaseSpinLock(Adapter, &Outer);
	Locks.Empty += Inner.Lock == InvalidLock;
	StorPortAcquireSpinLock(Adapter, ThreadedDpcLock, &Dpc, &Inner);
	Locks.Empty += Inner.Lock == InvalidLock;
}

void LocksBreak(void)
{
	STOR_LOCK_HANDLE Handle = { .Lock = InvalidLock };

	if (!Adapter)
		return;
	LocksTry();
	LocksTryEx(InvalidLock);
	LocksTryEx((STOR_SPINLOCK)99);
	Locks.Level = StorPortAcquireSpinLockEx(Adapter, DpcLevelLock, &Lock,
						&Handle);
	StorPortReleaseSpinLock(Adapter, &Handle);
	StorPortIssueDpc(Adapter, &LeavingDpc, NULL, NULL);
}

static BOOLEAN LocksStartIo(PVOID DeviceExtension, PSCSI_REQUEST_BLOCK Srb)
{
	return FALSE;
}

static BOOLEAN LocksResetBus(PVOID DeviceExtension, ULONG PathId)
{
	return FALSE;
}

ULONG DriverEntry(PVOID DriverObject, PVOID RegistryPath)
{
	HW_INITIALIZATION_DATA Data = {
		.HwInitializationDataSize = sizeof(Data),
		.AdapterInterfaceType = PCIBus,
		.HwInitialize = LocksInitialize,
		.HwStartIo = LocksStartIo,
		.HwInterrupt = LocksInterrupt,
		.HwFindAdapter = LocksFindAdapter,
		.HwResetBus = LocksResetBus,
		.DeviceExtensionSize = sizeof(ULONG),
	};

	return StorPortInitialize(DriverObject, RegistryPath, &Data, NULL);
}
