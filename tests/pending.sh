# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=1
# A device that sends a message before its driver has registered: the message
# waits in the device, and comes while registration is under way, on the one
# processor there is. It must find everything that registration gives.
. /lib.sh
plan pending

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

check loads load minirq
check loads_pending insmod /modules/minirq_trial.ko mode=pending
check is_delivered_early is early 1
check finds_driver_ready is unready 0
check counted_once is interrupts 1
check ran_dpc wait_for is dpcs 1
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_trial minirq
