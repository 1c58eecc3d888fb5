// SPDX-License-Identifier: BSD-2-Clause
#include "members.h"

#include <algorithm>

namespace sleight::slots {
namespace {

constexpr std::uint32_t kMaxWeight = 65535;

bool is_weight(std::uint32_t weight) { return weight >= 1 && weight <= kMaxWeight; }

// The state that `kind` leads to from `state`; none where it does not apply.
std::optional<HostState> next_state(EventKind kind, HostState state) {
  using enum HostState;
  switch (kind) {
    case EventKind::kDrain:
      return is_accepting(state) ? std::optional(kDraining) : std::nullopt;
    case EventKind::kUndrain:
      return state == kDraining || state == kInactive ? std::optional(kFilling) : std::nullopt;
    case EventKind::kEnable:
      return state == kInactive || state == kDead ? std::optional(kFilling) : std::nullopt;
    case EventKind::kDrained:
      return state == kDraining ? std::optional(kInactive) : std::nullopt;
    case EventKind::kFilled:
      return state == kFilling ? std::optional(kActive) : std::nullopt;
    case EventKind::kDisable:
      return kInactive;
    case EventKind::kDead:
      return kDead;
    default:
      return state;
  }
}

std::optional<Refusal> join(Pool& pool, const Event& event) {
  if (event.host == kNoHost || event.host > net::kMaxHostId) {
    return Refusal{RefusalReason::kUnknownHost};
  }
  if (!is_weight(event.weight)) return Refusal{RefusalReason::kBadWeight};
  if (pool.find(event.host) != nullptr) return Refusal{RefusalReason::kHostExists};
  if (pool.members.size() >= pool.table.size()) return Refusal{RefusalReason::kTooManyHosts};
  const Member member{event.host, event.weight, HostState::kFilling};
  const auto at = std::find_if(pool.members.begin(), pool.members.end(),
                               [&](const Member& other) { return other.id > event.host; });
  pool.members.insert(at, member);
  return std::nullopt;
}

bool is_last_accepting(const Pool& pool, HostId host) {
  return std::none_of(pool.members.begin(), pool.members.end(), [&](const Member& member) {
    return member.id != host && is_accepting(member.state);
  });
}

std::optional<Refusal> change_state(Pool& pool, Member& member, const Event& event) {
  const auto state = next_state(event.kind, member.state);
  if (!state) return Refusal{RefusalReason::kWrongState};
  if (event.kind == EventKind::kDrain && is_last_accepting(pool, event.host)) {
    return Refusal{RefusalReason::kLastAccepting};
  }
  member.state = *state;
  return std::nullopt;
}

}  // namespace

std::optional<Refusal> change_members(Pool& pool, const Event& event) {
  if (event.kind == EventKind::kExpire) return std::nullopt;
  if (event.kind == EventKind::kJoin) return join(pool, event);
  Member* member = pool.find(event.host);
  if (member == nullptr) {
    return Refusal{RefusalReason::kUnknownHost};
  }
  if (event.kind == EventKind::kLeave) {
    pool.members.erase(pool.members.begin() + (member - pool.members.data()));
    return std::nullopt;
  }
  if (event.kind == EventKind::kSetWeight) {
    if (!is_weight(event.weight)) return Refusal{RefusalReason::kBadWeight};
    member->weight = event.weight;
    return std::nullopt;
  }
  return change_state(pool, *member, event);
}

}  // namespace sleight::slots
