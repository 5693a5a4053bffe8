# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: device=nec-usb-xhci
# vm: kunit=yes
# How many messages a device is granted; this one offers 16.
. /lib.sh
plan policy

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

trial() { insmod /modules/minirq_trial.ko "$@"; }

granted() { is status 0x000000 && is messages "$1" && is resources "$1"; }

check loads load minirq

check loads_msix trial id=1033:0194
check grants_all granted 16
check unloads_msix unload minirq_trial

check loads_limited trial id=1033:0194 limit=4
# A43
check grants_no_more_than_the_limit granted 4
check unloads_limited unload minirq_trial

check loads_one trial id=1033:0194 limit=1
check grants_one granted 1
check unloads_one unload minirq_trial

check loads_beyond trial id=1033:0194 limit=100
check limit_beyond_the_offer granted 16
check unloads_beyond unload minirq_trial

# The 82574L offers both kinds: five MSI-X messages, or a single MSI.
check loads_both trial
# A41
check prefers_msix granted 5
check unloads_both unload minirq_trial

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
