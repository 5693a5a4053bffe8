# SPDX-License-Identifier: GPL-2.0-only
# shellcheck shell=dash
# Which routine of a StorPort driver the port calls, seen by probes on them.
. /lib.sh
plan storport

tracing=/sys/kernel/debug/tracing
kind=msg mode=1
if grep -q pci=nomsi /proc/cmdline; then kind=line mode=0; fi

# probe MODULE - count calls of its routines, from the first on.
probe() {
	echo "p:minirq/find $1:NvmeFindAdapter mode=+20(%r8):u32" >$tracing/kprobe_events &&
		echo "p:minirq/line $1:NvmeInterrupt" >>$tracing/kprobe_events &&
		echo "p:minirq/message $1:NvmeMessageInterrupt" >>$tracing/kprobe_events &&
		echo >$tracing/trace &&
		echo 1 >$tracing/events/minirq/enable
}

unprobe() {
	echo 0 >$tracing/events/minirq/enable && echo >$tracing/kprobe_events
}

calls() { awk -v probe="$1" '$1 == probe { print $2 }' $tracing/kprobe_profile; }

# InterruptMode as HwStorFindAdapter found it, in its fifth argument.
interrupt_mode() { sed -n 's/.*find: .* mode=//p' $tracing/trace; }

fire_some() { once nvme 0 fire nvme 0 && once nvme 0 fire nvme 0; }

check loads load minirq
check probes probe minirq_nvme
check loads_nvme load minirq_nvme
check fires fire_some
# A246
check "interrupt_mode_$kind" [ "$(interrupt_mode)" = $mode ]
if [ $kind = msg ]; then
	# A243
	check line_routine_never_called [ "$(calls line)" = 0 ]
	check message_routine_called [ "$(calls message)" -ge 2 ]
else
	# A245
	check line_routine_called [ "$(calls line)" -ge 2 ]
fi
check unloads_nvme unload minirq_nvme
check unprobes unprobe

# The same driver without a routine for messages.
if [ $kind = msg ]; then
	check probes_line probe minirq_line
	# A292
	check loads_line load minirq_line
	# A244
	check line_routine_instead_of_messages [ "$(calls line)" -ge 4 ]
	check reads_by_line grep -q QEMU /sys/module/minirq_line/parameters/drive
	check shows_line grep -q 'minirq_line@.* line ' /sys/kernel/debug/minirq/interrupts
	check unloads_line unload minirq_line
	check unprobes_line unprobe
fi

check no_violations [ ! -s /sys/kernel/debug/minirq/violations ]
check unloads unload minirq
check nothing_left sh -c '! grep -q minirq /proc/interrupts'
