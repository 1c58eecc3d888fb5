// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>

#include "sleight/slots/pool.h"

namespace sleight::control {

using SteadyTime = std::chrono::steady_clock::time_point;

// One moment on both clocks: deadlines run on the steady one, slot tables are stamped
// with the wall clock.
struct Now {
  SteadyTime steady;
  slots::TimeMs wall_ms = 0;
};

inline Now read_clock() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return {std::chrono::steady_clock::now(),
          std::chrono::duration_cast<std::chrono::milliseconds>(wall).count()};
}

}  // namespace sleight::control
