# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: smp=4,2,1
# vm: device=nvme,serial=many,msix_qsize=512
# How many messages a StorPort miniport finds, and that each address and data,
# written to the bus, raise just that message. Of the line it finds none.
. /lib.sh
plan storport_messages

params=/sys/module/minirq_many/parameters
cpus=$(grep -c '^processor' /proc/cpuinfo)
kind=msg
if grep -q pci=nomsi /proc/cmdline; then kind=line; fi

is() { [ "$(cat "$params/$1")" = "$2" ]; }

# granted COUNT - all that are wanted or, if processors do not have that many
# vectors, one. An x86 processor has somewhat more than 200.
granted() {
	if [ "$1" -le $((cpus * 200)) ]; then echo "$1"; else echo 1; fi
}

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

# The drive is not to be counted: no driver is called what it is to be bound to.
drive=$(pci_of_id 1b36 0010 | head -n 1)

spare_drive() { echo "$1" >"/sys/bus/pci/devices/$drive/driver_override"; }

no_message() { is count 0 && ! cat $params/selected 2>/dev/null; }

check loads load minirq minirq_edu
spare_drive nobody
for count in 1 2 5 64 512; do
	check "loads_$count" insmod /modules/minirq_many.ko limit=$count
	if [ $kind = msg ]; then
		# A40 A233
		check "counts_$count" is count "$(granted $count)"
		# A230 A231
		check "ids_without_a_gap_$count" is wrong 0
		# A232
		check "each_raises_itself_$count" each "$(granted $count)"
		# A243
		check "no_line_$count" is line 0
	else
		# A229
		check "no_message_$count" no_message
	fi
	check "unloads_$count" unload minirq_many
done

# Where there are no messages the line serves.
spare_drive ""
check loads_nvme load minirq_nvme
# A245
check "fires_$kind" once nvme 0 fire nvme 0
check unloads_nvme unload minirq_nvme
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_edu minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
