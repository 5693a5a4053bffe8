/* SPDX-License-Identifier: GPL-2.0-only */
/*
 * Request blocks of both kinds, by what is in them: a function takes a SCSI_REQUEST_BLOCK or a
 * STORAGE_REQUEST_BLOCK, and tells them apart by their Function.
 */
#ifndef _SRBHELPER_H_
#define _SRBHELPER_H_

#include <scsi.h>
#include <srb.h>

EXTERN_C_START

_MINIRQ_INLINE PSTORAGE_REQUEST_BLOCK _MinirqSrbEx(PVOID Srb)
{
	return ((PSCSI_REQUEST_BLOCK)Srb)->Function == SRB_FUNCTION_STORAGE_REQUEST_BLOCK ?
		(PSTORAGE_REQUEST_BLOCK)Srb : NULL;
}

/* A member of either kind */
#define _MINIRQ_SRB_GET(Type, Name, OfOld, OfNew) \
	_MINIRQ_INLINE Type SrbGet##Name(PVOID Srb) \
	{ \
		PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb); \
		\
		return SrbEx ? SrbEx->OfNew : ((PSCSI_REQUEST_BLOCK)Srb)->OfOld; \
	}

#define _MINIRQ_SRB_SET(Type, Name, OfOld, OfNew) \
	_MINIRQ_INLINE VOID SrbSet##Name(PVOID Srb, Type Value) \
	{ \
		PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb); \
		\
		if (SrbEx) \
			SrbEx->OfNew = Value; \
		else \
			((PSCSI_REQUEST_BLOCK)Srb)->OfOld = Value; \
	}

#define _MINIRQ_SRB(Type, Name, OfOld, OfNew) \
	_MINIRQ_SRB_GET(Type, Name, OfOld, OfNew) \
	_MINIRQ_SRB_SET(Type, Name, OfOld, OfNew)

_MINIRQ_SRB_GET(ULONG, SrbFunction, Function, SrbFunction)
_MINIRQ_SRB_GET(PVOID, MiniportContext, SrbExtension, MiniportContext)
_MINIRQ_SRB(PVOID, DataBuffer, DataBuffer, DataBuffer)
_MINIRQ_SRB(ULONG, DataTransferLength, DataTransferLength, DataTransferLength)
_MINIRQ_SRB(ULONG, TimeOutValue, TimeOutValue, TimeOutValue)
_MINIRQ_SRB(PVOID, OriginalRequest, OriginalRequest, OriginalRequest)
_MINIRQ_SRB_GET(UCHAR, SrbStatus, SrbStatus, SrbStatus)
_MINIRQ_SRB_GET(ULONG, SrbFlags, SrbFlags, SrbFlags)
_MINIRQ_SRB(ULONG, SystemStatus, InternalStatus, SystemStatus)

#undef _MINIRQ_SRB
#undef _MINIRQ_SRB_SET
#undef _MINIRQ_SRB_GET

_MINIRQ_INLINE VOID SrbAssignSrbStatus(PVOID Srb, UCHAR Status)
{
	((PSCSI_REQUEST_BLOCK)Srb)->SrbStatus = Status;
}

/* Sense data that are there stay */
_MINIRQ_INLINE VOID SrbSetSrbStatus(PVOID Srb, UCHAR Status)
{
	SrbAssignSrbStatus(Srb, (SrbGetSrbStatus(Srb) & SRB_STATUS_AUTOSENSE_VALID) | Status);
}

_MINIRQ_INLINE VOID SrbAssignSrbFlags(PVOID Srb, ULONG Flags)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbEx->SrbFlags = Flags;
	else
		((PSCSI_REQUEST_BLOCK)Srb)->SrbFlags = Flags;
}

_MINIRQ_INLINE VOID SrbSetSrbFlags(PVOID Srb, ULONG Flags)
{
	SrbAssignSrbFlags(Srb, SrbGetSrbFlags(Srb) | Flags);
}

_MINIRQ_INLINE VOID SrbClearSrbFlags(PVOID Srb, ULONG Flags)
{
	SrbAssignSrbFlags(Srb, SrbGetSrbFlags(Srb) & ~Flags);
}

_MINIRQ_INLINE ULONG SrbGetSrbLength(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	return SrbEx ? SrbEx->SrbLength : sizeof(SCSI_REQUEST_BLOCK);
}

_MINIRQ_INLINE PVOID SrbGetNextSrb(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	return SrbEx ? (PVOID)SrbEx->NextSrb : (PVOID)((PSCSI_REQUEST_BLOCK)Srb)->NextSrb;
}

