// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/fwd/hold_queue.h"

#include <bit>

#include "sleight/base/check.h"

namespace sleight::fwd {

HoldQueue::HoldQueue(std::size_t capacity)
    : ring_(std::make_unique<Held[]>(capacity)), mask_(capacity - 1) {
  CHECK(std::has_single_bit(capacity));
}

bool HoldQueue::push(const Held& held) {
  if (size() == capacity()) return false;
  ring_[tail_ & mask_] = held;
  ++tail_;
  return true;
}

const HoldQueue::Held* HoldQueue::oldest() const {
  return empty() ? nullptr : &ring_[head_ & mask_];
}

const HoldQueue::Held* HoldQueue::due(std::uint64_t now_ns) const {
  const Held* held = oldest();
  return held != nullptr && held->due_ns <= now_ns ? held : nullptr;
}

}  // namespace sleight::fwd
