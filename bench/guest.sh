#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Give each device to its driver, then run the rows that /rows asks for.
# shellcheck source=tools/vm/guest/lib.sh
. /lib.sh

run=/sys/kernel/debug/minirq_bench/run

# One row: what the kernel counted goes to the verdict as it is.
row() {
	echo "$*" >$run && cat $run >&3
}

# With -icount the kernel starts with one CPU; see bench/yield.c.
bring_up() {
	local cpu
	insmod /modules/bench_yield.ko
	for cpu in /sys/devices/system/cpu/cpu[1-9]*; do
		echo 1 >"$cpu/online"
	done
	rmmod bench_yield
}

plan bench
[ ! -e /sys/devices/system/cpu/cpu1 ] || check bring_up bring_up
insmod /modules/minirq.ko
insmod /modules/minirq_bench.ko
# The first CPU fires and is interrupted.
taskset -p 1 $$ >/dev/null
# Those that rows bind themselves wait until the drivers are there.
give() {
	while read -r when address driver; do
		[ "$when" != "$1" ] ||
			echo "$driver" >"/sys/bus/pci/devices/$address/driver_override"
	done </devices
}
give now
for side in native wdm ndis storport; do
	check "load_$side" insmod /modules/bench_$side.ko
done
give later
while read -r line; do
	# shellcheck disable=SC2086  # the words of a row
	check "${line%% *}" row $line
done </rows
