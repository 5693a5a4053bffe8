# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=4
# Requests from every CPU for a minute, while the messages are moved from CPU to
# CPU: none is lost, none ends twice, the drive has counted as many as its
# miniport, and what that is told of its messages is true afterwards.
. /lib.sh
plan storport_load

params=/sys/module/minirq_initiator/parameters

value() { cat "$params/$1"; }

is() { [ "$(value "$1")" = "$2" ]; }

drive() { pci_of_driver minirq_nvme; }

# more MESSAGE - it interrupted, and caused DPCs.
busy() { [ "$(sample nvme "$1" isrs)" -gt 100 ] && [ "$(sample nvme "$1" dpcs)" -gt 100 ]; }

# The load ends the loop; how fast that goes does not matter.
run_and_move() {
	local job turn=0 id
	echo "$(drive) 60" >$params/run &
	job=$!
	while kill -0 $job 2>/dev/null; do
		for id in 1 2 3 4; do move nvme $id $(((turn + id) % 4)); done
		turn=$((turn + 1))
		usleep 200000
	done
	say "messages were moved $turn times"
	wait $job && [ $turn -gt 4 ]
}

check loads load minirq minirq_edu minirq_nvme minirq_initiator
echo 1 >/sys/kernel/debug/minirq/verify
check runs run_and_move
check on_every_cpu is cpus 4
check many [ "$(value finished)" -gt 1000 ]
check none_lost is lost 0
check none_twice is twice 0
check none_failed is failed 0
check right_data is wrong 0
check counts_of_device [ "$(value finished)" = "$(value device_reads)" ]
check redirected is elsewhere 0
for id in 1 2 3 4; do
	check "message_${id}_is_used" busy $id
done
for id in 1 2 3 4; do
	# A232
	check "true_table_$id" wait_for true_table nvme $id
	# A82
	check "dma_raises_$id" once nvme $id proof nvme $id
done
say "$(value finished) requests, $(value busy) told to try again"
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_initiator minirq_nvme minirq_edu minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
