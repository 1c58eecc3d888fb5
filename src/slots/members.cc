// SPDX-License-Identifier: BSD-2-Clause
#include "members.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace sleight::slots {
namespace {

constexpr std::uint32_t kMaxWeight = 65535;

Refusal refuse(RefusalReason reason, std::string message) { return {reason, std::move(message)}; }

bool is_weight(std::uint32_t weight) { return weight >= 1 && weight <= kMaxWeight; }

Refusal bad_weight(const Event& event) {
  return refuse(RefusalReason::kBadWeight,
                fmt::format("host {} cannot have weight {}: weights are 1..{}", event.host,
                            event.weight, kMaxWeight));
}

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
    return refuse(RefusalReason::kUnknownHost,
                  fmt::format("{} is no host id: ids are 1..{}", event.host, net::kMaxHostId));
  }
  if (!is_weight(event.weight)) return bad_weight(event);
  if (pool.find(event.host) != nullptr) {
    return refuse(RefusalReason::kHostExists,
                  fmt::format("host {} is in the pool already", event.host));
  }
  if (pool.members.size() >= pool.table.size()) {
    return refuse(RefusalReason::kTooManyHosts,
                  fmt::format("the pool has {} slots and as many hosts: a pool with room for "
                              "host {} needs more slots",
                              pool.table.size(), event.host));
  }
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
  if (!state) {
    return refuse(RefusalReason::kWrongState,
                  fmt::format("host {} is {}: {} does not apply", event.host,
                              to_string(member.state), to_string(event.kind)));
  }
  if (event.kind == EventKind::kDrain && is_last_accepting(pool, event.host)) {
    return refuse(RefusalReason::kLastAccepting,
                  fmt::format("host {} is the last that takes new connections; enable or undrain "
                              "another host first, or disable this one and lose its flows",
                              event.host));
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
    return refuse(RefusalReason::kUnknownHost,
                  fmt::format("host {} is not in the pool", event.host));
  }
  if (event.kind == EventKind::kLeave) {
    pool.members.erase(pool.members.begin() + (member - pool.members.data()));
    return std::nullopt;
  }
  if (event.kind == EventKind::kSetWeight) {
    if (!is_weight(event.weight)) return bad_weight(event);
    member->weight = event.weight;
    return std::nullopt;
  }
  return change_state(pool, *member, event);
}

}  // namespace sleight::slots
