# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# The NVMe sample serves requests before its devices have slept, and after.
. /lib.sh
plan storport_suspend

params=/sys/module/minirq_initiator/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

read_some() { echo "$(pci_of_driver minirq_nvme) 1" >$params/run; }

# All devices are suspended for a few seconds, and resumed.
sleep_and_wake() {
	echo devices >/sys/power/pm_test && echo freeze >/sys/power/state
}

# How often the driver's registers are mapped.
mappings() { grep -c 'minirq.* ioremap' /proc/vmallocinfo; }

check loads load minirq minirq_nvme minirq_initiator
check reads read_some
mapped=$(mappings)
check is_mapped [ "$mapped" -gt 0 ]
check sleeps sleep_and_wake
check maps_nothing_anew [ "$(mappings)" = "$mapped" ]
check fires_after once nvme 0 fire nvme 0
check reads_after read_some
check none_lost is lost 0
check none_twice is twice 0
check none_failed is failed 0
check right_data is wrong 0
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_initiator minirq_nvme minirq
