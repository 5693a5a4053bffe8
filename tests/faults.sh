# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Drivers that leave an interrupt behind: it is taken from them, and reported.
. /lib.sh
plan faults

list_interrupts() { awk '{ print $1, $NF }' /proc/interrupts; }

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

registered() { is status 0x000000; }

# broken RULE TIMES - was a rule broken so often?
broken() {
	[ "$(awk -v rule="$1" '$1 == rule { print $2 }' /sys/kernel/debug/minirq/violations)" = "$2" ]
}

unbound() { [ -z "$(pci_of_driver minirq_trial)" ]; }

as_before() {
	list_interrupts >/tmp/after
	cmp /tmp/before /tmp/after
}

list_interrupts >/tmp/before
check loads load minirq

check loads_fail insmod /modules/minirq_trial.ko mode=fail
check fail_had_registered registered
check fail_is_unbound unbound
check fail_leaves_nothing as_before
check fail_is_no_violation [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads_fail unload minirq_trial

check loads_fail_registered insmod /modules/minirq_trial.ko mode=fail_registered
check fail_registered_had_registered registered
check fail_registered_is_unbound unbound
# A170
check fail_registered_is_reported broken Init_RegisterInterrupt 1
check fail_registered_leaves_nothing as_before
check unloads_fail_registered unload minirq_trial

check loads_forget insmod /modules/minirq_trial.ko mode=forget
check forget_had_registered registered
check unloads_forget unload minirq_trial
# A169
check forget_is_reported broken Init_DeRegisterInterrupt 1
check forget_leaves_nothing as_before

# The device is as good as before.
check loads_plain insmod /modules/minirq_trial.ko
check plain_registers registered
check unloads_plain unload minirq_trial

check unloads unload minirq
check interrupts_as_before as_before
