// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "sleight/base/result.h"
#include "sleight/config/config.h"

namespace sleight::main {

// Runs a node on the calling thread until SIGTERM or SIGINT; a second signal ends the
// process at once. An error where it cannot start.
Result<void> run_node(const config::Config& config);

}  // namespace sleight::main
