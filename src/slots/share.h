// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <vector>

namespace sleight::slots {

// How many of `slots` each of a few takers may have: its weighted share rounded down,
// and one more for as many takers as it needs to give every slot away. Who gets the one
// more is not decided here but by who takes first.
class Shares {
 public:
  Shares(std::vector<std::uint32_t> weights, std::uint64_t slots);

  // `forced[i]` slots can only be had by taker i. What that exceeds its share is made up
  // by the others, still by weight.
  Shares(std::vector<std::uint32_t> weights, std::uint64_t slots,
         const std::vector<std::uint64_t>& forced);

  bool has_room(std::size_t taker) const {
    const Share& share = shares_[taker];
    return share.count < share.floor || (share.count == share.floor && share.fractional && extras_);
  }
  // False when the taker has its share.
  bool take(std::size_t taker);
  // Takes even beyond the share.
  void take_beyond(std::size_t taker);

  // The taker that one more slot would load least for its weight goes first.
  bool is_lighter(std::size_t a, std::size_t b) const;

 private:
  struct Share {
    std::uint64_t floor = 0;
    std::uint64_t count = 0;
    bool fractional = false;  // may have floor + 1
    bool fixed = false;       // has what was forced on it, and no more
  };

  // One try at the shares of those that are not fixed; false when `forced` broke it and
  // more of them had to be fixed.
  bool level(std::uint64_t slots, const std::vector<std::uint64_t>& forced);
  std::uint64_t split(std::uint64_t slots);

  std::vector<std::uint32_t> weights_;
  std::vector<Share> shares_;
  std::uint64_t extras_ = 0;
};

}  // namespace sleight::slots