_MINIRQ_INLINE VOID SrbSetNextSrb(PVOID Srb, PVOID NextSrb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbEx->NextSrb = (PSTORAGE_REQUEST_BLOCK)NextSrb;
	else
		((PSCSI_REQUEST_BLOCK)Srb)->NextSrb = (PSCSI_REQUEST_BLOCK)NextSrb;
}

/* Tags of the new kind are wider */
_MINIRQ_INLINE ULONG SrbGetQueueTag(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	return SrbEx ? SrbEx->RequestTag : ((PSCSI_REQUEST_BLOCK)Srb)->QueueTag;
}

#define SrbGetRequestTag	SrbGetQueueTag

_MINIRQ_INLINE VOID SrbSetQueueTag(PVOID Srb, ULONG QueueTag)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbEx->RequestTag = QueueTag;
	else
		((PSCSI_REQUEST_BLOCK)Srb)->QueueTag = (UCHAR)QueueTag;
}

#define SrbSetRequestTag	SrbSetQueueTag

_MINIRQ_INLINE ULONG SrbGetRequestAttribute(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	return SrbEx ? SrbEx->RequestAttribute : ((PSCSI_REQUEST_BLOCK)Srb)->QueueAction;
}

#define SrbGetQueueAction	SrbGetRequestAttribute

_MINIRQ_INLINE VOID SrbSetRequestAttribute(PVOID Srb, UCHAR RequestAttribute)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbEx->RequestAttribute = RequestAttribute;
	else
		((PSCSI_REQUEST_BLOCK)Srb)->QueueAction = RequestAttribute;
}

#define SrbSetQueueAction	SrbSetRequestAttribute

/* Where a request of the new kind goes; NULL when it does not say */
_MINIRQ_INLINE PSTOR_ADDRESS SrbGetAddress(PSTORAGE_REQUEST_BLOCK Srb)
{
	if (!_MinirqSrbEx(Srb) || !Srb->AddressOffset)
		return NULL;
	return (PSTOR_ADDRESS)((PUCHAR)Srb + Srb->AddressOffset);
}

_MINIRQ_INLINE VOID SrbGetPathTargetLun(PVOID Srb, PUCHAR PathId, PUCHAR TargetId, PUCHAR Lun)
{
	PSCSI_REQUEST_BLOCK Old = (PSCSI_REQUEST_BLOCK)Srb;
	UCHAR Path = 0, Target = 0, Unit = 0;

	if (_MinirqSrbEx(Srb)) {
		PSTOR_ADDR_BTL8 Address =
			(PSTOR_ADDR_BTL8)SrbGetAddress((PSTORAGE_REQUEST_BLOCK)Srb);

		if (Address && Address->Type == STOR_ADDRESS_TYPE_BTL8) {
			Path = Address->Path;
			Target = Address->Target;
			Unit = Address->Lun;
		}
	} else {
		Path = Old->PathId;
		Target = Old->TargetId;
		Unit = Old->Lun;
	}
	if (PathId)
		*PathId = Path;
	if (TargetId)
		*TargetId = Target;
	if (Lun)
		*Lun = Unit;
}

_MINIRQ_INLINE UCHAR SrbGetPathId(PVOID Srb)
{
	UCHAR PathId;

	SrbGetPathTargetLun(Srb, &PathId, NULL, NULL);
	return PathId;
}

_MINIRQ_INLINE UCHAR SrbGetTargetId(PVOID Srb)
{
	UCHAR TargetId;

	SrbGetPathTargetLun(Srb, NULL, &TargetId, NULL);
	return TargetId;
}

_MINIRQ_INLINE UCHAR SrbGetLun(PVOID Srb)
{
	UCHAR Lun;

	SrbGetPathTargetLun(Srb, NULL, NULL, &Lun);
	return Lun;
}

/* Extended data; what does not lie within the request is not there */
_MINIRQ_INLINE PSRBEX_DATA SrbGetSrbExDataByIndex(PSTORAGE_REQUEST_BLOCK Srb, ULONG SrbExDataIndex)
{
	/* as long as NumSrbExData says, not as the type does */
	PULONG Offsets = (PULONG)(PVOID)((PUCHAR)Srb +
					 FIELD_OFFSET(STORAGE_REQUEST_BLOCK, SrbExDataOffset));
	ULONG Offset;

	if (!_MinirqSrbEx(Srb) || SrbExDataIndex >= Srb->NumSrbExData)
		return NULL;
	Offset = Offsets[SrbExDataIndex];
	if (Offset < sizeof(*Srb) || Offset > Srb->SrbLength ||
	    Srb->SrbLength - Offset < FIELD_OFFSET(SRBEX_DATA, Data))
		return NULL;
	return (PSRBEX_DATA)((PUCHAR)Srb + Offset);
}

