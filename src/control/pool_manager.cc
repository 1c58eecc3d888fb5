// SPDX-License-Identifier: BSD-2-Clause
#include "pool_manager.h"

#include <algorithm>
#include <variant>

#include "sleight/base/log.h"
#include "sleight/snapshot/build.h"

namespace sleight::control {
namespace {

using slots::Event;
using slots::EventKind;

constexpr std::chrono::seconds kExpiryCheckPeriod{1};

EventKind kind_of(HostAction action) {
  switch (action) {
    case HostAction::kDrain:
      return EventKind::kDrain;
    case HostAction::kUndrain:
      return EventKind::kUndrain;
    case HostAction::kEnable:
      return EventKind::kEnable;
    case HostAction::kDisable:
      return EventKind::kDisable;
  }
  CHECK(false);
}

const config::Host* find_host(const config::Pool& pool, const std::string& name) {
  const auto found = std::find_if(pool.hosts.begin(), pool.hosts.end(),
                                  [&](const config::Host& host) { return host.name == name; });
  return found == pool.hosts.end() ? nullptr : &*found;
}

void log_change(const HostChange& change, const slots::Plan& plan) {
  log::info("host_state", {{"pool", change.pool},
                           {"host", change.host},
                           {"state", change.state},
                           {"slots_moved", std::to_string(change.slots_moved)},
                           {"slots_waiting", std::to_string(change.slots_waiting)},
                           {"version", std::to_string(change.version)}});
  if (plan.evicted.empty()) return;
  log::warn(
      "owner_evicted",
      {{"pool", change.pool}, {"by", change.host}, {"slots", std::to_string(plan.evicted.size())}});
}

}  // namespace

PoolManager::PoolManager(const config::Config& config, const HostNames& names, Now now)
    : names_(names), last_expiry_check_(now.steady) {
  if (!config.roles.director && !config.roles.controller) return;
  for (const config::Pool& pool : config.pools) {
    pools_.push_back(&pool);
    slots::Pool& table = tables_.emplace(pool.name, snapshot::fresh_table(pool)).first->second;
    controls_.try_emplace(pool.name, pool, table, now.steady);
  }
}

// The (pool, host) pairs that a command is about.
std::variant<std::vector<PoolManager::Member>, Refused> PoolManager::members(
    const HostCommand& command) const {
  if (pools_.empty()) {
    return Refused{"no_table",
                   "this node plans no slot table (it has neither role director nor "
                   "controller, or no pools): ask a node that does",
                   {},
                   {}};
  }
  std::vector<Member> found;
  bool pool_exists = !command.pool;
  for (const config::Pool* pool : pools_) {
    if (command.pool && *command.pool != pool->name) continue;
    pool_exists = true;
    const config::Host* host = find_host(*pool, command.host);
    if (host != nullptr) found.emplace_back(pool, host->id);
  }
  if (!pool_exists) {
    return Refused{"unknown_pool", "there is no pool '" + *command.pool + "'", {}, {}};
  }
  if (found.empty()) {
    const std::string where = command.pool ? "pool '" + *command.pool + "' has" : "no pool has";
    const std::string no = command.pool ? " no host '" : " a host '";
    return Refused{
        "unknown_host", where + no + command.host + "': `host list` shows the names", {}, {}};
  }
  return found;
}

Refused PoolManager::refused(const config::Pool& pool, const slots::Refusal& refusal) const {
  return {std::string(to_string(refusal.reason)), "pool " + pool.name + ": " + refusal.message,
          refusal.slots, names_.of(refusal.blocked_by)};
}

ChangeResult PoolManager::change(const HostCommand& command, Now now) {
  auto targets = members(command);
  if (const auto* nobody = std::get_if<Refused>(&targets)) return *nobody;
  const auto& found = std::get<std::vector<Member>>(targets);

  // All proposals first, so that one refusal leaves every pool as it was.
  std::vector<slots::Plan> plans;
  for (const auto& [pool, host] : found) {
    auto proposal = controls_.at(pool->name)
                        .propose({.kind = kind_of(command.action),
                                  .host = host,
                                  .force = command.force,
                                  .now = now.wall_ms,
                                  .slots = {}});
    if (const auto* refusal = std::get_if<slots::Refusal>(&proposal)) {
      return refused(*pool, *refusal);
    }
    plans.push_back(std::get<slots::Plan>(std::move(proposal)));
  }
  std::vector<HostChange> changes;
  for (std::size_t i = 0; i < found.size(); ++i) {
    changes.push_back(adopt(found[i], std::move(plans[i]), now));
  }
  return changes;
}

HostChange PoolManager::adopt(const Member& member, slots::Plan plan, Now now) {
  const auto& [pool, host] = member;
  PoolControl& control = controls_.at(pool->name);
  const slots::Member* after = plan.after.find(host);
  CHECK(after != nullptr);
  const HostChange change{.pool = pool->name,
                          .host = names_.of(host),
                          .state = std::string(to_string(after->state)),
                          .slots_moved = plan.changed.size(),
                          .slots_waiting = plan.waiting.size(),
                          .version = control.version() + 1};
  log_change(change, plan);
  control.adopt(std::move(plan), now.steady);
  return change;
}

bool PoolManager::tick(Now now) {
  const bool check_expiry = now.steady - last_expiry_check_ >= kExpiryCheckPeriod;
  if (check_expiry) last_expiry_check_ = now.steady;
  bool changed = false;
  for (const config::Pool* pool : pools_) {
    PoolControl& control = controls_.at(pool->name);
    for (const Event& event : control.overdue_hosts(now)) changed |= apply(*pool, event, now);
    if (check_expiry && control.has_expired(now)) {
      changed |= apply(*pool, control.expiry(now), now);
    }
  }
  return changed;
}

// An event of time, not of an operator.
bool PoolManager::apply(const config::Pool& pool, const Event& event, Now now) {
  PoolControl& control = controls_.at(pool.name);
  auto proposal = control.propose(event);
  if (const auto* refusal = std::get_if<slots::Refusal>(&proposal)) {
    log::warn("deadline_refused", {{"pool", pool.name},
                                   {"event", std::string(to_string(event.kind))},
                                   {"host", names_.of(event.host)},
                                   {"reason", std::string(to_string(refusal->reason))}});
    control.postpone(event.host, now.steady);
    return false;
  }
  auto plan = std::get<slots::Plan>(std::move(proposal));
  if (event.kind != EventKind::kExpire) {
    adopt({&pool, event.host}, std::move(plan), now);
    return true;
  }
  if (plan.changed.empty()) return false;
  log::info("fallbacks_expired",
            {{"pool", pool.name}, {"slots", std::to_string(plan.changed.size())}});
  control.adopt(std::move(plan), now.steady);
  return true;
}

std::vector<HostReport> PoolManager::hosts() const {
  std::vector<HostReport> reports;
  for (const config::Pool* pool : pools_) {
    const slots::Pool& table = tables_.at(pool->name);
    std::map<net::HostId, HostReport> by_id;
    for (const slots::Member& member : table.members) {
      HostReport& report = by_id[member.id];
      report.pool = pool->name;
      report.name = names_.of(member.id);
      report.id = member.id;
      report.weight = member.weight;
      report.state = to_string(member.state);
    }
    const auto homes = slots::homes(static_cast<std::uint32_t>(table.table.size()), table.members);
    for (const net::HostId home : homes) ++by_id[home].slots_home;
    for (const slots::Slot& slot : table.table) {
      ++by_id[slot.chain.target].slots_target;
      for (const net::HostId fallback : slot.chain.fallbacks) ++by_id[fallback].slots_fallback;
    }
    by_id.erase(net::kNoHost);
    for (auto& [id, report] : by_id) reports.push_back(std::move(report));
  }
  return reports;
}

Result<std::vector<TableReport>> PoolManager::table_reports(const std::optional<std::string>& pool,
                                                            std::uint8_t fabric) const {
  std::vector<TableReport> reports;
  for (const config::Pool* candidate : pools_) {
    if (pool && *pool != candidate->name) continue;
    reports.push_back(report(*candidate, fabric));
  }
  if (pool && reports.empty()) {
    return Error{"this node plans no pool '" + *pool + "': `slot list` without --pool shows all"};
  }
  return reports;
}

TableReport PoolManager::report(const config::Pool& pool, std::uint8_t fabric) const {
  const PoolControl& control = controls_.at(pool.name);
  const std::vector<slots::Slot>& table = control.table().table;
  const auto homes =
      slots::homes(static_cast<std::uint32_t>(table.size()), control.table().members);
  TableReport result{
      .pool = pool.name, .epoch = control.epoch(), .version = control.version(), .slots = {}};
  result.slots.reserve(table.size());
  for (std::size_t i = 0; i < table.size(); ++i) {
    const slots::Slot& slot = table[i];
    SlotReport row{.slot = static_cast<std::uint32_t>(i),
                   .chain = ids_of(slot.chain),
                   .hosts = {},
                   .home = homes[i],
                   .steer = {},
                   .since = {}};
    row.hosts = names_.of(row.chain);
    if (!row.chain.empty()) row.steer = to_string(net::encode({fabric, slot.chain}));
    for (std::size_t f = 0; f + 1 < row.chain.size(); ++f) row.since.push_back(slot.since[f]);
    result.slots.push_back(std::move(row));
  }
  return result;
}

}  // namespace sleight::control
