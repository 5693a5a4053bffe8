# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: smp=4,2,1
# The NVMe sample on some processors, on messages, of which each has one, and on
# the line: no request is lost, none ends twice.
. /lib.sh
plan storport_cpus

params=/sys/module/minirq_initiator/parameters
cpus=$(grep -c '^processor' /proc/cpuinfo)

is() { [ "$(cat "$params/$1")" = "$2" ]; }

check loads load minirq minirq_nvme minirq_initiator
if ! grep -q pci=nomsi /proc/cmdline; then
	check message_on_each_cpu message_on_each_cpu
fi
check reads sh -c "echo '$(pci_of_driver minirq_nvme) 3' >$params/run"
check on_every_cpu is cpus "$cpus"
check none_lost is lost 0
check none_twice is twice 0
check none_failed is failed 0
check right_data is wrong 0
check counts_of_device [ "$(cat $params/finished)" = "$(cat $params/device_reads)" ]
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_initiator minirq_nvme minirq
