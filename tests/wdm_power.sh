# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: smp=2
# A WDM driver's device sleeps with the machine, and is pulled out.
. /lib.sh
plan wdm_power

params=/sys/module/minirq_trial_wdm/parameters

told() { [ "$(sed 's/ *$//' $params/story)" = "$*" ]; }

fires() {
	local id
	for id in $(ids trial_wdm); do
		once trial_wdm "$id" fire trial_wdm "$id" || return 1
	done
}

# The kernel's own test: as far as the platform, and back.
suspend() {
	echo platform >/sys/power/pm_test &&
		echo 1 >/sys/module/suspend/parameters/pm_test_delay &&
		echo freeze >/sys/power/state
}

check loads load minirq
check loads_driver insmod /modules/minirq_trial_wdm.ko
check fires fires
check suspends suspend
check told_of_power told add start d3 d0
check fires_after_resume fires

device=$(pci_of_driver minirq_trial_wdm)
echo 1 >"/sys/bus/pci/devices/$device/remove"
check told_of_removal told add start d3 d0 remove
check nothing_connected sh -c '! grep -q minirq_trial_wdm /proc/interrupts'
echo 1 >/sys/bus/pci/rescan
check told_of_return told add start d3 d0 remove add start
check fires_after_return fires
check nothing_late [ "$(cat $params/late)" = 0 ]

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_trial_wdm minirq
