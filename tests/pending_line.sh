# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=line
# vm: device=edu,addr=0x06
# A device that asserts its line before its driver has registered. Another one
# shares the line and has it open already, so the interrupt comes at once, and
# again and again until the driver is there. Early it is only nearly always.
. /lib.sh
plan pending_line

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

early=0
round() {
	insmod /modules/minirq_trial.ko mode=pending || return 1
	if ! wait_for 2 is dpcs 1 || ! is interrupts 1 || ! is unready 0; then return 1; fi
	early=$((early + $(cat /sys/module/minirq_trial/parameters/early)))
	unload minirq_trial
}

check loads load minirq minirq_edu
for number in 1 2 3 4 5; do
	check "finds_driver_ready_$number" round
done
# A168
check is_delivered_early [ $early -gt 0 ]
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_edu minirq
