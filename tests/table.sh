# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# What a driver is told of its messages is what its device has been programmed
# with, also after a vector has moved; and written to the bus, it interrupts.
. /lib.sh
plan table

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
		check "moves_${sample}_to_$cpu" wait_for on_cpu "$sample" "$id" $cpu
		check "follows_${sample}_to_$cpu" wait_for true_table "$sample" "$id"
		check "dma_raises_${sample}_on_$cpu" once "$sample" "$id" proof "$sample" "$id"
		check "fires_${sample}_on_$cpu" once "$sample" "$id" fire "$sample" "$id"
		cpu=$((cpu + 1))
	done
done

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_nvme minirq_e1000e minirq_edu minirq
