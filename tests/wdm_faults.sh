# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# WDM drivers that fail, or leave things behind: these are taken from them, and
# reported.
. /lib.sh
plan wdm_faults

list_interrupts() { awk '{ print $1, $NF }' /proc/interrupts; }

# broken RULE TIMES - was a rule broken so often?
broken() {
	[ "$(awk -v rule="$1" '$1 == rule { print $2 }' /sys/kernel/debug/minirq/violations)" = "$2" ]
}

unbound() { [ -z "$(pci_of_driver minirq_trial_wdm)" ]; }

as_before() {
	list_interrupts >/tmp/after
	cmp /tmp/before /tmp/after
}

told() { [ "$(sed 's/ *$//' /sys/module/minirq_trial_wdm/parameters/story)" = "$*" ]; }

list_interrupts >/tmp/before
check loads load minirq

check loads_fail_add insmod /modules/minirq_trial_wdm.ko mode=fail_add
check fail_add_is_unbound unbound
check fail_add_is_not_started told add
check fail_add_is_reported broken DeviceObject 1
check unloads_fail_add unload minirq_trial_wdm

check loads_fail_start insmod /modules/minirq_trial_wdm.ko mode=fail_start
check fail_start_is_unbound unbound
check fail_start_is_removed told add start remove
check fail_start_is_reported broken InterruptLeft 1
check fail_start_leaves_nothing as_before
check unloads_fail_start unload minirq_trial_wdm

check loads_forget insmod /modules/minirq_trial_wdm.ko mode=forget
check unloads_forget unload minirq_trial_wdm
check forgotten_interrupt_is_reported broken InterruptLeft 2
check forgotten_device_is_reported broken DeviceObject 2
check forget_leaves_nothing as_before

# The device is as good as before.
check loads_plain insmod /modules/minirq_trial_wdm.ko
check plain_fires once trial_wdm 0 fire trial_wdm 0
check unloads_plain unload minirq_trial_wdm
check unloads unload minirq
check interrupts_as_before as_before
