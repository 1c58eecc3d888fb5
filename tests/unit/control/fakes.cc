// SPDX-License-Identifier: BSD-2-Clause
#include "fakes.h"

namespace sleight::control::test {

config::Config director_config() {
  config::Config config;
  config.node.name = "d1";
  config.roles.director = true;
  config.ports.push_back({.name = "wire", .device = "fake", .kernel_device = "fake"});

  config::Vip vip;
  vip.name = "www";
  vip.addresses = {*net::parse_prefix("203.0.113.10"), *net::parse_prefix("2001:db8:10::10")};
  vip.pool = "caches";
  vip.services.push_back({.name = "web", .protocol = net::kProtocolTcp, .ports = {{80, 80}}});
  config.vips.push_back(vip);

  config::Pool pool;
  pool.name = "caches";
  pool.slots = 16;
  pool.hash_key = net::SipKey{1, 2};
  for (net::HostId id = 1; id <= 4; ++id) {
    pool.hosts.push_back({.name = "h" + std::to_string(id), .id = id});
  }
  config.pools.push_back(pool);
  return config;
}

config::Config host_config() {
  config::Config config = director_config();
  config.node = {.name = "h2", .id = 2};
  config.roles = {.host = true};
  return config;
}

}  // namespace sleight::control::test
