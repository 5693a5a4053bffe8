# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=4
# vm: kunit=yes
# The message table of a WDM driver: written to the bus by DMA, each entry raises
# its message, also after the kernel has moved its vector, and while it moves.
. /lib.sh
plan wdm_table

proof() { dma "$(sample trial_wdm "$1" address)" "$(sample trial_wdm "$1" data)"; }

pair() { echo "$(sample trial_wdm "$1" address) $(sample trial_wdm "$1" data)"; }

differs() { [ "$(pair "$1")" != "$2" ]; }

counts() { [ "$(ids trial_wdm | wc -l)" = "$1" ]; }

move() { echo "$2" >"/proc/irq/$(message trial_wdm "$1" irq)/smp_affinity_list"; }

on_cpu() { [ "$(message trial_wdm "$1" cpus)" = "$2" ]; }

on_other() { ! on_cpu "$1" "$2"; }

online() { echo "$2" >"/sys/devices/system/cpu/cpu$1/online"; }

# The vector moves with the next interrupt, and the table follows.
moves() {
	local before
	before=$(pair "$1")
	move "$1" "$2" && once trial_wdm "$1" fire trial_wdm "$1" || return 1
	wait_for on_cpu "$1" "$2" && wait_for differs "$1" "$before"
}

# Interrupts come while the vector goes round; none is lost, as each is waited for.
moves_while_firing() {
	local round=0 cpu
	while [ $round -lt 40 ]; do
		cpu=$((round % 4))
		move "$1" $cpu &
		once trial_wdm "$1" fire trial_wdm "$1" || return 1
		wait
		round=$((round + 1))
	done
}

check loads load minirq minirq_edu
check loads_network insmod /modules/minirq_trial_wdm.ko
for id in $(ids trial_wdm); do
	# A82
	check "dma_raises_$id" once trial_wdm "$id" proof "$id"
done
check moves_off moves 1 3
check dma_raises_after_move once trial_wdm 1 proof 1
check moves_back moves 1 0
check dma_raises_after_return once trial_wdm 1 proof 1
check moves_while_firing moves_while_firing 2
check dma_raises_afterwards once trial_wdm 2 proof 2
# A processor that goes is rid of its vectors by the kernel, which tells nobody.
check moves_off_again moves 1 3
before=$(pair 1)
check processor_goes online 3 0
check moved_elsewhere wait_for on_other 1 3
check table_knows differs 1 "$before"
check dma_raises_without_it once trial_wdm 1 proof 1
check processor_returns online 3 1
check dma_raises_after_all once trial_wdm 1 proof 1
check unloads_network unload minirq_trial_wdm

# A device that the driver cannot make interrupt: its messages are real all the same.
check loads_disk insmod /modules/minirq_trial_wdm.ko id=1b36:0010 limit=5
check five_messages counts 5
for id in $(ids trial_wdm); do
	check "dma_raises_disk_$id" once trial_wdm "$id" proof "$id"
done
check unloads_disk unload minirq_trial_wdm

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_edu minirq
