# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Functions for guest scripts. Results go to fd 3 as KTAP, one suite a script:
#
#	. /lib.sh
#	plan edu_line
#	check module_loads insmod /modules/minirq.ko
#	check counted wait_for grep -q edu /proc/interrupts
#
# The script's end closes the suite, whichever way it ends.

suite='' tests=0 failures=0 skips=0

# suite_result "ok"|"not ok" NAME [REASON] - a result at top level.
suite_result() {
	local number
	number=$(($(cat /tmp/suites 2>/dev/null || echo 0) + 1))
	echo $number >/tmp/suites
	echo "$1 $number $2${3:+ # $3}" >&3
}

end_suite() {
	local status=$?
	echo "    1..$tests" >&3
	if [ $status != 0 ]; then
		suite_result "not ok" "$suite" "exit status $status"
	elif [ $failures != 0 ]; then
		suite_result "not ok" "$suite" "$failures of $tests failed"
	elif [ $tests = 0 ]; then
		suite_result "not ok" "$suite" "no test ran"
	elif [ $tests = $skips ]; then
		suite_result ok "$suite" "SKIP"
	else
		suite_result ok "$suite"
	fi
	# The suite's line has told what there is to tell.
	exit 0
}

# plan SUITE - open the suite of this script.
plan() {
	suite=$1
	printf '    KTAP version 1\n    # Subtest: %s\n' "$suite" >&3
	trap end_suite EXIT
}

# ok NAME
ok() {
	tests=$((tests + 1))
	echo "    ok $tests $1" >&3
	echo "# ok: $1"
}

# not_ok NAME REASON...
not_ok() {
	local name="$1"
	shift
	tests=$((tests + 1))
	failures=$((failures + 1))
	echo "    not ok $tests $name${1:+ # $*}" >&3
	echo "# not ok: $name: $*"
}

# skip NAME REASON...
skip() {
	local name="$1"
	shift
	tests=$((tests + 1))
	skips=$((skips + 1))
	echo "    ok $tests $name # SKIP $*" >&3
}

# check NAME COMMAND... - one test: the command succeeds. What it leaves in $why
# is told when it does not.
check() {
	local name="$1"
	shift
	why=''
	if "$@"; then ok "$name"; else not_ok "$name" "failed: $*${why:+: $why}"; fi
}

# say TEXT... - a line for people, on the verdict channel and the console.
say() {
	echo "$*" >&3
	echo "# $*"
}

# wait_for COMMAND... - wait until the command succeeds. A minute is for those
# guests whose host does not let them run.
wait_for() {
	local tries=1200
	until "$@"; do
		tries=$((tries - 1))
		[ $tries -gt 0 ] || return 1
		usleep 50000
	done
}

# pci_of_driver DRIVER - the PCI addresses bound to a driver, one a line.
pci_of_driver() {
	local device
	for device in /sys/bus/pci/drivers/"$1"/[0-9a-f]*:*; do
		[ ! -e "$device" ] || echo "${device##*/}"
	done
}

# pci_of_id VENDOR DEVICE - the PCI addresses of an id, such as 1234 11e8.
pci_of_id() {
	local device
	for device in /sys/bus/pci/devices/*; do
		[ "$(cat "$device/vendor")" = "0x$1" ] || continue
		[ "$(cat "$device/device")" = "0x$2" ] || continue
		echo "${device##*/}"
	done
}

# What follows knows the samples: edu, e1000e, nvme.

# load MODULE... / unload MODULE...
load() {
	local module
	for module; do insmod "/modules/$module.ko" || return 1; done
}

unload() {
	local module
	for module; do rmmod "$module" || return 1; done
}

# sample SAMPLE ID FIELD [ADAPTER] - what its driver says about a message:
# kind, address, data, isrs or dpcs.
sample() {
	awk -v adapter="${4:-0}" -v id="$2" -v field="$3" '
		BEGIN { split("adapter kind id address data isrs dpcs", name, " ") }
		$1 == adapter && $3 == id {
			for (i in name) if (name[i] == field) print $i
		}' "/sys/module/minirq_$1/parameters/messages"
}

# message SAMPLE ID FIELD [ADAPTER] - what minirq says about it: device, kind,
# irq, vector, address, data, cpus, claimed, unclaimed or dpcs.
message() {
	awk -v driver="minirq_$1@" -v adapter="${4:-0}" -v id="$2" -v field="$3" '
		BEGIN {
			split("device kind id irq vector address data cpus " \
			      "claimed unclaimed dpcs", name, " ")
		}
		index($1, driver) == 1 && !($1 in seen) { seen[$1] = count++ }
		index($1, driver) == 1 && seen[$1] == adapter && $3 == id {
			for (i in name) if (name[i] == field) print $i
		}' /sys/kernel/debug/minirq/interrupts
}

# ids SAMPLE - its message ids; 0 for a line.
ids() { awk '$1 == 0 { print $3 }' "/sys/module/minirq_$1/parameters/messages"; }

