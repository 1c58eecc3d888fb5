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

inline slots::TimeMs system_wall_ms() {
  const auto wall = std::chrono::system_clock::now().time_since_epoch();
  return std::chrono::duration_cast<std::chrono::milliseconds>(wall).count();
}

// Wall time that never steps: the system's is read once and runs on with the steady
// clock. Otherwise whoever sets the system's clock would age every fallback at once, or
// none for a long time.
class Clock {
 public:
  explicit Clock(slots::TimeMs (*system_wall)() = system_wall_ms)
      : steady_(std::chrono::steady_clock::now()), wall_ms_(system_wall()) {}

  Now at(SteadyTime steady) const {
    const auto elapsed = std::chrono::duration_cast<std::chrono::milliseconds>(steady - steady_);
    return {steady, wall_ms_ + elapsed.count()};
  }
  Now read() const { return at(std::chrono::steady_clock::now()); }

 private:
  SteadyTime steady_;
  slots::TimeMs wall_ms_;
};

}  // namespace sleight::control
