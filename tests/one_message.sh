# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: device=nec-usb-xhci,msi=on,msix=off
# vm: kunit=yes
# A device asks for 16 MSI messages, of which the kernel has only one to give:
# without interrupt remapping they would have to be 16 vectors in a row.
. /lib.sh
plan one_message

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

granted() { is status 0x000000 && is messages "$1" && is resources "$1"; }

check loads load minirq
check loads_driver insmod /modules/minirq_trial.ko id=1033:0194
# A40
check grants_one_if_not_all granted 1
check good_entry is bad_entries 0
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_trial minirq
