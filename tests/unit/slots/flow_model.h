// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <map>
#include <vector>

#include "sleight/slots/slot_plan.h"

namespace sleight::slots {

// Who may own flows of each slot: whoever was its target, until something says that its
// flows there are gone or given up. Knows nothing of chains.
class FlowModel {
 public:
  explicit FlowModel(const Pool& fresh) : owners_(fresh.table.size()) { note_targets(fresh, 0); }

  void apply(const Event& event, const Plan& plan) {
    end_flows(event, plan.after);
    note_targets(plan.after, event.now);
    for (const std::uint32_t slot : plan.evicted) forget_oldest(slot);
  }

  std::vector<HostId> owners(std::uint32_t slot) const {
    std::vector<HostId> hosts;
    for (const auto& [host, until] : owners_[slot]) hosts.push_back(host);
    return hosts;
  }

 private:
  static constexpr TimeMs kStillTarget = INT64_MAX;

  void end_flows(const Event& event, const Pool& after) {
    if (event.kind == EventKind::kExpire) {
      for (auto& slot : owners_) {
        std::erase_if(slot, [&](const auto& o) { return o.second < event.now - event.ttl; });
      }
    } else if (event.kind == EventKind::kReleased) {
      for (const std::uint32_t slot : event.slots) {
        const auto at = owners_[slot].find(event.host);
        if (at != owners_[slot].end() && at->second != kStillTarget) owners_[slot].erase(at);
      }
    }
    const Member* member = after.find(event.host);
    if (event.kind == EventKind::kExpire || (member != nullptr && is_serving(member->state)))
      return;
    for (auto& slot : owners_) slot.erase(event.host);
  }

  void note_targets(const Pool& pool, TimeMs now) {
    for (std::uint32_t slot = 0; slot < pool.table.size(); ++slot) {
      const HostId target = pool.table[slot].chain.target;
      for (auto& [host, until] : owners_[slot]) {
        if (until == kStillTarget && host != target) until = now;
      }
      if (target != kNoHost) owners_[slot][target] = kStillTarget;
    }
  }

  void forget_oldest(std::uint32_t slot) {
    auto oldest = owners_[slot].begin();
    for (auto at = oldest; at != owners_[slot].end(); ++at) {
      if (at->second < oldest->second) oldest = at;
    }
    owners_[slot].erase(oldest);
  }

  std::vector<std::map<HostId, TimeMs>> owners_;
};

}  // namespace sleight::slots