_MINIRQ_INLINE PSRBEX_DATA SrbGetSrbExDataByType(PSTORAGE_REQUEST_BLOCK Srb, SRBEXDATATYPE Type)
{
	ULONG Index;

	if (!_MinirqSrbEx(Srb))
		return NULL;
	for (Index = 0; Index < Srb->NumSrbExData; Index++) {
		PSRBEX_DATA Data = SrbGetSrbExDataByIndex(Srb, Index);

		if (Data && Data->Type == Type)
			return Data;
	}
	return NULL;
}

/* The command of a request of the new kind, of whichever length; NULL when it has none */
_MINIRQ_INLINE PSRBEX_DATA _MinirqSrbScsiData(PSTORAGE_REQUEST_BLOCK Srb)
{
	PSRBEX_DATA Data;
	ULONG End, Index;

	if (!_MinirqSrbEx(Srb) || Srb->SrbFunction != SRB_FUNCTION_EXECUTE_SCSI)
		return NULL;
	for (Index = 0; Index < Srb->NumSrbExData; Index++) {
		Data = SrbGetSrbExDataByIndex(Srb, Index);
		if (!Data)
			continue;
		End = (ULONG)((PUCHAR)Srb + Srb->SrbLength - (PUCHAR)Data);
		if ((Data->Type == SrbExDataTypeScsiCdb16 &&
		     End >= sizeof(SRBEX_DATA_SCSI_CDB16)) ||
		    (Data->Type == SrbExDataTypeScsiCdb32 &&
		     End >= sizeof(SRBEX_DATA_SCSI_CDB32)) ||
		    (Data->Type == SrbExDataTypeScsiCdbVar &&
		     End >= sizeof(SRBEX_DATA_SCSI_CDB_VAR)))
			return Data;
	}
	return NULL;
}

/*
 * The members of that command. The two with a length of 8 bits begin alike; the one of any
 * length has its length, its sense buffer and its command further back.
 */
_MINIRQ_INLINE PVOID *_MinirqSrbSense(PSRBEX_DATA Data)
{
	return Data->Type == SrbExDataTypeScsiCdbVar ?
		&((PSRBEX_DATA_SCSI_CDB_VAR)(PVOID)Data)->SenseInfoBuffer :
		&((PSRBEX_DATA_SCSI_CDB16)(PVOID)Data)->SenseInfoBuffer;
}

_MINIRQ_INLINE PUCHAR _MinirqSrbCdb(PSRBEX_DATA Data)
{
	return Data->Type == SrbExDataTypeScsiCdbVar ?
		((PSRBEX_DATA_SCSI_CDB_VAR)(PVOID)Data)->Cdb :
		((PSRBEX_DATA_SCSI_CDB16)(PVOID)Data)->Cdb;
}

/* What is asked for is not NULL; of the two lengths, that of this kind of command is set */
_MINIRQ_INLINE PCDB SrbGetScsiData(PSTORAGE_REQUEST_BLOCK SrbEx, PUCHAR CdbLength8,
				   PULONG CdbLength32, PUCHAR ScsiStatus, PVOID *SenseInfoBuffer,
				   PUCHAR SenseInfoBufferLength)
{
	PSRBEX_DATA Data = _MinirqSrbScsiData(SrbEx);
	PSRBEX_DATA_SCSI_CDB16 Short = (PSRBEX_DATA_SCSI_CDB16)(PVOID)Data;
	BOOLEAN Any = Data && Data->Type == SrbExDataTypeScsiCdbVar;
	ULONG Length = 0;

	if (Any)
		Length = ((PSRBEX_DATA_SCSI_CDB_VAR)(PVOID)Data)->CdbLength;
	else if (Data)
		Length = Short->CdbLength;
	if (CdbLength8 && !Any)
		*CdbLength8 = (UCHAR)Length;
	if (CdbLength32 && (Any || !Data))
		*CdbLength32 = Length;
	if (ScsiStatus)
		*ScsiStatus = Data ? Short->ScsiStatus : SCSISTAT_GOOD;
	if (SenseInfoBuffer)
		*SenseInfoBuffer = Data ? *_MinirqSrbSense(Data) : NULL;
	if (SenseInfoBufferLength)
		*SenseInfoBufferLength = Data ? Short->SenseInfoBufferLength : 0;
	return Data && Length ? (PCDB)(PVOID)_MinirqSrbCdb(Data) : NULL;
}

