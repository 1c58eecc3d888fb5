// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <variant>

#include "request.h"
#include "sleight/control/control.h"

namespace sleight::admin {

// The result object of a command, or why there is none.
using Answer = std::variant<json, Problem>;

// Carries out a request. `reply` is called once, at once or later, by the control
// thread; not at all when control stops first.
void carry_out(const Request& request, control::Control& control,
               std::function<void(Answer)> reply);

}  // namespace sleight::admin
