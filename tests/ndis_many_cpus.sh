# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=34
# Interrupts and DPCs on processors that a mask of 32 bits cannot name: messages
# interrupt on processor 32, and NdisMQueueDpcEx moves their DPCs on to 33.
. /lib.sh
plan ndis_many_cpus

params=/sys/module/minirq_grants/parameters

count() { cut -d' ' -f"$1" $params/counts; }

# irqs - those of the device
irqs() { awk '$1 ~ /^minirq_grants@/ { print $4 }' /sys/kernel/debug/minirq/interrupts; }

to_32() {
	local irq
	for irq in $(irqs); do
		echo 32 >"/proc/irq/$irq/smp_affinity_list" || return 1
	done
}

# on_32 - how often they interrupted there
on_32() {
	local irq
	for irq in $(irqs); do
		awk -v irq="$irq:" '$1 == irq { print $(2 + 32) }' /proc/interrupts
	done | awk '{ sum += $1 } END { print sum + 0 }'
}

check many_processors [ "$(nproc)" = 34 ]
check loads load minirq
check loads_driver insmod /modules/minirq_grants.ko config=MaxNblsToIndicate=16
check granted [ "$(count 2)" = 5 ]
check aims_at_32 to_32
# a message moves when it next interrupts
echo 1 >$params/run
before=$(on_32)
echo 4 >$params/run
check interrupts_on_32 [ $(($(on_32) - before)) -ge 20 ]
check moves_to_33 [ "$(count 7)" = 25 ]
check as_promised [ "$(count 13)" = 0 ]
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_grants minirq
