# SPDX-License-Identifier: GPL-2.0-only
"""Run by gdb: write down every instruction of some interrupts of the benchmark.

The guest is stopped where it fires and stepped until it has fired. A line of the
output is the address of an instruction, with a mark when it reads the time stamp
counter; an empty line ends a round.
"""

import gdb

ROUNDS = 5
RDTSC = b"\x0f\x31"


def value(expression):
    """What gdb makes of an expression, as a number."""
    return int(gdb.parse_and_eval(expression))


def step(pc):
    """Do one instruction, unless an interrupt comes first; where it led."""
    gdb.execute("stepi", to_string=True)
    after = value("(unsigned long)$pc")
    stamp = bytes(gdb.selected_inferior().read_memory(pc, 2)) == RDTSC
    return after, stamp and after == pc + 2


def trace(output):
    """One round, from the start of the function that fires to its return."""
    end = value("*(unsigned long *)$rsp")
    pc = value("(unsigned long)$pc")
    while pc != end:
        after, stamp = step(pc)
        output.write(f"{pc:x}{' stamp' if stamp else ''}\n")
        pc = after
    output.write("\n")


def main(socket, fire, path):
    """Stop at @fire a few times and write what follows to @path."""
    for command in ("set pagination off", "set architecture i386:x86-64",
                    f"target remote {socket}",
                    # while stepping, interrupts are let in but time stands still
                    "maintenance packet Qqemu.sstep=0x5",
                    f"hbreak *{fire}"):
        gdb.execute(command, to_string=True)
    with open(path, "w", encoding="ascii") as output:
        for _ in range(ROUNDS):
            gdb.execute("continue", to_string=True)
            trace(output)
    gdb.execute("kill", to_string=True)


main(*(gdb.parse_and_eval(f"${name}").string() for name in ("socket", "fire", "path")))
