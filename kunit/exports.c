// SPDX-License-Identifier: GPL-2.0-only
/*
 * Internals that the suites call, exported only in a build for KUnit: the
 * suites are a module of their own, because KUnit may run them before the
 * init function of the module they are in.
 */
#include "../src/dpc.h"
#include "../src/dpc_flush.h"
#include "../src/dpc_threaded.h"
#include "../src/interrupt.h"
#include "../src/interrupt_lock.h"
#include "../src/irp.h"
#include "../src/irql.h"
#include "../src/message.h"
#include "../src/msix_table.h"
#include "../src/ndis_miniport.h"
#include "../src/ndis_pnp.h"
#include "../src/ndis_reset.h"
#include "../src/ndis_switch.h"
#include "../src/ndis_throttle.h"
#include "../src/ndis_work.h"
#include "../src/pdo.h"
#include "../src/pnp.h"
#include "../src/pnp_filter.h"
#include "../src/processor.h"
#include "../src/requirements.h"
#include "../src/resources.h"
#include "../src/storport_control.h"
#include "../src/storport_lock.h"
#include "../src/storport_miniport.h"
#include "../src/storport_request.h"
#include "../src/storport_start.h"
#include "../src/timer.h"
#include "../src/verifier.h"
#include "../src/wdm.h"
#include "../src/wdm_connection.h"

/* away from their definitions, which know nothing of tests */
#define FOR_TESTS(symbol) EXPORT_SYMBOL_GPL(symbol)

FOR_TESTS(minirq_irql);

FOR_TESTS(minirq_irql_flags);
FOR_TESTS(minirq_irql_softirq);

FOR_TESTS(minirq_spinlock_take_checked);
FOR_TESTS(minirq_spinlock_drop_checked);

FOR_TESTS(minirq_dpc_init_serialized);
FOR_TESTS(minirq_dpc_insert);
FOR_TESTS(minirq_dpc_insert_on);
FOR_TESTS(minirq_dpc_init_threaded);
FOR_TESTS(minirq_dpc_threaded_enabled);
FOR_TESTS(minirq_dpc_threaded_queues);
FOR_TESTS(minirq_dpc_flush);

FOR_TESTS(minirq_timer_set);
FOR_TESTS(minirq_timer_cancel);

FOR_TESTS(minirq_interrupt_create);
FOR_TESTS(minirq_interrupt_connect);
FOR_TESTS(minirq_interrupt_enable);
FOR_TESTS(minirq_interrupt_disconnect);
FOR_TESTS(minirq_interrupt_destroy);
FOR_TESTS(minirq_interrupt_disclaimed);
FOR_TESTS(minirq_interrupt_deliver_passive);
FOR_TESTS(minirq_interrupt_irq);
FOR_TESTS(minirq_interrupt_lock_all);
FOR_TESTS(minirq_interrupt_unlock_all);
FOR_TESTS(minirq_interrupt_set_enabled);
FOR_TESTS(minirq_interrupt_watch);
FOR_TESTS(minirq_watched_key);
FOR_TESTS(minirq_interrupt_for_each);
FOR_TESTS(minirq_interrupt_dpcs);
EXPORT_TRACEPOINT_SYMBOL_GPL(minirq_isr_entry);
EXPORT_TRACEPOINT_SYMBOL_GPL(minirq_isr_exit);

FOR_TESTS(minirq_message_read);
FOR_TESTS(minirq_message_table_create);
FOR_TESTS(minirq_message_table_info);
FOR_TESTS(minirq_message_table_object);
FOR_TESTS(minirq_message_table_refresh);
FOR_TESTS(minirq_message_table_watch);
FOR_TESTS(minirq_message_table_unwatch);
FOR_TESTS(minirq_message_table_intact);
FOR_TESTS(minirq_message_table_destroy);

FOR_TESTS(minirq_msix_table_create);
FOR_TESTS(minirq_msix_table_destroy);
FOR_TESTS(minirq_msix_table_attach);
FOR_TESTS(minirq_msix_table_detach);
FOR_TESTS(minirq_msix_table_set);
FOR_TESTS(minirq_msix_table_mask);
FOR_TESTS(minirq_msix_table_interface);

FOR_TESTS(minirq_pdo_add);
FOR_TESTS(minirq_pdo_remove);
FOR_TESTS(minirq_pdo_grant);
FOR_TESTS(minirq_wdm_connection_create);
FOR_TESTS(minirq_wdm_connection_take_any);
FOR_TESTS(minirq_wdm_connection_destroy);
FOR_TESTS(minirq_wdm_disconnect_all);
FOR_TESTS(minirq_verifier_before_vista);

