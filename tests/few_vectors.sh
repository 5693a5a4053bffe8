# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=1
# vm: device=nvme,serial=many,msix_qsize=2048
# One processor has some 200 vectors: enough for a disk with 65 messages of MSI-X,
# but not for one with 2048, which is granted one message instead.
. /lib.sh
plan few_vectors

# devices - how many messages each device of the driver has connected
devices() {
	awk '$1 ~ /^minirq_trial_wdm@/ { count[$1]++ } END { for (i in count) print count[i] }' \
		/sys/kernel/debug/minirq/interrupts | sort -n | paste -sd' ' -
}

is() { [ "$(cat "/sys/module/minirq_trial_wdm/parameters/$1")" = "$2" ]; }

proof() { dma "$(sample trial_wdm 0 address 1)" "$(sample trial_wdm 0 data 1)"; }

raised() { proof && wait_for counted trial_wdm 0 1 1 1; }

check loads load minirq minirq_edu
check loads_driver insmod /modules/minirq_trial_wdm.ko id=1b36:0010
# A40
check all_messages_or_one [ "$(devices)" = "1 65" ]
check connects is status 0x000000
check as_messages is version 3
check one_descriptor is raw 1
check one_message is raw_messages 1
check good_entry is bad_entries 0
check dma_raises_it raised
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_trial_wdm minirq_edu minirq
