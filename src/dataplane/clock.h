// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <rte_cycles.h>

#include <cstdint>

namespace sleight::dataplane {

// Monotonic nanoseconds from the time stamp counter, by a multiplication: a worker reads
// it every turn. REQUIRES: the EAL is started.
class Clock {
 public:
  Clock() : scale_((kSecondNs << 32) / rte_get_tsc_hz()) {}

  std::uint64_t now_ns() const {
    __extension__ using Wide = unsigned __int128;
    return static_cast<std::uint64_t>(Wide{rte_rdtsc()} * scale_ >> 32);
  }

  static constexpr std::uint64_t kSecondNs = 1'000'000'000;

 private:
  std::uint64_t scale_;  // ns a cycle, 32 bits behind the point
};

}  // namespace sleight::dataplane
