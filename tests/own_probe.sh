# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# A Linux driver with a probe of its own gets a device object, and Windows code
# connects the messages of its device with that.
. /lib.sh
plan own_probe

# What is connected so bears the name of its device.
connected() { grep -q "$device" /proc/interrupts; }

unconnected() { ! connected; }

params=/sys/module/minirq_own_probe/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

fires() {
	local before
	before=$(cat $params/interrupts)
	echo "$1" >$params/fire && wait_for is interrupts $((before + 1)) &&
		is last_message "$1"
}

check loads load minirq minirq_own_probe
device=$(pci_of_driver minirq_own_probe)
check connects_messages is version 3
check five_messages is messages 5
check has_msix_table is table 0
check masks_an_entry is masked 0
for id in 0 3 4; do
	check "fires_$id" fires $id
done
check listed connected
# QEMU stops when the device loses its messages while it still holds one back.
usleep 200000
check unloads_connected unload minirq_own_probe
check nothing_left unconnected
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]

check loads_forgetful insmod /modules/minirq_own_probe.ko forget=1
check fires_again fires 1
usleep 200000
check unloads_forgetful unload minirq_own_probe
check nothing_left_then unconnected
check is_reported grep -q . /sys/kernel/debug/minirq/violations
check unloads unload minirq
