// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string>

#include "replay.h"

namespace sleight::replay {

// {"n":0,"verdict":"forward","reason":"slot","vip":"www","service":"web","slot":17,
//  "steer":"02:..."}: one line without its end; absent fields are left out.
std::string verdict_line(std::uint64_t number, const Judged& judged, const fwd::Snapshot& snapshot);

}  // namespace sleight::replay
