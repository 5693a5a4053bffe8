# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# An NDIS driver is told to disable and to enable its interrupts by hand.
. /lib.sh
plan ndis_switch

enabled=/sys/kernel/debug/minirq/enabled
params=/sys/module/minirq_trial/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

# both NUMBER - so many interrupts and DPCs since the counts were noted? What a
# driver before this one left pending in the device comes when that is enabled.
both() { is interrupts $((interrupts + $1)) && is dpcs $((dpcs + $1)); }

fire_trial() { echo 1 >$params/fire; }

ids() { awk '/^minirq_trial@/ { print $2 }' $enabled; }

state() { awk -v id="$1" '/^minirq_trial@/ && $2 == id { print $3 }' $enabled; }

shows() { [ "$(state "$1")" = "$2" ]; }

# toggle WORD... - write to the switch; the device's name comes first.
toggle() { echo "minirq_trial@$device $*" >$enabled; }

# called DISABLES ENABLES ID - did the driver's handlers see that?
called() { is disables "$1" && is enables "$2" && is switched_id "$3"; }

refused() { ! echo "$*" >$enabled; }

check loads load minirq
check loads_driver insmod /modules/minirq_trial.ko
device=$(pci_of_driver minirq_trial)

number=0
for id in $(ids); do
	number=$((number + 1))
	toggle "$id" 0
	# A199
	check "disables_$id" called $number $((number - 1)) "$id"
	check "shows_${id}_disabled" shows "$id" 0
	toggle "$id" 1
	check "enables_$id" called $number $number "$id"
	check "shows_${id}_enabled" shows "$id" 1
done
check every_message_listed is messages $((number == 1 ? 0 : number))

# The handlers do what they should: the device keeps its interrupt.
toggle 0 0
interrupts=$(cat $params/interrupts)
dpcs=$(cat $params/dpcs)
fire_trial
usleep 100000
check silent_while_disabled both 0
[ "$interrupts" = 0 ] || echo "# $interrupts interrupts came before"
toggle 0 1
check interrupts_when_enabled wait_for both 1

toggle 0
check disables_all called $((2 * number + 1)) $((number + 1)) $((number - 1))
toggle 1
check enables_all called $((2 * number + 1)) $((2 * number + 1)) $((number - 1))
fire_trial
check interrupts_after wait_for both 2
usleep 200000
check at_dirql is bad_switches 0

check refuses_other_device refused "minirq_trial@none 0 0"
check refuses_other_message refused "minirq_trial@$device 99 0"
check refuses_nonsense refused "minirq_trial@$device"
check not_called_again called $((2 * number + 1)) $((2 * number + 1)) $((number - 1))

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_trial minirq
