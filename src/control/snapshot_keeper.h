// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <boost/asio/steady_timer.hpp>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "clock.h"
#include "settle_times.h"
#include "sleight/config/config.h"
#include "sleight/control/reports.h"
#include "sleight/fwd/seams.h"
#include "sleight/slots/pool.h"
#include "sleight/snapshot/build.h"

namespace sleight::control {

// Builds snapshots, gives them to the workers, and watches until the last worker is on
// the newest.
class SnapshotKeeper {
 public:
  // `config` and `publisher` outlive the object.
  SnapshotKeeper(boost::asio::io_context& io, const config::Config& config,
                 fwd::Publisher& publisher);

  // What the ports are, before the first publish().
  void set_ports(const std::vector<fwd::PortFact>& ports);

  // `arrived`: when the change was asked for; none where nobody waits for it.
  void publish(const std::map<std::string, slots::Pool>& tables, std::optional<SteadyTime> arrived);
  void stop() { timer_.cancel(); }

  // The newest. REQUIRES: publish() was called.
  const fwd::Snapshot& current() const;
  SnapshotReport report() const;

 private:
  void poll();
  void settled();

  const config::Config& config_;
  fwd::Publisher& publisher_;
  boost::asio::steady_timer timer_;
  std::vector<snapshot::PortIdentity> ports_;
  // The publisher's: it keeps the newest until another is published.
  const fwd::Snapshot* current_ = nullptr;
  std::uint64_t version_ = 0;
  std::vector<SteadyTime> unsettled_;  // arrival of changes that some worker has not seen
  SteadyTime published_at_;
  bool settled_ = false;
  bool warned_ = false;
  SettleTimes times_;
};

}  // namespace sleight::control
