// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <optional>

#include "sleight/slots/slot_plan.h"

namespace sleight::slots {

// What `event` does to the members of `pool`, or why it cannot. The table is not touched.
std::optional<Refusal> change_members(Pool& pool, const Event& event);

}  // namespace sleight::slots
