# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=line
# vm: device=edu,addr=0x06
# A device that asserts its line before its driver has registered. Another one
# shares the line and has it open already, so the interrupt comes at once, and
# again and again until the driver takes it: during registration or just after.
. /lib.sh
plan pending_line

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

round() {
	insmod /modules/minirq_trial.ko mode=pending &&
		wait_for is dpcs 1 && is interrupts 1 && is unready 0 &&
		unload minirq_trial || return 1
	# The kernel forgets unclaimed interrupts that are older than this.
	usleep 200000
}

check loads load minirq minirq_edu
for number in 1 2 3; do
	check "finds_driver_ready_$number" round
done
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_edu minirq
