# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: smp=4
# The samples on their devices: every message, or the line, interrupts once for
# each cause, and runs one DPC. They have a machine of their own, as packets come
# faster than the device may interrupt: QEMU's 82574L, once it has held a message
# back, sends later ones twice.
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

# Receive-side scaling: queue 1 of the 82574L belongs to processor 1, wherever its
# message interrupts; 200 packets are more than its budget of 64, three times.
queues=/sys/module/minirq_e1000e/parameters/queues

queue() { awk -v column="$2" -v queue="$1" '$1 == queue { print $column }' $queues; }

received() { [ "$(queue "$1" 3)" = "$2" ]; }

receive() {
	echo "$1 $2" >/sys/module/minirq_e1000e/parameters/receive &&
		wait_for received "$1" "$3"
}

# A message moves when it next interrupts.
away_from_1() {
	local id=1
	[ $kind = msg ] || id=0
	echo 2 >"/proc/irq/$(message e1000e $id irq)/smp_affinity_list" &&
		once e1000e $id fire e1000e $id
}

check "queue_of_processor_1_$kind" [ "$(queue 1 2)" = 1 ]
check "interrupts_elsewhere_$kind" away_from_1
check "receives_all_$kind" receive 1 200 200
# A195
check "recalls_for_the_rest_$kind" [ "$(queue 1 4)" = 3 ]
check "moves_to_its_processor_$kind" [ "$(queue 1 5)" -ge 1 ]
for q in 0 2 3 4; do
	check "receives_${kind}_$q" receive $q 100 100
done

# A processor that has gone offline leaves its queue to the others.
online=/sys/devices/system/cpu/cpu1/online
check "goes_offline_$kind" sh -c "echo 0 >$online"
check "receives_offline_$kind" receive 1 200 400
check "comes_online_$kind" sh -c "echo 1 >$online"
check "receives_online_again_$kind" receive 1 200 600

check "budget_shows_$kind" grep -q '^minirq_e1000e@.* 64 ' /sys/kernel/debug/minirq/throttle

params=/sys/module/minirq_nvme/parameters
check identifies_drive [ "$(sed -n 1p $params/drive)" = "QEMU NVMe Ctrl" ]
check reads_block [ "$(sed -n 2p $params/drive)" = "minirq 00000000" ]

# Unbound while its DPCs run, it is left masked, whatever they did. (IMS reads as what
# may interrupt.)
network=$(pci_of_driver minirq_e1000e)
driver=/sys/bus/pci/drivers/minirq_e1000e

masked() { [ $(($(devmem $(($(bar "$network" 0) + 0xd0)) 32))) = 0 ]; }

unbind_busy() {
	echo "0 5000" >/sys/module/minirq_e1000e/parameters/receive &&
		echo "$network" >$driver/unbind && masked &&
		echo "$network" >$driver/bind
}

for round in 1 2 3 4 5; do
	check "masked_when_unbound_${kind}_$round" unbind_busy
done

# With a budget of "all" a DPC asks for nothing, not even when more arrives meanwhile.
unlimited() {
	rmmod minirq_e1000e &&
		insmod /modules/minirq_e1000e.ko config=MaxNblsToIndicate=all || return 1
	for round in $(seq 100); do
		echo "1 200" >/sys/module/minirq_e1000e/parameters/receive || return 1
	done
	wait_for received 1 20000
}

check "receives_unlimited_$kind" unlimited
check "never_recalled_$kind" [ "$(queue 1 4)" = 0 ]

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_nvme minirq_e1000e minirq_edu minirq
list_interrupts >/tmp/after
check interrupts_as_before cmp /tmp/before /tmp/after
