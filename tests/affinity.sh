# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# On which CPUs messages interrupt, by the policy of the driver: from the first.
. /lib.sh
plan affinity

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

fire() { echo 1 >/sys/module/minirq_trial/parameters/fire; }

# goes_to AFFINITIES CPU - so the resources say, and so it is.
goes_to() { is affinity "$1" && fire && wait_for is dpcs 1 && is processor "$2"; }

anywhere() { is affinity "$1" && fire && wait_for is dpcs 1; }

# begin NAME POLICY... - load a driver with a policy.
begin() {
	local name=$1
	shift
	check "loads_$name" insmod /modules/minirq_trial.ko mode=quiet "$@"
}

# finish NAME - QEMU stops when the device loses its messages while it still holds
# one back; hence the pause.
finish() {
	usleep 200000
	check "unloads_$1" unload minirq_trial
}

# trial NAME TEST AFFINITIES CPU POLICY... - the test of a driver with a policy.
trial() {
	local name=$1 test=$2 affinities=$3 cpu=$4
	shift 4
	begin "$name" "$@"
	check "$name" "$test" "$affinities" "$cpu"
	finish "$name"
}

check loads load minirq

trial default anywhere 15,15,15,15,15 -
trial all_close anywhere 15,15,15,15,15 - policy=1
trial one_close goes_to 1,2,4,8,1 2 policy=2 entry=2
trial all_processors anywhere 15,15,15,15,15 - policy=3
begin specified policy=4 processors=2
# A45
check specified goes_to 2,2,2,2,2 1
finish specified
begin two_specified policy=4 processors=12
# A45
check two_specified anywhere 12,12,12,12,12
finish two_specified
trial spread goes_to 1,2,4,8,1 3 policy=5 entry=3
# The driver changes what its device is to have.
trial filtered goes_to 4,4,4 2 mode=filter
# No such CPU: the policy cannot be honoured.
trial nowhere anywhere 15,15,15,15,15 - policy=4 processors=256
trial line_has_no_policy anywhere 15 - policy=4 processors=2 msi=0

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
