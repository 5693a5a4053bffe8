# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: smp=4
# vm: kunit=yes
# A WDM driver on real devices: each way to connect, stop and start again, unbind
# and bind, and the sample. In a machine of its own, for it counts what an 82574L
# sends that has not yet held a message back (see samples.sh).
. /lib.sh
plan wdm

grant=msi
if grep -q pci=nomsi /proc/cmdline; then grant=line; fi

params=/sys/module/minirq_trial_wdm/parameters

# is NAME VALUE - did the driver see that?
is() { [ "$(cat "$params/$1")" = "$2" ]; }

trial() { insmod /modules/minirq_trial_wdm.ko "$@"; }

# told WORD... - is that all that has happened to the driver?
told() { [ "$(cat $params/story | sed 's/ *$//')" = "$*" ]; }

connected() { is status 0x000000 && is version "$1"; }

count_ids() { [ "$(ids trial_wdm | wc -l)" = "$1" ]; }

fires() {
	local id
	for id in $(ids trial_wdm); do
		once trial_wdm "$id" fire trial_wdm "$id" || return 1
	done
}

good() { is bad_interrupts 0 && is bad_dpcs 0 && is late 0; }

bind() { echo "$1" >"/sys/bus/pci/drivers/minirq_trial_wdm/$2"; }

rebinds() {
	local device
	device=$(pci_of_driver minirq_trial_wdm)
	bind "$device" unbind || return 1
	! grep -q minirq_trial_wdm /proc/interrupts || return 1
	bind "$device" bind
}

same_line() { [ "$(cat $params/raw)" = 1 ] && is raw_messages 0 && is translated 1; }

restart() { echo "${1:-0}" >$params/limit && echo 1 >$params/restart; }

inactive() { echo "$1" >$params/inactive; }

# An inactive device interrupts, and nobody is called until it is active again:
# the message is then pending in the device.
stays_silent() {
	inactive 1 && inactive 1 || return 1
	isrs=$(sample trial_wdm "$1" isrs)
	dpcs=$(sample trial_wdm "$1" dpcs)
	fire trial_wdm "$1" && usleep 100000 && counted trial_wdm "$1" "$isrs" "$dpcs"
}

comes_when_active() {
	inactive 0 && wait_for counted trial_wdm "$1" $((isrs + 1)) $((dpcs + 1))
}

# all_on CPU - is it there that every message goes?
all_on() {
	local id
	for id in $(ids trial_wdm); do
		[ "$(message trial_wdm "$id" cpus)" = "$1" ] || return 1
	done
}

refuses() { ! "$@" 2>/dev/null; }

check loads load minirq

if [ $grant = msi ]; then
	check loads_set trial connect=3
	# A53
	check connects_set connected 3
	# A53
	check five_messages count_ids 5
	# A33
	check five_descriptors is translated 5
	check five_raw is raw_messages 5
	# A71 A91 A11 A136
	check each_message_fires fires
	# A78 A79 A80 A85 A93 A94 A116
	check table_is_good is bad_entries 0
	# A108 A109
	check inactive_is_silent stays_silent 3
	# A108
	check active_delivers comes_when_active 3
	check set_is_good good
	check inactive_again inactive 1
	# A106
	check set_unloads unload minirq_trial_wdm
	# A102
	check nothing_connected sh -c '! grep -q trial_wdm /proc/interrupts'

	for version in 1 4; do
		check "loads_single_$version" trial connect=$version
		# A57
		check "connects_single_$version" connected $version
		# A57 A58
		check "single_fires_$version" fires
		# A108 A109
		check "inactive_single_is_silent_$version" stays_silent 3
		# A108
		check "active_single_delivers_$version" comes_when_active 3
		check "single_is_good_$version" good
		check "single_inactive_again_$version" inactive 1
		# A106
		check "single_unloads_$version" unload minirq_trial_wdm
	done

	check loads_line_of_messages trial connect=2
	# A52
	check no_line_of_messages is status 0xc0000010
	check line_of_messages_unloads unload minirq_trial_wdm
	options=msi=0
else
	options=
fi

# shellcheck disable=SC2086  # none or one word
for version in 1 2 3 4; do
	check "loads_for_line_$version" trial connect=$version $options
	if [ $version = 3 ]; then
		# A54
		check falls_back connected 2
	else
		check "connects_line_$version" connected $version
	fi
	# A35 A42
	check "line_resource_$version" same_line
	# A87
	check "line_fires_$version" fires
	check "line_is_good_$version" good
	# A104
	check "line_unloads_$version" unload minirq_trial_wdm
done

if [ $grant = msi ]; then
	check loads_filtering trial mode=filter
	check told_of_filter told add filter start
	check three_messages count_ids 3
	check all_on_processor_2 all_on 2
	check filtered_fire fires
	check restarts_filtering restart
	check told_to_filter_again told add filter start stop filter start
	check three_again count_ids 3
	check filtered_fire_again fires
	check filtering_unloads unload minirq_trial_wdm
fi

check loads_to_rebind trial
check told_of_start told add start
check rebinds rebinds
check told_of_rebind told add start remove add start
# A105
check fires_after_rebind fires
if [ $grant = msi ]; then
	check restarts_with_two restart 2
	check one_or_two_messages count_ids 2
	check fires_after_restart fires
fi
check restarts restart
check stops_and_starts sh -c "grep -q 'stop start' $params/story"
check fires_after_restarts fires
check good_after_restarts good
check unloads_restarted unload minirq_trial_wdm

check loads_refusing trial mode=refuse
check refused_restart refuses restart
check told_of_refusal told add start refuse cancel
check fires_after_refusal fires
check unloads_refusing unload minirq_trial_wdm

# The sample, on the device that edu_ndis.c drives elsewhere.
check loads_sample load minirq_edu_wdm
for round in 1 2 3; do
	check "sample_fires_$round" once edu_wdm 0 fire edu_wdm 0
done
check unloads_sample unload minirq_edu_wdm

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
