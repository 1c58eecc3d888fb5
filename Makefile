# SPDX-License-Identifier: BSD-2-Clause
# What a person types; Meson does the building. Run as root: the lab makes namespaces.
.DEFAULT_GOAL := help

BUILD := build
PROGRAMS := src/main/sleight tools/ctl/sleightctl

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: programs  ## drain a host under load in the namespace lab and show that nothing is lost
	@tools/demo

test: bootstrap  ## every test: lint, unit, sanitizers, fuzz, instruction gate, lab
	@tools/run_tests

lab: programs  ## bring the lab up and leave it: see tools/lab --help
	@tools/lab up

lint: build  ## formatting, headers, module edges
	@tools/lint/check_format
	@tools/lint/check_edges
	@tools/lint/check_headers

format: bootstrap  ## rewrite the sources as clang-format likes them
	@tools/lint/check_format --fix

bench: bootstrap  ## numbers of docs/performance.md
	@tools/run_bench

clean:  ## remove what was built
	rm -rf $(BUILD)

bootstrap:
	@tools/bootstrap

# gcc whatever $CC says: the instruction gate counts what gcc makes.
$(BUILD)/build.ninja: | bootstrap
	@echo "configuring $(BUILD)"
	@CC=gcc CXX=g++ meson setup $(BUILD) >/dev/null

build: bootstrap $(BUILD)/build.ninja
	@echo "building everything"
	@ninja --quiet -C $(BUILD)

programs: bootstrap $(BUILD)/build.ninja
	@echo "building $(PROGRAMS)"
	@ninja -C $(BUILD) $(PROGRAMS)

.PHONY: help demo test lab lint format bench clean bootstrap build programs
