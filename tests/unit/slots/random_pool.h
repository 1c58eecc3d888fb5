// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <algorithm>
#include <cstdint>
#include <iterator>
#include <random>
#include <variant>
#include <vector>

#include "sleight/slots/slot_plan.h"

namespace sleight::slots {

// Pools and events by chance, the same for the same seed everywhere.
class Chance {
 public:
  explicit Chance(std::uint64_t seed) : engine_(seed), is_busy_(one_in(2)) {}

  std::uint32_t below(std::uint32_t limit) { return static_cast<std::uint32_t>(engine_() % limit); }
  bool one_in(std::uint32_t n) { return below(n) == 0; }
  std::uint32_t between(std::uint32_t least, std::uint32_t most) {
    return least + below(most - least + 1);
  }

  std::uint32_t weight() {
    if (one_in(2)) return 100;
    return one_in(4) ? between(1, 65535) : between(1, 300);
  }

  std::vector<Member> members(std::uint32_t count) {
    std::vector<Member> members;
    std::uint32_t id = 0;
    for (std::uint32_t i = 0; i < count; ++i) {
      id += between(1, 5);
      members.push_back({static_cast<HostId>(id), weight(), HostState::kActive});
    }
    return members;
  }

  Pool pool(std::uint32_t most_slots, std::uint32_t most_hosts) {
    const std::uint32_t slots = between(1, most_slots);
    const std::uint32_t hosts = between(1, std::min(most_hosts, slots));
    return fresh_pool(slots, static_cast<std::uint8_t>(below(3)), members(hosts));
  }

  Event event(const Pool& pool, TimeMs now) {
    using enum EventKind;
    static constexpr EventKind kMixed[] = {
        kDrain,  kDrain, kDrain, kUndrain, kUndrain,   kEnable,   kDisable,  kDrained, kDrained,
        kFilled, kDead,  kJoin,  kLeave,   kSetWeight, kReleased, kReleased, kExpire,  kEnable};
    // Chains fill up: hardly anything ends a fallback.
    static constexpr EventKind kBusy[] = {kDrain,   kDrain,   kDrain,  kDrain, kUndrain,
                                          kUndrain, kUndrain, kEnable, kJoin,  kSetWeight};
    Event event;
    const bool busy = is_busy_ && !one_in(12);
    event.kind = busy ? kBusy[below(std::size(kBusy))] : kMixed[below(std::size(kMixed))];
    event.now = now;
    event.ttl = between(0, 60);
    event.force = one_in(4);
    event.wait = one_in(4);
    event.weight = weight();
    const auto count = static_cast<std::uint32_t>(pool.members.size());
    if (event.kind == kJoin || count == 0) {
      event.host = static_cast<HostId>(between(1, 60));
    } else {
      event.host = pool.members[below(count)].id;
    }
    if (event.kind == kReleased) {
      for (std::uint32_t slot = 0; slot < pool.table.size(); ++slot) {
        if (one_in(3)) event.slots.push_back(slot);
      }
    }
    return event;
  }

 private:
  std::mt19937_64 engine_;
  bool is_busy_;
};

inline const Plan& planned(const std::variant<Plan, Refusal>& result) {
  return std::get<Plan>(result);
}
inline const Refusal* refused(const std::variant<Plan, Refusal>& result) {
  return std::get_if<Refusal>(&result);
}

}  // namespace sleight::slots
