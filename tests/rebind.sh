# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Devices that are unbound and bound again, and again.
. /lib.sh
plan rebind

rebind() {
	local device driver=/sys/bus/pci/drivers/minirq_$1
	device=$(pci_of_driver "minirq_$1")
	echo "$device" >"$driver/unbind" || return 1
	! grep -q "minirq_$1" /proc/interrupts || return 1
	echo "$device" >"$driver/bind"
}

rebind_often() {
	local round=0
	while [ $round -lt 10 ]; do
		rebind "$1" || return 1
		round=$((round + 1))
	done
}

check loads load minirq minirq_edu minirq_e1000e minirq_nvme
# A177
check rebinds_edu rebind_often edu
check rebinds_e1000e rebind_often e1000e
check rebinds_nvme rebind_often nvme
for sample in edu e1000e nvme; do
	for id in $(ids $sample); do
		check "fires_${sample}_$id" once $sample "$id" fire $sample "$id"
	done
done
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_nvme minirq_e1000e minirq_edu minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
