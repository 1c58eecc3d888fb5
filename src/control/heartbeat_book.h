// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "clock.h"
#include "host_names.h"
#include "sleight/control/reports.h"
#include "sleight/fwd/seams.h"
#include "sleight/net/siphash.h"
#include "sleight/net/training.h"

namespace sleight::control {

// What was last heard of each host, port by port.
class HeartbeatBook {
 public:
  struct Contact {
    SteadyTime heard_at;
    net::Heartbeat heartbeat;
  };

  // `fabrics` by PortIndex; `self` is kNoHost without role host; `names` outlives the
  // object and tells which hosts are ours.
  HeartbeatBook(const HostNames& names, net::HostId self, std::vector<std::uint8_t> fabrics,
                std::optional<net::SipKey> steer_key);

  // A training frame from the wire; those that are no heartbeat are passed over.
  void hear(fwd::PortIndex port, std::span<const std::uint8_t> frame, SteadyTime now);

  // The latest over all ports; none: never heard.
  std::optional<Contact> latest(net::HostId host) const;

  // Fills in what was heard and what was not believed.
  void report(HeartbeatReport& into) const;

 private:
  void count(net::HeartbeatError error);

  const HostNames& names_;
  net::HostId self_;
  std::vector<std::uint8_t> fabrics_;
  std::optional<net::SipKey> steer_key_;
  std::map<std::pair<net::HostId, fwd::PortIndex>, Contact> contacts_;
  HeartbeatReport counts_;
};

// Flows that a heartbeat tells of; none: its host does not know.
std::optional<std::uint64_t> flows_of(const net::Heartbeat& heartbeat);

}  // namespace sleight::control
