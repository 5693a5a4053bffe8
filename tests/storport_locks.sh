# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# A StorPort miniport tries its DPCs and its locks on a device: what it may do
# works, and what it may not do is refused, reported, and leaves nothing held.
. /lib.sh
plan storport_locks

params=/sys/module/minirq_locks/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

# broken RULE TIMES - was a rule broken so often?
broken() {
	[ "$(awk -v rule="$1" '$1 == rule { print $2 }' /sys/kernel/debug/minirq/violations)" = "$2" ]
}

check loads load minirq
echo 1 >/sys/kernel/debug/minirq/verify
check loads_locks load minirq_locks
check runs wait_for is runs 1
# A256
check first_issue_queues is issued 1
# A256
check second_issue_does_not is issued_again 0
# A257
check keeps_first_argument is first 1
# A257
check keeps_second_argument is second 2
# A259
check dpc_at_dispatch_level is irql 2
# A265
check interrupt_lock_raises is held 12
# A265
check its_release_restores is released 2
# A260
check cancel_refuses_null is refused 2
# A261
check cancel_removes is removed 1
# A262
check idle_one_is_not_cancelled is removed_again 0
# A273
check makes_a_lock is status 0
# A259 A267
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]

echo 1 >$params/breach
check runs_again wait_for is runs 2
# A261
check cancelled_one_did_not_run is cancelled 0
# A266
check order_is_reported broken StorPortSpinLock3 1
# A269
check release_of_nothing_is_reported broken StorPortSpinLock4 1
# A272
check unknown_kinds_are_refused is refused 4
# A266 A270 A272
check refused_ones_are_not_held is empty 4
# A271
check not_at_passive_level is level $((0xC1000008))
# A268 A270
check others_are_reported broken StorPortSpinLock 4
check unloads unload minirq_locks minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
