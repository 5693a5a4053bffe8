# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# The samples on their devices: every message, or the line, interrupts once for
# each cause, and runs one DPC.
. /lib.sh
plan samples

list_interrupts() { awk '{ print $1, $NF }' /proc/interrupts; }

kinds() { awk '{ print $2 }' "/sys/module/minirq_$1/parameters/messages" | sort -u; }

kind=msg edu=1 e1000e=5 nvme=5
if grep -q pci=nomsi /proc/cmdline; then kind=line edu=1 e1000e=1 nvme=1; fi

list_interrupts >/tmp/before
check loads load minirq minirq_edu minirq_e1000e minirq_nvme
check "granted_${kind}_edu" [ "$(kinds edu)" = $kind ]
check "granted_${kind}_e1000e" [ "$(kinds e1000e)" = $kind ]
check "granted_${kind}_nvme" [ "$(kinds nvme)" = $kind ]
check counts_messages_edu [ "$(ids edu | wc -l)" = $edu ]
check counts_messages_e1000e [ "$(ids e1000e | wc -l)" = $e1000e ]
# A233
check counts_messages_nvme [ "$(ids nvme | wc -l)" = $nvme ]

same_counts() {
	counted "$1" "$2" "$(message "$1" "$2" claimed)" "$(message "$1" "$2" dpcs)"
}

for sample in edu e1000e nvme; do
	for id in $(ids $sample); do
		for round in 1 2 3; do
			check "fires_${kind}_${sample}_${id}_$round" \
				once $sample "$id" fire $sample "$id"
		done
		check "same_counts_${sample}_$id" same_counts $sample "$id"
	done
done
if [ $kind = msg ]; then
	# A187 A188
	check message_id_reaches_isr_and_dpc once e1000e 3 fire e1000e 3
	check message_on_each_cpu message_on_each_cpu
fi

params=/sys/module/minirq_nvme/parameters
check identifies_drive [ "$(sed -n 1p $params/drive)" = "QEMU NVMe Ctrl" ]
check reads_block [ "$(sed -n 2p $params/drive)" = "minirq 00000000" ]

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_nvme minirq_e1000e minirq_edu minirq
list_interrupts >/tmp/after
check interrupts_as_before cmp /tmp/before /tmp/after
