// SPDX-License-Identifier: BSD-2-Clause
#include "sleight/slots/slot_plan.h"

#include <algorithm>
#include <iterator>
#include <set>
#include <utility>

#include "deal.h"
#include "members.h"
#include "steps.h"

namespace sleight::slots {
namespace {

// Fallbacks that the event itself ends, before anybody moves.
void let_leave(Pool& pool, const Event& event) {
  if (event.kind == EventKind::kReleased) {
    for (const std::uint32_t slot : event.slots) {
      if (slot >= pool.table.size()) continue;
      if (pool.table[slot].chain.target != event.host) leave(pool.table[slot], event.host);
    }
    return;
  }
  if (event.kind == EventKind::kExpire) {
    for (Slot& slot : pool.table) expire(slot, event.now - event.ttl);
    return;
  }
  const Member* host = pool.find(event.host);
  if (host != nullptr && is_serving(host->state)) return;
  for (Slot& slot : pool.table) leave(slot, event.host);
}

// Nothing that the deal depends on is new: no chain, no weight, and who accepts and who
// serves are the same.
bool is_calm(const Pool& before, const Pool& after) {
  const auto same = [](const Member& a, const Member& b) {
    return a.id == b.id && a.weight == b.weight && is_accepting(a.state) == is_accepting(b.state) &&
           is_serving(a.state) == is_serving(b.state);
  };
  return before.table == after.table &&
         std::equal(before.members.begin(), before.members.end(), after.members.begin(),
                    after.members.end(), same);
}

// The slots that the drain of `host` leaves with nobody in their chain who takes over.
std::vector<std::uint32_t> left_behind(const Pool& pool, const Deal& deal, HostId host) {
  std::vector<std::uint32_t> slots;
  std::copy_if(deal.stuck.begin(), deal.stuck.end(), std::back_inserter(slots),
               [&](std::uint32_t slot) { return pool.table[slot].chain.target == host; });
  return slots;
}

Refusal chain_full(const Pool& pool, std::vector<std::uint32_t> slots) {
  std::set<HostId> blockers;
  for (const std::uint32_t slot : slots) {
    for (const HostId fallback : pool.table[slot].chain.fallbacks) {
      if (fallback != kNoHost) blockers.insert(fallback);
    }
  }
  return {RefusalReason::kChainFull, std::move(slots), {blockers.begin(), blockers.end()}};
}

void repoint(Plan& plan, const Deal& deal, TimeMs now) {
  Pool& pool = plan.after;
  for (std::uint32_t slot = 0; slot < pool.table.size(); ++slot) {
    Slot& entry = pool.table[slot];
    const std::size_t named = entries(entry) + !entry.chain.contains(deal.targets[slot]);
    point(entry, deal.targets[slot], pool.max_fallbacks, now);
    // Without a second chance nobody is promised anything, so nobody is evicted.
    if (pool.max_fallbacks > 0 && deal.targets[slot] != kNoHost && entries(entry) < named) {
      plan.evicted.push_back(slot);
    }
  }
}

}  // namespace

std::variant<Plan, Refusal> plan(const Pool& before, const Event& event) {
  Plan plan{before};
  if (auto refusal = change_members(plan.after, event)) return std::move(*refusal);
  let_leave(plan.after, event);

  const bool is_drain = event.kind == EventKind::kDrain;
  Deal dealt = deal(plan.after, is_drain && event.force ? event.host : kNoHost);
  if (is_drain && !event.wait) {
    auto slots = left_behind(plan.after, dealt, event.host);
    if (!slots.empty()) return chain_full(plan.after, std::move(slots));
  }
  if (!is_calm(before, plan.after)) repoint(plan, dealt, event.now);
  plan.waiting = std::move(dealt.waiting);
  for (std::uint32_t slot = 0; slot < before.table.size(); ++slot) {
    if (before.table[slot].chain != plan.after.table[slot].chain) plan.changed.push_back(slot);
  }
  return plan;
}

}  // namespace sleight::slots