_MINIRQ_INLINE VOID SrbSetScsiData(PSTORAGE_REQUEST_BLOCK SrbEx, PUCHAR CdbLength8,
				   PULONG CdbLength32, PUCHAR ScsiStatus, PVOID *SenseInfoBuffer,
				   PUCHAR SenseInfoBufferLength)
{
	PSRBEX_DATA Data = _MinirqSrbScsiData(SrbEx);
	PSRBEX_DATA_SCSI_CDB16 Short = (PSRBEX_DATA_SCSI_CDB16)(PVOID)Data;

	if (!Data)
		return;
	if (CdbLength32 && Data->Type == SrbExDataTypeScsiCdbVar)
		((PSRBEX_DATA_SCSI_CDB_VAR)(PVOID)Data)->CdbLength = *CdbLength32;
	if (CdbLength8 && Data->Type != SrbExDataTypeScsiCdbVar)
		Short->CdbLength = *CdbLength8;
	if (ScsiStatus)
		Short->ScsiStatus = *ScsiStatus;
	if (SenseInfoBuffer)
		*_MinirqSrbSense(Data) = *SenseInfoBuffer;
	if (SenseInfoBufferLength)
		Short->SenseInfoBufferLength = *SenseInfoBufferLength;
}

_MINIRQ_INLINE PCDB SrbGetCdb(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		return SrbGetScsiData(SrbEx, NULL, NULL, NULL, NULL, NULL);
	return (PCDB)(PVOID)((PSCSI_REQUEST_BLOCK)Srb)->Cdb;
}

_MINIRQ_INLINE UCHAR SrbGetCdbLength(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);
	UCHAR Length = 0;

	if (!SrbEx)
		return ((PSCSI_REQUEST_BLOCK)Srb)->CdbLength;
	SrbGetScsiData(SrbEx, &Length, NULL, NULL, NULL, NULL);
	return Length;
}

_MINIRQ_INLINE VOID SrbSetCdbLength(PVOID Srb, UCHAR CdbLength)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbSetScsiData(SrbEx, &CdbLength, NULL, NULL, NULL, NULL);
	else
		((PSCSI_REQUEST_BLOCK)Srb)->CdbLength = CdbLength;
}

_MINIRQ_INLINE UCHAR SrbGetScsiStatus(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);
	UCHAR Status;

	if (!SrbEx)
		return ((PSCSI_REQUEST_BLOCK)Srb)->ScsiStatus;
	SrbGetScsiData(SrbEx, NULL, NULL, &Status, NULL, NULL);
	return Status;
}

_MINIRQ_INLINE VOID SrbSetScsiStatus(PVOID Srb, UCHAR ScsiStatus)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbSetScsiData(SrbEx, NULL, NULL, &ScsiStatus, NULL, NULL);
	else
		((PSCSI_REQUEST_BLOCK)Srb)->ScsiStatus = ScsiStatus;
}

_MINIRQ_INLINE PVOID SrbGetSenseInfoBuffer(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);
	PVOID Buffer;

	if (!SrbEx)
		return ((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBuffer;
	SrbGetScsiData(SrbEx, NULL, NULL, NULL, &Buffer, NULL);
	return Buffer;
}

_MINIRQ_INLINE VOID SrbSetSenseInfoBuffer(PVOID Srb, PVOID SenseInfoBuffer)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbSetScsiData(SrbEx, NULL, NULL, NULL, &SenseInfoBuffer, NULL);
	else
		((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBuffer = SenseInfoBuffer;
}

_MINIRQ_INLINE UCHAR SrbGetSenseInfoBufferLength(PVOID Srb)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);
	UCHAR Length;

	if (!SrbEx)
		return ((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBufferLength;
	SrbGetScsiData(SrbEx, NULL, NULL, NULL, NULL, &Length);
	return Length;
}

_MINIRQ_INLINE VOID SrbSetSenseInfoBufferLength(PVOID Srb, UCHAR SenseInfoBufferLength)
{
	PSTORAGE_REQUEST_BLOCK SrbEx = _MinirqSrbEx(Srb);

	if (SrbEx)
		SrbSetScsiData(SrbEx, NULL, NULL, NULL, NULL, &SenseInfoBufferLength);
	else
		((PSCSI_REQUEST_BLOCK)Srb)->SenseInfoBufferLength = SenseInfoBufferLength;
}

EXTERN_C_END

#endif
