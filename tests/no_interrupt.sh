# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: device=pci-testdev
# A device without any interrupt: its driver is told so, and may go on without.
. /lib.sh
plan no_interrupt

is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

check loads load minirq
check loads_driver insmod /modules/minirq_trial.ko id=1b36:0005
check no_resource is resources 0
check refuses is status 0xc0000001
check no_handle is handle 0
check goes_on [ -n "$(pci_of_driver minirq_trial)" ]
check unloads unload minirq_trial minirq
