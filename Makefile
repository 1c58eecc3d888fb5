# SPDX-License-Identifier: BSD-2-Clause
# What a person types; Meson does the building. Run as root: the lab makes namespaces.
.DEFAULT_GOAL := help

BUILD := build

help:  ## show this list
	@awk -F ':.*## ' '/^[a-z]+:.*## / {printf "make %-8s %s\n", $$1, $$2}' $(MAKEFILE_LIST)

demo: build  ## drain a host under load in the namespace lab and show that nothing is lost
	@tools/demo

test: build  ## every test: lint, unit, sanitizers, fuzz, instruction gate, lab
	@tools/run_tests

lab: build  ## bring the lab up and leave it: see tools/lab --help
	@tools/lab up

lint: build  ## formatting, headers, module edges
	@tools/lint/check_format
	@tools/lint/check_edges
	@tools/lint/check_headers

format:  ## rewrite the sources as clang-format likes them
	@tools/lint/check_format --fix

bench: bootstrap  ## numbers of docs/performance.md
	@tools/run_bench

clean:  ## remove what was built
	rm -rf $(BUILD)

bootstrap:
	@tools/bootstrap

$(BUILD)/build.ninja: | bootstrap
	@meson setup $(BUILD) >/dev/null

build: bootstrap $(BUILD)/build.ninja
	@ninja --quiet -C $(BUILD)

.PHONY: help demo test lab lint format bench clean bootstrap build
