// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <utility>

namespace sleight::control {

// Calls a function every so often. A call that comes late delays none but itself; calls
// that were missed altogether are not made up for.
class Ticker {
 public:
  Ticker(boost::asio::io_context& io, std::chrono::milliseconds period, std::function<void()> call);

  void start();
  void stop();

 private:
  void wait();

  boost::asio::steady_timer timer_;
  std::chrono::milliseconds period_;
  std::function<void()> call_;
  bool running_ = false;
};

}  // namespace sleight::control
