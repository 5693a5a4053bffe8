/* SPDX-License-Identifier: GPL-2.0-only */
/* SCSI: command blocks, what they return, and their codes. */
#ifndef _NTSCSI_
#define _NTSCSI_

#include <ntdef.h>

EXTERN_C_START

/* OperationCode of a CDB */
#define SCSIOP_TEST_UNIT_READY			0x00
#define SCSIOP_REZERO_UNIT			0x01
#define SCSIOP_REWIND				0x01
#define SCSIOP_REQUEST_BLOCK_ADDR		0x02
#define SCSIOP_REQUEST_SENSE			0x03
#define SCSIOP_FORMAT_UNIT			0x04
#define SCSIOP_READ_BLOCK_LIMITS		0x05
#define SCSIOP_REASSIGN_BLOCKS			0x07
#define SCSIOP_INIT_ELEMENT_STATUS		0x07
#define SCSIOP_READ6				0x08
#define SCSIOP_RECEIVE				0x08
#define SCSIOP_WRITE6				0x0A
#define SCSIOP_SEND				0x0A
#define SCSIOP_SEEK6				0x0B
#define SCSIOP_SET_CAPACITY			0x0B
#define SCSIOP_SEEK_BLOCK			0x0C
#define SCSIOP_PARTITION			0x0D
#define SCSIOP_READ_REVERSE			0x0F
#define SCSIOP_WRITE_FILEMARKS			0x10
#define SCSIOP_FLUSH_BUFFER			0x10
#define SCSIOP_SPACE				0x11
#define SCSIOP_INQUIRY				0x12
#define SCSIOP_VERIFY6				0x13
#define SCSIOP_RECOVER_BUF_DATA			0x14
#define SCSIOP_MODE_SELECT			0x15
#define SCSIOP_RESERVE_UNIT			0x16
#define SCSIOP_RELEASE_UNIT			0x17
#define SCSIOP_COPY				0x18
#define SCSIOP_ERASE				0x19
#define SCSIOP_MODE_SENSE			0x1A
#define SCSIOP_START_STOP_UNIT			0x1B
#define SCSIOP_LOAD_UNLOAD			0x1B
#define SCSIOP_RECEIVE_DIAGNOSTIC		0x1C
#define SCSIOP_SEND_DIAGNOSTIC			0x1D
#define SCSIOP_MEDIUM_REMOVAL			0x1E
#define SCSIOP_READ_FORMATTED_CAPACITY		0x23
#define SCSIOP_READ_CAPACITY			0x25
#define SCSIOP_READ				0x28
#define SCSIOP_WRITE				0x2A
#define SCSIOP_SEEK				0x2B
#define SCSIOP_LOCATE				0x2B
#define SCSIOP_POSITION_TO_ELEMENT		0x2B
#define SCSIOP_WRITE_VERIFY			0x2E
#define SCSIOP_VERIFY				0x2F
#define SCSIOP_SEARCH_DATA_HIGH			0x30
#define SCSIOP_SEARCH_DATA_EQUAL		0x31
#define SCSIOP_SEARCH_DATA_LOW			0x32
#define SCSIOP_SET_LIMITS			0x33
#define SCSIOP_READ_POSITION			0x34
#define SCSIOP_SYNCHRONIZE_CACHE		0x35
#define SCSIOP_COMPARE				0x39
#define SCSIOP_COPY_COMPARE			0x3A
#define SCSIOP_WRITE_DATA_BUFF			0x3B
#define SCSIOP_READ_DATA_BUFF			0x3C
#define SCSIOP_WRITE_LONG			0x3F
#define SCSIOP_WRITE_SAME			0x41
#define SCSIOP_UNMAP				0x42
#define SCSIOP_READ_HEADER			0x44
#define SCSIOP_REPORT_DENSITY_SUPPORT		0x44
#define SCSIOP_GET_CONFIGURATION		0x46
#define SCSIOP_SANITIZE				0x48
#define SCSIOP_GET_EVENT_STATUS			0x4A
#define SCSIOP_PAUSE_RESUME			0x4B
#define SCSIOP_LOG_SELECT			0x4C
#define SCSIOP_LOG_SENSE			0x4D
#define SCSIOP_XDWRITE				0x50
#define SCSIOP_XPWRITE				0x51
#define SCSIOP_XDWRITE_READ			0x53
#define SCSIOP_MODE_SELECT10			0x55
#define SCSIOP_RESERVE_UNIT10			0x56
#define SCSIOP_RESERVE_ELEMENT			0x56
#define SCSIOP_RELEASE_UNIT10			0x57
#define SCSIOP_RELEASE_ELEMENT			0x57
#define SCSIOP_MODE_SENSE10			0x5A
#define SCSIOP_READ_BUFFER_CAPACITY		0x5C
#define SCSIOP_PERSISTENT_RESERVE_IN		0x5E
#define SCSIOP_PERSISTENT_RESERVE_OUT		0x5F
#define SCSIOP_OPERATION32			0x7F
#define SCSIOP_XDWRITE_EXTENDED16		0x80
#define SCSIOP_WRITE_FILEMARKS16		0x80
#define SCSIOP_REBUILD16			0x81
#define SCSIOP_READ_REVERSE16			0x81
#define SCSIOP_REGENERATE16			0x82
#define SCSIOP_EXTENDED_COPY			0x83
#define SCSIOP_POPULATE_TOKEN			0x83
#define SCSIOP_WRITE_USING_TOKEN		0x83
#define SCSIOP_RECEIVE_COPY_RESULTS		0x84
#define SCSIOP_RECEIVE_ROD_TOKEN_INFORMATION	0x84
#define SCSIOP_ATA_PASSTHROUGH16		0x85
#define SCSIOP_ACCESS_CONTROL_IN		0x86
#define SCSIOP_ACCESS_CONTROL_OUT		0x87
#define SCSIOP_READ16				0x88
#define SCSIOP_COMPARE_AND_WRITE		0x89
#define SCSIOP_WRITE16				0x8A
#define SCSIOP_READ_ATTRIBUTES			0x8C
#define SCSIOP_WRITE_ATTRIBUTES			0x8D
#define SCSIOP_WRITE_VERIFY16			0x8E
#define SCSIOP_VERIFY16				0x8F
#define SCSIOP_PREFETCH16			0x90
#define SCSIOP_SYNCHRONIZE_CACHE16		0x91
#define SCSIOP_SPACE16				0x91
#define SCSIOP_LOCK_UNLOCK_CACHE16		0x92
#define SCSIOP_LOCATE16				0x92
#define SCSIOP_WRITE_SAME16			0x93
#define SCSIOP_ERASE16				0x93
#define SCSIOP_ZBC_OUT				0x94
#define SCSIOP_ZBC_IN				0x95
#define SCSIOP_READ_DATA_BUFF16			0x9B
#define SCSIOP_READ_CAPACITY16			0x9E
#define SCSIOP_GET_LBA_STATUS			0x9E
#define SCSIOP_GET_PHYSICAL_ELEMENT_STATUS	0x9E
#define SCSIOP_REMOVE_ELEMENT_AND_TRUNCATE	0x9E
#define SCSIOP_SERVICE_ACTION_IN16		0x9E
#define SCSIOP_SERVICE_ACTION_OUT16		0x9F
#define SCSIOP_REPORT_LUNS			0xA0
#define SCSIOP_BLANK				0xA1
#define SCSIOP_ATA_PASSTHROUGH12		0xA1
#define SCSIOP_MAINTENANCE_IN			0xA3
#define SCSIOP_MAINTENANCE_OUT			0xA4
#define SCSIOP_MOVE_MEDIUM			0xA5
#define SCSIOP_LOAD_UNLOAD_SLOT			0xA6
#define SCSIOP_EXCHANGE_MEDIUM			0xA6
#define SCSIOP_SET_READ_AHEAD			0xA7
#define SCSIOP_MOVE_MEDIUM_ATTACHED		0xA7
#define SCSIOP_READ12				0xA8
#define SCSIOP_SERVICE_ACTION_OUT12		0xA9
#define SCSIOP_WRITE12				0xAA
#define SCSIOP_SERVICE_ACTION_IN12		0xAB
#define SCSIOP_GET_PERFORMANCE			0xAC
#define SCSIOP_WRITE_VERIFY12			0xAE
#define SCSIOP_VERIFY12				0xAF
#define SCSIOP_SEARCH_DATA_HIGH12		0xB0
#define SCSIOP_SEARCH_DATA_EQUAL12		0xB1
#define SCSIOP_SEARCH_DATA_LOW12		0xB2
#define SCSIOP_SET_LIMITS12			0xB3
#define SCSIOP_READ_ELEMENT_STATUS_ATTACHED	0xB4
#define SCSIOP_REQUEST_VOL_ELEMENT		0xB5
#define SCSIOP_SEND_VOLUME_TAG			0xB6
#define SCSIOP_READ_DEFECT_DATA			0xB7
#define SCSIOP_READ_ELEMENT_STATUS		0xB8
#define SCSIOP_MECHANISM_STATUS			0xBD
#define SCSIOP_INIT_ELEMENT_RANGE		0xE7

