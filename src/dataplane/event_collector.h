// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "sleight/fwd/seams.h"
#include "spsc_ring.h"

namespace sleight::dataplane {

using EventRing = SpscRing<fwd::WireEvent>;

// What workers noticed, and what the links did since the last look: of the wire ports and
// of the kernel ports beside them. The first look tells how each of them is.
class EventCollector final : public fwd::WireEvents {
 public:
  using Time = std::chrono::steady_clock::time_point;
  static constexpr unsigned kRing = 1024;  // events a worker; a power of two
  static constexpr std::chrono::milliseconds kLinkPeriod{100};

  struct Probes {
    std::function<bool(fwd::PortIndex, bool kernel)> link_up;
    std::function<Time()> now = [] { return std::chrono::steady_clock::now(); };
  };

  EventCollector(std::size_t workers, std::size_t ports, Probes probes);

  std::optional<fwd::WireEvent> poll() override;

  EventRing& ring(std::size_t worker) { return *rings_[worker]; }

 private:
  std::optional<fwd::WireEvent> poll_workers();
  std::optional<fwd::WireEvent> poll_links();

  Probes probes_;
  std::vector<std::unique_ptr<EventRing>> rings_;  // worker: producer, control: consumer
  std::size_t next_worker_ = 0;
  struct Link {
    fwd::PortIndex port = 0;
    bool kernel = false;
    std::optional<bool> up;  // as told last
  };
  std::vector<Link> links_;
  Time next_link_look_{};
};

}  // namespace sleight::dataplane
