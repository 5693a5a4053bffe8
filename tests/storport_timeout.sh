# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# A request that its miniport keeps for longer than it may take: HwStorResetBus is
# called, the request ends, and the next one is served.
. /lib.sh
plan storport_timeout

params=/sys/module/minirq_initiator/parameters
late=/sys/module/minirq_late/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

late_is() { [ "$(cat "$late/$1")" = "$2" ]; }

# The first and the last request of a run ask the drive how many reads it has
# counted; a run of no time has no others.
ask_twice() { echo "$(pci_of_driver minirq_late) 0" >$params/run; }

check loads load minirq minirq_late minirq_initiator
echo 1 >/sys/kernel/debug/minirq/verify
check asks ask_twice
check none_late is timed_out 0
check no_reset late_is resets 0
echo 1 >$late/keep
echo 1 >$params/limit
check asks_with_one_kept ask_twice
check one_kept late_is keep 0
check reset_once late_is resets 1
check one_timed_out is timed_out 1
check next_one_served [ "$(cat $params/device_reads)" -gt 0 ]
check asks_again ask_twice
check none_late_again is timed_out 1
check none_twice is twice 0
check none_failed is failed 0
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_initiator minirq_late minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
