// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
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

  // Fills and drains whose time is up.
  std::vector<slots::Event> overdue_hosts(Now now) const;
  // Grants a host another period: its overdue event was refused.
  void postpone(net::HostId host, SteadyTime now) { entered_[host] = now; }

  // Whether a fallback has outlived fallback_ttl, and the event that removes it. Reads
  // the whole table: once a second is often enough.
  bool has_expired(Now now) const;
  slots::Event expiry(Now now) const;

 private:
  std::chrono::milliseconds fill_;
  std::chrono::milliseconds drain_timeout_;
  std::chrono::milliseconds fallback_ttl_;
  slots::Pool& table_;
  std::uint32_t epoch_ = 1;
  std::uint64_t version_ = 1;
  std::map<net::HostId, SteadyTime> entered_;  // when a host came into its state
};

}  // namespace sleight::control
