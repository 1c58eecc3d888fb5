// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <string_view>

#include "sleight/admin/protocol.h"
#include "sleight/base/result.h"

namespace sleight::ctl {

// What the user asks for.
struct Invocation {
  std::string socket{admin::kDefaultSocket};
  bool as_json = false;
  bool help = false;
  const admin::Command* command = nullptr;         // null only for help
  nlohmann::json args = nlohmann::json::object();  // as the request carries them
};

// `words` without the program's name. An error is the user's: exit code 2.
Result<Invocation> parse_arguments(std::span<const std::string_view> words);

}  // namespace sleight::ctl
