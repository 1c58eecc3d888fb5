// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <string>

#include "sleight/base/result.h"

namespace sleight::ctl {

// Sends one request line to the socket and returns the reply line, newline excluded.
// `line` ends with a newline. Waits no longer than `limit` in all.
Result<std::string> exchange(const std::string& socket_path, const std::string& line,
                             std::chrono::milliseconds limit);

}  // namespace sleight::ctl
