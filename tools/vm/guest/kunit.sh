#!/bin/busybox sh
# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Load the suites, which run as they are loaded, and send their results.
. /lib.sh

results=/sys/kernel/debug/kunit

# One suite: its indented results as they are, its own line with our number.
send_suite() {
	local last
	last=$(grep -E '^(not )?ok ' "$1/results" | tail -1)
	grep '^    ' "$1/results" >&3
	case $last in
	"ok "*) suite_result ok "${1##*/}" ;;
	*) suite_result "not ok" "${1##*/}" ;;
	esac
}

send_suites() {
	local suite count=0
	for suite in "$results"/*; do
		[ -e "$suite/results" ] || continue
		send_suite "$suite"
		count=$((count + 1))
	done
	echo "# $count suites"
	[ $count -gt 0 ]
}

insmod /modules/minirq.ko
insmod /modules/minirq_kunit.ko
loaded=$?
send_suites
sent=$?

plan minirq_modules
check load test $loaded = 0
check have_suites test $sent = 0
check unload rmmod minirq_kunit minirq
check are_gone test ! -e /sys/module/minirq