/* ScsiStatus */
#define SCSISTAT_GOOD			0x00
#define SCSISTAT_CHECK_CONDITION	0x02
#define SCSISTAT_CONDITION_MET		0x04
#define SCSISTAT_BUSY			0x08
#define SCSISTAT_INTERMEDIATE		0x10
#define SCSISTAT_INTERMEDIATE_COND_MET	0x14
#define SCSISTAT_RESERVATION_CONFLICT	0x18
#define SCSISTAT_COMMAND_TERMINATED	0x22
#define SCSISTAT_QUEUE_FULL		0x28

/* SenseKey */
#define SCSI_SENSE_NO_SENSE		0x00
#define SCSI_SENSE_RECOVERED_ERROR	0x01
#define SCSI_SENSE_NOT_READY		0x02
#define SCSI_SENSE_MEDIUM_ERROR		0x03
#define SCSI_SENSE_HARDWARE_ERROR	0x04
#define SCSI_SENSE_ILLEGAL_REQUEST	0x05
#define SCSI_SENSE_UNIT_ATTENTION	0x06
#define SCSI_SENSE_DATA_PROTECT		0x07
#define SCSI_SENSE_BLANK_CHECK		0x08
#define SCSI_SENSE_UNIQUE		0x09
#define SCSI_SENSE_COPY_ABORTED		0x0A
#define SCSI_SENSE_ABORTED_COMMAND	0x0B
#define SCSI_SENSE_EQUAL		0x0C
#define SCSI_SENSE_VOL_OVERFLOW		0x0D
#define SCSI_SENSE_MISCOMPARE		0x0E
#define SCSI_SENSE_RESERVED		0x0F

