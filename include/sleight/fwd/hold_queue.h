// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "sleight/fwd/pipeline.h"

namespace sleight::fwd {

// How long a miss waits for its second look: sockets in transition are back in the
// kernel's table by then (0 misses of 77,017 after 50 us; docs/second-chance.md).
inline constexpr std::uint64_t kHoldNs = 50'000;

// Misses that wait for their second look, in order of arrival: a ring of fixed size,
// one a worker. It owns nothing: `handle` is the dataplane's packet.
class HoldQueue {
 public:
  struct Held {
    void* handle = nullptr;
    Frame frame;
    SocketQuestion question;
    PortIndex port = 0;
    std::uint64_t due_ns = 0;  // the worker's monotonic clock
  };

  // REQUIRES: capacity is a power of two.
  explicit HoldQueue(std::size_t capacity);

  bool empty() const { return head_ == tail_; }
  std::size_t size() const { return tail_ - head_; }
  std::size_t capacity() const { return mask_ + 1; }

  // False when full: Drop::HoldFull.
  bool push(const Held& held);

  // The oldest one, null when there is none or it is not due yet.
  const Held* due(std::uint64_t now_ns) const;
  const Held* oldest() const;  // due or not; null when empty
  void pop() { ++head_; }      // REQUIRES: !empty()

 private:
  std::unique_ptr<Held[]> ring_;
  std::size_t mask_;
  std::size_t head_ = 0;
  std::size_t tail_ = 0;
};

}  // namespace sleight::fwd
