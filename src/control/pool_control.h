// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "clock.h"
#include "sleight/config/config.h"
#include "sleight/slots/pool.h"
#include "sleight/slots/slot_plan.h"

namespace sleight::control {

// One pool's table as its planner keeps it: the table itself is the owner's, here are
// its version and the deadlines of its hosts. Knows no timer: it is told the time.
class PoolControl {
 public:
  // `table` outlives the object. Hosts that are filling or draining start their time
  // anew at `now`.
  PoolControl(const config::Pool& config, slots::Pool& table, SteadyTime now);

  const slots::Pool& table() const { return table_; }
  std::uint32_t epoch() const { return epoch_; }
  std::uint64_t version() const { return version_; }

  // What an event would make of the table; nothing changes.
  std::variant<slots::Plan, slots::Refusal> propose(const slots::Event& event) const;

  // Makes a proposal the table. REQUIRES: nothing was adopted since it was proposed.
  void adopt(slots::Plan plan, SteadyTime now);

  // A fill or a drain whose time is up; to be asked again after each, since one may make
  // another host a target. The time of a drain runs from the last re-point that took a
  // slot from its host, and never ends a drain whose host is still a target: nobody else
  // serves those slots.
  std::optional<slots::Event> overdue_host(Now now) const;
  // The hosts whose drain would have ended if they were no target any more.
  std::vector<net::HostId> held_drains(SteadyTime now) const;

  // The hosts that have outlived fallback_ttl as a fallback somewhere, ascending, and the
  // event that removes them. Reads the whole table: once a second is often enough.
  std::vector<net::HostId> expired_fallbacks(Now now) const;
  slots::Event expiry(Now now) const;

 private:
  bool is_drain_due(const slots::Member& member, SteadyTime now) const;
  bool is_target(net::HostId host) const;

  std::chrono::milliseconds fill_;
  std::chrono::milliseconds drain_timeout_;
  std::chrono::milliseconds fallback_ttl_;
  slots::Pool& table_;
  std::uint32_t epoch_ = 1;
  std::uint64_t version_ = 1;
  // When a host came into its state, or was last replaced as the target of a slot.
  std::map<net::HostId, SteadyTime> entered_;
};

}  // namespace sleight::control