/* AdditionalSenseCode */
#define SCSI_ADSENSE_NO_SENSE					0x00
#define SCSI_ADSENSE_NO_SEEK_COMPLETE				0x02
#define SCSI_ADSENSE_LUN_NOT_READY				0x04
#define SCSI_ADSENSE_LUN_COMMUNICATION				0x08
#define SCSI_ADSENSE_WRITE_ERROR				0x0C
#define SCSI_ADSENSE_SEEK_ERROR					0x15
#define SCSI_ADSENSE_REC_DATA_NOECC				0x17
#define SCSI_ADSENSE_REC_DATA_ECC				0x18
#define SCSI_ADSENSE_PARAMETER_LIST_LENGTH			0x1A
#define SCSI_ADSENSE_ILLEGAL_COMMAND				0x20
#define SCSI_ADSENSE_ILLEGAL_BLOCK				0x21
#define SCSI_ADSENSE_INVALID_CDB				0x24
#define SCSI_ADSENSE_INVALID_LUN				0x25
#define SCSI_ADSENSE_INVALID_FIELD_PARAMETER_LIST		0x26
#define SCSI_ADSENSE_WRITE_PROTECT				0x27
#define SCSI_ADSENSE_MEDIUM_CHANGED				0x28
#define SCSI_ADSENSE_BUS_RESET					0x29
#define SCSI_ADSENSE_PARAMETERS_CHANGED				0x2A
#define SCSI_ADSENSE_INSUFFICIENT_TIME_FOR_OPERATION		0x2E
#define SCSI_ADSENSE_INVALID_MEDIA				0x30
#define SCSI_ADSENSE_NO_MEDIA_IN_DEVICE				0x3A
#define SCSI_ADSENSE_POSITION_ERROR				0x3B
#define SCSI_ADSENSE_OPERATING_CONDITIONS_CHANGED		0x3F
#define SCSI_ADSENSE_OPERATOR_REQUEST				0x5A
#define SCSI_ADSENSE_FAILURE_PREDICTION_THRESHOLD_EXCEEDED	0x5D
#define SCSI_ADSENSE_VENDOR_UNIQUE				0x80
#define SCSI_ADSENSE_VOLUME_OVERFLOW				0xA7

