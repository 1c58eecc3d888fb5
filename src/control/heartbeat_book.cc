// SPDX-License-Identifier: BSD-2-Clause
#include "heartbeat_book.h"

#include "heartbeat_sender.h"

namespace sleight::control {

HeartbeatBook::HeartbeatBook(const HostNames& names, net::HostId self,
                             std::vector<std::uint8_t> fabrics,
                             std::optional<net::SipKey> steer_key)
    : names_(names), self_(self), fabrics_(std::move(fabrics)), steer_key_(steer_key) {}

void HeartbeatBook::hear(fwd::PortIndex port, std::span<const std::uint8_t> frame, SteadyTime now) {
  const auto result = net::read_heartbeat(frame, steer_key_ ? &*steer_key_ : nullptr);
  if (!result.heartbeat) return count(result.error);
  const net::Heartbeat& heartbeat = *result.heartbeat;
  if (self_ != net::kNoHost && heartbeat.id == self_) {
    ++counts_.own;
    return;
  }
  const bool same_fabric = port < fabrics_.size() && fabrics_[port] == heartbeat.fabric;
  if (!same_fabric || !names_.knows(heartbeat.id)) {
    ++counts_.foreign;
    return;
  }
  ++counts_.heard;
  contacts_[{heartbeat.id, port}] = {now, heartbeat};
}

void HeartbeatBook::count(net::HeartbeatError error) {
  switch (error) {
    case net::HeartbeatError::kNotHeartbeat:
      return;
    case net::HeartbeatError::kMalformed:
      ++counts_.malformed;
      return;
    case net::HeartbeatError::kUntagged:
      ++counts_.untagged;
      return;
    case net::HeartbeatError::kBadTag:
      ++counts_.bad_tag;
      return;
  }
}

std::optional<HeartbeatBook::Contact> HeartbeatBook::latest(net::HostId host) const {
  std::optional<Contact> newest;
  for (auto entry = contacts_.lower_bound({host, 0});
       entry != contacts_.end() && entry->first.first == host; ++entry) {
    if (!newest || entry->second.heard_at > newest->heard_at) newest = entry->second;
  }
  return newest;
}

void HeartbeatBook::report(HeartbeatReport& into) const {
  into.heard = counts_.heard;
  into.untagged = counts_.untagged;
  into.bad_tag = counts_.bad_tag;
  into.malformed = counts_.malformed;
  into.foreign = counts_.foreign;
  into.own = counts_.own;
}

std::optional<std::uint64_t> flows_of(const net::Heartbeat& heartbeat) {
  if (heartbeat.flows_owned == net::kFlowsUnknown) return std::nullopt;
  return heartbeat.flows_owned;
}

}  // namespace sleight::control
