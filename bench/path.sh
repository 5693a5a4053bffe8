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
# more rounds than a debugger that is late can miss
check fire sh -c 'echo "irq msi path 1 100000" >/sys/kernel/debug/minirq_bench/run'
