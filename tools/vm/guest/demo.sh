# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# The guest's part of "make demo": four devices, their messages, the proof.
# With minirq.colour on the kernel command line the ticks are green.
. /lib.sh

green='' red='' plain=''
if grep -qw minirq.colour /proc/cmdline; then
	green=$(printf '\033[32m') red=$(printf '\033[31m') plain=$(printf '\033[0m')
fi

samples='edu edu_wdm e1000e nvme'

# Two devices are edu: the second is for the WDM driver.
give_second() {
	local device
	device=$(pci_of_id 1234 11e8 | sed -n 2p)
	echo minirq_edu_wdm >"/sys/bus/pci/devices/$device/driver_override"
}

row() {
	local format="$1"
	shift
	# shellcheck disable=SC2059  # every format is in this file
	say "$(printf "    $format" "$@")"
}

title() {
	say
	say "  $1"
	say
}

# verdict NAME COMMAND... - sets $mark, and fails the demo unless it succeeds.
verdict() {
	local name="$1"
	shift
	if "$@"; then
		mark="$green✓$plain"
		ok "$name"
	else
		mark="$red✗$plain"
		not_ok "$name"
	fi
}

driver() {
	case $1 in
	nvme) echo "StorPort  nvme" ;;
	edu_wdm) echo "WDM       edu" ;;
	*) echo "NDIS      $1" ;;
	esac
}

show_tables() {
	local s id
	title "Message tables, read from the kernel's live MSI descriptors"
	row '%-16s  %-13s  %2s  %3s  %6s  %8s  %4s  %3s' \
		driver device id irq vector address data CPU
	for s in $samples; do
		for id in $(ids "$s"); do
			row '%-16s  %-13s  %2s  %3s  %6s  %8s  %4s  %3s' "$(driver "$s")" \
				"$(message "$s" "$id" device | sed 's/.*@//')" "$id" \
				"$(message "$s" "$id" irq)" "$(message "$s" "$id" vector)" \
				"$(sample "$s" "$id" address)" "$(sample "$s" "$id" data)" \
				"$(message "$s" "$id" cpus)"
		done
	done
}

three_times() {
	once "$1" "$2" fire "$1" "$2" &&
		once "$1" "$2" fire "$1" "$2" &&
		once "$1" "$2" fire "$1" "$2"
}

# What minirq counted is what the driver's own routines counted.
same_counts() {
	counted "$1" "$2" "$(message "$1" "$2" claimed)" "$(message "$1" "$2" dpcs)"
}

fire_all() {
	local s id isrs dpcs
	title "Each device raises each of its messages three times"
	row '%-16s  %2s   %6s  %6s' driver id ISRs DPCs
	for s in $samples; do
		for id in $(ids "$s"); do
			isrs=$(sample "$s" "$id" isrs)
			dpcs=$(sample "$s" "$id" dpcs)
			verdict "fire_${s}_$id" three_times "$s" "$id"
			row '%-16s  %2s   %6s  %6s   %s' "$(driver "$s")" "$id" \
				"+$(($(sample "$s" "$id" isrs) - isrs))" \
				"+$(($(sample "$s" "$id" dpcs) - dpcs))" "$mark"
		done
	done
}

prove_all() {
	local s id isrs address data
	title "Proof: edu writes a message's data to its address by DMA"
	row '%-16s  %2s   %8s  %-2s  %8s   %6s' driver id data "" address ISRs
	for s in $samples; do
		for id in $(ids "$s"); do
			isrs=$(sample "$s" "$id" isrs)
			address=$(sample "$s" "$id" address)
			data=$(sample "$s" "$id" data)
			verdict "dma_${s}_$id" once "$s" "$id" dma "$address" "$data"
			row '%-16s  %2s   %8s  %-2s  %8s   %6s   %s' "$(driver "$s")" "$id" \
				"$data" "->" "$address" \
				"+$(($(sample "$s" "$id" isrs) - isrs))" "$mark"
			check "same_counts_${s}_$id" same_counts "$s" "$id"
		done
	done
}

# queue QUEUE COLUMN - what the e1000e sample says about a queue of packets.
queue() { awk -v queue="$1" -v column="$2" '$1 == queue { print $column }' \
	/sys/module/minirq_e1000e/parameters/queues; }

received() { [ "$(queue "$1" 3)" = "$2" ]; }

# 200 packets are more than the budget of 64, three times.
two_hundred() {
	local recalls packets
	packets=$(queue "$1" 3)
	recalls=$(queue "$1" 4)
	echo "$1 200" >/sys/module/minirq_e1000e/parameters/receive
	wait_for received "$1" $((packets + 200)) &&
		[ "$(queue "$1" 4)" = $((recalls + 3)) ]
}

receive_all() {
	local q
	title "200 packets arrive in each queue of e1000e; a DPC may indicate 64 of them"
	row '%5s  %3s   %7s  %7s  %s' queue CPU packets recalls "moved to its CPU"
	for q in 0 1 2 3 4; do
		verdict "receive_$q" two_hundred $q
		row '%5s  %3s   %7s  %7s  %16s   %s' "$q" "$(queue $q 2)" "$(queue $q 3)" \
			"$(queue $q 4)" "$(queue $q 5)" "$mark"
	done
}

nothing_left() { ! grep -q minirq /proc/interrupts; }

plan demo
say "  Linux $(uname -r), $(grep -c ^processor /proc/cpuinfo) processors, unmodified"
check gives_second give_second
check loads load minirq minirq_edu minirq_edu_wdm minirq_e1000e minirq_nvme
show_tables
fire_all
prove_all
receive_all

title "Afterwards"
check drive_identified grep -q QEMU /sys/module/minirq_nvme/parameters/drive
row 'nvme says it is a "%s"; its first block begins "%s"' \
	"$(sed -n 1p /sys/module/minirq_nvme/parameters/drive)" \
	"$(sed -n 2p /sys/module/minirq_nvme/parameters/drive)"
verdict no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
row 'no rule of the Windows contract was broken  %s' "$mark"
verdict unloads unload minirq_nvme minirq_e1000e minirq_edu_wdm minirq_edu minirq
verdict nothing_left nothing_left
row 'all modules unloaded, nothing left in /proc/interrupts  %s' "$mark"
say