/* DeviceType of INQUIRYDATA */
#define DIRECT_ACCESS_DEVICE			0x00
#define SEQUENTIAL_ACCESS_DEVICE		0x01
#define PRINTER_DEVICE				0x02
#define PROCESSOR_DEVICE			0x03
#define WRITE_ONCE_READ_MULTIPLE_DEVICE		0x04
#define READ_ONLY_DIRECT_ACCESS_DEVICE		0x05
#define SCANNER_DEVICE				0x06
#define OPTICAL_DEVICE				0x07
#define COMMUNICATION_DEVICE			0x09
#define ARRAY_CONTROLLER_DEVICE			0x0C
#define SCSI_ENCLOSURE_DEVICE			0x0D
#define REDUCED_BLOCK_DEVICE			0x0E
#define OPTICAL_CARD_READER_WRITER_DEVICE	0x0F
#define BRIDGE_CONTROLLER_DEVICE		0x10
#define OBJECT_BASED_STORAGE_DEVICE		0x11
#define HOST_MANAGED_ZONED_BLOCK_DEVICE		0x14
#define UNKNOWN_OR_NO_DEVICE			0x1F
#define LOGICAL_UNIT_NOT_PRESENT_DEVICE		0x7F

/* DeviceTypeQualifier */
#define DEVICE_QUALIFIER_ACTIVE		0x00
#define DEVICE_QUALIFIER_NOT_ACTIVE	0x01
#define DEVICE_QUALIFIER_NOT_SUPPORTED	0x03
#define DEVICE_CONNECTED		0x00

/* PageCode of an inquiry for vital product data */
#define VPD_SUPPORTED_PAGES			0x00
#define VPD_SERIAL_NUMBER			0x80
#define VPD_DEVICE_IDENTIFIERS			0x83
#define VPD_MEDIA_SERIAL_NUMBER			0x84
#define VPD_SOFTWARE_INTERFACE_IDENTIFIERS	0x84
#define VPD_NETWORK_MANAGEMENT_ADDRESSES	0x85
#define VPD_EXTENDED_INQUIRY_DATA		0x86
#define VPD_MODE_PAGE_POLICY			0x87
#define VPD_SCSI_PORTS				0x88

/* PageCode and Pc of a MODE SENSE */
#define MODE_PAGE_ERROR_RECOVERY	0x01
#define MODE_PAGE_CACHING		0x08
#define MODE_PAGE_CONTROL		0x0A
#define MODE_PAGE_POWER_CONDITION	0x1A
#define MODE_PAGE_FAULT_REPORTING	0x1C
#define MODE_SENSE_RETURN_ALL		0x3F
#define MODE_SENSE_CURRENT_VALUES	0x00
#define MODE_SENSE_CHANGEABLE_VALUES	0x40
#define MODE_SENSE_DEFAULT_VAULES	0x80
#define MODE_SENSE_SAVED_VALUES		0xC0
#define SETBITON		1
#define SETBITOFF		0

