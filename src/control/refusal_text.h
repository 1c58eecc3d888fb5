// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <string>

#include "host_names.h"
#include "sleight/slots/slot_plan.h"

namespace sleight::control {

// A refusal in an operator's words: why, and what to do instead. `pool` is the table that
// refused `event`.
std::string explain(const slots::Refusal& refusal, const slots::Event& event,
                    const slots::Pool& pool, const HostNames& names);

// Why the last host that serves is not disabled without force.
std::string explain_last_serving(const std::string& host);

}  // namespace sleight::control
