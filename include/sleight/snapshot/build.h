// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <map>
#include <memory>
#include <span>
#include <string>

#include "sleight/config/config.h"
#include "sleight/fwd/snapshot.h"
#include "sleight/slots/pool.h"

namespace sleight::snapshot {

// A wire port as the running system found it, in the order of Config::ports.
struct PortIdentity {
  std::uint8_t fabric = 0;
  net::MacAddress mac;
  net::MacAddress kernel_mac;
};

// What workers read, made of the configuration, the ports and the pools' tables.
// `tables` by pool name, each as large as its pool; a configured pool without a table
// points nowhere (a pure host needs none). Pools are numbered as configured, then those
// that only a VIP names; services through all VIPs. Linear in the size of the
// configuration.
// REQUIRES: no table is empty; with role host, node.id is given.
std::unique_ptr<const fwd::Snapshot> build(const config::Config& config,
                                           std::span<const PortIdentity> ports,
                                           const std::map<std::string, slots::Pool>& tables,
                                           std::uint64_t version);

// The table that a configuration alone gives a pool: all hosts active.
slots::Pool fresh_table(const config::Pool& pool);

}  // namespace sleight::snapshot
