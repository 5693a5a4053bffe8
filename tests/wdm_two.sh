# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: device=edu,addr=0x05
# Two devices of one WDM driver, which share a line when they have no messages,
# and change hands by driver_override.
. /lib.sh
plan wdm_two

pci=/sys/bus/pci

line=
if grep -q pci=nomsi /proc/cmdline; then line=1; fi

counts() { [ "$(awk '{ print $1 }' /sys/module/minirq_"$1"/parameters/messages | wc -l)" = "$2" ]; }

# once_on DEVICE - it interrupts once, and the other driver's routine lets it pass.
once_on() {
	local isrs dpcs
	isrs=$(sample trial_wdm 0 isrs "$1")
	dpcs=$(sample trial_wdm 0 dpcs "$1")
	fire trial_wdm 0 "$1" || return 1
	wait_for counted trial_wdm 0 $((isrs + 1)) $((dpcs + 1)) "$1"
}

passed() { [ "$(message trial_wdm 0 unclaimed "$1")" -gt 0 ]; }

bound() { [ "$(pci_of_driver minirq_trial_wdm | wc -l)" = "$1" ]; }

# give DEVICE FROM TO - to another driver.
give() {
	echo "$3" >"$pci/devices/$1/driver_override" &&
		echo "$1" >"$pci/drivers/$2/unbind" &&
		echo "$1" >"$pci/drivers_probe"
}

check loads load minirq
check loads_driver insmod /modules/minirq_trial_wdm.ko id=1234:11e8
check two_devices counts trial_wdm 2
for round in 1 2 3; do
	check "first_fires_$round" once_on 0
	check "second_fires_$round" once_on 1
done
if [ $line ]; then
	# A75 A86
	check first_passes_on passed 0
fi

first=$(pci_of_driver minirq_trial_wdm | sed -n 1p)
check loads_sample load minirq_edu_wdm
check gives_to_sample give "$first" minirq_trial_wdm minirq_edu_wdm
check sample_fires once edu_wdm 0 fire edu_wdm 0
check one_is_left bound 1
check takes_back give "$first" minirq_edu_wdm minirq_trial_wdm
check two_again counts trial_wdm 2
check first_fires_again once_on 0
check second_fires_again once_on 1

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_edu_wdm minirq_trial_wdm minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
