// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <nlohmann/json.hpp>
#include <string>

#include "sleight/admin/protocol.h"
#include "sleight/base/result.h"

namespace sleight::ctl {

// A result object as people read it. An error when it has not the form that this
// version of sleightctl knows.
Result<std::string> view(const admin::Command& command, const nlohmann::json& result);

// An error object: why, and which slots and hosts stand in the way.
std::string view_error(const nlohmann::json& error);

}  // namespace sleight::ctl
