# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# What a driver is told of its messages is what its device has been programmed
# with, also after a vector has moved; and written to the bus, it interrupts.
. /lib.sh
plan table

pci=/sys/bus/pci/devices

# config DEVICE OFFSET FORMAT BYTES - a number in the device's config space.
config() { od -An "-t$3" -j "$2" -N "$4" "$pci/$1/config" | tr -d ' '; }

# capability DEVICE ID - the offset of a capability.
capability() {
	local at
	at=$(config "$1" 52 u1 1)
	while [ "$at" != 0 ] && [ "$(config "$1" "$at" x1 1)" != "$2" ]; do
		at=$(config "$1" $((at + 1)) u1 1)
	done
	echo "$at"
}

# bar DEVICE NUMBER - its bus address.
bar() { sed -n "$(($2 + 1))s/ .*//p" "$pci/$1/resource"; }

# pair HIGH LOW DATA - as a sample prints it.
pair() { printf '%x %x\n' $((0x$1 << 32 | 0x$2)) $((0x$3)); }

# msix DEVICE ID - address and data in entry ID of the device's MSI-X table.
msix() {
	local cap table entry
	cap=$(capability "$1" 11)
	table=$(config "$1" $((cap + 4)) u4 4)
	entry=$(($(bar "$1" $((table & 7))) + (table & ~7) + 16 * $2))
	pair "$(devmem $((entry + 4)) 32 | cut -c3-)" "$(devmem $entry 32 | cut -c3-)" \
		"$(devmem $((entry + 8)) 32 | cut -c3-)"
}

# msi DEVICE - the same of a device with one message, in its config space.
msi() {
	local cap
	cap=$(capability "$1" 05)
	pair "$(config "$1" $((cap + 8)) x4 4)" "$(config "$1" $((cap + 4)) x4 4)" \
		"$(config "$1" $((cap + 12)) x2 2)"
}

device() { message "$1" 0 device | sed 's/.*@//'; }

hardware() {
	case $1 in
	edu) msi "$(device edu)" ;;
	*) msix "$(device "$1")" "$2" ;;
	esac
}

# What the driver has in its table is what the device has.
true_table() {
	[ "$(sample "$1" "$2" address) $(sample "$1" "$2" data)" = "$(hardware "$1" "$2")" ]
}

proof() { dma "$(sample "$1" "$2" address)" "$(sample "$1" "$2" data)"; }

on_cpu() { [ "$(message "$1" "$2" cpus)" = "$3" ]; }

# The kernel moves a vector when it interrupts next.
move() { echo "$3" >"/proc/irq/$(message "$1" "$2" irq)/smp_affinity_list"; }

pairs() { awk '{ print $4, $5 }' "/sys/module/minirq_$1/parameters/messages"; }

distinct() { [ "$(pairs "$1" | sort -u | wc -l)" = "$(pairs "$1" | wc -l)" ]; }

check loads load minirq minirq_edu minirq_e1000e minirq_nvme

check true_table_edu true_table edu 0
for id in $(ids e1000e); do
	# A81
	check "true_table_e1000e_$id" true_table e1000e "$id"
done
for id in $(ids nvme); do
	# A232
	check "true_table_nvme_$id" true_table nvme "$id"
done
# A84
check distinct_e1000e distinct e1000e
check distinct_nvme distinct nvme

for sample in edu e1000e nvme; do
	for id in $(ids $sample); do
		# A82
		check "dma_raises_${sample}_$id" once $sample "$id" proof $sample "$id"
	done
done

cpus=$(grep -c ^processor /proc/cpuinfo)
for entry in edu:0 e1000e:2 nvme:1; do
	sample=${entry%:*} id=${entry#*:}
	cpu=0
	while [ $cpu -lt "$cpus" ]; do
		move "$sample" "$id" $cpu
		check "waits_${sample}_for_$cpu" true_table "$sample" "$id"
		check "fires_${sample}_for_$cpu" once "$sample" "$id" fire "$sample" "$id"
		check "moves_${sample}_to_$cpu" wait_for 2 on_cpu "$sample" "$id" $cpu
		check "follows_${sample}_to_$cpu" wait_for 2 true_table "$sample" "$id"
		check "dma_raises_${sample}_on_$cpu" once "$sample" "$id" proof "$sample" "$id"
		check "fires_${sample}_on_$cpu" once "$sample" "$id" fire "$sample" "$id"
		cpu=$((cpu + 1))
	done
done

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_nvme minirq_e1000e minirq_edu minirq
