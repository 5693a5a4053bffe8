# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: smp=1
# The NVMe sample on one processor, on messages and on the line: no request is
# lost, none ends twice.
. /lib.sh
plan storport_one_cpu

params=/sys/module/minirq_initiator/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

check loads load minirq minirq_nvme minirq_initiator
if ! grep -q pci=nomsi /proc/cmdline; then
	check message_on_each_cpu message_on_each_cpu
fi
check reads sh -c "echo '$(pci_of_driver minirq_nvme) 3' >$params/run"
check on_every_cpu is cpus 1
check none_lost is lost 0
check none_twice is twice 0
check none_failed is failed 0
check right_data is wrong 0
check counts_of_device [ "$(cat $params/finished)" = "$(cat $params/device_reads)" ]
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_initiator minirq_nvme minirq
