# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: iommu=yes
# vm: append=iommu=pt
# vm: device=nec-usb-xhci,msi=on,msix=off,intrs=16
# vm: kunit=yes
# A device with 16 MSI messages: one resource, one address, one set of CPUs. It
# reads memory at the addresses that the driver has for it, hence iommu=pt.
. /lib.sh
plan many_messages

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

wdm_is() { [ "$(cat "/sys/module/minirq_trial_wdm/parameters/$1")" = "$2" ]; }

trial() { insmod /modules/minirq_trial.ko id=1033:0194 "$@"; }

granted() { is status 0x000000 && is messages "$1" && is resources 1 && is resource_flags 3; }

# each FIELD - what minirq says about every message, without repetitions.
each() {
	local id
	for id in $(seq 0 $(($1 - 1))); do message trial "$id" "$2"; done | sort -u
}

one_address() { [ "$(each "$1" address | wc -l)" = 1 ]; }

# All data are different, and differ in the bits that count the messages.
low_bits() {
	[ "$(each "$1" data | wc -l)" = "$1" ] &&
		[ "$(each "$1" data | while read -r data; do
			echo $((0x$data & ~($1 - 1)))
		done | sort -u | wc -l)" = 1 ]
}

# affinities COUNT - where the kernel is told to send each message.
affinities() {
	local irq
	for irq in $(each "$1" irq); do cat "/proc/irq/$irq/smp_affinity"; done | sort -u
}

same_affinity() { [ "$(affinities "$1" | wc -l)" = 1 ]; }

on() { [ $((0x$(affinities "$1"))) = "$2" ] && is affinity "$2"; }

trial_wdm() { insmod /modules/minirq_trial_wdm.ko id=1033:0194 "$@"; }

fires() {
	local id
	for id in $(ids trial_wdm); do
		once trial_wdm "$id" fire trial_wdm "$id" || return 1
	done
}

# Every message has interrupted once: none came to the routine of another.
each_once() {
	[ "$(awk '{ print $6, $7 }' /sys/module/minirq_trial_wdm/parameters/messages |
		sort | uniq -c | xargs)" = "$1 1 1" ]
}

check loads load minirq

check loads_all trial
check grants_all granted 16
# A83
check one_address one_address 16
# A83
check data_differ_in_low_bits low_bits 16
# A44
check same_affinity same_affinity 16
check good_entries is bad_entries 0
check unloads_all unload minirq_trial

check loads_limited trial limit=4
# A43
check grants_no_more_than_the_limit granted 4
# A83
check one_address_of_four one_address 4
check unloads_limited unload minirq_trial

check loads_targeted trial policy=4 processors=2
# A45
check messages_go_there on 16 2
check unloads_targeted unload minirq_trial

check loads_spread trial policy=5
# A44
check msi_cannot_be_spread same_affinity 16
check unloads_spread unload minirq_trial

# A WDM driver sees one raw descriptor, however many messages it stands for.
check loads_wdm trial_wdm
# A34
check one_raw_descriptor wdm_is raw 1
# A34
check for_every_message wdm_is raw_messages 16
check good_wdm_entries wdm_is bad_entries 0
# A71
check each_message_fires fires
check each_has_fired_once each_once 16
check unloads_wdm unload minirq_trial_wdm

# Message k is connected by its own vector: the k-th after that of the descriptor.
for version in 1 4; do
	check "loads_single_$version" trial_wdm connect=$version
	# A57
	check "connects_single_$version" wdm_is status 0x000000
	check "has_version_$version" wdm_is version $version
	# A58
	check "single_fires_$version" fires
	# A58
	check "single_has_fired_once_$version" each_once 16
	check "good_interrupts_$version" wdm_is bad_interrupts 0
	check "good_dpcs_$version" wdm_is bad_dpcs 0
	check "unloads_single_$version" unload minirq_trial_wdm
	check "nothing_connected_$version" sh -c '! grep -q trial_wdm /proc/interrupts'
done

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
