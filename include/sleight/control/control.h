// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "sleight/base/result.h"
#include "sleight/config/config.h"
#include "sleight/control/reports.h"
#include "sleight/fwd/seams.h"
#include "sleight/fwd/socket_oracle.h"

namespace boost::asio {
class io_context;
}

namespace sleight::control {

// What control works with; all outlive it.
struct Seams {
  fwd::Publisher& publisher;
  fwd::FrameSender& frames;
  fwd::WireEvents& events;
  const fwd::PortFacts& ports;
  const fwd::Statistics& statistics;
  // Both null without role host. The oracle is control's own asker, no worker's.
  fwd::SocketCensus* census = nullptr;
  fwd::SocketOracle* oracle = nullptr;
};

// The control core of one node: owns the configuration and the slot tables, gives the
// workers their snapshots, keeps time for drains, fills and fallbacks, sends heartbeats
// and training frames, and answers the questions of operators. It coordinates; each of
// these jobs has a class of its own.
//
// One thread, the one that runs `io`, makes it, calls it and destroys it.
class Control {
 public:
  Control(boost::asio::io_context& io, config::Config config, Seams seams);
  ~Control();
  Control(const Control&) = delete;
  Control& operator=(const Control&) = delete;

  // Publishes the first snapshot and starts the timers. Once.
  Result<void> start();
  // Ends timers and helpers, so that `io` runs out of work. Workers keep the last snapshot.
  void stop();

  ChangeResult change_host(const HostCommand& command);

  std::vector<HostReport> hosts() const;  // by pool, then id
  // Of one pool or of all; an error where there is no such pool.
  Result<std::vector<TableReport>> tables(const std::optional<std::string>& pool) const;
  Result<FlowReport> flow(const FlowQuery& query) const;
  Result<MacReport> mac(const std::string& text) const;
  StatisticsReport statistics() const;

  // Counts this host's sockets on a helper thread; `reply` is called later, by the
  // control thread, and not at all after stop().
  using SocketReply = std::function<void(Result<SocketReport>)>;
  void count_sockets(SocketReply reply);

 private:
  struct Parts;
  std::unique_ptr<Parts> parts_;
};

}  // namespace sleight::control
