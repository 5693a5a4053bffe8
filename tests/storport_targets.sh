# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# vm: grants=msi
# vm: smp=4
# What a StorPort miniport is told of its messages: which processors they
# interrupt, and which of them interrupts a processor.
. /lib.sh
plan storport_targets

params=/sys/module/minirq_many/parameters

is() { [ "$(cat "$params/$1")" = "$2" ]; }

# target MESSAGE - by the performance options, less the group.
target() {
	echo "$1" >$params/select && sed 's/^0 //' $params/target
}

# effective MESSAGE - by the kernel.
effective() {
	printf '%x\n' $((0x$(cat "/proc/irq/$(message many "$1" irq)/effective_affinity")))
}

# all COMMAND - the command succeeds for each message.
all() {
	local id
	for id in $(seq 0 $(($(cat $params/count) - 1))); do "$1" "$id" || return 1; done
}

true_target() { [ "$(target "$1")" = "$(effective "$1")" ]; }

targets() { for id in 0 1 2 3; do target $id; done; }

# Each processor that some message is bound for is told such a message.
true_message_of() {
	local cpu id cpus=0
	while read -r cpu id; do
		cpus=$((cpus + 1))
		[ $((0x$(effective "$id") & 1 << cpu)) != 0 ] || return 1
	done <$params/message_of
	[ $cpus = 4 ]
}

check loads load minirq
check loads_many insmod /modules/minirq_many.ko
# A279
check every_option is flags 127
check chooses is chosen 13
check many_messages [ "$(cat $params/count)" -ge 4 ]
# A282
check true_targets all true_target
# A282
check on_different_processors [ "$(targets | sort -u | wc -l)" -gt 1 ]
# A282
check node is node 0
check true_message_of true_message_of
check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq_many minirq
