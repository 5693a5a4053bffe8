# SPDX-License-Identifier: GPL-2.0-only
# Verbs. What is built from what is in Kbuild.

VERSION := 0.1.0
# how many assertions the tests must prove
ASSERTIONS ?= 296
KDIR ?= /lib/modules/$(shell uname -r)/build

kbuild = $(MAKE) -C $(KDIR) M=$(CURDIR) MINIRQ_VERSION=$(VERSION) CONFIG_MINIRQ=m

modules: ## build minirq.ko for the running kernel, or for KDIR=...
	$(kbuild) modules

modules_install: modules ## install it below updates/ of that kernel
	$(kbuild) INSTALL_MOD_DIR=updates modules_install

clean: ## remove what a build leaves behind
	$(if $(wildcard $(KDIR)),$(kbuild) clean)
	rm -rf build

check: ## compile without warnings, sparse, checkpatch, kernel-doc, headers
	tools/check

test: ## run all tests in virtual machines (KERNELS=, SUITES_ON=, SMP=, ACCEL=kvm)
	tools/test --at-least $(ASSERTIONS)

bench: ## count the instructions of an interrupt, native and through minirq
	tools/bench

bench-check: ## fail when minirq takes more instructions than bench/baseline.json
	tools/bench check

demo: ## watch real message interrupts arrive in a virtual machine
	tools/demo

help: ## list the verbs
	@sed -n 's/^\([a-z_-]*\):.*## /\1|/p' $(MAKEFILE_LIST) | \
		while IFS='|' read -r verb text; do printf '  %-16s %s\n' "$$verb" "$$text"; done

.PHONY: modules modules_install clean check test bench bench-check demo help
