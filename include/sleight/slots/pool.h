// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <cstdint>
#include <string_view>
#include <vector>

#include "sleight/net/steer_mac.h"

namespace sleight::slots {

using net::Chain;
using net::HostId;
using net::kNoHost;

// Time of the caller's clock, milliseconds since 1970.
using TimeMs = std::int64_t;

enum class HostState : std::uint8_t { kActive, kFilling, kDraining, kInactive, kDead };

std::string_view to_string(HostState state);  // "active"

// Takes new connections: active and filling hosts do.
constexpr bool is_accepting(HostState state) {
  return state == HostState::kActive || state == HostState::kFilling;
}
// May still own flows, so it can be a target or a fallback.
constexpr bool is_serving(HostState state) {
  return is_accepting(state) || state == HostState::kDraining;
}

struct Member {
  HostId id = net::kNoHost;
  std::uint32_t weight = 100;  // 1..65535, relative to the pool's other members
  HostState state = HostState::kActive;

  friend bool operator==(const Member&, const Member&) = default;
};

struct Slot {
  Chain chain;  // points nowhere only while no member is serving
  // When each fallback stopped being the target; 0 where there is none.
  std::array<TimeMs, net::kMaxFallbacks> since{};

  friend bool operator==(const Slot&, const Slot&) = default;
};

// All that the slot plan reads and writes: the hosts that share one slot table, and
// the table. A value; control owns the current one.
struct Pool {
  std::uint8_t max_fallbacks = 2;  // 0..2
  std::vector<Member> members;     // ascending id, each once
  std::vector<Slot> table;         // S slots, 1..65536

  const Member* find(HostId id) const;
  Member* find(HostId id);

  friend bool operator==(const Pool&, const Pool&) = default;
};

// The host that each slot belongs to when all members are active: a deterministic
// function of (S, ids, weights), spread by weight to within one slot; kNoHost
// everywhere when there are no members. When a member joins, leaves or changes weight,
// few homes beyond the ones it must gain or lose move.
std::vector<HostId> homes(std::uint32_t slots, const std::vector<Member>& members);

// The table that has no past: every accepting member holds its homes, and what belongs
// to others is shared out by weight.
Pool fresh_pool(std::uint32_t slots, std::uint8_t max_fallbacks, std::vector<Member> members);

}  // namespace sleight::slots
