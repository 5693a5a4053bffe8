# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=4
# A driver masks, unmasks and redirects entries of its device's MSI-X table. The
# 82574L has five. It has a machine of its own, as it fires faster than the device
# may interrupt: QEMU's, once it has held a message back, sends later ones twice.
. /lib.sh
plan msix_table

pci=/sys/bus/pci/devices
trial=/sys/module/minirq_trial/parameters

is() { [ "$(cat "$trial/$1")" = "$2" ]; }

fire() { echo 1 >$trial/fire; }

load_trial() { insmod /modules/minirq_trial.ko mode=quiet "$@"; }

# QEMU stops when the device loses its messages while it still holds one back.
unload_trial() { usleep 200000 && unload minirq_trial; }

# configure OPERATION ENTRY [MESSAGE]
accepts() { echo "$*" >$trial/configure && is configured 0x000000; }

refuses() { echo "$*" >$trial/configure && is configured 0xc000000d; }

# raises MESSAGE - the device interrupts, and its driver is called for that one.
raises() {
	local before
	before=$(cat $trial/interrupts)
	fire && wait_for is interrupts $((before + 1)) && is message_id "$1"
}

# capability OFFSET - a dword of the MSI-X capability of the device.
capability() {
	local device at
	device=$pci/$(pci_of_driver minirq_trial)
	at=$(od -An -tu1 -j 52 -N 1 "$device/config" | tr -d ' ')
	while [ "$(od -An -tu1 -j "$at" -N 1 "$device/config" | tr -d ' ')" != 17 ]; do
		at=$(od -An -tu1 -j $((at + 1)) -N 1 "$device/config" | tr -d ' ')
	done
	od -An -tu4 -j $((at + $1)) -N 4 "$device/config" | tr -d ' '
}

# address OFFSET - where the table (4) or the pending bits (8) are.
address() {
	local place bar
	place=$(capability "$1")
	bar=$(sed -n "$(((place & 7) + 1))s/ .*//p" "$pci/$(pci_of_driver minirq_trial)/resource")
	echo $((bar + (place & ~7)))
}

# bit ADDRESS BIT VALUE - has a dword of the device that bit?
bit() { [ $(($(devmem "$1" 32) >> $2 & 1)) = "$3" ]; }

mask_bit() { bit $(($(address 4) + 16 * $1 + 12)) 0 "$2"; }

pending_bit() { bit "$(address 8)" "$1" "$2"; }

# The device raises a masked entry: that is pending there, and nobody is called.
stays_pending() {
	local before
	before=$(cat $trial/interrupts)
	fire && wait_for pending_bit "$1" 1 && is interrupts "$before"
}

# What was pending comes with the unmasking, once.
comes_with_unmask() {
	local before
	before=$(cat $trial/interrupts)
	accepts unmask "$1" && wait_for is interrupts $((before + 1)) &&
		pending_bit "$1" 0
}

check loads load minirq

check loads_third load_trial entry=3
# A118
check entry_is_message raises 3
check not_masked mask_bit 3 0
check mask_accepted accepts mask 3
# A217
check masked_in_the_device mask_bit 3 1
check others_are_not mask_bit 2 0
# A119
check masked_is_silent stays_pending 3
check masks_again accepts mask 3
# A120
check pending_comes_with_unmask comes_with_unmask 3
check unmasked_in_the_device mask_bit 3 0
# A218
check delivers_again raises 3
check unmasks_again accepts unmask 3
check still_delivers raises 3

# A124
check set_accepted accepts set 3 0
# A124
check raises_another_message raises 0
check mask_of_redirected accepts mask 3
check redirected_is_silent stays_pending 3
check redirected_comes_with_unmask comes_with_unmask 3
check set_back accepts set 3 3
check raises_its_own raises 3

# A121 A220
check mask_beyond_the_table refuses mask 5
# A121 A220
check unmask_beyond_the_table refuses unmask 5
# A220
check set_beyond_the_table refuses set 5 0
# A123
check message_not_granted refuses set 1 5
check unloads_third unload_trial

# Two messages, and a table of five entries.
check loads_spare load_trial entry=4 limit=2
# A118
check spare_entry_is_message_0 raises 0
check redirects_spare accepts set 4 1
check spare_raises_message_1 raises 1
# A123
check second_is_the_last refuses set 4 2
check unloads_spare unload_trial

check loads_line load_trial msi=0
# A122
check no_set_without_msix refuses set 0 0
# A122
check no_mask_without_msix refuses mask 0
check unloads_line unload_trial

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