#define CDB6GENERIC_LENGTH	6
#define CDB10GENERIC_LENGTH	10
#define CDB12GENERIC_LENGTH	12

#define SENSE_BUFFER_SIZE	18
#define MAX_SENSE_BUFFER_SIZE	255
#define INQUIRYDATABUFFERSIZE	36

/* A command descriptor block */
typedef union _CDB {
	struct _CDB6GENERIC {
		UCHAR OperationCode;
		UCHAR Immediate : 1;
		UCHAR CommandUniqueBits : 4;
		UCHAR LogicalUnitNumber : 3;
		UCHAR CommandUniqueBytes[3];
		UCHAR Link : 1;
		UCHAR Flag : 1;
		UCHAR Reserved : 4;
		UCHAR VendorUnique : 2;
	} CDB6GENERIC;
	struct _CDB6READWRITE {
		UCHAR OperationCode;
		UCHAR LogicalBlockMsb1 : 5;
		UCHAR LogicalUnitNumber : 3;
		UCHAR LogicalBlockMsb0;
		UCHAR LogicalBlockLsb;
		UCHAR TransferBlocks;
		UCHAR Control;
	} CDB6READWRITE;
	struct _CDB6INQUIRY {
		UCHAR OperationCode;
		UCHAR Reserved1 : 5;
		UCHAR LogicalUnitNumber : 3;
		UCHAR PageCode;
		UCHAR IReserved;
		UCHAR AllocationLength;
		UCHAR Control;
	} CDB6INQUIRY;
	struct _CDB6INQUIRY3 {
		UCHAR OperationCode;
		UCHAR EnableVitalProductData : 1;
		UCHAR CommandSupportData : 1;
		UCHAR Reserved1 : 6;
		UCHAR PageCode;
		UCHAR Reserved2;
		UCHAR AllocationLength;
		UCHAR Control;
	} CDB6INQUIRY3;
	struct _CDB10 {
		UCHAR OperationCode;
		UCHAR RelativeAddress : 1;
		UCHAR Reserved1 : 2;
		UCHAR ForceUnitAccess : 1;
		UCHAR DisablePageOut : 1;
		UCHAR LogicalUnitNumber : 3;
		UCHAR LogicalBlockByte0;
		UCHAR LogicalBlockByte1;
		UCHAR LogicalBlockByte2;
		UCHAR LogicalBlockByte3;
		UCHAR Reserved2;
		UCHAR TransferBlocksMsb;
		UCHAR TransferBlocksLsb;
		UCHAR Control;
	} CDB10;
	struct _CDB12 {
		UCHAR OperationCode;
		UCHAR RelativeAddress : 1;
		UCHAR Reserved1 : 2;
		UCHAR ForceUnitAccess : 1;
		UCHAR DisablePageOut : 1;
		UCHAR LogicalUnitNumber : 3;
		UCHAR LogicalBlock[4];
		UCHAR TransferLength[4];
		UCHAR Reserved2;
		UCHAR Control;
	} CDB12;
	struct _CDB16 {
		UCHAR OperationCode;
		UCHAR Reserved1 : 3;
		UCHAR ForceUnitAccess : 1;
		UCHAR DisablePageOut : 1;
		UCHAR Protection : 3;
		UCHAR LogicalBlock[8];
		UCHAR TransferLength[4];
		UCHAR Reserved2;
		UCHAR Control;
	} CDB16;
	struct _MODE_SENSE {
		UCHAR OperationCode;
		UCHAR Reserved1 : 3;
		UCHAR Dbd : 1;
		UCHAR Reserved2 : 4;
		UCHAR PageCode : 6;
		UCHAR Pc : 2;
		UCHAR SubPageCode;
		UCHAR AllocationLength;
		UCHAR Control;
	} MODE_SENSE;
	struct _MODE_SENSE10 {
		UCHAR OperationCode;
		UCHAR Reserved1 : 3;
		UCHAR Dbd : 1;
		UCHAR LongLBAAccepted : 1;
		UCHAR Reserved2 : 3;
		UCHAR PageCode : 6;
		UCHAR Pc : 2;
		UCHAR SubPageCode;
		UCHAR Reserved3[3];
		UCHAR AllocationLength[2];
		UCHAR Control;
	} MODE_SENSE10;
	struct _START_STOP {
		UCHAR OperationCode;
		UCHAR Immediate : 1;
		UCHAR Reserved1 : 4;
		UCHAR LogicalUnitNumber : 3;
		UCHAR Reserved2[2];
		UCHAR Start : 1;
		UCHAR LoadEject : 1;
		UCHAR Reserved3 : 6;
		UCHAR Control;
	} START_STOP;
	struct _REPORT_LUNS {
		UCHAR OperationCode;
		UCHAR Reserved1[5];
		UCHAR AllocationLength[4];
		UCHAR Reserved2[1];
		UCHAR Control;
	} REPORT_LUNS;
	struct _READ_CAPACITY16 {
		UCHAR OperationCode;
		UCHAR ServiceAction : 5;
		UCHAR Reserved1 : 3;
		UCHAR LogicalBlock[8];
		UCHAR BlockCount[4];
		UCHAR PMI : 1;
		UCHAR Reserved2 : 7;
		UCHAR Control;
	} READ_CAPACITY16;
	ULONG AsUlong[4];
	UCHAR AsByte[16];
} CDB, *PCDB;

