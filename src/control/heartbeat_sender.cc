// SPDX-License-Identifier: BSD-2-Clause
#include "heartbeat_sender.h"

#include <algorithm>
#include <utility>

namespace sleight::control {
namespace {

std::uint32_t flows_field(std::optional<std::uint64_t> flows) {
  if (!flows) return net::kFlowsUnknown;
  return static_cast<std::uint32_t>(std::min<std::uint64_t>(*flows, net::kFlowsUnknown - 1));
}

}  // namespace

HeartbeatSender::HeartbeatSender(fwd::FrameSender& frames, net::HostId self,
                                 std::vector<std::uint8_t> fabrics,
                                 std::optional<net::SipKey> steer_key)
    : frames_(frames), self_(self), fabrics_(std::move(fabrics)), steer_key_(steer_key) {}

void HeartbeatSender::send(std::optional<std::uint64_t> flows, std::uint64_t time_us) {
  net::Heartbeat heartbeat{.id = self_, .flows_owned = flows_field(flows), .time_us = time_us};
  for (std::size_t port = 0; port < fabrics_.size(); ++port) {
    heartbeat.fabric = fabrics_[port];
    const auto frame = net::make_heartbeat(heartbeat, steer_key_ ? &*steer_key_ : nullptr);
    if (frames_.send(static_cast<fwd::PortIndex>(port), frame)) {
      ++sent_;
    } else {
      ++unsent_;
    }
  }
}

}  // namespace sleight::control
