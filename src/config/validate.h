// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "read.h"

namespace sleight::config {

// What only the whole file can tell: names and addresses that are given twice, parts that
// do not fit each other, what the roles ask for. `root` is the tree that `config` was read
// from, item by item. Passes over what the report has already.
void validate(const Config& config, const Value& root, Purpose purpose, Report& report);

}  // namespace sleight::config
