// SPDX-License-Identifier: GPL-2.0-only
/* What the headers implement themselves does what Windows' own does; run on the build machine. */
#include <ndis.h>
#include <storport.h>
#include <srbhelper.h>

#define EXPECT(e) \
	do { \
		if (!(e)) { \
			__builtin_printf("# inline.c:%d: %s\n", __LINE__, #e); \
			Failures++; \
		} \
	} while (0)

static int Failures;
static PKSPIN_LOCK Initialised;
static struct __minirq_lock_key *Keys[2];
static KIRQL Irql;

VOID __minirq_init_spin_lock(PKSPIN_LOCK SpinLock, struct __minirq_lock_key *Key, PCSTR Name)
{
	(void)Name;
	Keys[1] = Keys[0];
	Keys[0] = Key;
	Initialised = SpinLock;
}

KIRQL KeAcquireSpinLockRaiseToDpc(PKSPIN_LOCK SpinLock)
{
	KIRQL OldIrql = Irql;

	Initialised = SpinLock;
	Irql = DISPATCH_LEVEL;
	return OldIrql;
}

VOID KeReleaseSpinLock(PKSPIN_LOCK SpinLock, KIRQL NewIrql)
{
	Initialised = SpinLock;
	Irql = NewIrql;
}

/* What the kernel does with a port */
static UCHAR Ports[4];

ULONG READ_PORT_ULONG(PULONG Port)
{
	return Ports[(ULONG_PTR)Port];
}

VOID WRITE_PORT_BUFFER_UCHAR(PUCHAR Port, PUCHAR Buffer, ULONG Count)
{
	while (Count--)
		Ports[(ULONG_PTR)Port] = *Buffer++;
}

static VOID Lists(VOID)
{
	LIST_ENTRY Head, A, B, C;
	SINGLE_LIST_ENTRY Stack = { NULL }, S, T;

	InitializeListHead(&Head);
	EXPECT(IsListEmpty(&Head));
	InsertTailList(&Head, &B);
	InsertTailList(&Head, &C);
	InsertHeadList(&Head, &A);
	EXPECT(!IsListEmpty(&Head));
	EXPECT(Head.Flink == &A && A.Flink == &B && B.Flink == &C && C.Flink == &Head);
	EXPECT(Head.Blink == &C && C.Blink == &B && B.Blink == &A && A.Blink == &Head);
	EXPECT(!RemoveEntryList(&B));
	EXPECT(A.Flink == &C && C.Blink == &A);
	EXPECT(RemoveTailList(&Head) == &C);
	EXPECT(RemoveHeadList(&Head) == &A);
	EXPECT(IsListEmpty(&Head));
	InsertTailList(&Head, &A);
	EXPECT(RemoveEntryList(&A));

	EXPECT(!PopEntryList(&Stack));
	PushEntryList(&Stack, &S);
	PushEntryList(&Stack, &T);
	EXPECT(PopEntryList(&Stack) == &T && PopEntryList(&Stack) == &S && !PopEntryList(&Stack));
}

static VOID SequencedHead(VOID)
{
	SLIST_HEADER Head;

	__builtin_memset(&Head, 0xff, sizeof(Head));
	InitializeSListHead(&Head);
	EXPECT(Head.HeaderX64.Depth == 0 && Head.HeaderX64.Sequence == 0);
	EXPECT(Head.HeaderX64.NextEntry == 0 && Head.HeaderX64.Reserved == 0);
}

static VOID Interlocked(VOID)
{
	LONG Value = 5;
	LONG64 Value64 = 0xffffffffLL;
	SHORT Value16 = 0x7fff;
	PVOID Pointer = &Value;
	LONG Bits[2] = { 0, 0 };
	LONG64 Bits64[2] = { 0, 0 };
	CHAR Value8 = 0x0f;
	SIZE_T Size = 7;

	EXPECT(InterlockedIncrement(&Value) == 6 && Value == 6);
	EXPECT(InterlockedDecrement(&Value) == 5 && Value == 5);
	EXPECT(InterlockedExchange(&Value, 9) == 5 && Value == 9);
	EXPECT(InterlockedExchangeAdd(&Value, 3) == 9 && Value == 12);
	EXPECT(InterlockedAdd(&Value, 3) == 15);
	EXPECT(InterlockedAnd(&Value, 6) == 15 && Value == 6);
	EXPECT(InterlockedOr(&Value, 8) == 6 && Value == 14);
	EXPECT(InterlockedXor(&Value, 10) == 14 && Value == 4);
	EXPECT(InterlockedCompareExchange(&Value, 1, 3) == 4 && Value == 4);
	EXPECT(InterlockedCompareExchange(&Value, 1, 4) == 4 && Value == 1);
	EXPECT(InterlockedIncrement64(&Value64) == 0x100000000LL);
	EXPECT(InterlockedCompareExchange64(&Value64, -1, 0x100000000LL) == 0x100000000LL);
	EXPECT(Value64 == -1);
	EXPECT(InterlockedIncrement16(&Value16) == -0x8000);
	EXPECT(InterlockedExchangePointer(&Pointer, NULL) == &Value && !Pointer);
	EXPECT(!InterlockedCompareExchangePointer(&Pointer, Bits, NULL) && Pointer == Bits);
	EXPECT(!InterlockedBitTestAndSet(Bits, 33) && Bits[0] == 0 && Bits[1] == 2);
	EXPECT(InterlockedBitTestAndSet(Bits, 33) == 1);
	EXPECT(InterlockedBitTestAndReset(Bits, 33) == 1 && Bits[1] == 0);
	EXPECT(!InterlockedBitTestAndReset(Bits, 33));
	EXPECT(!InterlockedBitTestAndComplement(Bits, 1) && Bits[0] == 2);
	EXPECT(InterlockedBitTestAndComplement(Bits, 1) == 1 && Bits[0] == 0);
	EXPECT(!InterlockedBitTestAndSet64(Bits64, 127) && !Bits64[0] && Bits64[1] < 0);
	EXPECT(InterlockedBitTestAndReset64(Bits64, 127) == 1 && !Bits64[1]);
	EXPECT(InterlockedExchange8(&Value8, 0x35) == 0x0f && Value8 == 0x35);
	EXPECT(InterlockedAnd8(&Value8, 0x0f) == 0x35 && Value8 == 0x05);
	EXPECT(InterlockedOr8(&Value8, 0x10) == 0x05 && Value8 == 0x15);
	EXPECT(InterlockedXor8(&Value8, 0x11) == 0x15 && Value8 == 0x04);
	EXPECT(InterlockedIncrementSizeT(&Size) == 8 && InterlockedDecrementSizeT(&Size) == 7);
	EXPECT(InterlockedExchangeAddSizeT(&Size, 3) == 7 && Size == 10);
	EXPECT(InterlockedIncrementAcquire(&Value) == 2);
	EXPECT(InterlockedDecrementRelease(&Value) == 1);
	WriteRelease(&Value, 4);
	EXPECT(ReadAcquire(&Value) == 4);
	WriteNoFence(&Value, 5);
	EXPECT(ReadNoFence(&Value) == 5);
	WriteRelease64(&Value64, 6);
	EXPECT(ReadAcquire64(&Value64) == 6);
	WriteNoFence64(&Value64, 7);
	EXPECT(ReadNoFence64(&Value64) == 7);
	KeMemoryBarrier();
	YieldProcessor();
}

static VOID InterlockedWide(VOID)
{
	LONG64 Value = 0x500000005LL;

	EXPECT(InterlockedDecrement64(&Value) == 0x500000004LL);
	EXPECT(InterlockedExchange64(&Value, 0x900000009LL) == 0x500000004LL);
	EXPECT(InterlockedExchangeAdd64(&Value, 0x100000001LL) == 0x900000009LL);
	EXPECT(InterlockedAdd64(&Value, 0x100000001LL) == 0xb0000000bLL);
	EXPECT(InterlockedAnd64(&Value, 0x300000003LL) == 0xb0000000bLL);
	EXPECT(InterlockedOr64(&Value, 0x800000000LL) == 0x300000003LL);
	EXPECT(InterlockedXor64(&Value, 0x100000002LL) == 0xb00000003LL && Value == 0xa00000001LL);
}

/* What is next to the word stays as it is. */
static VOID InterlockedShort(VOID)
{
	SHORT Value[3] = { 0x1111, 5, 0x2222 };

	EXPECT(InterlockedDecrement16(&Value[1]) == 4);
	EXPECT(InterlockedExchange16(&Value[1], 13) == 4);
	EXPECT(InterlockedAnd16(&Value[1], 6) == 13);
	EXPECT(InterlockedOr16(&Value[1], 8) == 4);
	EXPECT(InterlockedXor16(&Value[1], 10) == 12 && Value[1] == 6);
	EXPECT(InterlockedCompareExchange16(&Value[1], 1, 3) == 6 && Value[1] == 6);
	EXPECT(InterlockedCompareExchange16(&Value[1], 1, 6) == 6 && Value[1] == 1);
	EXPECT(Value[0] == 0x1111 && Value[2] == 0x2222);
}

/* One register after the other. */
static VOID RegisterBuffers(VOID)
{
	UCHAR Byte[2] = { 1, 2 }, Bytes[2];
	USHORT Word[2] = { 1, 2 }, Words[2];
	ULONG Long[2] = { 1, 2 }, Longs[2];
	ULONG64 Quad[2] = { 1, 2 }, Quads[2];

	READ_REGISTER_BUFFER_UCHAR(Byte, Bytes, 2);
	READ_REGISTER_BUFFER_USHORT(Word, Words, 2);
	READ_REGISTER_BUFFER_ULONG(Long, Longs, 2);
	READ_REGISTER_BUFFER_ULONG64(Quad, Quads, 2);
	EXPECT(Bytes[0] == 1 && Words[0] == 1 && Longs[0] == 1 && Quads[0] == 1);
	EXPECT(Bytes[1] == 2 && Words[1] == 2 && Longs[1] == 2 && Quads[1] == 2);
	WRITE_REGISTER_BUFFER_USHORT(Word, (USHORT[]) { 7, 8 }, 2);
	WRITE_REGISTER_BUFFER_ULONG(Long, (ULONG[]) { 7, 8 }, 2);
	WRITE_REGISTER_BUFFER_ULONG64(Quad, (ULONG64[]) { 7, 8 }, 2);
	EXPECT(Word[0] == 7 && Long[0] == 7 && Quad[0] == 7);
	EXPECT(Word[1] == 8 && Long[1] == 8 && Quad[1] == 8);
}

static VOID Registers(VOID)
{
	union {
		UCHAR Byte[8];
		USHORT Word[4];
		ULONG Long[2];
		ULONG64 Quad;
	} Bar = { .Quad = 0 };
	UCHAR Out[2] = { 7, 8 };
	ULONG Data = 0;

	WRITE_REGISTER_ULONG64(&Bar.Quad, 0x1122334455667788ULL);
	EXPECT(READ_REGISTER_ULONG64(&Bar.Quad) == 0x1122334455667788ULL);
	EXPECT(READ_REGISTER_ULONG(&Bar.Long[1]) == 0x11223344);
	WRITE_REGISTER_USHORT(&Bar.Word[1], 0xabcd);
	EXPECT(READ_REGISTER_USHORT(&Bar.Word[1]) == 0xabcd && Bar.Word[0] == 0x7788);
	WRITE_REGISTER_UCHAR(&Bar.Byte[7], 0xfe);
	EXPECT(READ_REGISTER_UCHAR(&Bar.Byte[7]) == 0xfe && Bar.Byte[6] == 0x22);
	StorPortWriteRegisterUlong(NULL, &Bar.Long[0], 1);
	EXPECT(StorPortReadRegisterUlong(NULL, &Bar.Long[0]) == 1);
	NdisWriteRegisterUlong(&Bar.Long[0], 2);
	NdisReadRegisterUlong(&Bar.Long[0], &Data);
	EXPECT(Data == 2);
	WRITE_REGISTER_BUFFER_UCHAR(Bar.Byte, Out, 2);
	EXPECT(Bar.Byte[0] == 7 && Bar.Byte[1] == 8);
	StorPortReadRegisterBufferUchar(NULL, &Bar.Byte[1], Out, 1);
	EXPECT(Out[0] == 8 && Out[1] == 8);
	StorPortWriteRegisterBufferUlong64(NULL, &Bar.Quad, &(ULONG64) { 5 }, 1);
	EXPECT(Bar.Quad == 5);
	StorPortWritePortBufferUchar(NULL, (PUCHAR)3, Out, 2);
	EXPECT(StorPortReadPortUlong(NULL, (PULONG)3) == 8);
}

static VOID Locks(VOID)
{
	KSPIN_LOCK Lock;
	NDIS_SPIN_LOCK Ndis;
	KIRQL OldIrql = 99;

	KeInitializeSpinLock(&Lock);
	EXPECT(Initialised == &Lock);
	NdisAllocateSpinLock(&Ndis);
	EXPECT(Initialised == &Ndis.SpinLock);
	EXPECT(Keys[0] && Keys[1] && Keys[0] != Keys[1]);
	Irql = APC_LEVEL;
	KeAcquireSpinLock(&Lock, &OldIrql);
	EXPECT(OldIrql == APC_LEVEL && Irql == DISPATCH_LEVEL && Initialised == &Lock);
	KeReleaseSpinLock(&Lock, OldIrql);
	NdisAcquireSpinLock(&Ndis);
	EXPECT(Ndis.OldIrql == APC_LEVEL && Irql == DISPATCH_LEVEL);
	NdisReleaseSpinLock(&Ndis);
	EXPECT(Irql == APC_LEVEL);
}

static VOID Values(VOID)
{
	union {
		NDIS_RECEIVE_THROTTLE_PARAMETERS Throttle;
		ULONG Word[2];
	} u = { .Throttle = { .MoreNblsPending = 1 } };
	struct {
		ULONG Head;
		LIST_ENTRY Entry;
	} Record;
	UCHAR Memory[4] = { 1, 2, 3, 4 };
	CM_PARTIAL_RESOURCE_DESCRIPTOR Line = { .Type = CmResourceTypeInterrupt };
	PUSHORT Level = (PUSHORT)((PUCHAR)&Line + 4);
	STOR_PHYSICAL_ADDRESS Address;

	EXPECT(u.Word[0] == 0 && u.Word[1] == 1);
	EXPECT(CONTAINING_RECORD(&Record.Entry, __typeof__(Record), Entry) == &Record);
	EXPECT(ULongToPtr(0xffffffff) == (PVOID)0xffffffffULL);
	EXPECT(PtrToUlong((PVOID)0x1ffffffffULL) == 0xffffffff);
	EXPECT(NT_SUCCESS(STATUS_SUCCESS) && NT_SUCCESS(STATUS_PENDING));
	EXPECT(!NT_SUCCESS(STATUS_NOT_FOUND));
	EXPECT(NT_ERROR(STATUS_NOT_FOUND) && !NT_ERROR(STATUS_BUFFER_OVERFLOW));
	EXPECT(NT_WARNING(STATUS_BUFFER_OVERFLOW));
	Address = StorPortConvertUlongToPhysicalAddress(0x1fffffffeULL);
	EXPECT(Address.QuadPart == 0x1fffffffeLL);
	EXPECT(StorPortConvertPhysicalAddressToUlong(Address) == 0xfffffffe);
	RtlMoveMemory(Memory + 1, Memory, 3);
	EXPECT(Memory[1] == 1 && Memory[3] == 3);
	RtlFillMemory(Memory, 2, 0xee);
	EXPECT(Memory[0] == 0xee && Memory[1] == 0xee && Memory[2] == 2);
	RtlZeroMemory(Memory, 4);
	EXPECT(RtlEqualMemory(Memory, "\0\0\0\0", 4));
	/* Without processor groups one ULONG stands where the shim writes Level and Group 0 */
#ifdef NT_PROCESSOR_GROUPS
	Line.u.Interrupt.Level = 12;
	Line.u.Interrupt.Group = 0;
	EXPECT(*Level == 12);
#else
	*Level = 12;
	EXPECT(Line.u.Interrupt.Level == 12);
#endif
}

/* A request of the new kind, and what lies behind it */
struct Extended {
	STORAGE_REQUEST_BLOCK Srb;
	STOR_ADDR_BTL8 Address;
	SRBEX_DATA_BIDIRECTIONAL Other;
	union {
		SRBEX_DATA_SCSI_CDB16 Cdb16;
		SRBEX_DATA_SCSI_CDB32 Cdb32;
		SRBEX_DATA_SCSI_CDB_VAR CdbVar;
	} Command;
};

static VOID MakeExtended(struct Extended *Request, SRBEXDATATYPE Type)
{
	PULONG Offsets = (PULONG)((PUCHAR)Request +
				  FIELD_OFFSET(STORAGE_REQUEST_BLOCK, SrbExDataOffset));

	*Request = (struct Extended) {
		.Srb = {
			.Function = SRB_FUNCTION_STORAGE_REQUEST_BLOCK,
			.SrbFunction = SRB_FUNCTION_EXECUTE_SCSI,
			.SrbLength = sizeof(*Request),
			.AddressOffset = FIELD_OFFSET(struct Extended, Address),
			.NumSrbExData = 2,
		},
		.Address = {
			.Type = STOR_ADDRESS_TYPE_BTL8,
			.AddressLength = STOR_ADDR_BTL8_ADDRESS_LENGTH,
			.Path = 1, .Target = 2, .Lun = 3,
		},
		.Other = { .Type = SrbExDataTypeBidirectional },
		.Command = { .Cdb16 = { .Type = Type } },
	};
	Offsets[0] = FIELD_OFFSET(struct Extended, Other);
	Offsets[1] = FIELD_OFFSET(struct Extended, Command);
}

/* Whatever either kind has, comes back as it was set */
static VOID RequestMembers(PVOID Srb)
{
	UCHAR Sense[4], Next[sizeof(SCSI_REQUEST_BLOCK)];

	SrbSetDataBuffer(Srb, Sense);
	SrbSetDataTransferLength(Srb, 70000);
	SrbSetTimeOutValue(Srb, 30);
	SrbSetOriginalRequest(Srb, &Next);
	SrbSetNextSrb(Srb, Next);
	SrbSetQueueTag(Srb, 7);
	SrbSetScsiStatus(Srb, SCSISTAT_BUSY);
	SrbSetCdbLength(Srb, 10);
	SrbSetSenseInfoBuffer(Srb, Sense);
	SrbSetSenseInfoBufferLength(Srb, sizeof(Sense));
	EXPECT(SrbGetDataBuffer(Srb) == Sense && SrbGetDataTransferLength(Srb) == 70000);
	EXPECT(SrbGetTimeOutValue(Srb) == 30 && SrbGetOriginalRequest(Srb) == &Next);
	EXPECT(SrbGetNextSrb(Srb) == Next && SrbGetQueueTag(Srb) == 7);
	EXPECT(SrbGetScsiStatus(Srb) == SCSISTAT_BUSY && SrbGetCdbLength(Srb) == 10);
	EXPECT(SrbGetSenseInfoBuffer(Srb) == Sense);
	EXPECT(SrbGetSenseInfoBufferLength(Srb) == sizeof(Sense));
	EXPECT(SrbGetSrbFunction(Srb) == SRB_FUNCTION_EXECUTE_SCSI);
	EXPECT(SrbGetPathId(Srb) == 1 && SrbGetTargetId(Srb) == 2 && SrbGetLun(Srb) == 3);

	SrbAssignSrbFlags(Srb, SRB_FLAGS_DATA_IN);
	SrbSetSrbFlags(Srb, SRB_FLAGS_NO_QUEUE_FREEZE);
	EXPECT(SrbGetSrbFlags(Srb) == (SRB_FLAGS_DATA_IN | SRB_FLAGS_NO_QUEUE_FREEZE));
	SrbClearSrbFlags(Srb, SRB_FLAGS_DATA_IN);
	EXPECT(SrbGetSrbFlags(Srb) == SRB_FLAGS_NO_QUEUE_FREEZE);

	SrbAssignSrbStatus(Srb, SRB_STATUS_AUTOSENSE_VALID | SRB_STATUS_BUSY);
	SrbSetSrbStatus(Srb, SRB_STATUS_ERROR);
	EXPECT(SrbGetSrbStatus(Srb) == (SRB_STATUS_AUTOSENSE_VALID | SRB_STATUS_ERROR));
	SrbSetQueueAction(Srb, 0x20);
	EXPECT(SrbGetQueueAction(Srb) == 0x20);
}

static VOID OldRequest(VOID)
{
	SCSI_REQUEST_BLOCK Block = { .PathId = 1, .TargetId = 2, .Lun = 3, .SrbExtension = &Block };
	PVOID Srb = &Block;

	/* as a driver sees it: of an unknown kind */
	__asm__("" : "+r" (Srb) : : "memory");
	RequestMembers(Srb);
	EXPECT(SrbGetCdb(Srb) == (PCDB)Block.Cdb && SrbGetMiniportContext(Srb) == &Block);
	EXPECT(SrbGetSrbLength(Srb) == sizeof(Block));
	EXPECT(!SrbGetAddress(Srb) && !SrbGetSrbExDataByIndex(Srb, 0));
}

static VOID NewRequest(VOID)
{
	struct Extended Request;

	MakeExtended(&Request, SrbExDataTypeScsiCdb16);
	EXPECT(!SrbGetCdb(&Request) && SrbGetScsiStatus(&Request) == SCSISTAT_GOOD);
	RequestMembers(&Request);
	EXPECT(SrbGetCdb(&Request) == (PCDB)Request.Command.Cdb16.Cdb);
	EXPECT(SrbGetSrbLength(&Request) == sizeof(Request));
	MakeExtended(&Request, SrbExDataTypeScsiCdb32);
	RequestMembers(&Request);
	EXPECT(SrbGetCdb(&Request) == (PCDB)Request.Command.Cdb32.Cdb);
}

static VOID LongCommand(VOID)
{
	struct Extended Request;
	UCHAR Length8 = 9, Sense;
	ULONG Length32 = 260;

	MakeExtended(&Request, SrbExDataTypeScsiCdbVar);
	SrbSetScsiData(&Request.Srb, &Length8, &Length32, NULL, NULL, NULL);
	EXPECT(Request.Command.CdbVar.CdbLength == 260);
	Length32 = 0;
	EXPECT(SrbGetScsiData(&Request.Srb, &Length8, &Length32, NULL, NULL, &Sense) ==
	       (PCDB)Request.Command.CdbVar.Cdb);
	EXPECT(Length8 == 9 && Length32 == 260 && Sense == 0);
}

/* What a request says lies in it may not */
static VOID BadOffsets(VOID)
{
	struct Extended Request;

	MakeExtended(&Request, SrbExDataTypeScsiCdb16);
	Request.Command.Cdb16.CdbLength = 6;
	EXPECT(SrbGetCdb(&Request));
	EXPECT(SrbGetSrbExDataByType(&Request.Srb, SrbExDataTypeBidirectional) ==
	       (PVOID)&Request.Other);
	EXPECT(!SrbGetSrbExDataByType(&Request.Srb, SrbExDataTypePower));
	EXPECT(!SrbGetSrbExDataByIndex(&Request.Srb, 2));
	Request.Srb.SrbLength = FIELD_OFFSET(struct Extended, Command.Cdb16.Cdb);
	EXPECT(!SrbGetCdb(&Request));
	Request.Srb.SrbLength = FIELD_OFFSET(struct Extended, Command.Cdb16.Length);
	EXPECT(!SrbGetSrbExDataByIndex(&Request.Srb, 1));
	Request.Srb.SrbExDataOffset[0] = 4;
	EXPECT(!SrbGetSrbExDataByIndex(&Request.Srb, 0));
	Request.Srb.AddressOffset = 0;
	EXPECT(SrbGetLun(&Request) == 0 && !SrbGetAddress(&Request.Srb));
}

static VOID Pages(VOID)
{
	PVOID Va = ULongToPtr(0x12345ffc);

	EXPECT(BYTE_OFFSET(Va) == 0xffc && PAGE_ALIGN(Va) == ULongToPtr(0x12345000));
	EXPECT(ROUND_TO_PAGES(0) == 0 && ROUND_TO_PAGES(1) == PAGE_SIZE);
	EXPECT(ROUND_TO_PAGES(0xfffff001) == 0x100000000ULL);
	EXPECT(BYTES_TO_PAGES(0) == 0 && BYTES_TO_PAGES(0x1000) == 1);
	EXPECT(BYTES_TO_PAGES(0x1001) == 2);
	EXPECT(ADDRESS_AND_SIZE_TO_SPAN_PAGES(Va, 0) == 1);
	EXPECT(ADDRESS_AND_SIZE_TO_SPAN_PAGES(Va, 4) == 1);
	EXPECT(ADDRESS_AND_SIZE_TO_SPAN_PAGES(Va, 5) == 2);
}

static VOID ByteSwaps(VOID)
{
	EXPECT(RtlUshortByteSwap(0x1234) == 0x3412);
	EXPECT(RtlUlongByteSwap(0x12345678) == 0x78563412);
	EXPECT(RtlUlonglongByteSwap(0x0123456789abcdefULL) == 0xefcdab8967452301ULL);
	EXPECT(sizeof(RtlUlongByteSwap(0)) == 4 && sizeof(RtlUlonglongByteSwap(0)) == 8);
}

/* Addresses need not be aligned */
static VOID Ethernet(VOID)
{
	UCHAR From[] = { 0, 1, 2, 3, 4, 5, 6, 7 }, To[8] = { 0 }, Broadcast[6];
	UINT Result;

	ETH_COPY_NETWORK_ADDRESS(To + 1, From + 1);
	EXPECT(!To[0] && To[1] == 1 && To[6] == 6 && !To[7]);
	ETH_COMPARE_NETWORK_ADDRESSES_EQ(From + 1, To + 1, &Result);
	EXPECT(Result == 0);
	To[6]++;
	ETH_COMPARE_NETWORK_ADDRESSES_EQ(From + 1, To + 1, &Result);
	EXPECT(Result == 1);
	RtlFillMemory(Broadcast, sizeof(Broadcast), 0xff);
	EXPECT(ETH_IS_BROADCAST(Broadcast) && ETH_IS_MULTICAST(Broadcast));
	EXPECT(!ETH_IS_BROADCAST(From + 1) && ETH_IS_MULTICAST(From + 1));
	EXPECT(!ETH_IS_MULTICAST(From));
	EXPECT(NDIS_RSS_HASH_TYPE_FROM_HASH_INFO(NDIS_HASH_TCP_IPV4 | NdisHashFunctionToeplitz) ==
	       NDIS_HASH_TCP_IPV4);
}

int main(VOID)
{
	Pages();
	ByteSwaps();
	Ethernet();
	Lists();
	SequencedHead();
	Interlocked();
	InterlockedWide();
	InterlockedShort();
	RegisterBuffers();
	Registers();
	Locks();
	Values();
	OldRequest();
	NewRequest();
	LongCommand();
	BadOffsets();
	return !!Failures;
}
