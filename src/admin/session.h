// SPDX-License-Identifier: BSD-2-Clause
#pragma once

#include <array>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "commands.h"
#include "sleight/control/control.h"

namespace sleight::admin {

// One connection. Requests are carried out one after another, and nothing is read while
// a reply is unsent: what waits for a slow client is one line in and one reply out.
class Session : public std::enable_shared_from_this<Session> {
 public:
  using Socket = boost::asio::local::stream_protocol::socket;
  using Gone = std::function<void(const std::shared_ptr<Session>&)>;

  // `gone` is called once, when the connection has ended other than by close().
  Session(Socket socket, control::Control& control, Gone gone);

  void start();
  void close();

  // Waits for its client to ask for something, and since when.
  bool is_idle() const { return state_ == State::kReading; }
  std::chrono::steady_clock::time_point idle_since() const { return idle_since_; }

 private:
  enum class State : std::uint8_t { kReading, kWorking, kWriting, kClosed };

  void wait_for_request();
  void read();
  void next_line();
  void carry_out_line(std::string line);
  void send(std::string line, bool then_end);
  void set_deadline(std::chrono::seconds limit);
  void end();

  Socket socket_;
  boost::asio::steady_timer deadline_;
  control::Control& control_;
  Gone gone_;
  State state_ = State::kReading;
  std::chrono::steady_clock::time_point idle_since_;
  std::array<char, 4096> chunk_{};
  std::string received_;      // at most kMaxLineBytes and a chunk
  std::size_t searched_ = 0;  // bytes of it that hold no newline
  std::string reply_;
};

}  // namespace sleight::admin
