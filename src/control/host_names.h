// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <string>
#include <vector>

#include "sleight/config/config.h"
#include "sleight/net/steer_mac.h"

namespace sleight::control {

// Host id -> name, as the node and the pools of a configuration give them. Chains may name hosts
// that this node does not know: those read "#7".
class HostNames {
 public:
  explicit HostNames(const config::Config& config);

  std::string of(net::HostId id) const;
  std::vector<std::string> of(const std::vector<net::HostId>& ids) const;
  bool knows(net::HostId id) const { return names_.contains(id); }

 private:
  std::map<net::HostId, std::string> names_;
};

// Target first; empty where the chain points nowhere.
std::vector<net::HostId> ids_of(const net::Chain& chain);

}  // namespace sleight::control
