# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=66
# Interrupts and DPCs on processors that a mask of 32 bits cannot name, and on those
# of the second group: messages interrupt there, and NdisMQueueDpcEx moves their DPCs
# on to the next.
. /lib.sh
plan ndis_many_cpus

params=/sys/module/minirq_grants/parameters
violations=/sys/kernel/debug/minirq/violations

count() { cut -d' ' -f"$1" $params/counts; }

# irqs - those of the device
irqs() { awk '$1 ~ /^minirq_grants@/ { print $4 }' /sys/kernel/debug/minirq/interrupts; }

# aim CPU - all of them at it. A message moves when it next interrupts.
aim() {
	local irq
	for irq in $(irqs); do
		echo "$1" >"/proc/irq/$irq/smp_affinity_list" || return 1
	done
	echo 1 >$params/run
}

# on CPU - how often they interrupted there
on() {
	local irq
	for irq in $(irqs); do
		awk -v irq="$irq:" -v cpu="$1" '$1 == irq { print $(2 + cpu) }' /proc/interrupts
	done | awk '{ sum += $1 } END { print sum + 0 }'
}

# moves_from CPU - the next one has the last DPC of each interrupt.
moves_from() {
	local before moved
	check "aims_at_$1" aim "$1"
	before=$(on "$1") moved=$(count 7)
	echo 4 >$params/run
	check "interrupts_on_$1" [ $(($(on "$1") - before)) -ge 20 ]
	check "moves_on_from_$1" [ $(($(count 7) - moved)) = 20 ]
}

# queues GROUP MASK QUEUED - a DPC runs on each of QUEUED, and nowhere else
queues() { echo "$1 $2" >$params/queue && [ "$(cat $params/queue)" = "$3 $3" ]; }

check many_processors [ "$(nproc)" = 66 ]
check loads load minirq
check loads_driver insmod /modules/minirq_grants.ko config=MaxNblsToIndicate=16
check granted [ "$(count 2)" = 5 ]
moves_from 32
moves_from 63
moves_from 64
# A201
check queues_in_second_group queues 1 3 3
check queues_in_both_groups queues 0 8000000000000001 8000000000000001
check no_violations [ ! -s $violations ]
# A209
check no_third_group queues 2 1 0
check third_group_is_reported \
	[ "$(awk '$1 == "NdisMQueueDpcEx" { print $2 }' $violations)" = 1 ]
check as_promised [ "$(count 13)" = 0 ]
check unloads unload minirq_grants minirq
