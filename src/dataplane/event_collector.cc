// SPDX-License-Identifier: BSD-2-Clause
#include "event_collector.h"

#include <utility>

namespace sleight::dataplane {

EventCollector::EventCollector(std::size_t workers, std::size_t ports, Probes probes)
    : probes_(std::move(probes)), link_up_(ports, false) {
  for (std::size_t i = 0; i < workers; ++i) rings_.push_back(std::make_unique<EventRing>(kRing));
}

std::optional<fwd::WireEvent> EventCollector::poll() {
  if (auto event = poll_workers()) return event;
  return poll_links();
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

// Asked for, since not every driver tells by itself (net_af_packet does not).
std::optional<fwd::WireEvent> EventCollector::poll_links() {
  const Time now = probes_.now();
  if (now < next_link_look_) return std::nullopt;
  for (std::size_t i = 0; i < link_up_.size(); ++i) {
    const auto port = static_cast<fwd::PortIndex>(i);
    const bool up = probes_.link_up(port);
    if (up == link_up_[i]) continue;
    link_up_[i] = up;
    fwd::WireEvent event;
    event.kind = up ? fwd::WireEvent::Kind::kLinkUp : fwd::WireEvent::Kind::kLinkDown;
    event.port = port;
    return event;
  }
  next_link_look_ = now + kLinkPeriod;
  return std::nullopt;
}

}  // namespace sleight::dataplane
