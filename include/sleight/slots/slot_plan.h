// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <cstdint>
#include <string_view>
#include <variant>
#include <vector>

#include "sleight/slots/pool.h"

namespace sleight::slots {

enum class EventKind : std::uint8_t {
  kDrain,      // filling or active -> draining
  kUndrain,    // draining, or inactive -> filling
  kEnable,     // inactive or dead -> filling
  kDisable,    // any -> inactive; its flows are given up
  kDrained,    // draining -> inactive: it owns nothing any more, or its time is up
  kFilled,     // filling -> active
  kDead,       // any -> dead: leaves all chains
  kJoin,       // a new member, filling, with `weight`
  kLeave,      // as kDisable, and no member any more
  kSetWeight,  // to `weight`
  kReleased,   // the host owns no flow in `slots` any more: it leaves them as fallback
  kExpire,     // every fallback since before `now - ttl` leaves
};

std::string_view to_string(EventKind kind);  // "set_weight"

struct Event {
  EventKind kind = EventKind::kDrain;
  HostId host = net::kNoHost;  // all but kExpire
  std::uint32_t weight = 0;    // kJoin, kSetWeight
  bool force = false;          // kDrain: even where an owner is pushed out, the oldest
  bool wait = false;           // kDrain, the host's own: slots without room stay and wait
  TimeMs now = 0;
  TimeMs ttl = 0;                         // kExpire
  std::vector<std::uint32_t> slots = {};  // kReleased, ascending
};

struct Plan {
  Pool after;
  std::vector<std::uint32_t> changed = {};  // slots whose chain differs, ascending
  std::vector<std::uint32_t> waiting = {};  // slots that should move and have no room yet
  // Slots from whose chain a serving host was pushed out by `force`.
  std::vector<std::uint32_t> evicted = {};
};

enum class RefusalReason : std::uint8_t {
  kUnknownHost,
  kHostExists,
  kWrongState,     // the event does not apply to the host's state
  kLastAccepting,  // nobody would take new connections
  kChainFull,      // a serving host would be pushed out of the chains of `slots`
  kBadWeight,
  kTooManyHosts,  // more members than slots
};

std::string_view to_string(RefusalReason reason);  // "chain_full"

struct Refusal {
  RefusalReason reason = RefusalReason::kUnknownHost;
  std::vector<std::uint32_t> slots = {};  // kChainFull, ascending
  // kChainFull: the fallbacks of `slots`, ascending. One of each slot must have ended, or
  // accept again, before the event is safe.
  std::vector<HostId> blocked_by = {};
};

// What `event` makes of the pool: pure and deterministic; safety, then balance, then
// least movement (docs/slots.md). Nothing of `before` is changed by a refusal.
std::variant<Plan, Refusal> plan(const Pool& before, const Event& event);

}  // namespace sleight::slots