/* What an inquiry returns */
typedef struct _INQUIRYDATA {
	UCHAR DeviceType : 5;
	UCHAR DeviceTypeQualifier : 3;
	UCHAR DeviceTypeModifier : 7;
	UCHAR RemovableMedia : 1;
	union {
		UCHAR Versions;
		struct {
			UCHAR ANSIVersion : 3;
			UCHAR ECMAVersion : 3;
			UCHAR ISOVersion : 2;
		};
	};
	UCHAR ResponseDataFormat : 4;
	UCHAR HiSupport : 1;
	UCHAR NormACA : 1;
	UCHAR TerminateTask : 1;
	UCHAR AERC : 1;
	UCHAR AdditionalLength;
	UCHAR Reserved;
	UCHAR Addr16 : 1;
	UCHAR Addr32 : 1;
	UCHAR AckReqQ : 1;
	UCHAR MediumChanger : 1;
	UCHAR MultiPort : 1;
	UCHAR ReservedBit2 : 1;
	UCHAR EnclosureServices : 1;
	UCHAR ReservedBit3 : 1;
	UCHAR SoftReset : 1;
	UCHAR CommandQueue : 1;
	UCHAR TransferDisable : 1;
	UCHAR LinkedCommands : 1;
	UCHAR Synchronous : 1;
	UCHAR Wide16Bit : 1;
	UCHAR Wide32Bit : 1;
	UCHAR RelativeAddressing : 1;
	UCHAR VendorId[8];
	UCHAR ProductId[16];
	UCHAR ProductRevisionLevel[4];
	UCHAR VendorSpecific[20];
	UCHAR Reserved3[40];
} INQUIRYDATA, *PINQUIRYDATA;

/* Pages of vital product data */
typedef struct _VPD_SERIAL_NUMBER_PAGE {
	UCHAR DeviceType : 5;
	UCHAR DeviceTypeQualifier : 3;
	UCHAR PageCode;
	UCHAR Reserved;
	UCHAR PageLength;
	UCHAR SerialNumber[];
} VPD_SERIAL_NUMBER_PAGE, *PVPD_SERIAL_NUMBER_PAGE;

