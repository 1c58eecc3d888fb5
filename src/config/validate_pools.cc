// SPDX-License-Identifier: BSD-2-Clause
#include "validate_pools.h"

#include <fmt/format.h>

#include <map>

#include "sleight/base/duration.h"
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

// A host is one machine with one name and one id, in however many pools it serves: the id
// is its address in every steer MAC of the fabric.
class HostIds {
 public:
  explicit HostIds(Locator& locator) : locator_(locator) {}

  // `list`: the list that the host stands in. Within one, names and ids are unique anyway.
  void add(const Host& host, std::size_t list, Steps id_steps) {
    if (host.name.empty() || host.id == net::kNoHost) return;
    const Known here{host, list, locator_.line_of(id_steps)};
    const Known& same_name = by_name_.try_emplace(host.name, here).first->second;
    const Known& same_id = by_id_.try_emplace(host.id, here).first->second;
    if (same_name.host.id != host.id && same_name.list != list) {
      locator_.problem(
          id_steps, fmt::format("host {} has id {} here and id {} on line {}, expected the same",
                                in_quotes(host.name), host.id, same_name.host.id, same_name.line));
    } else if (same_id.host.name != host.name && same_id.list != list) {
      locator_.problem(
          id_steps,
          fmt::format("id {} given to host {}, expected another one: it is that of "
                      "host {} on line {}",
                      host.id, in_quotes(host.name), in_quotes(same_id.host.name), same_id.line));
    }
  }

 private:
  struct Known {
    Host host;
    std::size_t list = 0;
    unsigned line = 0;
  };
  Locator& locator_;
  std::map<std::string, Known> by_name_;
  std::map<net::HostId, Known> by_id_;
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

// A host that drains is a fallback of the slots it had: one that expires earlier would be
// reset while its drain still waits for it.
void check_times(const Pool& pool, std::size_t index, Locator& locator) {
  const std::string path = fmt::format("pools[{}]", index);
  for (const std::string_view key : {".fallback_ttl", ".drain_timeout"}) {
    if (locator.report().has_problem_at(path + std::string(key))) return;
  }
  if (pool.fallback_ttl >= pool.drain_timeout) return;
  const Steps ttl{"pools", index, "fallback_ttl"};
  const Steps timeout{"pools", index, "drain_timeout"};
  locator.problem(
      locator.find(ttl) != nullptr ? ttl : timeout,
      fmt::format("fallback_ttl ({}) is shorter than drain_timeout ({}), expected at least as "
                  "long, or drains would end early: raise fallback_ttl or lower drain_timeout",
                  sleight::to_string(pool.fallback_ttl), sleight::to_string(pool.drain_timeout)));
}

}  // namespace

void check_pools(const Config& config, Locator& locator) {
  Once<std::string> names(locator);
  for (std::size_t p = 0; p < config.pools.size(); ++p) {
    const Pool& pool = config.pools[p];
    if (!pool.name.empty()) names.add(pool.name, {"pools", p, "name"}, in_quotes(pool.name));
    check_hosts(pool, p, locator);
    check_times(pool, p, locator);
  }
  check_ids_across_pools(config, locator);
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
