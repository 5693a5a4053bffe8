# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: slots=yes
# vm: device=edu,addr=0x06
# A device is pulled out of its slot while its driver runs: an NDIS miniport, a WDM
# driver and a StorPort miniport learn of it, and nothing of them is left. On a line
# that a slot shares, free_irq() would wait for the slot's own thread, which removes
# the device.
. /lib.sh
plan pulled_out

devices=/sys/bus/pci/devices
life=/sys/module/minirq_trial_life/parameters
storport=/sys/module/minirq_pulled/parameters
wdm=/sys/module/minirq_trial_wdm/parameters

list_interrupts() { awk '{ print $1, $NF }' /proc/interrupts; }

# write_word DEVICE OFFSET NUMBER - 16 bits in its config space, in one go.
write_word() {
	local low high
	low=$(printf %x $(($3 & 255)))
	high=$(printf %x $(($3 >> 8)))
	# shellcheck disable=SC2059  # the format is the bytes
	printf "\\x$low\\x$high" |
		dd of="$devices/$1/config" bs=2 seek=$(($2 / 2)) conv=notrunc 2>/dev/null
}

# slot_of DEVICE - the port above it.
slot_of() { basename "$(dirname "$(readlink -f "$devices/$1")")"; }

# pull_out PORT - power and its indicator off: to QEMU, somebody may pull out what is
# there, and does. The kernel is not interrupted before there is power again, or it
# would think that it has switched the slot off itself.
pull_out() {
	local at control
	at=$(($(capability "$1" 10) + 24))
	control=$(config "$1" $at u2 2)
	write_word "$1" $at $((control & ~0x20 | 0x700)) && write_word "$1" $at "$control"
}

absent() { [ ! -e "$devices/$1" ]; }

# gone DEVICE - pull it out.
gone() {
	pull_out "$(slot_of "$1")" && wait_for absent "$1"
}

in_slot() { [ "$(slot_of "$1")" != pci0000:00 ]; }

told() { [ "$(sed 's/ *$//' "$1/story")" = "$2" ]; }

is() { [ "$(cat "$life/$1")" = "$2" ]; }

of_id_in_slot() {
	local device
	for device in $(pci_of_id "$1" "$2"); do
		! in_slot "$device" || echo "$device"
	done
}

list_interrupts >/tmp/before
check loads load minirq

device=$(of_id_in_slot 8086 10d3)
check loads_ndis insmod /modules/minirq_trial_life.ko id=8086:10d3
printf '\000' >$life/story
check pulls_out_ndis gone "$device"
check told_ndis told $life "gone pause paused halt"
check halted_for_that is action 3
check none_late_ndis is late 0
check unloads_ndis unload minirq_trial_life

device=$(of_id_in_slot 1234 11e8)
check loads_wdm insmod /modules/minirq_trial_wdm.ko id=1234:11e8
check pulls_out_wdm gone "$device"
check told_wdm told $wdm "add start add start surprise remove"
check unloads_wdm unload minirq_trial_wdm

device=$(of_id_in_slot 1b36 0010)
check loads_storport load minirq_pulled
check pulls_out_storport gone "$device"
check told_storport told $storport "surprise stop"
check unloads_storport unload minirq_pulled

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
list_interrupts >/tmp/after
check interrupts_as_before cmp /tmp/before /tmp/after
