// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

namespace sleight::control {

// How long changes took to reach the last worker: the latest 1,000, and the slowest of
// all.
class SettleTimes {
 public:
  static constexpr std::size_t kKept = 1000;

  void record(std::uint64_t microseconds);

  std::optional<std::uint64_t> last() const;
  std::optional<std::uint64_t> max() const;
  // The smallest kept time that at least `percent` of the kept ones do not exceed.
  // REQUIRES: 0 < percent <= 100.
  std::optional<std::uint64_t> percentile(unsigned percent) const;

 private:
  std::vector<std::uint64_t> kept_;  // a ring once it is full
  std::size_t next_ = 0;
  std::uint64_t last_ = 0;
  std::uint64_t max_ = 0;
};

}  // namespace sleight::control
