// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <atomic>
#include <cstdint>

#include "sleight/fwd/outcome.h"

namespace sleight::fwd {

// A number with one writer and any number of readers: a plain add for the writer, never
// a torn read for the others.
class Counter {
 public:
  void add(std::uint64_t amount) {  // owner only
    value_.store(value_.load(std::memory_order_relaxed) + amount, std::memory_order_relaxed);
  }
  std::uint64_t read() const { return value_.load(std::memory_order_relaxed); }

 private:
  std::atomic<std::uint64_t> value_{0};
};

// What one worker counts. worker: rw, control: ro. Own cache lines.
//
// received = sum of outcomes (kSecondLook excepted) + held now;
// outcomes towards a port + from_kernel + injected = sent + unsent.
struct alignas(64) Counters {
  std::array<Counter, Outcome::kCount> outcomes;  // by Outcome::index()
  Counter received;                               // frames from wire ports
  Counter from_kernel;                            // frames from kernel ports, passed on unchanged
  Counter sent;                                   // frames taken by a port, wire or kernel
  Counter unsent;                                 // frames that a port did not take: freed
  Counter second_looks;                           // misses that were asked about a second time
  Counter second_look_hits;                       // ... and turned out to be ours
  Counter injected;                               // frames of control, sent on its behalf
  Counter events_lost;                            // wire events that control was too slow to take
  Counter bursts;                                 // non-empty receive bursts
};

}  // namespace sleight::fwd
