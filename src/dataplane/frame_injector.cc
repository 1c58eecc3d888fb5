// SPDX-License-Identifier: BSD-2-Clause
#include "frame_injector.h"

#include <rte_mbuf.h>

#include <array>
#include <cstring>

#include "sleight/base/check.h"

namespace sleight::dataplane {

FrameInjector::FrameInjector(std::size_t ports, rte_mempool* pool) : pool_(pool) {
  for (std::size_t i = 0; i < ports; ++i) rings_.push_back(std::make_unique<FrameRing>(kRing));
}

FrameInjector::~FrameInjector() {
  for (const auto& ring : rings_) {
    std::array<rte_mbuf*, 32> left;
    while (const unsigned count = ring->pop(left)) rte_pktmbuf_free_bulk(left.data(), count);
  }
}

bool FrameInjector::send(fwd::PortIndex port, std::span<const std::uint8_t> frame) {
  CHECK(port < rings_.size());
  rte_mbuf* packet = rte_pktmbuf_alloc(pool_);
  if (packet == nullptr) return false;
  char* room = rte_pktmbuf_append(packet, static_cast<std::uint16_t>(frame.size()));
  CHECK(room != nullptr);  // control builds no frame longer than a buffer
  std::memcpy(room, frame.data(), frame.size());
  if (rings_[port]->push(packet)) return true;
  rte_pktmbuf_free(packet);
  return false;
}

}  // namespace sleight::dataplane
