# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=line
# vm: device=edu,addr=0x05
# vm: device=edu,addr=0x06
# vm: device=edu,addr=0x07
# Four edu devices: the second shares a line with the first, the third with
# e1000e, the fourth with nvme. A driver that says "not mine" lets the other in.
. /lib.sh
plan shared_line

same_line() {
	[ "$(message "$1" 0 irq "$2")" = "$(message "$3" 0 irq "$4")" ]
}

# passed SAMPLE ADAPTER COMMAND... - its ISR was called, and said "not mine".
passed() {
	local before claimed sample=$1 adapter=$2
	shift 2
	before=$(message "$sample" 0 unclaimed "$adapter")
	claimed=$(message "$sample" 0 claimed "$adapter")
	"$@" || return 1
	[ "$(message "$sample" 0 unclaimed "$adapter")" -gt "$before" ] &&
		[ "$(message "$sample" 0 claimed "$adapter")" = "$claimed" ]
}

# taken SAMPLE ADAPTER - its device interrupts, and its driver takes it.
taken() {
	local isrs dpcs
	isrs=$(sample "$1" 0 isrs "$2")
	dpcs=$(sample "$1" 0 dpcs "$2")
	fire "$1" 0 "$2" || return 1
	wait_for counted "$1" 0 $((isrs + 1)) $((dpcs + 1)) "$2"
}

# Whoever is loaded first is asked first.
check loads load minirq minirq_e1000e minirq_nvme minirq_edu
check edu_shares_with_edu same_line edu 0 edu 1
check edu_shares_with_e1000e same_line edu 2 e1000e 0
check edu_shares_with_nvme same_line edu 3 nvme 0

# A186
check ndis_passes_on passed edu 0 taken edu 1
check ndis_passes_on_to_another_driver passed e1000e 0 taken edu 2
# A249
check storport_passes_on passed nvme 0 taken edu 3
check ndis_is_asked_too passed edu 2 taken e1000e 0
check storport_is_asked_too passed edu 3 taken nvme 0
check first_still_works taken edu 0

# The line stays with the one that is left.
check unloads_owner unload minirq_e1000e
check sharer_still_works taken edu 2

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_edu minirq_nvme minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
