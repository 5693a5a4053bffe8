#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Tell where every function is, then fire until the debugger has seen enough.
# shellcheck source=tools/vm/guest/lib.sh
. /lib.sh

plan path
device=$(pci_of_id 1234 11e8)
insmod /modules/minirq.ko
insmod /modules/minirq_bench.ko
echo "$(cat /side)" >"/sys/bus/pci/devices/$device/driver_override"
insmod "/modules/$(cat /side).ko"
grep -i ' t ' /proc/kallsyms >&3
say ready
# The debugger ends it.
while echo "irq msi path 1 10000" >/sys/kernel/debug/minirq_bench/run; do :; done
not_ok fire
