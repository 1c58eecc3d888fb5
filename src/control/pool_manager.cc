// SPDX-License-Identifier: BSD-2-Clause
#include "pool_manager.h"

#include <fmt/format.h>

#include <algorithm>
#include <variant>

#include "refusal_text.h"
#include "sleight/base/check.h"
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

bool is_served(const slots::Pool& table) {
  return std::any_of(table.members.begin(), table.members.end(),
                     [](const slots::Member& member) { return is_serving(member.state); });
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
    log::warn("fresh_table",
              {{"pool", pool.name},
               {"problem",
                "host states and fallbacks of an earlier run are not known: hosts that were "
                "drained or disabled are active, and moved slots are home without fallbacks"}});
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

// What the command makes of one pool; whether it may is the plan's business, but that a
// pool goes dark takes an operator who says so.
std::variant<slots::Plan, Refused> PoolManager::propose(const Member& member,
                                                        const HostCommand& command, Now now) const {
  const auto& [pool, host] = member;
  const PoolControl& control = controls_.at(pool->name);
  const Event event{.kind = kind_of(command.action),
                    .host = host,
                    .force = command.force,
                    .now = now.wall_ms,
                    .slots = {}};
  auto proposal = control.propose(event);
  const std::string prefix = "pool " + pool->name + ": ";
  if (const auto* refusal = std::get_if<slots::Refusal>(&proposal)) {
    return Refused{std::string(to_string(refusal->reason)),
                   prefix + explain(*refusal, event, control.table(), names_), refusal->slots,
                   names_.of(refusal->blocked_by)};
  }
  auto plan = std::get<slots::Plan>(std::move(proposal));
  if (!command.force && is_served(control.table()) && !is_served(plan.after)) {
    return Refused{"last_serving", prefix + explain_last_serving(names_.of(host)), {}, {}};
  }
  return plan;
}

ChangeResult PoolManager::change(const HostCommand& command, Now now) {
  auto targets = members(command);
  if (const auto* nobody = std::get_if<Refused>(&targets)) return *nobody;
  const auto& found = std::get<std::vector<Member>>(targets);

  // All proposals first, so that one refusal leaves every pool as it was.
  std::vector<slots::Plan> plans;
  for (const Member& member : found) {
    auto proposal = propose(member, command, now);
    if (const auto* refused = std::get_if<Refused>(&proposal)) return *refused;
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
    const PoolControl& control = controls_.at(pool->name);
    while (const auto event = control.overdue_host(now)) {
      adopt({pool, event->host}, must_plan(*pool, *event), now);
      changed = true;
    }
    if (check_expiry) changed |= expire_fallbacks(*pool, now);
  }
  log_held_drains(now.steady);
  return changed;
}

// For events of time: they come from the table that they change, so they apply to it.
slots::Plan PoolManager::must_plan(const config::Pool& pool, const Event& event) const {
  auto proposal = controls_.at(pool.name).propose(event);
  CHECK(std::holds_alternative<slots::Plan>(proposal));
  return std::get<slots::Plan>(std::move(proposal));
}

bool PoolManager::expire_fallbacks(const config::Pool& pool, Now now) {
  PoolControl& control = controls_.at(pool.name);
  const auto expired = control.expired_fallbacks(now);
  if (expired.empty()) return false;
  slots::Plan plan = must_plan(pool, control.expiry(now));
  log::info("fallbacks_expired", {{"pool", pool.name},
                                  {"hosts", fmt::format("{}", fmt::join(names_.of(expired), ","))},
                                  {"slots", std::to_string(plan.changed.size())}});
  control.adopt(std::move(plan), now.steady);
  return true;
}

// Once each time that a drain comes to be held.
void PoolManager::log_held_drains(SteadyTime now) {
  std::set<std::pair<std::string, net::HostId>> held;
  for (const config::Pool* pool : pools_) {
    for (const net::HostId host : controls_.at(pool->name).held_drains(now)) {
      held.emplace(pool->name, host);
      if (held_drains_.contains({pool->name, host})) continue;
      log::warn("drain_held", {{"pool", pool->name},
                               {"host", names_.of(host)},
                               {"problem",
                                "its drain_timeout is over and slots still point to it, for nobody "
                                "else can take them: bring another host back, or disable it"}});
    }
  }
  held_drains_ = std::move(held);
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
