// SPDX-License-Identifier: BSD-2-Clause
#include "setup.h"

#include <fmt/core.h>

#include <fstream>
#include <iterator>
#include <map>
#include <utility>

#include "sleight/slots/table_json.h"
#include "sleight/snapshot/build.h"
#include "sockets_file.h"

namespace sleight::replay {
namespace {

using Tables = std::map<std::string, slots::Pool>;

// Stands for "no address of its own": as a group address it equals no unicast one.
constexpr net::MacAddress kNoMac = net::MacAddress::from_bits(0xff'ff'ff'ff'ff'ff);

Result<std::string> read_file(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::string text{std::istreambuf_iterator<char>(file), {}};
  if (!file) return Error{fmt::format("{}: not readable", path)};
  return text;
}

Result<void> read_table(const std::string& path, const config::Config& config, Tables& tables) {
  const Result<std::string> text = read_file(path);
  if (!text) return text.error();
  Result<slots::StoredTable> table = slots::parse_table(*text);
  if (!table) return std::move(table).error().context(path);
  const config::Pool* pool = config.find_pool(table->pool);
  if (pool == nullptr) {
    return Error{fmt::format("{}: table of pool {}, which the configuration does not have", path,
                             table->pool)};
  }
  if (pool->slots != table->state.table.size()) {
    return Error{fmt::format("{}: {} slots, but pool {} is configured with {}", path,
                             table->state.table.size(), pool->name, pool->slots)};
  }
  tables[pool->name] = std::move(table->state);
  return {};
}

Result<Tables> make_tables(const Options& options, const config::Config& config) {
  Tables tables;
  for (const config::Pool& pool : config.pools) tables[pool.name] = snapshot::fresh_table(pool);
  for (const std::string& path : options.tables) {
    if (Result<void> result = read_table(path, config, tables); !result) return result.error();
  }
  return tables;
}

Result<std::vector<net::FlowKey>> read_sockets(const Options& options) {
  if (!options.sockets) return std::vector<net::FlowKey>{};
  const Result<std::string> text = read_file(*options.sockets);
  if (!text) return text.error();
  Result<std::vector<net::FlowKey>> flows = parse_sockets(*text);
  if (!flows) return std::move(flows).error().context(*options.sockets);
  return flows;
}

snapshot::PortIdentity port_of(const Options& options, const config::Config& config,
                               std::optional<net::MacAddress> seen_mac) {
  const bool is_host = options.role == Role::kHost;
  snapshot::PortIdentity port;
  port.fabric = options.fabric.value_or(config.ports.empty() ? 0 : config.ports[0].fabric);
  port.mac = options.port_mac.value_or(is_host ? kNoMac : seen_mac.value_or(kNoMac));
  port.kernel_mac = options.kernel_mac.value_or(
      is_host ? net::canonical_mac(port.fabric, config.node.id) : port.mac);
  return port;
}

}  // namespace

std::vector<std::string> missing_for(const config::Config& config, Role role) {
  std::vector<std::string> missing;
  if (role == Role::kHost && config.node.id == net::kNoHost) {
    missing.push_back("node.id: missing, which --role host needs: 1 to 4095");
  }
  if (role != Role::kDirector) return missing;
  for (const config::Pool& pool : config.pools) {
    if (pool.hash_key) continue;
    missing.push_back(fmt::format(
        "pools.{}.hash_key: missing, which --role director needs: 32 hex digits", pool.name));
  }
  for (const config::Vip& vip : config.vips) {
    if (config.find_pool(vip.pool) != nullptr) continue;
    missing.push_back(fmt::format("pools: no pool {}, which vip {} names and --role director needs",
                                  vip.pool, vip.name));
  }
  return missing;
}

Result<std::unique_ptr<Replay>> make_replay(const Options& options, config::Config config,
                                            std::optional<net::MacAddress> seen_mac) {
  config.roles = {false, options.role == Role::kDirector, options.role == Role::kHost};
  const snapshot::PortIdentity port = port_of(options, config, seen_mac);
  config.ports.resize(1);
  const Result<Tables> tables = make_tables(options, config);
  if (!tables) return tables.error();
  const Result<std::vector<net::FlowKey>> flows = read_sockets(options);
  if (!flows) return flows.error();
  return std::make_unique<Replay>(snapshot::build(config, {&port, 1}, *tables, 1), *flows);
}

}  // namespace sleight::replay
