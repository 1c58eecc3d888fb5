// SPDX-License-Identifier: BSD-2-Clause
#include "event_collector.h"

#include <utility>

namespace sleight::dataplane {

EventCollector::EventCollector(std::size_t workers, std::size_t ports, Probes probes)
    : probes_(std::move(probes)) {
  for (std::size_t i = 0; i < workers; ++i) rings_.push_back(std::make_unique<EventRing>(kRing));
  for (std::size_t i = 0; i < ports; ++i) {
    const auto port = static_cast<fwd::PortIndex>(i);
    links_.push_back({port, false, {}});
    links_.push_back({port, true, {}});
  }
}

std::optional<fwd::WireEvent> EventCollector::poll() {
  // Links first: their turn comes ten times a second, and a flood of training frames may
  // keep the workers' rings from ever being empty.
  if (auto event = poll_links()) return event;
  return poll_workers();
}

// In turn, so that a worker under a flood of training frames does not hide the others.
std::optional<fwd::WireEvent> EventCollector::poll_workers() {
  for (std::size_t i = 0; i < rings_.size(); ++i) {
    EventRing& ring = *rings_[next_worker_];
    next_worker_ = (next_worker_ + 1) % rings_.size();
    fwd::WireEvent event;
    if (ring.pop({&event, 1}) == 1) return event;
  }
  return std::nullopt;
}

// Asked for, since not every driver tells by itself.
std::optional<fwd::WireEvent> EventCollector::poll_links() {
  const Time now = probes_.now();
  if (now < next_link_look_) return std::nullopt;
  for (Link& link : links_) {
    const bool up = probes_.link_up(link.port, link.kernel);
    if (up == link.up) continue;
    link.up = up;
    fwd::WireEvent event;
    event.kind = up ? fwd::WireEvent::Kind::kLinkUp : fwd::WireEvent::Kind::kLinkDown;
    event.port = link.port;
    event.kernel = link.kernel;
    return event;
  }
  next_link_look_ = now + kLinkPeriod;
  return std::nullopt;
}

}  // namespace sleight::dataplane
