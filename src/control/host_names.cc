// SPDX-License-Identifier: BSD-2-Clause
#include "host_names.h"

namespace sleight::control {

HostNames::HostNames(const config::Config& config) {
  if (config.node.id != net::kNoHost) names_.emplace(config.node.id, config.node.name);
  for (const config::Pool& pool : config.pools) {
    for (const config::Host& host : pool.hosts) names_.emplace(host.id, host.name);
  }
}

std::string HostNames::of(net::HostId id) const {
  const auto found = names_.find(id);
  return found == names_.end() ? "#" + std::to_string(id) : found->second;
}

std::vector<std::string> HostNames::of(const std::vector<net::HostId>& ids) const {
  std::vector<std::string> names;
  for (const net::HostId id : ids) names.push_back(of(id));
  return names;
}

std::vector<net::HostId> ids_of(const net::Chain& chain) {
  std::vector<net::HostId> ids;
  if (chain.target == net::kNoHost) return ids;
  ids.push_back(chain.target);
  for (const net::HostId fallback : chain.fallbacks) {
    if (fallback != net::kNoHost) ids.push_back(fallback);
  }
  return ids;
}

}  // namespace sleight::control
