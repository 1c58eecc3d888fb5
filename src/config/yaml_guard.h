// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string_view>

#include "report.h"

namespace sleight::config {

// What must be refused before the YAML library sees it: too many bytes, bytes that are
// no text, and brackets and commas without end. The library reads a flow collection to
// its end before it tells anything, so those alone could eat the memory.
bool is_affordable(std::string_view text, Report& report);

}  // namespace sleight::config
