# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Functions for guest scripts. Results go to fd 3 as KTAP, one suite a script:
#
#	. /lib.sh
#	plan edu_line
#	check module_loads insmod /modules/minirq.ko
#	check counted wait_for 5 grep -q edu /proc/interrupts
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

# check NAME COMMAND... - one test: the command succeeds.
check() {
	local name="$1"
	shift
	if "$@"; then ok "$name"; else not_ok "$name" "failed: $*"; fi
}

# say TEXT... - a line for people, on the verdict channel and the console.
say() {
	echo "$*" >&3
	echo "# $*"
}

# wait_for SECONDS COMMAND... - wait until the command succeeds.
wait_for() {
	local tries=$(($1 * 20))
	shift
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

# once SAMPLE ID COMMAND... - the command makes a message interrupt exactly
# once, with one DPC. A second interrupt would come as fast as the first.
once() {
	local isrs dpcs sample=$1 id=$2
	shift 2
	isrs=$(sample "$sample" "$id" isrs)
	dpcs=$(sample "$sample" "$id" dpcs)
	"$@" || return 1
	wait_for 5 counted "$sample" "$id" $((isrs + 1)) $((dpcs + 1)) || return 1
	usleep 10000
	counted "$sample" "$id" $((isrs + 1)) $((dpcs + 1))
}

# fire SAMPLE ID [ADAPTER] - the device raises a message, or its line.
fire() { echo "$2 ${3:-0}" >"/sys/module/minirq_$1/parameters/fire"; }

# dma ADDRESS DATA - edu writes 32 bits.
dma() { echo "$1 $2" >/sys/module/minirq_edu/parameters/dma; }

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
