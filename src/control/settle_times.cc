// SPDX-License-Identifier: BSD-2-Clause
#include "settle_times.h"

#include <algorithm>

#include "sleight/base/check.h"

namespace sleight::control {

void SettleTimes::record(std::uint64_t microseconds) {
  if (kept_.size() < kKept) {
    kept_.push_back(microseconds);
  } else {
    kept_[next_] = microseconds;
  }
  next_ = (next_ + 1) % kKept;
  last_ = microseconds;
  max_ = std::max(max_, microseconds);
}

std::optional<std::uint64_t> SettleTimes::last() const {
  return kept_.empty() ? std::nullopt : std::optional(last_);
}

std::optional<std::uint64_t> SettleTimes::max() const {
  return kept_.empty() ? std::nullopt : std::optional(max_);
}

std::optional<std::uint64_t> SettleTimes::percentile(unsigned percent) const {
  CHECK(percent > 0 && percent <= 100);
  if (kept_.empty()) return std::nullopt;
  std::vector<std::uint64_t> sorted = kept_;
  const std::size_t rank = (sorted.size() * percent + 99) / 100;
  const auto at = sorted.begin() + static_cast<std::ptrdiff_t>(rank - 1);
  std::nth_element(sorted.begin(), at, sorted.end());
  return *at;
}

}  // namespace sleight::control
