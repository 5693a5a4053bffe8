# SPDX-License-Identifier: GPL-2.0-only
# What the Kbuild of a port includes. The objects listed in windows-y are
# compiled with nothing but Windows' headers: no Linux header is behind them, so
# they may have a min(), a u8 or a printk of their own. All others are ordinary
# kernel code, which finds <linux/minirq.h>.
#
#	obj-m := mynic.o
#	mynic-y := adapter.o interrupt.o mynic_linux.o
#
#	windows-y := adapter.o interrupt.o
#	include /usr/src/minirq/miniport.mk
#
# Built as any module, with make -C /lib/modules/$(uname -r)/build M=$PWD; the
# minirq folder named in the include has been built before, as make left it.
minirq-root := $(patsubst %/,%,$(dir $(lastword $(MAKEFILE_LIST))))

ccflags-y += -I$(minirq-root)/include
KBUILD_EXTRA_SYMBOLS += $(wildcard $(minirq-root)/Module.symvers)

# Microsoft's compiler: wide characters have 16 bits, plain ones a sign, and a
# structure may contain another one that has a tag but no name.
windows-flags := -fshort-wchar -fsigned-char -fms-extensions
# CONFIG_ symbols decide how large a lock is; they are all that is left of Linux.
windows-flags += -include $(objtree)/include/generated/autoconf.h

# What Windows sources do on purpose: pragmas of their compiler, tags such as
# 'xyzT', text behind #endif, declarations amid code, %I64, K&R roles.
windows-flags += -Wno-unknown-pragmas -Wno-multichar -Wno-endif-labels \
	-Wno-declaration-after-statement -Wno-format -Wno-comment \
	-Wno-strict-prototypes -Wno-missing-prototypes -Wno-missing-declarations \
	-Wno-cast-function-type -Wno-implicit-fallthrough -Wno-missing-braces \
	-Wno-parentheses -Wno-undef -Wno-unused

# Kbuild puts compiler_types.h before every source. It is not made for this, and
# with its guard defined nothing of it is left.
windows-flags += -D__LINUX_COMPILER_TYPES_H

$(foreach o,$(windows-y),$(eval CFLAGS_$(o) += $(windows-flags)))
$(addprefix $(obj)/,$(windows-y)): LINUXINCLUDE :=
# sparse reads an empty parameter list as (void), which Windows' roles are not.
$(addprefix $(obj)/,$(windows-y)): override CHECK := true
