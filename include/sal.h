/* SPDX-License-Identifier: GPL-2.0-only */
/* Source annotations: they speak to Windows' code analysis, a compiler sees nothing of them. */
#ifndef _SAL_H
#define _SAL_H

/* SAL 2: parameters */
#define _In_
#define _In_opt_
#define _In_z_
#define _In_opt_z_
#define _Inout_
#define _Inout_opt_
#define _Inout_z_
#define _Inout_opt_z_
#define _Out_
#define _Out_opt_
#define _Outptr_
#define _Outptr_opt_
#define _Outptr_result_maybenull_
#define _Outptr_opt_result_maybenull_
#define _Outptr_result_z_
#define _Outptr_opt_result_z_
#define _Outptr_result_nullonfailure_
#define _Outptr_opt_result_nullonfailure_
#define _Outref_
#define _Outref_result_maybenull_
#define _COM_Outptr_
#define _COM_Outptr_opt_
#define _Reserved_
#define _Const_
#define _In_reads_(s)
#define _In_reads_opt_(s)
#define _In_reads_bytes_(s)
#define _In_reads_bytes_opt_(s)
#define _In_reads_z_(s)
#define _In_reads_opt_z_(s)
#define _In_reads_or_z_(s)
#define _In_reads_or_z_opt_(s)
#define _In_reads_to_ptr_(s)
#define _In_reads_to_ptr_opt_(s)
#define _Inout_updates_(s)
#define _Inout_updates_opt_(s)
#define _Inout_updates_z_(s)
#define _Inout_updates_opt_z_(s)
#define _Inout_updates_all_(s)
#define _Inout_updates_all_opt_(s)
#define _Inout_updates_bytes_(s)
#define _Inout_updates_bytes_opt_(s)
#define _Inout_updates_bytes_all_(s)
#define _Inout_updates_bytes_all_opt_(s)
#define _Out_writes_(s)
#define _Out_writes_opt_(s)
#define _Out_writes_z_(s)
#define _Out_writes_opt_z_(s)
#define _Out_writes_all_(s)
#define _Out_writes_all_opt_(s)
#define _Out_writes_bytes_(s)
#define _Out_writes_bytes_opt_(s)
#define _Out_writes_bytes_all_(s)
#define _Out_writes_bytes_all_opt_(s)
#define _Out_writes_to_ptr_(s)
#define _Out_writes_to_ptr_opt_(s)
#define _Outptr_result_buffer_(s)
#define _Outptr_opt_result_buffer_(s)
#define _Outptr_result_buffer_maybenull_(s)
#define _Outptr_opt_result_buffer_maybenull_(s)
#define _Outptr_result_bytebuffer_(s)
#define _Outptr_opt_result_bytebuffer_(s)
#define _Outptr_result_bytebuffer_maybenull_(s)
#define _Outptr_opt_result_bytebuffer_maybenull_(s)
#define _Inout_updates_to_(s, c)
#define _Inout_updates_to_opt_(s, c)
#define _Inout_updates_bytes_to_(s, c)
#define _Inout_updates_bytes_to_opt_(s, c)
#define _Out_writes_to_(s, c)
#define _Out_writes_to_opt_(s, c)
#define _Out_writes_bytes_to_(s, c)
#define _Out_writes_bytes_to_opt_(s, c)
#define _Outptr_result_buffer_to_(s, c)
#define _Outptr_opt_result_buffer_to_(s, c)
#define _Outptr_result_bytebuffer_to_(s, c)
#define _Outptr_opt_result_bytebuffer_to_(s, c)
#define _In_range_(l, h)
#define _Out_range_(l, h)
#define _Inout_range_(l, h)
#define _Ret_range_(l, h)
#define _Field_range_(l, h)
#define _Deref_in_range_(l, h)
#define _Deref_out_range_(l, h)
#define _Deref_inout_range_(l, h)

