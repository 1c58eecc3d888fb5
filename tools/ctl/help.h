// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "sleight/admin/protocol.h"

namespace sleight::ctl {

// "host drain HOST [--pool POOL] [--force]".
std::string synopsis(const admin::Command& command);

// What `sleightctl help` prints.
std::string help_text();

}  // namespace sleight::ctl
