// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/snapshot/build.h"

#include <utility>
#include <vector>

#include "sleight/base/check.h"

namespace sleight::snapshot {
namespace {

// A VIP of a pure host may name a pool that its file does not describe. It gets a place
// all the same, so that every VIP has a pool and every pool a name.
std::vector<config::Pool> all_pools(const config::Config& config,
                                    std::map<std::string, std::uint32_t>& index_of) {
  std::vector<config::Pool> pools = config.pools;
  for (std::size_t i = 0; i < pools.size(); ++i) {
    index_of.emplace(pools[i].name, static_cast<std::uint32_t>(i));
  }
  for (const config::Vip& vip : config.vips) {
    const auto index = static_cast<std::uint32_t>(pools.size());
    if (!index_of.emplace(vip.pool, index).second) continue;
    config::Pool& undescribed = pools.emplace_back();
    undescribed.name = vip.pool;
    undescribed.slots = 1;
  }
  return pools;
}

std::vector<fwd::SnapshotPort> ports_of(std::span<const PortIdentity> ports,
                                        const fwd::Snapshot& snapshot) {
  std::vector<fwd::SnapshotPort> result;
  for (const PortIdentity& port : ports) {
    const net::MacAddress canonical =
        snapshot.host ? net::canonical_mac(port.fabric, snapshot.self) : net::MacAddress{};
    result.push_back({port.fabric, port.mac, port.kernel_mac, canonical});
  }
  return result;
}

std::vector<std::uint64_t> steer_of(std::uint8_t fabric, const std::vector<slots::Slot>& table) {
  std::vector<std::uint64_t> steer;
  steer.reserve(table.size());
  for (const slots::Slot& slot : table) {
    steer.push_back(slot.chain.size() == 0 ? 0 : net::steer_bits(fabric, slot.chain));
  }
  return steer;
}

fwd::SnapshotPool pool_of(const config::Pool& pool, const slots::Pool* table,
                          const fwd::Snapshot& snapshot) {
  const std::vector<slots::Slot> nowhere(table == nullptr ? pool.slots : 0);
  const std::vector<slots::Slot>& entries = table == nullptr ? nowhere : table->table;
  CHECK(!entries.empty());
  fwd::SnapshotPool result;
  result.hash_key = pool.hash_key.value_or(net::SipKey{});
  result.slots = static_cast<std::uint32_t>(entries.size());
  if (!snapshot.director) return result;
  for (const fwd::SnapshotPort& port : snapshot.ports) {
    result.steer.push_back(steer_of(port.fabric, entries));
  }
  return result;
}

// Services are numbered through the whole configuration, in its order.
fwd::VipEntry entry_of(const config::Vip& vip, std::uint32_t pool,
                       std::vector<std::string>& service_names) {
  fwd::VipEntry entry;
  entry.addresses = vip.addresses;
  entry.pool = pool;
  for (const config::Service& service : vip.services) {
    const auto number = static_cast<std::uint32_t>(service_names.size());
    for (const config::PortRange& range : service.ports) {
      entry.ranges.push_back({service.protocol, range.first, range.last, number});
    }
    service_names.push_back(service.name);
  }
  return entry;
}

}  // namespace

std::unique_ptr<const fwd::Snapshot> build(const config::Config& config,
                                           std::span<const PortIdentity> ports,
                                           const std::map<std::string, slots::Pool>& tables,
                                           std::uint64_t version) {
  auto snapshot = std::make_unique<fwd::Snapshot>();
  snapshot->version = version;
  snapshot->director = config.roles.director;
  snapshot->host = config.roles.host;
  snapshot->self = config.roles.host ? config.node.id : net::kNoHost;
  snapshot->ports = ports_of(ports, *snapshot);

  std::map<std::string, std::uint32_t> pool_index;
  for (const config::Pool& pool : all_pools(config, pool_index)) {
    const auto table = tables.find(pool.name);
    snapshot->pools.push_back(
        pool_of(pool, table == tables.end() ? nullptr : &table->second, *snapshot));
    snapshot->pool_names.push_back(pool.name);
  }

  std::vector<fwd::VipEntry> vips;
  for (const config::Vip& vip : config.vips) {
    vips.push_back(entry_of(vip, pool_index.at(vip.pool), snapshot->service_names));
    snapshot->vip_names.push_back(vip.name);
  }
  snapshot->vips = fwd::VipIndex(vips);
  return snapshot;
}

slots::Pool fresh_table(const config::Pool& pool) {
  std::vector<slots::Member> members;
  for (const config::Host& host : pool.hosts) {
    members.push_back({host.id, host.weight, slots::HostState::kActive});
  }
  return slots::fresh_pool(pool.slots, pool.max_fallbacks, std::move(members));
}

}  // namespace sleight::snapshot