/* SAL 2: results, fields, functions */
#define _Ret_z_
#define _Ret_notnull_
#define _Ret_maybenull_
#define _Ret_maybenull_z_
#define _Ret_null_
#define _Ret_valid_
#define _Check_return_
#define _Must_inspect_result_
#define _Use_decl_annotations_
#define _Notnull_
#define _Maybenull_
#define _Null_
#define _Null_terminated_
#define _NullNull_terminated_
#define _Valid_
#define _Notvalid_
#define _Maybevalid_
#define _Notref_
#define _Points_to_data_
#define _Literal_
#define _Notliteral_
#define _Pre_notnull_
#define _Pre_maybenull_
#define _Pre_null_
#define _Pre_valid_
#define _Pre_invalid_
#define _Pre_unknown_
#define _Pre_z_
#define _Pre_opt_valid_
#define _Post_notnull_
#define _Post_maybenull_
#define _Post_null_
#define _Post_valid_
#define _Post_invalid_
#define _Post_ptr_invalid_
#define _Post_z_
#define _Prepost_z_
#define _Prepost_valid_
#define _Field_z_
#define _Printf_format_string_
#define _Scanf_format_string_
#define _Scanf_s_format_string_
#define _Pre_
#define _Post_
#define _Deref_pre_z_
#define _Deref_post_z_
#define _Deref_post_valid_
#define _Deref_post_notnull_
#define _Deref_post_maybenull_
#define _Deref_out_
#define _Deref_out_opt_
#define _Raises_SEH_exception_
#define _Maybe_raises_SEH_exception_
#define _Interlocked_
#define _Interlocked_operand_
#define _Ret_writes_(s)
#define _Ret_writes_z_(s)
#define _Ret_writes_maybenull_(s)
#define _Ret_writes_maybenull_z_(s)
#define _Ret_writes_bytes_(s)
#define _Ret_writes_bytes_maybenull_(s)
#define _Field_size_(s)
#define _Field_size_opt_(s)
#define _Field_size_full_(s)
#define _Field_size_full_opt_(s)
#define _Field_size_bytes_(s)
#define _Field_size_bytes_opt_(s)
#define _Field_size_bytes_full_(s)
#define _Field_size_bytes_full_opt_(s)
#define _Readable_bytes_(s)
#define _Readable_elements_(s)
#define _Writable_bytes_(s)
#define _Writable_elements_(s)
#define _Pre_readable_size_(s)
#define _Pre_readable_byte_size_(s)
#define _Pre_writable_size_(s)
#define _Pre_writable_byte_size_(s)
#define _Post_readable_size_(s)
#define _Post_readable_byte_size_(s)
#define _Post_writable_size_(s)
#define _Post_writable_byte_size_(s)
#define _Post_equals_last_error_(s)
#define _Ret_writes_to_(s, c)
#define _Ret_writes_bytes_to_(s, c)
#define _Ret_writes_to_maybenull_(s, c)
#define _Ret_writes_bytes_to_maybenull_(s, c)
#define _Field_size_part_(s, c)
#define _Field_size_part_opt_(s, c)
#define _Field_size_bytes_part_(s, c)
#define _Field_size_bytes_part_opt_(s, c)
#define _Success_(e)
#define _Return_type_success_(e)
#define _Pre_satisfies_(e)
#define _Post_satisfies_(e)
#define _Satisfies_(e)
#define _Analysis_assume_(e)
#define _Analysis_noreturn_if_(e)
#define _On_failure_(e)
#define _Always_(e)
#define _At_return_(e)
#define _Pre_equal_to_(e)
#define _Post_equal_to_(e)
#define _Pre_defensive_if_(e)
#define _Struct_size_bytes_(e)
#define _Annotation_(e)
#define _Enum_is_bitflag_if_(e)
#define _When_(e, a)
#define _At_(e, a)
#define _At_buffer_(t, i, c, a)
#define _Group_if_(g, a)
#define _Group_(a)
#define _Analysis_noreturn_
#define _Pre_defensive_
#define _Post_defensive_
#define _Enum_is_bitflag_
#define _Strict_type_match_
#define _Analysis_mode_(a)
#define _Acquires_lock_(a)
#define _Releases_lock_(a)
#define _Requires_lock_held_(a)
#define _Requires_lock_not_held_(a)
#define _Acquires_exclusive_lock_(a)
#define _Releases_exclusive_lock_(a)
#define _Acquires_shared_lock_(a)
#define _Releases_shared_lock_(a)
#define _Requires_exclusive_lock_held_(a)
#define _Requires_shared_lock_held_(a)
#define _Guarded_by_(a)
#define _Write_guarded_by_(a)
#define _Has_lock_level_(a)
#define _Has_lock_kind_(a)
#define _Create_lock_level_(a)
#define _Function_ignore_lock_checking_(a)
#define _Requires_no_locks_held_
#define _No_competing_thread_
#define _Analysis_suppress_lock_checking_
#define _Lock_level_order_(a, b)
#define _Post_same_lock_(a, b)

