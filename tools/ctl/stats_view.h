// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

namespace sleight::ctl {

// The result of `stats show` as people read it; throws json::exception where a key is
// missing.
std::string view_statistics(const nlohmann::json& result);

}  // namespace sleight::ctl
