# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=4
# Requests from every CPU for a minute: none is lost, none ends twice, and the
# drive has counted as many as its miniport.
. /lib.sh
plan storport_load

params=/sys/module/minirq_initiator/parameters

value() { cat "$params/$1"; }

is() { [ "$(value "$1")" = "$2" ]; }

drive() { pci_of_driver minirq_nvme; }

# more MESSAGE - it interrupted, and caused DPCs.
busy() { [ "$(sample nvme "$1" isrs)" -gt 100 ] && [ "$(sample nvme "$1" dpcs)" -gt 100 ]; }

check loads load minirq minirq_nvme minirq_initiator
echo 1 >/sys/kernel/debug/minirq/verify
check runs sh -c "echo '$(drive) 60' >$params/run"
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
say "$(value finished) requests, $(value busy) told to try again"
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_initiator minirq_nvme minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
