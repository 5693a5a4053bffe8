# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# What an NDIS driver is told when it registers, and what its routines see.
. /lib.sh
plan trial

grant=msi
if grep -q pci=nomsi /proc/cmdline; then grant=line; fi

# is NAME VALUE - did the driver see that?
is() { [ "$(cat "/sys/module/minirq_trial/parameters/$1")" = "$2" ]; }

# trial OPTION... - load it.
trial() { insmod /modules/minirq_trial.ko "$@"; }

fire_trial() { echo 1 >/sys/module/minirq_trial/parameters/fire; }

both() { is interrupts "$1" && is dpcs "$1"; }

registered() { is status 0x000000; }

message_based() { registered && is type 2 && is messages 5 && is table 1; }

line_based() { registered && is type 1 && is messages 0 && is table 0; }

message_resources() { is resources 5 && is resource_flags 3; }

line_resource() { is resources 1 && is resource_flags 0 && is resource_share 3; }

# Three interrupts. QEMU stops when the device loses its messages while it still
# holds one back, as it does for a while after each; hence the pause.
works() {
	fire_trial && wait_for both 1 &&
		fire_trial && wait_for both 2 &&
		fire_trial && wait_for both 3 &&
		usleep 200000
}

unbind() {
	pci_of_driver minirq_trial >/sys/bus/pci/drivers/minirq_trial/unbind
}

check loads load minirq

check loads_plain trial
if [ $grant = msi ]; then
	# A156
	check message_based message_based
	# A33
	check message_resources message_resources
	# A77-A80 A84 A85
	check good_entries is bad_entries 0
else
	# A157
	check falls_back_to_line line_based
	# A35
	check line_resource line_resource
fi
# A158
check has_handle is handle 1
check no_second_registration is second 0xc001001e
check works works
if [ $grant = line ]; then
	# A180
	check line_isr_at_dirql is bad_interrupts 0
	# A181
	check line_dpc_as_asked is bad_dpcs 0
else
	check message_isr_at_dirql is bad_interrupts 0
	check message_dpc_as_asked is bad_dpcs 0
fi
check unbinds unbind
# A174
check silent_after_deregistration is late 0
check unloads_plain unload minirq_trial

# Not all drivers speak of messages, and not all INFs allow them.
if [ $grant = msi ]; then
	check loads_line_only trial mode=line_only
	# A160
	check refuses_line_only is status 0xc0000001
	check unloads_line_only unload minirq_trial
	check loads_without_msi trial msi=0
	# A42
	check line_without_msi line_resource
	check works_without_msi works
	check unloads_without_msi unload minirq_trial
fi
check loads_line_driver trial msi=0 mode=line_only
# A155
check line_driver_gets_line line_based
check line_driver_works works
check unloads_line_driver unload minirq_trial

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
