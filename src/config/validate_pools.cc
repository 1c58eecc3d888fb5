// SPDX-License-Identifier: BSD-2-Clause
#include "validate_pools.h"

#include <fmt/format.h>

#include <map>

#include "text.h"

namespace sleight::config {
namespace {

void check_hosts(const Pool& pool, std::size_t index, Locator& locator) {
  Once<std::string> names(locator);
  Once<net::HostId> ids(locator);
  for (std::size_t i = 0; i < pool.hosts.size(); ++i) {
    const Host& host = pool.hosts[i];
    if (!host.name.empty()) {
      names.add(host.name, {"pools", index, "hosts", i, "name"}, in_quotes(host.name));
    }
    if (host.id != net::kNoHost) {
      ids.add(host.id, {"pools", index, "hosts", i, "id"}, fmt::format("id {}", host.id));
    }
  }
  if (pool.hosts.size() > pool.slots) {
    locator.problem({"pools", index, "slots"},
                    fmt::format("{} given, expected at least {}: one slot for each host",
                                pool.slots, pool.hosts.size()));
  }
}

// A host is one machine with one id, in however many pools it serves.
class HostIds {
 public:
  explicit HostIds(Locator& locator) : locator_(locator) {}

  // `list`: the list that the host stands in. Within one, names are unique anyway.
  void add(const Host& host, std::size_t list, Steps id_steps) {
    if (host.name.empty() || host.id == net::kNoHost) return;
    const auto [first, is_new] =
        known_.try_emplace(host.name, Known{host.id, list, locator_.line_of(id_steps)});
    if (is_new || first->second.id == host.id || first->second.list == list) return;
    locator_.problem(
        id_steps, fmt::format("host {} has id {} here and id {} on line {}, expected the same",
                              in_quotes(host.name), host.id, first->second.id, first->second.line));
  }

 private:
  struct Known {
    net::HostId id = net::kNoHost;
    std::size_t list = 0;
    unsigned line = 0;
  };
  Locator& locator_;
  std::map<std::string, Known> known_;
};

void check_ids_across_pools(const Config& config, Locator& locator) {
  HostIds ids(locator);
  ids.add({config.node.name, config.node.id, 0}, config.pools.size(), {"node", "id"});
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    for (std::size_t i = 0; i < config.pools[p].hosts.size(); ++i) {
      ids.add(config.pools[p].hosts[i], p, {"pools", p, "hosts", i, "id"});
    }
  }
}

// This node's id under another host's name: two machines would answer to one address.
void check_own_id(const Config& config, Locator& locator) {
  if (config.node.id == net::kNoHost || config.node.name.empty()) return;
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    for (std::size_t i = 0; i < config.pools[p].hosts.size(); ++i) {
      const Host& host = config.pools[p].hosts[i];
      if (host.id != config.node.id || host.name == config.node.name || host.name.empty()) continue;
      locator.problem({"pools", p, "hosts", i, "id"},
                      fmt::format("id {} given to host {}, expected another one: it is that of "
                                  "this node, {}",
                                  host.id, in_quotes(host.name), in_quotes(config.node.name)));
    }
  }
}

}  // namespace

void check_pools(const Config& config, Locator& locator) {
  Once<std::string> names(locator);
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    if (!pool.name.empty()) names.add(pool.name, {"pools", p, "name"}, in_quotes(pool.name));
    check_hosts(pool, p, locator);
  }
  check_ids_across_pools(config, locator);
  check_own_id(config, locator);
}

void check_pools_for_roles(const Config& config, Locator& locator) {
  if (!config.roles.director && !config.roles.controller) return;
  const std::string_view who = config.roles.director ? "director" : "controller";
  if (config.pools.empty() && !locator.report().has_problem_at("pools")) {
    locator.problem({"pools"},
                    fmt::format("none given, expected a list of pools: a {} needs them", who));
  }
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    const std::string path = fmt::format("pools[{}]", p);
    if (!pool.hash_key && !locator.report().has_problem_at(path + ".hash_key")) {
      locator.problem(
          {"pools", p, "hash_key"},
          fmt::format("missing, expected 32 hex digits or file:PATH: a {} needs it", who));
    }
    if (pool.hosts.empty() && !locator.report().has_problem_at(path + ".hosts")) {
      locator.problem({"pools", p, "hosts"},
                      fmt::format("none given, expected at least one host: a {} needs them", who));
    }
  }
}

}  // namespace sleight::config
