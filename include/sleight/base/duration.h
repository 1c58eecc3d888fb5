// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>
#include <string_view>

#include "sleight/base/result.h"

namespace sleight {

// "250ms", "5s", "10m", "1h", "2d": a whole number and one unit.
Result<std::chrono::milliseconds> parse_duration(std::string_view text);

// The largest unit that divides it: 60000 ms prints as "1m".
std::string to_string(std::chrono::milliseconds duration);

}  // namespace sleight