FOR_TESTS(minirq_processor_affinity);
FOR_TESTS(minirq_processor_mask);
FOR_TESTS(minirq_request_create);
FOR_TESTS(minirq_request_cpus);
FOR_TESTS(minirq_requirements_create);
FOR_TESTS(minirq_requirements_read);
FOR_TESTS(minirq_resources_create);
FOR_TESTS(minirq_resources_create_raw);
FOR_TESTS(minirq_resources_own);

FOR_TESTS(minirq_ndis_owner_init);
FOR_TESTS(minirq_ndis_owner_release);
FOR_TESTS(minirq_ndis_work_flush);
FOR_TESTS(minirq_ndis_pending_begin);

FOR_TESTS(minirq_ndis_switch_devices);
FOR_TESTS(minirq_ndis_switch_sleep);
FOR_TESTS(minirq_ndis_switch_wake);
FOR_TESTS(minirq_ndis_adapter_init);
FOR_TESTS(minirq_ndis_adapter_release);
FOR_TESTS(minirq_ndis_throttle_add);
FOR_TESTS(minirq_ndis_throttle_remove);
FOR_TESTS(minirq_ndis_throttle_configure);
FOR_TESTS(minirq_ndis_throttle_for_each);
FOR_TESTS(minirq_ndis_pnp_set_options);
FOR_TESTS(minirq_ndis_pnp_add);
FOR_TESTS(minirq_ndis_pnp_filter);
FOR_TESTS(minirq_ndis_pnp_remove);
FOR_TESTS(minirq_ndis_reset_unwatch);
FOR_TESTS(minirq_ndis_miniport_create);
FOR_TESTS(minirq_ndis_miniport_initialize);
FOR_TESTS(minirq_ndis_miniport_start);
FOR_TESTS(minirq_ndis_miniport_stop);
FOR_TESTS(minirq_ndis_miniport_suspend);
FOR_TESTS(minirq_ndis_miniport_resume);
FOR_TESTS(minirq_ndis_miniport_shutdown);
FOR_TESTS(minirq_ndis_miniport_halt);
FOR_TESTS(minirq_ndis_miniport_destroy);

FOR_TESTS(minirq_stor_adapter_init);
FOR_TESTS(minirq_stor_adapter_release);
FOR_TESTS(minirq_storport_connect);
FOR_TESTS(minirq_storport_enable);
FOR_TESTS(minirq_storport_disconnect);
FOR_TESTS(minirq_storport_lock_interrupt);
FOR_TESTS(minirq_storport_unlock_interrupt);
FOR_TESTS(minirq_stor_requests_create);
FOR_TESTS(minirq_stor_request);
FOR_TESTS(minirq_stor_request_started);
FOR_TESTS(minirq_stor_requests_started);
FOR_TESTS(minirq_stor_request_of);
FOR_TESTS(minirq_stor_request_start);
FOR_TESTS(minirq_stor_miniport_create);
FOR_TESTS(minirq_stor_miniport_start);
FOR_TESTS(minirq_stor_miniport_stop);
FOR_TESTS(minirq_stor_miniport_suspend);
FOR_TESTS(minirq_stor_miniport_resume);
FOR_TESTS(minirq_storport_filter);
FOR_TESTS(minirq_stor_requests_close);
FOR_TESTS(minirq_stor_requests_open);
FOR_TESTS(minirq_stor_reset_bus);
FOR_TESTS(minirq_stor_reset_look);
FOR_TESTS(minirq_storport_surprise);
FOR_TESTS(minirq_stor_miniport_destroy);

FOR_TESTS(minirq_irp_send);
FOR_TESTS(minirq_wdm_device_clear);

FOR_TESTS(minirq_pnp_create);
FOR_TESTS(minirq_pnp_add);
FOR_TESTS(minirq_pnp_filter);
FOR_TESTS(minirq_pnp_start);
FOR_TESTS(minirq_pnp_restart);
FOR_TESTS(minirq_pnp_stop);
FOR_TESTS(minirq_pnp_suspend);
FOR_TESTS(minirq_pnp_resume);
FOR_TESTS(minirq_pnp_remove);
FOR_TESTS(minirq_pnp_destroy);

FOR_TESTS(minirq_verifying_key);
FOR_TESTS(minirq_violation);
FOR_TESTS(minirq_verifier_rule_name);
FOR_TESTS(minirq_verifier_count);
FOR_TESTS(minirq_verifier_total);
FOR_TESTS(minirq_verifier_enable);
FOR_TESTS(minirq_verifier_storport);
FOR_TESTS(minirq_verifier_forget);
