// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <memory>
#include <vector>

#include "sleight/fwd/seams.h"
#include "worker.h"

struct rte_mempool;

namespace sleight::dataplane {

// Frames of control's making, on their way to the worker that sends them: a ring a port.
class FrameInjector final : public fwd::FrameSender {
 public:
  static constexpr unsigned kRing = 512;  // frames a port; a power of two

  // `pool` outlives the injector, and has the room of kRing frames a port.
  FrameInjector(std::size_t ports, rte_mempool* pool);
  ~FrameInjector() override;  // frees what no worker took
  FrameInjector(const FrameInjector&) = delete;
  FrameInjector& operator=(const FrameInjector&) = delete;

  bool send(fwd::PortIndex port, std::span<const std::uint8_t> frame) override;

  FrameRing& ring(fwd::PortIndex port) { return *rings_[port]; }

 private:
  rte_mempool* pool_;
  std::vector<std::unique_ptr<FrameRing>> rings_;  // control: producer, worker 0: consumer
};

}  // namespace sleight::dataplane
