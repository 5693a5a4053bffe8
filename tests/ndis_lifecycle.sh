# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: smp=2
# An NDIS driver from its registration to its unload, by every way there is, with a
# device that interrupts at each step.
. /lib.sh
plan ndis_lifecycle

params=/sys/module/minirq_trial_life/parameters
drivers=/sys/bus/pci/drivers/minirq_trial_life
devices=/sys/bus/pci/devices

is() { [ "$(cat "$params/$1")" = "$2" ]; }

# told WORD... - was the driver called for this, since told_nothing?
told() { is story "$*"; }

told_nothing() { printf '\000' >$params/story; }

# same NAME NAME - are two numbers the same?
same() { is "$1" "$(cat "$params/$2")"; }

bound() { pci_of_driver minirq_trial_life; }

# The kernel's own test: as far as the platform, and back.
suspend() {
	echo platform >/sys/power/pm_test &&
		echo 1 >/sys/module/suspend/parameters/pm_test_delay &&
		echo freeze >/sys/power/state
}

unconnected() { ! grep -q minirq_trial_life /proc/interrupts; }

started="init restart restarted power"
stopped="pause paused halt"

# enough NAME NUMBER - as many ISRs or DPCs as interrupts? More than that from an
# 82574L of QEMU: a message that it has held back, it may send twice.
enough() {
	if [ "$1" = edu ]; then same "$2" raised; else
		[ "$(cat "$params/$2")" -ge "$(cat $params/raised)" ]
	fi
}

# true_table NAME - the driver's table, in the device. A line has none.
true_table() {
	local id address data has
	if [ ! -s $params/table ]; then
		grep -q pci=nomsi /proc/cmdline
		return
	fi
	while read -r id address data; do
		if [ "$1" = edu ]; then has=$(msi "$(bound)"); else has=$(msix "$(bound)" "$id"); fi
		[ "$address $data" = "$has" ] || return 1
	done <$params/table
}

# move_messages DEVICE - each of its messages goes to the other processor, from when
# it interrupts next.
move_messages() {
	local irq now
	for irq in "$devices/$1"/msi_irqs/*; do
		[ -e "$irq" ] || continue
		irq=/proc/irq/${irq##*/}
		now=$(cat "$irq/effective_affinity_list")
		echo $((1 - now)) >"$irq/smp_affinity_list" || return 1
	done
}

first_message() { head -n 1 $params/table; }

has_moved() { [ "$kind" = line ] || [ "$(first_message)" != "$1" ]; }

arrived() { wait_for enough "$1" "$2"; }

# life NAME ID - all of it, with one device.
life() {
	local name=$1 device messages first
	check "loads_$name" insmod /modules/minirq_trial_life.ko id="$2" sleeps=1
	check "starts_$name" told options $started
	check "true_table_at_start_$name" true_table "$name"
	device=$(bound)
	messages=$(grep -c minirq_trial_life /sys/kernel/debug/minirq/enabled)

	first=$(first_message)
	told_nothing
	check "moves_$name" move_messages "$device"
	check "suspends_$name" suspend
	check "sleeps_and_wakes_$name" told pause paused d3 d0 restart restarted power
	check "disabled_asleep_$name" is disables "$messages"
	check "enabled_awake_$name" is enables "$messages"
	check "moved_asleep_$name" wait_for has_moved "$first"
	check "true_table_awake_$name" wait_for true_table "$name"
	check "none_lost_asleep_$name" arrived "$name" interrupts

	told_nothing
	echo 1 >$params/hangs
	check "resets_$name" wait_for told reset
	check "none_lost_in_reset_$name" arrived "$name" dpcs

	told_nothing
	check "restarts_$name" sh -c "echo 1 >$params/restart"
	check "stops_and_starts_$name" told $stopped $started
	check "stopped_$name" is action 6
	check "true_table_restarted_$name" true_table "$name"

	told_nothing
	echo "$device" >$drivers/unbind
	check "unbinds_$name" told $stopped
	check "disabled_$name" is action 0
	check "nothing_connected_$name" unconnected
	check "no_vectors_$name" [ ! -d "$devices/$device/msi_irqs" ]

	told_nothing
	echo none >"$devices/$device/driver_override"
	echo "$device" >/sys/bus/pci/drivers_probe
	check "overridden_$name" [ -z "$(bound)" ]
	echo >"$devices/$device/driver_override"
	echo "$device" >/sys/bus/pci/drivers_probe
	check "binds_$name" told $started

	told_nothing
	echo 1 >"$devices/$device/remove"
	check "removes_$name" told $stopped
	check "nothing_left_$name" unconnected
	told_nothing
	echo 1 >/sys/bus/pci/rescan
	check "returns_$name" told $started

	told_nothing
	echo 0 >$params/sleeps
	check "suspends_by_halting_$name" suspend
	check "halts_and_starts_$name" told $stopped $started
	check "powered_down_$name" is action 2
	check "true_table_again_$name" true_table "$name"

	check "none_lost_$name" is lost 0
	check "none_late_$name" is late 0
	check "true_table_$name" is bad_table 0
	check "every_isr_$name" arrived "$name" interrupts
	check "every_dpc_$name" arrived "$name" dpcs
	check "unloads_$name" unload minirq_trial_life
	check "disconnected_$name" unconnected
}

kind=msi
if grep -q pci=nomsi /proc/cmdline; then kind=line; fi

check loads load minirq
life edu 1234:11e8
life e1000e 8086:10d3

check loads_to_shut_down insmod /modules/minirq_trial_life.ko
told_nothing
echo 1 >$params/shutdown
check shuts_down told off
check arrived_before same interrupts raised
if [ "$(sed -n '/minirq_trial_life/{s/.*msi.*/msi/Ip;q}' /proc/interrupts)" = msi ]; then
	# A line that nobody claims would be somebody else's trouble.
	echo 1 >$params/fire
	usleep 100000
	check silent_after [ "$(cat $params/raised)" = "$(($(cat $params/interrupts) + 1))" ]
fi

# Its driver is called for nothing more, so it cannot be unloaded either.
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
