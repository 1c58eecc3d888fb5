// SPDX-License-Identifier: BSD-2-Clause
#include "share.h"

#include <utility>

namespace sleight::slots {

Shares::Shares(std::vector<std::uint32_t> weights, std::uint64_t slots)
    : weights_(std::move(weights)), shares_(weights_.size()) {
  extras_ = split(slots);
}

Shares::Shares(std::vector<std::uint32_t> weights, std::uint64_t slots,
               const std::vector<std::uint64_t>& forced)
    : weights_(std::move(weights)), shares_(weights_.size()) {
  while (!level(slots, forced)) {
  }
}

bool Shares::level(std::uint64_t slots, const std::vector<std::uint64_t>& forced) {
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    if (shares_[i].fixed) slots -= shares_[i].floor;
  }
  extras_ = split(slots);
  std::uint64_t forced_extras = 0;
  for (std::size_t i = 0; i < shares_.size(); ++i) forced_extras += forced[i] > shares_[i].floor;
  const bool too_many = forced_extras > extras_;
  bool holds = true;
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    Share& share = shares_[i];
    const std::uint64_t most = share.floor + (share.fractional && !too_many);
    if (forced[i] <= most) continue;
    share = {forced[i], 0, false, true};
    holds = false;
  }
  return holds;
}

std::uint64_t Shares::split(std::uint64_t slots) {
  std::uint64_t total = 0;
  for (std::size_t i = 0; i < shares_.size(); ++i) total += shares_[i].fixed ? 0 : weights_[i];
  std::uint64_t left = slots;
  for (std::size_t i = 0; i < shares_.size(); ++i) {
    Share& share = shares_[i];
    if (share.fixed) continue;
    share.floor = slots * weights_[i] / total;
    share.fractional = slots * weights_[i] % total != 0;
    left -= share.floor;
  }
  return left;
}

bool Shares::take(std::size_t taker) {
  if (!has_room(taker)) return false;
  take_beyond(taker);
  return true;
}

void Shares::take_beyond(std::size_t taker) {
  Share& share = shares_[taker];
  if (share.count == share.floor && share.fractional && extras_ > 0) --extras_;
  ++share.count;
}

bool Shares::is_lighter(std::size_t a, std::size_t b) const {
  const std::uint64_t left = (shares_[a].count + 1) * weights_[b];
  const std::uint64_t right = (shares_[b].count + 1) * weights_[a];
  return left != right ? left < right : a < b;
}

}  // namespace sleight::slots
