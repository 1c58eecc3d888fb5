// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <rte_ring.h>
#include <rte_ring_elem.h>

#include <cstdlib>
#include <memory>
#include <span>
#include <type_traits>

#include "sleight/base/check.h"

namespace sleight::dataplane {

// A bounded queue of plain values between two threads: an rte_ring in memory of its own,
// so it needs no EAL. A ring a worker, and not one for all of them, since a producer that
// loses its core between two steps would make the others spin.
template <typename T>
class SpscRing {
  static_assert(std::is_trivially_copyable_v<T> && sizeof(T) % 4 == 0);

 public:
  // REQUIRES: `capacity` is a power of two; one cell stays unused.
  explicit SpscRing(unsigned capacity) {
    const ssize_t size = rte_ring_get_memsize_elem(sizeof(T), capacity);
    CHECK(size > 0);
    ring_.reset(static_cast<rte_ring*>(
        std::aligned_alloc(RTE_CACHE_LINE_SIZE, static_cast<std::size_t>(size))));
    CHECK(ring_ != nullptr);
    CHECK(rte_ring_init(ring_.get(), "spsc", capacity, RING_F_SP_ENQ | RING_F_SC_DEQ) == 0);
  }

  // Producer. False when full.
  bool push(const T& value) {
    return rte_ring_sp_enqueue_elem(ring_.get(), const_cast<T*>(&value), sizeof(T)) == 0;
  }

  // Consumer: how many of `values` were filled.
  unsigned pop(std::span<T> values) {
    return rte_ring_sc_dequeue_burst_elem(ring_.get(), values.data(), sizeof(T),
                                          static_cast<unsigned>(values.size()), nullptr);
  }

  bool empty() const { return rte_ring_empty(ring_.get()) != 0; }

 private:
  struct Free {
    void operator()(rte_ring* ring) const { std::free(ring); }
  };
  std::unique_ptr<rte_ring, Free> ring_;
};

}  // namespace sleight::dataplane
