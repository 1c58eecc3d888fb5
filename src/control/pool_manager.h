// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <chrono>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

#include "clock.h"
#include "host_names.h"
#include "pool_control.h"
#include "sleight/base/result.h"
#include "sleight/config/config.h"
#include "sleight/control/reports.h"

namespace sleight::control {

// The slot tables that this node plans: all configured pools with role director or
// controller, none without. Changes tables and logs each change; whoever calls it
// publishes.
class PoolManager {
 public:
  // `config` and `names` outlive the object.
  PoolManager(const config::Config& config, const HostNames& names, Now now);

  const std::map<std::string, slots::Pool>& tables() const { return tables_; }

  ChangeResult change(const HostCommand& command, Now now);

  // Carries out what time has made due; true when a table changed.
  bool tick(Now now);

  std::vector<HostReport> hosts() const;  // heartbeats left out
  // `fabric` of the steer MACs shown.
  Result<std::vector<TableReport>> table_reports(const std::optional<std::string>& pool,
                                                 std::uint8_t fabric) const;

 private:
  using Member = std::pair<const config::Pool*, net::HostId>;

  std::variant<std::vector<Member>, Refused> members(const HostCommand& command) const;
  std::variant<slots::Plan, Refused> propose(const Member& member, const HostCommand& command,
                                             Now now) const;
  HostChange adopt(const Member& member, slots::Plan plan, Now now);
  slots::Plan must_plan(const config::Pool& pool, const slots::Event& event) const;
  bool expire_fallbacks(const config::Pool& pool, Now now);
  void log_held_drains(SteadyTime now);
  TableReport report(const config::Pool& pool, std::uint8_t fabric) const;

  const HostNames& names_;
  std::vector<const config::Pool*> pools_;
  std::map<std::string, slots::Pool> tables_;
  std::map<std::string, PoolControl> controls_;
  std::set<std::pair<std::string, net::HostId>> held_drains_;  // pool, host; those logged
  SteadyTime last_expiry_check_;
};

}  // namespace sleight::control
