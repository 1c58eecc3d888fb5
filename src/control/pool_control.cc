// SPDX-License-Identifier: BSD-2-Clause
#include "pool_control.h"

#include <algorithm>
#include <set>
#include <utility>

namespace sleight::control {

using slots::Event;
using slots::EventKind;
using slots::HostState;

PoolControl::PoolControl(const config::Pool& config, slots::Pool& table, SteadyTime now)
    : fill_(config.fill),
      drain_timeout_(config.drain_timeout),
      fallback_ttl_(config.fallback_ttl),
      table_(table) {
  for (const slots::Member& member : table_.members) entered_[member.id] = now;
}

std::variant<slots::Plan, slots::Refusal> PoolControl::propose(const Event& event) const {
  return slots::plan(table_, event);
}

void PoolControl::adopt(slots::Plan plan, SteadyTime now) {
  for (const slots::Member& member : plan.after.members) {
    const slots::Member* before = table_.find(member.id);
    if (before == nullptr || before->state != member.state) entered_[member.id] = now;
  }
  for (const std::uint32_t slot : plan.changed) {
    const slots::Member* before = plan.after.find(table_.table[slot].chain.target);
    if (before == nullptr || before->state != HostState::kDraining) continue;
    if (before->id != plan.after.table[slot].chain.target) entered_[before->id] = now;
  }
  table_ = std::move(plan.after);
  ++version_;
}

bool PoolControl::is_target(net::HostId host) const {
  return std::any_of(table_.table.begin(), table_.table.end(),
                     [host](const slots::Slot& slot) { return slot.chain.target == host; });
}

bool PoolControl::is_drain_due(const slots::Member& member, SteadyTime now) const {
  return member.state == HostState::kDraining && now - entered_.at(member.id) >= drain_timeout_;
}

std::optional<Event> PoolControl::overdue_host(Now now) const {
  for (const slots::Member& member : table_.members) {
    const bool is_filled =
        member.state == HostState::kFilling && now.steady - entered_.at(member.id) >= fill_;
    const bool is_drained = is_drain_due(member, now.steady) && !is_target(member.id);
    if (!is_filled && !is_drained) continue;
    return Event{.kind = is_filled ? EventKind::kFilled : EventKind::kDrained,
                 .host = member.id,
                 .now = now.wall_ms,
                 .slots = {}};
  }
  return std::nullopt;
}

std::vector<net::HostId> PoolControl::held_drains(SteadyTime now) const {
  std::vector<net::HostId> held;
  for (const slots::Member& member : table_.members) {
    if (is_drain_due(member, now) && is_target(member.id)) held.push_back(member.id);
  }
  return held;
}

std::vector<net::HostId> PoolControl::expired_fallbacks(Now now) const {
  const slots::TimeMs limit = now.wall_ms - fallback_ttl_.count();
  std::set<net::HostId> expired;
  for (const slots::Slot& slot : table_.table) {
    for (std::size_t i = 0; i < net::kMaxFallbacks; ++i) {
      const net::HostId host = slot.chain.fallbacks[i];
      if (host != net::kNoHost && slot.since[i] < limit) expired.insert(host);
    }
  }
  return {expired.begin(), expired.end()};
}

Event PoolControl::expiry(Now now) const {
  return {
      .kind = EventKind::kExpire, .now = now.wall_ms, .ttl = fallback_ttl_.count(), .slots = {}};
}

}  // namespace sleight::control
