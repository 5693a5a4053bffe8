# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=4,2,1
# One NDIS miniport, every grant: it counts the same on five messages, three, two
# and one, on MSI and on the line. Its init code makes use of the rest of NDIS.
. /lib.sh
plan ndis_grants

params=/sys/module/minirq_grants/parameters
driver=/sys/bus/pci/drivers/minirq_grants
cpus=$(nproc)
all=$(printf %x $(((1 << cpus) - 1)))
rounds=4
arrivals=$((5 * rounds))

# rebind MSI LIMIT MSIX - have the device granted other interrupts.
rebind() {
	[ ! -e "$driver/$device" ] || echo "$device" >$driver/unbind || return 1
	echo "$1" >$params/msi && echo "$2" >$params/limit && echo "$3" >$params/msix &&
		echo "$device" >$driver/bind
}

count() { cut -d' ' -f"$1" $params/counts; }

# counts FROM TO - a slice of them.
counts() { cut -d' ' -f"$1-$2" $params/counts; }

# A DPC on each processor, by one call.
queues_everywhere() {
	echo "0 $all" >$params/queue && [ "$(cat $params/queue)" = "$all $all" ]
}

works() { grep -qx "$1 1" $params/parts; }

# All that the driver counts, but for what it was granted: 40 packets with a budget
# of 16 are three calls of its DPC, two of them asked for. Queue by queue there is
# an interrupt for each arrival, and a DPC that moves on to the next processor.
# A burst may come as one interrupt or as five; its packets are all there.
expected="$arrivals $arrivals $((3 * arrivals)) $((2 * arrivals)) $arrivals"
packets=$((40 * rounds))

# grant NAME KIND MESSAGES MSI LIMIT MSIX
grant() {
	local name="$1" row
	check "binds_$name" rebind "$4" "$5" "$6"
	check "granted_$name" [ "$(counts 1 2)" = "$2 $3" ]
	echo $rounds >$params/run
	row=$(counts 3 12)
	# A195
	check "counts_$name" [ "$(counts 3 7)" = "$expected" ]
	check "packets_$name" \
		[ "$(counts 8 12)" = "$packets $packets $packets $packets $packets" ]
	check "burst_$name" sh -c "echo 1 >$params/burst"
	packets=$((packets + 40))
	check "burst_packets_$name" \
		[ "$(counts 8 12)" = "$packets $packets $packets $packets $packets" ]
	packets=$((packets - 40))
	# A201 A205
	check "queues_$name" queues_everywhere
	# A211 A212
	check "synchronizes_$name" sh -c "echo 1 >$params/synchronize"
	# A192 A193
	check "as_promised_$name" [ "$(count 13)" = 0 ]
	# shellcheck disable=SC2086  # a word for each column
	table="$table$(printf '%-10s %4s %8s %8s %10s %5s %7s %5s %s/%s/%s/%s/%s\n' \
		"$name" "$cpus" "$3" $row)
"
	! grep -q ' 0$' $params/parts || parts_failed="$parts_failed $name"
}

table="" parts_failed=""
device=$(pci_of_id 8086 10d3)

check loads load minirq
check loads_driver insmod /modules/minirq_grants.ko \
	config=MaxNblsToIndicate=16,Number=4711,NetworkAddress=525400123456

# What MiniportInitializeEx has made use of, bound for the first time.
for part in $(cut -d' ' -f1 $params/parts); do
	check "init_$part" works "$part"
done

grant msix_5 msg 5 1 0 1
grant msix_3 msg 3 1 3 1
grant msix_2 msg 2 1 2 1
grant msix_1 msg 1 1 1 1
grant msi msg 1 1 0 0
grant line line 1 0 0 1

say "$(printf '%-10s %4s %8s %8s %10s %5s %7s %5s %s' grant cpus messages \
	arrivals interrupts dpcs recalls moved packets)"
printf '%s' "$table" | while read -r line; do say "$line"; done
check same_counts_whatever_the_grant \
	[ "$(printf '%s' "$table" | awk '{ $1 = $3 = ""; print }' | sort -u | wc -l)" = 1 ]
check init_works_on_every_grant [ -z "$parts_failed" ]

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_grants minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
