// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>

#include "sleight/fwd/outcome.h"

namespace sleight::fwd {

// What a rule makes of a frame: its outcome, or nothing, and then the next rule decides.
// std::optional<Outcome> in one register: the two bytes of that one are written apart and
// read together, which stalls a packet three times.
class Ruling {
 public:
  constexpr Ruling() = default;  // nothing
  constexpr Ruling(Rule rule) : Ruling(Outcome(rule)) {}
  constexpr Ruling(Drop drop) : Ruling(Outcome(drop)) {}
  constexpr Ruling(Outcome outcome) : index_(static_cast<std::uint32_t>(outcome.index())) {}

  constexpr bool is_open() const { return index_ == Outcome::kCount; }
  // REQUIRES: !is_open().
  constexpr Outcome outcome() const { return Outcome::at(index_); }

 private:
  std::uint32_t index_ = Outcome::kCount;
};

inline constexpr Ruling kOpen{};

}  // namespace sleight::fwd
