#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The benchmark on the machine it runs on: what tools/bench local calls.
#
# Usage: local.sh FOLDER ROUNDS PASSES [PCI-ADDRESS]
# FOLDER holds the modules. Without a device only single operations are timed, and
# those on a second CPU, if there is one.
# The device is given to each driver in turn, PASSES times, and left unbound.
set -eu

folder=$1 rounds=$2 passes=$3 address=${4:-}
run=/sys/kernel/debug/minirq_bench/run
sides='native wdm ndis storport'

# give DRIVER - bind the device to a driver, or to none.
give() {
	device=/sys/bus/pci/devices/$address
	if [ -e "$device/driver" ]; then
		echo "$address" >"$device/driver/unbind"
	fi
	echo "$1" >"$device/driver_override"
	[ -n "$1" ] || return 0
	echo "$address" >/sys/bus/pci/drivers_probe
	aim "$device"
}

# aim DEVICE - its interrupts go to the CPU that fires them.
aim() {
	if [ -d "$1/msi_irqs" ]; then
		irqs=$(ls "$1/msi_irqs")
	else
		irqs=$(cat "$1/irq")
	fi
	for irq in $irqs; do
		echo 1 >"/proc/irq/$irq/smp_affinity" 2>/dev/null || true
	done
}

row() {
	echo "$*" >$run
	cat $run
}

unload() {
	[ -z "$address" ] || give ''
	for module in bench_storport bench_ndis bench_wdm bench_native minirq_bench minirq; do
		[ ! -d "/sys/module/$module" ] || rmmod $module
	done
}

trap unload EXIT
taskset -p 1 $$ >/dev/null
insmod "$folder/minirq.ko"
insmod "$folder/minirq_bench.ko" spin=1
for side in $sides; do
	insmod "$folder/bench_$side.ko"
done

pass=0
while [ $pass -lt "$passes" ]; do
	pass=$((pass + 1))
	row op empty "$rounds"
	if grep -qsx 1 /sys/devices/system/cpu/cpu1/online; then
		row op d. "$rounds"
	fi
	if [ -z "$address" ]; then
		row op e. "$rounds"
		continue
	fi
	for side in $sides; do
		give "bench_$side"
		row irq any a.device 1 "$rounds"
		row irq any c.8 8 "$rounds"
		row irq any c.32 32 "$rounds"
		row op e. "$rounds"
	done
	give ''
done
