// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/thread_pool.hpp>
#include <functional>
#include <optional>
#include <utility>
#include <vector>

#include "clock.h"
#include "sleight/base/result.h"
#include "sleight/fwd/seams.h"
#include "sleight/net/ip_address.h"

namespace sleight::control {

// Counts this host's sockets on a thread of its own, one walk at a time, and keeps the
// latest result. All calls and replies are the control thread's.
class CensusRunner {
 public:
  using Reply = std::function<void(const Result<fwd::SocketCount>&)>;

  // `io` and `census` outlive the object.
  CensusRunner(boost::asio::io_context& io, fwd::SocketCensus& census,
               std::vector<net::IpPrefix> vips);
  ~CensusRunner() { stop(); }

  // Starts a walk unless one is under way.
  void refresh();
  // Answers with a walk that started after the call.
  void count(Reply reply);
  // Waits for a walk under way; nobody is answered any more.
  void stop();

  // Flows and request sockets together; none when the latest walk failed or is more than
  // five seconds old.
  std::optional<std::uint64_t> flows(SteadyTime now) const;

 private:
  void walk();
  void finished(const Result<fwd::SocketCount>& result);

  boost::asio::io_context& io_;
  fwd::SocketCensus& census_;
  std::vector<net::IpPrefix> vips_;
  boost::asio::thread_pool helper_{1};
  bool stopped_ = false;
  bool walking_ = false;
  bool failing_ = false;
  std::vector<Reply> current_;  // answered by the walk under way
  std::vector<Reply> next_;     // answered by the one after
  std::optional<fwd::SocketCount> latest_;
  SteadyTime latest_at_;
};

}  // namespace sleight::control
