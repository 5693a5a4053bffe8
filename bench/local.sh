#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-only
# The benchmark on the machine it runs on: what tools/bench local calls.
#
# Usage: local.sh FOLDER ROUNDS PASSES [PCI-ADDRESS]
# FOLDER holds the modules. Without a device only single operations are timed.
# The device is given to each driver in turn, PASSES times, and left unbound.
set -eu

folder=$1 rounds=$2 passes=$3 address=${4:-}
run=/sys/kernel/debug/minirq_bench/run
sides='native ndis storport'

# give DRIVER - bind the device to a driver, or to none.
give() {
	device=/sys/bus/pci/devices/$address
	if [ -e "$device/driver" ]; then
		echo "$address" >"$device/driver/unbind"
	fi
	echo "$1" >"$device/driver_override"
	[ -z "$1" ] || echo "$address" >/sys/bus/pci/drivers_probe
}

row() {
	echo "$*" >$run
	cat $run
}

unload() {
	[ -z "$address" ] || give ''
	for module in bench_storport bench_ndis bench_native minirq_bench minirq; do
		[ ! -d "/sys/module/$module" ] || rmmod $module
	done
}

trap unload EXIT
insmod "$folder/minirq.ko"
insmod "$folder/minirq_bench.ko"
for side in $sides; do
	insmod "$folder/bench_$side.ko"
done

pass=0
while [ $pass -lt "$passes" ]; do
	pass=$((pass + 1))
	row op empty "$rounds"
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
