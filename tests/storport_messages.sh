# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: device=nvme,serial=many,msix_qsize=512
# How many messages a StorPort miniport finds, and that each address and data,
# written to the bus, raise just that message.
. /lib.sh
plan storport_messages

params=/sys/module/minirq_many/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

# proof ID - raise message ID by DMA, after all those before it.
proof() {
	local address data seen all tries=200
	echo "$1" >$params/select
	read -r address data seen all <$params/selected
	dma "$address" "$data" || return 1
	while [ $tries -gt 0 ]; do
		read -r address data seen all <$params/selected
		[ "$seen $all" != "1 $(($1 + 1))" ] || return 0
		tries=$((tries - 1))
		usleep 10000
	done
	echo "# message $1: $seen of $all interrupts"
	return 1
}

# each COUNT - raise all of them, one after the other.
each() {
	local id=0
	while [ $id -lt "$1" ]; do
		proof $id || return 1
		id=$((id + 1))
		[ $((id % 64)) != 0 ] || echo "# raised $id"
	done
}

check loads load minirq minirq_edu
for count in 1 2 5 64 512; do
	check "loads_$count" insmod /modules/minirq_many.ko limit=$count
	# A233
	check "counts_$count" is count $count
	# A230 A231
	check "ids_without_a_gap_$count" is wrong 0
	# A232
	check "each_raises_itself_$count" each $count
	# A243
	check "no_line_$count" is line 0
	check "unloads_$count" unload minirq_many
done
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_edu minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