/*
 * SAL 1. A file of the shim itself, which has the kernel's headers, never needs these, and the
 * kernel's own macros use some of the names: wait_event() has a label called __out.
 */
#ifndef _LINUX_TYPES_H
#define __in
#define __in_opt
#define __in_z
#define __in_opt_z
#define __out
#define __out_opt
#define __inout
#define __inout_opt
#define __inout_z
#define __inout_opt_z
#define __deref_in
#define __deref_in_opt
#define __deref_out
#define __deref_out_opt
#define __deref_opt_out
#define __deref_opt_out_opt
#define __deref_inout
#define __deref_inout_opt
#define __deref_opt_inout
#define __deref_out_z
#define __deref_out_opt_z
#define __checkReturn
#define __reserved
#define __nullterminated
#define __notnull
#define __maybenull
#define __valid
#define __notvalid
#define __callback
#define __fallthrough
#define __format_string
#define __deref
#define __pre
#define __post
#define __field_nullterminated
#define __nullnullterminated
#define __override
#define __in_bcount(s)
#define __in_ecount(s)
#define __in_bcount_opt(s)
#define __in_ecount_opt(s)
#define __in_bcount_z(s)
#define __in_ecount_z(s)
#define __out_bcount(s)
#define __out_ecount(s)
#define __out_bcount_opt(s)
#define __out_ecount_opt(s)
#define __out_bcount_full(s)
#define __out_ecount_full(s)
#define __out_bcount_full_opt(s)
#define __out_ecount_full_opt(s)
#define __out_ecount_z(s)
#define __out_bcount_z(s)
#define __out_ecount_z_opt(s)
#define __inout_bcount(s)
#define __inout_ecount(s)
#define __inout_bcount_opt(s)
#define __inout_ecount_opt(s)
#define __inout_bcount_full(s)
#define __inout_ecount_full(s)
#define __deref_in_bcount(s)
#define __deref_in_ecount(s)
#define __deref_out_bcount(s)
#define __deref_out_ecount(s)
#define __deref_out_bcount_opt(s)
#define __deref_out_ecount_opt(s)
#define __deref_out_bcount_full(s)
#define __deref_out_ecount_full(s)
#define __deref_inout_bcount(s)
#define __deref_inout_ecount(s)
#define __field_bcount(s)
#define __field_ecount(s)
#define __field_bcount_opt(s)
#define __field_ecount_opt(s)
#define __field_bcount_full(s)
#define __field_ecount_full(s)
#define __bcount(s)
#define __ecount(s)
#define __xcount(s)
#define __struct_bcount(s)
#define __xcount_opt(s)
#define __struct_xcount(s)
#define __out_bcount_part(s, c)
#define __out_ecount_part(s, c)
#define __out_bcount_part_opt(s, c)
#define __out_ecount_part_opt(s, c)
#define __inout_bcount_part(s, c)
#define __inout_ecount_part(s, c)
#define __deref_out_bcount_part(s, c)
#define __deref_out_ecount_part(s, c)
#define __field_bcount_part(s, c)
#define __field_ecount_part(s, c)
#define __in_range(l, h)
#define __out_range(l, h)
#define __range(l, h)
#define __field_range(l, h)
#define __deref_in_range(l, h)
#define __deref_out_range(l, h)
#define __success(e)
#define __analysis_assume(e)
#define __assume_bound(e)
#define __blocksOn(e)
#define __typefix(e)
#define __control_entrypoint(e)
#define __data_entrypoint(e)
#define __exceptthat(e)
#define __analysis_noreturn_if(e)
#endif

#endif
