// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "options.h"
#include "sleight/base/result.h"
#include "sleight/config/config.h"

namespace sleight::replay {

// Sends the capture through the node that options and configuration describe, and
// writes verdicts and frames to their files.
// REQUIRES: missing_for(config, options.role) is empty.
Result<void> run(const Options& options, config::Config config);

}  // namespace sleight::replay
