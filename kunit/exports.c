// SPDX-License-Identifier: GPL-2.0-only
/*
 * Internals that the suites call, exported only in a build for KUnit: the
 * suites are a module of their own, because KUnit may run them before the
 * init function of the module they are in.
 */
#include "../src/dpc.h"
#include "../src/interrupt.h"
#include "../src/irql.h"
#include "../src/message.h"
#include "../src/ndis_miniport.h"
#include "../src/processor.h"
#include "../src/resources.h"
#include "../src/storport_miniport.h"
#include "../src/verifier.h"

EXPORT_PER_CPU_SYMBOL_GPL(minirq_irql);

EXPORT_SYMBOL_GPL(minirq_irql_raise);
EXPORT_SYMBOL_GPL(minirq_irql_lower);

EXPORT_SYMBOL_GPL(minirq_spinlock_take);
EXPORT_SYMBOL_GPL(minirq_spinlock_drop);

EXPORT_SYMBOL_GPL(minirq_dpc_init_serialized);
EXPORT_SYMBOL_GPL(minirq_dpc_insert_on);
EXPORT_SYMBOL_GPL(minirq_dpc_flush);

EXPORT_SYMBOL_GPL(minirq_interrupt_create);
EXPORT_SYMBOL_GPL(minirq_interrupt_connect);
EXPORT_SYMBOL_GPL(minirq_interrupt_enable);
EXPORT_SYMBOL_GPL(minirq_interrupt_disconnect);
EXPORT_SYMBOL_GPL(minirq_interrupt_destroy);
EXPORT_SYMBOL_GPL(minirq_interrupt_lock_all);
EXPORT_SYMBOL_GPL(minirq_interrupt_unlock_all);
EXPORT_SYMBOL_GPL(minirq_interrupt_check_return);
EXPORT_SYMBOL_GPL(minirq_interrupt_for_each);
EXPORT_SYMBOL_GPL(minirq_interrupt_dpcs);
EXPORT_TRACEPOINT_SYMBOL_GPL(minirq_isr_entry);
EXPORT_TRACEPOINT_SYMBOL_GPL(minirq_isr_exit);

EXPORT_SYMBOL_GPL(minirq_message_read);
EXPORT_SYMBOL_GPL(minirq_message_table_create);
EXPORT_SYMBOL_GPL(minirq_message_table_info);
EXPORT_SYMBOL_GPL(minirq_message_table_object);
EXPORT_SYMBOL_GPL(minirq_message_table_refresh);
EXPORT_SYMBOL_GPL(minirq_message_table_watch);
EXPORT_SYMBOL_GPL(minirq_message_table_unwatch);
EXPORT_SYMBOL_GPL(minirq_message_table_intact);
EXPORT_SYMBOL_GPL(minirq_message_table_destroy);

EXPORT_SYMBOL_GPL(minirq_processor_affinity);
EXPORT_SYMBOL_GPL(minirq_resources_create);
EXPORT_SYMBOL_GPL(minirq_resources_own);

EXPORT_SYMBOL_GPL(minirq_ndis_adapter_init);
EXPORT_SYMBOL_GPL(minirq_ndis_adapter_release);
EXPORT_SYMBOL_GPL(minirq_ndis_miniport_create);
EXPORT_SYMBOL_GPL(minirq_ndis_miniport_initialize);
EXPORT_SYMBOL_GPL(minirq_ndis_miniport_halt);
EXPORT_SYMBOL_GPL(minirq_ndis_miniport_destroy);

EXPORT_SYMBOL_GPL(minirq_stor_adapter_init);
EXPORT_SYMBOL_GPL(minirq_stor_adapter_release);
EXPORT_SYMBOL_GPL(minirq_stor_adapter_of);
EXPORT_SYMBOL_GPL(minirq_storport_connect);
EXPORT_SYMBOL_GPL(minirq_storport_enable);
EXPORT_SYMBOL_GPL(minirq_storport_disconnect);
EXPORT_SYMBOL_GPL(minirq_storport_lock_interrupt);
EXPORT_SYMBOL_GPL(minirq_storport_unlock_interrupt);
EXPORT_SYMBOL_GPL(minirq_stor_miniport_create);
EXPORT_SYMBOL_GPL(minirq_stor_miniport_start);
EXPORT_SYMBOL_GPL(minirq_stor_miniport_stop);
EXPORT_SYMBOL_GPL(minirq_stor_miniport_destroy);

EXPORT_SYMBOL_GPL(minirq_verifying_key);
EXPORT_SYMBOL_GPL(minirq_violation);
EXPORT_SYMBOL_GPL(minirq_verifier_rule_name);
EXPORT_SYMBOL_GPL(minirq_verifier_count);
EXPORT_SYMBOL_GPL(minirq_verifier_total);
EXPORT_SYMBOL_GPL(minirq_verifier_enable);
EXPORT_SYMBOL_GPL(minirq_verifier_forget);
