# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=66
# Two processors more than a group has: they are the second group, and a driver
# can name them, go there, have its DPCs there, and its interrupts.
. /lib.sh
plan groups

found() { cat "/sys/module/minirq_groups/parameters/$1"; }

is() { [ "$(cat "/sys/module/minirq_trial_wdm/parameters/$1")" = "$2" ]; }

# irqs - those of the device
irqs() { awk '$1 ~ /^minirq_trial_wdm@/ { print $4 }' /sys/kernel/debug/minirq/interrupts; }

# interrupts FIRST LAST - how often they interrupted processors FIRST to LAST
interrupts() {
	local irq
	for irq in $(irqs); do
		awk -v irq="$irq:" -v first="$1" -v last="$2" '$1 == irq {
			for (i = first; i <= last; i++) print $(2 + i)
		}' /proc/interrupts
	done | awk '{ sum += $1 } END { print sum + 0 }'
}

fires() {
	local id
	for id in $(ids trial_wdm); do
		once trial_wdm "$id" fire trial_wdm "$id" || return 1
	done
}

# connects_to VERSION FIRST LAST - by that Version, and the device then interrupts
# these processors only
connects_to() {
	check "loads_$1" insmod /modules/minirq_trial_wdm.ko connect="$1"
	check "connects_$1" is status 0x000000
	check "fires_$1" fires
	# A59
	check "there_$1" [ "$(interrupts "$2" "$3")" = 5 ]
	check "nowhere_else_$1" [ "$(interrupts 0 65)" = 5 ]
	check "good_dpcs_$1" is bad_dpcs 0
	check "unloads_$1" unload minirq_trial_wdm
}

check processors [ "$(nproc)" = 66 ]
check loads load minirq minirq_groups
check processors_of_both_groups [ "$(found active)" = 66 ]
check two_groups [ "$(found groups)" = 2 ]
check of_the_second [ "$(found second)" = 2 ]
# A13
check numbers_and_indexes [ "$(found bad_numbers)" = 0 ]
check threads_go_there [ "$(found bad_threads)" = 0 ]
# A138
check dpcs_go_there [ "$(found bad_dpcs)" = 0 ]
check unloads_groups unload minirq_groups

# What is granted from now on is of the second group.
echo 3,00000000,00000000 >/proc/irq/default_smp_affinity
connects_to 4 64 65
connects_to 3 64 65
# whose processors are taken for those of the first
connects_to 1 0 1
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
