// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <bit>
#include <cstddef>
#include <cstdint>

#include "sleight/fwd/pipeline.h"

namespace sleight::fwd {

// Frames of a burst that go on to the same stage, by index, ascending.
class Lane {
 public:
  bool empty() const { return bits_ == 0; }
  void add(std::size_t index) { bits_ |= std::uint64_t{1} << index; }
  void merge(Lane other) { bits_ |= other.bits_; }

  template <typename Visit>
  void for_each(Visit visit) const {
    for (std::uint64_t rest = bits_; rest != 0; rest &= rest - 1) {
      visit(static_cast<std::size_t>(std::countr_zero(rest)));
    }
  }
  // Descending.
  template <typename Visit>
  void for_each_backwards(Visit visit) const {
    for (std::uint64_t rest = bits_; rest != 0;) {
      const auto index = static_cast<std::size_t>(std::bit_width(rest) - 1);
      visit(index);
      rest ^= std::uint64_t{1} << index;
    }
  }

 private:
  static_assert(kMaxBurst <= 64);
  std::uint64_t bits_ = 0;
};

struct Lanes {
  Lane director;
  Lane host;
};

// The stages of process(), in order. Each takes the frames that the one before left open
// and writes `outcomes` for those that it decides; MAC addresses are rewritten with the
// outcome, but for those of frames to the kernel, which process() does last.

// Reads the headers and applies the rules about addresses, VIPs and services: what they
// leave open, by role.
Lanes admit(const Context& context, Burst& burst);

// Picks slots and writes their steer MACs. Returns the frames whose slot targets this
// node: they go on as if they had just come in with that MAC.
Lane steer(const Context& context, Burst& burst, Lane frames);

// Accepts what needs no socket. Returns the rest.
Lane accept_new(Burst& burst, Lane frames);

// Asks the oracle about all of `frames` at once: hits are accepted, misses held.
void first_look(const Context& context, Burst& burst, Lane frames);

// The stage of second_look(): asks about the whole burst, redirects what is still a miss.
// Returns the number of hits.
std::size_t judge_again(const Context& context, Burst& burst);

}  // namespace sleight::fwd