# counted SAMPLE ID ISRS DPCS [ADAPTER] - has its driver counted so many?
counted() {
	[ "$(sample "$1" "$2" isrs "${5:-0}")" = "$3" ] &&
		[ "$(sample "$1" "$2" dpcs "${5:-0}")" = "$4" ]
}

# reached SAMPLE ID ISRS DPCS - has its driver counted so many, or more?
reached() {
	[ "$(sample "$1" "$2" isrs)" -ge "$3" ] && [ "$(sample "$1" "$2" dpcs)" -ge "$4" ]
}

# once SAMPLE ID COMMAND... - the command makes a message interrupt exactly
# once, with one DPC. A second interrupt would come as fast as the first.
once() {
	local isrs dpcs sample=$1 id=$2
	shift 2
	isrs=$(sample "$sample" "$id" isrs)
	dpcs=$(sample "$sample" "$id" dpcs)
	"$@" || return 1
	wait_for reached "$sample" "$id" $((isrs + 1)) $((dpcs + 1)) && usleep 10000 &&
		counted "$sample" "$id" $((isrs + 1)) $((dpcs + 1)) && return
	why="message $id: $(($(sample "$sample" "$id" isrs) - isrs)) interrupts, \
$(($(sample "$sample" "$id" dpcs) - dpcs)) DPCs"
	return 1
}

# fire SAMPLE ID [ADAPTER] - the device raises a message, or its line.
fire() { echo "$2 ${3:-0}" >"/sys/module/minirq_$1/parameters/fire"; }

# dma ADDRESS DATA - edu writes 32 bits.
dma() { echo "$1 $2" >/sys/module/minirq_edu/parameters/dma; }

# config DEVICE OFFSET FORMAT BYTES - a number in the device's config space.
config() { od -An "-t$3" -j "$2" -N "$4" "/sys/bus/pci/devices/$1/config" | tr -d ' '; }

# capability DEVICE ID - the offset of a capability.
capability() {
	local at
	at=$(config "$1" 52 u1 1)
	while [ "$at" != 0 ] && [ "$(config "$1" "$at" x1 1)" != "$2" ]; do
		at=$(config "$1" $((at + 1)) u1 1)
	done
	echo "$at"
}

# bar DEVICE NUMBER - its bus address.
bar() { sed -n "$(($2 + 1))s/ .*//p" "/sys/bus/pci/devices/$1/resource"; }

# pair HIGH LOW DATA - as a sample prints it.
pair() { printf '%x %x\n' $((0x$1 << 32 | 0x$2)) $((0x$3)); }

# msix DEVICE ID - address and data in entry ID of the device's MSI-X table.
msix() {
	local cap table entry
	cap=$(capability "$1" 11)
	table=$(config "$1" $((cap + 4)) u4 4)
	entry=$(($(bar "$1" $((table & 7))) + (table & ~7) + 16 * $2))
	pair "$(devmem $((entry + 4)) 32 | cut -c3-)" "$(devmem $entry 32 | cut -c3-)" \
		"$(devmem $((entry + 8)) 32 | cut -c3-)"
}

# msi DEVICE - the same of a device with one message, in its config space.
msi() {
	local cap
	cap=$(capability "$1" 05)
	pair "$(config "$1" $((cap + 8)) x4 4)" "$(config "$1" $((cap + 4)) x4 4)" \
		"$(config "$1" $((cap + 12)) x2 2)"
}

device() { message "$1" 0 device | sed 's/.*@//'; }

# hardware SAMPLE ID - address and data that its device has.
hardware() {
	case $1 in
	edu) msi "$(device edu)" ;;
	*) msix "$(device "$1")" "$2" ;;
	esac
}

# What the driver has in its table is what the device has.
true_table() {
	[ "$(sample "$1" "$2" address) $(sample "$1" "$2" data)" = "$(hardware "$1" "$2")" ]
}

# proof SAMPLE ID - edu raises the message of another device.
proof() { dma "$(sample "$1" "$2" address)" "$(sample "$1" "$2" data)"; }

on_cpu() { [ "$(message "$1" "$2" cpus)" = "$3" ]; }

# The kernel moves a vector when it interrupts next.
move() { echo "$3" >"/proc/irq/$(message "$1" "$2" irq)/smp_affinity_list"; }

# message_on_each_cpu - the NVMe sample has a message for its admin queue, and
# for each processor one that interrupts it.
message_on_each_cpu() {
	local cpu=0 cpus irq
	cpus=$(grep -c '^processor' /proc/cpuinfo)
	[ "$(ids nvme | wc -l)" = $((cpus + 1)) ] || return 1
	while [ $cpu -lt "$cpus" ]; do
		irq=$(message nvme $((cpu + 1)) irq)
		[ "$(cat "/proc/irq/$irq/effective_affinity_list")" = $cpu ] || return 1
		cpu=$((cpu + 1))
	done
}
