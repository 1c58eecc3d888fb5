// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>

#include "sleight/slots/pool.h"

namespace sleight::slots {

// The only three ways in which a slot changes. Between `leave` and `point` a slot may
// have fallbacks and no target.

// How many hosts the slot names.
std::size_t entries(const Slot& slot);

// `host` leaves the chain, wherever it is.
void leave(Slot& slot, HostId host);

// Fallbacks that stopped being the target before `limit` leave.
void expire(Slot& slot, TimeMs limit);

// `target` goes to the front, the target before it becomes first fallback, the others
// keep their order; the oldest beyond `max_fallbacks` leave.
void point(Slot& slot, HostId target, std::uint8_t max_fallbacks, TimeMs now);

}  // namespace sleight::slots
