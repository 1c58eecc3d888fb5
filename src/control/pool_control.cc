// SPDX-License-Identifier: BSD-2-Clause
#include "pool_control.h"

#include <algorithm>
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
  table_ = std::move(plan.after);
  ++version_;
}

std::vector<Event> PoolControl::overdue_hosts(Now now) const {
  std::vector<Event> events;
  for (const slots::Member& member : table_.members) {
    const auto elapsed = now.steady - entered_.at(member.id);
    Event event{.host = member.id, .now = now.wall_ms, .slots = {}};
    if (member.state == HostState::kFilling && elapsed >= fill_) {
      event.kind = EventKind::kFilled;
    } else if (member.state == HostState::kDraining && elapsed >= drain_timeout_) {
      event.kind = EventKind::kDrained;
    } else {
      continue;
    }
    events.push_back(std::move(event));
  }
  return events;
}

bool PoolControl::has_expired(Now now) const {
  const slots::TimeMs limit = now.wall_ms - fallback_ttl_.count();
  const auto expired = [limit](slots::TimeMs since) { return since != 0 && since < limit; };
  return std::any_of(table_.table.begin(), table_.table.end(), [&](const slots::Slot& slot) {
    return std::any_of(slot.since.begin(), slot.since.end(), expired);
  });
}

Event PoolControl::expiry(Now now) const {
  return {
      .kind = EventKind::kExpire, .now = now.wall_ms, .ttl = fallback_ttl_.count(), .slots = {}};
}

}  // namespace sleight::control