typedef struct _VPD_SUPPORTED_PAGES_PAGE {
	UCHAR DeviceType : 5;
	UCHAR DeviceTypeQualifier : 3;
	UCHAR PageCode;
	UCHAR Reserved;
	UCHAR PageLength;
	UCHAR SupportedPageList[];
} VPD_SUPPORTED_PAGES_PAGE, *PVPD_SUPPORTED_PAGES_PAGE;

typedef struct _VPD_IDENTIFICATION_PAGE {
	UCHAR DeviceType : 5;
	UCHAR DeviceTypeQualifier : 3;
	UCHAR PageCode;
	UCHAR Reserved;
	UCHAR PageLength;
	UCHAR Descriptors[];
} VPD_IDENTIFICATION_PAGE, *PVPD_IDENTIFICATION_PAGE;

typedef struct _VPD_IDENTIFICATION_DESCRIPTOR {
	UCHAR CodeSet : 4;
	UCHAR Reserved : 4;
	UCHAR IdentifierType : 4;
	UCHAR Association : 2;
	UCHAR Reserved2 : 2;
	UCHAR Reserved3;
	UCHAR IdentifierLength;
	UCHAR Identifier[];
} VPD_IDENTIFICATION_DESCRIPTOR, *PVPD_IDENTIFICATION_DESCRIPTOR;

typedef enum _VPD_CODE_SET {
	VpdCodeSetReserved,
	VpdCodeSetBinary,
	VpdCodeSetAscii,
	VpdCodeSetUTF8
} VPD_CODE_SET, *PVPD_CODE_SET;

typedef enum _VPD_ASSOCIATION {
	VpdAssocDevice,
	VpdAssocPort,
	VpdAssocTarget,
	VpdAssocReserved1,
	VpdAssocReserved2
} VPD_ASSOCIATION, *PVPD_ASSOCIATION;

typedef enum _VPD_IDENTIFIER_TYPE {
	VpdIdentifierTypeVendorSpecific,
	VpdIdentifierTypeVendorId,
	VpdIdentifierTypeEUI64,
	VpdIdentifierTypeFCPHName,
	VpdIdentifierTypePortRelative,
	VpdIdentifierTypeTargetPortGroup,
	VpdIdentifierTypeLogicalUnitGroup,
	VpdIdentifierTypeMD5LogicalUnitId,
	VpdIdentifierTypeSCSINameString
} VPD_IDENTIFIER_TYPE, *PVPD_IDENTIFIER_TYPE;

/* What went wrong */
typedef struct _SENSE_DATA {
	UCHAR ErrorCode : 7;
	UCHAR Valid : 1;
	UCHAR SegmentNumber;
	UCHAR SenseKey : 4;
	UCHAR Reserved : 1;
	UCHAR IncorrectLength : 1;
	UCHAR EndOfMedia : 1;
	UCHAR FileMark : 1;
	UCHAR Information[4];
	UCHAR AdditionalSenseLength;
	UCHAR CommandSpecificInformation[4];
	UCHAR AdditionalSenseCode;
	UCHAR AdditionalSenseCodeQualifier;
	UCHAR FieldReplaceableUnitCode;
	UCHAR SenseKeySpecific[3];
} SENSE_DATA, *PSENSE_DATA;

/* Capacities, units and modes; numbers of several bytes are big endian */
typedef struct _READ_CAPACITY_DATA {
	ULONG LogicalBlockAddress;
	ULONG BytesPerBlock;
} READ_CAPACITY_DATA, *PREAD_CAPACITY_DATA;

typedef struct _LUN_LIST {
	UCHAR LunListLength[4];
	UCHAR Reserved[4];
	UCHAR Lun[][8];
} LUN_LIST, *PLUN_LIST;

typedef struct _MODE_PARAMETER_HEADER {
	UCHAR ModeDataLength;
	UCHAR MediumType;
	UCHAR DeviceSpecificParameter;
	UCHAR BlockDescriptorLength;
} MODE_PARAMETER_HEADER, *PMODE_PARAMETER_HEADER;

EXTERN_C_END

#endif
