// SPDX-License-Identifier: BSD-2-Clause
#include "refusal_text.h"

#include <fmt/format.h>

#include "sleight/base/check.h"

namespace sleight::control {
namespace {

using slots::EventKind;
using slots::HostState;
using slots::RefusalReason;

std::string no_drain(const std::string& host, HostState state) {
  if (state == HostState::kDraining) return fmt::format("host {} is draining already", host);
  return fmt::format("host {} is {} and has no slots to drain: `host enable {}` takes it into use",
                     host, to_string(state), host);
}

std::string no_undrain(const std::string& host, HostState state) {
  if (state == HostState::kDead) {
    return fmt::format("host {} is dead: `host enable {}` when it is back", host, host);
  }
  return fmt::format("host {} is {}, so no drain is there to end: `host drain {}` begins one", host,
                     to_string(state), host);
}

std::string no_enable(const std::string& host, HostState state) {
  if (state == HostState::kDraining) {
    return fmt::format("host {} is draining: `host undrain {}` ends that", host, host);
  }
  return fmt::format("host {} is {}, so it is in use already", host, to_string(state));
}

std::string wrong_state(EventKind kind, const std::string& host, HostState state) {
  if (kind == EventKind::kDrain) return no_drain(host, state);
  if (kind == EventKind::kUndrain) return no_undrain(host, state);
  if (kind == EventKind::kEnable) return no_enable(host, state);
  return fmt::format("host {} is {}: {} does not apply", host, to_string(state), to_string(kind));
}

std::string chain_full(const slots::Refusal& refusal, const std::string& host,
                       const HostNames& names) {
  return fmt::format(
      "in {} slots (the first is slot {}) host {} and its fallbacks fill the chain and none of "
      "them would take new connections; wait until one fallback of each of these slots has ended "
      "its drain or expired ({}), or undrain one; --force pushes out the oldest and its "
      "connections are lost",
      refusal.slots.size(), refusal.slots.front(), host,
      fmt::join(names.of(refusal.blocked_by), ", "));
}

}  // namespace

std::string explain(const slots::Refusal& refusal, const slots::Event& event,
                    const slots::Pool& pool, const HostNames& names) {
  const std::string host = names.of(event.host);
  const slots::Member* member = pool.find(event.host);
  switch (refusal.reason) {
    case RefusalReason::kChainFull:
      return chain_full(refusal, host, names);
    case RefusalReason::kWrongState:
      CHECK(member != nullptr);
      return wrong_state(event.kind, host, member->state);
    case RefusalReason::kLastAccepting:
      return fmt::format(
          "host {} is the last that takes new connections: enable or undrain another host first, "
          "or `host disable {}` and lose its connections",
          host, host);
    case RefusalReason::kUnknownHost:
      return fmt::format("host {} is not in the pool", host);
    case RefusalReason::kHostExists:
      return fmt::format("host {} is in the pool already", host);
    case RefusalReason::kBadWeight:
      return fmt::format("host {} cannot have weight {}: weights are 1 to 65535", host,
                         event.weight);
    case RefusalReason::kTooManyHosts:
      return fmt::format("the {} slots have a host each: a pool with room for host {} needs more",
                         pool.table.size(), host);
  }
  CHECK(false);
}

std::string explain_last_serving(const std::string& host) {
  return fmt::format(
      "host {} is the last that serves: without it no slot points anywhere and all packets to the "
      "VIPs of the pool are dropped; enable or undrain another host first, or --force it",
      host);
}

}  // namespace sleight::control
