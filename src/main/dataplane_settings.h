// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include "sleight/config/config.h"
#include "sleight/dataplane/dataplane.h"

namespace sleight::main {

// What of the configuration concerns the packet path, in its own words.
dataplane::Settings dataplane_settings(const config::Config& config);

}  // namespace sleight::main
